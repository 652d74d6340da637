"""住居確保給付金 through the front door: guides, grants, activities, tables, and who sees them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.benefits.models import BenefitEstimate, RentGrant, SearchActivity, TownRuleRow
from app.benefits.rules import month_end
from app.cases.assessments.codes import AmountKind
from app.cases.assessments.models import Amount, Assessment
from app.db import today
from app.policy import ConsentItem, OrganisationKind, Protection, RecipientKind, Role

RENT = {
    "reason": "left", "left_on": "R8.6.30", "people": "1", "prefecture": "神奈川県",
    "municipality": "座間市", "main_earner": "yes", "income": "６０,０００円", "savings": "200000",
    "rent": "40000", "applies_on": "R8.11.28",
}  # fmt: skip
TABLE = {
    "prefecture": "神奈川県", "municipality": "座間市", "valid_from": "R8.4.1",
    "p1": "92000", "p2": "139000", "p3": "172000", "p4": "214000", "p5": "255000", "p6": "297000",
    "p7": "334000", "comparison": "below", "round_to": "1000", "rounding": "down",
    "source": "架空の要綱 第4条",
}  # fmt: skip


@pytest.fixture
def desk(make, browser_of):
    """A consultant with a case, and their browser."""
    user = make.user(Role.CONSULTANT)
    case = make.case(user, name="見本 太郎", household_size=1, municipality="座間市")
    return user, case, browser_of(user)


def _guide(browser, case, **changes):
    page = browser.get(f"/cases/{case.id}/benefits/rent")
    return browser.submit(page, RENT | changes, action="/benefits/rent")


def _first_of_month(months=0):
    day = today().replace(day=1)
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def _grant(browser, case, *, status=200, **changes):
    values = {"reason": "left", "starts_on": _first_of_month().isoformat(), "months": "3",
              "amount": "41000", "decided_by": "架空市生活援護課"}  # fmt: skip
    page = browser.get(f"/cases/{case.id}/benefits/grants/new")
    return browser.submit(page, values | changes, action="/benefits/grants", status=status)


def test_a_guide_says_it_is_none_of_our_decisions_and_why(desk, in_database):
    _user, case, browser = desk
    page = _guide(browser, case)
    assert "判定ではありません" in page.text
    assert "40,000円" in page.text
    assert "当てはまりそうです" in page.text
    assert "要確認" in page.text  # the ordinance decides, and none was entered
    kept = in_database(lambda s: s.scalars(sa.select(BenefitEstimate)).one())
    assert kept.rule_version == "benefits-1"
    assert kept.inputs["left_on"] == "2026-06-30"
    assert kept.result["amount"] == 40_000
    assert "家賃補助の目安" in browser.get(f"/cases/{case.id}").text


def test_the_next_guide_begins_with_the_last_ones_answers(desk):
    _user, case, browser = desk
    _guide(browser, case, income="")
    again = browser.get(f"/cases/{case.id}/benefits/rent")
    fields = {f["name"]: f.get("value") for f in again.soup.find_all("input") if f.get("name")}
    assert (fields["savings"], fields["income"] or "") == ("200000", "")


def test_a_first_guide_begins_with_what_the_assessment_knows(desk, make):
    user, case, browser = desk
    make.save(
        Assessment(
            case_id=case.id, round=1, assessed_on=today(), author_id=user.id, rent=38_000,
            last_worked_on=date(2026, 6, 30),
            amounts=[
                Amount(position=0, kind=AmountKind.INCOME, yen=50_000),
                Amount(position=1, kind=AmountKind.BENEFIT, yen=12_000),
                Amount(position=2, kind=AmountKind.ASSET, yen=90_000),
                Amount(position=3, kind=AmountKind.ASSET, yen=None),
            ],
        )
    )  # fmt: skip
    page = browser.get(f"/cases/{case.id}/benefits/rent")
    told = {f["name"]: f.get("value") or "" for f in page.soup.find_all("input") if f.get("name")}
    assert (told["left_on"], told["income"], told["rent"]) == ("2026-06-30", "62000", "38000")
    assert told["savings"] == ""  # one of its lines has no amount yet


def test_what_nobody_knows_is_asked_and_nothing_is_refused_for_it(desk):
    _user, case, browser = desk
    page = _guide(browser, case, income="", savings="", rent="", main_earner="unknown", left_on="")
    assert "まだ分からないことがあります" in page.text
    assert page.text.count("聞いてください") >= 4


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"municipality": "架空市", "prefecture": "架空県"}, "限度額の表がありません"),
        ({"people": "0"}, "1以上"),
        ({"income": "-5"}, "0以上"),
        ({"left_on": "平成40年1月1日"}, "平成"),
        ({"left_on": "令和0年5月1日"}, "令和"),
        ({"months_had": "12"}, "9以下"),
        ({"reason": ""}, "理由"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(desk, in_database, changes, sentence):
    _user, case, browser = desk
    page = browser.submit(
        browser.get(f"/cases/{case.id}/benefits/rent"),
        RENT | changes,
        action="/benefits/rent",
        status=422,
    )
    assert sentence in page.errors
    assert page.soup.find("input", {"name": "savings"})["value"] == "200000"
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(BenefitEstimate.id)))) == 0


def test_a_towns_own_table_goes_before_the_computed_one(make, browser_of, desk):
    user, case, browser = desk
    admin = browser_of(make.user(Role.ORG_ADMIN, organisation=make.the_organisation(user)))
    page = admin.submit(admin.get("/benefits/rules/new"), TABLE, action="/benefits/rules")
    assert "架空の要綱" in page.text
    guide = _guide(browser, case, income="110050", rent="40000")
    assert "座間市の表" in guide.text
    assert "21,000円" in guide.text  # 92,000 + 40,000 − 110,050 = 21,950, down to whole thousands
    assert "未満" in guide.text
    assert "座間市" in browser.get("/benefits/rules").text
    browser.get("/benefits/rules/new", status=403)


def test_a_later_table_does_not_change_a_guide_already_given(make, browser_of, desk, in_database):
    user, case, browser = desk
    before = _guide(browser, case).url
    admin = browser_of(make.user(Role.ORG_ADMIN, organisation=make.the_organisation(user)))
    admin.submit(
        admin.get("/benefits/rules/new"), TABLE | {"p1": "40000"}, action="/benefits/rules"
    )
    assert "92,000円" in browser.get(before).text
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(TownRuleRow.id)))) == 1


def test_a_table_that_falls_with_more_people_is_a_slip(make, browser_of):
    admin = browser_of(make.user(Role.ORG_ADMIN))
    page = admin.submit(
        admin.get("/benefits/rules/new"),
        TABLE | {"p3": "17200"},
        action="/benefits/rules",
        status=422,
    )
    assert "2人より少なく" in page.errors


def test_the_move_counts_what_is_covered(desk):
    _user, case, browser = desk
    page = browser.get(f"/cases/{case.id}/benefits/moving")
    values = {
        "reason": "reduced", "fell_on": "R8.6.1", "people": "1", "prefecture": "神奈川県",
        "municipality": "座間市", "main_earner": "yes", "income": "60000", "savings": "0",
        "rent": "40000", "budget_advised": "yes", "lines-0-code": "key_money",
        "lines-0-amount": "41000", "lines-1-code": "deposit", "lines-1-amount": "82000",
        "lines-2-code": "other", "lines-2-amount": "5000",
    }  # fmt: skip
    told = browser.submit(page, values, action="/benefits/moving")
    assert "123,000円" in told.text  # three times the ceiling
    assert "41,000円" in told.text
    assert "87,000円" in told.text  # what has to come from elsewhere
    again = browser.get(f"/cases/{case.id}/benefits/moving")
    wrong = browser.submit(
        again, values | {"lines-0-code": "yacht"}, action="/benefits/moving", status=422
    )
    assert "費目を選んでください" in wrong.errors


# ------------------------------------------------------------------------------- the grants


def test_a_grant_is_noted_and_its_end_is_told_in_time(desk, in_database):
    _user, case, browser = desk
    page = _grant(browser, case, months="1")
    assert "支給中" in page.text
    assert "あと8か月" in page.text
    assert "延長を、" in browser.get(f"/cases/{case.id}").text
    first = browser.get("/")
    assert "住居確保給付金の終わり" in first.text
    assert case.number in first.text
    grant = in_database(lambda s: s.scalars(sa.select(RentGrant)).one())
    assert grant.ends_on == month_end(today(), 1)


def test_extensions_follow_without_a_gap_up_to_nine_months(desk, in_database):
    _user, case, browser = desk
    _grant(browser, case, starts_on=_first_of_month(-2).isoformat())
    gap = _grant(browser, case, extends="1", starts_on=_first_of_month(2).isoformat(), status=422)
    assert "翌日" in gap.errors
    overlap = _grant(
        browser, case, extends="", starts_on=_first_of_month(0).isoformat(), status=422
    )
    assert "まで続いています" in overlap.errors
    for n in (1, 4):
        _grant(browser, case, extends="1", starts_on=_first_of_month(n).isoformat())
    more = _grant(browser, case, extends="1", starts_on=_first_of_month(7).isoformat(), status=422)
    assert "最長9か月" in more.errors
    numbers = in_database(
        lambda s: s.execute(
            sa.select(RentGrant.series, RentGrant.number).order_by(RentGrant.id)
        ).all()
    )
    assert [tuple(n) for n in numbers] == [(1, 1), (1, 2), (1, 3)]
    new = _grant(browser, case, extends="", starts_on=_first_of_month(8).isoformat())
    assert "初回" in new.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts_on": (today().replace(day=1) + timedelta(4)).isoformat()}, "1日の日付"),
        ({"extends": "1"}, "前の支給がありません"),
        ({"months": "4"}, "3以下"),
    ],
)
def test_a_grant_that_cannot_be_is_refused(desk, changes, sentence):
    _user, case, browser = desk
    assert sentence in _grant(browser, case, status=422, **changes).errors


def test_a_grant_may_end_early_and_is_then_not_extended(desk, in_database):
    _user, case, browser = desk
    _grant(browser, case)
    grant = in_database(lambda s: s.scalars(sa.select(RentGrant)).one())
    url = f"/cases/{case.id}/benefits/grants/{grant.id}/stop"
    outside = browser.submit(
        browser.get(url), {"stopped_on": "2020-01-01", "stopped_why": "就職"}, status=422
    )
    assert "期間の中" in outside.errors
    page = browser.submit(
        browser.get(url),
        {"stopped_on": month_end(today(), 1).isoformat(), "stopped_why": "就職して収入が増えた"},
    )
    assert "途中で終わり" in page.text
    start = _first_of_month(1).isoformat()
    assert "新しい支給" in _grant(browser, case, extends="1", starts_on=start, status=422).errors


def test_the_same_grant_noted_twice_at_once_is_there_once(app, make, browser_of, in_database):
    user = make.user(Role.CONSULTANT)
    case = make.case(user)
    browsers = [browser_of(user) for _ in range(3)]
    pages = [b.get(f"/cases/{case.id}/benefits/grants/new") for b in browsers]
    values = {"reason": "left", "starts_on": _first_of_month().isoformat(), "months": "3"}

    def press(pair):
        browser, page = pair
        form = page.form("/benefits/grants")
        sent = {f["name"]: f.get("value", "") for f in form.find_all("input") if f.get("name")}
        return browser.raw.post(form["action"], data=sent | {"extends": ""} | values).status_code

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(press, zip(browsers, pages, strict=True)))
    assert answers[0] == 303
    assert answers[1:] in ([409, 409], [409, 422], [422, 422])
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(RentGrant.id)))) == 1


# --------------------------------------------------------------------------- the activities


def test_activities_count_against_what_is_asked_and_can_be_taken_back(desk, in_database):
    _user, case, browser = desk
    _grant(browser, case)
    page = browser.get(f"/cases/{case.id}/benefits")
    assert "0 / 4回" in page.text
    page = browser.submit(
        page,
        {"kind": "consultation", "on": today().isoformat(), "note": "窓口で"},
        action="/benefits/activities",
    )
    assert "1 / 4回" in page.text
    assert "あと3回" in page.text
    page = browser.submit(page, action="take-back")
    assert "0 / 4回" in page.text
    kept = in_database(lambda s: s.scalars(sa.select(SearchActivity)).one())
    assert kept.taken_back_at is not None
    tomorrow = (today() + timedelta(1)).isoformat()
    refused = browser.submit(
        browser.get(f"/cases/{case.id}/benefits"),
        {"kind": "application", "on": tomorrow},
        action="/benefits/activities",
        status=422,
    )
    assert "まだ来ていない日" in refused.errors


# ----------------------------------------------------------------------------- who sees what


@pytest.mark.parametrize("role", [Role.HOUSING, Role.FOODBANK, Role.FOLLOWUP, Role.AUDITOR])
def test_nobody_but_consultants_reads_what_a_household_earns(make, browser_of, desk, role):
    _user, case, browser = desk
    guide = _guide(browser, case).url
    organisation = make.organisation(*OrganisationKind)
    for kind in (RecipientKind.HOUSING_SUPPORT, RecipientKind.FOLLOW_UP, RecipientKind.FOOD_BANK):
        make.consent(case, kind, *ConsentItem)
    other = browser_of(make.user(role, organisation=organisation))
    for url in (guide, f"/cases/{case.id}/benefits", f"/cases/{case.id}/benefits/rent"):
        answer = other.raw.get(url)
        assert answer.status_code in {403, 404}
        assert "60,000" not in answer.get_data(as_text=True)
    page = other.raw.get(f"/cases/{case.id}").get_data(as_text=True)
    assert "住居確保給付金" not in page


def test_a_guide_of_another_household_is_not_found(desk, make):
    user, case, browser = desk
    other = make.case(user)
    guide = _guide(browser, case).url
    browser.get(guide.replace(f"/cases/{case.id}/", f"/cases/{other.id}/"), status=404)


def test_a_protected_households_guide_is_printed_after_a_second_yes(make, browser_of):
    user = make.user(Role.CONSULTANT)
    case = make.case(user, protection=Protection.YES)
    browser = browser_of(user)
    page = _guide(browser, case)
    form = page.form(".pdf")
    keys = {f["name"]: f["value"] for f in form.find_all("input") if f.get("name")}
    assert browser.raw.post(form["action"], data=keys).status_code == 403
    assert browser.raw.post(form["action"].replace(".pdf", "9.pdf"), data=keys).status_code == 404


def test_the_guide_is_a_paper_with_a_number_for_a_name(desk):
    _user, case, browser = desk
    form = _guide(browser, case).form(".pdf")
    keys = {f["name"]: f["value"] for f in form.find_all("input") if f.get("name")}
    paper = browser.raw.post(form["action"], data=keys)
    assert paper.status_code == 200
    assert paper.data.startswith(b"%PDF")
    assert case.number in paper.headers["Content-Disposition"]
    assert "見本" not in paper.headers["Content-Disposition"]


# ------------------------------------------------------------------------------------ programs


def test_a_program_asks_for_a_guide_once_per_key(app, desk, in_database):
    user, case, _browser = desk
    body = {"reason": "left", "left_on": "2026-06-30", "people": 1, "prefecture": "神奈川県",
            "municipality": "座間市", "main_earner": "yes", "income": 60000, "savings": 0,
            "rent": 40000}  # fmt: skip
    headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": "guide-one"}
    client = app.test_client()
    url = f"/api/v1/cases/{case.id}/benefit-estimates"
    first = client.post(f"{url}/rent", json=body, headers=headers)
    again = client.post(f"{url}/rent", json=body, headers=headers)
    assert (first.status_code, first.json) == (201, again.json)
    assert first.json["amount"] == 40000
    assert "判定ではありません" in first.json["notice"]
    listed = client.get(url, headers=headers).json
    assert [one["id"] for one in listed] == [first.json["id"]]
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(BenefitEstimate.id)))) == 1
    moving = client.post(
        f"{url}/moving",
        json={"reason": "reduced", "people": 1, "prefecture": "神奈川県", "municipality": "座間市"},
        headers=headers | {"Idempotency-Key": "guide-two"},
    )
    assert moving.json["verdict"] == "unknown"
