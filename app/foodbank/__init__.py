"""Donors' gifts, lots, parcels and hand-outs."""
