"""What to ask whom: unknown facts turned into questions, the most useful first."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.conditions import Ask, Asked
from matching.evaluation import Evaluation
from matching.home_columns import NOT_KNOWN, Bools, HomeColumns, Int64s


@dataclass(frozen=True, slots=True)
class Question:
    """One question to one person.

    Attributes
    ----------
    ask : Ask
    ask_id : int or None
        Whom of the landlords and agents; ``None`` for the household, or when nobody is named.
    unlocks : int
        Homes that fit as soon as the answer is favourable: everything else fits already.
    touches : int
        Homes without a failing condition for which this is one of the open questions.
    """

    ask: Ask
    ask_id: int | None
    unlocks: int
    touches: int


def questions(homes: HomeColumns, evaluation: Evaluation, most: int) -> tuple[Question, ...]:
    """Rank the open questions by the number of homes an answer would unlock.

    Parameters
    ----------
    homes : HomeColumns
    evaluation : Evaluation
        Of these homes.
    most : int
        How many questions to return.

    Returns
    -------
    tuple of Question
        By homes unlocked, then homes touched, then the order of conditions and of homes.

    Examples
    --------
    >>> from datetime import date
    >>> from matching.evaluation import evaluate
    >>> from matching.home_columns import Home, columns
    >>> from matching.need import HouseholdNeed, IncomeShare
    >>> need = HouseholdNeed(people=1, rent_limit=IncomeShare(40000))
    >>> homes = columns([Home(home_id=1, ask_id=8, fee=0), Home(home_id=2, ask_id=8, fee=0)])
    >>> found = questions(homes, evaluate(need, homes, date(2026, 11, 21)), 1)
    >>> found[0].ask.about, found[0].ask_id, found[0].touches, found[0].unlocks
    ('rent', 8, 2, 0)
    """
    rows = np.flatnonzero(evaluation.fails == 0)
    single = evaluation.opens[rows] == 1
    whom, person = np.unique(homes.ask_ids[rows], return_inverse=True)
    everybody = np.zeros(len(rows), np.intp)
    found: list[_Counted] = []
    for ask, where in zip(evaluation.asks, evaluation.open, strict=True):
        touched = where[rows]
        landlord = ask.whom == Asked.LANDLORD
        whose = person if landlord else everybody
        found += _counted(ask, touched, touched & single, whose, most)
    found.sort(key=lambda one: (-one.unlocks, -one.touches))
    return tuple(_question(one, whom) for one in found[:most])


@dataclass(frozen=True, slots=True)
class _Counted:
    """A question before whom to ask is named; ``person`` is a position among those to ask."""

    ask: Ask
    person: int
    unlocks: int
    touches: int


def _counted(
    ask: Ask, touched: Bools, unlocked: Bools, person: npt.NDArray[np.intp], most: int
) -> list[_Counted]:
    """Split one question by whom to ask; the most useful, equal ones as they first appear."""
    at = np.flatnonzero(touched)
    if not len(at):
        return []
    who = person[at]
    touches = np.bincount(who)
    wins = np.bincount(person[unlocked], minlength=len(touches))
    first = np.empty(len(touches), np.intp)
    first[who[::-1]] = at[::-1]
    people = np.flatnonzero(touches)
    best = people[np.lexsort((first[people], -touches[people], -wins[people]))[:most]]
    return [
        _Counted(ask, number, int(wins[number]), int(touches[number])) for number in best.tolist()
    ]


def _question(counted: _Counted, whom: Int64s) -> Question:
    named = int(whom[counted.person]) if counted.ask.whom == Asked.LANDLORD else NOT_KNOWN
    ask_id = None if named == NOT_KNOWN else named
    return Question(counted.ask, ask_id, counted.unlocks, counted.touches)
