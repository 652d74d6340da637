"""Why a file was refused: one sentence for the sender, a stable code and a status for machines."""

from typing import ClassVar


class SheetError(Exception):
    """A file or table that cannot be taken in.

    ``message`` is a Japanese sentence that says what to do; ``code`` never changes between
    versions; ``status`` is the HTTP status a view answers with.
    """

    code: ClassVar[str] = "sheet_refused"
    status: ClassVar[int] = 422

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class EmptyFileError(SheetError):
    """No bytes, or no cell with anything in it."""

    code = "sheet_empty"

    def __init__(self, name: str) -> None:
        super().__init__(f"「{name}」には何も入っていません。正しいファイルか確かめてください。")


class FileTooLargeError(SheetError):
    """More bytes than this installation takes."""

    code = "sheet_too_large"
    status = 413

    def __init__(self, name: str, most: int) -> None:
        super().__init__(
            f"「{name}」は大きすぎます（{most // 1_000_000} MBまで）。"
            "写真や不要なシートを除くか、分けて送ってください。"
        )


class TableTooLargeError(SheetError):
    """More rows or columns than a list can have; often a stray cell far away from the table."""

    code = "table_too_large"
    status = 413

    def __init__(self, name: str, most_rows: int, most_columns: int) -> None:
        super().__init__(
            f"「{name}」の表が大きすぎます（{most_rows:,}行、{most_columns}列まで）。"
            "表から離れた場所に残った文字を消すか、分けて送ってください。"
        )


class UnsafeArchiveError(SheetError):
    """A book that would unpack to far more than it seems (a zip bomb)."""

    code = "sheet_unsafe_archive"
    status = 413

    def __init__(self, name: str) -> None:
        super().__init__(
            f"「{name}」は開くと異常に大きくなるため開きませんでした。"
            "Excelで開いて「名前を付けて保存」し直したものを送ってください。"
        )


class WrongKindError(SheetError):
    """Not a table at all, whatever the name says."""

    code = "sheet_wrong_kind"

    def __init__(self, name: str, kind: str) -> None:
        super().__init__(
            f"「{name}」の中身は{kind}です。Excelブック（.xlsx）かCSVのファイルを選んでください。"
        )


class OldExcelError(SheetError):
    """An .xls of Excel 97–2003."""

    code = "sheet_old_excel"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"「{name}」は古い形式（.xls）です。"
            "Excelで開き、「Excelブック（.xlsx）」で保存し直してください。"
        )


class PasswordProtectedError(SheetError):
    """A book that opens only with a password. The password is never asked for here."""

    code = "sheet_password"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"「{name}」にはパスワードがかかっています。パスワードを外して保存し直してください。"
        )


class BrokenFileError(SheetError):
    """A book that no program could open."""

    code = "sheet_broken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"「{name}」は壊れているため開けません。送り主にもう一度送ってもらってください。"
        )


class BrokenTextError(SheetError):
    """A text file whose characters or quotes cannot be read; the sentence names the line."""

    code = "sheet_broken_text"
