"""Registering and correcting landlords, and writing down what was said with them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.cases.versions import check_version, flushed
from app.directory.services import name_key
from app.errors import ConflictError, InvalidError
from app.housing.landlords.models import LandlordContact
from app.housing.models import Landlord
from app.japanese import parse_phone


def add_landlord(session: Session, *, values: Mapping[str, Any], user_id: int) -> Landlord:
    """A new landlord. Two may have one name: people decide, shown those alike while typing."""
    landlord = Landlord(**_columns(values))
    session.add(landlord)
    session.flush()  # the page that follows is the landlord's
    _note(session, Deed.CREATED, landlord.id, user_id, ("name",))
    return landlord


def find_or_add_landlord(session: Session, *, name: str, user_id: int) -> Landlord:
    """The landlord with this name in any spelling, the oldest of several; a new one when there
    is none.
    """
    alike = sa.select(Landlord).where(Landlord.name_key == name_key(name)).order_by(Landlord.id)
    found = session.scalar(alike.limit(1))
    return found or add_landlord(session, values={"name": name.strip()}, user_id=user_id)


def change_landlord(
    session: Session, *, landlord: Landlord, version: int, values: Mapping[str, Any], user_id: int
) -> None:
    """Correct a landlord. Raises StaleError when somebody changed it since the form was opened."""
    check_version(landlord, version)
    wanted = _columns(values)
    changed = [name for name, value in wanted.items() if getattr(landlord, name) != value]
    for name in changed:
        setattr(landlord, name, wanted[name])
    if changed:
        _note(session, Deed.CHANGED, landlord.id, user_id, changed)
    flushed(session, lambda: None)


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {name: None if value == "" else value for name, value in values.items()}
    wanted["name_key"] = name_key(values["name"])
    wanted["phone_digits"] = parse_phone(values.get("phone") or "").digits
    for name in ("worries", "reassured_by"):
        wanted[name] = [code.value for code in values.get(name, ())]
    return wanted


def write_contact(
    session: Session,
    *,
    landlord: Landlord,
    values: Mapping[str, Any],
    user_id: int,
    organisation_id: int,
    today: date,
) -> LandlordContact:
    """Add an entry to a landlord's log. Raises InvalidError for a day that has not come yet."""
    if values["on_day"] > today:
        sentence = "まだ来ていない日です。予定は「次にすること」に入れてください。"
        raise InvalidError(sentence, fields={"on_day": [sentence]})
    contact = LandlordContact(
        landlord_id=landlord.id,
        organisation_id=organisation_id,
        user_id=user_id,
        **{name: None if value == "" else value for name, value in values.items()},
    )
    session.add(contact)
    session.flush()  # the audit entry names the landlord, the answer the entry
    _note(session, Deed.CHANGED, landlord.id, user_id, ("contacts",))
    return contact


def finish_next_step(
    session: Session, *, contact: LandlordContact, user_id: int, at: datetime
) -> None:
    """Note that the next step was taken. Raises ConflictError when there is none open."""
    if contact.next_step is None or contact.next_done_at is not None:
        raise ConflictError("この予定はもう済んでいます。画面を開き直してください。")
    contact.next_done_at = at
    _note(session, Deed.CHANGED, contact.landlord_id, user_id, ("next_step",))


def _note(
    session: Session,
    deed: Deed,
    landlord_id: int,
    user_id: int,
    fields: Iterable[str],
) -> None:
    record(
        session,
        deed=deed,
        record_kind="landlord",
        record_id=landlord_id,
        user_id=user_id,
        fields=fields,
    )
