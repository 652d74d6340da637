"""What every page must be, checked on its HTML: used by tests that fetch a page."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}
CONTROLS = {"input", "select", "textarea"}
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


class Page(HTMLParser):
    """The facts about one page that the house rules are about."""

    def __init__(self, html: str) -> None:
        """Read ``html`` at once."""
        super().__init__(convert_charrefs=True)
        self.language = ""
        self.title = ""
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.forms: list[dict[str, str | None]] = []
        self.controls: list[dict[str, str | None]] = []
        self.labels_for: set[str] = set()
        self.inline: list[str] = []
        self.links_inside: set[str] = set()
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the rules ask about this element."""
        found = dict(attrs)
        if tag not in VOID:
            self._open.append(tag)
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if tag == "html":
            self.language = found.get("lang") or ""
        elif tag == "h1":
            self.headings.append("")
        elif tag == "form":
            self.forms.append(found)
        elif tag == "label":
            self.labels_for.add(found.get("for") or "")
        elif tag == "a" and (found.get("href") or "").startswith("#"):
            self.links_inside.add((found.get("href") or "")[1:])
        elif tag == "style" or (tag == "script" and self._is_inline_script(found)):
            self.inline.append(tag)
        if tag in CONTROLS and found.get("type") not in UNLABELLED:
            self.controls.append(found)
        self.inline += [name for name in found if name == "style" or name.startswith("on")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Treat ``<use />`` and the like as opened and closed."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Every element closes the one opened last."""
        assert self._open, f"</{tag}> closes nothing"
        opened = self._open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>, line {self.getpos()[0]}"

    def handle_data(self, data: str) -> None:
        """Collect the words of title and h1."""
        if self._open and self._open[-1] == "title" and "svg" not in self._open:
            self.title += data
        elif "h1" in self._open:
            self.headings[-1] += data

    @staticmethod
    def _is_inline_script(found: dict[str, str | None]) -> bool:
        return "src" not in found and found.get("type") != "application/json"


def check_page(html: str) -> Page:
    """Assert the house rules for every page and return what was read."""
    page = Page(html)
    assert page.language == "ja"
    assert len(page.headings) == 1, f"one h1, not {page.headings}"
    assert page.headings[0].strip()
    assert page.title.startswith(page.headings[0].strip()), (page.title, page.headings)
    assert sorted(page.ids) == sorted(set(page.ids)), "an id occurs twice"
    unlabelled = [
        control
        for control in page.controls
        if control.get("id") not in page.labels_for and not control.get("aria-label")
    ]
    assert not unlabelled, unlabelled
    assert not page.inline, page.inline
    assert all(form.get("method") in {"get", "post"} for form in page.forms)
    missing = {target for target in page.links_inside if target} - set(page.ids)
    assert not missing, f"links lead to missing parts: {missing}"
    return page
