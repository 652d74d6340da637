"""Every page of sheets, and what sheets add to other pages."""

from app.referrals import acts, figure_views, panels, paper_views, partner_counts, today, views
from app.referrals.blueprint import bp

__all__ = [
    "acts",
    "bp",
    "figure_views",
    "panels",
    "paper_views",
    "partner_counts",
    "today",
    "views",
]
