"""Taking food in: one lot at a time, from a pack in somebody's hand."""
