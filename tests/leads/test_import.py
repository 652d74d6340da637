"""A list goes in as it came: nothing lost, nothing twice, nothing heard overwritten."""

import pytest
import sqlalchemy as sa

from app.db import today
from app.leads.models import Lead, LeadImport, LeadImportRow
from app.policy import Role
from tests.leads.kit import HEAD, SAMPLE, csv, line, press, taken, upload


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT)


@pytest.fixture
def browser(browser_of, desk):
    return browser_of(desk)


def people(in_database):
    def read(session):
        names = ("id", "number", "name", "kana", "born_on", "phone", "call_digits", "version",
                 "next_on", "postal_code", "status", "new_phone", "amount", "calls")  # fmt: skip
        found = session.scalars(sa.select(Lead).order_by(Lead.id))
        return [{name: getattr(one, name) for name in names} for one in found]

    return in_database(read)


def test_the_sample_goes_in_whole_and_a_second_time_changes_nothing(browser, in_database):
    preview = upload(browser, SAMPLE)
    assert "60人を取り込む" in preview.text
    assert "どの行もフリガナが同じです（ﾐﾎﾝ ﾀﾛｳ）" in preview.text
    assert people(in_database) == []
    report = browser.submit(preview, action="/take-in")
    assert "すべての行を取り込みました" in report.text
    before = people(in_database)
    assert len(before) == 60
    first, second = before[0], before[1]
    assert (first["name"], first["kana"]) == ("試験　千代", "ﾐﾎﾝ ﾀﾛｳ")
    assert (str(first["born_on"]), first["postal_code"]) == ("1984-03-14", "252-0013")
    assert (first["call_digits"], first["amount"]) == (None, 600000)
    assert str(second["born_on"]) == "2000-07-08"
    assert second["call_digits"] == "08094858819"
    again = taken(browser, SAMPLE, list_id="1")
    assert "名簿は何も変わっていません" in again.text
    assert people(in_database) == before


def test_nothing_is_taken_in_by_looking(browser, in_database):
    upload(browser, csv(line("A1")))
    browser.get("/leads/imports/1")
    assert people(in_database) == []
    assert "まだ名簿がありません" in browser.get("/leads").text


def test_a_newer_file_changes_the_list_and_nothing_that_was_heard(browser, in_database):
    taken(browser, csv(line("A1"), line("A2")))
    page = browser.get("/leads/1/details")
    browser.submit(page, {"new_phone": "090-1111-2222", "new_kana": "しけん せんよ"})
    press(browser, 1, "later", note="来週がよい")
    heard = people(in_database)[0]
    newer = csv(
        line("Ａ１", born="昭和59年3月14日", phone="046-200-3333", status="滞納3か月"), line("A2")
    )
    preview = upload(browser, newer, list_id="1")
    assert "1人を取り込む" in preview.text
    assert "0462-55-1111 → 046-200-3333" in preview.text
    assert "S59.3.14" not in preview.soup.select_one(".before").text
    browser.submit(preview, action="/take-in")
    now_, other = people(in_database)
    assert (now_["phone"], now_["status"]) == ("046-200-3333", "滞納3か月")
    kept = ("new_phone", "call_digits", "next_on", "calls", "id")
    assert [now_[name] for name in kept] == [heard[name] for name in kept]
    assert now_["call_digits"] == "09011112222"
    assert other["version"] == 1


def test_an_empty_cell_takes_nothing_away_and_nobody_left_out_is_deleted(browser, in_database):
    taken(browser, csv(line("A1"), line("A2", name="見本 花子")))
    report = taken(browser, csv(line("A1", phone="")), list_id="1")
    assert "名簿は何も変わっていません" in report.text
    assert "このファイルにない人（1人）" in report.text
    assert "見本 花子" in report.text
    assert [one["phone"] for one in people(in_database)] == ["0462-55-1111"] * 2


def test_bad_rows_are_kept_and_named(browser, in_database):
    rows = (line("", name="番号なし子"), line("A1"), line("A1", name="二度目"), line("A2", name=""),
            line("A3", name="長" * 201))  # fmt: skip
    preview = upload(browser, csv(*rows))
    assert "1人を取り込む" in preview.text
    report = browser.submit(preview, action="/take-in")
    assert "取り込めない行が4行あります" in report.text
    assert "3行目と同じ番号です" in report.text
    assert "番号なし子" in report.text
    assert "長すぎます" in report.text
    assert [one["name"] for one in people(in_database)] == ["試験　太郎"]
    kept = in_database(lambda s: s.scalar(sa.select(sa.func.count()).select_from(LeadImportRow)))
    assert kept == 5
    file = browser.raw.get("/leads/imports/1/bad-rows.csv").get_data(as_text=True)
    assert "番号なし子" in file
    assert "貸付番号がありません" in file
    assert file.count("\r\n") == 5


def test_doubtful_cells_are_taken_as_they_are_and_asked(browser, in_database):
    rows = (
        line("A1", phone="080-0889-0745", born="8.9.1", postal="252001", amount="たくさん"),
        line("A2", born="R7.1.1", phone="不明"),
    )
    report = taken(browser, csv(*rows))
    for words in ("080-0889-0745", "7桁の郵便番号ではありません", "金額として読めません",
                  "年齢が合いません", "電話番号として読めません"):  # fmt: skip
        assert words in report.text
    first, second = people(in_database)
    assert first["call_digits"] == "08008890745"
    assert (first["born_on"], first["postal_code"], first["amount"]) == (None, None, None)
    assert second["call_digits"] is None


def test_other_columns_are_kept_beside(browser):
    taken(browser, csv(line("A1") + ",夜だけ", head=HEAD + ",備考"))
    assert "夜だけ" in browser.get("/leads/1").text


def test_a_file_without_the_columns_is_refused_with_everything_typed_kept(browser):
    page = upload(browser, "電話,住所\n1,2".encode(), list_name="のこす名前", status=422)
    assert "「貸付番号」と「氏名」の見出しが見つかりません" in page.errors
    assert page.soup.find(id="f-name")["value"] == "のこす名前"
    assert "まだ名簿がありません" in browser.get("/leads/lists").text


def test_a_new_list_needs_a_name_and_a_day_to_come(browser):
    page = upload(browser, csv(line("A1")), list_name="", delete_on=str(today()), status=422)
    assert "名簿の名前を入れてください" in page.errors
    assert "あしたから後の日" in page.errors
    page = upload(browser, csv(line("A1")), delete_on="2099-01-01", status=422)
    assert "5年以内の日" in page.errors
    page = upload(browser, csv(line("A1")), delete_on="", status=422)
    assert "名簿を消す日を入れてください" in page.errors
    taken(browser, csv(line("A1")))
    page = upload(browser, csv(line("A2")), status=422)
    assert "同じ名前の名簿があります" in page.errors


def test_a_file_that_cannot_be_opened_is_refused_beside_the_field(browser):
    page = upload(browser, b"%PDF-1.4", status=422)
    assert "PDF" in page.soup.find(id="error-file").text
    page = browser.get("/leads/imports/new")
    refused = browser.submit(page, {"name": "x"}, action="/leads/imports", status=422)
    assert "ファイルを選んでください" in refused.errors
    too_long = csv(*(line(f"A{n}") for n in range(5_001)))
    assert "大きすぎます" in upload(browser, too_long, status=413).errors


def test_a_file_is_put_away_with_its_rows(browser, in_database):
    preview = upload(browser, csv(line("A1")))
    assert "まだ取り込んでいません" in browser.get("/leads/lists").text
    browser.submit(preview, action="/refuse")
    kept = in_database(lambda s: s.scalar(sa.select(sa.func.count()).select_from(LeadImportRow)))
    assert kept == 0
    assert "取り込みませんでした" in browser.get("/leads/imports/1").text
    assert "片づけられています" in browser.submit(preview, action="/take-in").text
    assert people(in_database) == []
    browser.submit(preview, action="/refuse", status=409)


def test_the_same_press_takes_a_file_in_once(browser, in_database):
    preview = upload(browser, csv(line("A1")))
    browser.submit(preview, action="/take-in")
    browser.submit(preview, action="/take-in")
    assert len(people(in_database)) == 1


def test_numbers_that_stand_on_another_list_are_said(browser):
    taken(browser, csv(line("A1"), line("A2")), list_name="はじめの名簿")
    preview = upload(browser, csv(line("A1"), line("A3")), list_name="次の名簿")
    assert "1人の番号が、名簿「はじめの名簿」にもあります" in preview.text


def test_a_list_of_another_organisation_cannot_be_chosen(browser, make, browser_of):
    taken(browser, csv(line("A1")))
    other = browser_of(make.user(Role.CONSULTANT))
    page = other.get("/leads/imports/new")
    assert "特例貸付</option>" not in str(page.soup)
    refused = upload(other, csv(line("A1")), list_id="1", status=422)
    assert "この名簿は選べません" in refused.errors
    for path in ("/leads/imports/1", "/leads/imports/1/bad-rows.csv", "/leads/lists/1"):
        assert other.raw.get(path).status_code == 404


def test_signs_nobody_sees_are_no_part_of_a_files_name(make, browser_of, in_database):
    browser = browser_of(make.user(Role.CONSULTANT))
    page = upload(browser, csv(line("1")), name="a\x00b\u202egpj.csv")
    assert "abgpj.csv" in page.text
    assert in_database(lambda s: s.scalar(sa.select(LeadImport.file_name))) == "abgpj.csv"
