"""What the benefits add to the page of a case: what runs, until when, and what to do before."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.benefits import queries, words
from app.benefits.models import RentGrant
from app.cases.models import Case
from app.cases.panels import Panel, PanelLine, case_panels
from app.policy import Access, Tier, Viewer
from app.wording import day, days_left, weekday

ASK_BEFORE = timedelta(days=31)
"""An extension is asked for before the last month ends (生活困窮者自立支援法施行規則)."""


def of_case(
    session: Session, case: Case, access: Access, viewer: Viewer, today: date
) -> Panel | None:
    """Grants and the newest guide, for those who see what a household earns."""
    if not access.sees(Tier.CARE):
        return None
    grants = queries.grants_of(session, case.id)
    current = queries.running(grants, today)
    guides = queries.estimates_of(session, case.id)
    page = url_for("benefits.benefits_page", case_id=case.id)
    lines = []
    if current is not None:
        until = day(queries.last_day(current))
        note = _("%(day)sまで", day=until)
        tag = (_("支給中"), "good")
        lines.append(PanelLine(words.grant_title(current), url=page, note=note, tag=tag))
    if guides:
        url = url_for("benefits.estimate_page", case_id=case.id, estimate_id=guides[0].id)
        lines.append(PanelLine(words.estimate_title(guides[0]), url=url))
    return Panel(
        title=_("住居確保給付金"),
        lines=lines,
        empty=_("目安はまだ出していません"),
        action=(_("開く"), page),
        ahead=_ahead(grants, current, page, today),
    )


def _ahead(
    grants: Sequence[RentGrant], current: RentGrant | None, page: str, today: date
) -> list[PanelLine]:
    if current is None or current.ends_on - today > ASK_BEFORE:
        return []
    left = queries.months_left(grants, current)
    if not left or grants[-1] is not current:
        return []
    title = _("住居確保給付金の延長を、%(day)sまでに申請する", day=weekday(current.ends_on))
    return [PanelLine(title, url=page, note=days_left(current.ends_on))]


case_panels.append(of_case)
