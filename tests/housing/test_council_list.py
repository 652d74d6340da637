"""A council's list becomes homes, questions and skipped rows; nothing is lost or guessed."""

from collections import Counter
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.geocoding import Precision, locate
from app.housing.homes.keys import HomeKey, home_key, recognise
from app.housing.lists.cells import Answer, Condition, Guarantor, MoveIn
from app.housing.lists.columns import MissingColumnsError, find_head
from app.housing.lists.reading import ListReading, ParsedHome, Severity, read_council_list
from app.japanese import MoneyKind
from app.sheets import SheetError, open_sheets
from tests.housing.list_changes import compare_lists

SAMPLES = Path("app/demo/data")
TODAY = date(2026, 11, 20)


@lru_cache
def reading(name: str) -> ListReading:
    """A sample file as read on TODAY."""
    return read_council_list(open_sheets((SAMPLES / name).read_bytes(), name).first, today=TODAY)


def october() -> ListReading:
    """The prefecture's list of October."""
    return reading("council_list_2026-10.xlsx")


def november() -> ListReading:
    """The list a month later, with other spellings of the same homes."""
    return reading("council_list_2026-11.xlsx")


def register() -> ListReading:
    """An export of the safety-net register: other heads, CP932."""
    return reading("safetynet_export_cp932.csv")


def home_in_row(read: ListReading, row: int) -> ParsedHome:
    """The home of one row."""
    return next(home for home in read.homes if home.row == row)


def csv_list(*lines: str) -> ListReading:
    """A list typed as CSV."""
    return read_council_list(open_sheets("\n".join(lines).encode(), "x.csv").first, today=TODAY)


def test_october_has_100_homes_and_two_rows_that_are_held_back_with_reasons() -> None:
    read = october()
    assert len(read.homes) == 100
    assert [held.row for held in read.held] == [107, 108]
    assert {problem.row for problem in read.problems} == {107, 108}
    assert {(problem.row, problem.what) for problem in read.problems} == {
        (107, "rent"),
        (107, "address"),
        (108, "building"),
        (108, "address"),
    }
    assert all(problem.severity is Severity.HELD for problem in read.problems)
    rent = next(problem for problem in read.problems if problem.what == "rent")
    assert "応談" in rent.sentence
    assert rent.column == "家賃"
    assert read.held[0].as_typed["備考"] == "家賃未定"


def test_section_and_total_rows_are_skipped_with_their_reason() -> None:
    assert [(row.row, row.reason) for row in october().skipped] == [
        (67, "区切りの行"),
        (110, "件数の行"),
    ]


def test_the_head_over_two_merged_rows_is_understood() -> None:
    head = october().head
    assert (head.first_row, head.last_row) == (4, 5)
    assert head.columns["rent"] == 7
    assert head.columns["elderly"] == 17
    assert head.labels[17] == "入居者の属性（受入可否）／高齢者"
    assert len(head.columns) == 29


def test_a_row_is_read_field_by_field() -> None:
    home = home_in_row(october(), 7)
    assert (home.building, home.room, home.address) == (
        "サンライズ広野Ⅱ",
        "101",
        "広野台4丁目19−21",
    )
    assert (home.municipality, home.municipality_guessed) == ("座間市", True)
    assert (home.layout, home.area_m2, home.rent_yen) == ("2DK", Decimal("42.99"), 56000)
    assert (home.fee.yen, home.deposit.kind) == (3000, MoneyKind.NONE)
    assert (home.built.year, home.built.month) == (2001, 2)
    assert (home.floor.floor, home.floor.of_floors, home.lift) == (1, 3, None)
    assert (home.station.line, home.station.name) == ("ＪＲ相模線", "入谷")
    assert (home.walk.walk_minutes, home.walk.bus_minutes) == (28, 8)
    assert home.guarantor is Guarantor.NOTHING
    assert home.acceptance["elderly"].answer is Answer.NO
    assert home.acceptance["public_assistance"].answer is Answer.UNKNOWN
    assert home.acceptance["foreigners"].conditions == {Condition.PROXY_PAYMENT}
    assert home.pets.answer is Answer.NO
    assert home.available.earliest == date(2027, 1, 10)
    assert (home.agent, home.landlord) == ("例題エステート有限会社", "架空 千代")
    assert home.phone.digits == "0462410236"
    assert home.remarks == "2階は外階段のみ"


def test_every_cell_is_kept_as_typed() -> None:
    home = home_in_row(october(), 8)
    assert home.as_typed["面積（㎡）"] == "３１．８５"
    assert home.as_typed["入居者の属性（受入可否）／生活保護"] == "可（代理納付）"
    assert len(home.as_typed) == 29


def test_months_of_rent_and_included_fees_are_told_apart() -> None:
    home = home_in_row(october(), 10)
    assert home.fee_included
    assert home.fee.yen == 0
    assert home.deposit.in_yen(home.rent_yen) == 116000


@pytest.mark.parametrize(("row", "lift"), [(6, True), (14, False), (10, False), (7, None)])
def test_a_dash_for_the_lift_means_none_and_a_blank_means_unknown(
    row: int, lift: bool | None
) -> None:
    assert home_in_row(october(), row).lift is lift


def test_a_part_of_a_month_is_an_approximate_day() -> None:
    available = home_in_row(october(), 17).available
    assert (available.earliest, available.about) == (date(2026, 12, 1), True)
    kinds = Counter(home.available.kind for home in october().homes)
    assert set(kinds) == {
        MoveIn.ON_DATE,
        MoveIn.IMMEDIATELY,
        MoveIn.AFTER_MOVE_OUT,
        MoveIn.TO_BE_DISCUSSED,
    }


def test_november_against_october() -> None:
    changes = compare_lists(october(), november())
    assert len(november().homes) == 111
    assert len(changes.new) == 25
    assert len(changes.kept) == 86
    assert len(changes.gone) == 16
    assert len(changes.rents_changed) == 10
    assert changes.undecided == ()
    assert november().repeats == {116: 10, 117: 15}


def test_a_town_in_two_cities_of_the_list_is_a_question() -> None:
    asked = {problem.row: problem for problem in november().problems if problem.what == "address"}
    assert set(asked) == {9, 46, 47, 103}
    assert "大和市と海老名市" in asked[9].sentence
    assert home_in_row(november(), 9).municipality == ""


def test_all_homes_get_a_point_unless_their_city_is_asked_for() -> None:
    found: Counter[Precision | None] = Counter()
    for home in (*october().homes, *november().homes):
        place = locate(home.address, municipality=home.municipality or None)
        found[place.precision if place else None] += 1
        assert place is None or place.in_municipality
    assert found == {Precision.TOWN: 142, Precision.NEIGHBOURHOOD: 65, None: 4}


def test_the_safety_net_register_maps_by_its_own_heads() -> None:
    read = register()
    assert (len(read.homes), read.problems, len(read.columns)) == (27, (), 22)
    home = read.homes[0]
    assert (home.rent_yen, home.area_m2, home.floor.of_floors) == (44000, Decimal("30.58"), 2)
    assert (home.station.name, home.walk.walk_minutes) == ("さがみ野", 10)
    assert home.acceptance["families"].conditions == {Condition.EMERGENCY_CONTACT}
    assert home.acceptance["disabled"].answer is Answer.YES
    assert home.acceptance["elderly"].answer is Answer.UNKNOWN


def test_homes_of_the_register_are_recognised_in_the_council_list() -> None:
    changes = compare_lists(october(), register())
    assert (len(changes.kept), len(changes.new)) == (12, 15)
    assert all(change.before.rent_yen == change.after.rent_yen for change in changes.kept)
    dashes = [change for change in changes.kept if change.before.as_typed["EV"] == "－"]
    assert dashes
    assert all(change.after.lift is False for change in dashes)


def test_missing_columns_are_named_with_the_heads_that_were_seen() -> None:
    with pytest.raises(MissingColumnsError) as caught:
        csv_list("物件名,所在地,広さ", "コーポ,座間市座間1-1,20")
    assert isinstance(caught.value, SheetError)
    assert caught.value.missing == ("rent",)
    assert "「家賃」" in caught.value.message
    assert "物件名、所在地、広さ" in caught.value.message


def test_a_column_chosen_by_hand_is_used() -> None:
    sheet = open_sheets("物件名,所在地,金額\nコーポ,座間市座間1-1,41000".encode(), "x.csv").first
    read = read_council_list(sheet, today=TODAY, chosen={"rent": 3})
    assert read.homes[0].rent_yen == 41000


def test_a_wrong_total_is_asked_about() -> None:
    read = csv_list("物件名,所在地,家賃", "コーポ,座間市座間1-1,41000", ",以上 5件,")
    assert [problem.what for problem in read.problems] == ["total"]
    assert "5件" in read.problems[0].sentence


@pytest.mark.parametrize("rent", ["応談", "なし", "込", "1ヶ月", "4.1", "4", ""])
def test_a_rent_that_is_no_amount_holds_the_row_back(rent: str) -> None:
    read = csv_list("物件名,所在地,家賃", f"コーポ,座間市座間1-1,{rent}")
    assert read.homes == ()
    assert read.problems[0].what == "rent"
    assert read.held[0].row == 2


def test_doubtful_cells_are_asked_about_and_the_home_is_taken_in() -> None:
    read = csv_list(
        "物件名,所在地,家賃,面積,築年月,階／階建,EV,保証人,高齢者,連絡先,入居可能日,共益費,徒歩",
        "コーポ,座間市座間1-1,4万,2000,いつか,5/3,たぶん,親族,そのうち,123,2月30日,応談,車5分",
    )
    assert len(read.homes) == 1
    assert {problem.what for problem in read.problems} == {
        "area",
        "built",
        "floor",
        "lift",
        "guarantor",
        "elderly",
        "phone",
        "available",
        "fee",
        "walk",
    }
    assert all(problem.severity is Severity.QUESTION for problem in read.problems)


def test_a_head_repeated_on_the_next_page_is_skipped() -> None:
    head = "物件名,号室,所在地,家賃"
    read = csv_list(head, "コーポ,1,座間市座間1-1,4万", head, "コーポ,2,座間市座間1-1,4万")
    assert len(read.homes) == 2
    assert [row.reason for row in read.skipped] == ["見出しの繰り返し"]


def test_an_unknown_town_is_asked_about() -> None:
    read = csv_list("物件名,所在地,家賃", "コーポ,どこか1-1,4万", "コーポ,座間市座間1-1,4万")
    assert [problem.what for problem in read.problems] == ["address"]
    assert len(read.homes) == 2


@given(
    st.sampled_from(["広野台", "緑ケ丘", "四ツ谷", "相模が丘"]),
    st.tuples(st.integers(1, 9), st.integers(1, 40), st.integers(1, 40)),
    st.sampled_from(["−", "–", "—", "‐", "－", "ー", "-"]),
    st.integers(101, 909),
)
def test_a_home_is_the_same_however_it_is_written(
    town: str, numbers: tuple[int, int, int], dash: str, room: int
) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    chome, block, house = numbers
    key = home_key(f"座間市{town}{chome}-{block}-{house}", "コーポＡ棟", str(room))
    for address in (
        f"神奈川県座間市{town}{chome}丁目{block}番{house}号",
        f"座間市{town}{dash.join(map(str, numbers))}".translate(wide),
    ):
        assert home_key(address, "コーポ A棟", f"{room}号室".translate(wide)) == key
    without = home_key(f"{town}{chome}丁目{block}{dash}{house}", "コーポA棟", str(room))
    assert recognise(without, [key]) == (key,)
    assert recognise(key, [without]) == (without,)
    assert str(key).startswith("座間市|")


def test_a_home_without_municipality_may_stand_for_two() -> None:
    keys = [HomeKey(city, "中央1-1-1", "コーポ", "101") for city in ("大和市", "海老名市")]
    assert recognise(HomeKey("", "中央1-1-1", "コーポ", "101"), keys) == tuple(keys)
    assert recognise(HomeKey("座間市", "中央1-1-1", "コーポ", "101"), keys) == ()


@given(
    st.lists(st.lists(st.text("家賃所在地物件名4万,円－○1 ", max_size=6), max_size=4), max_size=6)
)
def test_any_rows_are_read_or_refused(rows: list[list[str]]) -> None:
    lines = "\n".join(",".join(row).replace("\r", "") for row in rows)
    content = f"物件名,所在地,家賃\n{lines}\n".encode()
    sheet = open_sheets(content, "x.csv").first
    assert find_head(sheet).columns
    read_council_list(sheet, today=TODAY)


def test_a_row_that_may_be_two_known_homes_is_left_undecided() -> None:
    head = "物件名,号室,所在地,家賃"
    before = csv_list(head, "コーポ,1,大和市中央1-1-1,4万", "コーポ,1,海老名市中央1-1-1,4万")
    after = csv_list(
        head, "コーポ,1,中央1丁目1-1,4万", "荘,1,大和市林間1-1,3万", "荘,1,海老名市泉1-1,3万"
    )
    changes = compare_lists(before, after)
    assert (len(changes.undecided), len(changes.new)) == (1, 2)
    assert (changes.kept, changes.gone) == ((), ())
