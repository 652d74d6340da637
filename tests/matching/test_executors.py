"""Markets that share nothing may be assigned apart, anywhere."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from matching.assignment import Policy, assign
from matching.executors import IN_PROCESS, Task, assign_each
from matching.market import Market
from tests.matching.markets import as_dict
from tests.matching.test_assignment import tight


def town(number):
    """Give a market ids that no other has."""
    one = tight(number, households=20, homes=15)
    return Market(
        household_ids=one.household_ids + 1000 * number,
        home_ids=one.home_ids + 1000 * number,
        household=one.household,
        home=one.home,
        benefit=one.benefit,
    )


def all_together(towns):
    """Put towns into one market."""
    rows = np.cumsum([0] + [len(one.household_ids) for one in towns])
    columns = np.cumsum([0] + [len(one.home_ids) for one in towns])
    return Market(
        household_ids=np.concatenate([one.household_ids for one in towns]),
        home_ids=np.concatenate([one.home_ids for one in towns]),
        household=np.concatenate([t.household + at for t, at in zip(towns, rows, strict=False)]),
        home=np.concatenate([t.home + at for t, at in zip(towns, columns, strict=False)]),
        benefit=np.concatenate([one.benefit for one in towns]),
    )


TOWNS = [town(number) for number in range(1, 6)]


@pytest.mark.parametrize("policy", Policy)
def test_towns_apart_are_assigned_as_together(policy):
    apart = assign_each([Task(one, policy) for one in TOWNS])
    whole = assign(all_together(TOWNS), policy)
    assert sum(found.total for found in apart) == whole.total
    assert sum(found.housed.sum() for found in apart) == whole.housed.sum()
    if policy == Policy.PRIORITY:
        joined = {}
        for found in apart:
            joined |= as_dict(found)
        assert joined == as_dict(whole)


def answers(found):
    """Read several assignments."""
    return [as_dict(one) for one in found]


def test_threads_and_processes_give_the_same():
    tasks = [Task(one) for one in TOWNS]
    here = answers(assign_each(tasks, IN_PROCESS))
    with ThreadPoolExecutor(2) as threads:
        assert answers(assign_each(tasks, threads)) == here
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        assert answers(assign_each(tasks, processes)) == here


def test_dask_gives_the_same():
    distributed = pytest.importorskip("distributed", reason="the optional extra is not installed")
    tasks = [Task(one) for one in TOWNS]
    with distributed.Client(processes=False, dashboard_address=None) as client:
        found = assign_each(tasks, client.get_executor())
    assert answers(found) == answers(assign_each(tasks))
