"""A list that was taken in can be taken out again: all of it but what people went on with."""

import threading

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.db import now, separate_session
from app.directory.models import Partner, PartnerKind
from app.errors import ConflictError
from app.housing.lists import undo
from app.housing.lists.models import (
    CouncilListImport,
    CouncilListRow,
    HomeStatement,
    ImportState,
    QuestionState,
)
from app.housing.models import Home, HomeAcceptance, Landlord, Property
from app.placements import services as placement_services
from app.policy import Role
from tests.housing.makers import HEAD, NOVEMBER, OCTOBER, a_case, csv_list, from_sender, take_in

TABLES = (Home, HomeAcceptance, Property, Landlord)
ROW = "コーポ相武,{room},座間市相武台1-2-3,1K,22,{rent},,,,{elderly},㈱架空ホーム"


@pytest.fixture
def user(make):
    return make.user(Role.HOUSING, Role.CONSULTANT)


@pytest.fixture
def desk(user, browser_of):
    return browser_of(user)


def everything(session):
    """The homes and what belongs to them, cell by cell; how often a home was written is no fact."""
    found = {}
    for model in TABLES:
        table = model.__table__
        columns = [column for column in table.columns if column.name != "version"]
        rows = session.execute(sa.select(*columns).order_by(*table.primary_key))
        found[table.name] = [tuple(map(str, row)) for row in rows]
    return found


def current_statements(session):
    columns = (HomeStatement.home_id, HomeStatement.field, HomeStatement.value)
    rows = session.execute(sa.select(*columns).where(HomeStatement.current))
    return sorted(map(str, rows))


def undo_on_page(desk, report):
    """Press 「取り消す」 on the report and confirm; the report as it is then."""
    page = desk.get(report.link("取り込みを取り消す"))
    return desk.submit(page, action="/undo")


def test_october_undone_leaves_the_homes_as_before_and_every_row_as_typed(desk, in_database):
    before = in_database(everything)
    report = take_in(desk, OCTOBER.read_bytes(), OCTOBER.name)
    rows = in_database(lambda s: s.scalar(sa.select(sa.func.count(CouncilListRow.id))))
    page = desk.get(report.link("取り込みを取り消す"))
    assert "100件を外します" in page.text
    done = desk.submit(page, action="/undo")
    assert "住戸100件を外し" in done.text
    assert in_database(everything) == before
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(CouncilListRow.id)))) == rows
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(HomeStatement.id)))) == 0
    agents = sa.select(Partner.name).where(Partner.kind == PartnerKind.REALTOR)
    assert in_database(lambda s: s.scalars(agents).all()) == []
    deleted = sa.select(sa.func.count(AuditEntry.id)).where(
        AuditEntry.deed == "deleted", AuditEntry.record_kind == "home"
    )
    assert in_database(lambda s: s.scalar(deleted)) == 100
    again = take_in(desk, OCTOBER.read_bytes(), OCTOBER.name)
    assert "取り込みの報告" in again.h1


def test_november_undone_leaves_october(desk, in_database):
    take_in(desk, OCTOBER.read_bytes(), OCTOBER.name)
    before = in_database(everything), in_database(current_statements)
    report = take_in(desk, NOVEMBER.read_bytes(), NOVEMBER.name)
    assert in_database(everything) != before[0]
    undo_on_page(desk, report)
    assert (in_database(everything), in_database(current_statements)) == before
    november = take_in(desk, NOVEMBER.read_bytes(), NOVEMBER.name)
    assert "25" in november.text


def test_a_home_held_or_corrected_meanwhile_stays_and_is_named(desk, make, user, in_database):
    rows = [ROW.format(room=room, rent=40000, elderly="可") for room in (101, 102, 103, 104)]
    report = take_in(desk, csv_list(*rows), "a.csv")
    case = a_case(make, user)
    ids = in_database(lambda s: {h.room: h.id for h in s.scalars(sa.select(Home))})
    held = in_database(lambda s: placement_services.place_hold(
        s, home=s.get_one(Home, ids["101"]), case=s.merge(case), at=now(), user_id=user.id,
        organisation_id=user.organisation_id))  # fmt: skip
    assert held is not None
    page = desk.get(f"/homes/{ids['102']}/edit")
    desk.submit(page, {"rent": "39000"}, action="/edit")
    desk.submit(desk.get(f"/homes/{ids['103']}"), action="/confirm", button="もうない")
    done = undo_on_page(desk, report)
    assert "住戸1件を外し" in done.text
    assert "そのまま残した住戸（3件）" in done.text
    assert "この住戸を使った記録があります" in done.text
    left = in_database(lambda s: s.scalars(sa.select(Home.room).order_by(Home.room)).all())
    assert left == ["101", "102", "103"]


def test_a_changed_home_gets_its_former_values_back_but_not_one_edited_since(desk, in_database):
    first = [ROW.format(room=room, rent=40000, elderly="可") for room in (101, 102)]
    second = [ROW.format(room=room, rent=41000, elderly="不可") for room in (101, 102)]
    take_in(desk, csv_list(*first), "a.csv")
    report = take_in(desk, csv_list(*second), "a.csv")
    ids = in_database(lambda s: {h.room: h.id for h in s.scalars(sa.select(Home))})
    page = desk.get(f"/homes/{ids['102']}/edit")
    desk.submit(page, {"fee": "1500"}, action="/edit")
    done = undo_on_page(desk, report)
    assert "1件を前の値に戻しました" in done.text
    homes = in_database(lambda s: {h.room: (h.rent, h.acceptances[0].answer.value)
                                   for h in s.scalars(sa.select(Home))})  # fmt: skip
    assert homes == {"101": (40000, "yes"), "102": (41000, "no")}


def test_only_the_newest_list_of_a_sender_can_be_undone(desk, in_database):
    first = take_in(desk, csv_list(ROW.format(room=101, rent=40000, elderly="")), "a.csv")
    second = take_in(desk, csv_list(ROW.format(room=101, rent=41000, elderly="")), "a.csv")
    assert "取り込みを取り消す" not in desk.get(first.url).text
    desk.get(f"{first.url}/undo", status=409)
    undo_on_page(desk, second)
    undo_on_page(desk, desk.get(first.url))
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Home.id)))) == 0


def test_pressing_twice_undoes_once(desk, in_database):
    report = take_in(desk, csv_list(ROW.format(room=101, rent=40000, elderly="")), "a.csv")
    page = desk.get(report.link("取り込みを取り消す"))
    desk.submit(page, action="/undo")
    again = desk.submit(page, action="/undo")
    assert "もう取り消されています" in again.text
    deleted = sa.select(AuditEntry.record_kind).where(AuditEntry.deed == "deleted")
    gone = in_database(lambda s: sorted(s.scalars(deleted)))
    assert gone == ["home", "partner", "property"]


def test_whatever_a_list_brings_and_undoing_takes_out_has_its_entry(desk, in_database):
    row = ROW.format(room=101, rent=40000, elderly="可") + ",試験 貸子"
    head = f"{HEAD},貸主"
    report = take_in(desk, csv_list(row, head=head), "a.csv")

    def kinds(deed, basis):
        wanted = sa.select(AuditEntry.record_kind).where(
            AuditEntry.deed == deed, AuditEntry.basis.startswith(basis)
        )
        return in_database(lambda s: sorted(s.scalars(wanted)))

    brought = ["home", "landlord", "partner", "property"]
    assert kinds("created", "council_list_import:") == brought
    undo_on_page(desk, report)
    assert kinds("deleted", "council_list_undo:") == brought


def test_what_a_list_filled_in_of_a_building_has_its_entry_both_ways(desk, in_database):
    take_in(desk, csv_list(ROW.format(room=101, rent=40000, elderly="")), "a.csv")
    row = ROW.format(room=101, rent=40000, elderly="") + ",木造"
    undo_on_page(desk, take_in(desk, csv_list(row, head=f"{HEAD},構造"), "a.csv"))
    changed = sa.select(AuditEntry.fields).where(
        AuditEntry.record_kind == "property", AuditEntry.deed == "changed"
    )
    assert in_database(lambda s: s.scalars(changed).all()) == [["structure"], ["structure"]]


def test_a_question_that_undoing_brings_back_is_weighed_against_what_is_known_by_then(
    desk, in_database
):
    """A home that was let by telephone, so that the other sender's lists are only asked about. It
    said 42,000 yen and then 43,000; that is taken back when somebody has written 42,000 down.
    """

    def row(rent):
        return csv_list(ROW.format(room=101, rent=rent, elderly=""))

    from_sender(desk, row(40000), "a.csv", "試験協議会")
    home_id = in_database(lambda s: s.scalar(sa.select(Home.id)))
    desk.submit(desk.get(f"/homes/{home_id}"), action="/confirm", button="もうない")
    from_sender(desk, row(42000), "b.csv", "見本不動産")
    report = from_sender(desk, row(43000), "b.csv", "見本不動産")
    desk.submit(desk.get(f"/homes/{home_id}/edit"), {"rent": "42000"}, action="/edit")
    undo_on_page(desk, report)
    said = sa.select(HomeStatement.value, HomeStatement.question).where(
        HomeStatement.current, HomeStatement.field == "rent"
    )
    found = in_database(lambda s: {tuple(row) for row in s.execute(said)})
    assert found == {(40000, QuestionState.OPEN), (42000, QuestionState.NONE)}


def test_two_who_undo_at_once_do_it_once(desk, app, user, in_database):
    take_in(desk, csv_list(ROW.format(room=101, rent=40000, elderly="")), "a.csv")
    import_id = in_database(lambda s: s.scalar(sa.select(CouncilListImport.id)))
    start, done = threading.Barrier(2), []

    def run():
        with app.app_context(), separate_session(write=True) as session:
            start.wait()
            plan = undo.undo_import(session, import_id=import_id, user_id=user.id)
            done.append(plan is not None)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, True]


def test_a_list_that_is_being_taken_in_cannot_be_undone(desk, app, user, in_database, monkeypatch):
    monkeypatch.setitem(app.config, "IMPORT_AT_ONCE", 0)
    take_in(desk, csv_list(ROW.format(room=101, rent=40000, elderly="")), "a.csv")
    kept = in_database(lambda s: s.scalar(sa.select(CouncilListImport)))
    assert kept.state is ImportState.TAKING_IN
    with app.app_context(), separate_session(write=True) as session, pytest.raises(ConflictError):
        undo.undo_import(session, import_id=kept.id, user_id=user.id)


def test_the_api_undoes_a_list_and_tells_what_stayed(desk, app, user):
    report = take_in(desk, csv_list(ROW.format(room=101, rent=40000, elderly="")), "a.csv")
    number = report.url.rpartition("/")[2]
    answer = app.test_client().post(
        f"/api/v1/imports/council-lists/{number}/undo",
        headers={"Authorization": f"Bearer {user.token}", "Idempotency-Key": "undo-a-list"},
    )
    assert answer.status_code == 200, answer.json
    assert (answer.json["state"], answer.json["removed"], answer.json["kept"]) == ("undone", 1, 0)


def test_a_home_corrected_between_the_look_and_its_going_stays(
    desk, app, user, in_database, monkeypatch
):
    """The correction waits for the undoing or the undoing sees it; it is never swallowed."""
    report = take_in(desk, csv_list(ROW.format(room=101, rent=40000, elderly="")), "a.csv")
    import_id = int(report.url.rpartition("/")[2])
    looked, corrected, said = threading.Event(), threading.Event(), []
    plan = undo.plan_undo

    def slow_plan(session, kept):
        found = plan(session, kept)
        looked.set()
        corrected.wait(timeout=1)  # it cannot come through while the homes are held still
        return found

    def correct():
        with app.app_context(), separate_session(write=True) as session:
            looked.wait(timeout=5)
            changed = session.execute(sa.update(Home).values(rent=39000, version=Home.version + 1))
            said.append(changed.rowcount)
        corrected.set()

    monkeypatch.setattr(undo, "plan_undo", slow_plan)
    if app.config["SQLALCHEMY_ENGINES"]["default"]["url"].get_backend_name() == "sqlite":
        looked.set()  # one writer at a time: whoever is first is first
    other = threading.Thread(target=correct)
    other.start()
    with app.app_context(), separate_session(write=True) as session:
        undo.undo_import(session, import_id=import_id, user_id=user.id)
    other.join()
    homes = in_database(lambda s: s.scalars(sa.select(Home.rent)).all())
    assert homes == ([39000] if said == [1] else [])
