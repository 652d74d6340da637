"""A plan per placement: made by one tap, moved with the keys, ticked by people, never deleted."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.cases.household.codes import School
from app.cases.models import Member
from app.cases.needs.models import HousingNeed, RentBasis, YesNoUnknown
from app.cases.welfare.models import WelfareStanding, WelfareStatus
from app.db import today
from app.keyday import services
from app.keyday.codes import TaskState
from app.keyday.models import KeyDayPlan
from app.placements.models import Placement
from app.policy import ConsentItem, Protection, RecipientKind, Role
from app.wording import weekday
from tests.keyday.kit import KEYS_ON, KeyDay


@pytest.fixture
def key_day(make, in_database):
    return KeyDay(make, in_database)


def test_one_tap_from_the_case_makes_the_plan_and_a_second_finds_it(make, in_database, browser_of):
    key_day = KeyDay(make, in_database, plan=False)
    browser = browser_of(key_day.staff)
    case = browser.get(f"/cases/{key_day.case.id}")
    first = browser.submit(case, action=key_day.url)
    assert first.h1 == "鍵の日の段取り"
    assert "火災保険に入る" in first.text
    assert browser.submit(case, action=key_day.url).url == key_day.url  # the same press again
    other = browser.get(f"/placements/{key_day.id}")
    assert "段取りを開く" in other.text
    assert "あと" in other.text
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count()).select_from(KeyDayPlan))) == 1


def test_without_contract_or_a_day_no_plan_is_made(make, in_database, browser_of):
    key_day = KeyDay(make, in_database, plan=False, keys_on=None)
    browser = browser_of(key_day.staff)
    assert "段取りを作る" not in browser.get(f"/placements/{key_day.id}").text
    assert "契約を記録するか" in browser.get(key_day.url).text
    assert browser.get(f"{key_day.url}/tasks/new", status=404).status == 404


def test_a_moved_key_date_moves_what_is_open_and_nothing_that_is_closed(key_day, browser_of):
    browser = browser_of(key_day.staff)
    page = browser.get(key_day.url)
    assert f"{weekday(KEYS_ON - timedelta(days=3))} 鍵の3日前" in page.text
    assert "入居の14日後（日が決まったら）" in page.text
    browser.submit(page, action=key_day.at("electricity", "/done"))
    key_day.appoint("keys", KEYS_ON + timedelta(days=9))
    key_day.appoint("move_in", KEYS_ON + timedelta(days=10))
    again = browser.get(key_day.url)
    assert f"{weekday(KEYS_ON + timedelta(days=6))} 鍵の3日前" in again.text
    assert weekday(KEYS_ON + timedelta(days=24)) in again.text
    closed = key_day.task("electricity")
    assert (closed.done_on, closed.kept_on) == (today(), KEYS_ON - timedelta(days=5))


def test_a_tick_is_one_tap_and_a_second_one_is_told_who_was_first(key_day, browser_of, in_database):
    mine, hers = browser_of(key_day.staff), browser_of(key_day.staff)
    page, other = mine.get(key_day.url), hers.get(key_day.url)
    done = mine.submit(page, action=key_day.at("water", "/done"))
    assert "「水道を申し込む」を済みにしました" in done.text
    late = hers.submit(other, action=key_day.at("water", "/done"), status=409)
    assert key_day.staff.name in late.text
    assert "済み" in late.text
    fields = in_database(
        lambda s: s.scalars(sa.select(AuditEntry).filter_by(record_kind="key_day_task")).all()
    )
    assert [entry.fields for entry in fields] == [["done_on", "state"]]


def test_two_people_changing_a_task_see_both_and_lose_nothing(key_day, browser_of):
    mine, hers = browser_of(key_day.staff), browser_of(key_day.staff)
    url = key_day.at("bedding")
    page, other = mine.get(url), hers.get(url)
    mine.submit(page, {"title": "布団を2組用意する"}, action="/change")
    clash = hers.submit(other, {"title": "毛布を用意する"}, action="/change", status=409)
    assert "布団を2組用意する" in clash.text
    assert "毛布を用意する" in clash.text
    saved = hers.submit(clash, action="/change")
    assert saved.status == 200
    assert key_day.task("bedding").title == "毛布を用意する"


def test_a_task_gets_another_day_a_named_person_and_comes_back(key_day, browser_of, make):
    colleague = make.user(
        Role.HOUSING, organisation=make.the_organisation(key_day.staff), name="架空 花"
    )
    browser, url = browser_of(key_day.staff), key_day.at("curtains")
    page = browser.get(url)
    fixed = today() + timedelta(days=1)
    browser.submit(
        page,
        {"doer": "colleague", "colleague_id": str(colleague.id), "fixed_on": str(fixed),
         "note": "窓は2つ"},
        action="/change",
    )  # fmt: skip
    key_day.appoint("keys", KEYS_ON + timedelta(days=30))
    told = browser.get(url)
    assert weekday(fixed) in told.text
    assert "架空 花" in told.text
    assert "窓は2つ" in told.text
    browser.submit(told, {"reason": "部屋についている"}, action="not-needed")
    assert key_day.task("curtains").state is TaskState.NOT_NEEDED
    browser.submit(browser.get(url), action="reopening")
    assert key_day.task("curtains").state is TaskState.OPEN
    make.consent(key_day.case, RecipientKind.HOUSING_SUPPORT, ConsentItem.CONTACT)
    assert "カーテン" in browser_of(colleague).get("/").text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": " "}, "すること: 入力してください"),
        ({"days": "401"}, "日数: "),
        ({"doer": "partner"}, "名前を入力してください"),
        ({"doer": "colleague"}, "職員を選んでください"),
        ({"fixed_on": "2020-01-01"}, "手続きを始めた日"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(key_day, browser_of, values, said):
    browser = browser_of(key_day.staff)
    page = browser.get(f"{key_day.url}/tasks/new")
    sent = {
        "title": "自転車を運ぶ",
        "counted": "keys_after",
        "days": "2",
        "note": "青い物",
    } | values
    refused = browser.submit(page, sent, status=422)
    assert said in refused.errors
    assert refused.typed()["note"] == "青い物"
    assert "自転車を運ぶ" not in key_day.tasks()


def test_a_task_is_added_and_done_on_a_day_that_can_be(key_day, browser_of, monkeypatch):
    browser = browser_of(key_day.staff)
    page = browser.get(f"{key_day.url}/tasks/new")
    browser.submit(page, {"title": "猫を運ぶ", "counted": "keys_after", "days": "0"})
    url = key_day.at("猫を運ぶ")
    for wrong, said in (
        (today() + timedelta(days=1), "まだ来ていない日"),
        (today() - timedelta(days=400), "手続きを始めた日"),
    ):
        refused = browser.submit(browser.get(url), {"done_on": str(wrong)}, action="done-on",
                                 status=422)  # fmt: skip
        assert said in refused.errors
    assert key_day.task("猫を運ぶ").state is TaskState.OPEN
    browser.submit(browser.get(url), action="done-on")
    monkeypatch.setattr(services, "MOST_TASKS", 3)
    full = browser.submit(
        browser.get(f"{key_day.url}/tasks/new"),
        {"title": "もう一つ", "counted": "keys_after", "days": "0"},
        status=422,
    )
    assert "3までです" in full.errors


def test_a_cancelled_placement_leaves_its_plan_readable_and_closed(key_day, browser_of):
    browser = browser_of(key_day.staff)
    page = browser.get(key_day.url)
    refusal = browser.get(f"/placements/{key_day.id}/refusal")
    browser.submit(refusal, {"reason": "found_elsewhere"})
    told = browser.get(key_day.url)
    assert "手続きは終わりました" in told.text
    assert "火災保険に入る" in told.text
    browser.submit(page, action=key_day.at("water", "/done"), status=409)
    assert key_day.url not in browser.get("/key-days").text
    assert key_day.task("water").state is TaskState.OPEN


def test_what_the_household_is_decides_and_what_nobody_knows_is_asked(make, in_database):
    everything = KeyDay(
        make,
        in_database,
        plan=False,
        household_size=2,
        members=[
            Member(position=0, age=66, nationality="日本"),
            Member(position=1, age=9, nationality="架空国", school=School.PRIMARY),
        ],
        housing_need=HousingNeed(rent_basis=RentBasis.CEILING, pet=YesNoUnknown.NO),
    )
    make.save(
        WelfareStanding(case_id=everything.case.id, status=WelfareStatus.RECEIVING, since=today(),
                        recorded_by=everything.staff.id)
    )  # fmt: skip
    in_database(
        lambda s: services.make_plan(s, placement=s.get_one(Placement, everything.id),
                                     user_id=everything.staff.id, today=today())
    )  # fmt: skip
    tasks = everything.tasks()
    sure = {
        "proxy_payment",
        "school",
        "child_allowance",
        "care_insurance",
        "residence_card",
        "post",
    }
    assert sure <= set(tasks)
    assert not any(tasks[code].to_ask for code in sure)
    assert not {"pet", "infant", "shielding", "post_advice"} & set(tasks)
    unknown = KeyDay(make, in_database, protection=Protection.UNKNOWN).tasks()
    asked = {code for code, task in unknown.items() if task.to_ask}
    assert {"shielding", "post", "post_advice", "proxy_payment", "school", "pet"} <= asked


def test_what_lies_deep_is_not_told_by_a_line_a_count_or_an_error(make, in_database, browser_of):
    """Whoever sees the place but not the story learns of no assistance and no nationality."""
    key_day = KeyDay(make, in_database)
    worker = make.user(Role.HOUSING)
    make.consent(key_day.case, RecipientKind.HOUSING_SUPPORT, ConsentItem.CONTACT)
    page = browser_of(worker).get(key_day.url)
    assert "火災保険に入る" in page.text
    for hidden in ("代理納付", "在留カード", "国民健康保険", "介護保険"):
        assert hidden not in page.text
    shown = len(page.tree.xpath("//li[starts-with(@id, 'task-')]"))
    assert f"0／{shown}" in page.text
    assert shown < len(key_day.tasks())
    browser_of(worker).get(key_day.at("proxy_payment"), status=404)
    assert 'name="note"' not in browser_of(worker).get(key_day.at("water")).response.text
    stranger = make.user(Role.CONSULTANT)
    browser_of(stranger).get(key_day.url, status=404)


def test_follow_up_ticks_but_changes_nothing(make, in_database, browser_of):
    key_day = KeyDay(make, in_database)
    visitor = make.user(Role.FOLLOWUP)
    make.consent(key_day.case, RecipientKind.FOLLOW_UP, ConsentItem.CONTACT)
    browser = browser_of(visitor)
    page = browser.get(key_day.url)
    assert "することを加える" not in page.text
    browser.submit(page, action=key_day.at("garbage", "/done"))
    assert key_day.task("garbage").state is TaskState.DONE
    browser.get(f"{key_day.url}/tasks/new", status=403)


def test_lists_and_the_first_page_show_what_is_due_capped(make, in_database, browser_of):
    key_day = KeyDay(make, in_database, keys_on=today())
    browser = browser_of(key_day.staff)
    first = browser.get("/")
    assert "火災保険に入る" in first.text
    assert "ほか" in first.text
    assert key_day.case.number in browser.get("/key-days").text
    assert "鍵の日" in browser.get(f"/cases/{key_day.case.id}").text
    assert "段取り" not in browser_of(make.user(Role.CONSULTANT)).get("/").text
