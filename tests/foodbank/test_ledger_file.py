"""A ledger's rows become lots with their standing on a day."""

from collections import Counter
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from app.foodbank.ledgers.reading import (
    LedgerColumnsError,
    LedgerReading,
    LotStanding,
    ParsedLot,
    Storage,
    read_ledger,
)
from app.foodbank.printed.dates import DateKind
from app.foodbank.printed.labels import Declaration
from app.foodbank.scanning.jan import is_jan
from app.sheets import open_sheets

SAMPLE = Path("app/demo/data/food_ledger_2026-11.csv")
TODAY = date(2026, 11, 20)


@lru_cache
def sample() -> LedgerReading:
    """The sample ledger as read on TODAY."""
    return read_ledger(open_sheets(SAMPLE.read_bytes(), SAMPLE.name).first, today=TODAY)


def lot(**cells: str) -> ParsedLot:
    """A lot of one row; every cell not given is a plausible one."""
    row = {
        "受入日": "2026/11/1",
        "品名": "パスタ",
        "JAN": "",
        "数量": "3",
        "期限の種類": "賞味期限",
        "期限（表示のまま）": "2026.12.1",
        "保管": "常温",
        **cells,
    }
    content = f"{','.join(row)}\n{','.join(row.values())}\n"
    return read_ledger(open_sheets(content.encode(), "x.csv").first, today=TODAY).lots[0]


def test_all_160_rows_are_read() -> None:
    assert len(sample().lots) == 160
    assert sample().problems == ()
    assert len(sample().columns) == 13


def test_the_first_row_field_by_field() -> None:
    first = sample().lots[1]
    assert (first.row, first.received.value) == (3, date(2026, 11, 9))
    assert (first.donor, first.item, first.jan) == ("例題生協", "乾パン 100g", "4974429249424")
    assert (first.category, first.quantity, first.unit) == ("パン", 9, "袋")
    assert (first.date_kind, first.printed.last_day) == (DateKind.BEST_BEFORE, date(2027, 6, 12))
    assert (first.storage, first.shelf) == (Storage.ROOM, "A2")
    assert first.allergens.contains == {"小麦", "ごま"}
    assert first.as_typed["期限（表示のまま）"] == "2027/06/12"


def test_the_standing_of_the_sample_on_the_20th_of_november() -> None:
    standings = Counter(one.state(TODAY).standing for one in sample().lots)
    assert sum(standings.values()) == 160
    asked = Counter(question.what for one in sample().lots for question in one.questions)
    blank = [one for one in sample().lots if one.as_typed["期限（表示のまま）"] == ""]
    month_use_by = [
        one
        for one in sample().lots
        if one.date_kind is DateKind.USE_BY and one.as_typed["期限（表示のまま）"].endswith("月")
    ]
    assert asked["printed"] == len(blank) + len(month_use_by)
    assert standings[LotStanding.QUESTION] == asked["printed"]
    assert standings == {
        LotStanding.OFFERABLE: 141,
        LotStanding.PAST: 13,
        LotStanding.QUESTION: 6,
    }
    assert asked == {"printed": 6, "jan": 3}


def test_the_label_of_every_sample_lot_is_understood() -> None:
    declared = Counter(one.allergens.declaration for one in sample().lots)
    assert all(not one.allergens.to_check for one in sample().lots)
    unknown = [one for one in sample().lots if one.as_typed["アレルゲン表示"] == ""]
    assert declared[Declaration.UNKNOWN] == len(unknown)
    biscuit = next(one for one in sample().lots if one.item == "ビスケット")
    assert biscuit.allergens.contains == {"小麦", "乳", "卵"}
    assert biscuit.allergens.may_contain == {"落花生"}


def test_a_wrong_check_digit_is_asked_about_and_kept_as_typed() -> None:
    wrong = [one for one in sample().lots if any(q.what == "jan" for q in one.questions)]
    assert {one.as_typed["JAN"] for one in wrong} == {
        "4944900506057",
        "4990966539430",
        "4964570050674",
    }
    assert all(one.jan is None for one in wrong)
    assert lot(JAN="4974429249425").state(TODAY).standing is LotStanding.OFFERABLE


def test_check_digits() -> None:
    assert is_jan("4974429249424")
    assert is_jan("49968712")
    assert not is_jan("4974429249425")
    assert not is_jan("123")


def test_the_last_day_is_still_offered_and_the_next_is_not() -> None:
    pasta = lot(**{"期限（表示のまま）": "2026.11.20"})
    assert pasta.state(date(2026, 11, 20)).standing is LotStanding.OFFERABLE
    assert "今日まで" in pasta.state(date(2026, 11, 20)).reason
    past = pasta.state(date(2026, 11, 21))
    assert past.standing is LotStanding.PAST
    assert "2026/11/20" in past.reason


@pytest.mark.parametrize(
    ("column", "typed", "what"),
    [
        ("期限（表示のまま）", "8.9.1", "printed"),
        ("期限（表示のまま）", "", "printed"),
        ("期限の種類", "", "date_kind"),
        ("数量", "約20", "quantity"),
        ("数量", "0", "quantity"),
        ("数量", "2.5", "quantity"),
        ("保管", "涼しい所", "storage"),
        ("品名", "", "item"),
    ],
)
def test_what_blocks_a_lot_is_a_question(column: str, typed: str, what: str) -> None:
    doubtful = lot(**{column: typed})
    assert doubtful.state(TODAY).standing is LotStanding.QUESTION
    assert what in {question.what for question in doubtful.questions if question.blocking}
    assert doubtful.state(TODAY).reason.endswith("ください。")


@pytest.mark.parametrize("typed", ["", "2026/12/1", "いつか"])
def test_a_doubtful_day_of_receipt_is_asked_but_blocks_nothing(typed: str) -> None:
    doubtful = lot(受入日=typed)
    assert [question.what for question in doubtful.questions] == ["received"]
    assert doubtful.state(TODAY).standing is LotStanding.OFFERABLE


def test_a_ledger_without_its_columns_is_refused() -> None:
    with pytest.raises(LedgerColumnsError, match="「品名」、「期限（表示のまま）」") as caught:
        read_ledger(open_sheets("数量,なにか\n1,2".encode(), "x.csv").first, today=TODAY)
    assert caught.value.seen == ("数量", "なにか")
