"""お礼の手紙: what a donor gave in a period and whom it reached; nobody can be recognised."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.db import today
from app.foodbank.donors.flows import (
    NONE,
    Gift,
    Reach,
    boxes,
    disposals,
    gifts,
    reach_of,
    unit_weights,
)
from app.foodbank.donors.words import FEWEST, kilo, told_households
from app.foodbank.evidence.queries import Period
from app.foodbank.models import Lot
from app.wording import day

MOST_ITEMS = 30


@dataclass(frozen=True)
class Thanks:
    """What came from one donor in a period, and what became of their food in the same days."""

    gifts: tuple[Gift, ...]
    reach: Reach
    handed: str
    disposed: str

    @property
    def kg(self) -> Decimal:
        """All that came in and could be weighed."""
        return sum((one.kg or NONE for one in self.gifts), NONE)


def thanks_for(session: Session, period: Period, donor_id: int) -> Thanks:
    """Gather it; what is handed out or thrown away may have come in before the period."""
    its = Lot.donor_id == donor_id
    weights = unit_weights(session, period.organisation_id, its)
    found = boxes(session, period)
    handed, thrown = Counter[int](), Counter[int]()
    for box in found:
        handed.update({lot: units for lot, units in box.units.items() if lot in weights})
    for _day, lot, units in disposals(session, period):
        thrown[lot] += units if lot in weights else 0
    return Thanks(
        gifts=tuple(gifts(session, period, its)),
        reach=reach_of(found, weights.keys()),
        handed=weight_words(handed, weights),
        disposed=weight_words(thrown, weights),
    )


def weight_words(units: Mapping[int, int], weights: Mapping[int, Decimal]) -> str:
    """What so many of each lot weigh; lots nobody can weigh are told of beside it, not as 0kg."""
    there = [lot for lot, count in units.items() if count]
    if not there:
        return str(_("ありません"))
    weight = sum((weights[lot] * units[lot] for lot in there), NONE)
    if all(weights[lot] for lot in there):
        return kilo(weight)
    if not weight:
        return str(_("重さの分からない物"))
    return str(_("%(kg)sと、重さの分からない物", kg=kilo(weight)))


def reach_words(reach: Reach, handed: str) -> list[tuple[str, str]]:
    """Whom it reached, for outside: no number below five, and none by taking two others apart.

    Households without a case are told apart only where those with one are many enough as well;
    the weight is told only where at least five share it, an alias that came five times being one.
    """
    told = [
        (str(_("届いた世帯（のべ）")), told_households(reach.visits)),
        (str(_("届いた世帯（実数）")), told_households(reach.homes)),
    ]
    if min(reach.table, reach.visits - reach.table) >= FEWEST:
        told.append((str(_("うち、その場でお渡しした方（のべ）")), told_households(reach.table)))
    if max(reach.homes, reach.aliases) >= FEWEST:
        told.append((str(_("お渡しした重さ")), handed))
    return told


def letter_words(thanks: Thanks) -> dict[str, Any]:
    """The letter's content: the page shows the donor exactly what the paper will say."""
    rows: dict[tuple[str, str], list[Gift]] = {}
    for gift in thanks.gifts:
        rows.setdefault((gift.item, gift.unit), []).append(gift)
    items = [
        [item, f"{sum(one.units for one in some):,}{unit}", _weight(some)]
        for (item, unit), some in rows.items()
    ]
    return {
        "items": items[:MOST_ITEMS],
        "more": max(len(items) - MOST_ITEMS, 0),
        "kg": kilo(thanks.kg),
        "unweighed": sum(one.kg is None for one in thanks.gifts),
        "reach": reach_words(thanks.reach, thanks.handed),
        "disposed": thanks.disposed,
    }


def _weight(some: list[Gift]) -> str:
    known = [one.kg for one in some if one.kg is not None]
    return kilo(sum(known, NONE)) if len(known) == len(some) else ""


def letter_data(
    session: Session, period: Period, donor_name: str, words: dict[str, Any]
) -> dict[str, Any]:
    """The letter in the shape its template asks for."""
    bank = session.get_one(Organisation, period.organisation_id)
    return {
        "sheet": {
            "title": _("食品のご寄贈のお礼"),
            "organisation": bank.name,
            "made_on": day(today()),
            "contact": f"{bank.name}　{bank.phone or ''}".strip(),
        },
        "donor": donor_name,
        "period": f"{day(period.first)} ～ {day(period.last)}",
        "fewest": FEWEST,
        **words,
    }
