"""The rules of 住居確保給付金 as published: standards, the two years, limits, amounts, rounding."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.benefits.codes import Comparison, Known, Reason, Verdict
from app.benefits.rules import (
    MovingCase,
    MovingLine,
    RentCase,
    TownRule,
    last_day_to_apply,
    month_end,
    moving_estimate,
    rent_estimate,
)
from app.housing.codes import COST_LABELS
from app.reference.moving_cost import MOVING_COSTS, cover_rules
from app.reference.rent_benefit import (
    activity_rules,
    shipped_standards,
    standard_amount,
    untaxed_pay,
)
from app.reference.rent_ceilings import Certainty

ZAMA = TownRule(standard=84_000, ceiling=41_000)
WHOLE = RentCase(
    applies_on=date(2026, 11, 28),
    reason=Reason.LEFT,
    left_on=date(2026, 6, 30),
    main_earner=Known.YES,
    income=60_000,
    savings=200_000,
    rent=40_000,
)


def _with(**changes):
    return RentCase(**{**vars(WHOLE), **changes})


def _verdicts(estimate):
    return {one.name: one.verdict for one in estimate.conditions}


# ------------------------------------------------------------------------------ the tables


def test_the_shipped_standards_are_the_formulas():
    for row in shipped_standards():
        least = 650_000 if row.valid_from >= date(2026, 4, 1) else 550_000
        worked_out = tuple(
            untaxed_pay(people=n, grade=row.grade, least_deduction=least) for n in range(1, 8)
        )
        assert worked_out == row.amounts, (row.grade, row.valid_from)


def test_the_newest_row_of_the_day_counts_and_says_how_sure_it_is():
    rows = shipped_standards()
    before = standard_amount(rows, grade=1, people=1, on=date(2026, 3, 31))
    after = standard_amount(rows, grade=1, people=1, on=date(2026, 4, 1))
    assert (before.amount, after.amount) == (84_000, 92_000)
    two = standard_amount(rows, grade=1, people=2, on=date(2026, 4, 1))
    assert (two.amount, two.certainty) == (139_000, Certainty.TO_CONFIRM)
    assert standard_amount(rows, grade=1, people=9, on=date(2026, 4, 1)).amount == 334_000
    assert standard_amount(rows, grade=1, people=1, on=date(2015, 3, 31)) is None
    with pytest.raises(ValueError, match="1人以上"):
        standard_amount(rows, grade=1, people=0, on=date(2026, 4, 1))


def test_the_income_ceilings_of_zama_come_out():
    """1級地-2, until fiscal 2025: 125,000 / 179,000 / 225,000 / 267,000 / 308,000 yen."""
    limits = [
        standard_amount(shipped_standards(), grade=1, people=n, on=date(2026, 3, 1)).amount
        + ceiling
        for n, ceiling in enumerate((41_000, 49_000, 53_000, 53_000, 53_000), 1)
    ]
    assert limits == [125_000, 179_000, 225_000, 267_000, 308_000]


def test_the_costs_of_a_move_are_named_as_on_a_homes_costs():
    assert {code.value: label for code, label in COST_LABELS.items()} == dict(MOVING_COSTS)
    assert set(cover_rules(date(2026, 1, 1))) <= set(MOVING_COSTS)


def test_activities_are_asked_by_the_reason():
    asked = {rule.code: (rule.times, rule.per) for rule in activity_rules(date(2026, 11, 28))
             if rule.reason == "left"}  # fmt: skip
    assert asked["consultation"] == (4, "month")
    assert asked["application"] == (1, "week")


# --------------------------------------------------------------------------------- the rent


def test_everything_known_and_inside_is_met():
    found = rent_estimate(WHOLE, ZAMA)
    assert found.verdict is Verdict.MET
    assert (found.amount, found.months_now, found.months_left) == (40_000, 3, 9)


@pytest.mark.parametrize(
    ("income", "rent", "amount"),
    [
        (84_000, 38_000, 38_000),  # up to the standard: the rent itself
        (84_000, 60_000, 41_000),  # … but no more than the ceiling
        (100_000, 40_000, 24_000),  # 84,000 + 40,000 − 100,000
        (100_000, 60_000, 41_000),  # the actual rent counts before the ceiling does
        (100_050, 40_000, 24_000),  # 23,950 up to the next 100
        (123_950, 40_000, 100),  # 50 becomes the least amount
        (130_000, 40_000, 0),
    ],
)
def test_the_amount_follows_income_rent_and_ceiling(income, rent, amount):
    assert rent_estimate(_with(income=income, rent=rent), ZAMA).amount == amount


def test_towns_compare_with_up_to_or_below():
    at_the_limit = _with(income=124_000)
    assert rent_estimate(at_the_limit, ZAMA).verdict is Verdict.MET
    below = TownRule(84_000, 41_000, comparison=Comparison.BELOW)
    found = rent_estimate(at_the_limit, below)
    assert found.verdict is Verdict.FAILED
    assert "124,000円未満" in {c.name: c.why for c in found.conditions}["世帯の収入（申請の月）"]


@pytest.mark.parametrize(
    ("rounding", "amount"), [("up", 24_000), ("down", 23_900), ("half_up", 24_000)]
)
def test_a_town_rounds_its_own_way(rounding, amount):
    town = TownRule(84_000, 41_000, rounding=rounding)
    assert rent_estimate(_with(income=100_050), town).amount == amount


def test_savings_are_six_times_the_standard_and_capped():
    assert ZAMA.assets_limit == 504_000
    assert TownRule(172_000, 53_000).assets_limit == 1_000_000
    assert rent_estimate(_with(savings=504_001), ZAMA).verdict is Verdict.FAILED


def test_two_years_are_longer_for_whom_illness_kept_from_looking():
    left = date(2024, 2, 29)
    assert last_day_to_apply(left, 29) == date(2026, 3, 1)
    assert last_day_to_apply(left, 30) == date(2026, 3, 31)
    assert last_day_to_apply(left, 1461) == date(2028, 2, 29)
    late = _with(left_on=date(2024, 11, 27))
    assert _verdicts(rent_estimate(late, ZAMA))["対象になる理由"] is Verdict.FAILED
    ill = _with(left_on=date(2024, 11, 27), blocked_days=60)
    assert _verdicts(rent_estimate(ill, ZAMA))["対象になる理由"] is Verdict.MET


def test_what_is_not_known_never_decides_and_becomes_a_question():
    found = rent_estimate(RentCase(date(2026, 11, 28), Reason.LEFT), ZAMA)
    assert found.verdict is Verdict.UNKNOWN
    assert found.amount is None
    assert sum("聞いてください" in one.why for one in found.conditions) == 4


def test_other_reasons_and_used_up_months_fail():
    assert rent_estimate(_with(reason=Reason.OTHER), ZAMA).verdict is Verdict.FAILED
    used_up = rent_estimate(_with(months_had=9), ZAMA)
    assert (used_up.verdict, used_up.months_left) == (Verdict.FAILED, 0)
    assert rent_estimate(_with(reason=Reason.REDUCED), ZAMA).verdict is Verdict.MET
    assert rent_estimate(_with(main_earner=Known.NO), ZAMA).verdict is Verdict.FAILED
    tomorrow = _with(left_on=WHOLE.applies_on + timedelta(1))
    assert rent_estimate(tomorrow, ZAMA).verdict is Verdict.FAILED


@given(
    income=st.integers(0, 400_000),
    rent=st.integers(0, 200_000),
    standard=st.integers(60_000, 350_000),
    ceiling=st.integers(20_000, 90_000),
)
def test_the_amount_is_never_above_ceiling_or_rounded_rent_and_falls_with_income(
    income, rent, standard, ceiling
):
    town = TownRule(standard, ceiling)
    asked = _with(income=income, rent=rent)
    amount = rent_estimate(asked, town).amount
    assert 0 <= amount <= ceiling
    assert amount <= rent + 99
    assert rent_estimate(_with(income=income + 1000, rent=rent), town).amount <= max(amount, 100)


# ------------------------------------------------------------------------------- the moving


def _moving(**changes):
    known = {
        "applies_on": date(2026, 11, 28),
        "reason": Reason.REDUCED,
        "fell_on": date(2026, 6, 1),
        "main_earner": Known.YES,
        "income": 60_000,
        "savings": 100_000,
        "rent": 40_000,
        "budget_advised": Known.YES,
        "lines": (
            MovingLine("礼金", 41_000, covered=True),
            MovingLine("家財の運搬", 90_000, covered=True),
            MovingLine("敷金", 82_000, covered=False),
            MovingLine("その他", None, covered=None),
        ),
    }
    return MovingCase(**(known | changes))


def test_a_move_is_covered_up_to_three_ceilings_and_the_rest_is_told():
    found = moving_estimate(_moving(), ZAMA, cap=123_000)
    assert (found.covered, found.amount, found.uncovered) == (131_000, 123_000, 90_000)
    assert found.unknown_lines == ("その他",)
    assert found.verdict is Verdict.MET


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"budget_advised": Known.UNKNOWN}, Verdict.UNKNOWN),
        ({"budget_advised": Known.NO}, Verdict.FAILED),
        ({"fell_on": None}, Verdict.UNKNOWN),
        ({"fell_on": date(2024, 11, 27)}, Verdict.FAILED),
        ({"reason": Reason.OTHER}, Verdict.FAILED),
        ({"applies_on": date(2025, 3, 31), "fell_on": date(2025, 1, 1)}, Verdict.FAILED),
    ],
)
def test_the_moving_benefit_has_conditions_of_its_own(changes, verdict):
    assert moving_estimate(_moving(**changes), ZAMA, cap=123_000).verdict is verdict


def test_months_end_on_their_last_day():
    assert month_end(date(2026, 12, 1), 3) == date(2027, 2, 28)
    assert month_end(date(2027, 12, 1), 1) == date(2027, 12, 31)
