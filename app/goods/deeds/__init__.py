"""What is done with a thing: kept for a household, fetched, put on a shelf, delivered."""
