"""Where a household stands with 生活保護, day by day, and each hand-over to and from its office."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Day, Id, Name, Sentence, Text, Timestamps, code_column, in_codes


class WelfareStatus(StrEnum):
    NONE = "none"
    CONSULTING = "consulting"
    APPLYING = "applying"
    RECEIVING = "receiving"
    ENDED = "ended"


WELFARE_STATUS_LABELS = {
    WelfareStatus.NONE: "なし",
    WelfareStatus.CONSULTING: "相談中",
    WelfareStatus.APPLYING: "申請中",
    WelfareStatus.RECEIVING: "受給中",
    WelfareStatus.ENDED: "廃止後",
}


class Direction(StrEnum):
    """Either way (連続的支援): from here to 生活保護, or back from it."""

    TO = "to"
    BACK = "back"


DIRECTION_LABELS = {
    Direction.TO: "こちらから生活保護へ",
    Direction.BACK: "生活保護からこちらへ",
}


class HandoverBasis(StrEnum):
    CONSENT = "consent"
    LAW = "law"


HANDOVER_BASIS_LABELS = {
    HandoverBasis.CONSENT: "本人の同意",
    HandoverBasis.LAW: "法律（同意によらない）",
}


class WelfareStanding(Timestamps, Base):
    """One dated statement; the newest by day is how it stands."""

    __tablename__ = "welfare_standings"
    __table_args__ = (in_codes("status", WelfareStatus),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    status: Mapped[WelfareStatus] = code_column(WelfareStatus)
    since: Mapped[Day]
    office: Mapped[Name | None]
    note: Mapped[Sentence | None]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))


class WelfareHandover(Timestamps, Base):
    """引き継ぎ: what was handed to or came from the office, when, on what basis."""

    __tablename__ = "welfare_handovers"
    __table_args__ = (
        in_codes("direction", Direction),
        in_codes("basis", HandoverBasis),
        sa.CheckConstraint("basis = 'consent' OR length(basis_note) > 0", name="law_named"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), index=True)
    direction: Mapped[Direction] = code_column(Direction)
    handed_on: Mapped[Day] = mapped_column(index=True)
    office: Mapped[Name]
    handed: Mapped[Text]
    basis: Mapped[HandoverBasis] = code_column(HandoverBasis)
    basis_note: Mapped[Sentence]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
