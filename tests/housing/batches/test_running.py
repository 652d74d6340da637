"""A batch as a job, in the API, from the command line, and worked out again."""

import json

import sqlalchemy as sa

from app import jobs
from app.db import separate_session
from app.errors import InvalidError
from app.housing.batches import making, services
from app.housing.batches.models import MatchBatch
from app.housing.codes import HomeState
from app.housing.models import Home
from app.housing.proposals import batch_inputs
from tests.housing.batches.kit import (
    Town,
    api,
    fix,
    lock,
    made,
    name_of,
    pairs_on,
)


def test_a_batch_replays_to_the_same_answer_after_a_lock(town, desk, browser_of, in_database):
    browser = browser_of(desk)
    page = made(browser)
    assert in_database(lambda s: services.replays(s.get_one(MatchBatch, 1)))
    lock(browser, page, town.urgent, town.cheap)
    assert in_database(lambda s: services.replays(s.get_one(MatchBatch, 1)))


def test_many_households_are_a_job_whose_page_shows_how_far_it_is(
    town, desk, browser_of, monkeypatch, app
):
    monkeypatch.setattr(making.make_batch, "__kwdefaults__", {"at_once": 2})
    browser = browser_of(desk)
    page = made(browser)
    assert "組み合わせています" in page.text
    assert "0／100" in page.text  # how many there are would tell of those in hiding
    assert browser.raw.get("/batches/1/pairs.csv").status_code == 409
    assert api(app, desk, "GET", "/batches/1").json["state"] == "working"
    with app.app_context():
        jobs.run_due()
    assert len(pairs_on(browser.get("/batches/1"))) == 2


def test_a_home_can_be_let_while_a_job_judges_and_is_in_no_pair_then(
    town, desk, browser_of, monkeypatch, app
):
    monkeypatch.setattr(making.make_batch, "__kwdefaults__", {"at_once": 2})
    browser = browser_of(desk)
    made(browser)
    read = batch_inputs.household_need
    let = sa.update(Home).where(Home.id == town.cheap.id).values(state=HomeState.OCCUPIED)

    def meanwhile(*asked):
        with separate_session(write=True) as session:
            session.execute(let)
        return read(*asked)

    monkeypatch.setattr(batch_inputs, "household_need", meanwhile)
    with app.app_context():
        jobs.run_due()
    assert set(pairs_on(browser.get("/batches/1")).values()) == {name_of(town.dear)}


def test_a_job_that_cannot_go_on_says_so_on_the_page(town, desk, browser_of, monkeypatch, app):
    monkeypatch.setattr(making.make_batch, "__kwdefaults__", {"at_once": 2})

    def broken(*_args, **_kwargs):
        raise InvalidError("決めたことが食い違っています。")

    monkeypatch.setattr(services, "fill", broken)
    browser = browser_of(desk)
    made(browser)
    with app.app_context():
        jobs.run_due()
    assert "決めたことが食い違っています" in browser.get("/batches/1").text
    refused = api(app, desk, "POST", "/batches/1/locks", fix(town.urgent, town.cheap))
    assert refused.status_code == 409


def test_the_api_goes_the_whole_way(town, desk, app):
    batch = api(app, desk, "POST", "/batches").json
    assert batch["state"] == "ready"
    pairs = [(one["case_id"], one["home_id"]) for one in batch["pairs"]]
    assert pairs == [(town.urgent.id, town.cheap.id), (town.easy.id, town.dear.id)]
    assert batch["without"][0]["case_id"] == town.late.id
    url = f"/batches/{batch['id']}"
    locked = api(app, desk, "POST", f"{url}/locks",
                 fix(town.urgent, town.cheap) | {"kind": "never"})  # fmt: skip
    assert locked.status_code == 201
    assert len(locked.json["moves"]) == 2
    [lock] = locked.json["locks"]
    undone = api(app, desk, "POST", f"{url}/locks/{lock['id']}/undo")
    assert undone.json["pairs"] == batch["pairs"]
    assert api(app, desk, "POST", f"{url}/locks/{lock['id']}/undo").status_code == 409
    assert api(app, desk, "POST", f"{url}/locks/99/undo").status_code == 404
    fit = api(app, desk, "POST", f"{url}/policy", {"policy": "fit"}).json
    assert [one["code"] for one in fit["policies"] if one["chosen"]] == ["fit"]


def test_a_batch_is_made_and_replayed_from_the_command_line(town, desk, app, in_database):
    runner = app.test_cli_runner()
    said = runner.invoke(args=["match", "--all", "--user", desk.login]).output
    assert town.urgent.number in said
    assert name_of(town.cheap) in said
    plain = runner.invoke(args=["match", "--all", "--user", desk.login, "--json"]).output
    assert json.loads(plain)["batch"] == 2
    assert "同じ答え" in runner.invoke(args=["match", "--replay-batch", "1"]).output
    assert "--user" in runner.invoke(args=["match", "--all"]).output

    def spoil(session):
        batch = session.get_one(MatchBatch, 1)
        batch.answer = {**batch.answer, "kept": [999]}
        session.get_one(MatchBatch, 2).rule_version = "batch-0"

    in_database(spoil)
    for number, words in ((1, "違う答え"), (2, "以前の規則"), (9, "ないか")):
        result = runner.invoke(args=["match", "--replay-batch", str(number)])
        assert (result.exit_code, words in result.output) == (1, True), words


def test_nobody_is_matched_from_the_command_line_when_there_is_nobody(desk, app):
    result = app.test_cli_runner().invoke(args=["match", "--all", "--user", desk.login])
    assert result.exit_code == 1
    assert "組み合わせる世帯がありません" in result.output


def test_a_page_takes_as_many_statements_for_six_households_as_for_three(
    make, town, desk, browser_of, count_queries
):
    browser = browser_of(desk)
    counts = []
    for _ in range(2):
        made(browser)
        number = len(counts) + 1
        browser.get(f"/batches/{number}")
        count_queries()
        browser.get(f"/batches/{number}")
        counts.append(count_queries())
        Town(make, desk)
    assert counts[1] <= counts[0] <= 25, counts
