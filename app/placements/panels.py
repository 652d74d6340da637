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

from app.cases.closing.open_things import open_things
from app.cases.models import Case
from app.cases.panels import (
    Panel,
    PanelLine,
    TimelineEvent,
    case_panels,
)
from app.db import JAPAN, moment_on
from app.housing.models import Home
from app.housing.panels import hold_ends, holds_for, provided_for
from app.placements import queries, steps
from app.placements.codes import PlacementState
from app.placements.models import Hold, Placement, PlacementStep
from app.policy import Access, Action, Tier, Viewer, allows
from app.wording import day, moment, weekday

STATE_TAGS = {
    PlacementState.OPEN: ("手続き中", "info"),
    PlacementState.MOVED_IN: ("入居中", "good"),
    PlacementState.REFUSED: ("成立せず", ""),
    PlacementState.ENDED: ("退去", ""),
}


def open_on_the_way(session: Session, case: Case, access: Access, _today: date) -> list[str]:
    """A hold or a placement under way, for whoever ends the consultation and may know of it."""
    if not access.sees(Tier.PLACE):
        return []
    hold = sa.select(Hold.id).where(Hold.case_id == case.id, Hold.ended_at.is_(None))
    placement = sa.select(Placement.id).where(
        Placement.case_id == case.id, Placement.state == PlacementState.OPEN
    )
    told = (
        (hold, _("取り置いている住まいがあります")),
        (placement, _("入居の手続きが途中です")),
    )
    return [str(words) for found, words in told if session.scalar(found.limit(1)) is not None]


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
    """What is next of a placement: its appointments, else its next step; for a stay its end."""
    url = url_for("placements.placement_page", placement_id=placement.id)
    home = home_name(placement.home)
    if placement.temporary and placement.state is PlacementState.MOVED_IN:
        until = weekday(placement.stay_until)
        return [PanelLine(_("%(home)s の次の住まいを決める", home=home), url=url,
                          note=_("%(day)sまで", day=until))]  # fmt: skip
    if placement.state is not PlacementState.OPEN:
        return []
    labels = steps.labels_of(placement)
    if placement.planned:
        return [
            PanelLine(f"{labels[step.kind]}（{home}）", url=url, note=appointment(step))
            for step in placement.planned
        ]
    return [
        PanelLine(
            _("%(step)sを進める（%(home)s）", step=labels[step], home=home),
            url=url,
            note=_("手続き中"),
        )
        for step in steps.next_steps(placement)[:1]
    ]


def appointed_at(step: PlacementStep) -> str:
    """「11月25日（水） 10:30」"""
    at = f" {step.planned_time:%H:%M}" if step.planned_time else ""
    return f"{weekday(step.planned_on)}{at}"


def appointment(step: PlacementStep) -> str:
    """「11月25日（水） 10:30　相武台前駅の改札」"""
    where = f"　{step.meeting_place}" if step.meeting_place else ""
    return f"{appointed_at(step)}{where}"


def _placement_line(placement: Placement) -> PanelLine:
    label, kind = STATE_TAGS[placement.state]
    note = day(placement.moved_in_on) or None
    if placement.temporary and placement.state is PlacementState.MOVED_IN:
        label, note = _("一時入居中"), _("%(day)sまで", day=day(placement.stay_until))
    return PanelLine(
        home_name(placement.home),
        url=url_for("placements.placement_page", placement_id=placement.id),
        note=note,
        tag=(label, kind),
    )


def _events(placement: Placement) -> list[TimelineEvent]:
    labels, home = steps.labels_of(placement), home_name(placement.home)
    url = url_for("placements.placement_page", placement_id=placement.id)
    done = [
        TimelineEvent(
            at=moment_on(step.done_on, time(12, number)),
            title=f"{labels[step.kind]}（{home}）",
            text=step.note,
            kind="good",
            url=url,
            day_only=True,
        )
        for number, step in enumerate(placement.steps)
        if step.done_on is not None
    ]
    back = [
        TimelineEvent(
            at=step.returned_at,
            title=_("%(step)sを戻した（%(home)s）", step=labels[step.kind], home=home),
            text=step.returned_why,
            kind="warn",
            url=url,
        )
        for step in placement.returned
        if step.returned_at is not None and step.done_on is not None
    ]
    return [*done, *back]


def ends_of_holds(session: Session, home_ids: Collection[int]) -> Mapping[int, datetime]:
    """Until when each of these homes is kept; for whom is not told."""
    rows = session.execute(
        sa.select(Hold.home_id, Hold.ends_at).where(
            Hold.home_id.in_(list(home_ids)), Hold.ended_at.is_(None)
        )
    )
    return {row.home_id: row.ends_at for row in rows}


def holds_of_case(session: Session, case_id: int) -> Mapping[int, str]:
    """The homes kept for one household; for those who may know its place."""
    rows = session.execute(
        sa.select(Hold.home_id, Hold.id).where(Hold.case_id == case_id, Hold.ended_at.is_(None))
    )
    return {row.home_id: url_for("placements.hold_page", hold_id=row.id) for row in rows}


def with_a_home(session: Session) -> set[int]:
    """The cases with a home kept, on its way or moved into; a stay with an end is no home yet."""
    held = sa.select(Hold.case_id).where(Hold.ended_at.is_(None))
    placed = sa.select(Placement.case_id).where(
        Placement.state.in_((PlacementState.OPEN, PlacementState.MOVED_IN)),
        Placement.temporary.is_(False),
    )
    return set(session.scalars(held.union(placed)))


case_panels.append(homes_of_case)
open_things.append(open_on_the_way)
hold_ends.append(ends_of_holds)
holds_for.append(holds_of_case)
provided_for.append(with_a_home)
