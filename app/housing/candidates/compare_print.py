"""The comparison on paper: homes only, in the words a paper may carry."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.cases.queries import SeenCase
from app.errors import InvalidError
from app.housing.candidates import compare
from app.housing.candidates.print import QUESTIONS, for_paper, reveal
from app.housing.candidates.queries import compared_homes
from app.housing.codes import HomeState
from app.housing.models import MatchRun
from app.housing.proposals import in_the_way

LEAST = 2


def paper(
    session: Session,
    seen: SeenCase,
    run: MatchRun,
    *,
    home_ids: Sequence[int],
    organisation: str,
    today: date,
) -> dict[str, Any]:
    """The data of print/compare.typ.

    Raises InvalidError unless two to four homes of the run that can still be had are chosen.
    """
    answered, words = for_paper(session, seen, run, today=today)
    if not LEAST <= len(home_ids) <= compare.MOST:
        raise InvalidError(
            f"くらべる紙には{LEAST}件から{compare.MOST}件を選んでください"
            f"（選ばれたのは{len(home_ids)}件）。"
        )
    homes = [one for one in compared_homes(session, home_ids) if one.state is HomeState.VACANT]
    failing = in_the_way(session, answered, home_ids)
    shown = compare.compared(homes, words, failing, reveal(seen))
    if len(shown) < len(home_ids):
        raise InvalidError(
            f"選んだ住戸のうち{len(home_ids) - len(shown)}件は、いまは紙に載せられません"
            "（募集が終わったか、残した結果にありません）。候補の一覧で選び直してください。"
        )
    heads = compare.columns(shown, {})
    return {
        "sheet": {
            "title": "住まいの見くらべ",
            "organisation": organisation,
            "made_on": f"{today.year}年{today.month}月{today.day}日",
            "notice": "目安",
            "contact": organisation,
        },
        "greeting": "気になる部屋をならべました。「◎」は、その行でいちばんよいところです。"
        "どれにするかは、あなたが決めます。",
        "homes": [
            {"number": number, "name": head["name"], "state": head["group"][0]}
            for number, head in enumerate(heads, 1)
        ],
        "lines": [_line(line) for line in compare.lines(shown, words, acceptances=False)],
        "questions": QUESTIONS,
    }


def _line(line: compare.Line) -> dict[str, Any]:
    return {
        "label": line.label,
        "same": line.same,
        "cells": [
            {
                "text": cell.text,
                "more": list(cell.more),
                **({"best": line.best} if cell.best and line.best else {}),
            }
            for cell in line.cells
        ],
    }
