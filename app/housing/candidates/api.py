"""見合わせ in the API: homes kept out of a household's candidates, and letting them in again."""

from typing import Any

from flask import jsonify

from app.audit.models import Deed
from app.cases.queries import SeenCase, get_case
from app.db import db, now, today
from app.housing import pauses
from app.housing.api import bp
from app.housing.candidates.schemas import PauseAnswerSchema
from app.housing.models import HomePause
from app.idempotency import committed, creates
from app.policy import Action, Tier, requires
from app.security import saw, the_viewer


def _seen(case_id: int) -> SeenCase:
    """That somebody refused or was refused is part of where the household might live."""
    return get_case(db.session, case_id, the_viewer(), today=today(), needs=Tier.PLACE)


@bp.get("/cases/<int:case_id>/pauses")
@bp.response(200, PauseAnswerSchema(many=True))
@requires(Action.MATCH_RUN)
def case_pauses(case_id: int) -> Any:
    """The homes and guarantor companies kept back from a household today, soonest to end first."""
    seen = _seen(case_id)
    saw(Deed.VIEWED, "case", case_id, fields=("home",))
    return [_plain(seen, one) for one in pauses.active_pauses(db.session, seen.case, today=today())]


@bp.post("/cases/<int:case_id>/pauses/<int:pause_id>/end")
@bp.response(200, PauseAnswerSchema)
@requires(Action.MATCH_RUN)
@creates
def end_case_pause(case_id: int, pause_id: int) -> Any:
    """Let a home be proposed again before its time; 409 when it already is."""
    seen = _seen(case_id)
    ended = pauses.end_pause(
        db.session, case=seen.case, pause_id=pause_id, user_id=the_viewer().user_id, at=now()
    )
    return committed(jsonify(PauseAnswerSchema().dump(_plain(seen, ended))))


def _plain(seen: SeenCase, one: HomePause) -> dict[str, Any]:
    """A pause as this viewer may read it: which group was refused is for consultants."""
    names = ("id", "home_id", "company_id", "cause", "detail", "until", "ended_at")
    group = one.group_code if seen.access.sees(Tier.CARE) else None
    return {name: getattr(one, name) for name in names} | {"group": group}
