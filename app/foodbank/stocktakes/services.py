"""Starting a stocktake, writing down what was counted, and booking the differences.

The work goes on while people count. Each count is written down beside what the books said in the
same instant, with the balance's row held; only the difference is booked in the end, so a box packed
between counting and closing is neither lost nor found again.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.db import rows_changed
from app.errors import ConflictError, InvalidError, NotFoundError
from app.foodbank.models import Balance, Lot, MovementKind, Shelf
from app.foodbank.queries import NOT_FOUND
from app.foodbank.stock import lock_lots, move, note
from app.foodbank.stocktakes import queries
from app.foodbank.stocktakes.models import Stocktake, StocktakeCount, StocktakeState

ENDED = "この棚卸しは、もう終わっています。棚卸しの一覧を開き直してください。"
OPEN_ALREADY = "いま開いている棚卸しがあります。それを締めるか取りやめてから、始めてください。"


def start(
    session: Session, *, organisation_id: int, shelves: Sequence[str], user_id: int
) -> Stocktake:
    """Begin to count all shelves, or those with these codes. One stocktake is open at a time."""
    known = set(queries.shelf_codes(session, organisation_id))
    if not set(shelves) <= known:
        raise InvalidError(
            "この団体にない棚が選ばれています。", fields={"shelves": ["棚を選び直してください。"]}
        )
    stocktake = Stocktake(
        number=f"new-{secrets.token_hex(8)}",
        organisation_id=organisation_id,
        shelves=sorted(set(shelves)),
        started_by=user_id,
    )
    session.add(stocktake)
    try:
        session.flush()  # one open stocktake: the unique index has the last word
    except IntegrityError as error:
        raise ConflictError(OPEN_ALREADY, code="stocktake_open") from error
    stocktake.number = f"S-{stocktake.id:04d}"
    note(session, Deed.CREATED, "stocktake", stocktake.id, user_id, "shelves")
    return stocktake


def write_count(
    session: Session,
    *,
    stocktake: Stocktake,
    shelf: Shelf,
    lot: Lot,
    counted: int,
    seen_version: int | None,
    user_id: int,
    at: datetime,
) -> StocktakeCount:
    """Write down how many of a lot lie on a shelf, beside what the books say in this instant.

    `seen_version` is that of the count the person saw, None for none. Raises ConflictError (code
    `stocktake_ended`), and (code `counted_already`, with what the other one counted) when somebody
    wrote another number meanwhile.
    """
    if lot.organisation_id != stocktake.organisation_id:  # of somebody's other food bank
        raise NotFoundError(NOT_FOUND)
    _hold_open(session, stocktake)
    lock_lots(session, [lot.id])
    before = queries.count_of(session, stocktake.id, shelf.id, lot.id)
    if before is not None and before.version != seen_version and before.counted != counted:
        raise ConflictError(
            f"「{lot.item.name}」は、ほかの人が{before.counted}{lot.unit}と数えています。"
            "もう一度数えて、正しい数を記録してください。",
            code="counted_already",
            counted=before.counted,
        )
    if before is not None and before.counted == counted and before.version != seen_version:
        return before  # the same number by two people at once is one count
    expected = _balance_now(session, lot.id, shelf.id)
    if before is None:
        before = StocktakeCount(stocktake_id=stocktake.id, shelf_id=shelf.id, lot_id=lot.id)
        session.add(before)
    before.counted, before.expected = counted, expected
    before.counted_by, before.counted_at = user_id, at
    session.flush()  # the next line of the form asks what is there
    return before


def _balance_now(session: Session, lot_id: int, shelf_id: int) -> int:
    """What the books say, with the row held so that nothing moves until the count is written."""
    held = (
        sa.select(Balance.quantity)
        .where(Balance.lot_id == lot_id, Balance.shelf_id == shelf_id)
        .with_for_update()
    )
    return session.scalar(held) or 0


def close(
    session: Session, *, stocktake: Stocktake, why_uncounted: str, user_id: int, at: datetime
) -> int:
    """Book every difference, all or nothing; how many there were.

    What nobody counted stays as the books have it, and needs a word of why. Raises ConflictError
    (code `stock_gone`) naming the lot whose goods went out after they were counted away.
    """
    uncounted = queries.uncounted(session, stocktake)
    if uncounted and not why_uncounted:
        raise InvalidError(
            f"まだ数えていないものが{len(uncounted)}件あります。",
            fields={"why_uncounted": ["数えないまま締めるわけを書いてください。"]},
        )
    _end(session, stocktake, StocktakeState.CLOSED, user_id, at)
    stocktake.why_uncounted = why_uncounted or None
    counts = [one for one in queries.counts_of(session, stocktake) if one.difference]
    lock_lots(session, [one.lot_id for one in counts])
    for one in counts:
        try:
            movement = move(
                session,
                lot_id=one.lot_id,
                shelf_id=one.shelf_id,
                quantity=one.difference,
                kind=MovementKind.CORRECTION,
                key=f"stocktake:{stocktake.id}:{one.shelf_id}:{one.lot_id}",
                user_id=user_id,
                reason=f"棚卸し {stocktake.number}",
            )
        except ConflictError as error:
            raise ConflictError(
                f"「{one.lot.item.name}」（棚 {one.shelf.code}）は、数えたあとに出ています。"
                "もう一度数えてから、締めてください。",
                code="stock_gone",
                lot_id=one.lot_id,
            ) from error
        one.movement_id = movement.id
    note(session, Deed.CHANGED, "stocktake", stocktake.id, user_id, "state")
    return len(counts)


def cancel(session: Session, *, stocktake: Stocktake, user_id: int, at: datetime) -> None:
    """Give a stocktake up: nothing is booked, what was counted stays to be read."""
    _end(session, stocktake, StocktakeState.CANCELLED, user_id, at)
    note(session, Deed.CHANGED, "stocktake", stocktake.id, user_id, "state")


def _hold_open(session: Session, stocktake: Stocktake) -> None:
    """Keep a stocktake from being closed until this transaction ends."""
    state = session.scalar(
        sa.select(Stocktake.state).where(Stocktake.id == stocktake.id).with_for_update()
    )
    if state is not StocktakeState.OPEN:
        raise ConflictError(ENDED, code="stocktake_ended")


def _end(
    session: Session, stocktake: Stocktake, state: StocktakeState, user_id: int, at: datetime
) -> None:
    ended = session.execute(
        sa.update(Stocktake)
        .where(Stocktake.id == stocktake.id, Stocktake.state == StocktakeState.OPEN)
        .values(state=state, ended_by=user_id, ended_at=at, version=Stocktake.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(ended) != 1:
        raise ConflictError(ENDED, code="stocktake_ended")
