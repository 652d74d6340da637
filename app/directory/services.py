"""Partners: found again however their name is written, registered and corrected."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.audit.models import Deed
from app.audit.services import record
from app.db import now
from app.directory.codes import NetworkStep, PartnerSystem
from app.directory.models import (
    Partner,
    PartnerContact,
    PartnerKind,
    PartnerService,
    PartnerStep,
    PartnerSystemLink,
    new_uuid,
)
from app.errors import ConflictError, InvalidError
from app.japanese import narrow

_COMPANY = re.compile(r"株式会社|有限会社|合同会社|合資会社|\((?:株|有|同|資)\)")

LONGEST_KEY = 200


def name_key(name: str) -> str:
    """A name for comparison: "㈱架空ホーム" and "架空ホーム株式会社" agree."""
    plain = re.sub(r"\s+", "", narrow(name)).casefold()
    return (_COMPANY.sub("", plain) or plain)[:LONGEST_KEY]  # a sign like ㌀ is three when plain


def find_or_add_partner(session: Session, *, kind: PartnerKind, name: str, user_id: int) -> Partner:
    """The partner of this kind with this name in any spelling; a new one when there is none."""
    key = name_key(name)
    found = session.scalar(
        sa.select(Partner)
        .where(Partner.kind == kind, Partner.name_key == key)
        .order_by(Partner.id)
        .limit(1)
    )
    if found is None:
        found = Partner(kind=kind, name=name.strip(), name_key=key)
        session.add(found)
        session.flush()  # the id is referred to at once
        _note(session, Deed.CREATED, found, user_id, ("name",))
    return found


def add_partner(
    session: Session,
    *,
    kind: PartnerKind,
    values: Mapping[str, Any],
    user_id: int,
    uuid: str | None = None,
) -> Partner:
    """A new partner; what `values` leaves out is unknown or none. `uuid` keeps a file's number.

    Raises InvalidError, with the number of the one that has this name.
    """
    partner = Partner(kind=kind, uuid=uuid or new_uuid(), name="", name_key="")
    _set(session, partner, values)
    session.add(partner)
    try:
        session.flush()  # the unique keys decide between two who type the same name
    except IntegrityError as error:
        raise ConflictError(
            "同じ名前の相手が、いま登録されました。一覧から開いてください。"
        ) from error
    _note(session, Deed.CREATED, partner, user_id, ("name",))
    return partner


def change_partner(
    session: Session, *, partner: Partner, version: int, values: Mapping[str, Any], user_id: int
) -> list[str]:
    """Correct a partner in what `values` names; gives the names of what changed.

    Raises ConflictError (code "stale") when somebody changed it since the form was opened, and
    InvalidError as `add_partner` does.
    """
    if partner.version != version:
        raise _stale()
    changed = _set(session, partner, values)
    if changed:
        partner.changed_at = now()  # so that the version moves on when only a row was changed
        _note(session, Deed.CHANGED, partner, user_id, changed)
    try:
        session.flush()  # the version is compared in the database as well
    except (StaleDataError, IntegrityError) as error:
        raise _stale() from error
    return changed


def _stale() -> ConflictError:
    return ConflictError(
        "ほかの人が先に書きかえました。違いを確かめて、もう一度記録してください。", code="stale"
    )


# ---------------------------------------------------------------------------- what belongs to one


def _set(session: Session, partner: Partner, values: Mapping[str, Any]) -> list[str]:
    """Bring a partner to `values`; gives the names of what changed. Names left out stay."""
    wanted: dict[str, Any] = {
        name: None if value == "" else value for name, value in values.items()
    }
    parent_id = wanted.get("parent_id", partner.parent_id)
    if parent_id is not None and parent_id != partner.parent_id:
        _check_parent(session, partner, parent_id)
    if "name" in wanted:
        wanted["name_key"] = name_key(wanted["name"])
        _check_name(session, partner, wanted, parent_id)
    _check_rows(session, partner, wanted)
    if wanted.get("does") == wanted.get("name", partner.name):
        wanted["does"] = None  # the name once more says nothing
    changed = [name for name, setter in _ROWS.items() if name in wanted
               and setter(partner, wanted.pop(name) or ())]  # fmt: skip
    for name, value in wanted.items():
        if getattr(partner, name) != value:
            setattr(partner, name, value)
            changed.append(name)
    return changed


def _check_name(
    session: Session, partner: Partner, wanted: Mapping[str, Any], parent_id: int | None
) -> None:
    with session.no_autoflush:
        same = session.scalar(
            sa.select(Partner).where(
                Partner.kind == partner.kind,
                Partner.name_key == wanted["name_key"],
                Partner.parent_id.is_(None)
                if parent_id is None
                else Partner.parent_id == parent_id,
                Partner.id.is_distinct_from(partner.id),
            )
        )
    if same is not None:
        sentence = f"「{same.name}」がもう登録されています。そちらを開いて直してください。"
        raise InvalidError(
            sentence, fields={"name": [sentence]}, code="partner_known", partner_id=same.id
        )


def _check_parent(session: Session, partner: Partner, parent_id: int) -> None:
    """One level only, so that a section is never its own organisation by a detour."""
    with session.no_autoflush:
        parent = session.get(Partner, parent_id)
        below = partner.id is not None and session.scalar(
            sa.select(Partner.id).where(Partner.parent_id == partner.id).limit(1)
        )
    sentence = None
    if parent is None or parent is partner or parent.kind is PartnerKind.DONOR:
        sentence = "この組織は選べません。一覧から選び直してください。"
    elif parent.parent_id is not None:
        sentence = "この相手は、ほかの組織の一部です。その上の組織を選んでください。"
    elif below:
        sentence = "この相手に属する課があるため、ほかの組織の下には置けません。"
    if sentence is not None:
        raise InvalidError(sentence, fields={"parent_id": [sentence]})


def _check_rows(session: Session, partner: Partner, wanted: Mapping[str, Any]) -> None:
    """A row's number names that row for good: it never wanders from one partner to another."""
    for name, model in (("contacts", PartnerContact), ("services", PartnerService)):
        own = {row.uuid for row in getattr(partner, name)} if name in wanted else set()
        strange = {str(row["uuid"]) for row in wanted.get(name) or () if row.get("uuid")} - own
        if not strange:
            continue
        with session.no_autoflush:
            taken = session.scalar(sa.select(model.id).where(model.uuid.in_(strange)).limit(1))
        if taken is not None:
            sentence = "この行の番号は、ほかの相手の行に使われています。番号を外してください。"
            raise InvalidError(sentence, fields={name: [sentence]})


def _set_systems(partner: Partner, systems: Sequence[PartnerSystem]) -> bool:
    if set(systems) == set(partner.systems):
        return False
    known = {link.system: link for link in partner.system_links}
    partner.system_links[:] = [
        known.get(system) or PartnerSystemLink(system=system) for system in systems
    ]
    return True


def _set_steps(partner: Partner, steps: Mapping[str, Any]) -> bool:
    wanted = {NetworkStep(name): day for name, day in dict(steps).items() if day is not None}
    known = {row.step: row for row in partner.step_rows}
    if {step: row.done_on for step, row in known.items()} == wanted:
        return False
    rows = []
    for step, day in wanted.items():
        row = known.get(step) or PartnerStep(step=step)
        row.done_on = day
        rows.append(row)
    partner.step_rows[:] = rows
    return True


Row = TypeVar("Row", PartnerContact, PartnerService)


def _set_rows(kept: list[Row], rows: Iterable[Mapping[str, Any]], make: type[Row]) -> bool:
    """Make `kept` the rows in their order; one that names a number we know stays that row."""
    known = {row.uuid: row for row in kept}
    before = [_told(row) for row in kept]
    after: list[Row] = []
    for position, values in enumerate(rows):
        number = str(values["uuid"]) if values.get("uuid") else new_uuid()
        row = known.get(number) or make(uuid=number)
        for name, value in values.items():
            if name != "uuid":
                setattr(row, name, None if value == "" else value)
        row.position = position
        after.append(row)
    if [_told(row) for row in after] == before:
        return False
    kept[:] = after
    return True


def _told(row: PartnerContact | PartnerService) -> dict[str, Any]:
    columns = row.__table__.columns.keys()
    return {name: getattr(row, name) for name in columns if name not in {"id", "partner_id"}}


_ROWS: Mapping[str, Callable[[Partner, Any], bool]] = {
    "systems": _set_systems,
    "steps": lambda partner, steps: _set_steps(partner, steps or {}),
    "contacts": lambda partner, rows: _set_rows(partner.contacts, rows, PartnerContact),
    "services": lambda partner, rows: _set_rows(partner.services, rows, PartnerService),
}


def _note(
    session: Session, deed: Deed, partner: Partner, user_id: int | None, fields: Iterable[str]
) -> None:
    record(
        session,
        deed=deed,
        record_kind="partner",
        record_id=partner.id,
        user_id=user_id,
        fields=fields,
    )
