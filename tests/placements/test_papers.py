"""Papers on the way to the keys: who may print them, and what may never be on them."""

import io
from datetime import timedelta

import pypdf
import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry, Deed
from app.cases.work.models import PrintApproval, TeamMember
from app.db import now, today
from app.housing.models import Property
from app.policy import ConsentItem, Protection, RecipientKind, Role
from tests.housing.makers import a_case
from tests.placements.households import a_home
from tests.placements.test_steps import Walk

NAME = "髙﨑 𠮷男 *太字* #panic"


def _text(answer):
    assert answer.mimetype == "application/pdf", answer.get_data(as_text=True)[:300]
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    return "\n".join(page.extract_text() for page in pages)


@pytest.fixture
def walk(app, make, browser_of):
    walk = Walk(app, make, start=False)
    walk.case = a_case(make, walk.staff, name=NAME, story="うつ病で借金がある",
                       need={"groups": ["public_assistance"], "floor_need": "ground"})  # fmt: skip
    place = Property(key="p", name="㈱髙﨑ホーム 𠮷野荘 #1", address="座間市入谷1-1",
                     municipality="座間市")  # fmt: skip
    walk.home = a_home(make, walk.staff, property=place, contact_phone="046-000-1234", rent=40000)
    walk.start()
    walk.browser = browser_of(walk.staff)
    return walk


def _print(walk, paper, browser=None, **typed):
    browser = browser or walk.browser
    token = browser.get("/account").soup.find("input", attrs={"name": "csrf_token"})["value"]
    path = f"/placements/{walk.id}/" + (paper if paper == "landlord" else f"{paper}.pdf")
    return browser.raw.post(path, data={"csrf_token": token, **typed})


@pytest.mark.parametrize("paper", ["viewing", "costs", "placement"])
def test_a_paper_anybody_may_pick_up_carries_the_number_and_not_the_name(walk, paper, in_database):
    text = _text(_print(walk, paper))
    assert walk.case.number in text
    assert "髙﨑ホーム 𠮷野荘 #1" in text.replace("\n", "")
    assert "𠮷男" not in text
    assert "生活保護" not in text
    printed = in_database(
        lambda s: s.scalars(sa.select(AuditEntry).where(AuditEntry.deed == Deed.PRINTED)).all()
    )
    assert [one.record_id for one in printed] == [walk.case.id]


def test_the_viewing_sheet_has_the_appointment_and_looks_where_the_household_needs(walk):
    day = (today() + timedelta(days=2)).isoformat()
    walk.post(f"/placements/{walk.id}/plans", {"kind": "viewing", "planned_on": day,
              "planned_time": "10:30", "meeting_place": "相武台前駅の改札"})  # fmt: skip
    text = _text(_print(walk, "viewing"))
    for words in ("10:30", "相武台前駅の改札", "段差の数", "046-000-1234"):
        assert words in text, words


def test_whom_to_phone_is_on_the_sheet_only_for_those_who_phone(walk, make, browser_of):
    consultant = make.user(Role.CONSULTANT, organisation=make.the_organisation(walk.staff))
    assert "046-000-1234" not in _text(_print(walk, "viewing", browser_of(consultant)))
    page = browser_of(consultant).get(f"/placements/{walk.id}")
    assert "046-000-1234" not in page.text


def test_the_estimate_says_what_is_unknown_and_that_it_decides_nothing(walk):
    text = _text(_print(walk, "costs"))
    assert "目安・判定ではありません" in text
    assert "未確認（目安 15,000〜25,000円）" in text
    assert "200,000" not in text, "the household's own funds"


SAID = {
    "watcher": "NPO架空住まい",
    "how_often": "月1回の訪問",
    "phone": "046-000-9999",
    "guarantor": "架空保証",
    "payment": "口座振替",
    "message": "*よろしく* #お願い",
}


def test_without_consent_the_landlord_is_told_nothing_and_the_page_says_how_to_get_it(walk):
    answer = _print(walk, "landlord", **SAID)
    assert answer.status_code == 403
    assert "同意" in answer.get_data(as_text=True)
    walk.browser.get(f"/placements/{walk.id}/landlord", status=403)


def test_a_consent_to_somebody_else_or_to_other_things_does_not_count(walk, make):
    make.consent(walk.case, RecipientKind.HOUSING_SUPPORT, ConsentItem.HOME_NEEDS)
    make.consent(walk.case, RecipientKind.LANDLORD, ConsentItem.CONTACT)
    assert _print(walk, "landlord", **SAID).status_code == 403


def test_the_landlord_reads_the_support_and_no_name_the_consent_does_not_cover(walk, make):
    make.consent(walk.case, RecipientKind.LANDLORD, ConsentItem.HOME_NEEDS)
    text = _text(_print(walk, "landlord", **SAID))
    for words in ("NPO架空住まい", "月1回の訪問", "046-000-9999", "架空保証", "*よろしく* #お願い"):
        assert words in text, words
    for never in ("𠮷男", "うつ病", "借金", "生活保護"):
        assert never not in text, never


def test_with_consent_to_contact_the_name_is_printed_as_it_is_written(walk, make):
    make.consent(walk.case, RecipientKind.LANDLORD, ConsentItem.HOME_NEEDS, ConsentItem.CONTACT)
    assert NAME in _text(_print(walk, "landlord", **SAID))


def test_rent_paid_by_the_office_is_told_only_when_consent_covers_the_household_budget(walk, make):
    make.consent(walk.case, RecipientKind.LANDLORD, ConsentItem.HOME_NEEDS)
    proxy = SAID | {"payment": "代理納付（福祉事務所から貸主へ直接）"}
    assert "代理納付" not in walk.browser.get(f"/placements/{walk.id}/landlord").text
    assert _print(walk, "landlord", **proxy).status_code == 422
    make.consent(walk.case, RecipientKind.LANDLORD, ConsentItem.CARE)
    assert "代理納付" in _text(_print(walk, "landlord", **proxy))


@pytest.mark.parametrize("paper", ["viewing", "costs", "placement", "landlord"])
def test_a_hidden_household_needs_a_second_persons_yes_for_each_print(walk, make, paper):
    make.consent(walk.case, RecipientKind.LANDLORD, ConsentItem.HOME_NEEDS)
    walk.case.protection = Protection.YES
    make.save(walk.case)
    assert _print(walk, paper, **SAID).status_code == 403
    page = walk.browser.get(f"/placements/{walk.id}")
    asked = walk.browser.submit(page, action="/prints")
    assert "印刷を頼みました" in asked.text
    boss = make.user(Role.CONSULTANT, organisation=make.the_organisation(walk.staff))
    make.save(TeamMember(case_id=walk.case.id, user_id=boss.id, since=today()))
    make.save(
        PrintApproval(case_id=walk.case.id, paper=paper, requested_by=walk.staff.id,
                      approved_by=boss.id, approved_at=now())
    )  # fmt: skip
    assert _print(walk, paper, **SAID).status_code == 200
    assert _print(walk, paper, **SAID).status_code == 403


def test_a_paper_that_is_not_one_is_not_found(walk):
    assert _print(walk, "handout").status_code == 404
