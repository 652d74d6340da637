"""Making shelves, changing their names and places, and no longer using them."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.versions import check_version, flushed
from app.db import rows_changed
from app.errors import ConflictError, InvalidError
from app.foodbank.models import Balance, Shelf, Storage
from app.foodbank.stock import note, shelf_code
from app.foodbank.stocktakes.models import Stocktake, StocktakeState

TAKEN = "この名前の棚は、もうあります。"


def make_shelf(
    session: Session,
    *,
    organisation_id: int,
    code: str,
    place: str,
    storage: Storage | None,
    user_id: int,
) -> Shelf:
    """A new shelf; InvalidError at `code` when one of that name is there, in use or not."""
    shelf = Shelf(
        organisation_id=organisation_id, code=shelf_code(code), place=place, storage=storage
    )
    try:
        with session.begin_nested():  # one shelf of a name: the unique constraint decides
            session.add(shelf)
    except IntegrityError as error:
        raise InvalidError(TAKEN, fields={"code": [TAKEN]}) from error
    note(session, Deed.CREATED, "shelf", shelf.id, user_id, "name", "place")
    return shelf


def change_shelf(
    session: Session,
    *,
    shelf: Shelf,
    version: int,
    code: str,
    place: str,
    storage: Storage | None,
    user_id: int,
) -> Shelf:
    """Put a shelf's name, place and temperature right; a stocktake under way goes on with it.

    Raises StaleError when somebody changed it since, InvalidError when the name is taken.
    """
    check_version(shelf, version)
    new, old = shelf_code(code), shelf.code
    taken = sa.select(Shelf.id).where(
        Shelf.organisation_id == shelf.organisation_id, Shelf.code == new, Shelf.id != shelf.id
    )
    if session.scalar(taken) is not None:
        raise InvalidError(TAKEN, fields={"code": [TAKEN]})

    def write() -> None:
        shelf.code, shelf.place, shelf.storage = new, place, storage
        if new != old:
            _rename_in_stocktake(session, shelf.organisation_id, old, new)

    flushed(session, write)
    note(session, Deed.CHANGED, "shelf", shelf.id, user_id, "name", "place")
    return shelf


def _rename_in_stocktake(session: Session, organisation_id: int, old: str, new: str) -> None:
    under_way = session.scalars(
        sa.select(Stocktake).where(
            Stocktake.organisation_id == organisation_id, Stocktake.state == StocktakeState.OPEN
        )
    )
    for stocktake in under_way:
        stocktake.shelves = [new if code == old else code for code in stocktake.shelves]


def retire_shelf(session: Session, *, shelf: Shelf, user_id: int) -> None:
    """No longer use a shelf; only an empty one, and guarded against what is put there meanwhile."""
    something = sa.select(Balance.lot_id).where(Balance.shelf_id == shelf.id, Balance.quantity > 0)
    retired = session.execute(
        sa.update(Shelf)
        .where(Shelf.id == shelf.id, sa.not_(something.exists()))
        .values(active=False, version=Shelf.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(retired) != 1:
        raise ConflictError(
            f"棚 {shelf.code} には、まだ物があります。移してから、使うのをやめてください。",
            code="shelf_not_empty",
        )
    note(session, Deed.CHANGED, "shelf", shelf.id, user_id, "active")


def use_shelf_again(session: Session, *, shelf: Shelf, user_id: int) -> None:
    """Use a shelf again."""
    shelf.active = True
    session.flush()  # a stale version is noticed here
    note(session, Deed.CHANGED, "shelf", shelf.id, user_id, "active")
