"""The list of candidates on paper: homes only, in easy words; nothing tells whose list it is."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.cases.queries import SeenCase
from app.errors import ForbiddenError, InvalidError
from app.housing.candidates.queries import GROUPS, shown_with
from app.housing.candidates.words import Reveal, Words
from app.housing.codes import COST_LABELS, HomeState
from app.housing.homes import words as home_words
from app.housing.initial_cost import initial_cost, known_sum
from app.housing.models import Home, MatchRun
from app.housing.proposals import Answered, stored, without_places, without_ways
from app.policy import Protection, Role, Tier, Viewer
from app.wording import weekday, yen

PAPER = "candidates"
MOST = 6
QUESTIONS = [
    "日当たりと、夜の音",
    "ごみを出す場所と曜日",
    "エアコン・コンロはついているか",
    "病院やスーパーまで歩けるか",
]


def organisation_of(viewer: Viewer) -> str:
    """In whose name a viewer hands the paper over."""
    return next(
        m.organisation_name for m in viewer.memberships if m.role in {Role.CONSULTANT, Role.HOUSING}
    )


def for_paper(
    session: Session, seen: SeenCase, run: MatchRun, *, today: date
) -> tuple[Answered, Words]:
    """A stored run as a paper may tell it. It lies about in homes and counters, so it names neither
    the household nor its groups, and for a hidden place no way to anywhere either. Whoever prints
    reads no more on paper than on the screen.

    Raises ForbiddenError for a hidden place the viewer may not know: which homes can be printed,
    and even which are refused, would tell where the household must not go.
    """
    answered = stored(run)
    if not seen.access.sees(Tier.PLACE):
        if seen.case.protection is not Protection.NO:
            raise ForbiddenError(
                "居場所を隠している世帯の紙は、担当の職員だけが印刷できます。担当者に頼んでください。"
            )
        answered = without_places(session, answered)
    elif seen.case.protection is not Protection.NO:
        answered = without_ways(session, answered)
    return answered, Words(
        answered.result, reveal(seen), shown_with(session, answered, today=today)
    )


def reveal(seen: SeenCase) -> Reveal:
    """What of a household its papers may tell."""
    places = seen.case.protection is Protection.NO and seen.access.sees(Tier.PLACE)
    return Reveal(groups=False, places=places, stances=False)


def paper(
    session: Session,
    seen: SeenCase,
    run: MatchRun,
    *,
    home_ids: Collection[int],
    organisation: str,
    today: date,
) -> dict[str, Any]:
    """The data of print/candidates.typ: the chosen homes, or else the first that can be had.

    Raises InvalidError for more homes than fit, and for one that is not in the run or was let.
    """
    case = seen.case
    open_place = case.protection is Protection.NO
    _answered, words = for_paper(session, seen, run, today=today)
    homes = _chosen(words, home_ids) if home_ids else _first(words)
    by = case.housing_need.move_by if case.housing_need else None
    return {
        "sheet": {
            "title": "住まいの候補",
            "organisation": organisation,
            "made_on": f"{today.year}年{today.month}月{today.day}日",
            "notice": "目安",
            "contact": organisation,
        },
        "greeting": "あなたの希望に合いそうな部屋です。気になる部屋に ✓ をつけて、"
        "つぎに会うときに教えてください。"
        if homes
        else "いまの条件に合う部屋はありませんでした。条件を一つ変えると見つかることがあります。",
        **({"deadline": f"{weekday(by)}までに引っ越す予定です。"} if open_place and by else {}),
        "homes": [{"number": number, **home} for number, home in enumerate(homes, 1)],
        "questions": QUESTIONS,
    }


def _first(words: Words) -> list[dict[str, Any]]:
    """Homes that fit, and where there are few those that need a question."""
    homes = [_home(words, row) for row in words.rows("fits") if row["vacant"]][:MOST]
    open_questions = [row for row in words.rows("unknown") if row["vacant"]][: MOST - len(homes)]
    return homes + [_home(words, row, ask=True) for row in open_questions]


def _chosen(words: Words, home_ids: Collection[int]) -> list[dict[str, Any]]:
    if len(home_ids) > MOST:
        raise InvalidError(
            f"紙に載せられるのは{MOST}件までです（選ばれたのは{len(home_ids)}件）。"
            "候補の一覧で減らしてください。"
        )
    rows = {
        row["home_id"]: (group, row)
        for group in GROUPS
        for row in words.rows(group)
        if row["vacant"] and row["home_id"] in home_ids
    }
    if len(rows) < len(home_ids):
        raise InvalidError(
            f"選んだ住戸のうち{len(home_ids) - len(rows)}件は、いまは紙に載せられません"
            "（募集が終わったか、残した結果にありません）。候補の一覧で選び直してください。"
        )
    return [_home(words, row, ask=group == "unknown") for group, row in rows.values()]


def _home(words: Words, row: dict[str, Any], *, ask: bool = False) -> dict[str, Any]:
    home = words.homes[row["home_id"]]
    assert home.state is HomeState.VACANT  # noqa: S101 - filtered by the caller
    return {
        "name": row["name"],
        "rent": f"月 {row['rent']}" + (f"（{row['fee']}）" if row["fee"] else ""),
        "place": home_words.town(home.property),
        "walk": home_words.walk(home.property),
        "rooms": home_words.size(home) or "まだ分かりません",
        "floor": home_words.floor(home),
        "reason": row["reason"] or "家賃などの条件に合う部屋です。",
        "arrange": list(row["arrange"]),
        **_upfront(home),
        **({"change": row["change"]} if row["change"] else {}),
        **({"ask": [row["question"]]} if ask and row["question"] else {}),
    }


def _upfront(home: Home) -> dict[str, str]:
    """What is known to be paid before the keys, and what still has to be asked; never guessed."""
    if None in {home.rent, home.deposit, home.key_money}:
        return {}
    lines = initial_cost(home)
    open_ = [COST_LABELS[line.code] for line in lines if line.amount is None]
    more = f"（{'・'.join(open_)}は別に確かめます）" if open_ else ""
    return {"upfront": f"およそ {yen(known_sum(lines))}{more}"}
