"""What a guide's form begins with, so that nobody is asked twice for what was already told."""

from collections.abc import Iterable
from typing import Any

from app.accounts.models import Organisation
from app.benefits import queries
from app.benefits.codes import BenefitKind, Reason
from app.cases.assessments.codes import AmountKind
from app.cases.assessments.models import Amount, Assessment
from app.cases.assessments.queries import latest
from app.cases.frame import Opened
from app.db import db, today


def beginning(one: Opened, kind: BenefitKind) -> dict[str, Any]:
    """The newest guide's answers of this kind; else what the case and its assessment know."""
    guides = queries.estimates_of(db.session, one.case.id)
    former = next((guide for guide in guides if guide.kind is kind), None)
    if former is not None:
        return {**former.inputs, "applies_on": today()}
    organisation = db.session.get_one(Organisation, one.case.organisation_id)
    need = one.case.housing_need
    grants = queries.grants_of(db.session, one.case.id)
    return {
        "people": one.case.household_size or (need.people if need else None),
        "prefecture": organisation.prefecture,
        "municipality": one.shown.municipality or organisation.municipality,
        "applies_on": today(),
        "blocked_days": 0,
        "months_had": queries.months_had(grants, grants[-1].series) if grants else 0,
        **_assessed(latest(db.session, one.case.id)),
    }


def _assessed(sheet: Assessment | None) -> dict[str, Any]:
    """The money of the newest assessment, as far as every line of it has an amount."""
    if sheet is None:
        return {}
    left = {"reason": Reason.LEFT, "left_on": sheet.last_worked_on} if sheet.last_worked_on else {}
    return {
        **left,
        "fell_on": sheet.last_worked_on,
        "income": _sum(sheet.amounts, {AmountKind.INCOME, AmountKind.BENEFIT}),
        "savings": _sum(sheet.amounts, {AmountKind.ASSET}),
        "rent": sheet.rent,
    }


def _sum(amounts: Iterable[Amount], kinds: set[AmountKind]) -> int | None:
    """The sum of these lines; None without one, or where one of them has no amount yet."""
    found = [one.yen for one in amounts if one.kind in kinds]
    known = [yen for yen in found if yen is not None]
    return sum(known) if known and len(known) == len(found) else None
