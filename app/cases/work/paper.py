"""相談受付票 on A4: only what this viewer sees, and never more than the page shows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.cases.frame import Opened, who
from app.cases.needs.words import need_facts
from app.cases.records import shown_need
from app.cases.story import (
    facts,
    people,
    topics,
)
from app.wording import day, moment

CASE_SHEET = "intake"
LOG_PAPER = "log"

# Every paper of a case a second person may be asked about; other features add theirs.
PAPER_LABELS = {CASE_SHEET: "相談受付票", LOG_PAPER: "支援経過記録"}


def case_sheet(one: Opened, organisation: Organisation, *, today: date) -> dict[str, Any]:
    """The data of templates/print/intake.typ."""
    shown, need = one.shown, one.case.housing_need
    unknown = _("未確認")
    lines = [{"label": label, "value": value or unknown} for label, value in facts(one)]
    wishes = need_facts(shown_need(need, one.access)) if need else []
    return {
        "sheet": {
            "title": PAPER_LABELS[CASE_SHEET],
            "organisation": organisation.name,
            "made_on": day(today),
            "number": shown.number,
            "notice": _("取扱注意"),
            "contact": " ".join(filter(None, (organisation.name, organisation.phone))),
        },
        "name": shown.name or shown.alias or shown.code_name,
        "kana": shown.kana or "",
        "who": who(shown),
        "facts": lines,
        "topics": [{"label": t, "main": kind == "warn"} for t, kind in topics(one)],
        "story": shown.story or "",
        "people": people(one, today=today),
        "needs": [{"label": label, "value": value or unknown} for label, value in wishes],
    }


def log_sheet(
    one: Opened, rows: Sequence[Mapping[str, Any]], organisation: Organisation, *, today: date
) -> dict[str, Any]:
    """支援経過記録: the data of templates/print/log.typ, oldest first as a file is read."""
    shown = one.shown
    return {
        "sheet": {
            "title": PAPER_LABELS[LOG_PAPER],
            "organisation": organisation.name,
            "made_on": day(today),
            "number": shown.number,
            "notice": _("取扱注意"),
            "contact": " ".join(filter(None, (organisation.name, organisation.phone))),
        },
        "name": shown.name or shown.alias or shown.code_name,
        "entries": [
            {
                "at": moment(row["shown"].at),
                "how": "　".join(
                    filter(None, (row["method"], _minutes(row["shown"].minutes), row["partner"]))
                ),
                "by": row["by"],
                "text": row["shown"].text,
                "next": _next(row["shown"]),
                "corrected": bool(row["revisions"]),
            }
            for row in reversed(rows)
        ],
    }


def _minutes(value: int | None) -> str:
    return "" if value is None else f"{value}分"


def _next(shown: Any) -> str:
    if not shown.next_step:
        return ""
    until = f"（{day(shown.next_on)}まで）" if shown.next_on else ""
    return f"{shown.next_step}{until}{'　済み' if shown.next_done_at else ''}"
