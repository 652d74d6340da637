"""Taking in what somebody offers, and correcting it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import geocoding
from app.accounts.models import User
from app.audit.models import Deed
from app.audit.services import record
from app.cases.versions import check_version, flushed
from app.db import JAPAN
from app.directory.models import Partner, PartnerKind
from app.directory.services import find_or_add_partner, name_key
from app.errors import InvalidError
from app.goods.codes import (
    BURNS_GAS,
    ELECTRIC,
    KIND_LABELS,
    STAYS_UPRIGHT,
    Check,
    GoodsDeed,
    GoodsGas,
    GoodsKind,
    ItemState,
    Voltage,
)
from app.goods.deeds.history import write
from app.goods.deeds.reserving import free_unsafe
from app.goods.models import GoodsItem

# Whoever gives may stand in the directory as something else already: a welfare corporation is a
# provider, a school a section of the town.
_GIVING = (
    PartnerKind.DONOR, PartnerKind.PROVIDER, PartnerKind.OTHER, PartnerKind.CITY_SECTION,
    PartnerKind.COUNCIL, PartnerKind.REALTOR,
)  # fmt: skip
_TEXTS = ("maker", "model", "note")
_SHOWN_AS_TYPED = (
    "kind", "label", "width_cm", "depth_cm", "height_cm", "weight_kg", "condition", "window_from",
    "window_until", "carrier", "donor_floor", "donor_lift", "lift_width_cm", "lift_depth_cm",
    "lift_height_cm", "dismantles", "made_year",
)  # fmt: skip
SAME = (
    "きょう、同じ寄贈者から同じものが登録されています（{number}）。"
    "もう一つあるときは、印を付けて登録してください。"
)


def pledge(
    session: Session,
    *,
    values: Mapping[str, Any],
    shelf: str,
    again: bool,
    user_id: int,
    organisation_id: int,
    today: date,
) -> GoodsItem:
    """A thing somebody offers; with a shelf it is here already.

    Raises InvalidError for a year to come, a check in the future, and, unless `again`, for what
    the same donor gave today in the same words: it asks whether there are two.
    """
    donor = _donor(session, values["donor"], user_id)
    if not again:
        _check_same(session, donor, values, organisation_id, today)
    item = GoodsItem(organisation_id=organisation_id, user_id=user_id, state=ItemState.PLEDGED)
    _write(session, item, values, donor, user_id=user_id, today=today)
    session.add(item)
    session.flush()  # its history names it
    write(session, item, GoodsDeed.PLEDGED, user_id=user_id, on=today, before=None)
    if shelf:
        item.state, item.shelf = ItemState.STORED, shelf
        write(session, item, GoodsDeed.STORED, user_id=user_id, on=today, before=ItemState.PLEDGED)
    return item


def change_item(
    session: Session,
    *,
    item: GoodsItem,
    version: int,
    values: Mapping[str, Any],
    user_id: int,
    today: date,
    at: datetime,
) -> bool:
    """Correct a thing; says whether it was kept for somebody and is not any more.

    A thing found unsafe is let go at once, and its history tells. Raises as `pledge`, StaleError
    when it was changed meanwhile.
    """
    check_version(item, version)
    donor = _donor(session, values["donor"], user_id)

    def act() -> None:
        _write(session, item, values, donor, user_id=user_id, today=today)

    flushed(session, act)
    record(session, deed=Deed.CHANGED, record_kind="goods_item", record_id=item.id,
           user_id=user_id, organisation_id=item.organisation_id, fields=values)  # fmt: skip
    if Check.BAD not in {item.safety, item.recall}:
        return False
    why = (
        "リコールの対象と分かりました。"
        if item.recall is Check.BAD
        else "安全の確認で問題が見つかりました。"
    )
    freed = free_unsafe(session, item, why=f"{why}別の品物を探してください。", user_id=user_id,
                        today=today, at=at)  # fmt: skip
    return freed is not None


def _donor(session: Session, name: str, user_id: int) -> Partner | None:
    """The partner of this name, of whatever kind that gives; else a new donor."""
    if not name:
        return None
    order = sa.case({kind.value: n for n, kind in enumerate(_GIVING)}, value=Partner.kind)
    found = session.scalar(
        sa.select(Partner)
        .where(Partner.name_key == name_key(name), Partner.kind.in_(_GIVING))
        .order_by(order, Partner.id)
        .limit(1)
    )
    return found or find_or_add_partner(session, kind=PartnerKind.DONOR, name=name, user_id=user_id)


def _check_same(
    session: Session,
    donor: Partner | None,
    values: Mapping[str, Any],
    organisation_id: int,
    today: date,
) -> None:
    rows = session.scalars(
        sa.select(GoodsItem)
        .where(
            GoodsItem.organisation_id == organisation_id,
            GoodsItem.kind == values["kind"],
            GoodsItem.label == values["label"],
            GoodsItem.donor_id == (donor.id if donor else None),
        )
        .order_by(GoodsItem.id.desc())
    )
    same = next((o for o in rows if o.created_at.astimezone(JAPAN).date() == today), None)
    if same is not None:
        _refuse("again", SAME.format(number=same.number))


def _write(
    session: Session,
    item: GoodsItem,
    values: Mapping[str, Any],
    donor: Partner | None,
    *,
    user_id: int,
    today: date,
) -> None:
    if values["made_year"] is not None and values["made_year"] > today.year:
        _refuse("made_year", f"まだ来ていない年です。{today.year}年までの西暦を入れてください。")
    for name in _SHOWN_AS_TYPED:
        setattr(item, name, values[name])
    for name in _TEXTS:
        setattr(item, name, values[name] or None)
    kind = GoodsKind(values["kind"])
    item.gas = values["gas"] if kind in BURNS_GAS else GoodsGas.NONE
    item.voltage = values["voltage"] if kind in ELECTRIC else Voltage.NONE
    item.upright = values["upright"]
    if item.upright is None and kind in STAYS_UPRIGHT:
        item.upright = True
    _give(item, donor, values["donor_address"])
    name = session.get_one(User, user_id).name
    for check in ("safety", "recall"):
        _checked(item, check, values, name, today)


def _give(item: GoodsItem, donor: Partner | None, address: str) -> None:
    """Who gives it and where it is to be fetched: the directory knows an organisation's address."""
    item.donor_id = donor.id if donor else None
    item.donor = donor
    where = address or (donor.address if donor else None)
    place = geocoding.locate(where) if where else None
    item.donor_address = where
    item.latitude = place.latitude if place else None
    item.longitude = place.longitude if place else None


def _checked(
    item: GoodsItem, check: str, values: Mapping[str, Any], name: str, today: date
) -> None:
    """A look has its day and its person; what nobody looked at has neither."""
    result: Check = values[check]
    on: date | None = None
    if result is not Check.UNCHECKED:
        on = values[f"{check}_on"] or today
        if on > today:
            _refuse(f"{check}_on", "まだ来ていない日です。きょうまでの日付を入れてください。")
    setattr(item, check, result)
    setattr(item, f"{check}_on", on)
    setattr(item, f"{check}_by", (values[f"{check}_by"] or name) if on else None)


def said(item: GoodsItem) -> str:
    """「冷蔵庫　2ドア 白」, the thing in a line."""
    return f"{KIND_LABELS[item.kind]}　{item.label}"


def _refuse(name: str, sentence: str) -> NoReturn:
    raise InvalidError(sentence, fields={name: [sentence]})
