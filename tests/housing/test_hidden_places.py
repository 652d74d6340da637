"""What somebody who may not know a household's places reads does not depend on them.

Not "the place is not printed" but more: whatever is asked, with whatever conditions moved, the
answers are the same wherever the places are. So nothing can be found out by asking often, by
counting, or by looking which vacant home is in no list.
"""

import re

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.cases.models import Case
from app.cases.needs.models import Anchor, StayAwayZone
from app.db import today
from app.housing.codes import PauseCause
from app.housing.models import Home, MatchRun
from app.housing.pauses import pause_home
from app.policy import ConsentItem, OrganisationKind, Protection, RecipientKind, Role
from tests.housing.makers import a_case, a_home
from tests.test_printing import text_of

STEADY = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.generate],  # each example asks the whole application: no shrinking
)
NORTH, EAST = 35.4993, 139.4085
BY_CHANCE = re.compile(
    r'(value|content)="[A-Za-z0-9_.-]{20,}"|[0-9]{1,2}:[0-9]{2}|記録 ?[0-9]+|/matches/[0-9]+'
    r'|run=[0-9]+|name="(match_)?run(_id)?" value="[0-9]+"|問い合わせ番号 [0-9a-f]+'
)


class Scene:
    """A household in danger, homes around a place that matters, a team member and an outsider.

    The outsider is a colleague of the same agency who is not in the household's team.
    """

    def __init__(self, make, browser_of, in_database):
        self.make, self.in_database = make, in_database
        self.member = make.user(Role.CONSULTANT)
        agency = make.the_organisation(self.member)
        self.outsider = make.user(Role.CONSULTANT, organisation=agency)
        self.mine, self.theirs = browser_of(self.member), browser_of(self.outsider)
        self.homes = [
            a_home(make, self.member, rent=rent, latitude=NORTH + step * 0.01, longitude=EAST)
            for step in range(-2, 3)
            for rent in (38000, 43000, 47000)
        ]
        self.case = a_case(make, self.member, protection=Protection.YES)

    def stay_away_from(self, *places):
        """Write these (north, east, metres) and no others."""

        def write(session):
            session.execute(sa.delete(StayAwayZone))
            session.add_all(
                StayAwayZone(case_id=self.case.id, latitude=NORTH + north, longitude=EAST + east,
                             radius_m=metres, recorded_by=self.member.id)
                for north, east, metres in places
            )  # fmt: skip

        self.in_database(write)

    def told(self, browser, **asked):
        """Everything that can be read for some conditions, without what differs by chance."""
        texts = []
        for group in ("fits", "near", "unknown", "map"):
            url = f"/cases/{self.case.id}/candidates"
            answer = browser.raw.get(url, query_string={**asked, "group": group})
            assert answer.status_code == 200
            texts.append(BY_CHANCE.sub("", answer.get_data(as_text=True)))
        return texts

    def compared(self, browser):
        """What the comparison says of homes in and around the place, three at a time."""
        texts = []
        for start in range(0, len(self.homes), 3):
            answer = browser.raw.get(
                f"/cases/{self.case.id}/candidates/compare",
                query_string={"home": [home.id for home in self.homes[start : start + 3]]},
            )
            assert answer.status_code == 200
            texts.append(BY_CHANCE.sub("", answer.get_data(as_text=True)))
        return texts

    def printed(self, browser, paper):
        """Status and sentence of a refused paper about the first home with each other in turn."""
        page = browser.get("/")
        token = page.soup.find("input", attrs={"name": "csrf_token"})["value"]
        found = []
        for home in self.homes[1:]:
            homes = [self.homes[0].id, home.id]
            answer = browser.raw.post(
                f"/cases/{self.case.id}/{paper}", data={"csrf_token": token, "home": homes}
            )
            page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
            found.append((answer.status_code, BY_CHANCE.sub("", page.main.get_text())))
        return found

    def keep(self):
        page = self.mine.get(f"/cases/{self.case.id}/candidates")
        self.mine.submit(page, action="/candidates")

    def pause(self, home):
        def write(session):
            pause_home(session, case=session.get_one(Case, self.case.id),
                       cause=PauseCause.LANDLORD, user_id=self.member.id, today=today(),
                       home_id=home.id)  # fmt: skip

        self.in_database(write)

    def listed(self, browser):
        """The addresses of the homes in any of the lists."""
        url = f"/cases/{self.case.id}/candidates?group="
        pages = [browser.get(url + group) for group in ("fits", "near", "unknown")]
        links = [link for page in pages for link in page.soup.select("article.home h3 a")]
        return {link["href"].split("?")[0] for link in links}


@pytest.fixture
def scene(make, browser_of, in_database):
    return Scene(make, browser_of, in_database)


zones = st.lists(
    st.tuples(st.floats(-0.03, 0.03), st.floats(-0.03, 0.03), st.integers(100, 5000)), max_size=3
)
moved = st.fixed_dictionaries(
    {},
    optional={
        "rent": st.sampled_from([36000, 40000, 43000, 50000]),
        "min_area": st.sampled_from([20, 25, 26]),
        "floor": st.sampled_from(["ground", "any"]),
        "anywhere": st.just(1),
    },
)


@STEADY
@given(first=zones, second=zones, asked=moved)
def test_no_question_tells_where_a_household_must_not_live(scene, first, second, asked):
    scene.stay_away_from(*first)
    before = scene.told(scene.theirs, **asked)
    scene.stay_away_from(*second)
    assert scene.told(scene.theirs, **asked) == before


def test_the_zone_does_take_homes_out_for_the_team(scene):
    """The test above could not fail if zones did nothing."""
    mine, theirs = scene.told(scene.mine), scene.told(scene.theirs)
    scene.stay_away_from((0, 0, 1500))
    assert scene.told(scene.mine) != mine
    assert scene.told(scene.theirs) == theirs


def test_what_a_team_member_kept_tells_an_outsider_nothing_either(scene):
    answers = []
    for metres in (1, 1500):
        scene.stay_away_from((0, 0, metres))
        page = scene.mine.get(f"/cases/{scene.case.id}/candidates")
        scene.mine.submit(page, action="/candidates")
        run = scene.in_database(lambda s: s.scalar(sa.select(sa.func.max(MatchRun.id))))
        token = {"Authorization": f"Bearer {scene.outsider.token}"}
        plain = scene.theirs.raw.get(f"/api/v1/matches/{run}", headers=token).get_json()
        del plain["id"]
        answers.append((scene.told(scene.theirs), plain))
    assert answers[0] == answers[1]


def test_a_pause_cannot_be_found_by_looking_which_home_is_in_no_list(scene):
    before, paused = scene.listed(scene.theirs), scene.homes[0].id
    scene.pause(scene.homes[0])
    assert scene.listed(scene.theirs) == before
    assert f"/homes/{paused}" in before
    assert f"/homes/{paused}" not in scene.listed(scene.mine)


def test_a_home_in_the_zone_cannot_be_held_by_those_who_may_hold(scene):
    scene.stay_away_from((0, 0, 500))
    near = a_home(scene.make, scene.member, latitude=NORTH, longitude=EAST)
    answer = scene.mine.raw.post(
        f"/api/v1/cases/{scene.case.id}/holds",
        json={"home_id": near.id},
        headers={
            "Authorization": f"Bearer {scene.member.token}",
            "Idempotency-Key": "hold-near-1",
        },
    )
    assert (answer.status_code, answer.get_json()["code"]) == (422, "near_stay_away")
    assert scene.in_database(lambda s: s.get_one(Home, near.id).state.value) == "vacant"


def test_neither_page_nor_comparison_tells_of_a_pause_or_a_zone(scene):
    scene.keep()
    before = scene.told(scene.theirs), scene.compared(scene.theirs)
    scene.pause(scene.homes[0])
    scene.stay_away_from((0, 0, 1500))
    assert (scene.told(scene.theirs), scene.compared(scene.theirs)) == before
    scene.keep()
    assert (scene.told(scene.theirs), scene.compared(scene.theirs)) == before


@pytest.mark.parametrize("paper", ["candidates.pdf", "candidates/compare.pdf"])
def test_a_refused_paper_does_not_tell_which_homes_are_left_out(scene, paper):
    scene.stay_away_from((0, 0, 1500))
    scene.pause(scene.homes[1])
    scene.keep()
    answers = scene.printed(scene.theirs, paper)
    assert {status for status, _text in answers} == {403}
    assert len(set(answers)) == 1
    assert {status for status, _text in scene.printed(scene.mine, paper)} == {403, 422}


@pytest.mark.parametrize("paper", ["candidates.pdf", "candidates/compare.pdf"])
def test_whoever_reads_no_place_on_the_screen_reads_none_on_paper(
    make, browser_of, in_database, paper
):
    desk = make.user(Role.CONSULTANT)
    npo = make.organisation(OrganisationKind.HOUSING_SUPPORT)
    clerk = make.user(Role.HOUSING, organisation=npo)
    work = Anchor(label="見本病院", address="x", latitude=NORTH, longitude=EAST)
    case = a_case(make, desk, protection=Protection.NO, need={"anchors": [work]})
    make.consent(case, RecipientKind.HOUSING_SUPPORT, ConsentItem.HOME_NEEDS)
    homes = [a_home(make, desk, latitude=NORTH + 0.01, longitude=EAST) for _ in range(2)]
    browser = browser_of(desk)
    browser.submit(browser.get(f"/cases/{case.id}/candidates"), action="/candidates")
    texts = []
    for reader in (browser, browser_of(clerk)):
        page = reader.get(f"/cases/{case.id}/candidates")
        token = page.soup.find("input", attrs={"name": "csrf_token"})["value"]
        data = {"csrf_token": token, "home": [home.id for home in homes]}
        answer = reader.raw.post(f"/cases/{case.id}/{paper}", data=data)
        assert answer.status_code == 200
        texts.append(text_of(answer.data))
    assert "見本病院" in texts[0]
    assert "見本病院" not in texts[1]


def test_the_run_of_a_household_nobody_may_know_of_is_as_if_it_were_not_there(scene, browser_of):
    scene.keep()
    stranger = browser_of(scene.make.user(Role.CONSULTANT))
    there, nowhere = (stranger.get(f"/matches/{one}", status=404) for one in (1, 424242))
    assert BY_CHANCE.sub("", there.text) == BY_CHANCE.sub("", nowhere.text)
