"""Linking in, what asks for a look, the decisions at the end, and the ledger of it all."""

import io
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa

from app.cases.models import Case, Stage
from app.db import moment_on, now, today
from app.directory.models import Partner, PartnerKind
from app.errors import InvalidError
from app.followup.codes import AttemptResult, CheckInState, Rent
from app.followup.facts.queries import facts_of
from app.followup.ladder import services as ladder
from app.followup.ladder.models import Concern, ConcernStep
from app.followup.ledger import papers
from app.followup.ledger.rows import ITEMS, Ledger
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.plans.codes import PlanEnd
from app.followup.settling import services as settling
from app.foodbank.models import FoodRequest, Pickup
from app.housing.codes import HomeState
from app.housing.models import Home
from app.japanese import fiscal_year, fiscal_year_days
from app.placements.models import Placement
from app.policy import Protection


@pytest.fixture
def browser(watch, browser_of):
    return browser_of(watch.staff)


def _meet_all(watch, result=AttemptResult.MET, **more):
    """Everybody was met on the days that have come."""

    def act(session):
        rows = session.scalars(sa.select(CheckIn).where(CheckIn.due_on <= today())).all()
        for row in rows:
            row.state = CheckInState.MET
            at = moment_on(row.due_on)
            session.add(
                Attempt(check_in_id=row.id, at=at, result=result, user_id=watch.staff.id, **more)
            )

    watch.ask(act)


def _url(watch, rest=""):
    return f"/visits/plans/{watch.plan.id}{rest}"


def test_settling_is_a_persons_decision_and_never_over_something_open(watch, browser):
    form = browser.get(_url(watch, "/ends/settle"))
    reason = {"reason": "家賃も近所も落ち着いた"}
    assert "まだ会えていない" in browser.submit(form, reason, status=409).text
    _meet_all(watch)
    tomorrow = str(today() + timedelta(days=1))
    form = browser.get(_url(watch, "/ends/settle"))
    assert "まだ来ていない日" in browser.submit(form, reason | {"day": tomorrow}, status=422).text
    page = browser.submit(browser.get(_url(watch, "/ends/settle")), reason)
    assert "家賃も近所も落ち着いた" in page.text
    assert watch.ask(lambda s: s.get_one(Case, watch.case.id).stage) is Stage.SETTLED
    assert watch.days() == []
    assert watch.plan.ended_on == today()
    again = watch.send("POST", f"/watch-plans/{watch.plan.id}/template", code="standard", why="x")
    assert again.status_code == 409


def test_a_watch_made_longer_goes_on_in_its_last_rhythm(watch, browser):
    form = browser.get(_url(watch, "/ends/extend"))
    sooner = {"until_on": str(today() + timedelta(days=9)), "reason": "x"}
    assert "いまの終わりの日より後" in browser.submit(form, sooner, status=422).text
    browser.submit(browser.get(_url(watch, "/ends/extend")), {"reason": "まだ一人では心配"})
    assert max(watch.days()) > 700


def test_a_watch_is_not_made_longer_up_to_a_day_that_has_passed(watch):
    def long_over(session):
        plan = session.scalar(sa.select(WatchPlan))
        plan.ends_on = plan.starts_on + timedelta(days=1)

    watch.ask(long_over)
    with pytest.raises(InvalidError, match="あした以降"):
        watch.change(settling.extend, until_on=today(), reason="x", today=today())


def test_leaving_frees_the_home_and_keeps_every_record(watch, browser):
    _meet_all(watch)
    count = len(watch.rows())
    wrong = browser.submit(browser.get(_url(watch, "/ends/leave")), {"reason": "x"}, status=422)
    assert wrong.soup.select("#error-leave_reason")
    told = {"leave_reason": "facility", "reason": "特養に入所した"}
    page = browser.submit(browser.get(_url(watch, "/ends/leave")), told)
    assert "施設に入った" in page.text
    placement = watch.ask(lambda s: s.scalar(sa.select(Placement)))
    assert (placement.state, placement.end_reason) == ("ended", "施設に入った")
    assert watch.ask(lambda s: s.get_one(Home, watch.home.id).state) is HomeState.VACANT
    assert len(watch.rows()) == count
    assert watch.days() == []
    assert watch.ask(lambda s: ladder.open_overdue(s, at=now() + timedelta(days=90))) == 0
    gone = watch.rows(state="cancelled")[0].id
    for result in ("absent", "met"):
        late = watch.send("POST", f"/check-ins/{gone}/attempts", result=result)
        assert (late.status_code, "取りやめ" in late.json["message"]) == (409, True)


def test_linking_in_names_a_partner_or_anybody_and_gets_its_result(watch, browser):
    centre = watch.make.save(
        Partner(kind=PartnerKind.PROVIDER, name="架空サロン", name_key="架空サロン")
    )
    donor = watch.make.save(Partner(kind=PartnerKind.DONOR, name="架空寄贈", name_key="架空寄贈"))
    form = browser.get(_url(watch, "/link-ins/new"))
    nobody = browser.submit(form, {"what": "話し相手"}, status=422)
    assert "つなぎ先を選ぶか" in nobody.text
    wrong = browser.submit(form, {"what": "x", "partner_id": str(donor.id)}, status=422)
    assert "架空寄贈" not in wrong.text
    form = browser.get(_url(watch, "/link-ins/new"))
    page = browser.submit(form, {"what": "話し相手", "partner_id": str(centre.id)})
    assert "架空サロン" in page.text
    body = {"day": str(today()), "what": "健診", "result": "linked"}
    api = f"/watch-plans/{watch.plan.id}/link-ins"
    assert watch.send("POST", api, partner_id=donor.id, **body).status_code == 422
    assert watch.send("POST", api, partner_name="保健師", **body).json["partner"] == "保健師"
    done = browser.submit(page, button="つながった", action="/result")
    assert "つながった" in done.text


def test_late_rent_nobody_met_and_more_food_are_told_as_facts_with_their_days(
    watch, browser, in_database
):
    old = today() - timedelta(days=100)

    def story(session):
        plan = session.scalar(sa.select(WatchPlan))
        plan.starts_on = old
        first, second = session.scalars(sa.select(CheckIn).order_by(CheckIn.due_on).limit(2)).all()
        who = {"user_id": watch.staff.id}
        session.add_all([
            Attempt(check_in_id=first.id, at=moment_on(old), result=AttemptResult.MET,
                    rent=Rent.LATE, **who),
            Attempt(check_in_id=second.id, at=now(), result=AttemptResult.ABSENT, **who),
        ])  # fmt: skip
        for n, days in enumerate((5, 15, 80)):
            session.add(
                FoodRequest(
                    number=f"F-{n}", case_id=watch.case.id, code_name="x", days=3,
                    organisation_id=watch.staff.organisation_id, requested_by=watch.staff.id,
                    needed_on=today() - timedelta(days=days), pickup=Pickup.COUNTER, household={},
                )
            )  # fmt: skip

    in_database(story)

    def facts(session, *, food):
        plan = session.scalar(sa.select(WatchPlan))
        return [
            f.words
            for f in facts_of(session, {plan: watch.case.id}, today=today(), food=food)[plan.id]
        ]

    words = in_database(lambda s: facts(s, food=True))
    assert len(words) == 3
    assert "食料の依頼が増えた（60日で2回、その前の60日は1回" in "".join(words)
    assert len(in_database(lambda s: facts(s, food=False))) == 2
    for url in ("/visits/plans", _url(watch)):
        assert all(word in browser.get(url).text for word in words)
    assert "点数や判定ではありません" in browser.get(_url(watch)).text
    assert all(word in browser.get(f"/cases/{watch.case.id}").text for word in words)


@pytest.mark.parametrize("protection", [Protection.NO, Protection.YES])
def test_the_ledger_has_the_six_items_and_no_formula(watch, browser, protection):
    watch.ask(lambda s: setattr(s.get_one(Case, watch.case.id), "protection", protection))
    assert watch.ask(lambda s: ladder.open_overdue(s, at=now())) == 2
    concern, step = watch.ask(
        lambda s: s.execute(sa.select(Concern.id, ConcernStep.id).join(Concern.steps)).first()
    )
    watch.send("POST", f"/concerns/{concern}/steps/{step}", result="helping", note="管理会社が見る")
    found = {"version": 1, "outcome": "hospital", "found": "救急で入院していた"}
    assert watch.send("POST", f"/concerns/{concern}/closing", **found).status_code == 200
    link = {"day": str(today()), "partner_name": "架空サロン", "what": "茶会", "result": "linked"}
    watch.send("POST", f"/watch-plans/{watch.plan.id}/link-ins", **link)
    more = {"rent": Rent.LATE, "items": ["meals"], "linked_to": "民生委員"}
    _meet_all(watch, kinds=["visit", "daily_life"], note="=HYPERLINK(1)", **more)
    browser.submit(browser.get(_url(watch, "/details")), {"fee": "2000", "terms": "月1回の訪問"})
    url = f"/visits/ledger/{fiscal_year(today() - timedelta(days=10))}"
    page = browser.get(url)
    for words in (
        *ITEMS,
        "民生委員",
        "架空サロン",
        "救急で入院していた",
        "管理会社が見る",
        "対応中",
        "生活支援（家事・買い物）",
        "見守りの対価 2,000円",
    ):
        assert words in page.text
    file = browser.raw.get(f"{url}/ledger.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(file.data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ITEMS
    assert len(rows) == 2
    hidden = protection is Protection.YES
    assert (watch.case.name in str(rows[1][0])) is not hidden
    assert ("コーポ架空" in str(rows[1][0])) is not hidden
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    paper = browser.raw.get(f"{url}/ledger.pdf")
    assert paper.data.startswith(b"%PDF")
    assert browser.raw.get("/visits/ledger").status_code == 200


def test_a_year_of_long_notes_is_whole_in_the_excel_file():
    one = Ledger(1, "見本さん", 2026)
    one.items[0].extend(["見本さん", "入居 2026-04-01"])
    one.items[3].extend(f"{number}回目　{'長' * 900}" for number in range(100))
    file = io.BytesIO(papers.as_excel([one]))
    head, *rows = openpyxl.load_workbook(file).active.iter_rows(values_only=True)
    assert head == ITEMS
    told = "\n".join(row[3] for row in rows)
    assert told.count("回目") == 100
    assert told.count("長") == 90_000
    assert {row[0] for row in rows[1:]} == {"見本さん（続き）"}


def test_what_was_recorded_after_a_backdated_end_stays_in_its_years_ledger(watch, browser):
    first, _last = fiscal_year_days(fiscal_year(today()))

    def back(session):
        plan = session.scalar(sa.select(WatchPlan))
        plan.starts_on, plan.ended_on = first - timedelta(days=90), first - timedelta(days=1)
        plan.ended_as = PlanEnd.LEFT

    watch.send("POST", f"/check-ins/{watch.rows()[0].id}/attempts", result="absent")
    watch.ask(back)
    assert watch.case.name in browser.get("/visits/ledger").text
