"""How many sheets went to and fro between the viewer's organisations and a partner.

Definitions as in `figures`: sent, with a consent that holds. From a partner are the sheets we were
given whose office bears its name, alone or after the organisation it belongs to; a name that two
partners bear alone is nobody's. Whoever may not read all the sheets behind a figure is told it from
three on and without days; 0, 1 and 2 look the same to them, so that no figure points at somebody.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import JAPAN
from app.directory.models import Partner
from app.directory.panels import BothWays, Traffic, traffic_counts
from app.directory.services import name_key
from app.policy import Role, Viewer
from app.referrals.codes import RecipientState
from app.referrals.figures import FEWEST
from app.referrals.models import ReferralRecipient, ReferralSheet
from app.referrals.queries import in_force


def counts_of(
    session: Session, viewer: Viewer, partner_ids: Collection[int], today: date
) -> Mapping[int, BothWays]:
    """Both ways for each of these partners; nothing for whoever is told no figures at all."""
    own = viewer.organisations(Role.CONSULTANT, Role.ORG_ADMIN, Role.HOUSING)
    if not own or not partner_ids:
        return {}
    whole = own <= viewer.organisations(Role.CONSULTANT)
    received = _received(session, own, partner_ids, today)
    sent = _sent(session, own, partner_ids, today)
    return {
        one: BothWays(
            received=_told(received.get(one, ()), whole=whole),
            sent=_told(sent.get(one, ()), whole=whole),
        )
        for one in partner_ids
    }


def _told(days: Iterable[date], *, whole: bool) -> Traffic:
    found = sorted(days)
    if whole:
        return Traffic(len(found), found[0] if found else None, found[-1] if found else None)
    return Traffic(len(found) if len(found) >= FEWEST else None)


def _sent(
    session: Session, own: Collection[int], partner_ids: Collection[int], today: date
) -> dict[int, list[date]]:
    """The day of each sheet of ours, by the partner it went to."""
    rows = session.execute(
        sa.select(ReferralRecipient.partner_id, ReferralSheet.on_paper, ReferralSheet.sent_at)
        .join(ReferralSheet, ReferralSheet.id == ReferralRecipient.sheet_id)
        .where(
            ReferralRecipient.partner_id.in_(partner_ids),
            ReferralRecipient.state != RecipientState.DRAFT,
            ReferralSheet.organisation_id.in_(own),
            ReferralSheet.sent_at.is_not(None),
            in_force(today),
        )
    )
    found: dict[int, list[date]] = {}
    for partner_id, on_paper, sent_at in rows:
        if partner_id is not None and sent_at is not None:
            found.setdefault(partner_id, []).append(on_paper or sent_at.astimezone(JAPAN).date())
    return found


def _received(
    session: Session, own: Collection[int], partner_ids: Collection[int], today: date
) -> dict[int, list[date]]:
    """The day of each sheet somebody else wrote to us, by the partner whose name it bears."""
    rows = session.execute(
        sa.select(ReferralSheet.from_office, ReferralSheet.on_paper, ReferralSheet.sent_at)
        .join(ReferralRecipient, ReferralRecipient.sheet_id == ReferralSheet.id)
        .where(
            ReferralRecipient.organisation_id.in_(own),
            ReferralSheet.from_office.is_not(None),
            ReferralSheet.sent_at.is_not(None),
            in_force(today),
        )
    )
    named = _by_name(session)
    found: dict[int, list[date]] = {}
    for office, on_paper, sent_at in rows:
        partner_id = named.get(name_key(office or ""))
        if partner_id in partner_ids and partner_id is not None and sent_at is not None:
            found.setdefault(partner_id, []).append(on_paper or sent_at.astimezone(JAPAN).date())
    return found


def _by_name(session: Session) -> dict[str, int]:
    """Partners by their name alone where one bears it, and by it after their organisation's."""
    rows = session.execute(
        sa.select(Partner.id, Partner.name_key, Partner.parent_id).order_by(Partner.id)
    ).all()
    keys = {row.id: row.name_key for row in rows}
    bearers = Counter(keys.values())
    alone = {row.name_key: row.id for row in rows if bearers[row.name_key] == 1}
    below = {
        f"{keys[row.parent_id]}{row.name_key}": row.id for row in rows if row.parent_id in keys
    }
    return {**below, **alone}


traffic_counts.append(counts_of)
