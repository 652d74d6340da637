"""A case without consent at a 支援会議: what is said there is nowhere else, whoever asks."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEntry
from app.cases.work.models import LogEntry
from app.db import now, today, writing
from app.meetings.codes import ItemBasis, LegalBasis
from app.meetings.models import Item, Meeting, Seat
from app.policy import ConsentItem, OrganisationKind, RecipientKind, Role
from tests.meetings.kit import a_meeting, an_item, signed

SECRET = ("ひみつの話題", "ひみつの記録", "ひみつの決定", "ひみつの仕事")


@pytest.fixture
def town(make):
    """An agency with four people, another agency, an NPO, and a closed item with words in it."""
    agency = make.organisation(OrganisationKind.CONSULTATION, OrganisationKind.FOLLOW_UP)
    other = make.organisation(OrganisationKind.CONSULTATION)
    npo = make.organisation(OrganisationKind.HOUSING_SUPPORT, OrganisationKind.FOOD_BANK)
    people = {
        "desk": make.user(Role.CONSULTANT, organisation=agency),
        "colleague": make.user(Role.CONSULTANT, organisation=agency),
        "teammate": make.user(Role.CONSULTANT, organisation=agency),
        "guest": make.user(Role.CONSULTANT, organisation=other),
        "stranger": make.user(Role.CONSULTANT, organisation=other),
        "housing": make.user(Role.HOUSING, organisation=npo),
        "foodbank": make.user(Role.FOODBANK, organisation=npo),
        "followup": make.user(Role.FOLLOWUP, organisation=agency),
        "admin": make.user(Role.ORG_ADMIN, organisation=agency),
        "auditor": make.user(Role.AUDITOR, organisation=agency),
        "system": make.user(Role.SYSADMIN, organisation=agency),
    }
    case = make.case(people["desk"], team=[people["teammate"]], name="見本 一子")
    make.consent(case, RecipientKind.HOUSING_SUPPORT, ConsentItem.CARE)
    make.consent(case, RecipientKind.FOOD_BANK, ConsentItem.FOOD_NEEDS)
    meeting = a_meeting(make, people["desk"], LegalBasis.COORDINATION, LegalBasis.ARTICLE_9)
    signed(make, people["desk"], people["colleague"])
    item = an_item(
        make, meeting, case, people["desk"], basis=ItemBasis.SUPPORT, subject="ひみつの話題"
    )
    return people | {"case": case, "meeting": meeting, "item": item}


def _written(town, browser):
    """The words of the meeting, typed by somebody who sits there."""
    url = f"/meetings/{town['meeting'].id}/items/{town['item'].id}"
    page = browser.submit(browser.get(url), {"notes": "ひみつの記録"}, action="/notes")
    typed = {"decision": "confirmed", "decision_note": "ひみつの決定", "task": "ひみつの仕事",
             "by_when": (today() + timedelta(days=2)).isoformat()}  # fmt: skip
    return browser.submit(page, typed, action="/decision")


def _everything(app, browser, user, town):
    """Every page and every answer of the API that can be asked for, and files."""
    case, meeting, item = town["case"], town["meeting"], town["item"]
    numbers = {"case_id": case.id, "meeting_id": meeting.id, "item_id": item.id}
    texts = []
    headers = {"Authorization": f"Bearer {user.token}"}
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static" or rule.endpoint.endswith("out"):
            continue
        url = rule.rule
        for name in rule.arguments:
            spec = next(s for s in (f"<int:{name}>", f"<{name}>", f"<path:{name}>") if s in url)
            url = url.replace(spec, str(numbers.get(name, 1)))
        answer = (
            app.test_client().get(url, headers=headers)
            if url.startswith("/api/")
            else browser.raw.get(url)
        )
        assert answer.status_code < 500, url
        texts.append((url, answer.get_data(as_text=False).decode("utf-8", "replace")))
    searches = (f"/search?q={word}" for word in (*SECRET, "ひみつ"))
    return texts + [("search", browser.raw.get(url).get_data(as_text=True)) for url in searches]


@pytest.mark.parametrize(
    "who",
    ["colleague", "teammate", "guest", "stranger", "housing", "foodbank", "followup", "admin",
     "auditor", "system"],
)  # fmt: skip
def test_no_role_reads_a_word_of_it_anywhere(app, town, browser_of, who):
    _written(town, browser_of(town["desk"]))
    for url, text in _everything(app, browser_of(town[who]), town[who], town):
        found = [word for word in SECRET if word in text]
        assert not found or url == "search", (url, found)
        if url == "search":  # the page repeats what was typed and finds nothing
            assert town["case"].number not in text


@pytest.mark.parametrize("who", ["colleague", "teammate"])
def test_the_item_is_not_even_counted_for_colleagues(town, browser_of, who):
    _written(town, browser_of(town["desk"]))
    browser = browser_of(town[who])
    assert "0件" in browser.get("/meetings").text
    page = browser.get(f"/meetings/{town['meeting'].id}")
    assert "議題はまだありません" in page.text
    browser.get(f"/meetings/{town['meeting'].id}/items/{town['item'].id}", status=404)
    browser.get(f"/meetings/{town['meeting'].id}/closed-minutes.pdf", status=404)
    assert "会議" not in [h.text for h in browser.get(f"/cases/{town['case'].id}").soup("h2")]


def test_who_sits_there_reads_it_only_in_the_meeting(app, town, browser_of, in_database):
    desk = browser_of(town["desk"])
    assert "ひみつの決定" in _written(town, desk).text
    places = {
        url for url, text in _everything(app, desk, town["desk"], town)
        if any(word in text for word in SECRET) and url != "search"
    }  # fmt: skip
    number, item = town["meeting"].id, town["item"].id
    assert places == {f"/meetings/{number}", f"/meetings/{number}/items/{item}", "/"}
    assert desk.raw.get(f"/meetings/{number}/closed-minutes.pdf").data.startswith(b"%PDF")
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(LogEntry.id)))) == 0
    entries = in_database(lambda s: s.scalars(sa.select(AuditEntry)).all())
    told = str([(e.record_kind, e.fields, e.basis) for e in entries])
    assert not [word for word in SECRET if word in told]


def test_a_task_of_it_is_ticked_by_those_who_sit_there(town, browser_of):
    desk = browser_of(town["desk"])
    page = _written(town, desk)
    assert "ひみつの仕事" in desk.get("/").text
    assert "済み" in desk.submit(page, action="/task-done").text
    assert "ひみつの仕事" not in desk.get("/").text


def test_only_who_signed_can_be_put_down_and_no_home_or_food_role(make, town, browser_of):
    desk = browser_of(town["desk"])
    meeting, item = town["meeting"].id, town["item"].id
    for who in ("colleague", "housing"):
        page = desk.get(f"/meetings/{meeting}/attendees")
        desk.submit(page, {"user_id": town[who].id}, action="/attendees/new")
    url = f"/meetings/{meeting}/items/{item}"
    page = desk.get(url)
    refused = desk.submit(page, {"attendees": ["1", "2"]}, action="/seats", status=422)
    assert "誓約の記録がない" in refused.errors
    signed(make, town["housing"], town["desk"])
    refused = desk.submit(page, {"attendees": ["1", "3"]}, action="/seats", status=422)
    assert "相談員と" in refused.errors
    signed(make, town["colleague"], town["desk"])
    desk.submit(page, {"attendees": ["1", "2"]}, action="/seats")
    assert "ひみつの話題" in browser_of(town["colleague"]).get(url).text


def test_a_pledge_that_ends_closes_the_door(make, town, browser_of):
    pledge = signed(make, town["colleague"], town["desk"])
    desk = browser_of(town["desk"])
    page = desk.get(f"/meetings/{town['meeting'].id}/attendees")
    desk.submit(page, {"user_id": town["colleague"].id}, action="/attendees/new")
    url = f"/meetings/{town['meeting'].id}/items/{town['item'].id}"
    desk.submit(desk.get(url), {"attendees": ["1", "2"]}, action="/seats")
    browser_of(town["colleague"]).get(url)
    roster = desk.get("/meetings/pledges")
    desk.submit(roster, action=f"/pledges/{pledge.id}/end")
    browser_of(town["colleague"]).get(url, status=404)


def test_the_database_keeps_cases_without_consent_where_they_belong(make, town):
    """No code path can do it: neither the item, nor the seat, nor the meeting's own basis."""
    desk, case = town["desk"].id, town["case"].id
    plain = a_meeting(make, town["desk"])
    plain_id, support_id, item_id = plain.id, town["meeting"].id, town["item"].id

    def refused(act):
        def tried():
            act(make.session)
            make.session.flush()

        with pytest.raises(IntegrityError), writing():
            tried()
        make.session.rollback()

    def row(**more):
        return Item(position=1, case_id=case, minutes=15, added_by=desk, **more)

    secret = {"basis": ItemBasis.SUPPORT, "secret": True, "without_consent": True}
    refused(lambda s: s.add(row(meeting_id=plain_id, support=False, **secret)))
    refused(lambda s: s.add(row(meeting_id=plain_id, support=True, **secret)))
    refused(lambda s: s.add(row(meeting_id=support_id, support=True, basis=ItemBasis.COORDINATION,
                                secret=False, without_consent=True)))  # fmt: skip
    refused(lambda s: s.execute(sa.update(Meeting).where(Meeting.id == support_id)
                                .values(support=False, article_9=False)))  # fmt: skip
    seat = {"item_id": item_id, "attendee_id": 1, "meeting_id": support_id}
    refused(lambda s: s.execute(sa.update(Seat).where(Seat.item_id == item_id)
                                .values(pledge_id=None)))  # fmt: skip
    refused(lambda s: (s.execute(sa.delete(Seat)), s.add(Seat(**seat, secret=False))))


def test_a_meeting_cannot_lose_the_basis_its_items_need(town, browser_of):
    browser = browser_of(town["colleague"])
    edit = browser.get(f"/meetings/{town['meeting'].id}/edit")
    refused = browser.submit(edit, {"legal_bases": ["coordination"]}, status=422)
    assert "はずせません" in refused.errors


def test_nobody_adds_a_case_as_support_without_having_signed(town, make, browser_of):
    case = make.case(town["teammate"])
    browser = browser_of(town["teammate"])
    page = browser.get(f"/meetings/{town['meeting'].id}/items/new")
    refused = browser.submit(page, {"case_id": case.id, "basis": "support"}, status=422)
    assert "誓約の記録がない" in refused.errors


def test_the_agencies_that_sit_there_are_let_in_for_a_while(make, town, browser_of):
    desk, guest = browser_of(town["desk"]), browser_of(town["guest"])
    case, meeting = town["case"].id, town["meeting"].id
    guest.get(f"/cases/{case}", status=404)
    signed(make, town["guest"], town["desk"])
    page = desk.get(f"/meetings/{meeting}/attendees")
    desk.submit(page, {"user_id": town["guest"].id}, action="/attendees/new")
    url = f"/meetings/{meeting}/items/{town['item'].id}"
    page = desk.submit(desk.get(url), {"attendees": ["1", "2"]}, action="/seats")
    late = {"ends_on": (today() + timedelta(days=900)).isoformat()}
    assert "1年以内" in desk.submit(page, late, action="/share", status=422).errors
    assert "1 の相談機関" in desk.submit(page, action="/share").text
    assert "0 の相談機関" in desk.submit(desk.get(url), action="/share").text
    assert "見本 一子" in guest.get(f"/cases/{case}").text
    assert "第9条の支援会議" in desk.get(f"/cases/{case}/consents").text


def test_a_housing_worker_attends_only_what_they_are_put_down_for(make, town, browser_of):
    case = make.case(town["desk"])
    other = make.case(town["desk"])
    for one in (case, other):
        make.consent(one, RecipientKind.PARTNER, ConsentItem.CARE)
        make.consent(one, RecipientKind.HOUSING_SUPPORT, ConsentItem.CARE)
    open_item = an_item(make, town["meeting"], case, town["desk"], subject="病気のこと")
    an_item(make, town["meeting"], other, town["desk"], subject="借金のこと")
    meeting = town["meeting"].id
    worker, desk = browser_of(town["housing"]), browser_of(town["desk"])
    assert "会議はありません" in worker.get("/meetings").text
    worker.get(f"/meetings/{meeting}", status=404)
    desk.submit(desk.get(f"/meetings/{meeting}/attendees"), {"user_id": town["housing"].id},
                action="/attendees/new")  # fmt: skip
    worker.get(f"/meetings/{meeting}", status=404)  # at no item yet
    url = f"/meetings/{meeting}/items/{open_item.id}"
    page = desk.submit(desk.get(url), {"attendees": ["1", "2"]}, action="/seats")
    desk.submit(page, {"notes": "通院の話"}, action="/notes")
    desk.submit(desk.get(url), {"decision": "confirmed", "decision_note": "薬のこと",
                                "task": "内見に同行"}, action="/decision")  # fmt: skip
    seen = worker.get(f"/meetings/{meeting}").text + worker.get(url).text
    assert case.code_name in seen
    assert "内見に同行" in seen
    for word in ("病気", "通院", "薬のこと", "借金", other.code_name, *SECRET):
        assert word not in seen
    worker.get(f"/meetings/{meeting}/minutes.pdf", status=403)


def test_sheets_are_numbered_and_collected(town, browser_of, in_database):
    desk = browser_of(town["desk"])
    url = f"/meetings/{town['meeting'].id}/items/{town['item'].id}"
    page = desk.get(url)
    form = page.form("sheets.pdf")
    data = {f["name"]: f["value"] for f in form.find_all("input")}
    assert desk.raw.post(f"{url}/sheets.pdf", data=data).data.startswith(b"%PDF")
    assert "1枚の回収" in desk.submit(page, action="/collected").text
    assert now() > in_database(lambda s: s.scalars(sa.select(Item)).first().created_at)


def test_nobody_records_their_own_pledge(town, browser_of):
    browser = browser_of(town["colleague"])
    page = browser.get("/meetings/pledges")
    own = {"user_id": town["colleague"].id}
    assert "ほかの人に" in browser.submit(page, own, action="/new", status=422).errors
    assert "名前を入れて" in browser.submit(page, action="/new", status=422).errors
    future = {"name": "外部 花子", "signed_on": "2099-01-01"}
    assert "まだ来ていない" in browser.submit(page, future, action="/new", status=422).errors
    page = browser.submit(page, {"name": "外部 花子", "belongs_to": "福祉事務所"}, action="/new")
    assert "外部 花子" in page.text
    again = browser.submit(page, {"user_id": town["desk"].id}, action="/new", status=409)
    assert "もう記録" in again.text
    attend = browser.get(f"/meetings/{town['meeting'].id}/attendees")
    chosen = {"pledge_id": "2", "role": "welfare_inspector"}
    page = browser.submit(attend, chosen, action="/attendees/new")
    assert "査察指導員" in page.text
    assert "名前を入れて" in browser.submit(page, action="/attendees/new", status=422).errors
    page = browser.submit(page, {"name": "見学 次郎"}, action="/attendees/new")
    assert "見学 次郎" in page.text
    browser.submit(page, action="/attendees/3/remove")
    assert "見学" not in browser.get(f"/meetings/{town['meeting'].id}/attendees").text


def test_the_api_tells_of_open_items_only(app, make, town, browser_of):
    case = make.case(town["desk"])
    make.consent(case, RecipientKind.PARTNER, ConsentItem.CARE)
    item = an_item(make, town["meeting"], case, town["desk"])
    client, headers = app.test_client(), {"Authorization": f"Bearer {town['desk'].token}"}
    listed = client.get("/api/v1/meetings", headers=headers).json
    assert (listed["total"], listed["items"][0]["legal_bases"]) == (
        1,
        ["coordination", "article_9"],
    )
    url = f"/api/v1/meetings/{town['meeting'].id}"
    whole = client.get(url, headers=headers).json
    assert [one["code_name"] for one in whole["items"]] == [case.code_name]
    send = {"headers": headers | {"Idempotency-Key": "decide-once"},
            "json": {"version": item.version, "decision": "confirmed"}}  # fmt: skip
    answer = client.post(f"{url}/items/{item.id}/decision", **send)
    assert (answer.status_code, answer.json["decision"]) == (200, "confirmed")
    assert client.post(f"{url}/items/{item.id}/decision", **send).json == answer.json
    send["headers"] = headers | {"Idempotency-Key": "decide-closed"}
    assert client.post(f"{url}/items/{town['item'].id}/decision", **send).status_code == 404
