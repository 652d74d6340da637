"""A hand-out line by line: what stays goes back to its shelf, or is thrown away if not fit.

A line handed over in part stands in the parcel with what was handed over; what was packed is in the
ledger. So whoever asks what a household has – recalls, traces, returns – is told what it took.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.errors import ConflictError, InvalidError
from app.foodbank.models import HandOut, MovementKind, Parcel, ParcelLine
from app.foodbank.moving.schemas import CONDITION_LABELS, Condition
from app.foodbank.parcels.handing_out import ALL_STAYS, hand_out
from app.foodbank.portions.queries import stayed_key, thrown_key
from app.foodbank.portions.schemas import WHY_FEWER_LABELS, WhyFewer
from app.foodbank.proposals import covered
from app.foodbank.stock import move


@dataclass(frozen=True)
class Portion:
    """So many of a line were handed over; why not all, and how the rest looks."""

    line_id: int
    given: int
    why: WhyFewer | None
    condition: Condition


def hand_out_portions(
    session: Session,
    *,
    parcel: Parcel,
    portions: Sequence[Portion],
    allergen_sheet: bool,
    condition_seen: bool,
    remark: str,
    user_id: int,
    at: datetime,
    today: date,
) -> HandOut:
    """Record a hand-out with fewer or none of some lines; all or nothing.

    Raises InvalidError at the line's field, and whatever `hand_out` raises: what must not be
    handed over has to stay wholly.
    """
    fewer = _fewer(parcel, portions)
    made = hand_out(
        session,
        parcel=parcel,
        left_out=[line.id for line, one in fewer if not one.given],
        why_left={line.id: _words(one) for line, one in fewer},
        allergen_sheet=allergen_sheet,
        condition_seen=condition_seen,
        remark=remark,
        user_id=user_id,
        at=at,
        today=today,
    )
    if made.again:
        raise ConflictError(
            "この箱は、すでにお渡し済みとして記録されています。箱の画面で記録を確かめてください。",
            code="already_handed_out",
        )
    for line, one in fewer:
        _stays(session, parcel, line, one, user_id)
    left = set(made.hand_out.left_out)
    given = [(line.lot, line.quantity) for line in parcel.lines if line.id not in left]
    parcel.days_covered = covered(parcel.request, given, today=today).stored
    session.flush()  # a stale version is noticed here
    return made.hand_out


def _fewer(parcel: Parcel, portions: Sequence[Portion]) -> list[tuple[ParcelLine, Portion]]:
    """The lines of which something stays, each checked."""
    lines = {line.id: line for line in parcel.lines}
    found, errors = [], {}
    for number, one in enumerate(portions):
        line = lines.pop(one.line_id, None)
        if line is None:
            raise InvalidError("この箱にない品が選ばれています。画面を開き直してください。")
        if one.given > line.quantity:
            errors[f"lines-{number}-given"] = [f"詰めたのは{line.quantity}です。"]
        elif one.given < line.quantity and one.why is None:
            errors[f"lines-{number}-why"] = ["減らしたわけを選んでください。"]
        elif one.why is WhyFewer.DAMAGED and one.condition is Condition.GOOD:
            errors[f"lines-{number}-condition"] = ["傷んでいた物のようすを選んでください。"]
        elif one.given < line.quantity:
            found.append((line, one))
    if errors:
        raise InvalidError("入力内容を確かめてください。", fields=errors)
    if not lines and not any(one.given for one in portions):
        raise InvalidError(ALL_STAYS)
    return found


def _words(one: Portion) -> str:
    return "　".join((WHY_FEWER_LABELS[one.why or WhyFewer.OTHER], CONDITION_LABELS[one.condition]))


def _stays(session: Session, parcel: Parcel, line: ParcelLine, one: Portion, user_id: int) -> None:
    """Book what stays: back onto the shelf, and out again where it may not be handed out."""
    stayed = line.quantity - one.given
    words = _words(one)
    if one.given:  # a line left out wholly was put back by the hand-out itself
        move(
            session,
            lot_id=line.lot_id,
            shelf_id=line.shelf_id,
            quantity=stayed,
            kind=MovementKind.UNPACKED,
            key=stayed_key(parcel.id, line.position),
            user_id=user_id,
            parcel_id=parcel.id,
            reason=words,
        )
        line.quantity = one.given
    if one.condition is not Condition.GOOD:
        move(
            session,
            lot_id=line.lot_id,
            shelf_id=line.shelf_id,
            quantity=-stayed,
            kind=MovementKind.DISPOSAL,
            key=thrown_key(parcel.id, line.position),
            user_id=user_id,
            reason=words,
        )
