"""A desk, its town, and homes held outside any batch."""

import pytest

from app.cases.models import Case
from app.db import now
from app.housing.models import Home
from app.placements.services import place_hold
from app.policy import Role
from tests.housing.batches.kit import Town


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT)


@pytest.fixture
def town(make, desk):
    """Three households for two homes: only the cheap one will do for the first and the third."""
    return Town(make, desk)


@pytest.fixture
def hold(desk, in_database):
    """Holds a home for a case outside any batch."""

    def place(case, home):
        def do(session):
            place_hold(
                session,
                home=session.get_one(Home, home.id),
                case=session.get_one(Case, case.id),
                user_id=desk.id,
                organisation_id=desk.organisation_id,
                at=now(),
            )

        in_database(do)

    return place
