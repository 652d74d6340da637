"""Landlords: how to reach them, what worries them, and what was said."""
