"""Reading templates: the version in force for an office on a day, and all there are."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.followup.models import WatchPlan
from app.followup.templates.models import WatchTemplate

NOT_FOUND = "この見守りの型は見つかりません。一覧から選び直してください。"


def in_force(session: Session, code: str, organisation_id: int, day: date) -> WatchTemplate:
    """The newest version valid on a day: the office's own before the shipped one.

    Raises NotFoundError for a code nobody has written a version of.
    """
    found = session.scalar(
        sa.select(WatchTemplate)
        .where(
            WatchTemplate.code == code,
            WatchTemplate.valid_from <= day,
            sa.or_(
                WatchTemplate.organisation_id == organisation_id,
                WatchTemplate.organisation_id.is_(None),
            ),
        )
        .order_by(WatchTemplate.organisation_id.is_(None), WatchTemplate.valid_from.desc())
        .limit(1)
    )
    if found is None:
        raise NotFoundError(NOT_FOUND)
    return found


def versions_for(
    session: Session, organisations: Collection[int], *, code: str | None = None
) -> list[WatchTemplate]:
    """The shipped versions and those of these offices, newest first within each template."""
    asked = sa.select(WatchTemplate).where(
        sa.or_(
            WatchTemplate.organisation_id.is_(None),
            WatchTemplate.organisation_id.in_(organisations),
        )
    )
    if code is not None:
        asked = asked.where(WatchTemplate.code == code)
    return list(
        session.scalars(
            asked.order_by(
                WatchTemplate.kind.desc(),
                WatchTemplate.code,
                WatchTemplate.valid_from.desc(),
                WatchTemplate.organisation_id.is_(None),
                WatchTemplate.id.desc(),
            )
        )
    )


def get_template(
    session: Session, template_id: int, organisations: Collection[int]
) -> WatchTemplate:
    """One version, shipped or of these offices. Raises NotFoundError."""
    found = session.get(WatchTemplate, template_id)
    if found is None or (
        found.organisation_id is not None and found.organisation_id not in organisations
    ):
        raise NotFoundError(NOT_FOUND)
    return found


def plans_on(session: Session, organisations: Collection[int]) -> dict[int, int]:
    """How many running plans of these offices follow each version."""
    asked = (
        sa.select(WatchPlan.template_id, sa.func.count())
        .where(WatchPlan.ended_on.is_(None), WatchPlan.organisation_id.in_(organisations))
        .group_by(WatchPlan.template_id)
    )
    return {row[0]: row[1] for row in session.execute(asked)}
