"""What was agreed with a made-up donor, and the food drive some of the stock came from."""

from collections.abc import Mapping
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.directory.models import Partner, PartnerKind
from app.foodbank.donors import services
from app.foodbank.models import Lot


def add_donors(session: Session, users: Mapping[str, User], *, bank: int, today: date) -> None:
    """An agreement that leaves one thing to ask, and a drive that still runs."""
    who = {"organisation_id": bank, "user_id": users["shokuryo"].id}
    donors = {
        one.name: one
        for one in session.scalars(sa.select(Partner).where(Partner.kind == PartnerKind.DONOR))
    }
    services.agree(
        session,
        **who,
        donor=donors["お試し生協"],
        starts_on=today - timedelta(days=200),
        ends_on=None,
        least_days=60,
        pass_on=None,
        recall_contact="品質の窓口（お試し）",
        conditions="転売しない",
        document="協定書つづり 12",
    )
    drive = services.open_drive(
        session,
        **who,
        name="お試しフードドライブ",
        place="市役所1階（お試し）",
        starts_on=today - timedelta(days=20),
        ends_on=today + timedelta(days=5),
    )
    session.execute(
        sa.update(Lot)
        .where(Lot.donor_id == donors["フードドライブ（お試し）"].id)
        .values(drive_id=drive.id)
    )
