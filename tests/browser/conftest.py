"""A real server on a database of its own, and people in front of a real browser."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command as alembic
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from app import create_app, jobs
from app.commands import alembic_config
from app.config import settings
from app.db import db, separate_session
from app.demo import people

HERE = Path(__file__).parent
AXE = HERE / "vendor" / "axe.min.js"
SCREENSHOTS = HERE / "screenshots"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
CHROMIUM = (
    os.environ.get("BROWSER_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser that hangs up in mid-file leaves the test server's file to the collector."""
    unclosed = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(unclosed)


@pytest.fixture(scope="module")
def site_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The service with its people but no homes, food or households."""
    folder = tmp_path_factory.mktemp("site")
    app = create_app(
        settings(
            database_url=f"sqlite:///{folder / 'site.sqlite3'}",
            data_dir=folder,
            secret_key="only for this test",
        )
    )
    alembic.upgrade(alembic_config(app.config), "head")
    with app.app_context(), separate_session(write=True) as session:
        people.add_people(session)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def site(site_app: Flask) -> Iterator[str]:
    """The service's address, while it runs."""
    stop = threading.Event()
    ticker = threading.Thread(target=_tick, args=(site_app, stop), daemon=True)
    server = make_server("127.0.0.1", 0, site_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    ticker.start()
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    stop.set()
    server.shutdown()
    ticker.join()
    thread.join()
    server.server_close()


def _tick(app: Any, stop: threading.Event) -> None:
    while not stop.wait(0.3):
        with app.app_context():
            jobs.run_due()


@pytest.fixture(scope="module")
def chromium(site: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield launched
        launched.close()


class Person:
    """Somebody signed in, with a browser window of their own."""

    def __init__(self, chromium: Browser, site: str, login: str, *, scripts: bool = True) -> None:
        self.context = chromium.new_context(
            viewport=DESK, locale="ja-JP", java_script_enabled=scripts
        )
        self.context.route("https://**", lambda route: route.abort())
        self.context.set_default_timeout(30_000)  # other checks run beside these
        self.page: Page = self.context.new_page()
        self.site = site
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("response", self._note_fault)
        self.page.goto(f"{site}/sign-in")
        self.page.get_by_label("利用者名").fill(login)
        self.page.get_by_label("パスワード").fill(people.PASSWORD)
        self.page.get_by_role("button", name="サインイン").click()
        self.page.get_by_role("heading", name="きょう", level=1).wait_for()

    def _note_fault(self, response: Any) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.site}{path}")
        return self.page

    def press(self, name: str, *, exact: bool = True) -> Page:
        """Press a button of the page's main part and wait for what comes."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=name, exact=exact).first.click()
        return self.page

    def follow(self, name: str) -> Page:
        """Follow a link of the page's main part."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("link", name=name).first.click()
        return self.page

    def wait_until_kept(self, words: str) -> None:
        """Until what is being typed is kept in the browser."""
        self.page.wait_for_function(
            "words => Object.values(sessionStorage).some(kept => kept.includes(words))", arg=words
        )

    def turn_to(self, tab: str) -> Page:
        """Open one of the page's tabs."""
        with self.page.expect_navigation():
            self.page.locator(".tabs a", has_text=tab).click()
        return self.page

    def number_in_url(self) -> int:
        found = re.findall(r"\d+", self.page.url.removeprefix(self.site))
        return int(found[-1])

    def look(self, name: str) -> None:
        """Hold the page, at the desk and on the phone, to what every page owes its reader."""
        SCREENSHOTS.mkdir(exist_ok=True)
        for size, viewport in (("desk", DESK), ("phone", PHONE)):
            self.page.set_viewport_size(viewport)
            self.page.screenshot(path=SCREENSHOTS / f"{name}-{size}.png", full_page=True)
            width = self.page.evaluate("document.documentElement.scrollWidth")
            assert width <= viewport["width"], f"{name} is {width} px wide on the {size}"
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            faults = [(v["id"], n["target"]) for v in found["violations"] for n in v["nodes"]]
            assert faults == [], f"{name} on the {size}: {faults}"
        self.page.set_viewport_size(DESK)
        faults, self.faults = self.faults, []
        assert faults == [], f"{name}: {faults}"

    def close(self) -> None:
        self.context.close()


@pytest.fixture(scope="module")
def person(chromium: Browser, site: str) -> Iterator[Callable[[str], Person]]:
    """Signs somebody in by login, once each."""
    signed_in: dict[str, Person] = {}

    def sign_in(login: str) -> Person:
        if login not in signed_in:
            signed_in[login] = Person(chromium, site, login)
        return signed_in[login]

    yield sign_in
    for one in signed_in.values():
        one.close()
