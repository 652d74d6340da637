"""Homes in words for pages and files: freshness, place, amounts, who is accepted."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app import geocoding
from app.housing.codes import (
    ACCEPTANCE_LABELS,
    AVAILABLE_LABELS,
    COUNCIL_GROUPS,
    GROUP_LABELS,
    HOME_KIND_LABELS,
    HOME_STATE_LABELS,
    PRECISION_LABELS,
    SUPPORT_LABELS,
    Acceptance,
    AvailableKind,
    HomeKind,
    HomeState,
    Precision,
    Support,
)
from app.housing.homes.values import OTHER_CONDITION
from app.housing.models import Home, Property
from app.japanese import PHONE_NUMBER
from app.wording import moment, weekday, yen

FRESH_DAYS, STALE_DAYS = 14, 30

STATE_KINDS = {
    HomeState.VACANT: "good",
    HomeState.HELD: "warn",
    HomeState.VIEWING: "info",
    HomeState.APPLIED: "info",
    HomeState.CONTRACT: "info",
    HomeState.OCCUPIED: "",
    HomeState.STOPPED: "",
}
ANSWER_KINDS = {
    Acceptance.YES: "good",
    Acceptance.CONDITIONAL: "info",
    Acceptance.NEGOTIABLE: "warn",
    Acceptance.NO: "bad",
    Acceptance.UNKNOWN: "",
}
_METRES = {Precision.TOWN: 300, Precision.POSTAL: 1_000, Precision.MUNICIPALITY: 5_000}


def freshness(confirmed_on: date | None, today: date) -> tuple[str, str]:
    """How long ago somebody confirmed the vacancy: words and the component's state."""
    if confirmed_on is None:
        return _("空きはまだ確かめていません"), "stale"
    days = max((today - confirmed_on).days, 0)
    if days == 0:
        return _("きょう空きを確認"), "fresh"
    if days <= FRESH_DAYS:
        return _("%(n)d日前に空きを確認", n=days), "fresh"
    if days <= STALE_DAYS:
        return _("%(n)d日前の確認", n=days), "ageing"
    return _("%(n)d日確かめていません", n=days), "stale"


def full_name(home: Home) -> str:
    """Building and room, as on a door."""
    return " ".join(filter(None, (home.property.name, home.room)))


def town(place: Property) -> str:
    """Municipality and address, the municipality once."""
    if place.municipality and place.municipality in place.address:
        return place.address
    return f"{place.municipality or ''}{place.address}"


def walk(place: Property) -> str:
    """「相武台前 歩9分」, with the bus before the walk where there is one."""
    minutes = []
    if place.bus_minutes is not None:
        minutes.append(_("バス%(n)d分", n=place.bus_minutes))
    if place.walk_minutes is not None:
        minutes.append(_("歩%(n)d分", n=place.walk_minutes))
    return " ".join(filter(None, (place.station, *minutes)))


def floor(home: Home) -> str:
    """「1階／2階建」 as far as it is known."""
    at = _("%(n)d階", n=home.floor) if home.floor is not None else ""
    of = _("%(n)d階建", n=home.property.floors) if home.property.floors else ""
    return "／".join(filter(None, (at, of)))


def size(home: Home) -> str:
    """「1K 22.4㎡」"""
    area = f"{home.area.normalize():f}㎡" if home.area is not None else ""
    return " ".join(filter(None, (home.layout, area)))


def fee(home: Home) -> str | None:
    """The fee beside the rent; None when nobody said."""
    if home.fee_included:
        return str(_("共益費込み"))
    if home.fee is None:
        return None
    words = _("共益費 %(amount)s", amount=yen(home.fee)) if home.fee else _("共益費なし")
    return str(words)


def rent(home: Home) -> str:
    """The rent, or that it is open to talk, or not known."""
    if home.rent is None and home.rent_negotiable:
        return str(_("家賃は応相談"))
    return yen(home.rent) if home.rent is not None else _("家賃は未確認")


def available(home: Home) -> str:
    """From when one can move in."""
    if home.available is AvailableKind.ON_DATE and home.available_from is not None:
        return str(_("%(day)sから", day=weekday(home.available_from)))
    return AVAILABLE_LABELS[home.available]


def kept_until(end: datetime | None) -> str:
    """Until when a home is kept, never for whom."""
    return _("%(end)sまで取り置き", end=moment(end)) if end is not None else ""


def row(home: Home, *, today: date, held: Mapping[int, datetime]) -> dict[str, Any]:
    """A home in a list."""
    state = home.state
    open_ = state in {HomeState.VACANT, HomeState.STOPPED}
    return {
        "id": home.id,
        "url": url_for("housing.home_page", home_id=home.id),
        "name": full_name(home),
        "place": town(home.property),
        "rent": rent(home),
        "fee": fee(home),
        "size": size(home),
        "floor": floor(home),
        "walk": walk(home.property),
        "state": (HOME_STATE_LABELS[state], STATE_KINDS[state]),
        "kind": HOME_KIND_LABELS[home.kind] if home.kind is not HomeKind.PRIVATE else "",
        "held": kept_until(held.get(home.id)),
        "fresh": freshness(home.confirmed_on, today) if open_ else None,
        "missing": home.missing_since,
        "agent": home.agent.name if home.agent else "",
    }


def without_numbers(text: str) -> str:
    """Words as typed for those who do not phone: without the telephone numbers in them."""
    return PHONE_NUMBER.sub(str(_("（電話番号）")), text)


def acceptances(home: Home, *, contacts: bool) -> list[dict[str, Any]]:
    """The council's groups, asked about or not, and the finer ones that have an answer."""
    known = {row.group_code: row for row in home.acceptances}
    shown = []
    for group, label in GROUP_LABELS.items():
        found = known.get(group)
        if found is None and group not in COUNCIL_GROUPS:
            continue
        answer = found.answer if found else Acceptance.UNKNOWN
        codes = found.conditions if found else []
        words = found.as_typed if found else None
        shown.append(
            {
                "label": label,
                "answer": (ACCEPTANCE_LABELS[answer], ANSWER_KINDS[answer]),
                "conditions": [condition(code) for code in codes],
                "as_typed": words if contacts or not words else without_numbers(words),
            }
        )
    return shown


def condition(code: str) -> str:
    """A landlord's condition in words."""
    return _("その他の条件") if code == OTHER_CONDITION else SUPPORT_LABELS[Support(code)]


def place_on_map(home: Home) -> dict[str, Any] | None:
    """The map's data of one home; None when its place is not known."""
    place = home.property
    if place.latitude is None or place.longitude is None:
        return None
    pin = {
        "lat": place.latitude,
        "lon": place.longitude,
        "label": full_name(home),
        "group": "fits",
        "precision_m": precision_metres(place.precision),
    }
    return {"tiles": True, "homes": [pin]}


def precision_metres(precision: Precision) -> int:
    """How far off a point may be."""
    return _METRES.get(precision, 0)


def precision_sentence(place: Property) -> str:
    """How exact the point on the map is, and whose data it comes from."""
    words = PRECISION_LABELS[place.precision]
    return str(_("%(precision)s。%(source)s", precision=words, source=geocoding.ATTRIBUTION))
