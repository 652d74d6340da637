"""Facts that propose looking in more often. A person confirms; nothing is added by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.assessments.codes import AmountKind, Factor
from app.cases.assessments.models import Assessment
from app.cases.intake.codes import LeaveReason
from app.cases.models import Case
from app.followup.models import WatchPlan
from app.followup.plans.codes import AddOnState
from app.followup.plans.models import WatchAddOn
from app.followup.templates.codes import AddOn
from app.policy import Access, Tier

ARREARS = (AmountKind.ARREARS_RENT, AmountKind.ARREARS_TAX, AmountKind.ARREARS_OTHER)


@dataclass(frozen=True)
class Proposal:
    """An add-on and the fact it comes from, in words."""

    code: AddOn
    fact: str


def proposals(session: Session, plan: WatchPlan, access: Access, today: date) -> list[Proposal]:
    """What this viewer's facts propose and nobody has answered yet.

    A fact proposes only to whoever may read the fact itself: debts and illness to those who see
    care, 希死念慮 of an assessment to the case's team alone.
    """
    answered = set(
        session.scalars(
            sa.select(WatchAddOn.code).where(
                WatchAddOn.plan_id == plan.id, WatchAddOn.state != AddOnState.ENDED
            )
        )
    )
    found = _facts(session, plan.placement.case, access, today)
    return [one for one in found if one.code not in answered]


def _facts(session: Session, case: Case, access: Access, today: date) -> Iterator[Proposal]:
    people = case.living_together
    age = people[0].age_at(today) if len(people) == 1 else None
    if access.sees(Tier.CONTACT) and age is not None and age >= 65:
        yield Proposal(AddOn.SINGLE_65, f"一人暮らし・{age}歳")
    if not access.sees(Tier.CARE):
        return
    if case.leave_reason is LeaveReason.DISCHARGE:
        yield Proposal(AddOn.DISCHARGE, "受付: 退院・退所で住まいを出た")
    newest = session.scalar(
        sa.select(Assessment)
        .where(Assessment.case_id == case.id)
        .order_by(Assessment.round.desc())
        .limit(1)
    )
    if newest is None:
        return
    on = f"{newest.assessed_on.month}月{newest.assessed_on.day}日のアセスメント"
    if any(amount.kind in ARREARS and amount.yen != 0 for amount in newest.amounts):
        yield Proposal(AddOn.ARREARS, f"{on}: 滞納あり")
    if access.sees(Tier.TEAM) and Factor.SUICIDAL.value in newest.team_factors:
        yield Proposal(AddOn.SUICIDAL, f"{on}: 希死念慮")
