"""Lists laid out in ways nobody has agreed on: they read right, or a person is asked."""

import io
from decimal import Decimal

import pytest
import sqlalchemy as sa
import xlsxwriter

from app.housing.lists.models import CouncilListImport, ImportState, ListLayout
from app.housing.models import Home, Property
from app.policy import Role
from tests.housing.makers import csv_list, take_in, tiles, upload


@pytest.fixture
def desk(make, browser_of):
    return browser_of(make.user(Role.HOUSING))


def book(fill):
    """An Excel book whose sheets `fill` writes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        fill(made)
    return out.getvalue()


def homes(in_database):
    """The homes by room, with their buildings."""
    return in_database(
        lambda s: {h.room: h for h in s.scalars(sa.select(Home).order_by(Home.id)).unique()}
    )


def three_head_rows(made):
    """Titles over groups over heads over groups of people; a total and a note below."""
    sheet = made.add_worksheet("11月")
    sheet.merge_range(0, 1, 0, 9, "架空市居住支援協議会　空室情報　令和８年１１月")
    sheet.write(1, 0, "※ 家賃は月額です。")
    sheet.merge_range(3, 0, 5, 0, "番号")
    sheet.merge_range(3, 1, 3, 3, "物件の概要")
    sheet.merge_range(3, 4, 3, 6, "お金")
    sheet.merge_range(3, 7, 3, 8, "受け入れ")
    for column, head in enumerate(("建物名称", "お部屋番号", "所在"), 1):
        sheet.merge_range(4, column, 5, column, head)
    for column, head in enumerate(("賃料(円)", "管理費", "敷／礼"), 4):
        sheet.merge_range(4, column, 5, column, head)
    sheet.merge_range(4, 7, 4, 8, "入居者の属性")
    sheet.write_row(5, 7, ["高齢者", "障がい者"])
    sheet.write_row(
        6,
        0,
        [
            1,
            "コーポ相武",
            "１０１",
            "座間市相武台1-2-3",
            "４１，０００",
            "込",
            "1ヶ月/なし",
            "可",
            "×",
        ],
    )
    sheet.write(7, 0, "※ ここから新着")
    sheet.write_row(
        8, 0, [2, "コーポ相武", "102", "座間市相武台1-2-3", "4.2万円", 2000, "2/1", "応相談", ""]
    )
    sheet.write_row(9, 0, ["合計", "", "", "", 83000])


def test_a_head_over_three_merged_rows_with_titles_and_notes(desk, in_database):
    report = take_in(desk, book(three_head_rows), "空室.xlsx")
    assert tiles(report)["新しい"] == 2
    found = homes(in_database)
    first, second = found["１０１"], found["102"]
    assert (first.rent, first.fee_included, first.deposit, first.key_money) == (
        41000,
        True,
        41000,
        0,
    )
    answers = {row.group_code.value: row.answer.value for row in first.acceptances}
    assert answers == {"elderly": "yes", "disabled": "no"}
    assert (second.rent, second.fee, second.deposit) == (42000, 2000, None)  # "2/1" of what?
    assert "敷" in report.text
    assert "「2」" in report.text or "2円" in report.text or "単位" in report.text


def head_in_row_12(made):
    """A letter above the table, other words in another order, two things in one cell."""
    sheet = made.add_worksheet()
    for row in range(9):
        sheet.write(row, 0, f"拝啓　{row + 1}　日ごろお世話になっております。")
    sheet.write_row(
        11,
        0,
        [
            "賃料(円)",
            "管理費込み",
            "間取/専有面積",
            "交通",
            "建物名/部屋番号",
            "所在",
            "築年月",
            "備考",
        ],
    )
    sheet.write_row(
        12,
        0,
        [
            41000,
            "○",
            "1K/22.4㎡",
            "小田急線 相武台前駅 徒歩12分",
            "メゾン架空 203号室",
            "座間市相武台1丁目2番3号",
            "平成３年４月",
            "貸主 046-000-1234 まで",
        ],
    )
    sheet.write_row(
        13,
        0,
        [
            "応談",
            "×",
            "2DK/40㎡",
            "相鉄線 さがみ野駅 徒歩5分",
            "メゾン架空 204",
            "座間市相武台1丁目2番3号",
            "S58.3",
            "",
        ],
    )
    sheet.write_row(
        14, 0, ["-", "", "2DK", "", "メゾン架空 205", "座間市相武台1丁目2番3号", "", ""]
    )


def test_a_head_in_row_12_with_two_things_in_one_cell(desk, in_database):
    report = take_in(desk, book(head_in_row_12), "ご案内.xlsx")
    assert (tiles(report)["新しい"], tiles(report)["読めない"]) == (1, 2)
    home = homes(in_database)["203号室"]
    assert (home.layout, home.area, home.rent, home.fee_included) == (
        "1K",
        Decimal("22.40"),
        41000,
        True,
    )
    place = home.property
    assert (place.name, place.station, place.walk_minutes) == ("メゾン架空", "相武台前", 12)
    assert (place.built_year, place.built_month) == (1991, 4)
    assert "046" not in home.remarks
    assert "家賃が「応談」" in report.text


def merged_buildings(made):
    """A cover sheet first; the building's name only in the first of its rows, merged down."""
    made.add_worksheet("表紙").write(2, 2, "架空不動産 空室一覧")
    made.add_worksheet("空き").write(0, 0, "")
    hidden = made.add_worksheet("古い")
    hidden.write_row(0, 0, ["物件名", "号室", "住所", "家賃", "間取り"])
    hidden.hide()
    sheet = made.add_worksheet("一覧")
    sheet.set_column(3, 4, None, None, {"hidden": True})
    sheet.write_row(0, 0, ["アパート名", "物件住所", "部屋番号", None, None, "月額賃料", "間取"])
    sheet.merge_range(1, 0, 3, 0, "ハイツ見本")
    sheet.merge_range(1, 1, 3, 1, "座間市座間２－３－４")
    for row, (room, rent) in enumerate(
        (("A-1", "3万8千円"), ("A-2", "38,500円"), ("A-3", "¥39,000")), 1
    ):
        sheet.write_row(row, 2, [room, None, None, rent, "１Ｋ"])
    sheet.write_row(4, 2, ["B-1", None, None, "40,000円", "1K"])


def test_a_name_merged_down_belongs_to_each_row_but_an_empty_one_is_asked(desk, in_database):
    report = take_in(desk, book(merged_buildings), "空室一覧.xlsx")
    assert (tiles(report)["新しい"], tiles(report)["読めない"]) == (3, 1)
    found = homes(in_database)
    assert {room: home.rent for room, home in found.items()} == {
        "A-1": 38000,
        "A-2": 38500,
        "A-3": 39000,
    }
    assert len(in_database(lambda s: s.scalars(sa.select(Property.id)).all())) == 1
    assert "物件名がありません" in report.text


LINES = (
    "所在\t物件名\t部屋番号\t賃料/管理費\t敷金・礼金\t間取り・面積",
    "座間市相武台1-2-3\tコーポ架空\t２０１\t41,000円/3,000円\t1ヶ月・なし\tワンルーム 18.5㎡",
    "座間市相武台1-2-3\tコーポ架空\t202\t4.1万円（2,000円）\tなし/なし\t2LDK(52.3㎡)",
    "座間市相武台1-2-3\tコーポ架空\t203\t41,000\t？\t1K",
)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
def test_tab_separated_text_with_combined_columns_in_any_encoding(desk, in_database, encoding):
    content = "\n".join(LINES).encode(encoding)
    report = take_in(desk, content, "list.txt")
    found = homes(in_database)
    first, second = found["２０１"], found["202"]
    assert (first.rent, first.fee, first.deposit, first.key_money) == (41000, 3000, 41000, 0)
    assert (first.area, first.rooms) == (Decimal("18.50"), 1)
    assert (second.rent, second.fee, second.layout, second.area) == (
        41000,
        2000,
        "2LDK",
        Decimal("52.30"),
    )
    assert "203" not in found  # one number for rent and fee: which of them?
    assert tiles(report)["読めない"] == 1


def two_head_rows_csv():
    return "\n".join((
        "架空市　住宅一覧,,,,,",
        "物件名,号室,所在地,家賃,入居者の属性,",
        ",,,,高齢者,外国人",
        "コーポ架空,1,座間市相武台1-2-3,39000,可,不可",
    )).encode()  # fmt: skip


def test_a_head_over_two_rows_without_merged_cells(desk, in_database):
    take_in(desk, two_head_rows_csv(), "a.csv")
    (home,) = homes(in_database).values()
    assert {row.group_code.value: row.answer.value for row in home.acceptances} == {
        "elderly": "yes", "foreign": "no"
    }  # fmt: skip


def test_rent_with_the_fee_inside_by_its_head(desk, in_database):
    head = "物件名,号室,住所,賃料（管理費込）,竣工年月,ペット"
    take_in(
        desk,
        csv_list("コーポ架空,1,座間市相武台1-2-3,45000円,令和元年5月,相談", head=head),
        "a.csv",
    )
    (home,) = homes(in_database).values()
    assert (home.rent, home.fee_included, home.property.built_year) == (45000, True, 2019)


# ------------------------------------------------------------------- what a person sets right


UNKNOWN = "なまえ,へや,ばしょ,ねだん,ひとこと"
UNKNOWN_ROWS = (
    "コーポ架空,101,座間市相武台1-2-3,41000,日あたり良",
    "コーポ架空,102,座間市相武台1-2-3,42000,",
)
CHOICES = {"columns-0-field": "building", "columns-1-field": "room", "columns-2-field": "address",
           "columns-3-field": "rent", "columns-4-field": ""}  # fmt: skip


def test_unknown_heads_come_to_the_mapping_with_their_rows_and_are_remembered(desk, in_database):
    page = upload(desk, csv_list(*UNKNOWN_ROWS, head=UNKNOWN), "4月.csv")
    assert page.h1 == "列を選ぶ"
    assert "「物件名」「所在地」「家賃」の列が見つかりません" in page.text
    assert "日あたり良" in page.text
    preview = desk.submit(page, {"first_row": "1", "last_row": "1"}, action="/reading")
    preview = desk.submit(preview, CHOICES, action="/reading")
    assert preview.h1 == "取り込む前の確かめ"
    assert tiles(preview)["新しい"] == 2
    named = desk.submit(preview, {"sender_name": "見本不動産"}, action="/sender")
    desk.submit(named, action="/take-in")
    again = upload(desk, csv_list(*UNKNOWN_ROWS, head=UNKNOWN), "5月.csv")
    assert again.h1 == "取り込む前の確かめ"
    assert "前回の読み方を使いました" in again.text
    assert "見本不動産" in again.text
    assert tiles(again)["同じ"] == 2
    layout = in_database(lambda s: s.scalar(sa.select(ListLayout)))
    assert layout.heads["ねだん"] == "rent"
    assert layout.heads["ひとこと"] == ""


def test_a_wrong_column_is_corrected_on_the_preview_and_the_file_is_read_again(desk, in_database):
    head = "物件名,号室,住所,家賃,備考,管理費"
    row = "コーポ架空,101,座間市相武台1-2-3,41000,3000,エアコン有"
    page = upload(desk, csv_list(row, head=head), "a.csv")
    assert "エアコン有" in page.text
    fixed = desk.submit(
        page, {"columns-4-field": "fee", "columns-5-field": "remarks"}, action="/reading"
    )
    desk.submit(fixed, action="/take-in")
    (home,) = homes(in_database).values()
    assert (home.fee, home.remarks) == (3000, "エアコン有")
    assert len(in_database(lambda s: s.scalars(sa.select(CouncilListImport.id)).all())) == 1


def test_one_field_in_two_columns_is_refused_with_a_sentence(desk):
    page = upload(
        desk,
        csv_list("コーポ架空,101,座間市相武台1-2-3,41000", head="物件名,号室,住所,家賃"),
        "a.csv",
    )
    wrong = desk.submit(page, {"columns-1-field": "rent"}, action="/reading", status=422)
    assert "同じ項目が2つの列で" in wrong.errors


def test_another_sheet_can_be_chosen(desk):
    def two(made):
        for name, rent in (("9月", 40000), ("10月", 41000)):
            sheet = made.add_worksheet(name)
            sheet.write_row(0, 0, ["物件名", "号室", "住所", "家賃"])
            sheet.write_row(1, 0, ["コーポ架空", name, "座間市相武台1-2-3", rent])

    page = upload(desk, book(two), "a.xlsx")
    assert "コーポ架空 9月" in page.text
    other = desk.submit(page, {"sheet": "1"}, action="/reading")
    assert "コーポ架空 10月" in other.text


def test_a_list_taken_in_meanwhile_is_not_read_again(desk):
    page = upload(
        desk,
        csv_list("コーポ架空,101,座間市相武台1-2-3,41000", head="物件名,号室,住所,家賃"),
        "a.csv",
    )
    desk.submit(page, action="/take-in")
    desk.submit(page, action="/reading", status=409)
    desk.submit(page, {"sender_name": "見本不動産"}, action="/sender", status=409)


def test_a_file_without_its_columns_is_told_to_programs(app, make):
    user = make.user(Role.HOUSING)
    answer = app.test_client().post(
        "/api/v1/imports/council-lists",
        data={"file": (io.BytesIO(csv_list(*UNKNOWN_ROWS, head=UNKNOWN)), "a.csv")},
        headers={"Authorization": f"Bearer {user.token}", "Idempotency-Key": "no-columns"},
    )
    assert (answer.status_code, answer.json["code"]) == (422, "list_columns_missing")


def test_a_large_file_is_read_in_the_background(desk, app, in_database, monkeypatch):
    from app import jobs

    monkeypatch.setitem(app.config, "IMPORT_READ_AT_ONCE", 10)
    page = upload(
        desk,
        csv_list("コーポ架空,101,座間市相武台1-2-3,41000", head="物件名,号室,住所,家賃"),
        "a.csv",
    )
    assert "ファイルを読み取っています" in page.text
    with app.app_context():
        jobs.run_due()
    page = desk.get(page.url)
    assert tiles(page)["新しい"] == 1
    state = in_database(lambda s: s.scalar(sa.select(CouncilListImport.state)))
    assert state is ImportState.PREVIEW
