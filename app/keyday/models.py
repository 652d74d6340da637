"""A plan per placement with its tasks, and the templates its tasks are copied from.

The day of an open task is not here: `days.day_of` works it out. No task is ever deleted.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import (
    Base,
    Code,
    Day,
    Id,
    Moment,
    Name,
    Sentence,
    Timestamps,
    Versioned,
    code_column,
    in_codes,
)
from app.keyday.codes import MOST_OFFSET, Applies, CountedFrom, Doer, TaskState
from app.placements.models import Placement


class KeyDayTemplate(Timestamps, Base):
    """An organisation's own lines; until it changes one, the shipped ones hold."""

    __tablename__ = "key_day_templates"
    __table_args__ = (sa.UniqueConstraint("organisation_id"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    lines: Mapped[list["KeyDayTemplateLine"]] = relationship(
        order_by="KeyDayTemplateLine.position, KeyDayTemplateLine.id", lazy="selectin"
    )


class KeyDayTemplateLine(Versioned, Base):
    """One line of a template. A line no longer used is retired; plans made with it keep theirs."""

    __tablename__ = "key_day_template_lines"
    __table_args__ = (
        in_codes("counted_from", CountedFrom),
        in_codes("doer", Doer),
        in_codes("applies", Applies),
        sa.CheckConstraint(
            f"offset_days BETWEEN -{MOST_OFFSET} AND {MOST_OFFSET}", name="offset_days"
        ),
        sa.CheckConstraint("(doer = 'partner') = (partner_name IS NOT NULL)", name="partner_name"),
        sa.UniqueConstraint("template_id", "code"),
    )

    id: Mapped[Id]
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("key_day_templates.id"))
    code: Mapped[Code]
    position: Mapped[int]
    title: Mapped[Name]
    explanation: Mapped[Sentence | None]
    counted_from: Mapped[CountedFrom] = code_column(CountedFrom)
    offset_days: Mapped[int]
    doer: Mapped[Doer] = code_column(Doer)
    partner_name: Mapped[Name | None]
    applies: Mapped[Applies] = code_column(Applies, default=Applies.ALWAYS)
    basis: Mapped[Name | None]
    certain: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class KeyDayPlan(Timestamps, Base):
    """鍵の日の段取り of one placement. Whether it is still worked on is the placement's state."""

    __tablename__ = "key_day_plans"
    __table_args__ = (sa.UniqueConstraint("placement_id"),)

    id: Mapped[Id]
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"))
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    placement: Mapped[Placement] = relationship()
    tasks: Mapped[list["KeyDayTask"]] = relationship(
        order_by="KeyDayTask.position, KeyDayTask.id", back_populates="plan"
    )


class KeyDayTask(Timestamps, Versioned, Base):
    """One thing to be done. `code` names the template's line it came from; added ones have none."""

    __tablename__ = "key_day_tasks"
    __table_args__ = (
        in_codes("counted_from", CountedFrom),
        in_codes("doer", Doer),
        in_codes("applies", Applies),
        in_codes("state", TaskState),
        sa.CheckConstraint(
            f"offset_days BETWEEN -{MOST_OFFSET} AND {MOST_OFFSET}", name="offset_days"
        ),
        sa.CheckConstraint("(doer = 'partner') = (partner_name IS NOT NULL)", name="partner_name"),
        sa.CheckConstraint("(doer = 'colleague') = (colleague_id IS NOT NULL)", name="colleague"),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL) AND (state = 'open') = (closed_by IS NULL)",
            name="closed",
        ),
        sa.CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_on"),
        sa.CheckConstraint("(state = 'not_needed') = (reason IS NOT NULL)", name="reason"),
        sa.CheckConstraint("state <> 'open' OR kept_on IS NULL", name="kept_on"),
        sa.UniqueConstraint("plan_id", "code"),
        sa.Index("ix_key_day_tasks_colleague_id", "colleague_id"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("key_day_plans.id"))
    code: Mapped[Code | None]
    position: Mapped[int]
    title: Mapped[Name]
    explanation: Mapped[Sentence | None]
    counted_from: Mapped[CountedFrom] = code_column(CountedFrom)
    offset_days: Mapped[int]
    fixed_on: Mapped[Day | None]
    doer: Mapped[Doer] = code_column(Doer)
    partner_name: Mapped[Name | None]
    colleague_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    applies: Mapped[Applies] = code_column(Applies, default=Applies.ALWAYS)
    to_ask: Mapped[bool] = mapped_column(default=False)  # nobody knows whether it applies
    basis: Mapped[Name | None]
    certain: Mapped[bool] = mapped_column(default=False)
    state: Mapped[TaskState] = code_column(TaskState, default=TaskState.OPEN)
    done_on: Mapped[Day | None]
    kept_on: Mapped[Day | None]  # the day it was due when it was closed
    closed_at: Mapped[Moment | None]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    reason: Mapped[Name | None]
    note: Mapped[Sentence | None]
    plan: Mapped[KeyDayPlan] = relationship(back_populates="tasks")
