"""One home, one household: the database decides, and the second hears why."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import moment_on, now, today
from app.housing.codes import HomeState
from app.housing.models import Home
from app.placements import services
from app.placements.codes import HoldEnd
from app.placements.models import Hold
from app.policy import Protection, Role
from tests.placements.households import a_case, a_home


@pytest.fixture
def staff(make):
    return make.user(Role.CONSULTANT)


def _hold(app, user, case, home, key=None):
    headers = {
        "Authorization": f"Bearer {user.token}",
        "Idempotency-Key": key or f"hold-{case.id}-{home.id}",
    }
    return app.test_client().post(
        f"/api/v1/cases/{case.id}/holds", json={"home_id": home.id}, headers=headers
    )


def _state(in_database, home):
    return in_database(lambda s: s.get_one(Home, home.id).state)


def test_a_held_home_is_no_longer_vacant(app, make, staff, in_database):
    case, home = a_case(make, staff), a_home(make, staff)
    answer = _hold(app, staff, case, home)
    assert answer.status_code == 201
    assert answer.json["home_id"] == home.id
    assert _state(in_database, home) is HomeState.HELD


def test_the_second_household_hears_that_somebody_was_first(app, make, staff):
    home = a_home(make, staff)
    _hold(app, staff, a_case(make, staff), home)
    second = _hold(app, staff, a_case(make, staff), home)
    assert second.status_code == 409
    assert second.json["code"] == "home_taken"
    assert "取り置かれています" in second.json["message"]


def test_of_fifty_at_once_one_wins(app, make, staff, in_database):
    home = a_home(make, staff)
    cases = [a_case(make, staff) for _ in range(50)]
    answers = []
    threads = [
        threading.Thread(target=lambda c=c: answers.append(_hold(app, staff, c, home).status_code))
        for c in cases
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201] + [409] * 49
    held = in_database(lambda s: s.scalar(sa.select(sa.func.count()).select_from(Hold)))
    assert held == 1


def test_the_database_refuses_a_second_active_hold_by_itself(make, staff, in_database):
    home = a_home(make, staff)
    for number in range(2):
        case = a_case(make, staff)
        hold = Hold(
            home_id=home.id,
            case_id=case.id,
            user_id=staff.id,
            organisation_id=staff.organisation_id,
            ends_at=now() + timedelta(days=1),
        )
        if number == 0:
            make.save(hold)
            continue
        with pytest.raises(sa.exc.IntegrityError):
            in_database(lambda s, row=hold: s.add(row))


def test_a_hold_ends_by_itself_and_the_home_is_vacant_again(app, make, staff, in_database):
    case, home = a_case(make, staff), a_home(make, staff)
    _hold(app, staff, case, home)
    later = now() + services.HOLD_FOR + timedelta(minutes=1)
    assert in_database(lambda s: services.expire_holds(s, at=later)) == 1
    assert in_database(lambda s: services.expire_holds(s, at=later)) == 0
    assert _state(in_database, home) is HomeState.VACANT
    assert in_database(lambda s: s.scalar(sa.select(Hold)).ended_as) is HoldEnd.EXPIRED


def test_letting_go_makes_room_for_somebody_else(app, make, staff):
    home = a_home(make, staff)
    first = _hold(app, staff, a_case(make, staff), home).json["id"]
    headers = {"Authorization": f"Bearer {staff.token}", "Idempotency-Key": "let-it-go"}
    released = app.test_client().post(f"/api/v1/holds/{first}/release", json={}, headers=headers)
    assert released.status_code == 200
    assert _hold(app, staff, a_case(make, staff), home).status_code == 201


@pytest.mark.parametrize("ends_on", ["2020-01-01", "2090-01-01"])
def test_an_impossible_end_is_refused_at_its_field(app, make, staff, in_database, ends_on):
    case, home = a_case(make, staff), a_home(make, staff)
    headers = {"Authorization": f"Bearer {staff.token}", "Idempotency-Key": "impossible-end"}
    answer = app.test_client().post(
        f"/api/v1/cases/{case.id}/holds",
        json={"home_id": home.id, "ends_on": ends_on},
        headers=headers,
    )
    assert answer.status_code == 422
    assert answer.json["errors"]["ends_on"]
    assert _state(in_database, home) is HomeState.VACANT


def test_a_colleague_outside_the_team_cannot_hold_for_a_protected_household(app, make, staff):
    case = a_case(make, staff, protection=Protection.YES)
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(staff))
    home = a_home(make, staff)
    assert _hold(app, colleague, case, home).status_code == 403
    assert _hold(app, staff, case, home).status_code == 201


def test_whose_home_is_held_is_hidden_with_the_place(app, make, staff, browser_of):
    case, home = a_case(make, staff, protection=Protection.UNKNOWN), a_home(make, staff)
    hold = _hold(app, staff, case, home).json["id"]
    colleague = browser_of(make.user(Role.CONSULTANT, organisation=make.the_organisation(staff)))
    assert case.number not in colleague.get("/placements").text
    colleague.get(f"/holds/{hold}", status=404)
    assert case.number in browser_of(staff).get("/placements").text


def test_the_409_page_says_what_to_do(make, staff, browser_of, app):
    home = a_home(make, staff)
    _hold(app, staff, a_case(make, staff), home)
    case = a_case(make, staff)
    browser = browser_of(staff)
    token = browser.get("/account").soup.find("input", attrs={"name": "csrf_token"})["value"]
    answer = browser.raw.post(
        f"/cases/{case.id}/holds",
        data={"csrf_token": token, "idempotency_key": "second-hold", "home_id": str(home.id)},
    )
    assert answer.status_code == 409
    assert "別の住戸を選んでください" in answer.text


def test_a_hold_cannot_lean_on_another_households_candidates(app, make, staff, in_database):
    case, home = a_case(make, staff), a_home(make, staff)
    headers = {"Authorization": f"Bearer {staff.token}", "Idempotency-Key": "borrowed-run"}
    answer = app.test_client().post(
        f"/api/v1/cases/{case.id}/holds",
        json={"home_id": home.id, "match_run_id": 4711},
        headers=headers,
    )
    assert answer.status_code == 422
    assert _state(in_database, home) is HomeState.VACANT


def _extend(app, user, hold_id, ends_on, key="make-it-longer"):
    headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": key}
    body = {"ends_on": ends_on.isoformat(), "extended_why": "貸主の返事待ち"}
    return app.test_client().post(f"/api/v1/holds/{hold_id}/extension", json=body, headers=headers)


def test_a_hold_is_made_longer_with_its_reason_but_not_shorter_or_for_ever(
    app, make, staff, in_database
):
    hold = _hold(app, staff, a_case(make, staff), a_home(make, staff)).json["id"]
    later = today() + timedelta(days=20)
    assert _extend(app, staff, hold, later).status_code == 200
    ends_at = in_database(lambda s: s.scalar(sa.select(Hold.ends_at)))
    assert ends_at == moment_on(later + timedelta(days=1))
    assert in_database(lambda s: s.scalar(sa.select(Hold.extended_why))) == "貸主の返事待ち"
    for day in (today() + timedelta(days=2), today() + timedelta(days=60)):
        assert "ends_on" in _extend(app, staff, hold, day, f"again-{day}").json["errors"]


def test_a_hold_that_has_ended_is_not_made_longer(app, make, staff, in_database):
    hold = _hold(app, staff, a_case(make, staff), a_home(make, staff)).json["id"]
    later = now() + services.HOLD_FOR + timedelta(minutes=1)
    in_database(lambda s: services.expire_holds(s, at=later))
    assert _extend(app, staff, hold, today() + timedelta(days=20)).status_code == 409


def test_the_page_makes_a_hold_longer(app, make, staff, browser_of):
    hold = _hold(app, staff, a_case(make, staff), a_home(make, staff)).json["id"]
    browser = browser_of(staff)
    page = browser.get(f"/holds/{hold}")
    typed = {"ends_on": (today() + timedelta(days=15)).isoformat()}
    assert browser.submit(page, typed, action="/extension", status=422).errors
    page = browser.submit(page, typed | {"extended_why": "書類待ち"}, action="/extension")
    assert "延ばしました" in page.text
    assert "書類待ち" in page.text
