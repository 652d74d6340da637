"""The homes on record: found, confirmed, corrected – and never telling who lives there."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from markupsafe import Markup

from app.audit.models import AuditEntry
from app.db import now, today
from app.directory.models import Partner, PartnerKind
from app.housing import panels
from app.housing.codes import HomeState
from app.housing.models import Home, Landlord
from app.placements.models import Hold
from app.policy import Role
from tests.housing.makers import OCTOBER, a_case, a_home, take_in


@pytest.fixture
def worker(make):
    return make.user(Role.HOUSING)


@pytest.fixture
def desk(worker, browser_of):
    return browser_of(worker)


def test_homes_are_narrowed_by_every_filter(desk, make, worker):
    a_home(make, worker, name="コーポ相武", rent=40000)
    a_home(make, worker, name="ハイツ広野", rent=60000, municipality="海老名市", layout="2DK")
    a_home(make, worker, name="メゾン緑", rent=50000, state=HomeState.OCCUPIED)
    for query, seen in {
        "": 3, "words=コーポ": 1, "words=ｺｰﾎﾟ相武": 1, "municipality=海老名": 1, "max_rent=45000": 1,
        "layout=2dk": 1, "state=occupied": 1, "state=held": 0, "words=%25": 0,
    }.items():  # fmt: skip
        page = desk.get(f"/homes?{query}")
        assert len(page.soup.select("tbody tr")) == seen, query


def test_a_wrong_filter_is_told_and_keeps_what_was_typed(desk):
    page = desk.get("/homes?max_rent=たくさん", status=422)
    assert "数字だけで入力してください" in page.errors
    assert page.soup.find("input", attrs={"name": "max_rent"})["value"] == "たくさん"


def test_tabs_count_homes_by_state(desk, make, worker):
    a_home(make, worker)
    a_home(make, worker, state=HomeState.HELD)
    page = desk.get("/homes")
    tabs = page.soup.select_one(".tabs").get_text(" ", strip=True)
    assert "すべて 2件" in tabs
    assert "取り置き 1件" in tabs


def test_a_list_of_100_homes_takes_few_statements(desk, count_queries):
    take_in(desk, OCTOBER.read_bytes(), OCTOBER.name)
    desk.get("/homes")
    count_queries()
    page = desk.get("/homes")
    assert len(page.soup.select("tbody tr")) == 50
    assert count_queries() <= 14
    assert len(desk.get(page.link("次へ")).soup.select("tbody tr")) == 50


def test_freshness_is_said_in_words(desk, make, worker):
    for days, words in {0: "きょう空きを確認", 2: "2日前に空きを確認", 20: "20日前の確認",
                        45: "45日確かめていません"}.items():  # fmt: skip
        home = a_home(make, worker, confirmed_on=today() - timedelta(days=days))
        assert words in desk.get(f"/homes/{home.id}").text


def test_one_tap_confirms_a_vacancy_or_stops_it(desk, make, worker, in_database):
    home = a_home(make, worker, confirmed_on=None, missing_since=today())
    page = desk.submit(desk.get(f"/homes/{home.id}"), action="/confirm", button="空いている")
    assert "きょう空きを確認" in page.text
    page = desk.submit(page, action="/confirm", button="もうない")
    assert "募集を止めました" in page.text
    kept = in_database(lambda s: s.get(Home, home.id))
    assert (kept.state, kept.missing_since) == (HomeState.STOPPED, None)
    deeds = in_database(
        lambda s: s.scalars(sa.select(AuditEntry.deed).filter_by(record_kind="home")).all()
    )
    assert [deed.value for deed in deeds] == ["changed", "changed"]


def test_a_held_home_says_until_when_and_never_for_whom(desk, make, worker, browser_of):
    home = a_home(make, worker, state=HomeState.HELD)
    case = a_case(make, worker, name="秘密 花代")
    make.save(
        Hold(
            home_id=home.id,
            case_id=case.id,
            user_id=worker.id,
            organisation_id=worker.organisation_id,
            ends_at=now() + timedelta(days=2),
        )
    )
    other = browser_of(make.user(Role.HOUSING))
    for page in (other.get(f"/homes/{home.id}"), other.get("/homes")):
        assert "取り置き" in page.text
        assert "秘密" not in page.text
        assert case.number not in page.text


def test_whom_to_phone_is_for_the_housing_organisation(desk, make, worker, browser_of):
    agent = make.save(Partner(kind=PartnerKind.REALTOR, name="㈱架空ホーム", name_key="架空ホーム"))
    owner = make.save(Landlord(name="大家 太郎", name_key="大家太郎"))
    home = a_home(make, worker, agent_id=agent.id, landlord_id=owner.id, contact_phone="046-000-1")
    mine = desk.get(f"/homes/{home.id}").text
    assert "大家 太郎" in mine
    assert "046-000-1" in mine
    theirs = browser_of(make.user(Role.CONSULTANT)).get(f"/homes/{home.id}").text
    assert "㈱架空ホーム" in theirs
    assert "大家 太郎" not in theirs
    assert "046-000-1" not in theirs
    assert "046-000-1" not in browser_of(make.user(Role.CONSULTANT)).raw.get("/homes.csv").text


def test_the_file_holds_every_home_of_the_filter(desk, make, worker):
    a_home(make, worker, name="=SUM(A1)")
    a_home(make, worker, state=HomeState.OCCUPIED)
    answer = desk.raw.get("/homes.csv?state=vacant")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert len(rows) == 2
    assert rows[1][1] == "'=SUM(A1)"


# -------------------------------------------------------------------------------- by hand


def test_a_vacancy_of_a_known_building_takes_four_fields(desk, make, worker, in_database):
    known = a_home(make, worker, name="サンライズ栗原")
    found = desk.get("/homes/new?words=栗原")
    page = desk.get(found.link("サンライズ栗原"))
    assert page.soup.find("input", attrs={"name": "building"}) is None
    page = desk.submit(
        page, {"room": "203", "layout": "1K", "rent": "４１，０００", "available_from": "R8.12.20"}
    )
    assert page.h1 == "サンライズ栗原 203"
    home = in_database(lambda s: s.scalar(sa.select(Home).filter_by(room="203")))
    assert (home.rent, home.property_id) == (41000, known.property_id)


def test_a_home_that_is_there_is_found_in_another_spelling(desk, make, worker):
    known = a_home(make, worker, name="サンライズ栗原")
    page = desk.get(f"/homes/new?property_id={known.property_id}")
    page = desk.submit(page, {"room": "１０１号室", "rent": "41000"}, status=422)
    assert "もう登録されています" in page.errors
    assert page.link("登録済みの住戸を開く") == f"/homes/{known.id}"
    assert page.soup.find("input", attrs={"name": "rent"})["value"] == "41000"


def test_a_new_building_needs_its_address_and_keeps_what_was_typed(desk):
    page = desk.get("/homes/new")
    page = desk.submit(page, {"building": "ｺｰﾎﾟ新", "room": "1", "rent": "40000"}, status=422)
    assert "所在地: 入力してください" in page.errors
    page = desk.submit(page, {"municipality": "座間市", "address": "相武台1-2-3"})
    assert page.h1 == "ｺｰﾎﾟ新 1"


def test_a_home_is_corrected_and_a_stale_form_shows_both_versions(desk, make, worker, in_database):
    home = a_home(make, worker)
    first, second = desk.get(f"/homes/{home.id}/edit"), desk.get(f"/homes/{home.id}/edit")
    change = {"rent": "42000", "acceptance-elderly-answer": "conditional",
              "acceptance-elderly-conditions": ["watching"]}  # fmt: skip
    page = desk.submit(first, change)
    assert "42,000円" in page.text
    assert "条件付き" in page.text
    conflict = desk.submit(second, {"rent": "43000"}, status=409)
    assert "ほかの人の更新と重なりました" in conflict.text
    assert conflict.soup.find("input", attrs={"name": "rent"})["value"] == "43000"
    desk.submit(conflict)
    assert in_database(lambda s: s.get(Home, home.id).rent) == 43000


def test_what_waits_is_on_the_first_page(desk, make, worker):
    a_home(make, worker, name="古い荘", confirmed_on=today() - timedelta(days=40))
    page = desk.get("/")
    assert "まだ空いていますか" in page.text
    assert "古い荘" in page.text


# ------------------------------------------------------------------------------ who, and API


@pytest.mark.parametrize(("role", "status"), [(Role.FOODBANK, 403), (Role.FOLLOWUP, 403),
                                              (Role.CONSULTANT, 200)])  # fmt: skip
def test_food_bank_and_visitors_see_no_homes(make, browser_of, worker, role, status):
    home = a_home(make, worker)
    browser = browser_of(make.user(role))
    for path in ("/homes", f"/homes/{home.id}", "/homes.csv"):
        assert browser.raw.get(path).status_code == status


def test_a_consultant_may_not_change_homes(make, browser_of, worker):
    home = a_home(make, worker)
    browser = browser_of(make.user(Role.CONSULTANT))
    browser.get(f"/homes/{home.id}/edit", status=403)
    assert "空いている" not in browser.get(f"/homes/{home.id}").text


def test_the_api_lists_and_shows_homes(app, make, worker):
    home = a_home(make, worker, rent=39000)
    a_home(make, worker, rent=60000)
    headers = {"Authorization": f"Bearer {worker.token}"}
    client = app.test_client()
    listed = client.get("/api/v1/homes?max_rent=40000&per_page=1", headers=headers).json
    assert (listed["total"], [one["id"] for one in listed["items"]]) == (1, [home.id])
    one = client.get(f"/api/v1/homes/{home.id}", headers=headers).json
    assert (one["rent"], one["state"], "landlord" in one) == (39000, "vacant", False)
    assert client.get("/api/v1/homes/999", headers=headers).json["code"] == "not_found"


def test_features_above_add_to_a_home_without_telling_for_whom(desk, make, worker, monkeypatch):
    home = a_home(make, worker, state=HomeState.HELD)
    end = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    monkeypatch.setattr(panels, "hold_ends", [lambda _s, ids: dict.fromkeys(ids, end)])
    monkeypatch.setattr(
        panels, "home_panels", [lambda _s, home_id, _v: Markup("<p>札 {}</p>").format(home_id)]
    )
    page = desk.get(f"/homes/{home.id}")
    assert "2026年11月24日 17:00まで取り置き" in page.text
    assert f"札 {home.id}" in page.text
    assert "2026年11月24日 17:00まで取り置き" in desk.get("/homes").text
