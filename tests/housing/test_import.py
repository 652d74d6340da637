"""A council's list becomes homes once and whole, with every doubtful row explained."""

import io
import threading
import zipfile

import pytest
import sqlalchemy as sa
import xlsxwriter

from app import jobs
from app.audit.models import AuditEntry
from app.db import now, separate_session
from app.directory.models import Partner, PartnerKind
from app.housing.codes import HomeState, Precision
from app.housing.lists import taking
from app.housing.lists.models import CouncilListImport, CouncilListRow, ImportState, RowOutcome
from app.housing.models import Home, Property
from app.policy import Role
from app.sheets import open_sheets
from tests.housing.makers import HEAD, NOVEMBER, OCTOBER, csv_list, take_in, tiles, upload

NOTHING = {
    "新しい": 0, "変わった": 0, "同じ": 0, "重複": 0, "決められない": 0, "読めない": 0,
    "今月の一覧にない": 0,
}  # fmt: skip


@pytest.fixture
def desk(make, browser_of):
    return browser_of(make.user(Role.HOUSING))


def test_october_brings_100_homes_and_two_rows_with_number_and_reason(desk, in_database):
    preview = upload(desk, OCTOBER.read_bytes(), OCTOBER.name)
    assert tiles(preview) == NOTHING | {"新しい": 100, "読めない": 2}
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Home.id)))) == 0
    report = desk.submit(preview, action="/take-in")
    assert report.h1 == "取り込みの報告"
    assert tiles(report) == NOTHING | {"新しい": 100, "読めない": 2}
    assert "107" in report.text
    assert "家賃が「応談」で、金額が分かりません" in report.text
    assert "物件名がありません" in report.text
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Home.id)))) == 100


def test_no_row_of_the_sheet_is_lost_whatever_it_says(desk, in_database):
    take_in(desk, OCTOBER.read_bytes(), OCTOBER.name)
    sheet = open_sheets(OCTOBER.read_bytes(), OCTOBER.name).first
    kept = in_database(lambda s: s.scalars(sa.select(CouncilListRow.row_number)).all())
    assert sorted(kept) == [row.number for row in sheet.rows if not row.is_blank]
    row = in_database(lambda s: s.scalar(sa.select(CouncilListRow).filter_by(row_number=107)))
    assert row.as_typed["備考"] == "家賃未定"


@pytest.mark.parametrize("again", ["same file", "same content"])
def test_the_same_list_again_changes_nothing(desk, again, in_database):
    content = OCTOBER.read_bytes()
    take_in(desk, content, OCTOBER.name)
    before = in_database(_everything)
    if again == "same content":
        content += b"\0" * 3  # another file, the same book
    report = take_in(desk, content, "もう一度.xlsx")
    assert tiles(report) == NOTHING | {"同じ": 100, "読めない": 2}
    assert "住戸は何も変わっていません" in report.text or "読めない" in report.text
    assert in_database(_everything) == before


def _everything(session):
    homes = session.execute(sa.select(Home.__table__).order_by(Home.id)).all()
    return [tuple(str(cell) for cell in home) for home in homes]


def test_november_finds_25_new_10_changed_rents_2_repeats_and_16_gone(desk, in_database):
    take_in(desk, OCTOBER.read_bytes(), OCTOBER.name)
    report = take_in(desk, NOVEMBER.read_bytes(), NOVEMBER.name)
    found = tiles(report)
    assert found["新しい"] == 25
    assert found["変わった"] + found["同じ"] == 84
    assert found["重複"] == 2
    assert found["今月の一覧にない"] == 16
    assert found["読めない"] == 0
    assert "今月の一覧にない住戸（16件）" in report.text
    rows = in_database(lambda s: s.scalars(sa.select(CouncilListRow).join(
        CouncilListImport).where(CouncilListImport.file_name == NOVEMBER.name)).all())  # fmt: skip
    rents = [row for row in rows if any(c["field"] == "rent" for c in row.changes)]
    assert len(rents) == 10
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Home.id)))) == 125
    marked = in_database(
        lambda s: s.scalar(sa.select(sa.func.count(Home.id)).where(Home.missing_since.is_not(None)))
    )
    assert marked == 16


def test_a_home_that_is_promised_to_somebody_is_not_changed_by_a_list(desk, in_database):
    take_in(desk, csv_list("コーポ相武,101,座間市相武台1-2-3,1K,22,40000,,,,,"), "a.csv")

    def hold(session):
        session.scalar(sa.select(Home)).state = HomeState.HELD

    in_database(hold)
    report = take_in(desk, csv_list("コーポ相武,101,座間市相武台1-2-3,1K,22,45000,,,,,"), "b.csv")
    assert tiles(report)["決められない"] == 1
    assert "「取り置き」の住戸です" in report.text
    assert "40,000円→45,000円" in report.text
    home = in_database(lambda s: s.scalar(sa.select(Home)))
    assert (home.rent, home.state) == (40000, HomeState.HELD)


def test_a_home_in_two_spellings_is_one_home_and_its_agent_one_agent(desk, in_database):
    first = csv_list("コーポ相武,101,座間市相武台１丁目２番３号,1K,22,40000,,,,可,㈱架空ホーム")
    again = csv_list("コーポ相武,101号室,座間市相武台1-2-3,1K,22,41000,,,,可,株式会社架空ホーム")
    take_in(desk, first, "a.csv")
    report = take_in(desk, again, "b.csv")
    assert tiles(report)["変わった"] == 1
    assert "40,000円 → 41,000円" in report.text
    realtors = sa.select(Partner.name).where(Partner.kind == PartnerKind.REALTOR)
    agents = in_database(lambda s: s.scalars(realtors).all())
    assert agents == ["㈱架空ホーム"]


def test_a_building_is_placed_with_its_precision(desk, in_database):
    take_in(desk, csv_list("コーポ相武,101,座間市相武台1-2-3,1K,22,40000,,,,,"), "a.csv")
    place = in_database(lambda s: s.scalar(sa.select(Property)))
    assert place.latitude == pytest.approx(35.49, abs=0.05)
    assert place.precision in {Precision.TOWN, Precision.POSTAL}
    page = desk.get("/homes/1")
    assert "CC BY 4.0" in page.text


def test_every_new_home_has_its_audit_entry(desk, in_database):
    take_in(desk, OCTOBER.read_bytes(), OCTOBER.name)
    kinds = in_database(
        lambda s: s.scalars(sa.select(AuditEntry.record_kind).where(
            AuditEntry.deed == "created")).all()
    )  # fmt: skip
    assert kinds.count("home") == 100
    assert kinds.count("council_list_import") == 1


def test_a_list_that_is_set_aside_is_never_taken_in(desk):
    preview = upload(desk, OCTOBER.read_bytes(), OCTOBER.name)
    desk.submit(preview, action="/refuse")
    desk.submit(preview, action="/refuse", status=409)
    page = desk.get(preview.url)
    assert "取り込まないことにしました" in page.text


# ------------------------------------------------------------------------------- bad files


def _zip_bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 150_000_000)
    return out.getvalue()


BAD = {
    "pdf": (b"%PDF-1.7 whatever", "list.xlsx", 422, "中身はPDFです"),
    "empty": (b"", "list.xlsx", 422, "何も入っていません"),
    "garbage": ("物件名,家賃".encode("cp932") + b"\x81\xff\xfe\x00\x80", "a.csv", 422, "a.csv"),
    "broken zip": (b"PK\x03\x04 nothing here", "a.xlsx", 422, "壊れている"),
}


@pytest.mark.parametrize("kind", list(BAD))
def test_a_bad_file_is_refused_with_what_to_do_and_nothing_is_kept(desk, kind, in_database):
    content, name, status, words = BAD[kind]
    page = upload(desk, content, name, status=status)
    assert words in page.errors
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(CouncilListImport.id)))) == 0


def test_a_zip_bomb_is_not_unpacked(desk):
    page = upload(desk, _zip_bomb(), "list.xlsx", status=413)
    assert "異常に大きくなる" in page.errors


def test_no_file_at_all_is_told_at_the_field(desk):
    page = desk.get("/homes/imports")
    page = desk.submit(page, action="/homes/imports", status=422)
    assert "ファイルを選んでください" in page.errors


def test_100_megabytes_are_refused_before_they_are_read(desk, make, app):
    user = make.user(Role.HOUSING)
    answer = app.test_client().post(
        "/api/v1/imports/council-lists",
        data=b"x",
        headers={
            "Authorization": f"Bearer {user.token}",
            "Idempotency-Key": "a-large-list",
            "Content-Type": "multipart/form-data; boundary=x",
        },
        environ_overrides={"CONTENT_LENGTH": str(100 * 1024 * 1024)},
    )
    assert answer.status_code == 413
    assert answer.json["code"] == "too_large"


def test_formulas_are_words_and_never_run(desk, in_database):
    content = csv_list(
        'コーポ相武,101,座間市相武台1-2-3,1K,22,40000,,,,,"=HYPERLINK(""http://x"")"'
    )
    take_in(desk, content, "a.csv")
    export = desk.raw.get("/homes.csv").get_data(as_text=True)
    assert "'=HYPERLINK" in export
    assert ",=HYPERLINK" not in export


def test_an_absurd_rent_or_name_is_held_back_and_the_rest_taken_in(desk):
    content = csv_list(
        f"{'長' * 250},101,座間市相武台1-2-3,1K,22,40000,,,,,",
        "コーポ相武,102,座間市相武台1-2-3,1K,22,99999999999,,,,,",
        "コーポ相武,103,座間市相武台1-2-3,1K,22,40000,,,,,",
    )
    report = take_in(desk, content, "a.csv")
    assert tiles(report) == NOTHING | {"新しい": 1, "読めない": 2}


# ----------------------------------------------------------------------- once, also at once


def test_pressing_twice_takes_a_list_in_once(desk, in_database):
    preview = upload(desk, OCTOBER.read_bytes(), OCTOBER.name)
    desk.submit(preview, action="/take-in")
    assert "この操作はもう済んでいます" in desk.submit(preview, action="/take-in").text
    second = desk.submit(preview, {"idempotency_key": "x" * 20}, action="/take-in")
    assert "もう取り込まれています" in second.text
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Home.id)))) == 100


def test_two_threads_take_one_list_in_once(desk, app, in_database, make):
    user = make.user(Role.HOUSING)
    upload(desk, OCTOBER.read_bytes(), OCTOBER.name)
    import_id = in_database(lambda s: s.scalar(sa.select(CouncilListImport.id)))
    start, done = threading.Barrier(2), []

    def run():
        with app.app_context(), separate_session(write=True) as session:
            start.wait()
            done.append(taking.take_in(session, import_id=import_id, user_id=user.id))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, True]
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Home.id)))) == 100


def test_a_long_list_goes_to_the_background_and_shows_how_far_it_is(
    desk, app, in_database, monkeypatch
):
    monkeypatch.setitem(app.config, "IMPORT_AT_ONCE", 10)
    preview = upload(desk, OCTOBER.read_bytes(), OCTOBER.name)
    waiting = desk.submit(preview, action="/take-in")
    assert "取り込んでいます" in waiting.text
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Home.id)))) == 0
    with app.app_context():
        jobs.run_due()
        jobs.run_due(at=now())
    report = desk.get(waiting.url)
    assert report.h1 == "取り込みの報告"
    assert tiles(report)["新しい"] == 100


def test_a_failure_half_way_leaves_nothing_behind(desk, app, in_database, monkeypatch, make):
    user = make.user(Role.HOUSING)
    upload(desk, OCTOBER.read_bytes(), OCTOBER.name)
    import_id = in_database(lambda s: s.scalar(sa.select(CouncilListImport.id)))
    monkeypatch.setattr(taking, "_mark", _fail)
    with pytest.raises(RuntimeError), app.app_context(), separate_session(write=True) as session:
        taking.take_in(session, import_id=import_id, user_id=user.id)
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Home.id)))) == 0
    state = in_database(lambda s: s.scalar(sa.select(CouncilListImport.state)))
    assert state is ImportState.PREVIEW


def _fail(*_args):
    raise RuntimeError


# ------------------------------------------------------------------------------ who, and API


@pytest.mark.parametrize("role", [Role.CONSULTANT, Role.FOODBANK, Role.FOLLOWUP, Role.AUDITOR])
def test_only_the_housing_organisation_takes_lists_in(make, browser_of, role):
    browser_of(make.user(role)).get("/homes/imports", status=403)


def test_another_organisations_list_is_not_there(desk, make, browser_of):
    preview = upload(desk, OCTOBER.read_bytes(), OCTOBER.name)
    browser_of(make.user(Role.HOUSING)).get(preview.url, status=404)


def test_the_api_takes_a_list_in_once_per_key_and_names_the_rows(app, make, in_database):
    user = make.user(Role.HOUSING)
    headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": "october-2026"}

    def post():
        file = (io.BytesIO(OCTOBER.read_bytes()), OCTOBER.name)
        return app.test_client().post(
            "/api/v1/imports/council-lists", data={"file": file}, headers=headers
        )

    first, second = post(), post()
    assert first.status_code == 201, first.json
    assert first.json["counts"]["new"] == 100
    assert [row["row"] for row in first.json["problems"]] == [107, 108]
    assert second.json == first.json
    assert second.headers["Idempotent-Replayed"] == "true"
    outcomes = in_database(lambda s: s.scalars(sa.select(CouncilListRow.outcome)).all())
    assert outcomes.count(RowOutcome.NEW) == 100


def test_the_api_answers_bad_files_with_their_own_code(app, make):
    user = make.user(Role.HOUSING)
    answer = app.test_client().post(
        "/api/v1/imports/council-lists",
        data={"file": (io.BytesIO(b"%PDF-1.7"), "list.xlsx")},
        headers={"Authorization": f"Bearer {user.token}", "Idempotency-Key": "a-pdf-list"},
    )
    assert (answer.status_code, answer.json["code"]) == (422, "sheet_wrong_kind")


def test_the_preview_says_what_each_column_was_read_as(desk):
    page = upload(desk, csv_list("コーポ相武,101,座間市相武台1-2-3,1K,22,40000,,,,,"), "a.csv")
    assert "列の読み取り（11列）" in page.text


def test_a_formula_in_a_book_is_never_worked_out_here(desk):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD.split(","))
        sheet.write_row(1, 0, ["コーポ相武", "101", "座間市相武台1-2-3", "1K", 22])
        sheet.write_formula(1, 5, "=20000*2", None, "")
        sheet.write_row(2, 0, ["コーポ相武", "102", "座間市相武台1-2-3", "1K", 22])
        sheet.write_formula(2, 5, "=20000*2", None, 40000)
    report = take_in(desk, out.getvalue(), "計算式.xlsx")
    assert tiles(report) == NOTHING | {"新しい": 1, "読めない": 1}


def test_a_column_nobody_could_read_is_shown_only_to_those_who_phone(desk, make, browser_of):
    head = "物件名,号室,所在地,間取り,面積,家賃,取扱,大家携帯メモ,不明欄"
    agent = "㈱架空ホーム 046-000-1234"
    row = f"コーポ相武,101,座間市相武台1-2-3,1K,22,40000,{agent},090-0000-5678,見本大家"
    take_in(desk, csv_list(row, head=head), "a.csv")
    shown = desk.get("/homes/1").text
    assert "見本大家" in shown
    assert "電話 0460001234" in shown.replace("-", "")
    consultant = browser_of(make.user(Role.CONSULTANT)).get("/homes/1")
    assert "一覧に書かれたまま" in consultant.text
    assert "座間市相武台1-2-3" in consultant.text
    for told in ("見本大家", "090-0000-5678", "046-000-1234"):
        assert told not in consultant.text


@pytest.mark.parametrize("what", ["取扱", "大家"])
@pytest.mark.parametrize("name", ["あ" * 1500, "㌀" * 200])
def test_a_name_longer_than_any_is_read_in_part_and_asked_about(desk, in_database, what, name):
    head = f"物件名,号室,所在地,間取り,面積,家賃,{what}"
    rows = [f"コーポ相武,{n},座間市相武台1-2-3,1K,22,40000,{name}" for n in (101, 102)]
    report = take_in(desk, csv_list(*rows, head=head), "a.csv")
    assert tiles(report)["新しい"] == 2
    if len(name) > 200:
        assert "200文字を超えています" in report.text
    homes = in_database(lambda s: s.scalars(sa.select(Home)).all())
    assert len({home.agent_id or home.landlord_id for home in homes}) == 1


@pytest.mark.parametrize("area", ["0.0000001", "0", "-5", "99999999999", "1e400"])
def test_an_area_no_room_has_is_left_unknown_and_asked_about(desk, in_database, area):
    row = f"コーポ相武,101,座間市相武台1-2-3,1K,{area},40000,,,,,"
    report = take_in(desk, csv_list(row), "a.csv")
    assert tiles(report)["新しい"] == 1
    assert "面積" in report.text
    assert in_database(lambda s: s.scalar(sa.select(Home.area))) is None


def test_what_no_column_takes_is_refused_in_a_sentence(desk, in_database):
    page = desk.get("/homes/new")
    typed = {"building": "㌀" * 200, "municipality": "座間市", "address": "相武台1-1" + "㌀" * 150,
             "room": "101", "rent": "40000"}  # fmt: skip
    answer = desk.raw.post("/homes/new", data=page.typed("/homes/new") | typed)
    kept = in_database(lambda s: s.scalar(sa.select(sa.func.count(Home.id))))
    assert (answer.status_code, kept) in {(303, 1), (422, 0)}  # SQLite has no longest text
