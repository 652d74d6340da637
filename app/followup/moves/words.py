"""A moving as pages and programs tell it, each household through policy."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.listing import called, names_of
from app.followup.models import CheckIn
from app.followup.moves.codes import MOVED, OUTCOME_WORDS
from app.followup.moves.models import VisitMove, VisitMoveLine
from app.followup.moves.queries import last_move_of
from app.followup.queries import access_of
from app.policy import Access, Presented, Viewer, present
from app.wording import moment, weekday

LINE_FIELDS = (
    "check_in_id", "outcome", "from_visitor_id", "from_on", "to_visitor_id", "to_on",
)  # fmt: skip


def shown_line(line: VisitMoveLine, access: Access) -> Presented:
    """One line as this viewer may see it."""
    return present("visit_move", {name: getattr(line, name) for name in LINE_FIELDS}, access)


def told(
    move: VisitMove, lines: Sequence[VisitMoveLine], viewer: Viewer, today: date
) -> dict[str, Any]:
    """A moving for the API, with the lines the viewer may know of."""
    own = ("id", "visitor_id", "on", "why", "undoes_id", "unseen")
    return {name: getattr(move, name) for name in own} | {
        "lines": [
            dict(shown_line(one, access_of(one.check_in.plan, viewer, today)).values)
            for one in lines
        ]
    }


def line_rows(
    session: Session, lines: Sequence[VisitMoveLine], viewer: Viewer, today: date
) -> dict[str, list[dict[str, Any]]]:
    """The lines of a page: what was moved, and what stayed with the reason."""
    names = names_of(
        session,
        {number for one in lines for number in (one.from_visitor_id, one.to_visitor_id) if number},
    )
    found: dict[str, list[dict[str, Any]]] = {"moved": [], "left": []}
    for line in lines:
        plan = line.check_in.plan
        row = {
            "title": f"{called(plan.placement.case, viewer, today=today)}　{line.check_in.label}",
            "url": url_for("followup.plan_page", plan_id=plan.id),
            "way": way_words(line, names),
            "why": "" if line.outcome.value == "moved" else OUTCOME_WORDS[line.outcome],
            "ladder": ladder_words(line, today) if line.outcome in MOVED else "",
        }
        found["moved" if line.outcome in MOVED else "left"].append(row)
    return found


def way_words(line: VisitMoveLine, names: dict[int, str]) -> str:
    """「佐藤 → 田中　11月29日（日） → 12月1日（火）」, or who goes when where nothing moved."""
    nobody = str(_("担当なし"))
    before, after = (
        names.get(number or 0, nobody) for number in (line.from_visitor_id, line.to_visitor_id)
    )
    who = f"{before} → {after}" if line.from_visitor_id != line.to_visitor_id else after
    first, last = weekday(line.from_on), weekday(line.to_on)
    return f"{who}　{first} → {last}" if line.from_on != line.to_on else f"{who}　{last}"


def ladder_words(line: VisitMoveLine, today: date) -> str:
    """That silence is counted from the planned day, where the new day lies beyond its limit."""
    limit = line.check_in.escalate_on
    if line.from_on == line.to_on or line.to_on < limit:
        return ""
    if limit <= today:
        return str(_("会えないときの順番は、もう始まっています。移しても止まりません。"))
    return str(
        _("会えないときの順番は、予定の日から数えて %(day)s に始まります。", day=weekday(limit))
    )


def move_fact(session: Session, check_in: CheckIn) -> dict[str, str]:
    """Who goes to a visit and when, and who moved it, for the page of one visit."""
    line = last_move_of(session, check_in)
    people = {check_in.visitor or 0} | ({line.move.user_id} if line else set())
    names = names_of(session, people - {0})
    note = ""
    if line is not None:
        by = names.get(line.move.user_id, "")
        note = str(_("%(by)sが%(at)sに動かしました", by=by, at=moment(line.move.created_at)))
        note += f"（{line.move.why}）" if line.move.why else ""
    who = names.get(check_in.visitor or 0, str(_("担当なし")))
    return {"words": f"{who}　{weekday(check_in.goes_on)}", "note": note}
