"""Reading plans. All of it needs the household's place, as home and keys are in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from app.cases.models import Case
from app.cases.queries import access_to, visible_cases
from app.errors import NotFoundError
from app.keyday.codes import APPLIES_TIERS, Doer, TaskState
from app.keyday.days import Bases, day_of
from app.keyday.models import KeyDayPlan, KeyDayTask, KeyDayTemplate
from app.placements.codes import PlacementState, StepKind
from app.placements.models import Placement
from app.placements.queries import get_placement
from app.policy import Access, Role, Tier, Viewer

NO_PLAN = "この手続きの「鍵の日の段取り」は、まだ作られていません。入居のページから作ってください。"
NO_TASK = "このすることは見つからないか、あなたの役割では開けません。"
RUNNING = (PlacementState.OPEN, PlacementState.MOVED_IN)
# Without one of these nobody knows yet whether there will be keys.
READY = frozenset({StepKind.CONTRACT, StepKind.KEYS, StepKind.MOVE_IN})


def bases_of(placement: Placement) -> Bases:
    """The days of keys and move-in: done, or else agreed upon; steps taken back do not count."""
    valid = {s.kind: s.done_on or s.planned_on for s in placement.every_step if not s.returned_at}
    move_in = placement.moved_in_on or valid.get(StepKind.MOVE_IN)
    return Bases(keys=valid.get(StepKind.KEYS), move_in=move_in)


def is_ready(placement: Placement) -> bool:
    """Whether a plan may be made: a contract is recorded, or keys or move-in have a day."""
    if placement.state not in RUNNING:
        return False
    return any(
        step.kind in READY and (step.kind is not StepKind.CONTRACT or step.done_on is not None)
        for step in placement.every_step
        if step.returned_at is None
    )


def plan_of(session: Session, placement_id: int) -> KeyDayPlan | None:
    """The plan of a placement; the caller has checked that the viewer may see the placement."""
    return session.scalar(
        sa.select(KeyDayPlan)
        .where(KeyDayPlan.placement_id == placement_id)
        .options(selectinload(KeyDayPlan.tasks))
    )


def get_plan(session: Session, placement_id: int, viewer: Viewer, *, today: date) -> KeyDayPlan:
    """The plan of a placement whose household's place the viewer may know."""
    get_placement(session, placement_id, viewer, today=today)
    plan = plan_of(session, placement_id)
    if plan is None:
        raise NotFoundError(NO_PLAN)
    return plan


def get_task(
    session: Session, placement_id: int, task_id: int, viewer: Viewer, *, today: date
) -> KeyDayTask:
    """One task of a plan, if the viewer may know why it stands there."""
    plan = get_plan(session, placement_id, viewer, today=today)
    access = access_to(plan.placement.case, viewer, today=today)
    found = next((task for task in plan.tasks if task.id == task_id), None)
    if found is None or not sees_task(found, access):
        raise NotFoundError(NO_TASK)
    return found


def sees_task(task: KeyDayTask, access: Access) -> bool:
    """A task that is there because of assistance, nationality or care is told as deep as that."""
    return access.sees(Tier.PLACE) and access.sees(APPLIES_TIERS.get(task.applies, Tier.PLACE))


def tasks_for(plan: KeyDayPlan, access: Access) -> list[KeyDayTask]:
    """The tasks one viewer may know of; everything shown, counted or printed starts here."""
    return [task for task in plan.tasks if sees_task(task, access)]


def of_case(session: Session, case_id: int) -> list[tuple[Placement, KeyDayPlan | None]]:
    """A case's placements under way with their plans, the newest first; see `plan_of`."""
    rows = session.execute(
        sa.select(Placement, KeyDayPlan)
        .outerjoin(KeyDayPlan, KeyDayPlan.placement_id == Placement.id)
        .where(Placement.case_id == case_id, Placement.state.in_(RUNNING))
        .options(selectinload(KeyDayPlan.tasks))
        .order_by(Placement.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True)
class Running:
    """A plan that is being worked on, as one viewer sees it."""

    plan: KeyDayPlan
    access: Access
    bases: Bases
    tasks: Sequence[KeyDayTask]

    @property
    def open_tasks(self) -> list[tuple[date | None, KeyDayTask]]:
        """What is still to be done with its day, the earliest first, without a day last."""
        dated = [(day_of(t, self.bases), t) for t in self.tasks if t.state is TaskState.OPEN]
        return sorted(dated, key=_soonest)

    @property
    def done(self) -> int:
        """How many are no longer open."""
        return sum(task.state is not TaskState.OPEN for task in self.tasks)


def _soonest(one: tuple[date | None, KeyDayTask]) -> tuple[bool, date, int, int]:
    on, task = one
    return on is None, on or date.min, task.offset_days, task.position


def running_plans(
    session: Session, viewer: Viewer, *, today: date, homes: bool = True
) -> list[Running]:
    """Plans with something left to do, by key date, of households whose place may be known.

    Without `homes` they are not read beforehand, for whoever does not name them.
    """
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    something_left = sa.exists().where(
        KeyDayTask.plan_id == KeyDayPlan.id, KeyDayTask.state == TaskState.OPEN
    )
    plans = session.scalars(
        sa.select(KeyDayPlan)
        .join(KeyDayPlan.placement)
        .where(Placement.state.in_(RUNNING), Placement.case_id.in_(visible), something_left)
        .options(
            selectinload(KeyDayPlan.tasks),
            joinedload(KeyDayPlan.placement).options(
                joinedload(Placement.home) if homes else lazyload(Placement.home),
                joinedload(Placement.case),
            ),
        )
    ).unique()
    found = [one for plan in plans if (one := _running(plan, viewer, today)) is not None]
    return sorted(found, key=_by_key_date)


def _running(plan: KeyDayPlan, viewer: Viewer, today: date) -> Running | None:
    access = access_to(plan.placement.case, viewer, today=today)
    tasks = tasks_for(plan, access)
    if not any(task.state is TaskState.OPEN for task in tasks):
        return None
    return Running(plan, access, bases_of(plan.placement), tasks)


def _by_key_date(one: Running) -> tuple[bool, date, int]:
    on = one.bases.keys or one.bases.move_in
    return on is None, on or date.min, one.plan.id


def is_for(viewer: Viewer, task: KeyDayTask, placement: Placement) -> bool:
    """Whether a task waits for this person or for their organisation.

    What the household, the welfare office, the food bank or a partner does is looked after by the
    consultants of the case; what landlord and agent do, by whoever steers the placement.
    """
    if task.doer is Doer.COLLEAGUE:
        return task.colleague_id == viewer.user_id
    if task.doer is Doer.FOLLOWUP:
        return Role.FOLLOWUP in viewer.roles()
    if task.doer in {Doer.HOUSING, Doer.LANDLORD}:
        steering = viewer.organisations(Role.HOUSING, Role.CONSULTANT)
        return placement.organisation_id in steering
    return placement.case.organisation_id in viewer.organisations(Role.CONSULTANT)


def template_of(session: Session, organisation_id: int) -> KeyDayTemplate | None:
    """An organisation's own template, if it has changed the shipped one."""
    return session.scalar(
        sa.select(KeyDayTemplate).where(KeyDayTemplate.organisation_id == organisation_id)
    )
