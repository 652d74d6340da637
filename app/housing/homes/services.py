"""Changing homes by hand: new vacancies, confirmed ones, corrections."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.errors import ConflictError, InvalidError
from app.housing.codes import HOME_STATE_LABELS, Acceptance, AvailableKind, Group, HomeState
from app.housing.homes.keys import HomeKey, home_key
from app.housing.homes.values import OTHER_CONDITION, rooms_of
from app.housing.lists.homes import new_property
from app.housing.lists.plans import KnownHomes
from app.housing.lists.questions import close_agreed
from app.housing.models import Home, HomeAcceptance, Property
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
    rent: int,
    available_from: date | None,
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
        room=room,
    )  # fmt: skip
    known = KnownHomes(session).ids(key)
    if known:
        raise already_known(session.get_one(Home, known[0]))
    home = Home(
        property=place,
        organisation_id=organisation_id,
        key=str(key),
        room=room,
        layout=_layout(layout),
        rooms=rooms_of(_layout(layout) or ""),
        rent=rent,
        available=AvailableKind.ON_DATE if available_from else AvailableKind.NOW,
        available_from=available_from,
        confirmed_on=today,
        source=OWN_SOURCE,
    )
    session.add(home)
    try:
        session.flush()  # the unique key decides between two who type the same home
    except IntegrityError as error:
        raise ConflictError("同じ住戸が、いま登録されました。一覧から開いてください。") from error
    _note(session, Deed.CREATED, home, user_id, ("rent", "state"))
    return home


def _place_and_key(
    session: Session,
    property_id: int | None,
    *,
    building: str,
    municipality: str,
    address: str,
    room: str,
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
    return found or new_property(
        session, key=text, name=building, address=address, municipality=key.municipality or None
    ), key


def already_known(home: Home) -> InvalidError:
    """Why a home is not registered again, with the number of the one that is there."""
    name = f"{home.property.name} {home.room}".strip()
    sentence = f"この住戸はもう登録されています（{name}、{HOME_STATE_LABELS[home.state]}）。"
    return InvalidError(sentence, fields={"room": [sentence]}, code="home_known", home_id=home.id)


def confirm_vacancy(
    session: Session, *, home: Home, vacant: bool, user_id: int, today: date
) -> None:
    """Write down today's answer to "is it still vacant?"; a home that is let is stopped.

    Raises ConflictError for a home that is not open to let at the moment.
    """
    if home.state not in {HomeState.VACANT, HomeState.STOPPED}:
        state = HOME_STATE_LABELS[home.state]
        raise ConflictError(f"この住戸はいま「{state}」です。空きの確認は記録できません。")
    home.state = HomeState.VACANT if vacant else HomeState.STOPPED
    if vacant:
        home.confirmed_on = today
    home.missing_since = None
    close_agreed(session, home)
    _note(session, Deed.CHANGED, home, user_id, ("confirmed_on", "state"))
    session.flush()  # somebody else's change in between is noticed here


def change_home(
    session: Session, *, home: Home, version: int, values: Mapping[str, Any], user_id: int
) -> None:
    """Correct a home's main fields.

    Raises ConflictError (code "stale") when somebody changed it since the form was opened.
    """
    if home.version != version:
        raise ConflictError(
            "ほかの人が先に書きかえました。下の表で違いを確かめて、もう一度記録してください。",
            code="stale",
        )
    wanted = dict(values)
    acceptance = wanted.pop("acceptance", {})
    wanted["layout"] = _layout(wanted["layout"])
    wanted["rooms"] = rooms_of(wanted["layout"] or "") or home.rooms
    if not wanted["wheelchair"]:
        wanted["wheelchair"] = None if home.wheelchair else home.wheelchair  # unticked is no "no"
    for name in ("remarks", "contact_phone"):
        wanted[name] = wanted[name] or None
    changed = [name for name, value in wanted.items() if getattr(home, name) != value]
    for name in changed:
        setattr(home, name, wanted[name])
    changed += _change_acceptance(home, acceptance)
    if changed:
        close_agreed(session, home)
        home.source = (
            f"{OWN_SOURCE}で訂正" if OWN_SOURCE not in (home.source or "") else home.source
        )
        _note(session, Deed.CHANGED, home, user_id, tuple(changed))
    session.flush()  # the version is compared in the database as well


def _change_acceptance(home: Home, wanted: Mapping[str, Any]) -> list[str]:
    """Put in the answers that differ; the words of the list stay beside those that do not."""
    changed = []
    known = {row.group_code: row for row in home.acceptances}
    for group in Group:
        given = wanted.get(group.value) or {}
        answer = given.get("answer", Acceptance.UNKNOWN)
        conditional = answer is Acceptance.CONDITIONAL
        codes = sorted(code.value for code in given.get("conditions", ())) if conditional else []
        row = known.get(group)
        before = (row.answer, [c for c in row.conditions if c != OTHER_CONDITION]) if row else None
        if before == (answer, codes) or (row is None and answer is Acceptance.UNKNOWN):
            continue
        if row is None:
            row = HomeAcceptance(group_code=group)
            home.acceptances.append(row)
        row.answer, row.conditions, row.as_typed = answer, codes, None
        changed.append(f"accepts_{group.value}")
    return changed


def _layout(text: str) -> str | None:
    return narrow(text).replace(" ", "").upper() or None


def _note(session: Session, deed: Deed, home: Home, user_id: int, fields: tuple[str, ...]) -> None:
    record(
        session,
        deed=deed,
        record_kind="home",
        record_id=home.id,
        user_id=user_id,
        organisation_id=home.organisation_id,
        fields=fields,
    )
