"""Which lines of a template are for a household: yes, no, or nobody has said.

What is not known is asked: such a line stands in the plan with a question mark and never drops out
silently. Only recorded facts count; nothing is guessed from a name or a town.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from sqlalchemy.orm import Session

from app.cases.intake.codes import Insurance
from app.cases.models import Case, Member
from app.cases.needs.models import YesNoUnknown
from app.cases.welfare.models import WelfareStatus
from app.cases.welfare.services import standings_of
from app.keyday.codes import Applies
from app.policy import Protection

JAPANESE = frozenset({"日本", "日本国", "日本国籍"})
Answer = bool | None


def answers_of(session: Session, case: Case, *, today: date) -> Mapping[Applies, Answer]:
    """For every kind of household: whether this one is of it, None where nobody knows."""
    living = case.living_together
    everybody = bool(living) and len(living) >= (case.household_size or 1)
    by_age = _by_age(living, everybody=everybody, today=today)
    protection = {Protection.YES: True, Protection.NO: False}.get(case.protection)
    return {
        Applies.ALWAYS: True,
        Applies.WELFARE: _welfare(session, case),
        Applies.SCHOOL_CHILD: by_age(lambda age: 6 <= age <= 15),
        Applies.INFANT: by_age(lambda age: age < 3),
        Applies.CHILD: by_age(lambda age: age <= 18),
        Applies.ELDER: True if any(m.care_level for m in living) else by_age(lambda a: a >= 65),
        Applies.NATIONAL_INSURANCE: _insured(case.insurance),
        Applies.FOREIGNER: _foreign(living, everybody=everybody),
        Applies.PET: _pet(case),
        Applies.PROTECTED: protection,
        Applies.NOT_PROTECTED: None if protection is None else not protection,
    }


def _by_age(
    living: Iterable[Member], *, everybody: bool, today: date
) -> Callable[[Callable[[int], bool]], Answer]:
    ages = [member.age_at(today) for member in living]

    def ask(fits: Callable[[int], bool]) -> Answer:
        if any(age is not None and fits(age) for age in ages):
            return True
        return False if everybody and None not in ages else None

    return ask


def _welfare(session: Session, case: Case) -> Answer:
    newest = max(standings_of(session, case.id), key=lambda s: (s.since, s.id), default=None)
    if newest is None:
        return None
    return {
        WelfareStatus.RECEIVING: True,
        WelfareStatus.NONE: False,
        WelfareStatus.ENDED: False,
    }.get(newest.status)


def _insured(insurance: Insurance | None) -> Answer:
    if insurance in {None, Insurance.OTHER}:
        return None
    return insurance is Insurance.NATIONAL


def _foreign(living: Iterable[Member], *, everybody: bool) -> Answer:
    told = [(member.nationality or "").strip() for member in living]
    if any(one and one not in JAPANESE for one in told):
        return True
    return False if everybody and all(told) else None


def _pet(case: Case) -> Answer:
    pet = case.housing_need.pet if case.housing_need else YesNoUnknown.UNKNOWN
    return {YesNoUnknown.YES: True, YesNoUnknown.NO: False}.get(pet)
