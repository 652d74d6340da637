"""What browsers send becomes what the API sends, and what was wrong is said at its field."""

from datetime import date
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import fields
from werkzeug.datastructures import MultiDict

from app.forms import BaseSchema, Code, Codes, Day, Form, Line, Prose, Whole

pytestmark = pytest.mark.once


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


LABELS = {Colour.RED: "赤", Colour.BLUE: "青"}


class RowSchema(BaseSchema):
    kana = Line(load_default="")
    age = Whole(most=120, load_default=None, allow_none=True)


class SampleSchema(BaseSchema):
    name = Line(required=True, shortest=1, metadata={"label": "名前"})
    rent = Whole(load_default=None, allow_none=True, metadata={"label": "家賃", "unit": "円"})
    leave_by = Day(load_default=None, allow_none=True, metadata={"label": "退去期限"})
    colour = Code(Colour, LABELS, load_default=Colour.RED)
    colours = Codes(Colour, LABELS, load_default=list)
    urgent = fields.Boolean(load_default=False)
    story = Prose(load_default="")
    rows = fields.List(fields.Nested(RowSchema), load_default=list)


def typed(*pairs):
    return Form(SampleSchema(), typed=MultiDict(pairs))


def test_an_untouched_form_loads_as_if_nothing_was_said():
    form = typed(("name", "見本"), ("rent", ""), ("leave_by", ""), ("colour", "blue"))
    assert form.load()
    assert form.data["rent"] is None
    assert form.data["leave_by"] is None
    assert form.data["urgent"] is False


@pytest.mark.parametrize(
    ("written", "number"), [("４１０００", 41000), ("41,000円", 41000), (" 0 ", 0)]
)
def test_digits_are_understood_as_people_type_them(written, number):
    form = typed(("name", "見本"), ("rent", written))
    assert form.load()
    assert form.data["rent"] == number


@pytest.mark.parametrize("written", ["4.5", "-1", "1e9", "十", "99999999999", "0x1f"])
def test_what_is_no_number_is_refused_at_its_field_and_kept(written):
    form = typed(("name", "見本"), ("rent", written))
    assert not form.load()
    assert list(form.errors) == ["rent"]
    assert form["rent"].value == written


@pytest.mark.parametrize(
    "written", ["2026-12-30", "R8.12.30", "令和8年12月30日", "2026/12/30", "Ｒ８.１２.３０"]
)
def test_dates_are_understood_as_people_type_them(written):
    form = typed(("name", "見本"), ("leave_by", written))
    assert form.load(), form.errors
    assert form.data["leave_by"] == date(2026, 12, 30)


@pytest.mark.parametrize(
    "written", ["令和0年1月1日", "平成40年1月1日", "2026-02-30", "あした", "2026年12月"]
)
def test_impossible_dates_get_a_sentence(written):
    form = typed(("name", "見本"), ("leave_by", written))
    assert not form.load()
    assert form.errors["leave_by"][0].endswith("。")


def test_rows_keep_their_order_and_blank_ones_do_not_count():
    form = typed(
        ("name", "見本"),
        ("rows-2-kana", "はなこ"),
        ("rows-0-kana", "たろう"),
        ("rows-1-kana", ""),
        ("rows-1-age", ""),
    )
    assert form.load()
    assert [row["kana"] for row in form.data["rows"]] == ["たろう", "はなこ"]


def test_an_error_in_a_row_names_the_row():
    form = typed(("name", "見本"), ("rows-0-kana", "たろう"), ("rows-0-age", "200"))
    assert not form.load()
    assert "rows-0-age" in form.errors


def test_several_choices_come_once_each_in_their_own_order():
    form = typed(("name", "見本"), ("colours", "blue"), ("colours", "red"), ("colours", "blue"))
    assert form.load()
    assert form.data["colours"] == [Colour.RED, Colour.BLUE]


@pytest.mark.parametrize("name", ["髙﨑 德", "𠮷田", "㈱見本", "😀さん", "İstanbul"])
def test_names_are_kept_to_the_character(name):
    form = typed(("name", f" {name} "))
    assert form.load()
    assert form.data["name"] == name


@pytest.mark.parametrize("name", ["a\x00b", "a\nb", "\ud800", "あ" * 201, "   "])
def test_what_cannot_be_a_name_is_refused(name):
    form = typed(("name", name))
    assert not form.load()
    assert form.errors["name"]


def test_the_summary_says_which_field_by_its_label():
    form = typed(("rent", "x"))
    form.load()
    assert ("rent", "家賃: 数字だけで入力してください（例 41000）。") in form.summary


@given(st.dictionaries(st.sampled_from(list(SampleSchema().fields)), st.text(max_size=40)))
def test_no_typing_ever_breaks_a_form(values):
    form = Form(SampleSchema(), typed=MultiDict(values))
    assert form.load() or form.summary
    for name in SampleSchema().fields:
        if name != "rows":
            assert form[name].kind


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
        max_leaves=8,
    )
)
def test_no_json_ever_breaks_a_schema(value):
    for name in SampleSchema().fields:
        errors = SampleSchema().validate({"name": "見本", name: value})
        assert isinstance(errors, dict)
