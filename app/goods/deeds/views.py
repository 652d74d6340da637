"""What is done with a thing, each by its own button on the thing's page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import attempt
from app.db import db, now, today
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.forms import Form
from app.goods.blueprint import bp
from app.goods.codes import ReservationEnd
from app.goods.deeds import moving, reserving
from app.goods.deeds.page import draw_item, form_of, knows_case
from app.goods.deeds.schemas import UndoSchema
from app.goods.items.queries import get_item
from app.goods.models import GoodsItem, GoodsReservation
from app.goods.needs.queries import get_need
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer

NOT_KEPT = "この品物は、いま取り置かれていません。画面を開き直してください。"
NOT_YOURS = (
    "この取り置きをかえられるのは、その世帯の担当です。必要なときは担当者に連絡してください。"
)


@bp.get("/goods/items/<int:item_id>")
@requires(Action.GOODS_READ)
def item_page(item_id: int) -> Answer:
    """One thing: what it is, for whom it is kept, what to do next, and what became of it."""
    return draw_item(get_item(db.session, item_id))


@dataclass(frozen=True)
class ItemDeed:
    """One thing that can be done: the name of its form, the doing, what is said."""

    name: str
    act: Callable[[GoodsItem, dict[str, Any]], object]
    said: str


def _done(item_id: int, deed: ItemDeed) -> Answer:
    """Do it and show the thing; else its page with what was wrong."""
    item = get_item(db.session, item_id)
    form = form_of(deed.name, item, typed=request.form)
    status = attempt(form, lambda data: deed.act(item, dict(data)))
    if status == 200:
        flash(deed.said)
        return committed(redirect(url_for("goods.item_page", item_id=item_id), 303))
    if status == 409:
        form.refuse({"_": [_("ほかの人が先に記録しました。いまの状態を確かめてください。")]})
    return draw_item(get_item(db.session, item_id), (deed.name, form)), status


def kept_here(item: GoodsItem) -> GoodsReservation:
    """The reservation on a thing, for whoever may know its household.

    Raises ConflictError when none runs, ForbiddenError for the others.
    """
    kept = reserving.running_for_item(db.session, item.id)
    if kept is None:
        raise ConflictError(NOT_KEPT, code="reservation_ended")
    if not knows_case(kept):
        raise ForbiddenError(NOT_YOURS)
    return kept


def who() -> dict[str, Any]:
    """Who acts and on which day."""
    return {"user_id": the_viewer().user_id, "today": today()}


@bp.post("/goods/items/<int:item_id>/reservation")
@requires(Action.GOODS_NEED)
@creates
def reserve_item(item_id: int) -> Answer:
    def act(item: GoodsItem, data: dict[str, Any]) -> None:
        need = get_need(db.session, data.pop("need_id"), the_viewer(), today=today())
        reserving.reserve(db.session, item=item, need=need, **data, **who())

    return _done(item_id, ItemDeed("reserve", act, _("取り置きました。")))


@bp.post("/goods/items/<int:item_id>/reservation/until")
@requires(Action.GOODS_NEED)
@creates
def extend_reservation(item_id: int) -> Answer:
    def act(item: GoodsItem, data: dict[str, Any]) -> None:
        reserving.extend(db.session, reservation=kept_here(item), **data, **who())

    return _done(item_id, ItemDeed("extend", act, _("取り置きの日をかえました。")))


@bp.post("/goods/items/<int:item_id>/reservation/release")
@requires(Action.GOODS_NEED)
@creates
def free_item(item_id: int) -> Answer:
    def act(item: GoodsItem, data: dict[str, Any]) -> None:
        kept = kept_here(item)
        reserving.check(kept, data["version"])
        reserving.free(db.session, reservation=kept, ended_as=ReservationEnd.FREED,
                       why=data["why"], at=now(), **who())  # fmt: skip

    return _done(item_id, ItemDeed("free", act, _("取り置きを外しました。")))


@bp.post("/goods/items/<int:item_id>/fetched")
@requires(Action.GOODS_EDIT)
@creates
def fetch_item(item_id: int) -> Answer:
    def act(item: GoodsItem, data: dict[str, Any]) -> None:
        moving.fetch(db.session, item=item, **data, **who())

    return _done(item_id, ItemDeed("fetch", act, _("引き取りを記録しました。")))


@bp.post("/goods/items/<int:item_id>/stored")
@requires(Action.GOODS_EDIT)
@creates
def store_item(item_id: int) -> Answer:
    def act(item: GoodsItem, data: dict[str, Any]) -> None:
        moving.store(db.session, item=item, **data, **who())

    return _done(item_id, ItemDeed("store", act, _("棚を記録しました。")))


@bp.post("/goods/items/<int:item_id>/delivered")
@requires(Action.GOODS_EDIT)
@creates
def deliver_item(item_id: int) -> Answer:
    def act(item: GoodsItem, data: dict[str, Any]) -> None:
        moving.deliver(db.session, item=item, at=now(), **data, **who())

    return _done(item_id, ItemDeed("deliver", act, _("届けたことを記録しました。")))


@bp.post("/goods/items/<int:item_id>/returned")
@requires(Action.GOODS_EDIT)
@creates
def give_back_item(item_id: int) -> Answer:
    def act(item: GoodsItem, data: dict[str, Any]) -> None:
        moving.give_back(db.session, item=item, **data, **who())

    return _done(item_id, ItemDeed("give_back", act, _("戻ってきたことを記録しました。")))


@bp.post("/goods/items/<int:item_id>/withdrawn")
@requires(Action.GOODS_EDIT)
@creates
def withdraw_item(item_id: int) -> Answer:
    def act(item: GoodsItem, data: dict[str, Any]) -> None:
        moving.withdraw(db.session, item=item, at=now(), **data, **who())

    return _done(item_id, ItemDeed("withdraw", act, _("取り下げを記録しました。")))


@bp.post("/goods/items/<int:item_id>/disposed")
@requires(Action.GOODS_EDIT)
@creates
def dispose_item(item_id: int) -> Answer:
    def act(item: GoodsItem, data: dict[str, Any]) -> None:
        moving.dispose(db.session, item=item, at=now(), **data, **who())

    return _done(item_id, ItemDeed("dispose", act, _("処分を記録しました。")))


@bp.post("/goods/items/<int:item_id>/undo")
@requires(Action.GOODS_EDIT)
@creates
def undo_deed(item_id: int) -> Answer:
    form = Form(UndoSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("画面を読み込み直してから、もう一度押してください。"))
    deed = moving.undo(
        db.session, item=get_item(db.session, item_id), **form.data, at=now(), **who()
    )
    flash(_("「%(deed)s」を取り消しました。", deed=deed))
    return committed(redirect(url_for("goods.item_page", item_id=item_id), 303))
