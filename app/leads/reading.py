"""Reading a list of people to call: a sheet goes in, rows as typed and what they mean come out.

Nothing is guessed and nothing is corrected: a reading that is plainly wrong, an address that does
not fit its postal code and a name in old signs stay as they were given. What cannot be read stays
too, beside a sentence for a person. A row without number or name is held back.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.errors import InvalidError
from app.japanese import (
    Precision,
    age_on,
    kana_search_key,
    narrow,
    parse_date,
    parse_phone,
    parse_yen,
    postal_code,
)
from app.sheets import Sheet, cell_text

LABELS = {
    "number": "貸付番号",
    "name": "氏名",
    "kana": "フリガナ",
    "born_on": "生年月日",
    "postal_code": "郵便番号",
    "address": "住所",
    "phone": "電話番号",
    "loan_kind": "貸付種別",
    "amount": "貸付額",
    "repay_from": "償還開始",
    "status": "状況",
}
"""The fields of a list with the words of its head."""

_HEADS: Mapping[str, tuple[str, ...]] = {
    "number": ("貸付番号", "貸付No", "管理番号", "整理番号", "番号"),
    "name": ("氏名", "借受人", "借受人氏名", "名前"),
    "kana": ("フリガナ", "ふりがな", "カナ", "氏名カナ", "カナ氏名", "よみ"),
    "born_on": ("生年月日", "誕生日"),
    "postal_code": ("郵便番号", "〒"),
    "address": ("住所", "現住所"),
    "phone": ("電話番号", "電話", "連絡先", "携帯電話", "TEL"),
    "loan_kind": ("貸付種別", "種別", "資金種類", "貸付の種類"),
    "amount": ("貸付額", "貸付金額", "金額"),
    "repay_from": ("償還開始", "償還開始月", "償還開始日"),
    "status": ("状況", "償還状況", "状態"),
}
_FIELD_OF = {kana_search_key(head): name for name, heads in _HEADS.items() for head in heads}
_LONGEST = {"number": 40, "phone": 40}
_LONGEST_TEXT = 200
_HEAD_WITHIN = 20
_YOUNGEST, _OLDEST = 15, 110
_MOST_YEN = 2_000_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

# Who is called first on the same day: arrears weigh more than silence, silence more than a pause.
_URGENT = (("滞納", 0), ("連絡不能", 1), ("猶予", 2), ("免除", 2))
LEAST_URGENT = 3

NO_HEAD = (
    "「貸付番号」と「氏名」の見出しが見つかりません。"
    "はじめの20行のうちに、列の名前の行がある一覧を渡してください。"
)


@dataclass(frozen=True)
class Problem:
    """A sentence for a person, about one field or (None) the whole row."""

    field: str | None
    sentence: str

    def plain(self) -> dict[str, str]:
        return {"field": self.field or "", "label": LABELS.get(self.field or "", ""),
                "sentence": self.sentence}  # fmt: skip


@dataclass(frozen=True)
class ReadRow:
    """One row: as typed by field and by other heads, and what is held against it."""

    row: int
    fields: Mapping[str, str]
    others: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    held: bool = False

    @property
    def number(self) -> str | None:
        """The number as a code: half-width, upper case, without spaces."""
        return number_key(self.fields.get("number", ""))


@dataclass(frozen=True)
class ListReading:
    """All rows, and what is odd about the file as a whole."""

    rows: tuple[ReadRow, ...]
    remarks: tuple[str, ...] = ()


def number_key(text: str) -> str | None:
    """One spelling of a list's number; None for an empty one."""
    return narrow(text).replace(" ", "").upper() or None


def read_leads(sheet: Sheet, *, today: date) -> ListReading:
    """Read all rows below the head. Raises InvalidError when no row has a number and a name."""
    at, heads = _find_head(sheet)
    rows = []
    for row in sheet.rows:
        if row.number <= at or row.is_blank:
            continue
        texts = [_clean(cell_text(cell)) for cell in row.cells]
        if any(texts):
            rows.append(_read_row(row.number, dict(zip(heads, texts, strict=False)), today))
    return ListReading(tuple(rows), tuple(_remarks(rows)))


def _clean(text: str) -> str:
    """A cell in one line. Signs no one can type are nothing that was said."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\n", " ")).strip()


def _find_head(sheet: Sheet) -> tuple[int, list[tuple[str | None, str]]]:
    """The head's row number, and for each column its field (None for another one) and label."""
    for row in sheet.expanded()[:_HEAD_WITHIN]:
        labels = [_clean(cell_text(cell)) for cell in row.cells]
        named = [_FIELD_OF.get(kana_search_key(label)) for label in labels]
        if "number" in named and "name" in named:
            return row.number, _columns(named, labels)
    raise InvalidError(NO_HEAD, fields={"file": [NO_HEAD]}, code="lead_head_missing")


def _columns(named: list[str | None], labels: list[str]) -> list[tuple[str | None, str]]:
    """Of two columns of one field the first counts; a second of one name keeps its place in it."""
    seen: set[str] = set()
    columns: list[tuple[str | None, str]] = []
    for position, (name, label) in enumerate(zip(named, labels, strict=True), start=1):
        first = None if name in seen else name
        said = label or f"{position}列目"
        unique = f"{said}（{position}列目）" if said in seen else said
        seen |= {name or "", said}
        columns.append((first, unique))
    return columns


def _read_row(number: int, texts: Mapping[tuple[str | None, str], str], today: date) -> ReadRow:
    fields = {name: text for (name, _label), text in texts.items() if name and text}
    others = {label: text for (name, label), text in texts.items() if not name and text}
    held = [*_missing(fields), *_too_long(fields)]
    problems = [*held, *_questions(fields, today)]
    return ReadRow(number, fields, others, tuple(problems), held=bool(held))


def _missing(fields: Mapping[str, str]) -> list[Problem]:
    return [
        Problem(name, f"{LABELS[name]}がありません。直した一覧をもう一度渡してください。")
        for name in ("number", "name")
        if not fields.get(name)
    ]


def _too_long(fields: Mapping[str, str]) -> list[Problem]:
    return [
        Problem(name, f"長すぎます（{most}文字まで）。列がずれていないか確かめてください。")
        for name, text in fields.items()
        if max(len(text), len(narrow(text))) > (most := _LONGEST.get(name, _LONGEST_TEXT))
    ]


def _questions(fields: Mapping[str, str], today: date) -> list[Problem]:
    """What was taken as it is, but should be asked or looked up."""
    found = []
    if text := fields.get("phone"):
        if problem := parse_phone(text).problem:
            found.append(Problem("phone", problem))
    else:
        found.append(Problem("phone", "電話番号がありません。手紙を出すか、番号を調べてください。"))
    if text := fields.get("born_on"):
        read = parse_date(text, today=today)
        if read.value is None or read.precision is not Precision.DAY:
            found.append(Problem("born_on", read.problem or f"「{text}」は日まで分かりません。"))
        elif not _YOUNGEST <= age_on(read.value, today) <= _OLDEST:
            found.append(
                Problem("born_on", f"「{text}」では年齢が合いません。本人に聞いてください。")
            )
    if (text := fields.get("postal_code")) and postal_code(text) is None:
        found.append(Problem("postal_code", f"「{text}」は7桁の郵便番号ではありません。"))
    if (text := fields.get("amount")) and _amount(text) is None:
        found.append(Problem("amount", f"「{text}」は金額として読めません。"))
    return found


def _remarks(rows: list[ReadRow]) -> list[str]:
    """One reading for many names is no reading."""
    kana = Counter(kana_search_key(row.fields["kana"]) for row in rows if row.fields.get("kana"))
    names = {row.fields.get("name") for row in rows}
    if len(kana) == 1 and sum(kana.values()) > 1 and len(names) > 1:
        [only] = {row.fields["kana"] for row in rows if row.fields.get("kana")} or {""}
        return [f"どの行もフリガナが同じです（{only}）。読み方は本人に聞いてください。"]
    return []


# ------------------------------------------------------------------------------------ meanings


def meanings(fields: Mapping[str, str], *, today: date) -> dict[str, Any]:
    """The columns of a person from the cells as typed; what cannot be read is None."""
    text = {name: fields.get(name) or None for name in LABELS}
    born = parse_date(text["born_on"], today=today)
    whole_day = born.value is not None and born.precision is Precision.DAY
    return {
        "number": number_key(text["number"] or "") or "",
        "name": text["name"] or "",
        "kana": text["kana"],
        "kana_key": kana_search_key(text["kana"] or "")[:200] or None,
        "born_on": born.value if whole_day else None,
        "postal_code": postal_code(text["postal_code"] or "") or None,
        "address": text["address"],
        "phone": text["phone"],
        "phone_digits": digits_to_call(text["phone"]),
        "loan_kind": text["loan_kind"],
        "amount": _amount(text["amount"]),
        "repay_from": text["repay_from"],
        "status": text["status"],
        "urgency": urgency_of(text["status"]),
    }


def _amount(text: str | None) -> int | None:
    """Yen; None for nothing, for what is no amount and for more than a column takes."""
    yen = parse_yen(text).yen if text else None
    return yen if yen is not None and 0 <= yen <= _MOST_YEN else None


def digits_to_call(text: str | None) -> str | None:
    """The digits to ring. A number the numbering plan does not know is rung too, once it has the
    length of one: the plan at hand may be older than the number.
    """
    if not text:
        return None
    digits = parse_phone(text).digits
    if digits is None:
        first = re.split(r"[、,;/]", narrow(text))[0]
        digits = re.sub(r"\D", "", first)
    return digits if re.fullmatch(r"0\d{8,10}", digits) else None


def urgency_of(status: str | None) -> int:
    """0 for arrears, 3 for repayments that go on."""
    return next((rank for word, rank in _URGENT if word in (status or "")), LEAST_URGENT)


def same_meaning(name: str, before: str, after: str, *, today: date) -> bool:
    """Whether two spellings of one cell say the same: S59.3.14 and 昭和59年3月14日 do."""
    if before == after:
        return True
    if name in {"name", "address", "kana", "loan_kind", "status", "repay_from"}:
        return False
    values = [meanings({name: text}, today=today) for text in (before, after)]
    key = "phone_digits" if name == "phone" else name
    return values[0][key] is not None and values[0][key] == values[1][key]
