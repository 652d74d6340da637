"""Every route declares who may use it, and every role meets every route."""

import re

import pytest

from app.config import ROOT
from app.policy import ROLE_ACTIONS, Action, Role, declared

OPEN = {
    "/healthz",
    "/sign-in",
    "/sign-in/code",
    "/api/v1/openapi.json",
    "/food/parcels/worker.js",
    "/visits/worker.js",  # a script, the same for everybody
}
BY_LINK = {"/answer/<token>", "/calendars/<token>.ics"}


def _rules(app):
    return [r for r in app.url_map.iter_rules() if r.endpoint != "static"]


def _filled(rule):
    """The route's address with a number that exists nowhere in place of each variable."""
    return re.sub(r"<(?:\w+:)?\w+>", "999999", rule.rule)


def _methods(rule):
    return sorted(rule.methods - {"HEAD", "OPTIONS"})


def test_every_route_declares_an_action(app):
    undeclared = [r.rule for r in _rules(app) if declared(app.view_functions[r.endpoint]) is None]
    assert undeclared == []


def test_only_the_listed_routes_are_open_to_everybody(app):
    assert _declaring(app, Action.PUBLIC) == OPEN
    assert _declaring(app, Action.BY_LINK) == BY_LINK


def _declaring(app, action):
    return {r.rule for r in _rules(app) if declared(app.view_functions[r.endpoint]) is action}


def test_every_page_that_code_or_templates_name_is_there(app):
    known = set(app.view_functions)
    features = "|".join(sorted({name.partition(".")[0] for name in known} - {"static"}))
    named = re.compile(rf"""(?:url_for|page_of)\(\s*['"]((?:{features})\.\w+)['"]""")
    for path in [*(ROOT / "app").rglob("*.py"), *(ROOT / "app").rglob("*.html")]:
        missing = set(named.findall(path.read_text(encoding="utf-8"))) - known
        assert not missing, f"{path.relative_to(ROOT)}: {missing}"


def test_an_undeclared_route_is_refused_even_to_a_system_manager(app, make, browser_of):
    browser = browser_of(make.user(*Role))
    view = app.view_functions["pages.metrics"]
    app.view_functions["pages.metrics"] = lambda: "open"
    try:
        assert browser.raw.get("/metrics").status_code == 403
    finally:
        app.view_functions["pages.metrics"] = view


def test_nobody_gets_in_without_signing_in(app, visitor):
    for rule in _rules(app):
        if rule.rule in OPEN | BY_LINK:
            continue
        for method in _methods(rule):
            status = visitor.raw.open(_filled(rule), method=method).status_code
            wanted = {401} if rule.rule.startswith("/api/") else {303}
            if method != "GET":
                wanted = wanted | {400}  # the missing form token is noticed first
            assert status in wanted, f"{method} {rule.rule}: {status}"


def _allowed(role, rule, app):
    action = declared(app.view_functions[rule.endpoint])
    anybody = {Action.PUBLIC, Action.BY_LINK, Action.SIGNED_IN}
    if role is Role.DEVICE:  # a maker's server opens nothing, not even its own account
        anybody.remove(Action.SIGNED_IN)
    return action in anybody or action in ROLE_ACTIONS[role]


def _sender(app, user):
    client = app.test_client()
    headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": "routes-test-key"}
    # What is sent as JSON is refused in JSON: drawing a page for every refusal takes minutes.
    kind = "application/json"
    return lambda rule, method: client.open(
        _filled(rule), method=method, headers=headers, content_type=kind
    )


@pytest.mark.once
@pytest.mark.crawl
@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_refused_exactly_what_it_does_not_include(role, app, make):
    send = _sender(app, make.user(role))
    for rule in _rules(app):
        allowed = _allowed(role, rule, app)
        for method in _methods(rule):
            if not allowed:
                assert send(rule, method).status_code == 403, f"{role} {method} {rule.rule}"
            elif method == "GET" and not rule.arguments:
                answer = send(rule, method).status_code
                assert answer < 500, f"{role} {method} {rule.rule}: {answer}"


@pytest.mark.once
@pytest.mark.crawl
def test_no_route_breaks_over_a_record_that_is_not_there(app, make):
    send = _sender(app, make.user(*Role))
    for rule in _rules(app):
        for method in _methods(rule):
            answer = send(rule, method).status_code
            assert answer < 500, f"{method} {rule.rule}: {answer}"


def test_every_creating_post_of_the_api_is_idempotent(app):
    posts = [r for r in _rules(app) if r.rule.startswith("/api/") and "POST" in r.methods]
    not_yet = [
        r.rule for r in posts if not getattr(app.view_functions[r.endpoint], "creates", False)
    ]
    assert not_yet == []


def test_every_answer_carries_the_security_headers(visitor):
    for path in ("/sign-in", "/healthz", "/no-such-page", "/api/v1/no-such"):
        headers = visitor.raw.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_an_unknown_address_is_a_page_or_json_by_its_path(visitor):
    assert visitor.get("/no-such-page", status=404).h1
    answer = visitor.raw.get("/api/v1/no-such")
    assert answer.json["code"] == "not_found"


def test_a_refused_form_that_shows_a_case_does_not_wait_for_its_own_lock(make, browser_of):
    user = make.user(Role.CONSULTANT)
    case = make.case(by=user)
    browser = browser_of(user)
    page = browser.get(f"/cases/{case.id}/housing-need")
    refused = browser.submit(page, {"funds": "たくさん"}, status=422)
    assert refused.soup.find(id="f-funds")["value"] == "たくさん"
