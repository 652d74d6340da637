"""次に探すもの: which homes and things to look for, because households are left without them.

Homes come from the newest assignment of everybody (一括の組み合わせ): a kind of home is named for
what adding one and assigning everybody again has shown, not for how often it was wished. Things
come from open needs. Households are counted and never named; of fewer than five nothing is told to
whoever does not read the cases, more are told in fives, as today's count less yesterday's is one
household, and where a single one could be meant, neither is the town.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.goods.wishes.queries import wishes_of
from app.goods.wishes.words import wish_words
from app.housing.batches.models import BatchState, MatchBatch
from app.housing.candidates.words import Reveal
from app.housing.proposals.batch_words import Say, wanted
from app.housing.proposals.landlord_terms import LandlordTerm, landlord_terms, term_sentence
from app.reports.figures.counting import Office
from app.reports.suppression import FEWEST


@dataclass(frozen=True)
class HomeWish:
    """A kind of home to look for: the sentence, how many such homes help, whom they would suit."""

    sentence: str
    more: int
    suits: str


@dataclass(frozen=True)
class TermWish:
    """A condition of landlords that costs most: what changing it would do, in how many homes."""

    sentence: str
    homes: int


@dataclass(frozen=True)
class HomesWanted:
    """The homes to look for by one assignment; without one there is no `run_on`."""

    run_on: date | None
    batch_id: int | None
    left: int | None
    wishes: tuple[HomeWish, ...] = ()
    terms: tuple[TermWish, ...] = ()


def homes_wanted(session: Session, office: Office, *, exact: bool) -> HomesWanted:
    """What the office's newest assignment of everybody says to look for: two statements."""
    batch = session.scalar(
        sa.select(MatchBatch)
        .where(MatchBatch.organisation_id == office.id, MatchBatch.state == BatchState.READY)
        .order_by(MatchBatch.id.desc())
        .limit(1)
    )
    if batch is None:
        return HomesWanted(None, None, None)
    told = [one for one in batch.answer["recruits"] if exact or one["suits"] >= FEWEST]
    return HomesWanted(
        run_on=batch.run_on,
        batch_id=batch.id,
        left=len(batch.answer["without"]) if exact else None,
        wishes=tuple(_wish(one, exact=exact) for one in told),
        terms=tuple(_terms(batch, exact=exact)),
    )


def _terms(batch: MatchBatch, *, exact: bool) -> Iterator[TermWish]:
    """Terms that would suit five households or more; fewer only to whoever reads the cases."""
    without = {one["case"] for one in batch.answer["without"]}
    for term in landlord_terms(batch.inputs, without) if without else ():
        count = len(term.household_ids)
        if exact or count >= FEWEST:
            told = (
                term
                if exact
                else replace(term, household_ids=term.household_ids[: _in_fives(count)])
            )
            sentence = term_sentence(told, _say(exact=exact, term=term))
            at_least = sentence if exact else sentence.replace("世帯が", "世帯以上が")
            yield TermWish(at_least, term.homes)


def _in_fives(households: int) -> int:
    return households - households % FEWEST


def _say(*, exact: bool, term: LandlordTerm | None = None) -> Say:
    """Groups are named to whoever reads why households are in them, or where five are meant."""
    many = term is not None and len(term.household_ids) >= FEWEST
    return Say(groups=Reveal(groups=True, places=False).names()) if exact or many else Say()


def _wish(recruit: Mapping[str, Any], *, exact: bool) -> HomeWish:
    many = recruit["suits"] >= FEWEST
    wish = recruit["wish"] if many else {**recruit["wish"], "municipality": None}
    say = _say(exact=exact)
    suits = f"{recruit['suits']}世帯" if exact else f"{_in_fives(recruit['suits'])}世帯以上"
    return HomeWish(wanted({**recruit, "wish": wish}, say), recruit["more"], suits)


def things_wanted(session: Session) -> list[dict[str, Any]]:
    """Furniture and goods that are short, in a donor's words."""
    return [wish_words(one) for one in wishes_of(session)]
