"""Small markets, and the answers found by trying everything."""

import numpy as np
from hypothesis import strategies as st

from matching.assignment import Policy
from matching.market import Locks, market


@st.composite
def markets(draw, most_households=6, most_homes=6, most_benefit=9):
    """Draw a market whose ids are not in order."""
    households = draw(st.permutations(range(1, draw(st.integers(0, most_households)) + 1)))
    homes = draw(st.permutations(range(101, 101 + draw(st.integers(0, most_homes)))))
    possible = [(one, home) for one in households for home in homes]
    pairs = draw(st.lists(st.sampled_from(possible), unique=True)) if possible else []
    benefits = st.integers(0, most_benefit)
    return market(households, homes, [(*pair, draw(benefits)) for pair in pairs])


@st.composite
def orders(draw, some):
    """Draw an order of priority."""
    return np.array(draw(st.permutations(range(len(some.household_ids)))), np.int64)


@st.composite
def locks(draw, some):
    """Draw locks that do not contradict each other."""
    households, homes = some.household_ids.tolist(), some.home_ids.tolist()
    many = draw(st.integers(0, min(2, len(households), len(homes))))
    fixed = tuple(
        zip(
            draw(st.permutations(households))[:many],
            draw(st.permutations(homes))[:many],
            strict=True,
        )
    )
    possible = [(one, home) for one in households for home in homes if (one, home) not in fixed]
    never = draw(st.lists(st.sampled_from(possible), unique=True, max_size=3)) if possible else []
    return Locks(fixed, tuple(never))


def benefits(some):
    """Look up benefits by ids."""
    return {
        (int(some.household_ids[row]), int(some.home_ids[column])): int(benefit)
        for row, column, benefit in zip(some.household, some.home, some.benefit, strict=True)
    }


def every_assignment(some, fixed=(), never=()):
    """Make every possible set of pairs, each a dict from household to home."""
    allowed = [pair for pair in {**dict.fromkeys(fixed, 0), **benefits(some)} if pair not in never]
    rows = some.household_ids.tolist()

    def further(place, taken):
        if place == len(rows):
            yield taken
            return
        yield from further(place + 1, taken)
        for household, home in allowed:
            if household == rows[place] and home not in taken.values():
                yield from further(place + 1, taken | {household: home})

    return (taken for taken in further(0, {}) if set(fixed) <= set(taken.items()))


def worth(some, policy, order, given):
    """Tell what a policy holds an assignment worth: more is better."""
    listed = benefits(some)
    total = sum(listed.get(pair, 0) for pair in given.items())
    if policy == Policy.PRIORITY:
        first = some.household_ids[order].tolist()
        return tuple(household in given for household in first), total
    return (len(given), total) if policy == Policy.MOST else (total, len(given))


def as_dict(found):
    """Read an assignment as a dict from household to home."""
    return {pair.household_id: pair.home_id for pair in found.pairs()}
