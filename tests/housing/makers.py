"""Households, homes and lists for the tests of this feature."""

from __future__ import annotations

import io
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from app.cases.models import Case
from app.cases.needs.models import HousingNeed, RentBasis
from app.cases.work.models import TeamMember
from app.db import today
from app.housing.codes import GuarantorRule
from app.housing.models import Home, HomeAcceptance, Property
from app.policy import Protection
from tests.factories import Factory, SignIn
from tests.page_client import Page, PageClient

DATA = Path("app/demo/data")
OCTOBER = DATA / "council_list_2026-10.xlsx"
NOVEMBER = DATA / "council_list_2026-11.xlsx"
HEAD = "物件名,号室,所在地,間取り,面積,家賃,共益費,敷金,礼金,高齢者,取扱"

_numbers = count(1)


def a_case(
    make: Factory,
    user: SignIn,
    *,
    team: bool = True,
    need: dict[str, Any] | None = None,
    **values: Any,
) -> Case:
    """A registered household with a housing need; the user is in its team."""
    number = next(_numbers)
    facts = {
        "number": f"C-{number:04}",
        "code_name": f"やまもも-{number}",
        "organisation_id": user.organisation_id,
        "received_on": today(),
        "received_by": user.id,
        "name": f"架空 {number}太",
        "household_size": 1,
        "municipality": "座間市",
        "protection": Protection.NO,
        "team": [TeamMember(user_id=user.id, since=today())] if team else [],
    }
    wishes = {
        "people": 1,
        "rent_basis": RentBasis.AGREED,
        "agreed_rent": 45000,
        "funds": 200000,
        "supports": ["watching"],
    }
    case: Case = Case(**(facts | values))
    case.housing_need = HousingNeed(**(wishes | (need or {})))
    make.save(case)
    return case


def a_home(
    make: Factory, user: SignIn, *, accepts: list[tuple[Any, ...]] | None = None, **values: Any
) -> Home:
    """A vacant home of which everything that matters is known."""
    number = next(_numbers)
    name = values.get("name", f"コーポ架空{number}")
    facts: dict[str, Any] = {
        "key": f"座間市|相武台{number}-1|{name}|101",
        "room": "101",
        "organisation_id": user.organisation_id,
        "rent": 39000,
        "fee": 0,
        "deposit": 0,
        "key_money": 0,
        "area": 25,
        "rooms": 1,
        "floor": 1,
        "layout": "1K",
        "guarantor_rule": GuarantorRule.NONE,
        "available": "now",
        "confirmed_on": today(),
    }
    place = {
        "key": f"座間市|相武台{number}-1|{name}",
        "name": name,
        "municipality": "座間市",
        "address": f"相武台{number}-1",
        "latitude": 35.4993,
        "longitude": 139.4085,
        "precision": "town",
    }
    building = {k: values.pop(k) for k in ("name", "municipality", "latitude", "longitude", "lift")
                if k in values}  # fmt: skip
    home = Home(**(facts | values), property=Property(**(place | building)))
    home.acceptances = [
        HomeAcceptance(group_code=group, answer=answer, conditions=list(conditions))
        for group, answer, *conditions in accepts or []
    ]
    saved: Home = make.save(home)
    return saved


def csv_list(*rows: str, head: str = HEAD) -> bytes:
    """A council's list typed as CSV."""
    return "\r\n".join((head, *rows)).encode("utf-8-sig")


def upload(browser: PageClient, content: bytes, name: str, *, status: int = 200) -> Page:
    """Hand a list in on the page."""
    page = browser.get("/homes/imports")
    file = (io.BytesIO(content), name)
    return browser.submit(page, {"file": file}, action="/homes/imports", status=status)


def take_in(browser: PageClient, content: bytes, name: str) -> Page:
    """Hand a list in and take it in; the report."""
    page = upload(browser, content, name)
    return browser.submit(page, action="/take-in")


def from_sender(browser: PageClient, content: bytes, name: str, sender: str) -> Page:
    """Hand a list in with its sender typed in, and take it in; the report."""
    page = browser.get("/homes/imports")
    file = {"file": (io.BytesIO(content), name), "sender_name": sender}
    preview = browser.submit(page, file, action="/homes/imports")
    return browser.submit(preview, action="/take-in")


def tiles(page: Page) -> dict[str, int]:
    """The counts at the top of a preview or report."""
    found = dict.fromkeys(("重複", "決められない"), 0)
    for tile in page.soup.select(".tile"):
        label = tile.find("span").get_text(strip=True)
        value = tile.select_one(".tile-value")
        for small in value.find_all("small"):
            small.extract()
        found[label] = int(value.get_text(strip=True))
    return found


def on(year: int, month: int, day: int) -> date:
    """A day."""
    return date(year, month, day)
