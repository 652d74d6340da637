"""The report of a recall: counts and times, no name of anybody who got the food."""

from collections import Counter
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.db import now, today
from app.foodbank.recalls import queries, services, words
from app.foodbank.recalls.models import FOOD_OUTCOME_LABELS, Recall
from app.printing import render_pdf
from app.wording import day, moment


def sheet_of(recall: Recall, organisation: str, title: str, notice: str) -> dict[str, str]:
    """The head of a recall's paper; a practice says so in its frame."""
    return {
        "title": f"{title}　{recall.number}",
        "organisation": organisation,
        "made_on": day(today()),
        "notice": _("訓練") if recall.practice else notice,
        "contact": recall.title,
    }


def report_pdf(session: Session, recall: Recall) -> bytes:
    """The report as a PDF; of an open recall what there is so far."""
    return render_pdf("recall_report", report_data(session, recall))


def report_data(session: Session, recall: Recall) -> dict[str, Any]:
    """The report in the shape its template asks for: counts, no names of those who got food."""
    figures = recall.figures or services.figures_of(session, recall, at=now())
    bank = session.get_one(Organisation, recall.organisation_id)
    outcomes = Counter(queries.outcomes(session, recall))
    return {
        "sheet": sheet_of(recall, bank.name, _("回収の報告"), ""),
        "danger": recall.danger or recall.title,
        "facts": [
            [_("始めた日時"), moment(recall.created_at)],
            [_("終えた日時"), moment(recall.closed_at) or _("対応中")],
            [_("お知らせから名前まで"), words.duration(figures["seconds_to_people"])],
            [_("引いた箱"), _("%(n)s箱", n=figures["pulled_parcels"])],
            [_("渡した世帯"), _("%(n)s世帯", n=figures["households"])],
            [_("伝えた世帯"), _("%(n)s世帯", n=figures["told"])],
        ],
        "lots": [
            {
                "number": one.lot.number,
                "name": one.lot.item.name,
                "printed": one.lot.date_printed,
                "code": one.lot.lot_code or "",
                "on_shelf": one.on_shelf,
            }
            for one in queries.lots_of(session, recall)
        ],
        "outcomes": [
            [FOOD_OUTCOME_LABELS[food] if food else _("聞いていない"), _("%(n)s世帯", n=n)]
            for food, n in outcomes.items()
        ],
        "told": [
            [moment(one.at), one.name, one.how] for one, _name in queries.told(session, recall)
        ],
        "report": recall.report or _("（まだ書かれていません）"),
    }
