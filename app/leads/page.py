"""What the pages of lists show, everything through policy."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.listing import names_of
from app.cases.models import STAGE_LABELS
from app.cases.needs.models import YesNoUnknown
from app.cases.queries import SeenCase
from app.cases.records import case_title, shown_case
from app.db import JAPAN
from app.japanese import parse_phone
from app.leads import queries
from app.leads.codes import (
    AGREED_HOW_LABELS,
    LEAD_STATE_LABELS,
    RESULT_LABELS,
    RESULT_TAGS,
    TAPPED,
    CallResult,
    LeadState,
)
from app.leads.linking import known_cases
from app.leads.models import LeadAttempt
from app.leads.queries import Held, SeenLead, shown_attempt, shown_lead
from app.leads.services import last_attempt, may_take_back
from app.policy import Presented, Tier, Viewer
from app.security import saw
from app.wording import moment, weekday, yen

LISTED_FIELDS = ("name", "status", "last_result")
BUTTON_KINDS = {
    CallResult.SPOKE: "good",
    CallResult.LATER: "good",
    CallResult.WRONG_NUMBER: "warn",
    CallResult.REFUSED: "bad",
}
_NEXT_DAYS = {
    CallResult.SPOKE: "30日後",
    CallResult.ABSENT: "次の開庁日",
    CallResult.LATER: "3日後",
    CallResult.WRONG_NUMBER: "かけない",
    CallResult.REFUSED: "かけない",
    CallResult.LETTER: "14日後",
}


def clock(at: datetime) -> str:
    """14:05, in Japan."""
    return f"{at.astimezone(JAPAN):%H:%M}"


def rows_of(
    session: Session, seen: Sequence[SeenLead], viewer: Viewer, *, today: date, at: datetime
) -> list[dict[str, Any]]:
    """The lines of the list to call, in a fixed number of statements."""
    held = queries.held_numbers(session, seen, at=at)
    open_leads = [one.lead for one in seen if one.lead.case_id is None]
    known = known_cases(session, viewer, open_leads, today=today)
    rows = []
    for one in seen:
        saw(Deed.LISTED, "lead", one.lead.id, fields=LISTED_FIELDS)
        shown = shown_lead(one, today=today)
        rows.append(
            {
                "shown": shown,
                "url": url_for("leads.lead_page", lead_id=one.lead.id),
                "claim_url": url_for("leads.claim_lead", lead_id=one.lead.id),
                "list": one.lead_list.name,
                "who": who(shown),
                "state": (LEAD_STATE_LABELS[shown.state], state_tag(shown.state)),
                "open": shown.state is LeadState.OPEN,
                "rings": bool(shown.call_digits),
                "last": _last(shown),
                "due": _due(shown, today),
                "secret": shown.secret is YesNoUnknown.YES,
                "held": _held(held.get(one.lead.id), viewer),
                "known": bool(known.get(one.lead.id)),
                "case": _case_line(one),
            }
        )
    return rows


def who(shown: Presented) -> str:
    """「ミホン タロウ　42歳」; a reading that was heard stands for the list's own."""
    age = _("%(n)s歳", n=shown.age) if shown.age is not None else ""
    return "　".join(filter(None, (shown.new_kana or shown.kana, age)))


def state_tag(state: LeadState) -> str:
    return {LeadState.OPEN: "info", LeadState.LINKED: "good"}.get(state, "")


def _last(shown: Presented) -> dict[str, Any] | None:
    if shown.last_result is None:
        return None
    return {
        "tag": (RESULT_LABELS[shown.last_result], RESULT_TAGS[shown.last_result]),
        "when": weekday(shown.last_at.astimezone(JAPAN).date()),
        "calls": shown.calls,
        "misses": shown.misses,
    }


def _due(shown: Presented, today: date) -> dict[str, Any] | None:
    if shown.next_on is None:
        return None
    days = (today - shown.next_on).days
    if days <= 0:
        words = _("きょう") if days == 0 else weekday(shown.next_on)
    else:
        words = _("%(n)s日過ぎ", n=days)
    asked = shown.last_result is CallResult.LATER
    return {"words": words, "late": days > 0, "asked": asked and days >= 0}


def _held(held: Held | None, viewer: Viewer) -> dict[str, Any] | None:
    if held is None:
        return None
    return {"mine": held.user_id == viewer.user_id, "name": held.name, "until": clock(held.until)}


def _case_line(one: SeenLead) -> dict[str, str] | None:
    """The case somebody became; nothing where the viewer may not know of it."""
    if one.case is None:
        return None
    return {"number": one.case.number, "url": url_for("cases.case_page", case_id=one.case.id)}


# --------------------------------------------------------------------------------- one person


def lead_context(
    session: Session, seen: SeenLead, viewer: Viewer, *, today: date, at: datetime
) -> dict[str, Any]:
    """All of one person's page."""
    lead, shown = seen.lead, shown_lead(seen, today=today)
    saw(Deed.VIEWED, "lead", lead.id, fields=shown.values)
    attempts = queries.attempts_of(session, lead)
    names = names_of(session, {a.user_id for a in attempts} | {lead.agreed_by or 0})
    known = known_cases(session, viewer, [lead], today=today) if lead.case_id is None else {}
    last = last_attempt(session, lead)
    return {
        "shown": shown,
        "who": who(shown),
        "lead_list": seen.lead_list,
        "state": (LEAD_STATE_LABELS[shown.state], state_tag(shown.state)),
        "open": lead.case_id is None,
        "held": _held(queries.held_numbers(session, [seen], at=at).get(lead.id), viewer),
        "phone": _phone(shown),
        "cares": cares(shown),
        "due": _due(shown, today),
        "facts": _facts(shown),
        "heard": _heard(shown),
        "others": (shown["as_given"] or {}).get("others", {}),
        "events": [_event(a, seen, names) for a in attempts],
        "known": [_known(case, why) for case, why in known.get(lead.id, ())],
        "case": _case_line(seen),
        "agreed": _agreed(shown, names.get(lead.agreed_by or 0)),
        "undo": last if may_take_back(last, user_id=viewer.user_id, at=at) else None,
        "buttons": buttons(rings=bool(shown.call_digits)),
    }


def buttons(*, rings: bool) -> list[dict[str, str]]:
    """The results to press. Without a number only a letter or a talk at the counter is possible."""
    offered = TAPPED if rings else (CallResult.LETTER, CallResult.SPOKE, CallResult.REFUSED)
    return [
        {
            "value": code.value,
            "label": RESULT_LABELS[code],
            "kind": BUTTON_KINDS.get(code, ""),
            "next": _NEXT_DAYS[code],
        }
        for code in offered
    ]


def cares(shown: Presented) -> list[str]:
    """What must not happen when calling. What nobody asked yet counts as the careful answer."""
    found = []
    if shown.secret is YesNoUnknown.YES:
        found.append(_("家族に知られないように。本人と確かめるまで、用件を言わない。"))
    elif shown.secret is YesNoUnknown.UNKNOWN:
        found.append(_("家族が知っているか、まだ分からない。本人と確かめるまで、用件を言わない。"))
    if shown.voicemail is not YesNoUnknown.YES:
        found.append(_("留守電に残さない。"))
    if shown.best_time:
        found.append(_("つながりやすい時間: %(when)s", when=shown.best_time))
    if shown.care_note:
        found.append(shown.care_note)
    return found


def _phone(shown: Presented) -> dict[str, Any] | None:
    """The number to ring, with the list's own where another was heard; none, and why."""
    if not shown.shows("phone"):
        return None
    typed = shown.new_phone or shown.phone
    problem = parse_phone(typed).problem if typed else None
    return {
        "digits": shown.call_digits,
        "spelled": typed,
        "wrong": bool(typed) and not shown.call_digits,
        "doubt": problem if shown.call_digits else None,
        "listed": shown.phone if shown.new_phone and shown.phone != shown.new_phone else None,
    }


def _facts(shown: Presented) -> list[tuple[str, str | None]]:
    """What the list says, as it says it."""
    postal = f"〒{shown.postal_code} " if shown.postal_code else ""
    on = shown.born_on
    born = f"{on.year}年{on.month}月{on.day}日" if on else None
    lines = [
        (_("貸付番号"), shown.number),
        (_("状況"), shown.status),
        (_("貸付"), "　".join(filter(None, (shown.loan_kind, yen(shown.amount)))) or None),
        (_("償還開始"), shown.repay_from),
        (_("フリガナ（名簿のまま）"), shown.kana),
        (_("生年月日"), born),
    ]
    if shown.shows("address"):
        lines.append((_("住所"), f"{postal}{shown.address or ''}".strip() or None))
    return lines


def _heard(shown: Presented) -> list[tuple[str, str | None]]:
    """What was heard of somebody beside the list."""
    lines = [(_("読み"), shown.new_kana)]
    if shown.shows("new_phone"):
        lines += [(_("電話"), shown.new_phone), (_("住所"), shown.new_address)]
    return [(label, value) for label, value in lines if value]


def _event(attempt: LeadAttempt, seen: SeenLead, names: dict[int, str]) -> dict[str, Any]:
    shown = shown_attempt(attempt, seen.access)
    kind = {"good": "good", "warn": "warn"}.get(RESULT_TAGS[shown.result], "")
    return {
        "when": moment(shown.at),
        "iso": shown.at.isoformat(),
        "title": RESULT_LABELS[shown.result],
        "kind": kind,
        "by": names.get(shown.user_id),
        "note": shown.note,
        "next": weekday(shown.next_on) if shown.next_on else None,
    }


def _known(case: SeenCase, why: tuple[str, ...]) -> dict[str, Any]:
    shown = shown_case(case.case, case.access)
    if case.access.sees(Tier.CONTACT):
        saw(Deed.LISTED, "case", case.case.id, fields=("number", "name", "stage"))
    return {
        "number": shown.number,
        "title": case_title(shown),
        "stage": STAGE_LABELS[shown.stage],
        "why": "・".join(why),
        "url": url_for("cases.case_page", case_id=case.case.id),
    }


def _agreed(shown: Presented, by: str | None) -> dict[str, Any] | None:
    if shown.agreed_on is None:
        return None
    return {
        "how": AGREED_HOW_LABELS[shown.agreed_how],
        "on": weekday(shown.agreed_on),
        "by": by,
        "words": shown.agreed_words,
    }
