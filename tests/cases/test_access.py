"""Who sees what of a household: tiers, the hidden place, consent and its withdrawal."""

import itertools
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.models import User
from app.accounts.services import viewer_of
from app.audit.models import AuditEntry, Deed
from app.cases.consents.models import Consent, ConsentMethod
from app.cases.intake.services import register_case
from app.cases.models import Case
from app.cases.queries import (
    access_to,
    searched,
    visible_cases,
)
from app.db import now, today, writing
from app.policy import ConsentItem, OrganisationKind, Protection, RecipientKind, Role, Tier

PLACE = {"address": "座間市緑ケ丘9-8-7", "phone": "080-5555-4444", "municipality": "座間市",
         "postal_code": "252-0021", "phone_note": "留守電不可"}  # fmt: skip
CARE = {
    "route_detail": "こころの相談",
    "story": "糖尿病と借金の話",
    "topics": ["debt"],
    "main_topic": "debt",
}
HIDDEN_WORDS = ("緑ケ丘", "5555", "252-0021", "留守電不可")


@pytest.fixture
def people(make):
    """Organisations and one person of each kind."""
    desk = make.organisation(OrganisationKind.CONSULTATION)
    npo = make.organisation(OrganisationKind.HOUSING_SUPPORT, OrganisationKind.FOOD_BANK)
    return {
        "team": make.user(Role.CONSULTANT, organisation=desk),
        "colleague": make.user(Role.CONSULTANT, organisation=desk),
        "housing": make.user(Role.HOUSING, organisation=npo),
        "foodbank": make.user(Role.FOODBANK, organisation=npo),
        "npo": npo,
    }


def _bodies(client, case, token):
    """Everything about a case that can be asked for, in every shape."""
    urls = [
        "/", "/cases", f"/cases/{case.id}", "/cases.csv", f"/cases/{case.id}/intake",
        f"/search?q={case.number}", f"/cases/{case.id}/consents", f"/cases/{case.id}/prints",
        f"/cases/{case.id}/housing-need", "/cases?sort=address", "/cases?sort=-phone",
    ]  # fmt: skip
    texts = [client.get(url).get_data(as_text=True) for url in urls]
    headers = {"Authorization": f"Bearer {token}"}
    api = ["/api/v1/cases", f"/api/v1/cases/{case.id}", f"/api/v1/cases/{case.id}/housing-need"]
    texts += [client.get(url, headers=headers).get_data(as_text=True) for url in api]
    return "\n".join(texts)


@pytest.mark.parametrize("protection", [Protection.YES, Protection.UNKNOWN])
@pytest.mark.parametrize("who", ["colleague", "housing"])
def test_a_hidden_place_is_nowhere_for_anybody_outside_the_team(
    make, people, browser_of, protection, who
):
    case = make.case(people["team"], protection=protection, **PLACE)
    make.consent(case, RecipientKind.HOUSING_SUPPORT, ConsentItem.CONTACT, ConsentItem.HOME_NEEDS)
    browser = browser_of(people[who])
    seen = _bodies(browser.raw, case, people[who].token)
    assert case.number in seen
    assert not [word for word in HIDDEN_WORDS if word in seen]


def test_the_team_sees_the_place(make, people, browser_of):
    case = make.case(people["team"], protection=Protection.YES, **PLACE)
    assert "緑ケ丘" in browser_of(people["team"]).get(f"/cases/{case.id}").text


@pytest.mark.parametrize("words", ["緑ケ丘", "5555", "080-5555", "252-0021"])
def test_a_hidden_place_is_found_by_the_team_only(make, people, browser_of, words):
    case = make.case(people["team"], protection=Protection.YES, **PLACE)
    found = case.number in browser_of(people["team"]).get(f"/search?q={words}").text
    assert found is (words != "252-0021")  # postal codes are not searched
    assert case.number not in browser_of(people["colleague"]).get(f"/search?q={words}").text


def test_a_colleague_outside_the_team_cannot_blank_the_hidden_place(
    make, people, browser_of, in_database
):
    case = make.case(people["team"], protection=Protection.YES, name="見本", **PLACE)
    browser = browser_of(people["colleague"])
    browser.submit(
        browser.get(f"/cases/{case.id}/intake"), {"alias": "よび"}, also={"address": "x"}
    )
    kept = in_database(lambda s: s.get(Case, case.id))
    assert (kept.address, kept.alias) == (PLACE["address"], "よび")


def test_only_the_team_lifts_the_protection_or_lets_others_in(make, people, browser_of):
    case = make.case(people["team"], protection=Protection.YES)
    outsider = browser_of(people["colleague"])
    page = outsider.get(f"/cases/{case.id}/protection")
    outsider.submit(page, {"protection": "no"}, status=403)
    joining = outsider.get(f"/cases/{case.id}/team")
    outsider.submit(joining, {"user_id": people["colleague"].id}, action="/team", status=403)
    insider = browser_of(people["team"])
    insider.submit(
        insider.get(f"/cases/{case.id}/team"), {"user_id": people["colleague"].id}, action="/team"
    )
    assert outsider.get(f"/cases/{case.id}/stay-away").h1 == "避ける場所"


def test_places_to_avoid_are_for_the_team_and_never_shown(make, people, browser_of):
    case = make.case(people["team"], protection=Protection.NO)
    browser_of(people["colleague"]).get(f"/cases/{case.id}/stay-away", status=403)
    browser = browser_of(people["team"])
    url = f"/cases/{case.id}/stay-away"
    page = browser.submit(browser.get(url), {"address": "座間市入谷西1丁目"}, action=url)
    browser.submit(page, action="/remove")
    assert "入谷" not in page.text
    lost = browser.submit(
        browser.get(url), {"address": "どこか", "radius_m": "500"}, action=f"{url}", status=422
    )
    assert "場所が見つかりません" in lost.errors
    assert "居場所を隠しています" in browser.get(f"/cases/{case.id}").text


def test_a_housing_worker_sees_derived_needs_and_neither_diagnosis_nor_debt(
    make, people, browser_of
):
    case = make.case(people["team"], name="見本 太郎", **CARE)
    make.consent(case, RecipientKind.HOUSING_SUPPORT, ConsentItem.CARE, ConsentItem.HOME_NEEDS)
    desk = browser_of(people["team"])
    need = {"rent_basis": "ceiling", "floor_need": "ground", "guarantor": "no",
            "groups": ["disabled"], "wishes": "透析に通う", "funds": "54321"}  # fmt: skip
    desk.submit(desk.get(f"/cases/{case.id}/housing-need"), need)
    seen = _bodies(browser_of(people["housing"]).raw, case, people["housing"].token)
    assert "1階だけ" in seen
    assert "保証人なし" in seen
    secret = ("糖尿病", "こころ", "債務", "debt", "透析", "54,321", "54321", "障害者", "disabled")
    assert not [word for word in secret if word in seen]


def test_the_name_shows_only_with_a_consent_to_contact(make, people, browser_of):
    case = make.case(people["team"], name="見本 太郎")
    make.consent(case, RecipientKind.HOUSING_SUPPORT, ConsentItem.HOME_NEEDS)
    page = browser_of(people["housing"]).get(f"/cases/{case.id}")
    assert page.h1 == case.code_name
    assert "見本 太郎" not in page.text


def test_without_consent_a_case_is_not_there(make, people, browser_of):
    case = make.case(people["team"])
    browser = browser_of(people["housing"])
    browser.get(f"/cases/{case.id}", status=404)
    assert case.number not in browser.get("/cases").text
    assert case.number not in browser.get(f"/search?q={case.number}").h1


def test_the_food_bank_has_no_case_pages(make, people, browser_of):
    case = make.case(people["team"])
    make.consent(case, RecipientKind.FOOD_BANK, ConsentItem.FOOD_NEEDS)
    browser = browser_of(people["foodbank"])
    for url in ("/cases", f"/cases/{case.id}", "/search?q=C", "/cases.csv"):
        browser.get(url, status=403)


def test_a_withdrawal_takes_effect_with_the_next_request(make, people, browser_of):
    case = make.case(people["team"])
    consent = make.consent(case, RecipientKind.HOUSING_SUPPORT)
    reader = browser_of(people["housing"])
    reader.get(f"/cases/{case.id}")
    desk = browser_of(people["team"])
    asked = desk.get(f"/cases/{case.id}/consents/{consent.id}/withdraw")
    assert "取りやめ" in desk.submit(asked).text
    reader.get(f"/cases/{case.id}", status=404)


def test_a_reader_by_consent_or_meeting_writes_nothing(make, people, browser_of):
    elsewhere = make.organisation(OrganisationKind.CONSULTATION)
    guest = make.user(Role.CONSULTANT, organisation=elsewhere)
    case = make.case(people["team"])
    make.disclosure(case, elsewhere)
    browser = browser_of(guest)
    assert "経過を書く" not in browser.get(f"/cases/{case.id}").text
    for page in ("intake", "log/new", "housing-need", "team", "protection", "close"):
        browser.get(f"/cases/{case.id}/{page}", status=403)


def test_looks_searches_and_exports_are_written_down(make, people, browser_of, in_database):
    case = make.case(people["team"])
    browser = browser_of(people["team"])
    for url in (f"/cases/{case.id}", "/search?q=みほん", "/cases.csv", "/cases"):
        browser.raw.get(url)
    entries = in_database(lambda s: s.scalars(sa.select(AuditEntry)).all())
    deeds = {e.deed for e in entries if e.record_kind == "case"}
    assert {Deed.VIEWED, Deed.SEARCHED, Deed.EXPORTED, Deed.LISTED} <= deeds
    assert "みほん" not in str([e.fields for e in entries])


def test_a_protected_paper_needs_a_second_person_and_prints_once(make, people, browser_of):
    case = make.case(people["team"], protection=Protection.YES)
    asker, other = browser_of(people["team"]), browser_of(people["colleague"])
    url = f"/cases/{case.id}/prints"
    page = asker.submit(asker.get(url), action=url)
    assert "印刷を認める" in other.get("/").text
    token = page.soup.find("input", attrs={"name": "csrf_token"})["value"]
    send = {"csrf_token": token}
    assert asker.raw.post(f"{url}/1/approve", data=send).status_code == 403
    assert asker.raw.post(f"{url}/case-sheet.pdf", data=send).status_code == 403
    other.submit(other.get(url), action="approve")
    answers = [asker.raw.post(f"{url}/case-sheet.pdf", data=send) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 403]
    assert answers[0].get_data().startswith(b"%PDF")


ROLES = [Role.CONSULTANT, Role.HOUSING, Role.FOODBANK, Role.FOLLOWUP, Role.AUDITOR]


def test_sql_and_policy_agree_over_random_viewers_and_cases(make, app):
    """`visible_cases` finds exactly what `access_to_case` opens, whatever the world looks like."""
    organisations = [make.organisation(kind) for kind in list(OrganisationKind)[:4]]
    organisations.append(make.organisation(*OrganisationKind))
    users = [
        make.user(*roles, organisation=organisation)
        for organisation in organisations
        for roles in ((Role.CONSULTANT,), (Role.HOUSING, Role.FOLLOWUP), (Role.FOODBANK,))
    ]
    users.append(make.user(Role.AUDITOR, organisation=organisations[0]))

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def holds(data):
        owner = data.draw(st.sampled_from([users[0], users[12]]), label="owner")
        team = data.draw(st.lists(st.sampled_from(users[1:12]), unique=True, max_size=2))
        protection = data.draw(st.sampled_from(list(Protection)))
        case = make.case(owner, team=team, protection=protection, **PLACE)
        for _ in range(data.draw(st.integers(0, 2))):
            make.consent(
                case,
                data.draw(st.sampled_from(list(RecipientKind))),
                data.draw(st.sampled_from(list(ConsentItem))),
                organisation=data.draw(st.sampled_from([None, *organisations])),
            )
        if data.draw(st.booleans()):
            make.disclosure(case, data.draw(st.sampled_from(organisations)))
        _compare(make, users)

    holds()


def _compare(make, users):
    session, day = make.session, today()
    session.expire_all()
    cases = session.scalars(sa.select(Case)).all()
    for user in users:
        viewer = viewer_of(session.get_one(User, user.id))
        found = {c.id for c in session.scalars(visible_cases(viewer, today=day))}
        allowed = {c.id: access_to(c, viewer, today=day) for c in cases}
        assert found == {i for i, access in allowed.items() if access.sees(Tier.CODE)}
        for words, tier in (("緑ケ丘", Tier.PLACE), ("5555", Tier.PLACE), ("見本", Tier.CONTACT)):
            statement = searched(visible_cases(viewer, today=day), viewer, words, today=day)
            found = {case.id for case in session.scalars(statement)}
            assert found == {i for i, access in allowed.items() if access.sees(tier)}, words
    session.rollback()


def test_every_kind_of_consent_opens_the_same_to_lists_search_and_pages(make):
    """Which facts were agreed to, to whom, from when until when: SQL and policy agree on each."""
    desk = make.organisation(OrganisationKind.CONSULTATION)
    others = [make.organisation(*OrganisationKind), make.organisation(*OrganisationKind)]
    maker = make.user(Role.CONSULTANT, organisation=desk)
    users = [make.user(role, organisation=others[0]) for role in ROLES]
    facts = [c for n in range(5) for c in itertools.combinations(ConsentItem, n)]
    day = today()
    ever = {"given_on": day, "ends_on": None, "withdrawn_at": None}
    times = [
        ever | {"given_on": day + timedelta(days=1)},
        ever | {"given_on": day - timedelta(days=9), "ends_on": day - timedelta(days=1)},
        ever | {"ends_on": day},
        ever | {"withdrawn_at": now()},
    ]
    consents = [*((items, ever) for items in facts), *((facts[-1], when) for when in times)]
    session = make.session
    with writing():
        for (items, when), recipient, to, protection in itertools.product(
            consents, RecipientKind, (None, *others), (Protection.NO, Protection.YES)
        ):
            intake = {"name": "見本", "protection": protection, **PLACE}
            case = register_case(session, intake=intake, organisation_id=desk.id,
                                 user_id=maker.id, today=day)  # fmt: skip
            session.add(
                Consent(case_id=case.id, recipient=recipient, organisation_id=to and to.id,
                        items=[item.value for item in items], text_version="2026-04",
                        method=ConsentMethod.SIGNED, recorded_by=maker.id, **when)
            )  # fmt: skip
        session.commit()
    _compare(make, users)
