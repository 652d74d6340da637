"""What features above this one add to homes: they know the households, this one must not.

`home_panels` are drawn on a home's page; `hold_ends` tells until when homes are kept – the moment
only, never for whom; `holds_for` tells a household its own; `provided_for` tells which cases look
no more; `landlord_tallies` count what became of a landlord's homes.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.policy import Viewer

HomePanel = Callable[[Session, int, Viewer], Markup | None]
home_panels: list[HomePanel] = []

HoldEnds = Callable[[Session, Collection[int]], Mapping[int, datetime]]
hold_ends: list[HoldEnds] = []


def panels_of(session: Session, home_id: int, viewer: Viewer) -> list[Markup]:
    """The panels of one home, in the order in which features registered them."""
    drawn = (panel(session, home_id, viewer) for panel in home_panels)
    return [panel for panel in drawn if panel is not None]


def held_until(session: Session, home_ids: Collection[int]) -> dict[int, datetime]:
    """Until when each of these homes is kept for somebody."""
    found: dict[int, datetime] = {}
    for ends in hold_ends:
        found.update(ends(session, home_ids))
    return found


HoldsFor = Callable[[Session, int], Mapping[int, str]]
holds_for: list[HoldsFor] = []


def own_holds(session: Session, case_id: int) -> dict[int, str]:
    """The homes kept for this household, each with the address of its hold."""
    return {home: url for ask in holds_for for home, url in ask(session, case_id).items()}


ProvidedFor = Callable[[Session], Collection[int]]
provided_for: list[ProvidedFor] = []


def have_a_home(session: Session) -> set[int]:
    """The cases that features above say have a home kept for them, on its way or moved into."""
    return {case_id for ask in provided_for for case_id in ask(session)}


LandlordTallies = Callable[[Session, int], list[tuple[str, int, str]]]
landlord_tallies: list[LandlordTallies] = []


def tallies_of(session: Session, landlord_id: int) -> list[tuple[str, int, str]]:
    """Label, count and unit of what features above know of a landlord's homes."""
    return [row for tally in landlord_tallies for row in tally(session, landlord_id)]
