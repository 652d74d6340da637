"""The list of everything on its way: narrowed by a word, put in order, and as rows for a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.db import JAPAN
from app.japanese import spelling_key
from app.placements import queries, steps
from app.placements.models import Hold, Placement
from app.placements.panels import home_name
from app.policy import Viewer

Row = TypeVar("Row", Hold, Placement)
CSV_HEAD = ("種類", "番号", "住戸", "市区町村", "相談", "家賃", "期限", "済んだ手順", "次の手順")


@dataclass(frozen=True)
class OnTheWay:
    """What a viewer may see of holds, placements and stays."""

    holds: Sequence[Hold]
    placements: Sequence[Placement]
    stays: Sequence[Placement]

    @property
    def cases(self) -> set[Case]:
        begun = (*self.placements, *self.stays)
        return {*(hold.case for hold in self.holds), *(one.case for one in begun)}


def on_the_way(
    session: Session, viewer: Viewer, asked: Mapping[str, Any], *, today: date
) -> OnTheWay:
    """Holds, placements and stays in which every word is found; they come in the order of their
    ends and beginnings already.
    """
    words, sort = asked["words"], asked["sort"]
    holds = queries.active_holds(session, viewer, today=today)
    placements = queries.open_placements(session, viewer, today=today)
    stays = queries.stays(session, viewer, today=today)
    return OnTheWay(
        holds=_sorted(_matching(holds, words), sort),
        placements=_sorted(_matching(placements, words), sort),
        stays=_sorted(_matching(stays, words), sort),
    )


def _matching(rows: list[Row], words: str) -> list[Row]:
    wanted = [spelling_key(word) for word in words.split()]
    return [row for row in rows if all(word in _searched(row) for word in wanted)]


def _searched(row: Hold | Placement) -> str:
    texts = (home_name(row.home), row.home.property.address, row.case.number)
    return "\n".join(spelling_key(text) for text in texts)


_ORDERS: Mapping[str, Callable[[Any], str]] = {
    "home": lambda row: home_name(row.home),
    "case": lambda row: row.case.number,
}


def _sorted(rows: list[Row], sort: str) -> list[Row]:
    order = _ORDERS.get(sort)
    return sorted(rows, key=order) if order else rows


def csv_rows(found: OnTheWay) -> Iterator[list[Any]]:
    """One row for each, households by their number."""
    for hold in found.holds:
        yield [*_place("取り置き", hold), hold.ends_at.astimezone(JAPAN).date(), None, None]
    for kind, placements in (("手続き", found.placements), ("一時入居", found.stays)):
        for one in placements:
            labels = steps.labels_of(one)
            done = "・".join(labels[step.kind] for step in one.steps)
            ahead = steps.next_steps(one)
            yield [*_place(kind, one), one.stay_until, done, labels[ahead[0]] if ahead else None]


def _place(kind: str, row: Hold | Placement) -> list[Any]:
    place = row.home.property
    return [kind, row.id, home_name(row.home), place.municipality, row.case.number, row.home.rent]
