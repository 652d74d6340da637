"""Where a household eats decides its box: before the move, on the first night, with gas opened."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.cases.assessments.models import Assessment
from app.cases.models import Member
from app.cases.needs.services import save_food_profile
from app.foodbank.dwelling.codes import Dwelling
from app.foodbank.dwelling.queries import stage_on
from app.foodbank.models import FoodRequest
from app.placements.models import Placement
from app.policy import Protection
from tests.foodbank.kit import TODAY, consultant_elsewhere, give_consent, make_case
from tests.placements.households import a_case, a_home
from tests.placements.test_steps import STEPS, Walk

NIGHT = date(2026, 11, 21)
BEFORE, FIRST, OPENED = Dwelling


@pytest.mark.once
@pytest.mark.parametrize(
    ("nights", "day", "written", "stage"),
    [
        ([], 21, None, None),
        ([None], 21, None, BEFORE),
        ([NIGHT], 20, None, BEFORE),
        ([NIGHT], 21, NIGHT - timedelta(days=30), FIRST),
        ([NIGHT], 21, NIGHT, FIRST),
        ([NIGHT], 25, NIGHT + timedelta(days=1), OPENED),
        ([NIGHT], 30, None, FIRST),
        ([NIGHT - timedelta(days=90)], 21, None, None),
        ([NIGHT - timedelta(days=90), NIGHT], 22, NIGHT - timedelta(days=80), FIRST),
        ([NIGHT - timedelta(days=90), None], 22, NIGHT - timedelta(days=80), OPENED),
    ],
)
def test_the_stage_follows_the_first_night_and_what_was_written_since(nights, day, written, stage):
    assert stage_on(nights, date(2026, 11, day), written=written) is stage


def test_a_request_takes_the_first_night_until_gas_is_opened_and_a_person_may_say_otherwise(
    bank, browser_of, make, in_database
):
    worker = consultant_elsewhere(make)
    case = make_case(make, worker)
    give_consent(make, case, worker)
    home = a_home(make, worker)
    way = make.save(
        Placement(home_id=home.id, case_id=case.id, organisation_id=worker.organisation_id)
    )
    browser = browser_of(worker)
    path = f"/cases/{case.id}/food-requests/new"
    assert "入居の予定より前の日" in browser.get(path).text
    in_database(lambda s: setattr(s.get_one(Placement, way.id), "moved_in_on", TODAY))
    page = browser.get(path)
    assert "ガス開通前の箱" in page.text
    assert "新しい住まいの設備をまだ聞いていない" in page.text
    assert "の「食料の必要」から" in page.text
    later = browser.get(f"{path}?needed_on={TODAY + timedelta(days=20)}")
    assert "お湯・レンジの箱" in later.text
    browser.submit(page, {"days": "1"}, action="/food-requests")
    chosen = browser.get(f"{path}?dwelling=gas_opened")
    assert "選んだ段階（ガスが開通したあと）で決めました" in chosen.text
    browser.submit(chosen, {"days": "1", "dwelling": "gas_opened"}, action="/food-requests")

    def asked():
        rows = in_database(
            lambda s: s.scalars(sa.select(FoodRequest).order_by(FoodRequest.id)).all()
        )
        return [(one.household["dwelling"]["by"], one.household["equipment"]) for one in rows]

    assert asked() == [("placement", []), ("person", ["hot_water", "potable_water"])]
    body = browser_of(bank.user).get("/food/rounds").text
    assert "ガス開通前の箱" in body
    in_database(
        lambda s: save_food_profile(
            s,
            case=s.get_one(type(case), case.id),
            version=case.food_profile.version,
            profile={"equipment": ["burner"]},
            user_id=worker.id,
        )
    )
    assert asked() == [("placement", []), ("person", ["burner"])]


def test_an_open_request_follows_the_days_of_the_way_there_and_back(app, bank, make, in_database):
    walk = Walk(app, make)
    give_consent(make, walk.case, walk.staff)

    def moved(kind, planned_on):
        sent = {"kind": kind, "planned_on": str(planned_on)}
        assert walk.post(f"/placements/{walk.id}/plans", sent).status_code == 201

    def stage():
        return in_database(lambda s: s.get_one(FoodRequest, 1).household["dwelling"]["stage"])

    needed_on = TODAY + timedelta(days=5)
    asked = {"days": 1, "needed_on": str(needed_on), "organisation_id": bank.user.organisation_id}
    made = walk.post(f"/cases/{walk.case.id}/food-requests", asked)
    assert (made.status_code, stage()) == (201, BEFORE)
    moved("keys", needed_on - timedelta(days=1))
    assert stage() == FIRST
    moved("keys", needed_on + timedelta(days=1))
    assert stage() == BEFORE
    for kind in STEPS:
        done = walk.step(kind)
    assert (done.json["state"], stage()) == ("moved_in", FIRST)
    for step in done.json["steps"][:-3:-1]:  # the move, then the keys
        back = f"/placements/{walk.id}/steps/{step['id']}/return"
        assert walk.post(back, {"why": "入力の間違い"}).status_code == 200
    assert stage() == BEFORE


def test_who_may_not_know_the_place_is_told_nothing_of_the_move(make, browser_of):
    worker = consultant_elsewhere(make)
    case = make_case(make, worker, protection=Protection.YES)
    make.save(
        Placement(
            home_id=a_home(make, worker).id,
            case_id=case.id,
            organisation_id=worker.organisation_id,
            moved_in_on=TODAY,
        )
    )
    page = browser_of(worker).get(f"/cases/{case.id}/food-requests/new?dwelling=nonsense")
    assert "「食料の必要」の設備から決めました" in page.text
    assert "ガス開通前" not in page.soup.select_one("#told").text


@pytest.mark.once
def test_how_many_eat_comes_from_the_assessment_where_nobody_took_it_in(make, browser_of):
    worker = consultant_elsewhere(make)
    case = a_case(make, worker)
    browser, path = browser_of(worker), f"/cases/{case.id}/food-requests/new"
    unasked = browser.get(path).text
    assert "人数を聞いていないので、1人分にしています" in unasked
    assert "やわらかさと食べないもの — 聞くまでは" in unasked
    make.save(
        Assessment(case_id=case.id, round=1, assessed_on=TODAY, author_id=worker.id, living_with=2)
    )
    asked = browser.get(path).text
    assert "のアセスメントから" in asked
    assert "3人の年齢" in asked
    case.members = [Member(position=0, age=0, age_on=TODAY)]
    make.save(case)
    assert "0歳の子の月齢" in browser.get(path).text
