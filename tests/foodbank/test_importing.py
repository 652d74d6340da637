"""A ledger taken in through the API, the page and the command: nothing lost, nothing twice."""

import io
import json

import sqlalchemy as sa

from app.foodbank.commands import import_food_ledger
from app.foodbank.models import Balance, FoodItem, LedgerImport, Lot, LotState, Movement
from app.policy import Role
from tests.foodbank.kit import SAMPLE


def test_the_sample_ledger_comes_in_whole(bank, in_database):
    answer = bank.import_sample()
    assert answer.status_code == 201, answer.json
    said = answer.json
    assert (said["lots"], said["past"], said["questions"], said["skipped"]) == (160, 15, 9, 0)

    def figures(session):
        states = dict(
            session.execute(sa.select(Lot.state, sa.func.count()).group_by(Lot.state)).all()
        )
        return (
            states,
            session.scalar(sa.select(sa.func.sum(Balance.quantity))),
            session.scalar(sa.select(sa.func.sum(Movement.quantity))),
            session.scalar(sa.select(sa.func.count()).select_from(FoodItem)),
        )

    states, lying, moved, items = in_database(figures)
    assert states == {LotState.OFFERABLE: 139, LotState.QUESTION: 6, LotState.PAST: 15}
    assert lying == moved == 3396
    assert items == 24


def test_every_sample_item_has_what_a_proposal_needs(bank, in_database):
    bank.import_sample()
    lacking = sa.select(FoodItem.name).where(
        sa.or_(
            FoodItem.kcal.is_(None), FoodItem.weight_kg.is_(None), FoodItem.food_group == "other"
        )
    )
    assert in_database(lambda s: s.scalars(lacking).all()) == []
    assert (
        in_database(lambda s: s.scalar(sa.select(sa.func.count()).where(FoodItem.confirmed))) == 0
    )


def test_a_row_is_kept_as_typed_with_the_date_as_printed_and_as_read(bank, in_database):
    bank.import_sample()
    lot = in_database(lambda s: s.scalars(sa.select(Lot).where(Lot.row_number == 2)).one())
    assert lot.date_printed == "2027年7月"
    assert str(lot.last_day) == "2027-07-31"
    assert lot.as_typed["備考"] == "箱つぶれ"
    assert lot.allergens == ["そば", "小麦"]


def test_the_same_file_again_changes_nothing(bank, in_database):
    first = bank.import_sample()
    second = bank.import_sample()
    assert second.status_code == 200
    assert second.json["again"] is True
    assert second.json["id"] == first.json["id"]
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count()).select_from(Lot))) == 160


def test_a_longer_ledger_adds_only_what_is_new(bank):
    bank.import_sample()
    row = "2026/11/20,例題生協,さば水煮缶,,缶詰,5,個,賞味期限,2028/01/01,常温,C2,さば,新しい行\r\n"
    content = SAMPLE.read_bytes() + row.encode()
    answer = bank.api(
        "POST", "/imports/food-ledgers", data={"file": (io.BytesIO(content), "12.csv")}
    )
    assert (answer.json["lots"], answer.json["skipped"]) == (1, 160)


def test_a_file_that_is_no_ledger_leaves_nothing_behind(bank, in_database):
    for content, status in (
        (b"%PDF-1.7", 422),
        ("名前,住所\r\nあ,い\r\n".encode(), 422),
        (b"", 422),
    ):
        answer = bank.api(
            "POST", "/imports/food-ledgers", data={"file": (io.BytesIO(content), "x.csv")}
        )
        assert answer.status_code == status
        assert answer.json["errors"]["file"]
    assert (
        in_database(lambda s: s.scalar(sa.select(sa.func.count()).select_from(LedgerImport))) == 0
    )


def test_the_page_takes_a_ledger_in_and_tells_what_became_of_each_row(bank, browser_of):
    browser = browser_of(bank.user)
    page = browser.get("/food/imports/new")
    empty = browser.submit(page, {}, status=422)
    assert "ファイルを選んでください" in empty.errors
    report = browser.submit(page, {"file": (io.BytesIO(SAMPLE.read_bytes()), SAMPLE.name)})
    assert report.h1 == "取り込みの結果"
    assert "消費期限が「2026年12月」で、日がありません" in report.text
    again = browser.get("/food/imports/new")
    report = browser.submit(again, {"file": (io.BytesIO(SAMPLE.read_bytes()), SAMPLE.name)})
    assert "何も変わっていません" in report.text


def test_the_command_takes_a_ledger_in_once(bank, app, make):
    runner = app.test_cli_runner()
    for again in (False, True):
        done = runner.invoke(import_food_ledger, [str(SAMPLE), "--user", bank.user.login])
        assert done.exit_code == 0, done.output
        assert json.loads(done.output)["again"] is again
    stranger = make.user(Role.CONSULTANT)
    refused = runner.invoke(import_food_ledger, [str(SAMPLE), "--user", stranger.login])
    assert refused.exit_code == 1


def test_an_item_nobody_knows_is_not_proposed_until_somebody_says_what_it_is(bank, browser_of):
    lot_id = bank.lot("なぞの缶詰", allergens="なし")
    request_id = bank.request()
    proposal = bank.api("GET", f"/food-requests/{request_id}/proposal").json
    assert proposal["lines"] == []
    browser = browser_of(bank.user)
    page = browser.get(f"/food/lots/{lot_id}")
    page = browser.get(page.link("品目を確かめる"))
    browser.submit(
        page, {"food_group": "protein", "kcal": "300", "weight_g": "２００", "ways": ["as_it_is"]}
    )
    proposal = bank.api("GET", f"/food-requests/{request_id}/proposal").json
    assert [line["lot_id"] for line in proposal["lines"]] == [lot_id]
