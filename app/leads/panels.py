"""What lists add to a case's page: the calls that led to it, for those who read both."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.panels import Panel, PanelLine, TimelineEvent, case_panels
from app.leads.codes import RESULT_LABELS, CallResult
from app.leads.models import Lead, LeadAttempt
from app.leads.queries import visible_leads
from app.policy import Access, Action, Tier, Viewer, allows


def calls_before(
    session: Session, case: Case, access: Access, viewer: Viewer, today: date
) -> Panel | None:
    """The list somebody came from; nothing for whoever may not read the list."""
    if not access.sees(Tier.CARE) or not allows(viewer, Action.LEAD_READ):
        return None
    rows = session.execute(
        visible_leads(viewer)
        .join(LeadAttempt, LeadAttempt.lead_id == Lead.id)
        .where(Lead.case_id == case.id)
        .with_only_columns(Lead.id, Lead.number, LeadAttempt)
        .order_by(LeadAttempt.id)
    ).all()
    if not rows:
        return None
    people = {row.id: row.number for row in rows}
    undone = {row.LeadAttempt.takes_back_id for row in rows}
    return Panel(
        title=_("電話の名簿から"),
        lines=[
            PanelLine(number, url=url_for("leads.lead_page", lead_id=lead_id))
            for lead_id, number in people.items()
        ],
        events=[
            TimelineEvent(
                row.LeadAttempt.at,
                _("電話の名簿: %(result)s", result=RESULT_LABELS[row.LeadAttempt.result]),
                text=row.LeadAttempt.note,
                url=url_for("leads.lead_page", lead_id=row.id),
            )
            for row in rows
            if row.LeadAttempt.result is not CallResult.TAKEN_BACK
            and row.LeadAttempt.id not in undone
        ],
    )


case_panels.append(calls_before)
