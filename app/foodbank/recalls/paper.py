"""A recall on paper: the call list, as deep as its printer may look, and the report at the end."""

from collections import Counter
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.db import db, today
from app.foodbank.models import LotState
from app.foodbank.recalls import queries, words
from app.foodbank.recalls.models import FOOD_OUTCOME_LABELS, PERSON_STATE_LABELS, Recall
from app.foodbank.recalls.queries import SeenPerson
from app.foodbank.views import bp
from app.policy import Action, Protection, Tier, Viewer, requires
from app.printing import render_pdf
from app.security import saw, the_viewer
from app.wording import day, moment


@bp.get("/food/recalls/<int:recall_id>.pdf")
@requires(Action.RECALL_READ)
def recall_call_sheet(recall_id: int) -> Answer:
    viewer = the_viewer()
    recall = queries.get_recall(db.session, recall_id, viewer, today=today())
    seen = queries.people(db.session, recall, viewer, today=today())
    for one in (one for one in seen if one.access.sees(Tier.CONTACT)):
        saw(Deed.PRINTED, "recall_person", one.person.id, fields=words.shown_person(one).values)
    return pdf_answer(recall.number, render_pdf("recall_calls", call_sheet(recall, seen, viewer)))


def call_sheet(recall: Recall, seen: list[SeenPerson], viewer: Viewer) -> dict[str, Any]:
    """The call list in the shape its template asks for."""
    organisation = next(m.organisation_name for m in viewer.memberships)
    return {
        "sheet": _sheet(recall, organisation, _("回収の電話の一覧"), _("取扱注意")),
        "danger": recall.danger or recall.title,
        "advice": recall.advice or "",
        "people": [_line(one, practice=recall.practice) for one in seen],
    }


def _sheet(recall: Recall, organisation: str, title: str, notice: str) -> dict[str, str]:
    return {
        "title": f"{title}　{recall.number}",
        "organisation": organisation,
        "made_on": day(today()),
        "notice": _("訓練") if recall.practice else notice,
        "contact": recall.title,
    }


def _line(one: SeenPerson, *, practice: bool) -> dict[str, Any]:
    """Somebody on paper. A number that tells where a household in hiding is stays on the screen."""
    row = words.person_row(one, practice=practice)
    case = one.person.case
    hidden = case is not None and case.protection is not Protection.NO
    who, desk, phone = row["shown"].desk
    asks = [_("%(desk)s %(who)sさんに頼む", desk=desk, who=who), phone] if not practice else []
    numbers = [
        "　".join(filter(None, (one_phone["number"], one_phone["notes"])))
        for one_phone in row["phones"]
    ]
    return {
        "who": row["title"],
        "parcels": [f"{p['number']}　{'、'.join(p['lots'])}" for p in row["shown"].parcels],
        "call": numbers if numbers and not hidden else [str(line) for line in asks if line],
        "cares": [str(words_) for words_ in row["cares"]] if not hidden else [],
        "state": PERSON_STATE_LABELS[one.person.state],
    }


@bp.get("/food/recalls/<int:recall_id>/report.pdf")
@requires(Action.RECALL_MANAGE)
def recall_report(recall_id: int) -> Answer:
    recall = queries.own_recall(db.session, recall_id, the_viewer())
    saw(Deed.PRINTED, "recall", recall.id, fields=("report",))
    return pdf_answer(f"{recall.number}-report", report_pdf(db.session, recall))


def report_pdf(session: Session, recall: Recall) -> bytes:
    """The report as a PDF; of an open recall what there is so far."""
    return render_pdf("recall_report", report_data(session, recall))


def report_data(session: Session, recall: Recall) -> dict[str, Any]:
    """The report in the shape its template asks for: counts, no names of those who got food."""
    figures = recall.figures
    bank = session.get_one(Organisation, recall.organisation_id)
    outcomes = Counter(queries.outcomes(session, recall))
    return {
        "sheet": _sheet(recall, bank.name, _("回収の報告"), ""),
        "danger": recall.danger or recall.title,
        "facts": [
            [_("始めた日時"), moment(recall.created_at)],
            [_("終えた日時"), moment(recall.closed_at) or _("対応中")],
            [_("お知らせから名前まで"), words.duration(figures.get("seconds_to_people", 0))],
            [_("引いた箱"), _("%(n)s箱", n=figures.get("pulled_parcels", 0))],
            [_("渡した世帯"), _("%(n)s世帯", n=figures.get("households", 0))],
            [_("伝えた世帯"), _("%(n)s世帯", n=figures.get("told", 0))],
        ],
        "lots": [
            {
                "number": one.lot.number,
                "name": one.lot.item.name,
                "printed": one.lot.date_printed,
                "code": one.lot.lot_code or "",
                "on_shelf": one.on_shelf,
                "disposed": one.lot.state is LotState.DISPOSED,
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
