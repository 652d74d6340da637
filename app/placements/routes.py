"""Every page of placements on one blueprint, and what the feature adds to other pages."""

from app.placements import panels, tallies
from app.placements.views import bp

__all__ = ["bp", "panels", "tallies"]
