"""What stands on a pack, read as a person would: its date and its allergens."""
