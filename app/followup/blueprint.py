"""The one blueprint of the pages about keeping watch, and how their records are opened."""

from flask import Blueprint

from app.db import db, today
from app.followup import queries
from app.followup.queries import SeenPlan
from app.idempotency import standings
from app.policy import Tier
from app.security import the_viewer

bp = Blueprint("followup", __name__)


def opened_plan(plan_id: int, *, needs: Tier = Tier.PLACE) -> SeenPlan:
    """A plan whose household's place the viewer may know; otherwise as if it were not there."""
    return queries.get_plan(db.session, plan_id, the_viewer(), today=today(), needs=needs)


def _standing_of_plan(plan_id: int) -> str:
    access = opened_plan(plan_id).access
    return f"{access.tier}{access.team}"


standings["plan_id"] = _standing_of_plan
