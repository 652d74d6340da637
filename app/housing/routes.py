"""All pages of the feature, for `create_app`."""

from app.housing import candidate_views, edit_views, home_views, import_views, today
from app.housing.blueprint import bp

__all__ = ["bp", "candidate_views", "edit_views", "home_views", "import_views", "today"]
