"""見守りの型: how often to look in, from which day on, and how fast silence is followed up."""
