"""A finer group and its broader one answer for each other only where that is certain."""

import pytest

from app.cases.need_codes import FIRST_GROUPS
from app.housing.codes import COUNCIL_GROUPS, Group
from app.housing.homes.rows import vacant_rows
from app.housing.proposals import supply
from app.policy import Role
from matching.home_columns import Acceptance, Contact
from matching.phrases import GROUP_NAMES
from tests.housing.makers import a_case, a_home

FINER = ("physical", "intellectual", "mental", "other_disability")


@pytest.fixture
def clerk(make):
    return make.user(Role.CONSULTANT, Role.HOUSING)


@pytest.fixture
def home_as_asked(make, clerk, in_database):
    """The one home as the engine sees it for a household of some groups."""

    def ask(*groups, **facts):
        a_home(make, clerk, **facts)
        return in_database(
            lambda s: [supply.home_of(row, groups, row.confirmed_on) for row in vacant_rows(s)][-1]
        )

    return ask


def stance(home, group):
    return {code: found for code, found, _ in home.accepts}.get(group, Acceptance.UNKNOWN)


@pytest.mark.parametrize(
    ("accepts", "group", "answer"),
    [
        ([("disabled", "yes")], "mental", Acceptance.YES),
        ([("disabled", "no")], "mental", Acceptance.NO),
        ([("disabled", "no"), ("mental", "yes")], "mental", Acceptance.YES),
        ([("disabled", "yes"), ("mental", "unknown")], "mental", Acceptance.YES),
        ([("disabled", "conditional", "watching")], "physical", Acceptance.IF),
        ([(code, "yes") for code in FINER], "disabled", Acceptance.YES),
        ([(code, "yes") for code in FINER[:3]], "disabled", Acceptance.UNKNOWN),
        ([(code, "no") for code in FINER], "disabled", Acceptance.UNKNOWN),
        ([("mental", "no"), ("disabled", "yes")], "disabled", Acceptance.YES),
        ([("single_parent", "yes")], "child_rearing", Acceptance.YES),
        ([("elderly", "yes")], "lgbt", Acceptance.UNKNOWN),
    ],
)
def test_an_answer_holds_for_a_related_group_only_where_it_is_certain(
    home_as_asked, accepts, group, answer
):
    assert stance(home_as_asked(group, accepts=accepts), group) is answer


def test_what_no_household_asks_about_is_not_worked_out(home_as_asked):
    home = home_as_asked("elderly", accepts=[("disabled", "yes")])
    assert "mental" not in {code for code, _, _ in home.accepts}


@pytest.mark.parametrize(
    ("rule", "contact"),
    [
        ("none", Contact.NOT_NEEDED),
        ("corporate", Contact.CORPORATE_WILL_DO),
        ("person", Contact.PERSON_ONLY),
        ("unknown", Contact.NOT_NEEDED),
    ],
)
def test_a_rule_on_the_emergency_contact_reaches_the_engine(home_as_asked, rule, contact):
    assert home_as_asked(contact_rule=rule).contact is contact


def test_a_limit_of_people_and_the_way_in_reach_the_engine(home_as_asked):
    home = home_as_asked(most_people=2, steps=3, school_district="架空小学校")
    assert (home.max_people, home.steps, home.school_district) == (2, 3, "架空小学校")


def test_a_home_for_one_person_is_no_answer_for_two(make, clerk, browser_of):
    a_home(make, clerk, name="ひとり荘", most_people=1)
    case = a_case(make, clerk, need={"people": 2})
    page = browser_of(clerk).get(f"/cases/{case.id}/candidates")
    assert "合う 0件" in page.text


def test_every_group_has_words_for_a_sentence():
    assert {group.value for group in Group} <= set(GROUP_NAMES)


def test_the_councils_seven_are_open_on_the_needs_page_and_a_chosen_finer_one_too(
    make, clerk, browser_of
):
    assert [code.value for code in FIRST_GROUPS] == [code.value for code in COUNCIL_GROUPS]
    case = a_case(make, clerk)
    browser = browser_of(clerk)
    page = browser.get(f"/cases/{case.id}/housing-need")
    boxes = page.soup.find_all("input", attrs={"name": "groups"})
    folded = [box["value"] for box in boxes if box.find_parent("details")]
    assert [box["value"] for box in boxes if not box.find_parent("details")] == [
        code.value for code in COUNCIL_GROUPS
    ]
    assert len(folded) == len(Group) - len(COUNCIL_GROUPS)
    browser.submit(page, {"groups": ["mental"]}, action="housing-need")
    again = browser.get(f"/cases/{case.id}/housing-need")
    chosen = again.soup.find("input", attrs={"name": "groups", "value": "mental"})
    assert chosen.has_attr("checked")
    assert chosen.find_parent("details").has_attr("open")
