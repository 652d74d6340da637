"""The secrecy roster and an agency's regular days."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.models import Deed
from app.cases.services import note
from app.cases.versions import check_version, flushed
from app.db import rows_changed
from app.errors import ConflictError
from app.meetings import seating
from app.meetings.models import Item, Meeting, MeetingSettings, Seat, SecrecyPledge
from app.meetings.seating import refuse

SETTING_FIELDS = ("weekdays", "monthly_day", "move_holiday", "starts_at", "minutes", "place",
                  "legal_bases")  # fmt: skip


def record_pledge(
    session: Session,
    *,
    organisation_id: int,
    user: User | None,
    name: str,
    belongs_to: str,
    signed_on: date,
    user_id: int,
    today: date,
) -> SecrecyPledge:
    """Somebody signed. Nobody records their own; raises InvalidError for that and a day to come."""
    if user is None and not name:
        refuse("user_id", "利用者か、外部の人の名前を入れてください。")
    if user is not None and user.id == user_id:
        refuse("user_id", "自分の誓約は、ほかの人に記録してもらってください。")
    if signed_on > today:
        refuse("signed_on", "まだ来ていない日です。署名した日を入れてください。")
    pledge = SecrecyPledge(
        organisation_id=organisation_id,
        user_id=user.id if user else None,
        name=user.name if user else name,
        belongs_to=seating.belongs_to(user) if user else belongs_to or None,
        signed_on=signed_on,
        recorded_by=user_id,
    )
    session.add(pledge)
    try:
        session.flush()  # one pledge in force a user: the index decides
    except IntegrityError as error:
        raise ConflictError("この人の誓約は、もう記録されています。") from error
    fields = ("name", "belongs_to", "signed_on")
    note(session, Deed.CREATED, "secrecy_pledge", pledge.id, user_id=user_id, fields=fields)
    return pledge


def end_pledge(session: Session, *, pledge: SecrecyPledge, user_id: int, today: date) -> None:
    """A pledge ends: with it go the seats at secret items of meetings still to come."""
    ended = session.execute(
        sa.update(SecrecyPledge)
        .where(SecrecyPledge.id == pledge.id, SecrecyPledge.ended_on.is_(None))
        .values(ended_on=today)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(ended) != 1:
        raise ConflictError("この誓約は、すでに終わっています。")
    ahead = sa.select(Item.id).join(Meeting, Meeting.id == Item.meeting_id)
    session.execute(
        sa.delete(Seat)
        .where(Seat.pledge_id == pledge.id, Seat.item_id.in_(ahead.where(Meeting.held_on >= today)))
        .execution_options(synchronize_session=False)
    )
    note(session, Deed.CHANGED, "secrecy_pledge", pledge.id, user_id=user_id, fields=("ended_on",))


def save_settings(
    session: Session,
    *,
    organisation_id: int,
    version: int,
    values: Mapping[str, Any],
    user_id: int,
) -> MeetingSettings:
    """An agency's regular days and what its meetings stand on. Raises StaleError."""
    present = session.get(MeetingSettings, organisation_id)
    check_version(present, version)
    row = present or MeetingSettings(organisation_id=organisation_id)

    def act() -> None:
        row.weekdays = sorted(set(values["weekdays"]))
        row.legal_bases = [basis.value for basis in values["legal_bases"]]
        for name in ("monthly_day", "move_holiday", "starts_at", "minutes"):
            setattr(row, name, values[name])
        row.place = values["place"] or None
        session.add(row)

    flushed(session, act)
    deed = Deed.CHANGED if present else Deed.CREATED
    note(session, deed, "meeting_settings", organisation_id, user_id=user_id, fields=SETTING_FIELDS)
    return row
