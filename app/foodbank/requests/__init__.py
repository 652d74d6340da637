"""Asking for food, from a case or at the table."""
