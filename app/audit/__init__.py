"""Who did, saw, printed and exported what. Ids and field names, never values; append-only."""
