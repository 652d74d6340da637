"""The rows of an evidence pack, file by file. Who got food stands in none of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.db import JAPAN, moment_on
from app.errors import NotFoundError
from app.foodbank.evidence.models import EvidencePack
from app.foodbank.models import (
    DATE_KIND_LABELS,
    LOT_STATE_LABELS,
    STORAGE_LABELS,
    FoodItem,
    FoodRequest,
    HandOut,
    Lot,
    Movement,
    MovementKind,
    Parcel,
    ParcelLine,
    ParcelState,
    Shelf,
    Storage,
)
from app.foodbank.queries import NOT_FOUND
from app.foodbank.recalls.models import RECALL_STATE_LABELS, Recall, RecallState
from app.foodbank.stocktakes.models import STOCKTAKE_STATE_LABELS, Stocktake, StocktakeCount
from app.foodbank.tracing.codes import CONDITION_LABELS, INTAKE_CHECK_LABELS, WARMEST, IntakeCheck
from app.policy import Role, Viewer

Rows = Iterable[Sequence[Any]]


@dataclass(frozen=True)
class Period:
    """The days of a pack, both inclusive, of one food bank."""

    organisation_id: int
    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first day's midnight up to, without it, the one after the last; Japan's."""
        return moment_on(self.first, time()), moment_on(self.last + timedelta(days=1), time())


def packs(session: Session, viewer: Viewer) -> Sequence[EvidencePack]:
    """The viewer's food banks' packs, newest first."""
    return session.scalars(
        sa.select(EvidencePack)
        .where(EvidencePack.organisation_id.in_(viewer.organisations(Role.FOODBANK)))
        .order_by(EvidencePack.id.desc())
        .limit(50)
    ).all()


def get_pack(session: Session, pack_id: int, viewer: Viewer) -> EvidencePack:
    """A pack of the viewer's own food bank."""
    pack = session.get(EvidencePack, pack_id) if pack_id < 2**31 else None
    if pack is None or pack.organisation_id not in viewer.organisations(Role.FOODBANK):
        raise NotFoundError(NOT_FOUND)
    return pack


def _when(value: datetime | None) -> str:
    return "" if value is None else f"{value.astimezone(JAPAN):%Y-%m-%d %H:%M}"


def _number(value: Any) -> Any:
    return "" if value is None else float(value)


def lots_of(session: Session, period: Period) -> list[tuple[Lot, str]]:
    """Lots that came in within the period, with who wrote them down."""
    start, end = period.moments
    rows = session.execute(
        sa.select(Lot, User.name)
        .join(User, User.id == Lot.received_by)
        .where(
            Lot.organisation_id == period.organisation_id,
            sa.or_(
                Lot.received_on.between(period.first, period.last),
                sa.and_(Lot.received_on.is_(None), Lot.created_at >= start, Lot.created_at < end),
            ),
        )
        .options(joinedload(Lot.donor))
        .order_by(Lot.received_on, Lot.id)
    ).unique()
    return [(row[0], row[1]) for row in rows]


# ------------------------------------------------------------------------------- the files

CHECKS_HEAD = (
    "ロット", "品名", "受入日", "寄贈者", "製造者", "製造ロットの記号", "期限の種類",
    "期限（表示のまま）", "期限（読み取り）", "アレルギー表示", "確かめたこと", "状態",
    "確かめた人", "いまの扱い",
)  # fmt: skip


def checks(session: Session, period: Period) -> Iterator[Sequence[Any]]:
    """What was looked at when each lot came in."""
    for lot, receiver in lots_of(session, period):
        seen = [INTAKE_CHECK_LABELS[c] for c in IntakeCheck if c.value in lot.checks]
        yield (
            lot.number, lot.item.name, lot.received_on, lot.donor.name if lot.donor else "",
            lot.maker, lot.lot_code, DATE_KIND_LABELS[lot.date_kind] if lot.date_kind else "",
            lot.date_printed, lot.last_day, lot.allergen_text, "・".join(seen) or "記録なし",
            CONDITION_LABELS[lot.condition] if lot.condition else "記録なし",
            (lot.checked_by or receiver) if seen else "", LOT_STATE_LABELS[lot.state],
        )  # fmt: skip


TEMPERATURES_HEAD = (
    "ロット", "品名", "受入日", "保管", "届いたときの温度（℃）", "基準（℃以下）", "結果",
)  # fmt: skip


def temperatures(session: Session, period: Period) -> Iterator[Sequence[Any]]:
    """Chilled and frozen food as it arrived, against the limits."""
    for lot, _receiver in lots_of(session, period):
        if lot.storage is Storage.AMBIENT:
            continue
        limit = WARMEST[lot.storage.value]
        if lot.temperature is None:
            result = "測っていない"
        else:
            result = "基準内" if lot.temperature <= limit else "基準より高い（出さない）"
        yield (
            lot.number, lot.item.name, lot.received_on, STORAGE_LABELS[lot.storage],
            _number(lot.temperature), int(limit), result,
        )  # fmt: skip


FORWARD_HEAD = (
    "ロット", "品名", "受入日", "箱", "数", "渡した日時", "渡したときの状態", "アレルギーの表",
    "いま",
)  # fmt: skip
BACK_HEAD = ("箱", "渡した日時", "ロット", "品名", "数", "受入日", "製造者", "製造ロットの記号")


def _lines(session: Session, period: Period) -> Iterator[tuple[ParcelLine, Parcel, HandOut, bool]]:
    start, end = period.moments
    rows = session.execute(
        sa.select(ParcelLine, Parcel, HandOut)
        .join(Parcel, Parcel.id == ParcelLine.parcel_id)
        .join(FoodRequest, FoodRequest.id == Parcel.request_id)
        .join(HandOut, HandOut.parcel_id == Parcel.id)
        .where(
            FoodRequest.organisation_id == period.organisation_id,
            Parcel.state == ParcelState.HANDED_OUT,
            HandOut.at >= start,
            HandOut.at < end,
        )
        .options(joinedload(ParcelLine.lot).joinedload(Lot.item, innerjoin=True))
        .order_by(HandOut.at, ParcelLine.parcel_id, ParcelLine.position)
    ).unique()
    for line, parcel, hand_out in rows:
        yield line, parcel, hand_out, line.id in hand_out.left_out


def forward(session: Session, period: Period) -> Iterator[Sequence[Any]]:
    """From each lot to the parcels it went into."""
    for line, parcel, out, left in sorted(_lines(session, period), key=lambda row: row[0].lot_id):
        seen = line.condition_seen
        yield (
            line.lot.number, line.lot.item.name, line.lot.received_on, parcel.number,
            line.quantity, _when(out.at), CONDITION_LABELS[seen] if seen else "記録なし",
            "渡した" if out.allergen_sheet else "記録なし", "残して棚へ" if left else "渡した",
        )  # fmt: skip


def back(session: Session, period: Period) -> Iterator[Sequence[Any]]:
    """From each parcel to its lots and where they came from."""
    for line, parcel, out, left in _lines(session, period):
        if not left:
            yield (
                parcel.number, _when(out.at), line.lot.number, line.lot.item.name, line.quantity,
                line.lot.received_on, line.lot.maker, line.lot.lot_code,
            )  # fmt: skip


DISPOSALS_HEAD = ("日時", "ロット", "品名", "数", "棚", "わけ", "記録した人")


def disposals(session: Session, period: Period) -> Iterator[Sequence[Any]]:
    """What was thrown away, and why."""
    start, end = period.moments
    for row in session.execute(
        sa.select(
            Movement.created_at, Lot.number, FoodItem.name, Movement.quantity, Shelf.code,
            Movement.reason, User.name,
        )
        .join(Lot, Lot.id == Movement.lot_id)
        .join(FoodItem, FoodItem.id == Lot.item_id)
        .join(Shelf, Shelf.id == Movement.shelf_id)
        .join(User, User.id == Movement.user_id)
        .where(
            Lot.organisation_id == period.organisation_id,
            Movement.kind == MovementKind.DISPOSAL,
            Movement.created_at >= start,
            Movement.created_at < end,
        )
        .order_by(Movement.id)
    ):  # fmt: skip
        yield _when(row[0]), row[1], row[2], -row[3], *row[4:]


STOCKTAKES_HEAD = (
    "棚卸し", "始めた日時", "締めた日時", "状態", "数えた件数", "違った件数", "違いの合計",
)  # fmt: skip


def stocktakes(session: Session, period: Period) -> Iterator[Sequence[Any]]:
    """Each stocktake with how much differed."""
    start, end = period.moments
    differs = StocktakeCount.counted - StocktakeCount.expected
    for one, counted, differing, total in session.execute(
        sa.select(
            Stocktake,
            sa.func.count(StocktakeCount.id),
            sa.func.coalesce(sa.func.sum(sa.case((differs != 0, 1), else_=0)), 0),
            sa.func.coalesce(sa.func.sum(differs), 0),
        )
        .outerjoin(StocktakeCount, StocktakeCount.stocktake_id == Stocktake.id)
        .where(
            Stocktake.organisation_id == period.organisation_id,
            Stocktake.created_at >= start,
            Stocktake.created_at < end,
        )
        .group_by(Stocktake.id)
        .order_by(Stocktake.id)
    ):
        yield (
            one.number, _when(one.created_at), _when(one.ended_at),
            STOCKTAKE_STATE_LABELS[one.state], counted, int(differing), int(total),
        )  # fmt: skip


RECALLS_HEAD = (
    "番号", "訓練", "見出し", "状態", "始めた日時", "終えた日時", "お知らせから名前まで（秒）",
    "全部で（秒）", "対象のロット", "引いた箱", "渡した世帯", "伝えた世帯", "報告",
)  # fmt: skip


def recalls_of(session: Session, period: Period) -> Sequence[Recall]:
    """Recalls and practices begun within the period, those given up left out."""
    start, end = period.moments
    return session.scalars(
        sa.select(Recall)
        .where(
            Recall.organisation_id == period.organisation_id,
            Recall.state != RecallState.CANCELLED,
            Recall.created_at >= start,
            Recall.created_at < end,
        )
        .order_by(Recall.id)
    ).all()


def recalls(session: Session, period: Period) -> Iterator[Sequence[Any]]:
    """Each with its times and counts; of one still open, what the end will tell is blank."""
    for one in recalls_of(session, period):
        figures = one.figures
        named = ("seconds_to_people", "seconds_in_all", "lots", "pulled_parcels", "households",
                 "told")  # fmt: skip
        yield (
            one.number, "訓練" if one.practice else "", one.title,
            RECALL_STATE_LABELS[one.state], _when(one.created_at), _when(one.closed_at),
            *(figures.get(name, "") for name in named), one.report,
        )  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """One CSV of the pack."""

    file: str
    title: str
    head: Sequence[str]
    rows: Callable[[Session, Period], Rows]


SHEETS = (
    Sheet("1_受け入れの確認.csv", "受け入れのときの確認", CHECKS_HEAD, checks),
    Sheet("2_温度.csv", "冷蔵・冷凍の温度", TEMPERATURES_HEAD, temperatures),
    Sheet("3_ロットから箱へ.csv", "ロットから箱へ", FORWARD_HEAD, forward),
    Sheet("4_箱からロットへ.csv", "箱からロットへ", BACK_HEAD, back),
    Sheet("5_廃棄.csv", "廃棄", DISPOSALS_HEAD, disposals),
    Sheet("6_棚卸し.csv", "棚卸し", STOCKTAKES_HEAD, stocktakes),
    Sheet("7_回収と訓練.csv", "回収と訓練", RECALLS_HEAD, recalls),
)
