"""Years of consultations with everything attached, written in bulk, to count statements and time.

What hangs on a case: its people, consents, team and log; assessment, plan and closing; needs and
runs of the machine; hold, way and steps to the keys; watch, concerns and how it ended; food with
its stock; goods kept and delivered; the sheet it came with.
"""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.assessments.codes import AssessmentState
from app.cases.assessments.models import Assessment, AssessmentIssue, Issue
from app.cases.closing.models import Closing
from app.cases.consents.models import Consent, ConsentMethod
from app.cases.models import Case, Member, Outcome, Route, Stage
from app.cases.needs.models import FoodProfile, HousingNeed, RentBasis
from app.cases.plans.catalogue import SHIPPED
from app.cases.plans.codes import After, Decision, PlanState, Progress, Reached
from app.cases.plans.models import (
    Plan,
    PlanDecision,
    PlanEvaluation,
    PlanMonitoring,
    PlanService,
)
from app.cases.work.models import LogEntry, LogMethod, TeamMember
from app.followup.codes import AttemptResult, CheckInState
from app.followup.ladder.codes import ConcernKind, StepResult
from app.followup.ladder.codes import StepKind as LadderStep
from app.followup.ladder.models import Concern, ConcernStep
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.settling.codes import DecisionKind, LeaveReason
from app.followup.settling.models import LinkIn, WatchDecision
from app.followup.templates.models import WatchTemplate
from app.foodbank.models import (
    AllergenSource,
    Balance,
    FoodItem,
    FoodRequest,
    HandOut,
    Lot,
    LotState,
    Movement,
    MovementKind,
    Parcel,
    ParcelLine,
    ParcelState,
    Pickup,
    RequestState,
    Shelf,
    Storage,
)
from app.goods.codes import GoodsDeed, GoodsKind, ItemState, MetBy, NeedState, ReservationEnd
from app.goods.models import GoodsItem, GoodsMove, GoodsNeed, GoodsReservation
from app.housing.models import Home, MatchRun, Property
from app.models import Base
from app.placements.codes import HoldEnd, PlacementState, RefusalReason, StepKind
from app.placements.models import Hold, Placement, PlacementStep
from app.policy import ConsentItem, Protection, RecipientKind
from app.referrals.codes import RecipientState, Way
from app.referrals.models import ReferralRecipient, ReferralSheet
from tests.foodbank.kit import KETTLE
from tests.reports.kit import at

DAY = timedelta(days=1)
ITEMS = 20
"""Items of the food bank; a lot of each comes in every month."""


class Years:
    """Rows of every table, gathered and then written at once. Numbers of rows follow the cases."""

    def __init__(self, session: Session, *, office: int, bank: int, user: int) -> None:
        self.session, self.office, self.bank, self.user = session, office, bank, user
        self.rows: dict[Any, list[dict[str, Any]]] = {}
        self.issues = list(session.scalars(sa.select(Issue.id).limit(40)))
        template = session.scalars(sa.select(WatchTemplate).limit(1)).one()
        self.template = {"template": template.code, "template_id": template.id}

    def add(self, model: Any, **values: Any) -> int:
        """One row more; gives its id, counted from one in each table."""
        rows = self.rows.setdefault(model, [])
        if "id" in model.__table__.c:
            values["id"] = len(rows) + 1
        if "version" in model.__table__.c:
            values["version"] = 1
        rows.append(values)
        return len(rows)

    def write(self) -> None:
        """Write what was gathered, a table after those it points at."""
        by_table = {model.__table__: rows for model, rows in self.rows.items()}
        for table in Base.metadata.sorted_tables:
            if table in by_table:
                self.session.execute(sa.insert(table), by_table[table])
        self.session.commit()

    def fill(self, *, first_year: int, years: int, a_year: int) -> None:
        """So many cases in each fiscal year, spread over its days."""
        self._shelves(first_year, years)
        for number in range(years * a_year):
            year, n = divmod(number, a_year)
            self._case(number, date(first_year + year, 4, 1) + DAY * (n * 365 // a_year))
        self.write()

    def _case(self, n: int, on: date) -> None:
        outcome = list(Outcome)[n % 8] if n % 2 else None
        case = self.add(
            Case, number=f"Y-{n:06}", organisation_id=self.office, code_name=f"もも-{n}",
            stage=Stage.CLOSED if outcome else Stage.MOVED_IN, protection=Protection.NO,
            received_on=on, received_by=self.user, route=list(Route)[n % 4],
            route_detail=f"架空課{n % 12}" if n % 4 in {1, 2} else None, name=f"架空 {n}子",
            outcome=outcome.value if outcome else None, household_size=1 + n % 4,
        )  # fmt: skip
        self._people(case, n, on)
        self._assessment(case, n, on)
        self._plan(case, n, on)
        if outcome:
            self.add(Closing, case_id=case, closed_on=on + 200 * DAY, outcome=outcome.value,
                     changes=[], open_things=[], closed_by=self.user)  # fmt: skip
        self._way(case, n, on)
        self._food(case, n, on)
        self._goods(case, on)
        sheet = self.add(
            ReferralSheet, number=f"S{n}", organisation_id=self.office, made_by=self.user,
            made_on=on, alias="もも", from_office=f"架空課{n % 12}", on_paper=on, sent_at=at(on),
            consent_method="signed", consent_on=on,
        )  # fmt: skip
        self.add(ReferralRecipient, sheet_id=sheet, organisation_id=self.office, office="窓口",
                 way=Way.WALKED, state=RecipientState.SENT)  # fmt: skip

    def _people(self, case: int, n: int, on: date) -> None:
        for k in range(1 + n % 4):
            self.add(Member, case_id=case, position=k, name=f"架空 {n}-{k}", age=20 + (n + k) % 60)
        self.add(TeamMember, case_id=case, user_id=self.user, since=on)
        for recipient in (RecipientKind.HOUSING_SUPPORT, RecipientKind.FOOD_BANK):
            self.add(Consent, case_id=case, recipient=recipient, items=[ConsentItem.HOME_NEEDS],
                     text_version="1", method=ConsentMethod.SIGNED, given_on=on,
                     recorded_by=self.user)  # fmt: skip
        for k in range(4):
            self.add(LogEntry, case_id=case, at=at(on + 14 * k * DAY), method=LogMethod.PHONE,
                     text="話を聞いた。", author_id=self.user)  # fmt: skip
        self.add(HousingNeed, case_id=case, rent_basis=RentBasis.CEILING, people=1 + n % 4)
        self.add(FoodProfile, case_id=case)

    def _goods(self, case: int, on: date) -> None:
        wanted = on + 50 * DAY
        for kind in (GoodsKind.FRIDGE, GoodsKind.FUTON):
            need = self.add(GoodsNeed, case_id=case, user_id=self.user, kind=kind,
                            created_at=at(wanted), state=NeedState.MET, met_by=MetBy.DELIVERED,
                            closed_on=on + 70 * DAY)  # fmt: skip
            item = self.add(GoodsItem, organisation_id=self.office, user_id=self.user, label="白",
                            kind=kind, state=ItemState.DELIVERED, created_at=at(on))  # fmt: skip
            kept = self.add(GoodsReservation, item_id=item, need_id=need, user_id=self.user,
                            until=on + 80 * DAY, ended_at=at(on + 70 * DAY), ended_by=self.user,
                            ended_as=ReservationEnd.DELIVERED)  # fmt: skip
            for deed, after in ((GoodsDeed.PLEDGED, ItemState.PLEDGED),
                                (GoodsDeed.DELIVERED, ItemState.DELIVERED)):  # fmt: skip
                self.add(GoodsMove, item_id=item, user_id=self.user, deed=deed, after=after,
                         on_day=wanted,
                         reservation_id=kept if deed is GoodsDeed.DELIVERED else None)  # fmt: skip

    def _assessment(self, case: int, n: int, on: date) -> None:
        done = self.add(Assessment, case_id=case, round=1, assessed_on=on + 7 * DAY,
                        state=AssessmentState.DONE, author_id=self.user)  # fmt: skip
        for k in range(4):
            issue = self.issues[(n * 3 + k) % len(self.issues)]
            self.add(AssessmentIssue, assessment_id=done, issue_id=issue)

    def _plan(self, case: int, n: int, on: date) -> None:
        made = on + 20 * DAY
        plan = self.add(Plan, case_id=case, number=1, state=PlanState.EVALUATED, long_goal="長い",
                        short_goal="短い", starts_on=made, ends_on=made + 300 * DAY,
                        made_by=self.user, created_at=at(made))  # fmt: skip
        for k in range(3):
            code = SHIPPED[(n + 5 * k) % len(SHIPPED)].code
            self.add(PlanService, plan_id=plan, position=k, service=code, name=code,
                     starts_on=made, ends_on=made)  # fmt: skip
        self.add(PlanDecision, plan_id=plan, decision=Decision.APPROVED, decided_on=made + 9 * DAY,
                 place="会議", recorded_by=self.user)  # fmt: skip
        self.add(PlanMonitoring, plan_id=plan, monitored_on=made + 60 * DAY, text="順調",
                 progress=Progress.ON_TRACK, author_id=self.user)  # fmt: skip
        self.add(PlanEvaluation, plan_id=plan, evaluated_on=made + 180 * DAY, changes=[],
                 reached=list(Reached)[n % 3], after=After.CLOSE, author_id=self.user)  # fmt: skip

    def _way(self, case: int, n: int, on: date) -> None:
        building = self.add(Property, key=f"p{n}", name="架空荘", address="相武台1",
                            prefecture="神奈川県", municipality="座間市")  # fmt: skip
        home = self.add(Home, property_id=building, organisation_id=self.office, key=f"h{n}",
                        room="1", rent=38000 + n % 9 * 1000, area=12 + n % 20)  # fmt: skip
        run = self.add(MatchRun, case_id=case, user_id=self.user, rule_version="1",
                       run_on=on + 37 * DAY, inputs={}, result={})  # fmt: skip
        self.add(Hold, home_id=home, case_id=case, user_id=self.user, ends_at=at(on + 40 * DAY),
                 match_run_id=run,
                 organisation_id=self.office, ended_at=at(on + 39 * DAY),
                 ended_as=list(HoldEnd)[n % 3])  # fmt: skip
        moved = on + (40 + n % 30) * DAY
        refused = n % 3 == 0
        reason = list(RefusalReason)[n % len(RefusalReason)]
        end = {
            "state": PlacementState.REFUSED if refused else PlacementState.MOVED_IN,
            "refusal": reason if refused else None,
            "ended_on": moved if refused else None,
            "moved_in_on": None if refused else moved,
        }
        way = self.add(Placement, home_id=home, case_id=case, organisation_id=self.office,
                       created_at=at(on + 39 * DAY), **end)  # fmt: skip
        kinds = [StepKind.VIEWING] if refused else list(StepKind)[1:]
        for kind in kinds:
            self.add(PlacementStep, placement_id=way, kind=kind, done_on=moved, user_id=self.user)
        if not refused:
            self._watch(way, n, moved)

    def _watch(self, way: int, n: int, moved: date) -> None:
        plan = self.add(WatchPlan, placement_id=way, starts_on=moved, ends_on=moved + 360 * DAY,
                        organisation_id=self.office, **self.template)  # fmt: skip
        for k in range(12):
            due = moved + (7 + 30 * k) * DAY
            check_in = self.add(CheckIn, plan_id=plan, due_on=due, planned_for=due,
                                escalate_on=due + DAY, label="見守り",
                                state=CheckInState.MET if k else CheckInState.DUE)  # fmt: skip
            self.add(Attempt, check_in_id=check_in, at=at(due), kinds=[], items=[],
                     result=list(AttemptResult)[k % 5], user_id=self.user)  # fmt: skip
        if n % 4 == 0:
            opened = moved + 8 * DAY
            concern = self.add(Concern, plan_id=plan, kind=list(ConcernKind)[n % 3], cause="a",
                               opened_at=at(opened))  # fmt: skip
            self.add(ConcernStep, concern_id=concern, position=0, kind=LadderStep.AGAIN,
                     due_at=at(opened + DAY), done_at=at(opened), done_by=self.user,
                     result=StepResult.SAFE)  # fmt: skip
        self.add(LinkIn, plan_id=plan, day=moved + 30 * DAY, partner_name="架空サロン", what="集い",
                 user_id=self.user)  # fmt: skip
        left = n % 8 == 1
        self.add(WatchDecision, plan_id=plan, user_id=self.user, day=moved + 100 * DAY,
                 kind=DecisionKind.LEFT if left else DecisionKind.SETTLED, reason="転居",
                 leave_reason=list(LeaveReason)[n % 10] if left else None)  # fmt: skip

    def _shelves(self, first_year: int, years: int) -> None:
        self.first_year = first_year
        self.add(Shelf, organisation_id=self.bank, code="A1")
        for k in range(ITEMS):
            self.add(FoodItem, organisation_id=self.bank, name=f"米{k}", name_key=f"米{k}",
                     category="主食", food_group="staple", weight_kg=0.5)  # fmt: skip
        for number in range((12 * years + 1) * ITEMS):
            year, month = divmod(number // ITEMS + 3, 12)
            on = date(first_year + year, month + 1, 1)
            lot = self.add(Lot, organisation_id=self.bank, number=f"L{number}", unit="袋",
                           item_id=1 + number % ITEMS, received_by=self.user, date_printed="",
                           storage=Storage.AMBIENT, allergen_text="", state=LotState.OFFERABLE,
                           questions=[], checks=[], received_on=on, created_at=at(on),
                           allergen_source=AllergenSource.LABEL)  # fmt: skip
            self._move(lot, MovementKind.RECEIPT, 9999, on)
            self.add(Balance, lot_id=lot, shelf_id=1, quantity=99)

    def _move(
        self, lot: int, kind: MovementKind, quantity: int, on: date, parcel: int | None = None
    ) -> None:
        key = f"m{len(self.rows.get(Movement, ()))}"
        self.add(Movement, key=key, lot_id=lot, shelf_id=1, kind=kind, quantity=quantity,
                 user_id=self.user, created_at=at(on), parcel_id=parcel)  # fmt: skip

    def _food(self, case: int, n: int, on: date) -> None:
        asked = self.add(
            FoodRequest, number=f"R{n}", case_id=case, code_name="もも", days=3, household=KETTLE,
            organisation_id=self.bank, requested_by=self.user, needed_on=on,
            pickup=Pickup.COUNTER, state=RequestState.HANDED_OUT,
        )  # fmt: skip
        parcel = self.add(Parcel, number=f"P{n}", request_id=asked, packed_by=self.user,
                          state=ParcelState.HANDED_OUT, rule_version="1", weight_kg=4,
                          days_covered={"staple": 2.5, "protein": 3})  # fmt: skip
        month = 12 * (on.year - self.first_year) + on.month - 4
        for k in range(8):
            lot = 1 + ITEMS * month + (n + k) % ITEMS
            self.add(ParcelLine, parcel_id=parcel, position=k, lot_id=lot, shelf_id=1,
                     quantity=1, reason="")  # fmt: skip
            self._move(lot, MovementKind.PACKED, -1, on, parcel)
        self.add(HandOut, parcel_id=parcel, at=at(on), user_id=self.user, left_out=[])
