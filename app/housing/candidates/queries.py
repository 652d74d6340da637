"""Reading what a page of candidates shows beside the ranking: homes, whom to ask, stored runs."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload

from app.cases.queries import SeenCase, get_case
from app.directory.models import Partner
from app.errors import NotFoundError
from app.housing.candidates.words import Shown
from app.housing.homes.asking import LANDLORDS_FROM
from app.housing.homes.words import full_name
from app.housing.models import Home, Landlord, MatchRun
from app.housing.panels import held_until
from app.housing.proposals import Answered
from app.policy import Viewer

GROUPS = ("fits", "near", "unknown")
NO_RUN = "この候補の一覧は見つからないか、あなたの役割では開けません。"


def shown_with(session: Session, answered: Answered, *, today: date) -> Shown:
    """The homes a ranking describes as they are now, and the names behind its questions."""
    result = answered.result
    ids = {one["home_id"] for group in GROUPS for one in result.get(group, ())}
    homes = {
        home.id: home
        for home in session.scalars(
            sa.select(Home)
            .where(Home.id.in_(ids))
            .options(joinedload(Home.agent), lazyload(Home.acceptances))
        )
    }
    asked = {q["ask_id"] for q in result.get("questions", ()) if q.get("ask_id") is not None}
    held = held_until(session, list(homes))
    return Shown(homes, _names(session, asked), held, today, answered.rent_limit)


def _names(session: Session, asked: Collection[int]) -> dict[int, str]:
    """Agents by their id, landlords by theirs above all agents'."""
    names: dict[int, str] = {}
    agents = [number for number in asked if number < LANDLORDS_FROM]
    landlords = [number - LANDLORDS_FROM for number in asked if number >= LANDLORDS_FROM]
    if agents:
        rows = session.execute(sa.select(Partner.id, Partner.name).where(Partner.id.in_(agents)))
        names |= {row[0]: row[1] for row in rows}
    if landlords:
        found = session.scalars(sa.select(Landlord.id).where(Landlord.id.in_(landlords)))
        names |= {LANDLORDS_FROM + one: "貸主" for one in found}
    return names


def home_names(session: Session, home_ids: Collection[int]) -> dict[int, str]:
    """Building and room of each of these homes."""
    if not home_ids:
        return {}
    found = session.scalars(sa.select(Home).where(Home.id.in_(home_ids)))
    return {home.id: full_name(home) for home in found}


def compared_homes(session: Session, home_ids: Collection[int]) -> list[Home]:
    """These homes in the given order, unknown ones left out."""
    rows = session.scalars(
        sa.select(Home).where(Home.id.in_(home_ids)).options(joinedload(Home.agent))
    )
    found = {home.id: home for home in rows}
    return [found[one] for one in home_ids if one in found]


def latest_run(session: Session, case_id: int) -> MatchRun | None:
    """The newest stored run of a case."""
    return session.scalar(
        sa.select(MatchRun).where(MatchRun.case_id == case_id).order_by(MatchRun.id.desc()).limit(1)
    )


def run_of(session: Session, case_id: int, run_id: int | None) -> MatchRun | None:
    """The run of a case that was on the screen, or else its newest; never another household's."""
    if run_id is None:
        return latest_run(session, case_id)
    run = session.get(MatchRun, run_id)
    if run is None or run.case_id != case_id:
        raise NotFoundError(NO_RUN)
    return run


def get_run(
    session: Session, run_id: int, viewer: Viewer, *, today: date
) -> tuple[MatchRun, SeenCase]:
    """A stored run of a case the viewer may know of; otherwise as if it were not there."""
    run = session.get(MatchRun, run_id)
    if run is None:
        raise NotFoundError(NO_RUN)
    try:
        return run, get_case(session, run.case_id, viewer, today=today)
    except NotFoundError as error:
        raise NotFoundError(NO_RUN) from error
