"""Consent on paper, and its withdrawal: the very next request is refused, whatever the way."""

import io

import pypdf
import pytest

from app.cases.consents.texts import current_version, text_of
from app.policy import ConsentItem, OrganisationKind, RecipientKind, Role
from tests.housing.makers import a_case, a_home

CHOSEN = {
    "recipient": "housing_support", "items": ["home_needs", "contact"], "ends_on": "R9.11.27",
}  # fmt: skip


def _paper(browser, page, values):
    form = page.form("/consents")
    token = form.find("input", attrs={"name": "csrf_token"})["value"]
    url = form.find("button", attrs={"formaction": True})["formaction"]
    return browser.raw.post(url, data={"csrf_token": token} | values)


def _text(answer):
    pages = pypdf.PdfReader(io.BytesIO(answer.get_data())).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


def test_the_paper_has_the_text_of_its_version_what_is_ticked_and_no_name(make, browser_of):
    user = make.user(Role.CONSULTANT)
    case = make.case(user, name="秘密 太郎", address="緑ケ丘9-8-7", phone="046-252-1111")
    browser = browser_of(user)
    answer = _paper(browser, browser.get(f"/cases/{case.id}/consents/new"), CHOSEN)
    assert answer.mimetype == "application/pdf"
    text = _text(answer)
    for line in text_of(current_version()).split():
        assert line in text
    for words in (case.number, current_version(), "署名", "2027年11月27日", "居住支援法人"):
        assert words in text
    assert text.count("✓") == 3
    assert "秘密" not in text
    assert "緑ケ丘" not in text


def test_the_paper_may_be_printed_blank_and_nothing_is_recorded(make, browser_of):
    user = make.user(Role.CONSULTANT)
    case = make.case(user)
    browser = browser_of(user)
    text = _text(_paper(browser, browser.get(f"/cases/{case.id}/consents/new"), {}))
    assert "✓" not in text
    assert "書かなければ" in text
    assert "まだ同意がありません" in browser.get(f"/cases/{case.id}/consents").text


def test_what_cannot_stand_on_the_paper_is_refused_at_its_field(make, browser_of):
    user = make.user(Role.CONSULTANT)
    case = make.case(user)
    browser = browser_of(user)
    answer = _paper(browser, browser.get(f"/cases/{case.id}/consents/new"), {"ends_on": "きのう"})
    assert answer.status_code == 422
    assert "いつまで" in answer.get_data(as_text=True)


# -------------------------------------------------------------------------------- withdrawal


@pytest.fixture
def handed_over(make, in_database, browser_of, app):
    """A household a housing organisation, a food bank and its landlord know of by consent."""
    desk = make.organisation(OrganisationKind.CONSULTATION)
    kinds = (OrganisationKind.HOUSING_SUPPORT, OrganisationKind.FOOD_BANK,
             OrganisationKind.FOLLOW_UP)  # fmt: skip
    npo = make.organisation(*kinds)
    user = make.user(Role.CONSULTANT, organisation=desk)
    helper = make.user(Role.HOUSING, Role.FOODBANK, Role.FOLLOWUP, organisation=npo)
    case = a_case(make, user)
    homes = [a_home(make, helper) for _ in range(3)]
    for kind, item in (
        (RecipientKind.HOUSING_SUPPORT, ConsentItem.CONTACT),
        (RecipientKind.FOLLOW_UP, ConsentItem.CONTACT),
        (RecipientKind.FOOD_BANK, ConsentItem.FOOD_NEEDS),
        (RecipientKind.LANDLORD, ConsentItem.HOME_NEEDS),
    ):
        make.consent(case, kind, item)
    return user, helper, case, homes


def test_after_a_withdrawal_the_very_next_request_of_every_way_is_refused(
    handed_over, browser_of, app
):
    user, helper, case, homes = handed_over
    theirs, ours = browser_of(helper), browser_of(user)
    ways = _ways(app, theirs, helper, case, homes)
    before = {name: way() for name, way in ways.items()}
    assert not {name: status for name, status in before.items() if status >= 300}
    _withdraw_all(ours, case)
    after = {name: way() for name, way in ways.items()}
    assert not {name: status for name, status in after.items() if status not in {403, 404}}
    for url in (
        "/",
        "/cases",
        "/cases.csv",
        f"/search?q={case.number[:-1]}",
        "/placements",
        "/visits",
    ):
        assert case.number not in theirs.raw.get(url).get_data(as_text=True), url


def _ways(app, theirs, helper, case, homes):
    """Every way the household's data reach the other organisation or its landlord."""
    token = theirs.get(f"/cases/{case.id}/candidates").soup
    csrf = token.find("input", attrs={"name": "csrf_token"})["value"]
    headers = {"Authorization": f"Bearer {helper.token}"}

    def api(path, method="GET", body=None, key="x"):
        keys = {"Idempotency-Key": f"withdrawal-{key}"}
        return app.test_client().open(
            f"/api/v1{path}", method=method, json=body, headers=headers | keys
        )

    run = api(f"/cases/{case.id}/matches", "POST", {}, key="match").json["id"]
    hold = api(f"/cases/{case.id}/holds", "POST", {"home_id": homes[0].id}, key="hold").json["id"]
    placement = api(f"/holds/{hold}/placement", "POST", None, key="placement").json["id"]
    form = {"csrf_token": csrf, "run": run, "home": [home.id for home in homes[1:]]}
    gets = {
        "case": f"/cases/{case.id}", "household": f"/cases/{case.id}/household",
        "candidates": f"/cases/{case.id}/candidates",
        "placement": f"/placements/{placement}", "landlord": f"/placements/{placement}/landlord",
    }  # fmt: skip
    posts = {
        "candidates print": (f"/cases/{case.id}/candidates.pdf", form),
        "comparison print": (f"/cases/{case.id}/candidates/compare.pdf", form),
        "viewing print": (f"/placements/{placement}/viewing.pdf", {"csrf_token": csrf}),
    }
    answers = {
        "api case": f"/cases/{case.id}", "api members": f"/cases/{case.id}/members",
        "api phones": f"/cases/{case.id}/phones", "api need": f"/cases/{case.id}/housing-need",
    }  # fmt: skip
    ways = {name: lambda url=url: theirs.raw.get(url).status_code for name, url in gets.items()}
    ways |= {
        name: lambda url=url, data=data: theirs.raw.post(url, data=data).status_code
        for name, (url, data) in posts.items()
    }
    return ways | {name: lambda url=url: api(url).status_code for name, url in answers.items()}


def _withdraw_all(ours, case):
    for _ in range(4):
        page = ours.get(f"/cases/{case.id}/consents")
        ours.submit(ours.get(page.link("取りやめる")), action="/withdraw")
