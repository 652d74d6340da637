"""Visits and calls: two taps for a normal one, corrections append, nothing closes itself."""
