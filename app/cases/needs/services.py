"""What a household needs from a home and from a parcel, and the places it must be kept from."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.audit.models import Deed
from app.cases.models import Case, Stage
from app.cases.needs.models import (
    Anchor,
    FoodProfile,
    HousingNeed,
    RentBasis,
    StayAwayZone,
)
from app.cases.records import FOOD_FIELDS, NEED_FIELDS
from app.cases.services import advance, note
from app.cases.versions import check_version, flushed
from app.errors import InvalidError
from app.geocoding import locate
from app.policy import Protection

_BEFORE_NEEDS = (Stage.INTAKE, Stage.ASSESSMENT)


def save_housing_need(
    session: Session,
    *,
    case: Case,
    version: int,
    need: Mapping[str, Any],
    user_id: int,
    prefecture: str | None = None,
) -> HousingNeed:
    """Write the housing need (the values of `HousingNeedSchema`); fields not given stay.

    `prefecture` helps to tell anchors in towns of one name apart; an anchor that is not found
    keeps its words and has no point. Raises StaleError when somebody was first.
    """
    present = case.housing_need
    check_version(present, version)
    values = _plain(need, [n for n in NEED_FIELDS if n != "version"])
    if values.get("rent_basis") is RentBasis.AGREED and values.get("agreed_rent") is None:
        sentence = "話し合って決めた額を入れてください。"
        raise InvalidError(sentence, fields={"agreed_rent": [sentence]})
    record = present or HousingNeed(case_id=case.id, anchors=[])

    def act() -> list[str]:
        changed = _put(record, values)
        if "anchors" in need and _put_anchors(record, need["anchors"], prefecture):
            changed.append("anchors")
            flag_modified(record, "municipalities")  # anchors have no version: the need's counts
        session.add(record)
        return changed

    changed = flushed(session, act)
    session.expire(case, ["housing_need"])
    advance(session, case, to=Stage.NEEDS, from_=_BEFORE_NEEDS)
    deed = Deed.CHANGED if present else Deed.CREATED
    note(session, deed, "housing_need", record.id, user_id=user_id, fields=changed)
    return record


def _plain(given: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The given values as columns keep them: no empty text, codes in lists by their value."""
    values: dict[str, Any] = {}
    for name in names:
        if name not in given:
            continue
        value = given[name]
        if isinstance(value, list):
            value = [str(one) for one in value]
        values[name] = None if value == "" else value
    return values


def _put(record: Any, values: Mapping[str, Any]) -> list[str]:
    changed = [n for n, v in values.items() if getattr(record, n) != v]
    for name in changed:
        setattr(record, name, values[name])
    return changed


def _put_anchors(
    need: HousingNeed, rows: Sequence[Mapping[str, Any]], prefecture: str | None
) -> bool:
    wanted = [(row["label"], row["address"], float(row["weight"])) for row in rows]
    if wanted == [(a.label, a.address, a.weight) for a in need.anchors]:
        return False
    need.anchors = [_anchor(*row, need=need, prefecture=prefecture) for row in wanted]
    return True


def _anchor(
    label: str, address: str, weight: float, *, need: HousingNeed, prefecture: str | None
) -> Anchor:
    """An anchor at its point, or with its words alone when no point is found."""
    towns = need.municipalities or [None]
    place = locate(address, municipality=towns[0], prefecture=prefecture)
    return Anchor(
        label=label,
        address=address,
        weight=weight,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
    )


# Features above that keep a copy of what a household can cook and eat bring it up to date here.
food_profile_listeners: list[Callable[[Session, Case, int], None]] = []


def save_food_profile(
    session: Session, *, case: Case, version: int, profile: Mapping[str, Any], user_id: int
) -> FoodProfile:
    """Write the food profile (the values of `FoodProfileSchema`); fields not given stay.

    Raises StaleError when somebody was first.
    """
    present = case.food_profile
    check_version(present, version)
    values = _plain(profile, [n for n in FOOD_FIELDS if n != "version"])
    if values.get("allergies"):
        values["allergies"] = list(dict.fromkeys(values["allergies"]))
        values["allergies_asked"] = True  # whoever names one has been asked
    record = present or FoodProfile(case_id=case.id)

    def act() -> list[str]:
        changed = _put(record, values)
        session.add(record)
        return changed

    changed = flushed(session, act)
    session.expire(case, ["food_profile"])
    deed = Deed.CHANGED if present else Deed.CREATED
    note(session, deed, "food_profile", record.id, user_id=user_id, fields=changed)
    for listener in food_profile_listeners:
        listener(session, case, user_id)
    return record


def save_stay_away_zone(
    session: Session,
    *,
    case: Case,
    address: str,
    radius_m: int,
    user_id: int,
    prefecture: str | None = None,
) -> StayAwayZone:
    """Keep a point to stay away from; its words are not stored, its doubt is added to the radius.

    A household with such a place is protected from then on. Raises InvalidError when no point
    is found.
    """
    place = locate(address, municipality=case.municipality, prefecture=prefecture)
    if place is None:
        sentence = (
            "場所が見つかりません。「神奈川県座間市入谷西1丁目」のように市町村から書いてください。"
        )
        raise InvalidError(sentence, fields={"address": [sentence]})
    zone = StayAwayZone(
        case_id=case.id,
        latitude=place.latitude,
        longitude=place.longitude,
        radius_m=min(radius_m + place.radius_m, 100_000),
        recorded_by=user_id,
    )
    session.add(zone)
    if case.protection is not Protection.YES:
        case.protection = Protection.YES
    session.flush()  # the id is needed by the audit entry
    note(session, Deed.CREATED, "stay_away_zone", zone.id, user_id=user_id, fields=("radius_m",))
    return zone


def remove_stay_away_zone(session: Session, *, zone: StayAwayZone, user_id: int) -> None:
    """Forget a place to stay away from."""
    note(session, Deed.DELETED, "stay_away_zone", zone.id, user_id=user_id, fields=())
    session.delete(zone)
