"""Goods in the API: things and what is done with them, needs of households, measures of homes."""

from typing import Any

from flask import jsonify

from app.api import Blueprint
from app.audit.models import Deed
from app.cases.frame import opened
from app.cases.queries import access_to
from app.db import db, how_many, now, today
from app.goods.answer_schemas import (
    GoodsItemAnswerSchema,
    GoodsListSchema,
    GoodsPageSchema,
    HomeMeasuresAnswerSchema,
)
from app.goods.codes import ReservationEnd
from app.goods.deeds import moving, reserving
from app.goods.deeds.schemas import (
    DeliverSchema,
    FetchSchema,
    FreeSchema,
    GiveBackSchema,
    ItemLeavesSchema,
    ReserveSchema,
    StoreSchema,
)
from app.goods.deeds.views import kept_here, who
from app.goods.items import queries as items
from app.goods.items import services as taking_in
from app.goods.items.records import shown_item, shown_reservation
from app.goods.items.schemas import EditItemSchema, PledgeSchema
from app.goods.measures import services as measuring
from app.goods.measures.schemas import MeasuresSchema
from app.goods.models import GoodsItem, GoodsNeed, GoodsReservation, HomeMeasures
from app.goods.needs import queries as needs
from app.goods.needs import services as needing
from app.goods.needs.schemas import (
    EditNeedSchema,
    MetSchema,
    NeedAnswerSchema,
    NeedListSchema,
    NeedSchema,
)
from app.goods.needs.usual import proposed_for
from app.idempotency import committed, creates
from app.placements.models import Placement
from app.placements.queries import get_placement
from app.policy import Access, Action, Tier, present, requires
from app.security import acting_organisation, saw, the_viewer

bp = Blueprint("api-goods", __name__, url_prefix="/api/v1", description="物資（家具・日用品）")


def _told(item: GoodsItem, kept: GoodsReservation | None) -> dict[str, Any]:
    viewer = the_viewer()
    values = dict(shown_item(item, viewer, kept).values)
    if kept is not None:
        shown = shown_reservation(kept, viewer, today=today())
        values |= {
            "reserved_need": shown.need,
            "case_number": shown.case_number,
            "hand_over_at": shown.hand_over_at,
        }
    return values


def _answer(item: GoodsItem, status: int = 200) -> Any:
    kept = reserving.running_for_item(db.session, item.id)
    return committed(jsonify(GoodsItemAnswerSchema().dump(_told(item, kept))), status)


@bp.get("/goods")
@bp.arguments(GoodsPageSchema, location="query")
@bp.response(200, GoodsListSchema)
@requires(Action.GOODS_READ)
def item_list(typed: dict[str, Any]) -> Any:
    """Things at hand unless a state is asked for, what runs out of time first."""
    statement = items.listed(typed, today=today())
    size = typed["per_page"]
    found = items.page_of(db.session, statement, limit=size, offset=(typed["page"] - 1) * size)
    kept = items.running(db.session, [item.id for item in found])
    saw(Deed.LISTED, "goods_item", None, fields=("label", "donor"))
    return {
        "items": [_told(item, kept.get(item.id)) for item in found],
        "total": how_many(db.session, statement),
        "page": typed["page"],
    }


@bp.post("/goods")
@bp.arguments(PledgeSchema)
@bp.response(201, GoodsItemAnswerSchema)
@requires(Action.GOODS_EDIT)
@creates
def pledge_item(typed: dict[str, Any]) -> Any:
    """Take a thing in; 422 at `again` where it looks like one of today's."""
    viewer = the_viewer()
    item = taking_in.pledge(
        db.session,
        shelf=typed.pop("shelf"),
        again=typed.pop("again"),
        values=typed,
        organisation_id=acting_organisation(viewer, Action.GOODS_EDIT),
        **who(),
    )
    return _answer(item, 201)


@bp.get("/goods/<int:item_id>")
@bp.response(200, GoodsItemAnswerSchema)
@requires(Action.GOODS_READ)
def item(item_id: int) -> Any:
    """One thing."""
    found = items.get_item(db.session, item_id)
    saw(Deed.VIEWED, "goods_item", found.id, fields=("label", "donor"))
    return _told(found, reserving.running_for_item(db.session, found.id))


@bp.put("/goods/<int:item_id>")
@bp.arguments(EditItemSchema)
@bp.response(200, GoodsItemAnswerSchema)
@requires(Action.GOODS_EDIT)
def change_item(typed: dict[str, Any], item_id: int) -> Any:
    """Correct a thing; one found unsafe is let go. 409 with code stale when it was changed."""
    found = items.get_item(db.session, item_id)
    version = typed.pop("version")
    taking_in.change_item(db.session, item=found, version=version, values=typed, at=now(), **who())
    return _answer(found)


# ------------------------------------------------------------------------------------ deeds


@bp.post("/goods/<int:item_id>/reservation")
@bp.arguments(ReserveSchema)
@bp.response(200, GoodsItemAnswerSchema)
@requires(Action.GOODS_NEED)
@creates
def reserve_item(typed: dict[str, Any], item_id: int) -> Any:
    """Keep a thing for a need; 409 with code item_taken when somebody was first."""
    found = items.get_item(db.session, item_id)
    need = needs.get_need(db.session, typed.pop("need_id"), the_viewer(), today=today())
    reserving.reserve(db.session, item=found, need=need, **typed, **who())
    return _answer(found)


@bp.post("/goods/<int:item_id>/release")
@bp.arguments(FreeSchema)
@bp.response(200, GoodsItemAnswerSchema)
@requires(Action.GOODS_NEED)
@creates
def free_item(typed: dict[str, Any], item_id: int) -> Any:
    """Let a thing go; `version` is the reservation's, or 0 for whichever runs."""
    found = items.get_item(db.session, item_id)
    kept = kept_here(found)
    if typed["version"]:
        reserving.check(kept, typed["version"])
    reserving.free(db.session, reservation=kept, ended_as=ReservationEnd.FREED,
                   why=typed["why"], at=now(), **who())  # fmt: skip
    return _answer(found)


@bp.post("/goods/<int:item_id>/fetched")
@bp.arguments(FetchSchema)
@bp.response(200, GoodsItemAnswerSchema)
@requires(Action.GOODS_EDIT)
@creates
def fetch_item(typed: dict[str, Any], item_id: int) -> Any:
    """Taken over from its donor."""
    found = items.get_item(db.session, item_id)
    moving.fetch(db.session, item=found, **typed, **who())
    return _answer(found)


@bp.post("/goods/<int:item_id>/stored")
@bp.arguments(StoreSchema)
@bp.response(200, GoodsItemAnswerSchema)
@requires(Action.GOODS_EDIT)
@creates
def store_item(typed: dict[str, Any], item_id: int) -> Any:
    """Put on a shelf."""
    found = items.get_item(db.session, item_id)
    moving.store(db.session, item=found, **typed, **who())
    return _answer(found)


@bp.post("/goods/<int:item_id>/delivered")
@bp.arguments(DeliverSchema)
@bp.response(200, GoodsItemAnswerSchema)
@requires(Action.GOODS_EDIT)
@creates
def deliver_item(typed: dict[str, Any], item_id: int) -> Any:
    """At the household's; 422 at `why` for a day before the keys without a reason."""
    found = items.get_item(db.session, item_id)
    moving.deliver(db.session, item=found, at=now(), **typed, **who())
    return _answer(found)


@bp.post("/goods/<int:item_id>/returned")
@bp.arguments(GiveBackSchema)
@bp.response(200, GoodsItemAnswerSchema)
@requires(Action.GOODS_EDIT)
@creates
def give_back_item(typed: dict[str, Any], item_id: int) -> Any:
    """Back from the household, onto a shelf."""
    found = items.get_item(db.session, item_id)
    moving.give_back(db.session, item=found, **typed, **who())
    return _answer(found)


@bp.post("/goods/<int:item_id>/withdrawn")
@bp.arguments(ItemLeavesSchema)
@bp.response(200, GoodsItemAnswerSchema)
@requires(Action.GOODS_EDIT)
@creates
def withdraw_item(typed: dict[str, Any], item_id: int) -> Any:
    """The donor gives it no more."""
    found = items.get_item(db.session, item_id)
    moving.withdraw(db.session, item=found, at=now(), **typed, **who())
    return _answer(found)


@bp.post("/goods/<int:item_id>/disposed")
@bp.arguments(ItemLeavesSchema)
@bp.response(200, GoodsItemAnswerSchema)
@requires(Action.GOODS_EDIT)
@creates
def dispose_item(typed: dict[str, Any], item_id: int) -> Any:
    """Thrown away or recycled."""
    found = items.get_item(db.session, item_id)
    moving.dispose(db.session, item=found, at=now(), **typed, **who())
    return _answer(found)


# ------------------------------------------------------------------------ needs and measures


@bp.get("/cases/<int:case_id>/goods")
@bp.response(200, NeedListSchema)
@requires(Action.GOODS_READ)
def need_list(case_id: int) -> Any:
    """A household's needs, and the kinds usually needed that it has no need of yet."""
    one = opened(case_id)
    seen = needs.seen_needs(db.session, one.case, one.access)
    saw(Deed.VIEWED, "case", case_id, fields=("goods",))
    lines = proposed_for(db.session, one.case, [row.need for row in seen], today=today())
    return {
        "needs": [row.shown.values for row in seen],
        "proposed": [line.line.kind.value for line in lines],
    }


@bp.post("/cases/<int:case_id>/goods")
@bp.arguments(NeedSchema)
@bp.response(201, NeedAnswerSchema)
@requires(Action.GOODS_NEED)
@creates
def add_need(typed: dict[str, Any], case_id: int) -> Any:
    """One more need; what this caller may not read is not taken from them either."""
    one = opened(case_id)
    need = needing.add_need(
        db.session, case=one.case, values=_readable(typed, one.access), user_id=who()["user_id"]
    )
    return _need(need, 201)


def _readable(typed: dict[str, Any], access: Access) -> dict[str, Any]:
    hidden = set() if access.sees(Tier.CARE) else {"note"}
    if not access.sees(Tier.PLACE):
        hidden |= {"space_width_cm", "space_depth_cm", "space_height_cm"}
    return {name: value for name, value in typed.items() if name not in hidden}


def _need(need: GoodsNeed, status: int = 200) -> Any:
    access = access_to(need.case, the_viewer(), today=today())
    place = reserving.placement_of(db.session, need)
    kept = reserving.running_for_need(db.session, need.id)
    shown = needs.shown_need(need, access, place, kept)
    return committed(jsonify(NeedAnswerSchema().dump(shown.values)), status)


@bp.put("/goods-needs/<int:need_id>")
@bp.arguments(EditNeedSchema)
@bp.response(200, NeedAnswerSchema)
@requires(Action.GOODS_NEED)
def change_need(typed: dict[str, Any], need_id: int) -> Any:
    """Correct a need; 409 with code stale when it was changed meanwhile."""
    viewer = the_viewer()
    need = needs.get_need(db.session, need_id, viewer, today=today())
    version = typed.pop("version")
    values = _readable(typed, access_to(need.case, viewer, today=today()))
    needing.change_need(
        db.session, need=need, version=version, values=values, user_id=viewer.user_id
    )
    return _need(need)


@bp.post("/goods-needs/<int:need_id>/met")
@bp.arguments(MetSchema)
@bp.response(200, NeedAnswerSchema)
@requires(Action.GOODS_NEED)
@creates
def meet_need(typed: dict[str, Any], need_id: int) -> Any:
    """The household has it without us."""
    need = needs.get_need(db.session, need_id, the_viewer(), today=today())
    needing.meet(db.session, need=need, **typed, **who(), at=now())
    return _need(need)


@bp.get("/placements/<int:placement_id>/measures")
@bp.response(200, HomeMeasuresAnswerSchema)
@requires(Action.GOODS_NEED)
def measures(placement_id: int) -> Any:
    """What is known of the way into the home of a placement, and of its spaces."""
    placement = get_placement(db.session, placement_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", placement.case_id, fields=("home",))
    return _measures(placement, measuring.measures_of(db.session, placement.home_id))


def _measures(placement: Placement, found: HomeMeasures | None) -> dict[str, Any]:
    access = access_to(placement.case, the_viewer(), today=today())
    if found is None:
        return {"version": 0, "home_id": placement.home_id}
    names = HomeMeasuresAnswerSchema().fields
    record = {name: getattr(found, name) for name in names}
    return dict(present("home_measures", record, access).values)


@bp.post("/placements/<int:placement_id>/measures")
@bp.arguments(MeasuresSchema)
@bp.response(200, HomeMeasuresAnswerSchema)
@requires(Action.GOODS_NEED)
@creates
def measure_home(typed: dict[str, Any], placement_id: int) -> Any:
    """Write the measures of a home; 409 with code stale when somebody measured meanwhile."""
    placement = get_placement(db.session, placement_id, the_viewer(), today=today())
    version = typed.pop("version")
    found = measuring.measure(
        db.session, home_id=placement.home_id, version=version, values=typed, **who()
    )
    told = HomeMeasuresAnswerSchema().dump(_measures(placement, found))
    return committed(jsonify(told))
