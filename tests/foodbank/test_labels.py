"""A label is read into a draft that errs towards caution and says what was not understood."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foodbank.printed.labels import (
    AllergenDraft,
    Declaration,
    Labelling,
    allergens_on,
    read_allergens,
    shipped_allergens,
)

TODAY = date(2026, 11, 20)


def read(text: str | None, on: date = TODAY) -> AllergenDraft:
    """A label as read on a day."""
    return read_allergens(text, on)


@pytest.mark.parametrize(
    ("text", "contains", "may_contain"),
    [
        ("そば・小麦", {"そば", "小麦"}, set()),
        ("小麦・乳成分・大豆", {"小麦", "乳", "大豆"}, set()),
        ("一部に小麦・卵・乳成分・鶏肉を含む", {"小麦", "卵", "乳", "鶏肉"}, set()),
        ("（一部に小麦・大豆を含む）", {"小麦", "大豆"}, set()),
        ("乳化剤（大豆由来）", {"大豆"}, set()),
        ("小麦粉、マーガリン、乳化剤(大豆由来)、食塩", {"小麦", "大豆"}, set()),
        ("アーモンド・カシューナッツ・クルミ", {"アーモンド", "カシューナッツ", "くるみ"}, set()),
        ("くるみ、ピーナッツ", {"くるみ", "落花生"}, set()),
        (
            "小麦・乳成分・卵 本品製造工場では落花生を含む製品を製造しています",
            {"小麦", "乳", "卵"},
            {"落花生"},
        ),
        ("小麦（本品製造工場では卵・乳を含む製品を製造しています）", {"小麦"}, {"卵", "乳"}),
        ("本品製造工場では、えび、かにを含む製品を生産しています。", set(), {"えび", "かに"}),
        ("小麦。同じ設備でそばを使用した製品を製造。", {"小麦"}, {"そば"}),
        ("小麦 本品製造工場では小麦を含む製品を製造しています", {"小麦"}, set()),
        ("豚脂、ごま油", {"豚肉", "ごま"}, set()),
        ("ｴﾋﾞ・ｶﾆ", {"えび", "かに"}, set()),
    ],
)
def test_what_a_label_names(text: str, contains: set[str], may_contain: set[str]) -> None:
    draft = read(text)
    assert draft.declaration is Declaration.STATED
    assert draft.contains == contains
    assert draft.may_contain == may_contain
    assert draft.as_typed == text


@pytest.mark.parametrize("text", ["なし", "無し", "特定原材料等なし"])
def test_a_label_that_declares_none(text: str) -> None:
    draft = read(text)
    assert draft.declaration is Declaration.NONE
    assert draft.contains == set()


@pytest.mark.parametrize("text", ["", None, "－", "不明", "砂糖、食塩", "乳化剤", "乳酸菌"])
def test_undeclared_is_unknown_not_absent(text: str | None) -> None:
    draft = read(text)
    assert draft.declaration is Declaration.UNKNOWN
    assert draft.contains == set()
    assert "現物" in draft.sentence


def test_words_that_were_not_understood_are_named() -> None:
    draft = read("小麦・謎の粉")
    assert draft.to_check == ("謎の粉",)
    assert "謎の粉" in draft.sentence
    assert "下書き" in read("小麦").sentence


def test_the_lists_are_dated() -> None:
    before, after = allergens_on(date(2026, 3, 31)), allergens_on(date(2026, 4, 1))
    for lists, mandatory, recommended in ((before, 8, 20), (after, 9, 20)):
        kinds = [row.labelling for row in lists.values()]
        assert kinds.count(Labelling.MANDATORY) == mandatory
        assert kinds.count(Labelling.RECOMMENDED) == recommended
    assert before["カシューナッツ"].labelling is Labelling.RECOMMENDED
    assert after["カシューナッツ"].labelling is Labelling.MANDATORY
    assert after["カシューナッツ"].certainty == after["ピスタチオ"].certainty == "要確認"
    assert "ピスタチオ" not in before
    assert allergens_on(date(2020, 1, 1)).keys() == before.keys()
    assert all(row.source for row in shipped_allergens())


def test_what_a_label_need_not_name_says_nothing_by_its_absence() -> None:
    assert "大豆" in read("小麦").may_be_left_out
    assert "卵" not in read("小麦").may_be_left_out
    assert "カシューナッツ" in read("小麦", date(2027, 1, 1)).may_be_left_out
    assert "カシューナッツ" not in read("小麦", date(2028, 4, 1)).may_be_left_out


def test_cashew_and_pistachio_warn_of_each_other() -> None:
    assert read("カシューナッツ").cross_reactions == {"ピスタチオ"}
    assert read("ピスタチオ").cross_reactions == {"カシューナッツ"}
    assert read("カシューナッツ・ピスタチオ").cross_reactions == set()


NAMES = sorted({row.name for row in shipped_allergens()})


@given(st.sets(st.sampled_from(NAMES), min_size=1), st.sampled_from(["・", "、", "，", " ", "/"]))
def test_every_named_allergen_is_found(names: set[str], separator: str) -> None:
    listed = separator.join(sorted(names))
    assert read(listed).contains == names
    assert read(f"一部に{listed}を含む").contains == names


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    draft = read(text)
    assert not draft.contains & draft.may_contain
