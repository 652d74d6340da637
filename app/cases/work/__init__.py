"""The people around a case: team, log, and prints that need a second person."""
