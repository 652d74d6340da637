"""Finding the table inside a list: which row is the head, which column means what.

Every council lays its list out differently: title rows above, heads merged over two rows, other
words for the same thing, two things in one column ("1K/22.4㎡"). The mapping proposed here is
shown to the person importing, who can correct it; nothing is read from a column that was not
recognised, but every cell is kept as typed.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.housing.lists.groups import COLUMN_GROUPS, column_words
from app.japanese import narrow
from app.sheets import Sheet, SheetError, SheetRow, cell_text

SYNONYMS: dict[str, tuple[str, ...]] = {
    "number": ("No.", "No", "番号", "登録番号", "整理番号", "管理番号", "物件番号", "項番"),
    "building": (
        "物件名", "建物名", "建物名称", "住宅の名称", "住宅名", "名称", "アパート名", "物件名称",
        "住宅名称", "マンション名", "建物",
    ),
    "room": (
        "号室", "部屋番号", "住戸番号", "室番号", "部屋", "室", "部屋No", "号室名", "住戸",
        "部屋番",
    ),
    "building_room": (
        "物件名・号室", "物件名/号室", "建物名・部屋番号", "建物名/部屋番号", "物件名・部屋番号",
        "物件名称・号室", "建物名・号室",
    ),
    "address": (
        "所在地", "住所", "住宅の所在地", "物件所在地", "物件住所", "所在", "物件の所在地",
        "所在地番", "場所",
    ),
    "postal_code": ("郵便番号", "〒"),
    "layout": ("間取り", "間取", "タイプ", "間取りタイプ"),
    "area": ("面積", "専有面積", "専用面積", "床面積", "広さ", "専有", "面積㎡", "平米", "㎡"),
    "layout_area": (
        "間取/専有面積", "間取り/専有面積", "間取り・面積", "間取・面積", "間取/面積",
        "間取り/面積", "間取り・専有面積", "間取り・広さ",
    ),
    "rent": ("家賃", "賃料", "月額家賃", "家賃月額", "月額賃料", "賃料月額", "家賃額"),
    "fee": (
        "共益費", "管理費", "共益費・管理費", "管理費・共益費", "共益費等", "管理費等",
        "共益費/管理費", "管理費/共益費",
    ),
    "fee_inside": ("管理費込み", "共益費込み", "管理費込", "共益費込", "管理費含む"),
    "rent_fee": (
        "家賃/共益費", "賃料/管理費", "家賃・共益費", "賃料・管理費", "家賃/管理費",
        "賃料/共益費", "家賃(共益費)", "賃料(管理費)",
    ),
    "deposit": ("敷金", "保証金", "敷"),
    "key_money": ("礼金", "礼"),
    "deposit_key_money": ("敷/礼", "敷金/礼金", "敷金・礼金", "敷・礼", "敷礼"),
    "built": (
        "築年月", "竣工年月", "建築年月", "築年数", "築年", "建築年", "完成年月", "建築時期",
        "新築年月",
    ),
    "floor": ("階/階建", "所在階", "階", "階数/階建", "所在階/階建", "階/総階数"),
    "storeys": ("階数", "階建", "総階数", "建物階数", "地上階"),
    "lift": ("EV", "エレベーター", "エレベータ", "昇降機", "ELV"),
    "station": (
        "最寄駅", "最寄り駅", "交通", "沿線・駅", "駅", "交通機関", "最寄駅・徒歩", "沿線/駅",
        "交通アクセス", "アクセス",
    ),
    "walk": ("徒歩", "駅徒歩", "徒歩分", "駅からの時間", "徒歩時間", "駅まで"),
    "guarantor": ("保証人", "連帯保証人", "保証", "保証会社", "保証人要否"),
    "acceptance": (
        "入居者の属性", "受入可否", "入居を拒まない属性", "入居を拒まない者",
        "入居を受け入れることとする者", "要配慮者の範囲", "入居を拒まない要配慮者",
    ),
    "conditions": ("入居に関する条件", "入居条件", "受入条件", "条件"),
    "elderly": ("高齢者", "高齢", "高齢者世帯", "高齢者可"),
    "disabled": ("障害者", "障がい者", "障害", "障害者世帯", "障がい"),
    "public_assistance": (
        "生活保護", "生保", "生活保護受給者", "被保護者", "低額所得者(生活保護)",
    ),
    "foreigners": ("外国人", "外国籍"),
    "families": ("ひとり親・子育て", "ひとり親", "子育て", "子育て世帯", "母子・父子"),
    "violence_victims": ("DV被害者", "DV"),
    "former_prisoners": ("刑余者", "矯正施設退所者", "更生保護対象者", "保護観察対象者等"),
    "pets": ("ペット", "ペット可否", "ペット飼育"),
    "available": ("入居可能日", "入居可能時期", "入居時期", "入居可能", "入居日", "引渡"),
    "vacancies": ("空室", "空室数", "空き戸数", "空き", "空室状況", "空き状況"),
    "agent": (
        "取扱", "取扱業者", "取扱店", "事業者名", "不動産会社", "管理会社", "仲介業者",
        "取扱会社", "担当会社", "業者名", "取扱不動産会社",
    ),
    "landlord": ("貸主", "大家", "家主", "所有者", "オーナー", "貸主名", "大家名"),
    "phone": (
        "連絡先", "電話", "電話番号", "TEL", "問合せ先電話番号", "問い合わせ先", "問合せ先",
        "連絡先電話番号",
    ),
    "remarks": ("備考", "その他", "特記事項", "メモ", "摘要", "コメント", "備考欄"),
    "structure": ("構造", "建物構造"),
    "kind": ("建て方", "種別", "物件種別", "建物種別"),
    **column_words(),
}  # fmt: skip
"""Heads seen in councils' lists and in the safety-net register, by the field they mean."""

GROUPS = tuple(COLUMN_GROUPS)
"""The groups of people whose acceptance a list states, in the order of the council's columns."""

FIELD_NAMES = {field: words[0] for field, words in SYNONYMS.items()}
"""The Japanese name of a field for sentences."""

COMBINED = {
    "building_room": ("building", "room"),
    "layout_area": ("layout", "area"),
    "rent_fee": ("rent", "fee"),
    "deposit_key_money": ("deposit", "key_money"),
}
"""Columns that hold two things at once."""

REQUIRED = ("building", "address", "rent")
"""Without these a row cannot become a home."""

MOST_HEAD_ROWS = 3
_HEAD_NOISE = re.compile(r"[\s※*＊:]|\([^()]*\)")
_HEAD_SPACE = re.compile(r"[\s※*＊:]")
_ROWS_SEARCHED = 60


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


def field_of_head(text: str) -> str | None:
    """What a head means: its words as they are, without a polite お, or without their unit."""
    whole = _HEAD_SPACE.sub("", narrow(text)).casefold()
    for key in (whole, head_key(text)):
        for spelled in (key, key.removeprefix("お").removeprefix("ご")):
            if spelled in _FIELD_OF_HEAD:
                return _FIELD_OF_HEAD[spelled]
    return None


_FIELD_OF_HEAD: dict[str, str] = {}
for _field, _words in SYNONYMS.items():
    for _word in _words:
        _FIELD_OF_HEAD.setdefault(_HEAD_SPACE.sub("", narrow(_word)).casefold(), _field)
        if "(" not in _word:  # 家賃(共益費) is two things, 家賃(円) is one
            _FIELD_OF_HEAD.setdefault(head_key(_word), _field)


def heads_of(sheet: Sheet) -> Iterator[ListHead]:
    """Every stretch of one to three rows near the top that may be the head, from above."""
    rows = [row for row in _expanded_top(sheet) if not row.is_blank]
    for n, upper in enumerate(rows):
        stretch = [upper]
        yield _read_head(stretch)
        for under in rows[n + 1 : n + MOST_HEAD_ROWS]:
            if not _belongs_below(sheet, stretch[-1], under):
                break
            stretch.append(under)
            yield _read_head(stretch)


def _expanded_top(sheet: Sheet) -> tuple[SheetRow, ...]:
    top = sheet.rows[:_ROWS_SEARCHED]
    last = top[-1].number if top else 0
    areas = tuple(area for area in sheet.merged if area.first_row <= last)
    return replace(sheet, rows=top, merged=areas).expanded()


def propose_head(sheet: Sheet) -> ListHead | None:
    """The stretch that names most fields; None when no row names any."""
    best: ListHead | None = None
    for head in heads_of(sheet):
        if head.columns and (best is None or len(head.columns) > len(best.columns)):
            best = head
    return best


def likely_head(sheet: Sheet) -> ListHead | None:
    """The first row that looks like heads although no word is known: as wide as the table, words
    only. Nothing is read by it; a person sees it and says what the columns are.
    """
    rows = [row for row in _expanded_top(sheet) if not row.is_blank]
    filled = [[text for cell in row.cells if (text := cell_text(cell).strip())] for row in rows]
    widest = max(map(len, filled), default=0)
    for row, texts in zip(rows, filled, strict=True):
        words = not any(re.search(r"\d", narrow(text)) for text in texts)
        if words and len(set(texts)) >= max(3, widest * 2 // 3):
            return _read_head([row])
    return None


def head_at(sheet: Sheet, first: int, last: int) -> ListHead:
    """The head a person pointed at, by the numbers of its rows."""
    rows = [row for row in _expanded_top(sheet) if first <= row.number <= last]
    return _read_head(rows) if rows else ListHead(first, last, {}, {})


def find_head(sheet: Sheet, chosen: dict[str, int] | None = None) -> ListHead:
    """Find the head over one to three rows and propose what its columns mean.

    ``chosen`` maps fields to columns as a person corrected them; they win over what was recognised.

    Raises MissingColumnsError, naming the columns that are missing and the heads that were seen.
    """
    best = propose_head(sheet)
    if best is None:
        raise MissingColumnsError(REQUIRED, ())
    return complete(replace(best, columns={**best.columns, **(chosen or {})}))


def complete(head: ListHead) -> ListHead:
    """The same head. Raises MissingColumnsError when it lacks a column no home can do without."""
    missing = missing_fields(head.columns)
    if missing:
        raise MissingColumnsError(missing, tuple(head.labels.values()))
    return head


def missing_fields(columns: Mapping[str, int]) -> tuple[str, ...]:
    """Which required fields no column holds, alone or together with another."""
    held = {part for field in columns for part in COMBINED.get(field, (field,))}
    return tuple(field for field in REQUIRED if field not in held)


def signature(head: ListHead) -> str:
    """The words of a head as one number: the same layout next month has the same."""
    words = "\n".join(head_key(label) for _, label in sorted(head.labels.items()))
    return hashlib.sha256(words.encode()).hexdigest()


def _belongs_below(sheet: Sheet, upper: SheetRow, lower: SheetRow) -> bool:
    """Whether the next row is a further row of the same head: by the merged areas, or – in a file
    without any – because it holds nothing but words known from heads.
    """
    if any(area.first_row <= upper.number < lower.number <= area.last_row for area in sheet.merged):
        return True
    over = [text for cell in upper.cells if (text := cell_text(cell).strip())]
    names_fields = any(field_of_head(text) for text in over)
    wide = sum(area.first_row == area.last_row == upper.number and area.first_column > 1
               for area in sheet.merged)  # fmt: skip
    if wide:
        return names_fields or wide > 1  # one wide cell alone is a title
    under = [text for cell in lower.cells if (text := cell_text(cell).strip())]
    return names_fields and len(under) >= 2 and all(field_of_head(text) for text in under)


def _read_head(rows: Sequence[SheetRow]) -> ListHead:
    columns: dict[str, int] = {}
    labels: dict[int, str] = {}
    width = max(len(row.cells) for row in rows)
    for column in range(1, width + 1):
        cells = (row.cells[column - 1] if column <= len(row.cells) else None for row in rows)
        parts = list(dict.fromkeys(text for cell in cells if (text := cell_text(cell).strip())))
        if not parts:
            continue
        label = "／".join(re.sub(r"\s+", "", part) for part in parts)
        labels[column] = label if label not in labels.values() else f"{label}（{column}列目）"
        for part in reversed(parts):
            field = field_of_head(part)
            if field and field not in columns:
                columns[field] = column
                break
    return ListHead(rows[0].number, rows[-1].number, columns, labels)
