"""What waits today for those who carry goods and for those who keep them for households."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session, joinedload

from app.cases.queries import access_to, seen_to
from app.goods.codes import KIND_LABELS, OURS, Carrier, ItemState
from app.goods.items.queries import is_reserved, running
from app.goods.items.records import shown_reservation
from app.goods.models import GoodsItem, GoodsNeed, GoodsReservation
from app.goods.words import for_whom
from app.pages import today_sources
from app.policy import Action, Tier, Viewer, allows
from app.wording import weekday

SHOWN = 8
FETCH_AHEAD = timedelta(days=14)


def to_carry(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """To fetch, with the last day; to deliver, with the day it is needed by."""
    fetch = session.scalars(
        sa.select(GoodsItem)
        .where(
            GoodsItem.state == ItemState.PLEDGED,
            GoodsItem.carrier != Carrier.DONOR,
            sa.or_(GoodsItem.window_until <= today + FETCH_AHEAD, is_reserved()),
        )
        .order_by(GoodsItem.window_until.is_(None), GoodsItem.window_until, GoodsItem.id)
    ).all()
    ours = session.scalars(
        sa.select(GoodsItem).where(GoodsItem.state.in_(OURS), is_reserved()).order_by(GoodsItem.id)
    ).all()
    kept = running(session, [item.id for item in (*fetch, *ours)])
    deliver = [item for item in ours if not _told_below(kept[item.id], viewer, today)]
    return [
        section
        for section in (
            _section(_("引き取る品物"), fetch, [_fetch(i, kept, viewer, today) for i in fetch]),
            _section(_("届ける品物"), deliver, [_bring(i, kept, viewer, today) for i in deliver]),
        )
        if section["items"]
    ]


def _told_below(one: GoodsReservation, viewer: Viewer, today: date) -> bool:
    """Whether `run_out` tells this viewer of it: what is to be decided is not told twice."""
    known = allows(viewer, Action.GOODS_NEED) and one.until < today
    return known and access_to(one.need.case, viewer, today=today).sees(Tier.CODE)


def _section(title: str, things: Sequence[GoodsItem], rows: list[dict[str, Any]]) -> dict[str, Any]:
    more = len(things) - SHOWN
    all_of_them = _("ほか%(n)s件", n=more), url_for("goods.item_list")
    action = all_of_them if more > 0 else (_("車の日"), url_for("goods.van_page"))
    return {"title": title, "items": rows[:SHOWN], "action": action}


def _fetch(
    item: GoodsItem, kept: dict[int, GoodsReservation], viewer: Viewer, today: date
) -> dict[str, Any]:
    until = item.window_until
    return _row(item, kept.get(item.id), viewer, today) | {
        "when": _("%(day)sまで", day=weekday(until)) if until else _("期限なし"),
        "late": until is not None and until < today,
    }


def _bring(
    item: GoodsItem, kept: dict[int, GoodsReservation], viewer: Viewer, today: date
) -> dict[str, Any]:
    reservation = kept[item.id]
    return _row(item, reservation, viewer, today) | {
        "when": _("%(day)sまで", day=weekday(reservation.until)),
        "late": reservation.until < today,
    }


def _row(
    item: GoodsItem, reservation: GoodsReservation | None, viewer: Viewer, today: date
) -> dict[str, Any]:
    shown = shown_reservation(reservation, viewer, today=today) if reservation else None
    note = [item.shelf, _("%(who)sに取り置き", who=for_whom(shown)) if shown else None]
    return {
        "title": f"{KIND_LABELS[item.kind]}　{item.label}（{item.number}）",
        "url": url_for("goods.item_page", item_id=item.id),
        "note": "　".join(filter(None, note)),
    }


def run_out(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Reservations past their day, of households this viewer knows of: they stay until decided."""
    rows = session.scalars(
        sa.select(GoodsReservation)
        .join(GoodsReservation.need)
        .join(GoodsNeed.case)
        .where(
            GoodsReservation.ended_at.is_(None),
            GoodsReservation.until < today,
            seen_to(viewer, Tier.CODE, today=today),
        )
        .options(
            joinedload(GoodsReservation.item),
            joinedload(GoodsReservation.need).joinedload(GoodsNeed.case),
        )
        .order_by(GoodsReservation.until, GoodsReservation.id)
    ).unique()
    known = [r for r in rows if access_to(r.need.case, viewer, today=today).sees(Tier.CODE)]
    if not known:
        return []
    items = [
        _row(one.item, one, viewer, today) | {"when": weekday(one.until), "late": True}
        for one in known[:SHOWN]
    ]
    more = len(known) - SHOWN
    label = _("ほか%(n)s件", n=more) if more > 0 else _("一覧")
    url = url_for("goods.item_list", show="reserved")
    return [{"title": _("期限の切れた取り置き"), "items": items, "action": (label, url)}]


today_sources.append((Action.GOODS_EDIT, to_carry))
today_sources.append((Action.GOODS_NEED, run_out))
