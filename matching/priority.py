"""Who comes first when homes are fewer than households, with a guard against waiting for ever."""

from dataclasses import dataclass

import numpy as np

from matching.errors import AssignmentError
from matching.home_columns import Int64s


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityRules:
    """How priority is built; a council may set its own.

    Attributes
    ----------
    deadline_days : tuple of int
        Rising: up to the first is the most pressing tier, beyond the last the least pressing one.
    urgency_tiers : int
        How many tiers of urgency there are, 0 the most urgent.
    lift_after_days : int
        For each such span waited, a household moves up one level, however low it stood.
    """

    deadline_days: tuple[int, ...] = (7, 14, 30, 60)
    urgency_tiers: int = 4
    lift_after_days: int = 45

    def __post_init__(self) -> None:
        """Refuse rules under which nobody could be put in order."""
        if list(self.deadline_days) != sorted(set(self.deadline_days)):
            raise AssignmentError("期限の区切りは、短い順に入れてください。")
        if self.urgency_tiers < 1 or self.lift_after_days < 1:
            raise AssignmentError("緊急度の段階と繰り上げの日数は1以上にしてください。")


DEFAULT_RULES = PriorityRules()


def priority_order(
    household_ids: Int64s,
    days_left: Int64s,
    urgency: Int64s,
    waiting_days: Int64s,
    rules: PriorityRules = DEFAULT_RULES,
) -> Int64s:
    """Put households in the order in which their chance of a home counts.

    The key is (deadline tier, urgency tier), read as one level and lifted by one for each span
    waited, then the days waited, then the id. Lifting is what keeps newcomers from passing the
    same household for ever: after levels × span days it stands at the top level, where whoever
    waited longest comes first (ageing, as in Silberschatz, Operating System Concepts, 5.3).

    Parameters
    ----------
    household_ids, days_left, urgency, waiting_days : int64 arrays of one length
        ``days_left`` may be negative for a date already past.
    rules : PriorityRules

    Returns
    -------
    int64 array
        Positions, first to last.

    Raises
    ------
    AssignmentError
        For an urgency that is not one of the tiers, or arrays of different lengths.

    Examples
    --------
    >>> ids, left = np.array([11, 12, 13]), np.array([90, 5, 90])
    >>> priority_order(ids, left, np.array([3, 0, 3]), np.array([0, 0, 3])).tolist()
    [1, 2, 0]
    >>> priority_order(ids, left, np.array([3, 0, 3]), np.array([900, 0, 3])).tolist()
    [0, 1, 2]
    """
    arrays = (household_ids, days_left, urgency, waiting_days)
    if len({len(array) for array in arrays}) > 1:
        raise AssignmentError("優先順位の列の長さがそろっていません。")
    if len(urgency) and not 0 <= urgency.min() <= urgency.max() < rules.urgency_tiers:
        raise AssignmentError(f"緊急度は0から{rules.urgency_tiers - 1}で入れてください。")
    deadline = np.searchsorted(np.array(rules.deadline_days, np.int64), days_left, side="left")
    lifted = np.maximum(waiting_days, 0) // rules.lift_after_days
    level = np.maximum(deadline * rules.urgency_tiers + urgency - lifted, 0)
    order: Int64s = np.lexsort((household_ids, -waiting_days, level)).astype(np.int64)
    return order
