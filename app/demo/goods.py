"""Made-up furniture and appliances in every state, needs of households, and a measured home."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.cases.models import Case
from app.db import now
from app.goods.codes import Check, GoodsKind, Importance, MetBy, Room
from app.goods.deeds import moving, reserving
from app.goods.items import photos
from app.goods.items import services as items
from app.goods.items.schemas import PledgeSchema
from app.goods.measures import services as measuring
from app.goods.measures.schemas import MeasuresSchema
from app.goods.models import GoodsItem, GoodsNeed
from app.goods.needs import services as needing
from app.goods.needs.schemas import NeedSchema
from app.placements.models import Placement

SATO, MISE, HANAKO = "社会福祉法人 お試しの里", "㈱お試し家具店", "例題 寄子"
PLACES = {
    SATO: "神奈川県座間市入谷西1-1-1（お試し）",
    MISE: "神奈川県座間市相武台2-2-2（お試し）",
    HANAKO: "神奈川県座間市ひばりが丘3-3-3（お試し）",
}
K = GoodsKind
# kind, label, donor, shelf, width, depth, height, kg, colour of its picture, more
THINGS: tuple[tuple[K, str, str, str, int, int, int, int, str, dict[str, Any]], ...] = (
    (K.FRIDGE, "2ドア 白 140L", SATO, "", 48, 58, 123, 38, "#eef2f5",
     {"made_year": 2023, "safety": Check.GOOD, "recall": Check.GOOD, "maker": "お試し電機"}),
    (K.FRIDGE, "3ドア 銀 300L", MISE, "", 60, 66, 168, 62, "#c8ccd0",
     {"made_year": 2021, "safety": Check.GOOD, "maker": "お試し電機", "donor_floor": 3,
      "donor_lift": False}),
    (K.WASHER, "全自動 5kg", SATO, "倉庫A-1", 56, 55, 92, 30, "#f4f6f8",
     {"made_year": 2022, "safety": Check.GOOD, "recall": Check.GOOD}),
    (K.MICROWAVE, "温め専用 フラット", HANAKO, "倉庫A-2", 46, 38, 29, 11, "#4a4f55", {}),
    (K.RICE_COOKER, "3合炊き", HANAKO, "倉庫A-2", 23, 30, 20, 3, "#d8d0c4",
     {"made_year": 2024, "safety": Check.GOOD, "recall": Check.GOOD}),
    (K.GAS_STOVE, "2口 都市ガス用", MISE, "倉庫B-1", 59, 49, 21, 9, "#8b8f94",
     {"gas": "city", "made_year": 2020}),
    (K.FUTON, "シングル 敷き掛け 洗濯ずみ", SATO, "倉庫C-1", 100, 70, 30, 6, "#cfe0f0", {}),
    (K.FUTON, "シングル 新品", SATO, "倉庫C-1", 100, 70, 30, 6, "#f0dfcf", {}),
    (K.TABLE, "折りたたみ座卓", HANAKO, "", 75, 50, 32, 7, "#b98d5f", {}),
    (K.CHEST, "衣装ケース 3段", HANAKO, "倉庫B-2", 40, 50, 70, 5, "#dfe9e4", {}),
    (K.CURTAIN, "遮光 緑 100×178", MISE, "倉庫C-2", 100, 5, 178, 1, "#7fa588", {}),
    (K.HEATER, "電気ストーブ", HANAKO, "倉庫A-3", 30, 20, 45, 3, "#c9705a", {"made_year": 2009}),
    (K.DESK, "学習机 ライト付き", MISE, "", 100, 60, 120, 45, "#a97c50", {"dismantles": True}),
)  # fmt: skip


def add_goods(
    session: Session,
    users: Mapping[str, User],
    housing: int,
    *,
    cases: Sequence[Case],
    moving_in: Placement,
    today: date,
) -> None:
    """Things in every state; the family with keys in sight keeps two and has got one."""
    made = [_pledge(session, users["sumai"], housing, thing, today) for thing in THINGS]
    for case in (moving_in.case, *(one for one in cases if one is not moving_in.case)):
        needing.take_usual(session, case=case, lines=(), user_id=users["soudan"].id, today=today)
    _measure(session, users["sumai"], moving_in, today)
    _family(session, users, moving_in.case, made, today)
    _ends(session, users["sumai"], made, today)


def _pledge(
    session: Session, user: User, housing: int, thing: tuple[Any, ...], today: date
) -> GoodsItem:
    kind, label, donor, shelf, width, depth, height, weight, colour, more = thing
    values = PledgeSchema().load({"kind": kind.value, "label": label}) | {
        "width_cm": width, "depth_cm": depth, "height_cm": height, "weight_kg": weight,
        "donor": donor, "donor_address": PLACES[donor], "condition": "good",
        "carrier": "unknown" if shelf else "we",
        "window_from": None if shelf else today,
        "window_until": None if shelf else today + timedelta(days=6),
    } | more  # fmt: skip
    values.pop("again")
    values.pop("shelf")
    item = items.pledge(
        session, values=values, shelf=shelf, again=True, user_id=user.id,
        organisation_id=housing, today=today,
    )  # fmt: skip
    photos.add_photos(
        session, item=item, files=[(_picture(colour, width / height), "photo.jpg")],
        caption="正面（お試しの絵）", user_id=user.id, at=now(),
    )  # fmt: skip
    return item


def _picture(colour: str, shape: float) -> bytes:
    """A box of the thing's colour and shape on a floor: nobody's photograph."""
    picture = Image.new("RGB", (640, 480), "#e9e4da")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 380, 640, 480), fill="#cdbfa8")
    high = min(330, int(420 / max(shape, 0.4)))
    wide = min(520, int(high * shape))
    left, top = (640 - wide) // 2, 400 - high
    draw.rectangle((left, top, left + wide, 400), fill=colour, outline="#5b5b5b", width=4)
    draw.line((left, top + high // 3, left + wide, top + high // 3), fill="#5b5b5b", width=3)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _measure(session: Session, user: User, placement: Placement, today: date) -> None:
    """The family's new home: the door is known, the washer's place is not."""
    values = MeasuresSchema().load(
        {
            "version": 0, "door_width_cm": 78, "door_height_cm": 200, "corridor_width_cm": 80,
            "fridge_width_cm": 65, "fridge_depth_cm": 70, "stove_width_cm": 59,
        }
    )  # fmt: skip
    measuring.measure(
        session, home_id=placement.home_id, version=values.pop("version"), values=values,
        user_id=user.id, today=today,
    )  # fmt: skip


def _family(
    session: Session,
    users: Mapping[str, User],
    case: Case,
    made: Sequence[GoodsItem],
    today: date,
) -> None:
    """The washer is kept past its day, a futon is kept, the cooker has come."""
    user = users["soudan"]
    by_kind: dict[GoodsKind, GoodsNeed] = {}
    for need in needing.needs_of(session, case.id):
        by_kind.setdefault(need.kind, need)
    fridge = by_kind[K.FRIDGE]
    needing.change_need(
        session, need=fridge, version=fridge.version, user_id=user.id,
        values=NeedSchema().load({"kind": "fridge", "detail": "家族用", "room": Room.KITCHEN.value,
                                  "space_width_cm": 65, "space_depth_cm": 70,
                                  "importance": Importance.MUST.value}),
    )  # fmt: skip
    for kind in (K.WASHER, K.FUTON, K.RICE_COOKER):
        thing = next(one for one in made if one.kind is kind)
        reserving.reserve(session, item=thing, need=by_kind[kind], until=None, user_id=user.id,
                          today=today)  # fmt: skip
    late = reserving.running_for_need(session, by_kind[K.WASHER].id)
    if late is not None:
        late.until = today - timedelta(days=1)
    cooker = next(one for one in made if one.kind is K.RICE_COOKER)
    moving.deliver(session, item=cooker, version=cooker.version, user_id=users["sumai"].id,
                   why="いまの住まいで先に使い始める", today=today, at=now())  # fmt: skip
    chest = by_kind.get(K.CHEST)
    if chest is not None:
        needing.meet(session, need=chest, version=chest.version, met_by=MetBy.OWN,
                     user_id=user.id, today=today, at=now())  # fmt: skip


def _ends(session: Session, user: User, made: Sequence[GoodsItem], today: date) -> None:
    """One on the van, one taken back by its donor, one thrown away."""
    of = {one.kind: one for one in made}
    table, desk, heater = of[K.TABLE], of[K.DESK], of[K.HEATER]
    moving.fetch(session, item=table, version=table.version, on=today, shelf="", user_id=user.id,
                 today=today)  # fmt: skip
    moving.withdraw(session, item=desk, version=desk.version, why="お店で売ることになった",
                    user_id=user.id, today=today, at=now())  # fmt: skip
    moving.dispose(session, item=heater, version=heater.version, why="コードが傷んでいた",
                   user_id=user.id, today=today, at=now())  # fmt: skip
