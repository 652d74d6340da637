"""Whom to ask about a home, as one number: an agent's id, or a landlord's above all of those."""

LANDLORDS_FROM = 1_000_000_000
"""A landlord without an agent is this number plus their id."""
