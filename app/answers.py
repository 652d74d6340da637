"""What a page's function gives back, and the two answers that are files."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import Response

from app.exports import as_csv

# A page, a page with a status other than 200, or a redirect.
Answer = Response | str | tuple[str, int]


def csv_answer(
    what: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    today: date,
    most: int | None = None,
) -> Response:
    """The answer that makes a browser save `what`-2026-12-30.csv; `what` is ASCII."""
    response = Response(as_csv(head, rows, most=most), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{what}-{today}.csv"'
    return response


def pdf_answer(name: str, pdf: bytes) -> Response:
    """A paper to look at before it is printed; saved as `name`.pdf, `name` is ASCII."""
    response = Response(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
