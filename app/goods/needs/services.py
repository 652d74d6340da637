"""A household's needs: taken from the usual list, written, corrected, met or not needed."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.cases.models import Case, Stage
from app.cases.versions import check_version, flushed
from app.errors import ConflictError, InvalidError
from app.goods.codes import (
    BURNS_GAS,
    ELECTRIC,
    GoodsGas,
    GoodsKind,
    MetBy,
    NeedState,
    ReservationEnd,
    Voltage,
)
from app.goods.days import current
from app.goods.deeds.reserving import free, lock_need, running_for_need
from app.goods.models import GoodsNeed, UsualNeed
from app.goods.needs.usual import proposed_for
from app.placements.models import Placement

MOST = 60
CLOSED_CASE = "終結した相談には加えられません。"
TOO_MANY = f"一つの世帯に書けるのは{MOST}件までです。"
_TEXTS = ("detail", "note")


def needs_of(session: Session, case_id: int) -> list[GoodsNeed]:
    """Every need of a case in the order it was written; the caller has checked the viewer."""
    return list(
        session.scalars(
            sa.select(GoodsNeed).where(GoodsNeed.case_id == case_id).order_by(GoodsNeed.id)
        )
    )


def take_usual(
    session: Session, *, case: Case, lines: Collection[int], user_id: int, today: date
) -> list[GoodsNeed]:
    """Make needs of the lines proposed for a household, all or those named by id.

    What was taken meanwhile is not taken twice: the case is locked and the list read anew.
    """
    _begin(session, case)
    present = needs_of(session, case.id)
    placement_id = _placement(session, case)
    chosen = [
        one
        for one in proposed_for(session, case, present, today=today)
        if not lines or one.line.id in lines
    ]
    made = [
        GoodsNeed(
            case_id=case.id, placement_id=placement_id, user_id=user_id, kind=one.line.kind,
            room=one.line.room, importance=one.line.importance, **_supply(one.line.kind),
            state=NeedState.OPEN,
        )
        for one in chosen
        for _number in range(one.count)
    ]  # fmt: skip
    if len(present) + len(made) > MOST:
        raise InvalidError(TOO_MANY)
    session.add_all(made)
    session.flush()  # the log names them
    for need in made:
        _note(session, Deed.CREATED, need, user_id, "kind")
    return made


def add_need(session: Session, *, case: Case, values: Mapping[str, Any], user_id: int) -> GoodsNeed:
    """One more need. Raises InvalidError for a closed case or one need too many."""
    _begin(session, case)
    if len(needs_of(session, case.id)) >= MOST:
        _refuse("kind", TOO_MANY)
    need = GoodsNeed(
        case_id=case.id,
        placement_id=_placement(session, case),
        user_id=user_id,
        state=NeedState.OPEN,
    )
    _write(need, values)
    session.add(need)
    session.flush()  # the log names it
    _note(session, Deed.CREATED, need, user_id, *values)
    return need


def change_need(
    session: Session, *, need: GoodsNeed, version: int, values: Mapping[str, Any], user_id: int
) -> None:
    """Correct a need. Raises StaleError when it was changed meanwhile.

    Of a need something is kept for the kind stays: raises InvalidError.
    """
    lock_need(session, need)
    check_version(need, version)
    if values["kind"] is not need.kind and running_for_need(session, need.id) is not None:
        _refuse(
            "kind", "品物が取り置かれています。種類をかえるときは、先に取り置きを外してください。"
        )
    flushed(session, lambda: _write(need, values))
    _note(session, Deed.CHANGED, need, user_id, *values)


def meet(
    session: Session,
    *,
    need: GoodsNeed,
    version: int,
    met_by: MetBy,
    user_id: int,
    today: date,
    at: datetime,
) -> None:
    """The household has it without us; what was kept for it is free again."""
    _close(session, need, version, met_by, user_id=user_id, today=today, at=at)


def withdraw(
    session: Session, *, need: GoodsNeed, version: int, user_id: int, today: date, at: datetime
) -> None:
    """Not needed after all; what was kept for it is free again."""
    _close(session, need, version, None, user_id=user_id, today=today, at=at)


def _close(
    session: Session,
    need: GoodsNeed,
    version: int,
    met_by: MetBy | None,
    *,
    user_id: int,
    today: date,
    at: datetime,
) -> None:
    state = NeedState.MET if met_by is not None else NeedState.WITHDRAWN
    lock_need(session, need)
    check_version(need, version)
    if need.state is not NeedState.OPEN:
        raise ConflictError("この必要は、もう「まだない」ではありません。", code="need_closed")

    def act() -> None:
        need.state, need.met_by, need.closed_on = state, met_by, today

    flushed(session, act)
    _note(session, Deed.CHANGED, need, user_id, "state")
    running = running_for_need(session, need.id)
    if running is not None:
        free(session, reservation=running, ended_as=ReservationEnd.NEED_CLOSED,
             why="世帯に要らなくなったため、取り置きを外しました。", user_id=user_id, today=today,
             at=at)  # fmt: skip


def reopen(session: Session, *, need: GoodsNeed, version: int, user_id: int) -> None:
    """Needed after all. Raises ConflictError for what was delivered: it has to come back first."""
    check_version(need, version)
    if need.met_by is MetBy.DELIVERED:
        raise ConflictError(
            "届けた品物があります。戻ってきたときは、品物のページで「世帯から戻った」を記録してください。",
            code="need_delivered",
        )

    def act() -> None:
        need.state, need.met_by, need.closed_on = NeedState.OPEN, None, None

    flushed(session, act)
    _note(session, Deed.CHANGED, need, user_id, "state")


def _begin(session: Session, case: Case) -> None:
    """Two who add at once go one after the other."""
    if case.stage is Stage.CLOSED:
        raise InvalidError(CLOSED_CASE)
    session.execute(sa.select(Case.id).where(Case.id == case.id).with_for_update())


def _placement(session: Session, case: Case) -> int | None:
    rows = session.scalars(sa.select(Placement).where(Placement.case_id == case.id))
    found = current(rows)
    return found.id if found else None


def _supply(kind: GoodsKind) -> dict[str, Any]:
    return {
        "gas": GoodsGas.UNKNOWN if kind in BURNS_GAS else GoodsGas.NONE,
        "voltage": Voltage.UNKNOWN if kind in ELECTRIC else Voltage.NONE,
    }


def _write(need: GoodsNeed, values: Mapping[str, Any]) -> None:
    for name, value in values.items():  # who may not read the note or the spaces keeps them
        setattr(need, name, (value or None) if name in _TEXTS else value)
    supply = _supply(need.kind)
    if supply["gas"] is GoodsGas.NONE:
        need.gas = GoodsGas.NONE
    if supply["voltage"] is Voltage.NONE:
        need.voltage = Voltage.NONE


def _note(session: Session, deed: Deed, need: GoodsNeed, user_id: int, *fields: str) -> None:
    record(session, deed=deed, record_kind="goods_need", record_id=need.id, user_id=user_id,
           fields=fields)  # fmt: skip


# ---------------------------------------------------------------------------- the usual list


def add_usual(session: Session, *, values: Mapping[str, Any], user_id: int) -> UsualNeed:
    """One more line of the list. Raises InvalidError when it stands there already."""
    last = session.scalar(sa.select(sa.func.max(UsualNeed.position))) or 0
    line = UsualNeed(position=last + 1, active=True, **values)
    try:
        with session.begin_nested():
            session.add(line)
    except IntegrityError:
        _refuse("kind", "この世帯のこの種類は、すでにひな形にあります。その行を直してください。")
    record(session, deed=Deed.CREATED, record_kind="goods_usual_need", record_id=line.id,
           user_id=user_id, fields=values)  # fmt: skip
    return line


def change_usual(
    session: Session, *, line: UsualNeed, version: int, values: Mapping[str, Any], user_id: int
) -> None:
    """Correct a line or retire it. Raises as `add_usual`, StaleError when it was changed."""
    check_version(line, version)
    taken = session.scalar(
        sa.select(UsualNeed.id).where(
            UsualNeed.for_whom == values["for_whom"],
            UsualNeed.kind == values["kind"],
            UsualNeed.id != line.id,
        )
    )
    if taken is not None:
        _refuse("kind", "この世帯のこの種類は、すでにひな形にあります。その行を直してください。")

    def act() -> None:
        for name, value in values.items():
            setattr(line, name, value)

    flushed(session, act)
    record(session, deed=Deed.CHANGED, record_kind="goods_usual_need", record_id=line.id,
           user_id=user_id, fields=values)  # fmt: skip


def _refuse(name: str, sentence: str) -> NoReturn:
    raise InvalidError(sentence, fields={name: [sentence]})
