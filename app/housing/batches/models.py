"""A batch: what was asked and proposed, what people locked, and which pairs they approved.

The machine's answer, people's locks and people's approvals are three tables: a proposal is never
taken for a decision.
"""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import (
    Base,
    Code,
    Day,
    Id,
    Json,
    Moment,
    Sentence,
    Timestamps,
    code_column,
    in_codes,
)


class BatchState(StrEnum):
    """WORKING while a job judges the homes; a batch without an answer is nothing to decide on."""

    WORKING = "working"
    READY = "ready"


class BatchPolicy(StrEnum):
    """What counts first; the same codes as the engine's."""

    PRIORITY = "priority"
    MOST = "most"
    FIT = "fit"


class LockKind(StrEnum):
    FIXED = "fixed"
    NEVER = "never"


class Outcome(StrEnum):
    """What became of an approved pair."""

    HELD = "held"
    TAKEN = "taken"
    REFUSED = "refused"


class MatchBatch(Timestamps, Base):
    """One asking for everybody at once.

    `inputs` are settled when the batch is made: who looks, which pairs are possible and how well
    they fit. `asked` is what the last solving added – policy, locks, what has gone since and what
    was proposed before – so that inputs and asked alone give the answer again.
    """

    __tablename__ = "match_batches"
    __table_args__ = (in_codes("state", BatchState), in_codes("policy", BatchPolicy))

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    run_on: Mapped[Day]
    rule_version: Mapped[Code]
    state: Mapped[BatchState] = code_column(BatchState, default=BatchState.WORKING)
    policy: Mapped[BatchPolicy] = code_column(BatchPolicy, default=BatchPolicy.PRIORITY)
    inputs: Mapped[Json] = mapped_column(default=dict, deferred=True)
    asked: Mapped[Json] = mapped_column(default=dict)
    answer: Mapped[Json] = mapped_column(default=dict)
    left_out: Mapped[int] = mapped_column(default=0)  # of the organisation, place hidden from maker
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("jobs.id", ondelete="SET NULL"))
    solved_at: Mapped[Moment | None]
    solved_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    cases: Mapped[list["BatchCase"]] = relationship(cascade="all, delete-orphan")
    locks: Mapped[list["BatchLock"]] = relationship(order_by="BatchLock.id", lazy="selectin")
    approvals: Mapped[list["BatchApproval"]] = relationship(
        order_by="BatchApproval.id", lazy="selectin"
    )


class BatchCase(Base):
    """A household that is part of a batch, so that a batch is found by who may know of it."""

    __tablename__ = "match_batch_cases"

    batch_id: Mapped[int] = mapped_column(
        sa.ForeignKey("match_batches.id", ondelete="CASCADE"), primary_key=True
    )
    case_id: Mapped[int] = mapped_column(
        sa.ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True
    )


def _only_one(name: str, *columns: str, where: str) -> sa.Index:
    """At most one lock in force of these columns; the database has the last word."""
    condition: Any = sa.text(where)
    return sa.Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


class BatchLock(Timestamps, Base):
    """「この組を固定」「この組はなし」: somebody's decision about one pair, with the reason."""

    __tablename__ = "match_batch_locks"
    __table_args__ = (
        in_codes("kind", LockKind),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
        _only_one(
            "uq_match_batch_locks_pair",
            "batch_id",
            "case_id",
            "home_id",
            where="undone_at IS NULL",
        ),
        _only_one(
            "uq_match_batch_locks_case",
            "batch_id",
            "case_id",
            where="undone_at IS NULL AND kind = 'fixed'",
        ),
        _only_one(
            "uq_match_batch_locks_home",
            "batch_id",
            "home_id",
            where="undone_at IS NULL AND kind = 'fixed'",
        ),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("match_batches.id", ondelete="CASCADE"))
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id", ondelete="CASCADE"))
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("homes.id"))
    kind: Mapped[LockKind] = code_column(LockKind)
    reason: Mapped[Sentence]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    undone_at: Mapped[Moment | None]
    undone_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))


class BatchApproval(Timestamps, Base):
    """A pair a named person approved, and whether the home could be held."""

    __tablename__ = "match_batch_approvals"
    __table_args__ = (in_codes("outcome", Outcome),)

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(
        sa.ForeignKey("match_batches.id", ondelete="CASCADE"), index=True
    )
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id", ondelete="CASCADE"))
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("homes.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    outcome: Mapped[Outcome] = code_column(Outcome)
    note: Mapped[Sentence | None]
