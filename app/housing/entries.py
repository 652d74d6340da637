"""The audit entry of a home somebody changed, one shape wherever it happens."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.housing.models import Home


def note_home(
    session: Session,
    home: Home,
    user_id: int | None,
    fields: Iterable[str],
    *,
    deed: Deed = Deed.CHANGED,
    basis: str | None = None,
) -> None:
    """Write who changed what of a home; `user_id` None is an answer that came by link."""
    record(
        session,
        deed=deed,
        record_kind="home",
        record_id=home.id,
        user_id=user_id,
        organisation_id=home.organisation_id,
        fields=fields,
        basis=basis,
    )
