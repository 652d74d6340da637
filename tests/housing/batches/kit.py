"""What the tests of batches share: a small town, and what people do on the page."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

from app.db import today
from app.placements.models import Hold
from tests.housing.makers import a_case, a_home


class Town:
    def __init__(self, make, desk):
        soon = today() + timedelta(days=5)
        self.urgent = a_case(make, desk, need={"agreed_rent": 40000}, leave_by=soon)
        self.easy = a_case(make, desk, need={"agreed_rent": 60000},
                           leave_by=today() + timedelta(days=20))  # fmt: skip
        self.late = a_case(make, desk, need={"agreed_rent": 40000})
        self.cheap = a_home(make, desk, rent=38000)
        self.dear = a_home(make, desk, rent=55000)


def made(browser):
    page = browser.get("/batches")
    return browser.submit(page, action="/batches")


def pairs_on(page):
    """Case number to the home's name, in the order of the page."""
    return {
        article.select_one(".batch-head h3").get_text().split("　")[0]: article.select_one(
            ".home-title a"
        ).get_text(strip=True)
        for article in page.soup.select("article.batch-pair")
    }


def name_of(home):
    return f"{home.property.name} {home.room}"


def lock(browser, page, case, home, *, kind="この組はなし", reason="本人が断った", **more):
    """Press one of the two buttons below a pair."""
    for form in page.soup.select("form.batch-lock"):
        values = {i["name"]: i.get("value") for i in form.find_all("input")}
        if (values["case_id"], values["home_id"]) == (str(case.id), str(home.id)):
            code = {"この組はなし": "never", "この組を固定": "fixed"}[kind]
            also = values | {"reason": reason, "kind": code}
            return browser.submit(page, also=also, action="/locks", **more)
    raise AssertionError("no form for this pair")


def fix(case, home):
    return {"case_id": case.id, "home_id": home.id, "kind": "fixed", "reason": "会議"}


def hold_approved(browser, page, *pairs, **more):
    ticked = [f"{case.id}-{home.id}" for case, home in pairs]
    return browser.submit(page, also={"pairs": ticked}, action="/holds", **more)


def active(in_database):
    return in_database(
        lambda session: {
            (hold.case_id, hold.home_id)
            for hold in session.query(Hold).filter(Hold.ended_at.is_(None))
        }
    )


def api(app, user, method, path, body=None):
    headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": f"key-{next(KEYS):08}"}
    return app.test_client().open(f"/api/v1{path}", method=method, headers=headers, json=body)


def at_once(app, *requests):
    with ThreadPoolExecutor(len(requests)) as pool:
        sent = [pool.submit(api, app, user, "POST", path, body) for user, path, body in requests]
        return [one.result() for one in sent]


KEYS = count()
