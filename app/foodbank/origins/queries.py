"""Who a lot was from before, what a donor was told meanwhile, and lots of the same slip."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.db import JAPAN
from app.foodbank.donors.flows import no_kit
from app.foodbank.evidence.models import EvidencePack
from app.foodbank.models import Lot, Movement, MovementKind
from app.foodbank.origins.models import DonorLetter, OriginCorrection
from app.foodbank.recalls.models import Recall, RecallLot, RecallTold

MOST_SAME = 50


@dataclass(frozen=True)
class Told:
    """What went to a donor, or out with their name, while a lot was written down as theirs."""

    letters: Sequence[DonorLetter] = ()
    packs: Sequence[EvidencePack] = ()
    recalls: Sequence[tuple[str, datetime]] = ()
    given_back: int = 0  # units

    def __bool__(self) -> bool:
        return bool(self.letters or self.packs or self.recalls or self.given_back)


@dataclass(frozen=True)
class Corrected:
    """A correction with what the former donor had been told by then."""

    correction: OriginCorrection
    told: Told = field(default_factory=Told)


def day_of(lot: Lot) -> date:
    """The day a lot counts as come in; one of a ledger without a day by when it was read."""
    return lot.received_on or lot.created_at.astimezone(JAPAN).date()


def same_sitting(session: Session, lot: Lot) -> list[Lot]:
    """Other lots that one person took in on one day from the same donor and drive."""
    return list(
        session.scalars(
            sa.select(Lot)
            .where(
                Lot.organisation_id == lot.organisation_id,
                Lot.id != lot.id,
                Lot.received_by == lot.received_by,
                Lot.received_on.is_not_distinct_from(lot.received_on),
                Lot.donor_id.is_not_distinct_from(lot.donor_id),
                Lot.drive_id.is_not_distinct_from(lot.drive_id),
                no_kit(),
            )
            .order_by(Lot.id.desc())
            .limit(MOST_SAME)
        ).unique()
    )


def corrections_of(session: Session, lot: Lot) -> list[Corrected]:
    """What a lot's origin was before, the newest correction first."""
    rows = session.scalars(
        sa.select(OriginCorrection)
        .where(OriginCorrection.lot_id == lot.id)
        .options(
            joinedload(OriginCorrection.from_donor),
            joinedload(OriginCorrection.to_donor),
            joinedload(OriginCorrection.from_drive),
            joinedload(OriginCorrection.to_drive),
        )
        .order_by(OriginCorrection.id)
    ).all()
    found, since = [], lot.created_at
    for row in rows:
        moved = row.from_donor_id != row.to_donor_id
        told = told_of(session, lot, row.from_donor_id, since, row.created_at) if moved else Told()
        found.append(Corrected(row, told))
        since = row.created_at if moved else since
    return found[::-1]


def told_now(session: Session, lot: Lot, *, at: datetime) -> Told:
    """What the donor written on a lot now has been told since they are written there."""
    since = session.scalar(
        sa.select(sa.func.max(OriginCorrection.created_at)).where(
            OriginCorrection.lot_id == lot.id,
            OriginCorrection.from_donor_id.is_distinct_from(OriginCorrection.to_donor_id),
        )
    )
    return told_of(session, lot, lot.donor_id, since or lot.created_at, at)


def told_of(
    session: Session, lot: Lot, donor_id: int | None, since: datetime, until: datetime
) -> Told:
    """What went to a donor between two moments in which a lot was written down as theirs."""
    if donor_id is None:
        return Told()
    day = day_of(lot)
    letters = session.scalars(
        sa.select(DonorLetter)
        .where(
            DonorLetter.organisation_id == lot.organisation_id,
            DonorLetter.donor_id == donor_id,
            DonorLetter.created_at.between(since, until),
            sa.or_(
                DonorLetter.starts_on.is_(None),
                sa.and_(DonorLetter.starts_on <= day, DonorLetter.ends_on >= day),
            ),
        )
        .order_by(DonorLetter.id)
    ).all()
    packs = session.scalars(
        sa.select(EvidencePack)
        .where(
            EvidencePack.organisation_id == lot.organisation_id,
            EvidencePack.made_at.between(since, until),
            EvidencePack.starts_on <= day,
            EvidencePack.ends_on >= day,
        )
        .order_by(EvidencePack.id)
    ).all()
    recalls = session.execute(
        sa.select(Recall.number, RecallTold.at)
        .join(RecallTold, RecallTold.recall_id == Recall.id)
        .join(RecallLot, RecallLot.recall_id == Recall.id)
        .where(
            RecallLot.lot_id == lot.id,
            RecallTold.partner_id == donor_id,
            RecallTold.created_at.between(since, until),
        )
        .order_by(RecallTold.id)
    ).all()
    given_back = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(-Movement.quantity), 0)).where(
            Movement.lot_id == lot.id,
            Movement.kind == MovementKind.GIVEN_BACK,
            Movement.created_at.between(since, until),
        )
    )
    return Told(letters, packs, [(row[0], row[1]) for row in recalls], int(given_back or 0))


def given_away(
    session: Session,
    organisation_id: int,
    *,
    donor_id: int | None = None,
    drive_id: int | None = None,
    most: int = 30,
) -> list[tuple[OriginCorrection, Lot]]:
    """Lots that were written down as a donor's or a drive's and are no more, the newest first.

    The last correction that took each away from there.
    """
    before, now_ = (
        (OriginCorrection.from_donor_id, Lot.donor_id)
        if drive_id is None
        else (OriginCorrection.from_drive_id, Lot.drive_id)
    )
    whose = donor_id if drive_id is None else drive_id
    last = (
        sa.select(sa.func.max(OriginCorrection.id))
        .where(before == whose)
        .group_by(OriginCorrection.lot_id)
    )
    rows = session.execute(
        sa.select(OriginCorrection, Lot)
        .join(Lot, Lot.id == OriginCorrection.lot_id)
        .where(
            OriginCorrection.id.in_(last),
            Lot.organisation_id == organisation_id,
            now_.is_distinct_from(whose),
        )
        .options(joinedload(Lot.donor), joinedload(Lot.drive))
        .order_by(OriginCorrection.id.desc())
        .limit(most)
    ).unique()
    return [(row[0], row[1]) for row in rows]


def letters_to(session: Session, organisation_id: int, donor_id: int) -> list[DonorLetter]:
    """The letters of thanks a donor was printed, the newest first."""
    return list(
        session.scalars(
            sa.select(DonorLetter)
            .where(DonorLetter.organisation_id == organisation_id, DonorLetter.donor_id == donor_id)
            .order_by(DonorLetter.id.desc())
            .limit(20)
        )
    )
