"""Consents, needs, food profiles, the log, the list and its file – on pages and in the API."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.cases.consents.models import Consent
from app.cases.models import Stage
from app.cases.needs.codes import HouseholdGroup, SupportOffer
from app.cases.needs.models import (
    Anchor,
    FoodProfile,
    HousingNeed,
)
from app.cases.work.models import LogEntry
from app.db import today
from app.housing.codes import Group, Support
from app.policy import Protection, Role

CONSENT = {"recipient": "housing_support", "items": ["home_needs"], "method": "signed"}


@pytest.fixture
def desk(make, browser_of):
    """A consultant with a case, and their browser."""
    user = make.user(Role.CONSULTANT)
    case = make.case(user, name="見本 太郎", kana="みほん たろう")
    return user, case, browser_of(user)


def _api(app, user, method, path, body, *, key="test-key-1"):
    headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": key}
    return app.test_client().open(f"/api/v1/cases{path}", method=method, json=body, headers=headers)


def test_codes_are_those_of_the_council_list():
    assert {c.value for c in HouseholdGroup} == {c.value for c in Group}
    assert {c.value for c in SupportOffer} == {c.value for c in Support}


def test_a_consent_is_recorded_with_the_text_that_was_read(desk, in_database):
    _user, case, browser = desk
    page = browser.submit(browser.get(f"/cases/{case.id}/consents/new"), CONSENT)
    assert "有効" in page.text
    consent = in_database(lambda s: s.scalars(sa.select(Consent)).one())
    assert (consent.text_version, consent.items) == ("2026-04", ["home_needs"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"items": []}, "何を伝えてよいか"),
        ({"method": "oral"}, "読み上げた内容"),
        ({"given_on": "2099-01-01", "ends_on": ""}, "まだ来ていない日"),
        ({"given_on": "2026-01-02", "ends_on": "2026-01-01"}, "後の日付"),
        ({"organisation_id": "999999"}, "種類の団体ではありません"),
        ({"recipient": ""}, "だれに"),
    ],
)
def test_a_consent_that_would_not_count_is_refused(desk, change, sentence):
    _user, case, browser = desk
    page = browser.get(f"/cases/{case.id}/consents/new")
    assert sentence in browser.submit(page, CONSENT | change, status=422).errors


def test_the_housing_need_moves_the_case_on_and_places_its_anchors(desk, in_database):
    _user, case, browser = desk
    need = {
        "rent_basis": "agreed", "agreed_rent": "４１，０００円", "municipalities": "座間市、大和市",
        "anchors-0-label": "職場", "anchors-0-address": "座間市入谷西1丁目",
        "anchors-1-label": "母の家", "anchors-1-address": "川のそば",
    }  # fmt: skip
    page = browser.submit(browser.get(f"/cases/{case.id}/housing-need"), need)
    assert "41,000円まで" in page.text
    saved = in_database(lambda s: s.scalars(sa.select(HousingNeed)).one())
    anchors = in_database(lambda s: s.scalars(sa.select(Anchor).order_by(Anchor.id)).all())
    assert saved.municipalities == ["座間市", "大和市"]
    assert anchors[0].latitude is not None
    assert anchors[1].address == "川のそば"
    assert in_database(lambda s: s.get(type(case), case.id)).stage is Stage.NEEDS


def test_an_agreed_rent_needs_its_amount_and_keeps_the_rest(desk):
    _user, case, browser = desk
    page = browser.get(f"/cases/{case.id}/housing-need")
    refused = browser.submit(page, {"rent_basis": "agreed", "wishes": "静かに"}, status=422)
    assert "額を入れて" in refused.errors
    assert "静かに" in refused.soup.find("textarea").get_text()


def test_an_allergy_named_counts_as_asked(desk, in_database):
    _user, case, browser = desk
    profile = {"allergies": ["そば"], "equipment": ["hot_water"], "carry_kg": "４．５"}
    page = browser.submit(browser.get(f"/cases/{case.id}/food-profile"), profile)
    assert "そば" in page.text
    saved = in_database(lambda s: s.scalars(sa.select(FoodProfile)).one())
    assert saved.allergies_asked
    assert str(saved.carry_kg) == "4.5"


def test_a_stale_food_profile_shows_both(desk):
    _user, case, browser = desk
    url = f"/cases/{case.id}/food-profile"
    browser.submit(browser.get(url), {"note": "はじめ"})
    opened = browser.get(url)
    browser.submit(browser.get(url), {"note": "先の言葉"})
    page = browser.submit(opened, {"note": "後の言葉"}, status=409)
    assert {"先の言葉", "後の言葉"} <= set(page.soup.find("table").stripped_strings)


def test_the_log_is_written_once_and_tells_what_comes_next(desk, in_database):
    _user, case, browser = desk
    page = browser.get(f"/cases/{case.id}/log/new")
    entry = {"text": "面談\n二行目", "next_step": "25日に内見"}
    first = browser.submit(page, entry)
    browser.submit(page, entry)
    assert "25日に内見" in first.text
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(LogEntry.id)))) == 1


@pytest.mark.parametrize("change", [{"on": "2999-01-01"}, {"text": "  "}, {"time": "25:99"}])
def test_a_log_entry_that_cannot_be_is_refused(desk, change):
    _user, case, browser = desk
    entry = {"text": "面談"} | change
    assert browser.submit(browser.get(f"/cases/{case.id}/log/new"), entry, status=422).errors


# ------------------------------------------------------------------------------------ lists


def test_the_list_costs_the_same_for_few_and_many(make, browser_of, count_queries):
    user = make.user(Role.CONSULTANT)
    browser = browser_of(user)
    make.case(user)
    browser.get("/cases")
    count_queries()
    browser.get("/cases")
    few = count_queries()
    for _ in range(12):
        make.case(user)
    count_queries()
    browser.get("/cases")
    assert count_queries() <= few
    assert few <= 16


def test_the_list_is_filtered_sorted_and_paged(make, browser_of):
    user = make.user(Role.CONSULTANT)
    late = make.case(user, leave_by=today() - timedelta(days=1), household_size=3)
    soon = make.case(user, leave_by=today() + timedelta(days=20), household_size=1)
    never = make.case(user)
    browser = browser_of(user)
    text = browser.get("/cases?leave_by=7").text
    assert (late.number in text, soon.number in text, never.number in text) == (True, False, False)
    assert never.number in browser.get("/cases?leave_by=none&stage=intake&whose=mine").text
    order = browser.get("/cases?sort=leave_by").text
    assert order.index(late.number) < order.index(soon.number) < order.index(never.number)
    for junk in ("page=x", "page=-1", "stage=zzz", "sort=name", "leave_by=%00", "page=99999"):
        browser.get(f"/cases?{junk}")


@pytest.mark.parametrize("words", ["%00", "%", "_", "'", "\\", "あ" * 300, "", "ﾐﾎﾝ"])
def test_the_search_box_takes_anything(desk, words):
    browser = desk[2]
    found = desk[1].number in browser.get(f"/search?q={words}").text
    assert found is (words == "ﾐﾎﾝ")


def test_the_file_cannot_run_a_formula(make, browser_of):
    user = make.user(Role.CONSULTANT)
    make.case(user, name='=HYPERLINK("http://x")', phone="+81462521111")
    body = browser_of(user).raw.get("/cases.csv").get_data()
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    assert "'=HYPERLINK" in rows[1][2]
    assert "'+81" in rows[1][12]


def test_today_tells_what_is_due(make, browser_of):
    user = make.user(Role.CONSULTANT)
    case = make.case(user, protection=Protection.UNKNOWN, leave_by=today() + timedelta(days=3))
    text = browser_of(user).get("/").text
    assert "あと3日" in text
    assert text.count(case.number) == 3  # the deadline, the question of safety and its button


# -------------------------------------------------------------------------------------- API


def test_the_api_goes_the_whole_way(make, app):
    user = make.user(Role.CONSULTANT)
    made = _api(app, user, "POST", "", {"name": "𠮷﨑", "protection": "no"})
    assert (made.status_code, made.json["name"]) == (201, "𠮷﨑")
    again = _api(app, user, "POST", "", {"name": "𠮷﨑", "protection": "no"})
    assert again.json["id"] == made.json["id"]
    path = f"/{made.json['id']}"
    patched = _api(app, user, "PATCH", path, {"version": 1, "leave_by": "2026-12-30"})
    assert (patched.json["leave_by"], patched.json["name"]) == ("2026-12-30", "𠮷﨑")
    assert _api(app, user, "PATCH", path, {"version": 1, "alias": "x"}).json["code"] == "stale"
    consent = CONSENT | {"given_on": today().isoformat()}
    kept = _api(app, user, "POST", f"{path}/consents", consent, key="test-key-2")
    assert kept.json["in_force"] is True
    where = f"{path}/consents/{kept.json['id']}/withdraw"
    assert _api(app, user, "POST", where, None, key="test-key-3").json["in_force"] is False
    need = _api(app, user, "PUT", f"{path}/housing-need", {"rent_basis": "ceiling"})
    assert (need.status_code, need.json["version"]) == (200, 1)
    food = _api(app, user, "PUT", f"{path}/food-profile", {"allergies": ["卵"]})
    assert food.json["allergies_asked"] is True
    entry = {"on": today().isoformat(), "time": "00:00", "method": "phone", "text": "電話"}
    assert _api(app, user, "POST", f"{path}/log", entry, key="test-key-4").status_code == 201
    listed = _api(app, user, "GET", "?per_page=1", None).json
    assert (listed["total"], listed["page"], len(listed["items"])) == (1, 1, 1)


@pytest.mark.parametrize(
    "body",
    [
        [], "text", 7, {"name": 7}, {"name": None}, {"topics": "housing"}, {"members": {}},
        {"members": [1]}, {"household_size": 1.5}, {"household_size": True}, {"nonsense": 1},
        {"name": "\x00"}, {"leave_by": 5}, {"alias": "a", "law8": "perhaps"},
        {"household_size": 10**30, "alias": "a"}, {"alias": "a", "age_band": "old"},
    ],
)  # fmt: skip
def test_wrong_types_are_refused_and_never_fail(make, app, body):
    user = make.user(Role.CONSULTANT)
    answer = _api(app, user, "POST", "", body)
    assert answer.status_code == 422, answer.json


@pytest.mark.parametrize(
    "body",
    [
        {"rent_basis": "ceiling", "min_area": "NaN"}, {"rent_basis": "ceiling", "min_area": True},
        {"rent_basis": "ceiling", "municipalities": [5]}, {"rent_basis": 1}, {},
        {"rent_basis": "ceiling", "anchors": [{"label": "x"}]},
        {"rent_basis": "ceiling", "min_area": 1e300}, {"rent_basis": "ceiling", "funds": -1},
    ],
)  # fmt: skip
def test_wrong_needs_are_refused_and_never_fail(make, app, body):
    user = make.user(Role.CONSULTANT)
    case = make.case(user)
    assert _api(app, user, "PUT", f"/{case.id}/housing-need", body).status_code == 422
