"""The words of a list's cells: who is accepted and how, lifts, guarantors, dates of moving in.

A blank cell is *not known*, never "no": the machine must not exclude a household by something
nobody said.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.japanese import narrow, parse_date
from app.sheets import Cell, cell_text


class Answer(StrEnum):
    """What an owner answers for one group of people."""

    YES = "可"
    CONDITIONAL = "条件付き"
    ASK = "応相談"
    NO = "不可"
    UNKNOWN = "未確認"


class Condition(StrEnum):
    """A condition under which somebody is accepted; each becomes a task on a proposal."""

    PROXY_PAYMENT = "代理納付"
    WATCHING_OVER = "見守り"
    GUARANTOR_COMPANY = "保証会社"
    EMERGENCY_CONTACT = "緊急連絡先"
    LEFTOVER_GOODS = "残置物契約"
    OTHER = "その他"


@dataclass(frozen=True)
class Acceptance:
    """One group's cell. A condition that is not in the list of known ones is OTHER; the words are
    in ``as_typed``.
    """

    answer: Answer
    conditions: frozenset[Condition] = frozenset()
    as_typed: str = ""
    problem: str | None = None


_YES = frozenset({"可", "○", "〇", "◯", "◎", "有", "可能", "受入可", "ok"})
_NO = frozenset({"不可", "×", "✕", "✖", "x", "否", "無", "受入不可", "ng"})
_ASK = frozenset({"相談", "応相談", "要相談", "△", "相談可", "都度相談"})
_UNKNOWN = frozenset({"", "未確認", "-", "不明", "未定", "確認中", "?"})
_CONDITION_WORDS = {
    "代理納付": Condition.PROXY_PAYMENT,
    "見守り": Condition.WATCHING_OVER,
    "見守": Condition.WATCHING_OVER,
    "保証会社": Condition.GUARANTOR_COMPANY,
    "緊急連絡先": Condition.EMERGENCY_CONTACT,
    "残置物": Condition.LEFTOVER_GOODS,
}
_CONDITIONAL = re.compile(
    r"(?:可|○|〇|◯)\((.+)\)"
    r"|(.+?)(?:が?あれば|なら|で|のみ|限定|に限り)可?"
    r"|条件付き?可?(?:\((.+)\))?"
)


def parse_acceptance(cell: Cell) -> Acceptance:
    """Read "可（代理納付）", "緊急連絡先あれば可", "○", "×", "相談" or a blank (= 未確認)."""
    as_typed = cell_text(cell)
    plain = narrow(as_typed).replace(" ", "").casefold()
    for answer, words in (
        (Answer.UNKNOWN, _UNKNOWN),
        (Answer.YES, _YES),
        (Answer.NO, _NO),
        (Answer.ASK, _ASK),
    ):
        if plain in words:
            return Acceptance(answer, as_typed=as_typed)
    if _CONDITIONAL.fullmatch(plain):
        return Acceptance(Answer.CONDITIONAL, _conditions(plain), as_typed)
    return Acceptance(
        Answer.UNKNOWN,
        as_typed=as_typed,
        problem=f"「{as_typed}」は受入可否として読めません。可・条件付き・応相談・不可から選んでください。",
    )


def _conditions(plain: str) -> frozenset[Condition]:
    found = {condition for word, condition in _CONDITION_WORDS.items() if word in plain}
    return frozenset(found or {Condition.OTHER})


class Guarantor(StrEnum):
    """What an owner asks for as security."""

    PERSON = "要"
    NOTHING = "不要"
    COMPANY = "保証会社"
    COMPANY_REQUIRED = "保証会社必須"
    ASK = "相談"
    UNKNOWN = "未確認"


_GUARANTORS = {
    "要": Guarantor.PERSON,
    "必要": Guarantor.PERSON,
    "有": Guarantor.PERSON,
    "不要": Guarantor.NOTHING,
    "無": Guarantor.NOTHING,
    "なし": Guarantor.NOTHING,
    "保証会社": Guarantor.COMPANY,
    "保証会社可": Guarantor.COMPANY,
    "保証会社利用可": Guarantor.COMPANY,
    "保証会社必須": Guarantor.COMPANY_REQUIRED,
    "保証会社利用必須": Guarantor.COMPANY_REQUIRED,
    "要保証会社": Guarantor.COMPANY_REQUIRED,
    "相談": Guarantor.ASK,
    "応相談": Guarantor.ASK,
    "要相談": Guarantor.ASK,
}


def parse_guarantor(cell: Cell) -> tuple[Guarantor, str | None]:
    """The rule and, for words nobody has used before, a sentence."""
    as_typed = cell_text(cell)
    plain = narrow(as_typed).replace(" ", "")
    if plain in _UNKNOWN:
        return Guarantor.UNKNOWN, None
    if plain in _GUARANTORS:
        return _GUARANTORS[plain], None
    return (
        Guarantor.UNKNOWN,
        f"「{as_typed}」は保証人の条件として読めません。要・不要・保証会社から選んでください。",
    )


_LIFT = {
    **dict.fromkeys(("有", "あり", "○", "〇", "◯", "可", "1基", "2基"), True),
    **dict.fromkeys(("無", "なし", "無し", "×", "-"), False),
}


def parse_lift(cell: Cell) -> tuple[bool | None, str | None]:
    """Whether there is a lift; None when the cell is blank.

    A dash says "none": who types it has answered the column. All homes that stand both in the
    council's list with a dash and in the safety-net register have 無 there. A blank column was not
    answered.
    """
    as_typed = cell_text(cell)
    plain = narrow(as_typed).replace(" ", "")
    if not plain or plain in {"不明", "未確認", "?"}:
        return None, None
    if plain in _LIFT:
        return _LIFT[plain], None
    return None, f"「{as_typed}」はエレベーターの有無として読めません。有か無を選んでください。"


class MoveIn(StrEnum):
    """How the time of moving in is stated."""

    ON_DATE = "日付"
    IMMEDIATELY = "即入居可"
    AFTER_MOVE_OUT = "退去後"
    TO_BE_DISCUSSED = "相談"
    UNKNOWN = "未確認"


@dataclass(frozen=True)
class Available:
    """From when a home can be moved into. ``earliest`` is a day only for ON_DATE; ``about`` marks
    a part of a month (上旬 begins on the 1st, 中旬 on the 11th, 下旬 on the 21st).
    """

    kind: MoveIn
    earliest: date | None = None
    about: bool = False
    as_typed: str = ""
    problem: str | None = None


_PART_OF_MONTH = {"上旬": 1, "初旬": 1, "初め": 1, "中旬": 11, "下旬": 21}
_PARTED = re.compile(r"(.+?月)の?(上旬|初旬|初め|中旬|下旬|末)(?:頃|予定|以降)?")
_MOVE_IN_WORDS = {
    **dict.fromkeys(
        ("即", "即入居可", "即入居", "即日", "即可", "空室", "可", "随時"), MoveIn.IMMEDIATELY
    ),
    **dict.fromkeys(("退去後", "退去予定", "居住中", "入居中"), MoveIn.AFTER_MOVE_OUT),
    **dict.fromkeys(("相談", "応相談", "要相談"), MoveIn.TO_BE_DISCUSSED),
    **dict.fromkeys(_UNKNOWN, MoveIn.UNKNOWN),
}


def parse_available(cell: Cell, *, today: date) -> Available:
    """Read "2026/12/15", "R9.1.10", "令和8年12月上旬", "即", "退去後", "相談"; 月末 is the month's
    last day.
    """
    as_typed = cell_text(cell)
    plain = narrow(as_typed).replace(" ", "")
    if plain in _MOVE_IN_WORDS:
        return Available(_MOVE_IN_WORDS[plain], as_typed=as_typed)
    parted = _PARTED.fullmatch(plain)
    bare = parted[1] if parted else re.sub(r"(?:頃|以降|から|より|予定|入居可)+$", "", plain)
    read = parse_date(bare, today=today)
    if read.value is None:
        return Available(MoveIn.UNKNOWN, as_typed=as_typed, problem=read.problem)
    if parted is None:
        about = read.last_day != read.value
        return Available(MoveIn.ON_DATE, read.value, about=about, as_typed=as_typed)
    if parted[2] == "末" and read.last_day is not None:
        return Available(MoveIn.ON_DATE, read.last_day, about=True, as_typed=as_typed)
    day = read.value.replace(day=_PART_OF_MONTH[parted[2]])
    return Available(MoveIn.ON_DATE, day, about=True, as_typed=as_typed)


@dataclass(frozen=True)
class Station:
    """The nearest station with its line, both as typed without brackets."""

    line: str = ""
    name: str = ""


_BRACKETED = re.compile(r"(.*?)[「『](.+?)[」』]駅?")
_SPACED = re.compile(r"(.*?(?:線|ライン))[\s　]*(.+?)駅")
_NAME_ONLY = re.compile(r"(.+?)駅")


def parse_station(cell: Cell) -> Station:
    """Read "小田急江ノ島線「長後」駅", "相鉄線 さがみ野駅 徒歩10分" or "座間駅"."""
    as_typed = cell_text(cell)
    for pattern in (_BRACKETED, _SPACED):
        if found := pattern.match(as_typed):
            return Station(found[1].strip(), found[2].strip())
    found = _NAME_ONLY.match(as_typed)
    return Station(name=(found[1] if found else as_typed).strip())


_FULL = frozenset({"満室", "なし", "無", "無し", "×", "0", "入居中", "空室なし"})
_FREE = frozenset({"有", "あり", "○", "〇", "◯", "空", "空室", "空室あり", "空き", "募集中"})
_ROOMS_FREE = re.compile(r"(\d{1,4})(?:室|戸|部屋)?")


def parse_vacancies(cell: Cell) -> tuple[bool | None, str | None]:
    """Whether a row still has something to let: "0" and 満室 say no, "2" and 有 say yes."""
    as_typed = cell_text(cell)
    plain = narrow(as_typed).replace(" ", "")
    if not plain or plain in _UNKNOWN:
        return None, None
    if plain in _FULL or plain in _FREE:
        return plain in _FREE, None
    if found := _ROOMS_FREE.fullmatch(plain):
        return int(found[1]) > 0, None
    return None, f"「{as_typed}」は空室の有無として読めません。有か無、または戸数で書いてください。"


_TWO = re.compile(r"\s*[/|]\s*")
_BRACKETED_PART = re.compile(r"(.+?)\((?:共益費|管理費|うち)?[:：]?(.+)\)")
_LAYOUT_AREA = re.compile(
    r"(?P<layout>[^\s/|(\d]*\d*\s?[A-Za-z+]+(?:\([^)]*\))?|ワンルーム)"
    r"[\s/|(・,]*(?P<area>約?\d+(?:\.\d+)?\s*(?:㎡|m2|m²|平米)?)\)?",
)
_BUILDING_ROOM = re.compile(
    r"(?P<building>.+?)[\s　/／]+(?P<room>[A-Za-zＡ-Ｚ\-－]*[\d０-９]+[A-Za-z]?\s*(?:号室|号|室)?)"
)


def part_of(combined: str, text: str) -> tuple[str, str] | None:
    """The two things one cell holds: ("1K", "22.4㎡") of "1K/22.4㎡"; None when it cannot be told
    where one ends and the other begins.
    """
    plain = narrow(text)
    if combined == "building_room":
        found = _BUILDING_ROOM.fullmatch(text.strip())
        return (found["building"], found["room"]) if found else (text.strip(), "")
    if combined == "layout_area":
        found = _LAYOUT_AREA.fullmatch(plain)
        return (found["layout"], found["area"]) if found else None
    if bracketed := _BRACKETED_PART.fullmatch(plain):
        return bracketed[1].strip(), bracketed[2].strip()
    parts = _TWO.split(plain) if _TWO.search(plain) else re.split(r"[・、]", plain)
    return (parts[0], parts[1]) if len(parts) == 2 else None
