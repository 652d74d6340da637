"""How things and sizes are said on pages, papers and in files."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.goods.codes import AT_HAND, CONDITION_LABELS, KIND_LABELS, STATE_LABELS, Check, ItemState
from app.policy import Presented
from app.wording import weekday

STATE_KINDS = {
    ItemState.PLEDGED: "info",
    ItemState.FETCHED: "warn",
    ItemState.STORED: "info",
    ItemState.DELIVERED: "good",
    ItemState.RETURNED: "warn",
    ItemState.WITHDRAWN: "",
    ItemState.DISPOSED: "",
}
_SIDES = (("幅", "width_cm"), ("奥行", "depth_cm"), ("高さ", "height_cm"))


def size_words(record: Any, prefix: str = "") -> str:
    """「幅60×奥行55×高さ120cm」; a side nobody measured is ？, and nothing at all is said so."""
    sides = [(label, getattr(record, f"{prefix}{name}")) for label, name in _SIDES]
    if all(value is None for _label, value in sides):
        return str(_("大きさは未確認"))
    return "×".join(f"{label}{'？' if value is None else value}" for label, value in sides) + "cm"


def state_tags(item: Presented, *, today: date) -> list[tuple[str, str]]:
    """How a thing stands, as the component `tag` takes it."""
    tags = [(STATE_LABELS[item.state], STATE_KINDS[item.state])]
    if item.reserved:
        late = item.reserved_until < today
        tags.append((_("取り置きの期限切れ"), "bad") if late else (_("取り置き中"), "good"))
    if Check.BAD in {item.safety, item.recall}:
        tags.append((_("使わない"), "bad"))
    if item.state is ItemState.PLEDGED and item.window_until and item.window_until < today:
        tags.append((_("引取期限を過ぎた"), "bad"))
    return [(str(label), kind) for label, kind in tags]


def window_words(item: Presented) -> str:
    """「12月1日（火）〜12月10日（木）」, blank when nobody said."""
    if item.window_from is None and item.window_until is None:
        return ""
    return f"{weekday(item.window_from)}〜{weekday(item.window_until)}"


def item_row(
    item: Presented, reservation: Presented | None, *, today: date, photo: int | None = None
) -> dict[str, Any]:
    """One line of a list of things."""
    return {
        "id": item.id,
        "number": item.number,
        "kind": KIND_LABELS[item.kind],
        "label": item.label,
        "size": size_words(item),
        "condition": CONDITION_LABELS[item.condition],
        "donor": item.donor,
        "where": item.shelf or (_("寄贈者のところ") if item.state is ItemState.PLEDGED else ""),
        "window": window_words(item) if item.state is ItemState.PLEDGED else "",
        "tags": state_tags(item, today=today),
        "for_whom": for_whom(reservation),
        "until": weekday(reservation.until) if reservation else "",
        "photo": photo,
        "at_hand": item.state in AT_HAND,
    }


def for_whom(reservation: Presented | None) -> str:
    """Whom a thing is kept for, as far as this viewer may know: a case's number, or the need's."""
    if reservation is None:
        return ""
    return str(reservation.case_number or reservation.need)
