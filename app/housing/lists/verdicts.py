"""What one field of a list's row means for a home on record.

A sender may change what it said itself, and tell what nobody knew. Where a value on record came
from somebody else – another sender, a telephone call – a different one is put before a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.housing.lists.models import HomeStatement, QuestionState
from app.housing.lists.said import ASKED_FIELDS, VACANCY, Said, Vacancy, agree, on_record
from app.housing.models import Home


class Verdict(StrEnum):
    """LEAVE keeps what is on record without asking: the sender only repeats itself."""

    SAME = "same"
    CHANGE = "change"
    ENRICH = "enrich"
    ASK = "ask"
    LEAVE = "leave"


WRITTEN = frozenset({Verdict.CHANGE, Verdict.ENRICH})


@dataclass(frozen=True)
class Earlier:
    """What a sender said of a field until now."""

    id: int
    value: Any
    question: QuestionState


Spoken = Mapping[int, Mapping[str, Earlier]]


def spoken_by(session: Session, sender_id: int | None) -> dict[int, dict[str, Earlier]]:
    """All that a sender says at present, by home and field."""
    found: dict[int, dict[str, Earlier]] = {}
    if sender_id is None:
        return found
    rows = session.execute(
        sa.select(
            HomeStatement.home_id,
            HomeStatement.field,
            HomeStatement.id,
            HomeStatement.value,
            HomeStatement.question,
        ).where(HomeStatement.sender_id == sender_id, HomeStatement.current)
    )
    for home_id, field, statement_id, value, question in rows:
        found.setdefault(home_id, {})[field] = Earlier(statement_id, value, question)
    return found


def verdicts(
    home: Home, said: Mapping[str, Said], earlier: Mapping[str, Earlier]
) -> dict[str, Verdict]:
    """One verdict for each field the row speaks of."""
    found = {
        field: _vacancy(home, one.value, earlier.get(field))
        if field == VACANCY
        else _verdict(field, one.value, on_record(home, field), earlier.get(field))
        for field, one in said.items()
    }
    if found.get("available") in {Verdict.LEAVE, Verdict.ASK} and "available_from" in found:
        found["available_from"] = Verdict.LEAVE  # the day belongs to the kind
    if "fee_included" in found and found["fee_included"] is not Verdict.SAME and "fee" in found:
        follows = {Verdict.SAME: Verdict.LEAVE, Verdict.ASK: Verdict.LEAVE}
        if earlier.get("fee_included") is None:
            found["fee_included"] = follows.get(found["fee"], found["fee"])
    return found


def _verdict(field: str, said: Any, known: Any, earlier: Earlier | None) -> Verdict:
    if known is None:
        return Verdict.ENRICH
    if agree(field, said, known):
        return Verdict.SAME
    if earlier is not None and agree(field, earlier.value, known):
        return Verdict.CHANGE
    if field not in ASKED_FIELDS or (earlier is not None and agree(field, earlier.value, said)):
        return Verdict.LEAVE
    return Verdict.ASK


def _vacancy(home: Home, said: Any, earlier: Earlier | None) -> Verdict:
    """As for other fields, except that a home stopped by a telephone call is asked about once more
    when its sender goes on listing it, and that "no longer in the list" and "none free" agree.
    """
    known, before = on_record(home, VACANCY), earlier.value if earlier else None
    if said == known:
        return Verdict.SAME
    if known == Vacancy.GONE:
        if said == Vacancy.NONE:
            return Verdict.LEAVE
        return _returned(before)
    if known == Vacancy.NONE:
        if before in {Vacancy.NONE, Vacancy.GONE}:
            return Verdict.CHANGE
        decided = earlier is not None and earlier.question is not QuestionState.NONE
        return Verdict.LEAVE if decided else Verdict.ASK
    return _verdict(VACANCY, said, known, earlier)


def _returned(before: Any) -> Verdict:
    """A home that some list left out is listed: by the one that left it out, or by another."""
    if before == Vacancy.GONE:
        return Verdict.CHANGE
    return Verdict.LEAVE if before == Vacancy.LISTED else Verdict.ASK
