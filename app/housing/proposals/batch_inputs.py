"""What the machine is asked about everybody at once: needs, possible pairs, who waits how long.

Inputs hold the pairs that are possible and how well they fit, not why others are not: homes near a
stay-away zone and homes paused for a household are simply in none of its pairs, and the zone itself
is nowhere. Households of the recent past stand in without a number; nobody is named by them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.errors import InvalidError
from app.housing.pauses import paused_homes
from app.housing.plain import to_plain
from app.housing.proposals.household import household_need, stay_away_zones
from app.housing.proposals.stock import keeper_of
from app.policy import Protection
from matching.errors import MatchingInputError
from matching.evaluation import outside_zones
from matching.home_columns import NAMES, HomeColumns, array_names, columns
from matching.need import HouseholdNeed
from matching.open_needs import OpenNeed, open_market

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Looking:
    """A household that looks for a home; `deep` when its maker reads where it sleeps now (CARE).

    What the maker may not see has no part in the order either.
    """

    case: Case
    deep: bool


@dataclass(frozen=True, eq=False)
class _Board:
    """The vacant homes, and the (prefecture, municipality) pairs there are."""

    homes: HomeColumns
    areas: Sequence[tuple[str, str]]
    today: date


def gather(
    session: Session,
    looking: Sequence[Looking],
    recent: Sequence[Case],
    *,
    expected: int,
    today: date,
    progress: Progress,
) -> dict[str, Any]:
    """Judge every vacant home for everybody who looks, and for those of the recent past.

    `recent` are oldest first; `expected` is how many more are likely to come. A household whose
    need no home could answer is put among the doubtful ones instead of stopping all others.
    """
    with keeper_of(session).lent(today) as stock:
        board = _Board(stock.there(), stock.names.areas, today)
    households, doubtful = [], []
    total = len(looking) + len(recent)
    for number, one in enumerate(looking):
        progress(number, total)
        try:
            need, possible = _judged(session, one.case, board)
        except (MatchingInputError, InvalidError):
            doubtful.append(one.case.id)
            continue
        standing = _standing(one, today)
        households.append({"id": one.case.id, "need": to_plain(need), **standing, **possible})
    past = []
    for number, case in enumerate(recent, len(looking)):
        progress(number, total)
        try:
            past.append(_judged(session, case, board)[1])
        except (MatchingInputError, InvalidError):
            continue
    named = {home for one in (*households, *past) for home in one["homes"]}
    return {
        "today": today.isoformat(),
        "households": households,
        "doubtful": doubtful,
        "homes": columns_to_plain(board.homes.take(np.isin(board.homes.ids, list(named)))),
        "recent": past,
        "expected": expected,
    }


def _judged(session: Session, case: Case, board: _Board) -> tuple[HouseholdNeed, dict[str, Any]]:
    """A household's need, and its possible homes with how well each fits."""
    need = household_need(session, case, {}, board.today, board.areas)
    whole = replace(need, stay_away=stay_away_zones(session, case.id))
    found = open_market([OpenNeed(case.id, whole)], board.homes, today=board.today)
    ids = found.home_ids[found.home]
    open_ = ~np.isin(ids, list(paused_homes(session, case, today=board.today)))
    return need, {"homes": ids[open_].tolist(), "benefits": found.benefit[open_].tolist()}


def closed_since(
    session: Session, inputs: Mapping[str, Any], looking: Mapping[int, Case], *, today: date
) -> list[tuple[int, int]]:
    """The pairs of case and home that were possible and are not now, told apart nowhere.

    A home was paused for the household since, or lies near a place it must keep away from since.
    """
    board = columns_from_plain(inputs["homes"])
    found = []
    for one in inputs["households"]:
        case = looking.get(one["id"])
        if case is None:
            continue
        away = set(paused_homes(session, case, today=today))
        if zones := stay_away_zones(session, case.id):
            asked = HouseholdNeed(people=None, rent_limit=None, stay_away=zones)
            away |= set(board.ids[~outside_zones(asked, board)].tolist())
        found += [(case.id, home) for home in one["homes"] if home in away]
    return found


def _standing(one: Looking, today: date) -> dict[str, Any]:
    """What a household's place in the order comes from; the page says it in words."""
    case = one.case
    wanted = case.housing_need.move_by if case.housing_need is not None else None
    days = [day for day in (case.leave_by, wanted) if day is not None]
    return {
        "left": (min(days) - today).days if days else None,
        "dwelling": case.dwelling.value if one.deep else None,
        "protected": case.protection is Protection.YES,
        "waiting": max((today - case.received_on).days, 0),
    }


_EMPTY = columns([])


def columns_to_plain(homes: HomeColumns) -> dict[str, Any]:
    """Columns as JSON can carry them; a place not known is null."""
    plain: dict[str, Any] = {name: list(getattr(homes, name)) for name in NAMES}
    for name in array_names():
        values: npt.NDArray[Any] = getattr(homes, name)
        known = ~np.isnan(values) if values.dtype.kind == "f" else np.ones(values.shape, bool)
        plain[name] = _listed(values, known)
    return plain


def _listed(values: npt.NDArray[Any], known: npt.NDArray[np.bool_]) -> list[Any]:
    listed = values.astype(object)
    listed[~known] = None
    plain: list[Any] = listed.tolist()
    return plain


def columns_from_plain(plain: dict[str, Any]) -> HomeColumns:
    """The columns that `columns_to_plain` made this of."""
    made: dict[str, Any] = {name: tuple(plain[name]) for name in NAMES}
    size, groups = len(plain["ids"]), len(plain["groups"])
    rows = {"xyz": (3,), "accepts": (groups,), "accepts_if": (groups,)}
    for name in array_names():
        values = np.array(plain[name], getattr(_EMPTY, name).dtype)
        made[name] = values.reshape((*rows.get(name, ()), size))
    return HomeColumns(**made)
