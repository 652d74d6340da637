"""Paper: PDFs made by Typst from the templates in ``templates/print``.

Each template says at its top which data it wants. The data travels as JSON in one input string:
a name such as ``*太郎* #1`` is printed as it stands and never read as markup. Only the bundled
fonts are used, so that the same data gives the same paper on every machine.
"""

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_jp
import segno
import typst

TEMPLATES = Path(__file__).parent / "templates" / "print"

# The date a PDF carries inside is fixed: the date that readers see is part of the data.
PDF_TIMESTAMP = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())


@cache
def print_templates() -> frozenset[str]:
    """Names that :func:`render_pdf` accepts."""
    return frozenset(path.stem for path in TEMPLATES.glob("*.typ")) - {"layout"}


def render_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the PDF of one document.

    ``template`` is a name from :func:`print_templates`, for example ``"handout"``; ``data`` has the
    shape written at the top of that template and holds only what JSON can carry. Raises
    ``LookupError`` for an unknown name, ``TypeError`` for data JSON cannot carry and
    ``typst.TypstError`` when a required key is missing.
    """
    if template not in print_templates():
        raise LookupError(f"There is no print template {template!r}.")
    return typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=[pylopdf_fonts_jp.sans_path().parent],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=PDF_TIMESTAMP,
    )


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG picture, for ``qr_svg`` in a document's data.

    Error level M still reads with a fold or a stain on the label.
    """
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=4, border=2, xmldecl=False)
    return out.getvalue().decode()
