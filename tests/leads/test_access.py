"""Lists belong to the consultants of the organisation that was handed them, by every route."""

from datetime import date

import pytest

from app.cases.models import Case, Relation
from app.policy import ConsentItem, Protection, RecipientKind, Role
from tests.leads.kit import csv, line, press, taken, upload

PATHS = (
    "/leads/1", "/leads/1/details", "/leads/1/link", "/leads/1/case/new", "/leads/imports/1",
    "/leads/imports/1/bad-rows.csv", "/leads/lists/1", "/leads/lists/1/figures.csv",
    "/leads/lists/1/deletion", "/api/v1/leads/1", "/api/v1/lead-lists/1/leads",
    "/api/v1/imports/lead-lists/1",
)  # fmt: skip
POSTS = (
    "/leads/1/claim", "/leads/1/release", "/leads/1/attempts", "/leads/1/attempts/undo",
    "/leads/1/details", "/leads/1/link", "/leads/1/case/new", "/leads/imports/1/take-in",
    "/leads/imports/1/refuse", "/leads/lists/1/day", "/leads/lists/1/deletion",
    "/leads/lists/1/deletion/withdraw", "/api/v1/leads/1/claim", "/api/v1/leads/1/attempts",
)  # fmt: skip


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT)


@pytest.fixture
def browser(browser_of, desk):
    browser = browser_of(desk)
    taken(browser, csv(line("A1", name="試験 秘子")))
    return browser


def agree(browser, lead_id=1, *, status=200, **values):
    page = browser.get(f"/leads/{lead_id}/link")
    return browser.submit(page, {"agreed_how": "phone"} | values, action="/link", status=status)


def become_a_case(browser, **values):
    """Somebody agreed and was received."""
    return browser.submit(agree(browser), values, action="/case/new")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CONSULTANT])
def test_other_roles_of_the_same_organisation_reach_nothing(role, app, browser, make, desk):
    user = make.user(role, organisation=make.the_organisation(desk))
    client = app.test_client()
    headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": "access-test"}
    for path in (*PATHS, "/leads", "/leads.csv", "/leads/lists", "/api/v1/lead-lists"):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 403, path
        assert "秘子" not in answer.text
    for path in (*POSTS, "/leads/imports", "/leads/next", "/api/v1/imports/lead-lists"):
        assert client.post(path, headers=headers).status_code == 403, path


def test_consultants_of_another_organisation_find_nothing_there(app, browser, make):
    user = make.user(Role.CONSULTANT)
    client = app.test_client()
    headers = {"Authorization": f"Bearer {user.token}"}
    for path in PATHS:
        answer = client.get(path, headers=headers)
        assert answer.status_code == 404, path
        assert "秘子" not in answer.text
    for number, path in enumerate(POSTS):
        key = {"Idempotency-Key": f"access-test-{number}"}
        body = {"json": {"result": "spoke", "version": 1}} if "/api/" in path else {}
        assert client.post(path, headers=headers | key, **body).status_code == 404, path
    assert client.get("/api/v1/lead-lists", headers=headers).json == []
    lists = client.get("/leads/lists", headers=headers)
    assert "特例貸付" not in lists.text.replace("特例貸付の借受人などの名簿を", "")
    assert "秘子" not in client.get("/leads.csv?tab=all", headers=headers).text


def test_the_first_page_and_the_search_box_tell_nobody_else(browser, make, desk, browser_of):
    housing = browser_of(make.user(Role.HOUSING, organisation=make.the_organisation(desk)))
    assert "電話をかける" not in housing.get("/").text
    assert "秘子" not in housing.get("/search?q=A1").text
    other = browser_of(make.user(Role.CONSULTANT)).get("/")
    assert "電話をかける" not in other.text


def test_a_look_and_a_file_are_written_down(browser, make, browser_of):
    browser.get("/leads")
    browser.get("/leads/1")
    browser.raw.get("/leads.csv?tab=all")
    auditor = browser_of(make.user(Role.AUDITOR))
    log = auditor.get("/audit").text
    for words in ("名簿の人 1", "書き出し", "閲覧"):
        assert words in log
    assert "秘子" not in log


# ------------------------------------------------------- what a case hides its list does not tell


@pytest.fixture
def colleague(make, desk, browser_of):
    return browser_of(make.user(Role.CONSULTANT, organisation=make.the_organisation(desk)))


def test_a_hidden_place_is_not_told_by_the_list(browser, colleague):
    press(browser, 1, "spoke", note="話した")
    become_a_case(browser, protection="yes")
    theirs = colleague.get("/leads/1")
    assert "試験 秘子" in theirs.text
    assert "C-" in theirs.text
    for path in ("/leads/1", "/leads?tab=all", "/leads.csv?tab=all", "/leads/imports/1"):
        text = colleague.raw.get(path).get_data(as_text=True)
        assert "秘子" in text, path
        for secret in ("栗原", "55-1111", "0462551111", "252-0013", "2520013"):
            assert secret not in text, path
    for words in ("0462551111", "栗原"):
        assert "しぼりこみに合う人はいません" in colleague.get(f"/leads?tab=all&words={words}").text
        assert "試験 秘子" in browser.get(f"/leads?tab=all&words={words}").text
    assert "栗原" in browser.get("/leads/1").text


def test_a_newer_row_does_not_tell_where_somebody_hidden_lives_now(browser, colleague):
    become_a_case(browser, protection="yes")
    newer = csv(line("A1", name="試験 秘子", address="座間市入谷東4-10", status="猶予"))
    upload(browser, newer, list_id="1")
    text = colleague.get("/leads/imports/2").text
    assert "（居場所なので出しません）" in text
    assert "猶予" in text
    assert "入谷東" not in text
    assert "入谷東" in browser.get("/leads/imports/2").text


def test_the_api_hides_the_place_as_the_pages_do(app, browser, colleague, make, desk):
    become_a_case(browser, protection="yes")
    user = make.user(Role.CONSULTANT, organisation=make.the_organisation(desk))
    headers = {"Authorization": f"Bearer {user.token}"}
    answer = app.test_client().get("/api/v1/leads/1", headers=headers).json
    assert answer["name"] == "試験 秘子"
    assert "phone" not in answer
    assert {"phone", "address"} <= set(answer["hidden"])


def test_a_case_the_viewer_may_not_know_is_not_named(browser, make, desk, browser_of, in_database):
    """Tied to a case of another organisation while a consent held; then it was withdrawn."""
    other = make.user(Role.CONSULTANT)
    case = make.case(other, name="試験 秘子", team=[desk])
    consent = make.consent(
        case, RecipientKind.PARTNER, ConsentItem.CARE, organisation=make.the_organisation(desk)
    )
    agree(browser, case_number=case.number)
    colleague = browser_of(make.user(Role.CONSULTANT, organisation=make.the_organisation(desk)))
    assert case.number in colleague.get("/leads/1").text
    in_database(lambda s: s.delete(s.get_one(type(consent), consent.id)))
    for path in ("/leads/1", "/leads?tab=all"):
        text = colleague.get(path).text
        assert case.number not in text
        assert "相談につないだ" in text
    in_database(lambda s: s.get_one(Case, case.id))


# -------------------------------------------------------------------- cases they may have


def test_a_case_that_may_be_theirs_is_told_as_far_as_it_may_be_seen(browser, make, desk):
    make.case(desk, name="試験　秘子", protection=Protection.NO)
    page = browser.get("/leads/1")
    assert "この人の相談かもしれません" in page.text
    assert "氏名が同じ" in page.text
    assert "相談があるかも" in browser.get("/leads").text


def test_a_hidden_telephone_number_is_not_compared(browser, colleague, make, desk):
    make.case(desk, name="べつの 名前", phone="0462-55-1111", protection=Protection.YES)
    assert "電話が同じ" in browser.get("/leads/1").text
    assert "この人の相談かもしれません" not in colleague.get("/leads/1").text
    assert "相談があるかも" not in colleague.get("/leads").text


def test_a_case_of_another_organisation_is_not_hinted_at(browser, make):
    make.case(make.user(Role.CONSULTANT), name="試験 秘子", phone="0462-55-1111")
    assert "この人の相談かもしれません" not in browser.get("/leads/1").text


def test_a_wrong_reading_makes_no_match(browser, make, desk):
    make.case(desk, name="べつの 名前", kana="しけん たろう")
    assert "この人の相談かもしれません" not in browser.get("/leads/1").text


@pytest.mark.parametrize(
    ("born_on", "told"),
    [("1984-03-14", "氏名が同じ・生年月日が同じ"), ("1990-01-01", None), (None, "氏名が同じ")],
)
def test_somebody_of_the_same_name_born_another_day_is_somebody_else(
    browser, make, desk, born_on, told
):
    day = date.fromisoformat(born_on) if born_on else None
    make.case(desk, name="試験 秘子", members=[{"relation": Relation.SELF, "born_on": day}])
    text = browser.get("/leads/1").text
    assert ("この人の相談かもしれません" in text) is (told is not None)
    assert (told or "") in text
