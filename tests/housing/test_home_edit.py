"""A home with all its rental fields: on its page, in the API, and with what nobody knows yet."""

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.directory.models import Partner, PartnerKind
from app.housing.codes import COUNCIL_GROUPS, Acceptance, Group
from app.housing.homes.facts import earthquake
from app.housing.models import Home, HomeAcceptance, Landlord, Property
from app.policy import Role
from tests.housing.makers import a_home


@pytest.fixture
def worker(make):
    return make.user(Role.HOUSING)


@pytest.fixture
def desk(worker, browser_of):
    return browser_of(worker)


@pytest.fixture
def edit(desk, make, worker, in_database):
    """Send the edit page of a home with some values; the page, and the home afterwards."""
    home = a_home(make, worker)

    def send(values, *, status=200):
        page = desk.submit(desk.get(f"/homes/{home.id}/edit"), values, status=status)
        return page, in_database(lambda s: s.get(Home, home.id))

    return send


def folded(page, name):
    return page.soup.find(attrs={"name": name}).find_parent("details") is not None


def test_only_the_essentials_are_open(desk, make, worker):
    page = desk.get(f"/homes/{a_home(make, worker).id}/edit")
    for name in ("layout", "rent", "deposit", "guarantor_rule", "contact_rule", "pet_rule"):
        assert not folded(page, name), name
    for name in ("steps", "renewal_fee", "contract_months", "fittings"):
        assert folded(page, name), name
    for group in Group:
        assert folded(page, f"acceptance-{group.value}-answer") is (group not in COUNCIL_GROUPS)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"rent": "4.1万円"}, {"rent": 41000}),
        ({"rent": "４１，０００円"}, {"rent": 41000}),
        ({"deposit": "1か月", "rent": "40000"}, {"deposit": 40000}),
        ({"key_money": "なし"}, {"key_money": 0}),
        ({"rent": "応談"}, {"rent": None, "rent_negotiable": True}),
        ({"wheelchair": "no"}, {"wheelchair": False}),
        ({"wheelchair": "yes"}, {"wheelchair": True}),
        ({"fittings": ["stove", "lights"], "gas": "lp"}, {"fittings": ["stove", "lights"]}),
        ({"layout": "２ＬＤＫ"}, {"layout": "2LDK", "rooms": 2}),
        ({"school_district": "架空小", "steps": "3"}, {"school_district": "架空小", "steps": 3}),
    ],
)
def test_what_is_typed_is_understood_and_kept(edit, typed, kept):
    _page, home = edit(typed)
    assert {name: getattr(home, name) for name in kept} == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"rent": "たくさん"}, "金額として読めません"),
        ({"rent": "58.000"}, "金額として読めません"),
        ({"rent": "応談", "deposit": "1か月"}, "月数では数えられません"),
        ({"fee": "込"}, "共益費込み"),
        ({"insurance": "2か月"}, "月数ではなく"),
        ({"guarantor_company_id": "999"}, "保証会社は見つかりません"),
        ({"available": "on_date"}, "日付を入れてください"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_guessed(edit, typed, sentence):
    page, home = edit(typed, status=422)
    assert sentence in page.errors
    assert (home.rent, home.deposit) == (39000, 0)


def test_wheelchair_has_three_answers_and_unknown_stays_a_question(edit, desk):
    page, home = edit({})
    assert home.wheelchair is None
    assert "車いす" in page.soup.select_one(".open-questions").get_text()
    page, _home = edit({"wheelchair": "no"})
    assert "車いす 使えない" in page.text
    assert "車いす" not in page.soup.select_one(".open-questions").get_text()


def test_a_condition_in_the_landlords_words_is_kept_and_asked_about(edit, in_database):
    words = "月に一度は顔を見せてほしい"
    code = "acceptance-mental"
    page, home = edit({f"{code}-answer": "conditional", f"{code}-as_typed": words})
    assert words in page.text
    page, home = edit({"rent": "40000"})
    row = in_database(lambda s: s.get(HomeAcceptance, (home.id, Group.MENTAL)))
    assert (row.answer, row.conditions, row.as_typed) == (Acceptance.CONDITIONAL, ["other"], words)


def test_a_home_is_linked_to_those_on_record_in_any_spelling(edit, make, worker, in_database):
    agent = make.save(Partner(kind=PartnerKind.REALTOR, name="㈱架空ホーム", name_key="架空ホーム"))
    owner = make.save(Landlord(name="見本 太郎", name_key="見本太郎"))
    _page, home = edit({"agent": "株式会社架空ホーム", "landlord": "見本太郎"})
    assert (home.agent_id, home.landlord_id) == (agent.id, owner.id)
    _page, home = edit({"agent": "試験住宅", "landlord": "見本 次郎"})
    made = sa.select(AuditEntry.record_kind, AuditEntry.record_id, AuditEntry.user_id).where(
        AuditEntry.deed == "created", AuditEntry.record_kind.in_(["landlord", "partner"])
    )
    assert in_database(lambda s: {tuple(row) for row in s.execute(made)}) == {
        ("landlord", home.landlord_id, worker.id), ("partner", home.agent_id, worker.id),
    }  # fmt: skip
    _page, home = edit({"agent": ""})
    assert home.agent_id is None
    assert in_database(lambda s: s.get(Landlord, home.landlord_id).name) == "見本 次郎"


NUMBER = "046-200-1234"


def test_an_agents_name_takes_no_telephone_number(edit, in_database):
    page, home = edit({"agent": f"試験住宅 {NUMBER}"}, status=422)
    assert "電話番号は電話の欄に" in page.errors
    assert home.agent_id is None
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Partner.id)))) == 0


def test_a_number_in_a_landlords_words_is_for_who_phones(edit, make, worker, browser_of):
    words = {"answer": "conditional", "as_typed": f"娘へ{NUMBER}"}
    _page, home = edit({f"acceptance-elderly-{part}": said for part, said in words.items()})
    consultant = make.user(Role.CONSULTANT)
    program = browser_of(worker).raw.application.test_client()

    def told(user):
        answer = program.get(
            f"/api/v1/homes/{home.id}", headers={"Authorization": f"Bearer {user.token}"}
        )
        return answer.json["acceptance"]["elderly"]["as_typed"]

    assert NUMBER in browser_of(worker).get(f"/homes/{home.id}").text
    assert NUMBER not in browser_of(consultant).get(f"/homes/{home.id}").text
    assert (told(worker), told(consultant)) == (f"娘へ{NUMBER}", "娘へ（電話番号）")


def test_a_namesake_is_told_apart_by_the_number(edit, make):
    make.save(Landlord(name="見本 太郎", name_key="見本太郎"))
    second = make.save(Landlord(name="見本 太郎", name_key="見本太郎"))
    _page, home = edit({"landlord": f"見本 太郎（貸主{second.id}）"})
    assert home.landlord_id == second.id


def test_the_home_page_names_what_matters_and_is_not_known(desk, make, worker):
    home = a_home(make, worker, deposit=None, contact_rule="unknown", renewal_fee=None)
    page = desk.get(f"/homes/{home.id}")
    questions = page.soup.select_one(".open-questions").get_text()
    assert "敷金" in questions
    assert "緊急連絡先" in questions
    assert "更新料" not in page.text
    assert "登録住宅の細かい区分のうち22は未確認です" in page.text


# ------------------------------------------------------------------------------ the building


def test_a_building_is_corrected_once_for_all_its_homes(desk, make, worker, in_database):
    home = a_home(make, worker)
    page = desk.get(f"/properties/{home.property_id}/edit?home={home.id}")
    typed = {
        "building_kind": "apartment", "structure": "木造", "floors": "2", "lift": "no",
        "built": "昭和56年5月", "postal_code": "２５２－００１１", "station": "架空台",
        "walk_minutes": "801m", "stations-0-line": "架空線", "stations-0-name": "見本口",
        "stations-0-walk_minutes": "80m",
    }  # fmt: skip
    page = desk.submit(page, typed)
    assert page.url == f"/homes/{home.id}"
    for words in ("1981年（昭和56年）5月", "旧耐震", "架空台 歩11分", "架空線 見本口 歩1分",
                  "〒252-0011", "エレベーター なし"):  # fmt: skip
        assert words in page.text
    page = desk.get(f"/properties/{home.property_id}/edit")
    desk.submit(page, {"stations-0-name": "", "stations-0-line": "", "stations-0-walk_minutes": ""})
    assert in_database(lambda s: s.get(Property, home.property_id).more_stations) == []


@pytest.mark.parametrize(
    ("year", "month", "words"),
    [(1981, 5, "旧耐震"), (1981, 6, "新耐震"), (1981, None, "月を確かめて"), (1980, None, "旧耐震"),
     (1982, None, "新耐震")],
)  # fmt: skip
def test_the_time_of_building_points_to_the_earthquake_standard(app, year, month, words):
    with app.test_request_context():
        assert words in earthquake(Property(built_year=year, built_month=month))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"built": "むかし"}, "築年月"),
        ({"postal_code": "123"}, "7桁"),
        ({"walk_minutes": "すぐ"}, "12分、800m"),
        ({"stations-0-line": "架空線"}, "駅: 入力してください"),
    ],
)
def test_a_building_fact_that_cannot_be_read_is_told(desk, make, worker, typed, sentence):
    page = desk.get(f"/properties/{a_home(make, worker).property_id}/edit")
    assert sentence in desk.submit(page, typed, status=422).errors


def test_two_who_correct_a_building_see_both_versions(desk, make, worker):
    url = f"/properties/{a_home(make, worker).property_id}/edit"
    first, second = desk.get(url), desk.get(url)
    desk.submit(first, {"structure": "木造"})
    conflict = desk.submit(second, {"structure": "軽量鉄骨"}, status=409)
    assert "木造" in conflict.text
    assert conflict.soup.find("input", attrs={"name": "structure"})["value"] == "軽量鉄骨"
    desk.submit(conflict)


# -------------------------------------------------------------------------------------- API


@pytest.fixture
def api(app, worker):
    def send(method, path, body, key="vacancy-key-1"):
        headers = {"Authorization": f"Bearer {worker.token}", "Idempotency-Key": key}
        return app.test_client().open(f"/api/v1{path}", method=method, json=body, headers=headers)

    return send


def test_the_api_changes_only_what_is_sent(api, make, worker, in_database):
    home = a_home(make, worker, accepts=[("elderly", "yes")], remarks="日当たりよし")
    answer = api("PATCH", f"/homes/{home.id}", {
        "version": 1, "wheelchair": "yes", "acceptance": {"mental": {"answer": "no"}},
    })  # fmt: skip
    assert answer.status_code == 200, answer.json
    assert answer.json["wheelchair"] == "yes"
    assert answer.json["acceptance"]["elderly"]["answer"] == "yes"
    assert answer.json["acceptance"]["mental"]["answer"] == "no"
    kept = in_database(lambda s: s.get(Home, home.id))
    assert (kept.rent, kept.remarks, kept.layout) == (39000, "日当たりよし", "1K")
    stale = api("PATCH", f"/homes/{home.id}", {"version": 1, "rent": 40000})
    assert (stale.status_code, stale.json["code"]) == (409, "stale")
    assert api("PATCH", f"/homes/{home.id}", {"rent": 40000}).status_code == 422


def test_the_api_registers_a_vacancy_once_and_names_a_known_one(api, make, worker, in_database):
    place = a_home(make, worker).property_id
    body = {"property_id": place, "room": "202", "layout": "1K", "rent": "4.1万円"}
    made = api("POST", "/homes", body)
    assert (made.status_code, made.json["rent"]) == (201, 41000)
    assert api("POST", "/homes", body).json["id"] == made.json["id"]
    known = api("POST", "/homes", body | {"room": "２０２号室"}, key="vacancy-key-2")
    assert known.status_code == 422
    assert known.json["details"]["home_id"] == made.json["id"]
    count = sa.select(sa.func.count()).select_from(Home)
    assert in_database(lambda s: s.scalar(count)) == 2
