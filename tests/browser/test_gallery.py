"""The components in a real browser: accessible, no wider than a phone, and the small comforts."""

import os
import shutil
import threading
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from tests.gallery import LABELS, PAGES, make_gallery

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def address():
    server = make_server("127.0.0.1", 0, make_gallery(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        # bypass_csp is not used below: axe is put in by the debugging protocol, outside the policy.
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, address):
    contexts = []

    def go(name, size="desk", **options):
        context = browser.new_context(viewport=SIZES[size], locale="ja-JP", **options)
        context.route("https://**", lambda route: route.abort())
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on(
            "console",
            lambda line: (
                page.problems.append(line.text) if "Content Security" in line.text else None
            ),
        )
        page.goto(f"{address}/{name}", wait_until="load")
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_as_wide_as_the_screen(open_page, name, size):
    page = open_page(name, size)
    page.evaluate(AXE.read_text())
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")

    found = [
        (rule["id"], node["target"], node.get("failureSummary"))
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
    assert page.problems == []


def test_every_main_item_can_be_reached_by_thumb(open_page):
    page = open_page("today", "phone")
    bar = page.locator(".nav-link:visible")
    assert bar.count() == 6
    page.locator(".nav-more > summary").click()

    assert bar.count() == len(LABELS) + 1
    for link in bar.all():
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["width"] >= 44
        assert box["height"] >= 44


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(open_page):
    page = open_page("gallery")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")

    page.get_by_role("link", name="名前か呼び名を入れてください").click()

    assert page.evaluate("document.activeElement.id") == "f-alias"


def test_a_page_works_without_javascript(open_page):
    page = open_page("gallery", java_script_enabled=False)

    page.get_by_label("名前または呼び名").fill("緑のかばんの方")

    assert page.locator("details.viewer").count() == 1
    page.locator("details.viewer > summary").click()
    assert page.get_by_role("button", name="サインアウト").is_visible()


def test_a_form_is_sent_once_and_can_be_sent_again_after_going_back(open_page):
    page = open_page("hand-out", "phone")
    sent = []
    page.route("**/hand-out", lambda route: (sent.append(1), route.fulfill(status=204)))
    button = page.get_by_role("button", name="ぜんぶ渡した")

    button.click()
    button.click(force=True)
    page.wait_for_timeout(100)

    assert len(sent) == 1
    assert button.get_attribute("aria-disabled") == "true"
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert button.get_attribute("aria-disabled") is None


def write_and_send(page, answered_with):
    """Type into the gallery's form and send it; the browser then lands on ``answered_with``."""
    page.get_by_label("名前または呼び名").fill("緑のかばんの方")
    page.get_by_label("話の内容").fill("今月末に寮を出る")
    page.locator("#f-leave_by").fill("2026-12-30")
    page.evaluate("where => document.getElementById('sample-form').action = where", answered_with)
    page.evaluate("document.getElementById('sample-form').method = 'post'")
    page.route(
        f"**{answered_with}",
        lambda route: (
            route.fulfill(status=303, headers={"Location": answered_with})
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    page.get_by_role("button", name="記録する", exact=True).click()
    page.wait_for_url(f"**{answered_with}")


def test_typing_survives_a_lost_session(open_page, address):
    page = open_page("gallery")
    write_and_send(page, "/sign-in")

    page.goto(f"{address}/gallery")
    page.get_by_role("button", name="入力を戻す").click()

    assert page.get_by_label("話の内容").input_value() == "今月末に寮を出る"
    assert page.get_by_label("名前または呼び名").input_value() == "緑のかばんの方"


def test_typing_survives_a_server_error(open_page, address):
    page = open_page("gallery")
    write_and_send(page, "/error-500")

    page.goto(f"{address}/gallery")

    assert page.get_by_role("button", name="入力を戻す").is_visible()


def test_what_was_received_is_not_offered_again(open_page, address):
    page = open_page("gallery")
    write_and_send(page, "/today")

    page.goto(f"{address}/gallery")

    assert page.get_by_role("button", name="入力を戻す").count() == 0


def test_typing_is_never_offered_to_somebody_else_and_gone_after_signing_out(open_page, address):
    page = open_page("gallery")
    kept = '{"at": 9999999999999, "sent": false, "values": {"story": "秘密"}}'
    page.evaluate("kept => sessionStorage.setItem('kept:other:/gallery:sample-form', kept)", kept)
    page.get_by_label("話の内容").fill("わたしの入力")
    page.wait_for_function("sessionStorage.length == 2")

    page.goto(f"{address}/gallery")
    assert page.evaluate("Object.keys(sessionStorage)") == ["kept:u1:/gallery:sample-form"]

    page.route("**/sign-out", lambda route: route.fulfill(status=204))
    page.locator("details.viewer > summary").click()
    page.get_by_role("button", name="サインアウト").click()
    page.wait_for_function("sessionStorage.length == 0")


def test_a_question_is_asked_before_a_step_that_says_so(open_page):
    page = open_page("import-preview")
    asked, sent = [], []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: sent.append(request.method))

    page.get_by_role("button", name="310行を取り込む").click()

    assert "元に戻せます" in asked[0]
    assert "POST" not in sent


def test_ticks_are_counted(open_page):
    page = open_page("hand-out", "phone")

    page.get_by_label("みかん缶").check()

    assert page.locator("[data-tick-count]").inner_text() == "3"


def test_slash_goes_to_the_search_box(open_page):
    page = open_page("today")

    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.id") == "site-search"


def ask_with_htmx(page, answer):
    """Press a button that posts to /asked with htmx; ``answer`` is what the server says."""
    seen = []
    page.route("**/asked", lambda route: (seen.append(route.request), route.fulfill(**answer)))
    page.evaluate(
        """() => {
          const main = document.getElementById("main");
          main.innerHTML = '<button id="ask" hx-post="/asked" hx-target="#out">?</button>'
            + '<p id="out">before</p>';
          htmx.process(main);
        }"""
    )
    page.locator("#ask").click()
    return seen


def test_htmx_sends_the_token_and_runs_nothing_it_receives(open_page):
    page = open_page("today")

    seen = ask_with_htmx(
        page,
        {
            "status": 422,
            "content_type": "text/html",
            "body": "<b>after</b><script>document.title = 'ran'</script>",
        },
    )

    page.wait_for_function("document.getElementById('out').textContent.startsWith('after')")
    assert seen[0].headers["x-csrftoken"] == "token"
    assert page.title().startswith("きょう")


def test_a_session_that_ended_opens_the_whole_page_again(open_page):
    page = open_page("today")

    with page.expect_navigation():
        ask_with_htmx(page, {"status": 401, "content_type": "text/html", "body": "sign in"})

    assert page.get_by_role("heading", level=1).inner_text() == "きょう"


def test_the_map_stands_on_plain_ground_without_network(open_page):
    page = open_page("candidates")

    page.wait_for_selector(".map-pin-fits")
    page.wait_for_function(
        "document.querySelector('[data-map-note]').textContent.includes('位置関係')"
    )

    assert page.locator(".map-pin").count() == 4
