"""What the food bank's tests share: a bank with a helper, lots, requests, cases that ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from app.cases.consents.models import Consent, ConsentMethod
from app.cases.models import Case, Member
from app.cases.needs.models import FoodProfile
from app.config import ROOT
from app.foodbank.models import AllergenSource, DateKind, Lot, Pickup, Storage
from app.foodbank.printed.dates import PrintedDate
from app.foodbank.printed.labels import read_allergens
from app.foodbank.receiving import services as receiving
from app.foodbank.requests import services as requests
from app.policy import ConsentItem, OrganisationKind, Protection, RecipientKind, Role

SAMPLE = ROOT / "app" / "demo" / "data" / "food_ledger_2026-11.csv"
TODAY = date(2026, 11, 21)
KETTLE = {
    "people": [{"age": 67, "months": None}, {"age": 64, "months": None}],
    "allergies": ["小麦"],
    "equipment": ["hot_water", "potable_water"],
    "forbidden": [],
    "chewing": 0,
    "carry_kg": 5.0,
    "note": None,
}
_numbers = count(1)


@dataclass
class Bank:
    """One food bank with a signed-in helper."""

    make: Any
    in_database: Any
    app: Any
    user: Any

    def api(self, method: str, path: str, *, key: str | None = None, **kwargs: Any) -> Any:
        headers = {
            "Authorization": f"Bearer {self.user.token}",
            "Idempotency-Key": key or f"test-key-{next(_numbers)}",
        }
        client = self.app.test_client()
        return client.open(f"/api/v1{path}", method=method, headers=headers, **kwargs)

    def lot(self, name: str = "ツナ缶 3缶", quantity: int = 10, **values: Any) -> int:
        """A lot of the bank's; returns its id."""
        last_day = values.pop("last_day", TODAY + timedelta(days=200))
        label = values.pop("allergens", "大豆")
        arrival = receiving.Arrival(
            quantity=quantity,
            date_kind=DateKind.BEST_BEFORE,
            printed=PrintedDate(str(last_day), last_day),
            allergens=read_allergens(label, TODAY),
            allergen_source=AllergenSource.LABEL,
            storage=Storage.AMBIENT,
            shelf=values.pop("shelf", "A1"),
            unit="個",
            received_on=TODAY,
            donor=values.pop("donor", ""),
        )
        return int(
            self.in_database(
                lambda session: (
                    receiving.new_lot(
                        session,
                        organisation_id=self.user.organisation_id,
                        item_name=name,
                        category="",
                        arrival=arrival,
                        user_id=self.user.id,
                        today=TODAY,
                    ).id
                )
            )
        )

    def request(
        self, household: dict[str, Any] | None = None, *, days: int = 1, alias: str = "みどり"
    ) -> int:
        """A request at the table; returns its id."""
        return int(
            self.in_database(
                lambda session: (
                    requests.request_at_table(
                        session,
                        alias=alias,
                        organisation_id=self.user.organisation_id,
                        days=days,
                        needed_on=TODAY,
                        pickup=Pickup.COUNTER,
                        place="",
                        remark="",
                        household=household or KETTLE,
                        user_id=self.user.id,
                        today=TODAY,
                    ).id
                )
            )
        )

    def import_sample(self) -> Any:
        with SAMPLE.open("rb") as file:
            data = {"file": (file, SAMPLE.name)}
            return self.api("POST", "/imports/food-ledgers", data=data)

    def left(self, lot_id: int) -> int:
        return int(
            self.in_database(lambda s: sum(b.quantity for b in s.get_one(Lot, lot_id).balances))
        )


def make_case(make: Any, owner: Any, **values: Any) -> Case:
    """A case of the owner's organisation with somebody in it; names that must not leak."""
    number = next(_numbers)
    case = Case(
        number=f"C-T-{number:04d}",
        organisation_id=owner.organisation_id,
        code_name=f"あおぞら-{number}",
        received_on=TODAY,
        received_by=owner.id,
        name="秘密 太郎",
        kana="ヒミツ タロウ",
        household_size=2,
        protection=values.pop("protection", Protection.NO),
        address="座間市相武台一丁目24番5号",
        members=[
            Member(position=0, age=67, age_on=TODAY),
            Member(position=1, age=64, age_on=TODAY),
        ],
        food_profile=FoodProfile(
            allergies=["小麦"],
            allergies_asked=True,
            equipment=["hot_water", "potable_water"],
            carry_kg=5,
        ),
        **values,
    )
    make.save(case)
    return case


def give_consent(make: Any, case: Case, owner: Any, **values: Any) -> Consent:
    """A consent that lets a food bank know what the household may eat."""
    consent: Consent = make.save(
        Consent(
            case_id=case.id,
            recipient=RecipientKind.FOOD_BANK,
            items=[ConsentItem.FOOD_NEEDS.value],
            text_version="1",
            method=ConsentMethod.ORAL,
            given_on=TODAY - timedelta(days=1),
            recorded_by=owner.id,
            **values,
        )
    )
    return consent


def consultant_elsewhere(make: Any) -> Any:
    """A consultant of an organisation that is no food bank."""
    return make.user(Role.CONSULTANT, organisation=make.organisation(OrganisationKind.CONSULTATION))
