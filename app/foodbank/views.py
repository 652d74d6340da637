"""The food bank's first page, and what waits for it today."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.db import db, today
from app.foodbank import queries
from app.foodbank.late.queries import count_waiting
from app.foodbank.models import PICKUP_LABELS, FoodRequest, LotState, Parcel, ParcelState
from app.foodbank.parcels import queries as parcel_queries
from app.foodbank.queries import StockFilter
from app.foodbank.requests import queries as request_queries
from app.idempotency import standings
from app.pages import today_sources
from app.policy import Action, Role, Viewer, requires
from app.security import the_viewer
from app.wording import days_left, weekday

bp = Blueprint("foodbank", __name__)
SHOWN_TODAY = 8


@bp.get("/food")
@requires(Action.FOOD_READ)
def food_home() -> Answer:
    """Large buttons for hands in gloves, each with what waits behind it."""
    viewer = the_viewer()
    requests, waiting = _to_do(db.session, viewer, today())
    return render_template(
        "foodbank/home.html",
        counts=queries.counts(db.session, viewer, today=today())
        | {"requests": len(requests), "parcels": len(waiting)},
        works_here=bool(viewer.organisations(Role.FOODBANK)),
        late=count_waiting(db.session, viewer),
    )


def people_words(household: dict[str, Any]) -> str:
    """「2人（67歳・64歳）」; ages nobody told are left out."""
    ages = [_age(p) for p in household["people"] if p["age"] is not None]
    count = _("%(n)s人", n=len(household["people"]))
    return f"{count}（{'・'.join(ages)}）" if ages else str(count)


def _age(person: dict[str, int | None]) -> str:
    if person["months"] is not None:
        return str(_("%(n)sか月", n=person["months"]))
    return str(_("%(n)s歳", n=person["age"]))


def kg(grams_or_kg: Any) -> str:
    """「4.6kg」 of kilograms."""
    return f"{float(grams_or_kg):.1f}kg"


# -------------------------------------------------------------------------------- today


def today_for_food_bank(session: Any, viewer: Viewer, day: date) -> list[dict[str, Any]]:
    """Requests to pack, parcels to hand out, lots running out and lots that ask."""
    if not viewer.organisations(Role.FOODBANK):
        return []
    requests, waiting = _to_do(session, viewer, day)
    return [
        {
            "title": _("詰める"),
            "items": [_request_item(r, day) for r in requests[:SHOWN_TODAY]],
            "empty": _("待っている依頼はありません"),
            "action": (_("一覧"), url_for("foodbank.request_list")),
        },
        {
            "title": _("渡す"),
            "items": [_parcel_item(p, day) for p in waiting[:SHOWN_TODAY]],
            "empty": _("渡す箱はありません"),
            "action": (_("一覧"), url_for("foodbank.parcel_list")),
        },
        _expiring(session, viewer, day),
        _questions(session, viewer, day),
    ]


def _to_do(session: Any, viewer: Viewer, day: date) -> tuple[list[FoodRequest], list[Parcel]]:
    """Requests to pack and boxes to hand out; none whose consent has ended."""
    parcels = parcel_queries.parcels_for(session, viewer, since=day)
    hidden = request_queries.withheld(session, [p.request for p in parcels], today=day)
    return (
        request_queries.open_requests(session, viewer, today=day),
        [p for p in parcels if p.state is ParcelState.PACKED and p.request_id not in hidden],
    )


def _request_item(request: FoodRequest, day: date) -> dict[str, Any]:
    return {
        "when": weekday(request.needed_on),
        "late": request.needed_on < day,
        "title": f"{request.number}　{request.code_name}",
        "url": url_for("foodbank.proposal_page", request_id=request.id),
        "note": f"{people_words(request.household)}　{_('%(n)s日分', n=request.days)}",
    }


def called(request: FoodRequest) -> str:
    """How whoever comes for a parcel is known at the counter: somebody at the table by the alias,
    a case's people by the number of the request, often all there was when they were told."""
    return request.code_name if request.case_id is None else request.number


def _parcel_item(parcel: Parcel, day: date) -> dict[str, Any]:
    request = parcel.request
    return {
        "when": weekday(request.needed_on),
        "late": request.needed_on < day,
        "title": f"{parcel.number}　{called(request)}　{people_words(request.household)}",
        "url": url_for("foodbank.hand_out_page", parcel_id=parcel.id),
        "note": request.place or PICKUP_LABELS[request.pickup],
    }


def _expiring(session: Any, viewer: Viewer, day: date) -> dict[str, Any]:
    listed = queries.stock(viewer, StockFilter(expiring=True), today=day)
    lots = queries.page_of_lots(session, listed, page=1, size=SHOWN_TODAY)
    return {
        "title": _("期限が14日以内"),
        "items": [
            {
                "when": days_left(lot.last_day),
                "late": lot.last_day == day,
                "title": lot.item.name,
                "url": url_for("foodbank.lot_page", lot_id=lot.id),
                "note": _("残り %(n)s", n=sum(b.quantity for b in lot.balances)),
            }
            for lot in lots
        ],
        "empty": _("ありません"),
        "action": (_("一覧"), url_for("foodbank.lot_list", expiring="1")),
    }


def _questions(session: Any, viewer: Viewer, day: date) -> dict[str, Any]:
    lots = queries.questions(session, viewer, today=day)
    return {
        "title": _("確かめること"),
        "items": [
            {
                "when": lot.number,
                "late": lot.state is LotState.QUESTION,
                "title": lot.item.name,
                "url": url_for("foodbank.lot_page", lot_id=lot.id),
                "note": lot.questions[0]["sentence"],
            }
            for lot in lots[:SHOWN_TODAY]
        ],
        "empty": _("ありません"),
        "action": (_("一覧"), url_for("foodbank.question_list")),
    }


today_sources.append((Action.FOOD_RECEIVE, today_for_food_bank))


def _standing_of_request(request_id: int) -> str:
    return str(request_queries.get_request(db.session, request_id, the_viewer(), today=today()).id)


def _standing_of_parcel(parcel_id: int) -> str:
    return str(parcel_queries.get_parcel(db.session, parcel_id, the_viewer(), today=today()).id)


standings["request_id"] = _standing_of_request
standings["parcel_id"] = _standing_of_parcel
