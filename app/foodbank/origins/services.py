"""Putting right who gave a lot and in which drive. What was written before stays readable.

Figures of donors and drives, letters and recalls read the lot itself and follow at once. Whoever
was thanked or told meanwhile is named beside the correction; a wrong correction is put right by
another one.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.versions import StaleError, flushed
from app.errors import ConflictError, InvalidError
from app.foodbank.donors.services import check_drive
from app.foodbank.kits.queries import build_of_lot
from app.foodbank.models import Lot
from app.foodbank.origins.models import DonorLetter, OriginCorrection
from app.foodbank.origins.queries import day_of, same_sitting
from app.foodbank.receiving.services import donor_named
from app.foodbank.stock import lock_lots, note

SAME = "いまの記録と同じです。正しい寄贈者かフードドライブを入れてください。"
KIT = "セットは、もらった物から作っています。中身のロットの寄贈者を直してください。"
NOT_ALSO = "一緒に直せないロットが選ばれています。選び直してください。"


def put_right(
    session: Session,
    *,
    lot: Lot,
    version: int,
    donor: str,
    drive_id: int | None,
    reason: str,
    also: Mapping[int, int | None],
    user_id: int,
) -> list[OriginCorrection]:
    """Write the right donor and drive on a lot, and on others of the same slip, all or none.

    Raises StaleError when somebody changed one of them since the form was opened, InvalidError at
    `donor` when nothing changes, at `drive_id` for a drive that was not open on the lot's day, at
    `also` for a lot that did not come in with this one, and ConflictError for a kit.
    """
    if build_of_lot(session, lot.id) is not None:
        raise ConflictError(KIT)
    seen = {lot.id: version, **_checked(session, lot, also)}
    lots = lock_lots(session, seen)
    if any(version not in (None, lots[number].version) for number, version in seen.items()):
        raise StaleError
    if drive_id != lot.drive_id:
        check_drive(session, drive_id, organisation_id=lot.organisation_id, on=day_of(lot))
    partner = donor_named(session, donor)
    to_donor_id = None if partner is None else partner.id
    if (to_donor_id, drive_id) == (lot.donor_id, lot.drive_id):
        raise InvalidError(SAME, fields={"donor": [SAME]})
    right: dict[str, Any] = {"donor_id": to_donor_id, "drive_id": drive_id}
    right |= {"reason": reason, "user_id": user_id}
    return flushed(session, lambda: [_write(session, one, **right) for one in lots.values()])


def _checked(session: Session, lot: Lot, also: Mapping[int, int | None]) -> dict[int, int | None]:
    """The other lots asked for; only such as stand on the same receipt can be meant."""
    offered = {one.id for one in same_sitting(session, lot)}
    if not offered.issuperset(also):
        raise InvalidError(NOT_ALSO, fields={"also": [NOT_ALSO]})
    return dict(also)


def _write(
    session: Session,
    lot: Lot,
    *,
    donor_id: int | None,
    drive_id: int | None,
    reason: str,
    user_id: int,
) -> OriginCorrection:
    made = OriginCorrection(
        lot_id=lot.id,
        from_donor_id=lot.donor_id,
        to_donor_id=donor_id,
        from_drive_id=lot.drive_id,
        to_drive_id=drive_id,
        reason=reason,
        user_id=user_id,
    )
    session.add(made)
    changed = [
        name
        for name, value in (("donor_id", donor_id), ("drive_id", drive_id))
        if getattr(lot, name) != value
    ]
    lot.donor_id, lot.drive_id = donor_id, drive_id
    note(session, Deed.CHANGED, "lot", lot.id, user_id, *changed)
    return made


def keep_letter(
    session: Session,
    *,
    organisation_id: int,
    donor_id: int,
    starts_on: date,
    ends_on: date,
    user_id: int,
    at: datetime,
) -> None:
    """Remember that a letter of thanks was printed, so that a later correction can name it."""
    session.execute(
        sa.insert(DonorLetter).values(
            organisation_id=organisation_id,
            donor_id=donor_id,
            starts_on=starts_on,
            ends_on=ends_on,
            user_id=user_id,
            created_at=at,
        )
    )
