"""What has to be paid before the keys, worked out from a home's own terms.

An estimate (目安). What a listing does not say stays unknown: it is told with what is usual beside
it, and never guessed into the sum. Usual ranges: 敷金 0–3 and 礼金 0–2 months, 仲介手数料 up to
one month and tax (宅地建物取引業法46条の告示), 保証料 half a month to one, 住宅保険 15,000–25,000
yen for two years, 鍵交換 10,000–20,000 yen.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.housing.codes import TEMPORARY_KINDS, CostCode, GuarantorRule, HomeKind, TradeKind
from app.reference.moving_cost import cover_rules


class Terms(Protocol):
    """The fields of a home that its initial cost follows from."""

    @property
    def kind(self) -> HomeKind: ...
    @property
    def rent(self) -> int | None: ...
    @property
    def fee(self) -> int | None: ...
    @property
    def fee_included(self) -> bool: ...
    @property
    def deposit(self) -> int | None: ...
    @property
    def key_money(self) -> int | None: ...
    @property
    def agent_fee(self) -> int | None: ...
    @property
    def guarantee_fee(self) -> int | None: ...
    @property
    def insurance(self) -> int | None: ...
    @property
    def lock_change(self) -> int | None: ...
    @property
    def cleaning(self) -> int | None: ...
    @property
    def prepaid_months(self) -> int | None: ...
    @property
    def free_months(self) -> int | None: ...
    @property
    def guarantor_rule(self) -> GuarantorRule: ...
    @property
    def trade(self) -> TradeKind | None: ...


@dataclass(frozen=True)
class CostLine:
    """One line: yen, or None with the usual range where that is known; `why` explains the sum."""

    code: CostCode
    amount: int | None
    usual: tuple[int, int] | None = None
    why: str = ""


_WITHOUT_COMPANY = frozenset({GuarantorRule.NONE, GuarantorRule.PERSON})


def initial_cost(terms: Terms, *, move_in: date | None = None) -> tuple[CostLine, ...]:
    """Every line a home's initial cost has, in the order people read it.

    `move_in` adds the daily share of the month it falls in; nothing for the first of a month,
    whose rent is the prepaid one. Lines that cannot arise (no guarantor company, let by the owner,
    a temporary stay) are left out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> home = SimpleNamespace(kind=HomeKind.PRIVATE, rent=40000, fee=2000, fee_included=False,
    ...     deposit=40000, key_money=0, agent_fee=None, guarantee_fee=20000, insurance=18000,
    ...     lock_change=None, cleaning=None, prepaid_months=None, free_months=None,
    ...     guarantor_rule=GuarantorRule.COMPANY, trade=None)
    >>> lines = initial_cost(home, move_in=date(2026, 12, 17))
    >>> [(line.code.value, line.amount) for line in lines][:4]
    [('deposit', 40000), ('key_money', 0), ('prepaid', 42000), ('daily', 20322)]
    >>> [line.code.value for line in lines if line.amount is None]
    ['agent_fee', 'lock_change', 'cleaning']
    """
    rent, stay = terms.rent, terms.kind in TEMPORARY_KINDS

    def months(low: float, high: float) -> tuple[int, int] | None:
        return None if rent is None else (round(rent * low), round(rent * high))

    lines = [
        CostLine(CostCode.DEPOSIT, terms.deposit, months(0, 3)),
        CostLine(CostCode.KEY_MONEY, terms.key_money, months(0, 2)),
        *_rents(terms, move_in),
    ]
    if terms.agent_fee is not None or terms.trade is not TradeKind.OWNER:
        lines.append(CostLine(CostCode.AGENT_FEE, terms.agent_fee, months(0, 1.1)))
    if terms.guarantee_fee is not None or terms.guarantor_rule not in _WITHOUT_COMPANY:
        lines.append(CostLine(CostCode.GUARANTEE, terms.guarantee_fee, months(0.5, 1)))
    lines += [
        CostLine(CostCode.INSURANCE, terms.insurance, (15_000, 25_000)),
        CostLine(CostCode.LOCK_CHANGE, terms.lock_change, (10_000, 20_000)),
        CostLine(CostCode.CLEANING, terms.cleaning),
    ]
    if stay:
        return tuple(line for line in lines if line.amount is not None)
    return tuple(lines)


def _rents(terms: Terms, move_in: date | None) -> list[CostLine]:
    """Prepaid months and the daily share; free months come off the rent, never off the fee."""
    if terms.rent is None:
        daily = [] if move_in is None or move_in.day == 1 else [CostLine(CostCode.DAILY, None)]
        return [CostLine(CostCode.PREPAID, None), *daily]
    months = 1 if terms.prepaid_months is None else terms.prepaid_months
    fee = 0 if terms.fee_included else terms.fee or 0
    free = (terms.free_months or 0) * terms.rent
    off = min(free, months * terms.rent)
    why = f"家賃と共益費の{months}か月分" + ("（フリーレントを引いた額）" if off else "")
    lines = [CostLine(CostCode.PREPAID, months * (terms.rent + fee) - off, why=why)]
    if move_in is not None and move_in.day > 1:
        last = monthrange(move_in.year, move_in.month)[1]
        days = last - move_in.day + 1
        share = max(terms.rent * days // last - (free - off), 0) + fee * days // last
        why = f"{move_in.month}月{move_in.day}日からの{days}日分"
        lines.append(CostLine(CostCode.DAILY, share, why=why))
    return lines


def known_sum(lines: Iterable[CostLine]) -> int:
    """What is known to be paid; lines nobody knows count nothing."""
    return sum(line.amount for line in lines if line.amount is not None)


def covered_sum(lines: Iterable[CostLine], *, on: date) -> int:
    """The known part that is of a kind the moving-cost benefit may pay."""
    rules = cover_rules(on)
    return known_sum(
        line for line in lines if line.code.value in rules and rules[line.code.value].covered
    )
