"""A food bank on the sample ledger's day."""

import pytest
import time_machine

from app.policy import OrganisationKind, Role
from tests.foodbank.kit import Bank


@pytest.fixture(autouse=True)
def _on_the_sample_day():
    with time_machine.travel("2026-11-21T03:00:00Z", tick=True):
        yield


@pytest.fixture
def bank(make, in_database, app):
    organisation = make.organisation(OrganisationKind.FOOD_BANK)
    user = make.user(Role.FOODBANK, organisation=organisation)
    return Bank(make, in_database, app, user)
