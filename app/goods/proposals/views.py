"""Pages of proposals: all open needs together, and one household's part of the same answer."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import opened
from app.cases.listing import called
from app.db import db, today
from app.goods.blueprint import bp
from app.goods.models import GoodsNeed
from app.goods.proposals.fitting import Proposal, propose
from app.goods.proposals.words import need_words, proposal_row, without
from app.policy import Action, requires
from app.security import saw, the_viewer


@bp.get("/goods/proposals")
@requires(Action.GOODS_NEED)
def proposal_list() -> Answer:
    """Every open need with the thing proposed for it, household by household."""
    found = propose(db.session, the_viewer(), today=today())
    return _page(
        found.made,
        found.unknown,
        title=_("品物の提案"),
        lead=_("必要と品物をいっしょに見て、一つの品物を一つの必要に割り当てています。"),
        back=(_("物資"), url_for("goods.item_list")),
    )


@bp.get("/cases/<int:case_id>/goods/proposals")
@requires(Action.GOODS_NEED)
def case_proposals(case_id: int) -> Answer:
    """One household's part; what stands here is promised to nobody else's page."""
    one = opened(case_id)
    found = propose(db.session, the_viewer(), today=today(), case_id=one.case.id)
    return _page(
        found.made,
        found.unknown,
        title=_("品物の提案"),
        lead=called(one.case, the_viewer(), today=today()),
        back=(_("物資の必要"), url_for("goods.need_list", case_id=case_id)),
    )


def _page(
    made: Sequence[Proposal], unknown: Sequence[GoodsNeed], *, title: str, lead: str, back: Any
) -> str:
    for case_id in sorted({one.need.case_id for one in made}):
        saw(Deed.LISTED, "case", case_id, fields=("home",))
    viewer = the_viewer()
    by_case = _households(made)
    return render_template(
        "goods/proposals.html",
        title=title,
        lead=lead,
        back=back,
        households=[
            {
                "called": called(rows[0].need.case, viewer, today=today()),
                "url": url_for("goods.need_list", case_id=rows[0].need.case_id),
                "needs": [proposal_row(one, viewer, today()) for one in rows if one.any_thing],
                "without": without(one.need for one in rows if not one.any_thing),
            }
            for rows in by_case
        ],
        proposed=sum(one.proposed is not None for one in made),
        asked=sum(one.proposed is None and bool(one.waiting) for one in made),
        nothing=sum(one.proposed is None and not one.waiting for one in made),
        unknown=[need_words(need) for need in unknown],
    )


def _households(made: Iterable[Proposal]) -> list[list[Proposal]]:
    """Needs by household; whose first need comes first in the order of service comes first."""
    first: dict[int, int] = {}
    for place, one in enumerate(made):
        first.setdefault(one.need.case_id, place)
    rows = sorted(made, key=lambda one: first[one.need.case_id])
    return [list(some) for _case, some in groupby(rows, key=lambda one: one.need.case_id)]
