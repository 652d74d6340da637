"""Sending what is due: each mail is taken by one guarded UPDATE, written, sent, and marked.

No lock is held while a mail server is asked. A runner that dies between sending and marking sends
again after its lease; the Message-ID is the same, by which mail programs drop the second copy.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import sqlalchemy as sa
import structlog
from flask import current_app, g
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.services import viewer_of
from app.audit.services import record_looks
from app.db import db, now, rows_changed, separate_session
from app.jobs import Progress, every, every_outside
from app.mail.codes import MailProblem, MailState
from app.mail.letters import Letter, writers
from app.mail.models import Mail
from app.mail.services import plan_mornings
from app.mail.transports import RefusedError, Transport, UnreachableError, transport_of

log = structlog.get_logger()
LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 6
MOST_A_ROUND = 200


@every(timedelta(minutes=5), "plan_mails")
def plan(session: Session, _payload: Mapping[str, Any], _report: Progress) -> None:
    """Everybody's mail of the morning, once."""
    plan_mornings(session, at=now())


@every_outside(timedelta(minutes=1), "send_mails")
def send_due() -> None:
    """Send what is due; when the server does not answer, the rest waits for the next round."""
    config = current_app.config
    transport = transport_of(config["MAIL_URL"], folder=config["DATA_DIR"] / "mails")
    for _round in range(MOST_A_ROUND):
        mail_id = _take(now())
        if mail_id is None or not _send(mail_id, transport):
            return


def _take(at: datetime) -> int | None:
    with separate_session(write=True) as session:
        due = sa.or_(
            sa.and_(Mail.state == MailState.WAITING, Mail.run_after <= at),
            sa.and_(Mail.state == MailState.SENDING, Mail.leased_until < at),
        )
        mail_id = session.scalar(
            sa.select(Mail.id).where(due).order_by(Mail.run_after, Mail.id).limit(1)
        )
        if mail_id is None:
            return None
        taken = session.execute(
            sa.update(Mail)
            .where(Mail.id == mail_id, due)
            .values(state=MailState.SENDING, leased_until=at + LEASE, attempts=Mail.attempts + 1)
        )
        return mail_id if rows_changed(taken) == 1 else None


def _send(mail_id: int, transport: Transport) -> bool:
    """Whether to go on with the next one."""
    try:
        message = _written(mail_id)
    except Exception as error:  # noqa: BLE001 - one mail's fault must not stop the others
        log.warning("mail_unwritten", mail_id=mail_id, error=type(error).__name__)
        _later(mail_id, MailProblem.UNWRITTEN)
        return True
    if message is None:
        _end(mail_id, MailState.NOTHING_TO_SAY)
        return True
    try:
        transport.send(message, name=f"mail-{mail_id}")
    except RefusedError:
        _end(mail_id, MailState.FAILED, MailProblem.REFUSED)
        return True
    except UnreachableError as error:
        log.warning("mail_unreachable", mail_id=mail_id, error=type(error.__cause__).__name__)
        _later(mail_id, MailProblem.UNREACHABLE)
        return False
    _end(mail_id, MailState.SENT)
    return True


def _written(mail_id: int) -> EmailMessage | None:
    """The mail as its reader may know it now; None when there is nothing (more) to say."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    base = app.config["PUBLIC_URL"] or "http://localhost"
    # A page of the reader's own: what features tell for the first page needs one to be asked in.
    with app.app_context(), app.test_request_context("/", base_url=base):
        mail = db.session.get_one(Mail, mail_id)
        user = db.session.get_one(User, mail.user_id)
        if not user.active:
            return None
        g.viewer = viewer_of(user)
        letter = writers[mail.kind](mail, g.viewer)
        if letter is None:
            return None
        _keep_looks(user.id, mail)
        return _message(mail, letter, sender=app.config["MAIL_FROM"])


def _keep_looks(user_id: int, mail: Mail) -> None:
    if looks := g.pop("looks", None):
        with separate_session(write=True) as session:
            record_looks(
                session,
                looks,
                user_id=user_id,
                organisation_id=None,
                request_id=f"mail-{mail.id}",
            )


def _message(mail: Mail, letter: Letter, *, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"つなぎ <{sender}>"
    message["To"] = letter.address
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now())
    host = sender.rpartition("@")[2]
    message["Message-ID"] = f"<mail-{mail.id}-{int(mail.created_at.timestamp())}@{host}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: absence notes do not answer it
    message.set_content(letter.text + "\n")
    return message


def _end(mail_id: int, state: MailState, problem: MailProblem | None = None) -> None:
    sent_at = now() if state is MailState.SENT else None
    _change(mail_id, state=state, problem=problem, sent_at=sent_at, leased_until=None)


def _later(mail_id: int, problem: MailProblem) -> None:
    """Try again after two, four, eight … minutes; after the sixth time it stays unsent."""
    with separate_session(write=False) as session:
        attempts = session.get_one(Mail, mail_id).attempts
    if attempts >= MOST_ATTEMPTS:
        _end(mail_id, MailState.FAILED, problem)
        return
    after = now() + timedelta(minutes=2**attempts)
    _change(mail_id, state=MailState.WAITING, problem=problem, run_after=after, leased_until=None)


def _change(mail_id: int, **values: object) -> None:
    """Only while it is ours: a runner whose lease ran out must not undo what the next one did."""
    with separate_session(write=True) as session:
        session.execute(
            sa.update(Mail)
            .where(Mail.id == mail_id, Mail.state == MailState.SENDING)
            .values(**values)
        )
