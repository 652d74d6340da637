"""Who said no, and what that means: for this household, this home, and nobody else."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.cases.needs.models import HousingNeed
from app.db import now, today
from app.directory.models import Partner, PartnerKind
from app.housing.codes import Acceptance, Group, GuarantorRule, HomeState, PauseCause
from app.housing.models import Home, HomePause, MatchRun
from app.housing.pauses import active_pauses
from app.housing.plain import canonical
from app.housing.proposals import replay
from app.placements.codes import REFUSAL_LABELS, REFUSAL_MEANINGS, REFUSED_BY
from app.policy import Role
from tests.housing.makers import a_case, a_home
from tests.placements.test_steps import Walk


@pytest.fixture
def walk(app, make):
    """A household with a need, on its way into one of two homes."""
    walk = Walk(app, make, start=False)
    walk.case = a_case(make, walk.staff)
    walk.home = a_home(make, walk.staff)
    walk.other = a_home(make, walk.staff)
    walk.start()
    return walk


def _refuse(walk, reason, **more):
    return walk.post(f"/placements/{walk.id}/refusal", {"reason": reason, **more})


def _read(walk, path):
    headers = {"Authorization": f"Bearer {walk.staff.token}"}
    return walk.client.get(f"/api/v1{path}", headers=headers).json


def _proposed(walk):
    """Every home the machine still ranks for the household, whatever the result."""
    walk.post(f"/cases/{walk.case.id}/matches", {})

    def there(session):
        run = session.scalar(sa.select(MatchRun).order_by(MatchRun.id.desc()))
        vacant = session.scalars(sa.select(Home.id).where(Home.state == HomeState.VACANT))
        return set(vacant) - set(run.inputs["left_out"])

    return walk.in_database(there)


@pytest.fixture(autouse=True)
def _reads(walk, in_database):
    walk.in_database = in_database


def test_every_reason_says_who_refused_and_what_it_means():
    assert set(REFUSED_BY) == set(REFUSAL_LABELS) == set(REFUSAL_MEANINGS)


@pytest.mark.parametrize("reason", ["landlord_group", "landlord_other", "agent"])
def test_a_home_refused_for_this_household_is_left_out_for_it_alone(walk, reason, make):
    assert _refuse(walk, reason).status_code == 200
    assert walk.home.id not in (found := _proposed(walk))
    assert walk.other.id in found
    walk.case = a_case(make, walk.staff)
    assert _proposed(walk) == found | {walk.home.id}


@pytest.mark.parametrize("reason", ["household", "found_elsewhere", "cost", "expired"])
def test_what_is_nobodys_refusal_of_the_home_leaves_it_in(walk, reason):
    _refuse(walk, reason)
    assert walk.home.id in _proposed(walk)


def test_the_household_may_wish_for_a_pause_of_sixty_days(walk, in_database):
    _refuse(walk, "household", pause=True)
    assert walk.home.id not in _proposed(walk)
    pause = in_database(lambda s: s.scalar(sa.select(HomePause)))
    assert (pause.cause, pause.until) == (PauseCause.HOUSEHOLD, today() + timedelta(days=60))


def _answer_for(in_database, home, group):
    rows = in_database(lambda s: s.get_one(Home, home.id).acceptances)
    return next((one.answer for one in rows if one.group_code is group), None)


def test_the_landlords_answer_changes_only_when_somebody_ticks_it(walk, in_database):
    _refuse(walk, "landlord_group", group="elderly")
    assert _answer_for(in_database, walk.home, Group.ELDERLY) is None


def test_ticked_the_answer_for_the_group_becomes_no(walk, in_database):
    _refuse(walk, "landlord_group", group="elderly", set_no=True)
    assert _answer_for(in_database, walk.home, Group.ELDERLY) is Acceptance.NO


def test_a_tick_without_a_group_is_refused_at_its_field(walk):
    assert "group" in _refuse(walk, "landlord_group", set_no=True).json["errors"]
    assert "group" in _refuse(walk, "cost", group="elderly", set_no=True).json["errors"]


def test_a_condition_names_which_and_goes_with_a_new_need(walk, in_database):
    assert "condition" in _refuse(walk, "condition").json["errors"]
    _refuse(walk, "condition", condition="floor")
    assert walk.home.id not in _proposed(walk)
    in_database(lambda s: setattr(s.scalar(sa.select(HousingNeed)), "min_rooms", 1))
    assert walk.home.id in _proposed(walk)


def test_taken_by_others_stops_the_home(walk, in_database):
    _refuse(walk, "taken")
    assert in_database(lambda s: s.get_one(Home, walk.home.id).state) is HomeState.STOPPED
    assert in_database(lambda s: s.scalar(sa.select(HomePause))) is None


def test_a_company_that_said_no_takes_out_the_homes_that_insist_on_it(walk, make, in_database):
    company, another = (
        make.save(Partner(kind=PartnerKind.GUARANTOR_COMPANY, name=name, name_key=name))
        for name in ("架空保証", "見本保証")
    )
    insists, leaves_open, asks_another = (
        a_home(make, walk.staff, guarantor_rule=rule, guarantor_company_id=one.id)
        for rule, one in (
            (GuarantorRule.COMPANY_REQUIRED, company),
            (GuarantorRule.COMPANY, company),
            (GuarantorRule.COMPANY_REQUIRED, another),
        )
    )
    _refuse(walk, "screening", company="㈱架空保証")
    found = _proposed(walk)
    assert insists.id not in found
    assert {leaves_open.id, asks_another.id, walk.home.id} <= found


def test_the_company_of_the_recorded_screening_is_meant_when_none_is_named(walk, in_database):
    body = {"kind": "screening", "done_on": today().isoformat(), "company": "架空保証",
            "result": "bad"}  # fmt: skip
    step = walk.post(f"/placements/{walk.id}/steps", body).json["steps"][0]
    _refuse(walk, "screening")
    assert in_database(lambda s: s.scalar(sa.select(HomePause.company_id))) == step["company_id"]


def test_a_pause_ages_out(walk, in_database):
    _refuse(walk, "landlord_other")

    def left(session, day):
        case = session.get_one(type(walk.case), walk.case.id)
        return len(active_pauses(session, case, today=day))

    until = in_database(lambda s: s.scalar(sa.select(HomePause.until)))
    assert in_database(lambda s: left(s, until)) == 1
    assert in_database(lambda s: left(s, until + timedelta(days=1))) == 0


def test_the_candidates_page_says_what_is_held_back_and_lets_it_go(walk, browser_of):
    _refuse(walk, "landlord_other")
    browser = browser_of(walk.staff)
    page = browser.get(f"/cases/{walk.case.id}/candidates")
    assert "見合わせ中: 1件" in page.text
    assert "貸主が断った" in page.text
    page = browser.submit(page, action="/pauses/")
    assert "見合わせを終えました" in page.text
    assert "見合わせ中" not in page.text
    assert walk.home.id in _proposed(walk)


def test_a_program_reads_what_is_held_back_and_lets_it_go_once(walk, in_database):
    _refuse(walk, "landlord_group", group="elderly")
    path = f"/cases/{walk.case.id}/pauses"
    (pause,) = _read(walk, path)
    assert (pause["home_id"], pause["cause"], pause["group"]) == (
        walk.home.id, "landlord_group", "elderly",
    )  # fmt: skip
    ended = walk.post(f"{path}/{pause['id']}/end", {})
    assert ended.status_code == 200, ended.json
    assert ended.json["ended_at"] is not None
    assert _read(walk, path) == []
    assert walk.post(f"{path}/{pause['id']}/end", {}).status_code == 409
    assert in_database(lambda s: s.scalar(sa.select(HomePause.ended_by))) == walk.staff.id
    assert walk.home.id in _proposed(walk)


def test_a_program_that_does_not_see_the_place_reads_and_ends_nothing(walk, make, app, in_database):
    _refuse(walk, "landlord_other")
    reader = make.user(Role.HOUSING, organisation=make.the_organisation(walk.staff))
    pause = in_database(lambda s: s.scalar(sa.select(HomePause.id)))
    path = f"/api/v1/cases/{walk.case.id}/pauses"
    headers = {"Authorization": f"Bearer {reader.token}", "Idempotency-Key": "let-it-go"}
    client = app.test_client()
    assert client.get(path, headers=headers).status_code in {403, 404}
    assert client.post(f"{path}/{pause}/end", headers=headers).status_code in {403, 404}
    assert in_database(lambda s: s.scalar(sa.select(HomePause.ended_at))) is None


def test_whoever_does_not_see_the_place_is_told_of_no_pause(walk, make, browser_of):
    _refuse(walk, "landlord_other")
    reader = make.user(Role.HOUSING, organisation=make.the_organisation(walk.staff))
    page = browser_of(reader).get(f"/cases/{walk.case.id}/candidates")
    assert "見合わせ" not in page.text
    assert "貸主が断った" not in page.text
    assert page.soup.find("form", action=lambda a: a and "/pauses/" in a) is None


def test_another_households_pause_is_not_found(walk, make, browser_of, in_database):
    _refuse(walk, "landlord_other")
    other = a_case(make, walk.staff)
    pause = in_database(lambda s: s.scalar(sa.select(HomePause.id)))
    browser = browser_of(walk.staff)
    token = browser.get("/account").soup.find("input", attrs={"name": "csrf_token"})["value"]
    url = f"/cases/{other.id}/pauses/{pause}/end"
    assert browser.raw.post(url, data={"csrf_token": token}).status_code == 404


def test_a_run_kept_with_something_held_back_is_answered_the_same_again(walk, in_database):
    _refuse(walk, "landlord_other")
    _proposed(walk)
    in_database(lambda s: s.execute(sa.update(HomePause).values(ended_at=now(), ended_by=1)))

    def again(session):
        run = session.scalar(sa.select(MatchRun).order_by(MatchRun.id.desc()))
        assert run.inputs["left_out"] == [walk.home.id]
        return replay(session, run) == canonical(run.result)

    assert in_database(again)


def test_the_page_of_a_refusal_groups_reasons_by_who_said_no(walk, browser_of):
    browser = browser_of(walk.staff)
    page = browser.get(f"/placements/{walk.id}/refusal")
    for words in ("本人", "貸主", "保証会社", "不動産業者", "支援する側", "事務上"):
        assert words in page.text
    wrong = browser.submit(page, {"reason": "condition"}, action="/refusal", status=422)
    assert "どの条件" in wrong.errors
    assert wrong.soup.find("input", attrs={"value": "condition", "checked": True})
