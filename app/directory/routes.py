"""Every page of the directory."""

from app.directory import edit_views, views
from app.directory.blueprint import bp

__all__ = ["bp", "edit_views", "views"]
