"""Every page of the directory."""

from app.directory import edit_views, views
from app.directory.blueprint import bp
from app.directory.hsds import views as hsds_views

__all__ = ["bp", "edit_views", "hsds_views", "views"]
