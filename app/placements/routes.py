"""Every page of placements on one blueprint, and what the feature adds to other pages."""

from app.placements import panels
from app.placements.views import bp

__all__ = ["bp", "panels"]
