"""From hold to keys: one home, one household, each step with date and staff."""
