"""The newest batch on the first page, for as long as pairs wait for somebody's approval."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.housing.batches import queries
from app.housing.batches.models import Outcome
from app.pages import today_sources
from app.policy import Action, Viewer
from app.wording import moment


def batch_today(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """How many pairs nobody has decided on; only those that may be seen are counted."""
    seen = queries.waiting(session, viewer, today=today)
    if seen is None:
        return []
    held = {(one.case_id, one.home_id) for one in seen.batch.approvals
            if one.outcome is Outcome.HELD}  # fmt: skip
    proposed = [pair for pair in seen.batch.answer["pairs"] if seen.sees(pair["case"])]
    gone = set(queries.not_vacant(session, [pair["home"] for pair in proposed]))
    there = (pair for pair in proposed if pair["home"] not in gone)
    waiting = [pair for pair in there if (pair["case"], pair["home"]) not in held]
    if not waiting:
        return []
    return [
        {
            "title": _("一括の組み合わせ"),
            "action": (_("一覧"), url_for("housing.batch_list")),
            "items": [
                {
                    "when": moment(seen.batch.solved_at),
                    "title": _("%(n)d組が承認を待っています", n=len(waiting)),
                    "url": url_for("housing.batch_page", batch_id=seen.batch.id),
                    "note": _("調整会議で決めて、まとめて取り置きます。"),
                }
            ],
        }
    ]


today_sources.append((Action.MATCH_RUN, batch_today))
