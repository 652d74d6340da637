"""What the key date adds elsewhere: the case, the placement's page and the first page."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.panels import Panel, PanelLine, case_panels
from app.cases.queries import access_to
from app.keyday import queries
from app.keyday.codes import TaskState
from app.keyday.models import KeyDayPlan
from app.keyday.words import when_words
from app.pages import today_sources
from app.placements.models import Placement
from app.placements.page import SidePart, side_parts
from app.policy import Access, Action, Tier, Viewer, allows
from app.wording import weekday

SHOWN = 8
AHEAD = 3  # days: what is due the day after tomorrow has to be arranged today


def key_day_of_case(
    session: Session, case: Case, access: Access, viewer: Viewer, today: date
) -> Panel | None:
    """How far the key date is prepared and what is next, or that a plan can be made."""
    if not access.sees(Tier.PLACE) or not allows(viewer, Action.PLACEMENT_READ):
        return None
    rows = queries.of_case(session, case.id)
    lines = [_line(placement, plan, access) for placement, plan in rows if plan is not None]
    may_make = allows(viewer, Action.PLACEMENT_STEP)
    ahead = [
        _to_make(placement)
        for placement, plan in rows
        if plan is None and may_make and queries.is_ready(placement)
    ]
    ahead += [one for p, plan in rows if plan is not None for one in _next(p, plan, access, today)]
    if not lines and not ahead:
        return None
    return Panel(
        title=_("鍵の日"),
        lines=lines,
        action=(_("一覧"), url_for("keyday.plan_list")),
        ahead=ahead,
    )


def _url(placement: Placement) -> str:
    return url_for("keyday.plan_page", placement_id=placement.id)


def _to_make(placement: Placement) -> PanelLine:
    return PanelLine(
        str(_("鍵の日の段取りを作る")),
        url=url_for("keyday.make_plan", placement_id=placement.id),
        note=weekday(queries.bases_of(placement).keys) or str(_("鍵の日")),
        press=True,
    )


def _line(placement: Placement, plan: KeyDayPlan, access: Access) -> PanelLine:
    tasks = queries.tasks_for(plan, access)
    left = sum(task.state is TaskState.OPEN for task in tasks)
    keys = weekday(queries.bases_of(placement).keys)
    return PanelLine(
        str(_("段取り %(done)s／%(total)s件", done=len(tasks) - left, total=len(tasks))),
        url=_url(placement),
        note=str(_("鍵 %(day)s", day=keys)) if keys else str(_("鍵の日は未定")),
        tag=(str(_("あと%(n)s件", n=left)), "info") if left else (str(_("済み")), "good"),
    )


def _next(placement: Placement, plan: KeyDayPlan, access: Access, today: date) -> list[PanelLine]:
    """The next task of a plan, once its day is near."""
    running = queries.Running(
        plan, access, queries.bases_of(placement), queries.tasks_for(plan, access)
    )
    return [
        PanelLine(task.title, url=f"{_url(placement)}#task-{task.id}", note=when_words(task, on))
        for on, task in running.open_tasks[:1]
        if on is not None and (on - today).days <= AHEAD
    ]


def key_day_of_placement(
    session: Session, placement: Placement, viewer: Viewer, today: date
) -> SidePart | None:
    """The plan's progress beside the way to the keys, or the button that makes it."""
    plan = queries.plan_of(session, placement.id)
    title = str(_("鍵の日の段取り"))
    if plan is None:
        if not queries.is_ready(placement) or not allows(viewer, Action.PLACEMENT_STEP):
            return None
        words = _("鍵・最初の夜の食べもの・電気や水道・届けまで、することを一枚にまとめます。")
        url = url_for("keyday.make_plan", placement_id=placement.id)
        return SidePart(title, str(words), str(_("段取りを作る")), url, press=True)
    line = _line(placement, plan, access_to(placement.case, viewer, today=today))
    return SidePart(title, line.text, str(_("段取りを開く")), _url(placement), tag=line.tag)


def tasks_today(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """What is late or due within days for this person or their organisation, the oldest first."""
    due = [
        (on, task, one)
        for one in queries.running_plans(session, viewer, today=today, homes=False)
        for on, task in one.open_tasks
        if on is not None
        and (on - today).days <= AHEAD
        and queries.is_for(viewer, task, one.plan.placement)
    ]
    due.sort(key=lambda row: (row[0], row[1].id))
    if not due:
        return []
    return [
        {
            "title": _("鍵の日の段取り"),
            "items": [
                {
                    "when": weekday(on),
                    "late": on < today,
                    "title": f"{task.title}（{one.plan.placement.case.number}）",
                    "url": f"{_url(one.plan.placement)}#task-{task.id}",
                }
                for on, task, one in due[:SHOWN]
            ],
            "action": (
                _("ほか%(n)s件", n=len(due) - SHOWN) if len(due) > SHOWN else _("一覧"),
                url_for("keyday.plan_list"),
            ),
        }
    ]


case_panels.append(key_day_of_case)
side_parts.append(key_day_of_placement)
today_sources.append((Action.KEY_DAY_TICK, tasks_today))
