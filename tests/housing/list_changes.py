"""What changed between two of a council's lists: new homes, homes that are gone, other amounts."""

from dataclasses import dataclass

from app.housing.homes.keys import HomeKey, recognise
from app.housing.lists.reading import ListReading, ParsedHome


@dataclass(frozen=True)
class HomeChange:
    """A home that stands in both lists; ``fields`` names what is different."""

    before: ParsedHome
    after: ParsedHome
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ListChanges:
    """Every row of the newer list is in ``new``, ``kept`` or ``undecided`` (it may be several
    homes).
    """

    new: tuple[ParsedHome, ...]
    gone: tuple[ParsedHome, ...]
    kept: tuple[HomeChange, ...]
    undecided: tuple[ParsedHome, ...]

    @property
    def rents_changed(self) -> tuple[HomeChange, ...]:
        """The homes whose rent is another one now, each home once."""
        changed = {change.before.row: change for change in self.kept if "rent" in change.fields}
        return tuple(changed.values())


def compare_lists(before: ListReading, after: ListReading) -> ListChanges:
    """Recognise the homes of ``before`` in ``after``, however they are written."""
    known: dict[HomeKey, ParsedHome] = {}
    for home in before.homes:
        known.setdefault(home.key, home)
    new, kept, undecided = [], [], []
    for home in after.homes:
        found = recognise(home.key, known)
        if not found:
            new.append(home)
        elif len(found) > 1:
            undecided.append(home)
        else:
            old = known[found[0]]
            kept.append(HomeChange(old, home, _differences(old, home)))
    seen = {change.before.key for change in kept}
    for home in undecided:
        seen.update(recognise(home.key, known))
    gone = tuple(home for key, home in known.items() if key not in seen)
    return ListChanges(tuple(new), gone, tuple(kept), tuple(undecided))


def _differences(before: ParsedHome, after: ParsedHome) -> tuple[str, ...]:
    """The fields whose meaning differs: neither another spelling nor a blank is a change."""
    pairs = {
        "rent": (before.rent_yen, after.rent_yen),
        "fee": (before.fee.yen, after.fee.yen),
        "deposit": (before.deposit.in_yen(before.rent_yen), after.deposit.in_yen(after.rent_yen)),
        "key_money": (
            before.key_money.in_yen(before.rent_yen),
            after.key_money.in_yen(after.rent_yen),
        ),
        "guarantor": (before.guarantor, after.guarantor),
        "available": (before.available, after.available),
        "acceptance": (
            {group: one.answer for group, one in before.acceptance.items()},
            {group: one.answer for group, one in after.acceptance.items()},
        ),
    }
    return tuple(
        name
        for name, (old, now) in pairs.items()
        if old is not None and now is not None and old != now
    )
