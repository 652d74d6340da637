"""Pages of one person on a recall's call list: whom to ring, with what care, and the result."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import attempt
from app.db import db, now, today
from app.foodbank.recalls import calling, queries, words
from app.foodbank.recalls.models import (
    PERSON_STATE_LABELS,
    RECALL_RESULT_LABELS,
    Recall,
    RecallState,
)
from app.foodbank.recalls.queries import SeenPerson
from app.foodbank.recalls.schemas import RecallResultSchema, UndoSchema
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, Tier, allows, requires
from app.security import saw, the_viewer

STALE = "ほかの人が先に結果を記録しました。下の記録を見て、必要ならもう一度記録してください。"


def _seen(recall_id: int, person_id: int) -> tuple[Recall, SeenPerson]:
    viewer = the_viewer()
    recall = queries.get_recall(db.session, recall_id, viewer, today=today())
    return recall, queries.get_person(db.session, recall, person_id, viewer, today=today())


def _url(endpoint: str, recall_id: int, person_id: int) -> str:
    return url_for(f"foodbank.{endpoint}", recall_id=recall_id, person_id=person_id)


@bp.get("/food/recalls/<int:recall_id>/people/<int:person_id>")
@requires(Action.RECALL_CALL)
def recall_person_page(recall_id: int, person_id: int) -> Answer:
    recall, seen = _seen(recall_id, person_id)
    return _page(recall, seen, _fresh(seen))


def _fresh(seen: SeenPerson) -> Form:
    return Form(RecallResultSchema(), initial={"version": seen.person.version})


def _page(recall: Recall, seen: SeenPerson, form: Form, *, stale: bool = False) -> str:
    row = words.person_row(seen, practice=recall.practice)
    shown = row["shown"]
    if seen.access.sees(Tier.CONTACT):
        saw(Deed.VIEWED, "recall_person", seen.person.id, fields=shown.values)
    last = queries.last_attempt(db.session, seen.person.id)
    viewer = the_viewer()
    return render_template(
        "foodbank/recalls/person.html",
        recall=recall,
        **row,
        form=form,
        stale=STALE if stale else None,
        version=seen.person.version,
        is_open=recall.state is RecallState.OPEN,
        buttons=[(code.value, RECALL_RESULT_LABELS[code], k) for code, k in words.BUTTONS],
        events=[words.attempt_words(seen, index) for index in range(len(seen.attempts))],
        undo=calling.may_take_back(last, user_id=viewer.user_id, at=now()),
        reads_notes=seen.access.sees(Tier.CARE),
        case_url=url_for("cases.case_page", case_id=shown.case_id)
        if shown.case_id and allows(viewer, Action.CASE_READ)
        else None,
    )


@bp.post("/food/recalls/<int:recall_id>/people/<int:person_id>/attempts")
@requires(Action.RECALL_CALL)
@creates
def record_recall_result(recall_id: int, person_id: int) -> Answer:
    recall, seen = _seen(recall_id, person_id)
    form = Form(RecallResultSchema(), typed=request.form)
    status = attempt(form, lambda values: _record(seen, values))
    if status != 200:
        recall, seen = _seen(recall_id, person_id)
        return _page(recall, seen, form, stale=status == 409), status
    state = PERSON_STATE_LABELS[seen.person.state]
    flash(_("記録しました（%(state)s）。", state=state))
    return committed(redirect(url_for("foodbank.recall_page", recall_id=recall_id), 303))


def _record(seen: SeenPerson, values: dict[str, Any]) -> object:
    return calling.record_result(
        db.session, person=seen.person, values=values, user_id=the_viewer().user_id, at=now()
    )


@bp.post("/food/recalls/<int:recall_id>/people/<int:person_id>/attempts/undo")
@requires(Action.RECALL_CALL)
@creates
def take_back_recall_result(recall_id: int, person_id: int) -> Answer:
    """Undo one's own last result within ten minutes."""
    _recall, seen = _seen(recall_id, person_id)
    form = Form(UndoSchema(), typed=request.form)
    status = attempt(
        form,
        lambda values: calling.take_back(
            db.session,
            person=seen.person,
            version=values["version"],
            user_id=the_viewer().user_id,
            at=now(),
        ),
    )
    if status != 200:
        recall, seen = _seen(recall_id, person_id)
        return _page(recall, seen, _fresh(seen), stale=True), status
    flash(_("結果を取り消しました。取り消したことは記録に残ります。"))
    return committed(redirect(_url("recall_person_page", recall_id, person_id), 303))
