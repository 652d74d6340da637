"""見守りの計画: made on the day of the move, made anew when a household's life changes."""
