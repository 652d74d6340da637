"""Asking the machine which homes suit a household, and keeping what it was asked and answered.

The only module of the feature that speaks to `matching`. Homes near a stay-away zone are taken out
before anything is stored, and the zone itself is never part of a stored run.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.audit.models import Deed
from app.audit.services import record
from app.cases.models import (
    AgeBand,
    Case,
    EmergencyContact,
    FloorNeed,
    HousingNeed,
    RentBasis,
    StayAwayZone,
    YesNoUnknown,
)
from app.errors import InvalidError
from app.housing.codes import (
    BROADER_GROUPS,
    Acceptance,
    AvailableKind,
    ContactRule,
    Group,
    GuarantorRule,
    HomeState,
    PetRule,
)
from app.housing.homes.rows import HomeRow, vacant_rows
from app.housing.initial_cost import covered_sum, initial_cost, known_sum
from app.housing.models import Home, MatchRun, Property
from app.housing.pauses import paused_homes
from app.housing.plain import canonical, from_plain, to_plain
from app.reference.rent_ceilings import rent_ceiling, shipped_ceiling_rows, shipped_grades
from matching import home_columns, need
from matching.errors import MatchingInputError
from matching.evaluation import outside_zones
from matching.explain import (
    ask_sentence,
    failure_sentence,
    home_sentences,
    near_sentences,
    question_sentence,
    to_do,
    what_if_sentence,
)
from matching.homes import Candidate, Ranking, rank_homes
from matching.phrases import GROUP_NAMES

# What the feature's other modules need of matching; this is the only one that may import it.
__all__ = [
    "GROUP_NAMES",
    "RULE_VERSION",
    "Answered",
    "Candidate",
    "Ranking",
    "ask",
    "ask_sentence",
    "canonical",
    "failure_sentence",
    "home_sentences",
    "keep",
    "near_sentences",
    "question_sentence",
    "replay",
    "stored",
    "to_do",
    "what_if_sentence",
    "without_places",
]

RULE_VERSION = "homes-2"
TOP = 60
ELDERLY_FROM = 65
# The smallest private room of a registered shared dwelling: 9 m² a person (共同居住型の基準).
SPACE = need.SpaceRule(9.0, 0.0, 9.0)


@dataclass(frozen=True)
class Answered:
    """What was asked and answered, ready to be stored."""

    inputs: dict[str, Any]
    result: dict[str, Any]

    @property
    def rent_limit(self) -> int | None:
        """The highest rent that was allowed; None while nothing is agreed."""
        limit = self.inputs["need"].get("rent_limit")
        if limit is None:
            return None
        if "amount" in limit:
            amount: int = limit["amount"]
            return amount
        highest: int = max(one["bands"][-1]["amount"] for one in (limit, *limit.get("towns", ())))
        return highest


def ask(
    session: Session, case: Case, *, today: date, tried: Mapping[str, Any] | None = None
) -> Answered:
    """Rank all vacant homes for a household, with conditions changed as `tried` says.

    Homes that are paused for this household are taken out first; the run names them.

    Raises InvalidError for a case without a housing need, and for a need no home could answer.
    """
    wanted = _need(session, case, tried or {}, today)
    try:
        household = replace(wanted, stay_away=_zones(session, case.id))
        paused = paused_homes(session, case, today=today)
        rows = [row for row in vacant_rows(session) if row.id not in paused]
        there = [_home(row, wanted.groups, today) for row in rows]
        shown = outside_zones(household, home_columns.columns(there))
        asked = {
            "today": today.isoformat(),
            "need": to_plain(wanted),
            "homes": [to_plain(home) for home, ok in zip(there, shown, strict=True) if ok],
            "paused": sorted(paused),
        }
        return Answered(asked, _answer(asked))
    except MatchingInputError as error:
        raise InvalidError(error.message) from error


def _answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Rank from stored inputs alone: the same inputs give the same answer."""
    there = [from_plain(home_columns.Home, one) for one in asked["homes"]]
    ranking = rank_homes(
        from_plain(need.HouseholdNeed, asked["need"]),
        home_columns.columns(there),
        today=date.fromisoformat(asked["today"]),
        top=TOP,
    )
    plain: dict[str, Any] = to_plain(ranking)
    return plain


def keep(
    session: Session, answered: Answered, *, case: Case, user_id: int, today: date, note: str = ""
) -> MatchRun:
    """Keep a run with its rule version, inputs and answer."""
    run = MatchRun(
        case_id=case.id,
        user_id=user_id,
        rule_version=RULE_VERSION,
        run_on=today,
        inputs=answered.inputs,
        result=answered.result,
        note=note or None,
    )
    session.add(run)
    session.flush()  # the page and the holds refer to it
    record(
        session,
        deed=Deed.CREATED,
        record_kind="match_run",
        record_id=run.id,
        user_id=user_id,
        organisation_id=case.organisation_id,
    )
    return run


def stored(run: MatchRun) -> Answered:
    """What a stored run was asked and answered."""
    return Answered(dict(run.inputs), dict(run.result))


def without_places(answered: Answered) -> Answered:
    """The answer as if nobody had said where the household goes: even the order would tell it."""
    if not answered.inputs["need"].get("anchors"):
        return answered
    need_ = {**answered.inputs["need"], "anchors": []}
    inputs = {**answered.inputs, "need": need_}
    return Answered(inputs, _answer(inputs))


def replay(run: MatchRun) -> str:
    """The answer to a stored run's inputs, worked out again, in canonical JSON."""
    return canonical(_answer(run.inputs))


# ------------------------------------------------------------------------------ the household


def _need(
    session: Session, case: Case, tried: Mapping[str, Any], today: date
) -> need.HouseholdNeed:
    said = case.housing_need
    if said is None:
        raise InvalidError(
            "住まいの希望がまだありません。先に「住まいの希望」を入れてください。", code="no_need"
        )
    people = said.people or case.household_size or len(case.members) or None
    able, open_ = _supports(said, tried.get("supports") or ())
    min_area = tried.get("min_area") or said.min_area
    return need.HouseholdNeed(
        people=people,
        rent_limit=_rent_limit(
            session, case, said, people=people, tried=tried.get("rent"), today=today
        ),
        groups=_groups(case, said, today),
        floor=_floor(said, tried.get("floor")),
        wheelchair=said.wheelchair is YesNoUnknown.YES,
        pet=said.pet is YesNoUnknown.YES,
        guarantor=_ANSWERS[said.guarantor],
        private_contact=_CONTACTS[said.emergency_contact],
        supports=able,
        supports_not_asked=open_,
        move_in_by=tried.get("move_by") or said.move_by or case.leave_by,
        funds=tried["funds"] if tried.get("funds") is not None else said.funds,
        municipalities=None
        if tried.get("anywhere")
        else tuple(dict.fromkeys(said.municipalities)) or None,
        min_area_m2=float(min_area) if min_area is not None else None,
        min_rooms=tried.get("min_rooms") or said.min_rooms,
        space=SPACE,
        anchors=_anchors(said),
    )


_ANSWERS = {
    YesNoUnknown.YES: need.Answer.YES,
    YesNoUnknown.NO: need.Answer.NO,
    YesNoUnknown.UNKNOWN: need.Answer.UNKNOWN,
}
_CONTACTS = {
    EmergencyContact.PRIVATE: need.Answer.YES,
    EmergencyContact.CORPORATE: need.Answer.NO,
    EmergencyContact.NONE: need.Answer.NO,
    EmergencyContact.UNKNOWN: need.Answer.UNKNOWN,
}
_FLOORS = {
    FloorNeed.ANY: need.Floor.ANY,
    FloorNeed.SECOND: need.Floor.SECOND_OR_LIFT,
    FloorNeed.GROUND_OR_LIFT: need.Floor.GROUND_OR_LIFT,
    FloorNeed.GROUND: need.Floor.GROUND,
    FloorNeed.UNKNOWN: need.Floor.ANY,
}
_SUPPORTS = {
    "watching": need.Support.WATCHING,
    "guarantor_company": need.Support.GUARANTOR_COMPANY,
    "proxy_payment": need.Support.PROXY_PAYMENT,
    "emergency_contact": need.Support.CORPORATE_CONTACT,
    "leftover_contract": need.Support.LEFTOVER_GOODS,
}


def _floor(said: HousingNeed, tried: str | None) -> need.Floor:
    return need.Floor[tried.upper()] if tried else _FLOORS[said.floor_need]


def _supports(said: HousingNeed, also: Iterable[str]) -> tuple[need.Support, need.Support]:
    """What can be arranged, and what nobody has talked about yet.

    Once any support was agreed the others were talked about too; until then all are open.
    """
    able = need.Support.NONE
    for code in (*said.supports, *also):
        able |= _SUPPORTS.get(str(code), need.Support.NONE)
    if said.guarantor_company:
        able |= need.Support.GUARANTOR_COMPANY
    if said.emergency_contact is EmergencyContact.CORPORATE:
        able |= need.Support.CORPORATE_CONTACT
    open_ = need.Support.NONE
    if not said.supports:
        for support in _SUPPORTS.values():
            open_ |= support
        if not said.guarantor_company:
            open_ &= ~need.Support.GUARANTOR_COMPANY
    return able, open_ & ~able


def _groups(case: Case, said: HousingNeed, today: date) -> tuple[str, ...]:
    """What the staff recorded, and old age where the birth date or age band says so."""
    groups = dict.fromkeys(str(code) for code in said.groups)
    ages = [age for member in case.members if (age := member.age_at(today)) is not None]
    bands = {AgeBand.SIXTY_FIVE_TO_74, AgeBand.OVER_75}
    if any(age >= ELDERLY_FROM for age in ages) or (not ages and case.age_band in bands):
        groups["elderly"] = None
    return tuple(groups)


def _anchors(said: HousingNeed) -> tuple[need.Anchor, ...]:
    """The places that are on the map, each label once."""
    placed = {
        anchor.label: need.Anchor(
            need.Place(anchor.latitude, anchor.longitude), anchor.label, anchor.weight
        )
        for anchor in said.anchors
        if anchor.latitude is not None and anchor.longitude is not None
    }
    return tuple(placed.values())[:10]


def _zones(session: Session, case_id: int) -> tuple[need.StayAway, ...]:
    rows = session.execute(
        sa.select(StayAwayZone.latitude, StayAwayZone.longitude, StayAwayZone.radius_m).where(
            StayAwayZone.case_id == case_id
        )
    )
    return tuple(need.StayAway(need.Place(lat, lon), metres) for lat, lon, metres in rows)


def _rent_limit(
    session: Session,
    case: Case,
    said: HousingNeed,
    *,
    people: int | None,
    tried: int | None,
    today: date,
) -> need.RentCeiling | need.IncomeShare | None:
    if said.rent_basis is RentBasis.AGREED:
        amount = tried if tried is not None else said.agreed_rent
        return None if amount is None else need.IncomeShare(amount)
    office = session.get_one(Organisation, case.organisation_id)
    main = (said.municipalities or [case.municipality or office.municipality])[0]
    ceiling = _ceiling(office.prefecture, main, people, today)
    if ceiling is None:
        return None if tried is None else need.IncomeShare(tried)
    others = _towns(session, office.prefecture)
    found = [(town, _ceiling(area, town, people, today)) for area, town in others]
    towns = tuple(
        need.TownCeiling(town, own.bands, own.bands_if_larger)
        for town, own in found
        if own is not None and own != ceiling
    )
    highest = max(bands[-1].amount for bands in (ceiling.bands, *(one.bands for one in towns)))
    more = 0 if tried is None else tried - highest
    return need.RentCeiling(
        *_more(ceiling, more),
        tuple(need.TownCeiling(town.municipality, *_more(town, more)) for town in towns),
    )


def _towns(session: Session, prefecture: str | None) -> list[tuple[str | None, str]]:
    """The municipalities with vacant homes, each once: a home's ceiling is that of its own town,
    wherever else the household looks. Of two towns of one name that of our prefecture counts.
    """
    rows = session.execute(
        sa.select(Property.prefecture, Property.municipality)
        .join(Home, Home.property_id == Property.id)
        .where(Home.state == HomeState.VACANT, Property.municipality.is_not(None))
        .distinct()
    )
    known = {(area or prefecture, town) for area, town in rows if town is not None}
    ours_last = sorted(known, key=lambda one: (one[0] == prefecture, one[0] or "", one[1]))
    chosen = {town: area for area, town in ours_last}
    return [(chosen[town], town) for town in sorted(chosen)]


def _ceiling(
    prefecture: str | None, town: str | None, people: int | None, today: date
) -> need.RentCeiling | None:
    """One town's ceiling; while the number of people is not known, from one to the most."""
    bands = _bands(prefecture, town, people or 1, today)
    if bands is None:
        return None
    larger = None if people else _bands(prefecture, town, need.MOST_PEOPLE, today)
    return need.RentCeiling(bands, larger)


def _more(
    ceiling: need.RentCeiling | need.TownCeiling, yen: int
) -> tuple[tuple[need.Band, ...], tuple[need.Band, ...] | None]:
    larger = ceiling.bands_if_larger
    return _raised(ceiling.bands, yen), None if larger is None else _raised(larger, yen)


def _raised(bands: tuple[need.Band, ...], yen: int) -> tuple[need.Band, ...]:
    return tuple(need.Band(band.max_area_m2, max(band.amount + yen, 0)) for band in bands)


def _bands(
    prefecture: str | None, town: str | None, people: int, today: date
) -> tuple[need.Band, ...] | None:
    """The ceiling by floor area; small homes have lower ones for a single person."""
    found = []
    for bound in (6.0, 10.0, 15.0, float("inf")):
        ceiling = rent_ceiling(
            shipped_ceiling_rows(),
            shipped_grades(),
            prefecture=prefecture or "",
            municipality=town or "",
            household_size=people,
            floor_area=None if bound == float("inf") else Decimal(str(bound)),
            on=today,
        )
        if ceiling is None:
            return None
        found.append(need.Band(bound, ceiling.amount))
    return tuple(found)


# ---------------------------------------------------------------------------------- the homes

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


def _home(row: HomeRow, groups: Iterable[str], today: date) -> home_columns.Home:
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
        wanted |= _SUPPORTS.get(code, need.Support.NONE)
        if code not in _SUPPORTS:
            stance = home_columns.Acceptance.ASK
    if stance is home_columns.Acceptance.IF and not wanted:
        stance = home_columns.Acceptance.ASK
    return stance, wanted
