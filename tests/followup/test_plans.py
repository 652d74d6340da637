"""Plans made anew: the past stays, nothing is planned twice, every change has a maker."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.cases.assessments.models import Amount, Assessment
from app.cases.models import Member, Relation
from app.cases.work.models import TeamMember
from app.db import now, today
from app.errors import ConflictError, InvalidError
from app.followup.codes import AttemptResult, CheckInState
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.plans import services
from app.followup.plans.codes import AddOnState, ChangeKind, PauseReason
from app.followup.plans.models import WatchAddOn, WatchChange, WatchPause
from app.followup.templates.codes import AddOn
from app.followup.templates.models import WatchTemplate
from app.housing.codes import HomeKind
from app.policy import OrganisationKind, Role
from tests.followup.kit import Watch


def test_an_older_version_stays_with_the_plans_made_from_it(watch, make, browser_of):
    before = watch.days()
    admin = make.user(Role.ORG_ADMIN, organisation=make.the_organisation(watch.staff))
    browser = browser_of(admin)
    page = browser.get("/visits/templates")
    assert "よい実践（法令ではない）" in page.text
    assert "法令の下限" in page.text
    form = browser.get(page.link("新しい版を書く"))
    zero = browser.submit(form, {"phases-0-every": "0", "again": "-3"}, status=422)
    assert zero.text.count("1以上") >= 2
    gone = str(today() - timedelta(days=1))
    assert (
        "過ぎた日の計画は変えられません"
        in browser.submit(form, {"valid_from": gone}, status=422).text
    )
    browser.submit(form, {"first_days": "2、5", "tolerance_days": "1"})
    form = browser.get(page.link("新しい版を書く"))
    again = browser.submit(form, {"first_days": "2、5"}, status=422)
    assert "もうあります" in again.text
    assert watch.days() == before
    codes = {"code": "standard", "why": "新しい決まりにそろえる"}
    answer = watch.send("POST", f"/watch-plans/{watch.plan.id}/template", **codes)
    assert answer.status_code == 200, answer.text
    kept = [day for day in before if day <= 10]
    assert watch.days()[: len(kept)] == kept
    assert {row.escalate_on - row.due_on for row in watch.rows(state="due")[len(kept) :]} == {
        timedelta(days=2)
    }
    history = watch.ask(lambda s: s.scalars(sa.select(WatchChange).order_by(WatchChange.id)).all())
    assert [one.kind for one in history] == [ChangeKind.START, ChangeKind.TEMPLATE]
    cancelled = watch.rows(state="cancelled")
    assert len(cancelled) == history[1].cancelled == answer.json["cancelled"]
    assert {row.cancelled_in for row in cancelled} == {history[1].id}
    page = browser_of(watch.staff).get(f"/visits/plans/{watch.plan.id}")
    assert "新しい決まりにそろえる" in page.text


def test_one_office_does_not_see_or_follow_anothers_version(watch, make, in_database):
    other = make.organisation(OrganisationKind.FOLLOW_UP)
    shipped = in_database(lambda s: s.scalar(sa.select(WatchTemplate).filter_by(code="standard")))
    values = {
        column.name: getattr(shipped, column.name)
        for column in WatchTemplate.__table__.columns
        if column.name not in {"id", "organisation_id"}
    }
    values |= {"name": "よその型", "valid_from": today(), "organisation_id": other.id}
    in_database(lambda s: s.add(WatchTemplate(**values)))
    names = [row["name"] for row in watch.send("GET", "/watch-templates").json]
    assert "よその型" not in names
    watch.change(services.follow, code="standard", why="x", today=today())
    assert watch.plan.template_id == shipped.id


def test_an_add_on_is_no_template_to_follow(watch):
    before = watch.days()
    for code in ("single_65", "nobody-wrote-this"):
        path = f"/watch-plans/{watch.plan.id}/template"
        assert watch.send("POST", path, code=code, why="x").status_code == 404
    assert watch.days() == before


def test_a_support_home_follows_the_law(app, make, in_database):
    watch = Watch(app, make, in_database, home={"kind": HomeKind.SUPPORT})
    template = in_database(lambda s: s.get_one(WatchTemplate, watch.plan.template_id))
    assert (template.code, template.daily_safety, template.silent_hours) == (
        "support_home", True, 24,
    )  # fmt: skip
    months = {(row.due_on.year, row.due_on.month) for row in watch.rows()}
    assert len(months) >= 36


def test_what_was_tried_or_is_past_stays_through_a_rest_in_hospital(watch):
    coming = next(row for row in watch.rows(state="due") if row.due_on > today())
    tried = Attempt(
        check_in_id=coming.id, at=now(), result=AttemptResult.ABSENT, user_id=watch.staff.id
    )
    watch.ask(lambda s: s.add(tried))
    past = [row.id for row in watch.rows(state="due") if row.due_on <= today()]
    first, last = today() + timedelta(days=1), today() + timedelta(days=60)
    body = {"from_on": str(first), "until_on": str(last), "reason": "hospital"}
    assert watch.send("POST", f"/watch-plans/{watch.plan.id}/pauses", **body).status_code == 201
    due = watch.rows(state="due")
    assert {*past, coming.id} <= {row.id for row in due}
    assert [r.id for r in due if first <= r.due_on <= last] == [coming.id]
    assert any(row.due_on == last + timedelta(days=1) for row in due)
    refused = watch.send("POST", f"/watch-plans/{watch.plan.id}/pauses", **body)
    assert "もう休みが入っています" in refused.json["errors"]["from_on"][0]


@pytest.mark.parametrize(
    ("from_on", "until_on", "field"),
    [
        (-40, 5, "from_on"),
        (3, 1, "until_on"),
        (-5, -1, "until_on"),
        (0, 300, "until_on"),
        (900, 901, "from_on"),
    ],
)
def test_a_rest_that_cannot_be_is_refused_in_words(watch, from_on, until_on, field):
    with pytest.raises(InvalidError) as refused:
        watch.change(
            services.pause,
            from_on=today() + timedelta(days=from_on),
            until_on=today() + timedelta(days=until_on),
            reason=PauseReason.HOSPITAL,
            today=today(),
        )
    assert set(refused.value.fields) == {field}


def test_pages_of_a_plan_propose_pause_resume_and_keep_what_was_typed(watch, browser_of):
    browser = browser_of(watch.staff)
    url = f"/visits/plans/{watch.plan.id}"
    wrong = browser.submit(
        browser.get(f"{url}/pauses/new"),
        {"until_on": "2月30日", "reason": "hospital"},
        status=422,
    )
    assert wrong.soup.find(id="f-until_on")["value"] == "2月30日"
    watch.change(
        services.pause,
        from_on=today() - timedelta(days=2),
        until_on=today() + timedelta(days=20),
        reason=PauseReason.HOSPITAL,
        today=today(),
    )
    page = browser.get(url)
    assert "入院" in page.text
    back = page.soup.select_one("form[action$='/return']")
    typed = {field["name"]: field.get("value", "") for field in back.select("input[name]")}
    wrong = browser.raw.post(back["action"], data=typed | {"back_on": "2月30日"})
    assert wrong.status_code == 422
    browser.submit(page, action="/return")
    assert any(row.due_on == today() for row in watch.rows(state="due"))
    changed = browser.submit(
        browser.get(f"{url}/details"), {"emergency_contact": "架空 花（妹）", "fee": "1500"}
    )
    assert "架空 花（妹）" in changed.text
    assert "1,500円" in changed.text
    extra = browser.submit(browser.get(url), action="/visits")
    assert extra.h1


def test_a_rest_that_never_begins_is_called_off_and_its_days_come_back(watch, browser_of):
    before, browser = watch.days(), browser_of(watch.staff)
    days = {"from_on": today() + timedelta(days=3), "until_on": today() + timedelta(days=40)}
    rest = watch.change(services.pause, **days, reason=PauseReason.HOSPITAL, today=today())
    assert watch.days() != before
    url = f"/visits/plans/{watch.plan.id}"
    page = browser.submit(browser.get(url), action="/calling-off")
    assert "取りやめ" in page.text
    assert watch.days() == before
    with pytest.raises(ConflictError, match="取りやめてあります"):
        watch.ask(
            lambda s: services.call_off(
                s,
                plan=s.scalar(sa.select(WatchPlan)),
                rest=s.get_one(WatchPause, rest.id),
                user_id=watch.staff.id,
                today=today(),
            )
        )
    watch.change(services.pause, **days, reason=PauseReason.FAMILY, today=today())


def test_a_plan_is_changed_on_its_page(watch, browser_of):
    watch.ask(
        lambda s: s.add(
            Member(
                case_id=watch.case.id, relation=Relation.SELF, age=70, age_on=today(), position=0
            )
        )
    )
    browser, url = browser_of(watch.staff), f"/visits/plans/{watch.plan.id}"
    added = browser.submit(browser.get(url), action="/add-ons", button="加える")
    assert "加えています" in added.text
    declined = browser.submit(added, action="/add-ons", button="やめる")
    assert "加えています" not in declined.text
    form = browser.get(f"{url}/template")
    odd = browser.submit(form, {"code": "single_65", "why": "x"}, status=422)
    assert "一覧から選んでください" in odd.text
    moved = browser.submit(form, {"code": "support_home", "why": "専用住戸に変わった"})
    assert "専用住戸に変わった" in moved.text
    until = str(today() + timedelta(days=9))
    form = browser.get(f"{url}/pauses/new")
    rested = browser.submit(form, {"until_on": until, "reason": "family"})
    assert "家族・知人の家" in rested.text
    form = browser.get(f"{url}/pauses/new")
    assert (
        "もう休みが"
        in browser.submit(form, {"until_on": until, "reason": "family"}, status=422).text
    )
    details = browser.get(f"{url}/details")
    watch.ask(lambda s: s.execute(sa.update(WatchPlan).values(version=WatchPlan.version + 1)))
    browser.submit(details, {"emergency_contact": "架空 月"}, status=409)
    stranger = watch.make.user(Role.FOLLOWUP, name="見本よそ職員")
    form = browser.get(f"{url}/details")
    odd = browser.submit(form, also={"assigned_to": str(stranger.id)}, status=422)
    assert "見本よそ職員" not in odd.text
    kinds = {row["code"] for row in watch.send("GET", "/watch-templates").json}
    assert kinds >= {"standard", "support_home", "single_65"}
    (row,) = watch.send("GET", "/watch-plans").json
    assert (row["case_id"], row["template"]) == (watch.case.id, "support_home")


def test_facts_propose_and_a_person_confirms(watch, browser_of, make):
    def facts(session):
        session.add(
            Member(
                case_id=watch.case.id, relation=Relation.SELF, age=70, age_on=today(), position=0
            )
        )
        session.add(
            Assessment(
                case_id=watch.case.id, round=1, assessed_on=today(), author_id=watch.staff.id,
                team_factors=["suicidal"],
                amounts=[Amount(position=0, kind="arrears_rent", yen=80000)],
            )
        )  # fmt: skip

    watch.ask(facts)
    browser = browser_of(watch.staff)
    url = f"/visits/plans/{watch.plan.id}"
    page = browser.get(url)
    for words in ("一人暮らし・70歳", "滞納あり", "希死念慮"):
        assert words in page.text
    helper = make.user(Role.FOLLOWUP, organisation=make.the_organisation(watch.staff))
    watch.ask(lambda s: s.add(_team(watch.case.id, helper.id)))
    seen = browser_of(helper).get(url).text
    assert "一人暮らし・70歳" in seen
    assert "滞納" not in seen
    assert "希死念慮" not in seen
    count = len(watch.rows(state="due"))
    for code in ("suicidal", "arrears"):
        watch.change(
            services.answer_add_on,
            code=AddOn(code), confirmed=code == "suicidal", why=None, today=today(),
        )  # fmt: skip
    assert len(watch.rows(state="due")) > count
    answers = watch.ask(lambda s: s.scalars(sa.select(WatchAddOn).order_by(WatchAddOn.id)).all())
    assert [a.state for a in answers] == [AddOnState.CONFIRMED, AddOnState.DECLINED]
    assert "追加の見守り" in {row.label for row in watch.rows(state="due")}
    assert "希死念慮" not in browser_of(helper).get(url).text
    assert browser_of(helper).raw.get(f"{url}/details").status_code == 200


def _team(case_id, user_id):
    return TeamMember(case_id=case_id, user_id=user_id, since=today())


def test_the_database_itself_refuses_a_second_check_in_on_a_day(watch):
    row = watch.rows(state="due")[0]
    twin = {c.name: getattr(row, c.name) for c in CheckIn.__table__.columns if c.name != "id"}
    with pytest.raises(IntegrityError):
        watch.ask(lambda s: s.add(CheckIn(**twin)) or s.flush())
    with pytest.raises(IntegrityError):
        watch.ask(
            lambda s: s.execute(
                sa.update(CheckIn).where(CheckIn.id == row.id).values(state=CheckInState.CANCELLED)
            )
        )
    assert watch.ask(lambda s: s.scalar(sa.select(sa.func.count(WatchPlan.id)))) == 1
