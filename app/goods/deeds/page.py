"""What the page of a thing shows: its pictures and facts, for whom it is kept, what to do next."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.audit.models import Deed
from app.cases.listing import called, names_of
from app.cases.queries import access_to
from app.db import db, now, today
from app.forms import BaseSchema, Form
from app.goods.codes import (
    APPLIANCES,
    AT_HAND,
    BURNS_GAS,
    CARRIER_LABELS,
    CONDITION_LABELS,
    DEED_WORDS,
    GAS_LABELS,
    KIND_LABELS,
    OURS,
    RECALL_LABELS,
    SAFETY_LABELS,
    VOLTAGE_LABELS,
    Carrier,
    ItemState,
)
from app.goods.deeds import moving, reserving
from app.goods.deeds.schemas import (
    DeliverSchema,
    ExtendSchema,
    FetchSchema,
    FreeSchema,
    GiveBackSchema,
    ItemLeavesSchema,
    ReserveSchema,
    StoreSchema,
)
from app.goods.items import queries
from app.goods.items.records import shown_item, shown_reservation
from app.goods.items.services import said
from app.goods.models import GoodsItem, GoodsMove, GoodsReservation
from app.goods.needs.queries import open_needs
from app.goods.words import size_words, state_tags, window_words
from app.policy import Action, Presented, Tier, allows
from app.security import saw, the_viewer
from app.wording import day, weekday

SCHEMAS: Mapping[str, type[BaseSchema]] = {
    "reserve": ReserveSchema,
    "extend": ExtendSchema,
    "free": FreeSchema,
    "fetch": FetchSchema,
    "store": StoreSchema,
    "deliver": DeliverSchema,
    "give_back": GiveBackSchema,
    "withdraw": ItemLeavesSchema,
    "dispose": ItemLeavesSchema,
}


def needs_to_choose(item: GoodsItem) -> list[tuple[int, str]]:
    """The open needs a thing could be kept for, with whom this viewer may call by name."""
    viewer = the_viewer()
    return [
        (need.id, f"{called(need.case, viewer, today=today())}　{need.number}　{need.detail or ''}")
        for need in open_needs(db.session, viewer, today=today(), kind=item.kind)
    ]


def form_of(name: str, item: GoodsItem, **values: Any) -> Form:
    """The form of a deed; the needs to choose from only where one is chosen."""
    choices = {"need_id": needs_to_choose(item)} if name == "reserve" else None
    return Form(SCHEMAS[name](), choices=choices, **values)


def draw_item(item: GoodsItem, refused: tuple[str, Form] | None = None) -> str:
    """The page of a thing; `refused` is the deed that could not be done, with its form."""
    viewer = the_viewer()
    kept = reserving.running_for_item(db.session, item.id)
    shown = shown_item(item, viewer, kept)
    saw(Deed.VIEWED, "goods_item", item.id, fields=shown.values)
    if kept is not None:
        saw(Deed.VIEWED, "case", kept.need.case_id, fields=("number",))
    deeds = _deeds(item, kept)
    asked = refused[0] if refused else request.args.get("do", "")
    chosen = asked if asked in deeds or refused else next(iter(deeds), None)
    form = None
    if chosen is not None:
        form = refused[1] if refused else form_of(chosen, item, initial=_initial(chosen, kept))
    return render_template(
        "goods/item.html",
        item=shown,
        name=said(item),
        tags=state_tags(shown, today=today()),
        groups=_facts(shown),
        photos=queries.photos_of(db.session, [item.id]).get(item.id, []),
        kept=_kept(kept) if kept else None,
        chosen=chosen,
        form=form,
        others=[name for name in deeds if name != chosen],
        refused=refused,
        history=_history(queries.moves_of(db.session, item.id)),
        removed=request.args.get("removed", type=int) if request.method == "GET" else None,
        undo=_undo(item) if allows(viewer, Action.GOODS_EDIT) else None,
        gone=item.state not in AT_HAND,
    )


def _initial(name: str, kept: GoodsReservation | None) -> dict[str, Any]:
    if name == "give_back":
        return {"still_needed": True}
    if name == "extend" and kept is not None:
        return {"until": kept.until}
    return {"on": today()} if name in {"fetch", "store", "deliver"} else {}


def _deeds(item: GoodsItem, kept: GoodsReservation | None) -> list[str]:
    """What this viewer can do with the thing now, the most likely first."""
    viewer, keeping = the_viewer(), []
    moving_ = _on_the_way(item, kept) if allows(viewer, Action.GOODS_EDIT) else []
    if allows(viewer, Action.GOODS_NEED):
        if kept is None and item.state in AT_HAND:
            return ["reserve", *moving_]
        if kept is not None and knows_case(kept):
            keeping = ["extend", "free"]
    return [*moving_, *keeping]


def _on_the_way(item: GoodsItem, kept: GoodsReservation | None) -> list[str]:
    brought = item.carrier in {Carrier.DONOR, Carrier.HOUSEHOLD}
    pledged, ours = item.state is ItemState.PLEDGED, item.state in OURS
    can = {
        "fetch": pledged and not brought,
        "deliver": kept is not None and (ours or (pledged and brought)),
        "store": ours or (pledged and brought),
        "give_back": item.state is ItemState.DELIVERED,
        "withdraw": pledged,
        "dispose": ours,
    }
    return [name for name, now_ in can.items() if now_]


def knows_case(kept: GoodsReservation) -> bool:
    """Whether this viewer may know of the household a thing is kept for."""
    return access_to(kept.need.case, the_viewer(), today=today()).sees(Tier.CODE)


def _kept(kept: GoodsReservation) -> dict[str, Any]:
    place = reserving.placement_of(db.session, kept.need)
    shown = shown_reservation(kept, the_viewer(), today=today(), place=place)
    return {
        "name": shown.name or shown.case_number or shown.need,
        "need": shown.need,
        "url": url_for("goods.need_list", case_id=shown.case_id) if shown.case_id else None,
        "until": weekday(kept.until),
        "late": kept.until < today(),
        "version": kept.version,
        "hand_over_at": shown.hand_over_at,
        "address": shown.address,
    }


def _undo(item: GoodsItem) -> str | None:
    last = moving.to_undo(db.session, item, at=now())
    if last is None:
        return None
    return str(
        _("「%(deed)s」を記録しました。10分のあいだは元に戻せます。", deed=DEED_WORDS[last.deed])
    )


def _history(moves: Any) -> list[dict[str, Any]]:
    rows: list[GoodsMove] = list(moves)
    names = names_of(db.session, {move.user_id for move in rows})
    return [
        {
            "when": day(move.on_day),
            "iso": move.on_day.isoformat(),
            "title": DEED_WORDS[move.deed],
            "by": names.get(move.user_id, ""),
            "text": "　".join(filter(None, (move.shelf and _("棚 %(s)s", s=move.shelf), move.why))),
        }
        for move in rows
    ]


def _facts(item: Presented) -> list[tuple[str, list[tuple[str, Any]]]]:
    """What is known of a thing, in groups; None reads 未確認."""
    groups = [(_("品物"), _thing(item))]
    if item.kind in APPLIANCES:
        groups.append((_("家電・ガス器具"), _appliance(item)))
    groups.append((_("引き取り"), _pick_up(item)))
    return [(str(title), lines) for title, lines in groups]


def _thing(item: Presented) -> list[tuple[str, Any]]:
    return [
        (_("種類"), KIND_LABELS[item.kind]),
        (_("大きさ"), size_words(item)),
        (_("重さ"), f"{item.weight_kg}kg" if item.weight_kg else None),
        (_("状態"), CONDITION_LABELS[item.condition]),
        (_("分解"), _answer(item.dismantles, _("できる"), _("できない"))),
        (_("運び方"), _answer(item.upright, _("立てたまま運ぶ"), _("寝かせてよい"))),
        *([(_("メモ"), item.note)] if item.note else []),
    ]


def _appliance(item: Presented) -> list[tuple[str, Any]]:
    made = " ".join(filter(None, (item.maker, item.model)))
    safety, recall = SAFETY_LABELS[item.safety], RECALL_LABELS[item.recall]
    return [
        (_("メーカー・型番"), made or None),
        (_("製造年"), _("%(y)s年", y=item.made_year) if item.made_year else None),
        (_("ガス"), GAS_LABELS[item.gas])
        if item.kind in BURNS_GAS
        else (_("電圧"), VOLTAGE_LABELS[item.voltage]),
        (_("安全"), _looked(safety, item.safety_on, item.safety_by)),
        (_("リコール"), _looked(recall, item.recall_on, item.recall_by)),
    ]


def _pick_up(item: Presented) -> list[tuple[str, Any]]:
    lines = [
        (_("引き取れる日"), window_words(item) or None),
        (_("運ぶ人"), CARRIER_LABELS[item.carrier]),
        (_("いまの場所"), item.shelf or (
            _("寄贈者のところ") if item.state is ItemState.PLEDGED else None)),
    ]  # fmt: skip
    if item.shows("donor"):
        lines.append((_("寄贈者"), item.donor))
    if item.shows("donor_address"):
        floor = _("%(n)s階", n=item.donor_floor) if item.donor_floor is not None else None
        lift = _answer(item.donor_lift, _("ある"), _("ない"))
        lines += [(_("住所"), item.donor_address), (_("電話"), item.donor_phone),
                  (_("階"), floor), (_("エレベーター"), _lift(item, lift))]  # fmt: skip
    return [(str(label), value) for label, value in lines]


def _lift(item: Presented, lift: str | None) -> str | None:
    if not item.donor_lift:
        return lift
    return f"{lift}（{_('中の')}{size_words(item, 'lift_')}）"


def _looked(result: str, on: Any, by: str | None) -> str:
    return f"{result}（{day(on)} {by or ''}）" if on else result


def _answer(value: bool | None, yes: str, no: str) -> str | None:
    return None if value is None else str(yes if value else no)
