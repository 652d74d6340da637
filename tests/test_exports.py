"""A list as a file: nothing typed by anybody runs, and every character arrives."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from app.exports import as_csv, safe_cell


@pytest.mark.parametrize("typed", ["=1+1", " =1", "\t1", "\n=1", "+81", "-1", "@a", "＝１", "－１"])
def test_a_cell_that_begins_like_a_formula_is_marked_as_text(typed):
    assert safe_cell(typed) == f"'{typed}"


@pytest.mark.parametrize("plain", ["１", "", "山田=太郎", -5, Decimal("1.5")])
def test_every_other_cell_stays_as_it_is(plain):
    assert safe_cell(plain) == plain


def test_nothing_is_empty_and_a_date_is_readable():
    assert (safe_cell(None), safe_cell(date(2026, 12, 30))) == ("", "2026-12-30")


def test_a_file_reads_back_with_every_character_of_a_name():
    rows = list(csv.reader(io.StringIO(as_csv(["氏名"], [["髙﨑𠮷子"]]).decode("utf-8-sig"))))
    assert rows == [["氏名"], ["髙﨑𠮷子"]]


def test_a_file_that_was_cut_says_so():
    lines = as_csv(("番号",), ((n,) for n in range(9)), most=3).decode("utf-8-sig").splitlines()
    assert lines[1:4] == ["0", "1", "2"]
    assert lines[4].startswith("3行で切りました")
    assert len(lines) == 5
