"""Furniture and household goods: what is given, what households need, and what became of it."""
