"""Reading CSV and tab-separated text, strictly, with the line of every fault."""

import csv
import io
import re
from collections import Counter

from app.sheets.errors import BrokenTextError, EmptyFileError, TableTooLargeError
from app.sheets.table import Cell, CellProblem, Limits, Sheet, SheetRow, Workbook

ENCODINGS = ("utf-8-sig", "utf-8", "cp932")
"""Tried in this order, strictly. cp932 is what city systems and older Excel write."""

_RAW_LINE_END = re.compile(rb"\r\n|\r|\n")
_NUMBER = re.compile(r"[+\-]?[\d,]+(?:\.\d+)?%?|[=+\-@]")


def read_delimited(content: bytes, name: str, limits: Limits) -> Workbook:
    """Read a text table; lines with too few or too many cells are reported, not repaired."""
    text, encoding = _decode(content, name)
    lines = text.splitlines()
    if not any(line.strip(" ,\t") for line in lines):
        raise EmptyFileError(name)
    rows = _read_rows(text, _delimiter(lines), name, limits)
    usual = Counter(len(row.cells) for row in rows if not row.is_blank).most_common(1)[0][0]
    sheet = Sheet(
        name,
        rows=tuple(
            SheetRow(row.number, row.cells + (None,) * (usual - len(row.cells))) for row in rows
        ),
        problems=tuple(_ragged(rows, usual)),
        formula_like=frozenset(
            (row.number, column)
            for row in rows
            for column, cell in enumerate(row.cells, 1)
            if _looks_like_formula(cell)
        ),
    )
    return Workbook(name, "csv", (sheet,), encoding)


def _decode(content: bytes, name: str) -> tuple[str, str]:
    """The text and the encoding that fits; the furthest failure is the one worth reporting."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BrokenTextError(
            f"「{name}」は「Unicodeテキスト」で保存されています。"
            "Excelで「CSV UTF-8」を選んで保存し直してください。"
        )
    if b"\0" in content:
        raise BrokenTextError(
            f"「{name}」は文字だけのファイルではありません。"
            "Excelブック（.xlsx）かCSVのファイルを選んでください。"
        )
    furthest = -1
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            at = error.start + (3 if encoding == "utf-8-sig" and _has_bom(content) else 0)
            furthest = max(furthest, at)
        else:
            return text, "utf-8" if encoding == "utf-8-sig" and not _has_bom(content) else encoding
    before = content[:furthest]
    ends = list(_RAW_LINE_END.finditer(before))
    line = len(ends) + 1
    byte = furthest - (ends[-1].end() if ends else 0) + 1
    raise BrokenTextError(
        f"「{name}」の{line}行目、{byte}バイト目の文字が読めません。"
        "Excelで「CSV UTF-8」を選んで保存し直してください。"
    )


def _has_bom(content: bytes) -> bool:
    return content.startswith(b"\xef\xbb\xbf")


def _delimiter(lines: list[str]) -> str:
    """Comma, tab or semicolon: whichever the first lines use most."""
    sample = "\n".join(lines[:20])
    return max(",\t;", key=sample.count)


def _read_rows(text: str, delimiter: str, name: str, limits: Limits) -> list[SheetRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[SheetRow] = []
    line = 1
    try:
        for fields in reader:
            cells: tuple[Cell, ...] = tuple(field or None for field in fields)
            rows.append(SheetRow(line, cells))
            line = reader.line_num + 1
            if len(rows) > limits.rows or len(cells) > limits.columns:
                raise TableTooLargeError(name, limits.rows, limits.columns)
    except csv.Error as error:
        raise BrokenTextError(
            f'「{name}」の{line}行目から始まる引用符（"）が正しく閉じていません。'
            "その行の引用符を直すか、Excelで開いて保存し直してください。"
        ) from error
    return rows


def _ragged(rows: list[SheetRow], usual: int) -> list[CellProblem]:
    """Lines whose cells were probably shifted by a missing or an unquoted comma."""
    problems = []
    for row in rows:
        if row.is_blank or len(row.cells) == usual:
            continue
        if len(row.cells) > usual and all(cell is None for cell in row.cells[usual:]):
            continue
        problems.append(
            CellProblem(
                row.number,
                None,
                "ragged_line",
                f"{row.number}行目の列の数が{len(row.cells)}で、ほかの行（{usual}）と違います。"
                "区切りのカンマを確かめてください。",
            )
        )
    return problems


def _looks_like_formula(cell: Cell) -> bool:
    """Text a spreadsheet would evaluate; plain numbers and a lone dash are harmless."""
    if not isinstance(cell, str) or not cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return False
    return _NUMBER.fullmatch(cell) is None
