"""Pages for moving visits: choose many, say who or when, one button; and what became of each."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import attempt
from app.cases.listing import called, names_of
from app.db import db, now, today
from app.errors import InvalidError
from app.followup.blueprint import bp
from app.followup.codes import CheckInState
from app.followup.dayplan.models import VisitTime
from app.followup.dayplan.queries import checked_day, times_of, visits_of
from app.followup.dayplan.words import agreed_words
from app.followup.models import CheckIn
from app.followup.moves import queries, services
from app.followup.moves.codes import MOVED
from app.followup.moves.models import VisitMove
from app.followup.moves.schemas import MoveSchema, OfferedSchema
from app.followup.moves.words import line_rows
from app.followup.queries import get_check_in
from app.followup.tabs import tabs
from app.followup.words import due_label, home_line, moved_words
from app.forms import Form, told_apart
from app.idempotency import committed, creates, standings
from app.policy import Action, Protection, Viewer, requires
from app.security import saw, the_viewer
from app.wording import weekday

Visits = list[tuple[CheckIn, VisitTime | None]]


@dataclass(frozen=True)
class Asked:
    """What the address, or the form that came back, asks to choose from."""

    day: date
    whose: int | None
    visit: int | None


def _asked() -> Asked:
    """Today's visits of everybody, where nothing else that is offered is asked for."""
    form = Form(OfferedSchema(), typed=request.values)
    said = form.data if form.load() else {"day": None, "whose": None}
    try:
        day = checked_day(said["day"], today())
    except InvalidError:
        day = today()
    return Asked(day, said["whose"], request.values.get("visit", type=int))


def _offered(asked: Asked) -> Visits:
    """The visits of a day, or the one that was named."""
    viewer = the_viewer()
    if asked.visit is None:
        return visits_of(db.session, viewer, on=asked.day, today=today(), mine=False)
    check_in = get_check_in(db.session, asked.visit, viewer, today=today())
    if check_in.state is not CheckInState.DUE:
        return []
    return [(check_in, times_of(db.session, [check_in.id]).get(check_in.id))]


@bp.get("/visits/moves/new")
@requires(Action.WATCH_PLAN)
def moving_page() -> Answer:
    """A day's visits to choose from; whoever is named in the address has all of theirs ticked."""
    return _page(Form(MoveSchema()))


def _page(form: Form) -> str:
    asked, viewer = _asked(), the_viewer()
    offered = _offered(asked)
    names = names_of(db.session, {one.visitor for one, _time in offered if one.visitor})
    shown = [one for one in offered if asked.whose in (None, one[0].visitor or 0)]
    for check_in, _agreed in shown:
        saw(Deed.LISTED, "case", check_in.plan.placement.case_id, fields=("home", "name"))
    form.choices = {"visitor_id": _people(offered, viewer)}
    return render_template(
        "followup/moves/new.html",
        tabs=tabs("followup.moving_page"),
        form=form,
        which=_which(asked, offered, names),
        rows=[_row(one, names, ticked=_is_ticked(one[0], form, asked)) for one in shown],
        asked=asked,
        days=weekday(asked.day),
        is_today=asked.day == today(),
    )


def _which(asked: Asked, offered: Visits, names: dict[int, str]) -> Form:
    """The form that narrows the list, with those who have visits on the day."""
    people = {one.visitor or 0: names.get(one.visitor or 0) or _("担当なし") for one, _t in offered}
    rows = sorted(people.items(), key=lambda item: (item[0] == 0, item[1]))
    initial = {"day": asked.day, "whose": asked.whose}
    return Form(OfferedSchema(), initial=initial, choices={"whose": rows})


def _people(offered: Visits, viewer: Viewer) -> list[tuple[int, str]]:
    plans = [one.plan for one, _time in offered]
    return [(one.id, one.name) for one in queries.people_for(db.session, plans, viewer)]


def _is_ticked(check_in: CheckIn, form: Form, asked: Asked) -> bool:
    """What came back ticked stays so, but for what somebody else moved meanwhile."""
    if form.typed is not None:
        return check_in.ref in form.typed.getlist("visits")
    return asked.whose is not None or asked.visit is not None


def _row(
    one: tuple[CheckIn, VisitTime | None], names: dict[int, str], *, ticked: bool
) -> dict[str, Any]:
    check_in, agreed = one
    placement, day = check_in.plan.placement, today()
    hidden = placement.case.protection is not Protection.NO
    promise = f"{weekday(agreed.on)}　{agreed_words(agreed)}" if agreed is not None else ""
    return {
        "ref": check_in.ref,
        "id": check_in.id,
        "ticked": ticked,
        "title": called(placement.case, the_viewer(), today=day),
        "label": check_in.label,
        "when": due_label(check_in.goes_on, day),
        "late": check_in.goes_on < day,
        "who": names.get(check_in.visitor or 0, _("担当なし")),
        "home": "" if hidden else home_line(placement),
        "moved": moved_words(check_in).strip(),
        "promise": promise,
    }


@bp.post("/visits/moves")
@requires(Action.WATCH_PLAN)
@creates
def move_visits() -> Answer:
    form = Form(MoveSchema(), typed=request.form)
    made: list[VisitMove] = []
    status = attempt(form, lambda data: made.append(moved(data)))
    if status != 200:
        return _page(form), status
    url = url_for("followup.move_page", move_id=made[0].id)
    return committed(redirect(url, 303))


def moved(data: dict[str, Any]) -> VisitMove:
    """What `MoveSchema` loaded, done."""
    return services.move_visits(
        db.session,
        visits=told_apart(data["visits"]),
        visitor_id=data["visitor_id"],
        on=data["on"],
        why=data["why"],
        viewer=the_viewer(),
        today=today(),
    )


@bp.get("/visits/moves/<int:move_id>")
@requires(Action.WATCH_PLAN)
def move_page(move_id: int) -> Answer:
    """What became of each visit, and taking it back for ten minutes."""
    viewer, day = the_viewer(), today()
    move, lines = queries.get_move(db.session, move_id, viewer, today=day)
    for line in lines:
        case_id = line.check_in.plan.placement.case_id
        saw(Deed.LISTED, "case", case_id, fields=("home", "name"))
    names = names_of(db.session, {move.user_id, move.visitor_id or move.user_id})
    return render_template(
        "followup/moves/move.html",
        move=move,
        by=names.get(move.user_id, ""),
        visitor=names.get(move.visitor_id or 0),
        count=len({one.check_in.plan_id for one in lines if one.outcome in MOVED}),
        may_undo=services.may_undo(db.session, move, viewer=viewer, at=now()),
        taken_back=queries.taken_back(db.session, move),
        day=move.on or day,
        **line_rows(db.session, lines, viewer, day),
    )


@bp.post("/visits/moves/<int:move_id>/undo")
@requires(Action.WATCH_PLAN)
@creates
def undo_move(move_id: int) -> Answer:
    back = taken_back(move_id)
    flash(_("元に戻しました。戻せなかった訪問は、下にわけがあります。"))
    return committed(redirect(url_for("followup.move_page", move_id=back.id), 303))


def taken_back(move_id: int) -> VisitMove:
    """Take the viewer's own moving back."""
    viewer = the_viewer()
    move, _lines = queries.get_move(db.session, move_id, viewer, today=today())
    return services.undo_move(db.session, move=move, viewer=viewer, today=today(), at=now())


def _standing(move_id: int) -> str:
    """Which lines of a moving the viewer sees, for answers given again later."""
    _move, lines = queries.get_move(db.session, move_id, the_viewer(), today=today())
    return ".".join(str(line.id) for line in lines)


standings["move_id"] = _standing
