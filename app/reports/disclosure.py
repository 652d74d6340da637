"""What a reader of all public reports of an office can work out, and what must be hidden so that
it is never a number below five.

A reader knows every number told, that sums are the sums of their parts, that hidden numbers are
at least 1, and may take a count that grew from one report to the next to have grown for sure. What
is left open is a set of linear programmes (cell suppression with an audit, as statistical offices
do it; Willenborg and de Waal, *Elements of Statistical Disclosure Control*, 2001). To be protected
are hidden counts from 1 to 4, and differences from 1 to 4 between the same count in two reports:
each must still be able to be five things or more, one of them not small. Hiding more only widens
what is possible, so what was once found safe stays safe, and every solution met on the way
vouches for all that it moves.

Told reports are never changed. Only cells of the new one can be hidden; with all of them hidden
a reader knows what they knew before.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

FEWEST = 5
"""From this number on a count is told (the council's and the ministry's usual limit)."""

SLACK = 1e-6
"""What a linear programme may be off."""

ROOM = 40.0
"""How far above the truth hidden numbers are thought: enough, and no programme is without end."""

Cell = tuple[int, int, int, int]
"""Report, table, row and column."""


@dataclass(frozen=True)
class Sum:
    """One cell that is the sum of others; with a single part, the same count told twice."""

    whole: Cell
    parts: tuple[Cell, ...]


@dataclass
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


@dataclass
class Knowledge:
    """Every count of all reports, what is told of it, and what a reader may take for sure.

    `same` names counts that are the same in several reports, in the order of their days; `limits`
    are what is more than what, where nothing is a sum; `new` is the number of the report whose
    cells may still be hidden.
    """

    values: Mapping[Cell, float]
    sums: Sequence[Sum]
    same: Sequence[Sequence[Cell]]
    hidden: set[Cell]
    new: int
    limits: Sequence["Rule"] = ()

    def protect(self) -> set[Cell]:
        """Hide of the new report what must be hidden, and give all that is hidden."""
        self.hidden |= {
            cell for cell, value in self.values.items()
            if cell[0] == self.new and 0 < value < FEWEST
        }  # fmt: skip
        targets = list(self._targets())
        for target in targets:
            if self._given_away(target) and target.cell[0] == self.new:
                self.hidden.add(target.cell)
            elif self._given_away(target) and target.less and target.less[0] == self.new:
                self.hidden.add(target.less)
        while (further := self._loose()) is not None:
            self.hidden.add(further)
        self._audit([one for one in targets if not self._given_away(one)])
        return self.hidden

    def _given_away(self, target: Target) -> bool:
        return not self.hidden.intersection(target.cells)

    def _targets(self) -> Iterator[Target]:
        """Small hidden numbers, and small differences not all of which was told already."""
        for cell in sorted(self.hidden):
            if 0 < self.values[cell] < FEWEST:
                yield Target(cell, None, self.values[cell], self.values[cell])
        for line in self.same:
            for n, one in enumerate(line):
                for two in line[n + 1 :]:
                    gap = self.values[two] - self.values[one]
                    if 0 < abs(gap) < FEWEST:
                        more, less = (two, one) if gap > 0 else (one, two)
                        yield Target(more, less, abs(gap), abs(gap))

    def _loose(self) -> Cell | None:
        """A cell to hide because a single sum gives a hidden one back: the quick part of the check.

        Hidden beside is the smallest number left, so that as little as possible is lost; where
        only noughts are left, the whole.
        """
        for one in self.sums:
            if one.whole[0] != self.new:
                continue
            secret = [part for part in one.parts if part in self.hidden]
            if one.whole in self.hidden:
                if not secret:  # the whole is its parts
                    return self._smallest(one.parts)
            elif secret and not _enough(len(secret), sum(self.values[part] for part in secret)):
                return self._smallest(one.parts) or one.whole
        return None

    def _smallest(self, candidates: Iterable[Cell]) -> Cell | None:
        left = [
            at for at in candidates
            if at[0] == self.new and at not in self.hidden and self.values[at] > 0
        ]  # fmt: skip
        return min(left, key=lambda at: (self.values[at], at), default=None)

    def _audit(self, waiting: list[Target]) -> None:
        """Hide beside each target until a solution shows that it is safe."""
        while waiting:
            target = waiting[-1]
            if not target.safe:
                self._widen(target, waiting)
            if not target.safe and (further := self._beside(target)) is not None:
                self.hidden.add(further)
                while (loose := self._loose()) is not None:
                    self.hidden.add(loose)
                continue
            waiting.pop()  # safe, or all that is new around it is hidden

    def _widen(self, target: Target, waiting: Sequence[Target]) -> None:
        """Move the target up, with others first, and down where that is not enough; note all that
        moves with it.
        """
        rules, cells = self._around(target)
        place = {cell: n for n, cell in enumerate(sorted(cells))}
        told = _Programme(rules, place, self.values)
        touched = [one for one in waiting if not one.safe and not cells.isdisjoint(one.cells)]
        up = _goal([target], place)
        for goal in (up + 0.01 * _goal(touched, place), up, -up):
            found = told.solved(-goal)
            if found is None:
                return
            for one in touched:
                self._note(one, found, place)
            if target.safe:
                return

    def _note(self, target: Target, found: "np.ndarray", place: Mapping[Cell, int]) -> None:
        def thought(cell: Cell) -> float:
            return float(found[place[cell]]) if cell in place else self.values[cell]

        value = thought(target.cell) - (0 if target.less is None else thought(target.less))
        target.greatest = max(target.greatest, value)
        target.least = max(min(target.least, value), 0.0 if target.less else 1.0)

    @cached_property
    def _rules(self) -> list["Rule"]:
        """Sums, what is more than what, and that a count which grew is not less than it was."""
        rules = [
            Rule(((one.whole, -1.0), *((part, 1.0) for part in one.parts)), equal=True)
            for one in self.sums
        ]
        rules += self.limits
        for line in self.same:
            for one, two in itertools.pairwise(line):
                if self.values[two] >= self.values[one]:
                    rules.append(Rule(((one, 1.0), (two, -1.0)), equal=False))
        return rules

    @cached_property
    def _rules_of(self) -> Mapping[Cell, list[int]]:
        found: dict[Cell, list[int]] = {}
        for number, rule in enumerate(self._rules):
            for cell, _sign in rule.terms:
                found.setdefault(cell, []).append(number)
        return found

    def _around(self, target: Target) -> tuple[list["Rule"], set[Cell]]:
        """The rules and hidden cells that bear on a target: what nothing connects with it says
        nothing.
        """
        near = self.hidden.intersection(target.cells)
        reached, left, bearing = set(near), list(near), dict[int, None]()
        while left:
            for number in self._rules_of.get(left.pop(), ()):
                if number in bearing:
                    continue
                bearing[number] = None
                further = {cell for cell, _ in self._rules[number].terms} & self.hidden - reached
                reached |= further
                left += further
        return [self._rules[number] for number in bearing], reached

    def _beside(self, target: Target) -> Cell | None:
        """The smallest number told in a rule with what is hidden; the nearest rules come first."""
        rules, _cells = self._around(target)
        near = [one for one in rules if any(cell in target.cells for cell, _sign in one.terms)]
        for group in (near, rules):
            around = [cell for one in group for cell, _sign in one.terms]
            if (found := self._smallest(around)) is not None:
                return found
        return self._smallest(target.cells)


@dataclass(frozen=True)
class Rule:
    """Terms that add up to nought, or to no more than nought."""

    terms: tuple[tuple[Cell, float], ...]
    equal: bool


class _Programme:
    """The linear programmes over some hidden cells; their bounds are 1 and a little above truth."""

    def __init__(
        self, rules: Sequence[Rule], place: Mapping[Cell, int], values: Mapping[Cell, float]
    ) -> None:
        self.equal = _matrix([one for one in rules if one.equal], place, values)
        self.most = _matrix([one for one in rules if not one.equal], place, values)
        self.bounds = [(1.0, values[cell] + ROOM) for cell in place]

    def solved(self, goal: "np.ndarray") -> "np.ndarray | None":
        """The solution for which `goal` is least; None where there is none."""
        found = linprog(
            goal,
            A_eq=self.equal and self.equal[0],
            b_eq=self.equal and self.equal[1],
            A_ub=self.most and self.most[0],
            b_ub=self.most and self.most[1],
            bounds=self.bounds,
            method="highs",
        )
        return found.x if found.status == 0 else None


def _goal(targets: Iterable[Target], place: Mapping[Cell, int]) -> "np.ndarray":
    """All of the targets moved up at once: one solution vouches for many."""
    goal = np.zeros(len(place))
    for target in targets:
        for cell, way in zip(target.cells, (1.0, -1.0), strict=False):
            if cell in place:
                goal[place[cell]] += way
    return goal


def _matrix(
    rules: Sequence[Rule], place: Mapping[Cell, int], values: Mapping[Cell, float]
) -> "tuple[csr_array, np.ndarray] | None":
    if not rules:
        return None
    right, rows, columns, signs = np.zeros(len(rules)), [], [], []
    for n, rule in enumerate(rules):
        for cell, sign in rule.terms:
            if cell in place:
                rows.append(n)
                columns.append(place[cell])
                signs.append(sign)
            else:
                right[n] -= sign * values[cell]
    return csr_array((signs, (rows, columns)), shape=(len(rules), len(place))), right


def _enough(count: int, together: float) -> bool:
    """Whether each of so many numbers, all at least 1, may be anything from 1 to FEWEST."""
    return count > 1 and together >= FEWEST + count - 1
