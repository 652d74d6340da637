"""Two people at one thing or one need at the same moment: one wins, the other is told."""

from functools import partial

import pytest

from app.db import now, today
from app.goods.codes import GoodsKind, ReservationEnd
from app.goods.deeds import moving, reserving
from app.goods.items import photos
from app.goods.models import GoodsItem, GoodsNeed, GoodsPhoto, GoodsReservation
from app.goods.needs import services as needs
from tests import in_turn as at_once
from tests.goods.kit import Goods, picture


@pytest.fixture
def goods(make, in_database):
    return Goods(make, in_database)


@pytest.fixture
def in_turn(app):
    """The second one's page was read before the first one wrote."""
    reading = (GoodsItem, GoodsNeed, GoodsReservation)
    return partial(at_once.in_turn, app, reading=reading)


def _keep(goods, item_id, need_id):
    return lambda session: reserving.reserve(
        session, item=session.get_one(GoodsItem, item_id), until=None, today=today(),
        need=session.get_one(GoodsNeed, need_id), user_id=goods.staff.id,
    )  # fmt: skip


def test_a_thing_is_kept_for_one_of_two(goods, in_turn):
    item_id, one, other = goods.item(), goods.need(), goods.need()
    assert in_turn(_keep(goods, item_id, one), _keep(goods, item_id, other)) == "ConflictError"
    assert goods.reservations() == 1


def test_a_need_gets_one_of_two_things(goods, in_turn):
    one, other, need_id = goods.item(), goods.item(), goods.need()
    assert in_turn(_keep(goods, one, need_id), _keep(goods, other, need_id)) == "ConflictError"
    assert goods.reservations() == 1


def test_a_need_something_is_just_kept_for_stays_of_its_kind(goods, in_turn):
    item_id, need_id, other = goods.item(), goods.need(), goods.need()

    def change(session, number=need_id):
        need = session.get_one(GoodsNeed, number)
        needs.change_need(
            session, need=need, version=need.version, values={"kind": GoodsKind.WASHER},
            user_id=goods.staff.id,
        )  # fmt: skip

    assert in_turn(_keep(goods, item_id, need_id), change) == "InvalidError"
    keep = _keep(goods, goods.item(), other)
    assert in_turn(lambda s: change(s, other), keep) == "InvalidError"


def test_what_is_let_go_at_this_moment_is_not_delivered(goods, in_turn):
    item_id, need_id = goods.kept(shelf="A")

    def free(session):
        reserving.free(
            session, reservation=reserving.running_for_item(session, item_id), why="x",
            ended_as=ReservationEnd.FREED, user_id=goods.staff.id, today=today(), at=now(),
        )  # fmt: skip

    def deliver(session):
        item = session.get_one(GoodsItem, item_id)
        moving.deliver(
            session, item=item, version=item.version, user_id=goods.staff.id, today=today(),
            at=now(), why="x",
        )  # fmt: skip

    assert in_turn(free, deliver) in {"StaleError", "InvalidError"}
    assert (goods.state(item_id), goods.need_state(need_id)) == (("stored", False), "open")


def test_a_picture_put_back_and_one_added_do_not_make_seven(goods, in_turn):
    item_id = goods.item()
    who = {"user_id": goods.staff.id, "at": now()}

    def add(session, many=1):
        photos.add_photos(
            session, item=session.get_one(GoodsItem, item_id), caption="",
            files=[(picture(), "a.png")] * many, **who,
        )  # fmt: skip

    goods.in_database(lambda s: add(s, photos.MOST))
    removed = goods.in_database(lambda s: s.query(GoodsPhoto.id).limit(1).scalar())

    def photo(session):
        item = session.get_one(GoodsItem, item_id)
        return {"item": item, "photo": session.get_one(GoodsPhoto, removed)}

    goods.in_database(lambda s: photos.remove_photo(s, **photo(s), **who))
    back = in_turn(add, lambda s: photos.put_back(s, **photo(s), user_id=goods.staff.id))
    assert back == "ConflictError"
