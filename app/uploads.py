"""A file somebody hands in: taken from the request, and refused in the service's own words."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from flask import request
from flask_babel import gettext as _

from app.errors import InvalidError, TooLargeError
from app.sheets import SheetError


def uploaded_file() -> tuple[bytes, str]:
    """Content and name of the request's one file, the field `file` of a page or of the API.

    Raises InvalidError (code `file_missing`) when none was chosen.
    """
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        sentence = _("ファイルを選んでください（Excelブック .xlsx か CSV）。")
        raise InvalidError(sentence, fields={"file": [sentence]}, code="file_missing")
    return upload.stream.read(), _readable(upload.filename)


def _readable(name: str) -> str:
    """A file's name without what cannot be seen in it: NUL, which PostgreSQL refuses, and signs
    that turn the direction, behind which another ending would hide.
    """
    return "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs"}) or "file"


@contextmanager
def refusing_sheets() -> Iterator[None]:
    """Turn what `app.sheets` refuses into a domain error beside the field `file`.

    Raises TooLargeError (413) for a file over the limits and InvalidError (422) for any other,
    with the code and the sentence of the refusal.
    """
    try:
        yield
    except SheetError as error:
        kind = TooLargeError if error.status == TooLargeError.status else InvalidError
        raise kind(error.message, fields={"file": [error.message]}, code=error.code) from error
