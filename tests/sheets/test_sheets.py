"""Files are opened by what they are, and refused with a sentence before they can do harm."""

import contextlib
import datetime
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.sheets import Limits, SheetError, cell_text, open_sheets, place
from app.sheets.table import place_numbers

SAMPLES = Path("app/demo/data")
OCTOBER = (SAMPLES / "council_list_2026-10.xlsx").read_bytes()


def book(*cells: tuple[str, object]) -> bytes:
    """An Excel book with the given cells; a formula is written without a result."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out)
    day = workbook.add_format({"num_format": "yyyy/m/d"})
    sheet = workbook.add_worksheet()
    for where, value in cells:
        if isinstance(value, datetime.date):
            sheet.write_datetime(where, value, day)
        elif isinstance(value, str) and value.startswith("="):
            sheet.write_formula(where, value, None, "#N/A" if value == "=NA()" else "")
        else:
            sheet.write(where, value)
    workbook.close()
    return out.getvalue()


def with_part(content: bytes, path: str, replace: bytes, by: bytes) -> bytes:
    """The same book with some bytes of one part exchanged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(
                entry.filename, data.replace(replace, by) if entry.filename == path else data
            )
    return out.getvalue()


def refusal(content: bytes, name: str = "list.xlsx", limits: Limits | None = None) -> SheetError:
    """The error with which a file is refused."""
    with pytest.raises(SheetError) as caught:
        open_sheets(content, name, limits=limits)
    assert caught.value.message.endswith("ください。")
    return caught.value


def test_the_october_list_opens_with_excels_row_numbers() -> None:
    workbook = open_sheets(OCTOBER, "council.xlsx")
    sheet = workbook.first
    assert (workbook.kind, workbook.encoding, sheet.name) == ("xlsx", None, "物件一覧")
    assert len(sheet.rows) == 110
    row = sheet.rows[106]
    assert row.number == 107
    assert row.cells[:3] == (999, "見本荘", "101")
    assert sheet.rows[5].cells[5] == Decimal("19.74")


def test_a_merged_head_can_be_spread_over_its_columns() -> None:
    sheet = open_sheets(OCTOBER, "council.xlsx").first
    heads = sheet.expanded()
    assert set(heads[3].cells[16:23]) == {"入居者の属性（受入可否）"}
    assert heads[4].cells[1] == "物件名"
    assert sheet.rows[4].cells[1] is None


def test_numbers_and_dates_come_as_excel_shows_them() -> None:
    content = book(
        ("A1", 204.0),
        ("B1", 0.1 + 0.2),
        ("C1", datetime.date(2026, 12, 15)),
        ("D1", True),
        ("F1", "x"),
    )
    row = open_sheets(content, "x.xlsx").first.rows[0]
    assert row.cells == (204, Decimal("0.3"), datetime.date(2026, 12, 15), True, None, "x")
    assert [cell_text(cell) for cell in row.cells] == ["204", "0.3", "2026/12/15", "TRUE", "", "x"]


def test_a_formula_without_its_result_and_an_error_value_are_reported_at_their_place() -> None:
    sheet = open_sheets(book(("A1", "家賃"), ("B3", "=1+1"), ("C2", "=NA()")), "x.xlsx").first
    problems = {(place(found.row, found.column or 0), found.code) for found in sheet.problems}
    assert problems == {("B3", "formula_without_value"), ("C2", "error_value")}


def test_a_formula_with_its_result_is_read() -> None:
    content = with_part(
        book(("A1", "=1+1")),
        "xl/worksheets/sheet1.xml",
        b"<f>1+1</f><v></v>",
        b"<f>1+1</f><v>2</v>",
    )
    sheet = open_sheets(content, "x.xlsx").first
    assert sheet.rows[0].cells == (2,)
    assert sheet.problems == ()


def test_hidden_sheets_are_marked_and_not_taken_first() -> None:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out)
    secret = workbook.add_worksheet("控え")
    secret.write("A1", "secret")
    shown = workbook.add_worksheet("見える")
    shown.write("A1", "shown")
    shown.activate()
    secret.hide()
    workbook.close()
    read = open_sheets(out.getvalue(), "x.xlsx")
    assert read.first.name == "見える"
    assert [sheet.hidden for sheet in read.sheets] == [True, False]


@pytest.mark.parametrize(
    ("content", "code", "word"),
    [
        (b"", "sheet_empty", "何も入っていません"),
        (b"%PDF-1.7 ...", "sheet_wrong_kind", "PDF"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "sheet_wrong_kind", "JPEG"),
        (b"\x89PNG\r\n", "sheet_wrong_kind", "PNG"),
        (b"\n<html><table>", "sheet_wrong_kind", "HTML"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "sheet_old_excel", ".xls"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "sheet_password",
            "パスワード",
        ),
        (b"PK\x03\x04 not a zip", "sheet_broken", "壊れて"),
        (OCTOBER[:9000], "sheet_broken", "壊れて"),
        (b"a,b\n\0\0", "sheet_broken_text", "文字だけ"),
        (b"\xff\xfea\0", "sheet_broken_text", "CSV UTF-8"),
        (b"\r\n,,\r\n", "sheet_empty", "何も入っていません"),
        (book(), "sheet_empty", "何も入っていません"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(content: bytes, code: str, word: str) -> None:
    error = refusal(content)
    assert (error.code, error.status) == (code, 422)
    assert word in error.message


def test_other_zips_are_named() -> None:
    for path, word in (
        ("xl/workbook.bin", "xlsb"),
        ("word/document.xml", "Word"),
        ("a.txt", "ZIP"),
    ):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(path, "x")
        assert word in refusal(out.getvalue()).message


def test_a_file_over_the_limit_is_refused_as_too_large() -> None:
    error = refusal(OCTOBER, limits=Limits(file_bytes=1000))
    assert (error.code, error.status) == ("sheet_too_large", 413)


def test_a_zip_bomb_is_refused_by_its_declared_size() -> None:
    bomb = with_part(book(("A1", "x")), "xl/styles.xml", b"<styleSheet", b" " * 60_000_000)
    error = refusal(bomb)
    assert (error.code, error.status) == ("sheet_unsafe_archive", 413)


def test_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = with_part(book(("A1", "x")), "xl/styles.xml", b"<styleSheet", b" " * 9_000_000)
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        size = archive.getinfo("xl/styles.xml").file_size
    lying = bomb.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert refusal(lying).code == "sheet_broken"
    assert refusal(lying, limits=Limits(unpacked_bytes=1_000_000)).code == "sheet_unsafe_archive"


def test_too_many_entries_are_refused() -> None:
    assert refusal(OCTOBER, limits=Limits(archive_entries=3)).code == "sheet_unsafe_archive"


def test_a_single_cell_far_away_is_refused_before_a_table_is_laid_out() -> None:
    far = book(("A1", "x"), ("XFD1048576", "y"))
    error = refusal(far)
    assert (error.code, error.status) == ("table_too_large", 413)


def test_one_long_text_shared_by_many_cells_is_refused() -> None:
    cells = [(f"A{number}", "あ" * 3000) for number in range(1, 200)]
    error = refusal(book(*cells), limits=Limits(text_bytes=100_000))
    assert error.code == "sheet_unsafe_archive"


def test_a_csv_is_read_in_the_encoding_it_was_written_in() -> None:
    text = "住宅の名称,家賃\r\nコーポ髙橋①,41000\r\n"
    for encoding, named in (("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp932", "cp932")):
        workbook = open_sheets(text.encode(encoding), "list.csv")
        assert workbook.encoding == named
        assert workbook.first.rows[1].cells == ("コーポ髙橋①", "41000")


def test_tabs_separate_as_well() -> None:
    assert open_sheets(b"a\tb\nc\td", "x.tsv").first.rows[1].cells == ("c", "d")


def test_an_unreadable_character_is_named_by_line_and_byte() -> None:
    error = refusal("名前,家賃\nあ,1\n".encode() + b"ab\xff\xfe\n", "list.csv")
    assert error.code == "sheet_broken_text"
    assert "3行目、3バイト目" in error.message


def test_an_unclosed_quote_is_named_by_the_line_it_begins_on() -> None:
    error = refusal(b'a,b\n1,2\n3,"4\n5,6\n', "list.csv")
    assert "3行目" in error.message
    error = refusal(b'a,b\n1,"2"x\n', "list.csv")
    assert "2行目" in error.message


def test_ragged_lines_are_reported_and_line_breaks_in_cells_are_counted() -> None:
    sheet = open_sheets(b'a,b,c\n"1\n1",2,3\n4,5\n6,7,8,9\n\n1,2,3\n', "x.csv").first
    assert [row.number for row in sheet.rows] == [1, 2, 4, 5, 6, 7]
    assert [(found.row, found.code) for found in sheet.problems] == [
        (4, "ragged_line"),
        (5, "ragged_line"),
    ]


def test_text_that_a_spreadsheet_would_evaluate_stays_text_and_is_marked() -> None:
    sheet = open_sheets(b'a,b,c\n=1+1,-5,-\n@x,"+81-46",ok\n', "x.csv").first
    assert sheet.rows[1].cells == ("=1+1", "-5", "-")
    assert sheet.formula_like == {(2, 1), (3, 1), (3, 2)}


def test_too_many_rows_or_columns_are_refused() -> None:
    assert refusal(b"a\n" * 30, "x.csv", Limits(rows=20)).code == "table_too_large"
    assert refusal(b"a," * 30, "x.csv", Limits(columns=20)).code == "table_too_large"
    assert refusal(OCTOBER, limits=Limits(rows=20)).code == "table_too_large"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(SheetError):
        assert open_sheets(content, "x").sheets


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_the_name_of_a_cell_leads_back_to_its_place(row: int, column: int) -> None:
    assert place_numbers(place(row, column)) == (row, column)


def test_a_book_the_reader_cannot_follow_is_called_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    garbled = with_part(book(("A1", "x")), "xl/_rels/workbook.xml.rels", b"sheet1.xml", b"no.xml")
    assert refusal(garbled).code == "sheet_broken"

    class PanicException(BaseException):
        """What a panic inside the reader looks like."""

    def panic(source: object) -> None:
        raise PanicException

    monkeypatch.setattr("app.sheets.xlsx.load_workbook", panic)
    assert refusal(book(("A1", "x"))).code == "sheet_broken"


def test_a_part_packed_in_an_unknown_way_or_locked_is_called_broken() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(("A1", "x")))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as new,
    ):
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))
    assert refusal(out.getvalue()).code == "sheet_broken"
