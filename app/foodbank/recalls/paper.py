"""A recall on paper: the call list, as deep as its printer may look, and the report at the end."""

from typing import Any

from flask_babel import gettext as _

from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.db import db, today
from app.foodbank.recalls import queries, words
from app.foodbank.recalls.models import PERSON_STATE_LABELS, Recall
from app.foodbank.recalls.queries import SeenPerson
from app.foodbank.recalls.report import report_pdf, sheet_of
from app.foodbank.views import bp
from app.policy import Action, Protection, Tier, Viewer, requires
from app.printing import render_pdf
from app.security import saw, the_viewer


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
        "sheet": sheet_of(recall, organisation, _("回収の電話の一覧"), _("取扱注意")),
        "danger": recall.danger or recall.title,
        "advice": recall.advice or "",
        "people": [_line(one, practice=recall.practice) for one in seen],
    }


def _line(one: SeenPerson, *, practice: bool) -> dict[str, Any]:
    """Somebody on paper. A number that tells where a household in hiding is stays on the screen."""
    row = words.person_row(one, practice=practice)
    case = one.person.case
    hidden = case is not None and case.protection is not Protection.NO
    who, desk, phone = one.desk
    asks = [_("%(desk)s %(who)sさんに頼む", desk=desk, who=who), phone]
    asks = [] if practice else [row["how"]] if row["how"] else asks
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
