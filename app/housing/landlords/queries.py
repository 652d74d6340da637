"""Reading landlords: lists, one landlord with homes and log, and who is like whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.directory.services import name_key
from app.errors import NotFoundError
from app.housing.landlords.codes import ContactKind
from app.housing.landlords.models import LandlordContact
from app.housing.models import Home, Landlord
from app.japanese import kana_sort_key, parse_phone, spelling_key

PER_PAGE = 50
SHORTEST = 2


@dataclass(frozen=True)
class LandlordPage:
    """Some landlords of a list with the counts of their homes."""

    landlords: Sequence[Landlord]
    homes: Mapping[int, int]
    total: int
    page: int


def get_landlord(session: Session, landlord_id: int) -> Landlord:
    """A landlord. Raises NotFoundError."""
    landlord = session.get(Landlord, landlord_id)
    if landlord is None:
        raise NotFoundError("この貸主は見つかりません。一覧から選び直してください。")
    return landlord


def search_landlords(
    session: Session, words: str, *, sort: str = "kana", page: int = 1, per_page: int = PER_PAGE
) -> LandlordPage:
    """One page of the landlords in whose name, kana or phone every word is found, by kana or,
    with `sort` "homes", those with the most homes first.

    Compared in Python, because neither database knows that 髙橋 is 高橋 and ﾀﾅｶ is たなか.
    """
    wanted = [spelling_key(word) for word in words.split()]
    rows = session.execute(
        sa.select(Landlord.id, Landlord.name, Landlord.kana, Landlord.phone, Landlord.phone_digits)
    ).all()
    found = [row for row in rows if all(word in _searched(row[1:]) for word in wanted)]
    found.sort(key=lambda row: (kana_sort_key(row.kana or row.name), row.id))
    homes = home_counts(session, [row.id for row in found])
    if sort == "homes":
        found.sort(key=lambda row: -homes.get(row.id, 0))
    page = max(1, min(page, -(-len(found) // per_page)))
    chosen = [row.id for row in found[(page - 1) * per_page : page * per_page]]
    landlords = {
        one.id: one for one in session.scalars(sa.select(Landlord).where(Landlord.id.in_(chosen)))
    }
    return LandlordPage([landlords[number] for number in chosen], homes, len(found), page)


def _searched(texts: Sequence[str | None]) -> str:
    return "\n".join(spelling_key(text) for text in texts if text)


def home_counts(session: Session, landlord_ids: Sequence[int]) -> dict[int, int]:
    """How many homes each of these landlords has."""
    rows = session.execute(
        sa.select(Home.landlord_id, sa.func.count())
        .where(Home.landlord_id.in_(landlord_ids))
        .group_by(Home.landlord_id)
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}


def homes_of(session: Session, landlord_id: int) -> Sequence[Home]:
    """A landlord's homes."""
    return session.scalars(
        sa.select(Home)
        .where(Home.landlord_id == landlord_id)
        .options(joinedload(Home.property))
        .order_by(Home.property_id, Home.room)
    ).all()


def contacts_of(session: Session, landlord_id: int) -> Sequence[LandlordContact]:
    """A landlord's log, the newest first."""
    return session.scalars(
        sa.select(LandlordContact)
        .where(LandlordContact.landlord_id == landlord_id)
        .options(joinedload(LandlordContact.user))
        .order_by(LandlordContact.on_day.desc(), LandlordContact.id.desc())
    ).all()


def referrals(contacts: Sequence[LandlordContact]) -> int:
    """How often this landlord brought somebody to us."""
    return sum(one.kind is ContactKind.REFERRAL for one in contacts)


def similar_landlords(
    session: Session, *, name: str = "", phone: str = "", most: int = 5
) -> list[Landlord]:
    """Landlords who may be the one being typed: the same name in any spelling, or phone number."""
    key = spelling_key(name_key(name)) if name.strip() else ""
    digits = parse_phone(phone).digits
    ranked: list[tuple[bool, str, int]] = []
    columns = (Landlord.id, Landlord.name_key, Landlord.phone_digits)
    for number, its_key, its_digits in session.execute(sa.select(*columns)):
        its = spelling_key(its_key)
        same_phone = digits is not None and its_digits == digits
        if same_phone or (len(key) >= SHORTEST and key in its):
            ranked.append((not (same_phone or its == key), its, number))
    chosen = [number for *_order, number in sorted(ranked)[:most]]
    found = session.scalars(sa.select(Landlord).where(Landlord.id.in_(chosen))).all()
    return sorted(found, key=lambda one: chosen.index(one.id))


def due_contacts(
    session: Session, organisation_ids: frozenset[int], *, today: date, most: int
) -> list[tuple[LandlordContact, str]]:
    """Next steps with landlords that are due, with the landlord's name, the oldest first."""
    rows = session.execute(
        sa.select(LandlordContact, Landlord.name)
        .join(Landlord, Landlord.id == LandlordContact.landlord_id)
        .where(
            LandlordContact.organisation_id.in_(organisation_ids),
            LandlordContact.next_on <= today,
            LandlordContact.next_done_at.is_(None),
        )
        .order_by(LandlordContact.next_on, LandlordContact.id)
        .limit(most)
    )
    return [(row[0], row[1]) for row in rows]
