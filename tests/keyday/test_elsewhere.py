"""The key date on paper, through the API, in its template, and beside what others know."""

from datetime import timedelta

import pytest

from app.cases.needs.models import FoodProfile
from app.db import today
from app.keyday import paper_views, templates
from app.policy import ConsentItem, OrganisationKind, Protection, RecipientKind, Role
from tests.keyday.kit import KEYS_ON, KeyDay


@pytest.fixture
def key_day(make, in_database):
    return KeyDay(make, in_database)


@pytest.fixture
def printed(monkeypatch):
    """What the last paper would have said."""
    said = {}

    def keep(paper, data):
        said.update(paper=paper, data=data)
        return b"%PDF-"

    monkeypatch.setattr(paper_views, "render_pdf", keep)
    return said


def test_the_household_gets_easy_words_and_no_notes(key_day, browser_of, printed):
    browser = browser_of(key_day.staff)
    browser.submit(browser.get(key_day.at("keys")), {"note": "借金のこと"}, action="/change")
    page = browser.get(key_day.url)
    browser.submit(page, action=key_day.at("water", "/done"))
    browser.submit(browser.get(key_day.url), action="key_day_household.pdf")
    told = str(printed["data"])
    assert "鍵を受け取る" in told
    assert key_day.home.property.address in told
    assert "水道を申し込む" not in told
    browser.submit(browser.get(key_day.url), action="key_day.pdf")
    assert "水道を申し込む" in str(printed["data"])
    assert "借金" not in told + str(printed["data"])


def test_a_hidden_place_needs_a_second_yes_and_stays_off_the_households_paper(
    make, in_database, browser_of, printed
):
    key_day = KeyDay(make, in_database, protection=Protection.YES)
    browser = browser_of(key_day.staff)
    page = browser.get(key_day.url)
    url = f"{key_day.url}/key_day_household.pdf"
    sent = {"csrf_token": page.typed("print")["csrf_token"]}
    assert browser.raw.post(url, data=sent).status_code == 403
    browser.submit(page, {"paper": "key_day_household"}, action="prints")
    second = make.user(Role.CONSULTANT, organisation=make.the_organisation(key_day.staff))
    hers = browser_of(second)
    hers.submit(hers.get(f"/cases/{key_day.case.id}/prints"), action="approve")
    assert browser.raw.post(url, data=sent).status_code == 200
    told = str(printed["data"])
    assert "支援措置" in told
    assert key_day.home.property.address not in told
    assert browser.raw.post(url, data=sent).status_code == 403


def test_programs_read_a_plan_and_tick_once(app, make, in_database):
    key_day = KeyDay(make, in_database, plan=False)
    client = app.test_client()

    def send(method, path, key, json=None):
        headers = {"Authorization": f"Bearer {key_day.staff.token}", "Idempotency-Key": key}
        return client.open(f"/api/v1{key_day.url}{path}", method=method, json=json, headers=headers)

    assert send("GET", "", "none-yet").status_code == 404
    assert send("POST", "", "make-plan-1").status_code == 201
    assert send("POST", "", "make-plan-2").status_code == 200
    plan = send("GET", "", "read-it-1").json
    task = next(one for one in plan["tasks"] if one["code"] == "insurance")
    assert (task["due_on"], task["phase"]) == (str(KEYS_ON - timedelta(days=3)), "before")
    path, body = f"/tasks/{task['id']}/done", {"version": task["version"]}
    done = send("POST", path, "tick-it-1", body)
    assert (done.json["state"], done.json["done_on"]) == ("done", str(today()))
    assert send("POST", path, "tick-it-2", body).json["code"] == "task_closed"
    back = send(
        "POST", f"/tasks/{task['id']}/reopening", "reopen-1", {"version": done.json["version"]}
    )
    assert back.json["state"] == "open"
    drop = {"version": back.json["version"], "reason": "貸主が入る"}
    dropped = send("POST", f"/tasks/{task['id']}/not-needed", "drop-it-1", drop)
    assert (dropped.json["state"], dropped.json["done_on"]) == ("not_needed", None)
    assert send("POST", path, "tick-it-3", {"version": 1}).status_code == 409


def test_a_changed_line_is_the_organisations_own_from_then_on(
    make, in_database, browser_of, monkeypatch
):
    office = make.organisation(*OrganisationKind)
    chief = browser_of(make.user(Role.ORG_ADMIN, organisation=office))
    staff = make.user(Role.CONSULTANT, Role.HOUSING, organisation=office)
    before = KeyDay(make, in_database, staff=staff)
    page, other = chief.get("/key-days/template/water"), chief.get("/key-days/template/water")
    chief.submit(page, {"title": "水道の窓口に電話する", "days": "6"})
    clash = chief.submit(other, {"title": "水道へ行く"}, status=409)
    assert "水道の窓口に電話する" in clash.text
    assert "水道へ行く" in clash.text
    chief.submit(chief.get("/key-days/template/pet"), {"active": ""})
    new = {"title": "猫の砂を買う", "counted": "keys_before", "days": "1", "doer": "partner",
           "partner_name": "架空どうぶつの会"}  # fmt: skip
    chief.submit(chief.get("/key-days/template/new"), new)
    listed = chief.get("/key-days/template")
    assert "猫の砂を買う" in listed.text
    assert "使わない行" in listed.text
    after = KeyDay(make, in_database, staff=staff).tasks()
    titles = {task.title for task in after.values()}
    assert {"水道の窓口に電話する", "猫の砂を買う"} <= titles
    assert "pet" not in after
    assert before.task("water").title == "水道を申し込む"
    for wrong, said in ({"title": ""}, "入力してください"), ({"days": "-1"}, "日数"), (
        {"doer": "partner", "partner_name": ""}, "名前を入力",
    ):  # fmt: skip
        refused = chief.submit(chief.get("/key-days/template/new"), new | wrong, status=422)
        assert said in refused.errors
    monkeypatch.setattr(templates, "MOST_TASKS", 3)
    full = chief.submit(chief.get("/key-days/template/new"), new, status=422)
    assert "3行まで" in full.errors
    chief.get("/key-days/template/none-such", status=404)


def test_lines_of_one_day_change_places_and_new_plans_follow(make, in_database, browser_of, app):
    office = make.organisation(*OrganisationKind)
    admin = make.user(Role.ORG_ADMIN, organisation=office)
    chief = browser_of(admin)

    def order(tasks):
        return sorted((t.position, t.code) for t in tasks if t.code in {"electricity", "water"})

    page = chief.get("/key-days/template")
    both = page.soup.select("form[action$='/template/water/place'] button")
    assert [one["aria-label"] for one in both] == [
        "「水道を申し込む」を上へ", "「水道を申し込む」を下へ",
    ]  # fmt: skip
    assert not page.soup.select("form[action$='/template/insurance/place']")  # alone on its day
    other = chief.get("/key-days/template")
    moved = chief.submit(page, action="/template/water/place", button="上へ")
    text = moved.text
    assert text.index("水道を申し込む") < text.index("電気を申し込む")
    stale = chief.submit(other, action="/template/water/place", button="下へ", status=409)
    assert "ほかの人が先に" in stale.text
    staff = make.user(Role.CONSULTANT, Role.HOUSING, organisation=office)
    after = KeyDay(make, in_database, staff=staff).tasks().values()
    assert [code for _n, code in order(after)] == ["water", "electricity"]

    def send(method, path, key="", **json):
        headers = {"Authorization": f"Bearer {admin.token}", "Idempotency-Key": f"template-{key}"}
        path = f"/api/v1/key-day-template{path}"
        return app.test_client().open(path, method=method, json=json or None, headers=headers)

    told = send("GET", "").json
    assert told["own"] is True
    lines = {line["code"]: line for line in told["lines"]}
    back = {"version": lines["water"]["version"], "up": False}
    assert send("POST", "/lines/water/place", "down", **back).status_code == 200
    alone = {"version": lines["insurance"]["version"], "up": True}
    assert send("POST", "/lines/insurance/place", "alone", **alone).status_code == 422
    new = {"title": "猫の砂を買う", "counted": "keys_before", "days": 1, "doer": "household"}
    added = send("POST", "/lines", "add", **new)
    assert (added.status_code, added.json["active"]) == (201, True)
    gone = new | {"version": added.json["version"], "active": False}
    path = f"/lines/{added.json['code']}"
    assert send("POST", path, "retire", **gone).json["active"] is False
    assert send("POST", path, "retire-again", **gone).status_code == 409


def test_food_gas_and_the_first_check_in_are_told_and_a_person_ticks(make, in_database, browser_of):
    bank = make.organisation(OrganisationKind.FOOD_BANK)
    key_day = KeyDay(make, in_database, food_profile=FoodProfile(equipment=["hot_water"]))
    browser = browser_of(key_day.staff)
    make.consent(key_day.case, RecipientKind.FOOD_BANK, ConsentItem.FOOD_NEEDS)
    page = browser.get(key_day.url)
    assert "見守りの予定は、入居を記録すると" in page.text
    asking = browser.get(page.link("食料はまだ頼んでいません"))
    assert asking.typed("food-requests")["needed_on"] == str(KEYS_ON)
    wanted = {"days": "2", "organisation_id": str(bank.id)}
    browser.submit(asking, wanted, action="food-requests")
    told = browser.get(key_day.url)
    assert "依頼済み" in told.text
    assert key_day.task("parcel").state == "open"
    done = browser.submit(told, action=key_day.at("gas", "/done"))
    assert done.link("食料の必要の「使える設備」を直す") == f"/cases/{key_day.case.id}/food-profile"
