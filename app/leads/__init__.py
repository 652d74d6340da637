"""名簿: people to be telephoned from a list that was handed over, and what became of each call."""
