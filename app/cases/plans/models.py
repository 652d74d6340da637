"""A plan with what it said before, its services, decisions, how it goes and what came of it."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.plans.codes import (
    After,
    Application,
    Decision,
    PlanState,
    Progress,
    Reached,
    ServiceKind,
    SurveyColumn,
)
from app.db import (
    Base,
    Code,
    Day,
    Id,
    Json,
    JsonList,
    Name,
    Sentence,
    Text,
    Timestamps,
    Versioned,
    code_column,
    in_codes,
)

CURRENT = "state <> 'evaluated'"
DECIDED = frozenset({PlanState.DECIDED, PlanState.UNDER_WAY})
"""States in which a plan stands as a meeting decided on it."""


class Service(Timestamps, Versioned, Base):
    """A service a plan can name, as an installation changed or added it (see `catalogue`)."""

    __tablename__ = "services"
    __table_args__ = (
        sa.UniqueConstraint("code"),
        in_codes("kind", ServiceKind),
        in_codes("survey_column", SurveyColumn),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="period"),
    )

    id: Mapped[Id]
    code: Mapped[Code]
    name: Mapped[Name]
    kind: Mapped[ServiceKind] = code_column(ServiceKind)
    survey_column: Mapped[SurveyColumn] = code_column(SurveyColumn, default=SurveyColumn.NONE)
    starts_on: Mapped[Day]
    ends_on: Mapped[Day | None]
    provider: Mapped[Name | None]
    partner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"))
    note: Mapped[Sentence | None]


class Plan(Timestamps, Versioned, Base):
    """One plan of a case: the first, second …; at most one that is not yet evaluated."""

    __tablename__ = "plans"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "number"),
        sa.Index(
            "uq_plans_current",
            "case_id",
            unique=True,
            sqlite_where=sa.text(CURRENT),
            postgresql_where=sa.text(CURRENT),
        ),
        in_codes("state", PlanState),
        in_codes("application", Application),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("ends_on >= starts_on", name="period"),
        sa.CheckConstraint("(application = 'none') = (applied_on IS NULL)", name="applied"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    number: Mapped[int]
    state: Mapped[PlanState] = code_column(PlanState, default=PlanState.DRAFT)
    long_goal: Mapped[Text]
    short_goal: Mapped[Text]
    issues: Mapped[Text | None]  # one a line, free words or codes
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    next_monitoring: Mapped[Day | None] = mapped_column(index=True)
    application: Mapped[Application] = code_column(Application, default=Application.NONE)
    applied_on: Mapped[Day | None]
    submitted_on: Mapped[Day | None]
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))

    services: Mapped[list["PlanService"]] = relationship(
        cascade="all, delete-orphan", order_by="PlanService.position", lazy="selectin"
    )
    decisions: Mapped[list["PlanDecision"]] = relationship(
        order_by="PlanDecision.id", lazy="selectin"
    )
    monitorings: Mapped[list["PlanMonitoring"]] = relationship(
        order_by="PlanMonitoring.id", lazy="selectin"
    )
    evaluation: Mapped["PlanEvaluation | None"] = relationship(lazy="selectin")


class PlanService(Base):
    """A row of a plan: which service, who does it, how often, who does what.

    The name is kept as it read when the plan was made; the code counts in the statistics.
    """

    __tablename__ = "plan_services"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "position"),
        sa.CheckConstraint("ends_on >= starts_on", name="period"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    service: Mapped[Code] = mapped_column(index=True)
    name: Mapped[Name]
    provider: Mapped[Name | None]
    frequency: Mapped[Name | None]
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    person_does: Mapped[Sentence | None]
    we_do: Mapped[Sentence | None]


class PlanRevision(Timestamps, Base):
    """A plan as it read before one change: what it said, who changed it, when and why.

    `state` is where the plan stood when it was changed; after a decision there is always a reason.
    Rows are only ever added.
    """

    __tablename__ = "plan_revisions"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "number"),
        in_codes("state", PlanState),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint(
            "state NOT IN ('decided', 'under_way') OR why IS NOT NULL", name="reason"
        ),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    state: Mapped[PlanState] = code_column(PlanState)
    content: Mapped[Json]
    why: Mapped[Sentence | None]
    changed_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))

    @property
    def after_decision(self) -> bool:
        """Whether a meeting had decided on what was changed."""
        return self.state in DECIDED


class PlanDecision(Timestamps, Base):
    """What a meeting said to a plan; postponed and changed ones stay readable."""

    __tablename__ = "plan_decisions"
    __table_args__ = (in_codes("decision", Decision),)

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    decision: Mapped[Decision] = code_column(Decision)
    decided_on: Mapped[Day]
    place: Mapped[Name]  # which meeting, in words
    note: Mapped[Text | None]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class PlanMonitoring(Timestamps, Base):
    """モニタリング: how a plan goes, and when to look again."""

    __tablename__ = "plan_monitorings"
    __table_args__ = (in_codes("progress", Progress),)

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    monitored_on: Mapped[Day]
    progress: Mapped[Progress] = code_column(Progress)
    text: Mapped[Text]
    next_monitoring: Mapped[Day | None]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class PlanEvaluation(Timestamps, Base):
    """評価シート: what came of a plan. One a plan; with it the plan is over."""

    __tablename__ = "plan_evaluations"
    __table_args__ = (
        sa.UniqueConstraint("plan_id"),
        in_codes("reached", Reached),
        in_codes("after", After),
    )

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id", ondelete="CASCADE"))
    evaluated_on: Mapped[Day]
    reached: Mapped[Reached] = code_column(Reached)
    text: Mapped[Text | None]
    changes: Mapped[JsonList]
    work_change: Mapped[Sentence | None]
    income_change: Mapped[Sentence | None]
    left_over: Mapped[Text | None]
    after: Mapped[After] = code_column(After)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
