"""Handing out without the network: what the browser keeps for the day, and what came late.

The pages themselves are the ordinary ones of the day's parcels. A service worker shows their kept
copies while there is no network and puts presses of 「渡した」 into a queue (see
`static/js/parcels-worker.js`); `static/js/parcels.js` sends the queue to the API later.
"""

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from marshmallow import ValidationError

from app.answers import Answer
from app.audit.models import Deed
from app.config import ROOT
from app.db import db, now
from app.errors import HTTP_WORDS, InvalidError
from app.foodbank.late import queries, services
from app.foodbank.late.models import SETTLEMENT_LABELS, TROUBLE_LABELS, LateHandOut, Trouble
from app.foodbank.late.schemas import LateHandOutSchema, SettleLateSchema
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.pages import today_sources
from app.policy import Action, Role, Viewer, allows, requires
from app.security import current_viewer, saw, the_viewer
from app.wording import moment

WORKER = ROOT / "app" / "static" / "js" / "parcels-worker.js"


@bp.app_context_processor
def kept_parcels() -> dict[str, dict[str, str] | None]:
    """What parcels.js needs to know on every page of somebody who hands food out."""
    if not allows(current_viewer(), Action.HANDOUT_RECORD):
        return {"kept_parcels": None}
    return {
        "kept_parcels": {
            "list": url_for("foodbank.parcel_list"),
            "worker": url_for("foodbank.parcels_worker"),
            "standing": url_for("foodbank.parcels_standing"),
            "no-network": url_for("foodbank.no_network_page"),
            "send": url_for("foodbank.tell_late", parcel_id=0),
        }
    }


@bp.get("/food/parcels/worker.js")
@requires(Action.PUBLIC)
def parcels_worker() -> Answer:
    """The service worker, served from where it may look after the parcels' pages and no others."""
    script = Response(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    script.headers["Service-Worker-Allowed"] = url_for("foodbank.parcel_list")
    return script


@bp.get("/food/parcels/standing")
@requires(Action.HANDOUT_RECORD)
def parcels_standing() -> Answer:
    """A token to send the queue with: the page in the browser may be hours old."""
    return jsonify(token=generate_csrf())


@bp.get("/food/parcels/no-network")
@requires(Action.HANDOUT_RECORD)
def no_network_page() -> Answer:
    """Shown by the worker in place of a page that was not kept; it knows nobody."""
    return render_template("foodbank/late/no_network.html")


@bp.post("/food/parcels/<int:parcel_id>/late")
@requires(Action.HANDOUT_RECORD)
@creates
def tell_late(parcel_id: int) -> Answer:
    """One entry of the queue, sent by the page's script with the person's own session."""
    try:
        told = LateHandOutSchema().load(request.get_json())
    except ValidationError as error:
        raise InvalidError(HTTP_WORDS[422][1], fields=error.messages_dict) from error
    taken = services.tell(db.session, parcel_id, told, viewer=the_viewer(), now=now())
    return committed(jsonify(outcome=taken.outcome, sentence=taken.sentence), 201)


@bp.get("/food/late")
@requires(Action.HANDOUT_RECORD)
def late_list() -> Answer:
    """What phones told later and the books contradict: waiting first."""
    found = queries.late_hand_outs(db.session, the_viewer())
    return render_template(
        "foodbank/late/list.html",
        waiting=[_item(late) for late in found if late.settlement is None],
        settled=[_item(late) for late in found if late.settlement is not None],
    )


def _item(late: LateHandOut) -> dict[str, Any]:
    done = SETTLEMENT_LABELS[late.settlement] if late.settlement else ""
    return {
        "when": moment(late.handed_at),
        "late": late.settlement is None,
        "title": late.parcel.number,
        "url": url_for("foodbank.late_page", late_id=late.id),
        "note": TROUBLE_LABELS[late.trouble] + (f"　{done}" if done else ""),
    }


@bp.get("/food/late/<int:late_id>")
@requires(Action.HANDOUT_RECORD)
def late_page(late_id: int) -> Answer:
    return _page(queries.get_late(db.session, late_id, the_viewer()), Form(SettleLateSchema()))


def _page(late: LateHandOut, form: Form) -> str:
    saw(Deed.VIEWED, "late_hand_out", late.id)
    return render_template(
        "foodbank/late/page.html",
        late=late,
        trouble=TROUBLE_LABELS[late.trouble],
        given=[line for line in late.parcel.lines if line.id not in late.left_out],
        may_book=late.trouble is Trouble.CANCELLED and not late.booked,
        settled=SETTLEMENT_LABELS[late.settlement] if late.settlement else "",
        form=form,
    )


@bp.post("/food/late/<int:late_id>/settle")
@requires(Action.PARCEL_PACK)
@creates
def settle_late(late_id: int) -> Answer:
    late = queries.get_late(db.session, late_id, the_viewer())
    form = Form(SettleLateSchema(), typed=request.form)
    if not form.load():
        return _page(late, form), 422
    try:
        services.settle(db.session, late=late, user_id=the_viewer().user_id, now=now(), **form.data)
    except InvalidError as error:
        db.session.rollback()
        form.refuse(error.fields or {"_": [error.message]})
        return _page(queries.get_late(db.session, late_id, the_viewer()), form), 422
    flash(_("%(number)s について記録しました。", number=late.parcel.number))
    return committed(redirect(url_for("foodbank.late_list"), 303))


def today_of_late(session: Any, viewer: Viewer, _day: Any) -> list[dict[str, Any]]:
    """Only while something waits: it is urgent, or it is not there."""
    if not viewer.organisations(Role.FOODBANK):
        return []
    waiting = queries.waiting(session, viewer)
    if not waiting:
        return []
    return [
        {
            "title": _("圏外で渡した箱に、確かめることがあります"),
            "items": [_item(late) for late in waiting],
            "empty": "",
            "action": (_("一覧"), url_for("foodbank.late_list")),
        }
    ]


today_sources.append((Action.FOOD_RECEIVE, today_of_late))
