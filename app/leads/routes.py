"""Every page of lists to call, and what lists add to other pages."""

from app.leads import call_views, import_views, link_views, list_views, panels, today, views
from app.leads.blueprint import bp

__all__ = [
    "bp",
    "call_views",
    "import_views",
    "link_views",
    "list_views",
    "panels",
    "today",
    "views",
]
