"""Two spellings of one name, address or number are recognised; what was typed is never changed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.japanese import (
    address_key,
    building_key,
    kana_heading,
    kana_search_key,
    kana_sort_key,
    narrow,
    parse_phone,
    postal_code,
    room_key,
    town_spelling,
)
from app.japanese.text import DASHES, kanji_number

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
KANJI = "〇一二三四五六七八九"


def in_kanji(number: int) -> str:
    """1 → 一, 10 → 十, 24 → 二十四."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("" if tens == 1 else KANJI[tens]) + "十"
    return head + (KANJI[ones] if ones else "")


@given(
    st.sampled_from(["座間市広野台", "大和市中央林間", "座間市緑ケ丘", "四ツ谷", "綾瀬市上土棚中"]),
    st.integers(1, 30),
    st.integers(1, 99),
    st.integers(1, 99),
    st.tuples(st.sampled_from([*DASHES, "－", "ー"]), st.sampled_from(["", "神奈川県"])),
)
def test_an_address_is_the_same_however_its_numbers_are_typed(
    town: str, chome: int, block: int, house: int, dash_and_prefecture: tuple[str, str]
) -> None:
    dash, prefecture = dash_and_prefecture
    key = address_key(f"{town}{chome}-{block}-{house}")
    for written in (
        f"{chome}丁目{block}番{house}号",
        f"{chome}丁目{block}番地{house}",
        f"{chome}丁目{block}番地の{house}",
        f"{in_kanji(chome)}丁目{block}{dash}{house}",
        f"{chome}{dash}{block}{dash}{house}",
        f"{chome}{dash}{block}{dash}{house}".translate(WIDE),
        f" {chome}丁目 {block}{dash}{house}",
    ):
        assert address_key(prefecture + town + written) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("座間市緑ヶ丘1-1", "座間市緑が丘1丁目1"),
        ("座間市相模が丘2-1-1", "座間市相模ケ丘2-1-1"),
        ("座間市四ッ谷1", "座間市四つ谷1"),
        ("座間市ひばりが丘1-2-3", "座間市ひばりヶ丘一丁目2番3号"),
    ],
)
def test_small_kana_in_town_names_make_no_difference(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("座間市座間1-12-3", "座間市座間11-2-3"),
        ("座間市東原1-1", "座間市東原1-11"),
        ("座間市入谷西1-1-1", "座間市入谷東1-1-1"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


def test_a_town_called_bancho_keeps_its_name() -> None:
    assert address_key("千代田区三番町6番地") == "千代田区三番町6"
    assert town_spelling("広野台二丁目") == "広野台2丁目"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("コーポさがＡ棟", "コーポ さが A棟"),
        ("第二早川Ⅱ", "第2早川II"),
        ("ハイツ２", "ハイツⅡ"),
        ("メゾン緑ヶ丘", "メゾン緑ケ丘"),
        ("ｺｰﾎﾟ・立野", "コーポ立野"),
        ("コ－ポ立野", "コーポ立野"),
    ],
)
def test_a_building_is_recognised(one: str, other: str) -> None:
    assert building_key(one) == building_key(other)


def test_buildings_that_differ_stay_apart() -> None:
    assert building_key("ハイツA棟") != building_key("ハイツB棟")
    assert building_key("ハイツⅡ") != building_key("ハイツⅢ")
    assert building_key("第二早川") != building_key("早川")


def test_a_room_is_recognised() -> None:
    assert room_key("204号室") == room_key("２０４") == room_key("0204") == "204"
    assert room_key("A-101") != room_key("101")
    assert room_key("0") == "0"


@given(st.text(max_size=30))
def test_keys_never_fail_and_stay_the_same_when_made_again(text: str) -> None:
    for key in (narrow, building_key, room_key, kana_search_key):
        key(text)
    address_key(text)
    kana_sort_key(text)
    assert parse_phone(text).as_typed == text


def test_kana_agree_for_searching() -> None:
    assert kana_search_key("ﾊﾟｰﾐﾙ") == kana_search_key("ぱーみる") == kana_search_key("パー ミル")


def test_names_sort_in_the_order_of_an_index() -> None:
    ordered = [
        "あい",
        "ァイ",
        "アキ",
        "かとう",
        "がとう",
        "コーボ",
        "こおり",
        "しょうじ",
        "ヴァン",
        "んどう",
    ]
    shuffled = ordered.copy()
    random.Random(1).shuffle(shuffled)
    firsts = [kana_heading(name) for name in sorted(shuffled, key=kana_sort_key)]
    assert firsts == sorted(firsts)
    assert kana_heading("ガラス") == "カ"
    assert kana_sort_key("ヴァン") < kana_sort_key("んどう")
    assert kana_sort_key("かとう") < kana_sort_key("がとう") < kana_sort_key("かな")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("046-276-1005", "046-276-1005"),
        ("０４６－２７６－１００５", "046-276-1005"),
        ("0462761005", "046-276-1005"),
        ("462761005", "046-276-1005"),
        ("09012345678", "090-1234-5678"),
        ("046-276-1005、090-1111-2222", "046-276-1005"),
    ],
)
def test_a_phone_number_is_shown_in_its_usual_form(written: str, shown: str) -> None:
    phone = parse_phone(written)
    assert (phone.shown, phone.digits) == (shown, shown.replace("-", ""))
    assert phone.as_typed == written


@pytest.mark.parametrize("written", ["12345", "内線3", "046-276"])
def test_a_doubtful_phone_number_is_kept_and_asked_about(written: str) -> None:
    phone = parse_phone(written)
    assert phone.digits is None
    assert phone.problem is not None


def test_postal_codes() -> None:
    assert postal_code("〒２５２ー００１２") == "252-0012"
    assert postal_code("2520012") == "252-0012"
    assert postal_code("252-001") is None


def test_kanji_numerals() -> None:
    assert [kanji_number(text) for text in ("七", "十", "十二", "二十", "二十一", "二〇")] == [
        7,
        10,
        12,
        20,
        21,
        20,
    ]
    assert kanji_number("百") is None
    assert kanji_number("二三十") is None
    assert kanji_number("十十") is None
