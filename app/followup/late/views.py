"""Visits without the network: what the browser keeps for the day, and what came late.

A service worker shows the pages made for keeping while there is no network and puts presses into a
queue (`static/js/visits-worker.js`); `static/js/visits.js` sends the queue here later. A page made
for keeping holds what a visit needs and no more, and never where a household in hiding is.
"""

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from marshmallow import ValidationError

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import attempt
from app.cases.listing import called, names_of
from app.config import ROOT
from app.db import db, now, today
from app.errors import HTTP_WORDS, InvalidError, NotFoundError
from app.followup import queries
from app.followup.blueprint import bp
from app.followup.codes import ATTEMPT_LABELS, CheckInState
from app.followup.late import queries as late_queries
from app.followup.late import services
from app.followup.late.models import SETTLEMENT_LABELS, TROUBLE_LABELS, LateVisit
from app.followup.late.schemas import LateAttemptSchema, SettleLateVisitSchema
from app.followup.models import CheckIn
from app.followup.records import shown_late_visit
from app.followup.visits.schemas import AttemptSchema
from app.followup.visits.views import BIG, attempt_lines, attempt_values
from app.followup.words import due_label, home_line
from app.forms import Form
from app.idempotency import committed, creates
from app.pages import today_sources
from app.policy import Action, Protection, Viewer, allows, requires
from app.security import current_viewer, saw, the_viewer
from app.wording import moment

WORKER = ROOT / "app" / "static" / "js" / "visits-worker.js"


@bp.app_context_processor
def kept_visits() -> dict[str, dict[str, str] | None]:
    """What visits.js needs to know on every page of somebody who looks in on households."""
    if not allows(current_viewer(), Action.VISIT_RECORD):
        return {"kept_visits": None}
    return {
        "kept_visits": {
            "list": url_for("followup.visit_list"),
            "worker": url_for("followup.visits_worker"),
            "standing": url_for("followup.visits_standing"),
            "no-network": url_for("followup.visits_without_network"),
            "send": url_for("followup.tell_late_visit", check_in_id=0),
        }
    }


@bp.get("/visits/worker.js")
@requires(Action.PUBLIC)
def visits_worker() -> Answer:
    """The service worker, served from where it may look after the visits' pages and no others."""
    script = Response(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    script.headers["Service-Worker-Allowed"] = url_for("followup.visit_list")
    return script


@bp.get("/visits/standing")
@requires(Action.VISIT_RECORD)
def visits_standing() -> Answer:
    """A token to send the queue with: the page in the browser may be hours old."""
    return jsonify(token=generate_csrf())


@bp.get("/visits/no-network")
@requires(Action.VISIT_RECORD)
def visits_without_network() -> Answer:
    """Shown by the worker in place of a page that was not kept; it knows nobody."""
    return render_template("followup/late/no_network.html")


@bp.get("/visits/kept")
@requires(Action.VISIT_RECORD)
def kept_list() -> Answer:
    """The viewer's own households of today, as a phone may keep them."""
    viewer, day = the_viewer(), today()
    due = queries.due_check_ins(db.session, viewer, today=day, until=day)
    own = [one for one in due if one.visitor == viewer.user_id]
    for one in own:
        saw(Deed.LISTED, "case", one.plan.placement.case_id, fields=("home", "name"))
    return render_template(
        "followup/late/kept_list.html",
        rows=[
            {
                "when": due_label(one.goes_on, day),
                "late": one.goes_on < day,
                "title": f"{_kept_name(one)}　{one.label}",
                "url": url_for("followup.visit_page", check_in_id=one.id),
                "note": _kept_home(one),
            }
            for one in own
        ],
    )


def _hidden(check_in: CheckIn) -> bool:
    return check_in.plan.placement.case.protection is not Protection.NO


def _kept_name(check_in: CheckIn) -> str:
    case = check_in.plan.placement.case
    return case.number if _hidden(check_in) else called(case, the_viewer(), today=today())


def _kept_home(check_in: CheckIn) -> str:
    if _hidden(check_in):
        return str(_("居場所を隠す世帯です。行き先は、この端末に残しません。"))
    return home_line(check_in.plan.placement)


@bp.get("/visits/<int:check_in_id>/kept")
@requires(Action.VISIT_RECORD)
def kept_visit(check_in_id: int) -> Answer:
    """What one visit of the viewer's own needs, as a phone may keep it."""
    viewer = the_viewer()
    check_in = queries.get_check_in(db.session, check_in_id, viewer, today=today())
    if check_in.visitor != viewer.user_id or check_in.state is not CheckInState.DUE:
        raise NotFoundError(queries.NOT_FOUND)
    case = check_in.plan.placement.case
    saw(Deed.VIEWED, "case", case.id, fields=("home", "name", "phone"))
    return render_template(
        "followup/late/kept_visit.html",
        check_in=check_in,
        case=case,
        called=_kept_name(check_in),
        home=_kept_home(check_in),
        phone=None if _hidden(check_in) else case.phone,
        hidden=_hidden(check_in),
        form=Form(AttemptSchema(), initial={"on": today()}),
        results=[(code.value, label, BIG.get(code, "")) for code, label in ATTEMPT_LABELS.items()],
    )


@bp.post("/visits/<int:check_in_id>/late")
@requires(Action.VISIT_RECORD)
@creates
def tell_late_visit(check_in_id: int) -> Answer:
    """One entry of the queue, sent by the page's script with the person's own session."""
    viewer = the_viewer()
    check_in = queries.get_check_in(db.session, check_in_id, viewer, today=today())
    try:
        told = LateAttemptSchema().load(request.get_json())
    except ValidationError as error:
        raise InvalidError(HTTP_WORDS[422][1], fields=error.messages_dict) from error
    taken = services.tell(
        db.session, check_in=check_in, user_id=viewer.user_id, now=now(), **attempt_values(told)
    )
    return committed(jsonify(outcome=taken.outcome, sentence=taken.sentence), 201)


# ------------------------------------------------------------------------------- deciding


@bp.get("/visits/late")
@requires(Action.VISIT_RECORD)
def late_visit_list() -> Answer:
    """What phones told later and the plan contradicts: waiting first."""
    viewer, day = the_viewer(), today()
    found = late_queries.late_visits(db.session, viewer, today=day)
    for late in found:
        saw(Deed.LISTED, "case", late.check_in.plan.placement.case_id, fields=("name", "visits"))
    return render_template(
        "followup/late/list.html",
        waiting=[_item(late, viewer) for late in found if late.settlement is None],
        settled=[_item(late, viewer) for late in found if late.settlement is not None],
    )


def _item(late: LateVisit, viewer: Viewer) -> dict[str, Any]:
    done = SETTLEMENT_LABELS[late.settlement] if late.settlement else ""
    name = called(late.check_in.plan.placement.case, viewer, today=today())
    return {
        "when": moment(late.happened_at),
        "late": late.settlement is None,
        "title": f"{name}　{late.check_in.label}",
        "url": url_for("followup.late_visit_page", late_id=late.id),
        "note": TROUBLE_LABELS[late.trouble] + (f"　{done}" if done else ""),
    }


@bp.get("/visits/late/<int:late_id>")
@requires(Action.VISIT_RECORD)
def late_visit_page(late_id: int) -> Answer:
    return _page(_opened(late_id), Form(SettleLateVisitSchema()))


def _opened(late_id: int) -> LateVisit:
    return late_queries.get_late_visit(db.session, late_id, the_viewer(), today=today())


def _page(late: LateVisit, form: Form) -> str:
    plan, viewer = late.check_in.plan, the_viewer()
    shown = shown_late_visit(late, queries.access_of(plan, viewer, today()))
    saw(Deed.VIEWED, "case", plan.placement.case_id, fields=("name", "visits"))
    return render_template(
        "followup/late/page.html",
        late=late,
        line=attempt_lines(shown),
        called=called(plan.placement.case, viewer, today=today()),
        trouble=TROUBLE_LABELS[late.trouble],
        settled=SETTLEMENT_LABELS[late.settlement] if late.settlement else "",
        names=names_of(db.session, {late.user_id, late.settled_by or late.user_id}),
        form=form,
    )


@bp.post("/visits/late/<int:late_id>/settle")
@requires(Action.VISIT_RECORD)
@creates
def settle_late_visit(late_id: int) -> Answer:
    form = Form(SettleLateVisitSchema(), typed=request.form)
    late = _opened(late_id)
    status = attempt(
        form,
        lambda data: services.settle(
            db.session, late=late, user_id=the_viewer().user_id, now=now(), **data
        ),
    )
    if status != 200:
        return _page(_opened(late_id), form), status
    flash(_("決めたことを記録しました。"))
    return committed(redirect(url_for("followup.late_visit_list"), 303))


def today_of_late_visits(session: Any, viewer: Viewer, day: Any) -> list[dict[str, Any]]:
    """Only while something waits: it is urgent, or it is not there."""
    waiting = late_queries.late_visits(session, viewer, today=day, waiting=True)
    if not waiting:
        return []
    return [
        {
            "title": _("圏外で記録した訪問に、確かめることがあります"),
            "items": [_item(late, viewer) for late in waiting],
            "empty": "",
            "action": (_("一覧"), url_for("followup.late_visit_list")),
        }
    ]


today_sources.append((Action.VISIT_RECORD, today_of_late_visits))
