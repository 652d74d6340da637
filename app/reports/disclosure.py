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

from app.reports.groups import FEWEST, Cell, Groups, Rule, Target

__all__ = ["FEWEST", "Cell", "Knowledge", "Rule", "Sum"]


@dataclass(frozen=True)
class Sum:
    """One cell that is the sum of others; with a single part, the same count told twice."""

    whole: Cell
    parts: tuple[Cell, ...]


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
    limits: Sequence[Rule] = ()

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

    def _audit(self, targets: Sequence[Target]) -> None:
        """Hide beside each target until a solution shows that it is safe."""
        groups = Groups(self._rules(), self.values, self.hidden)
        for target in targets:
            groups.watch(target)
        waiting = list(targets)
        while waiting:
            target = waiting[-1]
            if not target.safe:
                groups.widen(target)
            if not target.safe and (further := self._beside(target, groups)) is not None:
                while further is not None:
                    self.hidden.add(further)
                    groups.add(further)
                    further = self._loose()
                continue
            waiting.pop()  # safe, or all that is new around it is hidden

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

    def _rules(self) -> list[Rule]:
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

    def _beside(self, target: Target, groups: Groups) -> Cell | None:
        """The smallest number told in a rule with what is hidden; the nearest rules come first."""
        rules = groups.rules_around(target)
        near = [one for one in rules if any(cell in target.cells for cell, _sign in one.terms)]
        for group in (near, rules):
            around = [cell for one in group for cell, _sign in one.terms]
            if (found := self._smallest(around)) is not None:
                return found
        return self._smallest(target.cells)


def _enough(count: int, together: float) -> bool:
    """Whether each of so many numbers, all at least 1, may be anything from 1 to FEWEST."""
    return count > 1 and together >= FEWEST + count - 1
