"""Allergens on a food label: a draft for a person to confirm, never a finding.

Undeclared is unknown, not absent. Reading a label is not searching for characters:
「乳化剤（大豆由来）」 is soya, not milk, and 「本品製造工場では落花生を含む製品を製造しています」
says that peanut *may* be in it. When in doubt the draft errs towards "contains". The lists are
dated: which allergens a label must name changed in 2023 and changes again in 2026, and old packs
keep old labels.
"""

import csv
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from app.japanese import narrow

_FILE = Path(__file__).parents[2] / "reference" / "data" / "allergens.csv"


class Labelling(StrEnum):
    """Whether a label must name an allergen or only should."""

    MANDATORY = "義務"
    RECOMMENDED = "推奨"


@dataclass(frozen=True)
class Allergen:
    """One row of the dated lists. Until ``transition_until`` old labels may still leave it out."""

    name: str
    labelling: Labelling
    valid_from: date
    valid_to: date | None
    transition_until: date | None
    certainty: str
    source: str
    spellings: tuple[str, ...]

    def counts_on(self, day: date) -> bool:
        """Whether this row is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


CROSS_REACTIONS = {"カシューナッツ": ("ピスタチオ",), "ピスタチオ": ("カシューナッツ",)}
"""Who reacts to the one often reacts to the other: warn both ways."""


class Declaration(StrEnum):
    """What a label says as a whole."""

    STATED = "表示あり"
    NONE = "なしと表示"
    UNKNOWN = "不明"


@dataclass(frozen=True)
class AllergenDraft:
    """What was read from a label. It is always a draft: somebody with the pack in hand confirms it.

    ``to_check`` holds words that were not understood or only resemble an allergen;
    ``may_be_left_out`` the allergens a label of that day need not name, so that their absence says
    nothing.
    """

    as_typed: str
    declaration: Declaration
    contains: frozenset[str] = frozenset()
    may_contain: frozenset[str] = frozenset()
    to_check: tuple[str, ...] = ()
    may_be_left_out: frozenset[str] = frozenset()

    @property
    def sentence(self) -> str:
        """What the person at the shelf should do."""
        if self.declaration is Declaration.UNKNOWN:
            return "アレルゲンが分かりません。現物の表示を見て入れてください。"
        if self.to_check:
            words = "、".join(self.to_check)
            return f"「{words}」を読み取れません。現物の表示と合わせて確かめてください。"
        return "読み取りの下書きです。現物の表示と合わせて確かめてください。"

    @property
    def cross_reactions(self) -> frozenset[str]:
        """Allergens that are not named but related to one that is."""
        named = self.contains | self.may_contain
        related = {other for name in named for other in CROSS_REACTIONS.get(name, ())}
        return frozenset(related - named)


@lru_cache(maxsize=1)
def shipped_allergens() -> tuple[Allergen, ...]:
    """The dated lists that come with the program."""

    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    with _FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Allergen(
                row["name"],
                Labelling(row["list"]),
                date.fromisoformat(row["valid_from"]),
                day(row["valid_to"]),
                day(row["transition_until"]),
                row["certainty"],
                row["source"],
                tuple(spelling for spelling in row["spellings"].split("|") if spelling),
            )
            for row in csv.DictReader(lines)
        )


def allergens_on(day: date, rows: tuple[Allergen, ...] | None = None) -> dict[str, Allergen]:
    """The lists in force on a day by name. Before the first version that version counts."""
    rows = shipped_allergens() if rows is None else rows
    first = min(row.valid_from for row in rows)
    return {row.name: row for row in rows if row.counts_on(max(day, first))}


_NONE = frozenset(
    {"なし", "無し", "無", "該当なし", "特定原材料なし", "特定原材料等なし", "含まない"}
)
_BLANK = frozenset({"", "-", "不明", "未確認", "?"})
_WARNING = re.compile(
    r"(?:本品|この(?:商品|製品)|当社?)?の?(?:製造|加工)?(?:工場|ライン|設備|施設)"
    r"|同[一じ]|共通の|混入|コンタミ"
)
_WARNING_LEAD = re.compile(r"^.*?(?:では|で|は|する)")
_SENTENCE_ENDS = re.compile(r"[。\s]+")
_SEPARATORS = re.compile(r"[・、,，/;:()\[\]「」『』]+")
_BEFORE = re.compile(r"^(?:原材料の)?(?:一部に|原材料に|特定原材料等?|アレルゲン|アレルギー物質)")
_AFTER = re.compile(r"(?:を含みます|を含む製品.*|を含む|を使用.*|を扱.*|含む|由来|等|など)$")
_RESEMBLING = re.compile(r"^(?:乳化|乳酸|もも肉|いかなる)")
_HARMLESS = frozenset({"乳化剤", "原材料"})


def read_allergens(
    text: str | None, on: date, rows: tuple[Allergen, ...] | None = None
) -> AllergenDraft:
    """Read a label's allergen line as of a day (when the pack was received).

    Allergens of every version are recognised whatever the day; ``on`` decides only what a label may
    have left out.
    """
    typed = text or ""
    plain = narrow(typed)
    rows = shipped_allergens() if rows is None else rows
    optional = frozenset(
        name
        for name, row in allergens_on(on, rows).items()
        if row.labelling is Labelling.RECOMMENDED
        or (row.transition_until is not None and on <= row.transition_until)
    )
    bare = plain.replace(" ", "").strip("()。")
    if bare in _BLANK:
        return AllergenDraft(typed, Declaration.UNKNOWN, may_be_left_out=optional)
    if bare in _NONE:
        return AllergenDraft(typed, Declaration.NONE, may_be_left_out=optional)
    main, warnings = _split_warnings(plain)
    contains, unread = _named(main, rows)
    may_contain, unread_warning = _named(warnings, rows)
    stated = contains or may_contain
    return AllergenDraft(
        typed,
        Declaration.STATED if stated else Declaration.UNKNOWN,
        contains,
        may_contain - contains,
        (*unread, *(() if may_contain else unread_warning)),
        optional,
    )


def _split_warnings(plain: str) -> tuple[str, str]:
    """What a label says is in the food, and what it warns of because of the factory.

    A sentence counts as a warning only from the word that makes it one: what stands before is in
    the food.
    """
    main, warnings = [], []
    for sentence in _SENTENCE_ENDS.split(plain):
        marker = _WARNING.search(sentence)
        if marker is None:
            main.append(sentence)
            continue
        main.append(sentence[: marker.start()])
        warnings.append(_WARNING_LEAD.sub("", sentence[marker.start() :]))
    return "、".join(main), "、".join(warnings)


def _named(text: str, rows: tuple[Allergen, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The allergens a text names, and the words that were not understood."""
    spellings = {narrow(word): row.name for row in rows for word in (row.name, *row.spellings)}
    longest_first = sorted(spellings, key=len, reverse=True)
    found: set[str] = set()
    unread: list[str] = []
    for token in _SEPARATORS.split(text):
        word = _AFTER.sub("", _BEFORE.sub("", token))
        if not word or word in _HARMLESS:
            continue
        if word in spellings:
            found.add(spellings[word])
            continue
        unread.append(word)
        start = next((one for one in longest_first if word.startswith(one)), None)
        if start and not word.endswith("不使用") and not _RESEMBLING.match(word):
            found.add(spellings[start])
    return frozenset(found), tuple(unread)
