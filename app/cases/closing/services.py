"""Ending a consultation and beginning it again; every ending stays written."""

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.closing.models import Closing
from app.cases.models import Case, Outcome
from app.cases.plans.codes import Change
from app.cases.services import close_case, note, reopen_case
from app.errors import InvalidError


def end_case(
    session: Session,
    *,
    case: Case,
    version: int,
    outcome: Outcome,
    closed_on: date,
    changes: Collection[Change],
    text: str,
    anyway: bool,
    still_open: Sequence[str],
    user_id: int,
    today: date,
) -> Closing:
    """End a consultation. What is still open has to be left open knowingly and is written down.

    Raises InvalidError as `close_case`, and while something is open that nobody agreed to leave.
    """
    if still_open and not anyway:
        sentence = "まだ残っていることがあります。片付けるか、分かったうえで終結にしてください。"
        raise InvalidError(sentence, fields={"anyway": [sentence]})
    close_case(
        session, case=case, version=version, outcome=outcome, closed_on=closed_on,
        user_id=user_id, today=today,
    )  # fmt: skip
    closing = Closing(
        case_id=case.id,
        closed_on=closed_on,
        outcome=outcome.value,
        changes=[change.value for change in changes],
        text=text or None,
        open_things=list(still_open),
        closed_by=user_id,
    )
    session.add(closing)
    session.flush()  # the id is needed by the audit entry; of two at once the index refuses one
    fields = ("outcome", "closed_on", "changes", "open_things")
    note(session, Deed.CREATED, "case_closing", closing.id, user_id=user_id, fields=fields)
    return closing


def begin_again(
    session: Session, *, case: Case, version: int, reason: str, user_id: int, today: date
) -> None:
    """Take a closed consultation up again; how it had ended stays readable."""
    reopen_case(session, case=case, version=version, user_id=user_id)
    closing = session.scalar(
        sa.select(Closing).where(Closing.case_id == case.id, Closing.reopened_on.is_(None))
    )
    if closing is not None:  # one closed before endings were kept has none
        closing.reopened_on, closing.reopened_by = today, user_id
        closing.reopen_reason = reason or None
        fields = ("reopened_on",)
        note(session, Deed.CHANGED, "case_closing", closing.id, user_id=user_id, fields=fields)


def closings_of(session: Session, case_id: int) -> Sequence[Closing]:
    """Every ending of a case, the newest first."""
    return session.scalars(
        sa.select(Closing).where(Closing.case_id == case_id).order_by(Closing.id.desc())
    ).all()
