"""Assessments with their rows and former versions, and the master of issues."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.assessments.codes import (
    AmountKind,
    AssessmentState,
    DebtSettlement,
    Health,
    JobStage,
    Marital,
    PublicAssistance,
    Screening,
)
from app.cases.needs.models import YesNoUnknown
from app.db import (
    Base,
    Code,
    Day,
    Id,
    Json,
    JsonList,
    Name,
    Text,
    Timestamps,
    Versioned,
    Yen,
    code_column,
    in_codes,
)


class Issue(Timestamps, Versioned, Base):
    """課題: one line of the master. `code` never changes, so figures of years stay comparable.

    `aliases` are other labels people search and count by; `services` what usually helps;
    `questions` the questions of the noticing chart that point to it. `team_only` issues are shown
    to the case's team alone.
    """

    __tablename__ = "issues"
    __table_args__ = (sa.UniqueConstraint("code"),)

    id: Mapped[Id]
    code: Mapped[Code]
    name: Mapped[Name]
    national_code: Mapped[Code | None]
    aliases: Mapped[JsonList] = mapped_column(default=list)
    services: Mapped[JsonList] = mapped_column(default=list)
    questions: Mapped[JsonList] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    team_only: Mapped[bool] = mapped_column(default=False)


class Assessment(Timestamps, Versioned, Base):
    """アセスメント: what was known on a day. `round` 1 is the first one (初回)."""

    __tablename__ = "assessments"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "round"),
        in_codes("state", AssessmentState),
        in_codes("marital", Marital),
        in_codes("health", Health),
        in_codes("public_assistance", PublicAssistance),
        in_codes("debt_settlement", DebtSettlement),
        in_codes("job_stage", JobStage),
        in_codes("screening", Screening),
        in_codes("visits_doctor", YesNoUnknown),
        in_codes("takes_medicine", YesNoUnknown),
        in_codes("stairs_hard", YesNoUnknown),
        in_codes("wheelchair", YesNoUnknown),
        in_codes("driving", YesNoUnknown),
        in_codes("guarantor", YesNoUnknown),
        in_codes("emergency_contact", YesNoUnknown),
        sa.CheckConstraint("round >= 1", name="round"),
        sa.CheckConstraint("living_with BETWEEN 0 AND 30", name="living_with"),
        sa.CheckConstraint("rent >= 0", name="rent"),
        sa.CheckConstraint("loan >= 0", name="loan"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    round: Mapped[int]
    assessed_on: Mapped[Day]
    state: Mapped[AssessmentState] = code_column(AssessmentState, default=AssessmentState.DRAFT)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))

    factors: Mapped[JsonList] = mapped_column(default=list)
    team_factors: Mapped[JsonList] = mapped_column(default=list)

    living_with: Mapped[int | None]
    marital: Mapped[Marital | None] = code_column(Marital)
    family: Mapped[Text | None]
    community: Mapped[Text | None]
    rent: Mapped[Yen | None]
    loan: Mapped[Yen | None]
    guarantor: Mapped[YesNoUnknown] = code_column(YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    emergency_contact: Mapped[YesNoUnknown] = code_column(
        YesNoUnknown, default=YesNoUnknown.UNKNOWN
    )

    health: Mapped[Health | None] = code_column(Health)
    diagnosis: Mapped[Name | None]
    visits_doctor: Mapped[YesNoUnknown] = code_column(YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    takes_medicine: Mapped[YesNoUnknown] = code_column(YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    stairs_hard: Mapped[YesNoUnknown] = code_column(YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    wheelchair: Mapped[YesNoUnknown] = code_column(YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    health_note: Mapped[Text | None]

    public_assistance: Mapped[PublicAssistance | None] = code_column(PublicAssistance)
    debt_settlement: Mapped[DebtSettlement | None] = code_column(DebtSettlement)
    money_note: Mapped[Text | None]

    last_worked_on: Mapped[Day | None]
    licences: Mapped[Name | None]
    driving: Mapped[YesNoUnknown] = code_column(YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    education: Mapped[Name | None]
    wish_for_work: Mapped[Text | None]
    job_stage: Mapped[JobStage | None] = code_column(JobStage)

    wish: Mapped[Text | None]
    summary: Mapped[Text | None]
    screening: Mapped[Screening | None] = code_column(Screening)

    issues: Mapped[list["AssessmentIssue"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )
    amounts: Mapped[list["Amount"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="Amount.position"
    )
    jobs: Mapped[list["PastJob"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="PastJob.position"
    )


class AssessmentIssue(Base):
    """An issue ticked in an assessment; the main ones are what the work is about."""

    __tablename__ = "assessment_issues"

    assessment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("assessments.id", ondelete="CASCADE"), primary_key=True
    )
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), primary_key=True, index=True)
    main: Mapped[bool] = mapped_column(default=False)


class Amount(Base):
    """Income, assets, debts or arrears: yen, and for arrears also how many months."""

    __tablename__ = "assessment_amounts"
    __table_args__ = (
        in_codes("kind", AmountKind),
        sa.CheckConstraint("yen >= 0", name="yen"),
        sa.CheckConstraint("months BETWEEN 0 AND 600", name="months"),
    )

    id: Mapped[Id]
    assessment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("assessments.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[AmountKind] = code_column(AmountKind)
    label: Mapped[Name | None]
    yen: Mapped[Yen | None]
    months: Mapped[int | None]


class PastJob(Base):
    """職歴: one place somebody worked at."""

    __tablename__ = "assessment_jobs"

    id: Mapped[Id]
    assessment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("assessments.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    employer: Mapped[Name | None]
    work: Mapped[Name | None]
    since: Mapped[Code | None]  # as told: 「平成20年ごろ」
    left_on: Mapped[Day | None]
    reason: Mapped[Name | None]


class AssessmentRevision(Timestamps, Base):
    """An assessment as it was after one save; never changed: each version stays readable."""

    __tablename__ = "assessment_revisions"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "version"),)

    id: Mapped[Id]
    assessment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("assessments.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int]
    saved_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    content: Mapped[Json]
