"""Reading donors, what they gave, what was agreed with them, and food drives."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.models import Partner, PartnerKind
from app.directory.queries import get_partner
from app.errors import NotFoundError
from app.foodbank.donors.flows import came_units, gift_kg, no_kit
from app.foodbank.donors.models import DonorAgreement, FoodDrive, GiftRate
from app.foodbank.models import FoodItem, Lot
from app.foodbank.queries import NOT_FOUND
from app.policy import Role, Viewer

MOST_ID = 2**31


@dataclass(frozen=True)
class Giving:
    """What one donor, or one drive, gave: lots, kilograms, and how many lots nobody can weigh."""

    lots: int = 0
    kg: Decimal = Decimal(0)
    kg_since: Decimal = Decimal(0)  # since the day asked for
    unweighed: int = 0
    last: date | None = None


def get_donor(session: Session, partner_id: int) -> Partner:
    """A donor of the directory. Raises NotFoundError."""
    if partner_id >= MOST_ID:
        raise NotFoundError(NOT_FOUND)
    return get_partner(session, partner_id, (PartnerKind.DONOR,))


def all_donors(session: Session) -> list[Partner]:
    """Every donor of the directory by name."""
    find = sa.select(Partner).where(Partner.kind == PartnerKind.DONOR)
    return list(session.scalars(find.order_by(Partner.name_key, Partner.id)))


def given(
    session: Session, organisation_id: int, *, since: date, by_drive: bool = False
) -> dict[int, Giving]:
    """What each donor (or drive) gave a food bank, in one statement."""
    whose = Lot.drive_id if by_drive else Lot.donor_id
    came = came_units()
    kg = gift_kg(came)
    unweighed = sa.func.sum(sa.case((kg.is_(None), 1), else_=0))
    rows = session.execute(
        sa.select(
            whose,
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(kg), 0),
            sa.func.coalesce(sa.func.sum(sa.case((Lot.received_on >= since, kg))), 0),
            unweighed,
            sa.func.max(Lot.received_on),
        )
        .select_from(Lot)
        .join(FoodItem, FoodItem.id == Lot.item_id)
        .outerjoin(came, came.c.lot_id == Lot.id)
        .where(Lot.organisation_id == organisation_id, whose.is_not(None), no_kit())
        .group_by(whose)
    )
    return {
        number: Giving(lots, Decimal(all_kg), Decimal(kg_since), int(unknown), last)
        for number, lots, all_kg, kg_since, unknown, last in rows
    }


# ---------------------------------------------------------------------------- agreements


def agreements_of(session: Session, organisation_id: int, donor_id: int) -> list[DonorAgreement]:
    """A donor's agreements with a food bank, the newest first."""
    return list(
        session.scalars(
            sa.select(DonorAgreement)
            .where(
                DonorAgreement.organisation_id == organisation_id,
                DonorAgreement.donor_id == donor_id,
            )
            .order_by(DonorAgreement.starts_on.desc())
        )
    )


def in_force(agreements: Sequence[DonorAgreement], on: date) -> DonorAgreement | None:
    """Which of a donor's agreements, newest first, holds on a day: the one begun last before it.

    An older one without an end does not come back to life when the newer one has ended.
    """
    begun = next((one for one in agreements if one.starts_on <= on), None)
    if begun is None or (begun.ends_on is not None and begun.ends_on < on):
        return None
    return begun


def agreement_for(session: Session, lot: Lot) -> DonorAgreement | None:
    """The agreement in force on the day a lot came in."""
    if lot.donor_id is None or lot.received_on is None:
        return None
    return in_force(agreements_of(session, lot.organisation_id, lot.donor_id), lot.received_on)


def last_begun(
    session: Session, organisation_id: int, donor_ids: Collection[int], on: date
) -> list[DonorAgreement]:
    """Each donor's agreement that began last: whom to tell is known longer than it holds."""
    rows = session.scalars(
        sa.select(DonorAgreement)
        .where(
            DonorAgreement.organisation_id == organisation_id,
            DonorAgreement.donor_id.in_(donor_ids),
            DonorAgreement.starts_on <= on,
        )
        .order_by(DonorAgreement.starts_on)
    )
    return list({one.donor_id: one for one in rows}.values())


def donors_with_agreement(session: Session, organisation_id: int, on: date) -> set[int]:
    """The donors with whom an agreement holds on a day."""
    rows = session.scalars(
        sa.select(DonorAgreement)
        .where(DonorAgreement.organisation_id == organisation_id)
        .order_by(DonorAgreement.starts_on.desc())
    )
    each: dict[int, list[DonorAgreement]] = {}
    for one in rows:
        each.setdefault(one.donor_id, []).append(one)
    return {donor for donor, theirs in each.items() if in_force(theirs, on)}


def get_agreement(session: Session, agreement_id: int, viewer: Viewer) -> DonorAgreement:
    """An agreement of the viewer's own food bank."""
    found = session.get(DonorAgreement, agreement_id) if agreement_id < MOST_ID else None
    if found is None or found.organisation_id not in viewer.organisations(Role.FOODBANK):
        raise NotFoundError(NOT_FOUND)
    return found


# -------------------------------------------------------------------- drives and the amount


def drives(session: Session, organisation_id: int) -> list[FoodDrive]:
    """A food bank's drives, the newest first."""
    return list(
        session.scalars(
            sa.select(FoodDrive)
            .where(FoodDrive.organisation_id == organisation_id)
            .order_by(FoodDrive.starts_on.desc(), FoodDrive.id.desc())
        )
    )


def running_drives(session: Session, organisation_id: int, on: date) -> list[FoodDrive]:
    """The drives food may be collected in on a day."""
    return [one for one in drives(session, organisation_id) if one.starts_on <= on <= one.ends_on]


def drive_before(session: Session, user_id: int, *, today: date) -> int | None:
    """The food drive somebody's last receipt of the day belonged to."""
    return session.scalar(
        sa.select(Lot.drive_id)
        .where(Lot.received_by == user_id, Lot.received_on == today)
        .order_by(Lot.id.desc())
        .limit(1)
    )


def get_drive(session: Session, drive_id: int, viewer: Viewer) -> FoodDrive:
    """A drive of the viewer's own food bank."""
    found = session.get(FoodDrive, drive_id) if drive_id < MOST_ID else None
    if found is None or found.organisation_id not in viewer.organisations(Role.FOODBANK):
        raise NotFoundError(NOT_FOUND)
    return found


def rate_of(session: Session, organisation_id: int) -> GiftRate | None:
    """What a food bank reckons a kilogram at."""
    return session.get(GiftRate, organisation_id)


def lots_given(
    session: Session, organisation_id: int, *where: sa.ColumnElement[bool], most: int = 100
) -> list[tuple[Lot, Decimal | None]]:
    """A donor's or a drive's lots with their kilograms, the newest first."""
    came = came_units()
    rows = session.execute(
        sa.select(Lot, gift_kg(came))
        .join(FoodItem, FoodItem.id == Lot.item_id)
        .outerjoin(came, came.c.lot_id == Lot.id)
        .where(Lot.organisation_id == organisation_id, no_kit(), *where)
        .order_by(Lot.received_on.desc().nulls_last(), Lot.id.desc())
        .limit(most)
    ).unique()
    return [(row[0], row[1]) for row in rows]
