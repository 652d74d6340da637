"""The feature's pages, as the application registers them."""

from app.reports import population_views, recruit_views, snapshot_views, source_views, views
from app.reports.blueprint import bp

__all__ = ["bp", "population_views", "recruit_views", "snapshot_views", "source_views", "views"]
