"""Every page of meetings on one blueprint, and what the feature adds to other pages."""

from app.meetings import calendar_feed, item_views, panels, paper_views, people_views, views
from app.meetings.blueprint import bp

__all__ = ["bp", "calendar_feed", "item_views", "panels", "paper_views", "people_views", "views"]
