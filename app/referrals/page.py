"""What the pages of sheets show, everything through policy."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.consents.models import CONSENT_METHOD_LABELS
from app.cases.models import AGE_BAND_LABELS, TOPIC_LABELS, AgeBand, Case, Topic
from app.cases.queries import access_to
from app.db import today
from app.policy import Action, Presented, Protection, Tier, Viewer, allows
from app.referrals import queries
from app.referrals.access import SheetAccess, access_to_sheet, consent_holds
from app.referrals.codes import (
    RESULT_LABELS,
    SHEET_KIND_LABELS,
    STATE_LABELS,
    STATE_TAGS,
    WAY_LABELS,
    RecipientState,
)
from app.referrals.models import ReferralRecipient, ReferralSheet
from app.referrals.queries import Names, SeenSheet
from app.wording import day, moment


def called(shown: Presented) -> str:
    """How the person is called on this screen; without the right to the name, nothing."""
    if shown.name:
        return f"{shown.name}さん"
    if shown.alias:
        return f"{shown.alias}さん"
    if shown.age_band not in {None, AgeBand.UNKNOWN}:
        return AGE_BAND_LABELS[shown.age_band]
    return ""


def list_row(sheet: ReferralSheet, viewer: Viewer, names: Names) -> dict[str, Any]:
    """One line of the list."""
    access = access_to_sheet(sheet, viewer, today=today())
    shown = queries.shown_sheet(sheet, access, names)
    return {
        "shown": shown,
        "called": called(shown),
        "kind": SHEET_KIND_LABELS[sheet.kind],
        "url": url_for("referrals.sheet_page", sheet_id=sheet.id),
        "recipients": [
            (r.office, (STATE_LABELS[r.state], STATE_TAGS[r.state]))
            for r in queries.shown_recipients(sheet, access)
        ],
        "withdrawn": sheet.consent_on is not None and not consent_holds(sheet, today=today()),
    }


def sheet_context(
    session: Session, seen: SeenSheet, viewer: Viewer, *, today: date
) -> dict[str, Any]:
    """All of one sheet's page."""
    sheet, access = seen.sheet, seen.access
    names = queries.names_for(session, [sheet])
    shown = queries.shown_sheet(sheet, access, names)
    holds = consent_holds(sheet, today=today)
    care = access.access.sees(Tier.CARE)
    return {
        "shown": shown,
        "called": called(shown),
        "kind": SHEET_KIND_LABELS[sheet.kind],
        "facts": _facts(shown),
        "matter": [
            (label, shown[name])
            for name, label in (
                ("told", _("聞いたこと")), ("wish", _("本人の望み")), ("asked", _("頼みたいこと")),
            )
            if shown[name]
        ],
        "topics": [
            (TOPIC_LABELS[Topic(code)], code == shown.main_topic) for code in shown.topics or ()
        ],
        "consent": _consent(sheet, shown, holds),
        "recipients": [
            recipient_row(one, access, viewer)
            for one in queries.shown_recipients(sheet, access)
        ],
        "draft": sheet.sent_at is None,
        "hides_place": shown.protection not in {None, Protection.NO},
        "may_edit": access.makers_side and care and sheet.sent_at is None,
        "may_withdraw": access.makers_side and care and holds,
        "may_print": care and holds and allows(viewer, Action.REFERRAL_MAKE),
        "approval_url": _approval_url(session, sheet, access, viewer) if care and holds else None,
        "may_pass_on": shown.shows("name") and sheet.sent_at is not None and holds,
        "case_url": _case_url(sheet, access, viewer),
        "chain": _chain(session, sheet, viewer, today) if care else [],
        "partly": not care,
    }  # fmt: skip


def _facts(shown: Presented) -> list[tuple[str, str | None]]:
    """The person's part, as far as it may be read."""
    values = {
        "name": shown.name,
        "alias": shown.alias,
        "age_band": AGE_BAND_LABELS[shown.age_band] if shown.age_band else None,
        "family": shown.family,
        "address": shown.address,
        "phone": shown.phone,
    }
    labels = {
        "name": _("氏名"), "alias": _("呼び名"), "age_band": _("年代"), "family": _("家族"),
        "address": _("住所"), "phone": _("電話"),
    }  # fmt: skip
    return [(labels[name], value) for name, value in values.items() if shown.shows(name)]


def _consent(sheet: ReferralSheet, shown: Presented, holds: bool) -> dict[str, Any]:
    if sheet.consent_on is None:
        return {
            "tag": (_("まだ"), "warn"),
            "words": _("同意をとるまで、送ることも印刷もできません。"),
        }
    if not holds:
        return {"tag": (_("取りやめ・期間外"), "bad"), "words": _("送り先は、もう読めません。")}
    method = CONSENT_METHOD_LABELS.get(shown.consent_method, "")
    return {"tag": (_("有効"), "good"), "words": f"{day(sheet.consent_on)}　{method}"}


def recipient_values(one: ReferralRecipient) -> dict[str, Any]:
    """A recipient as plain values, for the API."""
    names = ("id", "office", "way", "state", "received_at", "received_by", "result", "done",
             "next_step", "answered_at", "answered_by")  # fmt: skip
    return {name: getattr(one, name) for name in names}


def recipient_row(one: ReferralRecipient, access: SheetAccess, viewer: Viewer) -> dict[str, Any]:
    """One recipient with what may be done next."""
    answers = access.answers_for(one)
    waiting = one.state in {RecipientState.SENT, RecipientState.RECEIVED}
    taken = one.id in access.reached
    return {
        "row": one,
        "way": WAY_LABELS[one.way],
        "tag": (STATE_LABELS[one.state], STATE_TAGS[one.state]),
        "result": RESULT_LABELS[one.result] if one.result else None,
        "received": moment(one.received_at) if one.received_at else None,
        "answered": moment(one.answered_at) if one.answered_at else None,
        "may_receive": answers and one.state is RecipientState.SENT,
        "may_answer": answers and waiting,
        "may_close": access.makers_side and one.state is RecipientState.ANSWERED,
        "may_open_case": taken and one.case_id is None and access.access.sees(Tier.CONTACT)
        and allows(viewer, Action.CASE_CREATE),
        "own_case": url_for("cases.case_page", case_id=one.case_id)
        if taken and one.case_id else None,
        "by_us": one.organisation_id is None,
    }  # fmt: skip


def _approval_url(
    session: Session, sheet: ReferralSheet, access: SheetAccess, viewer: Viewer
) -> str | None:
    """Where a second person is asked before the paper of a protected household is printed."""
    if sheet.case_id is None or not access.makers_side or not allows(viewer, Action.CASE_PRINT):
        return None
    case = session.get_one(Case, sheet.case_id)
    if case.protection is Protection.NO:
        return None
    if not access_to(case, viewer, today=today()).sees(Tier.CARE):
        return None
    return url_for("cases.prints_page", case_id=sheet.case_id)


def _case_url(sheet: ReferralSheet, access: SheetAccess, viewer: Viewer) -> str | None:
    if sheet.case_id is None or not access.makers_side or not allows(viewer, Action.CASE_READ):
        return None
    return url_for("cases.case_page", case_id=sheet.case_id)


def _chain(
    session: Session, sheet: ReferralSheet, viewer: Viewer, today: date
) -> list[dict[str, Any]]:
    """From counter to counter; one whose consent was taken back is not told of.

    Where somebody went on from here is told to whoever sent them here and whoever sent them on,
    not to the other counters: the office they went to may tell of illness, debt or violence.
    """
    sheets = queries.chain_of(session, sheet)
    if len(sheets) < 2:
        return []
    names = queries.names_for(session, sheets)
    sender = access_to_sheet(sheet, viewer, today=today).makers_side
    found = []
    for one in sheets:
        access = access_to_sheet(one, viewer, today=today)
        told = consent_holds(one, today=today) and (sender or one.previous_id != sheet.id)
        if one is not sheet and not access.known and not told:
            continue
        found.append({
            "number": one.number,
            "url": url_for("referrals.sheet_page", sheet_id=one.id)
            if access.known and one is not sheet else None,
            "from": one.from_office or names.organisations.get(one.organisation_id, ""),
            "to": "・".join(r.office for r in one.recipients),
            "on": day(one.made_on),
        })  # fmt: skip
    return found if len(found) > 1 else []
