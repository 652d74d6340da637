"""Who sees how much of a case: decided by plain values, so every rule can be tried by itself."""

from datetime import date, timedelta

import pytest

from app.field_tiers import FIELD_TIERS
from app.policy import (
    Action,
    CaseFacts,
    ConsentItem,
    Grant,
    MeetingBasis,
    Membership,
    OrganisationKind,
    Protection,
    RecipientKind,
    Role,
    Tier,
    Viewer,
    access_to_case,
    allows,
    present,
)

TODAY = date(2026, 11, 21)
KINDS = frozenset(OrganisationKind)


def viewer(role, organisation=2, user=7, kinds=KINDS):
    return Viewer(user, "例題", (Membership(organisation, "組織", kinds, role),))


def case(**values):
    return CaseFacts(**({"organisation_id": 1, "protection": Protection.NO} | values))


def consent(recipient, *items, **values):
    chosen = frozenset(items or ConsentItem)
    return Grant(recipient, chosen, TODAY - timedelta(days=1), **values)


def test_without_a_reason_nobody_knows_of_a_case():
    for role in Role:
        assert access_to_case(viewer(role), case(), TODAY).tier is None


@pytest.mark.parametrize(
    ("role", "tier"),
    [
        (Role.CONSULTANT, Tier.CARE),
        (Role.HOUSING, Tier.CODE),
        (Role.FOODBANK, Tier.CODE),
        (Role.FOLLOWUP, Tier.CODE),
        (Role.ORG_ADMIN, None),
        (Role.AUDITOR, None),
        (Role.SYSADMIN, None),
    ],
)
def test_inside_the_own_organisation_the_role_decides(role, tier):
    assert access_to_case(viewer(role, organisation=1), case(), TODAY).tier == tier


@pytest.mark.parametrize(
    ("recipient", "role", "tier"),
    [
        (RecipientKind.HOUSING_SUPPORT, Role.HOUSING, Tier.CONTACT),
        (RecipientKind.FOOD_BANK, Role.FOODBANK, Tier.CODE),
        (RecipientKind.FOLLOW_UP, Role.FOLLOWUP, Tier.CONTACT),
        (RecipientKind.PARTNER, Role.CONSULTANT, Tier.CARE),
    ],
)
def test_a_consent_reaches_the_recipient_it_names_and_nobody_else(recipient, role, tier):
    facts = case(grants=(consent(recipient),))
    assert access_to_case(viewer(role), facts, TODAY).tier == tier
    for other in set(Role) - {role}:
        assert access_to_case(viewer(other), facts, TODAY).tier is None


def test_a_consent_opens_only_what_it_lists():
    facts = case(grants=(consent(RecipientKind.HOUSING_SUPPORT, ConsentItem.HOME_NEEDS),))
    assert access_to_case(viewer(Role.HOUSING), facts, TODAY).tier == Tier.CODE


def test_a_consent_for_one_organisation_does_not_reach_another():
    facts = case(grants=(consent(RecipientKind.HOUSING_SUPPORT, organisation_id=3),))
    assert access_to_case(viewer(Role.HOUSING, organisation=3), facts, TODAY).tier
    assert access_to_case(viewer(Role.HOUSING, organisation=2), facts, TODAY).tier is None


def test_a_consent_reaches_only_an_organisation_of_that_kind():
    facts = case(grants=(consent(RecipientKind.HOUSING_SUPPORT),))
    elsewhere = viewer(Role.HOUSING, kinds=frozenset({OrganisationKind.CITY_SECTION}))
    assert access_to_case(elsewhere, facts, TODAY).tier is None


def test_a_consent_ends_after_its_last_day():
    facts = case(grants=(consent(RecipientKind.FOOD_BANK, ends_on=TODAY),))
    seen = viewer(Role.FOODBANK)
    assert access_to_case(seen, facts, TODAY).tier is Tier.CODE
    assert access_to_case(seen, facts, TODAY + timedelta(days=1)).tier is None


def test_a_support_meeting_opens_a_case_to_its_consultants_but_not_the_place():
    facts = case(
        protection=Protection.YES,
        meetings=(MeetingBasis(2, TODAY, TODAY),),
    )
    access = access_to_case(viewer(Role.CONSULTANT), facts, TODAY)
    assert (access.tier, access.place) == (Tier.CARE, False)
    assert access_to_case(viewer(Role.HOUSING), facts, TODAY).tier is None


@pytest.mark.parametrize("protection", [Protection.YES, Protection.UNKNOWN])
def test_the_place_of_a_protected_household_is_for_its_team_alone(protection):
    facts = case(protection=protection, team=frozenset({7}))
    assert access_to_case(viewer(Role.CONSULTANT, organisation=1, user=7), facts, TODAY).place
    colleague = access_to_case(viewer(Role.CONSULTANT, organisation=1, user=8), facts, TODAY)
    assert (colleague.tier, colleague.place) == (Tier.CARE, False)


def test_being_in_the_team_never_lifts_a_role_above_its_ceiling():
    facts = case(team=frozenset({7}))
    assert access_to_case(viewer(Role.FOODBANK), facts, TODAY).tier is Tier.CODE
    assert not access_to_case(viewer(Role.FOODBANK), facts, TODAY).place
    assert access_to_case(viewer(Role.AUDITOR), facts, TODAY).tier is None


def test_a_field_nobody_declared_is_hidden_from_everybody():
    team = viewer(Role.CONSULTANT, organisation=1)
    access = access_to_case(team, case(team=frozenset({7})), TODAY)
    shown = present("case", {"number": "C-1", "secret_new_column": "x"}, access)
    assert shown.values == {"number": "C-1"}
    assert shown.hidden == ("secret_new_column",)


def test_every_declared_place_field_needs_the_place():
    access = access_to_case(
        viewer(Role.CONSULTANT, organisation=1, user=8), case(protection=Protection.YES), TODAY
    )
    record = dict.fromkeys(FIELD_TIERS["case"], "値")
    hidden = {name for name, tier in FIELD_TIERS["case"].items() if tier is Tier.PLACE}
    assert {"address", "phone"} <= hidden
    assert hidden == set(present("case", record, access).hidden)


def test_until_the_second_factor_is_set_up_nothing_but_the_account_opens():
    waiting = Viewer(7, "例題", viewer(Role.CONSULTANT, organisation=1).memberships, True)
    assert not allows(waiting, Action.CASE_LIST)
    assert allows(waiting, Action.SIGNED_IN)
    assert access_to_case(waiting, case(), TODAY).tier is None


@pytest.mark.parametrize("protection", list(Protection))
def test_what_is_the_teams_is_for_its_consultants_alone(protection):
    facts = case(protection=protection, team=frozenset({7}))
    secret = {"team_factors": ["suicidal"], "diagnosis": "x"}
    for role, organisation, user, sees in (
        (Role.CONSULTANT, 1, 7, True),
        (Role.CONSULTANT, 1, 8, False),
        (Role.HOUSING, 1, 7, False),
        (Role.FOLLOWUP, 2, 7, False),
    ):
        access = access_to_case(viewer(role, organisation, user), facts, TODAY)
        assert access.sees(Tier.TEAM) is sees
        assert present("assessment", secret, access).shows("team_factors") is sees
    assert not access_to_case(None, facts, TODAY).sees(Tier.TEAM)
