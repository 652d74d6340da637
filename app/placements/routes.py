"""Every page of placements on one blueprint, and what the feature adds to other pages."""

from app.placements import (
    batch_api,
    batch_views,
    calendar,
    cost_views,
    ending_views,
    food_days,
    hold_views,
    panels,
    paper_views,
    stay_views,
    step_views,
    tallies,
    today,
)
from app.placements.blueprint import bp

__all__ = [
    "batch_api",
    "batch_views",
    "bp",
    "calendar",
    "cost_views",
    "ending_views",
    "food_days",
    "hold_views",
    "panels",
    "paper_views",
    "stay_views",
    "step_views",
    "tallies",
    "today",
]
