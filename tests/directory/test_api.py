"""Partners in the API: the pages' schema, services and policy once more, for programs."""

import pytest

from app.directory.models import Partner, PartnerContact, PartnerKind
from app.policy import Role

BODY = {
    "kind": "city_section", "name": "髙橋﨑課", "phone": "046-000-1111", "systems": ["local_tax"],
    "contacts": [{"name": "例 花子", "extension": "12"}],
    "services": [{"offer": "money", "name": "分納の相談"}], "steps": {"heads_told": "2026-04-01"},
}  # fmt: skip


@pytest.fixture
def program(app, make):
    """Calls the API as somebody of a role."""

    def of(role):
        token = make.user(role).token
        client = app.test_client()

        def call(method, path, **more):
            headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
            return client.open(f"/api/v1/partners{path}", method=method, headers=headers, **more)

        return call

    return of


def test_a_partner_is_made_once_read_corrected_and_a_stale_write_refused(program):
    call = program(Role.CONSULTANT)
    key = {"Idempotency-Key": "made-once-1"}
    made, again = (call("POST", "", json=BODY, headers=key) for _ in range(2))
    assert made.status_code == again.status_code == 201
    assert made.json == again.json
    one = call("GET", f"/{made.json['id']}").json
    assert one == made.json
    assert one["contacts"][0]["extension"] == "12"
    assert one["steps"] == {"heads_told": "2026-04-01"}
    body = {
        name: one[name] for name in ("kind", "name", "version", "services", "systems", "contacts")
    }
    changed = call("PUT", f"/{one['id']}", json=body | {"does": "税の相談"})
    assert changed.status_code == 200, changed.json
    assert changed.json["contacts"] == one["contacts"]
    assert changed.json["version"] > one["version"]
    assert changed.json["steps"] == {}
    assert call("PUT", f"/{one['id']}", json=body).status_code == 409


def test_what_belongs_to_others_is_refused(program, make):
    call = program(Role.CONSULTANT)
    realtor = make.save(
        Partner(kind=PartnerKind.REALTOR, name="架空ホーム", name_key="架空ホーム",
                phone="046-251-0001", note="内緒",
                contacts=[PartnerContact(position=0, name="見本 花子")])
    )  # fmt: skip
    donor = make.save(Partner(kind=PartnerKind.DONOR, name="個人", name_key="個人"))
    seen = call("GET", f"/{realtor.id}").json
    assert (seen["phone"], seen["contacts"], seen["note"]) == (None, None, None)
    body = {**BODY, "kind": "realtor", "version": 1}
    assert call("PUT", f"/{realtor.id}", json=body).status_code == 403
    key = {"Idempotency-Key": "not-mine-1"}
    assert call("POST", "", json=BODY | {"kind": "donor"}, headers=key).status_code == 403
    assert program(Role.HOUSING)("GET", f"/{donor.id}").status_code == 404
    assert program(Role.FOODBANK)("GET", f"/{donor.id}").json["name"] == "個人"
    stranger = {"uuid": realtor.contacts[0].uuid, "name": "うつし"}
    moved = call("POST", "", json=BODY | {"contacts": [stranger]},
                 headers={"Idempotency-Key": "moved-row-1"})  # fmt: skip
    assert moved.status_code == 422
    assert "contacts" in moved.json["errors"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"monthly_fee": 1}, "monthly_fee"),
        ({"systems": ["magic"]}, "systems"),
        ({"name": "046-251-0001"}, "name"),
        ({"services": [{"offer": "money"}]}, "services-0-name"),
        ({"parent_id": 999}, "parent_id"),
        ({"contacts": [{"uuid": "x", "name": "a"}]}, "contacts-0-uuid"),
        ({"contacts": [{"uuid": "0f6c4a52-5a0e-4f0b-9c55-1d8f6a1f7a20", "name": "a"}] * 2},
         "contacts"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_field(program, wrong, field):
    answer = program(Role.CONSULTANT)(
        "POST", "", json=BODY | wrong, headers={"Idempotency-Key": "wrong-one-1"}
    )
    assert answer.status_code == 422
    assert field in answer.json["errors"]


def test_the_kind_stays(program, make):
    one = make.save(Partner(kind=PartnerKind.OTHER, name="架空の会", name_key="架空の会"))
    answer = program(Role.HOUSING)("PUT", f"/{one.id}", json=BODY | {"version": one.version})
    assert "kind" in answer.json["errors"]
