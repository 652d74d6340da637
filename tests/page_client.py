"""A browser's stand-in that checks every page it fetches and submits the forms it finds there."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Page:
    """One fetched page: its answer and its parsed markup."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.url = response.request.path
        self.soup = BeautifulSoup(response.get_data(as_text=True), "lxml")

    @property
    def text(self) -> str:
        """Everything a person could read, in one line."""
        return re.sub(r"\s+", " ", self.soup.get_text(" ")).strip()

    @property
    def h1(self) -> str:
        heading = self.soup.find("h1")
        return heading.get_text(" ", strip=True) if heading else ""

    @property
    def errors(self) -> str:
        """The texts of the linked error summary."""
        summary = self.soup.select_one("[data-error-summary]")
        return summary.get_text(" ", strip=True) if summary else ""

    def form(self, action: str | None = None) -> Tag:
        """The form that posts to `action` (a part of it), or the only one in the main part."""
        main = self.soup.find("main") or self.soup
        forms = [f for f in main.find_all("form") if (f.get("method") or "").lower() == "post"]
        if action is not None:
            forms = [f for f in forms if action in (f.get("action") or self.url)]
        assert forms, f"no form for {action} on {self.url}: {self.text[:200]}"
        return forms[0]

    def link(self, words: str) -> str:
        """The address behind a link with these words."""
        for anchor in self.soup.find_all("a"):
            if words in anchor.get_text(" ", strip=True):
                return str(anchor["href"])
        raise AssertionError(f"no link {words!r} on {self.url}")


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
        form = page.form(action)
        data = typed_values(form)
        for name, value in (values or {}).items():
            assert form.find(attrs={"name": name}), f"the form has no field {name}"
            data[name] = value
        data |= also or {}
        if button is not None:
            pressed = next(one for one in form.find_all("button") if button in one.get_text())
            if pressed.get("name"):
                data[str(pressed["name"])] = str(pressed.get("value") or "")
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


def typed_values(form: Tag) -> dict[str, Any]:
    """What a browser would send for an untouched form."""
    data: dict[str, Any] = {}
    for field in form.find_all(["input", "select", "textarea"]):
        name, kind = field.get("name"), field.get("type", "text")
        if not name or kind in {"submit", "file", "button"}:
            continue
        if kind in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                data.setdefault(str(name), []).append(str(field.get("value", "on")))
        elif field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            if chosen is not None:
                data[str(name)] = str(chosen.get("value", ""))
        elif field.name == "textarea":
            data[str(name)] = field.get_text().removeprefix("\n")
        elif str(name) in data:  # the same name again: a list, as browsers send it
            before = data[str(name)]
            known = before if isinstance(before, list) else [before]
            data[str(name)] = [*known, str(field.get("value") or "")]
        else:
            data[str(name)] = str(field.get("value") or "")
    return data


def check_page(page: Page) -> None:
    """What every page owes its reader, whatever it is about."""
    soup, at = page.soup, page.url
    html = soup.find("html")
    assert isinstance(html, Tag), at
    assert html.get("lang") == "ja", at
    headings = soup.find_all("h1")
    assert len(headings) == 1, f"{at}: {len(headings)} h1"
    title = soup.find("title")
    assert isinstance(title, Tag), at
    assert title.get_text().startswith(page.h1.split("  ")[0][:8]), (
        f"{at}: title {title} / {page.h1}"
    )
    ids = [str(tag["id"]) for tag in soup.find_all(id=True)]
    doubled = [name for name, count in Counter(ids).items() if count > 1]
    assert not doubled, f"{at}: ids twice {doubled}"
    labelled = {label.get("for") for label in soup.find_all("label")}
    for field in soup.find_all(["input", "select", "textarea"]):
        if field.get("type") in {"hidden", "submit", "button"}:
            continue
        named = (
            field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
        )
        assert named, f"{at}: no label for {field}"
    for form in soup.find_all("form"):
        if (form.get("method") or "get").lower() == "post":
            assert form.find("input", attrs={"name": "csrf_token"}), f"{at}: form without token"
    for tag in soup.find_all(True):
        inline = [name for name in tag.attrs if name == "style" or name.startswith("on")]
        assert not inline, f"{at}: {inline} on {tag.name}"
    for anchor in soup.find_all("a", href=True):
        target = str(anchor["href"])
        if target.startswith("#") and len(target) > 1:
            assert target[1:] in ids, f"{at}: link to nothing {target}"
