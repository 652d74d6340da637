"""The people of a household and their numbers: kept as told, each on a page of its own."""

import string

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.cases.household.models import Phone
from app.cases.models import Case, Member, Relation
from app.policy import ConsentItem, Protection, RecipientKind, Role


@pytest.fixture
def desk(make, browser_of):
    """A consultant with a case, and their browser."""
    user = make.user(Role.CONSULTANT)
    case = make.case(user, name="見本 太郎", phone="046-252-1111")
    return user, case, browser_of(user)


def _api(app, user, method, path, body=None, *, key="household-key-1"):
    headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": key}
    return app.test_client().open(f"/api/v1/cases{path}", method=method, json=body, headers=headers)


MOTHER = {
    "relation": "parent", "name": "見本 髙﨑𠮷", "kana": "ミホン たかさき",
    "born_on": "昭和元年12月28日",
    "handbook_physical": "2", "handbook_intellectual": "B1", "care_level": "care_3",
    "language": "手話", "nationality": "日本",
}  # fmt: skip


def test_somebody_is_added_changed_and_taken_out(desk, in_database):
    _user, case, browser = desk
    page = browser.get(f"/cases/{case.id}/household")
    page = browser.submit(browser.get(page.link("世帯の人を加える")), MOTHER)
    for words in ("見本 髙﨑𠮷", "ミホン たかさき", "身体2級・療育B1", "要介護3", "手話"):
        assert words in page.text
    member = in_database(lambda s: s.scalars(sa.select(Member)).one())
    assert (member.born_on.isoformat(), member.relation) == ("1926-12-28", Relation.PARENT)
    url = f"/cases/{case.id}/members/{member.id}"
    page = browser.submit(browser.get(url), {"care_level": "care_5"}, action=url)
    assert "要介護5" in page.text
    assert "見本 髙﨑𠮷" in page.text
    page = browser.submit(browser.get(url), action="/remove")
    assert "まだだれも書いていません" in page.text


def test_whoever_came_under_an_alias_is_found_by_the_name_told_later(make, browser_of):
    user = make.user(Role.CONSULTANT)
    case, browser = make.case(user, name=None, alias="青い帽子の人"), browser_of(user)
    new = browser.get(f"/cases/{case.id}/members/new")
    told = {"relation": "self", "name": "架空 太郎", "kana": "ｶｸｳ ﾀﾛｳ"}
    page = browser.submit(new, told | {"name": "架空 大郎"})
    assert "架空 大郎さん" in browser.get(f"/cases/{case.id}").text
    own = page.soup.select_one("a[href*='/members/']:not([href$='/new'])")["href"]
    browser.submit(browser.get(own), told, action=own)
    assert browser.get(f"/cases/{case.id}").h1 == "架空 太郎さん"
    assert case.number in browser.get("/search?q=かくう").text


def test_a_name_the_intake_has_is_not_overwritten_by_a_row(desk):
    _user, case, browser = desk
    new = browser.get(f"/cases/{case.id}/members/new")
    browser.submit(new, {"relation": "self", "name": "見本 大郎"})
    assert browser.get(f"/cases/{case.id}").h1 == "見本 太郎さん"


def test_a_birth_to_come_is_refused_in_its_own_row_of_the_intake(desk):
    browser = desk[2]
    with time_machine.travel("2026-11-28 10:00+09:00", tick=False):
        typed = {"alias": "あ", "members-0-name": "見本 花", "members-1-born_on": "2026-11-29"}
        refused = browser.submit(browser.get("/cases/new"), typed, status=422)
        assert refused.soup.find(id="error-members-1-born_on")
        assert refused.soup.find(id="f-members-0-name")["value"] == "見本 花"


@pytest.mark.parametrize(
    ("born", "sentence"),
    [
        ("平成40年5月1日", "平成40年5月1日はありません"),
        ("平成40年2月30日", "平成40年2月30日はありません"),
        ("令和0年1月1日", "令和0年はありません"),
        ("2020年2月30日", "2月は29日まで"),
        ("2999-01-01", "までの日付"),
        ("令和60年1月1日", "確かめて"),
        ("むかし", "読めません"),
    ],
)
def test_an_impossible_birth_date_is_refused_and_everything_typed_is_kept(desk, born, sentence):
    _user, case, browser = desk
    page = browser.get(f"/cases/{case.id}/members/new")
    refused = browser.submit(page, {"name": "見本 花", "born_on": born}, status=422)
    assert sentence in refused.errors
    assert refused.soup.find(id="f-name")["value"] == "見本 花"
    assert refused.soup.find(id="f-born_on")["value"] == born


def test_a_birth_to_come_is_refused(desk):
    _user, case, browser = desk
    with time_machine.travel("2026-11-28 10:00+09:00", tick=False):
        page = browser.get(f"/cases/{case.id}/members/new")
        refused = browser.submit(page, {"born_on": "2026-11-29"}, status=422)
        assert "まだ来ていない日" in refused.errors


def test_an_age_is_reached_the_day_before_the_birthday(make, app):
    user = make.user(Role.CONSULTANT)
    case = make.case(user)
    born = {"relation": "self", "born_on": "1961-12-01"}
    assert _api(app, user, "POST", f"/{case.id}/members", born).status_code == 201
    ages = []
    for day in ("2026-11-29", "2026-11-30"):
        with time_machine.travel(f"{day} 09:00+09:00", tick=False):
            ages.append(_api(app, user, "GET", f"/{case.id}/members").json[0]["age"])
    assert ages == [64, 65]


def test_two_who_change_one_member_see_both_versions(desk, in_database):
    _user, case, browser = desk
    browser.submit(browser.get(f"/cases/{case.id}/members/new"), {"name": "見本 花"})
    member = in_database(lambda s: s.scalars(sa.select(Member)).one())
    url = f"/cases/{case.id}/members/{member.id}"
    late = browser.get(url)
    browser.submit(browser.get(url), {"note": "先の言葉"}, action=url)
    refused = browser.submit(late, {"note": "後の言葉"}, action=url, status=409)
    assert {"先の言葉", "後の言葉"} <= set(refused.soup.find("table").stripped_strings)
    page = browser.submit(refused, action=url)
    assert "後の言葉" in page.text


def test_family_living_elsewhere_is_not_fed_or_housed_here(make):
    case = make.case(members=[{"relation": "self", "age": 40}, {"relation": "apart", "age": 70}])
    assert [m.relation for m in case.living_together] == [Relation.SELF]


def test_a_patch_of_the_people_keeps_what_else_is_known_of_them(make, app, in_database):
    user = make.user(Role.CONSULTANT)
    case = make.case(user, members=[{"relation": "self", "age": 40}])
    path = f"/{case.id}"
    member = _api(app, user, "GET", f"{path}/members").json[0]
    body = {"version": member["version"], "relation": "self", "age": 40, "care_level": "care_1"}
    _api(app, user, "PUT", f"{path}/members/{member['id']}", body)
    rows = [{"relation": "child", "age": 3}, {"id": member["id"], "relation": "self", "age": 41}]
    assert _api(app, user, "PATCH", path, {"version": 1, "members": rows}).status_code == 200
    members = in_database(lambda s: s.scalars(sa.select(Member).order_by(Member.position)).all())
    assert [(m.age, m.care_level) for m in members] == [(3, None), (41, "care_1")]


def test_a_member_of_another_household_is_not_found(make, app):
    user = make.user(Role.CONSULTANT)
    mine, other = make.case(user), make.case(user, members=[{"age": 5}])
    other_id = _api(app, user, "GET", f"/{other.id}/members").json[0]["id"]
    body = {"version": 1, "relation": "self"}
    assert _api(app, user, "PUT", f"/{mine.id}/members/{other_id}", body).status_code == 404


# ------------------------------------------------------------------------------------ phones


def test_numbers_are_kept_as_told_and_the_first_one_stands_on_the_case(desk, in_database):
    _user, case, browser = desk
    url = f"/cases/{case.id}/phones"
    rows = {
        "phones-0-number": "０９０ー１２３４ー５６７８", "phones-0-whose": "本人",
        "phones-0-secret": "1", "phones-0-voicemail": "no",
        "phones-1-number": "046(252)1111", "phones-1-whose": "母",
    }  # fmt: skip
    page = browser.submit(browser.get(url), rows, action=url)
    assert "家族に知られないように" in page.text
    assert "留守電に残さない" in page.text
    phones = in_database(lambda s: s.scalars(sa.select(Phone).order_by(Phone.position)).all())
    assert [(p.number, p.digits) for p in phones] == [
        ("０９０ー１２３４ー５６７８", "09012345678"), ("046(252)1111", "0462521111"),
    ]  # fmt: skip
    assert in_database(lambda s: s.get(Case, case.id)).phone == "０９０ー１２３４ー５６７８"
    for words in ("1234-5678", "2521111"):
        assert case.number in browser.get(f"/search?q={words}").text
    assert "０９０ー１２３４ー５６７８" in browser.get(f"/cases/{case.id}").text


def test_a_number_changed_at_the_intake_is_the_first_one_and_the_others_stay(desk, in_database):
    _user, case, browser = desk
    url = f"/cases/{case.id}/phones"
    browser.submit(browser.get(url), {"phones-1-number": "03-0000-1111"}, action=url)
    intake = f"/cases/{case.id}/intake"
    browser.submit(browser.get(intake), {"phone": "070-0000-2222"}, action=intake)
    numbers = sa.select(Phone.number).order_by(Phone.position)
    assert in_database(lambda s: s.scalars(numbers).all()) == ["070-0000-2222", "03-0000-1111"]
    browser.submit(browser.get(intake), {"phone": ""}, action=intake)
    assert in_database(lambda s: s.scalars(numbers).all()) == ["03-0000-1111"]
    assert in_database(lambda s: s.get(Case, case.id)).phone == "03-0000-1111"


def test_no_number_may_be_left_and_a_stale_list_shows_both(desk, in_database):
    _user, case, browser = desk
    url = f"/cases/{case.id}/phones"
    late = browser.get(url)
    cleared = dict.fromkeys(
        ["phones-0-number", "phones-0-voicemail", "phones-0-note", "phones-1-voicemail"], ""
    )
    browser.submit(browser.get(url), cleared, action=url)
    assert in_database(lambda s: s.get(Case, case.id)).phone is None
    refused = browser.submit(late, {"phones-0-number": "03-0000-9999"}, action=url, status=409)
    assert "03-0000-9999" in refused.soup.find("table").get_text()


def test_a_row_with_words_but_no_number_is_asked_for_the_number(desk):
    _user, case, browser = desk
    url = f"/cases/{case.id}/phones"
    rows = {"phones-1-whose": "母"}
    refused = browser.submit(browser.get(url), rows, action=url, status=422)
    assert "電話番号" in refused.errors


def test_numbers_of_a_hidden_household_are_for_its_team_alone(make, browser_of, app):
    desk = make.organisation()
    team, colleague = (make.user(Role.CONSULTANT, organisation=desk) for _ in range(2))
    case = make.case(team, protection=Protection.YES, phone="080-5555-4444")
    browser = browser_of(colleague)
    browser.get(f"/cases/{case.id}/phones", status=403)
    assert "5555" not in browser.get(f"/cases/{case.id}/household").text
    assert _api(app, colleague, "GET", f"/{case.id}/phones").status_code == 403
    assert "080-5555-4444" in browser_of(team).get(f"/cases/{case.id}/household").text
    assert _api(app, team, "GET", f"/{case.id}/phones").json[0]["number"] == "080-5555-4444"


def test_the_api_writes_all_numbers(make, app):
    user = make.user(Role.CONSULTANT)
    case = make.case(user)
    body = {"version": 1, "phones": [{"number": "０３-0000-1111", "voicemail": "yes"}]}
    told = _api(app, user, "PUT", f"/{case.id}/phones", body)
    assert (told.status_code, told.json[0]["number"]) == (200, "０３-0000-1111")
    assert _api(app, user, "PUT", f"/{case.id}/phones", body).json["code"] == "stale"
    assert _api(app, user, "GET", f"/{case.id}").json["phone"] == "０３-0000-1111"
    wrong = {"version": 2, "phones": [{"number": "1"}] * 11}
    assert _api(app, user, "PUT", f"/{case.id}/phones", wrong).status_code == 422


def test_a_household_has_room_for_thirty(make, app):
    user = make.user(Role.CONSULTANT)
    case = make.case(user, members=[{"age": 5}] * 30)
    answer = _api(app, user, "POST", f"/{case.id}/members", {"relation": "child"})
    assert (answer.status_code, "name" in answer.json["errors"]) == (422, True)


def test_handbooks_and_care_are_not_for_the_housing_organisation(make, browser_of, app):
    user = make.user(Role.CONSULTANT)
    helper = make.user(Role.HOUSING)
    case = make.case(user, members=[{"relation": "self", "age": 50}])
    make.consent(case, RecipientKind.HOUSING_SUPPORT, ConsentItem.CONTACT)
    member = _api(app, user, "GET", f"/{case.id}/members").json[0]
    body = MOTHER | {"version": member["version"], "note": "ひみつ", "born_on": "1926-12-28"}
    answer = _api(app, user, "PUT", f"/{case.id}/members/{member['id']}", body)
    assert answer.json["handbook_physical"] == "2"
    text = browser_of(helper).get(f"/cases/{case.id}/household").text
    text += _api(app, helper, "GET", f"/{case.id}/members").get_data(as_text=True)
    assert "手話" in text
    assert not [w for w in ("要介護", "care_3", "B1", "身体", "ひみつ", "国籍") if w in text]


NAMES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp")), min_size=1, max_size=200
).filter(lambda text: text.strip() == text and text)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    name=st.one_of(NAMES, st.text("髙﨑𠮷德㈱①ｶﾅかなＡａ🙂👩‍👩‍👧", min_size=1, max_size=40)),
    number=st.text("0123456789０１２３ー－-‐() 　+内線", min_size=1, max_size=40),
    note=st.text("あ髙🙂👩‍🦽\n行", max_size=120),
)
def test_names_and_numbers_are_kept_exactly_or_refused_with_a_sentence(
    app, make, name, number, note
):
    user = make.user(Role.CONSULTANT)
    body = {"name": name, "phone": number, "story": note * 25}
    made = _api(app, user, "POST", "", body, key=f"fuzz-{user.id:08}")
    if made.status_code == 422:
        assert all(made.json["errors"].values())
        return
    assert made.json["name"] == (name.strip() or None)
    assert made.json["phone"] == (number.strip() or None)
    assert made.json["story"] == ((note * 25).strip() or None)
    digits = [c for c in made.json["phone"] or "" if c in string.digits]
    assert len(digits) <= 40
