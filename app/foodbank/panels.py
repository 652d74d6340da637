"""What food adds to the page of a case: its requests, and each hand-out in its story (T1)."""

from datetime import date

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
from app.foodbank.models import (
    REQUEST_STATE_LABELS,
    FoodRequest,
    HandOut,
    Parcel,
    RequestState,
)
from app.foodbank.parcels import queries as parcel_queries
from app.foodbank.requests import queries as request_queries
from app.policy import Access, Action, Tier, Viewer, allows
from app.wording import weekday

TAGS = {
    RequestState.OPEN: "info",
    RequestState.PACKED: "warn",
    RequestState.HANDED_OUT: "good",
    RequestState.CANCELLED: "",
}
NEWEST = 5


def open_food(session: Session, case: Case, access: Access, _today: date) -> list[str]:
    """Requests that wait to be packed or handed out, for whoever ends the consultation."""
    if not access.sees(Tier.CODE):
        return []
    waiting = [
        one
        for one in request_queries.requests_of_case(session, case.id)
        if one.state in {RequestState.OPEN, RequestState.PACKED}
    ]
    return [str(_("渡していない食料の依頼が %(n)s件 あります", n=len(waiting)))] if waiting else []


def food_of_case(
    session: Session, case: Case, access: Access, viewer: Viewer, _today: date
) -> Panel | None:
    """The latest requests of a household with their state."""
    if not access.sees(Tier.CODE) or not allows(viewer, Action.FOOD_REQUEST):
        return None
    requests = request_queries.requests_of_case(session, case.id)
    handed = parcel_queries.hand_outs_of_case(session, case.id)
    trace = url_for("foodbank.case_trace", case_id=case.id)
    return Panel(
        title=_("食料の依頼"),
        lines=[
            *(_line(request) for request in requests[:NEWEST]),
            *([PanelLine(str(_("渡した物のロットをたどる")), url=trace)] if handed else []),
        ],
        empty=_("まだ頼んでいません"),
        action=(_("食料を頼む"), url_for("foodbank.new_request_page", case_id=case.id)),
        events=[
            *(_asked(request) for request in requests),
            *(_handed(*row) for row in handed),
        ],
    )


def _line(request: FoodRequest) -> PanelLine:
    return PanelLine(
        f"{request.number}（{request.days}日分）",
        url=url_for("foodbank.case_request_page", case_id=request.case_id, request_id=request.id),
        note=weekday(request.needed_on),
        tag=(REQUEST_STATE_LABELS[request.state], TAGS[request.state]),
    )


def _asked(request: FoodRequest) -> TimelineEvent:
    return TimelineEvent(
        at=request.created_at, title=_("食料を頼みました（%(days)s日分）", days=request.days)
    )


def _handed(hand_out: HandOut, parcel: Parcel) -> TimelineEvent:
    weight = _("%(kg)skg", kg=f"{parcel.weight_kg:.1f}")
    return TimelineEvent(
        at=hand_out.at,
        title=_("食料を渡しました（%(number)s）", number=parcel.number),
        text=weight,
        kind="good",
    )


case_panels.append(food_of_case)
open_things.append(open_food)
