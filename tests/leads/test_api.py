"""Lists in the JSON API: hand one in, read it, hold a number, record a result."""

import io
import itertools

import pytest

from app.policy import Role
from tests.leads.kit import SAMPLE, csv, in_a_year, line


@pytest.fixture
def api(app, make):
    """Calls the API as a consultant; `other` is a colleague of the same desk."""
    user = make.user(Role.CONSULTANT)
    other = make.user(Role.CONSULTANT, organisation=make.the_organisation(user))
    keys = itertools.count(1)

    def call(method, path, *, by=user, key=None, **kwargs):
        headers = {"Authorization": f"Bearer {by.token}",
                   "Idempotency-Key": key or f"lead-api-{next(keys):04}"}  # fmt: skip
        return app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **kwargs)

    call.other = other
    return call


def hand_in(api, content, **values):
    form = {"name": "特例貸付", "delete_on": str(in_a_year())} | values
    file = {"file": (io.BytesIO(content), "leads.csv")}
    return api("POST", "/imports/lead-lists", data=form | file)


def test_a_list_is_handed_in_and_read(api):
    made = hand_in(api, SAMPLE)
    assert made.status_code == 201
    assert made.json["counts"]["new"] == 60
    assert made.json["state"] == "taken_in"
    assert made.json["remarks"][0].startswith("どの行もフリガナが同じです")
    assert any("電話番号がありません" in said for row in made.json["rows"]
               for said in row["sentences"])  # fmt: skip
    again = hand_in(api, SAMPLE, list_id=str(made.json["list_id"]))
    assert again.json["counts"]["same"] == 60
    assert api("GET", f"/imports/lead-lists/{made.json['id']}").json == made.json
    [one] = api("GET", "/lead-lists").json
    assert (one["people"], one["called"], one["deleted"]) == (60, 0, False)
    page = api("GET", f"/lead-lists/{one['id']}/leads?tab=due&per_page=5").json
    assert len(page["items"]) == 5
    assert page["items"][0]["status"] == "滞納3か月"
    assert page["total"] < 60


def test_a_list_without_a_day_or_columns_is_refused_at_its_field(api):
    refused = hand_in(api, csv(line("A1")), delete_on="")
    assert refused.status_code == 422
    assert "delete_on" in refused.json["errors"]
    assert hand_in(api, b"x,y\n1,2").json["code"] == "lead_head_missing"
    assert api("GET", "/lead-lists").json == []


def test_a_number_is_held_and_a_result_recorded_once(api):
    hand_in(api, csv(line("A1")))
    held = api("POST", "/leads/1/claim")
    assert held.status_code == 201
    assert held.json["phone"] == "0462551111"
    refused = api("POST", "/leads/1/claim", by=api.other)
    assert (refused.status_code, refused.json["code"]) == (409, "claimed")
    body = {"result": "absent", "version": 1}
    assert api("POST", "/leads/1/attempts", by=api.other, json=body).status_code == 409
    made = api("POST", "/leads/1/attempts", key="same-key-1", json=body)
    assert (made.status_code, made.json["lead_version"]) == (201, 2)
    repeated = api("POST", "/leads/1/attempts", key="same-key-1", json=body)
    assert repeated.json == made.json
    assert api("POST", "/leads/1/attempts", json=body).json["code"] == "stale"
    assert api("GET", "/leads/1").json["calls"] == 1
    assert api("POST", "/leads/1/claim", by=api.other).status_code == 201


def test_what_makes_no_sense_is_refused_at_its_field(api):
    hand_in(api, csv(line("A1")))
    body = {"result": "refused", "version": 1, "next_on": "2026-12-24"}
    refused = api("POST", "/leads/1/attempts", json=body)
    assert refused.status_code == 422
    assert "next_on" in refused.json["errors"]
    assert (
        api("POST", "/leads/1/attempts", json={"result": "linked", "version": 1}).status_code == 422
    )
