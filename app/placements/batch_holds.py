"""Holding the approved pairs of a batch: each stands or falls for itself, in one transaction.

Every pair is a named person's decision. Whoever was first keeps a home; that pair is named and the
others stand. A pair held before is not held again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.errors import ConflictError, DomainError
from app.housing.batches import services as batches
from app.housing.batches.models import MatchBatch, Outcome
from app.housing.models import Home
from app.housing.panels import have_a_home
from app.placements.models import Hold
from app.placements.services import place_hold

NOT_PROPOSED = "この組は、いまの提案にありません。開き直して、選び直してください。"
HAS_A_HOME = "この世帯には、もう取り置きか手続き中の住戸があります。"
Pair = tuple[int, int]


@dataclass(frozen=True)
class PairHeld:
    """What became of one pair; `outcome` is None for one that is not proposed (any more)."""

    pair: Pair
    outcome: Outcome | None
    message: str | None = None
    hold: Hold | None = None


def hold_pairs(
    session: Session,
    *,
    batch: MatchBatch,
    pairs: Collection[Pair],
    seen: Collection[int],
    user_id: int,
    organisation_id: int,
    at: datetime,
    ends_on: date | None = None,
) -> list[PairHeld]:
    """Hold each approved pair's home for its household.

    `seen` are the cases whose place the approver may know; a pair of any other is answered like
    one that is not proposed.
    """
    batches.one_at_a_time(session, batch)
    proposed = {(pair["case"], pair["home"]) for pair in batch.answer["pairs"]}
    held = set(batches.held_pairs(session, batch))
    there = have_a_home(session)
    done = []
    for pair in sorted(pairs, key=lambda one: one[1]):  # every request takes homes in one order
        if pair not in proposed or pair[0] not in seen:
            done.append(PairHeld(pair, None, NOT_PROPOSED))
        elif pair in held:
            done.append(PairHeld(pair, Outcome.HELD))
        elif pair[0] in there:
            done.append(PairHeld(pair, Outcome.REFUSED, HAS_A_HOME))
        else:
            done.append(
                _hold(
                    session,
                    pair,
                    user_id=user_id,
                    organisation_id=organisation_id,
                    at=at,
                    ends_on=ends_on,
                )
            )
    for one in done:
        if one.outcome is not None and one.pair not in held:
            batches.approve(
                session,
                batch=batch,
                case_id=one.pair[0],
                home_id=one.pair[1],
                user_id=user_id,
                outcome=one.outcome,
                note=one.message,
            )
    return done


def _hold(
    session: Session,
    pair: Pair,
    *,
    user_id: int,
    organisation_id: int,
    at: datetime,
    ends_on: date | None,
) -> PairHeld:
    """One pair in a savepoint of its own: what it could not do is undone with it alone."""
    case_id, home_id = pair
    case, home = session.get_one(Case, case_id), session.get(Home, home_id)
    if home is None:  # its list was taken back
        return PairHeld(pair, None, NOT_PROPOSED)
    try:
        with session.begin_nested():
            hold = place_hold(
                session,
                home=home,
                case=case,
                user_id=user_id,
                organisation_id=organisation_id,
                at=at,
                ends_on=ends_on,
            )
    except DomainError as error:
        taken = isinstance(error, ConflictError)
        return PairHeld(pair, Outcome.TAKEN if taken else Outcome.REFUSED, error.message)
    return PairHeld(pair, Outcome.HELD, hold=hold)
