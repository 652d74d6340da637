"""Reading what has to be asked: by whom to phone, with what came back last time.

A contact is the agent, else the landlord, else the bare telephone number of a home. Homes of one
contact stand together, so that one call settles them all.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from app.errors import NotFoundError
from app.housing.freshness.models import AnswerLink, AnswerLinkHome, CheckAnswer, VacancyCheck
from app.housing.freshness.services import UNDO_WITHIN
from app.housing.homes.queries import to_confirm
from app.housing.models import Home, Property

CONTACTS_PER_PAGE = 20
MOST_ANSWERS = 100
MOST_LINKS = 50
NO_LINK = "このリンクは見つかりません。"


@dataclass(frozen=True)
class Contact:
    """Whom to phone, the homes to ask about, and what is known of earlier calls."""

    key: str
    name: str | None
    phones: tuple[str, ...]
    homes: Sequence[Home]


@dataclass(frozen=True)
class ToAsk:
    """One page of contacts, with the last check and the open link of each home."""

    contacts: Sequence[Contact]
    total: int
    homes: int
    page: int
    last: Mapping[int, VacancyCheck] = field(default_factory=dict)
    linked: Mapping[int, datetime] = field(default_factory=dict)

    @property
    def first_shown(self) -> int:
        return (self.page - 1) * CONTACTS_PER_PAGE + 1 if self.total else 0

    @property
    def last_shown(self) -> int:
        return min(self.page * CONTACTS_PER_PAGE, self.total)


def _contact_key() -> sa.ColumnElement[str]:
    return sa.case(
        (Home.agent_id.is_not(None), sa.literal("a") + sa.cast(Home.agent_id, sa.String)),
        (Home.landlord_id.is_not(None), sa.literal("l") + sa.cast(Home.landlord_id, sa.String)),
        else_=sa.literal("p") + sa.func.coalesce(Home.contact_phone, ""),
    )


def _shown(today: date, user_id: int, at: datetime) -> sa.ColumnElement[bool]:
    """What is due, and what this person answered a moment ago and may want back."""
    just_now = sa.exists().where(
        VacancyCheck.home_id == Home.id,
        VacancyCheck.user_id == user_id,
        VacancyCheck.undone_at.is_(None),
        VacancyCheck.created_at > at - UNDO_WITHIN,
    )
    return sa.or_(to_confirm(today), just_now)


def to_ask(session: Session, *, today: date, at: datetime, user_id: int, page: int = 1) -> ToAsk:
    """Contacts to phone, those nobody reached today last; left out of a newer list comes first."""
    shown = _shown(today, user_id, at)
    key = _contact_key().label("key")
    tried = sa.exists().where(
        VacancyCheck.home_id == Home.id,
        VacancyCheck.asked_on == today,
        VacancyCheck.answer == CheckAnswer.NO_ANSWER,
        VacancyCheck.undone_at.is_(None),
    )
    keys = (
        sa.select(
            key,
            sa.func.count().label("homes"),
            sa.func.sum(sa.case((tried, 1), else_=0)).label("tried"),
            sa.func.sum(sa.case((Home.missing_since.is_not(None), 1), else_=0)).label("missing"),
            sa.func.min(sa.func.coalesce(Home.confirmed_on, date(1900, 1, 1))).label("oldest"),
        )
        .where(shown)
        .group_by(key)
        .subquery()
    )
    total, homes = session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(keys.c.homes), 0))
    ).one()
    page = max(1, min(page, -(-total // CONTACTS_PER_PAGE)))
    chosen = session.scalars(
        sa.select(keys.c.key)
        .order_by(keys.c.tried >= keys.c.homes, keys.c.missing.desc(), keys.c.oldest, keys.c.key)
        .offset((page - 1) * CONTACTS_PER_PAGE)
        .limit(CONTACTS_PER_PAGE)
    ).all()
    found = _by_contact(session, chosen, shown)
    ids = [home.id for contact in found for home in contact.homes]
    return ToAsk(found, total, homes, page, last_checks(session, ids), _linked(session, ids, at))


def _by_contact(
    session: Session, keys: Sequence[str], shown: sa.ColumnElement[bool]
) -> list[Contact]:
    key = _contact_key().label("key")
    rows = session.execute(
        sa.select(Home, key)
        .join(Home.property)
        .where(shown, key.in_(keys))
        .options(joinedload(Home.agent), joinedload(Home.landlord))
        .order_by(Property.name, Home.room, Home.id)
    ).all()
    grouped: dict[str, list[Home]] = defaultdict(list)
    for home, of in rows:
        grouped[of].append(home)
    return [contact_of(one, grouped[one]) for one in keys]


def contact_of(key: str, homes: Sequence[Home]) -> Contact:
    """Name and number of the contact these homes share; homes may have numbers of their own."""
    first = homes[0]
    owner = first.agent if first.agent_id is not None else first.landlord
    numbers = dict.fromkeys(home.contact_phone for home in homes if home.contact_phone)
    if owner is not None and owner.phone:
        phones = [owner.phone]
    else:
        phones = list(numbers) if len(numbers) == 1 else []
    return Contact(key, owner.name if owner else None, tuple(phones), homes)


def contact_key(home: Home) -> str:
    """Whom one asks about a home; the counterpart of the column expression."""
    if home.agent_id is not None:
        return f"a{home.agent_id}"
    if home.landlord_id is not None:
        return f"l{home.landlord_id}"
    return f"p{home.contact_phone or ''}"


def homes_by_id(session: Session, ids: Sequence[int]) -> Sequence[Home]:
    """The homes with these numbers; unknown numbers are left out."""
    return session.scalars(
        sa.select(Home)
        .where(Home.id.in_(ids))
        .options(joinedload(Home.agent), joinedload(Home.landlord))
        .order_by(Home.id)
    ).all()


def last_checks(session: Session, ids: Sequence[int]) -> dict[int, VacancyCheck]:
    """The newest check of each home that was not taken back."""
    newest = (
        sa.select(sa.func.max(VacancyCheck.id))
        .where(VacancyCheck.home_id.in_(ids), VacancyCheck.undone_at.is_(None))
        .group_by(VacancyCheck.home_id)
    )
    checks = session.scalars(sa.select(VacancyCheck).where(VacancyCheck.id.in_(newest)))
    return {check.home_id: check for check in checks}


def checks_of(session: Session, home_id: int, *, most: int = 8) -> Sequence[VacancyCheck]:
    """The newest checks of one home, for its page."""
    return session.scalars(
        sa.select(VacancyCheck)
        .where(VacancyCheck.home_id == home_id, VacancyCheck.undone_at.is_(None))
        .order_by(VacancyCheck.id.desc())
        .limit(most)
    ).all()


def _linked(session: Session, ids: Sequence[int], at: datetime) -> dict[int, datetime]:
    """When each home was last asked about by a link that still waits for its answer."""
    rows = session.execute(
        sa.select(AnswerLinkHome.home_id, sa.func.max(AnswerLink.created_at))
        .join(AnswerLink, AnswerLink.id == AnswerLinkHome.link_id)
        .where(
            AnswerLinkHome.home_id.in_(ids),
            AnswerLinkHome.answered_at.is_(None),
            AnswerLink.ended_at.is_(None),
            AnswerLink.expires_at > at,
        )
        .group_by(AnswerLinkHome.home_id)
    )
    return {row[0]: row[1] for row in rows}


# ------------------------------------------------------------------------------------ links


def get_link(session: Session, link_id: int, organisations: frozenset[int]) -> AnswerLink:
    """A link of one of these organisations with its homes. Raises NotFoundError."""
    link = session.scalar(
        _with_homes().where(AnswerLink.id == link_id, AnswerLink.organisation_id.in_(organisations))
    )
    if link is None:
        raise NotFoundError(NO_LINK)
    return link


def link_named(session: Session, link_id: int, nonce: str) -> AnswerLink | None:
    """The link an address names, whether it still works or not."""
    return session.scalar(_with_homes().where(AnswerLink.id == link_id, AnswerLink.nonce == nonce))


def _with_homes() -> sa.Select[AnswerLink]:
    return sa.select(AnswerLink).options(
        selectinload(AnswerLink.homes).joinedload(AnswerLinkHome.home)
    )


def works(link: AnswerLink, at: datetime) -> bool:
    """Whether a link still takes answers."""
    return link.ended_at is None and at < link.expires_at


def links_of(
    session: Session, organisations: frozenset[int]
) -> Sequence[sa.Row[AnswerLink, int, int]]:
    """The newest links with how many homes they ask about and how many were answered."""
    return session.execute(
        sa.select(
            AnswerLink,
            sa.func.count(AnswerLinkHome.home_id),
            sa.func.count(AnswerLinkHome.answered_at),
        )
        .join(AnswerLinkHome, AnswerLinkHome.link_id == AnswerLink.id)
        .where(AnswerLink.organisation_id.in_(organisations))
        .group_by(AnswerLink.id)
        .order_by(AnswerLink.id.desc())
        .limit(MOST_LINKS)
    ).all()


def _waiting(organisations: frozenset[int]) -> tuple[Any, ...]:
    return (
        VacancyCheck.link_id.is_not(None),
        VacancyCheck.seen_at.is_(None),
        VacancyCheck.undone_at.is_(None),
        AnswerLink.organisation_id.in_(organisations),
        sa.or_(VacancyCheck.answer != CheckAnswer.VACANT, VacancyCheck.note.is_not(None)),
    )


def unread_answers(
    session: Session, organisations: frozenset[int]
) -> Sequence[sa.Row[VacancyCheck, AnswerLink]]:
    """Answers by link somebody here should read: let, or with words beside the answer."""
    return session.execute(
        sa.select(VacancyCheck, AnswerLink)
        .join(AnswerLink, AnswerLink.id == VacancyCheck.link_id)
        .join(VacancyCheck.home)
        .options(joinedload(VacancyCheck.home))
        .where(*_waiting(organisations))
        .order_by(VacancyCheck.id)
        .limit(MOST_ANSWERS)
    ).all()


def count_unread(session: Session, organisations: frozenset[int]) -> int:
    """How many answers by link wait to be read."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(VacancyCheck)
            .join(AnswerLink, AnswerLink.id == VacancyCheck.link_id)
            .where(*_waiting(organisations))
        )
        or 0
    )
