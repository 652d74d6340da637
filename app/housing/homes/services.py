"""Changing homes by hand: new vacancies, confirmed ones, corrections."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.versions import check_version, flushed
from app.directory.models import Partner, PartnerKind
from app.directory.services import find_or_add_partner
from app.errors import ConflictError, InvalidError
from app.housing.codes import HOME_STATE_LABELS, Acceptance, AvailableKind, Group
from app.housing.entries import note_home
from app.housing.homes.keys import HomeKey, home_key
from app.housing.homes.values import OTHER_CONDITION, rooms_of
from app.housing.landlords.services import find_or_add_landlord
from app.housing.lists.plans import KnownHomes
from app.housing.lists.questions import close_agreed
from app.housing.models import Home, HomeAcceptance, Landlord, Property
from app.housing.properties.services import add_property
from app.japanese import narrow, room_key

OWN_SOURCE = "窓口での登録"


def add_vacancy(
    session: Session,
    *,
    property_id: int | None,
    building: str,
    municipality: str,
    address: str,
    room: str,
    layout: str,
    rent: int | None,
    rent_negotiable: bool,
    available_from: date | None,
    conditions_of: int | None,
    organisation_id: int,
    user_id: int,
    today: date,
) -> Home:
    """A new vacancy in a known or a new building.

    Raises InvalidError, naming the home that is there already, for one that is known in any
    spelling.
    """
    place, key = _place_and_key(
        session, property_id, building=building, municipality=municipality, address=address,
        room=room, user_id=user_id,
    )  # fmt: skip
    known = KnownHomes(session).ids(key)
    if known:
        raise already_known(session.get_one(Home, known[0]))
    other = None if conditions_of is None else _room_of(session, place, conditions_of)
    home = Home(
        property=place,
        organisation_id=organisation_id,
        key=str(key),
        room=room,
        layout=_layout(layout),
        rooms=rooms_of(_layout(layout) or ""),
        rent=rent,
        rent_negotiable=rent_negotiable,
        available=AvailableKind.ON_DATE if available_from else AvailableKind.NOW,
        available_from=available_from,
        confirmed_on=today,
        source=OWN_SOURCE,
    )
    if other is not None:
        copy_conditions(other, home)
    session.add(home)
    try:
        session.flush()  # the unique key decides between two who type the same home
    except IntegrityError as error:
        raise ConflictError("同じ住戸が、いま登録されました。一覧から開いてください。") from error
    note_home(session, home, user_id, ("rent", "state"), deed=Deed.CREATED)
    return home


def _place_and_key(
    session: Session,
    property_id: int | None,
    *,
    building: str,
    municipality: str,
    address: str,
    room: str,
    user_id: int,
) -> tuple[Property, HomeKey]:
    if property_id is not None:
        place = session.get(Property, property_id)
        if place is None:
            sentence = "この物件は見つかりません。選び直してください。"
            raise InvalidError(sentence, fields={"property_id": [sentence]})
        known, _, rest = place.key.partition("|")
        street, _, name = rest.partition("|")
        return place, HomeKey("" if known == "?" else known, street, name, room_key(room))
    key = home_key(address, building, room, municipality=municipality)
    text = "|".join((key.municipality or "?", key.street, key.building))
    found = session.scalar(sa.select(Property).where(Property.key == text))
    if found is None:
        found = add_property(
            session, key=text, name=building, address=address,
            municipality=key.municipality or None, user_id=user_id,
        )  # fmt: skip
    return found, key


def already_known(home: Home) -> InvalidError:
    """Why a home is not registered again, with the number of the one that is there."""
    name = f"{home.property.name} {home.room}".strip()
    sentence = f"この住戸はもう登録されています（{name}、{HOME_STATE_LABELS[home.state]}）。"
    return InvalidError(sentence, fields={"room": [sentence]}, code="home_known", home_id=home.id)


def change_home(
    session: Session, *, home: Home, version: int, values: Mapping[str, Any], user_id: int
) -> None:
    """Correct those fields of a home that `values` name.

    Raises ConflictError (code "stale") when somebody changed it since the form was opened, and
    InvalidError for a guarantor company that is not there.
    """
    check_version(home, version)
    wanted = _columns(session, home, values, user_id)
    changed = [name for name, value in wanted.items() if getattr(home, name) != value]
    for name in changed:
        setattr(home, name, wanted[name])
    changed += _change_acceptance(home, values.get("acceptance", {}))
    if changed:
        close_agreed(session, home)
        home.source = (
            f"{OWN_SOURCE}で訂正" if OWN_SOURCE not in (home.source or "") else home.source
        )
        note_home(session, home, user_id, changed)
    flushed(session, lambda: None)  # the version is compared in the database as well


def _columns(
    session: Session, home: Home, values: Mapping[str, Any], user_id: int
) -> dict[str, Any]:
    """What a form says, by column: names as the ids behind them, blanks as nothing known."""
    apart = {"acceptance", "agent", "landlord"}
    wanted = {name: value for name, value in values.items() if name not in apart}
    for name in ("remarks", "contact_phone", "facing", "school_district"):
        if name in wanted:
            wanted[name] = wanted[name] or None
    if "layout" in wanted:
        wanted["layout"] = _layout(wanted["layout"])
        wanted["rooms"] = rooms_of(wanted["layout"] or "") or home.rooms
    if "fittings" in wanted:
        wanted["fittings"] = [code.value for code in wanted["fittings"]]
    if wanted.get("guarantor_company_id") is not None:
        _check_company(session, wanted["guarantor_company_id"])
    if "agent" in values:
        wanted["agent_id"] = _agent_id(session, home, values["agent"], user_id)
    if "landlord" in values:
        wanted["landlord_id"] = _landlord_id(session, home, values["landlord"], user_id)
    return wanted


def _check_company(session: Session, partner_id: int) -> None:
    company = session.get(Partner, partner_id)
    if company is None or company.kind is not PartnerKind.GUARANTOR_COMPANY:
        sentence = "この保証会社は見つかりません。選び直してください。"
        raise InvalidError(sentence, fields={"guarantor_company_id": [sentence]})


def _agent_id(session: Session, home: Home, name: str, user_id: int) -> int | None:
    """The agent of this name in any spelling; blank is nobody, the present one stays itself."""
    if not name:
        return None
    if home.agent is not None and home.agent.name == name:
        return home.agent_id
    return find_or_add_partner(session, kind=PartnerKind.REALTOR, name=name, user_id=user_id).id


def _landlord_id(session: Session, home: Home, name: str, user_id: int) -> int | None:
    """The landlord of this name, by the number behind it where two have the same name."""
    if not name:
        return None
    if home.landlord is not None and home.landlord.name == name:
        return home.landlord_id
    if found := _NUMBERED.search(name):
        known = session.get(Landlord, int(found[1]))
        if known is not None:
            return known.id
    return find_or_add_landlord(session, name=_NUMBERED.sub("", name), user_id=user_id).id


_NUMBERED = re.compile(r"（貸主(\d{1,9})）$", re.ASCII)


def _change_acceptance(home: Home, wanted: Mapping[str, Any]) -> list[str]:
    """Put in the answers that differ; a condition no code names is kept in the landlord's words."""
    changed = []
    known = {row.group_code: row for row in home.acceptances}
    for code, given in wanted.items():
        group = Group(code)
        answer = given.get("answer", Acceptance.UNKNOWN)
        words = given.get("as_typed") or None
        conditional = answer is Acceptance.CONDITIONAL
        codes = sorted(one.value for one in given.get("conditions", ())) if conditional else []
        if conditional and not codes and words:
            codes = [OTHER_CONDITION]
        row = known.get(group)
        if row is None:
            if answer is Acceptance.UNKNOWN and words is None:
                continue
            row = HomeAcceptance(group_code=group, answer=Acceptance.UNKNOWN, conditions=[])
            home.acceptances.append(row)
        other = [OTHER_CONDITION] if OTHER_CONDITION in row.conditions and conditional else []
        if words is not None and words == row.as_typed:
            codes = sorted({*codes, *other})  # still the same words, so still their condition
        if (row.answer, row.conditions, row.as_typed) == (answer, codes, words):
            continue
        row.answer, row.conditions, row.as_typed = answer, codes, words
        changed.append(f"accepts_{group.value}")
    return changed


COPIED = (
    "kind", "fee", "fee_included", "deposit", "key_money", "deposit_kept", "renewal_fee",
    "renewal_office_fee", "agent_fee", "guarantee_fee", "guarantee_monthly", "insurance",
    "lock_change", "cleaning", "prepaid_months", "contract_kind", "contract_months", "trade",
    "guarantor_rule", "guarantor_company_id", "contact_rule", "pet_rule", "gas", "agent_id",
    "landlord_id", "contact_phone",
)  # fmt: skip
"""What usually holds for every room of a building; the room itself and its rent never."""


def _room_of(session: Session, place: Property, home_id: int) -> Home:
    other = session.get(Home, home_id)
    if other is None or other.property_id != place.id:
        sentence = "条件を写す部屋が、この物件に見つかりません。選び直してください。"
        raise InvalidError(sentence, fields={"conditions_of": [sentence]})
    return other


def copy_conditions(other: Home, home: Home) -> None:
    """Give a new home the conditions of another room of the same building."""
    for name in COPIED:
        setattr(home, name, getattr(other, name))
    home.acceptances = [
        HomeAcceptance(
            group_code=row.group_code,
            answer=row.answer,
            conditions=list(row.conditions),
            as_typed=row.as_typed,
        )
        for row in other.acceptances
    ]


def _layout(text: str) -> str | None:
    return narrow(text).replace(" ", "").upper() or None
