"""Templates as records: every version stays, and a plan names the one it was made from."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import (
    Base,
    Code,
    Day,
    Id,
    Json,
    JsonList,
    Name,
    Sentence,
    Timestamps,
    code_column,
    in_codes,
)
from app.followup.templates.codes import Certainty, HolidayRule, TemplateKind

SHIPPED = sa.text("organisation_id IS NULL")
OWN = sa.text("organisation_id IS NOT NULL")


def _unique_from(name: str, columns: tuple[str, ...], where: Any) -> sa.Index:
    return sa.Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


class WatchTemplate(Timestamps, Base):
    """One version of a template, in force from `valid_from`; never changed, only followed.

    `organisation_id` None: shipped, for every office that has not set its own. `phases` are
    {"every", "unit", "until_months"} in order, `reviews` months, `ladder` hours by step.
    """

    __tablename__ = "watch_templates"
    __table_args__ = (
        in_codes("kind", TemplateKind),
        in_codes("holiday", HolidayRule),
        in_codes("certainty", Certainty),
        sa.CheckConstraint("tolerance_days BETWEEN 0 AND 60", name="tolerance_days"),
        sa.CheckConstraint("silent_hours BETWEEN 1 AND 720", name="silent_hours"),
        sa.CheckConstraint("NOT daily_safety OR silent_hours IS NOT NULL", name="daily_safety"),
        _unique_from("uq_watch_templates_shipped", ("code", "valid_from"), SHIPPED),
        _unique_from("uq_watch_templates_own", ("organisation_id", "code", "valid_from"), OWN),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"))
    code: Mapped[Code]
    kind: Mapped[TemplateKind] = code_column(TemplateKind)
    name: Mapped[Name]
    valid_from: Mapped[Day]
    first_days: Mapped[JsonList] = mapped_column(default=list)
    phases: Mapped[JsonList] = mapped_column(default=list)
    reviews: Mapped[JsonList] = mapped_column(default=list)
    holiday: Mapped[HolidayRule] = code_column(HolidayRule, default=HolidayRule.KEEP)
    tolerance_days: Mapped[int]
    ladder: Mapped[Json] = mapped_column(default=dict)
    daily_safety: Mapped[bool] = mapped_column(default=False)
    silent_hours: Mapped[int | None]
    source: Mapped[Sentence]
    certainty: Mapped[Certainty] = code_column(Certainty)
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
