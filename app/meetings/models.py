"""Meetings, who sits there, and what is discussed; the database guards cases without consent.

A case without consent may be discussed only where the meeting stands on a 支援会議 basis, and only
by people who signed the secrecy pledge. Both are told to the database by columns that are carried
along in compound foreign keys: an item repeats its meeting's `support`, a seat its item's `secret`,
and CHECKs compare them, so no code path can put one in the wrong place.
"""

from datetime import time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.plans.codes import Decision
from app.db import (
    Base,
    Day,
    Id,
    JsonList,
    Moment,
    Name,
    Text,
    Timestamps,
    Versioned,
    code_column,
    in_codes,
)
from app.meetings.codes import (
    AttendeeRole,
    ItemBasis,
    LegalBasis,
    MeetingKind,
    MeetingState,
    MoveHoliday,
)


class MeetingSettings(Versioned, Base):
    """An agency's regular days and what its meetings stand on."""

    __tablename__ = "meeting_settings"
    __table_args__ = (
        in_codes("move_holiday", MoveHoliday),
        sa.CheckConstraint("monthly_day BETWEEN 1 AND 31", name="monthly_day"),
    )

    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisations.id"), primary_key=True, autoincrement=False
    )
    weekdays: Mapped[JsonList]  # 0 Monday … 4 Friday
    monthly_day: Mapped[int | None]
    move_holiday: Mapped[MoveHoliday] = code_column(MoveHoliday, default=MoveHoliday.AFTER)
    starts_at: Mapped[time]
    minutes: Mapped[int]
    place: Mapped[Name | None]
    legal_bases: Mapped[JsonList]


class Meeting(Timestamps, Versioned, Base):
    """One meeting of an agency. `support` says whether any of its bases is a 支援会議."""

    __tablename__ = "meetings"
    __table_args__ = (
        in_codes("kind", MeetingKind),
        in_codes("state", MeetingState),
        sa.UniqueConstraint("id", "support"),
        sa.CheckConstraint("coordination OR support", name="bases"),
        sa.CheckConstraint("support = (article_9 OR welfare_act)", name="support"),
        sa.CheckConstraint("minutes BETWEEN 5 AND 600", name="minutes"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    kind: Mapped[MeetingKind] = code_column(MeetingKind)
    coordination: Mapped[bool]
    article_9: Mapped[bool]
    welfare_act: Mapped[bool]
    support: Mapped[bool]
    held_on: Mapped[Day] = mapped_column(index=True)
    starts_at: Mapped[time]
    minutes: Mapped[int]
    place: Mapped[Name | None]
    state: Mapped[MeetingState] = code_column(MeetingState, default=MeetingState.PLANNED)
    remarks: Mapped[Text | None]  # what concerns no single case
    made_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))

    attendees: Mapped[list["Attendee"]] = relationship(
        order_by="Attendee.id", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def bases(self) -> list[LegalBasis]:
        """The bases it stands on, in the order of the codes."""
        stands = {
            LegalBasis.COORDINATION: self.coordination,
            LegalBasis.ARTICLE_9: self.article_9,
            LegalBasis.WELFARE_ACT: self.welfare_act,
        }
        return [basis for basis in LegalBasis if stands[basis]]


class SecrecyPledge(Timestamps, Base):
    """守秘の誓約: who signed when, for one agency's meetings. Nobody records their own."""

    __tablename__ = "secrecy_pledges"
    __table_args__ = (
        sa.Index(
            "uq_secrecy_pledges_user",
            "organisation_id",
            "user_id",
            unique=True,
            sqlite_where=sa.text("user_id IS NOT NULL AND ended_on IS NULL"),
            postgresql_where=sa.text("user_id IS NOT NULL AND ended_on IS NULL"),
        ),
        sa.CheckConstraint("user_id IS NULL OR user_id <> recorded_by", name="second"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= signed_on", name="period"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    name: Mapped[Name]
    belongs_to: Mapped[Name | None]
    signed_on: Mapped[Day]
    ended_on: Mapped[Day | None]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class Attendee(Base):
    """Somebody at a meeting: a user, or a person from outside with organisation and role."""

    __tablename__ = "meeting_attendees"
    __table_args__ = (
        in_codes("role", AttendeeRole),
        sa.UniqueConstraint("meeting_id", "user_id"),
        sa.UniqueConstraint("id", "meeting_id"),
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(
        sa.ForeignKey("meetings.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    name: Mapped[Name]
    belongs_to: Mapped[Name | None]
    role: Mapped[AttendeeRole] = code_column(AttendeeRole, default=AttendeeRole.OTHER)
    pledge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("secrecy_pledges.id"))


class Item(Timestamps, Versioned, Base):
    """A case on a meeting's agenda. What is said about one without consent stays in this row."""

    __tablename__ = "meeting_items"
    __table_args__ = (
        in_codes("basis", ItemBasis),
        in_codes("decision", Decision),
        # Not of secret ones: a refusal would tell of an item that may not be known.
        sa.Index(
            "uq_meeting_items_case",
            "meeting_id",
            "case_id",
            unique=True,
            sqlite_where=sa.text("NOT secret"),
            postgresql_where=sa.text("NOT secret"),
        ),
        sa.UniqueConstraint("id", "secret"),
        sa.UniqueConstraint("id", "meeting_id"),
        sa.ForeignKeyConstraint(
            ["meeting_id", "support"],
            ["meetings.id", "meetings.support"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.CheckConstraint("basis = 'coordination' OR support", name="support"),
        sa.CheckConstraint("NOT without_consent OR basis = 'support'", name="without_consent"),
        sa.CheckConstraint("secret = (basis = 'support')", name="secret"),
        sa.CheckConstraint("NOT without_consent OR plan_id IS NULL", name="no_plan"),
        sa.CheckConstraint("minutes BETWEEN 1 AND 240", name="minutes"),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided"),
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(index=True)
    support: Mapped[bool]  # the meeting's
    position: Mapped[int]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plans.id"))
    basis: Mapped[ItemBasis] = code_column(ItemBasis)
    secret: Mapped[bool]  # discussed as 支援会議: only people who signed sit there
    without_consent: Mapped[bool]
    subject: Mapped[Text | None]
    minutes: Mapped[int] = mapped_column(default=15)
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))

    notes: Mapped[Text | None]
    decision: Mapped[Decision | None] = code_column(Decision)
    decision_note: Mapped[Text | None]
    task: Mapped[Name | None]
    responsible_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    by_when: Mapped[Day | None]
    task_done_at: Mapped[Moment | None]
    decided_at: Mapped[Moment | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    meeting: Mapped[Meeting] = relationship(lazy="joined", innerjoin=True)
    seats: Mapped[list["Seat"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="Seat.attendee_id",
        foreign_keys="[Seat.item_id]",
        primaryjoin="Item.id == Seat.item_id",
    )  # fmt: skip


class Seat(Base):
    """Who is put down for which item; for a secret one only with the pledge they signed."""

    __tablename__ = "meeting_seats"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["item_id", "secret"],
            ["meeting_items.id", "meeting_items.secret"],
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "meeting_id"],
            ["meeting_items.id", "meeting_items.meeting_id"],
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["attendee_id", "meeting_id"],
            ["meeting_attendees.id", "meeting_attendees.meeting_id"],
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("NOT secret OR pledge_id IS NOT NULL", name="pledged"),
    )

    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    attendee_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    meeting_id: Mapped[int]
    secret: Mapped[bool]
    pledge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("secrecy_pledges.id"))


class PaperCopy(Timestamps, Base):
    """A numbered sheet handed out at a meeting, to be collected at its end."""

    __tablename__ = "meeting_papers"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "number"),
        sa.CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(
        sa.ForeignKey("meeting_items.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    printed_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    collected_at: Mapped[Moment | None]
    collected_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
