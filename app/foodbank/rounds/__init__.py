"""詰める: all requests of a day proposed, packed and printed at once."""
