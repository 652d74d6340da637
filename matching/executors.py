"""Markets that share nothing, assigned one beside another by whatever can map a function.

With one machine that is this process. Beyond it anything with the interface of
`concurrent.futures.Executor` will do: a process pool, or Dask's ``Client.get_executor()``, which
runs the same call on other machines. Nothing is distributed here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from matching.assignment import Assignment, Policy, assign
from matching.home_columns import Int64s
from matching.market import NO_LOCKS, Locks, Market


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One market to assign: a municipality's or a council's."""

    market: Market
    policy: Policy = Policy.PRIORITY
    order: Int64s | None = None
    locks: Locks = NO_LOCKS


class Executor(Protocol):
    """The one thing asked of an executor; results come in the order of the tasks."""

    def map(
        self, work: Callable[[Task], Assignment], tasks: Iterable[Task], /
    ) -> Iterable[Assignment]:
        """Apply ``work`` to every task."""
        ...


class InProcess:
    """Assign one market after another, here."""

    def map(
        self, work: Callable[[Task], Assignment], tasks: Iterable[Task], /
    ) -> Iterable[Assignment]:
        """Apply ``work`` to every task."""
        return map(work, tasks)


IN_PROCESS = InProcess()


def assign_each(tasks: Sequence[Task], executor: Executor = IN_PROCESS) -> tuple[Assignment, ...]:
    """Assign several markets, each for itself.

    Parameters
    ----------
    tasks : sequence of Task
    executor : Executor

    Returns
    -------
    tuple of Assignment
        In the order of the tasks. Each has been proved where it was found.

    Raises
    ------
    AssignmentError, CertificateError
        As `assign` does, from the first task concerned.

    Examples
    --------
    >>> from matching.market import market
    >>> towns = [Task(market([1], [7], [(1, 7, 90)])), Task(market([2], [8], [(2, 8, 70)]))]
    >>> [found.total for found in assign_each(towns)]
    [90, 70]
    """
    return tuple(executor.map(assign_task, tasks))


def assign_task(task: Task) -> Assignment:
    """Assign one market; a function of a module, so that it can be sent elsewhere."""
    return assign(task.market, task.policy, order=task.order, locks=task.locks)
