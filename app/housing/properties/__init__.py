"""Buildings: what holds for every home in them."""
