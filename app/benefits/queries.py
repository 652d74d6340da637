"""Reading: a town's rule on a day, and what a household has of guides, grants and activities."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.benefits.codes import ActivityKind
from app.benefits.models import BenefitEstimate, RentGrant, SearchActivity, TownRuleRow
from app.benefits.rules import MOST_MONTHS, TownRule
from app.errors import NotFoundError
from app.reference.rent_benefit import (
    SIZES,
    ActivityRule,
    activity_rules,
    shipped_standards,
    standard_amount,
)
from app.reference.rent_ceilings import (
    LOWEST_GRADE,
    Certainty,
    rent_ceiling,
    shipped_ceiling_rows,
    shipped_grades,
)


def town_rows(session: Session) -> Sequence[TownRuleRow]:
    """Every table ever entered, by town, the newest first."""
    return session.scalars(
        sa.select(TownRuleRow).order_by(
            TownRuleRow.prefecture,
            TownRuleRow.municipality,
            TownRuleRow.valid_from.desc(),
            TownRuleRow.id.desc(),
        )
    ).all()


def town_rule(
    session: Session, *, prefecture: str, municipality: str, people: int, on: date
) -> TownRule | None:
    """What holds in a town on a day: its own table, else the computed one of its grade.

    None where no table covers the town. Of two rows from one day on, the one entered last counts:
    it corrects the other.
    """
    ceiling = rent_ceiling(
        shipped_ceiling_rows(),
        shipped_grades(),
        prefecture=prefecture,
        municipality=municipality,
        household_size=people,
        on=on,
    )
    if ceiling is None:
        return None
    own = session.scalar(
        sa.select(TownRuleRow)
        .where(
            TownRuleRow.prefecture == prefecture,
            TownRuleRow.municipality == municipality,
            TownRuleRow.valid_from <= on,
        )
        .order_by(TownRuleRow.valid_from.desc(), TownRuleRow.id.desc())
        .limit(1)
    )
    if own is not None:
        return TownRule(
            standard=int(own.standards[min(people, SIZES) - 1]),
            ceiling=ceiling.amount,
            assets_times=own.assets_times,
            assets_cap=own.assets_cap,
            comparison=own.comparison,
            round_to=own.round_to,
            rounding=own.rounding,
            source=f"{own.municipality}の表: {own.source}",
            certain=own.certain and ceiling.certainty is Certainty.CONFIRMED,
        )
    grade = shipped_grades().get((prefecture, municipality), LOWEST_GRADE)
    found = standard_amount(shipped_standards(), grade=grade, people=people, on=on)
    if found is None:
        return None
    return TownRule(
        standard=found.amount,
        ceiling=ceiling.amount,
        source=f"{grade}級地の参考額: {found.source}",
        certain=False,  # the ordinance decides, whatever another town has published
    )


def estimates_of(session: Session, case_id: int) -> Sequence[BenefitEstimate]:
    """The guides of a household, newest first."""
    return session.scalars(
        sa.select(BenefitEstimate)
        .where(BenefitEstimate.case_id == case_id)
        .order_by(BenefitEstimate.id.desc())
    ).all()


def get_estimate(session: Session, case_id: int, estimate_id: int) -> BenefitEstimate:
    """One guide of a household. Raises NotFoundError."""
    found = session.get(BenefitEstimate, estimate_id)
    if found is None or found.case_id != case_id:
        raise NotFoundError("この目安は見つかりません。")
    return found


def grants_of(session: Session, case_id: int) -> Sequence[RentGrant]:
    """The grants of a household, oldest first."""
    return session.scalars(
        sa.select(RentGrant)
        .where(RentGrant.case_id == case_id)
        .order_by(RentGrant.series, RentGrant.number)
    ).all()


def get_grant(session: Session, case_id: int, grant_id: int) -> RentGrant:
    """One grant of a household. Raises NotFoundError."""
    found = session.get(RentGrant, grant_id)
    if found is None or found.case_id != case_id:
        raise NotFoundError("この支給の記録は見つかりません。")
    return found


def last_day(grant: RentGrant) -> date:
    """The day a grant ends, or ended early."""
    return grant.stopped_on or grant.ends_on


def day_after(grant: RentGrant) -> date:
    """The day on which an extension would begin."""
    return last_day(grant) + timedelta(days=1)


def running(grants: Sequence[RentGrant], today: date) -> RentGrant | None:
    """The grant that runs on a day."""
    return next((g for g in grants if g.starts_on <= today <= last_day(g)), None)


def months_had(grants: Sequence[RentGrant], series: int) -> int:
    """Months granted in one series."""
    return sum(g.months for g in grants if g.series == series)


def months_left(grants: Sequence[RentGrant], grant: RentGrant) -> int:
    """Months an extension could still give after this series' grants; 0 once it was stopped."""
    if grant.stopped_on is not None:
        return 0
    return max(MOST_MONTHS - months_had(grants, grant.series), 0)


def ending(session: Session, case_ids: sa.Select[Any], until: date) -> list[RentGrant]:
    """Grants of these cases that end up to a day, the last of their series, not stopped."""
    later = aliased(RentGrant)
    return list(
        session.scalars(
            sa.select(RentGrant)
            .where(
                RentGrant.case_id.in_(case_ids),
                RentGrant.ends_on <= until,
                RentGrant.stopped_on.is_(None),
                ~sa.exists().where(
                    later.case_id == RentGrant.case_id,
                    later.starts_on > RentGrant.starts_on,
                ),
            )
            .order_by(RentGrant.ends_on, RentGrant.id)
        )
    )


# ------------------------------------------------------------------------------ activities


@dataclass(frozen=True)
class Due:
    """One activity that is asked for: how often in which span, how often done, how many left."""

    rule: ActivityRule
    span: str
    done: int

    @property
    def left(self) -> int:
        return max(self.rule.times - self.done, 0)


def activities_of(session: Session, case_id: int, since: date) -> Sequence[SearchActivity]:
    """What was done since a day, newest first, without what was taken back."""
    return session.scalars(
        sa.select(SearchActivity)
        .where(
            SearchActivity.case_id == case_id,
            SearchActivity.on >= since,
            SearchActivity.taken_back_at.is_(None),
        )
        .order_by(SearchActivity.on.desc(), SearchActivity.id.desc())
    ).all()


def dues(done: Collection[SearchActivity], grant: RentGrant, today: date) -> list[Due]:
    """What the running grant asks for now, and what has been done of it."""
    month = today.replace(day=1)
    week = today - timedelta(days=today.weekday())
    spans = {"once": (grant.starts_on - timedelta(days=366), "一度"), "month": (month, "今月"),
             "week": (week, "今週")}  # fmt: skip
    counts = {
        per: Counter(one.kind for one in done if start <= one.on <= today)
        for per, (start, _word) in spans.items()
    }
    return [
        Due(rule, spans[rule.per][1], counts[rule.per][ActivityKind(rule.code)])
        for rule in activity_rules(today)
        if rule.reason == grant.reason.value
    ]
