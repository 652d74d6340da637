"""Every counter makes sheets; who finds one in a list opens it, and nobody else; paper and API."""

import io
import itertools
from datetime import date, timedelta

import pypdf
import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.services import viewer_of
from app.cases.consents.models import ConsentMethod
from app.db import now, today, writing
from app.policy import ConsentItem, OrganisationKind, Protection, RecipientKind, Role
from app.referrals import queries
from app.referrals.access import access_to_sheet
from app.referrals.codes import RecipientState, Way
from app.referrals.models import ReferralRecipient, ReferralSheet
from app.referrals.today import working_days_before

PERSON = {"name": "架空 髙子", "told": "借金のことで眠れない", "asked": "家賃の相談をお願いします"}
ORAL = {"consent_method": "oral", "consent_record": "読み上げ、はいと答えた"}
MEETING_PEOPLE = (Role.CONSULTANT, Role.HOUSING, Role.FOLLOWUP, Role.FOODBANK)


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT, name="架空 窓子")


@pytest.fixture
def section(make):
    office = make.organisation(OrganisationKind.CITY_SECTION, name="架空市 収納課")
    return make.user(Role.CONSULTANT, organisation=office, name="架空 収一")


def sent(browser, section, url="/referrals/new", **values):
    to = {"recipients-0-to": f"o{section.organisation_id}", "recipients-0-way": "walked"}
    page = browser.get(url)
    return browser.submit(page, {**PERSON, **ORAL, **to, **values}, also={"send": "1"})


# ----------------------------------------------------------------------- list and page agree


def _sheets(make, people, day):
    """Every maker, recipient, state and consent there can be."""
    session, makers = make.session, people[:4]
    consents = (
        {}, {"consent_on": day},
        {"consent_on": day, "consent_withdrawn_at": now()},
        {"consent_on": day, "of_case": {"withdrawn_at": None, "ends_on": None}},
        {"consent_on": day, "of_case": {"withdrawn_at": now(), "ends_on": None}},
        {"consent_on": day, "of_case": {"withdrawn_at": None, "ends_on": day - timedelta(1)}},
    )  # fmt: skip
    case = make.case(makers[0])
    numbers = itertools.count(1)
    for maker, consent, to in itertools.product(makers, consents, (None, *people[4:8:3])):
        for state in RecipientState:
            given = dict(consent)
            of_case = given.pop("of_case", None)
            kept = None
            if of_case is not None:
                kept = make.consent(case, RecipientKind.REFERRAL, given_on=day - timedelta(9))
                for name, value in of_case.items():
                    setattr(kept, name, value)
            drafted = state is RecipientState.DRAFT or not given
            with writing():
                session.add(
                    ReferralSheet(
                        number=f"T-2026-{next(numbers):04}", made_on=day, made_by=maker.id,
                        organisation_id=maker.organisation_id, alias="みほん", consent=kept,
                        consent_method=ConsentMethod.SIGNED if given else None,
                        sent_at=None if drafted else now(), **given,
                        recipients=[
                            ReferralRecipient(
                                organisation_id=to.organisation_id if to else None,
                                office="架空", way=Way.WALKED, state=RecipientState.DRAFT
                                if drafted else RecipientState.SENT,
                            )
                        ],
                    )
                )  # fmt: skip
                session.commit()


def test_a_list_shows_exactly_the_sheets_whose_page_opens(make):
    """For every role on either side, before and after the consent was taken back or ran out."""
    here, there = make.organisation(*OrganisationKind), make.organisation(*OrganisationKind)
    people = [make.user(role, organisation=o) for o in (here, there) for role in MEETING_PEOPLE]
    people += [make.user(role, organisation=here) for role in (Role.AUDITOR, Role.ORG_ADMIN)]
    people.append(make.user(Role.CONSULTANT, Role.FOODBANK, organisation=there))
    day = today()
    _sheets(make, people, day)
    session = make.session
    session.expire_all()
    sheets = session.scalars(sa.select(ReferralSheet)).all()
    known = set()
    for user in people:
        viewer = viewer_of(session.get_one(User, user.id))
        access = {sheet.id: access_to_sheet(sheet, viewer, today=day) for sheet in sheets}

        def listed(side, viewer=viewer):
            return {s.id for s in session.scalars(queries.visible_sheets(viewer, side, today=day))}

        opens = {number for number, one in access.items() if one.known}
        assert listed("both") == opens
        assert listed("in") == {number for number, one in access.items() if one.reached}
        assert listed("out") == {number for number, one in access.items() if one.makers_side}
        known |= opens
        if not viewer.roles() & set(MEETING_PEOPLE):
            assert opens == set()
    assert known


# ------------------------------------------------------------------------- every counter


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        (Role.CONSULTANT, RecipientKind.PARTNER),
        (Role.HOUSING, RecipientKind.HOUSING_SUPPORT),
        (Role.FOLLOWUP, RecipientKind.FOLLOW_UP),
        (Role.FOODBANK, RecipientKind.FOOD_BANK),
    ],
)
def test_who_meets_people_makes_a_sheet_from_a_case_they_may_see(
    make, browser_of, section, role, kind
):
    desk = make.user(Role.CONSULTANT)
    case = make.case(desk, name="架空 髙子", story="だれにも言わないで")
    hidden = make.case(desk, name="架空 隠子")
    make.consent(case, kind, ConsentItem.HOME_NEEDS, ConsentItem.FOOD_NEEDS)
    helper = make.user(role, organisation=make.organisation(*OrganisationKind))
    browser = browser_of(helper)
    url = f"/cases/{case.id}/referrals/new"
    if role is not Role.FOODBANK:
        assert url in str(browser.get(f"/cases/{case.id}").soup)
    form = browser.get(url)
    assert "架空 髙子" not in str(form.soup)
    assert "だれにも" not in form.text
    sheet = sent(browser, section, url=url, name="", alias="たか")
    assert "送った" in sheet.text
    assert "たかさん" in browser_of(section).get(sheet.url).text or "たか" in sheet.text
    browser.get(f"/cases/{hidden.id}/referrals/new", status=404)


def test_who_may_not_know_of_a_danger_cannot_say_there_is_none(
    make, browser_of, desk, section, in_database
):
    case = make.case(desk, protection=Protection.YES)
    make.consent(case, RecipientKind.HOUSING_SUPPORT, ConsentItem.HOME_NEEDS)
    npo = make.organisation(OrganisationKind.HOUSING_SUPPORT)
    browser = browser_of(make.user(Role.HOUSING, organisation=npo))
    typed = {"protection": "no", "address": "架空町1-2-3", "phone": "046-000-0000"}
    sheet = sent(browser, section, url=f"/cases/{case.id}/referrals/new", **typed)
    theirs = browser_of(section).get(sheet.url)
    assert "架空町" not in theirs.text
    assert "046-000" not in theirs.text
    token = sheet.soup.find("input", attrs={"name": "csrf_token"})["value"]
    refused = browser.raw.post(f"{sheet.url}/sheet.pdf", data={"csrf_token": token})
    assert refused.status_code == 403
    told = refused.get_data(as_text=True)
    assert "担当の相談員に頼んで" in told
    assert "隠して" not in told


@pytest.mark.parametrize("who", [{"alias": "青い帽子の人"}, {"age_band": "50s"}])
def test_a_helper_makes_a_sheet_at_the_table_for_somebody_without_a_case(
    make, browser_of, section, who
):
    bank = browser_of(make.user(Role.FOODBANK))
    at_table = bank.get("/food/requests/new")
    url = at_table.link("ほかの窓口へつなぐ")
    blank = {"name": "", "alias": "", "age_band": "unknown", "told": "", "kind": "lead"}
    sheet = sent(bank, section, url=url, **(blank | who))
    assert "気になる人のつなぎ" in browser_of(section).get(sheet.url).text


# --------------------------------------------------------------------------------- on paper


def test_a_protected_households_sheet_is_refused_and_printed_once_after_the_second_yes(
    make, browser_of, desk, section
):
    case = make.case(by=desk, protection="yes")
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(desk))
    here, other = browser_of(desk), browser_of(colleague)
    sheet = sent(here, section, url=f"/cases/{case.id}/referrals/new")
    token = sheet.soup.find("input", attrs={"name": "csrf_token"})["value"]

    def press():
        return here.raw.post(f"{sheet.url}/sheet.pdf", data={"csrf_token": token})

    assert press().status_code == 403
    prints = here.get(sheet.link("印刷を頼む"))
    line = next(c for c in prints.soup.select(".card li") if "つなぐシート" in c.text)
    assert line.find("input", attrs={"name": "paper"})["value"] == "referral"
    here.submit(prints, {"paper": "referral"}, action="/prints")
    assert press().status_code == 403
    other.submit(other.get(f"/cases/{case.id}/prints"), action="approve")
    printed = press()
    assert printed.data.startswith(b"%PDF")
    assert press().status_code == 403


@pytest.mark.parametrize(("sentences", "pages"), [(3, 1), (25, 1), (60, 2)])
def test_what_was_told_stays_on_one_page_as_far_as_it_can_and_is_never_cut(
    browser_of, desk, section, sentences, pages
):
    here = browser_of(desk)
    told = "\n".join(f"{n}番目の話、家賃の督促が来て夜も眠れないこと。" for n in range(sentences))
    sheet = sent(here, section, told=told)
    token = sheet.soup.find("input", attrs={"name": "csrf_token"})["value"]
    answer = here.raw.post(f"{sheet.url}/sheet.pdf", data={"csrf_token": token})
    read = [
        p.extract_text().replace("\n", "") for p in pypdf.PdfReader(io.BytesIO(answer.data)).pages
    ]
    text = "".join(read)
    assert len(read) == pages
    assert [n for n in range(sentences) if f"{n}番目の話" not in text] == []
    assert text.count("番目の話") == sentences
    assert ("続きは次のページ" in read[0]) is (pages == 2)
    assert "したこと・次にすること" in read[0]
    if pages == 2:
        assert read[1].find("聞いたこと（続き）") >= 0


def test_working_days_leave_out_holidays_and_the_years_end():
    assert working_days_before(date(2026, 11, 27), 5) == date(2026, 11, 19)  # 勤労感謝の日
    assert working_days_before(date(2027, 1, 6), 3) == date(2026, 12, 28)
    assert working_days_before(date(2026, 11, 20), 5) == date(2026, 11, 13)


# -------------------------------------------------------------------------------------- API


@pytest.fixture
def api(app):
    keys = itertools.count(1)

    def send(user, method, path, body=None, key=None):
        headers = {"Authorization": f"Bearer {user.token}",
                   "Idempotency-Key": key or f"sheet-key-{next(keys)}"}  # fmt: skip
        return app.test_client().open(f"/api/v1{path}", method=method, json=body, headers=headers)

    return send


def body(section, **more):
    row = {"to": f"o{section.organisation_id}", "way": "walked"}
    return {**PERSON, **ORAL, "recipients": [row], **more}


def test_the_api_takes_a_sheet_from_draft_to_answer(api, desk, section):
    made = api(desk, "POST", "/referrals", body(section), key="same-key-1")
    assert made.status_code == 201, made.text
    assert api(desk, "POST", "/referrals", body(section), key="same-key-1").json == made.json
    where = made.headers["Location"].removeprefix("/api/v1")
    assert (made.json["sent"], made.json["consent_in_force"]) == (False, True)
    assert api(section, "GET", where).status_code == 404
    sent_ = api(desk, "POST", f"{where}/send")
    assert sent_.json["recipients"][0]["state"] == "sent"
    assert api(desk, "POST", f"{where}/send").status_code == 409
    one = f"{where}/recipients/{sent_.json['recipients'][0]['id']}"
    assert api(desk, "POST", f"{one}/receipt", {}).status_code == 403
    assert api(section, "POST", f"{one}/receipt", {}).json["recipients"][0]["received_by"]
    answer = {"result": "supported", "done": "分納を決めた"}
    assert api(section, "POST", f"{one}/answer", {"result": "supported"}).status_code == 422
    assert api(section, "POST", f"{one}/answer", answer).status_code == 200
    told = api(desk, "GET", where).json["recipients"][0]
    assert (told["result"], told["done"], told["answered_by"]) == (
        "supported", "分納を決めた", section.name,
    )  # fmt: skip
    for user, side in ((desk, "out"), (section, "in")):
        page = api(user, "GET", f"/referrals?side={side}").json
        assert [row["number"] for row in page["items"]] == [made.json["number"]]
        assert page["total"] == 1
    assert api(desk, "GET", "/referrals?side=in").json["total"] == 0


def test_the_api_sends_nothing_without_consent_and_to_nobody(api, desk, section):
    silent = body(section, send=True, consent_method=None)
    refused = api(desk, "POST", "/referrals", silent)
    assert refused.status_code == 422
    assert "consent_method" in refused.json["errors"]
    alone = api(desk, "POST", "/referrals", body(section, recipients=[], send=True))
    assert "recipients-0-to" in alone.json["errors"]
    assert api(desk, "GET", "/referrals").json["total"] == 0


def test_the_api_tells_each_reader_no_more_than_the_page(api, make, desk, section):
    bank = make.user(Role.FOODBANK, organisation=make.the_organisation(section))
    case = make.case(desk, protection=Protection.YES)
    typed = body(section, send=True, protection="yes", address="架空町1-2-3")
    made = api(desk, "POST", f"/cases/{case.id}/referrals", typed)
    where = f"/referrals/{made.json['id']}"
    assert made.json["address"] == "架空町1-2-3"
    theirs = api(section, "GET", where)
    assert theirs.json["told"] == PERSON["told"]
    assert "架空町" not in theirs.text
    helper = api(bank, "GET", where)
    assert helper.json["asked"] == PERSON["asked"]
    assert {"name", "told", "topics", "address"} & set(helper.json) == set()
    assert api(make.user(Role.CONSULTANT), "GET", where).status_code == 404
    stranger = make.user(Role.CONSULTANT)
    refused = api(stranger, "POST", f"/cases/{case.id}/referrals", typed)
    assert refused.status_code == 404
