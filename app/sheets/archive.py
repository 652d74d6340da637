"""Whether an Excel book is safe to unpack, decided before the reader sees it.

A book is a zip of XML. Three known ways to exhaust a server with a few kilobytes are closed here:
entries that inflate to gigabytes (with true or false declared sizes), a cell placed at XFD1048576,
which makes readers lay out a table of 17 thousand million cells, and one long shared text referred
to by a million cells.
"""

import io
import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from app.sheets.errors import (
    BrokenFileError,
    TableTooLargeError,
    UnsafeArchiveError,
    WrongKindError,
)
from app.sheets.table import CellProblem, Limits, place, place_numbers

_SMALL = 5_000_000
_CHUNK = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_TAG = re.compile(rb"<(?:[\w.\-]+:)?(row|c)(?=[\s>/])([^<>]*)>")
_REF = re.compile(rb"""\br\s*=\s*["']([^"']*)["']""")
_TYPE = re.compile(rb"""\bt\s*=\s*["'](\w*)["']""")
_FORMULA = re.compile(rb"<(?:[\w.\-]+:)?f[\s>/]")
_VALUE = re.compile(rb"<(?:[\w.\-]+:)?v(?:\s[^<>]*)?>([^<]*)")
_INLINE = re.compile(rb"<(?:[\w.\-]+:)?is[\s>]")
_SHARED = re.compile(rb"<(?:[\w.\-]+:)?si[\s>/]")
_ATTRIBUTE = re.compile(rb"""([\w.:\-]+)\s*=\s*["']([^"']*)["']""")


def unpack_checked(content: bytes, name: str, limits: Limits) -> dict[str, bytes]:
    """All parts of a book by lower-case path, after every size has been checked.

    Raises UnsafeArchiveError, WrongKindError (a zip that is no Excel book) or BrokenFileError.
    """
    entries = _entries(content, name, limits)
    names = {entry.filename.lower() for entry in entries}
    if "xl/workbook.xml" not in names:
        raise WrongKindError(name, _kind_of_zip(names))
    return _inflate_all(content, entries, name, limits)


def unpack_tables(content: bytes, name: str, limits: Limits) -> dict[str, bytes]:
    """The CSV files of a zip by lower-case name without folders, sizes checked as those of a book.

    Raises UnsafeArchiveError or BrokenFileError; a file that is no zip is broken.
    """
    entries = [
        entry
        for entry in _entries(content, name, limits)
        if entry.filename.lower().endswith(".csv") and not entry.filename.startswith("__MACOSX/")
    ]
    parts = _inflate_all(content, entries, name, limits)
    tables = {path.rpartition("/")[2]: part for path, part in parts.items()}
    if len(tables) != len(parts):
        raise BrokenFileError(name)
    return tables


def _entries(content: bytes, name: str, limits: Limits) -> list[zipfile.ZipInfo]:
    """What a zip says it holds, refused when that is too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BrokenFileError(name) from error
    declared = sum(entry.file_size for entry in entries)
    if len(entries) > limits.archive_entries or declared > limits.unpacked_bytes:
        raise UnsafeArchiveError(name)
    if declared > _SMALL and declared > len(content) * limits.ratio:
        raise UnsafeArchiveError(name)
    return entries


def _inflate_all(
    content: bytes, entries: list[zipfile.ZipInfo], name: str, limits: Limits
) -> dict[str, bytes]:
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise BrokenFileError(name)
    parts: dict[str, bytes] = {}
    room = limits.unpacked_bytes
    for entry in entries:
        part = _inflate(content, entry, room, name)
        room -= len(part)
        parts[entry.filename.lower()] = part
    return parts


def _kind_of_zip(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "Excelバイナリブック（.xlsb）"
    if "word/document.xml" in names:
        return "Word の文書"
    if "content.xml" in names:
        return "OpenDocument の文書"
    return "圧縮ファイル（ZIP）"


def _inflate(content: bytes, entry: zipfile.ZipInfo, room: int, name: str) -> bytes:
    """One part, inflated by hand: ``zipfile`` stops at the declared size, which may be a lie."""
    header = content[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or entry.flag_bits & 0x1:
        raise BrokenFileError(name)
    signature, name_size, extra_size = _LOCAL_HEADER.unpack(header)
    start = entry.header_offset + _LOCAL_HEADER.size + name_size + extra_size
    packed = content[start : start + entry.compress_size]
    if signature != b"PK\x03\x04" or len(packed) < entry.compress_size:
        raise BrokenFileError(name)
    if entry.compress_type == zipfile.ZIP_STORED:
        part = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        part = _inflate_up_to(packed, room, name)
    else:
        raise BrokenFileError(name)
    if len(part) > room:
        raise UnsafeArchiveError(name)
    if len(part) != entry.file_size:
        raise BrokenFileError(name)
    return part


def _inflate_up_to(packed: bytes, room: int, name: str) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    pieces = []
    size = 0
    try:
        while not inflater.eof:
            piece = inflater.decompress(packed, _CHUNK)
            packed = inflater.unconsumed_tail
            if not piece and not packed:
                break
            size += len(piece)
            if size > room:
                raise UnsafeArchiveError(name)
            pieces.append(piece)
    except zlib.error as error:
        raise BrokenFileError(name) from error
    return b"".join(pieces)


def check_extent(parts: dict[str, bytes], name: str, limits: Limits) -> None:
    """Refuse a book in which any part places a filled cell outside the limits, or repeats a long
    shared text too often. Every part is looked at, whichever of them the book calls a sheet."""
    shared = [0, *_shared_text_sizes(parts)]
    text = 0
    for part in parts.values():
        for row, column, kind, body in _filled_cells(part):
            if row > limits.rows or column > limits.columns:
                raise TableTooLargeError(name, limits.rows, limits.columns)
            value = _VALUE.search(body)
            if kind == b"s" and value and value[1].strip().isdigit():
                index = int(value[1].strip()[:9]) + 1
                text += shared[index] if index < len(shared) else 0
                if text > limits.text_bytes:
                    raise UnsafeArchiveError(name)


def _shared_text_sizes(parts: dict[str, bytes]) -> list[int]:
    table = parts.get("xl/sharedstrings.xml", b"")
    starts = [found.start() for found in _SHARED.finditer(table)]
    return [end - start for start, end in itertools.pairwise([*starts, len(table)])]


def _filled_cells(part: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
    """(row, column, type, inside) of each cell that has a value, a text or a formula."""
    tags = _TAG.finditer(part)
    row = column = 0
    tag = next(tags, None)
    while tag is not None:
        following = next(tags, None)
        body = part[tag.end() : following.start() if following else len(part)]
        reference = _REF.search(tag[2])
        written = reference[1].decode("ascii", "replace") if reference else ""
        if tag[1] == b"row":
            row = int(written[:10]) if written.isdecimal() else row + 1
            column = 0
        else:
            row, column = place_numbers(written) or (row, column + 1)
            filled = _VALUE.search(body) or _INLINE.search(body) or _FORMULA.search(body)
            if filled and not tag[2].endswith(b"/"):
                kind = _TYPE.search(tag[2])
                yield row, column, kind[1] if kind else b"", body
        tag = following


def faulty_cells(part: bytes) -> list[CellProblem]:
    """Formulas that were never calculated, and cells showing an Excel error such as #N/A."""
    problems = []
    for row, column, kind, body in _filled_cells(part):
        value = _VALUE.search(body)
        where = place(row, column)
        if kind == b"e":
            shown = value[1].decode("utf-8", "replace") if value else "エラー"
            sentence = f"{where}のセルがエラー（{shown}）です。値を直して保存し直してください。"
            problems.append(CellProblem(row, column, "error_value", sentence))
        elif _FORMULA.search(body) and (value is None or (not value[1] and kind != b"str")):
            sentence = (
                f"{where}のセルは数式の計算結果がありません。Excelで開いて保存し直してください。"
            )
            problems.append(CellProblem(row, column, "formula_without_value", sentence))
    return problems


def sheet_parts(parts: dict[str, bytes]) -> list[bytes]:
    """The parts that hold the sheets, in the order of the book; b"" for one that is not found."""
    targets = {}
    for tag in re.findall(
        rb"<(?:[\w.\-]+:)?Relationship\s([^<>]*)>", parts.get("xl/_rels/workbook.xml.rels", b"")
    ):
        attributes = dict(_ATTRIBUTE.findall(tag))
        targets[attributes.get(b"Id")] = attributes.get(b"Target", b"")
    found = []
    for tag in re.findall(rb"<(?:[\w.\-]+:)?sheet\s([^<>]*)>", parts["xl/workbook.xml"]):
        ids = [value for key, value in _ATTRIBUTE.findall(tag) if key.endswith(b":id")]
        target = targets.get(ids[0] if ids else b"", b"").decode("utf-8", "replace").lower()
        path = target.removeprefix("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
        found.append(parts.get(path, b""))
    return found
