"""Asking for the morning's mail, proving the address, planning what goes out today."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import jaconv
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.models import Deed
from app.audit.services import record
from app.db import JAPAN, insert_or_update, now, rows_changed
from app.errors import InvalidError
from app.japanese.workdays import is_workday
from app.links import new_nonce
from app.mail.codes import MailKind, MailState
from app.mail.models import Mail, MailReminder

MOST_WRONG_CODES = 5
MOST_CHECKS_A_DAY = 5
STALE = timedelta(hours=6)
"""A list of the morning that arrives in the evening, because the server was off, only confuses."""


def reminder_of(session: Session, user_id: int) -> MailReminder | None:
    """What the person has asked for."""
    return session.get(MailReminder, user_id)


def newest_mails(session: Session, user_id: int, *, most: int = 5) -> Sequence[Mail]:
    """The person's last mails, the newest first."""
    return session.scalars(
        sa.select(Mail).where(Mail.user_id == user_id).order_by(Mail.id.desc()).limit(most)
    ).all()


def ask_for(
    session: Session, *, user_id: int, address: str, sends_at: str, on_holidays: bool, today: date
) -> MailReminder:
    """Send the morning's mail there from now on; a new address has to prove itself first.

    Raises InvalidError when too many numbers were sent today: else any stranger's letter box could
    be filled from here.
    """
    session.execute(sa.select(User.id).where(User.id == user_id).with_for_update())
    reminder = session.get(MailReminder, user_id)
    if reminder is None:
        reminder = MailReminder(user_id=user_id, address="", nonce="")
        session.add(reminder)
    unproven = reminder.address != address
    reminder.sends_at, reminder.on_holidays = sends_at, on_holidays
    if unproven:
        reminder.address = address
        _send_number(session, reminder, today)
    _note(session, user_id, Deed.CHANGED, "address", "sends_at", "on_holidays")
    return reminder


def send_number_again(session: Session, *, user_id: int, today: date) -> None:
    """A new number to the same address; the old one is no longer good."""
    session.execute(sa.select(User.id).where(User.id == user_id).with_for_update())
    reminder = _waiting(session, user_id)
    _send_number(session, reminder, today)
    _note(session, user_id, Deed.CHANGED, "address")


def _waiting(session: Session, user_id: int) -> MailReminder:
    reminder = session.get(MailReminder, user_id)
    if reminder is None or reminder.confirmed_at is not None:
        raise InvalidError("確かめるアドレスがありません。画面を開き直してください。")
    return reminder


def _send_number(session: Session, reminder: MailReminder, today: date) -> None:
    sent = session.scalar(
        sa.select(sa.func.count())
        .select_from(Mail)
        .where(
            Mail.user_id == reminder.user_id,
            Mail.kind == MailKind.ADDRESS_CHECK,
            Mail.for_day == today,
        )
    )
    if (sent or 0) >= MOST_CHECKS_A_DAY:
        sentence = f"番号を送れるのは1日{MOST_CHECKS_A_DAY}回までです。明日もう一度試してください。"
        raise InvalidError(sentence, fields={"address": [sentence]})
    reminder.nonce, reminder.wrong_codes, reminder.confirmed_at = new_nonce(), 0, None
    session.add(
        Mail(
            kind=MailKind.ADDRESS_CHECK,
            user_id=reminder.user_id,
            for_day=today,
            dedupe_key=f"address:{reminder.user_id}:{reminder.nonce}",
        )
    )


def code_of(reminder: MailReminder, secret_key: str) -> str:
    """The six figures that go to the address; neither the table nor the key alone tells them."""
    said = f"{reminder.user_id}:{reminder.address}:{reminder.nonce}"
    digest = hmac.digest(secret_key.encode(), said.encode(), hashlib.sha256)
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06}"


def count_try(session: Session, *, user_id: int) -> bool:
    """Whether one more number may be tried. A try is counted before it is looked at, so that many
    at once are no way round the limit.
    """
    counted = session.execute(
        sa.update(MailReminder)
        .where(
            MailReminder.user_id == user_id,
            MailReminder.confirmed_at.is_(None),
            MailReminder.wrong_codes < MOST_WRONG_CODES,
        )
        .values(wrong_codes=MailReminder.wrong_codes + 1)
    )
    return rows_changed(counted) == 1


def confirm(session: Session, *, user_id: int, code: str, may_try: bool, secret_key: str) -> None:
    """The number has come back: the address is theirs. Raises InvalidError for a wrong one."""
    reminder = _waiting(session, user_id)
    if not may_try:
        _refuse("間違いが続いたため、この番号は使えません。「番号を送り直す」を押してください。")
    typed = "".join(c for c in jaconv.z2h(code, kana=False, digit=True) if c.isdigit())
    if not hmac.compare_digest(typed.encode(), code_of(reminder, secret_key).encode()):
        _refuse("番号が違います。いちばん新しいメールの6桁を入れてください。")
    reminder.confirmed_at = now()
    _note(session, user_id, Deed.CHANGED, "confirmed_at")


def _refuse(sentence: str) -> None:
    raise InvalidError(sentence, fields={"code": [sentence]})


def stop(session: Session, *, user_id: int) -> None:
    """No more mail; the address is forgotten."""
    session.execute(sa.delete(MailReminder).where(MailReminder.user_id == user_id))
    _note(session, user_id, Deed.DELETED, "address")


def _note(session: Session, user_id: int, deed: Deed, *fields: str) -> None:
    record(
        session,
        deed=deed,
        record_kind="mail_reminder",
        record_id=user_id,
        user_id=user_id,
        fields=fields,
    )


def plan_mornings(session: Session, *, at: datetime) -> None:
    """Put today's mail in the table for everyone whose time has come; a second run adds none."""
    here = at.astimezone(JAPAN)
    clock, earliest = here.strftime("%H:%M"), (here - STALE).strftime("%H:%M")
    due = (
        sa.select(MailReminder.user_id)
        .join(User, User.id == MailReminder.user_id)
        .where(
            User.active.is_(True),
            MailReminder.confirmed_at.is_not(None),
            MailReminder.sends_at <= clock,
            MailReminder.sends_at > (earliest if earliest < clock else "00:00"),
        )
    )
    if not is_workday(here.date()):
        due = due.where(MailReminder.on_holidays.is_(True))
    day = here.date()
    rows = [
        {
            "kind": MailKind.MORNING,
            "user_id": user_id,
            "for_day": day,
            "dedupe_key": f"morning:{user_id}:{day.isoformat()}",
            "state": MailState.WAITING,
            "run_after": at,
            "attempts": 0,
            "created_at": at,
        }
        for user_id in session.scalars(due)
    ]
    if rows:
        insert = insert_or_update(session, Mail).values(rows)
        session.execute(insert.on_conflict_do_nothing(index_elements=["dedupe_key"]))
