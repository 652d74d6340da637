"""Why not this home: the conditions in the way of single homes of an answer, and their words."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from app.housing.plain import from_plain
from matching import home_columns, need
from matching.explain import excluded_sentences
from matching.homes import Excluded, Failure, look_at_home


def in_the_way(
    asked: Mapping[str, Any], home_ids: Collection[int]
) -> dict[int, tuple[Failure, ...]]:
    """The failing conditions of each of these homes that was part of what was asked.

    A home that was not – let, held, paused, near a place to keep away from, or no home at all – is
    left out, always in the same silence.
    """
    wanted = from_plain(need.HouseholdNeed, asked["need"])
    there = [one for one in asked["homes"] if one["home_id"] in home_ids]
    homes = home_columns.columns([from_plain(home_columns.Home, one) for one in there])
    on = date.fromisoformat(asked["today"])
    found = {}
    for number in [one["home_id"] for one in there]:
        seen = look_at_home(wanted, homes, number, today=on)
        found[number] = tuple(Failure(v.key, v.subject) for v in seen if v.answer == "fails")
    return found


def in_the_way_sentence(failure: Failure, names: Mapping[str, str]) -> str:
    """One failing condition as one reads it aloud."""
    return excluded_sentences(Excluded(0, (failure,)), names)
