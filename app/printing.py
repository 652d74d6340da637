"""Paper: PDFs made by Typst from the templates in ``templates/print``.

Each template says at its top which data it wants. The data travels as JSON in one input string:
a name such as ``*太郎* #1`` is printed as it stands and never read as markup. Only the bundled
fonts are used, so that the same data gives the same paper on every machine.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
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


@dataclass(frozen=True)
class Label:
    """What stands on one sticker. `qr_svg` is a picture of the number, or of an address."""

    title: str
    lines: tuple[str, ...] = ()
    number: str = ""
    qr_svg: str = ""


@dataclass(frozen=True)
class LabelLayout:
    """A sheet of stickers; all lengths in millimetres."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    page: tuple[float, float] = (210, 297)

    @property
    def places(self) -> int:
        return self.columns * self.rows


LABELS_A4 = LabelLayout(columns=3, rows=8, width=70, height=37.1, left=0, top=0.1)
"""24 to a sheet without margins, the commonest kind in Japan (70 × 37 mm)."""

LABELS_ROLL = LabelLayout(columns=1, rows=1, width=62, height=29, left=0, top=0, page=(62, 29))
"""One to a page, for label printers with a 62 mm roll."""


def render_labels(labels: Sequence[Label], layout: LabelLayout, *, skip: int = 0) -> bytes:
    """Return sheets of stickers as a PDF. The first `skip` places of the first sheet stay empty."""
    return render_pdf(
        "labels",
        {
            "layout": asdict(layout),
            "skip": skip % layout.places,
            "labels": [asdict(label) for label in labels],
        },
    )
