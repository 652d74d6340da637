"""The feature's pages, as the application registers them."""

from app.reports import (
    council_views,
    drill_views,
    population_views,
    recruit_views,
    snapshot_views,
    source_views,
    views,
)
from app.reports.blueprint import bp

__all__ = [
    "bp",
    "council_views",
    "drill_views",
    "population_views",
    "recruit_views",
    "snapshot_views",
    "source_views",
    "views",
]
