"""Every page of the benefits on one blueprint, and what the feature adds to other pages."""

from app.benefits import grant_views, panels, rule_views, today, views
from app.benefits.blueprint import bp

__all__ = ["bp", "grant_views", "panels", "rule_views", "today", "views"]
