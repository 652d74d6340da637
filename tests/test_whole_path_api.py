"""The whole path through the API alone, on the sample files."""

import itertools

import pytest

from app.config import ROOT
from app.db import today
from app.policy import OrganisationKind, Role

DATA = ROOT / "app" / "demo" / "data"


class Caller:
    """A program acting for one user; every creating POST has a key of its own."""

    keys = itertools.count(1)

    def __init__(self, app, user):
        self.client = app.test_client()
        self.user = user

    def __call__(self, method, path, wanted=None, **body):
        headers = {
            "Authorization": f"Bearer {self.user.token}",
            "Idempotency-Key": f"path-{next(self.keys):05}",
        }
        answer = self.client.open(f"/api/v1{path}", method=method, headers=headers, **body)
        wanted = wanted or {"POST": (200, 201)}.get(method, (200,))
        assert answer.status_code in wanted, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json

    def send_file(self, path, name):
        with (DATA / name).open("rb") as file:
            return self("POST", path, data={"file": (file, name)})


@pytest.fixture
def callers(app, make):
    desk = make.organisation(OrganisationKind.CONSULTATION, OrganisationKind.FOLLOW_UP)
    npo = make.organisation(OrganisationKind.HOUSING_SUPPORT, OrganisationKind.FOOD_BANK)
    consultant = make.user(Role.CONSULTANT, Role.FOLLOWUP, organisation=desk)
    housing = make.user(Role.HOUSING, organisation=npo)
    food = make.user(Role.FOODBANK, organisation=npo)
    return [Caller(app, user) for user in (consultant, housing, food)]


def test_one_household_walks_the_whole_way(callers):
    desk, housing, food = callers
    taken_in = housing.send_file("/imports/council-lists", "council_list_2026-10.xlsx")
    assert taken_in["counts"]["new"] == 100
    assert [row["row"] for row in taken_in["problems"]] == [107, 108]
    again = housing.send_file("/imports/council-lists", "council_list_2026-10.xlsx")
    assert (again["counts"]["new"], again["counts"]["same"]) == (0, 100)

    case = desk("POST", "/cases", json=INTAKE)["id"]
    for recipient, items in CONSENTS:
        consent = {"recipient": recipient, "items": items, "method": "signed"}
        desk("POST", f"/cases/{case}/consents", json=consent | {"given_on": today().isoformat()})
    desk("PUT", f"/cases/{case}/housing-need", json=NEED)
    desk("PUT", f"/cases/{case}/food-profile", json=FOOD)

    run = desk("POST", f"/cases/{case}/matches")
    fits = run["groups"]["fits"] if "groups" in run else run["fits"]
    assert fits
    home = fits[0]["home_id"]
    hold = desk("POST", f"/cases/{case}/holds", json={"home_id": home})["id"]
    taken = desk("POST", f"/cases/{case}/holds", wanted=(409,), json={"home_id": home})
    assert taken["code"] == "home_taken"

    _food(desk, food, case)
    _to_the_keys(desk, hold)


def _food(desk, food, case):
    ledger = food.send_file("/imports/food-ledgers", "food_ledger_2026-11.csv")
    assert ledger["lots"] == 160
    asked = {"days": 3, "needed_on": today().isoformat(), "pickup": "counter"}
    request = desk("POST", f"/cases/{case}/food-requests", json=asked)["id"]
    proposal = food("GET", f"/food-requests/{request}/proposal")
    assert proposal["lines"]
    assert all("小麦なし" in line["reason"] for line in proposal["lines"])
    parcel = food("POST", f"/food-requests/{request}/parcels", json={})["id"]
    food("POST", f"/parcels/{parcel}/hand-outs", json={})
    twice = food("POST", f"/parcels/{parcel}/hand-outs", json={})
    assert twice["again"] is True


def _to_the_keys(desk, hold):
    placement = desk("POST", f"/holds/{hold}/placement")["id"]
    for kind in ("viewing", "application", "screening", "landlord", "contract", "keys", "move_in"):
        step = {"kind": kind, "done_on": today().isoformat()}
        told = desk("POST", f"/placements/{placement}/steps", json=step)
    assert told["state"] == "moved_in"
    check_in = desk("GET", "/check-ins")[0]["id"]
    met = desk("POST", f"/check-ins/{check_in}/attempts", json={"result": "met"})
    assert met["check_in_state"] == "met"


INTAKE = {
    "alias": "Bさん",
    "age_band": "40s",
    "household_size": 1,
    "route": "inside",
    "route_detail": "収納課",
    "dwelling": "net_cafe",
    "topics": ["housing", "food"],
    "protection": "no",
}
CONSENTS = (
    ("housing_support", ["home_needs", "contact"]),
    ("food_bank", ["food_needs"]),
    ("follow_up", ["contact"]),
)
NEED = {
    "version": 0,
    "people": 1,
    "rent_basis": "ceiling",
    "funds": 200000,
    "municipalities": ["座間市"],
    "floor_need": "second",
    "guarantor": "no",
    "emergency_contact": "corporate",
    "supports": ["watching", "guarantor_company", "proxy_payment", "emergency_contact"],
}
FOOD = {
    "version": 0,
    "allergies_asked": True,
    "allergies": ["小麦"],
    "equipment": ["hot_water"],
    "carry_kg": "8",
}


def test_the_description_names_every_path_and_the_token(visitor):
    description = visitor.raw.get("/api/v1/openapi.json").json
    assert description["openapi"].startswith("3.1")
    assert "/api/v1/cases/{case_id}/holds" in description["paths"]
    assert description["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
