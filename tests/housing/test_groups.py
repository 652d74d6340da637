"""A finer group and its broader one answer for each other only where that is certain."""

import pytest

from app.cases.needs.codes import FIRST_GROUPS
from app.db import today
from app.housing.codes import COUNCIL_GROUPS, Group
from app.housing.proposals import open_homes
from app.policy import Role
from matching.home_columns import Acceptance, Contact
from matching.need import Support
from matching.phrases import GROUP_NAMES
from tests.housing.makers import a_case, a_home

FINER = ("physical", "intellectual", "mental", "other_disability")


@pytest.fixture
def clerk(make):
    return make.user(Role.CONSULTANT, Role.HOUSING)


@pytest.fixture
def home_as_asked(make, clerk, in_database):
    """The columns of the one home as the engine sees it."""

    def ask(**facts):
        a_home(make, clerk, **facts)
        return in_database(lambda session: open_homes(session, today=today()))

    return ask


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
    stances, _supports = home_as_asked(accepts=accepts).acceptance(group)
    assert stances.tolist() == [answer]


def test_conditions_follow_to_the_finer_group_and_own_words_have_to_be_asked(home_as_asked):
    asked = [("disabled", "conditional", "watching"), ("elderly", "conditional", "other")]
    homes = home_as_asked(accepts=asked)
    assert homes.acceptance("physical")[1].tolist() == [Support.WATCHING]
    assert homes.acceptance("elderly")[0].tolist() == [Acceptance.ASK]


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
    assert home_as_asked(contact_rule=rule).contact.tolist() == [contact]


def test_a_limit_of_people_and_the_way_in_reach_the_engine(home_as_asked):
    homes = home_as_asked(most_people=2, steps=3, school_district="架空小学校")
    assert (homes.max_people[0], homes.steps[0]) == (2, 3)
    assert homes.school_districts[homes.school_district[0]] == "架空小学校"


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
