"""Doors, lift and spaces of a home, as somebody measured them."""
