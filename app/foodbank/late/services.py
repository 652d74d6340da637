"""Taking in a hand-out that happened without the network, and settling what contradicts it.

The food has left the house before the books could be asked. So nothing is refused here because it
should not have happened: it is booked, or – where the books say the food is back on its shelf –
kept as a report until a named person has decided.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.db import JAPAN, rows_changed
from app.errors import ConflictError, InvalidError
from app.foodbank.late import queries
from app.foodbank.late.models import LateHandOut, Settlement, Trouble
from app.foodbank.models import HandOut, MovementKind, Parcel, ParcelState, RequestState
from app.foodbank.parcels import queries as parcel_queries
from app.foodbank.parcels.handing_out import hand_out
from app.foodbank.parcels.packing import blocked_lines
from app.foodbank.recalls.services import follow_late
from app.foodbank.requests import queries as request_queries
from app.foodbank.requests.services import twin_of
from app.foodbank.stock import lock_lots, move, note
from app.foodbank.tracing.codes import Condition
from app.policy import Viewer

RECORDED = "お渡しを記録しました。"
AGAIN = "すでに記録されています。もう一度は記録していません。"
SENTENCES = {
    Trouble.CONSENT: "記録しましたが、渡したときには、この世帯の同意が終わっていました。"
    "食料担当の責任者に知らせてください。",
    Trouble.CANCELLED: "この箱は、渡す前に取り消されて、中身は棚に戻ったことになっていました。"
    "渡したものとして記録し、棚の数から引きました。食料担当の責任者が確かめます。",
    Trouble.DIFFERENT: "この箱は、先に別の内容でお渡し済みになっています（残した物が違います）。"
    "今回の記録も残しました。食料担当の責任者が確かめます。",
}
NOT_BOOKED = (
    "この箱は、渡す前に取り消されて、中身は棚に戻ったことになっています。棚の数が足りないため、"
    "まだ在庫から引けません。お渡しの記録はここに残しました。食料担当の責任者が確かめます。"
)
OF_CODE = {"cancelled": Trouble.CANCELLED, "already_handed_out": Trouble.DIFFERENT}
SETTLED = "ほかの人が先に決めています。画面を開き直してください。"
NOT_ON_SHELF = (
    "「{item}」は棚 {shelf} に{quantity}{unit}ありません。"
    "棚を数えて（棚卸し）、数を合わせてから、もう一度記録してください。"
)


class Report(NamedTuple):
    """What the phone tells."""

    left_out: Collection[int]
    allergen_sheet: bool
    condition_seen: bool
    remark: str
    handed_at: datetime


@dataclass(frozen=True)
class Taken:
    """What became of a report: `recorded`, `again`, or `reported` to be settled."""

    outcome: str
    sentence: str


class _Teller(NamedTuple):
    """Who handed which parcel over, and when."""

    parcel: Parcel
    user_id: int
    at: datetime


def tell(
    session: Session, parcel_id: int, told: Mapping[str, Any], *, viewer: Viewer, now: datetime
) -> Taken:
    """Take in what a phone of the viewer's tells (LateHandOutSchema) of a parcel of their bank."""
    today = now.astimezone(JAPAN).date()
    parcel = parcel_queries.get_parcel(session, parcel_id, viewer, today=today, consented=False)
    return take_in(
        session,
        parcel=parcel,
        report=Report(
            told["left_out"],
            told["allergen_sheet"],
            told["condition_seen"],
            told["note"],
            told["handed_at"],
        ),
        consented=request_queries.still_consented(session, parcel.request, today=today),
        user_id=viewer.user_id,
        now=now,
    )


def take_in(
    session: Session,
    *,
    parcel: Parcel,
    report: Report,
    consented: bool,
    user_id: int,
    now: datetime,
) -> Taken:
    """Book a hand-out that has happened, or keep the report where the books contradict it.

    A device's clock may be wrong: nothing is handed out before it was packed or after now.
    """
    at = min(max(report.handed_at, parcel.created_at), now)
    told = queries.told_before(session, parcel, user_id, at)
    if told is not None:
        return Taken("reported", told.sentence)
    teller = _Teller(parcel, user_id, at)
    lock_lots(session, [line.lot_id for line in parcel.lines])
    unsafe = _given_though_blocked(parcel, report, at)
    try:
        done = hand_out(
            session,
            parcel=parcel,
            left_out=report.left_out,
            allergen_sheet=report.allergen_sheet,
            condition_seen=report.condition_seen,
            remark=report.remark,
            user_id=user_id,
            at=at,
            today=at.astimezone(JAPAN).date(),
            already_given=True,
        )
    except ConflictError as error:
        trouble = OF_CODE[error.code]
        booked = trouble is Trouble.CANCELLED and _book_if_there(session, teller, report)
        sentence = NOT_BOOKED if trouble is Trouble.CANCELLED and not booked else SENTENCES[trouble]
        return _keep(session, teller, report, trouble, sentence + unsafe, booked=booked)
    if done.again:
        return Taken("again", AGAIN)
    if unsafe:
        follow_late(session, parcel, user_id)
        return _keep(session, teller, report, Trouble.UNSAFE, RECORDED + unsafe, booked=True)
    if not consented:
        sentence = SENTENCES[Trouble.CONSENT]
        return _keep(session, teller, report, Trouble.CONSENT, sentence, booked=True)
    return Taken("recorded", RECORDED)


def _given_though_blocked(parcel: Parcel, report: Report, at: datetime) -> str:
    """A sentence about what must not have been handed over and was; "" for nothing."""
    blocked = blocked_lines(parcel, today=at.astimezone(JAPAN).date())
    given = [
        f"「{line.lot.item.name}」（{blocked[line.id]}）"
        for line in parcel.lines
        if line.id in blocked and line.id not in report.left_out
    ]
    if not given:
        return ""
    return (
        f"ただし、渡してはいけない品が入っていました：{'、'.join(given)}。"
        "すぐに食料担当の責任者に知らせてください。"
    )


def _keep(
    session: Session,
    teller: _Teller,
    report: Report,
    trouble: Trouble,
    sentence: str,
    *,
    booked: bool,
) -> Taken:
    kept = LateHandOut(
        parcel_id=teller.parcel.id,
        user_id=teller.user_id,
        handed_at=teller.at,
        left_out=sorted(report.left_out),
        allergen_sheet=report.allergen_sheet,
        condition_seen=report.condition_seen,
        note=report.remark or None,
        trouble=trouble,
        sentence=sentence,
        booked=booked,
    )
    session.add(kept)
    session.flush()  # the audit entry names it
    note(session, Deed.CREATED, "late_hand_out", kept.id, teller.user_id, "parcel_id", "trouble")
    return Taken("reported", sentence)


def settle(
    session: Session,
    *,
    late: LateHandOut,
    settlement: Settlement,
    words: str,
    user_id: int,
    now: datetime,
) -> None:
    """Decide what the books shall say of a report.

    BOOKED takes what was handed over off the shelves, for a cancelled parcel whose food was not
    there when the report came. Raises InvalidError when it still is not or no reason is given,
    ConflictError when somebody else decided meanwhile.
    """
    if settlement is Settlement.LEFT and not words:
        message = "確かめたこと・したことを書いてください（例 電話で聞き、渡していなかった）。"
        raise InvalidError(message, fields={"words": [message]})
    changed = session.execute(
        sa.update(LateHandOut)
        .where(LateHandOut.id == late.id, LateHandOut.settlement.is_(None))
        .values(
            settlement=settlement,
            settled_at=now,
            settled_by=user_id,
            words=words or None,
            version=LateHandOut.version + 1,
        )
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(changed) != 1:
        raise ConflictError(SETTLED)
    if settlement is Settlement.BOOKED:
        _settle_by_booking(session, late)
    note(session, Deed.CHANGED, "late_hand_out", late.id, user_id, "settlement")


def _settle_by_booking(session: Session, late: LateHandOut) -> None:
    if late.trouble is not Trouble.CANCELLED or late.booked:
        raise InvalidError("この記録は、すでにお渡しとして在庫に入っています。")
    teller = _Teller(late.parcel, late.user_id, late.handed_at)
    report = Report(
        late.left_out, late.allergen_sheet, late.condition_seen, late.note or "", late.handed_at
    )
    lock_lots(session, [line.lot_id for line in late.parcel.lines])
    try:
        _book(session, teller, report)
    except ConflictError as error:
        line = next(one for one in late.parcel.lines if one.lot_id == error.details["lot_id"])
        raise InvalidError(
            NOT_ON_SHELF.format(
                item=line.lot.item.name,
                shelf=line.shelf.code,
                quantity=line.quantity,
                unit=line.lot.unit,
            )
        ) from error
    late.booked = True
    session.flush()


def _book_if_there(session: Session, teller: _Teller, report: Report) -> bool:
    """Book a cancelled parcel as handed over; False, and nothing booked, when food is missing."""
    try:
        with session.begin_nested():
            _book(session, teller, report)
    except ConflictError:
        return False
    return True


def _book(session: Session, teller: _Teller, report: Report) -> None:
    """Take a cancelled parcel's food off the shelves again. It gets a request of its own where
    the old one has been packed anew, for a request has one live parcel.
    """
    parcel = teller.parcel
    for line in parcel.lines:
        if line.id in report.left_out:
            continue
        move(
            session,
            lot_id=line.lot_id,
            shelf_id=line.shelf_id,
            quantity=-line.quantity,
            kind=MovementKind.HANDED_OUT,
            key=f"late:{parcel.id}:line:{line.position}",
            user_id=teller.user_id,
            parcel_id=parcel.id,
            reason="圏外で渡した箱",
        )
        if report.condition_seen:
            line.condition_seen = Condition.GOOD
    if parcel.request.parcel is not None:
        parcel.request = twin_of(session, parcel.request)
    parcel.request.state = RequestState.HANDED_OUT
    parcel.state = ParcelState.HANDED_OUT
    session.add(
        HandOut(
            parcel_id=parcel.id,
            at=teller.at,
            user_id=teller.user_id,
            allergen_sheet=report.allergen_sheet,
            left_out=sorted(report.left_out),
            note=report.remark or None,
        )
    )
    session.flush()  # one hand-out a parcel: the unique index has the last word
    follow_late(session, parcel, teller.user_id)
