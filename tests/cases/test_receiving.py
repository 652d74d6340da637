"""Receiving somebody in full: who came, from whom, why they must leave – and who it may be."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.cases.intake.codes import SourceKind
from app.cases.models import Case
from app.directory.models import Partner, PartnerKind
from app.directory.services import name_key
from app.policy import Protection, Role


@pytest.fixture
def desk(make, browser_of):
    """A consultant and their browser."""
    user = make.user(Role.CONSULTANT)
    return user, browser_of(user)


def _case(in_database):
    return in_database(lambda s: s.scalars(sa.select(Case).order_by(Case.id.desc())).first())


def _partner(make, kind, name):
    return make.save(Partner(kind=kind, name=name, name_key=name_key(name)))


def test_everything_the_form_asks_is_kept_and_told_on_the_case(desk, in_database):
    _user, browser = desk
    typed = {
        "name": "見本 四葉", "who_came": "family", "caller_name": "見本 長女",
        "caller_relation": "長女", "caller_phone": "090-0000-1111",
        "topics": ["rent_loan"], "main_topic": "health", "dwelling": "owned_loan",
        "leave_by": "R8.12.30", "leave_reason": "eviction", "work": "jobless",
        "insurance": "national", "pension": "exempt", "arrival": "referral", "route": "inside",
        "prefecture": "神奈川県", "municipality": "座間市", "address": "緑ケ丘9-8-7",
        "building": "架空荘 101", "mail_blocked": ["1"], "law8": ["1"],
    }  # fmt: skip
    page = browser.submit(browser.get("/cases/new"), typed)
    for words in (
        "持家（ローンあり）", "失業・滞納による立退き", "家族 見本 長女（長女） 090-0000-1111",
        "失業・休職中", "国民健康保険", "免除・猶予", "関係機関・関係者の紹介", "（法8条）",
        "座間市緑ケ丘9-8-7 架空荘 101 【郵便不可】", "病気や健康、障害のこと",
    ):  # fmt: skip
        assert words in page.text, words
    case = _case(in_database)
    assert case.topics == ["rent_loan", "health"]
    url = f"/cases/{case.id}/intake"
    browser.submit(browser.get(url), {"building": "架空荘 102"}, action=url)
    after = _case(in_database)
    assert (after.building, after.mail_blocked, after.caller_name) == (
        "架空荘 102", True, "見本 長女",
    )  # fmt: skip


@pytest.mark.parametrize(
    "dwelling",
    ["street", "net_cafe", "company_leaving", "owned_loan", "company", "hospital", "rented"],
)
def test_the_dwellings_of_the_source_cases_can_be_told_apart(desk, in_database, dwelling):
    _user, browser = desk
    browser.submit(browser.get("/cases/new"), {"alias": "あ", "dwelling": dwelling})
    assert _case(in_database).dwelling == dwelling


# ------------------------------------------------------------------------------- who sent them


def test_a_known_partner_is_linked_by_its_name_and_an_unknown_one_stays_text(
    desk, make, in_database
):
    _user, browser = desk
    realtor = _partner(make, PartnerKind.REALTOR, "㈱架空ホーム")
    browser.submit(browser.get("/cases/new"), {"alias": "あ", "route_detail": "株式会社架空ホーム"})
    case = _case(in_database)
    assert (case.route_partner_id, case.source_kind) == (realtor.id, SourceKind.REALTOR)
    assert case.route_detail == "株式会社架空ホーム"
    url = f"/cases/{case.id}/intake"
    changed = {"route_detail": "貸主の見本さん", "source_kind": "landlord"}
    page = browser.submit(browser.get(url), changed, action=url)
    assert "貸主の見本さん（貸主）" in page.text
    after = _case(in_database)
    assert (after.route_partner_id, after.source_kind) == (None, SourceKind.LANDLORD)


@pytest.mark.parametrize(
    ("typed", "route"),
    [
        ({"source_kind": "section", "route_detail": "収納課"}, "inside"),
        ({"source_kind": "landlord", "route_detail": "貸主さん"}, "outside"),
        ({"source_kind": "landlord", "route": "own"}, "own"),
        ({"route_detail": "だれか"}, "unknown"),
    ],
)
def test_who_sent_somebody_says_from_inside_or_outside(desk, in_database, typed, route):
    _user, browser = desk
    browser.submit(browser.get("/cases/new"), {"alias": "あ"} | typed)
    assert _case(in_database).route == route


def test_of_two_partners_with_one_name_the_kind_says_which(desk, make, in_database):
    _user, browser = desk
    _partner(make, PartnerKind.REALTOR, "架空社")
    company = _partner(make, PartnerKind.GUARANTOR_COMPANY, "架空社")
    browser.submit(browser.get("/cases/new"), {"alias": "あ", "route_detail": "架空社"})
    assert _case(in_database).route_partner_id is None
    typed = {"alias": "い", "route_detail": "架空社", "source_kind": "guarantor_company"}
    browser.submit(browser.get("/cases/new"), typed)
    assert _case(in_database).route_partner_id == company.id


def test_the_api_links_by_number_and_refuses_a_number_that_is_not_there(make, app):
    user = make.user(Role.CONSULTANT)
    section = _partner(make, PartnerKind.CITY_SECTION, "収納課")
    headers = {"Authorization": f"Bearer {user.token}"}

    def create(key, partner_id):
        body = {"alias": "あ", "route_partner_id": partner_id}
        extra = {"Idempotency-Key": f"receiving-{key}"}
        return app.test_client().post("/api/v1/cases", json=body, headers=headers | extra)

    made = create(1, section.id).json
    assert (made["route_detail"], made["source_kind"]) == ("収納課", "section")
    assert create(2, 999_999).status_code == 422


# --------------------------------------------------------------------------- this may be them

SAME = [
    {"name": "見本 太郎"},
    {"kana": "ﾐﾎﾝ ﾀﾛｳ", "alias": "たろ"},
    {"alias": "たろ", "phone": "０４６（２５２）１１１１"},
    {"alias": "たろ", "members-0-relation": "self", "members-0-born_on": "S40.5.3"},
]
KNOWN = {
    "name": "見本 太郎", "kana": "みほん たろう", "phone": "046-252-1111",
    "members": [{"born_on": date(1965, 5, 3)}],
}  # fmt: skip


def _known(make, by, **more):
    return make.case(by, **KNOWN | more)


@pytest.mark.parametrize("typed", SAME)
def test_a_likely_earlier_case_is_offered_and_never_holds_anybody_up(
    desk, make, in_database, typed
):
    user, browser = desk
    known = _known(make, user)
    page = browser.submit(browser.get("/cases/new"), typed | {"story": "話の途中"})
    assert "この人かもしれません" in page.text
    assert known.number in page.text
    assert page.soup.find(id="f-story").get_text().strip() == "話の途中"
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Case.id)))) == 1
    after = browser.submit(page, also={"somebody_new": "1"})
    assert "として受け付けました" in after.text
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Case.id)))) == 2


@pytest.mark.parametrize("typed", SAME)
def test_a_case_of_another_agency_is_not_hinted_at(desk, make, typed):
    _user, browser = desk
    _known(make, make.user(Role.CONSULTANT))
    page = browser.submit(browser.get("/cases/new"), typed)
    assert "かもしれません" not in page.text
    assert "として受け付けました" in page.text


def test_a_hidden_household_is_not_found_by_its_number_outside_the_team(make, browser_of):
    desk = make.organisation()
    team, colleague = (make.user(Role.CONSULTANT, organisation=desk) for _ in range(2))
    _known(make, team, protection=Protection.YES)
    theirs = browser_of(colleague)
    by_phone = {"alias": "たろ", "phone": "0462521111"}
    assert "かもしれません" not in theirs.submit(theirs.get("/cases/new"), by_phone).text
    ours = browser_of(team)
    assert "かもしれません" in ours.submit(ours.get("/cases/new"), by_phone).text


def test_an_unfinished_form_is_refused_before_anybody_is_looked_for(desk, make):
    user, browser = desk
    _known(make, user)
    typed = {"phone": "046-252-1111", "leave_by": "きのう"}
    page = browser.submit(browser.get("/cases/new"), typed, status=422)
    assert "かもしれません" not in page.text


def test_looking_for_a_namesake_costs_the_same_for_few_and_many(desk, make, count_queries):
    user, browser = desk
    counts = []
    for more in (1, 6):
        for _ in range(more):
            _known(make, user)
        page = browser.get("/cases/new")
        count_queries()
        browser.submit(page, {"name": "見本 太郎"})
        counts.append(count_queries())
    assert counts[1] <= counts[0]
