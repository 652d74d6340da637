"""Up to four homes of one answer side by side, a line for each thing people decide by.

Each line says where the homes differ and which is best, in words. What the viewer may not know of
the household is held back by `Words`; a home that does not fit says by name which conditions are in
the way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.db import today
from app.housing import proposals
from app.housing.candidates.words import HIDDEN, Reveal, Words, masked
from app.housing.codes import ACCEPTANCE_LABELS, COST_LABELS, GROUP_LABELS, Acceptance, HomeState
from app.housing.homes import words as home_words
from app.housing.initial_cost import initial_cost, known_sum
from app.housing.models import Home
from app.wording import yen

MOST = 4
GROUP_WORDS = {"fits": "合う", "near": "あと一歩", "unknown": "まだ分からない", "": "合わない"}
GROUP_KINDS = {"fits": "good", "near": "warn", "unknown": "info", "": "bad"}


@dataclass(frozen=True)
class Compared:
    """One home with what the answer says of it; no candidate means that it does not fit."""

    home: Home
    group: str
    candidate: proposals.Candidate | None
    in_the_way: tuple[str, ...]
    row: Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """What one home says on one line; `rank` orders the homes, the lowest is best."""

    text: str = ""
    more: tuple[str, ...] = ()
    rank: float | None = None
    best: bool = False


@dataclass(frozen=True)
class Line:
    """One thing compared. `same` when there is nothing to choose by it."""

    label: str
    cells: tuple[Cell, ...]
    same: bool
    best: str = ""
    kind: str = field(default="")


def compared(
    homes: Sequence[Home], words: Words, failing: Mapping[int, Sequence[Any]], reveal: Reveal
) -> list[Compared]:
    """The homes that were part of the answer, in the given order; `failing` says what is in the way
    of each.
    """
    wanted = {home.id for home in homes}
    rows = {
        row["home_id"]: row
        for group in ("fits", "near", "unknown")
        for row in words.rows(group)
        if row["home_id"] in wanted
    }
    found = []
    for home in homes:
        if home.id not in failing:
            continue
        group, candidate = words.candidate(home.id) or ("", None)
        why = tuple(_why(failure, reveal) for failure in failing[home.id])
        found.append(Compared(home, group, candidate, why, rows.get(home.id, {})))
    return found


def _why(failure: Any, reveal: Reveal) -> str:
    """A failing condition by name; which group a landlord refuses is for consultants."""
    plain = masked({"key": failure.key, "subject": failure.subject}, reveal)
    if plain["subject"] == HIDDEN:
        return str(_("入居者の条件について、貸主の受け入れに合いません。"))
    return proposals.in_the_way_sentence(failure, reveal.names())


def columns(shown: Sequence[Compared], held: Mapping[int, Any]) -> list[dict[str, Any]]:
    """The heads of the columns."""
    return [
        {
            **home_words.row(one.home, today=today(), held=held),
            "group": (GROUP_WORDS[one.group], GROUP_KINDS[one.group]),
            "fits": one.group == "fits",
            "vacant": one.home.state is HomeState.VACANT,
            "holdable": one.group in {"fits", "unknown"} and one.home.state is HomeState.VACANT,
        }
        for one in shown
    ]


def lines(shown: Sequence[Compared], words: Words, *, acceptances: bool = True) -> list[Line]:
    """Every line, in the order in which people decide."""
    homes = [one.home for one in shown]

    def of_home(
        label: str, cell: Callable[[Home], Cell], best: str = "", kind: str = ""
    ) -> list[Line]:
        return [_line(label, [cell(home) for home in homes], best, kind)]

    found = [_line(_("この世帯に"), [_verdict(one) for one in shown], kind="reason")]
    found += of_home(_("家賃と共益費"), _rent, _("いちばん安い"), "main")
    found += [_line(_("上限とくらべて"), [_limit(one) for one in shown])]
    found += of_home(_("はじめに払うお金"), _upfront, _("いちばん少ない"))
    found += of_home(_("間取り・広さ"), _size, _("いちばん広い"))
    found += of_home(_("階・エレベーター"), _floor)
    found += of_home(_("場所"), lambda home: Cell(home_words.town(home.property)))
    found += of_home(_("駅から"), _walk, _("駅にいちばん近い"))
    found += _ways(shown, words)
    if acceptances:
        found += of_home(_("貸主の受け入れ"), _accepts)
    found += of_home(_("入居できる日"), lambda home: Cell(home_words.available(home)))
    found += [
        _line(_("用意すること"), [_arrange(one) for one in shown]),
        _line(_("まだ分からないこと"), [_open(one, words) for one in shown]),
    ]
    found += of_home(_("空きの確かさ"), _fresh, _("いちばん新しい"))
    if any(one.row.get("score") for one in shown):
        found.append(_line(_("合い方"), [_score(one) for one in shown], _("いちばん高い")))
    return [line for line in found if any(cell.text or cell.more for cell in line.cells)]


def _line(label: str, cells: Sequence[Cell], best: str = "", kind: str = "") -> Line:
    """Marks the best of those that are known, where they differ; one alone is not the best."""
    ranks = [cell.rank for cell in cells if cell.rank is not None]
    lowest = min(ranks) if len(set(ranks)) > 1 else None
    marked = tuple(
        Cell(cell.text, cell.more, cell.rank, lowest is not None and cell.rank == lowest)
        for cell in cells
    )
    same = len(cells) > 1 and len({(cell.text, cell.more) for cell in cells}) == 1
    if best and len(ranks) < len(cells):
        best = str(_("%(best)s（分かっている中で）", best=best))
    return Line(label, marked, same, best, kind)


def _verdict(one: Compared) -> Cell:
    if one.candidate is None:
        lower = str(_("上位の候補ではありません。くわしくは住戸の画面で。"))
        return Cell("", one.in_the_way or (lower,))
    said = (one.row.get("change"), one.row.get("reason"))
    return Cell("", tuple(str(words) for words in said if words))


def _rent(home: Home) -> Cell:
    fee = home_words.fee(home)
    text = home_words.rent(home) + (f"＋{fee}" if fee else "")
    known = home.rent is not None and (home.fee is not None or home.fee_included)
    monthly = (home.rent or 0) + (0 if home.fee_included else home.fee or 0)
    more = (_("あわせて月 %(sum)s", sum=yen(monthly)),) if known and monthly != home.rent else ()
    if home.rent is not None and not known:
        more = (_("共益費は未確認"),)
    return Cell(text, more, float(monthly) if known else None)


def _limit(one: Compared) -> Cell:
    if one.candidate is None:
        return Cell(_("―"))
    near = one.candidate.near
    if near is not None and near.key == "rent":
        return Cell(_("上限を%(yen)sこえる", yen=yen(near.options[0].amount)))
    for reason in one.candidate.reasons:
        if reason.code == "at_limit":
            return Cell(_("上限ちょうど"))
        if reason.code == "under_limit":
            return Cell(_("上限より%(yen)s低い", yen=yen(reason.amount)), (), -float(reason.amount))
    return Cell(_("まだ分からない"))


def _upfront(home: Home) -> Cell:
    """What is known, and what the listing leaves out; never guessed into the sum."""
    if home.rent is None:
        return Cell(_("家賃が分かると出ます"))
    costs = initial_cost(home)
    open_ = [COST_LABELS[one.code] for one in costs if one.amount is None]
    total = known_sum(costs)
    basic = None not in {home.deposit, home.key_money}
    more = (_("ほかに %(what)s は未確認", what="・".join(open_)),) if open_ else ()
    text = _("%(sum)s（目安）", sum=yen(total))
    return Cell(text, more, float(total) if basic else None)


def _size(home: Home) -> Cell:
    return Cell(
        home_words.size(home) or _("未確認"),
        (),
        -float(home.area) if home.area is not None else None,
    )


def _floor(home: Home) -> Cell:
    lift = _("エレベーターは未確認")
    if home.property.lift is not None:
        lift = _("エレベーターあり") if home.property.lift else _("エレベーターなし")
    return Cell(home_words.floor(home) or _("階は未確認"), (lift,))


def _walk(home: Home) -> Cell:
    place = home.property
    rank = None
    if place.walk_minutes is not None and place.bus_minutes is None:
        rank = float(place.walk_minutes)
    return Cell(home_words.walk(place) or _("未確認"), (), rank)


def _ways(shown: Sequence[Compared], words: Words) -> list[Line]:
    """A line for each place the household goes to – none for those who may not know of it."""
    far = [words.ways_by_place(one.candidate) if one.candidate else {} for one in shown]
    places = dict.fromkeys(place for ways in far for place in ways)
    return [
        _line(
            _("%(place)sまで", place=place),
            [
                Cell(ways[place][0], (), float(ways[place][1])) if place in ways else Cell(_("―"))
                for ways in far
            ],
            _("いちばん近い"),
        )
        for place in places
    ]


def _accepts(home: Home) -> Cell:
    """What the landlord said of any group, as on the home's own page: nothing of the household."""
    said: dict[Acceptance, list[str]] = {}
    for row in home.acceptances:
        if row.answer is Acceptance.UNKNOWN:
            continue
        terms = "・".join(home_words.condition(code) for code in row.conditions)
        label = GROUP_LABELS[row.group_code] + (f"（{terms}）" if terms else "")
        said.setdefault(row.answer, []).append(label)
    if not said:
        return Cell(_("まだ聞いていない"))
    ordered = [answer for answer in ACCEPTANCE_LABELS if answer in said]
    told = (f"{ACCEPTANCE_LABELS[answer]}: {'、'.join(said[answer])}" for answer in ordered)
    return Cell("", tuple(told))


def _arrange(one: Compared) -> Cell:
    if one.candidate is None:
        return Cell(_("―"))
    return Cell("" if one.row.get("arrange") else _("なし"), tuple(one.row.get("arrange") or ()))


def _open(one: Compared, words: Words) -> Cell:
    if one.candidate is None:
        return Cell(_("―"))
    asked = words.open_questions(one.candidate)
    return Cell("" if asked else _("なし"), asked)


def _fresh(home: Home) -> Cell:
    text, _state = home_words.freshness(home.confirmed_on, today())
    days = None if home.confirmed_on is None else float((today() - home.confirmed_on).days)
    more = (_("今月の一覧にない"),) if home.missing_since is not None else ()
    return Cell(text, more, days)


def _score(one: Compared) -> Cell:
    score = one.row.get("score")
    if not score:
        return Cell(_("―"))
    parts = "、".join(f"{part['label']} {part['points']}" for part in score["parts"])
    return Cell(_("%(n)s点", n=score["total"]), (parts,), -float(score["total"]))
