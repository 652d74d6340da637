"""What placements add to the page of a case and of a home.

A case shows its homes only to those who may know the place; a home shows until when it is kept,
never for whom.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.panels import Panel, PanelLine, TimelineEvent, case_panels
from app.db import JAPAN, moment_on
from app.housing.models import Home
from app.housing.panels import hold_ends
from app.pages import today_sources
from app.placements import queries, services
from app.placements.models import STEP_LABELS, Hold, Placement, PlacementState
from app.policy import Access, Action, Tier, Viewer, allows
from app.wording import day, moment, weekday

STATE_TAGS = {
    PlacementState.OPEN: ("手続き中", "info"),
    PlacementState.MOVED_IN: ("入居中", "good"),
    PlacementState.REFUSED: ("成立せず", ""),
    PlacementState.ENDED: ("退去", ""),
}


def home_name(home: Home) -> str:
    """「コーポ相武 101」"""
    return f"{home.property.name} {home.room}"


def homes_of_case(
    session: Session, case: Case, access: Access, viewer: Viewer, today: date
) -> Panel | None:
    """Holds and placements of a household, with each step as an event of its story."""
    if not access.sees(Tier.PLACE) or not allows(viewer, Action.PLACEMENT_READ):
        return None
    holds, placements = queries.of_case(session, case.id, viewer, today=today)
    return Panel(
        title=_("住まい"),
        lines=[*map(_hold_line, holds), *map(_placement_line, placements)],
        empty=_("取り置きも手続きもまだありません"),
        action=(_("一覧"), url_for("placements.placement_list")),
        events=[event for placement in placements for event in _events(placement)],
        ahead=[*map(_after_hold, holds), *(line for p in placements for line in _after_step(p))],
    )


def _hold_line(hold: Hold) -> PanelLine:
    return PanelLine(
        home_name(hold.home),
        url=url_for("placements.hold_page", hold_id=hold.id),
        note=_("%(at)sまで", at=moment(hold.ends_at)),
        tag=(_("取り置き"), "warn"),
    )


def _after_hold(hold: Hold) -> PanelLine:
    title = _("%(home)s の内見・申込へ進む", home=home_name(hold.home))
    until = _("%(day)sまで", day=weekday(hold.ends_at.astimezone(JAPAN).date()))
    return PanelLine(title, url=url_for("placements.hold_page", hold_id=hold.id), note=until)


def _after_step(placement: Placement) -> list[PanelLine]:
    """The next step of a placement on its way, if any."""
    if placement.state is not PlacementState.OPEN:
        return []
    home = home_name(placement.home)
    return [
        PanelLine(
            _("%(step)sを進める（%(home)s）", step=STEP_LABELS[step], home=home),
            url=url_for("placements.placement_page", placement_id=placement.id),
            note=_("手続き中"),
        )
        for step in services.next_steps(placement)[:1]
    ]


def _placement_line(placement: Placement) -> PanelLine:
    return PanelLine(
        home_name(placement.home),
        url=url_for("placements.placement_page", placement_id=placement.id),
        note=day(placement.moved_in_on) or None,
        tag=STATE_TAGS[placement.state],
    )


def _events(placement: Placement) -> list[TimelineEvent]:
    return [
        TimelineEvent(
            at=moment_on(step.done_on, time(12, number)),
            title=f"{STEP_LABELS[step.kind]}（{home_name(placement.home)}）",
            text=step.note,
            kind="good",
            url=url_for("placements.placement_page", placement_id=placement.id),
            day_only=True,
        )
        for number, step in enumerate(placement.steps)
    ]


def ends_of_holds(session: Session, home_ids: Collection[int]) -> Mapping[int, datetime]:
    """Until when each of these homes is kept; for whom is not told."""
    rows = session.execute(
        sa.select(Hold.home_id, Hold.ends_at).where(
            Hold.home_id.in_(list(home_ids)), Hold.ended_at.is_(None)
        )
    )
    return {row.home_id: row.ends_at for row in rows}


def holds_for_today(session: Session, viewer: Viewer, today: date) -> list[dict[str, object]]:
    """Holds by their end and placements on their way, for the first page."""
    holds = queries.active_holds(session, viewer, today=today)
    placements = queries.open_placements(session, viewer, today=today)
    items: list[dict[str, object]] = [
        {
            "when": moment(hold.ends_at),
            "late": hold.ends_at.astimezone(JAPAN).date() <= today,
            "title": f"{home_name(hold.home)}（{hold.case.number}）",
            "url": url_for("placements.hold_page", hold_id=hold.id),
            "tag": (_("取り置き"), "warn"),
        }
        for hold in holds[:6]
    ]
    items += [
        {
            "when": _("手続き中"),
            "title": f"{home_name(placement.home)}（{placement.case.number}）",
            "url": url_for("placements.placement_page", placement_id=placement.id),
        }
        for placement in placements[:6]
    ]
    return [
        {
            "title": _("取り置きと手続き"),
            "items": items,
            "empty": _("取り置きも手続きもありません"),
            "action": (_("一覧"), url_for("placements.placement_list")),
        }
    ]


case_panels.append(homes_of_case)
hold_ends.append(ends_of_holds)
today_sources.append((Action.PLACEMENT_STEP, holds_for_today))
