"""The way from a hold to the keys: appointments ahead, steps done, and steps taken back.

A step taken back is never deleted: who, when and why stay with it, and the step can be done anew.
Whatever is done or taken back, the home's state follows.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.models import Stage
from app.cases.services import advance
from app.directory.models import PartnerKind
from app.directory.services import find_or_add_partner
from app.errors import ConflictError, InvalidError
from app.housing.codes import TEMPORARY_KINDS, HomeState
from app.placements import queries, stays
from app.placements.codes import (
    STAY_LABELS,
    STEP_LABELS,
    HoldEnd,
    PlacementState,
    StepKind,
    StepResult,
)
from app.placements.models import Hold, Placement, PlacementStep
from app.placements.services import BEFORE_CANDIDATES, end_hold, note, one_at_a_time

BEFORE_APPLICATION = (*BEFORE_CANDIDATES, Stage.CANDIDATES)

WAY = tuple(StepKind)
STAY_WAY = (
    StepKind.SHOWN,
    StepKind.APPLICATION,
    StepKind.LANDLORD,
    StepKind.KEYS,
    StepKind.MOVE_IN,
)
# Without these nobody moves in; a viewing or a screening may not have been needed.
NEEDED = (StepKind.APPLICATION, StepKind.LANDLORD, StepKind.CONTRACT, StepKind.KEYS)
STAY_NEEDED = (StepKind.LANDLORD, StepKind.KEYS)

HOME_STATES = {
    StepKind.SHOWN: HomeState.HELD,
    StepKind.VIEWING: HomeState.VIEWING,
    StepKind.APPLICATION: HomeState.APPLIED,
    StepKind.SCREENING: HomeState.APPLIED,
    StepKind.LANDLORD: HomeState.APPLIED,
    StepKind.CONTRACT: HomeState.CONTRACT,
    StepKind.COST: HomeState.CONTRACT,
    StepKind.KEYS: HomeState.CONTRACT,
    StepKind.MOVE_IN: HomeState.OCCUPIED,
}

APPOINTMENT = (
    "planned_on", "planned_time", "meeting_place", "companion", "companion_id", "partner_id",
    "note",
)  # fmt: skip
_COMPANY = ("companion", "companion_id", "partner_id")
DETAILS: Mapping[StepKind, tuple[str, ...]] = {
    StepKind.SHOWN: ("note",),
    StepKind.VIEWING: (*_COMPANY, "result", "note"),
    StepKind.APPLICATION: (*_COMPANY, "note"),
    StepKind.SCREENING: ("company", "result", "note"),
    StepKind.LANDLORD: ("answered_by", "result", "note"),
    StepKind.CONTRACT: (
        "contract_kind", "contract_from", "contract_to", "explained_on", "witness", "note",
    ),
    StepKind.COST: ("note",),
    StepKind.KEYS: (*_COMPANY, "note"),
    StepKind.MOVE_IN: (*_COMPANY, "note"),
}  # fmt: skip
"""What is told of a step of each kind beside its day."""

# Features above this one that act in the move-in's own transaction (followup plans check-ins).
MoveInListener = Callable[[Session, Placement, int], None]
move_in_listeners: list[MoveInListener] = []
# The same when a move-in recorded by mistake is taken back; one that must not be raises.
move_in_undone: list[MoveInListener] = []
# The same whenever the way's days are others, once they are: a step planned, done or taken back.
days_changed: list[MoveInListener] = []


def way_of(placement: Placement) -> tuple[StepKind, ...]:
    """The steps this placement may have, in order; a temporary stay has a shorter way."""
    return STAY_WAY if placement.temporary else WAY


def needed_of(placement: Placement) -> tuple[StepKind, ...]:
    """The steps without which nobody moves in."""
    return STAY_NEEDED if placement.temporary else NEEDED


def labels_of(placement: Placement) -> Mapping[StepKind, str]:
    """What the steps are called."""
    return STAY_LABELS if placement.temporary else STEP_LABELS


def start_placement(
    session: Session, *, hold: Hold, user_id: int, organisation_id: int, at: datetime
) -> Placement:
    """Begin the way to the keys from a hold; the home stays taken without an end time."""
    temporary = hold.home.kind in TEMPORARY_KINDS
    placement = Placement(
        home_id=hold.home_id,
        case_id=hold.case_id,
        hold_id=hold.id,
        organisation_id=organisation_id,
        temporary=temporary,
        every_step=[],
        costs=[],
    )
    end_hold(session, hold=hold, ended_as=HoldEnd.PLACED, at=at, user_id=user_id)
    session.add(placement)
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError(
            "この世帯は、すでに別の住戸の手続きが進んでいます。そちらを終わらせてから始めてください。",
            code="placement_open",
        ) from error
    if not temporary:  # whoever stays somewhere for a while still looks for a home
        advance(session, placement.case, to=Stage.APPLICATION, from_=BEFORE_APPLICATION)
    note(session, Deed.CREATED, "placement", placement.id, user_id, "home_id", "case_id")
    return placement


def next_steps(placement: Placement) -> list[StepKind]:
    """The steps that may be recorded now: later than the last one, the move-in only at the end."""
    if placement.state is not PlacementState.OPEN:
        return []
    way = way_of(placement)
    done = {step.kind for step in placement.steps}
    last = max((way.index(kind) for kind in done), default=-1)
    open_steps: list[StepKind] = [kind for kind in way[last + 1 :] if kind is not StepKind.MOVE_IN]
    if all(kind in done for kind in needed_of(placement)):
        open_steps.append(StepKind.MOVE_IN)
    return open_steps


def refused_step(placement: Placement) -> PlacementStep | None:
    """The guarantor company's or the landlord's no that stands in the way, if there is one."""
    refusing = {StepKind.SCREENING, StepKind.LANDLORD}
    said_no = [s for s in placement.steps if s.kind in refusing and s.result is StepResult.BAD]
    return said_no[-1] if said_no else None


def plan_step(
    session: Session,
    *,
    placement: Placement,
    kind: StepKind,
    values: Mapping[str, Any],
    user_id: int,
    today: date,
) -> PlacementStep:
    """Make or move the appointment of a step ahead (`values` of `APPOINTMENT`).

    Raises InvalidError for a step that is not ahead or a day that has passed.
    """
    one_at_a_time(session, placement)
    _check_ahead(placement, kind)
    if values["planned_on"] < today:
        raise InvalidError(
            "過ぎた日には予定を入れられません。",
            fields={"planned_on": ["きょうからあとの日付を入れてください。"]},
        )
    _check_people(session, placement, values)
    step = _planned(placement, kind)
    deed = Deed.CREATED if step is None else Deed.CHANGED
    if step is None:
        step = PlacementStep(kind=kind, user_id=user_id)
        placement.every_step.append(step)
    _put(step, {name: values.get(name) for name in APPOINTMENT})
    _flush(session, placement, kind)
    note(session, deed, "placement_step", step.id, user_id, "kind", "planned_on")
    _tell_days(session, placement, user_id)
    return step


def record_step(
    session: Session,
    *,
    placement: Placement,
    kind: StepKind,
    done_on: date,
    user_id: int,
    today: date,
    **details: Any,
) -> PlacementStep:
    """Record one step as done, with the details its kind has (`DETAILS`); its appointment is met.

    Raises InvalidError for a step out of order or an impossible date.
    """
    one_at_a_time(session, placement)
    _check_step(placement, kind, done_on, today)
    told = _told(session, placement, kind, details)
    step = _planned(placement, kind)
    if step is None:
        step = PlacementStep(kind=kind)
        placement.every_step.append(step)
    step.user_id = user_id
    step.done_on = done_on
    company = told.pop("company", None)
    _put(step, told)
    if company:
        step.company = find_or_add_partner(
            session, kind=PartnerKind.GUARANTOR_COMPANY, name=company, user_id=user_id
        )
    _flush(session, placement, kind)
    placement.home.state = HOME_STATES[kind]
    if kind is StepKind.MOVE_IN:
        _move_in(session, placement, done_on, user_id)
    note(session, Deed.CREATED, "placement_step", step.id, user_id, "kind", "done_on")
    _tell_days(session, placement, user_id)
    return step


def _tell_days(session: Session, placement: Placement, user_id: int) -> None:
    session.flush()  # listeners read the days back
    for listener in days_changed:
        listener(session, placement, user_id)


def _planned(placement: Placement, kind: StepKind) -> PlacementStep | None:
    return next((step for step in placement.planned if step.kind is kind), None)


def _put(step: PlacementStep, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(step, name, None if value == "" else value)


def _told(
    session: Session, placement: Placement, kind: StepKind, details: Mapping[str, Any]
) -> dict[str, Any]:
    """The details given; one that a step of this kind does not have is refused at its field."""
    told = {name: value for name, value in details.items() if value not in {None, ""}}
    strange = {name: ["この手順にはない項目です。"] for name in told if name not in DETAILS[kind]}
    if strange:
        raise InvalidError("この手順にはない項目があります。", fields=strange)
    starts, ends = told.get("contract_from"), told.get("contract_to")
    if starts is not None and ends is not None and ends < starts:
        sentence = "契約の始まりより後の日付を入れてください。"
        raise InvalidError(sentence, fields={"contract_to": [sentence]})
    _check_people(session, placement, told)
    return told


def _check_people(session: Session, placement: Placement, values: Mapping[str, Any]) -> None:
    """Only whom the form offers: a number must not bring anybody else's name onto the page."""
    offered = {
        "companion_id": queries.staff_to_go_along(session, placement),
        "partner_id": queries.partners_to_go_along(session),
    }
    for name, people in offered.items():
        chosen = values.get(name)
        if chosen is not None and chosen not in {number for number, _name in people}:
            sentence = "いまは選べない相手です。選び直してください。"
            raise InvalidError(sentence, fields={name: [sentence]})


def _flush(session: Session, placement: Placement, kind: StepKind) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        label = labels_of(placement)[kind]
        raise ConflictError(
            f"「{label}」は、すでに記録されています。画面を開き直してください。"
        ) from error


def _check_ahead(placement: Placement, kind: StepKind) -> None:
    ahead = set(next_steps(placement))
    if placement.state is PlacementState.OPEN:
        ahead.add(StepKind.MOVE_IN)  # the day of the move is agreed on long before the keys
    if kind not in ahead:
        sentence = f"「{STEP_LABELS[kind]}」は、いま予定できる手順ではありません。"
        raise InvalidError(sentence, fields={"kind": [sentence]})


def _check_step(placement: Placement, kind: StepKind, done_on: date, today: date) -> None:
    labels = labels_of(placement)
    if kind not in next_steps(placement):
        done = {s.kind for s in placement.steps}
        words = "、".join(labels[k] for k in needed_of(placement) if k not in done)
        sentence = (
            f"入居の前に、{words}を記録してください。"
            if kind is StepKind.MOVE_IN and words
            else f"「{labels[kind]}」は、いま記録できる手順ではありません。"
        )
        raise InvalidError(sentence, fields={"kind": [sentence]})
    said_no = refused_step(placement)
    if said_no is not None:
        label = labels[said_no.kind]
        sentence = (
            f"「{label}」で断られています。やり直すときは、その手順を戻してから記録してください。"
        )
        raise InvalidError(sentence, fields={"kind": [sentence]})
    if done_on > today:
        raise InvalidError(
            "まだ来ていない日は記録できません。",
            fields={"done_on": ["きょうまでの日付を入れてください。"]},
        )
    last = max((s.done_on for s in placement.steps if s.done_on is not None), default=None)
    if last is not None and done_on < last:
        raise InvalidError(
            "前の手順より前の日付です。",
            fields={"done_on": [f"{last.month}月{last.day}日以降の日付を入れてください。"]},
        )


def _move_in(session: Session, placement: Placement, day: date, user_id: int) -> None:
    placement.state = PlacementState.MOVED_IN
    placement.moved_in_on = day
    if placement.temporary:
        placement.stay_until = stays.usual_end(placement.home.kind, day)
        return
    advance(session, placement.case, to=Stage.MOVED_IN, from_=(Stage.APPLICATION,))
    session.flush()  # listeners read the placement back
    for listener in move_in_listeners:
        listener(session, placement, user_id)


def _undo_move_in(session: Session, placement: Placement, user_id: int) -> None:
    """What the move-in set going stops. Raises ConflictError where something came of it already."""
    for listener in move_in_undone:
        listener(session, placement, user_id)
    if stays.extended(session, placement):
        raise ConflictError("滞在を延ばした記録があるため、入居は取り消せません。")
    placement.state, placement.moved_in_on, placement.stay_until = PlacementState.OPEN, None, None
    advance(session, placement.case, to=Stage.APPLICATION, from_=(Stage.MOVED_IN,))


def from_here(placement: Placement, step: PlacementStep) -> list[PlacementStep]:
    """A step done and every later one done after it: what goes back with it."""
    way = way_of(placement)
    return [s for s in placement.steps if way.index(s.kind) >= way.index(step.kind)]


def return_step(
    session: Session,
    *,
    placement: Placement,
    step_id: int,
    why: str,
    user_id: int,
    at: datetime,
) -> list[PlacementStep]:
    """Take back a step and every later one done after it; an appointment is taken back alone.

    After the move-in only the move-in itself goes back, as long as nobody has looked in and a stay
    was not extended: until then it may have been a slip.

    Raises InvalidError for another step of an ended way, ConflictError for a step already back.
    """
    one_at_a_time(session, placement)
    step = next((s for s in placement.every_step if s.id == step_id), None)
    if step is None or step.returned_at is not None:
        raise ConflictError("この手順は、すでに戻されています。画面を開き直してください。")
    if placement.state is PlacementState.MOVED_IN and step.kind is StepKind.MOVE_IN:
        _undo_move_in(session, placement, user_id)
    elif placement.state is not PlacementState.OPEN:
        raise InvalidError("入居したあと、または終わった手続きの手順は戻せません。")
    back = [step] if step.done_on is None else from_here(placement, step)
    for one in back:
        one.returned_at, one.returned_by, one.returned_why = at, user_id, why
        note(session, Deed.CHANGED, "placement_step", one.id, user_id, "returned_at")
    left = placement.steps
    placement.home.state = HOME_STATES[left[-1].kind] if left else HomeState.HELD
    session.flush()  # the same kind of step may be recorded anew in this transaction
    _tell_days(session, placement, user_id)
    return back
