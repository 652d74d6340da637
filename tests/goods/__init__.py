"""Furniture and household goods."""
