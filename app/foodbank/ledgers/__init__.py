"""A food bank's own ledger as a file: reading it, and its rows as lots."""
