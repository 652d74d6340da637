"""Parts of a batch's stored answer in sentences, for readers who may be told what is handed in."""

from collections.abc import Mapping
from typing import Any

from app.housing.plain import from_plain
from matching.explain_batch import (
    Say,
    move_sentence,
    recruit_sentence,
    scarcity_sentences,
    taken_sentence,
)
from matching.reassignment import Move
from matching.recruiting import Recruit
from matching.scarcity import Loss, Scarcity

__all__ = ["SAYABLE", "Say", "moved", "needed", "taken", "wanted"]

# Facts of a need that whoever sees the household by its code sees too.
SAYABLE = frozenset({"ground", "ground_or_lift", "wheelchair", "large", "no_guarantor"})

Plain = Mapping[str, Any]


def needed(scarce: Plain, say: Say) -> str:
    """Who needs a home, and whether to keep it."""
    return scarcity_sentences(from_plain(Scarcity, scarce), say)


def taken(case_id: int, loss: Plain, say: Say) -> str:
    """What it does to the others if one household takes a home."""
    return taken_sentence(case_id, from_plain(Loss, loss), say)


def moved(move: Plain, say: Say) -> str:
    """What changed for one household, and why."""
    return move_sentence(from_plain(Move, move), say)


def wanted(recruit: Plain, say: Say) -> str:
    """Which homes to look for."""
    return recruit_sentence(from_plain(Recruit, recruit), say)
