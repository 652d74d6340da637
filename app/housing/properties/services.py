"""Registering a building and correcting it: every home in it follows."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import geocoding
from app.audit.models import Deed
from app.audit.services import record
from app.cases.versions import check_version, flushed
from app.errors import InvalidError, NotFoundError
from app.housing.codes import Precision
from app.housing.models import Property, PropertyStation
from app.japanese import parse_built

_PRECISIONS = {
    geocoding.Precision.TOWN: Precision.TOWN,
    geocoding.Precision.NEIGHBOURHOOD: Precision.POSTAL,
    geocoding.Precision.CITY: Precision.MUNICIPALITY,
}
_MAY_BE_BLANK = ("structure", "postal_code", "station_line", "station")


def get_property(session: Session, property_id: int) -> Property:
    """A building. Raises NotFoundError."""
    place = session.get(Property, property_id)
    if place is None:
        raise NotFoundError("この物件は見つかりません。住まいの一覧から選び直してください。")
    return place


def place_property(*, key: str, name: str, address: str, municipality: str | None) -> Property:
    """A building with its point on the map, as precisely as the tables on disk know it; not yet
    added to a session.
    """
    place = geocoding.locate(address, municipality=municipality)
    building = Property(key=key, name=name, address=address, municipality=municipality)
    if place is not None:
        building.prefecture = place.prefecture
        building.latitude, building.longitude = place.latitude, place.longitude
        building.precision = _PRECISIONS[place.precision]
    return building


def add_property(
    session: Session,
    *,
    key: str,
    name: str,
    address: str,
    municipality: str | None,
    user_id: int,
) -> Property:
    """A building nobody has registered yet."""
    building = place_property(key=key, name=name, address=address, municipality=municipality)
    session.add(building)
    session.flush()  # homes refer to it
    _note(session, Deed.CREATED, building, user_id, ("name", "address"))
    return building


def change_property(
    session: Session,
    *,
    place: Property,
    version: int,
    values: Mapping[str, Any],
    user_id: int,
    today: date,
) -> None:
    """Correct a building's facts and its further stations.

    Raises StaleError when somebody changed it since the form was opened, and InvalidError for a
    building time nobody can read.
    """
    check_version(place, version)
    wanted = {name: value for name, value in values.items() if name not in {"built", "stations"}}
    wanted |= {name: wanted[name] or None for name in _MAY_BE_BLANK}
    wanted |= _built(values["built"], place, today)
    changed = [name for name, value in wanted.items() if getattr(place, name) != value]
    for name in changed:
        setattr(place, name, wanted[name])
    if _stations(values["stations"], place):
        changed.append("stations")
    if changed:
        _note(session, Deed.CHANGED, place, user_id, changed)
    flushed(session, lambda: None)


def built_words(place: Property) -> str:
    """The time of building as one types it: 1986年4月."""
    month = f"{place.built_month}月" if place.built_month else ""
    return f"{place.built_year}年{month}" if place.built_year else ""


def _built(text: str, place: Property, today: date) -> dict[str, int | None]:
    if text == built_words(place):
        return {}
    read = parse_built(text, today=today)
    future = read.year is not None and read.year > today.year + 2
    if read.problem or future or (text and read.year is None):
        sentence = read.problem or "築年月を確かめてください（例 1986年4月、昭和61年4月）。"
        raise InvalidError(sentence, fields={"built": [sentence]})
    return {"built_year": read.year, "built_month": read.month}


def _stations(wanted: list[dict[str, Any]], place: Property) -> bool:
    """Put in the further stations in their order; whether any differs."""
    rows = [(one["line"] or None, one["name"], one["walk_minutes"]) for one in wanted]
    present = [(one.line, one.name, one.walk_minutes) for one in place.more_stations]
    if rows == present:
        return False
    known = {one.position: one for one in place.more_stations}
    kept = []
    for position, (line, name, minutes) in enumerate(rows, start=1):
        row = known.get(position) or PropertyStation(position=position)
        row.line, row.name, row.walk_minutes = line, name, minutes
        kept.append(row)
    place.more_stations = kept
    return True


def _note(
    session: Session, deed: Deed, place: Property, user_id: int, fields: Iterable[str]
) -> None:
    record(
        session,
        deed=deed,
        record_kind="property",
        record_id=place.id,
        user_id=user_id,
        fields=fields,
    )
