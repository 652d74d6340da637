"""Writing a new version of a template. Older versions and the plans made from them stay."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.errors import InvalidError
from app.followup.templates.codes import Certainty
from app.followup.templates.models import WatchTemplate

CONFLICT = "この日から始まる版が、もうあります。別の日にしてください。"


def write_version(
    session: Session,
    *,
    after: WatchTemplate,
    organisation_id: int,
    values: Mapping[str, Any],
    user_id: int,
    today: date,
) -> WatchTemplate:
    """A new version for one office, valid from a day to come or today.

    Raises InvalidError for a day that has passed – plans of the past were made by what was in
    force then –, for a day another version begins on, and for a template that plans nothing.
    """
    valid_from = values["valid_from"]
    if valid_from < today:
        _refuse("valid_from", "きょう以降の日にしてください。過ぎた日の計画は変えられません。")
    if not values["first_days"] and not values["phases"]:
        _refuse("first_days", "はじめの日か、間隔のどちらかを入れてください。")
    taken = session.scalar(
        sa.select(WatchTemplate.id).where(
            WatchTemplate.organisation_id == organisation_id,
            WatchTemplate.code == after.code,
            WatchTemplate.valid_from == valid_from,
        )
    )
    if taken is not None:
        _refuse("valid_from", CONFLICT)
    template = WatchTemplate(
        **values,
        organisation_id=organisation_id,
        code=after.code,
        kind=after.kind,
        certainty=Certainty.OWN,
        made_by=user_id,
    )
    session.add(template)
    try:
        session.flush()  # of two who write the same day's version at once the second is refused
    except IntegrityError as error:
        raise InvalidError(CONFLICT, fields={"valid_from": [CONFLICT]}) from error
    record(
        session,
        deed=Deed.CREATED,
        record_kind="watch_template",
        record_id=template.id,
        user_id=user_id,
        organisation_id=organisation_id,
        fields=("valid_from", "template"),
    )
    return template


def _refuse(field: str, sentence: str) -> None:
    raise InvalidError(sentence, fields={field: [sentence]})
