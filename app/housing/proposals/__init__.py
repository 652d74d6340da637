"""Asking the machine which homes suit a household, and keeping what it was asked and answered.

The only part of the feature that speaks to `matching`: `household` says what is asked for, `stock`
what there is, `snapshots` keeps what there was. Homes near a stay-away zone are left out of what is
asked, and the zone itself is never part of a stored run.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.cases.models import Case
from app.housing.models import Home, MatchRun, RunMiss
from app.housing.pauses import paused_homes
from app.housing.plain import canonical, from_plain, to_plain
from app.housing.proposals import snapshots
from app.housing.proposals.household import household_need, stay_away_zones
from app.housing.proposals.loading import ERROR_METRES
from app.housing.proposals.looking import failing, in_the_way_sentence
from app.housing.proposals.stock import Stock, keeper_of
from matching import home_columns, need
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
from matching.home_columns import Bools, HomeColumns
from matching.homes import Candidate, Counts, Failure, Ranking, rank_homes
from matching.phrases import GROUP_NAMES

# What the feature's other modules need of matching; this is the only one that may import it.
__all__ = [
    "GROUP_NAMES",
    "RULE_VERSION",
    "Answered",
    "Candidate",
    "Counts",
    "Ranking",
    "among",
    "ask",
    "ask_and_keep",
    "ask_sentence",
    "canonical",
    "deeper",
    "failure_sentence",
    "home_sentences",
    "in_the_way",
    "in_the_way_sentence",
    "is_near_stay_away",
    "near_sentences",
    "open_homes",
    "question_sentence",
    "replay",
    "stored",
    "to_do",
    "towns_with_homes",
    "what_if_sentence",
    "without_places",
    "without_ways",
]

RULE_VERSION = "homes-3"
TOP = 60
OF_A_GROUP = "accepts"
"""The condition that is asked once for each group."""


@dataclass(frozen=True)
class Answered:
    """What was asked and answered, ready to be stored.

    `inputs` name the homes left out: paused ones and those near a place to stay away from, told
    apart nowhere. Once kept, the snapshot holds all homes there were. `described` is how many
    homes of each group the answer tells of.
    """

    inputs: dict[str, Any]
    result: dict[str, Any]
    snapshot_id: int | None = None
    described: int = TOP

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
    session: Session,
    case: Case,
    *,
    today: date,
    tried: Mapping[str, Any] | None = None,
    top: int = TOP,
) -> Answered:
    """Rank all vacant homes for a household, with conditions changed as `tried` says.

    All are counted, `top` of each group are described: what one screen shows need not wait for
    the words about the others.

    Raises InvalidError for a case without a housing need, and for a need no home could answer.
    """
    with keeper_of(session).lent(today) as stock:
        return _asked(session, case, stock, today=today, tried=tried, top=top)


def ask_and_keep(
    session: Session,
    case: Case,
    *,
    user_id: int,
    today: date,
    tried: Mapping[str, Any] | None = None,
    note: str = "",
) -> MatchRun:
    """Rank as `ask` does, and keep the run with its rule version, inputs and answer."""
    with keeper_of(session).lent(today) as stock:
        answered = _asked(session, case, stock, today=today, tried=tried)
        snapshot_id = snapshots.store(
            session, stock.there, state=stock.state, mark=stock.mark, covered=stock.covered
        )
    run = MatchRun(
        case_id=case.id,
        user_id=user_id,
        rule_version=RULE_VERSION,
        run_on=today,
        snapshot_id=snapshot_id,
        inputs=answered.inputs,
        result=answered.result,
        note=note or None,
    )
    session.add(run)
    session.flush()  # the page and the holds refer to it
    session.add_all(_misses(run))
    record(
        session,
        deed=Deed.CREATED,
        record_kind="match_run",
        record_id=run.id,
        user_id=user_id,
        organisation_id=case.organisation_id,
    )
    return run


def _misses(run: MatchRun) -> Iterator[RunMiss]:
    """What each single condition kept out; groups apart, and no label of a place among them."""
    found: Counter[tuple[str, str]] = Counter()
    for count in run.result["failures"]:
        failure = count["failure"]
        subject = failure["subject"] if failure["key"] == OF_A_GROUP else ""
        found[failure["key"], subject] += count["only"]
    for (condition, subject), homes in found.items():
        if homes:
            yield RunMiss(run_id=run.id, condition=condition, subject=subject, homes=homes)


def _asked(
    session: Session,
    case: Case,
    stock: Stock,
    *,
    today: date,
    tried: Mapping[str, Any] | None,
    top: int = TOP,
) -> Answered:
    wanted = household_need(session, case, tried or {}, today, areas=stock.names.areas)
    homes = stock.columns
    near = ~outside_zones(replace(wanted, stay_away=stay_away_zones(session, case.id)), homes)
    left_out = {*homes.ids[near & stock.open].tolist(), *paused_homes(session, case, today=today)}
    inputs = {
        "today": today.isoformat(),
        "need": to_plain(wanted),
        "left_out": sorted(left_out),
    }
    return Answered(inputs, _answer(inputs, homes, stock.open, top=top), described=top)


def _answer(
    inputs: Mapping[str, Any], homes: HomeColumns, open_: Bools | None = None, *, top: int = TOP
) -> dict[str, Any]:
    """Rank from stored inputs alone: the same inputs and homes give the same answer.

    The answer describes the first homes of each group; the order of all is in its digest.
    """
    ranking = rank_homes(
        from_plain(need.HouseholdNeed, inputs["need"]),
        homes,
        today=date.fromisoformat(inputs["today"]),
        top=top,
        left_out=_left_out(inputs, homes, open_),
    )
    lists = (ranking.fit_ids, ranking.near_ids, ranking.unknown_ids)
    shown = replace(ranking, excluded=(), fit_ids=(), near_ids=(), unknown_ids=())
    plain: dict[str, Any] = to_plain(shown)
    return {**plain, "order": _digest(lists)}


def _left_out(inputs: Mapping[str, Any], homes: HomeColumns, open_: Bools | None) -> Bools:
    left_out = np.isin(homes.ids, inputs.get("left_out", ()))
    return left_out if open_ is None else left_out | ~open_


def _digest(lists: Iterable[tuple[int, ...]]) -> str:
    hasher = hashlib.sha256()
    for ids in lists:
        hasher.update(np.array([len(ids), *ids], "<i8").tobytes())
    return hasher.hexdigest()


def stored(run: MatchRun) -> Answered:
    """What a stored run was asked and answered."""
    result = dict(run.result)
    if "counts" not in result:  # older rules kept the lists instead
        lists = {"fits": "fit_ids", "near": "near_ids", "unknown": "unknown_ids"}
        result["counts"] = {group: len(result.pop(ids)) for group, ids in lists.items()}
    return Answered(dict(run.inputs), result, run.snapshot_id)


def without_places(session: Session, answered: Answered) -> Answered:
    """The answer as if nothing were known of where the household goes, or must not go.

    For those who may not know: even the order would tell the one, and a vacant home that is in no
    list the other. So the homes left out are back in; who holds a home must know the place.
    """
    inputs = answered.inputs
    older = "homes" in inputs  # those left out were not written down: today's homes have to do
    if not inputs["need"].get("anchors") and not inputs.get("left_out") and not older:
        return answered
    bare = {name: value for name, value in inputs.items() if name not in {"homes", "paused"}}
    return _again(session, answered, {**_without_anchors(bare), "left_out": []})


def without_ways(session: Session, answered: Answered) -> Answered:
    """The answer without ways to anywhere, for a paper that the household itself takes home."""
    if not answered.inputs["need"].get("anchors"):
        return answered
    return _again(session, answered, _without_anchors(answered.inputs))


def _without_anchors(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {**inputs, "need": {**inputs["need"], "anchors": []}}


def deeper(session: Session, answered: Answered, top: int) -> Answered:
    """The same answer with more homes of each group described, for pages beyond the first ones."""
    if top <= answered.described:
        return answered
    return _again(session, replace(answered, described=top), answered.inputs)


def _again(session: Session, answered: Answered, inputs: dict[str, Any]) -> Answered:
    changed = replace(answered, inputs=inputs)
    with _supply(session, changed) as (homes, open_):
        result = _answer(inputs, homes, open_, top=changed.described)
    return replace(changed, result=result)


@contextmanager
def _supply(session: Session, answered: Answered) -> Iterator[tuple[HomeColumns, Bools | None]]:
    """The homes an answer was found among, and which of them are vacant where not all are.

    A kept run has a snapshot, or under older rules its homes beside its inputs; an answer that
    was not kept has today's.
    """
    inputs = answered.inputs
    if answered.snapshot_id is not None:
        yield snapshots.homes_of(session, answered.snapshot_id), None
    elif "homes" in inputs:
        there = [from_plain(home_columns.Home, one) for one in inputs["homes"]]
        yield home_columns.columns(there), None
    else:
        with keeper_of(session).lent(date.fromisoformat(inputs["today"])) as stock:
            yield stock.columns, stock.open


def _asked_about(session: Session, answered: Answered, home_ids: Collection[int]) -> HomeColumns:
    """Those of these homes that were part of what was asked.

    One that was not – let, held, paused, near a place to keep away from, or no home at all – is
    left out, always in the same silence.
    """
    with _supply(session, answered) as (homes, open_):
        wanted = np.isin(homes.ids, list(home_ids)) & ~_left_out(answered.inputs, homes, open_)
        return homes.take(wanted)


def in_the_way(
    session: Session, answered: Answered, home_ids: Collection[int]
) -> dict[int, tuple[Failure, ...]]:
    """The failing conditions of each of these homes that was part of what was asked."""
    wanted = from_plain(need.HouseholdNeed, answered.inputs["need"])
    homes = _asked_about(session, answered, home_ids)
    return failing(wanted, homes, date.fromisoformat(answered.inputs["today"]))


def among(session: Session, answered: Answered, home_ids: Collection[int]) -> tuple[int, ...]:
    """Those of these homes that fit, nearly fit or are not known yet, each once, in their order."""
    wanted = from_plain(need.HouseholdNeed, answered.inputs["need"])
    homes = _asked_about(session, answered, home_ids)
    on = date.fromisoformat(answered.inputs["today"])
    found = rank_homes(wanted, homes, today=on, top=0)
    there = {*found.fit_ids, *found.near_ids, *found.unknown_ids}
    return tuple(one for one in dict.fromkeys(home_ids) if one in there)


def replay(session: Session, run: MatchRun) -> str:
    """The answer to a stored run's inputs, worked out again, in canonical JSON."""
    with _supply(session, stored(run)) as (homes, open_):
        return canonical(_answer(run.inputs, homes, open_))


def towns_with_homes(session: Session, *, today: date) -> list[str]:
    """The towns with vacant homes, most vacancies first."""
    with keeper_of(session).lent(today) as stock:
        return stock.towns()


def open_homes(session: Session, *, today: date) -> HomeColumns:
    """All vacant homes as columns, in arrays of their own."""
    with keeper_of(session).lent(today) as stock:
        return stock.there()


def is_near_stay_away(session: Session, case_id: int, home: Home) -> bool:
    """Whether a home lies where this household must not live; its own uncertainty counts."""
    zones = stay_away_zones(session, case_id)
    place = home.property
    if not zones or place.latitude is None or place.longitude is None:
        return False
    asked = need.HouseholdNeed(people=None, rent_limit=None, stay_away=zones)
    where = home_columns.Home(
        home_id=home.id,
        place=need.Place(place.latitude, place.longitude),
        location_error_m=float(ERROR_METRES.get(place.precision, 0)),
    )
    return not bool(outside_zones(asked, home_columns.columns([where])).all())
