"""How needs are said: one line each, how far a household is, and what could meet them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.goods.codes import (
    FOR_WHOM_LABELS,
    IMPORTANCE_LABELS,
    KIND_LABELS,
    MET_BY_LABELS,
    NEED_STATE_LABELS,
    NEEDS_SPACE,
    ROOM_LABELS,
    STATE_LABELS,
    GoodsKind,
    Importance,
    NeedState,
)
from app.goods.items.records import shown_item
from app.goods.models import GoodsItem
from app.goods.needs.queries import SeenNeed, free_things
from app.goods.needs.usual import Proposed
from app.goods.words import size_words
from app.policy import Presented, Tier, Viewer
from app.wording import weekday

SHOWN = 3


def need_row(seen: SeenNeed, things: Sequence[dict[str, Any]], *, today: date) -> dict[str, Any]:
    """A need as page and papers say it."""
    shown, kept = seen.shown, seen.reservation
    open_ = shown.state is NeedState.OPEN
    due = shown.due_on or shown.needed_on
    return {
        "id": shown.id,
        "version": shown.version,
        "number": shown.number,
        "kind": KIND_LABELS[shown.kind],
        "detail": shown.detail,
        "must": shown.importance is Importance.MUST,
        "importance": IMPORTANCE_LABELS[shown.importance],
        "room": ROOM_LABELS[shown.room],
        "due": weekday(due) if due else "",
        "late": open_ and due is not None and due < today,
        "space": size_words(shown, "space_") if _has_space(shown) else "",
        "count": 1,
        "to_measure": open_ and shown.kind in NEEDS_SPACE and _unmeasured(shown),
        "note": shown.note,
        "state": shown.state.value,
        "tag": _tag(seen, today),
        "open": open_,
        "delivered": shown.met_by == "delivered",
        "kept": _kept(kept.item, kept.until, today) if kept else None,
        "things": list(things[:SHOWN]) if open_ and kept is None else [],
        "more": max(len(things) - SHOWN, 0) if open_ and kept is None else 0,
    }


def gathered(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Three futons nobody has yet stand as one card with a number; each is still a need."""
    found: list[dict[str, Any]] = []
    alike: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row[name] for name in ("kind", "detail", "must", "room", "due", "note"))
        if row["open"] and row["kept"] is None and key in alike:
            alike[key]["count"] += 1
            continue
        if row["open"] and row["kept"] is None:
            alike[key] = row
        found.append(row)
    return found


def _has_space(shown: Presented) -> bool:
    sides = (shown.space_width_cm, shown.space_depth_cm, shown.space_height_cm)
    return any(side is not None for side in sides)


def _unmeasured(shown: Presented) -> bool:
    return shown.access.sees(Tier.PLACE) and shown.space_width_cm is None


def _tag(seen: SeenNeed, today: date) -> tuple[str, str]:
    shown = seen.shown
    if shown.state is NeedState.MET:
        return MET_BY_LABELS[shown.met_by], "good"
    if shown.state is NeedState.WITHDRAWN:
        return NEED_STATE_LABELS[shown.state], ""
    if seen.reservation is None:
        return NEED_STATE_LABELS[shown.state], "warn"
    if seen.reservation.until < today:
        return str(_("取り置きの期限切れ")), "bad"
    return str(_("取り置き中")), "info"


def _kept(item: GoodsItem, until: date, today: date) -> dict[str, Any]:
    return {
        "url": url_for("goods.item_page", item_id=item.id),
        "text": f"{item.number}　{item.label}",
        "state": STATE_LABELS[item.state],
        "until": weekday(until),
        "late": until < today,
    }


def progress_of(seen: Iterable[SeenNeed]) -> dict[str, int]:
    """How many a household has got, is to get, still needs; what is not needed counts nowhere."""
    counted = Counter(
        "got"
        if row.need.state is NeedState.MET
        else "coming"
        if row.reservation is not None
        else "missing"
        for row in seen
        if row.need.state is not NeedState.WITHDRAWN
    )
    return {name: counted[name] for name in ("got", "coming", "missing")}


def proposed_row(one: Proposed) -> dict[str, Any]:
    """A line of the usual list as it is proposed."""
    return {
        "id": one.line.id,
        "kind": KIND_LABELS[one.line.kind],
        "count": one.count,
        "must": one.line.importance is Importance.MUST,
        "for_whom": FOR_WHOM_LABELS[one.line.for_whom],
        "source": one.line.source,
        "certain": one.line.certain,
    }


def things_for(
    session: Session, seen: Iterable[SeenNeed], viewer: Viewer
) -> dict[GoodsKind, list[dict[str, Any]]]:
    """What of the right kind is free, by kind; whether it fits is another question."""
    kinds = {
        row.need.kind
        for row in seen
        if row.need.state is NeedState.OPEN and row.reservation is None
    }
    found: dict[GoodsKind, list[dict[str, Any]]] = {}
    for item in free_things(session, kinds):
        shown = shown_item(item, viewer)
        found.setdefault(item.kind, []).append(
            {
                "id": item.id,
                "url": url_for("goods.item_page", item_id=item.id),
                "text": f"{shown.number}　{shown.label}",
                "size": size_words(shown),
            }
        )
    return found
