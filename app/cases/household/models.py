"""The telephone numbers of a household: whose, and what must not happen when calling."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.needs.models import YesNoUnknown
from app.db import Base, Code, Id, Name, code_column, in_codes


class Phone(Base):
    """One number as it was told. `digits` is what the search box compares; the spelling stays."""

    __tablename__ = "case_phones"
    __table_args__ = (in_codes("voicemail", YesNoUnknown),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    number: Mapped[Code]
    digits: Mapped[Code | None] = mapped_column(index=True)
    whose: Mapped[Name | None]
    secret: Mapped[bool] = mapped_column(default=False)  # the family must not learn of the call
    voicemail: Mapped[YesNoUnknown] = code_column(YesNoUnknown, default=YesNoUnknown.UNKNOWN)
    best_time: Mapped[Name | None]
    note: Mapped[Name | None]
