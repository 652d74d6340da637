"""Reading a recall notice, and judging a lot against what it says. Pure: no clock, no database.

What is found is a draft with its places in the text; a person confirms it. A lot that lacks what
the notice asks for – most often the maker's code – counts as meant, because it may be; only what
plainly differs is set apart.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice

from app.foodbank.printed.dates import DateKind, parse_printed_date
from app.foodbank.scanning.jan import is_jan
from app.japanese import narrow

# One character for one, so that what is found keeps its place in the text as pasted.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_HYPHENS = str.maketrans("‐‑–—−ｰ", "------")

_JAN = re.compile(r"(?<![\d-])\d(?:[ -]?\d){7,12}(?![\d-])")
_CODE = r"[A-Za-z0-9][A-Za-z0-9\-/+.]{1,30}"
_LOT_CODES = re.compile(
    r"(?:製造ロット|ロット|LOT|製造記号|製造番号)(?:[ ]?(?:番号|記号|No\.?|ナンバー))?"
    rf"\s{{0,3}}[:は]?\s{{0,3}}((?:{_CODE})(?:\s{{0,3}}[、,・及び]{{1,3}}\s{{0,3}}{_CODE}){{0,99}})",
    re.IGNORECASE,
)
_DAY = (
    r"(?:令和|平成|[RH])?\s?\d{1,4}\s?[年./-]\s?\d{1,2}"
    r"(?:\s?[月./-]\s?\d{1,2}(?!\d)日?|月)"
)
_DATES = re.compile(rf"(?<![\d.-])({_DAY})(?:\s*(?:~|〜|から)\s*({_DAY}))?")
_NEAR_DATE = re.compile(r"(賞味|消費)\s*期限|期限日")
# Another field on the same line ends the one before it: 「商品名：のり　賞味期限：2027.3.28」.
_NEXT_FIELD = re.compile(
    r"\s(?:(?:賞味|消費)\s*期限|JAN|バーコード|製造(?:者|元|所|番号|記号|ロット)|販売(?:者|元)"
    r"|内容量|ロット|LOT|メーカー|会社名|事業者名)",
    re.IGNORECASE,
)
_LINES = {
    "names": re.compile(
        r"(?:商品名|製品名|品名|対象商品|対象品|回収対象)[^:\n]{0,8}[:]\s*([^\n]+)"
    ),
    "makers": re.compile(
        r"(?:製造者|販売者|製造元|販売元|メーカー|会社名|事業者名)[^:\n]{0,4}[:]\s*([^\n]+)"
    ),
}
_QUOTED = re.compile(r"[「『]([^「」『』\n]{2,60})[」』]")
_SHORTEST = 2
MOST = 200  # of one kind: a notice with more is no notice


@dataclass(frozen=True)
class DateRange:
    """Last days from one to another, both inclusive."""

    first: date
    last: date

    def __str__(self) -> str:
        ends = dict.fromkeys((self.first.isoformat(), self.last.isoformat()))
        return "～".join(ends)


@dataclass(frozen=True)
class Criteria:
    """What to look for. An empty part asks for nothing."""

    names: tuple[str, ...] = ()
    jans: tuple[str, ...] = ()
    lot_codes: tuple[str, ...] = ()
    dates: tuple[DateRange, ...] = ()
    makers: tuple[str, ...] = ()

    @property
    def identifies(self) -> bool:
        """Whether it says at all which food is meant."""
        return bool(self.names or self.jans or self.lot_codes)

    def stored(self) -> dict[str, list[str]]:
        """As a JSON column keeps it."""
        plain = {n: list(getattr(self, n)) for n in ("names", "jans", "lot_codes", "makers")}
        return plain | {"dates": [str(one) for one in self.dates]}

    @classmethod
    def from_stored(cls, kept: Mapping[str, Sequence[str]]) -> "Criteria":
        """What `stored` gave."""
        plain = {n: tuple(kept.get(n, ())) for n in ("names", "jans", "lot_codes", "makers")}
        ranges = []
        for text in kept.get("dates", ()):
            first, _, last = text.partition("～")
            ranges.append(DateRange(date.fromisoformat(first), date.fromisoformat(last or first)))
        return cls(dates=tuple(ranges), **plain)


@dataclass(frozen=True)
class Mark:
    """Where in the text something was found, from one place up to another."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Draft:
    """What a notice seems to say."""

    criteria: Criteria
    marks: tuple[Mark, ...] = field(default=())


def read_notice(text: str, *, known_names: Collection[str] = (), today: date) -> Draft:
    """Names, JAN codes, makers' codes and dates in a notice, each with its place.

    `known_names` are the food bank's own items: one that stands in the text is found without any
    heading before it. Dates count only on lines that speak of 期限, or on the line below.
    """
    plain = text.translate(_WIDE).translate(_HYPHENS)
    marks: list[Mark] = []
    jans = _found(marks, "jan", _jans(plain))
    codes = _found(marks, "lot_code", _codes(plain))
    names = _found(marks, "name", _names(text, plain, known_names))
    makers = _found(marks, "maker", _labelled("makers", text, plain))
    ranges = []
    for found, start, end in islice(_dates(plain, today), MOST):
        if not _covered(marks, start, end):
            ranges.append(found)
            marks.append(Mark(start, end, "date"))
    criteria = Criteria(
        names=names,
        jans=jans,
        lot_codes=codes,
        dates=tuple(dict.fromkeys(ranges)),
        makers=makers,
    )
    return Draft(criteria, tuple(sorted(marks, key=lambda mark: mark.start)))


_Found = Iterable[tuple[str, int, int]]


def _found(marks: list[Mark], kind: str, found: _Found) -> tuple[str, ...]:
    words: dict[str, None] = {}
    for word, start, end in islice(found, MOST):
        if not _covered(marks, start, end):
            words[word] = None
            marks.append(Mark(start, end, kind))
    return tuple(words)


def _covered(marks: Iterable[Mark], start: int, end: int) -> bool:
    return any(mark.start < end and start < mark.end for mark in marks)


def _jans(plain: str) -> Iterator[tuple[str, int, int]]:
    for match in _JAN.finditer(plain):
        digits = re.sub(r"[ -]", "", match[0])
        if is_jan(digits):
            yield digits, match.start(), match.end()


def _codes(plain: str) -> Iterator[tuple[str, int, int]]:
    for match in _LOT_CODES.finditer(plain):
        for one in re.finditer(_CODE, match[1]):
            if any(sign.isdigit() for sign in one[0]):
                yield one[0], match.start(1) + one.start(), match.start(1) + one.end()


def _labelled(kind: str, text: str, plain: str) -> Iterator[tuple[str, int, int]]:
    for match in _LINES[kind].finditer(plain):
        start, end = match.start(1), match.end(1)
        following = _NEXT_FIELD.search(plain, start, end)
        end = following.start() if following else end
        while end > start and plain[end - 1].isspace():
            end -= 1
        if end > start:
            yield text[start:end].strip("「」『』"), start, end


def _names(text: str, plain: str, known: Collection[str]) -> Iterator[tuple[str, int, int]]:
    yield from _labelled("names", text, plain)
    for match in _QUOTED.finditer(plain):
        yield text[match.start(1) : match.end(1)], match.start(1), match.end(1)
    for name in sorted(known, key=len, reverse=True):
        at = plain.find(name.translate(_WIDE)) if len(name) >= 3 else -1
        if at >= 0:
            yield name, at, at + len(name)


def _dates(plain: str, today: date) -> Iterator[tuple[DateRange, int, int]]:
    for match in _DATES.finditer(plain):
        line = plain.rfind("\n", 0, match.start()) + 1
        before = plain.rfind("\n", 0, max(line - 1, 0)) + 1
        if not _NEAR_DATE.search(plain[before : match.end()]):
            continue
        first, last = (_last_day(part, today) for part in (match[1], match[2] or match[1]))
        if first is not None and last is not None and first <= last:
            yield DateRange(first, last), match.start(), match.end()


def _last_day(text: str, today: date) -> date | None:
    """A date as on a pack; of an ambiguous one nothing, a person types it."""
    read = parse_printed_date(re.sub(r"\s", "", text), kind=DateKind.BEST_BEFORE, today=today)
    return read.last_day if read.question is None else None


def date_range(text: str, *, today: date) -> DateRange | None:
    """One line of the form: a day, or two with ～ between them. None when it cannot be read."""
    plain = text.translate(_WIDE).translate(_HYPHENS)
    first, sign, last = plain.partition("~") if "~" in plain else plain.partition("〜")
    days = [_last_day(part, today) for part in ((first, last) if sign else (first, first))]
    if None in days or days[0] > days[1]:  # type: ignore[operator]
        return None
    return DateRange(days[0], days[1])  # type: ignore[arg-type]


def segments(text: str, marks: Iterable[Mark]) -> Iterator[tuple[str, str]]:
    """The text in pieces with the kind of each, "" for what nothing was found in."""
    at = 0
    for mark in marks:
        if mark.start > at:
            yield text[at : mark.start], ""
        yield text[mark.start : mark.end], mark.kind
        at = mark.end
    if at < len(text):
        yield text[at:], ""


# --------------------------------------------------------------------------------- judging


class Verdict(StrEnum):
    """MEANT fits all that is asked; PERHAPS lacks something that was asked; APART differs."""

    MEANT = "meant"
    PERHAPS = "perhaps"
    APART = "apart"


@dataclass(frozen=True)
class LotFacts:
    """What is compared of a lot."""

    lot_id: int
    name: str
    jan: str | None = None
    lot_code: str | None = None
    last_day: date | None = None
    maker: str | None = None


@dataclass(frozen=True)
class Judgement:
    """A lot's verdict with what fitted, what is not known and what differs, in words."""

    lot_id: int
    verdict: Verdict
    reasons: tuple[str, ...]


def judge(lot: LotFacts, criteria: Criteria) -> Judgement | None:
    """How a lot stands to a notice; None for another food altogether."""
    fits, unknown, differs = _identity(lot, criteria)
    if not fits:
        return None
    said = {Verdict.MEANT: fits, Verdict.PERHAPS: unknown, Verdict.APART: differs}
    for label, wanted, own in (
        ("製造ロットの記号", criteria.lot_codes, lot.lot_code),
        ("製造者", criteria.makers, lot.maker),
    ):
        if wanted:
            kind = _compared(wanted, own)
            said[kind].append(label + _COMPARED[kind])
    if criteria.dates:
        if lot.last_day is None:
            unknown.append("期限が未記録")
        elif any(one.first <= lot.last_day <= one.last for one in criteria.dates):
            fits.append("期限が一致")
        else:
            differs.append("期限が違う")
    verdict = Verdict.APART if differs else Verdict.PERHAPS if unknown else Verdict.MEANT
    return Judgement(lot.lot_id, verdict, tuple(dict.fromkeys((*differs, *unknown, *fits))))


def _identity(lot: LotFacts, criteria: Criteria) -> tuple[list[str], list[str], list[str]]:
    fits: list[str] = []
    unknown: list[str] = []
    differs: list[str] = []
    named = any(_same_food(name, lot.name) for name in criteria.names)
    if criteria.jans and lot.jan in criteria.jans:
        fits.append("JANが一致")
    elif named:
        fits.append("品名が一致")
        if criteria.jans:
            (unknown if lot.jan is None else differs).append(
                "JANが未記録" if lot.jan is None else "JANが違う"
            )
    elif lot.lot_code and _key(lot.lot_code) in {_key(code) for code in criteria.lot_codes}:
        fits.append("製造ロットの記号が一致")
        if criteria.names or criteria.jans:
            unknown.append("品名が違う（記号は同じ）")
    return fits, unknown, differs


_COMPARED = {Verdict.MEANT: "が一致", Verdict.PERHAPS: "が未記録", Verdict.APART: "が違う"}


def _compared(wanted: Sequence[str], own: str | None) -> Verdict:
    if own is None:
        return Verdict.PERHAPS
    key = _key(own)
    return Verdict.MEANT if any(_key(w) in key or key in _key(w) for w in wanted) else Verdict.APART


def _key(text: str) -> str:
    return re.sub(r"[\s\-・（）()「」㈱]|株式会社|有限会社", "", narrow(text)).casefold()


def _same_food(asked: str, name: str) -> bool:
    """Whether one name holds the other, or they share a first word that is long enough."""
    a, b = _key(asked), _key(name)
    if min(len(a), len(b)) < _SHORTEST:
        return a == b
    return a in b or b in a
