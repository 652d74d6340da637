"""Partners found again however their name is written."""

import re

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.models import Partner, PartnerKind
from app.japanese import narrow

_COMPANY = re.compile(r"株式会社|有限会社|合同会社|合資会社|\((?:株|有|同|資)\)")


def name_key(name: str) -> str:
    """A name for comparison: "㈱架空ホーム" and "架空ホーム株式会社" agree."""
    plain = re.sub(r"\s+", "", narrow(name)).casefold()
    return _COMPANY.sub("", plain) or plain


def find_or_add_partner(
    session: Session, *, kind: PartnerKind, name: str, phone: str | None = None
) -> Partner:
    """The partner of this kind with this name in any spelling; a new one when there is none."""
    key = name_key(name)
    found = session.scalar(sa.select(Partner).where(Partner.kind == kind, Partner.name_key == key))
    if found is None:
        found = Partner(kind=kind, name=name.strip(), name_key=key, phone=phone)
        session.add(found)
        session.flush()  # the id is referred to at once
    return found
