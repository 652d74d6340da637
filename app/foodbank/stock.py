"""The ledger of stock: every change is a movement and a guarded change of one balance.

A balance never falls below zero: the UPDATE that takes names what must be there, and the number of
rows it reached is the answer. A mistake is put right by a movement that reverses the first one.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.db import rows_changed
from app.errors import ConflictError, InvalidError
from app.foodbank.kits.following import STOPPED, stop_kits, stopped_part
from app.foodbank.models import (
    STORAGE_LABELS,
    Balance,
    Lot,
    LotState,
    Movement,
    MovementKind,
    Shelf,
    Storage,
)
from app.foodbank.recalls.guard import running_recall
from app.foodbank.stocktakes.baseline import was_counted
from app.japanese import narrow

GONE = "在庫が足りなくなりました。ほかの人が先に出した可能性があります。画面を開き直してください。"
NO_SHELF = "棚なし"


def move(
    session: Session,
    *,
    lot_id: int,
    shelf_id: int,
    quantity: int,
    kind: MovementKind,
    key: str,
    user_id: int,
    parcel_id: int | None = None,
    reverses_id: int | None = None,
    reason: str | None = None,
) -> Movement:
    """Book one change: the balance first, guarded, then the movement that tells of it.

    Raises ConflictError (code `stock_gone`) when less is there than shall be taken, and
    (code `booked_twice`) when the event `key` names was booked before.
    """
    if not _change(session, lot_id, shelf_id, quantity):
        raise ConflictError(GONE, code="stock_gone", lot_id=lot_id)
    movement = Movement(
        key=key,
        lot_id=lot_id,
        shelf_id=shelf_id,
        kind=kind,
        quantity=quantity,
        user_id=user_id,
        parcel_id=parcel_id,
        reverses_id=reverses_id,
        reason=reason,
    )
    session.add(movement)
    try:
        session.flush()  # the unique key has the last word
    except IntegrityError as error:
        raise ConflictError(
            "この入出庫は、すでに記録されています。", code="booked_twice"
        ) from error
    return movement


def _change(session: Session, lot_id: int, shelf_id: int, quantity: int) -> bool:
    """Change one balance if it stays at or above zero; a first receipt makes its row."""
    changed = session.execute(
        sa.update(Balance)
        .where(
            Balance.lot_id == lot_id,
            Balance.shelf_id == shelf_id,
            Balance.quantity >= -quantity,
        )
        .values(quantity=Balance.quantity + quantity)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(changed) == 1:
        return True
    if quantity < 0:
        return False
    session.add(Balance(lot_id=lot_id, shelf_id=shelf_id, quantity=quantity))
    session.flush()
    return True


def reverse(
    session: Session, *, movement: Movement, kind: MovementKind, user_id: int, reason: str | None
) -> Movement:
    """Undo one movement by its opposite; each can be undone once."""
    return move(
        session,
        lot_id=movement.lot_id,
        shelf_id=movement.shelf_id,
        quantity=-movement.quantity,
        kind=kind,
        key=f"reverse:{movement.id}",
        user_id=user_id,
        parcel_id=movement.parcel_id,
        reverses_id=movement.id,
        reason=reason,
    )


def lock_lots(session: Session, lot_ids: Iterable[int]) -> dict[int, Lot]:
    """The lots as they are now, kept from changing until the transaction ends.

    Whoever holds or recalls a lot changes the same rows, so one of the two waits for the other.
    """
    lots = session.scalars(
        sa.select(Lot)
        .where(Lot.id.in_(sorted(set(lot_ids))))
        .order_by(Lot.id)
        .with_for_update(of=Lot)
        .execution_options(populate_existing=True)
    ).unique()
    return {lot.id: lot for lot in lots}


def shelf_code(typed: str) -> str:
    """A shelf's code as kept: 「ａ３」 and 「A3」 are one shelf; nothing typed is 「棚なし」."""
    return narrow(typed).upper() or NO_SHELF


def shelf_for(session: Session, *, organisation_id: int, code: str) -> Shelf:
    """The shelf with this code, made when it is new; lots without one lie on 「棚なし」.

    A shelf nobody used any more is in use again as soon as something is put there.
    """
    code = shelf_code(code)
    find = sa.select(Shelf).where(Shelf.organisation_id == organisation_id, Shelf.code == code)
    shelf = session.scalar(find)
    if shelf is None:
        try:
            with session.begin_nested():
                shelf = Shelf(organisation_id=organisation_id, code=code)
                session.add(shelf)
        except IntegrityError:  # another clerk made it a moment ago
            shelf = session.scalars(find).one()
    if not shelf.active:
        shelf.active = True
    return shelf


WARMTH = {Storage.FROZEN: 0, Storage.CHILLED: 1, Storage.AMBIENT: 2}


def refuse_too_warm(shelf: Shelf, storage: Storage, *, field: str = "shelf") -> None:
    """Raise InvalidError where a lot must be kept colder than a shelf is known to be."""
    if shelf.storage is not None and WARMTH[shelf.storage] > WARMTH[storage]:
        sentence = (
            f"棚 {shelf.code} は{STORAGE_LABELS[shelf.storage]}です。"
            f"{STORAGE_LABELS[storage]}の物は、{STORAGE_LABELS[storage]}の棚に置いてください。"
        )
        raise InvalidError(sentence, fields={field: [sentence]})


def correct_receipt(
    session: Session, *, lot: Lot, quantity: int, reason: str, user_id: int
) -> Movement:
    """The record of what came in was wrong: book the right number and reverse the wrong one.

    What has gone out since stays gone out, and what a stocktake found since stays as it was
    counted. Raises InvalidError when more has gone out than the
    right number says ever came in.
    """
    wrong = _standing_receipt(session, lot)
    if wrong is None:
        raise InvalidError("この受け入れは、すでに廃棄などで閉じています。訂正できません。")
    if wrong.quantity == quantity:
        raise InvalidError(
            "同じ数です。", fields={"right_quantity": ["正しい数を入れてください。"]}
        )
    right = move(
        session,
        lot_id=lot.id,
        shelf_id=wrong.shelf_id,
        quantity=quantity,
        kind=MovementKind.RECEIPT,
        key=f"receipt:{lot.id}:after:{wrong.id}",
        user_id=user_id,
        reason=reason,
    )
    if was_counted(session, lot.id):
        # People have counted since: what lies there is known, only its beginning was not.
        move(
            session,
            lot_id=lot.id,
            shelf_id=wrong.shelf_id,
            quantity=wrong.quantity - quantity,
            kind=MovementKind.CORRECTION,
            key=f"counted:{right.id}",
            user_id=user_id,
            reason="棚卸しで数えた数のまま",
        )
    try:
        kind = MovementKind.CORRECTION
        reverse(session, movement=wrong, kind=kind, user_id=user_id, reason=reason)
    except ConflictError as error:
        raise InvalidError(
            "すでに出した数より少なくはできません。",
            fields={"right_quantity": ["すでに箱に詰めた数や渡した数以上を入れてください。"]},
        ) from error
    note(session, Deed.CHANGED, "lot", lot.id, user_id, "quantity")
    return right


def _standing_receipt(session: Session, lot: Lot) -> Movement | None:
    reversed_ids = sa.select(Movement.reverses_id).where(Movement.reverses_id.is_not(None))
    return session.scalar(
        sa.select(Movement)
        .where(
            Movement.lot_id == lot.id,
            Movement.kind == MovementKind.RECEIPT,
            Movement.id.not_in(reversed_ids),
        )
        .order_by(Movement.id.desc())
        .limit(1)
    )


def dispose(session: Session, *, lot: Lot, reason: str, user_id: int) -> int:
    """Book out everything left of a lot; how many units that were."""
    lock_lots(session, [lot.id])
    left = session.execute(
        sa.select(Balance.shelf_id, Balance.quantity).where(
            Balance.lot_id == lot.id, Balance.quantity > 0
        )
    ).all()
    if lot.state is LotState.DISPOSED and not left:
        raise ConflictError("このロットは、すでに廃棄しています。")
    before = _disposals(session, lot)  # what came back from a parcel afterwards goes as well
    for shelf_id, quantity in left:
        move(
            session,
            lot_id=lot.id,
            shelf_id=shelf_id,
            quantity=-quantity,
            kind=MovementKind.DISPOSAL,
            key=f"disposal:{lot.id}:{shelf_id}:{before}",
            user_id=user_id,
            reason=reason,
        )
    lot.state = LotState.DISPOSED
    lot.state_reason = reason
    note(session, Deed.CHANGED, "lot", lot.id, user_id, "state", "quantity")
    return sum(quantity for _, quantity in left)


def _disposals(session: Session, lot: Lot) -> int:
    return session.scalars(
        sa.select(sa.func.count())
        .select_from(Movement)
        .where(Movement.lot_id == lot.id, Movement.kind == MovementKind.DISPOSAL)
    ).one()


def set_state(session: Session, *, lot: Lot, state: LotState, reason: str, user_id: int) -> None:
    """Hold or recall a lot, or let it go again. Open questions keep it a question."""
    if state not in {*STOPPED, LotState.OFFERABLE}:
        raise InvalidError("止める・回収・止めるのをやめる のどれかを選んでください。")
    lock_lots(session, [lot.id])
    if lot.state is LotState.DISPOSED:
        raise ConflictError("このロットは、すでに廃棄しています。")
    if state is not LotState.RECALLED and (number := running_recall(session, lot.id)):
        raise ConflictError(
            f"回収 {number} の対象です。回収を終えてから、状態を変えてください。", code="in_recall"
        )
    if state is LotState.OFFERABLE:
        blocked = any(question["blocking"] for question in lot.questions)
        state = LotState.QUESTION if blocked else LotState.OFFERABLE
        part = stopped_part(session, lot)
        if part is not None:
            raise ConflictError(
                f"中身の「{part.item.name}」（{part.number}）が止まっています。"
                "そちらを先に確かめてください。"
            )
    lot.state = state
    lot.state_reason = reason or None
    if state in STOPPED:
        stop_kits(session, lot)
    note(session, Deed.CHANGED, "lot", lot.id, user_id, "state")


def note(
    session: Session, deed: Deed, kind: str, record_id: int, user_id: int, *fields: str
) -> None:
    """The audit entry of a change, in the change's own transaction."""
    record(
        session, deed=deed, record_kind=kind, record_id=record_id, user_id=user_id, fields=fields
    )
