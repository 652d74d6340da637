"""Every page of followup on one blueprint, and what the feature adds to other pages."""

from app.followup import calendar, panels, views
from app.followup.blueprint import bp
from app.followup.dayplan import views as day_views
from app.followup.ladder import running
from app.followup.ladder import views as ladder_views
from app.followup.late import api as late_api
from app.followup.late import views as late_views
from app.followup.ledger import api as ledger_api
from app.followup.ledger import views as ledger_views
from app.followup.moves import api as move_api
from app.followup.moves import views as move_views
from app.followup.plans import api as plan_api
from app.followup.plans import views as plan_views
from app.followup.settling import api as settling_api
from app.followup.settling import views as settling_views
from app.followup.signals import views as signal_views
from app.followup.templates import views as template_views
from app.followup.visits import api as visit_api
from app.followup.visits import views as visit_views

__all__ = [
    "bp",
    "calendar",
    "day_views",
    "ladder_views",
    "late_api",
    "late_views",
    "ledger_api",
    "ledger_views",
    "move_api",
    "move_views",
    "panels",
    "plan_api",
    "plan_views",
    "running",
    "settling_api",
    "settling_views",
    "signal_views",
    "template_views",
    "views",
    "visit_api",
    "visit_views",
]
