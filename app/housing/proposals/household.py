"""A household's recorded needs as the engine asks for them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.cases.models import AgeBand, Case
from app.cases.needs.models import (
    EmergencyContact,
    FloorNeed,
    HousingNeed,
    RentBasis,
    StayAwayZone,
    YesNoUnknown,
)
from app.errors import InvalidError
from app.reference.rent_ceilings import rent_ceiling, shipped_ceiling_rows, shipped_grades
from matching import need
from matching.errors import MatchingInputError

ELDERLY_FROM = 65
# The smallest private room of a registered shared dwelling: 9 m² a person (共同居住型の基準).
SPACE = need.SpaceRule(9.0, 0.0, 9.0)


def household_need(
    session: Session,
    case: Case,
    tried: Mapping[str, Any],
    today: date,
    areas: Iterable[tuple[str, str]],
) -> need.HouseholdNeed:
    """What a household needs, with conditions changed as `tried` says.

    `areas` are the (prefecture, municipality) pairs with homes, whose ceilings are looked up.

    Raises InvalidError for a case without a housing need, and for a need that cannot be meant.
    """
    try:
        return _household_need(session, case, tried, today, areas)
    except MatchingInputError as error:
        raise InvalidError(error.message) from error


def _household_need(
    session: Session,
    case: Case,
    tried: Mapping[str, Any],
    today: date,
    areas: Iterable[tuple[str, str]],
) -> need.HouseholdNeed:
    said = case.housing_need
    if said is None:
        raise InvalidError(
            "住まいの希望がまだありません。先に「住まいの希望」を入れてください。", code="no_need"
        )
    people = said.people or case.household_size or len(case.living_together) or None
    able, open_ = _supports(said, tried.get("supports") or ())
    min_area = tried.get("min_area") or said.min_area
    return need.HouseholdNeed(
        people=people,
        rent_limit=_rent_limit(
            session, case, said, people=people, tried=tried.get("rent"), today=today, areas=areas
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
        else tuple(dict.fromkeys(tried.get("towns") or said.municipalities)) or None,
        min_area_m2=float(min_area) if min_area is not None else None,
        min_rooms=tried.get("min_rooms") or said.min_rooms,
        space=SPACE,
        anchors=_anchors(said),
        weights=need.PRESETS[tried.get("preset") or "balanced"],
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
SUPPORTS = {
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
        able |= SUPPORTS.get(str(code), need.Support.NONE)
    if said.guarantor_company:
        able |= need.Support.GUARANTOR_COMPANY
    if said.emergency_contact is EmergencyContact.CORPORATE:
        able |= need.Support.CORPORATE_CONTACT
    open_ = need.Support.NONE
    if not said.supports:
        for support in SUPPORTS.values():
            open_ |= support
        if not said.guarantor_company:
            open_ &= ~need.Support.GUARANTOR_COMPANY
    return able, open_ & ~able


def _groups(case: Case, said: HousingNeed, today: date) -> tuple[str, ...]:
    """What the staff recorded, and old age where the birth date or age band says so."""
    groups = dict.fromkeys(str(code) for code in said.groups)
    ages = [age for member in case.living_together if (age := member.age_at(today)) is not None]
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


def stay_away_zones(session: Session, case_id: int) -> tuple[need.StayAway, ...]:
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
    areas: Iterable[tuple[str, str]],
) -> need.RentCeiling | need.IncomeShare | None:
    if said.rent_basis is RentBasis.AGREED:
        amount = tried if tried is not None else said.agreed_rent
        return None if amount is None else need.IncomeShare(amount)
    office = session.get_one(Organisation, case.organisation_id)
    main = (said.municipalities or [case.municipality or office.municipality])[0]
    ceiling = _ceiling(office.prefecture, main, people, today)
    if ceiling is None:
        return None if tried is None else need.IncomeShare(tried)
    others = _towns(areas, office.prefecture)
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


def _towns(
    areas: Iterable[tuple[str, str]], prefecture: str | None
) -> list[tuple[str | None, str]]:
    """The municipalities with homes, each once: a home's ceiling is that of its own town,
    wherever else the household looks. Of two towns of one name that of our prefecture counts.
    """
    known = {(area or prefecture, town) for area, town in areas}
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


@lru_cache(maxsize=4096)
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
