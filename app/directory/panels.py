"""What features above the directory know of its partners; it must not know of them."""

from collections.abc import Callable, Collection, Mapping

from sqlalchemy.orm import Session

HomeCounts = Callable[[Session, Collection[int]], Mapping[int, int]]
home_counts: list[HomeCounts] = []


def homes_of(session: Session, partner_ids: Collection[int]) -> dict[int, int]:
    """How many homes each of these partners stands behind."""
    found: dict[int, int] = {}
    for count in home_counts:
        found.update(count(session, partner_ids))
    return found
