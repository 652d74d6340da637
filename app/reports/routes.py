"""The feature's pages and its periodic work, as the application registers them."""

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
from app.reports.saved import mailing as saved_mailing
from app.reports.saved import views as saved_views

__all__ = [
    "bp",
    "council_views",
    "drill_views",
    "population_views",
    "recruit_views",
    "saved_mailing",
    "saved_views",
    "snapshot_views",
    "source_views",
    "views",
]
