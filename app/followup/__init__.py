"""Keeping watch after the move: check-ins, attempts and contacts, until settled."""
