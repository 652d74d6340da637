"""Who looks in on a household, whom to call first, and what was agreed about it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.versions import check_version, flushed
from app.errors import InvalidError
from app.followup.models import WatchPlan
from app.followup.plans.services import note
from app.placements.queries import staff_to_go_along

FIELDS = ("assigned_to", "emergency_contact", "fee", "terms")


def change_details(
    session: Session, *, plan: WatchPlan, version: int, values: Mapping[str, Any], user_id: int
) -> None:
    """Correct these facts. Raises StaleError when somebody was first, InvalidError for a stranger.

    Only whom the form offers can look in: a number must not bring anybody else's name along.
    """
    check_version(plan, version)
    chosen = values["assigned_to"]
    if chosen is not None and chosen not in dict(staff_to_go_along(session, plan.placement)):
        sentence = "いまは選べない担当です。選び直してください。"
        raise InvalidError(sentence, fields={"assigned_to": [sentence]})

    def act() -> None:
        for name in FIELDS:
            setattr(plan, name, None if values[name] == "" else values[name])

    flushed(session, act)
    note(session, Deed.CHANGED, "watch_plan", plan.id, user_id, *FIELDS)
