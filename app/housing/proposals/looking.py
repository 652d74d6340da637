"""Why not this home: the conditions in the way of single homes, and their words."""

from collections.abc import Mapping
from datetime import date

from matching.explain import excluded_sentences
from matching.home_columns import HomeColumns
from matching.homes import Excluded, Failure, look_at_home
from matching.need import HouseholdNeed


def failing(wanted: HouseholdNeed, homes: HomeColumns, on: date) -> dict[int, tuple[Failure, ...]]:
    """The failing conditions of each of a few homes."""
    found = {}
    for number in homes.ids.tolist():
        seen = look_at_home(wanted, homes, number, today=on)
        found[number] = tuple(Failure(v.key, v.subject) for v in seen if v.answer == "fails")
    return found


def in_the_way_sentence(failure: Failure, names: Mapping[str, str]) -> str:
    """One failing condition as one reads it aloud."""
    return excluded_sentences(Excluded(0, (failure,)), names)
