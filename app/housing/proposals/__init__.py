"""Asking the machine which homes suit a household, and keeping what it was asked and answered.

The only part of the feature that speaks to `matching`: `household` says what is asked for, `supply`
what there is. Homes near a stay-away zone are taken out
before anything is stored, and the zone itself is never part of a stored run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.cases.models import Case
from app.errors import InvalidError
from app.housing.homes.rows import vacant_rows
from app.housing.models import MatchRun
from app.housing.pauses import paused_homes
from app.housing.plain import canonical, from_plain, to_plain
from app.housing.proposals.household import household_need, stay_away_zones
from app.housing.proposals.looking import in_the_way, in_the_way_sentence
from app.housing.proposals.supply import home_of
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
    "deeper",
    "failure_sentence",
    "home_sentences",
    "in_the_way",
    "in_the_way_sentence",
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
    wanted = household_need(session, case, tried or {}, today)
    try:
        household = replace(wanted, stay_away=stay_away_zones(session, case.id))
        paused = paused_homes(session, case, today=today)
        rows = [row for row in vacant_rows(session) if row.id not in paused]
        there = [home_of(row, wanted.groups, today) for row in rows]
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


def _answer(asked: Mapping[str, Any], top: int = TOP) -> dict[str, Any]:
    """Rank from stored inputs alone: the same inputs give the same answer."""
    there = [from_plain(home_columns.Home, one) for one in asked["homes"]]
    ranking = rank_homes(
        from_plain(need.HouseholdNeed, asked["need"]),
        home_columns.columns(there),
        today=date.fromisoformat(asked["today"]),
        top=top,
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


def deeper(answered: Answered, top: int) -> Answered:
    """The same answer with more homes of each group described, for pages beyond the first ones."""
    if top <= TOP:
        return answered
    return Answered(answered.inputs, _answer(answered.inputs, top))


def replay(run: MatchRun) -> str:
    """The answer to a stored run's inputs, worked out again, in canonical JSON."""
    return canonical(_answer(run.inputs))
