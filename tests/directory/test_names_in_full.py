"""Sections of one name in two towns can be told apart wherever somebody chooses one."""

import pytest

from app.cases.intake.suggestions import route_suggestions
from app.cases.plans.queries import provider_names
from app.directory.models import Partner, PartnerKind
from app.policy import Role
from app.referrals.queries import counters

SECTION = PartnerKind.CITY_SECTION


@pytest.fixture
def towns(make):
    """A 収納課 in each of two towns, one that has closed, and a donor who is a private person."""
    for town in ("見本市", "例題町"):
        office = make.save(Partner(kind=SECTION, name=town, name_key=town))
        make.save(Partner(kind=SECTION, name="収納課", name_key="収納課", parent_id=office.id))
    for kind, name in ((SECTION, "旧納税課"), (PartnerKind.DONOR, "寄贈 花子")):
        active = kind is not SECTION
        make.save(Partner(kind=kind, name=name, name_key=name, active=active))


BOTH = {"見本市　収納課", "例題町　収納課"}


def test_choices_name_the_town_and_leave_out_who_has_closed_and_who_gives(towns, in_database):
    for names in (
        in_database(route_suggestions),
        in_database(provider_names),
        in_database(lambda s: [name.split("（")[0] for _, name in counters(s, but=0)]),
    ):
        assert set(names) >= BOTH
        assert not {"旧納税課", "寄贈 花子"} & set(names)


def test_the_log_names_the_town(towns, make, browser_of):
    user = make.user(Role.CONSULTANT)
    case = make.case(by=user)
    options = browser_of(user).get(f"/cases/{case.id}/log/new").soup.find(id="f-partner_id")
    told = {option.get_text(strip=True).split("　", 1)[-1] for option in options.find_all("option")}
    assert told >= BOTH
