"""Every page of followup on one blueprint, and what the feature adds to other pages."""

from app.followup import panels
from app.followup.views import bp

__all__ = ["bp", "panels"]
