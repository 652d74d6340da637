"""Changing the list of services: what a town adds, renames, ends; nothing a plan named is lost."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.plans.catalogue import by_code
from app.cases.plans.models import Service
from app.cases.services import note
from app.cases.versions import check_version, flushed
from app.errors import InvalidError, NotFoundError

SERVICE_FIELDS = ("name", "kind", "survey_column", "starts_on", "ends_on", "provider", "note")


def add_service(session: Session, *, values: Mapping[str, Any], user_id: int) -> Service:
    """A service of this town. Raises InvalidError for a code or a period that cannot be."""
    code = values["code"]
    taken = code in by_code() or _row(session, code) is not None
    if taken:
        sentence = "この符号は、もう使われています。ほかの符号にしてください。"
        raise InvalidError(sentence, fields={"code": [sentence]})
    return _save(session, Service(code=code), values, user_id, Deed.CREATED)


def change_service(
    session: Session, *, code: str, version: int, values: Mapping[str, Any], user_id: int
) -> Service:
    """Change a service; of a shipped one a row of its own is made, so `version` 0 is its first.

    Raises NotFoundError, StaleError, InvalidError for a period that cannot be.
    """
    row = _row(session, code)
    if row is None and code not in by_code():
        raise NotFoundError("この事業は見つかりません。一覧から選び直してください。")
    check_version(row, version)
    deed = Deed.CREATED if row is None else Deed.CHANGED
    return _save(session, row or Service(code=code), values, user_id, deed)


def _row(session: Session, code: str) -> Service | None:
    return session.scalar(sa.select(Service).where(Service.code == code))


def _save(
    session: Session, row: Service, values: Mapping[str, Any], user_id: int, deed: Deed
) -> Service:
    ends_on = values.get("ends_on")
    if ends_on is not None and ends_on < values["starts_on"]:
        sentence = "始まりより後の日付にしてください。"
        raise InvalidError(sentence, fields={"ends_on": [sentence]})

    def act() -> None:
        for name in SERVICE_FIELDS:
            value = values.get(name)
            setattr(row, name, None if value == "" else value)
        session.add(row)

    flushed(session, act)  # the unique code decides between two who add the same
    note(session, deed, "service", row.id, user_id=user_id, fields=SERVICE_FIELDS)
    return row
