"""Every page of the key date on one blueprint, and what the feature adds to other pages."""

from app.keyday import panels, paper_views, task_views, template_views, views
from app.keyday.blueprint import bp

__all__ = ["bp", "panels", "paper_views", "task_views", "template_views", "views"]
