"""Organisations, users and the ways a browser or a program proves who it is."""

from typing import Any

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, Code, Id, JsonType, Moment, Name, Timestamps, code_column, in_codes
from app.policy import OrganisationKind, Role


class Organisation(Timestamps, Base):
    """A consultation agency, NPO, food bank or city section. One may be several at once."""

    __tablename__ = "organisations"
    __table_args__ = (sa.UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[Name]
    prefecture: Mapped[Name]
    municipality: Mapped[Name]
    phone: Mapped[Code | None]
    requires_second_factor: Mapped[bool] = mapped_column(default=False)
    kind_rows: Mapped[list["OrganisationKindRow"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def kinds(self) -> frozenset[OrganisationKind]:
        return frozenset(row.kind for row in self.kind_rows)


class OrganisationKindRow(Base):
    """One thing an organisation is."""

    __tablename__ = "organisation_kinds"
    __table_args__ = (in_codes("kind", OrganisationKind),)

    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[OrganisationKind] = code_column(OrganisationKind, primary_key=True)


class User(UserMixin, Timestamps, Base):  # type: ignore[misc]
    """A person who signs in; switched off rather than deleted, so records keep their author."""

    __tablename__ = "users"

    id: Mapped[Id]
    login: Mapped[Name] = mapped_column(unique=True)
    name: Mapped[Name]
    password_hash: Mapped[Name]
    active: Mapped[bool] = mapped_column(default=True)
    totp_secret: Mapped[Code | None]
    # The last accepted 30-second step: a code is good once, by a conditional UPDATE.
    totp_step: Mapped[int] = mapped_column(sa.BigInteger(), default=0)
    totp_since: Mapped[Moment | None]
    memberships: Mapped[list["RoleMembership"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def is_active(self) -> bool:
        return self.active


class RoleMembership(Base):
    """A role of a user in an organisation."""

    __tablename__ = "role_memberships"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "organisation_id", "role"),
        in_codes("role", Role),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    role: Mapped[Role] = code_column(Role)
    user: Mapped[User] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


class RecoveryCode(Timestamps, Base):
    """A one-time code for a lost authenticator; DELETE uses it up, so two cannot share it."""

    __tablename__ = "recovery_codes"
    __table_args__ = (sa.UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[Name]


class WebSession(Timestamps, Base):
    """A browser's session, kept on the server. The cookie's id is stored only as its SHA-256."""

    __tablename__ = "web_sessions"

    id_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    data: Mapped[dict[str, Any]] = mapped_column(JsonType, default=dict)
    seen_at: Mapped[Moment] = mapped_column(index=True)
    auth_at: Mapped[Moment | None]
    device: Mapped[Name | None]  # "Chrome / Windows", to recognise one's own sessions by


class SignInFailure(Timestamps, Base):
    """A failed attempt, counted per account and per address. Both only as keyed hashes."""

    __tablename__ = "sign_in_failures"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(sa.String(64), index=True)


class ApiToken(Timestamps, Base):
    """A program's key to act as a user; shown once, stored as SHA-256."""

    __tablename__ = "api_tokens"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    label: Mapped[Name]
    expires_at: Mapped[Moment | None]
    last_used_at: Mapped[Moment | None]
