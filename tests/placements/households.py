"""Households and homes for tests about what lies between them."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from app.cases.models import Case
from app.cases.work.models import TeamMember
from app.housing.models import Home, Property
from app.policy import Protection
from tests.factories import Factory, SignIn

_numbers = count(1)
TODAY = date(2026, 11, 21)


def a_case(make: Factory, user: SignIn, *, team: bool = True, **values: Any) -> Case:
    """A registered household of the user's organisation; the user is in its team."""
    number = next(_numbers)
    facts = {
        "number": f"T-{number:04}",
        "code_name": f"こぶし-{number}",
        "organisation_id": user.organisation_id,
        "received_on": TODAY,
        "received_by": user.id,
        "name": f"架空 {number}郎",
        "protection": Protection.NO,
        "team": [TeamMember(user_id=user.id, since=TODAY)] if team else [],
    }
    case: Case = make.save(Case(**(facts | values)))
    return case


def a_home(make: Factory, user: SignIn, **values: Any) -> Home:
    """A vacant home."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "key": f"home-{number}",
        "room": str(100 + number),
        "organisation_id": user.organisation_id,
        "rent": 39000,
        "property": Property(
            key=f"property-{number}", name=f"コーポ架空{number}", address=f"座間市相武台{number}-1"
        ),
    }
    home: Home = make.save(Home(**(facts | values)))
    return home
