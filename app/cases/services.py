"""Receiving somebody, keeping the intake right, and ending a consultation."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.cases.models import (
    Case,
    Outcome,
    Stage,
)
from app.cases.versions import check_version, flushed
from app.errors import InvalidError

CLOSE_FIELDS = ("stage", "outcome", "closed_on")


# --------------------------------------------------------------------------------- its stage


def advance(session: Session, case: Case, *, to: Stage, from_: Sequence[Stage]) -> None:
    """Move the step line on, without making everybody's open forms stale."""
    session.execute(
        sa.update(Case)
        .where(Case.id == case.id, Case.stage.in_(from_))
        .values(stage=to)
        .execution_options(synchronize_session="fetch")
    )


def close_case(
    session: Session,
    *,
    case: Case,
    version: int,
    outcome: Outcome,
    closed_on: date,
    user_id: int,
    today: date,
) -> None:
    """End a consultation. Raises InvalidError for a day to come or a case already closed."""
    check_version(case, version)
    if case.stage is Stage.CLOSED:
        raise InvalidError("この相談は、すでに終結しています。")
    if not case.received_on <= closed_on <= today:
        sentence = "受け付けた日からきょうまでの日付を入れてください。"
        raise InvalidError(sentence, fields={"closed_on": [sentence]})

    def act() -> None:
        case.stage, case.outcome, case.closed_on = Stage.CLOSED, outcome.value, closed_on

    flushed(session, act)
    note(
        session,
        Deed.CHANGED,
        "case",
        case.id,
        user_id=user_id,
        fields=CLOSE_FIELDS,
    )


def reopen_case(session: Session, *, case: Case, version: int, user_id: int) -> None:
    """Take a closed consultation up again, where it had got to with the needs."""
    check_version(case, version)
    if case.stage is not Stage.CLOSED:
        raise InvalidError("この相談は終結していません。")

    def act() -> None:
        case.stage = Stage.NEEDS if case.housing_need else Stage.ASSESSMENT
        case.outcome = case.closed_on = None

    flushed(session, act)
    note(
        session,
        Deed.CHANGED,
        "case",
        case.id,
        user_id=user_id,
        fields=CLOSE_FIELDS,
    )


def note(
    session: Session,
    deed: Deed,
    kind: str,
    record_id: int | None,
    *,
    user_id: int,
    fields: Sequence[str],
    basis: str | None = None,
) -> None:
    """The audit entry of a change, in the change's own transaction: field names, never values."""
    record(
        session,
        deed=deed,
        record_kind=kind,
        record_id=record_id,
        user_id=user_id,
        fields=fields,
        basis=basis,
    )
