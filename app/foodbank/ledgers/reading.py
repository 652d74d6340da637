"""Reading a food bank's stock ledger (管理簿) from a CSV or Excel file into lots.

Every row becomes a lot with everything as typed; what stands in the way of giving it out – no
readable date, no quantity – is a question that blocks it. Use-by past is impossible for everyone,
best-before past is off: there is no field to waive it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from app.foodbank.printed.dates import DateKind, PrintedDate, parse_printed_date
from app.foodbank.printed.labels import AllergenDraft, read_allergens
from app.foodbank.scanning.jan import is_jan
from app.japanese import ParsedDate, narrow, parse_date, parse_number
from app.sheets import CellProblem, Sheet, SheetError, SheetRow, cell_text

Member = TypeVar("Member", bound=StrEnum)

SYNONYMS: dict[str, tuple[str, ...]] = {
    "received": ("受入日", "受領日", "入庫日", "寄贈日"),
    "donor": ("寄贈者", "寄贈元", "提供者", "仕入先"),
    "item": ("品名", "商品名", "品目"),
    "jan": ("JAN", "JANコード", "バーコード"),
    "category": ("分類", "区分", "カテゴリ"),
    "quantity": ("数量", "個数", "数"),
    "unit": ("単位",),
    "date_kind": ("期限の種類", "期限種別", "期限区分"),
    "printed": ("期限（表示のまま）", "期限", "賞味期限", "賞味・消費期限"),
    "storage": ("保管", "温度帯", "保管温度帯", "保存方法"),
    "shelf": ("棚", "棚番", "保管場所"),
    "allergens": ("アレルゲン表示", "アレルゲン", "アレルギー表示"),
    "remarks": ("備考", "メモ"),
    "maker": ("製造者", "メーカー", "販売者", "製造者・販売者"),
    "lot_code": ("ロット番号", "製造ロット", "ロット記号", "製造番号"),
    "weight": ("重量kg", "重さkg", "重量(kg)", "重さ(kg)", "重量"),
    "temperature": ("受入温度", "受入時温度", "温度"),
    "checked_by": ("確認者", "検品者", "確かめた人"),
}
REQUIRED = ("item", "quantity", "printed")
RECEIPT = ("maker", "lot_code", "weight", "temperature", "checked_by")


class LedgerColumnsError(SheetError):
    """The ledger lacks a column without which no lot can be read."""

    code = "ledger_columns_missing"

    def __init__(self, missing: tuple[str, ...], seen: tuple[str, ...]) -> None:
        names = "、".join(f"「{SYNONYMS[name][0]}」" for name in missing)
        super().__init__(
            f"{names}の列が見つかりません。見出しの言葉を確かめてください。"
            f"（見つけた見出し：{'、'.join(seen) or 'なし'}）"
        )
        self.missing = missing
        self.seen = seen


class Storage(StrEnum):
    """Temperature band."""

    ROOM = "常温"
    CHILLED = "冷蔵"
    FROZEN = "冷凍"


class LotStanding(StrEnum):
    """Whether a lot may be given out."""

    OFFERABLE = "提供できる"
    PAST = "期限切れ"
    QUESTION = "要確認"


@dataclass(frozen=True)
class LotState:
    """The standing of a lot on one day, with the reason for the person at the shelf."""

    standing: LotStanding
    reason: str


@dataclass(frozen=True)
class LotQuestion:
    """Something to ask about a lot. A ``blocking`` one keeps it from being given out."""

    what: str
    sentence: str
    blocking: bool


@dataclass(frozen=True)
class ParsedLot:
    """One row of the ledger. ``jan`` is set only when its check digit is right; the typed code
    stays in ``as_typed``.
    """

    row: int
    received: ParsedDate
    donor: str
    item: str
    jan: str | None
    category: str
    quantity: int | None
    unit: str
    date_kind: DateKind | None
    printed: PrintedDate
    storage: Storage | None
    shelf: str
    allergens: AllergenDraft
    remarks: str
    receipt: dict[str, str]  # maker, lot_code, weight, temperature, checked_by as typed
    questions: tuple[LotQuestion, ...]
    as_typed: dict[str, str] = field(repr=False)

    def state(self, today: date) -> LotState:
        """Whether the lot may be given out on a day. The printed day itself still counts as in
        date.
        """
        last_day = self.printed.last_day
        blocking = [question for question in self.questions if question.blocking]
        if last_day is not None and today > last_day:
            name = self.date_kind or "期限"
            reason = f"{name}（{last_day:%Y/%m/%d}）を過ぎています。提供できません。"
            return LotState(LotStanding.PAST, reason)
        if blocking:
            return LotState(LotStanding.QUESTION, blocking[0].sentence)
        days = (last_day - today).days if last_day else 0
        left = "期限は今日までです。" if days == 0 else f"期限まであと{days}日です。"
        return LotState(LotStanding.OFFERABLE, left)


@dataclass(frozen=True)
class LedgerReading:
    """All lots of a ledger, the used mapping (field to 1-based column) and what the file itself
    had.
    """

    lots: tuple[ParsedLot, ...]
    columns: dict[str, int]
    problems: tuple[CellProblem, ...]


def read_ledger(sheet: Sheet, *, today: date) -> LedgerReading:
    """Read every row below the head; raises LedgerColumnsError when a needed column is missing."""
    head, columns = _find_head(sheet)
    lots = [
        _read_lot(row, head, columns, today)
        for row in sheet.rows
        if row.number > head.number and not row.is_blank
    ]
    return LedgerReading(tuple(lots), columns, sheet.problems)


def _head_key(text: str) -> str:
    return re.sub(r"\s", "", narrow(text)).casefold()


def _find_head(sheet: Sheet) -> tuple[SheetRow, dict[str, int]]:
    fields = {_head_key(word): name for name, words in SYNONYMS.items() for word in words}
    best: tuple[SheetRow, dict[str, int]] | None = None
    for row in sheet.rows[:30]:
        columns: dict[str, int] = {}
        for column, cell in enumerate(row.cells, 1):
            name = fields.get(_head_key(cell_text(cell)))
            if name:
                columns.setdefault(name, column)
        if best is None or len(columns) > len(best[1]):
            best = (row, columns)
    missing = tuple(name for name in REQUIRED if best is None or name not in best[1])
    if best is None or missing:
        seen = tuple(cell_text(cell) for cell in best[0].cells if cell) if best else ()
        raise LedgerColumnsError(missing, seen)
    return best


def _read_lot(row: SheetRow, head: SheetRow, columns: dict[str, int], today: date) -> ParsedLot:
    texts = [cell_text(cell).strip() for cell in row.cells]

    def text(name: str) -> str:
        column = columns.get(name)
        return texts[column - 1] if column is not None and column <= len(texts) else ""

    received = parse_date(text("received"), today=today)
    kind = _member(DateKind, text("date_kind"))
    printed = parse_printed_date(text("printed"), kind=kind or DateKind.USE_BY, today=today)
    quantity = _whole(text("quantity"))
    storage = _member(Storage, text("storage"))
    code = re.sub(r"[\s\-]", "", narrow(text("jan")))
    return ParsedLot(
        row=row.number,
        received=received,
        donor=text("donor"),
        item=text("item"),
        jan=code if is_jan(code) else None,
        category=text("category"),
        quantity=quantity,
        unit=text("unit"),
        date_kind=kind,
        printed=printed,
        storage=storage,
        shelf=text("shelf"),
        allergens=read_allergens(text("allergens"), received.value or today),
        remarks=text("remarks"),
        receipt={name: said for name in RECEIPT if (said := text(name))},
        questions=(
            *_blocking(text, printed, kind, quantity, storage),
            *_to_check(received, today, text("jan"), code),
        ),
        as_typed={
            cell_text(label).strip() or f"（{column}列目）": texts[column - 1]
            for column, label in enumerate(head.cells, 1)
            if column <= len(texts)
        },
    )


def _blocking(
    text: Callable[[str], str],
    printed: PrintedDate,
    kind: DateKind | None,
    quantity: int | None,
    storage: Storage | None,
) -> Iterator[LotQuestion]:
    """What has to be known before a lot may be given out."""
    if not text("item"):
        yield LotQuestion("item", "品名がありません。品名を入れてください。", blocking=True)
    if printed.question is not None:
        yield LotQuestion("printed", printed.question, blocking=True)
    if kind is None:
        sentence = _kind_sentence(text("date_kind"))
        yield LotQuestion("date_kind", sentence, blocking=True)
    if quantity is None:
        sentence = f"数量「{text('quantity')}」を読めません。数えて数字で入れてください。"
        yield LotQuestion("quantity", sentence, blocking=True)
    if storage is None:
        sentence = (
            f"保管「{text('storage')}」が常温・冷蔵・冷凍のどれか分かりません。選んでください。"
        )
        yield LotQuestion("storage", sentence, blocking=True)


def _to_check(received: ParsedDate, today: date, jan: str, code: str) -> Iterator[LotQuestion]:
    """What should be mended but keeps nobody from eating."""
    if sentence := _received_sentence(received, today):
        yield LotQuestion("received", sentence, blocking=False)
    if code and not is_jan(code):
        sentence = f"JAN「{jan}」の検査数字が合いません。バーコードを読み直してください。"
        yield LotQuestion("jan", sentence, blocking=False)


def _member(kinds: type[Member], text: str) -> Member | None:
    plain = narrow(text).replace(" ", "")
    return next((kind for kind in kinds if kind.value == plain), None)


def _whole(text: str) -> int | None:
    """A count of at least 1; "約20" and "2.5" are no counts."""
    read = parse_number(text)
    if read.value is None or read.approximate or read.value < 1:
        return None
    return int(read.value) if read.value == read.value.to_integral_value() else None


def _kind_sentence(typed: str) -> str:
    written = f"期限の種類「{typed}」" if typed else "期限の種類"
    return f"{written}が賞味期限か消費期限か分かりません。現物を見て選んでください。"


def _received_sentence(received: ParsedDate, today: date) -> str | None:
    if received.value is None:
        return received.problem or "受入日がありません。受け入れた日を入れてください。"
    if received.value > today:
        return f"受入日「{received.as_typed}」が今日より先です。日付を確かめてください。"
    return None
