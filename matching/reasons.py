"""Why a home was proposed, as parts the web can show as tags and `explain` can put into words.

Nothing here is derived from a stay-away zone.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.conditions import anchor_metres, monthly, rent_limits
from matching.home_columns import (
    DAY_NOT_KNOWN,
    NOT_KNOWN,
    Acceptance,
    Company,
    Contact,
    Floats,
    HomeColumns,
)
from matching.need import Answer, Floor, HouseholdNeed, Support
from matching.scores import STALE_DAYS

# Plain numbers: comparing a numpy number with an enum's member costs ten times as much.
_YES, _IF = int(Acceptance.YES), int(Acceptance.IF)
_NEEDED, _LIFT = int(Answer.YES), int(Answer.YES)
_POSSIBLE, _REQUIRED = int(Company.POSSIBLE), int(Company.REQUIRED)
_CORPORATE = int(Contact.CORPORATE_WILL_DO)
_BY_COMPANY, _BY_CORPORATION = int(Support.GUARANTOR_COMPANY), int(Support.CORPORATE_CONTACT)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a code, and the amount (yen, metres, days …), subject and supports it is about.

    Codes: under_limit, at_limit, ground, lift, second, nearest, distance, accepts, accepts_if,
    initial_cost, initial_covered, confirmed, stale, never_confirmed.
    """

    code: str
    amount: int = 0
    subject: str = ""
    supports: Support = Support.NONE


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What reasons compare a home with: distances, limits, and the homes it competes with."""

    need: HouseholdNeed
    homes: HomeColumns
    today: date
    metres: tuple[Floats, ...]
    nearest: tuple[float, ...]
    slack: Floats


def scene(need: HouseholdNeed, homes: HomeColumns, fitting: np.ndarray, today: date) -> Scene:
    """Prepare the comparison; ``fitting`` holds the positions of the homes that fit."""
    metres = tuple(anchor_metres(need, homes, number) for number in range(len(need.anchors)))
    nearest = tuple(float(far[fitting].min()) if len(fitting) else -1.0 for far in metres)
    low, high = rent_limits(need, homes)
    slack = np.where((low == high) & (homes.rent != NOT_KNOWN), low - monthly(need, homes), np.nan)
    return Scene(need, homes, today, metres, nearest, slack)


def reasons(at: Scene, row: int) -> tuple[Reason, ...]:
    """Return the reasons for one home, the most telling first."""
    return (*_money(at, row), *_floor(at, row), *_anchors(at, row), *_stances(at, row),
            *_freshness(at, row))  # fmt: skip


def _money(at: Scene, row: int) -> list[Reason]:
    found = []
    slack = at.slack.item(row)
    if slack >= 0:
        found.append(Reason("under_limit", int(slack)) if slack else Reason("at_limit"))
    cost = at.homes.initial_cost.item(row)
    if cost != NOT_KNOWN:
        found.append(Reason("initial_cost", cost))
        covered = min(at.homes.initial_covered.item(row), at.need.initial_benefit)
        if covered:
            found.append(Reason("initial_covered", covered))
    return found


def _floor(at: Scene, row: int) -> list[Reason]:
    if at.need.floor == Floor.ANY:
        return []
    floor = at.homes.floor.item(row)
    if floor == 1:
        return [Reason("ground")]
    if at.homes.lift.item(row) == _LIFT:
        return [Reason("lift")]
    return [Reason("second")] if floor == 2 else []


def _anchors(at: Scene, row: int) -> list[Reason]:
    found = []
    for anchor, metres, nearest in zip(at.need.anchors, at.metres, at.nearest, strict=True):
        far = metres.item(row)
        if far == nearest:
            found.append(Reason("nearest", int(far), anchor.label))
        elif far >= 0:
            found.append(Reason("distance", int(far), anchor.label))
    return found


def _stances(at: Scene, row: int) -> list[Reason]:
    found = []
    for group in _groups(at.need):
        stances, wanted = at.homes.acceptance(group)
        stance = stances.item(row)
        if stance == _YES:
            found.append(Reason("accepts", 0, group))
        elif stance == _IF:
            found.append(Reason("accepts_if", 0, group, Support(wanted.item(row))))
    return found


def _groups(need: HouseholdNeed) -> tuple[str, ...]:
    return need.groups + (("pet",) if need.pet else ())


def _freshness(at: Scene, row: int) -> list[Reason]:
    day = at.homes.confirmed_on.item(row)
    if day == DAY_NOT_KNOWN:
        return [Reason("never_confirmed")]
    age = max(at.today.toordinal() - day, 0)
    return [Reason("stale" if age > STALE_DAYS else "confirmed", age)]


def to_arrange(need: HouseholdNeed, homes: HomeColumns, row: int) -> Support:
    """Return the supports a household has to arrange for one home: the to-do list of a proposal.

    Examples
    --------
    >>> from matching.home_columns import Home, columns
    >>> need = HouseholdNeed(people=1, rent_limit=None, supports=Support.GUARANTOR_COMPANY)
    >>> homes = columns([Home(home_id=1, company=Company.REQUIRED)])
    >>> to_arrange(need, homes, 0)
    <Support.GUARANTOR_COMPANY: 2>
    """
    todo, able = 0, int(need.supports)
    for group in _groups(need):
        todo |= homes.acceptance(group)[1].item(row)
    company = homes.company.item(row)
    alone = homes.guarantor.item(row) == _NEEDED and need.guarantor != Answer.YES
    if company == _REQUIRED or (company == _POSSIBLE and alone and able & _BY_COMPANY):
        todo |= _BY_COMPANY
    if homes.contact.item(row) == _CORPORATE and need.private_contact != Answer.YES:
        todo |= _BY_CORPORATION & able
    return Support(todo)
