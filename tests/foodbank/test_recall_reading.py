"""A pasted notice becomes a draft, and a lot is judged against it."""

from datetime import date

import pytest

from app.foodbank.recalls.reading import (
    Criteria,
    DateRange,
    LotFacts,
    Verdict,
    date_range,
    judge,
    read_notice,
    segments,
)

pytestmark = pytest.mark.once
TODAY = date(2026, 11, 21)
NOTICE = """【お詫びとお願い】自主回収のお知らせ
2026年11月20日
商品名：架空ツナフレーク　７０ｇ×３缶
製造者：髙﨑食品㈱ 静岡工場
ＪＡＮコード：４９７４４２９２４９４２４
賞味期限：２０２８年３月１日～2028.3.31
ロット番号: A7-12、A7-13
お問い合わせ 電話 0120-000-000
"""


def test_a_notice_is_read_with_its_places_and_its_spelling_kept():
    draft = read_notice(NOTICE, today=TODAY)
    assert draft.criteria == Criteria(
        names=("架空ツナフレーク　７０ｇ×３缶",),
        jans=("4974429249424",),
        lot_codes=("A7-12", "A7-13"),
        dates=(DateRange(date(2028, 3, 1), date(2028, 3, 31)),),
        makers=("髙﨑食品㈱ 静岡工場",),
    )
    pieces = list(segments(NOTICE, draft.marks))
    assert "".join(text for text, _kind in pieces) == NOTICE
    assert ("４９７４４２９２４９４２４", "jan") in pieces
    assert ("２０２８年３月１日～2028.3.31", "date") in pieces
    assert Criteria.from_stored(draft.criteria.stored()) == draft.criteria


def test_fields_written_on_one_line_stay_apart():
    text = "商品名：架空のり　味付　賞味期限：2027.3.28　製造者：海辺食品　ロット：B12 を返品"
    assert read_notice(text, today=TODAY).criteria == Criteria(
        names=("架空のり　味付",),
        lot_codes=("B12",),
        dates=(DateRange(date(2027, 3, 28), date(2027, 3, 28)),),
        makers=("海辺食品",),
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("賞味期限 2027年4月のもの", (DateRange(date(2027, 4, 30), date(2027, 4, 30)),)),
        ("消費期限\n令和9年1月5日", (DateRange(date(2027, 1, 5), date(2027, 1, 5)),)),
        ("回収開始日 2027年4月1日", ()),
        ("賞味期限 2027年2月30日", ()),
        ("賞味期限 2028.3.31～2028.3.1", ()),
    ],
)
def test_only_dates_that_are_expiry_dates_count(text, wanted):
    assert read_notice(text, today=TODAY).criteria.dates == wanted


def test_a_wrong_check_digit_or_a_telephone_number_is_no_jan_and_known_food_is_found():
    draft = read_notice(
        "ＪＡＮ 4974429249425、電話 0120-123-456。乾パン 100g を回収", today=TODAY,
        known_names=["乾パン 100g", "水"],
    )  # fmt: skip
    assert draft.criteria == Criteria(names=("乾パン 100g",))


LOOK_FOR = Criteria(
    names=("架空ツナフレーク",), jans=("4974429249424",), lot_codes=("A7-12",),
    dates=(DateRange(date(2028, 3, 1), date(2028, 3, 31)),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"jan": "4974429249424", "lot_code": "Ａ７１２", "last_day": date(2028, 3, 31)}, "meant"),
        ({"jan": "4974429249424", "last_day": date(2028, 3, 1)}, "perhaps"),
        ({"lot_code": "A7-12", "last_day": date(2028, 3, 1)}, "perhaps"),
        ({"jan": "4974429249424", "last_day": date(2028, 4, 1)}, "apart"),
        ({"jan": "4920575211815", "lot_code": "A7-12"}, "apart"),
        ({"name": "みそ", "lot_code": "A7-12", "last_day": date(2028, 3, 9)}, "perhaps"),
        ({"name": "みそ", "jan": "4920575211815"}, None),
    ],
)
def test_what_is_not_known_may_be_meant_and_what_differs_is_set_apart(facts, verdict):
    found = judge(LotFacts(lot_id=1, **{"name": "架空ツナフレーク 3缶", **facts}), LOOK_FOR)
    assert (found and found.verdict) == (verdict and Verdict(verdict))


@pytest.mark.parametrize("text", ["いつか", "2028.3.31～2028.3.1", "8.9.1", ""])
def test_a_line_that_is_no_range_is_not_guessed(text):
    assert date_range(text, today=TODAY) is None
    assert date_range("令和9年3月", today=TODAY) == DateRange(date(2027, 3, 31), date(2027, 3, 31))
