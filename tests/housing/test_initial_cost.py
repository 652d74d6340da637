"""What is paid before the keys: known lines are summed, unknown ones said, none guessed."""

from dataclasses import dataclass, replace
from datetime import date

import pytest

from app.housing.codes import CostCode, GuarantorRule, HomeKind, TradeKind
from app.housing.initial_cost import covered_sum, initial_cost, known_sum
from app.reference.moving_cost import cover_rules, moving_cost_cap
from app.reference.rent_ceilings import Certainty


@dataclass(frozen=True)
class Terms:
    """A listing that says everything."""

    kind: HomeKind = HomeKind.PRIVATE
    rent: int | None = 40000
    fee: int | None = 2000
    fee_included: bool = False
    deposit: int | None = 40000
    key_money: int | None = 20000
    agent_fee: int | None = 22000
    guarantee_fee: int | None = 20000
    insurance: int | None = 18000
    lock_change: int | None = 15000
    cleaning: int | None = 30000
    prepaid_months: int | None = None
    free_months: int | None = None
    guarantor_rule: GuarantorRule = GuarantorRule.COMPANY
    trade: TradeKind | None = None


ALL = Terms()


def _amounts(terms, move_in=None):
    return {line.code: line.amount for line in initial_cost(terms, move_in=move_in)}


def test_a_listing_that_says_everything_is_summed():
    assert known_sum(initial_cost(ALL)) == 207000
    assert _amounts(ALL)[CostCode.PREPAID] == 42000


def test_what_a_listing_leaves_out_is_unknown_with_its_usual_range_and_not_in_the_sum():
    lines = initial_cost(replace(ALL, insurance=None, guarantee_fee=None))
    unknown = {line.code: line.usual for line in lines if line.amount is None}
    assert unknown == {CostCode.GUARANTEE: (20000, 40000), CostCode.INSURANCE: (15000, 25000)}
    assert known_sum(lines) == 207000 - 18000 - 20000


def test_without_the_rent_neither_prepaid_rent_nor_ranges_are_guessed():
    lines = initial_cost(replace(ALL, rent=None, deposit=None), move_in=date(2026, 12, 5))
    found = {line.code: (line.amount, line.usual) for line in lines}
    assert found[CostCode.PREPAID] == found[CostCode.DAILY] == (None, None)
    assert found[CostCode.DEPOSIT] == (None, None)


@pytest.mark.parametrize(
    ("day", "share"),
    [(date(2026, 12, 1), None), (date(2026, 12, 31), 1354), (date(2027, 2, 15), 21000)],
)
def test_the_daily_share_is_for_the_days_left_of_the_month(day, share):
    assert _amounts(ALL, day).get(CostCode.DAILY) == share


def test_free_months_come_off_the_rent_and_never_off_the_fee():
    terms = replace(ALL, free_months=1)
    assert _amounts(terms)[CostCode.PREPAID] == 2000
    longer = replace(ALL, free_months=2)
    amounts = _amounts(longer, date(2026, 12, 17))
    assert (amounts[CostCode.PREPAID], amounts[CostCode.DAILY]) == (2000, 967)


def test_a_fee_that_is_part_of_the_rent_is_not_paid_twice():
    assert _amounts(replace(ALL, fee_included=True))[CostCode.PREPAID] == 40000


def test_lines_that_cannot_arise_are_left_out():
    by_owner = replace(ALL, agent_fee=None, trade=TradeKind.OWNER)
    assert CostCode.AGENT_FEE not in _amounts(by_owner)
    person = replace(ALL, guarantee_fee=None, guarantor_rule=GuarantorRule.PERSON)
    assert CostCode.GUARANTEE not in _amounts(person)
    shelter = replace(ALL, kind=HomeKind.SHELTER, deposit=None, insurance=None)
    assert not {CostCode.DEPOSIT, CostCode.INSURANCE} & set(_amounts(shelter))


def test_what_the_moving_cost_benefit_covers_follows_its_dated_table():
    lines = initial_cost(ALL, move_in=date(2026, 12, 17))
    assert (
        covered_sum(lines, on=date(2026, 11, 22)) == 20000 + 22000 + 20000 + 18000 + 15000 + 30000
    )
    assert covered_sum(lines, on=date(2025, 3, 31)) == 0
    rules = cover_rules(date(2026, 11, 22))
    assert rules["deposit"].certainty is Certainty.TO_CONFIRM
    assert set(rules) == {code.value for code in CostCode} - {"other"}


def test_the_cap_is_three_ceilings_of_the_town_moved_to():
    def cap(prefecture, town, people=1, on=date(2026, 11, 22)):
        found = moving_cost_cap(prefecture=prefecture, municipality=town, people=people, on=on)
        return None if found is None else (found.amount, found.certainty)

    assert cap("神奈川県", "座間市") == (123000, Certainty.CONFIRMED)
    assert cap("神奈川県", "茅ヶ崎市", 3) == (159000, Certainty.CONFIRMED)
    assert cap("埼玉県", "深谷市", 2)[0] == 132000
    assert cap("三重県", "伊賀市")[0] == 100200
    assert cap("神奈川県", "座間市", on=date(2025, 3, 31)) is None
    assert cap("架空県", "見本市") is None
