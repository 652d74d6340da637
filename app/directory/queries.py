"""Reading partners: lists, one partner, and those whose name is like what is being typed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, selectinload

from app.directory.access import access_to
from app.directory.codes import PARTNER_SYSTEM_LABELS, Offer, PartnerSystem
from app.directory.models import Partner, PartnerKind
from app.directory.services import name_key
from app.errors import NotFoundError
from app.japanese import parse_phone, spelling_key
from app.policy import Tier, Viewer

SHORTEST = 2


@dataclass(frozen=True)
class Asked:
    """Which partners somebody looks for; `kinds` are those they may see or chose among these."""

    kinds: Sequence[PartnerKind]
    words: str = ""
    system: PartnerSystem | None = None
    offer: Offer | None = None
    ended: bool = True


def get_partner(session: Session, partner_id: int, kinds: Sequence[PartnerKind]) -> Partner:
    """A partner of one of these kinds. Raises NotFoundError."""
    partner = session.get(Partner, partner_id)
    if partner is None or partner.kind not in kinds:
        raise NotFoundError("この相手は見つかりません。一覧から選び直してください。")
    return partner


def name_in_full() -> sa.ColumnElement[str]:
    """A partner's name behind that of its organisation, as choices need it: two towns have a
    収納課 each.
    """
    parent = aliased(Partner)
    before = sa.select(parent.name + "　").where(parent.id == Partner.parent_id).scalar_subquery()
    return sa.func.coalesce(before, "") + Partner.name


def find_partners(session: Session, asked: Asked, viewer: Viewer) -> list[Partner]:
    """The partners in whose names, work or whereabouts every word is found, by kana.

    Only what the viewer may see of a partner finds it: a realtor's telephone number finds nothing
    for somebody who does not phone realtors.
    """
    query = sa.select(Partner).where(Partner.kind.in_(asked.kinds)).options(*_ALL_OF_THEM)
    if not asked.ended:
        query = query.where(Partner.active)
    wanted = [spelling_key(word) for word in asked.words.split()]
    found = [
        one
        for one in session.scalars(query)
        if (asked.system is None or asked.system in one.systems)
        and (asked.offer is None or any(row.offer is asked.offer for row in one.services))
        and (not wanted or _holds(_searched(one, viewer), wanted))
    ]
    return sorted(found, key=_by_kana)


_ALL_OF_THEM = (
    selectinload(Partner.parent), selectinload(Partner.system_links),
    selectinload(Partner.contacts), selectinload(Partner.services),
    selectinload(Partner.step_rows),
)  # fmt: skip


def whole_partners(session: Session, kinds: Sequence[PartnerKind]) -> list[Partner]:
    """Every partner of these kinds with all that belongs to it, in the order they came."""
    query = sa.select(Partner).where(Partner.kind.in_(kinds)).order_by(Partner.id)
    return list(session.scalars(query.options(*_ALL_OF_THEM)))


def list_partners(session: Session, kind: PartnerKind) -> list[Partner]:
    """The partners of a kind, by kana."""
    return sorted(session.scalars(sa.select(Partner).where(Partner.kind == kind)), key=_by_kana)


def _by_kana(partner: Partner) -> tuple[str, int]:
    return spelling_key(partner.kana or partner.name_key), partner.id


def _holds(text: str, wanted: Collection[str]) -> bool:
    return all(word in text for word in wanted)


def _searched(partner: Partner, viewer: Viewer) -> str:
    access = access_to(viewer, partner.kind)
    parts = [partner.name, partner.name_key, partner.kana, partner.does]
    parts += [partner.parent.name if partner.parent else None]
    parts += [PARTNER_SYSTEM_LABELS[system] for system in partner.systems]
    parts += [text for row in partner.services for text in (row.name, row.for_whom)]
    if access.sees(Tier.CONTACT):
        parts += [partner.phone, partner.office, partner.address]
        for row in partner.contacts:
            parts += [row.name, row.role, row.phone]
    return "\n".join(spelling_key(part) for part in parts if part)


def sections_of(
    session: Session, partner_id: int, kinds: Sequence[PartnerKind]
) -> list[tuple[int, str]]:
    """Numbers and names of the sections of an organisation."""
    rows = session.execute(
        sa.select(Partner.id, Partner.name)
        .where(Partner.parent_id == partner_id, Partner.kind.in_(kinds), Partner.active)
        .order_by(Partner.name_key)
    )
    return [(row.id, row.name) for row in rows]


def parent_choices(
    session: Session, kinds: Sequence[PartnerKind], own: int | None
) -> list[tuple[int, str]]:
    """The organisations a partner can be a section of: those that are no section themselves."""
    rows = session.execute(
        sa.select(Partner.id, Partner.name)
        .where(
            Partner.parent_id.is_(None),
            Partner.kind.in_(kinds),
            Partner.kind != PartnerKind.DONOR,
            Partner.id.is_distinct_from(own),
        )
        .order_by(Partner.kind != PartnerKind.CITY_SECTION, Partner.name_key)
    )
    return [(row.id, row.name) for row in rows]


def put_in_order(found: list[Partner], sort: str, homes: Mapping[int, int]) -> None:
    """Order partners, which come by kana: the most homes first, or the longest unchecked first."""
    if sort == "homes":
        found.sort(key=lambda one: -homes.get(one.id, 0))
    elif sort == "checked":
        found.sort(key=lambda one: one.checked_on or date.min)


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
