"""アセスメントシート on A4: what was found out, for the file and for whoever goes along.

What is the team's alone stands on no paper: a sheet lies about, a screen is closed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.cases.assessments.codes import (
    AMOUNT_KIND_LABELS,
    ASSESSMENT_STATE_LABELS,
    FACTOR_LABELS,
    SCREENING_LABELS,
    AmountKind,
    AssessmentState,
    Factor,
    Screening,
)
from app.cases.assessments.models import Issue
from app.cases.assessments.words import parts, totals
from app.cases.frame import Opened, who
from app.cases.noticing.questions import ANSWER_LABELS, QUESTION_LABELS, Answer, Question
from app.cases.story import people
from app.cases.work.paper import PAPER_LABELS
from app.policy import Presented
from app.wording import day, moment, yen

ASSESSMENT_PAPER = "assessment"
PAPER_LABELS[ASSESSMENT_PAPER] = "アセスメントシート"
VIEW = ("wish", "summary", "screening")


def assessment_sheet(
    one: Opened,
    shown: Presented,
    organisation: Organisation,
    *,
    master: Sequence[Issue],
    round_: str,
    by: str,
    chart: Presented | None,
    today: date,
) -> dict[str, Any]:
    """The data of templates/print/assessment.typ: only what this viewer may see, and less.

    `master` are the issues to tick on paper; `chart` is the newest noticing chart of the case.
    """
    case = one.shown
    open_ = replace(
        shown, values={n: v for n, v in shown.values.items() if not n.startswith("team_")}
    )
    amounts = open_.amounts or []
    rest = replace(open_, values={**open_.values, "amounts": [], **dict.fromkeys(VIEW)})
    return {
        "sheet": {
            "title": PAPER_LABELS[ASSESSMENT_PAPER],
            "organisation": organisation.name,
            "made_on": day(today),
            "number": case.number,
            "notice": _("取扱注意"),
            "contact": " ".join(filter(None, (organisation.name, organisation.phone))),
        },
        "name": case.name or case.alias or case.code_name,
        "kana": case.kana or "",
        "who": who(case),
        "round": round_,
        "assessed_on": day(date.fromisoformat(open_.assessed_on)),
        "by": by,
        "draft": ASSESSMENT_STATE_LABELS[AssessmentState.DRAFT]
        if open_.state == AssessmentState.DRAFT
        else "",
        "issues": _ticked(open_, master),
        "factors": [FACTOR_LABELS[Factor(code)] for code in open_.factors or []],
        "wish": open_.wish or "",
        "summary": open_.summary or "",
        "screening": SCREENING_LABELS[Screening(open_.screening)] if open_.screening else "",
        "people": people(one, today=today),
        "amounts": [_amount(row) for row in amounts],
        "totals": [{"label": total.label, "words": total.words} for total in totals(amounts)],
        "parts": [
            {
                "title": part["title"],
                "facts": [{"label": label, "value": said} for label, said in part["facts"]],
            }
            for part in parts(rest, today=today)
        ],
        "chart": _chart(chart),
    }


def _ticked(shown: Presented, master: Sequence[Issue]) -> list[dict[str, Any]]:
    """Every issue to tick, by the names they had then; those retired since stand at the end."""
    ticked = {issue["id"]: issue for issue in shown.issues or []}
    listed = [(issue.id, issue.name) for issue in master if not issue.team_only]
    known = {number for number, _name in listed}
    listed += [(number, one["name"]) for number, one in ticked.items() if number not in known]
    return [
        {
            "label": ticked[number]["name"] if number in ticked else name,
            "on": number in ticked,
            "main": number in ticked and ticked[number]["main"],
        }
        for number, name in listed
    ]


def _amount(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "kind": AMOUNT_KIND_LABELS[AmountKind(row["kind"])],
        "label": row["label"] or "",
        "yen": _("未確認") if row["yen"] is None else yen(row["yen"]),
        "months": _("%(n)sか月分", n=row["months"]) if row["months"] else "",
    }


def _chart(chart: Presented | None) -> dict[str, Any] | None:
    if chart is None or not chart.shows("answers"):
        return None
    said = [
        {"question": QUESTION_LABELS[q], "answer": ANSWER_LABELS[Answer(chart.answers[q.value])]}
        for q in Question
        if q.value in chart.answers
    ]
    return {"at": moment(chart.created_at), "said": said} if said else None
