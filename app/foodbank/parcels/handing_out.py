"""お渡し: a parcel reaches somebody, once, whatever button is pressed on whichever phone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.errors import ConflictError, InvalidError
from app.foodbank.models import HandOut, Parcel, ParcelLine, ParcelState, RequestState
from app.foodbank.parcels.packing import blocked_lines, leave_packed, put_back
from app.foodbank.proposals import covered
from app.foodbank.stock import lock_lots, note
from app.foodbank.tracing.codes import Condition

ALL_STAYS = "すべてを残すときは、お渡しではなく「箱を取り消す」を使ってください。"


@dataclass(frozen=True)
class HandOutResult:
    """The one hand-out of a parcel; `again` when it had been recorded before."""

    hand_out: HandOut
    again: bool


def hand_out(
    session: Session,
    *,
    parcel: Parcel,
    left_out: Collection[int],
    allergen_sheet: bool,
    remark: str,
    user_id: int,
    at: datetime,
    today: date,
    already_given: bool = False,
    condition_seen: bool = False,
    why_left: Mapping[int, str] | None = None,
) -> HandOutResult:
    """Record that a parcel was handed over, all of it but the lines in `left_out` (line ids).

    `condition_seen` says that the packs handed over were looked at and good; `why_left` why a line
    (by its id) stays.
    What is left out goes back to its shelf. A second recording that says the same answers with
    the first; one that says otherwise is a ConflictError (code `already_handed_out`), as are
    a parcel that was cancelled (`cancelled`) and lines that must not be handed over and are not
    left out (`unsafe`) – unless the food is `already_given`: then the books follow what happened.
    """
    lines = _left(parcel, left_out)
    before = _recorded(session, parcel)
    if before is None:
        lock_lots(session, [line.lot_id for line in parcel.lines])
        if not already_given:
            _check_safe(parcel, left_out, today)
        if leave_packed(session, parcel, ParcelState.HANDED_OUT):
            if condition_seen:
                _note_condition(parcel, lines)
            made = _record(
                session,
                parcel,
                lines,
                allergen_sheet=allergen_sheet,
                remark=remark,
                user_id=user_id,
                at=at,
                today=today,
                why_left=why_left or {},
            )
            return HandOutResult(made, again=False)
        before = _recorded(session, parcel)
    if before is None:
        raise ConflictError(
            "この箱は取り消されています。渡さずに、箱詰めからやり直してください。", code="cancelled"
        )
    if set(before.left_out) != {line.id for line in lines}:
        raise ConflictError(
            "この箱は、すでにお渡し済みとして記録されています（残した物が違います）。"
            "箱の画面で記録を確かめてください。",
            code="already_handed_out",
        )
    return HandOutResult(before, again=True)


def _note_condition(parcel: Parcel, left: Sequence[ParcelLine]) -> None:
    for line in parcel.lines:
        if line not in left:
            line.condition_seen = Condition.GOOD


def _left(parcel: Parcel, left_out: Collection[int]) -> list[ParcelLine]:
    known = {line.id for line in parcel.lines}
    if not set(left_out) <= known:
        raise InvalidError("この箱にない品が選ばれています。画面を開き直してください。")
    if parcel.lines and set(left_out) == known:
        raise InvalidError(ALL_STAYS, fields={"left_out": [ALL_STAYS]})
    return [line for line in parcel.lines if line.id in left_out]


def _recorded(session: Session, parcel: Parcel) -> HandOut | None:
    return session.scalar(sa.select(HandOut).where(HandOut.parcel_id == parcel.id))


def _check_safe(parcel: Parcel, left_out: Collection[int], today: date) -> None:
    blocked = blocked_lines(parcel, today=today)
    for line in parcel.lines:
        if line.id in blocked and line.id not in left_out:
            raise ConflictError(
                f"「{line.lot.item.name}」は渡せません。{blocked[line.id]}"
                "「渡せないものがある」から、残す物として記録してください。",
                code="unsafe",
                line_id=line.id,
            )


def _record(
    session: Session,
    parcel: Parcel,
    left: Sequence[ParcelLine],
    *,
    allergen_sheet: bool,
    remark: str,
    user_id: int,
    at: datetime,
    today: date,
    why_left: Mapping[int, str],
) -> HandOut:
    for line in left:
        why = why_left.get(line.id, "お渡しのときに残した物")
        put_back(session, parcel=parcel, lines=[line], user_id=user_id, reason=why)
    if left:
        given = [(line.lot, line.quantity) for line in parcel.lines if line not in left]
        parcel.days_covered = covered(parcel.request, given, today=today).stored
    made = HandOut(
        parcel_id=parcel.id,
        at=at,
        user_id=user_id,
        allergen_sheet=allergen_sheet,
        left_out=[line.id for line in left],
        note=remark or None,
    )
    session.add(made)
    parcel.request.state = RequestState.HANDED_OUT
    session.flush()  # the audit entry names it; the unique parcel has the last word
    note(session, Deed.CREATED, "hand_out", made.id, user_id, "parcel_id", "left_out")
    return made
