"""How many sheets each office sent us: from when, how often again, how many were answered.

Definitions. A sheet counts for the office that wrote it, in the month it was sent or, on paper, the
month we got it. An office is a repeater (リピーター) from its second sheet on. Answered are sheets
whose answer was written down. Sheets whose consent was taken back are not counted at all: a figure
must not tell whoever may not read them that they were there. Nor are they told days, or a count
between two days: of two such counts, each large enough, the difference is a sheet and its day.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import JAPAN
from app.policy import Role, Viewer
from app.referrals import queries
from app.referrals.models import ReferralRecipient, ReferralSheet

FEWEST = 3
"""Below this a figure is told only to those who may read the sheets behind it."""


@dataclass(frozen=True)
class OfficeFigures:
    """One office's line; `count` None means fewer than may be told."""

    office: str
    count: int | None
    first: date | None
    last: date | None
    answered: int | None
    months: tuple[tuple[str, int], ...]

    @property
    def repeats(self) -> bool | None:
        return None if self.count is None else self.count > 1


def figures_of(
    session: Session, viewer: Viewer, *, since: date | None, until: date | None, today: date
) -> list[OfficeFigures]:
    """Per office, the most sheets first; of the viewer's own organisations only."""
    own = viewer.organisations(Role.CONSULTANT, Role.ORG_ADMIN, Role.HOUSING)
    readable = viewer.organisations(Role.CONSULTANT)
    rows = session.execute(
        sa.select(ReferralSheet, ReferralRecipient)
        .join(ReferralRecipient, ReferralRecipient.sheet_id == ReferralSheet.id)
        .where(
            ReferralRecipient.organisation_id.in_(own),
            ReferralSheet.sent_at.is_not(None),
            queries.in_force(today),
        )
        .order_by(ReferralSheet.id)
    ).unique().all()  # fmt: skip
    names = queries.names_for(session, [sheet for sheet, _one in rows])
    offices: dict[str, list[tuple[date, bool]]] = {}
    told: dict[str, bool] = {}
    for sheet, one in rows:
        on = sheet.on_paper or _day(sheet.sent_at)
        office = sheet.from_office or names.organisations[sheet.organisation_id]
        offices.setdefault(office, []).append((on, one.answered_at is not None))
        told[office] = told.get(office, True) and one.organisation_id in readable
    lines = [
        _line(office, chosen, whole=told[office])
        for office, found in offices.items()
        if (chosen := _between(found, since, until) if told[office] else found)
    ]
    return sorted(lines, key=lambda line: (-(line.count or 0), line.office))


def _between(
    found: Iterable[tuple[date, bool]], since: date | None, until: date | None
) -> list[tuple[date, bool]]:
    return [
        one for one in found if (not since or since <= one[0]) and (not until or one[0] <= until)
    ]


def _day(at: datetime | None) -> date:
    """The day something was sent, in Japan; only sheets that were sent get this far."""
    if at is None:
        raise ValueError("a sheet that was not sent")
    return at.astimezone(JAPAN).date()


def _line(office: str, found: Iterable[tuple[date, bool]], *, whole: bool) -> OfficeFigures:
    sheets = sorted(found)
    if len(sheets) < FEWEST and not whole:
        return OfficeFigures(office, None, None, None, None, ())
    months = Counter(f"{on:%Y-%m}" for on, _answered in sheets)
    return OfficeFigures(
        office=office,
        count=len(sheets),
        first=sheets[0][0] if whole else None,
        last=sheets[-1][0] if whole else None,
        answered=sum(answered for _on, answered in sheets) if whole else None,
        months=tuple(sorted(months.items())) if whole else (),
    )
