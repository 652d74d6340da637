"""Partners: found again however their name is written, registered and corrected."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.directory.models import Partner, PartnerKind
from app.errors import ConflictError, InvalidError
from app.japanese import narrow

_COMPANY = re.compile(r"株式会社|有限会社|合同会社|合資会社|\((?:株|有|同|資)\)")

LONGEST_KEY = 200


def name_key(name: str) -> str:
    """A name for comparison: "㈱架空ホーム" and "架空ホーム株式会社" agree."""
    plain = re.sub(r"\s+", "", narrow(name)).casefold()
    return (_COMPANY.sub("", plain) or plain)[:LONGEST_KEY]  # a sign like ㌀ is three when plain


def find_or_add_partner(session: Session, *, kind: PartnerKind, name: str, user_id: int) -> Partner:
    """The partner of this kind with this name in any spelling; a new one when there is none."""
    key = name_key(name)
    found = session.scalar(sa.select(Partner).where(Partner.kind == kind, Partner.name_key == key))
    if found is None:
        found = Partner(kind=kind, name=name.strip(), name_key=key)
        session.add(found)
        session.flush()  # the id is referred to at once
        _note(session, Deed.CREATED, found, user_id, ("name",))
    return found


def add_partner(
    session: Session, *, kind: PartnerKind, values: Mapping[str, Any], user_id: int
) -> Partner:
    """A new partner. Raises InvalidError, with the number of the one that has this name."""
    partner = Partner(kind=kind, **_columns(session, kind, values, None))
    session.add(partner)
    try:
        session.flush()  # the unique key decides between two who type the same name
    except IntegrityError as error:
        raise ConflictError(
            "同じ名前の相手が、いま登録されました。一覧から開いてください。"
        ) from error
    _note(session, Deed.CREATED, partner, user_id, ("name",))
    return partner


def change_partner(
    session: Session, *, partner: Partner, version: int, values: Mapping[str, Any], user_id: int
) -> None:
    """Correct a partner.

    Raises ConflictError (code "stale") when somebody changed it since the form was opened.
    """
    if partner.version != version:
        raise ConflictError(
            "ほかの人が先に書きかえました。違いを確かめて、もう一度記録してください。", code="stale"
        )
    wanted = _columns(session, partner.kind, values, partner)
    changed = [name for name, value in wanted.items() if getattr(partner, name) != value]
    for name in changed:
        setattr(partner, name, wanted[name])
    if changed:
        _note(session, Deed.CHANGED, partner, user_id, changed)
    session.flush()  # the version is compared in the database as well


def _columns(
    session: Session, kind: PartnerKind, values: Mapping[str, Any], own: Partner | None
) -> dict[str, Any]:
    """What a form says, by column, with the key the name is found by."""
    wanted = {name: None if value == "" else value for name, value in values.items()}
    wanted["name_key"] = name_key(values["name"])
    same = session.scalar(
        sa.select(Partner).where(Partner.kind == kind, Partner.name_key == wanted["name_key"])
    )
    if same is not None and same is not own:
        sentence = f"「{same.name}」がもう登録されています。そちらを開いて直してください。"
        raise InvalidError(
            sentence, fields={"name": [sentence]}, code="partner_known", partner_id=same.id
        )
    return wanted


def _note(
    session: Session, deed: Deed, partner: Partner, user_id: int | None, fields: Iterable[str]
) -> None:
    record(
        session,
        deed=deed,
        record_kind="partner",
        record_id=partner.id,
        user_id=user_id,
        fields=fields,
    )
