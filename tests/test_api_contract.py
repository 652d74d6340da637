"""The API keeps to its own description, whatever is sent; hostile requests are refused calmly."""

import io
import itertools
import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.cases.needs.models import FoodProfile
from app.config import ROOT
from app.db import today
from app.policy import OrganisationKind, Role
from tests.conftest import DATABASE
from tests.housing.makers import a_case, a_home

pytestmark = pytest.mark.crawl
DATA = ROOT / "app" / "demo" / "data"
EXAMPLES = int(os.environ.get("API_EXAMPLES", "3"))  # an operation; more for a long run by hand
FIRST = 1 if DATABASE == "postgresql" else 0
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def somebody(app, make):
    """A user with every role who sends requests with their token, each with a key of its own."""
    user = make.user(*Role, organisation=make.organisation(*OrganisationKind))
    keys = itertools.count(1)

    def send(method, path, **kwargs):
        headers = {
            "Authorization": f"Bearer {user.token}",
            "Idempotency-Key": f"key-{next(keys):06}",
        }
        headers |= kwargs.pop("headers", {})
        return app.test_client().open(path, method=method, headers=headers, **kwargs)

    return SimpleNamespace(user=user, send=send)


@pytest.fixture
def town(app, make, somebody):
    """Somebody's case on its way to a home and to a parcel, samples taken in."""
    user, send = somebody.user, somebody.send
    case = a_case(make, user, food_profile=FoodProfile(allergies=["小麦"], equipment=["gas"]))
    homes = [a_home(make, user) for _ in range(3)]

    def post(path, **kwargs):
        answer = send("POST", f"/api/v1{path}", **kwargs)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json

    for path, name in (
        ("/imports/council-lists", "council_list_2026-10.xlsx"),
        ("/imports/food-ledgers", "food_ledger_2026-11.csv"),
    ):
        post(path, data={"file": (io.BytesIO((DATA / name).read_bytes()), name)})
    name = "special_loan_leads_cp932.csv"
    leads = {"name": "名簿", "delete_on": str(today() + timedelta(days=9))}
    post(
        "/imports/lead-lists", data=leads | {"file": (io.BytesIO((DATA / name).read_bytes()), name)}
    )
    post(f"/cases/{case.id}/matches", json={})
    for _ in range(2):
        post(f"/cases/{case.id}/assessments", json={"assessed_on": str(today())})
        post(f"/cases/{case.id}/members", json={"relation": "child", "age": 7})
    plan = {"long_goal": "長い目標", "short_goal": "まず", "starts_on": str(today()),
            "ends_on": str(today()), "services": [{"service": "budget"}]}  # fmt: skip
    post(f"/cases/{case.id}/plans", json=plan)
    sheet = {"alias": "みどり", "consent_method": "signed", "send": True,
             "recipients": [{"office": "架空病院", "way": "handed"}]}  # fmt: skip
    for path in ("/referrals", f"/cases/{case.id}/referrals"):
        post(path, json=sheet)
    for _ in range(2):
        post("/batches")
    holds = [post(f"/cases/{case.id}/holds", json={"home_id": home.id}) for home in homes[:2]]
    post(f"/holds/{holds[0]['id']}/placement")
    wanted = {"days": 1, "needed_on": str(today()), "organisation_id": user.organisation_id}
    for _ in range(2):
        request = post(f"/cases/{case.id}/food-requests", json=wanted)
    post(f"/food-requests/{request['id']}/parcels", json={})
    return SimpleNamespace(app=app, user=user, case=case, send=send)


def _operations(app):
    with app.app_context():
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.slow
@pytest.mark.parametrize(
    "mode",
    [pytest.param(GenerationMode.POSITIVE, marks=pytest.mark.once), GenerationMode.NEGATIVE],
)
def test_every_operation_answers_as_described(town, mode):
    """Numbers of records are mostly real ones, so that more than 404 is met."""
    keys = itertools.count(1)
    faults = []
    for operation in _operations(town.app):

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), real=st.integers(0, 3))
        def ask(case, real):
            case.path_parameters = dict.fromkeys(case.path_parameters or {}, real)
            case.headers = {
                "Authorization": f"Bearer {town.user.token}",
                "Idempotency-Key": f"contract-{next(keys)}",
            }
            answer = case.call()
            if answer.status_code >= 500:
                faults.append((answer.status_code, case.as_curl_command()))
            else:
                case.validate_response(answer, checks=CHECKS)

        ask()
    assert faults == []


def _turns(pairs):
    """Every third of them, other ones on each database; all of them in a longer run by hand."""
    return itertools.islice(pairs, FIRST if EXAMPLES <= 3 else 0, None, 3 if EXAMPLES <= 3 else 1)


POSTS = [
    "/cases", "/cases/1/assessments", "/cases/1/assessments/1/needs", "/cases/1/members",
    "/cases/1/consents", "/cases/1/log", "/cases/1/matches", "/cases/1/holds",
    "/cases/1/food-requests", "/food-requests", "/food-requests/1/parcels", "/lots",
    "/lots/1/transfers", "/shelves", "/kits", "/parcels/1/returns",
    "/food-rounds/parcels", "/food-drives", "/donors/1/agreements",
    "/parcels/1/hand-outs", "/holds/2/extension", "/holds/2/release", "/placements/1/plans",
    "/placements/1/steps", "/placements/1/steps/1/return", "/placements/1/refusal",
    "/placements/1/stay/extension", "/placements/1/stay/end",
    "/placements/1/key-day", "/placements/1/key-day/tasks/1/done",
    "/placements/1/key-day/tasks/1/not-needed",
    "/goods", "/goods/1/reservation", "/goods/1/fetched", "/goods/1/delivered", "/cases/1/goods",
    "/goods-needs/1/met", "/placements/1/measures",
    "/check-ins/1/attempts", "/concerns/1/steps/1", "/concerns/1/closing",
    "/watch-plans/1/template", "/watch-plans/1/pauses", "/watch-plans/1/link-ins",
    "/watch-plans/1/add-ons", "/watch-plans/1/devices", "/watch-plans/1/extension",
    "/watch-plans/1/leaving", "/check-ins/1/attempts/1/correction",
    "/check-ins/1/late-attempts", "/key-day-template/lines", "/key-day-template/lines/keys/place",
    "/safety-signals",
    "/imports/council-lists", "/imports/food-ledgers",
    "/referrals", "/cases/1/referrals", "/referrals/1/send", "/referrals/1/recipients/1/receipt",
    "/referrals/1/recipients/1/answer", "/cases/1/plans", "/cases/1/plans/1/submit",
    "/meetings/1/items/1/decision",
    "/recalls", "/recalls/1/lots", "/recalls/1/people/1/attempts", "/recalls/1/closing",
    "/report-snapshots", "/populations", "/report-views",
    "/report-views/1/deletion", "/report-views/1/restoration",
    "/imports/lead-lists", "/leads/2/claim", "/leads/2/attempts",
    "/batches/1/policy", "/batches/1/locks", "/batches/1/locks/1/undo", "/batches/1/holds",
]  # fmt: skip
BODIES = {
    "too deep": b"[" * 100_000,
    "too deep an object": b'{"a":' * 100_000,
    "a number of 6000 digits": b'{"version":' + b"9" * 6000 + b"}",
    "more than 64 bits": b'{"home_id":9223372036854775808,"days":1e400,"version":1e30}',
    "no numbers": b'{"home_id":NaN,"days":Infinity,"people":-Infinity}',
    "arrays for scalars": b'{"name":["a"],"home_id":[1],"days":{"a":1},"text":[[]]}',
    "a lone surrogate": b'{"name":"\\ud800","alias":"\\udfff","text":"\\ud800","reason":"\\ud800"}',
    "NUL": b'{"name":"\\u0000","alias":"a\\u0000","item_name":"\\u0000","note":"\\u0000"}',
    "no UTF-8": b'{"name":"\xff\xfe"}',
    "half a body": b'{"name":',
    "nothing": b"",
    "null": b"null",
}


OTHER_KINDS = ("text/xml", "multipart/form-data; boundary=x", "application/json;charset=utf-7")


def test_a_hostile_body_is_refused_calmly(town):
    """Every body as JSON to every path; under the other names, which are not read as JSON or read
    just the same, three that nothing can be read from are enough.
    """
    unreadable = ("no UTF-8", "half a body", "nothing")
    as_json = itertools.product(POSTS, BODIES, ["application/json"])
    for path, name, kind in _turns((*as_json, *itertools.product(POSTS, unreadable, OTHER_KINDS))):
        body = BODIES[name]
        answer = town.send("POST", f"/api/v1{path}", data=body, content_type=kind)
        assert answer.status_code < 500, f"{path} {kind} {name}: {answer.text}"
        assert answer.is_json, path


LISTS = ("/api/v1/cases", "/api/v1/homes", "/api/v1/lots", "/cases", "/cases.csv", "/search",
         "/homes", "/homes.csv", "/homes/new", "/food/lots", "/food/lots.csv", "/food/receive",
         "/food/receive/form", "/food/printed-date", "/food/lots/1", "/food/lots/1/stickers.pdf",
         "/food/shelves", "/food/shelves/labels.pdf", "/food/scan", "/food/kits/new",
         "/food/low", "/food/expiring", "/food/wishes", "/food/figures", "/food/stocktakes",
         "/audit", "/cases/1/candidates",
         "/batches", "/batches/1", "/batches/1/pairs.csv", "/batches/1/households/1",
         "/cases/1/log", "/cases/1/log.csv", "/meetings", "/meetings/new", "/meetings/1",
         "/meetings/1/items/new", "/handovers", "/api/v1/meetings", "/api/v1/cases/1/log",
         "/cases/new", "/cases/1/assessments", "/cases/1/assessments/1", "/issues", "/issues.csv",
         "/cases/1/plans/1", "/cases/1/plans/1/edit", "/cases/1/plans/1/former/1", "/referrals",
         "/referrals/1", "/api/v1/referrals",
         "/noticing", "/sign-in", "/visits", "/visits/day", "/visits/plans", "/visits/ledger",
         "/visits/templates",
          "/leads", "/leads.csv", "/leads/lists", "/leads/imports/1",
         "/reports", "/reports/2026/routes", "/reports/2026/cases", "/reports/views",
         "/reports/views/new", "/api/v1/reports/2026/routes", "/api/v1/report-snapshots",
         "/leads/imports/new", "/api/v1/lead-lists/1/leads")  # fmt: skip
QUERIES = (
    "page=99999999999", "page=" + "9" * 30, "page=-1", "per_page=1e400", "per_page=nan",
    "per_page=" + "9" * 5000, "q=%00&words=%00&shelf=%00", "kind=%00", "q=%ff%fe&words=%ff",
    "q=%ed%a0%80&words=%ed%a0%80&shelf=%ed%a0%80&kind=%ed%a0%80", "property_id=" + "9" * 25,
    "item_id=" + "9" * 25, "record=" + "9" * 25, "max_rent=" + "9" * 25, "page=%C2%B2",
    "property_id=%C2%B2", "text=%ff&printed=%ff", "rent=nan&funds=inf&move_by=99999-99-99",
    "list_id=" + "9" * 25, "list=" + "9" * 25, "tab=%00&status=%00&result=%00&show=%00",
    "of=%00%ff&office=" + "9" * 25, "of=0000-Q1&part=%00", "year=" + "9" * 25 + "&gone=" + "9" * 25,
    "chart=" + "9" * 25, "chart=%C2%B2", "q=" + "9" * 40, "sort=%00&stage=%00", "next=%00",
    "shelf=" + "9" * 25 + "&count=" + "9" * 25 + "&skip=-1", "code=%00%ff&shelf=%C2%B2",
)  # fmt: skip


def test_a_hostile_query_is_refused_calmly(town):
    for path, query in _turns(itertools.product(LISTS, QUERIES)):
        answer = town.send("GET", f"{path}?{query}")
        assert answer.status_code < 500, f"{path}?{query}"


def test_a_record_number_beyond_every_table_is_not_found(somebody):
    for number in ("2147483648", "9223372036854775808", "9" * 25, "0", "%00"):
        for path in (f"/cases/{number}", f"/api/v1/cases/{number}", f"/users/{number}"):
            assert somebody.send("GET", path).status_code == 404, path


def test_a_hostile_idempotency_key_is_refused(somebody):
    for key in ("\x00" * 10, "\n" * 10, "short", "x" * 201, "\u3000" * 10):
        form = {"idempotency_key": key, "alias": "みどり"}
        answer = somebody.send("POST", "/cases/new", data=form, headers={"Idempotency-Key": ""})
        assert answer.status_code == 422, repr(key)


def test_the_property_chosen_for_a_vacancy_is_a_number_or_nothing(somebody):
    for chosen in ("²", "9" * 25, "-1", "٣"):
        answer = somebody.send("POST", "/homes/new", data={"property_id": chosen, "rent": "1"})
        assert answer.status_code == 422, chosen


def test_errors_inside_rows_are_named_as_on_the_pages(somebody):
    rows = [{"name": "a"}, {"name": "\x00"}, {"age": "x"}, {"born_on": "きのう"}]
    answer = somebody.send("POST", "/api/v1/cases", json={"alias": "みどり", "members": rows})
    assert set(answer.json["errors"]) == {"members-1-name", "members-2-age", "members-3-born_on"}
    assert all(isinstance(said, list) for said in answer.json["errors"].values())


def test_every_operation_documents_its_errors(app):
    paths = app.test_client().get("/api/v1/openapi.json").json["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            if method != "parameters":
                documented = set(operation["responses"])
                assert {"401", "403", "404", "409", "413", "422"} < documented, path
                assert documented & {"200", "201"}, f"{method} {path} has no success"
