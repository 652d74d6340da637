"""What to ask whom: unknown facts turned into questions, the most useful first."""

from dataclasses import dataclass

import numpy as np

from matching.conditions import Ask, Asked
from matching.evaluation import Evaluation
from matching.home_columns import NOT_KNOWN, Bools, HomeColumns


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
    home_ids : tuple of int
        Those homes, in input order.
    """

    ask: Ask
    ask_id: int | None
    unlocks: int
    touches: int
    home_ids: tuple[int, ...]


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
    standing = evaluation.fail_mask == 0
    found: list[Question] = []
    for number, ask in enumerate(evaluation.asks):
        bit = np.uint64(1 << number)
        touched = standing & ((evaluation.open_mask & bit) != 0)
        unlocked = touched & (evaluation.open_mask == bit)
        if ask.whom == Asked.LANDLORD:
            found += _by_landlord(ask, homes, touched, unlocked)
        elif touched.any():
            found.append(_question(ask, None, homes, touched, unlocked))
    found.sort(key=lambda question: (-question.unlocks, -question.touches))
    return tuple(found[:most])


def _question(
    ask: Ask, ask_id: int | None, homes: HomeColumns, touched: Bools, unlocked: Bools
) -> Question:
    ids = tuple(homes.ids[touched].tolist())
    return Question(ask, ask_id, int(unlocked.sum()), len(ids), ids)


def _by_landlord(ask: Ask, homes: HomeColumns, touched: Bools, unlocked: Bools) -> list[Question]:
    """Split one question by whom to ask, in the order in which they first appear."""
    rows = np.flatnonzero(touched)
    who, first, place = np.unique(homes.ask_ids[rows], return_index=True, return_inverse=True)
    wins = np.bincount(place, unlocked[rows], len(who)).astype(int).tolist()
    by_person = np.split(homes.ids[rows][np.argsort(place, kind="stable")], _ends(place, len(who)))
    return [
        Question(
            ask,
            None if who[number] == NOT_KNOWN else int(who[number]),
            wins[number],
            len(by_person[number]),
            tuple(by_person[number].tolist()),
        )
        for number in np.argsort(first, kind="stable")
    ]


def _ends(place: np.ndarray[tuple[int], np.dtype[np.intp]], size: int) -> list[int]:
    ends: list[int] = np.cumsum(np.bincount(place, minlength=size))[:-1].tolist()
    return ends
