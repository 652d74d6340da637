"""What waits for a consultant today: homes to be left, questions of safety, consents, prints."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.consents.models import Consent
from app.cases.listing import (
    CaseRow,
    listed,
    names_of,
    rows_of,
)
from app.cases.models import (
    STAGE_LABELS,
    Case,
    Stage,
)
from app.cases.queries import (
    access_to,
    open_cases,
    visible_cases,
)
from app.cases.records import case_title
from app.cases.work.models import PrintApproval
from app.cases.work.paper import PAPER_LABELS
from app.db import how_many
from app.policy import RECIPIENT_LABELS, Protection, Role, Tier, Viewer
from app.wording import days_left, weekday

LEAVE_WITHIN = timedelta(days=30)
URGENT = timedelta(days=14)
CONSENT_WITHIN = timedelta(days=14)
AT_MOST = 20


def due(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """The sections of the first page; those with nothing in them are left out."""
    mine = viewer.organisations(Role.CONSULTANT)
    own = open_cases(visible_cases(viewer, today=today)).where(Case.organisation_id.in_(mine))
    sections = [
        {"title": _("退去の期限"), "items": _leaving(session, own, viewer, today)},
        {
            "title": _("居場所の安全を、まだ確かめていない"),
            "items": _unknown(session, own, viewer, today),
        },
        {"title": _("まもなく終わる同意"), "items": _consents(session, own, viewer, today)},
        {"title": _("印刷を認める"), "items": _prints(session, viewer, today)},
    ]
    return [section for section in sections if section["items"]]


def figures(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Consultations that are open, and households that must leave soon; each opens its list."""
    soon = how_many(session, listed(viewer, {"leave_by": "30"}, today=today))
    return [
        {
            "label": _("続いている相談"),
            "value": how_many(session, listed(viewer, {}, today=today)),
            "unit": _("件"),
            "url": url_for("cases.case_list"),
        },
        {
            "label": _("30日以内に退去"),
            "value": soon,
            "unit": _("件"),
            "url": url_for("cases.case_list", leave_by="30"),
            "kind": "warn" if soon else "",
        },
    ]


def _leaving(session: Session, own: Any, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    moved = (Stage.MOVED_IN, Stage.SETTLED)
    near = own.where(Case.leave_by <= today + LEAVE_WITHIN, Case.stage.not_in(moved))
    rows = rows_of(
        session, near.order_by(Case.leave_by, Case.id), viewer, today=today, limit=AT_MOST
    )
    return [
        {
            "when": weekday(row.shown.leave_by),
            "late": row.shown.leave_by < today,
            "title": _title(row),
            "url": _page(row),
            "tag": (days_left(row.shown.leave_by), _urgency(row.shown.leave_by, today)),
            "note": STAGE_LABELS[row.shown.stage],
        }
        for row in rows
    ]


def _urgency(leave_by: date, today: date) -> str:
    if leave_by < today:
        return "bad"
    return "warn" if leave_by <= today + URGENT else ""


def _unknown(session: Session, own: Any, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    asked = own.where(Case.protection == Protection.UNKNOWN).order_by(Case.id)
    rows = rows_of(session, asked, viewer, today=today, limit=AT_MOST)
    return [
        {
            "when": weekday(row.shown.received_on),
            "title": _title(row),
            "url": _page(row),
            "action": (_("確かめる"), url_for("cases.protection_page", case_id=row.shown.id)),
        }
        for row in rows
    ]


def _consents(session: Session, own: Any, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    cases = own.with_only_columns(Case.id).order_by(None)
    ending = session.execute(
        sa.select(Consent, Case)
        .join(Case, Case.id == Consent.case_id)
        .where(
            Consent.case_id.in_(cases),
            Consent.withdrawn_at.is_(None),
            Consent.ends_on.between(today, today + CONSENT_WITHIN),
        )
        .order_by(Consent.ends_on, Consent.id)
        .limit(AT_MOST)
    ).all()
    return [
        {
            "when": weekday(consent.ends_on),
            "title": f"{case.number}　{RECIPIENT_LABELS[consent.recipient]}",
            "url": url_for("cases.consents_page", case_id=case.id),
            "tag": (days_left(consent.ends_on), "warn"),
        }
        for consent, case in ending
        if access_to(case, viewer, today=today).sees(Tier.CARE)
    ]


def _prints(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Requests of others that this viewer may answer, because they see the whole case."""
    asked = session.execute(
        sa.select(PrintApproval, Case)
        .join(Case, Case.id == PrintApproval.case_id)
        .where(
            PrintApproval.approved_by.is_(None),
            PrintApproval.requested_by != viewer.user_id,
            PrintApproval.case_id.in_(
                visible_cases(viewer, today=today).with_only_columns(Case.id)
            ),
        )
        .order_by(PrintApproval.id)
        .limit(AT_MOST)
    ).all()
    names = names_of(session, {approval.requested_by for approval, _case in asked})
    return [
        {
            "when": names.get(approval.requested_by, ""),
            "title": f"{case.number}　{PAPER_LABELS.get(approval.paper, approval.paper)}",
            "url": url_for("cases.prints_page", case_id=case.id),
            "action": (_("見る"), url_for("cases.prints_page", case_id=case.id)),
        }
        for approval, case in asked
        if access_to(case, viewer, today=today).sees(Tier.CARE)
    ]


def _title(row: CaseRow) -> str:
    return f"{row.shown.number}　{case_title(row.shown)}"


def _page(row: CaseRow) -> str:
    return url_for("cases.case_page", case_id=row.shown.id)
