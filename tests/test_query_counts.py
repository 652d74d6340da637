"""Pages ask the database as often for many households as for few."""

from datetime import time, timedelta

import pytest

from app.cases.models import Case
from app.cases.plans import services as plans
from app.cases.welfare.models import WelfareStatus
from app.cases.welfare.services import record_standing
from app.cases.work.models import LogMethod
from app.cases.work.services import write_log
from app.db import now, today
from app.foodbank.kits import services as kits
from app.foodbank.models import Lot, Pickup
from app.foodbank.requests import services as requests
from app.goods.codes import GoodsKind, NeedState
from app.goods.deeds.reserving import reserve
from app.goods.items.services import pledge
from app.goods.models import GoodsNeed
from app.goods.needs.services import take_usual
from app.housing.models import Home
from app.keyday import services as key_days
from app.leads import importing
from app.leads.schemas import UploadSchema
from app.meetings import services as meetings
from app.meetings.codes import ItemBasis, LegalBasis, MeetingKind
from app.meetings.models import Meeting
from app.placements import services, steps
from app.placements.codes import StepKind
from app.policy import ConsentItem, OrganisationKind, RecipientKind, Role
from tests.cases.plan_kit import values as plan_values
from tests.foodbank.kit import Bank
from tests.goods.kit import THING
from tests.housing.makers import a_home

STEPS = (
    StepKind.APPLICATION, StepKind.LANDLORD, StepKind.CONTRACT, StepKind.KEYS, StepKind.MOVE_IN,
)  # fmt: skip
MOST = 54  # of which the first page of a desk and the page of a case with everything take 51
MEETING = {"kind": MeetingKind.AD_HOC, "legal_bases": [LegalBasis.COORDINATION],
           "held_on": today(), "starts_at": time(13), "minutes": 60}  # fmt: skip


class Town:
    """A desk and a food bank, and households that have come all the way to a home."""

    def __init__(self, make, in_database):
        self.make, self.in_database = make, in_database
        bank = make.organisation(OrganisationKind.FOOD_BANK)
        self.desk = make.user(Role.CONSULTANT, Role.FOLLOWUP)
        self.bank = make.user(Role.FOODBANK, organisation=bank)

    def household(self):
        """One more: it asked for food, moved ten days ago and has visits that are due."""
        case = self.make.case(self.desk, leave_by=today() + timedelta(days=3), household_size=1)
        home = a_home(self.make, self.desk)
        self.make.consent(case, RecipientKind.FOOD_BANK, ConsentItem.FOOD_NEEDS)
        self.in_database(lambda session: self._go_all_the_way(session, case.id, home.id))
        return case

    def _go_all_the_way(self, session, case_id, home_id):
        case, home = session.get_one(Case, case_id), session.get_one(Home, home_id)
        who = {"user_id": self.desk.id, "organisation_id": self.desk.organisation_id}
        requests.request_for_case(
            session,
            case=case,
            organisation_id=self.bank.organisation_id,
            days=1,
            needed_on=today(),
            pickup=Pickup.COUNTER,
            place="",
            remark="",
            user_id=self.desk.id,
            today=today(),
        )
        self._plan_and_meet(session, case)
        hold = services.place_hold(session, home=home, case=case, at=now(), **who)
        placement = steps.start_placement(session, hold=hold, at=now(), **who)
        for kind in STEPS:
            steps.record_step(
                session,
                placement=placement,
                kind=kind,
                done_on=today() - timedelta(days=10),
                user_id=self.desk.id,
                today=today(),
            )
        session.add(GoodsNeed(case_id=case.id, user_id=self.desk.id, kind=GoodsKind.FRIDGE,
                              state=NeedState.OPEN))  # fmt: skip
        key_days.make_plan(session, placement=placement, user_id=self.desk.id, today=today())
        self._goods(session, case)

    def _goods(self, session, case):
        """What is usually needed, and a thing kept for one of the needs."""
        who = {"user_id": self.desk.id, "today": today()}
        needs = take_usual(session, case=case, lines=(), **who)
        thing = THING | {"kind": needs[0].kind, "label": str(case.id)}
        item = pledge(session, values=thing, shelf="A", again=True,
                      organisation_id=self.desk.organisation_id, **who)  # fmt: skip
        reserve(session, item=item, need=needs[0], until=None, **who)

    def _plan_and_meet(self, session, case):
        """A plan before the one meeting, a log with a task, 生活保護 asked about."""
        who = {"user_id": self.desk.id}
        plan = plans.make_plan(session, case=case, values=plan_values(), today=today(), **who)
        plans.submit_plan(session, plan=plan, version=plan.version, today=today(), **who)
        write_log(session, case=case, at=now(), now=now(), method=LogMethod.PHONE, text="x",
                  next_step="y", next_on=today(), attendees=[self.desk.id], **who)  # fmt: skip
        record_standing(session, case=case, status=WelfareStatus.APPLYING, since=today(),
                        office="", note_="", today=today(), **who)  # fmt: skip
        meeting = session.get(Meeting, 1) or meetings.make_meeting(
            session, organisation_id=self.desk.organisation_id, values=MEETING, **who
        )
        meetings.add_item(session, meeting=meeting, case=case, basis=ItemBasis.COORDINATION,
                          subject="", minutes=5, today=today(), **who)  # fmt: skip


@pytest.fixture
def town(make, in_database):
    return Town(make, in_database)


@pytest.mark.parametrize(
    ("who", "url"),
    [
        ("desk", "/"),
        ("desk", "/cases/1"),
        ("desk", "/visits"),
        ("desk", "/visits/day?whose=all"),
        ("desk", "/visits/moves/new"),
        ("desk", "/visits/plans"),
        ("desk", "/visits/kept"),
        ("desk", "/visits/late"),
        ("desk", "/visits/plans/1"),
        ("desk", "/visits/ledger"),
        ("desk", "/placements"),
        ("desk", "/key-days"),
        ("desk", "/goods/proposals"),
        ("desk", "/goods"),
        ("desk", "/cases/1/goods"),
        ("desk", "/goods/wishes"),
        ("desk", "/batches"),
        ("desk", "/meetings"),
        ("desk", "/meetings/1"),
        ("desk", "/cases/1/log"),
        ("desk", "/cases/1/plans/1"),
        ("bank", "/"),
        ("bank", "/food"),
        ("bank", "/food/requests"),
        ("bank", "/food/rounds"),
        ("bank", "/food/parcels"),
    ],
)
def test_a_page_takes_as_many_statements_for_six_households_as_for_two(
    town, browser_of, count_queries, who, url
):
    browser = browser_of(getattr(town, who))
    counts = []
    for more in (2, 4):
        for _ in range(more):
            town.household()
        browser.get(url)
        count_queries()
        browser.get(url)
        counts.append(count_queries())
    assert counts[1] <= counts[0] <= MOST, counts


@pytest.mark.parametrize("url", ["/leads", "/leads/lists", "/leads/lists/1", "/leads/imports/1",
                                 "/leads.csv?tab=all", "/api/v1/lead-lists/1/leads"])  # fmt: skip
def test_lists_to_call_take_as_many_statements_for_many_people_as_for_few(
    make, in_database, browser_of, count_queries, url
):
    desk = make.user(Role.CONSULTANT)
    browser, headers = browser_of(desk), {"Authorization": f"Bearer {desk.token}"}
    counts = []
    for more in (3, 9):
        in_database(lambda session, n=more: _list_to_call(session, desk, n))
        for _ in range(2):
            count_queries()
            assert browser.raw.get(url, headers=headers).status_code == 200
        counts.append(count_queries())
    assert counts[1] <= counts[0] <= MOST, counts


FOOD_PAGES = ("/food/recalls", "/food/recalls/3", "/food/recalls/3/lots", "/food/lots/1/trace",
              "/food/sorting", "/food/evidence", "/")  # fmt: skip


def test_a_recall_takes_as_many_statements_for_many_households_as_for_few(
    make, in_database, app, browser_of, count_queries
):
    bank = Bank(make, in_database, app, make.user(Role.FOODBANK))
    browser, lots = browser_of(bank.user), []
    counts: dict[str, list[int]] = {url: [] for url in FOOD_PAGES}
    for more in (2, 5):
        lots.append(bank.lot("アルファ米 白飯 100g", 90, allergens="なし"))
        lines = {"lines": [{"lot_id": lots[-1], "shelf_id": 1, "quantity": 1}]}
        for _ in range(more):
            packed = bank.api("POST", f"/food-requests/{bank.request()}/parcels", json=lines)
            bank.api("POST", f"/parcels/{packed.json['id']}/hand-outs", json={})
            bank.api("POST", "/recalls", json={"lot_ids": lots, "practice": True})
        asked = {"lot_ids": lots, "danger": "x", "advice": "y"}
        bank.api("POST", "/recalls", json={"lot_ids": lots})
        assert bank.api("POST", "/recalls/3/lots", json=asked).status_code == 200
        for url, seen in counts.items():
            for _ in range(2):
                count_queries()
                assert browser.raw.get(url).status_code == 200
            seen.append(count_queries())
    assert all(seen[1] <= seen[0] <= MOST for seen in counts.values()), counts


def _list_to_call(session, desk, people):
    """A list of some people, named after how many they are."""
    rows = [f"{people}-{n},試験 {n},0462-55-{n:04}" for n in range(people)]
    values = {"name": f"{people}人", "delete_on": str(today() + timedelta(days=9))}
    kept = importing.keep_file(
        session, content="\n".join(("貸付番号,氏名,電話番号", *rows)).encode(), file_name="a.csv",
        values=UploadSchema().load(values), organisation_id=desk.organisation_id,
        user_id=desk.id, today=today(),
    )  # fmt: skip
    importing.take_in(session, kept=kept, user_id=desk.id, today=today(), at=now())


STOCK_PAGES = ("/food/shelves", "/food/shelves/1", "/food/kits", "/food/kits/new", "/food/low",
               "/food/expiring", "/food/stocktakes", "/food/stocktakes/1",
               "/food/stocktakes/1/shelves/1", "/food/donors", "/food/donors/1", "/food/drives",
               "/food/donors/1/thanks", "/food/wishes", "/food/figures")  # fmt: skip


def test_pages_of_the_stock_take_as_many_statements_for_many_lots_as_for_few(
    make, in_database, app, browser_of, count_queries
):
    bank = Bank(make, in_database, app, make.user(Role.FOODBANK))
    browser = browser_of(bank.user)
    bank.lot(shelf="A1")
    browser.submit(browser.get("/food/shelves/1"), action="/food/stocktakes")
    counts = {url: [] for url in STOCK_PAGES}
    for more in (2, 4):
        for n in range(more):
            day = today() + timedelta(days=n)
            lot = bank.lot(f"缶 {more}-{n}", shelf="A1", last_day=day, donor=f"架空 {more}-{n}")
            in_database(lambda s, lot=lot: _watched_kit(s, bank.user, lot))
            bank.request()
        for url in STOCK_PAGES:
            browser.get(url)
            count_queries()
            browser.get(url)
            counts[url].append(count_queries())
    assert all(many <= few <= MOST for few, many in counts.values()), counts


def _watched_kit(session, user, lot_id):
    session.get_one(Lot, lot_id).item.low_at = 99
    kits.build(
        session, organisation_id=user.organisation_id, name=f"セット{lot_id}", kits=1, shelf="A1",
        parts=[(lot_id, 1, 1)], user_id=user.id, today=today(),
    )  # fmt: skip
    session.commit()
