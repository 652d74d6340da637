"""Appointments on the way to the keys in one's own calendar."""

from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from app.cases.listing import named_outside
from app.feeds.sources import Dated, calendar_sources, window
from app.placements import queries, steps
from app.placements.models import Placement, PlacementStep
from app.policy import Action, Viewer


def appointments(session: Session, viewer: Viewer, today: date) -> list[Dated]:
    """Those the viewer goes along to; where nobody is named, whoever made them or is in the team.

    Neither home nor meeting place is told: a calendar is read on a telephone's lock screen.
    """
    first, last = window(today)
    return [
        Dated(
            key=f"step-{step.id}",
            on=step.planned_on,
            at=step.planned_time,
            title=f"{steps.labels_of(placement)[step.kind]}　{placement.case.number}",
            household=named_outside(placement.case, viewer, today=today),
            url=url_for("placements.placement_page", placement_id=placement.id),
            case_id=placement.case_id,
        )
        for placement in queries.open_placements(session, viewer, today=today)
        for step in placement.planned
        if step.planned_on is not None
        and first <= step.planned_on <= last
        and _concerns(step, placement, viewer)
    ]


def _concerns(step: PlacementStep, placement: Placement, viewer: Viewer) -> bool:
    if step.companion_id is not None:
        return step.companion_id == viewer.user_id
    team = {member.user_id for member in placement.case.team}
    return viewer.user_id in team | {step.user_id}


calendar_sources.append((Action.PLACEMENT_STEP, appointments))
