"""Packing a parcel: a person decides, the ledger gives, hard safety is looked at once more."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.db import rows_changed
from app.errors import ConflictError, InvalidError
from app.foodbank import proposals
from app.foodbank.models import (
    FoodRequest,
    Lot,
    Movement,
    MovementKind,
    Parcel,
    ParcelLine,
    ParcelState,
    RequestState,
)
from app.foodbank.rounds.renewing import renew_unpacked
from app.foodbank.stock import lock_lots, move, note, reverse

LINE_GONE = (
    "選んだ物の在庫が変わりました。いまの在庫で作り直した案を確かめて、もう一度詰めてください。"
)


@dataclass(frozen=True)
class Pick:
    """What a person put into the box: so many of a lot, from a shelf."""

    lot_id: int
    shelf_id: int
    quantity: int


def pack(
    session: Session,
    *,
    request: FoodRequest,
    picks: Sequence[Pick],
    proposal: proposals.Proposal,
    user_id: int,
    today: date,
) -> Parcel:
    """Take the picked units from the shelves for one request. `proposal` lends its words; the days
    are those of what is really packed.

    Raises ConflictError `stock_gone` when a line's stock went meanwhile or its lot may not be
    handed over any more, `already_packed` when the request has a parcel, InvalidError when it is
    heavier than can be carried.
    """
    picks = merged(picks)
    if not picks:
        raise InvalidError("箱に入れる物を選んでください。")
    lots = lock_lots(session, [pick.lot_id for pick in picks])
    _check(request, picks, lots, today)
    given = [(lots[pick.lot_id], pick.quantity) for pick in picks]
    parcel = _new_parcel(
        session,
        request=request,
        picks=picks,
        lots=lots,
        proposal=proposal,
        cover=proposals.covered(request, given, today=today),
        user_id=user_id,
    )
    for position, pick in sorted(
        enumerate(picks), key=lambda pair: (pair[1].lot_id, pair[1].shelf_id)
    ):
        _take(session, parcel, position, pick, user_id)
    changed = session.execute(
        sa.update(FoodRequest)
        .where(FoodRequest.id == request.id, FoodRequest.state == RequestState.OPEN)
        .values(state=RequestState.PACKED, version=FoodRequest.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(changed) != 1:
        raise ConflictError(ALREADY_PACKED, code="already_packed")
    note(session, Deed.CREATED, "parcel", parcel.id, user_id, "request_id", "lines")
    return parcel


ALREADY_PACKED = (
    "この依頼は、すでに箱詰めされたか、取り消されています。依頼の一覧を開き直してください。"
)


def merged(picks: Sequence[Pick]) -> list[Pick]:
    """Two lines of the same lot and shelf are one."""
    amounts: dict[tuple[int, int], int] = {}
    for pick in picks:
        key = (pick.lot_id, pick.shelf_id)
        amounts[key] = amounts.get(key, 0) + pick.quantity
    return [Pick(lot_id, shelf_id, n) for (lot_id, shelf_id), n in amounts.items()]


def _check(request: FoodRequest, picks: Sequence[Pick], lots: dict[int, Lot], today: date) -> None:
    own = {i: lot for i, lot in lots.items() if lot.organisation_id == request.organisation_id}
    if any(pick.lot_id not in own for pick in picks):
        raise InvalidError("この団体の在庫にないロットが入っています。案を開き直してください。")
    refused = proposals.refusals(request, own.values(), today=today)
    if refused:
        lot_id, why = next(iter(refused.items()))
        name = own[lot_id].item.name
        raise ConflictError(f"「{name}」は渡せません。{why}", code="unsafe", lot_id=lot_id)
    limit = proposals.carry_limit_g(request)
    weight = _weight(picks, own)
    if limit is not None and weight * 1000 > limit:
        raise InvalidError(
            f"重さが{weight:.1f}kgになり、持てる重さ（{limit / 1000:g}kg）を超えます。"
            "軽い物に替えるか、届ける方法にしてください。",
            code="too_heavy",
        )


def _weight(picks: Sequence[Pick], lots: dict[int, Lot]) -> Decimal:
    """What the picks weigh, in kg; only items whose weight is known come this far."""
    none = Decimal(0)
    weights = (pick.quantity * (lots[pick.lot_id].item.weight_kg or none) for pick in picks)
    return sum(weights, none)


def _new_parcel(
    session: Session,
    *,
    request: FoodRequest,
    picks: Sequence[Pick],
    lots: dict[int, Lot],
    proposal: proposals.Proposal,
    cover: proposals.Cover,
    user_id: int,
) -> Parcel:
    words = {
        (choice.lot_id, choice.shelf_id): choice.sentence
        for line in proposal.lines
        for choice in (*line.instead, line.choice)
    }
    parcel = Parcel(
        number=f"new-{secrets.token_hex(8)}",
        request_id=request.id,
        packed_by=user_id,
        rule_version=proposals.RULE_VERSION,
        days_covered=cover.stored,
        notes=list(cover.notes),
        weight_kg=_weight(picks, lots),
        lines=[
            ParcelLine(
                position=position,
                lot_id=pick.lot_id,
                shelf_id=pick.shelf_id,
                quantity=pick.quantity,
                reason=words.get((pick.lot_id, pick.shelf_id), "箱詰めの人が選んだ物です"),
            )
            for position, pick in enumerate(picks)
        ],
    )
    session.add(parcel)
    try:
        session.flush()  # one live parcel a request: the unique index has the last word
    except IntegrityError as error:
        raise ConflictError(ALREADY_PACKED, code="already_packed") from error
    parcel.number = f"P-{parcel.id:04d}"
    return parcel


def _take(session: Session, parcel: Parcel, position: int, pick: Pick, user_id: int) -> None:
    try:
        move(
            session,
            lot_id=pick.lot_id,
            shelf_id=pick.shelf_id,
            quantity=-pick.quantity,
            kind=MovementKind.PACKED,
            key=packed_key(parcel.id, position),
            user_id=user_id,
            parcel_id=parcel.id,
        )
    except ConflictError as error:
        raise ConflictError(LINE_GONE, code="stock_gone", lot_id=pick.lot_id) from error


def packed_key(parcel_id: int, position: int) -> str:
    """The name of the event that a parcel's line was taken from its shelf."""
    return f"parcel:{parcel_id}:line:{position}"


def cancel_parcel(session: Session, *, parcel: Parcel, user_id: int) -> None:
    """Unpack: everything goes back by reversing movements, and the request is open again."""
    lock_lots(session, [line.lot_id for line in parcel.lines])  # before the parcel, as all others
    _leave_packed(session, parcel, ParcelState.CANCELLED)
    put_back(session, parcel=parcel, lines=parcel.lines, user_id=user_id, reason="箱の取り消し")
    parcel.request.state = RequestState.OPEN
    session.flush()  # a stale version is noticed here
    renew_unpacked(session, parcel.request, user_id)
    note(session, Deed.CHANGED, "parcel", parcel.id, user_id, "state")


def _leave_packed(session: Session, parcel: Parcel, state: ParcelState) -> None:
    if not leave_packed(session, parcel, state):
        raise ConflictError(
            "この箱は、すでに渡されたか取り消されています。画面を開き直してください。"
        )


def leave_packed(session: Session, parcel: Parcel, state: ParcelState) -> bool:
    """Change a parcel's state from `packed`; False when somebody else was first."""
    changed = session.execute(
        sa.update(Parcel)
        .where(Parcel.id == parcel.id, Parcel.state == ParcelState.PACKED)
        .values(state=state, version=Parcel.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    return rows_changed(changed) == 1


def put_back(
    session: Session,
    *,
    parcel: Parcel,
    lines: Sequence[ParcelLine],
    user_id: int,
    reason: str,
) -> None:
    """Lines of a parcel return to the shelves they came from."""
    keys = [packed_key(parcel.id, line.position) for line in lines]
    taken = session.scalars(
        sa.select(Movement)
        .where(Movement.key.in_(keys))
        .order_by(Movement.lot_id, Movement.shelf_id)
    ).all()
    for movement in taken:
        reverse(
            session, movement=movement, kind=MovementKind.UNPACKED, user_id=user_id, reason=reason
        )


def blocked_lines(parcel: Parcel, *, today: date) -> dict[int, str]:
    """Lines that must not be handed over today – recalled, held, past – each with the reason.

    `line.id` to sentence; looked at again at the moment of handing over.
    """
    refused = proposals.refusals(parcel.request, [line.lot for line in parcel.lines], today=today)
    return {line.id: refused[line.lot_id] for line in parcel.lines if line.lot_id in refused}
