"""What became of a landlord's homes, in counts: no household is named or can be found by them."""

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.housing.models import Home
from app.housing.panels import landlord_tallies
from app.placements.codes import RefusalReason
from app.placements.models import Placement

BY_LANDLORD = (RefusalReason.LANDLORD_GROUP, RefusalReason.LANDLORD_OTHER)


def placed_and_refused(session: Session, landlord_id: int) -> list[tuple[str, int, str]]:
    """How many households moved in, and how many applications the landlord turned down."""
    placed, refused = session.execute(
        sa.select(
            sa.func.count(Placement.moved_in_on),
            sa.func.count(sa.case((Placement.refusal.in_(BY_LANDLORD), Placement.id))),
        )
        .join(Home, Home.id == Placement.home_id)
        .where(Home.landlord_id == landlord_id)
    ).one()
    return [(_("入居した世帯"), placed, _("件")), (_("断られた申込"), refused, _("件"))]


landlord_tallies.append(placed_and_refused)
