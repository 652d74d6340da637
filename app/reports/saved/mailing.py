"""Word by mail that a saved view can be looked at: what, up to which day, where – never a figure.

A view is due on its day of the month or on Mondays; where offices are closed then, on the next
working day, and after an outage some days late. Its mail is named after the day it was due, so that
it goes out once however often this runs.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.db import JAPAN, db, insert_or_update, now, today
from app.japanese import is_workday, workday_from
from app.jobs import Progress, every
from app.mail.codes import MailKind, MailState
from app.mail.letters import Letter, writers
from app.mail.models import Mail, MailReminder
from app.mail.services import reminder_of
from app.policy import Action, Viewer, allows
from app.reports import queries
from app.reports.codes import SNAPSHOT_LABELS, Sends
from app.reports.figures.counting import Office
from app.reports.models import ReportView
from app.reports.periods import Period, named_period, period_of
from app.reports.saved.addresses import address_of
from app.reports.saved.services import YEARS
from app.reports.sections import SECTIONS
from app.wording import day as in_words

LATE = timedelta(days=6)
"""So long after its day word is still sent, because the server was off; then the next is near."""

CLOSING = (
    "数字は、メールには書きません。サインインして見てください。",
    "止めるときは「数字」→「いつもの見方」から。",
)


@every(timedelta(minutes=5), "plan_report_mails")
def plan(session: Session, _payload: Mapping[str, Any], _report: Progress) -> None:
    """Word of every view that is due, once."""
    plan_report_mails(session, at=now())


def plan_report_mails(session: Session, *, at: datetime) -> None:
    """Put the mails that are due in the table; a second run adds none."""
    found = session.execute(
        sa.select(ReportView, MailReminder)
        .join(User, User.id == ReportView.user_id)
        .join(MailReminder, MailReminder.user_id == ReportView.user_id)
        .where(
            User.active.is_(True),
            MailReminder.confirmed_at.is_not(None),
            ReportView.deleted_at.is_(None),
            ReportView.sends != Sends.NEVER,
        )
    )
    rows = [
        {
            "kind": MailKind.REPORT_VIEW,
            "user_id": view.user_id,
            "for_day": due,
            "about_id": view.id,
            "dedupe_key": f"report_view:{view.id}:{due.isoformat()}",
            "state": MailState.WAITING,
            "run_after": at,
            "attempts": 0,
            "created_at": at,
        }
        for view, reminder in found
        for due in _due(view, reminder, at.astimezone(JAPAN))
    ]
    if rows:
        insert = insert_or_update(session, Mail).values(rows)
        session.execute(insert.on_conflict_do_nothing(index_elements=["dedupe_key"]))


def _due(view: ReportView, reminder: MailReminder, here: datetime) -> Iterator[date]:
    """The day a view was due on, if word of it is to be sent at this hour."""
    today_ = here.date()
    named = last_named(view.sends, view.day_of_month, today_)
    first = named if reminder.on_holidays else workday_from(named)
    open_today = reminder.on_holidays or is_workday(today_)
    since = view.sends_since or today_
    in_time = named > since and first <= today_ <= first + LATE
    if in_time and open_today and here.strftime("%H:%M") >= reminder.sends_at:
        yield named


def last_named(sends: Sends, day_of_month: int | None, on: date) -> date:
    """The last day up to `on` that a rhythm names.

    Examples
    --------
    >>> last_named(Sends.MONTHLY, 28, date(2026, 3, 1)), last_named(Sends.WEEKLY, None,
    ... date(2026, 11, 29))
    (datetime.date(2026, 2, 28), datetime.date(2026, 11, 23))
    """
    if sends is Sends.WEEKLY:
        return on - timedelta(days=on.weekday())
    named = on.replace(day=day_of_month or 1)
    if named > on:
        before = on.replace(day=1) - timedelta(days=1)
        named = before.replace(day=named.day)
    return named


def report_view(mail: Mail, viewer: Viewer) -> Letter | None:
    """That the figures can be looked at; None where the reader may or wants to no longer."""
    reminder = reminder_of(db.session, mail.user_id)
    view = db.session.get(ReportView, mail.about_id) if mail.about_id else None
    if reminder is None or reminder.confirmed_at is None or view is None:
        return None
    if view.deleted_at is not None or view.sends is Sends.NEVER:
        return None
    told = _told(view, viewer, mail.for_day)
    if told is None:
        return None
    period, state = told
    chosen = [section.title for section in SECTIONS if section.key in view.parts]
    lines = [f"{period.label}の数字が見られます。", state]
    if chosen:
        lines.append(f"見る部分：{'、'.join(chosen)}")
    if current_app.config["PUBLIC_URL"]:
        lines += ["", current_app.config["PUBLIC_URL"] + address_of(view, mail.for_day)]
    lines += ["", *CLOSING]
    return Letter(reminder.address, f"つなぎ　{period.label}の数字", "\n".join(lines))


def _told(view: ReportView, viewer: Viewer, on: date) -> tuple[Period, str] | None:
    """The period and up to which day it is told; None where there is nothing for the viewer."""
    if not allows(viewer, Action.REPORT_READ):
        return None
    offices = queries.offices_of(db.session, viewer)
    office = next((one for one in offices if one.id == view.organisation_id), None)
    if office is None:
        return None
    year, span = named_period(view.period, on)
    period = period_of(year, today=today(), of=span.code if span else "")
    if queries.reads_exact(viewer, office):
        return period, f"{office.name}　{in_words(period.last)}までの数です。"
    return _kept(view, office, period)


def _kept(view: ReportView, office: Office, period: Period) -> tuple[Period, str] | None:
    """What was kept of the year, for whoever reads nothing else."""
    snapshot = queries.newest_snapshot(db.session, office, year=period.year)
    if snapshot is None or view.period not in YEARS:
        return None
    words = f"{SNAPSHOT_LABELS[snapshot.kind]}　{in_words(snapshot.as_of)}まで"
    return period, f"{office.name}　残した数字（{words}）です。"


writers[MailKind.REPORT_VIEW] = report_view
