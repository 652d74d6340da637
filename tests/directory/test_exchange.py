"""The directory as HSDS tables: out and back without a loss, and what a stranger's file may do."""

import csv
import io
import json
import uuid
import zipfile

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import now, separate_session
from app.directory.codes import NETWORK_STEP_LABELS, Offer, PartnerSystem
from app.directory.hsds.columns import FILES
from app.directory.hsds.reading import read_zip
from app.directory.hsds.taking import keep_file, take_in
from app.directory.hsds.writing import hsds_zip
from app.directory.models import Partner, PartnerKind
from app.directory.queries import whole_partners
from app.directory.records import whole_partner
from app.directory.schemas import schema_of
from app.directory.services import add_partner
from app.errors import InvalidError
from app.exports import guarded, unguarded
from app.policy import Membership, OrganisationKind, Role, Viewer

EVERYBODY = tuple(PartnerKind)


def viewer_of(user, *roles):
    kinds = frozenset({OrganisationKind.HOUSING_SUPPORT})
    members = tuple(Membership(user.organisation_id, "架空の会", kinds, role) for role in roles)
    return Viewer(user.id, user.name, members)


def a_zip(**tables):
    """A zip of tables, each a list of rows as dicts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, rows in tables.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, list(rows[0]) if rows else ["id"], lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(rows)
            archive.writestr(f"{name}.csv", text.getvalue())
    return out.getvalue()


def org(name, number=None, **more):
    return {"id": number or str(uuid.uuid4()), "name": name, "description": name, **more}


@pytest.fixture
def worker(make):
    return make.user(Role.HOUSING)


@pytest.fixture
def desk(worker, browser_of):
    return browser_of(worker)


def hand_in(browser, content, *, status=200):
    page = browser.get("/partners/exchange")
    file = (io.BytesIO(content), "名簿.zip")
    return browser.submit(page, also={"file": file}, status=status)


def take(browser, page, status=200):
    return browser.submit(page, action="/take", status=status)


# ------------------------------------------------------------------------------ out and back

SIGNS = ["髙橋", "﨑", "𠮷野", "㈱", "①", ",", '"', "'", "=1+1", "＝", "-", "ー", "🏠", "é"]
WORDS = st.sampled_from([*SIGNS, " ", "　"]) | st.text(max_size=4)
LINES = st.lists(WORDS, max_size=6).map("".join)
PROSE = st.lists(WORDS | st.just("\n"), max_size=6).map("".join)
DIALS = st.sampled_from(["046-251-0001", "＋81 46 251", "#7119", "1234", "0012", "12-3", ""])


def rows_of(**columns):
    return st.lists(st.fixed_dictionaries(columns), max_size=3)


PARTNERS = st.fixed_dictionaries({
    "name": LINES, "kana": LINES, "does": LINES, "phone": DIALS, "fax": DIALS,
    "email": st.sampled_from(["", "a@example.jp"]),
    "web": st.sampled_from(["", "https://example.jp/?a=1&b=２"]),
    "office": LINES, "postal_code": st.sampled_from(["", "252-0021"]),
    "address": LINES | st.just("神奈川県座間市緑ケ丘1-1") | st.just("不明"),
    "contact_hours": LINES, "note": PROSE, "troubles": PROSE,
    "systems": st.lists(st.sampled_from([str(s) for s in PartnerSystem]), max_size=3),
    "steps": st.dictionaries(
        st.sampled_from([str(s) for s in NETWORK_STEP_LABELS]), st.just("2026-04-01"), max_size=3
    ),
    "active": st.booleans(), "checked_on": st.sampled_from([None, "2026-10-01"]),
    "contacts": rows_of(name=LINES, role=LINES, phone=DIALS, extension=DIALS, best_time=LINES),
    "services": rows_of(
        offer=st.sampled_from([str(o) for o in Offer]), name=LINES, for_whom=LINES,
        how_to_apply=LINES, fee=LINES, languages=LINES,
    ),
})  # fmt: skip
TERMS = {
    "certified": "yes", "without_guarantor": "no", "emergency_rule": "corporate",
    "first_fee_percent": "52.5", "monthly_fee": 0,
}  # fmt: skip


def everything(session):
    """All partners by number, without what belongs to one database alone."""
    found = {}
    for one in whole_partners(session, EVERYBODY):
        plain = whole_partner(one)
        for name in ("id", "version", "parent_id"):
            del plain[name]
        plain["parent"] = one.parent.uuid if one.parent else None
        found[one.uuid] = plain
    return found


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.lists(st.tuples(st.sampled_from(EVERYBODY), PARTNERS), max_size=4))
def test_what_goes_out_comes_back_without_a_loss(app, round_trip_user, typed):
    """Written, and read into an empty directory: the same partners; read once more: no change."""
    everybody = viewer_of(round_trip_user, Role.HOUSING, Role.FOODBANK)
    with app.app_context(), separate_session(write=True) as session:
        outer = session.begin_nested()
        _register(session, typed, round_trip_user.id)
        before = everything(session)
        first = hsds_zip(whole_partners(session, EVERYBODY), everybody)
        if before:
            for one in session.scalars(sa.select(Partner).order_by(Partner.parent_id.is_(None))):
                session.delete(one)
            session.flush()
            session.expire_all()
            kept = keep_file(session, content=first, file_name="a.zip", viewer=everybody)
            assert {row["outcome"] for row in kept.rows} == {"new"}, kept.rows
            assert not everything(session), "the preview wrote something"
            assert take_in(session, kept=kept, viewer=everybody, at=now())
            session.expire_all()
            assert everything(session) == before
            again = keep_file(session, content=first, file_name="a.zip", viewer=everybody)
            assert {row["outcome"] for row in again.rows} == {"same"}, again.rows
        outer.rollback()


@pytest.fixture
def round_trip_user(make):
    return make.user(Role.HOUSING)


def _register(session, typed, user_id):
    """Those of the typed partners a form would take, the second one a section of the first."""
    above = None
    for kind, values in typed:
        schema = schema_of(kind)
        sent = {**values, **(TERMS if kind is PartnerKind.GUARANTOR_COMPANY else {})}
        sent["contacts"] = [row for row in sent["contacts"] if not schema_errors("contacts", row)]
        sent["services"] = [row for row in sent["services"] if not schema_errors("services", row)]
        problems = schema.validate(sent)
        sent = {name: value for name, value in sent.items() if name not in problems}
        if "name" in problems:
            sent["name"] = "髙橋の会"
        loaded = {n: v for n, v in schema.load(sent).items() if n != "version"}
        if above is not None and kind is not PartnerKind.DONOR:
            loaded["parent_id"] = above.id
        try:
            with session.begin_nested():
                made = add_partner(session, kind=kind, values=loaded, user_id=user_id)
        except InvalidError:  # two of one name; the form would refuse the second as well
            continue
        if above is None and kind is not PartnerKind.DONOR:
            above = made


def schema_errors(name, row):
    return schema_of(PartnerKind.OTHER).fields[name].inner.schema.validate(row)


@given(st.text())
def test_a_guarded_cell_gives_the_same_text_again(text):
    for risky in (text, f"={text}", f"'{text}", f"'=+{text}", f"''-{text}"):
        assert unguarded(guarded(risky)) == risky
    assert guarded(f"={text}").startswith("'")


def test_the_tables_are_those_of_the_specification(desk, make):
    """Required columns of HSDS 3.0 are filled, and every reference leads somewhere."""
    make.save(Partner(kind=PartnerKind.PROVIDER, name="架空の会", name_key="架空の会",
                      address="架空町1-1", contact_hours="平日"))  # fmt: skip
    content = desk.raw.get("/partners/hsds.zip").data
    archive = zipfile.ZipFile(io.BytesIO(content))
    tables = {
        name: list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode(), newline="")))
        for name in FILES
    }
    [one] = tables["organizations"]
    assert one["description"] == "架空の会"
    [address] = tables["addresses"]
    assert all(address.values())
    assert tables["schedules"][0]["location_id"] == tables["locations"][0]["id"]
    terms = {row["id"]: row["taxonomy_id"] for row in tables["taxonomy_terms"]}
    assert {terms[row["taxonomy_term_id"]] for row in tables["attributes"]} <= {
        row["id"] for row in tables["taxonomies"]
    }
    listed = json.loads(archive.read("datapackage.json"))["resources"]
    assert {row["path"] for row in listed} == {f"{name}.csv" for name in FILES}


# ---------------------------------------------------------------------------- a stranger's file


def test_a_preview_changes_nothing_and_taking_in_does(desk, in_database):
    content = a_zip(
        organizations=[org("架空の窓口", website="https://example.jp"), org("", "x"),
                       org("試験の会", website="javascript:alert(1)")],
        odd=[{"id": "1"}],
    )  # fmt: skip
    page = hand_in(desk, content)
    assert "新しい 1 件" in page.text
    assert "取り込めない 2 件" in page.text
    assert "UUIDではありません" in page.text
    assert "ホームページ: http:// か https://" in page.text
    assert "odd.csv は読みません" in page.text
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Partner.id)))) == 0
    page = take(desk, page)
    assert page.h1 == "取り込みの報告"
    names = in_database(lambda s: s.scalars(sa.select(Partner.name)).all())
    assert names == ["架空の窓口"]
    page = desk.get("/partners/exchange")
    assert "取り込み済み" in page.text


def test_a_known_name_is_the_same_partner_and_blanks_say_nothing(desk, make, in_database):
    make.save(Partner(kind=PartnerKind.OTHER, name="架空の窓口", name_key="架空の窓口",
                      phone="046-000-1111", email="old@example.jp"))  # fmt: skip
    page = take(desk, hand_in(desk, a_zip(
        organizations=[org("架空の窓口", email="")],
        phones=[{"id": str(uuid.uuid4()), "organization_id": "", "number": "1"}],
        contacts=[{"id": str(uuid.uuid4()), "organization_id": "", "name": "だれか"}],
    )))  # fmt: skip
    assert "どの組織のものか分からず" in page.text
    [one] = in_database(lambda s: s.scalars(sa.select(Partner)).all())
    assert (one.phone, one.email) == ("046-000-1111", "old@example.jp")


def test_when_the_directory_moved_on_the_new_preview_is_shown_first(desk, make, in_database):
    number = str(uuid.uuid4())
    page = hand_in(desk, a_zip(organizations=[org("架空の窓口", number)]))
    make.save(Partner(kind=PartnerKind.OTHER, uuid=number, name="別の名", name_key="別の名"))
    page = take(desk, page, status=409)
    assert "書きかえられました" in page.text
    assert "変わる 1 件" in page.text
    assert in_database(lambda s: s.scalar(sa.select(Partner.name))) == "別の名"
    take(desk, page)
    assert in_database(lambda s: s.scalar(sa.select(Partner.name))) == "架空の窓口"


def test_a_file_is_settled_once_and_seen_by_its_sender_alone(desk, make, browser_of):
    page = hand_in(desk, a_zip(organizations=[org("架空の窓口")]))
    other = browser_of(make.user(Role.HOUSING))
    url = page.url
    other.get(url, status=404)
    assert "架空の窓口" not in other.get("/partners/exchange").text
    desk.submit(page, action="/drop")
    again = desk.submit(page, action="/take", status=409)
    assert "もう片づいています" in again.text


def test_kinds_somebody_else_keeps_are_not_written_by_a_file(app, make, browser_of, in_database):
    """Neither a realtor by a consultant, nor a donor they may see but not change."""
    housing, consultant = make.user(Role.HOUSING), make.user(Role.CONSULTANT)
    realtor = make.save(Partner(kind=PartnerKind.REALTOR, name="㈱架空ホーム",
                                name_key="架空ホーム", phone="046-251-0001"))  # fmt: skip
    with app.app_context(), separate_session(write=False) as session:
        content = hsds_zip(whole_partners(session, EVERYBODY), viewer_of(housing, Role.HOUSING))
    desk = browser_of(consultant)
    page = take(desk, hand_in(desk, content))
    assert "取り込めない 1 件" in page.text
    own = desk.raw.get("/partners/hsds.zip").data
    assert realtor.phone not in str(zipfile.ZipFile(io.BytesIO(own)).read("phones.csv"))
    assert "㈱架空ホーム" in zipfile.ZipFile(io.BytesIO(own)).read("organizations.csv").decode()
    phone = in_database(lambda s: s.scalar(sa.select(Partner.phone)))
    assert phone == realtor.phone


@pytest.mark.parametrize(
    ("content", "words", "status"),
    [
        (b"no zip", "ZIPとして開けません", 422),
        (a_zip(services=[]), "organizations.csv がない", 422),
        (a_zip(organizations=[{"id": "1", "name": "a"}] * 501), "大きすぎます", 413),
    ],
)
def test_what_is_no_directory_is_refused_with_a_sentence(desk, content, words, status):
    page = hand_in(desk, content, status=status)
    assert words in page.errors


def test_a_zip_that_swells_is_refused(desk):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("organizations.csv", b"id,name\r\n" + b" " * 41_000_000)
    assert "大きすぎます" in hand_in(desk, out.getvalue(), status=413).errors


def test_broken_text_and_doubled_heads_are_refused(desk):
    for body in (b"id,name\r\n\xff\xfe", b"id,id\r\n1,2", b'id,name\r\n"a,b'):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("organizations.csv", body)
        assert "organizations.csv" in hand_in(desk, out.getvalue(), status=422).errors


def test_an_address_in_parts_becomes_one_line():
    number = str(uuid.uuid4())
    place = {"id": str(uuid.uuid4()), "location_type": "physical", "organization_id": number}
    said, _notes = read_zip(
        a_zip(
            organizations=[org("架空の会", number)],
            locations=[place],
            addresses=[{"id": str(uuid.uuid4()), "location_id": place["id"], "address_1": "1-1",
                        "address_2": "2階", "city": "架空市", "state_province": "架空県",
                        "postal_code": "2520021", "country": "JP"}],
        ),
        "a.zip",
    )  # fmt: skip
    assert said[0].values["address"] == "架空県架空市1-12階"
