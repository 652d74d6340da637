"""Printed documents: every character arrives, nothing typed becomes markup."""

import io
from copy import deepcopy

import pypdf
import pytest
import typst

from app.printing import print_templates, qr_svg, render_pdf
from tests.papers.housing import CANDIDATES
from tests.print_samples import SAMPLES

pytestmark = pytest.mark.once


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_every_template_has_sample_data():
    assert set(SAMPLES) == print_templates()


WIDE = {"compare", "food_ledger", "recall_calls", "watch_ledger"}


def test_stickers_fill_their_sheets_from_the_first_free_place():
    label = {"big": "髙﨑の水", "lines": ["L-00001"], "qr_svg": qr_svg("x")}
    data = {"shape": "sticker", "organisation": "見本", "skip": 23, "labels": [label] * 24}
    pages = pypdf.PdfReader(io.BytesIO(render_pdf("labels", data))).pages
    assert [page.extract_text().count("L-00001") for page in pages] == [1, 23]


LABELS = {"labels", "parcel_labels"}  # no room for a head


@pytest.mark.parametrize("template", sorted(SAMPLES.keys() - LABELS))
def test_a_document_is_a4_and_carries_organisation_date_and_page(template):
    pdf = render_pdf(template, SAMPLES[template])
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages

    sizes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages}
    assert sizes == {(842, 595) if template in WIDE else (595, 842)}
    text = text_of(pdf)
    assert SAMPLES[template]["sheet"]["organisation"] in text
    assert "作成日2026年11月21日" in text.replace(" ", "")
    assert f"1／{len(pages)}ページ" in text.replace(" ", "")


def test_whom_to_call_stands_on_the_first_page_of_papers_given_away():
    plan = deepcopy(SAMPLES["key_day_household"])
    plan["parts"][0]["tasks"] *= 9
    pages = pypdf.PdfReader(io.BytesIO(render_pdf("key_day_household", plan))).pages
    assert len(pages) > 1
    assert "046-000-0000" in pages[0].extract_text()
    wishes = deepcopy(SAMPLES["goods_wishes"])
    wishes["sheet"]["contact"] = "見本 046-000-1111"
    wishes["musts"] = wishes["musts"][:1] * 12
    wishes["others"] = wishes["musts"][:8]
    first = pypdf.PdfReader(io.BytesIO(render_pdf("goods_wishes", wishes))).pages[0]
    assert first.extract_text().count("046-000-1111") == 2  # large, and at the foot
    plan["contact"]["phone"] = ""
    assert "担当の人に聞いてください" in text_of(render_pdf("key_day_household", plan))


def test_rare_characters_of_names_and_addresses_are_printed():
    data = deepcopy(CANDIDATES) | {"person": "髙﨑 𠮷男"}
    data["homes"][0]["name"] = "㈱髙﨑ホーム① 𠮷野荘"

    text = text_of(render_pdf("candidates", data))

    assert "髙﨑 𠮷男" in text
    assert "㈱髙﨑ホーム① 𠮷野荘" in text


def test_markup_in_data_stays_text():
    data = deepcopy(CANDIDATES)
    data["greeting"] = '*太字* #panic("x") $a$ _b_ \\ <c> @d'

    assert '*太字* #panic("x") $a$ _b_ \\ <c> @d' in text_of(render_pdf("candidates", data))


def test_a_name_is_printed_only_when_given():
    named = CANDIDATES | {"person": "髙﨑 𠮷男"}

    assert "髙﨑 𠮷男 さん" in text_of(render_pdf("candidates", named))
    assert " さん" not in text_of(render_pdf("candidates", CANDIDATES))


def test_the_same_data_gives_the_same_paper():
    assert render_pdf("handout", SAMPLES["handout"]) == render_pdf("handout", SAMPLES["handout"])


def test_only_the_bundled_font_is_used():
    pdf = pypdf.PdfReader(io.BytesIO(render_pdf("handout", SAMPLES["handout"])))
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pdf.pages
        for font in page["/Resources"]["/Font"].values()
    }

    assert all("NotoSansJP" in font for font in fonts)


def test_allergens_nobody_has_read_are_not_printed_as_none():
    data = deepcopy(SAMPLES["handout"])
    del data["shelves"][0]["lines"][0]["allergens"]

    assert "未確認" in text_of(render_pdf("handout", data))
    assert "未確認" not in text_of(render_pdf("handout", SAMPLES["handout"]))


def test_an_unknown_template_is_refused():
    with pytest.raises(LookupError):
        render_pdf("../layout", {})


def test_a_missing_key_is_an_error_and_not_an_empty_sheet():
    with pytest.raises(typst.TypstError):
        render_pdf("candidates", {"sheet": SAMPLES["candidates"]["sheet"]})


def test_a_qr_code_is_an_svg_picture():
    assert qr_svg("P-1187").lstrip().startswith("<svg")
