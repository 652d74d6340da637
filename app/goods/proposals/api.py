"""Proposals in the API; keeping a thing is the reservation's own route."""

from typing import Any

from app.api import Blueprint
from app.audit.models import Deed
from app.cases.frame import opened
from app.db import db, today
from app.goods.proposals.fitting import Proposals, propose
from app.goods.proposals.schemas import GoodsProposalsSchema
from app.goods.proposals.words import told
from app.policy import Action, requires
from app.security import saw, the_viewer

bp = Blueprint("api-goods-proposals", __name__, url_prefix="/api/v1", description="品物の提案")


def _answer(found: Proposals) -> dict[str, Any]:
    for case_id in sorted({one.need.case_id for one in found.made}):
        saw(Deed.LISTED, "case", case_id, fields=("home",))
    return {
        "proposals": [told(one, the_viewer()) for one in found.made],
        "not_judged": [need.id for need in found.unknown],
    }


@bp.get("/goods/proposals")
@bp.response(200, GoodsProposalsSchema)
@requires(Action.GOODS_NEED)
def proposals() -> Any:
    """Every open need with what could meet it, each thing proposed once."""
    return _answer(propose(db.session, the_viewer(), today=today()))


@bp.get("/cases/<int:case_id>/goods/proposals")
@bp.response(200, GoodsProposalsSchema)
@requires(Action.GOODS_NEED)
def case_proposals(case_id: int) -> Any:
    """One household's part of the same answer."""
    one = opened(case_id)
    return _answer(propose(db.session, the_viewer(), today=today(), case_id=one.case.id))
