"""From a lot to everybody, from somebody to every lot; stickers, the ledger and the evidence."""

import csv
import io
import zipfile

import pytest
import sqlalchemy as sa

from app.jobs import run_due
from app.policy import ROLE_ACTIONS, Action, Role
from tests.foodbank.test_recalls import NOTICE, Town


@pytest.fixture
def town(bank, browser_of):
    return Town(bank, browser_of)


def test_both_ways_from_a_lot_to_everybody_and_from_somebody_to_every_lot(town, browser_of, make):
    case = town.case()
    town.parcel(case, handed=True)
    town.parcel()
    page = town.helper.get(f"/food/lots/{town.tuna}/trace")
    for words in ("P-0001", case.code_name, "P-0002", "みどり", "渡していない箱"):
        assert words in page.text
    told = town.bank.api("GET", f"/lots/{town.tuna}/trace").json
    assert [(one["parcel"], one["code_name"]) for one in told] == [
        ("P-0002", "みどり"),
        ("P-0001", case.code_name),
    ]
    for asked in ("p-0001", "F-0001", case.code_name):
        found = town.helper.get("/food/trace", query_string={"q": asked})
        assert "ツナ缶 3缶" in found.text
        assert "L-00002" in found.text
    assert "見つかりません" in town.helper.get("/food/trace", query_string={"q": "秘密"}).text
    traced = town.at_desk.get(
        town.at_desk.get(f"/cases/{case.id}").link("渡した物のロットをたどる")
    )
    assert "ツナ缶 3缶" in traced.text
    browser_of(make.user(Role.CONSULTANT)).get(f"/cases/{case.id}/food-trace", status=404)
    browser_of(make.user(Role.FOODBANK)).get(f"/food/lots/{town.tuna}/trace", status=404)

    town.in_database(
        lambda s: s.execute(sa.text("UPDATE consents SET withdrawn_at = '2026-11-21 00:00:00'"))
    )
    assert case.code_name not in town.helper.get(f"/food/lots/{town.tuna}/trace").text
    gone = town.helper.get("/food/trace", query_string={"q": case.code_name})
    assert "見つかりません" in gone.text, "neither by a search for the name"


def test_who_sorts_sees_lots_and_stickers_and_nothing_of_anybody(town, browser_of, make):
    town.parcel(town.case(), handed=True)
    bank = make.the_organisation(town.bank.user)
    sorter = browser_of(make.user(Role.SORTER, organisation=bank))
    assert "仕分けとシール" in sorter.get("/").text
    page = sorter.get("/food/sorting")
    assert "ツナ缶 3缶" in page.text
    for hidden in ("あおぞら", "P-0001", town.bank.user.name, town.desk.name):
        assert hidden not in page.text
    found = sorter.get("/food/sorting", query_string={"q": "l-00002"})
    assert "アルファ米" in found.text
    assert "ツナ缶" not in found.text
    for path in ("/food/lots/1/stickers.pdf?count=30&skip=3",
                 "/food/ledger.pdf?first=2026-11-01&last=2026-11-30"):  # fmt: skip
        assert sorter.raw.get(path).data.startswith(b"%PDF")
    wrong = sorter.raw.get("/food/ledger.pdf?first=2026-11-30&last=2026-11-01")
    assert wrong.status_code == 422
    for path in ("/food", "/food/lots/1", "/food/lots", "/food/parcels", "/food/recalls"):
        assert sorter.raw.get(path).status_code == 403
    assert ROLE_ACTIONS[Role.SORTER] == {Action.FOOD_SORT}
    browser_of(make.user(Role.SORTER)).get("/food/lots/1/stickers.pdf", status=404)


def test_one_button_makes_the_evidence_of_a_period_without_names(town, app, browser_of, make):
    case = town.case()
    town.parcel(case, handed=True)
    town.helper.submit(
        town.helper.get(f"/food/lots/{town.rice}"), {"disposal_reason": "=1+1"}, action="/disposal"
    )
    town.recall(practice="1")
    town.helper.submit(
        town.helper.get("/food/recalls/1/close"), {"report": "速い"}, action="/close"
    )
    form = town.helper.get("/food/receive/form")
    tofu = {"item_name": "豆腐", "date_printed": "2026.12.20", "quantity": "3", "allergens": "大豆",
            "storage": "chilled", "temperature": "12", "checks": ["date"]}  # fmt: skip
    town.helper.submit(form, tofu, action="/food/receive")
    town.helper.submit(town.helper.get("/food/stocktakes"), {}, action="/food/stocktakes")
    page = town.helper.get("/food/evidence")
    asked = {"first": "2026-11-01", "last": "2026-11-30"}
    refused = town.helper.submit(
        page, asked | {"last": "2026-10-01"}, action="/food/evidence", status=422
    )
    assert refused.soup.find(id="error-last")
    waiting = town.helper.submit(page, asked, action="/food/evidence")
    assert "作っています" in waiting.text
    town.helper.get("/food/evidence/1.zip", status=404)
    with app.app_context():
        run_due()
    assert "受け取る" in town.helper.get("/food/evidence").text
    files = zipfile.ZipFile(io.BytesIO(town.helper.raw.get("/food/evidence/1.zip").data))
    names = files.namelist()
    assert [name[0] for name in sorted(names)] == list("0123456789")
    sheets = {
        name[0]: list(csv.reader(io.StringIO(files.read(name).decode("utf-8-sig"))))
        for name in names if name.endswith(".csv")
    }  # fmt: skip
    assert [row[0] for row in sheets["1"][1:]] == ["L-00001", "L-00002", "L-00003"]
    assert sheets["1"][3][12] == town.bank.user.name, "who checked is who wrote it down"
    assert sheets["2"][1][4:] == ["12.0", "10", "基準より高い（出さない）"]
    assert sheets["6"][1][3] == "数えています"
    assert {row[3] for row in sheets["3"][1:]} == {"P-0001"}
    assert {row[2] for row in sheets["4"][1:]} == {"L-00001", "L-00002"}
    assert [row[5] for row in sheets["5"][1:]] == ["'=1+1"], "no cell runs as a formula"
    assert sheets["7"][1][1] == "訓練"
    told = "".join(cell for rows in sheets.values() for row in rows for cell in row)
    for hidden in ("あおぞら", "秘密", "090-0000-1234"):
        assert hidden not in told
    browser_of(make.user(Role.FOODBANK)).get("/food/evidence/1.zip", status=404)
    assert NOTICE.splitlines()[0] not in told
