"""Making, reading and ending the addresses of a person's calendar."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.models import Deed
from app.audit.services import record
from app.errors import InvalidError, NotFoundError
from app.feeds.models import CalendarFeed
from app.feeds.sources import Dated, calendar_sources
from app.links import new_nonce
from app.policy import Viewer, allows

MOST_FEEDS = 5

GONE = "このカレンダーの住所は使えません。「自分の設定」から新しい住所を作ってください。"


def feeds_of(session: Session, user_id: int) -> Sequence[CalendarFeed]:
    """The addresses in use, the newest first."""
    return session.scalars(
        sa.select(CalendarFeed)
        .where(CalendarFeed.user_id == user_id, CalendarFeed.ended_at.is_(None))
        .order_by(CalendarFeed.id.desc())
    ).all()


def make_feed(session: Session, *, user_id: int, label: str, with_names: bool) -> CalendarFeed:
    """A new address. Raises InvalidError when there are enough already."""
    # One person at a time, or two presses at once would both find four.
    session.execute(sa.select(User.id).where(User.id == user_id).with_for_update())
    if len(feeds_of(session, user_id)) >= MOST_FEEDS:
        sentence = f"住所は{MOST_FEEDS}つまでです。使っていないものを止めてから作ってください。"
        raise InvalidError(sentence, fields={"label": [sentence]})
    feed = CalendarFeed(user_id=user_id, label=label, with_names=with_names, nonce=new_nonce())
    session.add(feed)
    session.flush()  # the audit entry names it
    _note(session, feed, Deed.CREATED, "label", "with_names")
    return feed


def end_feed(session: Session, *, user_id: int, feed_id: int, at: datetime) -> None:
    """Stop an address; one stopped before stays stopped."""
    feed = session.get(CalendarFeed, feed_id)
    if feed is None or feed.user_id != user_id:
        raise NotFoundError("この住所は見つかりません。画面を開き直してください。")
    if feed.ended_at is None:
        feed.ended_at = at
        _note(session, feed, Deed.CHANGED, "ended_at")


def _note(session: Session, feed: CalendarFeed, deed: Deed, *fields: str) -> None:
    record(
        session,
        deed=deed,
        record_kind="calendar_feed",
        record_id=feed.id,
        user_id=feed.user_id,
        fields=fields,
    )


def opened(session: Session, signed: tuple[int, str] | None) -> tuple[CalendarFeed, User]:
    """The address and whose it is. Raises NotFoundError for one that was never or is no more."""
    feed = session.get(CalendarFeed, signed[0]) if signed else None
    if feed is None or signed is None or feed.nonce != signed[1] or feed.ended_at is not None:
        raise NotFoundError(GONE)
    user = session.get_one(User, feed.user_id)
    if not user.active:
        raise NotFoundError(GONE)
    return feed, user


def planned(session: Session, viewer: Viewer, today: date) -> list[Dated]:
    """Everything planned that the viewer may know of, by day and hour."""
    found = [
        one
        for action, source in calendar_sources
        if allows(viewer, action)
        for one in source(session, viewer, today)
    ]
    return sorted(found, key=lambda one: (one.on, str(one.at or ""), one.key))
