"""What waits today about recalls, for whoever may reach those who got the food."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.panels import Panel, PanelLine, case_panels
from app.foodbank.recalls import queries
from app.foodbank.recalls.models import (
    PERSON_STATE_LABELS,
    Recall,
    RecallPerson,
    RecallState,
)
from app.foodbank.recalls.words import PERSON_KINDS
from app.pages import today_sources
from app.policy import Access, Action, Tier, Viewer, allows
from app.wording import moment


def recalls_today(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Open recalls with how many households wait; those who know of none see nothing."""
    items = [
        {
            "when": moment(recall.created_at),
            "late": True,
            "title": f"{recall.number}　{recall.title}",
            "url": url_for("foodbank.recall_page", recall_id=recall.id),
            "note": _("伝える世帯 %(n)s", n=waiting) if waiting else _("すべて伝えました"),
        }
        for recall, waiting in queries.waiting_for(session, viewer, today=today)
    ]
    if not items:
        return []
    return [
        {
            "title": _("回収"),
            "items": items,
            "action": (_("一覧"), url_for("foodbank.recall_list")),
        }
    ]


def recalls_of_case(
    session: Session, case: Case, access: Access, viewer: Viewer, _today: date
) -> Panel | None:
    """A recall that this household has to be told of, ahead of everything else."""
    if not access.sees(Tier.CODE) or not allows(viewer, Action.RECALL_CALL):
        return None
    rows = session.execute(
        sa.select(RecallPerson, Recall)
        .join(Recall, Recall.id == RecallPerson.recall_id)
        .where(
            RecallPerson.case_id == case.id,
            Recall.state == RecallState.OPEN,
            Recall.practice.is_(False),
        )
        .order_by(Recall.id)
    ).all()
    if not rows:
        return None
    lines = [
        PanelLine(
            recall.title,
            url=url_for("foodbank.recall_person_page", recall_id=recall.id, person_id=person.id),
            note=recall.danger,
            tag=(PERSON_STATE_LABELS[person.state], PERSON_KINDS[person.state]),
        )
        for person, recall in rows
    ]
    waiting = [
        line for line, (person, _recall) in zip(lines, rows, strict=True) if not person.is_settled
    ]
    return Panel(title=_("食料の回収"), lines=lines, ahead=waiting)


case_panels.append(recalls_of_case)
today_sources.insert(0, (Action.RECALL_CALL, recalls_today))
