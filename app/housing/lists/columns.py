"""Finding the table inside a list: which row is the head, which column means what.

Every council lays its list out differently: title rows above, heads merged over two rows, other
words for the same thing. The mapping proposed here is shown to the person importing, who can
correct it; nothing is read from a column that was not recognised, but every cell is kept as typed.
"""

import re
from dataclasses import dataclass

from app.japanese import narrow
from app.sheets import Sheet, SheetError, SheetRow, cell_text

SYNONYMS: dict[str, tuple[str, ...]] = {
    "number": ("No.", "No", "番号", "登録番号", "整理番号", "管理番号"),
    "building": (
        "物件名",
        "建物名",
        "建物名称",
        "住宅の名称",
        "住宅名",
        "名称",
        "アパート名",
        "物件名称",
    ),
    "room": ("号室", "部屋番号", "住戸番号", "室番号", "部屋", "室"),
    "address": ("所在地", "住所", "住宅の所在地", "物件所在地", "物件住所"),
    "postal_code": ("郵便番号", "〒"),
    "layout": ("間取り", "間取", "タイプ"),
    "area": ("面積", "専有面積", "専用面積", "床面積", "広さ"),
    "rent": ("家賃", "賃料", "月額家賃", "家賃月額"),
    "fee": ("共益費", "管理費", "共益費・管理費", "管理費・共益費", "共益費等"),
    "deposit": ("敷金", "保証金"),
    "key_money": ("礼金",),
    "built": ("築年月", "竣工年月", "建築年月", "築年数", "築年", "建築年"),
    "floor": ("階/階建", "所在階", "階", "階数/階建"),
    "storeys": ("階数", "階建", "総階数"),
    "lift": ("EV", "エレベーター", "エレベータ", "昇降機"),
    "station": ("最寄駅", "最寄り駅", "交通", "沿線・駅", "駅"),
    "walk": ("徒歩", "駅徒歩", "徒歩分", "駅からの時間"),
    "guarantor": ("保証人", "連帯保証人", "保証", "保証会社"),
    "acceptance": ("入居者の属性", "受入可否", "入居を拒まない属性", "入居を拒まない者"),
    "conditions": ("入居に関する条件", "入居条件", "受入条件", "条件"),
    "elderly": ("高齢者", "高齢", "高齢者世帯"),
    "disabled": ("障害者", "障がい者", "障害"),
    "public_assistance": ("生活保護", "生保", "生活保護受給者", "被保護者"),
    "foreigners": ("外国人",),
    "families": ("ひとり親・子育て", "ひとり親", "子育て", "子育て世帯", "母子・父子"),
    "violence_victims": ("DV被害者", "DV"),
    "former_prisoners": ("刑余者", "矯正施設退所者", "更生保護対象者"),
    "pets": ("ペット", "ペット可否"),
    "available": ("入居可能日", "入居可能時期", "入居時期", "入居可能"),
    "vacancies": ("空室", "空室数", "空き戸数"),
    "agent": ("取扱", "取扱業者", "取扱店", "事業者名", "不動産会社", "管理会社", "仲介業者"),
    "landlord": ("貸主", "大家", "家主", "所有者", "オーナー"),
    "phone": ("連絡先", "電話", "電話番号", "TEL", "問合せ先電話番号", "問い合わせ先"),
    "remarks": ("備考", "その他", "特記事項", "メモ"),
    "structure": ("構造",),
    "kind": ("建て方", "種別", "物件種別"),
}
"""Heads seen in councils' lists and in the safety-net register, by the field they mean."""

GROUPS = (
    "elderly",
    "disabled",
    "public_assistance",
    "foreigners",
    "families",
    "violence_victims",
    "former_prisoners",
)
"""The groups of people whose acceptance a list states, in the order of the council's columns."""

FIELD_NAMES = {field: words[0] for field, words in SYNONYMS.items()}
"""The Japanese name of a field for sentences."""

REQUIRED = ("building", "address", "rent")
"""Without these a row cannot become a home."""

_HEAD_NOISE = re.compile(r"[\s※*＊:]|\([^()]*\)")
_HEAD_ROWS_SEARCHED = 30


class MissingColumnsError(SheetError):
    """Columns without which no home can be read are not in the file."""

    code = "list_columns_missing"

    def __init__(self, missing: tuple[str, ...], seen: tuple[str, ...]) -> None:
        names = "、".join(f"「{FIELD_NAMES[field]}」" for field in missing)
        heads = "、".join(seen) if seen else "なし"
        super().__init__(
            f"{names}の列が見つかりません。見出しの言葉を確かめるか、列を選び直してください。"
            f"（見つけた見出し：{heads}）"
        )
        self.missing = missing
        self.seen = seen


@dataclass(frozen=True)
class ListHead:
    """The head of a list. ``columns`` maps a field to its 1-based column, ``labels`` a column to
    its full text ("入居者の属性（受入可否）／高齢者" where a merged head spans it).
    """

    first_row: int
    last_row: int
    columns: dict[str, int]
    labels: dict[int, str]


def head_key(text: str) -> str:
    """A head for comparison: "面積\\n（㎡）", "専用面積(㎡)" and "専用面積" lose their unit and
    width.
    """
    return _HEAD_NOISE.sub("", narrow(text)).casefold().rstrip(".")


_FIELD_OF_HEAD = {head_key(word): field for field, words in SYNONYMS.items() for word in words}


def find_head(sheet: Sheet, chosen: dict[str, int] | None = None) -> ListHead:
    """Find the head over one or two rows and propose what its columns mean.

    ``chosen`` maps fields to columns as a person corrected them; they win over what was recognised.

    Raises MissingColumnsError, naming the columns that are missing and the heads that were seen.
    """
    rows = [row for row in sheet.expanded() if not row.is_blank][:_HEAD_ROWS_SEARCHED]
    best: ListHead | None = None
    for upper, lower in zip(rows, [*rows[1:], None], strict=True):
        for under in (None, lower if _belongs_below(sheet, upper, lower) else None):
            head = _read_head(upper, under)
            if best is None or len(head.columns) > len(best.columns):
                best = head
    if best is None:
        raise MissingColumnsError(REQUIRED, ())
    columns = {**best.columns, **(chosen or {})}
    missing = tuple(field for field in REQUIRED if field not in columns)
    if missing:
        raise MissingColumnsError(missing, tuple(best.labels.values()))
    return ListHead(best.first_row, best.last_row, columns, best.labels)


def _belongs_below(sheet: Sheet, upper: SheetRow, lower: SheetRow | None) -> bool:
    """Whether the next row is the second row of a merged head, by the merged areas."""
    return lower is not None and any(
        area.first_row <= upper.number < lower.number <= area.last_row
        or (area.first_row == area.last_row == upper.number and area.first_column > 1)
        for area in sheet.merged
    )


def _read_head(upper: SheetRow, lower: SheetRow | None) -> ListHead:
    columns: dict[str, int] = {}
    labels: dict[int, str] = {}
    for column, cell in enumerate(upper.cells, 1):
        over = cell_text(cell).strip()
        under = cell_text(lower.cells[column - 1]).strip() if lower else ""
        parts = [part for part in dict.fromkeys((over, under)) if part]
        if not parts:
            continue
        label = "／".join(re.sub(r"\s+", "", part) for part in parts)
        labels[column] = label if label not in labels.values() else f"{label}（{column}列目）"
        for part in reversed(parts):
            field = _FIELD_OF_HEAD.get(head_key(part))
            if field and field not in columns:
                columns[field] = column
                break
    return ListHead(upper.number, (lower or upper).number, columns, labels)
