"""What donors are asked for, from needs nothing meets yet."""
