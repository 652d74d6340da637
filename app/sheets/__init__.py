"""Opening a table somebody sent: bytes and a file name in, rows of plain cells out.

What arrives is whatever the sender had: an Excel list with merged heads, a CSV in CP932, a PDF
that was renamed to .xlsx, a password-protected file. The kind is decided by content, never by
name; what cannot be opened safely is refused with a sentence that says what to do instead. Nothing
is written to disk, no formula is evaluated, and sizes are checked before anything is unpacked.
"""

from app.sheets.delimited import read_delimited
from app.sheets.errors import (
    BrokenFileError,
    BrokenTextError,
    EmptyFileError,
    FileTooLargeError,
    OldExcelError,
    PasswordProtectedError,
    SheetError,
    TableTooLargeError,
    UnsafeArchiveError,
    WrongKindError,
)
from app.sheets.table import (
    Cell,
    CellProblem,
    Limits,
    MergedRange,
    Sheet,
    SheetRow,
    Workbook,
    cell_text,
    place,
)
from app.sheets.xlsx import read_xlsx

__all__ = [
    "BrokenFileError",
    "BrokenTextError",
    "Cell",
    "CellProblem",
    "EmptyFileError",
    "FileTooLargeError",
    "Limits",
    "MergedRange",
    "OldExcelError",
    "PasswordProtectedError",
    "Sheet",
    "SheetError",
    "SheetRow",
    "TableTooLargeError",
    "UnsafeArchiveError",
    "Workbook",
    "WrongKindError",
    "cell_text",
    "open_sheets",
    "place",
]

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_NAMED_BY_CONTENT = (
    (b"%PDF", "PDF"),
    (b"\xff\xd8\xff", "写真（JPEG）"),
    (b"\x89PNG", "画像（PNG）"),
    (b"GIF8", "画像（GIF）"),
    (b"{\\rtf", "文書（RTF）"),
    (b"Rar!", "圧縮ファイル（RAR）"),
    (b"7z\xbc\xaf", "圧縮ファイル（7z）"),
    (b"<!DOCTYPE", "ウェブページ（HTML）"),
    (b"<html", "ウェブページ（HTML）"),
    (b"<?xml", "XML"),
)


def open_sheets(content: bytes, name: str, *, limits: Limits | None = None) -> Workbook:
    """Open an Excel book (.xlsx, .xlsm) or a CSV/TSV file.

    Parameters
    ----------
    content
        The whole file.
    name
        The file name as sent; used in sentences and as the name of a CSV's only sheet.
    limits
        How large a file and a table may be.

    Raises
    ------
    SheetError
        One of its subclasses, with ``message`` (Japanese, says what to do), ``status`` (413 when
        too large, 422 otherwise) and a stable ``code``.
    """
    limits = limits or Limits()
    if not content:
        raise EmptyFileError(name)
    if len(content) > limits.file_bytes:
        raise FileTooLargeError(name, limits.file_bytes)
    if content.startswith(_OLE):
        raise _refused_ole(content, name)
    if content.startswith(b"PK"):
        return read_xlsx(content, name, limits)
    head = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:16]
    for sign, kind in _NAMED_BY_CONTENT:
        if head.lower().startswith(sign.lower()):
            raise WrongKindError(name, kind)
    return read_delimited(content, name, limits)


def _refused_ole(content: bytes, name: str) -> SheetError:
    """A password-protected book is an OLE file that holds an ``EncryptedPackage`` stream."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return PasswordProtectedError(name)
    if "WordDocument".encode("utf-16-le") in content:
        return WrongKindError(name, "Word の文書")
    return OldExcelError(name)
