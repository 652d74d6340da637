"""A van's day in the API; fetching and delivering are the things' own routes."""

from typing import Any

from app.api import Blueprint
from app.audit.models import Deed
from app.db import today
from app.goods.vans.schemas import VanDaySchema, VanSchema
from app.goods.vans.views import looked, planned
from app.goods.vans.words import van_told
from app.policy import Action, requires
from app.security import the_viewer

bp = Blueprint("api-vans", __name__, url_prefix="/api/v1", description="物資の車の日")


@bp.get("/goods/van")
@bp.arguments(VanSchema, location="query")
@bp.response(200, VanDaySchema)
@requires(Action.GOODS_EDIT)
def van(asked: dict[str, Any]) -> Any:
    """A day's stops in order, things in the order of loading, and what does not fit."""
    plan = planned(asked)
    looked(plan, Deed.LISTED)
    return van_told(plan, the_viewer(), today())
