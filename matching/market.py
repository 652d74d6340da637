"""Open needs and open homes with the pairs that are possible, as arrays."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.errors import AssignmentError
from matching.home_columns import Bools, Int64s

NOBODY = -1
HIGHEST_BENEFIT = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Market:
    """Households, homes, and the benefit of each pair that is possible.

    Attributes
    ----------
    household_ids, home_ids : int64
        Each id once. Their order means nothing; ids break ties.
    household, home : int64
        Positions in the two arrays above, one entry a possible pair; each pair once.
    benefit : int64
        How well the pair fits, from 0: a score × 1000 rounded, say.
    """

    household_ids: Int64s
    home_ids: Int64s
    household: Int64s
    home: Int64s
    benefit: Int64s

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit together."""
        for ids in (self.household_ids, self.home_ids):
            if not _each_once(ids):
                raise AssignmentError("同じ世帯か同じ住戸が2回入っています。")
        if not len(self.household) == len(self.home) == len(self.benefit):
            raise AssignmentError("組み合わせの列の長さがそろっていません。")
        sides = ((self.household, self.household_ids), (self.home, self.home_ids))
        if len(self.household) and any(
            where.min() < 0 or where.max() >= len(ids) for where, ids in sides
        ):
            raise AssignmentError("組み合わせに、一覧にない世帯か住戸があります。")
        if len(self.benefit) and self.benefit.min() < 0:
            raise AssignmentError("組み合わせの点数は0以上にしてください。")

    def where(self, pairs: Bools) -> "Market":
        """Return the same households and homes with some of the pairs only."""
        return replace(
            self,
            household=self.household[pairs],
            home=self.home[pairs],
            benefit=self.benefit[pairs],
        )

    def part(self, households: Bools, homes: Bools) -> "Market":
        """Return some households and homes with the pairs between them."""
        new_household, new_home = np.cumsum(households) - 1, np.cumsum(homes) - 1
        pairs = households[self.household] & homes[self.home]
        return Market(
            household_ids=self.household_ids[households],
            home_ids=self.home_ids[homes],
            household=new_household[self.household[pairs]],
            home=new_home[self.home[pairs]],
            benefit=self.benefit[pairs],
        )

    def household_at(self, household_id: int) -> int:
        """Return the position of a household."""
        return _position(self.household_ids, household_id, "世帯")

    def home_at(self, home_id: int) -> int:
        """Return the position of a home."""
        return _position(self.home_ids, home_id, "住戸")


def _each_once(ids: Int64s) -> bool:
    return bool((np.diff(ids) > 0).all()) or len(np.unique(ids)) == len(ids)


def _position(ids: Int64s, wanted: int, noun: str) -> int:
    found = np.flatnonzero(ids == wanted)
    if not len(found):
        raise AssignmentError(f"{noun} {wanted} は一覧にありません。")
    return int(found[0])


def market(
    household_ids: Iterable[int],
    home_ids: Iterable[int],
    pairs: Iterable[tuple[int, int, int]],
) -> Market:
    """Make a market from ids.

    Parameters
    ----------
    household_ids, home_ids : iterable of int
    pairs : iterable of (household id, home id, benefit)

    Returns
    -------
    Market

    Raises
    ------
    AssignmentError
        For ids that appear twice or are not in the lists, pairs given twice, negative benefits.

    Examples
    --------
    >>> some = market([1, 2], [7], [(1, 7, 5000), (2, 7, 4000)])
    >>> some.household.tolist(), some.home.tolist(), some.benefit.tolist()
    ([0, 1], [0, 0], [5000, 4000])
    """
    households, homes, listed = list(household_ids), list(home_ids), list(pairs)
    row = {household: number for number, household in enumerate(households)}
    column = {home: number for number, home in enumerate(homes)}
    if len({(household, home) for household, home, _ in listed}) != len(listed):
        raise AssignmentError("同じ組み合わせが2回入っています。")
    return Market(
        household_ids=np.array(households, np.int64),
        home_ids=np.array(homes, np.int64),
        household=np.array([row.get(one, NOBODY) for one, _, _ in listed], np.int64),
        home=np.array([column.get(one, NOBODY) for _, one, _ in listed], np.int64),
        benefit=np.array([benefit for _, _, benefit in listed], np.int64),
    )


def parts(whole: Market) -> tuple[Int64s, Int64s]:
    """Number the parts of a market that share no home and no household.

    Returns
    -------
    of_household, of_home : int64
        The number of the part each belongs to.

    Examples
    --------
    >>> of_household, of_home = parts(market([1, 2], [7, 8], [(1, 7, 1), (2, 8, 1)]))
    >>> of_household.tolist(), of_home.tolist()
    ([0, 1], [0, 1])
    """
    many = len(whole.household_ids)
    size = many + len(whole.home_ids)
    if not size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    links = (np.ones(len(whole.household), np.int8), (whole.household, whole.home + many))
    _, number = connected_components(coo_array(links, shape=(size, size)), directed=False)
    return number[:many].astype(np.int64), number[many:].astype(np.int64)


@dataclass(frozen=True, slots=True)
class Locks:
    """What a person decided: pairs of (household id, home id) that are fixed, and that never are.

    A fixed pair stands even where no such pair is possible by the rules; its benefit is 0 then.
    """

    fixed: tuple[tuple[int, int], ...] = ()
    never: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        """Refuse decisions that contradict each other."""
        for side in (0, 1):
            named = [pair[side] for pair in self.fixed]
            if len(set(named)) != len(named):
                raise AssignmentError("1つの世帯か住戸に、決まった組み合わせが2つあります。")
        if set(self.fixed) & set(self.never):
            raise AssignmentError("「決まり」と「なし」の両方になっている組み合わせがあります。")


NO_LOCKS = Locks()


def unlocked(whole: Market, locks: Locks) -> Market:
    """Return the pairs that are still open once locks are taken into account.

    Examples
    --------
    >>> some = market([1, 2], [7, 8], [(1, 7, 1), (1, 8, 1), (2, 7, 1), (2, 8, 1)])
    >>> unlocked(some, Locks(fixed=((1, 7),))).home.tolist()
    [1]
    >>> unlocked(some, Locks(never=((1, 7),))).home.tolist()
    [1, 0, 1]
    """
    if locks == NO_LOCKS:
        return whole
    taken_household = np.zeros(len(whole.household_ids), bool)
    taken_home = np.zeros(len(whole.home_ids), bool)
    for household_id, home_id in locks.fixed:
        taken_household[whole.household_at(household_id)] = True
        taken_home[whole.home_at(home_id)] = True
    many = len(whole.home_ids)
    never = [whole.household_at(one) * many + whole.home_at(home) for one, home in locks.never]
    free = ~taken_household[whole.household] & ~taken_home[whole.home]
    return whole.where(free & ~np.isin(whole.household * many + whole.home, never))
