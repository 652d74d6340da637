"""Receiving somebody and keeping what was taken down right."""
