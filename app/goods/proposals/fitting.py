"""Needs, homes and things put to the engine, and its answer for one viewer.

Only households whose place the viewer may know are judged: a thing that fits tells doors, floor
and space. Of a household in hiding, and for whoever may not know donors' addresses, nothing is
judged by distance.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.queries import access_to
from app.db import JAPAN
from app.goods.codes import (
    COMES_APART,
    NEEDS_SPACE,
    Carrier,
    Check,
    Condition,
    GoodsGas,
    GoodsKind,
    Importance,
    ItemState,
    Voltage,
)
from app.goods.days import due_on, keys_on
from app.goods.items.access import access_to_items
from app.goods.models import GoodsItem, GoodsNeed, HomeMeasures
from app.goods.needs.queries import free_things, open_needs, placements_of
from app.housing.codes import GasKind
from app.housing.models import Home, Property
from app.placements.models import Placement
from app.policy import Protection, Tier, Viewer
from matching import goods_items as engine
from matching.goods import Candidate, GoodsAnswer, judge, match_goods
from matching.goods_words import Words, missing, questions, reasons

RULES = engine.GoodsRules(appliance_years=10, can_store=True)
OUR_CARRIERS = engine.Carriers(storeys=2, kg=60)
"""What two of ours carry by stairs; whoever else carries is asked."""

UNLIMITED = float(engine.LARGEST_CM)
# Sides nothing stands in the way of where nobody wrote one down.
OPEN_SIDES = {
    GoodsKind.WASHER: ("height",),
    GoodsKind.GAS_STOVE: ("depth", "height"),
    GoodsKind.BED: ("height",),
}
SPACES = {
    GoodsKind.FRIDGE: ("冷蔵庫置き場", "fridge_{}_cm"),
    GoodsKind.WASHER: ("洗濯機置き場", "washer_{}_cm"),
    GoodsKind.GAS_STOVE: ("コンロ台", "stove_{}_cm"),
}
SIDES = ("width", "depth", "height")
GASES = {GoodsGas.CITY: engine.Gas.CITY, GoodsGas.LP: engine.Gas.LP}
HOME_GASES = {
    GasKind.CITY: engine.Gas.CITY,
    GasKind.LP: engine.Gas.LP,
    GasKind.NONE: engine.Gas.NONE,
}
VOLTS = {Voltage.NONE: 0, Voltage.V100: 100, Voltage.V200: 200}
SAFETY = {
    Check.GOOD: engine.Safety.PASSED,
    Check.BAD: engine.Safety.FAILED,
    Check.UNCHECKED: engine.Safety.UNCHECKED,
}
RECALL = {
    Check.GOOD: engine.Recall.CLEAR,
    Check.BAD: engine.Recall.RECALLED,
    Check.UNCHECKED: engine.Recall.UNCHECKED,
}
CONDITIONS = {
    Condition.NEW: engine.Condition.LIKE_NEW,
    Condition.GOOD: engine.Condition.GOOD,
    Condition.USED: engine.Condition.WORN,
    Condition.WORN: engine.Condition.WORN,
}
# What one person carries by hand: no door, lift or stairs is in its way.
K = GoodsKind
BY_HAND = frozenset({
    K.MICROWAVE, K.RICE_COOKER, K.KETTLE, K.HEATER, K.FAN, K.LIGHT, K.VACUUM, K.FUTON, K.BEDDING,
    K.CURTAIN, K.KITCHEN_SET, K.TABLEWARE, K.BATH_SET, K.CLEANING, K.SHOWER_CHAIR,
})  # fmt: skip
SHOWN = 3


@dataclass(frozen=True)
class Fit:
    """A thing for a need with the engine's sentences."""

    item: GoodsItem
    said: tuple[Words, ...]


@dataclass(frozen=True)
class Proposal:
    """What could meet one need: the thing proposed, what to ask, what nearly fits, what else."""

    need: GoodsNeed
    due: date | None
    proposed: Fit | None
    others: tuple[Fit, ...]
    waiting: tuple[Fit, ...]
    near: tuple[Fit, ...]

    @property
    def any_thing(self) -> bool:
        """Whether there is a thing to speak of."""
        return bool(self.proposed or self.others or self.waiting or self.near)


@dataclass(frozen=True)
class Proposals:
    """All needs judged together, and those of households whose place the viewer does not know."""

    made: tuple[Proposal, ...]
    unknown: tuple[GoodsNeed, ...]


def propose(
    session: Session, viewer: Viewer, *, today: date, case_id: int | None = None
) -> Proposals:
    """Judge every open need the viewer may know of against everything free, each thing once.

    A case's own page shows its part of the same answer, so that nothing is promised twice.
    """
    needs = open_needs(session, viewer, today=today)
    known = [n for n in needs if access_to(n.case, viewer, today=today).sees(Tier.PLACE)]
    ways = placements_of(session, {need.case_id for need in known})
    measures = _measures(session, {way.home_id for way in ways.values()})
    things = free_things(session, {need.kind for need in known})
    near = access_to_items(viewer).sees(Tier.CONTACT)
    table = judge(
        [_need(need, ways.get(need.case_id), measures, today) for need in known],
        [_item(item, today, near=near) for item in things],
        today=today,
        rules=RULES,
    )
    answer = match_goods(table)
    items = {item.id: item for item in things}
    wanted = [need for need in known if case_id in {None, need.case_id}]
    order = {number: place for place, number in enumerate(_order(answer))}
    made = (
        _proposal(answer, items, need, due_on(need, ways.get(need.case_id)))
        for need in sorted(wanted, key=lambda need: order[need.id])
    )
    hidden = {need.id for need in known}
    return Proposals(
        made=tuple(made),
        unknown=tuple(
            need for need in needs if need.id not in hidden and case_id in {None, need.case_id}
        ),
    )


def _order(answer: GoodsAnswer) -> list[int]:
    """Ids of the needs in the order they were served in."""
    ids = answer.assignment.market.household_ids
    return [int(number) for number in ids[answer.assignment.order]]


def _proposal(
    answer: GoodsAnswer, items: Mapping[int, GoodsItem], need: GoodsNeed, due: date | None
) -> Proposal:
    table = answer.table

    def fits(some: Sequence[Candidate], *, short: bool = False) -> tuple[Fit, ...]:
        return tuple(
            Fit(
                items[one.item_id],
                (missing(table, one), *questions(table, one)) if short else questions(table, one),
            )
            for one in some
        )

    def good(some: Sequence[Candidate]) -> tuple[Fit, ...]:
        return tuple(Fit(items[one.item_id], reasons(table, one)) for one in some)

    own = good([one for one in answer.proposed if one.need_id == need.id])
    return Proposal(
        need=need,
        due=due,
        proposed=own[0] if own else None,
        others=good(answer.others(need.id, SHOWN)),
        waiting=() if own else fits(answer.waiting(need.id, SHOWN)),
        near=() if own else fits(answer.near_misses(need.id, SHOWN), short=True),
    )


def _measures(session: Session, home_ids: Collection[int]) -> dict[int, HomeMeasures]:
    rows = session.scalars(sa.select(HomeMeasures).where(HomeMeasures.home_id.in_(home_ids)))
    return {one.home_id: one for one in rows}


def _need(
    need: GoodsNeed,
    way: Placement | None,
    measures: Mapping[int, HomeMeasures],
    today: date,
) -> engine.GoodsNeed:
    home, keys = (way.home, keys_on(way)) if way is not None else (None, None)
    measured = measures.get(home.id) if home is not None else None
    due = due_on(need, way)
    if keys is not None and due is not None:
        due = max(due, keys)
    name, _pattern = SPACES.get(need.kind, ("置き場", ""))
    return engine.GoodsNeed(
        need_id=need.id,
        kinds=frozenset({need.kind.value}),
        home=_home(need, home, measured) if home is not None else engine.NO_HOME_YET,
        must=need.importance is Importance.MUST,
        space=_space(need, measured),
        space_name=name,
        keys_on=keys,
        needed_by=due,
        waited_days=max((today - need.created_at.astimezone(JAPAN).date()) // timedelta(days=1), 0),
    )


def _space(need: GoodsNeed, measured: HomeMeasures | None) -> engine.Box | None:
    """Where it is to stand: as the need says, else as the home was measured.

    A curtain is not put into its window, so nothing of it is judged by size.
    """
    own = {side: getattr(need, f"space_{side}_cm") for side in SIDES}
    kinds = NEEDS_SPACE - {GoodsKind.CURTAIN}
    if need.kind is GoodsKind.CURTAIN or (need.kind not in kinds and not any(own.values())):
        return None
    _name, pattern = SPACES.get(need.kind, ("", ""))
    free = SIDES if need.kind not in kinds else OPEN_SIDES.get(need.kind, ())
    sides = (
        own[side]
        or (getattr(measured, pattern.format(side), None) if pattern and measured else None)
        or (UNLIMITED if side in free else None)
        for side in SIDES
    )
    return engine.Box(*sides)


def _home(need: GoodsNeed, home: Home, measured: HomeMeasures | None) -> engine.GoodsHome:
    lift = measured.lift if measured is not None else None
    gas = GASES.get(need.gas) or HOME_GASES.get(home.gas)
    volts = {Voltage.V200: True, Voltage.V100: False}.get(need.voltage)
    hidden = need.case.protection is not Protection.NO
    floor = home.floor or None
    known = engine.GoodsHome(
        place=None if hidden else _place_of(home.property),
        floor=floor,
        lift=home.property.lift if lift is None else lift,
        gas=gas,
        volts_200=volts,
    )
    if measured is None:
        return known
    return engine.GoodsHome(
        place=known.place,
        floor=known.floor,
        lift=known.lift,
        gas=known.gas,
        volts_200=measured.socket_200v if volts is None else volts,
        door_width=_narrowest(measured.door_width_cm, measured.corridor_width_cm),
        door_height=measured.door_height_cm,
        # Carried straight in, a thing passes the lift's door with the side that lies across.
        lift_inside=engine.Box(
            _narrowest(measured.lift_width_cm, measured.lift_door_width_cm),
            measured.lift_depth_cm,
            measured.lift_height_cm,
        ),
        stairs_width=measured.stairs_width_cm,
    )


def _narrowest(main: int | None, further: int | None) -> int | None:
    """The narrower of two; while the main one is not known, nothing is."""
    return main if main is None or further is None else min(main, further)


def _place_of(lies: Property) -> engine.Place | None:
    if lies.latitude is None or lies.longitude is None:
        return None
    return engine.Place(lies.latitude, lies.longitude, precise=False)


def _item(item: GoodsItem, today: date, *, near: bool) -> engine.GoodsItem:
    """A thing; once it is ours it stands on the ground floor and nothing runs out."""
    away = item.state is ItemState.PLEDGED
    known = item.latitude is not None and item.longitude is not None
    ours = item.carrier is Carrier.WE or not away
    apart = item.dismantles
    if apart is None and item.kind not in COMES_APART:
        apart = False
    year = item.made_year if item.made_year is not None and item.made_year <= today.year else None
    return engine.GoodsItem(
        item_id=item.id,
        kind=item.kind.value,
        size=engine.Box(item.width_cm, item.depth_cm, item.height_cm),
        comes_apart=apart,
        by_hand=item.kind in BY_HAND,
        upright=bool(item.upright),
        gas=engine.Gas.NONE if item.gas is GoodsGas.NONE else GASES.get(item.gas),
        volts=VOLTS.get(item.voltage),
        made_in=year,
        safety=SAFETY[item.safety],
        recall=RECALL[item.recall],
        condition=CONDITIONS.get(item.condition),
        weight_kg=item.weight_kg,
        window_from=item.window_from if away else None,
        window_until=item.window_until if away else None,
        place=engine.Place(item.latitude or 0, item.longitude or 0, precise=False)
        if away and known and near
        else None,
        carriers=OUR_CARRIERS if ours else engine.UNKNOWN_CARRIERS,
        floor=(item.donor_floor or None) if away else 1,
        lift=item.donor_lift if away else None,
    )
