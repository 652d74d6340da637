"""Undoing a list that was taken in: every home as it was before, except where somebody went on.

Homes nobody touched or referred to since get their former values back or, if the list brought
them, go again; the others stay as they are and are named with the reason. The rows keep their
words. Only the newest list of a sender can be undone, so that nothing is pulled from under a later
one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry, Deed
from app.db import Base, now
from app.directory.models import Partner
from app.errors import ConflictError
from app.housing.lists.before import now_in, put_back
from app.housing.lists.intake import lock_lists, move, note_change
from app.housing.lists.models import (
    CouncilListImport,
    CouncilListRow,
    HomeStatement,
    ImportState,
    ImportWrite,
    WrittenKind,
)
from app.housing.lists.plans import OPEN_TO_LISTS
from app.housing.lists.questions import reconsider
from app.housing.lists.said import ASKED_FIELDS
from app.housing.models import Home, HomeAcceptance, Landlord, Property

Beside = tuple[WrittenKind, int, Deed, list[str]]
"""A record that undoing changed or took out, as the audit log is told of it."""

_MANY = 500
_OWN_TABLES = frozenset(
    {HomeAcceptance.__tablename__, HomeStatement.__tablename__, CouncilListRow.__tablename__}
)
TOUCHED = "取り込んだあとに書きかえられています"
REFERRED = "取り置きや写真など、この住戸を使った記録があります"
OTHER_LIST = "ほかの一覧にも載っています"


@dataclass
class UndoPlan:
    """What undoing would do: homes that go, homes that get values back, and those that stay with
    the reason.
    """

    removed: list[int] = field(default_factory=list)
    restored: list[ImportWrite] = field(default_factory=list)
    kept: list[tuple[Home, str]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "removed": len(self.removed),
            "restored": len(self.restored),
            "kept": len(self.kept),
        }


def newest_of_sender(session: Session, kept: CouncilListImport) -> bool:
    """Whether no later list of the same sender was taken in or is being taken in."""
    later = sa.select(CouncilListImport.id).where(
        CouncilListImport.sender_id == kept.sender_id,
        CouncilListImport.id != kept.id,
        sa.or_(
            CouncilListImport.state == ImportState.TAKING_IN,
            sa.and_(
                CouncilListImport.state == ImportState.TAKEN_IN,
                CouncilListImport.taken_in_at > kept.taken_in_at,
            ),
        ),
    )
    return session.scalar(later.limit(1)) is None


def plan_undo(session: Session, kept: CouncilListImport) -> UndoPlan:
    """Look at every home the list wrote to, as it is now."""
    writes = session.scalars(
        sa.select(ImportWrite)
        .where(ImportWrite.import_id == kept.id, ImportWrite.kind == WrittenKind.HOME)
        .order_by(ImportWrite.record_id)
    ).all()
    made = [write.record_id for write in writes if write.made]
    referred = _referred(session, Home.__table__, made, beside=_OWN_TABLES)
    elsewhere = _in_other_lists(session, kept, made)
    homes = _load(session, Home, [write.record_id for write in writes])
    plan = UndoPlan()
    for write in writes:
        home = homes.get(write.record_id)
        if home is None:
            continue
        promised = home.state not in OPEN_TO_LISTS
        if write.made and home.id in referred:
            plan.kept.append((home, REFERRED))
        elif promised or home.version != write.version or now_in(home, write.after) != write.after:
            plan.kept.append((home, TOUCHED))
        elif not write.made:
            plan.restored.append(write)
        elif home.id in elsewhere:
            plan.kept.append((home, OTHER_LIST))
        else:
            plan.removed.append(home.id)
    return plan


def undo_import(session: Session, *, import_id: int, user_id: int) -> UndoPlan | None:
    """Undo a list, all in the caller's transaction; None when that is done already.

    Raises ConflictError for a list that is not taken in, or is not its sender's newest.
    """
    lock_lists(session)
    if not move(session, import_id, (ImportState.TAKEN_IN,), ImportState.UNDONE):
        kept = session.get_one(CouncilListImport, import_id, populate_existing=True)
        if kept.state is ImportState.UNDONE:
            return None
        raise ConflictError("この一覧はまだ取り込まれていないため、取り消せません。")
    kept = session.get_one(CouncilListImport, import_id, populate_existing=True)
    if not newest_of_sender(session, kept):
        raise ConflictError(
            "同じ送り手のもっと新しい一覧が取り込まれています。新しいほうから取り消してください。"
        )
    _hold_still(session, kept.id)
    plan = plan_undo(session, kept)
    stays = {home.id for home, _ in plan.kept}
    homes = _load(session, Home, [write.record_id for write in plan.restored])
    for write in plan.restored:
        put_back(homes[write.record_id], write.before)
    session.flush()  # the statements are weighed against the values put back
    _hand_back(session, plan.restored, homes)
    spoken = _spoken_of(session, kept.id) - stays
    _take_statements_back(session, kept.id, stays)
    _remove(session, plan.removed)
    beside = _restore_properties(session, kept.id) + _remove_unused(session, kept.id)
    reconsider(
        session, [(home_id, one) for home_id in spoken | homes.keys() for one in ASKED_FIELDS]
    )
    _note(session, kept, plan, beside, user_id)
    kept.undone_at = now()
    kept.undone = plan.counts | {"homes": [_kept_words(*one) for one in plan.kept]}
    session.flush()
    return plan


def _kept_words(home: Home, reason: str) -> dict[str, Any]:
    name = f"{home.property.name} {home.room}".strip()
    return {"id": home.id, "name": name, "reason": reason}


def _hold_still(session: Session, import_id: int) -> None:
    """Nobody holds or corrects the homes between the look at them and their going.

    Whoever was first is seen; whoever comes now waits, and finds a home as it is then or none.
    """
    mine = sa.select(ImportWrite.record_id).where(
        ImportWrite.import_id == import_id, ImportWrite.kind == WrittenKind.HOME
    )
    session.execute(sa.select(Home.id).where(Home.id.in_(mine)).order_by(Home.id).with_for_update())


def _hand_back(session: Session, restored: Sequence[ImportWrite], homes: dict[int, Home]) -> None:
    """Let the list before count these homes as untouched: they are again as it left them."""
    for write in restored:
        if homes[write.record_id].version != write.version:
            session.execute(
                sa.update(ImportWrite)
                .where(
                    ImportWrite.kind == WrittenKind.HOME,
                    ImportWrite.record_id == write.record_id,
                    ImportWrite.import_id != write.import_id,
                    ImportWrite.version == write.version_before,
                )
                .values(version=homes[write.record_id].version),
                execution_options={"synchronize_session": False},
            )


def _load(session: Session, model: type[Any], ids: Sequence[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for start in range(0, len(ids), _MANY):
        part = sa.select(model).where(model.id.in_(ids[start : start + _MANY]))
        found.update({one.id: one for one in session.scalars(part)})
    return found


def _referred(
    session: Session, table: Any, ids: Sequence[int], *, beside: Iterable[str] = ()
) -> set[int]:
    """Which of these records any other table refers to: holds, placements, photographs …"""
    left = frozenset(beside)
    columns = [
        key.parent
        for other in Base.metadata.sorted_tables
        if other.name not in left
        for key in other.foreign_keys
        if key.column.table is table
    ]
    return {
        record_id
        for column in columns
        for start in range(0, len(ids), _MANY)
        for record_id in session.scalars(
            sa.select(column).where(column.in_(ids[start : start + _MANY])).distinct()
        )
    }


def _in_other_lists(session: Session, kept: CouncilListImport, ids: Sequence[int]) -> set[int]:
    column = HomeStatement.home_id
    other = sa.select(column).where(HomeStatement.import_id != kept.id).distinct()
    return {
        home_id
        for start in range(0, len(ids), _MANY)
        for home_id in session.scalars(other.where(column.in_(ids[start : start + _MANY])))
    }


def _spoken_of(session: Session, import_id: int) -> set[int]:
    """The homes this list spoke of, also those of which it only repeated what was on record."""
    column = HomeStatement.home_id
    mine = sa.or_(
        HomeStatement.import_id == import_id, HomeStatement.replaced_by_import_id == import_id
    )
    return set(session.scalars(sa.select(column).where(mine).distinct()))


def _take_statements_back(session: Session, import_id: int, stays: set[int]) -> None:
    """What this list said is unsaid, and what it replaced holds again."""
    chosen = HomeStatement.home_id.not_in(stays)
    quietly = {"synchronize_session": False}
    session.execute(
        sa.delete(HomeStatement).where(HomeStatement.import_id == import_id, chosen),
        execution_options=quietly,
    )
    session.execute(
        sa.update(HomeStatement)
        .where(HomeStatement.replaced_by_import_id == import_id, chosen)
        .values(current=True, replaced_by_import_id=None),
        execution_options=quietly,
    )


def _remove(session: Session, homes: Sequence[int]) -> None:
    """Take out homes the list brought; their rows stay, with the words as typed."""
    for start in range(0, len(homes), _MANY):
        part = homes[start : start + _MANY]
        session.execute(
            sa.update(CouncilListRow).where(CouncilListRow.home_id.in_(part)).values(home_id=None)
        )
        for table in (HomeAcceptance.home_id, Home.id):
            session.execute(
                sa.delete(table.class_).where(table.in_(part)),
                execution_options={"synchronize_session": False},
            )
    session.expire_all()


def _restore_properties(session: Session, import_id: int) -> list[Beside]:
    """Buildings that were there before and have what the list put in lose it again."""
    writes = session.scalars(
        sa.select(ImportWrite).where(
            ImportWrite.import_id == import_id,
            ImportWrite.kind == WrittenKind.PROPERTY,
            ~ImportWrite.made,
        )
    ).all()
    places = _load(session, Property, [write.record_id for write in writes])
    restored: list[Beside] = []
    for write in writes:
        place = places.get(write.record_id)
        if place is not None and now_in(place, write.after) == write.after:
            put_back(place, write.before)
            restored.append((write.kind, place.id, Deed.CHANGED, sorted(write.before)))
    session.flush()  # what is unused is looked for by statement
    return restored


def _remove_unused(session: Session, import_id: int) -> list[Beside]:
    """Buildings, landlords and agents the list brought and nobody refers to any more."""
    made: dict[WrittenKind, list[tuple[int, int | None]]] = defaultdict(list)
    for write in session.scalars(
        sa.select(ImportWrite).where(ImportWrite.import_id == import_id, ImportWrite.made)
    ):
        made[write.kind].append((write.record_id, write.version))
    removed: list[Beside] = []
    for kind, model in (
        (WrittenKind.PROPERTY, Property),
        (WrittenKind.LANDLORD, Landlord),
        (WrittenKind.PARTNER, Partner),
    ):
        ids = [record_id for record_id, _ in made[kind]]
        used = _referred(session, model.__table__, ids)
        versions = dict(made[kind])
        for start in range(0, len(ids), _MANY):
            part = [one for one in ids[start : start + _MANY] if one not in used]
            rows = session.execute(sa.select(model.id, model.version).where(model.id.in_(part)))
            untouched = [row.id for row in rows if row.version == versions[row.id]]
            removed += [(kind, record_id, Deed.DELETED, []) for record_id in untouched]
            session.execute(
                sa.delete(model).where(model.id.in_(untouched)),
                execution_options={"synchronize_session": False},
            )
    return removed


def _note(
    session: Session,
    kept: CouncilListImport,
    plan: UndoPlan,
    beside: Sequence[Beside],
    user_id: int,
) -> None:
    undone: list[Beside] = [
        (WrittenKind.HOME, home_id, Deed.DELETED, []) for home_id in plan.removed
    ]
    undone += [
        (WrittenKind.HOME, write.record_id, Deed.CHANGED, sorted(write.before))
        for write in plan.restored
    ]
    entries = [
        {
            "deed": deed,
            "record_kind": kind.value,
            "record_id": record_id,
            "fields": fields,
            "user_id": user_id,
            "organisation_id": kept.organisation_id,
            "basis": f"council_list_undo:{kept.id}",
        }
        for kind, record_id, deed, fields in (*undone, *beside)
    ]
    if entries:
        session.execute(sa.insert(AuditEntry), entries)
    note_change(session, kept, user_id, ("state",))
