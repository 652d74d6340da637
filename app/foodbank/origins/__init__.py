"""出どころ: who gave a lot and in which food drive, put right with what was written before kept."""
