"""Who gave a lot put right: figures follow, what was written stays, what was told is named."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.exc import DBAPIError

from app.audit.models import AuditEntry
from app.cases.versions import StaleError
from app.db import now
from app.directory.models import Partner, PartnerKind
from app.foodbank.evidence.models import EvidencePack
from app.foodbank.models import Lot
from app.foodbank.origins import services
from app.foodbank.origins.models import DonorLetter, OriginCorrection
from app.policy import OrganisationKind, Role
from tests import in_turn as at_once
from tests.foodbank.kit import TODAY
from tests.foodbank.test_kits import build, the_kit
from tests.foodbank.test_recalls import Town

FORM = {
    "item_name": "玄米 髙﨑農園",
    "date_printed": "2026.12.20",
    "quantity": "10",
    "allergens": "なし",
    "weight_kg": "30",
    "donor": "架空スーパー",
}
RIGHT = {"donor": "まぼろし農園", "reason": "伝票の取り違え"}


@pytest.fixture
def helper(bank, browser_of):
    return browser_of(bank.user)


@pytest.fixture
def donors(make):
    """The one who was written down and the one who gave."""
    return [
        make.save(Partner(kind=PartnerKind.DONOR, name=name, name_key=name))
        for name in ("架空スーパー", "まぼろし農園")
    ]


def receive(helper, **values):
    page = helper.get("/food/receive/form")
    return helper.submit(page, FORM | values, action="/food/receive")


def put_right(helper, number=1, status=200, **values):
    page = helper.get(f"/food/lots/{number}/origin")
    return helper.submit(page, RIGHT | values, action="/origin", status=status)


def lot(in_database, number=1):
    return in_database(lambda s: s.get_one(Lot, number))


def kg(bank):
    return {one["name"]: one["kg"] for one in bank.api("GET", "/donors").json}


def test_the_right_donor_has_the_kilograms_and_the_old_one_stays_readable(
    helper, bank, donors, in_database
):
    wrong, right = donors
    receive(helper)
    assert kg(bank) == {"架空スーパー": 30.0}
    page = put_right(helper)
    assert "架空スーパー → まぼろし農園" in page.text
    assert "伝票の取り違え" in page.text
    assert kg(bank) == {"まぼろし農園": 30.0}
    assert "30kg" in helper.get(f"/food/donors/{right.id}/thanks").text
    theirs = helper.get(f"/food/donors/{wrong.id}").text
    assert "ここから別の出どころに直したロット（1）" in theirs
    assert "「まぼろし農園」へ（伝票の取り違え）" in theirs
    assert "30kg" not in helper.get(f"/food/donors/{wrong.id}/thanks").text
    logged = in_database(
        lambda s: s.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).all()
    )
    assert next(one.fields for one in logged if one.record_kind == "lot") == ["donor_id"]
    # Wrong again: put right by another correction, with both to be read.
    back = put_right(helper, donor="架空スーパー", reason="やはり元の寄贈者")
    assert "まぼろし農園 → 架空スーパー" in back.text
    assert "架空スーパー → まぼろし農園" in back.text
    assert "別の出どころに直したロット" not in helper.get(f"/food/donors/{wrong.id}").text
    assert kg(bank) == {"架空スーパー": 30.0}


def test_a_drive_follows_and_only_one_open_on_the_day_can_be_meant(helper, bank, in_database):
    receive(helper)
    drives = [
        bank.api("POST", "/food-drives", json=drive).json["id"]
        for drive in (
            {"name": "秋", "place": "市役所", "starts_on": "2026-11-01", "ends_on": "2026-11-30"},
            {"name": "夏", "place": "駅", "starts_on": "2026-07-01", "ends_on": "2026-07-02"},
        )
    ]
    page = helper.get("/food/lots/1/origin")
    assert "夏" not in page.soup.find(id="f-drive_id").get_text()
    put_right(helper, donor="", drive_id=str(drives[0]))
    assert (lot(in_database).donor_id, lot(in_database).drive_id) == (None, drives[0])
    assert [one["kg"] for one in bank.api("GET", "/food-drives").json] == [30.0, 0.0]
    body = RIGHT | {"version": lot(in_database).version, "drive_id": drives[1]}
    answer = bank.api("POST", "/lots/1/origin", json=body)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["drive_id"])
    put_right(helper, drive_id="")
    gone = helper.get(f"/food/drives/{drives[0]}").text
    assert "ここから別の出どころに直したロット（1）" in gone


def test_what_the_former_donor_was_told_is_named_before_and_after(
    helper, bank, donors, in_database, make
):
    wrong, right = donors
    receive(helper)
    assert "もう伝えたことがあります" not in helper.get("/food/lots/1/origin").text
    november, october = (
        f"/food/donors/{wrong.id}/thanks.pdf?first=2026-{month}-01&last=2026-{month}-{last}"
        for month, last in (("11", 30), ("10", 31))
    )
    for url in (november, october):
        assert helper.raw.get(url).status_code == 200
    make.save(
        EvidencePack(
            organisation_id=bank.user.organisation_id, starts_on=date(2026, 11, 1),
            ends_on=date(2026, 11, 30), user_id=bank.user.id, made_at=now(), content=b"x",
        )
    )  # fmt: skip
    page = helper.get("/food/lots/1")
    there = {"given_from": str(lot(in_database).balances[0].shelf_id), "given_quantity": "2"}
    helper.submit(page, there | {"give_back_reason": "表示"}, action="/give-back")
    page = helper.get("/food/lots/1/origin")
    assert "もう伝えたことがあります" in page.text
    with time_machine.travel(datetime(2026, 11, 21, 3, 10, tzinfo=UTC), tick=True):
        page = put_right(helper)
        for said in (
            "架空スーパー には、それまでに次のことを伝えています",
            "お礼の手紙を印刷しています（2026年11月1日（日） ～ 2026年11月30日（月）の分）",
            "証拠の一式",
            "2個をこの寄贈者に返したと記録しています",
        ):
            assert said in page.text
        assert "2026年10月1日" not in page.text
        # The new donor has been told nothing, and what comes later is not the former one's.
        assert "もう伝えたことがあります" not in helper.get("/food/lots/1/origin").text
    with time_machine.travel(datetime(2026, 11, 21, 3, 20, tzinfo=UTC), tick=True):
        helper.raw.get(november)
        told = bank.api("GET", "/lots/1/origin-corrections").json
    assert len(told[0]["told"]) == 3
    assert (told[0]["from_donor_id"], told[0]["to_donor_id"]) == (wrong.id, right.id)
    letters = helper.get(f"/food/donors/{wrong.id}/thanks").text
    assert "前に印刷した手紙（3）" in letters


def test_a_recall_told_to_the_wrong_donor_is_named(bank, browser_of, donors):
    town = Town(bank, browser_of)
    put_right(town.helper, town.tuna, donor="架空スーパー")
    page = town.recall()
    typed = {"told_name": "架空スーパー", "how": "電話", "partner_id": str(donors[0].id)}
    town.helper.submit(page, typed, action="/told")
    assert "をこの寄贈者に伝えています" in town.helper.get(f"/food/lots/{town.tuna}/origin").text
    assert "をこの寄贈者に伝えています" in put_right(town.helper, town.tuna).text


def test_a_letter_printed_before_letters_were_kept_is_named_without_its_period(
    helper, bank, donors, make
):
    receive(helper)
    make.save(
        DonorLetter(
            organisation_id=bank.user.organisation_id, donor_id=donors[0].id, user_id=bank.user.id
        )
    )
    assert "期間の記録はありません" in helper.get("/food/lots/1/origin").text


def test_lots_of_the_same_slip_are_put_right_together_and_no_others(
    helper, bank, donors, in_database
):
    receive(helper)
    receive(helper, item_name="りんご")
    receive(helper, item_name="なし", donor="まぼろし農園")
    page = helper.get("/food/lots/1/origin")
    offered = page.tree.xpath("//input[@name='also']/@value")
    assert offered == [f"2.{lot(in_database, 2).version}"]
    helper.submit(page, RIGHT | {"also": offered}, action="/origin")
    assert {lot(in_database, n).donor_id for n in (1, 2, 3)} == {donors[1].id}
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(OriginCorrection.id)))) == 2
    body = RIGHT | {"donor": "x", "version": lot(in_database).version, "also": ["999"]}
    refused = bank.api("POST", "/lots/1/origin", json=body)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["also"])


def test_two_people_see_both_and_one_key_corrects_once(helper, bank, donors, in_database):
    receive(helper)
    mine, theirs = (helper.get("/food/lots/1/origin") for _n in range(2))
    helper.submit(theirs, RIGHT, action="/origin")
    both = helper.submit(
        mine, {"donor": "べつの店", "reason": "思い違い"}, action="/origin", status=409
    )
    assert "まぼろし農園" in both.text
    assert both.soup.find(id="f-reason")["value"] == "思い違い"
    helper.submit(both, action="/origin")
    assert in_database(lambda s: s.get_one(Lot, 1).donor.name) == "べつの店"
    body = RIGHT | {"version": lot(in_database).version}
    first = bank.api("POST", "/lots/1/origin", json=body, key="origin-once")
    again = bank.api("POST", "/lots/1/origin", json=body, key="origin-once")
    assert (first.status_code, first.json) == (201, again.json)
    assert first.json["donor_id"] == donors[1].id
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(OriginCorrection.id)))) == 3
    stale = bank.api("POST", "/lots/1/origin", json=body | {"donor": "x"})
    assert (stale.status_code, stale.json["code"]) == (409, "stale")


def test_two_corrections_at_the_very_moment_are_one(app, bank, in_database):
    number = bank.lot(donor="架空スーパー")
    version = lot(in_database, number).version

    def right(donor):
        return lambda session: services.put_right(
            session, lot=session.get_one(Lot, number), version=version, donor=donor, drive_id=None,
            reason="x", also={}, user_id=bank.user.id,
        )  # fmt: skip

    run = partial(at_once.in_turn, app, reading=(Lot,))
    assert run(right("まぼろし農園"), right("べつの店")) == StaleError.__name__
    assert in_database(lambda s: s.get_one(Lot, number).donor.name) == "まぼろし農園"


def test_nothing_changed_no_reason_and_a_stranger_are_refused(
    helper, bank, donors, browser_of, make
):
    receive(helper)
    assert "いまの記録と同じ" in put_right(helper, status=422, donor="架空スーパー").errors
    blank = put_right(helper, status=422, reason="")
    assert blank.soup.find(id="f-donor")["value"] == "まぼろし農園"
    stranger = make.user(Role.FOODBANK, organisation=make.organisation(OrganisationKind.FOOD_BANK))
    browser_of(stranger).get("/food/lots/1/origin", status=404)
    desk = make.user(Role.CONSULTANT)
    browser_of(desk).get("/food/lots/1/origin", status=403)


def test_what_was_written_cannot_be_changed_even_in_the_database(helper, donors, in_database):
    receive(helper)
    put_right(helper)
    for change in (sa.delete(OriginCorrection), sa.update(OriginCorrection).values(reason="y")):
        with pytest.raises(DBAPIError, match="append-only"):
            in_database(lambda s, change=change: s.execute(change))


def test_a_lot_without_a_day_counts_by_when_its_ledger_was_read(bank, in_database):
    number = bank.lot(donor="架空スーパー")

    def forget(session):
        session.get_one(Lot, number).received_on = None

    in_database(forget)
    drive = {"name": "秋", "place": "駅", "starts_on": str(TODAY),
             "ends_on": str(TODAY + timedelta(days=1))}  # fmt: skip
    made = bank.api("POST", "/food-drives", json=drive).json["id"]
    body = RIGHT | {"version": lot(in_database, number).version, "drive_id": made}
    assert bank.api("POST", f"/lots/{number}/origin", json=body).status_code == 201


def test_a_kit_came_from_nobody_and_its_parts_are_put_right(helper, bank, in_database):
    bank.lot("ツナ缶 3缶", 10, donor="架空スーパー")
    bank.lot("カップ麺 しょうゆ", 30, donor="架空スーパー")
    build(helper, ツナ缶="1", カップ麺="2")
    kit = the_kit(in_database)
    assert "中身のロットの寄贈者を直してください" in helper.get(f"/food/lots/{kit.id}/origin").text
    body = RIGHT | {"version": kit.version}
    assert bank.api("POST", f"/lots/{kit.id}/origin", json=body).status_code == 409
    assert kg(bank).keys() == {"架空スーパー"}
