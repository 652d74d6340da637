"""Every page of followup on one blueprint, and what the feature adds to other pages."""

from app.followup import panels, views
from app.followup.blueprint import bp
from app.followup.ladder import running
from app.followup.ladder import views as ladder_views
from app.followup.plans import views as plan_views
from app.followup.templates import views as template_views
from app.followup.visits import views as visit_views

__all__ = [
    "bp",
    "ladder_views",
    "panels",
    "plan_views",
    "running",
    "template_views",
    "views",
    "visit_views",
]
