"""Building kits from lots on the shelves, and taking them apart.

A kit is a lot of its own, so that proposals, packing, hand-outs and recalls need know nothing of
kits. Its date, allergens and what eating it takes come from its parts and are never typed.
"""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.errors import ConflictError, InvalidError
from app.foodbank.codes import FoodGroup
from app.foodbank.items import item_for
from app.foodbank.kits.facts import Part, item_facts, last_day_of, recipe_of
from app.foodbank.kits.following import allergens_of
from app.foodbank.kits.models import KitBuild, KitPart
from app.foodbank.models import (
    DATE_KIND_LABELS,
    Balance,
    FoodItem,
    Lot,
    LotState,
    MovementKind,
    Shelf,
)
from app.foodbank.moving.queries import events_so_far
from app.foodbank.queries import standing
from app.foodbank.stock import lock_lots, move, note, refuse_too_warm, shelf_for
from app.reference.food_items import food_name_key

UNIT = "セット"


def build(
    session: Session,
    *,
    organisation_id: int,
    name: str,
    kits: int,
    shelf: str,
    parts: Sequence[tuple[int, int, int]],
    user_id: int,
    today: date,
) -> KitBuild:
    """Take `parts` – (lot, shelf, how many in each kit) – and make `kits` kits of them.

    Raises InvalidError where a part may not be handed out today, has no date, is food for infants,
    a kit itself or kept at another temperature than the rest, and where the name stands for another
    recipe; ConflictError (`stock_gone`) when less is there than is needed.
    """
    parts = _gathered(parts)
    lots = lock_lots(session, sorted({lot_id for lot_id, _shelf, _n in parts}))
    shelves = _shelves(session, organisation_id, {shelf_id for _lot, shelf_id, _n in parts})
    chosen = [Part(_known(lots, lot_id, organisation_id), n) for lot_id, _shelf, n in parts]
    _check_parts(session, chosen, today)
    item = _kit_item(session, organisation_id, name, chosen, user_id)
    place = shelf_for(session, organisation_id=organisation_id, code=shelf)
    refuse_too_warm(place, chosen[0].lot.storage)
    lot = _kit_lot(session, item, chosen, user_id=user_id)
    made = KitBuild(lot=lot, kits=kits, made_by=user_id)
    made.parts = [
        KitPart(lot=part.lot, shelf=shelves[shelf_id], per_kit=part.per_kit)
        for part, (_lot, shelf_id, _n) in zip(chosen, parts, strict=True)
    ]
    for column, value in allergens_of(made.parts).items():
        setattr(lot, column, value)
    session.add(made)
    session.flush()  # the movements are named after it
    for part in sorted(made.parts, key=lambda one: (one.lot_id, one.shelf_id)):
        _take(session, made, part, user_id)
    _book(
        session, made, lot_id=lot.id, shelf_id=place.id, quantity=kits,
        kind=MovementKind.KIT_BUILT, event="made", user_id=user_id,
    )  # fmt: skip
    note(session, Deed.CREATED, "kit", made.id, user_id, "lots", "quantity")
    return made


def _gathered(parts: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Each lot of each shelf once, as it is kept."""
    each: Counter[tuple[int, int]] = Counter()
    for lot_id, shelf_id, number in parts:
        each[lot_id, shelf_id] += number
    return [(*where, number) for where, number in each.items()]


def _shelves(session: Session, organisation_id: int, ids: set[int]) -> dict[int, Shelf]:
    rows = session.scalars(
        sa.select(Shelf).where(Shelf.id.in_(ids), Shelf.organisation_id == organisation_id)
    )
    found = {shelf.id: shelf for shelf in rows}
    if set(found) != ids:
        raise InvalidError("見つからない棚があります。選び直してください。")
    return found


def _known(lots: dict[int, Lot], lot_id: int, organisation_id: int) -> Lot:
    lot = lots.get(lot_id)
    if lot is None or lot.organisation_id != organisation_id:
        raise InvalidError("見つからないロットがあります。選び直してください。")
    return lot


def _check_parts(session: Session, parts: Sequence[Part], today: date) -> None:
    kits = set(
        session.scalars(
            sa.select(KitBuild.lot_id).where(KitBuild.lot_id.in_([p.lot.id for p in parts]))
        )
    )
    for part in parts:
        lot, why = part.lot, None
        if standing(lot, today) is not LotState.OFFERABLE:
            why = "いま出せる物ではありません"
        elif lot.last_day is None:
            why = "期限が分かりません"
        elif lot.item.food_group == FoodGroup.INFANT or lot.item.infant_from_month is not None:
            why = "乳児の物です。月齢で選ぶため、セットには入れません"
        elif lot.id in kits:
            why = "セットです。セットの中にセットは入れられません"
        elif lot.storage is not parts[0].lot.storage:
            why = "ほかの中身と保管の温度が違います"
        if why:
            raise InvalidError(f"「{lot.item.name}」（{lot.number}）は{why}。")


def _kit_item(
    session: Session, organisation_id: int, name: str, parts: Sequence[Part], user_id: int
) -> FoodItem:
    """The kit's item with what its parts say; a name stands for one recipe for ever."""
    before = session.scalar(
        sa.select(FoodItem).where(
            FoodItem.organisation_id == organisation_id, FoodItem.name_key == food_name_key(name)
        )
    )
    if before is not None and _recipe_before(session, before) != recipe_of(parts):
        sentence = (
            f"「{before.name}」は、ほかの品目や、中身の違うセットの名前です。"
            "別の名前（例 初日セットB）にしてください。"
        )
        raise InvalidError(sentence, fields={"name": [sentence]})
    item = before or item_for(
        session, organisation_id=organisation_id, name=name, category=UNIT, user_id=user_id
    )
    for column, value in item_facts(parts).items():
        setattr(item, column, value)
    if before is None:
        item.food_group = _main_group(parts)
    item.infant_from_month = item.infant_to_month = None
    item.source = "中身の品目から"
    item.confirmed = True  # its parts say what it is; what they do not say stays unknown
    return item


def _recipe_before(session: Session, item: FoodItem) -> dict[int, int] | None:
    build_id = session.scalar(
        sa.select(KitBuild.id)
        .join(Lot, Lot.id == KitBuild.lot_id)
        .where(Lot.item_id == item.id)
        .order_by(KitBuild.id.desc())
        .limit(1)
    )
    if build_id is None:
        return None
    made = session.get_one(KitBuild, build_id)
    return recipe_of([Part(part.lot, part.per_kit) for part in made.parts])


def _main_group(parts: Sequence[Part]) -> str:
    """The food group that gives most of the energy; somebody may change it on the item's page."""
    energy: dict[str, int] = {}
    for part in parts:
        group = part.lot.item.food_group
        energy[group] = energy.get(group, 0) + (part.lot.item.kcal or 0) * part.per_kit
    return max(sorted(energy), key=lambda group: energy[group])


def _kit_lot(session: Session, item: FoodItem, parts: Sequence[Part], *, user_id: int) -> Lot:
    last_day, kind = last_day_of(parts)
    arrived = [part.lot.received_on for part in parts if part.lot.received_on is not None]
    first = next(part.lot for part in parts if part.lot.last_day == last_day)
    printed = first.date_printed or f"{last_day:%Y.%m.%d}"
    lot = Lot(
        organisation_id=item.organisation_id,
        number=f"new-{secrets.token_hex(8)}",
        item=item,
        # What a label had to name depends on when the pack came in: the oldest part decides.
        received_on=min(arrived) if arrived else None,
        received_by=user_id,
        unit=UNIT,
        date_kind=kind,
        date_printed=f"{printed}（{first.item.name}の{DATE_KIND_LABELS[kind]}）"[:200],
        last_day=last_day,
        storage=first.storage,
        state=LotState.OFFERABLE,
        questions=[],
        balances=[],
    )
    session.add(lot)
    lot.allergen_text, lot.allergen_source = "", first.allergen_source
    session.flush()  # its number is made of its id
    lot.number = f"L-{lot.id:05d}"
    return lot


def _take(session: Session, made: KitBuild, part: KitPart, user_id: int) -> None:
    quantity = part.per_kit * made.kits
    try:
        _book(
            session, made, lot_id=part.lot_id, shelf_id=part.shelf_id, quantity=-quantity,
            kind=MovementKind.KIT_BUILT, event=f"part:{part.id}", user_id=user_id,
        )  # fmt: skip
    except ConflictError as error:
        raise ConflictError(
            f"「{part.lot.item.name}」（棚 {part.shelf.code}）は{quantity}必要ですが、足りません。"
            "セットの数か入れる数を減らしてください。",
            code="stock_gone",
            lot_id=part.lot_id,
        ) from error


def _book(
    session: Session,
    made: KitBuild,
    *,
    lot_id: int,
    shelf_id: int,
    quantity: int,
    kind: MovementKind,
    event: str,
    user_id: int,
) -> None:
    move(
        session,
        lot_id=lot_id,
        shelf_id=shelf_id,
        quantity=quantity,
        kind=kind,
        key=f"kit:{made.id}:{event}",
        user_id=user_id,
        reason=f"{made.lot.item.name}（{made.lot.number}）"[:200],
    )


def take_apart(session: Session, *, made: KitBuild, shelf_id: int, kits: int, user_id: int) -> None:
    """Make parts of so many kits again; each goes back to the shelf it was taken from."""
    lock_lots(session, sorted([made.lot_id, *(part.lot_id for part in made.parts)]))
    there = session.scalar(
        sa.select(Balance.quantity).where(
            Balance.lot_id == made.lot_id, Balance.shelf_id == shelf_id
        )
    )
    if not there or kits > there:
        sentence = f"この棚にあるのは{there or 0}{UNIT}です。"
        raise InvalidError(sentence, fields={"kits": [sentence]})
    number = events_so_far(session, made.lot_id, MovementKind.KIT_APART)
    who: dict[str, Any] = {"kind": MovementKind.KIT_APART, "user_id": user_id}
    _book(
        session, made, lot_id=made.lot_id, shelf_id=shelf_id, quantity=-kits,
        event=f"apart:{number}", **who,
    )  # fmt: skip
    for part in made.parts:
        _book(
            session, made, lot_id=part.lot_id, shelf_id=part.shelf_id,
            quantity=part.per_kit * kits, event=f"apart:{number}:part:{part.id}", **who,
        )  # fmt: skip
    note(session, Deed.CHANGED, "kit", made.id, user_id, "quantity")
