"""Visits handed to somebody else or to another day, many in one act, and taken back."""

from datetime import timedelta
from functools import partial
from itertools import count

import pytest
import sqlalchemy as sa

from app.accounts import services as accounts
from app.accounts.models import User
from app.audit.models import AuditEntry
from app.cases.work.models import TeamMember
from app.db import now, today
from app.errors import ConflictError
from app.followup import queries
from app.followup.codes import AttemptResult, CheckInState
from app.followup.dayplan.queries import visits_of
from app.followup.models import CheckIn, WatchPlan
from app.followup.moves import services
from app.followup.moves.codes import Outcome
from app.followup.moves.models import VisitMove, VisitMoveLine
from app.followup.plans import services as plans
from app.followup.visits import services as visits
from app.followup.visits.listing import due_today
from app.policy import Protection, Role
from tests import in_turn as at_once
from tests.followup.test_day_plan import Street, agreed

_keys = count(1)


@pytest.fixture
def street(make, in_database):
    return Street(make, in_database)


@pytest.fixture
def colleague(make, street):
    """Somebody of the same office who goes to visits as well."""
    return make.user(Role.CONSULTANT, Role.FOLLOWUP, organisation=street.office, name="架空さとみ")


@pytest.fixture
def send(app, street):
    def sent(path, *, user=None, key=None, **json):
        headers = {
            "Authorization": f"Bearer {(user or street.staff).token}",
            "Idempotency-Key": key or f"move-{next(_keys):06}",
        }
        return app.test_client().post(f"/api/v1{path}", json=json, headers=headers)

    return sent


@pytest.fixture
def viewer_of(in_database):
    def viewer(user):
        return in_database(lambda s: accounts.viewer_of(s.get_one(User, user.id)))

    return viewer


def row(in_database, number):
    return in_database(lambda s: s.get_one(CheckIn, number))


def outcomes(answer):
    assert answer.status_code == 201, answer.json
    return {line["check_in_id"]: line["outcome"] for line in answer.json["lines"]}


def on_list(in_database, viewer, *, mine, day=None):
    """The check-ins of today's list, and of the day plan of `day`."""

    def read(session):
        due, coming = due_today(
            session, viewer, today(), until=today() + timedelta(days=7), mine=mine
        )
        plan = visits_of(session, viewer, on=day or today(), today=today(), mine=mine)
        return (
            {c.id for h in due for c in h.check_ins},
            {c.id for c in coming},
            {c.id for c, _time in plan},
        )

    return in_database(read)


TOMORROW = timedelta(days=1)


def test_a_whole_day_goes_to_a_colleague_in_one_act(
    street, colleague, browser_of, in_database, viewer_of
):
    first, second = street.household(5), street.household(6)
    browser = browser_of(street.staff)
    page = browser.get(f"/visits/moves/new?whose={street.staff.id}")
    ticked = page.tree.xpath("//input[@name='visits'][@checked]")
    assert len(ticked) == 2
    done = browser.submit(
        page, {"visitor_id": str(colleague.id), "why": "担当が病気"}, action="/visits/moves"
    )
    assert "2世帯の訪問を動かしました" in done.text
    assert "架空さとみ" in done.text
    assert "わけ: 担当が病気" in done.text
    theirs = on_list(in_database, viewer_of(colleague), mine=True)
    assert {first, second} <= theirs[0]
    assert {first, second} <= theirs[2]
    assert on_list(in_database, viewer_of(street.staff), mine=True)[2] == set()
    assert "架空さとみ" in browser.get(f"/visits/{first}").text
    assert in_database(lambda s: {p.assigned_to for p in s.scalars(sa.select(WatchPlan))}) == {
        street.staff.id
    }


def test_a_day_goes_to_tomorrow_with_all_that_is_overdue_and_the_limit_stays(
    street, send, in_database, viewer_of
):
    number = street.household(5)
    before = row(in_database, number)
    due = on_list(in_database, viewer_of(street.staff), mine=True)[0]
    assert len(due) > 1
    answer = send("/visit-moves", visits=[before.ref], on=str(today() + TOMORROW))
    assert set(outcomes(answer)) == due
    after = row(in_database, number)
    assert (after.visit_on, after.due_on, after.escalate_on) == (
        today() + TOMORROW, before.due_on, before.escalate_on,
    )  # fmt: skip
    viewer = viewer_of(street.staff)
    now_, coming, plan = on_list(in_database, viewer, mine=True)
    assert (now_, plan) == (set(), set())
    assert due <= coming
    assert on_list(in_database, viewer, mine=True, day=today() + TOMORROW)[2] <= due
    assert on_list(in_database, viewer, mine=True, day=today() + TOMORROW)[2]


def test_what_is_done_withdrawn_or_moved_first_stays_and_is_named(
    street, send, colleague, in_database
):
    done, gone, moved, free = (street.household(n) for n in (3, 4, 5, 6))

    def happen(session):
        visits.record_attempt(
            session, check_in=session.get_one(CheckIn, done), on=None, user_id=street.staff.id,
            result=AttemptResult.MET, now=now(),
        )  # fmt: skip
        withdrawn = session.get_one(CheckIn, gone)
        plans.end_plan(
            session, plan=withdrawn.plan, day=today(), ended_as=plans.PlanEnd.LEFT, why="x",
            user_id=street.staff.id,
        )  # fmt: skip

    in_database(happen)
    assert outcomes(send("/visit-moves", visits=[f"{moved}.0"], visitor_id=colleague.id))
    refs = [f"{number}.0" for number in (done, gone, moved, free)]
    said = outcomes(send("/visit-moves", visits=refs, visitor_id=street.staff.id,
                         on=str(today() + TOMORROW)))  # fmt: skip
    assert [said[number] for number in (done, gone, moved, free)] == [
        "done", "withdrawn", "moved_first", "moved",
    ]  # fmt: skip
    assert row(in_database, moved).visitor_id == colleague.id
    assert row(in_database, done).visit_on is None


def test_nobody_is_sent_where_they_may_not_know_the_place_and_nothing_says_why(
    street, send, colleague, browser_of, in_database
):
    hidden, plain = street.household(9, protection=Protection.YES), street.household(5)
    browser = browser_of(street.staff)
    page = browser.get(f"/visits/moves/new?whose={street.staff.id}")
    assert "コーポ架空9" not in page.text
    done = browser.submit(page, {"visitor_id": str(colleague.id)}, action="/visits/moves")
    assert "選んだ人は、この世帯を開けません" in done.text
    assert "居場所" not in done.text
    assert row(in_database, hidden).visitor_id is None
    assert row(in_database, plain).visitor_id == colleague.id
    # Whoever is not of the circle learns neither of the household nor of its line.
    move = in_database(lambda s: s.scalar(sa.select(VisitMove.id)))
    theirs = browser_of(colleague).get(f"/visits/moves/{move}").text
    case = in_database(lambda s: s.get_one(CheckIn, hidden).plan.placement.case.number)
    assert case not in theirs
    assert "選んだ人は" not in theirs
    answer = send("/visit-moves", user=colleague, visits=[str(hidden), "999999"],
                  on=str(today() + TOMORROW))  # fmt: skip
    assert (answer.json["lines"], answer.json["unseen"]) == ([], 2)
    # On the team they may.
    in_database(
        lambda s: s.add(
            TeamMember(
                case_id=s.get_one(CheckIn, hidden).plan.placement.case_id, user_id=colleague.id,
                since=today(),
            )
        )
    )  # fmt: skip
    assert (
        outcomes(send("/visit-moves", visits=[str(hidden)], visitor_id=colleague.id))[hidden]
        == "moved"
    )


def test_a_promised_day_is_not_moved_behind_the_households_back(
    street, colleague, browser_of, send, in_database
):
    number = street.household(5)
    browser = browser_of(street.staff)
    agreed(browser, number, opens="13:00", closes="14:00")
    day = str(today() + TOMORROW)
    assert set(outcomes(send("/visit-moves", visits=[str(number)], on=day)).values()) == {
        "promised"
    }
    said = outcomes(send("/visit-moves", visits=[str(number)], on=day, visitor_id=colleague.id))
    assert set(said.values()) == {"only_person"}
    kept = row(in_database, number)
    assert (kept.visitor_id, kept.visit_on) == (colleague.id, None)
    page = browser.get("/visits/moves/new")
    assert "13:00〜14:00の約束" in page.text


def test_a_time_agreed_after_a_move_is_where_the_visit_is(street, browser_of, send, in_database):
    number = street.household(5)
    outcomes(send("/visit-moves", visits=[str(number)], on=str(today() + TOMORROW)))
    later = today() + timedelta(days=3)
    agreed(browser_of(street.staff), number, on=str(later))
    assert row(in_database, number).visit_on == later


def test_a_move_is_taken_back_but_for_what_went_on(
    street, send, colleague, browser_of, in_database
):
    met, kept = street.household(5), street.household(6)
    browser = browser_of(street.staff)
    page = browser.get(f"/visits/moves/new?whose={street.staff.id}")
    done = browser.submit(
        page, {"visitor_id": str(colleague.id), "on": str(today() + TOMORROW)},
        action="/visits/moves",
    )  # fmt: skip
    in_database(
        lambda s: visits.record_attempt(
            s, check_in=s.get_one(CheckIn, met), on=None, user_id=colleague.id,
            result=AttemptResult.MET, now=now(),
        )
    )  # fmt: skip
    back = browser.submit(done, action="/undo")
    assert "1世帯の訪問を元に戻しました" in back.text
    assert "もう記録されています" in back.text
    one = row(in_database, kept)
    assert (one.visitor_id, one.visit_on) == (None, None)
    assert row(in_database, met).visitor_id == colleague.id
    assert "元に戻しました" in browser.get(done.url).text
    number = in_database(lambda s: s.scalar(sa.select(sa.func.min(VisitMove.id))))
    again = send(f"/visit-moves/{number}/undo")
    assert (again.status_code, again.json["code"]) == (409, "too_late_to_undo")


def test_taking_back_ends_after_ten_minutes_and_is_the_movers_own(
    street, send, colleague, in_database, viewer_of
):
    number = street.household(5)
    answer = send("/visit-moves", visits=[str(number)], visitor_id=colleague.id)
    url = f"/visit-moves/{answer.json['id']}/undo"
    assert send(url, user=colleague).status_code == 409
    mover = viewer_of(street.staff)

    def later(session):
        move = session.get_one(VisitMove, answer.json["id"])
        with pytest.raises(ConflictError):
            services.undo_move(
                session, move=move, viewer=mover, today=today(), at=now() + timedelta(minutes=11)
            )

    in_database(later)
    assert row(in_database, number).visitor_id == colleague.id
    assert send(url).status_code == 201
    assert row(in_database, number).visitor_id is None


def test_one_key_moves_once_and_each_move_is_in_the_log(street, send, colleague, in_database):
    number = street.household(5)
    asked = {"visits": [f"{number}.0"], "visitor_id": colleague.id, "why": "休み"}
    first = send("/visit-moves", key="moved-once", **asked)
    again = send("/visit-moves", key="moved-once", **asked)
    assert first.json == again.json
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(VisitMove.id)))) == 1
    logged = in_database(
        lambda s: s.scalars(
            sa.select(AuditEntry).where(
                AuditEntry.record_kind == "check_in", AuditEntry.record_id == number
            )
        ).all()
    )
    assert [(one.user_id, one.fields) for one in logged] == [(street.staff.id, ["visitor"])]


def test_two_people_moving_one_visit_at_once(app, street, colleague, in_database, viewer_of):
    number, staff = street.household(5), viewer_of(street.staff)
    other = viewer_of(colleague)

    def move(viewer, to):
        return lambda session: services.move_visits(
            session, visits={number: 0}, visitor_id=to, on=today() + TOMORROW, why="",
            viewer=viewer, today=today(),
        )  # fmt: skip

    run = partial(at_once.in_turn, app, reading=(WatchPlan, CheckIn))
    assert run(move(staff, colleague.id), move(other, street.staff.id)) == "done"
    lines = in_database(
        lambda s: s.scalars(
            sa.select(VisitMoveLine)
            .where(VisitMoveLine.check_in_id == number)
            .order_by(VisitMoveLine.id)
        ).all()
    )
    assert [one.outcome for one in lines] == [Outcome.MOVED, Outcome.MOVED_FIRST]
    assert row(in_database, number).visitor_id == colleague.id


def test_a_visit_recorded_while_it_is_moved_stays_recorded(app, street, in_database, viewer_of):
    number, staff = street.household(5), viewer_of(street.staff)

    def visit(session):
        visits.record_attempt(
            session, check_in=session.get_one(CheckIn, number), on=None, user_id=street.staff.id,
            result=AttemptResult.MET, now=now(),
        )  # fmt: skip

    def move(session):
        services.move_visits(
            session, visits={number: 0}, visitor_id=None, on=today() + TOMORROW, why="",
            viewer=staff, today=today(),
        )  # fmt: skip

    run = partial(at_once.in_turn, app, reading=(WatchPlan, CheckIn))
    assert run(visit, move) == "done"
    one = row(in_database, number)
    assert (one.state, one.visit_on) == (CheckInState.MET, None)


def test_neither_person_nor_day_or_a_stranger_is_refused_and_the_ticks_stay(
    street, make, browser_of, send
):
    number = street.household(5)
    browser = browser_of(street.staff)
    page = browser.get(f"/visits/moves/new?visit={number}")
    wrong = browser.submit(page, {"why": "担当が病気"}, action="/visits/moves", status=422)
    assert "どちらかを選んでください" in wrong.errors
    assert wrong.tree.xpath("//input[@name='visits'][@checked]")
    assert wrong.tree.xpath("//input[@name='why']/@value") == ["担当が病気"]
    none = browser.submit(page, {"visits": [], "on": str(today())}, action="/visits/moves",
                          status=422)  # fmt: skip
    assert "動かす訪問を選んでください" in none.errors
    stranger = make.user(Role.CONSULTANT, Role.FOLLOWUP)
    housing = make.user(Role.HOUSING, organisation=street.office)
    for who in (stranger, housing):
        answer = send("/visit-moves", visits=[str(number)], visitor_id=who.id)
        assert answer.status_code == 422
        assert who.name not in answer.text
    past = send("/visit-moves", visits=[str(number)], on=str(today() - TOMORROW))
    assert past.status_code == 422
    assert send("/visit-moves", visits=["12; --"], on=str(today())).status_code == 422


def test_only_who_plans_the_watch_moves_visits(street, make, send, browser_of):
    number = street.household(5)
    foodbank = make.user(Role.FOODBANK, organisation=street.office)
    assert send("/visit-moves", user=foodbank, visits=[str(number)],
                on=str(today())).status_code == 403  # fmt: skip
    browser_of(foodbank).get("/visits/moves/new", status=403)
    housing = make.user(Role.HOUSING, organisation=street.office)
    assert "代わる・移す" in browser_of(housing).get("/visits/moves/new").text


def test_a_worry_goes_along_with_who_goes_today(street, send, colleague, browser_of):
    number = street.household(5)
    send(f"/check-ins/{number}/attempts", result="worrying", note="x")
    second = street.ask(
        lambda s: s.scalar(
            sa.select(CheckIn.id).where(CheckIn.state == CheckInState.DUE).order_by(CheckIn.due_on)
        )
    )
    browser = browser_of(colleague)
    assert "気になる" not in browser.get("/visits?whose=mine").text
    outcomes(send("/visit-moves", visits=[str(second)], visitor_id=colleague.id, on=str(today())))
    assert "気になる" in browser.get("/visits?whose=mine").text


def test_a_visit_put_off_beyond_its_limit_says_that_the_ladder_does_not_wait(
    street, browser_of, in_database
):
    number = street.household(5)
    browser = browser_of(street.staff)
    page = browser.get(f"/visits/moves/new?visit={number}")
    done = browser.submit(page, {"on": str(today() + timedelta(days=14))}, action="/visits/moves")
    assert "会えないときの順番は" in done.text
    assert row(in_database, number).escalate_on < today() + timedelta(days=14)


def test_an_unplanned_visit_on_the_day_it_was_moved_to_is_that_visit(street, send, in_database):
    number = street.household(5)
    coming = in_database(
        lambda s: s.scalar(
            sa.select(CheckIn).where(CheckIn.due_on > today()).order_by(CheckIn.due_on)
        )
    )
    outcomes(send("/visit-moves", visits=[coming.ref], on=str(today())))
    found = in_database(
        lambda s: (
            plans.look_in_today(
                s, plan=s.get_one(CheckIn, number).plan, user_id=street.staff.id, today=today()
            ).id
        )
    )
    assert found == coming.id


def test_due_lists_count_from_the_day_a_visit_was_moved_to(street, send, in_database, viewer_of):
    street.household(5)
    viewer = viewer_of(street.staff)
    far = in_database(
        lambda s: s.scalars(
            sa.select(CheckIn).where(CheckIn.due_on > today() + timedelta(days=7))
        ).first()
    )
    outcomes(send("/visit-moves", visits=[far.ref], on=str(today())))
    found = in_database(
        lambda s: [c.id for c in queries.due_check_ins(s, viewer, today=today(), until=today())]
    )
    assert far.id in found
