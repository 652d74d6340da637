"""Goods elsewhere: the API, the page of the case, the key date, and the first page."""

import pytest

from app.db import today
from app.keyday import services as key_days
from app.placements.models import Placement
from app.policy import Role
from tests.goods.kit import DAYS, Goods
from tests.keyday.kit import KEYS_ON


@pytest.fixture
def goods(make, in_database):
    return Goods(make, in_database)


class Program:
    """Somebody's program: each POST with a key of its own."""

    def __init__(self, browser, user):
        self.client, self.token, self.count = browser.raw, user.token, 0

    def __call__(self, method, url, json=None, status=200):
        self.count += 1
        answer = self.client.open(f"/api/v1{url}", method=method, json=json, headers={
            "Authorization": f"Bearer {self.token}", "Idempotency-Key": f"goods-{self.count:06}",
        })  # fmt: skip
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.json


def test_the_api_brings_a_thing_from_its_donor_to_a_need_and_back(goods, visitor):
    ask = Program(visitor, goods.staff)
    item = ask("POST", "/goods", {"kind": "fridge", "label": "白", "donor": "架空の里"}, 201)
    here = f"/goods/{item['id']}"
    assert "again" in ask("POST", "/goods", {"kind": "fridge", "label": "白",
                                             "donor": "架空の里"}, 422)["errors"]  # fmt: skip
    changed = ask("PUT", here, {"kind": "fridge", "label": "白", "donor": "架空の里",
                                "carrier": "we", "version": item["version"]})  # fmt: skip
    assert ask("PUT", here, {"kind": "bed", "label": "x", "version": 77}, 409)["code"] == "stale"
    case = f"/cases/{goods.case.id}/goods"
    need = ask("POST", case, {"kind": "fridge", "note": "静かなもの"}, 201)
    assert need["due_on"] == str(KEYS_ON)
    assert need["note"] == "静かなもの"
    need = ask("PUT", f"/goods-needs/{need['id']}", {"kind": "fridge", "detail": "一人用",
                                                     "version": need["version"]})  # fmt: skip
    assert need["detail"] == "一人用"
    kept = ask("POST", f"{here}/reservation", {"need_id": need["id"]})
    assert (kept["reserved"], kept["case_number"]) == (True, goods.case.number)
    assert ask("POST", f"{here}/reservation", {"need_id": need["id"]}, 409)["code"] == "item_taken"
    assert "fridge" not in ask("GET", case)["proposed"]
    early = {"version": kept["version"]}
    assert ask("POST", f"{here}/delivered", early, 422)["code"] == "not_fetched"
    item = ask("POST", f"{here}/fetched", {"version": kept["version"]})
    item = ask("POST", f"{here}/stored", {"version": item["version"], "shelf": "A-1"})
    item = ask("POST", f"{here}/delivered", {"version": item["version"], "why": "預ける"})
    assert item["state"] == "delivered"
    item = ask("POST", f"{here}/returned", {"version": item["version"], "shelf": "A-1",
                                            "why": "入らない", "still_needed": True})  # fmt: skip
    ask("POST", f"{here}/reservation", {"need_id": need["id"]})
    item = ask("POST", f"{here}/release", {"version": 0, "why": "別のものにした"})
    assert ask("POST", f"{here}/disposed", {"version": item["version"], "why": "故障"})[
        "state"] == "disposed"  # fmt: skip
    version = ask("GET", case)["needs"][0]["version"]
    assert ask("POST", f"/goods-needs/{need['id']}/met",
               {"version": version, "met_by": "own"})["state"] == "met"  # fmt: skip
    assert changed["donor"] == "架空の里"
    assert ask("GET", "/goods?show=gone&per_page=1")["items"][0]["shelf"] is None


def test_the_api_withdraws_measures_and_hides(goods, make, visitor):
    ask, item_id = Program(visitor, goods.staff), goods.item()
    item = ask("GET", f"/goods/{item_id}")
    assert "相武台" in item["donor_address"]
    told = ask("POST", f"/goods/{item_id}/withdrawn", {"version": item["version"], "why": "x"})
    assert told["state"] == "withdrawn"
    home = f"/placements/{goods.id}/measures"
    assert ask("GET", home)["version"] == 0
    told = ask("POST", home, {"version": 0, "door_width_cm": 78, "lift": False})
    assert (told["door_width_cm"], told["lift"]) == (78, "no")
    assert ask("GET", home)["measured_on"] == str(today())
    reader = Program(visitor, make.user(Role.FOLLOWUP))
    hidden = reader("GET", f"/goods/{item_id}")
    assert hidden["label"] == "2ドア 白"
    assert "donor" not in hidden
    assert "donor_address" not in hidden


def test_the_case_and_the_key_date_say_how_far_the_goods_are(goods, browser_of):
    browser = browser_of(goods.staff)

    def plan(session):
        key_days.make_plan(session, placement=session.get_one(Placement, goods.id),
                           user_id=goods.staff.id, today=today())  # fmt: skip

    goods.in_database(plan)
    case_url = f"/cases/{goods.case.id}"
    assert "要る家具・日用品を書く" in browser.get(case_url).text
    assert "物資の必要に、まだ書かれていません" in browser.get(goods.url).text
    goods.kept()
    goods.need("futon")
    page = browser.get(case_url).text
    assert "そろった 0／2点" in page
    assert "取り置き中" in page
    assert "まだそろっていません" in page
    assert "取り置き中0点・まだない1点" in browser.get(goods.url).text


def test_the_first_page_tells_what_to_fetch_deliver_and_decide(goods, browser_of):
    browser = browser_of(goods.staff)
    goods.item(label="期限の近いもの", window_until=today() + DAYS)
    kept, _need = goods.kept(shelf="倉庫A", label="届けるもの")
    page = browser.get("/").text
    assert "引き取る品物" in page
    assert "期限の近いもの（モノ-0001）" in page
    assert f"届けるもの（モノ-{kept:04}）" in page
    assert "期限の切れた取り置き" not in page
    goods.expire(kept)
    page = browser.get("/")
    assert "期限の切れた取り置き" in page.text
    assert page.text.count(f"（モノ-{kept:04}）") == 1  # to decide; not once more to deliver
    assert page.link("車の日") == "/goods/van"
    assert f"（モノ-{kept:04}）" in browser_of(goods.helper).get("/").text
    assert goods.case.number not in browser_of(goods.helper).get("/").text
