"""A vacancy on record as the engine compares it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.housing.codes import (
    BROADER_GROUPS,
    Acceptance,
    AvailableKind,
    ContactRule,
    Group,
    GuarantorRule,
    PetRule,
)
from app.housing.homes.rows import HomeRow, vacant_rows
from app.housing.initial_cost import covered_sum, initial_cost, known_sum
from app.housing.proposals.household import SUPPORTS
from matching import home_columns, need

_STANCES = {
    Acceptance.YES: home_columns.Acceptance.YES,
    Acceptance.CONDITIONAL: home_columns.Acceptance.IF,
    Acceptance.NEGOTIABLE: home_columns.Acceptance.ASK,
    Acceptance.NO: home_columns.Acceptance.NO,
    Acceptance.UNKNOWN: home_columns.Acceptance.UNKNOWN,
}
_PETS = {
    PetRule.YES: home_columns.Acceptance.YES,
    PetRule.NEGOTIABLE: home_columns.Acceptance.ASK,
    PetRule.NO: home_columns.Acceptance.NO,
    PetRule.UNKNOWN: home_columns.Acceptance.UNKNOWN,
}
_Company = home_columns.Company
_SECURITY = {
    GuarantorRule.PERSON: (need.Answer.YES, _Company.NOT_USED),
    GuarantorRule.COMPANY: (need.Answer.YES, _Company.POSSIBLE),
    GuarantorRule.COMPANY_REQUIRED: (need.Answer.NO, _Company.REQUIRED),
    GuarantorRule.NONE: (need.Answer.NO, _Company.NOT_USED),
    GuarantorRule.NEGOTIABLE: (need.Answer.UNKNOWN, _Company.UNKNOWN),
    GuarantorRule.UNKNOWN: (need.Answer.UNKNOWN, _Company.UNKNOWN),
}
# Lists have no column for emergency contacts: a landlord who wants one says so as a condition. A
# home of which nothing was noted therefore sets no such rule; taken as a question, all homes of
# all lists would stay open for everybody who has nobody to name.
_CONTACT_RULES = {
    ContactRule.NONE: home_columns.Contact.NOT_NEEDED,
    ContactRule.CORPORATE: home_columns.Contact.CORPORATE_WILL_DO,
    ContactRule.PERSON: home_columns.Contact.PERSON_ONLY,
    ContactRule.UNKNOWN: home_columns.Contact.NOT_NEEDED,
}


def open_homes(session: Session, today: date) -> home_columns.HomeColumns:
    """Every vacant home in order of its id, with its landlord's stance on every group."""
    groups = tuple(Group)
    return home_columns.columns([home_of(row, groups, today) for row in vacant_rows(session)])


def home_of(row: HomeRow, groups: Iterable[str], today: date) -> home_columns.Home:
    """One vacancy's facts, with the landlord's stance on the household's groups."""
    guarantor, company = _SECURITY[row.guarantor_rule]
    here = None
    if row.latitude is not None and row.longitude is not None:
        here = need.Place(row.latitude, row.longitude)
    return home_columns.Home(
        home_id=row.id,
        ask_id=row.ask_id,
        rent=row.rent,
        fee=0 if row.fee_included else row.fee,
        **_initial_cost(row, today),
        area_m2=float(row.area) if row.area is not None else None,
        rooms=row.rooms,
        max_people=row.most_people,
        floor=row.floor,
        steps=row.steps,
        lift=_known(row.lift),
        wheelchair=_known(row.wheelchair),
        guarantor=guarantor,
        company=company,
        contact=_CONTACT_RULES[row.contact_rule],
        available_from=today if row.available is AvailableKind.NOW else row.available_from,
        # What a newer list leaves out, nobody vouches for any more: it ranks as never confirmed.
        confirmed_on=None if row.missing_since else row.confirmed_on,
        walk_min=row.walk_minutes,
        kind=row.kind.value,
        municipality=row.municipality,
        school_district=row.school_district,
        place=here,
        location_error_m=float(row.location_error_m),
        accepts=_accepts(row, groups),
    )


def _known(fact: bool | None) -> need.Answer:
    return need.Answer.UNKNOWN if fact is None else need.Answer(int(fact))


def _initial_cost(row: HomeRow, today: date) -> dict[str, Any]:
    """What is known to be paid before the keys, and the part a benefit may pay.

    Not known while rent, deposit or key money is missing. Fees that a listing leaves out are
    usual but differ; they are shown as open on the estimate and never guessed into the sum.
    """
    lines = initial_cost(row)
    known = None not in {row.rent, row.deposit, row.key_money}
    return {
        "initial_cost": known_sum(lines) if known else None,
        "initial_covered": covered_sum(lines, on=today),
    }


_Stance = tuple[home_columns.Acceptance, need.Support]


def _accepts(
    row: HomeRow, groups: Iterable[str]
) -> tuple[tuple[str, home_columns.Acceptance, need.Support], ...]:
    """The landlord's stances; on the household's groups also those that follow from others."""
    said = {group: _stance(answer, conditions) for group, answer, conditions in row.accepts}
    known = {group: found for group, found in said.items() if found[0] != _OPEN}
    for code in groups:
        group = Group(code)
        follows = known.get(group) or _from_related(group, known)
        if follows is not None:
            said[group] = follows
    found = [("pet", _PETS[row.pet_rule], need.Support.NONE)]
    return (*found, *((group.value, *stance) for group, stance in said.items()))


_OPEN = home_columns.Acceptance.UNKNOWN


def _from_related(group: Group, known: Mapping[Group, _Stance]) -> _Stance | None:
    """What the broader group's answer, or all answers on its finer groups, say of a group.

    Yes to every finer group is yes to the broader one. Anything else about some of them leaves it
    open: which of them concerns the household is not known.
    """
    if group in BROADER_GROUPS:
        return known.get(BROADER_GROUPS[group])
    finer = [known.get(part) for part, whole in BROADER_GROUPS.items() if whole is group]
    yes = (home_columns.Acceptance.YES, need.Support.NONE)
    return yes if finer and all(stance == yes for stance in finer) else None


def _stance(answer: Acceptance, conditions: Iterable[str]) -> _Stance:
    """One answer; a condition in the landlord's own words, or none named, has to be asked."""
    stance, wanted = _STANCES[answer], need.Support.NONE
    for code in conditions:
        wanted |= SUPPORTS.get(code, need.Support.NONE)
        if code not in SUPPORTS:
            stance = home_columns.Acceptance.ASK
    if stance is home_columns.Acceptance.IF and not wanted:
        stance = home_columns.Acceptance.ASK
    return stance, wanted
