"""A browser's stand-in that checks every page it fetches and submits the forms it finds there.

What is done to every page is done on lxml's tree: BeautifulSoup over the same markup costs ten
times as much, so only a test that asks for `soup` has it made.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement
from werkzeug.test import TestResponse

READABLE = "//text()[not(ancestor::script or ancestor::style or ancestor::template)]"


class Page:
    """One fetched page: its answer and its parsed markup."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.url = response.request.path

    @cached_property
    def tree(self) -> HtmlElement:
        return html.document_fromstring(self.response.get_data(as_text=True) or "<html></html>")

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page for a test that looks at single elements."""
        return BeautifulSoup(self.response.get_data(as_text=True), "lxml")

    @cached_property
    def text(self) -> str:
        """Everything a person could read, in one line."""
        return re.sub(r"\s+", " ", " ".join(self.tree.xpath(READABLE))).strip()

    @property
    def h1(self) -> str:
        heading = self.tree.find(".//h1")
        return "" if heading is None else words_of(heading)

    @property
    def errors(self) -> str:
        """The texts of the linked error summary."""
        summary = self.tree.find(".//*[@data-error-summary]")
        return "" if summary is None else words_of(summary)

    def form(self, action: str | None = None) -> Tag:
        """The form that posts to `action` (a part of it), or the only one in the main part."""
        main = self.soup.find("main") or self.soup
        return self._posting(main.find_all("form"), action)

    def typed(self, action: str | None = None) -> dict[str, Any]:
        """What a browser would send for that form, left as it came."""
        return typed_values(self.form_element(action))

    def form_element(self, action: str | None = None) -> HtmlElement:
        """The same form as `form`, as lxml has it."""
        main = self.tree.find(".//main")
        return self._posting((self.tree if main is None else main).iter("form"), action)

    def _posting(self, forms: Any, action: str | None) -> Any:
        posting = [f for f in forms if (f.get("method") or "").lower() == "post"]
        if action is not None:
            posting = [f for f in posting if action in (f.get("action") or self.url)]
            posting.sort(key=lambda f: f.get("action") != action)  # the very one before longer ones
        assert posting, f"no form for {action} on {self.url}: {self.text[:200]}"
        return posting[0]

    def link(self, words: str) -> str:
        """The address behind a link with these words."""
        for anchor in self.tree.iter("a"):
            if words in words_of(anchor):
                return str(anchor.get("href"))
        raise AssertionError(f"no link {words!r} on {self.url}")


def words_of(element: HtmlElement) -> str:
    """An element's words with one space between its pieces."""
    pieces = (text.strip() for text in element.xpath("." + READABLE))
    return " ".join(text for text in pieces if text)


class PageClient:
    """Fetches pages, checks each, fills in forms and follows redirects."""

    def __init__(self, client: FlaskClient) -> None:
        self.raw = client

    def get(self, url: str, *, status: int = 200, **kwargs: Any) -> Page:
        page = self._follow(self.raw.get(url, **kwargs))
        assert page.status == status, f"{page.status} at {url}: {page.text[:300]}"
        return page

    def submit(
        self,
        page: Page,
        values: dict[str, Any] | None = None,
        *,
        action: str | None = None,
        button: str | None = None,
        also: dict[str, Any] | None = None,
        status: int = 200,
    ) -> Page:
        """Send a form of the page, with its present values changed by `values`.

        `also` are fields the form does not have, as somebody up to no good would add them.
        """
        form = page.form_element(action)
        data = typed_values(form)
        fields = {one.get("name") for one in form.iter("input", "select", "textarea", "button")}
        for name, value in (values or {}).items():
            assert name in fields, f"the form has no field {name}"
            data[name] = value
        data |= also or {}
        if button is not None:
            pressed = next(one for one in form.iter("button") if button in one.text_content())
            if pressed.get("name"):
                data[pressed.get("name")] = pressed.get("value") or ""
        url = str(form.get("action") or page.response.request.full_path.rstrip("?"))
        answer = self.raw.post(url, data=data, content_type="multipart/form-data")
        result = self._follow(answer)
        assert result.status == status, f"{result.status} at {url}: {result.text[:400]}"
        return result

    def _follow(self, response: TestResponse) -> Page:
        for _ in range(5):
            if response.status_code not in {301, 302, 303, 307}:
                break
            response = self.raw.get(response.headers["Location"])
        page = Page(response)
        if response.mimetype == "text/html":
            check_page(page)
        return page


def typed_values(form: HtmlElement) -> dict[str, Any]:
    """What a browser would send for an untouched form."""
    data: dict[str, Any] = {}
    for field in form.iter("input", "select", "textarea"):
        name, kind = field.get("name"), field.get("type", "text")
        if not name or kind in {"submit", "file", "button"}:
            continue
        if kind in {"checkbox", "radio"}:
            if "checked" in field.attrib:
                data.setdefault(name, []).append(field.get("value", "on"))
        elif field.tag == "select":
            options = list(field.iter("option"))
            if options:
                chosen = next((one for one in options if "selected" in one.attrib), options[0])
                data[name] = chosen.get("value", "")
        elif field.tag == "textarea":
            data[name] = field.text_content().removeprefix("\n")
        elif name in data:  # the same name again: a list, as browsers send it
            before = data[name]
            known = before if isinstance(before, list) else [before]
            data[name] = [*known, field.get("value") or ""]
        else:
            data[name] = field.get("value") or ""
    return data


def check_page(page: Page) -> None:
    """What every page owes its reader, whatever it is about."""
    tree, at = page.tree, page.url
    assert tree.get("lang") == "ja", at
    headings = list(tree.iter("h1"))
    assert len(headings) == 1, f"{at}: {len(headings)} h1"
    title = tree.findtext(".//title") or ""
    assert title.startswith(page.h1.split("  ")[0][:8]), f"{at}: title {title} / {page.h1}"
    ids: list[str] = []
    for element in tree.iter("*"):
        inline = [name for name in element.attrib if name == "style" or name.startswith("on")]
        assert not inline, f"{at}: {inline} on {element.tag}"
        if element.get("id") is not None:
            ids.append(element.get("id"))
    doubled = [name for name, count in Counter(ids).items() if count > 1]
    assert not doubled, f"{at}: ids twice {doubled}"
    labelled = {label.get("for") for label in tree.iter("label")}
    for field in tree.iter("input", "select", "textarea"):
        if field.get("type") in {"hidden", "submit", "button"}:
            continue
        named = (
            field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
        )
        assert named, f"{at}: no label for {html.tostring(field, encoding='unicode')}"
    for form in tree.iter("form"):
        if (form.get("method") or "get").lower() == "post":
            tokens = [one for one in form.iter("input") if one.get("name") == "csrf_token"]
            assert tokens, f"{at}: form without token"
    for anchor in tree.iter("a"):
        target = anchor.get("href") or ""
        if target.startswith("#") and len(target) > 1:
            assert target[1:] in ids, f"{at}: link to nothing {target}"
