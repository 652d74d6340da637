"""The two papers of the key date: one for staff, one in easy words for the household."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.accounts.models import Organisation
from app.cases.work.paper import PAPER_LABELS as CASE_PAPERS
from app.housing.homes import words as home_words
from app.keyday.codes import Doer, TaskState
from app.keyday.models import KeyDayPlan
from app.keyday.queries import bases_of
from app.keyday.words import parts_of, rows_of
from app.policy import Access, Protection
from app.wording import day, weekday

STAFF, HOUSEHOLD = "key_day", "key_day_household"
PAPER_LABELS = {STAFF: "鍵の日の段取り（職員用）", HOUSEHOLD: "引っ越しですること（ご本人用）"}
# The page of prints names these too, when somebody asks for a second person's yes.
CASE_PAPERS.update(PAPER_LABELS)

NOT_DECIDED = "日が決まったら"


def _sheet(paper: str, plan: KeyDayPlan, office: Organisation, today: date) -> dict[str, Any]:
    return {
        "title": "引っ越しですること" if paper == HOUSEHOLD else "鍵の日の段取り",
        "organisation": office.name,
        "made_on": day(today),
        "number": plan.placement.case.number,
        "contact": " ".join(filter(None, (office.name, office.phone))),
    }


def _home(plan: KeyDayPlan, *, place: bool) -> dict[str, Any]:
    bases = bases_of(plan.placement)
    home = {"keys": weekday(bases.keys) or "まだ決まっていません",
            "move_in": weekday(bases.move_in) or "まだ決まっていません"}  # fmt: skip
    if place:
        home["name"] = home_words.full_name(plan.placement.home)
        home["address"] = plan.placement.home.property.address
    return home


def staff_sheet(
    plan: KeyDayPlan,
    access: Access,
    names: Mapping[int, str],
    office: Organisation,
    *,
    today: date,
) -> dict[str, Any]:
    """The data of print/key_day.typ: all a person going there needs; notes stay in the machine."""
    rows = rows_of(plan, access, names, today=today)
    return {
        "sheet": _sheet(STAFF, plan, office, today),
        "home": _home(plan, place=True),
        "parts": [
            {
                "title": part["title"],
                "tasks": [
                    {
                        "done": row["state"] == TaskState.DONE,
                        "dropped": row["state"] == TaskState.NOT_NEEDED,
                        "on": _when(row),
                        "counted": row["counted"],
                        "late": row["late"],
                        "title": row["title"],
                        "ask": row["to_ask"],
                        "basis": _basis(row),
                        "who": row["doer_name"],
                    }
                    for row in part["rows"]
                ],
            }
            for part in parts_of(rows)
        ],
    }


def _when(row: Mapping[str, Any]) -> str:
    if row["done_on"] is not None:
        return f"済み {row['done_on'].month}月{row['done_on'].day}日"
    return weekday(row["due_on"]) or NOT_DECIDED


def _basis(row: Mapping[str, Any]) -> str:
    if not row["basis"]:
        return ""
    return row["basis"] if row["certain"] else f"{row['basis']}（要確認）"


def household_sheet(
    plan: KeyDayPlan,
    access: Access,
    names: Mapping[int, str],
    office: Organisation,
    *,
    today: date,
) -> dict[str, Any]:
    """The data of print/key_day_household.typ: what is still to do, in easy words.

    A household in hiding gets it without home and address: a paper lies about.
    """
    rows = [row for row in rows_of(plan, access, names, today=today) if row["open"]]
    free = plan.placement.case.protection is Protection.NO
    return {
        "sheet": _sheet(HOUSEHOLD, plan, office, today),
        "home": _home(plan, place=free),
        "parts": [
            {
                "title": part["title"],
                "tasks": [
                    {
                        "on": weekday(row["due_on"]) or NOT_DECIDED,
                        "title": row["title"],
                        "explanation": row["explanation"] or "",
                        "who": "あなた" if row["doer"] == Doer.HOUSEHOLD else row["doer_name"],
                        "ask": row["to_ask"],
                    }
                    for row in part["rows"]
                ],
            }
            for part in parts_of(rows)
        ],
        "contact": {"name": office.name, "phone": office.phone or ""},
    }
