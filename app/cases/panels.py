"""What other features add to the page of a case.

A feature above this one registers a function at import time:

    from app.cases.panels import Panel, PanelLine, case_panels

    def food_panel(session, case, access, viewer, today) -> Panel | None:
        if not access.sees(Tier.CODE):
            return None
        return Panel(title=_("食料"), lines=[PanelLine(_("12月1日に7日分"), url=url_for(...))])

    case_panels.append(food_panel)

The function runs once per view of a case page and must pass everything through `access` itself:
a panel that shows a home needs `access.sees(Tier.PLACE)`. `events` join the timeline of the page;
text in them is shown to whoever may see the page, so care-tier text needs `Tier.CARE`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.policy import Access, Viewer


@dataclass(frozen=True)
class PanelLine:
    """One line of a panel; `tag` is (label, kind) as the component `tag` takes it.

    `press` in `Panel.ahead`: the address is not opened but pressed (POST), for what one tap makes.
    """

    text: str
    url: str | None = None
    note: str | None = None
    tag: tuple[str, str] | None = None
    press: bool = False


@dataclass(frozen=True)
class TimelineEvent:
    """Something that happened, for the timeline. `kind` is "", good, warn or bad.

    `day_only` when nobody noted the hour: `at` then only puts the events of a day in order.
    """

    at: datetime
    title: str
    by: str | None = None
    text: str | None = None
    kind: str = ""
    url: str | None = None
    day_only: bool = False


@dataclass(frozen=True)
class Panel:
    """A card of the case page; `action` is (label, url) at the right of its heading.

    `ahead` joins 「次にすること」: what to do next and where, `note` saying when or about what.
    """

    title: str
    lines: Sequence[PanelLine] = ()
    action: tuple[str, str] | None = None
    empty: str | None = None
    events: Sequence[TimelineEvent] = field(default=())
    ahead: Sequence[PanelLine] = ()


CasePanel = Callable[[Session, Case, Access, Viewer, date], Panel | None]
case_panels: list[CasePanel] = []


def panels_of(
    session: Session, case: Case, access: Access, viewer: Viewer, today: date
) -> list[Panel]:
    """Every registered panel that has something to say, in the order of registration."""
    found = (panel(session, case, access, viewer, today) for panel in case_panels)
    return [panel for panel in found if panel is not None]
