"""A thing on its way: kept for one, fetched, shelved, delivered, back – races decided, all told."""

from datetime import timedelta

import pytest

from app.db import now, today
from app.errors import ConflictError
from app.goods.deeds import moving, reserving
from app.goods.models import GoodsItem, GoodsMove, GoodsNeed
from app.placements.codes import RefusalReason, StepKind
from app.placements.models import Placement
from app.placements.refusals import Refusal, refuse_placement
from app.policy import Protection
from tests.goods.kit import DAYS, Goods
from tests.keyday.kit import KEYS_ON
from tests.placements.households import a_case


@pytest.fixture
def goods(make, in_database):
    return Goods(make, in_database)


def _do(browser, item_id, deed, values=None, status=200):
    """Open the page with a deed's form and send it."""
    names = {"reservation": "reserve", "until": "extend", "release": "free", "fetched": "fetch",
             "stored": "store", "delivered": "deliver", "returned": "give_back",
             "withdrawn": "withdraw", "disposed": "dispose"}  # fmt: skip
    page = browser.get(f"/goods/items/{item_id}?do={names[deed]}")
    return browser.submit(page, values, action=f"/{deed}", status=status)


def test_a_thing_goes_from_its_donor_to_the_household_and_back(goods, browser_of):
    browser, item_id = browser_of(goods.staff), goods.item()
    need_id = goods.need()
    page = _do(browser, item_id, "reservation", {"need_id": str(need_id)})
    assert goods.case.number in page.text
    assert reserving.AFTER_KEYS.days == 7
    _do(browser, item_id, "fetched", {"shelf": "倉庫A-3"})
    asked = _do(browser, item_id, "delivered", status=422)
    assert "より前に届けることになります" in asked.errors
    page = browser.submit(asked, {"why": "管理人に預かってもらう"}, action="/delivered")
    assert (goods.state(item_id), goods.need_state(need_id)) == (("delivered", False), "met")
    assert "管理人に預かってもらう" in page.text
    page = browser.submit(page, action="/undo")
    assert (goods.state(item_id), goods.need_state(need_id)) == (("stored", True), "open")
    _do(browser, item_id, "delivered", {"why": "もう一度"})
    empty = _do(browser, item_id, "returned", {"shelf": "B-1"}, status=422)
    browser.submit(empty, {"why": "入らなかった"}, action="/returned")
    assert (goods.state(item_id), goods.need_state(need_id)) == (("returned", False), "open")
    told = [
        move.deed.value
        for move in goods.in_database(
            lambda s: s.query(GoodsMove).filter_by(item_id=item_id).order_by(GoodsMove.id).all()
        )
    ]
    assert told == ["pledged", "reserved", "fetched", "stored", "delivered", "undone",
                    "delivered", "returned"]  # fmt: skip
    page = _do(browser, item_id, "disposed", {"why": "壊れていた"})
    assert "処分した" in page.text


def test_what_cannot_be_yet_is_refused_in_words(goods, browser_of):
    browser = browser_of(goods.staff)
    item_id, _need = goods.kept()
    page = browser.get(f"/goods/items/{item_id}")
    keys = {"version": "99", "idempotency_key": "a-key-of-its-own"}
    csrf = page.typed("/fetched")["csrf_token"]
    here = f"/goods/items/{item_id}"
    early = browser.raw.post(f"{here}/delivered", data=keys | {"csrf_token": csrf})
    assert early.status_code == 422
    assert "まだ引き取っていません" in early.get_data(as_text=True)
    ahead = _do(browser, item_id, "fetched", {"on": str(today() + DAYS)}, status=422)
    assert "まだ来ていない日" in ahead.errors
    _do(browser, item_id, "fetched")
    stale = browser.submit(page, action="/fetched", status=409)
    assert "引き取った（運んでいる）" in stale.text
    past = _do(browser, item_id, "stored", {"shelf": "A", "on": str(today() - DAYS)}, status=422)
    assert "前の記録" in past.errors
    assert "置いた棚を入力" in _do(browser, item_id, "stored", {"shelf": ""}, status=422).errors
    assert "わけを入力" in _do(browser, item_id, "disposed", status=422).errors


def test_of_two_for_one_thing_and_two_things_for_one_need_one_wins(goods, in_database):
    one, other = goods.kept()[0], goods.item()
    needs = [goods.need(), goods.need()]

    def keep(session, item_id, need_id):
        reserving.reserve(
            session, item=session.get_one(GoodsItem, item_id), until=None, today=today(),
            need=session.get_one(GoodsNeed, need_id), user_id=goods.staff.id,
        )  # fmt: skip

    with pytest.raises(ConflictError, match="すでにほかの世帯"):
        in_database(lambda s: keep(s, one, needs[0]))
    in_database(lambda s: keep(s, other, needs[0]))
    third = goods.item()
    with pytest.raises(ConflictError, match="すでに別の品物"):
        in_database(lambda s: keep(s, third, needs[0]))
    assert goods.reservations() == 2


def test_a_reservation_has_an_end_that_is_told_and_never_drops_it(goods, browser_of):
    browser, (item_id, _need) = browser_of(goods.staff), goods.kept()
    assert "もう過ぎた日" in _do(browser, item_id, "until", {"until": str(today() - DAYS)},
                                 status=422).errors  # fmt: skip
    far = str(today() + 91 * DAYS)
    assert "90日先" in _do(browser, item_id, "until", {"until": far}, status=422).errors
    goods.expire(item_id)
    page = browser.get(f"/goods/items/{item_id}")
    assert "期限を過ぎても外れません" in page.text
    assert "取り置きの期限切れ" in browser.get("/goods").text
    later = today() + 3 * DAYS
    _do(browser, item_id, "until", {"until": str(later)})
    assert "期限を過ぎても外れません" not in browser.get(f"/goods/items/{item_id}").text
    page = _do(browser, item_id, "release", {"why": "本人が別のものを選んだ"})
    assert "本人が別のものを選んだ" in page.text
    assert goods.state(item_id) == ("pledged", False)


def test_a_way_that_ends_frees_what_was_kept_and_tells_it_on_the_thing(goods, browser_of):
    browser, (item_id, need_id) = browser_of(goods.staff), goods.kept()

    def refuse(session):
        refuse_placement(
            session, placement=session.get_one(Placement, goods.id), today=today(),
            refusal=Refusal(RefusalReason.HOUSEHOLD), user_id=goods.staff.id,
        )  # fmt: skip

    goods.in_database(refuse)
    assert goods.state(item_id) == ("pledged", False)
    assert "入居の手続きが終わったため" in browser.get(f"/goods/items/{item_id}").text
    again = _do(browser, item_id, "reservation", {"need_id": str(need_id)}, status=422)
    assert "手続きは終わっています" in again.errors


def test_who_may_not_know_the_household_can_neither_keep_nor_free(goods, make, browser_of):
    item_id, need_id = goods.kept()
    stranger = browser_of(make.user())
    page = stranger.get(f"/goods/items/{item_id}")
    assert "release" not in page.response.get_data(as_text=True)
    other = goods.item()
    asked = stranger.get(f"/goods/items/{other}")
    assert "この種類を必要としている世帯は、いまありません" in asked.text
    assert stranger.get(f"/goods/needs/{need_id}", status=404).status == 404


@pytest.mark.parametrize("where", ["{address}", "{name}"])
def test_a_hidden_home_is_no_hand_over_point(make, in_database, browser_of, where):
    goods = Goods(make, in_database, protection=Protection.YES)
    item_id, need_id, home = goods.item(), goods.need(), goods.home.property
    values = {"need_id": str(need_id),
              "hand_over_at": where.format(address=home.address, name=home.name)}  # fmt: skip
    browser = browser_of(goods.staff)
    page = _do(browser, item_id, "reservation", values, status=422)
    assert "住所は書けません" in page.errors
    good = browser.submit(page, {"hand_over_at": "市役所1階"}, action="/reservation")
    assert "市役所1階" in good.text


def test_a_donor_who_brings_it_needs_no_fetching_and_may_withdraw(goods, browser_of):
    browser = browser_of(goods.staff)
    item_id, _need = goods.kept(carrier="donor")
    goods.appoint(StepKind.KEYS, KEYS_ON)
    page = _do(browser, item_id, "delivered", {"why": "寄贈者が管理人に渡す"})
    assert "届けた" in page.text
    other, need_id = goods.kept()
    page = _do(browser, other, "withdrawn", {"why": "寄贈者が使うことになった"})
    assert (goods.state(other), goods.need_state(need_id)) == (("withdrawn", False), "open")
    browser.submit(page, action="/undo")
    assert goods.state(other) == ("pledged", True)


def test_who_finds_a_thing_gone_or_the_need_served_is_told_that_and_nothing_else(goods, browser_of):
    browser, (item_id, need_id) = browser_of(goods.staff), goods.kept()
    page = _do(browser, item_id, "withdrawn", {"why": "寄贈者が使うことになった"})

    def keep(session, which):
        reserving.reserve(
            session, item=session.get_one(GoodsItem, which), until=None, today=today(),
            need=session.get_one(GoodsNeed, need_id), user_id=goods.staff.id,
        )  # fmt: skip

    with pytest.raises(ConflictError, match="申し出の取り下げ"):
        goods.in_database(lambda s: keep(s, item_id))
    other = goods.item()
    goods.in_database(lambda s: keep(s, other))
    assert "もう別の品物" in browser.submit(page, action="/undo", status=409).text
    assert (goods.state(item_id), goods.reservations()) == (("withdrawn", False), 2)


def test_after_ten_minutes_nothing_is_taken_back(goods):
    item_id, _need = goods.delivered()

    def undo(session):
        item = session.get_one(GoodsItem, item_id)
        moving.undo(session, item=item, version=item.version, user_id=goods.staff.id,
                    today=today(), at=now() + timedelta(minutes=11))  # fmt: skip

    with pytest.raises(ConflictError, match="10分"):
        goods.in_database(undo)


def test_another_kind_and_an_unsafe_thing_are_refused(goods, make, in_database, browser_of):
    need_id = goods.need("bed")
    a_case(make, goods.staff)
    for values, words in (({}, "同じ種類"), ({"kind": "bed", "recall": "bad"}, "取り置けません")):
        with pytest.raises(Exception, match=words):
            in_database(lambda s, v=values: reserving.reserve(
                s, item=s.get_one(GoodsItem, goods.item(**v)), until=None, today=today(),
                need=s.get_one(GoodsNeed, need_id), user_id=goods.staff.id))  # fmt: skip
