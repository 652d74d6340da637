"""Writing down agreements, food drives and the amount a kilogram is reckoned at."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.versions import check_version, flushed
from app.db import Base
from app.directory.models import Partner
from app.errors import InvalidError
from app.foodbank.donors.models import DonorAgreement, FoodDrive, GiftRate
from app.foodbank.stock import note

SAME_DAY = "この寄贈者には、同じ日から始まる協定がもうあります。そちらを直してください。"
SAME_DRIVE = "同じ名前で同じ日に始まるフードドライブが、もうあります。"
NO_DRIVE = "このフードドライブは、受け入れの日に開いていません。選び直してください。"


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Typed values as columns keep them: nothing typed is nothing known."""
    return {name: None if value == "" else value for name, value in values.items()}


def _added(session: Session, row: Base, taken: str) -> None:
    try:
        with session.begin_nested():  # the unique constraint decides between two at once
            session.add(row)
    except IntegrityError as error:
        raise InvalidError(taken, fields={"starts_on": [taken]}) from error


def agree(
    session: Session, *, organisation_id: int, donor: Partner, user_id: int, **values: Any
) -> DonorAgreement:
    """A new agreement; from its first day it takes the place of an older one.

    Raises InvalidError at `starts_on` when one of this donor begins on the same day.
    """
    made = DonorAgreement(organisation_id=organisation_id, donor_id=donor.id, **_columns(values))
    _added(session, made, SAME_DAY)
    note(session, Deed.CREATED, "donor_agreement", made.id, user_id, *values)
    return made


def change_agreement(
    session: Session, *, agreement: DonorAgreement, version: int, user_id: int, **values: Any
) -> DonorAgreement:
    """Put an agreement right. Raises StaleError when somebody changed it since."""
    check_version(agreement, version)
    taken = sa.select(DonorAgreement.id).where(
        DonorAgreement.organisation_id == agreement.organisation_id,
        DonorAgreement.donor_id == agreement.donor_id,
        DonorAgreement.starts_on == values["starts_on"],
        DonorAgreement.id != agreement.id,
    )
    if session.scalar(taken) is not None:
        raise InvalidError(SAME_DAY, fields={"starts_on": [SAME_DAY]})
    _write(session, agreement, "donor_agreement", user_id, values)
    return agreement


def _write(session: Session, row: Any, kind: str, user_id: int, values: Mapping[str, Any]) -> None:
    columns = _columns(values)
    changed = [name for name, value in columns.items() if getattr(row, name) != value]

    def write() -> None:
        for name in changed:
            setattr(row, name, columns[name])

    flushed(session, write)
    note(session, Deed.CHANGED, kind, row.id, user_id, *changed)


def open_drive(session: Session, *, organisation_id: int, user_id: int, **values: Any) -> FoodDrive:
    """A new food drive. Raises InvalidError when one of the name begins on the same day."""
    made = FoodDrive(organisation_id=organisation_id, **values)
    _added(session, made, SAME_DRIVE)
    note(session, Deed.CREATED, "food_drive", made.id, user_id, *values)
    return made


def change_drive(
    session: Session, *, drive: FoodDrive, version: int, user_id: int, **values: Any
) -> FoodDrive:
    """Put a drive right; what was collected there stays with it."""
    check_version(drive, version)
    taken = sa.select(FoodDrive.id).where(
        FoodDrive.organisation_id == drive.organisation_id,
        FoodDrive.name == values["name"],
        FoodDrive.starts_on == values["starts_on"],
        FoodDrive.id != drive.id,
    )
    if session.scalar(taken) is not None:
        raise InvalidError(SAME_DRIVE, fields={"starts_on": [SAME_DRIVE]})
    _write(session, drive, "food_drive", user_id, values)
    return drive


def check_drive(session: Session, drive_id: int | None, *, organisation_id: int, on: date) -> None:
    """Raise InvalidError at `drive_id` unless it is a drive of the food bank, open on the day."""
    if drive_id is None:
        return
    drive = session.get(FoodDrive, drive_id)
    its = drive is not None and drive.organisation_id == organisation_id
    if drive is None or not its or not drive.starts_on <= on <= drive.ends_on:
        raise InvalidError(NO_DRIVE, fields={"drive_id": [NO_DRIVE]})


def set_rate(
    session: Session,
    *,
    organisation_id: int,
    version: int,
    yen_per_kg: int | None,
    as_of: date | None,
    source: str,
    user_id: int,
) -> GiftRate:
    """What a kilogram is reckoned at from now on; without an amount nothing is told any more.

    Raises StaleError when somebody set it since (version 0: nobody had).
    """
    rate = session.get(GiftRate, organisation_id)
    check_version(rate, version)
    deed = Deed.CREATED if rate is None else Deed.CHANGED

    def write() -> GiftRate:
        made = rate or GiftRate(organisation_id=organisation_id)
        made.yen_per_kg, made.source = yen_per_kg, source or None
        made.as_of = as_of
        session.add(made)
        return made

    made = flushed(session, write)
    note(session, deed, "gift_rate", organisation_id, user_id, "yen_per_kg", "as_of", "source")
    return made
