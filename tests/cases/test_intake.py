"""Receiving somebody: nobody is turned away, nothing typed is lost, nothing is taken twice."""

import concurrent.futures

import pytest
import sqlalchemy as sa
import time_machine

from app.audit.models import AuditEntry, Deed
from app.cases.models import Case, Member
from app.cases.work.models import TeamMember
from app.policy import Role

NAMES = ["髙﨑 𠮷之助", "はしご髙 たつ﨑", "名前🙂絵文字", "㈱架空①さん", "O'Brien <b>&amp;"]


@pytest.mark.parametrize("given", [{"name": "見本 花子"}, {"alias": "ゆき"}, {"age_band": "40s"}])
def test_a_name_an_alias_or_an_age_band_is_enough(make, browser_of, in_database, given):
    browser = browser_of(make.user(Role.CONSULTANT))
    page = browser.submit(browser.get("/cases/new"), given)
    assert "C-" in page.text
    case = in_database(lambda s: s.scalars(sa.select(Case)).one())
    assert case.number.endswith("-0001")


def test_without_any_of_them_the_page_says_so_and_keeps_what_was_typed(make, browser_of):
    browser = browser_of(make.user(Role.CONSULTANT))
    typed = {
        "story": "屋根がない\n困っている",
        "leave_by": "R8.12.30",
        "members-0-name": "見本 次郎",
    }
    page = browser.submit(browser.get("/cases/new"), typed, status=422)
    kept = page.typed("/cases/new")
    assert "呼び名だけでも" in page.errors
    assert kept["story"].replace("\r\n", "\n") == typed["story"]
    assert kept["leave_by"] == "R8.12.30"
    assert kept["members-0-name"] == "見本 次郎"


@pytest.mark.parametrize("name", NAMES)
def test_names_are_kept_sign_for_sign(make, browser_of, in_database, name):
    browser = browser_of(make.user(Role.CONSULTANT))
    page = browser.submit(browser.get("/cases/new"), {"name": name})
    assert name in page.soup.get_text()
    assert in_database(lambda s: s.scalar(sa.select(Case.name))) == name


def test_a_long_story_is_kept_whole(make, browser_of, in_database):
    story = "話" * 3000
    browser = browser_of(make.user(Role.CONSULTANT))
    browser.submit(browser.get("/cases/new"), {"alias": "あ", "story": story})
    assert in_database(lambda s: s.scalar(sa.select(Case.story))) == story


@pytest.mark.parametrize(
    "day", ["令和0年1月1日", "平成40年1月1日", "2026年2月30日", "2月30日", "きのう"]
)
def test_an_impossible_date_is_refused_with_a_sentence_and_nothing_is_lost(make, browser_of, day):
    browser = browser_of(make.user(Role.CONSULTANT))
    typed = {"name": "見本 花子", "leave_by": day}
    page = browser.submit(browser.get("/cases/new"), typed, status=422)
    kept = page.typed("/cases/new")
    assert (kept["leave_by"], kept["name"]) == (day, "見本 花子")
    assert "いつまでに" in page.errors


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "見\x00本"),
        ("name", "長" * 201),
        ("phone", "0" * 41),
        ("story", "長" * 5001),
        ("household_size", "31"),
        ("household_size", "四"),
        ("topics", "no-such-topic"),
        ("received_on", "2999-01-01"),
        ("members-0-age", "121"),
    ],
)
def test_what_cannot_be_taken_is_refused_beside_its_field(make, browser_of, field, value):
    browser = browser_of(make.user(Role.CONSULTANT))
    page = browser.submit(browser.get("/cases/new"), {"alias": "あ", field: value}, status=422)
    assert page.errors


def test_signs_that_grow_when_normalised_do_not_overflow_the_search_key(make, browser_of):
    browser = browser_of(make.user(Role.CONSULTANT))
    browser.submit(browser.get("/cases/new"), {"kana": "㍿" * 200, "name": "見本"})


def test_the_same_form_sent_twice_makes_one_case(make, browser_of, in_database):
    browser = browser_of(make.user(Role.CONSULTANT))
    form = browser.get("/cases/new").typed("/cases/new") | {"alias": "ゆき"}
    first, second = (browser.raw.post("/cases/new", data=form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Case.id)))) == 1


def test_many_at_once_get_different_numbers(make, app, in_database):
    user = make.user(Role.CONSULTANT)

    def register(number):
        headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": f"race-key-{number}"}
        answer = app.test_client().post("/api/v1/cases", json={"alias": "ゆき"}, headers=headers)
        return answer.status_code

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(register, range(16))) == {201}
    numbers = in_database(lambda s: s.scalars(sa.select(Case.number)).all())
    assert len(set(numbers)) == 16
    assert {int(n.rpartition("-")[2]) for n in numbers} == set(range(1, 17))


def test_numbers_begin_anew_each_year(make):
    user = make.user(Role.CONSULTANT)
    with time_machine.travel("2026-12-31 10:00+09:00", tick=False):
        assert make.case(user).number == "C-2026-0001"
    with time_machine.travel("2027-01-01 10:00+09:00", tick=False):
        assert make.case(user).number == "C-2027-0001"


def test_whoever_registers_is_on_the_team_and_the_log_has_names_of_fields_only(
    make, browser_of, in_database
):
    user = make.user(Role.CONSULTANT)
    browser = browser_of(user)
    browser.submit(browser.get("/cases/new"), {"name": "秘密 太郎", "phone": "046-252-1111"})
    assert in_database(lambda s: s.scalars(sa.select(TeamMember.user_id)).all()) == [user.id]
    entries = in_database(lambda s: s.scalars(sa.select(AuditEntry)).all())
    created = next(e for e in entries if e.record_kind == "case" and e.deed is Deed.CREATED)
    assert {"name", "phone"} <= set(created.fields)
    assert "秘密" not in str([vars(e) for e in entries])


def test_the_people_of_the_household_are_kept_in_order(make, browser_of, in_database):
    browser = browser_of(make.user(Role.CONSULTANT))
    rows = {
        "members-0-relation": "self", "members-0-born_on": "S40.5.3",
        "members-1-relation": "child", "members-1-age": "１０",
    }  # fmt: skip
    page = browser.submit(browser.get("/cases/new"), {"name": "見本", **rows})
    assert "10歳" in page.text
    members = in_database(lambda s: s.scalars(sa.select(Member).order_by(Member.position)).all())
    assert [m.relation.value for m in members] == ["self", "child"]
    assert members[0].born_on.isoformat() == "1965-05-03"


def test_changing_the_intake_keeps_the_rest(make, browser_of, in_database):
    user = make.user(Role.CONSULTANT)
    case = make.case(user, name="見本 太郎", phone="046-252-1111", topics=["housing"])
    browser = browser_of(user)
    page = browser.submit(browser.get(f"/cases/{case.id}/intake"), {"leave_by": "令和8年12月30日"})
    assert "12月30日" in page.text
    kept = in_database(lambda s: s.get(Case, case.id))
    assert (kept.phone, kept.topics, kept.version) == ("046-252-1111", ["housing"], 2)


def test_a_second_writer_sees_both_versions_and_keeps_what_they_typed(make, browser_of):
    organisation = make.organisation()
    first = make.user(Role.CONSULTANT, organisation=organisation, name="先の 人")
    second = make.user(Role.CONSULTANT, organisation=organisation)
    case = make.case(first, name="見本 太郎")
    url = f"/cases/{case.id}/intake"
    late = browser_of(second)
    opened = late.get(url)
    early = browser_of(first)
    early.submit(early.get(url), {"alias": "たろちゃん"})
    refused = late.submit(opened, {"alias": "たーさん", "story": "見本の話"}, status=409)
    table = refused.soup.find("table").get_text(" ", strip=True)
    assert "たろちゃん" in table
    assert "たーさん" in table
    assert "先の 人" in refused.text
    assert refused.typed("/intake")["alias"] == "たーさん"
    page = late.submit(refused)
    assert page.h1 == "見本 太郎さん"


def test_two_changes_at_once_let_only_one_through(make, app):
    user = make.user(Role.CONSULTANT)
    case = make.case(user)

    def change(alias):
        headers = {"Authorization": f"Bearer {user.token}"}
        body = {"version": 1, "alias": alias}
        answer = app.test_client().patch(f"/api/v1/cases/{case.id}", json=body, headers=headers)
        return answer.status_code

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(change, "abcd"))
    assert answers == [200, 409, 409, 409]


def test_a_case_is_closed_and_opened_again(make, browser_of):
    user = make.user(Role.CONSULTANT)
    case = make.case(user)
    browser = browser_of(user)
    page = browser.submit(browser.get(f"/cases/{case.id}/close"), {"outcome": "housed"})
    assert "住まいが決まった" in page.text
    assert case.number not in browser.get("/cases").text
    assert case.number in browser.get("/cases?closed=1").text
    page = browser.submit(browser.get(f"/cases/{case.id}/reopen"), action="reopen")
    assert "再開しました" in page.text
