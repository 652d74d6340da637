"""The feature's pages, as the application registers them."""

from app.reports import drill_views, population_views, snapshot_views, source_views, views
from app.reports.blueprint import bp

__all__ = ["bp", "drill_views", "population_views", "snapshot_views", "source_views", "views"]
