"""Landlords, agents, properties and homes; the lists they come from."""
