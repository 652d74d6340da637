"""Organisations and offices we work with but that do not sign in."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from app.db import Base, Code, Id, Name, Text, Timestamps, Versioned, code_column, in_codes


class PartnerKind(StrEnum):
    CITY_SECTION = "city_section"
    PROVIDER = "provider"
    REALTOR = "realtor"
    GUARANTOR_COMPANY = "guarantor_company"
    DONOR = "donor"
    COUNCIL = "council"
    OTHER = "other"


class Partner(Timestamps, Versioned, Base):
    """One partner. `name_key` compares spellings: ㈱架空ホーム is 株式会社架空ホーム."""

    __tablename__ = "partners"
    __table_args__ = (
        in_codes("kind", PartnerKind),
        sa.UniqueConstraint("kind", "name_key"),
    )

    id: Mapped[Id]
    kind: Mapped[PartnerKind] = code_column(PartnerKind)
    name: Mapped[Name]
    name_key: Mapped[Name]
    phone: Mapped[Code | None]
    note: Mapped[Text | None]
