"""All vacant homes as plain rows for matching: columns only, never ORM objects."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.housing.codes import (
    Acceptance,
    AvailableKind,
    ContactRule,
    Group,
    GuarantorRule,
    HomeKind,
    HomeState,
    PetRule,
    Precision,
    TradeKind,
)
from app.housing.models import Home, HomeAcceptance, Property

LANDLORDS_FROM = 1_000_000_000
"""Whom to ask: an agent by id, a landlord without agent by this number plus their id."""

_ERROR_METRES = {Precision.TOWN: 300, Precision.POSTAL: 1_000, Precision.MUNICIPALITY: 5_000}
_COLUMNS = (
    Home.id, Home.agent_id, Home.landlord_id, Home.rent, Home.fee, Home.fee_included, Home.deposit,
    Home.key_money, Home.area, Home.rooms, Home.floor, Home.wheelchair, Home.guarantor_rule,
    Home.contact_rule, Home.pet_rule, Home.available, Home.available_from, Home.confirmed_on,
    Home.missing_since, Home.kind, Home.steps, Home.most_people, Home.school_district,
    Home.agent_fee, Home.guarantee_fee, Home.insurance, Home.lock_change, Home.cleaning,
    Home.prepaid_months, Home.free_months, Home.trade,
    Property.lift, Property.walk_minutes, Property.municipality, Property.latitude,
    Property.longitude, Property.precision,
)  # fmt: skip

Answers = tuple[tuple[Group, Acceptance, list[str]], ...]


@dataclass(frozen=True)
class HomeRow:
    """One vacancy: the columns of `Home` and its building that matching compares."""

    id: int
    agent_id: int | None
    landlord_id: int | None
    rent: int | None
    fee: int | None
    fee_included: bool
    deposit: int | None
    key_money: int | None
    area: Decimal | None
    rooms: int | None
    floor: int | None
    wheelchair: bool | None
    guarantor_rule: GuarantorRule
    contact_rule: ContactRule
    pet_rule: PetRule
    available: AvailableKind
    available_from: date | None
    confirmed_on: date | None
    missing_since: date | None
    kind: HomeKind
    steps: int | None
    most_people: int | None
    school_district: str | None
    agent_fee: int | None
    guarantee_fee: int | None
    insurance: int | None
    lock_change: int | None
    cleaning: int | None
    prepaid_months: int | None
    free_months: int | None
    trade: TradeKind | None
    lift: bool | None
    walk_minutes: int | None
    municipality: str | None
    latitude: float | None
    longitude: float | None
    precision: Precision
    accepts: Answers

    @property
    def ask_id(self) -> int | None:
        if self.agent_id is not None:
            return self.agent_id
        return None if self.landlord_id is None else LANDLORDS_FROM + self.landlord_id

    @property
    def location_error_m(self) -> int:
        return _ERROR_METRES.get(self.precision, 0)


def vacant_rows(session: Session) -> Iterator[HomeRow]:
    """Every vacant home, in the order in which they were registered: two statements."""
    vacant = Home.state == HomeState.VACANT
    answers: dict[int, list[tuple[Group, Acceptance, list[str]]]] = defaultdict(list)
    for home_id, group, answer, conditions in session.execute(
        sa.select(
            HomeAcceptance.home_id,
            HomeAcceptance.group_code,
            HomeAcceptance.answer,
            HomeAcceptance.conditions,
        )
        .join(Home, Home.id == HomeAcceptance.home_id)
        .where(vacant)
        .order_by(HomeAcceptance.home_id, HomeAcceptance.group_code)
    ):
        answers[home_id].append((group, answer, conditions))
    rows = session.execute(
        sa.select(*_COLUMNS)
        .join(Property, Property.id == Home.property_id)
        .where(vacant)
        .order_by(Home.id)
    )
    for row in rows.mappings():
        yield HomeRow(**row, accepts=tuple(answers.get(row["id"], ())))
