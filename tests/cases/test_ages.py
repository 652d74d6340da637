"""How old a member of the household is, from what they told."""

from datetime import date

import pytest

from app.cases.models import Member

DAY = date(2026, 12, 30)


@pytest.mark.parametrize(
    ("told", "age"),
    [
        ({"born_on": date(1961, 12, 31)}, 65),  # reached the day before the birthday, by law
        ({"born_on": date(1962, 1, 1)}, 64),
        ({"born_on": date(2027, 1, 1)}, None),
        ({"age": 64, "age_on": date(2024, 1, 10)}, 66),
        ({"age": 64, "age_on": date(2025, 12, 31)}, 64),
        ({"age": 64, "age_on": date(2027, 1, 1)}, 64),
        ({"age": 64}, 64),
        ({}, None),
    ],
)
def test_an_age_is_the_least_the_person_can_be(told, age):
    assert Member(**told).age_at(DAY) == age
