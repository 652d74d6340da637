"""Which thing for which need: with reasons, each once, and nothing told of a home to others."""

import re

import pytest

from app.db import today
from app.goods.codes import Carrier, GoodsGas, GoodsKind, Importance, NeedState, Voltage
from app.goods.measures import services as measures
from app.goods.models import GoodsNeed
from app.housing.models import Home
from app.policy import OrganisationKind, Protection, Role
from tests.goods.kit import DAYS, Goods
from tests.placements.households import a_case

MEASURED = {
    "door_width_cm": 78, "door_height_cm": 195, "corridor_width_cm": 75, "stairs_width_cm": 80,
    "lift": False, "fridge_width_cm": 60, "fridge_depth_cm": 65, "fridge_height_cm": 180,
    "washer_width_cm": 64, "washer_depth_cm": 64, "stove_width_cm": 60, "socket_200v": False,
}  # fmt: skip


class Fitted(Goods):
    """The household's home is measured and on the first floor."""

    def measure(self, *, floor=1, **values):
        def act(session):
            home = session.get_one(Home, self.home.id)
            home.floor = floor
            home.property.latitude, home.property.longitude = 35.50, 139.40
            before = measures.measures_of(session, home.id)
            measures.measure(
                session, home_id=home.id, version=before.version if before else 0,
                values=MEASURED | values, user_id=self.staff.id, today=today(),
            )  # fmt: skip

        self.in_database(act)

    def told(self, app, path="/goods/proposals", user=None):
        """What the API answers."""
        headers = {"Authorization": f"Bearer {(user or self.staff).token}"}
        answer = app.test_client().get(f"/api/v1{path}", headers=headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.json


@pytest.fixture
def goods(make, in_database):
    one = Fitted(make, in_database)
    one.measure()
    return one


def test_what_fits_is_proposed_with_its_reasons_and_kept_by_one_tap(goods, browser_of):
    item_id, need_id = goods.item(), goods.need()
    browser = browser_of(goods.staff)
    page = browser.get(goods.needs_url + "/proposals")
    for words in (
        "提案あり", "冷蔵庫置き場 60cm に幅 48cm が入る", "幅 75cm の戸口を通る",
        "1階なので、階段がない", "引き取り先までおよそ", "2022年製",
    ):  # fmt: skip
        assert words in page.text
    browser.submit(page, action=f"/goods/needs/{need_id}/reservation")
    assert goods.state(item_id) == ("pledged", True)
    page = browser.get("/goods/proposals")
    assert "まだそろっていない必要はありません" in page.text


def test_one_thing_is_proposed_once_and_to_the_must_first(app, goods):
    item_id = goods.item(shelf="A-1")
    wish = goods.need(importance=Importance.WISH)
    must = goods.need()
    rows = {one["need_id"]: one for one in goods.told(app)["proposals"]}
    assert rows[must]["proposed"]["item_id"] == item_id
    assert rows[wish]["proposed"] is None
    assert goods.told(app, f"/cases/{goods.case.id}/goods/proposals") == goods.told(app)
    assert "引き取り先" not in str(rows[must])  # it is ours already


@pytest.mark.parametrize(
    ("given", "where", "said"),
    [
        (({"width_cm": None}, {}, {}), "to_ask", "品の幅を測ってください"),
        (({}, {}, {"fridge_depth_cm": None}), "to_ask", "冷蔵庫置き場の奥行を測ってください"),
        (({}, {}, {"floor": 3, "stairs_width_cm": None}), "to_ask", "階段の幅を測ってください"),
        (({"carrier": Carrier.DONOR}, {}, {"floor": 3}), "to_ask", "運ぶ人に聞いてください"),
        (({"width_cm": 63, "depth_cm": 70}, {}, {}), "near_misses", "あと5cm足りません"),
        (({"width_cm": 48}, {"space_width_cm": 45}, {}), "near_misses", "あと3cm足りません"),
        (({"window_from": today() + 9 * DAYS}, {}, {}), "near_misses", "必要な日にあと4日間に合い"),
    ],
)
def test_what_is_not_known_is_asked_and_what_is_missing_said(app, goods, given, where, said):
    item, need, home = given
    goods.measure(**home)
    goods.item(**item)
    goods.need(**need)
    (row,) = goods.told(app)["proposals"]
    assert row["proposed"] is None
    assert said in str(row[where])


@pytest.mark.parametrize(("kind", "asked"), [("futon", False), ("chest", True)])
def test_only_of_what_may_come_apart_it_is_asked_whether_it_does(app, goods, kind, asked):
    goods.measure(door_width_cm=None)
    goods.item(kind=kind, dismantles=None)
    goods.need(kind)
    (row,) = goods.told(app)["proposals"]
    assert ("分解できるか" in str(row)) is asked


def test_a_day_that_has_passed_is_said_and_long_lists_of_questions_are_folded(goods, browser_of):
    goods.measure(door_width_cm=None, stairs_width_cm=None, fridge_height_cm=None)
    unknown = dict.fromkeys(("width_cm", "depth_cm", "height_cm", "dismantles", "made_year"))
    goods.item(**unknown, voltage=Voltage.UNKNOWN)
    goods.need(needed_on=today() - DAYS)
    browser = browser_of(goods.staff)
    page = browser.get("/goods/proposals")
    assert "過ぎています" in page.text
    assert "ほかに確かめること" in page.text
    assert re.search(r"測る・聞けば決まる\W*\d", page.text)
    assert "過ぎています" in browser.get(goods.needs_url).text


def test_a_household_s_kinds_without_a_thing_stand_in_one_line(goods, browser_of):
    goods.item()
    for kind in ("fridge", "tableware", "tableware", "light"):
        goods.need(kind)
    page = browser_of(goods.staff).get("/goods/proposals")
    assert "いま品物のないもの 食器 ×2、照明器具" in page.text.replace("　", " ")
    assert len(page.soup.select(".goods-need")) == 1


@pytest.mark.parametrize(
    ("kind", "item", "said"),
    [
        (GoodsKind.WASHER, {"width_cm": 60, "depth_cm": 60}, "洗濯機置き場 64cm"),
        (GoodsKind.CURTAIN, {"width_cm": 200, "voltage": Voltage.NONE}, "手で持って運べる"),
        (GoodsKind.CHEST, {"width_cm": 40, "voltage": Voltage.NONE}, "1階"),
    ],
)
def test_a_side_nothing_stands_in_the_way_of_is_not_asked_for(app, goods, kind, item, said):
    goods.item(kind=kind, **item)
    goods.need(kind)
    (row,) = goods.told(app)["proposals"]
    assert said in str(row["proposed"])


def test_an_appliance_for_another_gas_is_never_proposed(app, goods):
    goods.item(kind=GoodsKind.GAS_STOVE, gas=GoodsGas.LP, width_cm=59, depth_cm=40, height_cm=20)
    goods.need(GoodsKind.GAS_STOVE, gas=GoodsGas.CITY)
    (row,) = goods.told(app)["proposals"]
    assert (row["proposed"], row["to_ask"], row["near_misses"]) == (None, [], [])


def test_of_a_hidden_home_nothing_is_told_to_others_and_no_distance_to_anybody(
    app, make, in_database, browser_of
):
    office = make.organisation(*OrganisationKind)
    staff = make.user(Role.CONSULTANT, Role.HOUSING, organisation=office)
    goods = Fitted(make, in_database, staff=staff, protection=Protection.YES)
    goods.measure()
    goods.item()
    need_id = goods.need()
    told = goods.told(app)
    assert told["proposals"][0]["proposed"]
    assert "引き取り先" not in str(told)
    other = make.user(Role.CONSULTANT, organisation=office)
    told = goods.told(app, user=other)
    assert told == {"proposals": [], "not_judged": [need_id]}
    page = browser_of(other).get("/goods/proposals")
    assert "必要が1点あります" in page.text
    assert "60cm" not in page.text


def test_of_a_home_that_is_not_there_yet_or_not_measured_everything_is_asked(
    app, make, in_database
):
    goods = Fitted(make, in_database)
    goods.item()
    unmeasured = goods.need()
    nowhere = a_case(make, goods.staff)
    make.save(GoodsNeed(case_id=nowhere.id, user_id=goods.staff.id, kind=GoodsKind.FRIDGE,
                        state=NeedState.OPEN))  # fmt: skip
    first, second = goods.told(app)["proposals"]
    assert first["need_id"] == unmeasured
    assert first["due_on"] == str(today() + 5 * DAYS)
    assert second["due_on"] is None
    for row in (first, second):
        assert "戸口の幅・高さを測ってください" in str(row["to_ask"])
