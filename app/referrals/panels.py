"""What sheets add to a case's page: where the household was sent on, and what came back."""

from datetime import date

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.panels import Panel, PanelLine, TimelineEvent, case_panels
from app.policy import Access, Action, Tier, Viewer, allows
from app.referrals.access import access_to_sheet
from app.referrals.codes import RESULT_LABELS, STATE_LABELS, STATE_TAGS
from app.referrals.models import ReferralRecipient, ReferralSheet
from app.wording import day


def sheets_of_case(
    session: Session, case: Case, access: Access, viewer: Viewer, today: date
) -> Panel | None:
    """The sheets made from this case that its reader reads whole, and the way to a new one."""
    if not access.sees(Tier.CODE) or not allows(viewer, Action.REFERRAL_READ):
        return None
    sheets = session.scalars(
        sa.select(ReferralSheet)
        .where(ReferralSheet.case_id == case.id)
        .order_by(ReferralSheet.id.desc())
    ).all()
    seen = [
        sheet for sheet in sheets
        if access_to_sheet(sheet, viewer, today=today).access.sees(Tier.CARE)
    ]  # fmt: skip
    new = (_("つなぐ"), url_for("referrals.new_sheet_of_case_page", case_id=case.id))
    return Panel(
        title=_("つなぐシート"),
        lines=[_line(sheet, one) for sheet in seen for one in sheet.recipients],
        action=new if allows(viewer, Action.REFERRAL_MAKE) else None,
        # Whoever reads their own sheets alone is not told that there are no others.
        empty=_("まだほかの窓口へつないでいません")
        if access.sees(Tier.CARE)
        else _("あなたの窓口からは、まだつないでいません"),
        events=[
            event for sheet in seen for one in sheet.recipients for event in _events(sheet, one)
        ],
    )


def _url(sheet: ReferralSheet) -> str:
    return url_for("referrals.sheet_page", sheet_id=sheet.id)


def _line(sheet: ReferralSheet, one: ReferralRecipient) -> PanelLine:
    return PanelLine(
        one.office,
        url=_url(sheet),
        note=f"{sheet.number}　{day(sheet.made_on)}",
        tag=(STATE_LABELS[one.state], STATE_TAGS[one.state]),
    )


def _events(sheet: ReferralSheet, one: ReferralRecipient) -> list[TimelineEvent]:
    found = []
    if sheet.sent_at is not None:
        found.append(
            TimelineEvent(sheet.sent_at, _("%(office)sへつないだ", office=one.office),
                          url=_url(sheet))
        )  # fmt: skip
    if one.received_at is not None:
        title = _("%(office)sがシートを受け取った", office=one.office)
        found.append(TimelineEvent(one.received_at, title, by=one.received_by, url=_url(sheet)))
    if one.answered_at is not None and one.result is not None:
        title = _("%(office)sから答え: %(result)s", office=one.office,
                  result=RESULT_LABELS[one.result])  # fmt: skip
        ahead = _("次に: %(step)s", step=one.next_step) if one.next_step else None
        found.append(
            TimelineEvent(
                one.answered_at, title, by=one.answered_by, kind="good", url=_url(sheet),
                text="\n".join(filter(None, (one.done, ahead))),
            )
        )  # fmt: skip
    return found


case_panels.append(sheets_of_case)
