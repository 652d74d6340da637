"""Pages for whoever goes round: today's list, and a visit in two taps."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.listing import called, names_of
from app.cases.models import Case
from app.db import db, now, today
from app.errors import InvalidError
from app.followup import queries, services
from app.followup.models import ATTEMPT_LABELS, AttemptResult, CheckIn, CheckInState
from app.followup.schemas import SEEN_LABELS, AttemptSchema, Seen
from app.forms import Form
from app.idempotency import committed, creates, standings
from app.pages import today_sources
from app.policy import Action, Viewer, requires
from app.security import saw, the_viewer

bp = Blueprint("followup", __name__)
AHEAD = timedelta(days=7)


@bp.get("/visits")
@requires(Action.FOLLOWUP_READ)
def visit_list() -> Answer:
    """What is due today and what is still open from before; next week below."""
    check_ins = queries.due_check_ins(
        db.session, the_viewer(), today=today(), until=today() + AHEAD
    )
    for check_in in check_ins:
        saw(Deed.LISTED, "case", check_in.plan.placement.case_id, fields=("home", "name"))
    return render_template(
        "followup/list.html",
        due=[c for c in check_ins if c.due_on <= today()],
        coming=[c for c in check_ins if c.due_on > today()],
        due_label=services.due_label,
        called={c.id: called(_case(c), the_viewer(), today=today()) for c in check_ins},
    )


def _case(check_in: CheckIn) -> Case:
    return check_in.plan.placement.case


@bp.get("/visits/<int:check_in_id>")
@requires(Action.VISIT_RECORD)
def visit_page(check_in_id: int) -> Answer:
    check_in = queries.get_check_in(db.session, check_in_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", check_in.plan.placement.case_id, fields=("home", "name", "visits"))
    return _page(check_in, Form(AttemptSchema(), initial={"on": today()}))


def _page(check_in: CheckIn, form: Form) -> str:
    return render_template(
        "followup/visit.html",
        check_in=check_in,
        case=_case(check_in),
        called=called(_case(check_in), the_viewer(), today=today()),
        home=check_in.plan.placement.home,
        form=form,
        results=[(code.value, label) for code, label in ATTEMPT_LABELS.items()],
        result_labels=ATTEMPT_LABELS,
        seen_labels={code.value: label for code, label in SEEN_LABELS.items()},
        open=check_in.state is CheckInState.DUE,
    )


@bp.post("/visits/<int:check_in_id>/attempts")
@requires(Action.VISIT_RECORD)
@creates
def record_attempt(check_in_id: int) -> Answer:
    viewer = the_viewer()
    check_in = queries.get_check_in(db.session, check_in_id, viewer, today=today())
    form = Form(AttemptSchema(), typed=request.form)
    if not form.load():
        return _page(check_in, form), 422
    try:
        services.record_attempt(
            db.session,
            check_in=check_in,
            on=form.data["on"],
            result=form.data["result"],
            items=[Seen(item).value for item in form.data["items"]],
            note=form.data["note"] or None,
            linked_to=form.data["linked_to"] or None,
            user_id=viewer.user_id,
            now=now(),
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _page(check_in, form), 422
    flash(*_recorded(check_in, form.data["result"]))
    return committed(redirect(url_for("followup.visit_list"), 303))


def _recorded(check_in: CheckIn, result: AttemptResult) -> tuple[str, str]:
    """What to say after an attempt: a worry names the people to be told the same day."""
    done = _("記録しました: %(result)s", result=ATTEMPT_LABELS[result])
    if result is not AttemptResult.WORRYING:
        return done, "success"
    team = names_of(db.session, {m.user_id for m in _case(check_in).team})
    who = "、".join(sorted(team.values())) or _("相談窓口")
    tell = _("きょうのうちに、相談の担当（%(who)s）へ伝えてください。", who=who)
    return f"{done}。{tell}", "warning"


def today_for_visits(session: Any, viewer: Viewer, day: date) -> list[dict[str, Any]]:
    """Check-ins due, for the first page after signing in."""
    due = queries.due_check_ins(session, viewer, today=day, until=day)
    items = [
        {
            "when": services.due_label(c.due_on, day),
            "late": c.due_on < day,
            "title": f"{called(_case(c), viewer, today=day)}　{c.label}",
            "url": url_for("followup.visit_page", check_in_id=c.id),
            "note": f"試み {len(c.attempts)}回" if c.attempts else None,
        }
        for c in due[:8]
    ]
    return [
        {
            "title": _("見守り"),
            "items": items,
            "empty": _("きょうの見守りはありません"),
            "action": (_("一覧"), url_for("followup.visit_list")),
        }
    ]


today_sources.append((Action.VISIT_RECORD, today_for_visits))


def _standing(check_in_id: int) -> str:
    return str(queries.get_check_in(db.session, check_in_id, the_viewer(), today=today()).id)


standings["check_in_id"] = _standing
