"""Who pays what before the keys: the lines of a placement, their sums, and what is missing.

Everything here is a guide (目安): whether a benefit pays is decided by its office.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.accounts.models import Organisation
from app.audit.models import Deed
from app.cases.models import Case
from app.cases.versions import check_version, flushed
from app.errors import ConflictError
from app.housing.codes import COST_LABELS, CostCode
from app.housing.initial_cost import CostLine, initial_cost
from app.placements.codes import Payer, PlacementState, StepKind
from app.placements.models import Placement, PlacementCost
from app.placements.services import note
from app.reference.moving_cost import Cap, cover_rules, moving_cost_cap


@dataclass(frozen=True)
class Line:
    """A line as it is shown: the amount or the usual range, who pays, and whether it is covered."""

    code: CostCode
    amount: int | None
    payer: Payer
    note: str | None
    covered: bool | None
    usual: tuple[int, int] | None

    @property
    def label(self) -> str:
        return COST_LABELS[self.code]


@dataclass(frozen=True)
class Costs:
    """All lines and what they come to; `recorded` is False for a mere estimate."""

    lines: tuple[Line, ...]
    recorded: bool
    cap: Cap | None
    funds: int | None

    @property
    def total(self) -> int:
        return sum(line.amount or 0 for line in self.lines)

    @property
    def unknown(self) -> list[str]:
        """The lines nobody knows the amount of; the sums are without them."""
        return [line.label for line in self.lines if line.amount is None]

    @property
    def by_payer(self) -> dict[Payer, int]:
        """What each pays, in the order of `Payer`; those who pay nothing are left out."""
        sums = {p: sum(one.amount or 0 for one in self.lines if one.payer is p) for p in Payer}
        return {payer: amount for payer, amount in sums.items() if amount}

    @property
    def covered(self) -> int:
        """The known part that is of a kind the moving-cost benefit may pay."""
        return sum(line.amount or 0 for line in self.lines if line.covered)

    @property
    def shortfall(self) -> int | None:
        """What the household's own share exceeds its funds by; None while they are not known."""
        if self.funds is None:
            return None
        return max(self.by_payer.get(Payer.SELF, 0) - self.funds, 0)

    @property
    def doubts(self) -> list[str]:
        """What should be put right before anybody relies on the table."""
        found = [
            f"{line.label}は、転居費用補助の対象になっていません。払う人を確かめてください。"
            for line in self.lines
            if line.payer is Payer.BENEFIT and not line.covered
        ]
        paid = self.by_payer.get(Payer.BENEFIT, 0)
        if self.cap is not None and paid > self.cap.amount:
            found.append(f"給付の合計{paid:,}円が、上限の目安{self.cap.amount:,}円を超えています。")
        return found


def costs_of(
    session: Session, placement: Placement, *, today: date, funds: int | None = None
) -> Costs:
    """The recorded lines, or the estimate from the listing until somebody writes them down.

    Pass `funds` only where the viewer may know them.
    """
    estimate = {line.code: line for line in initial_cost(placement.home, move_in=_day(placement))}
    recorded = bool(placement.costs)
    if recorded:
        rows = [(one.code, one.amount, one.payer, one.note) for one in placement.costs]
    else:
        rows = [(one.code, one.amount, Payer.SELF, one.why or None) for one in estimate.values()]
    lines = tuple(_line(*row, estimate=estimate, today=today) for row in rows)
    return Costs(lines, recorded, _cap(session, placement, today), funds)


def _line(
    code: CostCode,
    amount: int | None,
    payer: Payer,
    note_: str | None,
    *,
    estimate: Mapping[CostCode, CostLine],
    today: date,
) -> Line:
    rule = cover_rules(today).get(code.value)
    usual = estimate[code].usual if code in estimate and amount is None else None
    return Line(code, amount, payer, note_, None if rule is None else rule.covered, usual)


def _day(placement: Placement) -> date | None:
    """The day of the move, as far as it is agreed: it decides the daily share."""
    if placement.moved_in_on is not None:
        return placement.moved_in_on
    moves = [s.planned_on for s in placement.planned if s.kind is StepKind.MOVE_IN]
    return next(iter(moves), None)


def people_of(case: Case) -> int | None:
    """How many will live there, as far as anybody has said."""
    said = case.housing_need.people if case.housing_need else None
    return said or case.household_size or len(case.living_together) or None


def _cap(session: Session, placement: Placement, today: date) -> Cap | None:
    """Three times the ceiling of the town moved to; the office's prefecture where none is known."""
    place, people = placement.home.property, people_of(placement.case)
    if place.municipality is None or people is None:
        return None
    office = session.get_one(Organisation, placement.organisation_id)
    return moving_cost_cap(
        prefecture=place.prefecture or office.prefecture or "",
        municipality=place.municipality,
        people=people,
        on=today,
    )


def save_costs(
    session: Session,
    *,
    placement: Placement,
    version: int,
    lines: Sequence[Mapping[str, Any]],
    user_id: int,
) -> None:
    """Write all lines anew. Raises StaleError when somebody changed the placement meanwhile."""
    if placement.state not in {PlacementState.OPEN, PlacementState.MOVED_IN}:
        raise ConflictError("この手続きは、すでに終わっています。")
    check_version(placement, version)

    def act() -> None:
        placement.costs = [
            PlacementCost(
                position=number,
                code=line["code"],
                amount=line["amount"],
                payer=line["payer"],
                note=line["note"] or None,
            )
            for number, line in enumerate(lines)
        ]
        flag_modified(placement, "state")  # lines have no version: the placement's counts

    flushed(session, act)
    note(session, Deed.CHANGED, "placement", placement.id, user_id, "costs")
