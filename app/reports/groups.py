"""Hidden numbers that hang together, and how far each of them can be moved.

Numbers hidden in one sum, or grown from one another, say something of each other; what no rule
connects says nothing. So the hidden cells fall into groups, and each group has a linear programme
of its own, which is built once and solved for many targets.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

FEWEST = 5
"""From this number on a count is told (the council's and the ministry's usual limit)."""

SLACK = 1e-6
"""What a linear programme may be off."""

ROOM = 40.0
"""How far above the truth hidden numbers are thought: enough, and no programme is without end."""

Cell = tuple[int, int, int, int]
"""Report, table, row and column."""


@dataclass(frozen=True)
class Rule:
    """Terms that add up to nought, or to no more than nought."""

    terms: tuple[tuple[Cell, float], ...]
    equal: bool


@dataclass(eq=False)
class Target:
    """What must stay open: a small number, or by how much `cell` is more than `less`."""

    cell: Cell
    less: Cell | None
    least: float
    greatest: float

    @property
    def safe(self) -> bool:
        """Whether it may be five things, one of them not small."""
        return self.greatest >= max(FEWEST, self.least + FEWEST - 1) - SLACK

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.cell,) if self.less is None else (self.cell, self.less)


@dataclass(eq=False)
class _Group:
    """Cells, the numbers of their rules, and the targets among them that may not be safe yet."""

    cells: set[Cell]
    rules: set[int]
    open: dict[Target, None] = field(default_factory=dict)
    programme: "_Programme | None" = None

    def take(self, other: "_Group") -> None:
        self.cells |= other.cells
        self.rules |= other.rules
        self.open |= other.open
        self.programme = None


class Groups:
    """The hidden cells in the groups that the rules make of them."""

    def __init__(
        self, rules: Sequence[Rule], values: Mapping[Cell, float], hidden: Collection[Cell]
    ) -> None:
        self._rules = rules
        self._values = values
        self._rules_of: dict[Cell, list[int]] = {}
        for number, rule in enumerate(rules):
            for cell, _sign in rule.terms:
                self._rules_of.setdefault(cell, []).append(number)
        self._group_of: dict[Cell, _Group] = {}
        self._first_of: dict[int, Cell] = {}
        for cell in sorted(hidden):
            self.add(cell)

    def add(self, cell: Cell) -> None:
        """A cell is hidden; it brings together all groups it shares a rule with."""
        numbers = self._rules_of.get(cell, [])
        self._group_of[cell] = _Group({cell}, set(numbers))
        for number in numbers:
            first = self._first_of.setdefault(number, cell)
            self._join(self._group_of[first], self._group_of[cell])

    def _join(self, one: _Group, two: _Group) -> None:
        if one is two:
            return
        large, small = (one, two) if len(one.cells) >= len(two.cells) else (two, one)
        large.take(small)
        for cell in small.cells:
            self._group_of[cell] = large

    def watch(self, target: Target) -> None:
        """Move this target, too, whenever something is moved that it hangs on."""
        for group in self._groups(target):
            group.open[target] = None

    def _groups(self, target: Target) -> list[_Group]:
        found = (self._group_of[cell] for cell in target.cells if cell in self._group_of)
        return list(dict.fromkeys(found))

    def rules_around(self, target: Target) -> list[Rule]:
        """The rules that bear on a target."""
        numbers = {number for group in self._groups(target) for number in group.rules}
        return [self._rules[number] for number in sorted(numbers)]

    def widen(self, target: Target) -> None:
        """Move the target up, with others first, and down where that is not enough; note all that
        moves with it.
        """
        groups = self._groups(target)
        for group in groups:
            group.open = {one: None for one in group.open if not one.safe}
        others = list(dict.fromkeys(one for group in groups for one in group.open))
        programme = self._programme(groups)
        up = programme.goal([target])
        for goal in (up + 0.01 * programme.goal(others), up, -up):
            found = programme.solved(-goal)
            if found is None:
                return
            for one in others:
                self._note(one, found, programme.place)
            if target.safe:
                return

    def _note(self, target: Target, found: np.ndarray, place: Mapping[Cell, int]) -> None:
        def thought(cell: Cell) -> float:
            return float(found[place[cell]]) if cell in place else self._values[cell]

        value = thought(target.cell) - (0 if target.less is None else thought(target.less))
        target.greatest = max(target.greatest, value)
        target.least = max(min(target.least, value), 0.0 if target.less else 1.0)

    def _programme(self, groups: Sequence[_Group]) -> "_Programme":
        """Of one group, kept until it grows; of two that a difference lies between, made anew."""
        if len(groups) == 1:
            (group,) = groups
            group.programme = group.programme or self._made(group.rules, group.cells)
            return group.programme
        return self._made(
            {number for one in groups for number in one.rules},
            {cell for one in groups for cell in one.cells},
        )

    def _made(self, numbers: Iterable[int], cells: Iterable[Cell]) -> "_Programme":
        rules = [self._rules[number] for number in sorted(numbers)]
        return _Programme(rules, sorted(cells), self._values)


class _Programme:
    """The linear programmes over some hidden cells; their bounds are 1 and a little above truth."""

    def __init__(
        self, rules: Sequence[Rule], cells: Sequence[Cell], values: Mapping[Cell, float]
    ) -> None:
        self.place = {cell: n for n, cell in enumerate(cells)}
        self._bounds = Bounds(1.0, np.array([values[cell] + ROOM for cell in cells]))
        self._constraints = self._rows(rules, values) if rules else None

    def _rows(self, rules: Sequence[Rule], values: Mapping[Cell, float]) -> LinearConstraint:
        right, rows, columns, signs = np.zeros(len(rules)), [], [], []
        for n, rule in enumerate(rules):
            for cell, sign in rule.terms:
                if cell in self.place:
                    rows.append(n)
                    columns.append(self.place[cell])
                    signs.append(sign)
                else:
                    right[n] -= sign * values[cell]
        terms = csc_array((signs, (rows, columns)), shape=(len(rules), len(self.place)))
        least = np.where([rule.equal for rule in rules], right, -np.inf)
        return LinearConstraint(terms, least, right)

    def goal(self, targets: Iterable[Target]) -> np.ndarray:
        """All of the targets moved up at once: one solution vouches for many."""
        goal = np.zeros(len(self.place))
        for target in targets:
            for cell, way in zip(target.cells, (1.0, -1.0), strict=False):
                if cell in self.place:
                    goal[self.place[cell]] += way
        return goal

    def solved(self, goal: np.ndarray) -> np.ndarray | None:
        """The solution for which `goal` is least; None where there is none."""
        found = milp(goal, bounds=self._bounds, constraints=self._constraints)
        return found.x if found.status == 0 else None
