"""証拠の一式: what the certification of food banks asks to see, filled from the records."""
