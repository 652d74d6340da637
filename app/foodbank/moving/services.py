"""Moving stock by movements: each says where, how many and why; no balance goes below zero.

Every event is numbered under the lock of its lot, so that two presses are two events and one event
cannot be booked twice.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.errors import ConflictError, InvalidError
from app.foodbank.models import (
    Lot,
    LotState,
    Movement,
    MovementKind,
    Parcel,
    ParcelState,
    Shelf,
    Storage,
)
from app.foodbank.moving.queries import Handed, events_so_far, lies_on, still_out
from app.foodbank.moving.schemas import CONDITION_LABELS, Condition
from app.foodbank.stock import lock_lots, move, note, refuse_too_warm, shelf_for

NOTHING_THERE = "この棚には、もうこのロットがありません。画面を開き直してください。"


def transfer(
    session: Session,
    *,
    lot: Lot,
    from_shelf_id: int,
    to_shelf: str,
    quantity: int | None,
    user_id: int,
) -> tuple[Shelf, int]:
    """Carry so many of a lot (None: all) to another shelf; where they lie now, and how many.

    Raises InvalidError at the field when fewer are there, when both shelves are one, or when the
    new shelf is too warm for the lot.
    """
    lock_lots(session, [lot.id])
    there = lies_on(session, lot.id).get(from_shelf_id, 0)
    quantity = _wanted(quantity, there)
    place = shelf_for(session, organisation_id=lot.organisation_id, code=to_shelf)
    if place.id == from_shelf_id:
        sentence = "同じ棚です。移す先の棚を選んでください。"
        raise InvalidError(sentence, fields={"to_shelf": [sentence]})
    refuse_too_warm(place, lot.storage, field="to_shelf")
    event = f"transfer:{lot.id}:{events_so_far(session, lot.id, MovementKind.TRANSFER)}"
    for shelf_id, change in ((from_shelf_id, -quantity), (place.id, quantity)):
        move(
            session,
            lot_id=lot.id,
            shelf_id=shelf_id,
            quantity=change,
            kind=MovementKind.TRANSFER,
            key=f"{event}:{shelf_id}",
            user_id=user_id,
        )
    note(session, Deed.CHANGED, "lot", lot.id, user_id, "shelf")
    return place, quantity


def _wanted(quantity: int | None, there: int, field: str = "quantity") -> int:
    """How many are meant; InvalidError at `field` when that many are not there."""
    if there == 0:
        raise ConflictError(NOTHING_THERE, code="stock_gone")
    if quantity is not None and quantity > there:
        sentence = f"この棚にあるのは{there}です。それ以下の数を入れてください。"
        raise InvalidError(sentence, fields={field: [sentence]})
    return quantity or there


def give_back(
    session: Session, *, lot: Lot, shelf_id: int, quantity: int | None, reason: str, user_id: int
) -> int:
    """So many of a lot (None: all of the shelf) go back to whoever gave them; how many."""
    lock_lots(session, [lot.id])
    quantity = _wanted(quantity, lies_on(session, lot.id).get(shelf_id, 0), "given_quantity")
    number = events_so_far(session, lot.id, MovementKind.GIVEN_BACK)
    move(
        session,
        lot_id=lot.id,
        shelf_id=shelf_id,
        quantity=-quantity,
        kind=MovementKind.GIVEN_BACK,
        key=f"given-back:{lot.id}:{number}",
        user_id=user_id,
        reason=reason,
    )
    note(session, Deed.CHANGED, "lot", lot.id, user_id, "quantity")
    return quantity


def take_back(
    session: Session,
    *,
    parcel: Parcel,
    lot_id: int,
    quantity: int,
    condition: Condition,
    shelf: str,
    remark: str,
    user_id: int,
) -> bool:
    """Something of a parcel came back from the household; True when it lies on a shelf again.

    Only what is unopened, undamaged and needs no cold goes back: nobody knows how cold the rest was
    kept. What may not is booked in and thrown away at once, so that the books tell of both. Never
    more comes back than the parcel took along.
    """
    if parcel.state is not ParcelState.HANDED_OUT:
        raise ConflictError("まだ渡していない箱です。箱の取り消しで棚に戻してください。")
    lock_lots(session, [lot_id])
    handed = {one.lot.id: one for one in still_out(session, parcel)}.get(lot_id)
    out = handed.out if handed else 0
    if handed is None or quantity > out:
        sentence = f"この箱で渡して、まだ戻っていないのは{out}です。"
        raise InvalidError(sentence, fields={"quantity": [sentence]})
    lot = handed.lot
    place_id = _place_for(session, handed, shelf)
    number = events_so_far(session, lot_id, MovementKind.RETURNED)
    words = "　".join(filter(None, (CONDITION_LABELS[condition], remark)))
    booked: dict[str, Any] = {
        "lot_id": lot_id,
        "shelf_id": place_id,
        "user_id": user_id,
        "reason": words[:200],
    }
    move(
        session,
        quantity=quantity,
        kind=MovementKind.RETURNED,
        key=f"returned:{lot_id}:{number}",
        parcel_id=parcel.id,
        **booked,
    )
    kept = may_lie_again(lot, condition)
    if not kept:
        move(
            session,
            quantity=-quantity,
            kind=MovementKind.DISPOSAL,
            key=f"returned:{lot_id}:{number}:disposed",
            **booked,
        )
    note(session, Deed.CHANGED, "lot", lot_id, user_id, "quantity")
    return kept


def may_lie_again(lot: Lot, condition: Condition) -> bool:
    """Whether what came back may be handed to somebody else."""
    cold = lot.storage is not Storage.AMBIENT
    return condition is Condition.GOOD and not cold and lot.state is not LotState.DISPOSED


def _place_for(session: Session, handed: Handed, code: str) -> int:
    if not code:
        shelf = session.get_one(Shelf, handed.shelf_id)
        code = shelf.code  # in use again, should nobody have used it meanwhile
    return shelf_for(session, organisation_id=handed.lot.organisation_id, code=code).id


def correct_now(
    session: Session, *, lot: Lot, shelf_id: int | None, quantity: int, reason: str, user_id: int
) -> Movement:
    """So many lie on a shelf now, whatever the books say: book the difference with today's date.

    Without a shelf the lot's only one is meant. Raises InvalidError at the field.
    """
    lock_lots(session, [lot.id])
    there = lies_on(session, lot.id)
    if shelf_id is None:
        if len(there) != 1:
            sentence = "どの棚の数か選んでください。"
            raise InvalidError(sentence, fields={"found_on": [sentence]})
        shelf_id = next(iter(there))
    known = session.scalar(
        sa.select(Shelf.id).where(
            Shelf.id == shelf_id, Shelf.organisation_id == lot.organisation_id
        )
    )
    if known is None:
        raise InvalidError(
            "棚を選び直してください。", fields={"shelf_id": ["棚を選び直してください。"]}
        )
    change = quantity - there.get(shelf_id, 0)
    if change == 0:
        sentence = "帳簿と同じ数です。数を確かめてください。"
        raise InvalidError(sentence, fields={"right_quantity": [sentence]})
    number = events_so_far(session, lot.id, MovementKind.CORRECTION)
    movement = move(
        session,
        lot_id=lot.id,
        shelf_id=shelf_id,
        quantity=change,
        kind=MovementKind.CORRECTION,
        key=f"found:{lot.id}:{number}",
        user_id=user_id,
        reason=reason,
    )
    note(session, Deed.CHANGED, "lot", lot.id, user_id, "quantity")
    return movement
