"""The demonstration's figures: views the desk comes back to, and one report kept, which is what its
manager and other offices read.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.services import viewer_of
from app.japanese import fiscal_year
from app.policy import Viewer
from app.reports import queries, services
from app.reports.codes import RelativePeriod, SnapshotKind
from app.reports.figures.counting import Office
from app.reports.periods import period_of
from app.reports.saved.schemas import ReportViewSchema
from app.reports.saved.services import make_view

VIEWS = (
    ("soudan", "毎月の報告", RelativePeriod.LAST_MONTH, ()),
    ("soudan", "新規相談と住まい探し", RelativePeriod.THIS_YEAR, ("intakes", "homes")),
    ("kanri", "市長への報告", RelativePeriod.THIS_YEAR, ()),
)
"""Whose view, its name, its period and the parts it shows; none are all of them."""


def add_figures(session: Session, users: Mapping[str, User], *, today: date) -> None:
    """Views of the desk and of its manager, and the year so far kept as 速報."""
    for login, name, period, parts in VIEWS:
        viewer = viewer_of(users[login])
        typed = {
            "name": name,
            "organisation_id": _office(session, viewer).id,
            "period": period,
            "parts": list(parts),
        }
        make_view(session, viewer=viewer, values=ReportViewSchema().load(typed), today=today)
    desk = viewer_of(users["soudan"])
    services.keep(
        session,
        office=_office(session, desk),
        period=period_of(fiscal_year(today), today=today),
        kind=SnapshotKind.PRELIMINARY,
        reason=None,
        user_id=desk.user_id,
    )


def _office(session: Session, viewer: Viewer) -> Office:
    """The one organisation whose figures a demonstration user reads."""
    return queries.offices_of(session, viewer)[0]
