"""The components and the pages built from them keep the rules every page must keep."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import render_template_string

from tests.gallery import APP, PAGES, form_field, make_gallery
from tests.pages import Page, check_page

pytestmark = pytest.mark.once

WEIGHT_LIMIT = 150_000


@pytest.fixture(scope="module")
def gallery():
    return make_gallery()


def macro(gallery, call, **context):
    with gallery.test_request_context():
        source = '{% import "components/ui.html" as ui %}' + call
        return render_template_string(source, **context)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_the_house_rules(gallery, name):
    answer = gallery.test_client().get(f"/{name}")

    check_page(answer.text)


@pytest.mark.parametrize("name", PAGES)
def test_every_post_form_carries_token_and_key(gallery, name):
    html = gallery.test_client().get(f"/{name}").text

    posts = len(re.findall(r'<form[^>]*method="post"', html))
    assert html.count('name="csrf_token"') == posts
    assert html.count('name="idempotency_key"') == posts


@pytest.mark.parametrize("name", sorted(set(PAGES) - {"candidates"}))
def test_a_page_weighs_little(gallery, name):
    client = gallery.test_client()
    html = client.get(f"/{name}").text
    files = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', html))

    weight = len(html.encode()) + sum(
        (APP / file.removeprefix("/")).stat().st_size for file in files
    )

    assert weight < WEIGHT_LIMIT


def test_error_and_hint_are_tied_to_their_field(gallery):
    wrong = form_field(
        "alias", "呼び名", hint="呼び名だけでも", errors=["入れてください"], required=True
    )

    html = macro(gallery, "{{ ui.field(f) }}", f=wrong)

    assert 'aria-describedby="hint-alias error-alias"' in html
    assert 'aria-invalid="true"' in html
    assert "必須" in html
    assert 'id="error-alias"' in html


def test_a_field_without_error_is_not_marked_invalid(gallery):
    assert "aria-invalid" not in macro(
        gallery, "{{ ui.field(f) }}", f=form_field("alias", "呼び名")
    )


def test_what_was_typed_comes_back_and_stays_text(gallery):
    html = macro(
        gallery,
        "{{ ui.fields(list) }}",
        list=[
            form_field("note", "メモ", "textarea", value="</textarea><script>"),
            form_field("name", "名前", value='"><b>'),
            form_field("count", "人数", "number", value=0),
            form_field("state", "状態", "select", value=0, choices=[(1, "前"), (0, "後")]),
            form_field("days", "曜日", "checkboxes", values=["2"], choices=[(1, "月"), (2, "火")]),
        ],
    )

    assert "<script>" not in html
    assert "<b>" not in html
    assert 'value="0"' in html
    assert '<option value="0" selected>' in html
    assert len(re.findall("checked", html)) == 1


def test_a_password_is_never_written_back(gallery):
    secret = form_field("password", "パスワード", "password", value="hidden-words")

    assert "hidden-words" not in macro(gallery, "{{ ui.field(f) }}", f=secret)


def test_the_error_summary_links_to_the_first_control_of_a_group(gallery):
    group = form_field(
        "gas", "ガス", "radios", choices=[("a", "ある"), ("b", "ない")], errors=["選んでください"]
    )

    page = Page(
        macro(
            gallery,
            "{{ ui.error_summary([('gas', '選んでください')]) }}{{ ui.field(f) }}",
            f=group,
        )
    )

    assert page.links_inside == {"f-gas"}
    assert {"f-gas", "f-gas-1"} <= set(page.ids)


def test_no_errors_give_no_summary(gallery):
    assert macro(gallery, "{{ ui.error_summary([]) }}").strip() == ""


def test_the_score_bar_says_in_words_what_it_draws(gallery):
    parts = [{"label": "家賃", "points": 30}, {"label": "場所", "points": 25}]

    html = macro(gallery, "{{ ui.score_bar(55, parts) }}", parts=parts)

    assert 'aria-label="100点のうち55点。内訳は 家賃 30、場所 25"' in html
    assert 'x="30" y="0" width="25"' in html


def test_an_unknown_fact_says_so(gallery):
    assert "未確認" in macro(gallery, "{{ ui.fact('保証人') }}")


def test_markup_in_names_stays_text(gallery):
    home = {"name": "<i>荘", "url": "#", "rent": "4万円", "facts": [], "reason": "<b>近い</b>"}

    html = macro(gallery, "{{ ui.home_card(home, 'fits') }}", home=home)

    assert "&lt;i&gt;荘" in html
    assert "&lt;b&gt;近い" in html


def test_signed_out_pages_show_no_navigation(gallery):
    assert "<nav" not in gallery.test_client().get("/sign-in").text


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503, 418])
def test_every_error_says_what_to_do(gallery, code):
    with gallery.test_request_context():
        html = gallery.jinja_env.get_template("errors/error.html").render(
            code=code, message="11月20日に取り下げられています", viewer=None
        )

    page = check_page(html)
    assert page.headings
    assert "11月20日に取り下げられています" in html


def test_account_page_without_second_factor_offers_it(gallery):
    account = SimpleNamespace(
        name="例題", user_name="a", organisation="市", email=None, roles=[], sessions=[]
    )
    with gallery.test_request_context():
        html = gallery.jinja_env.get_template("accounts/account.html").render(
            account=account, sessions=[], second_factor={"active": False}, password_fields=[]
        )

    check_page(html)
    assert "使いはじめる" in html


def test_templates_hold_no_inline_style_and_stay_short():
    for path in (APP / "templates").rglob("*.html"):
        text = Path(path).read_text()
        assert not re.search(r"\sstyle=|\son[a-z]+=", text), path
        assert len(text.splitlines()) <= 180, path


def test_our_own_style_sheets_name_only_our_own_colours():
    named = re.compile(r"var\((--[\w-]+)\)")
    css = APP / "static" / "css"
    theme = (css / "theme.css").read_text()
    tokens = (APP / "static" / "vendor" / "tokens.css").read_text()
    known = set(re.findall(r"(--[\w-]+):", theme + tokens))
    for sheet in css.glob("*.css"):
        assert set(named.findall(sheet.read_text())) <= known, sheet
