"""Two people at one meeting: whoever is second sees both texts, and nothing they typed is lost."""

import pytest

from app.cases.consents.models import Consent
from app.policy import ConsentItem, OrganisationKind, RecipientKind, Role
from tests.meetings.kit import a_meeting, an_item


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT, organisation=make.organisation(OrganisationKind.CONSULTATION))


@pytest.fixture
def colleague(make, desk):
    return make.user(Role.CONSULTANT, organisation=make.the_organisation(desk))


def both(page):
    """The two texts of a conflict, by the label of their field."""
    table = next(t for t in page.soup.find_all("table") if "二つの内容" in t.caption.text)
    cells = [[c.get_text(" ", strip=True) for c in r.find_all(["th", "td"])]
             for r in table.tbody.find_all("tr")]  # fmt: skip
    return {label: (theirs, mine) for label, theirs, mine in cells}


def test_a_meeting_moved_by_two(make, desk, colleague, browser_of):
    a_meeting(make, desk)
    first, second = browser_of(colleague), browser_of(desk)
    theirs, mine = first.get("/meetings/1/edit"), second.get("/meetings/1/edit")
    first.submit(theirs, {"place": "別館", "starts_at": "10:00"})
    page = second.submit(mine, {"place": "本館", "starts_at": "13:30"}, status=409)
    assert both(page)["場所（任意）"] == ("別館", "本館")
    assert both(page)["始まり"] == ("10:00", "13:30")
    assert f"{colleague.name}さんが" in page.text
    assert page.soup.find(id="f-place")["value"] == "本館"
    assert "本館" in second.submit(page).text


def test_remarks_written_by_two(make, desk, colleague, browser_of):
    a_meeting(make, desk)
    first, second = browser_of(colleague), browser_of(desk)
    theirs, mine = first.get("/meetings/1"), second.get("/meetings/1")
    first.submit(theirs, {"remarks": "次は別館"}, action="/remarks")
    page = second.submit(mine, {"remarks": "次は本館"}, action="/remarks", status=409)
    assert both(page) == {"連絡事項": ("次は別館", "次は本館")}
    assert page.soup.find(id="f-remarks").text.strip() == "次は本館"
    page = second.submit(page, {"remarks": "次は別館、その次は本館"}, action="/remarks")
    assert "その次は本館" in page.text


@pytest.fixture
def item(make, desk):
    case = make.case(desk)
    make.consent(case, RecipientKind.PARTNER, ConsentItem.CARE)
    make.session.expire_all()
    assert make.session.query(Consent).count() == 1
    return an_item(make, a_meeting(make, desk), case, desk)


def test_notes_written_by_two(make, desk, colleague, item, browser_of):
    first, second = browser_of(colleague), browser_of(desk)
    url = f"/meetings/1/items/{item.id}"
    theirs, mine = first.get(url), second.get(url)
    first.submit(theirs, {"notes": "先に書いた"}, action="/notes")
    page = second.submit(mine, {"notes": "あとから書いた"}, action="/notes", status=409)
    assert both(page) == {"記録": ("先に書いた", "あとから書いた")}
    assert page.soup.find(id="f-notes").text.strip() == "あとから書いた"
    page = second.submit(page, {"notes": "先に書いた\nあとから書いた"}, action="/notes")
    assert "先に書いた" in page.soup.find(id="f-notes").text


def test_a_decision_recorded_by_two_stands_once_and_shows_what_the_second_wrote(
    make, desk, colleague, item, browser_of
):
    first, second = browser_of(colleague), browser_of(desk)
    url = f"/meetings/1/items/{item.id}"
    theirs, mine = first.get(url), second.get(url)
    first.submit(theirs, {"decision": "approved", "decision_note": "すぐに"}, action="/decision")
    typed = {"decision": "postponed", "decision_note": "長く考えた文", "task": "電話をする"}
    page = second.submit(mine, typed, action="/decision", status=409)
    told = both(page)
    assert told["決定"] == ("支援決定", "見送り（次の会議へ）")
    assert told["決定のメモ（任意）"] == ("すぐに", "長く考えた文")
    assert told["すること（任意）"] == ("（空欄）", "電話をする")
    assert "支援決定" in second.get(url).text


def test_regular_days_set_by_two(make, browser_of):
    agency = make.organisation(OrganisationKind.CONSULTATION)
    first, second = (browser_of(make.user(Role.ORG_ADMIN, organisation=agency)) for _ in range(2))
    theirs, mine = first.get("/meetings/settings"), second.get("/meetings/settings")
    first.submit(theirs, {"place": "会議室A", "weekdays": ["1"]})
    page = second.submit(mine, {"place": "会議室B", "weekdays": ["2"]}, status=409)
    assert both(page)["場所（任意）"] == ("会議室A", "会議室B")
    assert page.soup.find(id="f-place")["value"] == "会議室B"
    assert "会議室B" in str(second.submit(page).soup)


def test_a_service_changed_by_two(make, browser_of):
    first, second = browser_of(make.user(Role.ORG_ADMIN)), browser_of(make.user(Role.ORG_ADMIN))
    theirs, mine = first.get("/services/removal"), second.get("/services/removal")
    first.submit(theirs, {"name": "引越の手伝い"})
    page = second.submit(mine, {"name": "引越", "note": "軽トラック"}, status=409)
    assert both(page) == {
        "名前": ("引越の手伝い", "引越"),
        "メモ（任意）": ("（空欄）", "軽トラック"),
    }
    assert page.soup.find(id="f-name")["value"] == "引越"
    assert "引越" in second.submit(page).text
