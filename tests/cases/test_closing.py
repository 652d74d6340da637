"""Ending a consultation knowingly, beginning again, and handing over to 生活保護 and back."""

import pytest
import sqlalchemy as sa

from app.cases.closing.models import Closing
from app.db import today
from app.foodbank.models import Pickup
from app.foodbank.requests import services as requests
from app.policy import ConsentItem, OrganisationKind, RecipientKind, Role
from tests.cases.plan_kit import a_plan


@pytest.fixture
def desk(make):
    kinds = (OrganisationKind.CONSULTATION, OrganisationKind.FOOD_BANK)
    return make.user(Role.CONSULTANT, organisation=make.organisation(*kinds))


@pytest.fixture
def case(make, desk):
    return make.case(desk)


def test_what_is_still_open_is_told_and_left_open_knowingly(
    make, desk, case, browser_of, in_database
):
    a_plan(make, case, desk)
    browser = browser_of(desk)
    log = browser.get(f"/cases/{case.id}/log/new")
    browser.submit(log, {"text": "x", "next_step": "電話", "next_on": "2030-01-01"})
    in_database(
        lambda s: requests.request_for_case(
            s, case=s.get_one(type(case), case.id), organisation_id=desk.organisation_id, days=1,
            needed_on=today(), pickup=Pickup.COUNTER, place="", remark="", user_id=desk.id,
            today=today(),
        )
    )  # fmt: skip
    page = browser.get(f"/cases/{case.id}/close")
    for words in ("プランがあります", "1件 済んでいません", "食料の依頼が 1件"):
        assert words in page.text
    refused = browser.submit(page, {"outcome": "housed", "text": "残るメモ"}, status=422)
    assert "分かったうえで" in refused.errors
    assert "残るメモ" in refused.text
    done = browser.submit(
        refused, {"outcome": "housed", "anyway": "1", "changes": ["housing", "sos"]}
    )
    assert "住まいの確保・安定化、SOSを出せるようになった" in done.text
    assert "分かったうえで残したこと" in done.text
    kept = in_database(lambda s: s.scalars(sa.select(Closing)).one())
    assert len(kept.open_things) == 3


def test_beginning_again_keeps_how_it_had_ended(desk, case, browser_of, in_database):
    browser = browser_of(desk)
    browser.submit(browser.get(f"/cases/{case.id}/close"), {"outcome": "informed"})
    page = browser.submit(browser.get(f"/cases/{case.id}/reopen"), {"reason": "また来た"})
    assert "また来た" in page.text
    assert "情報提供・相談で解決した" in page.text
    browser.submit(browser.get(f"/cases/{case.id}/close"), {"outcome": "housed"})
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Closing.id)))) == 2
    stale = browser.get(f"/cases/{case.id}/reopen")
    browser.submit(stale)
    again = browser.submit(browser.get(f"/cases/{case.id}/reopen"), status=422)
    assert "終結していません" in again.text


def test_the_standing_with_welfare_is_dated_and_nothing_is_overwritten(desk, case, browser_of):
    browser = browser_of(desk)
    url = f"/cases/{case.id}/welfare/status"
    future = browser.submit(browser.get(url), {"status": "none", "since": "2099-01-01"}, status=422)
    assert "まだ来ていない" in future.errors
    browser.submit(browser.get(url), {"status": "applying", "since": "2026-10-01"})
    page = browser.submit(browser.get(url), {"status": "receiving", "office": "生活援護課"})
    assert "申請中" in page.text
    case_page = browser.get(f"/cases/{case.id}").text
    assert "生活保護：申請中" in case_page
    assert "生活保護：受給中" in case_page


def test_a_hand_over_names_its_basis_and_is_counted(make, desk, case, browser_of):
    browser = browser_of(desk)
    url = f"/cases/{case.id}/welfare/handover"
    typed = {"direction": "to", "office": "生活援護課", "handed": "申込票の写し"}
    by_consent = typed | {"basis": "consent"}
    assert "同意が" in browser.submit(browser.get(url), by_consent, status=422).errors
    by_law = typed | {"basis": "law"}
    assert "条文" in browser.submit(browser.get(url), by_law, status=422).errors
    late = by_law | {"basis_note": "第8条", "handed_on": "2099-01-01"}
    assert "まだ来ていない" in browser.submit(browser.get(url), late, status=422).errors
    browser.submit(browser.get(url), by_law | {"basis_note": "第23条", "handed_on": "2026-05-01"})
    make.consent(case, RecipientKind.PARTNER, ConsentItem.CARE)
    page = browser.submit(browser.get(url), by_consent)
    assert "申込票の写し" in page.text
    browser.submit(browser.get(url), by_consent | {"direction": "back"})
    assert "引き継ぎ：こちらから生活保護へ（生活援護課）" in browser.get(f"/cases/{case.id}").text
    counts = browser.get("/handovers?since=2026-04-01&until=2027-03-31").text
    assert "こちらから生活保護へ 2件 1世帯" in counts
    assert "生活保護からこちらへ 1件 1世帯" in counts
    assert "こちらから生活保護へ 0件 0世帯" in browser.get("/handovers?until=2020-01-01").text
    stranger = browser_of(make.user(Role.CONSULTANT))
    assert "こちらから生活保護へ 0件 0世帯" in stranger.get("/handovers").text
