"""Reading partners: lists, one partner, and those whose name is like what is being typed."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.models import Partner, PartnerKind
from app.directory.services import name_key
from app.errors import NotFoundError
from app.japanese import parse_phone, spelling_key

SHORTEST = 2


def get_partner(session: Session, partner_id: int, kinds: Sequence[PartnerKind]) -> Partner:
    """A partner of one of these kinds. Raises NotFoundError."""
    partner = session.get(Partner, partner_id)
    if partner is None or partner.kind not in kinds:
        raise NotFoundError("この相手は見つかりません。一覧から選び直してください。")
    return partner


def list_partners(
    session: Session, kind: PartnerKind, words: str = "", *, contacts: bool = False
) -> list[Partner]:
    """The partners of a kind in whose name or kana every word is found, by kana.

    With `contacts` also by phone and person: what a viewer may not see must not find anything.
    """
    found = session.scalars(sa.select(Partner).where(Partner.kind == kind)).all()
    wanted = [spelling_key(word) for word in words.split()]
    shown = [
        one for one in found if all(word in _searched(one, contacts=contacts) for word in wanted)
    ]
    return sorted(shown, key=lambda one: (spelling_key(one.kana or one.name_key), one.id))


def _searched(partner: Partner, *, contacts: bool) -> str:
    parts = [partner.name, partner.name_key, partner.kana]
    if contacts:
        parts += [partner.phone, partner.contact_person]
    return "\n".join(spelling_key(part) for part in parts if part)


def partner_choices(session: Session, kind: PartnerKind) -> list[tuple[int, str]]:
    """Numbers and names of a kind, for a field to choose from."""
    return [(one.id, one.name) for one in list_partners(session, kind)]


def similar_partners(
    session: Session, kind: PartnerKind, *, name: str = "", phone: str = "", most: int = 5
) -> list[Partner]:
    """Partners that may be the one being typed: ㈱架空ホーム is 株式会社架空ホーム."""
    key, digits = spelling_key(name_key(name)) if name.strip() else "", parse_phone(phone).digits
    found = []
    for one in session.scalars(sa.select(Partner).where(Partner.kind == kind)):
        its = spelling_key(one.name_key)
        alike = len(key) >= SHORTEST and (key in its or its in key)
        same_phone = digits is not None and parse_phone(one.phone or "").digits == digits
        if alike or same_phone:
            found.append((its != key, its, one.id, one))
    return [one for *_order, one in sorted(found, key=lambda row: row[:3])[:most]]
