"""Money and measures: an amount, months, none, included and unknown are never mixed up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.japanese import (
    MoneyKind,
    Written,
    half_up,
    parse_floor,
    parse_number,
    parse_walk,
    parse_yen,
)


@pytest.mark.parametrize(
    ("written", "yen"),
    [
        ("4.1万円", 41000),
        ("4.15万", 41500),
        ("4万1千円", 41000),
        ("4万5000", 45000),
        ("５６０００円", 56000),
        ("58,000円", 58000),
        ("¥58,000-", 58000),
        ("月額58,000円", 58000),
        ("58000円/月", 58000),
        (56000.0, 56000),
        (3000, 3000),
        ("2千円", 2000),
    ],
)
def test_reads_an_amount(written: Written, yen: int) -> None:
    money = parse_yen(written)
    assert (money.kind, money.yen, money.problem) == (MoneyKind.AMOUNT, yen, None)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("なし", MoneyKind.NONE),
        ("－", MoneyKind.NONE),
        ("0", MoneyKind.NONE),
        (0.0, MoneyKind.NONE),
        ("0ヶ月", MoneyKind.NONE),
        ("込", MoneyKind.INCLUDED),
        ("家賃に含む", MoneyKind.INCLUDED),
        ("（込み）", MoneyKind.INCLUDED),
    ],
)
def test_none_and_included_cost_nothing_but_differ(written: Written, kind: MoneyKind) -> None:
    money = parse_yen(written)
    assert (money.kind, money.yen) == (kind, 0)


@pytest.mark.parametrize(
    ("written", "months"),
    [("1ヶ月", "1"), ("1か月", "1"), ("1.5カ月", "1.5"), ("家賃２ヵ月分", "2"), ("二ヶ月", "2")],
)
def test_months_of_rent_stay_months(written: str, months: str) -> None:
    money = parse_yen(written)
    assert (money.kind, money.months, money.yen) == (MoneyKind.MONTHS, Decimal(months), None)
    assert money.in_yen(41000) == int(Decimal(months) * 41000)
    assert money.in_yen(None) is None


@pytest.mark.parametrize(
    "written", ["応談", "約4万", "4万〜5万", "58.000", "3,2000円", "-500", "4.12345万", "9" * 40]
)
def test_what_is_not_an_amount_stays_unknown(written: str) -> None:
    money = parse_yen(written)
    assert (money.kind, money.yen) == (MoneyKind.UNKNOWN, None)
    assert written in (money.problem or "")


def test_blank_is_not_none() -> None:
    assert parse_yen(None).kind is MoneyKind.BLANK
    assert parse_yen(" ").in_yen(40000) is None


@given(st.text(max_size=30))
def test_no_text_makes_reading_fail(text: str) -> None:
    for read in (parse_yen, parse_number, parse_walk, parse_floor):
        assert read(text).as_typed == text


@given(st.integers(1, 9_999_999))
def test_an_amount_means_the_same_however_it_is_typed(yen: int) -> None:
    wide = str(yen).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for written in (str(yen), f"{yen:,}円", f"{wide}円", f"{Decimal(yen) / 10000}万円", float(yen)):
        assert parse_yen(written).yen == yen


@pytest.mark.parametrize(
    ("written", "value", "approximate"),
    [
        ("３１．８５", "31.85", False),
        (19.74, "19.74", False),
        ("約20", "20", True),
        ("20㎡程度", "20", True),
        ("20.5㎡（壁芯）", "20.5", False),
        ("20平米", "20", False),
    ],
)
def test_reads_an_area(written: Written, value: str, approximate: bool) -> None:
    measure = parse_number(written)
    assert (measure.value, measure.approximate) == (Decimal(value), approximate)


def test_a_range_is_not_a_number() -> None:
    assert parse_number("20〜25").problem is not None
    assert parse_number("－").problem is None


@pytest.mark.parametrize(
    ("written", "walk", "bus"),
    [
        ("バス8分 徒歩28分", 28, 8),
        ("バス１０分停歩３分", 3, 10),
        ("徒歩12分", 12, None),
        ("12", 12, None),
        (12.0, 12, None),
        ("徒歩801m", 11, None),
        ("", None, None),
    ],
)
def test_reads_minutes_to_the_station(written: Written, walk: int | None, bus: int | None) -> None:
    read = parse_walk(written)
    assert (read.walk_minutes, read.bus_minutes, read.problem) == (walk, bus, None)


def test_minutes_by_car_are_not_a_walk() -> None:
    assert parse_walk("車10分").problem is not None


@pytest.mark.parametrize(
    ("written", "floor", "of_floors"),
    [
        ("2階/5階建", 2, 5),
        ("1／3", 1, 3),
        ("3階", 3, None),
        ("地下1階/4階建", -1, 4),
        ("平屋", 1, 1),
        ("5階建", None, 5),
        ("", None, None),
    ],
)
def test_reads_a_floor(written: str, floor: int | None, of_floors: int | None) -> None:
    read = parse_floor(written)
    assert (read.floor, read.of_floors, read.problem) == (floor, of_floors, None)


@pytest.mark.parametrize("written", ["5／3", "0/3", "1-2階/2階", "最上階"])
def test_a_floor_that_cannot_be_is_asked_about(written: str) -> None:
    assert parse_floor(written).problem is not None


def test_halves_are_rounded_up_where_python_would_round_to_even() -> None:
    assert half_up(Decimal("40.5")) == 41
    assert half_up(Decimal(36900), 1000) == 37000
    assert half_up(Decimal(32500), 1000) == 33000
