"""The ceilings of housing assistance as the published tables have them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.rent_ceilings import (
    Ceiling,
    Certainty,
    rent_ceiling,
    shipped_ceiling_rows,
    shipped_grades,
)


def ceiling(
    prefecture: str, municipality: str, people: int, area: str | None = None
) -> Ceiling | None:
    """The ceiling by the shipped tables."""
    return rent_ceiling(
        shipped_ceiling_rows(),
        shipped_grades(),
        prefecture=prefecture,
        municipality=municipality,
        household_size=people,
        floor_area=Decimal(area) if area else None,
    )


@pytest.mark.parametrize(
    ("prefecture", "municipality", "amounts"),
    [
        ("神奈川県", "座間市", [41000, 49000, 53000, 53000, 53000, 57000, 64000, 64000]),
        ("埼玉県", "深谷市", [37000, 44000, 48000, 48000, 48000, 52000, 58000, 58000]),
        ("三重県", "伊賀市", [33400, 40000, 43400, 43400, 43400, 47000, 52100, 52100]),
        ("神奈川県", "横浜市", [52000, 62000, 68000, 68000, 68000, 73000, 81000, 81000]),
        ("神奈川県", "横浜市中区", [52000, 62000, 68000, 68000, 68000, 73000, 81000, 81000]),
        ("東京都", "新宿区", [53700, 64000, 69800, 69800, 69800, 75000, 83800, 83800]),
    ],
)
def test_the_published_amounts(prefecture: str, municipality: str, amounts: list[int]) -> None:
    found = [ceiling(prefecture, municipality, people) for people in range(1, 9)]
    assert [one.amount if one else None for one in found] == amounts


@pytest.mark.parametrize(
    ("prefecture", "municipality", "reduced"),
    [
        ("神奈川県", "座間市", [37000, 33000, 29000]),
        ("埼玉県", "深谷市", [33000, 30000, 26000]),
        ("三重県", "伊賀市", [30000, 27000, 23000]),
        ("東京都", "新宿区", [48000, 43000, 38000]),
        ("神奈川県", "横浜市", [47000, 42000, 36000]),
    ],
)
def test_one_person_in_little_space_has_a_lower_ceiling(
    prefecture: str, municipality: str, reduced: list[int]
) -> None:
    found = [ceiling(prefecture, municipality, 1, area) for area in ("15", "10", "6")]
    assert [one.amount if one else None for one in found] == reduced


@pytest.mark.parametrize(
    ("area", "percent"),
    [("15.01", 100), ("15", 90), ("10.01", 90), ("10", 80), ("6.01", 80), ("6", 70), ("3", 70)],
)
def test_the_upper_bound_of_a_band_belongs_to_it(area: str, percent: int) -> None:
    found = ceiling("神奈川県", "座間市", 1, area)
    assert found is not None
    assert found.percent == percent


def test_space_does_not_matter_for_two_people() -> None:
    found = ceiling("神奈川県", "座間市", 2, "12")
    assert found is not None
    assert (found.amount, found.percent) == (49000, 100)


def test_certainty_and_source_are_stated() -> None:
    zama = ceiling("神奈川県", "座間市", 1, "12")
    iga = ceiling("三重県", "伊賀市", 1)
    assert zama is not None
    assert iga is not None
    assert (zama.certainty, iga.certainty) == (Certainty.CONFIRMED, Certainty.TO_CONFIRM)
    assert zama.source == (
        "住宅扶助限度額（神奈川県1級地、1人世帯）月41,000円。床面積12㎡のため90％で月37,000円。"
    )
    assert iga.source.endswith("確かめてください。")


def test_a_municipality_without_grade_is_taken_for_the_third_and_says_so() -> None:
    found = ceiling("埼玉県", "架空村", 1)
    assert found is not None
    assert (found.amount, found.certainty) == (37000, Certainty.TO_CONFIRM)
    assert "3級地" in found.source


def test_a_place_no_row_covers_has_no_ceiling() -> None:
    assert ceiling("架空県", "架空市", 1) is None


def test_a_newer_row_counts_from_its_day() -> None:
    rows = shipped_ceiling_rows()
    old = next(row for row in rows if row.own_rate_city == "横浜市")
    raised = replace(old, amounts=(60000, 1, 1, 1, 1), valid_from=date(2027, 4, 1))
    for day, amount in ((date(2027, 3, 31), 52000), (date(2027, 4, 1), 60000)):
        found = rent_ceiling(
            [*rows, raised],
            {},
            prefecture="神奈川県",
            municipality="横浜市",
            household_size=1,
            on=day,
        )
        assert found is not None
        assert found.amount == amount


def test_impossible_households_and_areas_are_refused() -> None:
    with pytest.raises(ValueError, match="人数"):
        ceiling("神奈川県", "座間市", 0)
    with pytest.raises(ValueError, match="面積"):
        ceiling("神奈川県", "座間市", 1, "-1")


@given(st.integers(1, 12), st.decimals("0.1", "60", places=2))
def test_more_people_or_more_space_never_lower_the_ceiling(people: int, area: Decimal) -> None:
    def amount(size: int, space: Decimal) -> int:
        found = ceiling("神奈川県", "座間市", size, str(space))
        assert found is not None
        return found.amount

    assert amount(people, area) <= amount(people + 1, area)
    assert amount(people, area) <= amount(people, area + 5)
