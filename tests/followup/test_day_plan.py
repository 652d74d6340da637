"""A day's visits in order: times kept, nobody in hiding in any order, and the paper to carry."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry, Deed
from app.db import now, today
from app.followup.dayplan import views
from app.followup.dayplan.models import VisitTime
from app.followup.dayplan.proposals import hour
from app.followup.models import CheckIn, WatchPlan
from app.housing.codes import Precision
from app.housing.models import Property
from app.placements import services, steps
from app.placements.codes import StepKind
from app.policy import OrganisationKind, Protection, Role
from tests.followup.kit import WAY
from tests.placements.households import a_case, a_home

DAY = "/visits/day?leaves=09:00&going=bicycle&whose=all"


class Street:
    """Households along one road north of the town's middle, who moved in ten days ago."""

    def __init__(self, make, in_database):
        self.make, self.ask = make, in_database
        self.office = make.organisation(*OrganisationKind)
        self.staff = make.user(Role.CONSULTANT, Role.FOLLOWUP, organisation=self.office)

    def household(self, north, *, precision=Precision.TOWN, **case):
        """One more, so many hundredths of a degree up the road; returns its first check-in's id."""
        number = f"{north}-{precision}"
        lies = Property(
            key=number, name=f"コーポ架空{north}", address=f"座間市相武台{north}",
            latitude=35.48 + north / 100, longitude=139.40, precision=precision,
        )  # fmt: skip
        case, home = a_case(self.make, self.staff, **case), a_home(self.make, self.staff,
                                                                   property=lies)  # fmt: skip
        return self.ask(lambda session: self._move_in(session, case, home))

    def _move_in(self, session, case, home):
        who = {"user_id": self.staff.id, "organisation_id": self.staff.organisation_id}
        home, case = session.get_one(type(home), home.id), session.get_one(type(case), case.id)
        hold = services.place_hold(session, home=home, case=case, at=now(), **who)
        placement = steps.start_placement(session, hold=hold, at=now(), **who)
        for kind in WAY:
            steps.record_step(
                session, placement=placement, kind=StepKind(kind),
                done_on=today() - timedelta(days=10), user_id=self.staff.id, today=today(),
            )  # fmt: skip
        return session.scalar(
            sa.select(CheckIn.id)
            .join(WatchPlan)
            .where(WatchPlan.placement_id == placement.id)
            .order_by(CheckIn.due_on)
        )


@pytest.fixture
def street(make, in_database):
    return Street(make, in_database)


def agreed(browser, check_in_id, *, status=200, **typed):
    """Agree on a time through the page."""
    page, url = browser.get(f"/visits/{check_in_id}/time"), f"/visits/{check_in_id}/time"
    return browser.submit(page, {"on": str(today())} | typed, action=url, status=status)


def test_the_visits_stand_in_the_order_of_the_way_until_a_time_is_agreed(street, browser_of):
    far, near = street.household(6), street.household(5)
    browser = browser_of(street.staff)
    page = browser.get(DAY)
    assert "つぎの訪問" in page.text
    assert page.text.index("コーポ架空5") < page.text.index("コーポ架空6")
    assert f"/visits/{near}" in page.response.text
    agreed(browser, far, opens="09:00", closes="09:10")
    page = browser.get(DAY)
    assert page.text.index("コーポ架空6") < page.text.index("コーポ架空5")
    assert "9:00から9:10までの約束に" in page.text
    assert "先に電話で伝えてください" in page.text


def test_an_open_worry_and_days_passed_are_said_beside_the_visit(app, street, browser_of):
    check_in = street.household(5)
    browser = browser_of(street.staff)
    assert "気になる" not in browser.get(DAY).soup.select_one("#next").get_text()
    headers = {"Authorization": f"Bearer {street.staff.token}", "Idempotency-Key": "worry-00001"}
    url = f"/api/v1/check-ins/{check_in}/attempts"
    app.test_client().post(url, json={"result": "worrying", "note": "x"}, headers=headers)
    said = browser.get(DAY).soup.select_one("#next").get_text()
    assert "気になる" in said
    assert "7日過ぎ" in said


def test_a_household_in_hiding_is_in_no_order_way_or_total(app, street, browser_of):
    street.household(5)
    browser, headers = browser_of(street.staff), {"Authorization": f"Bearer {street.staff.token}"}

    def told():
        answer = app.test_client().get(f"/api/v1{DAY}", headers=headers)
        assert answer.status_code == 200
        return answer.json

    before = told()
    hidden = street.household(9, protection=Protection.YES)
    unknown = street.household(8, protection=Protection.UNKNOWN)
    after = told()
    assert [one["check_in_id"] for one in after["apart"]] == [hidden, unknown]
    assert {one["why"] for one in after["apart"]} == {"hidden"}
    assert {name: after[name] for name in ("stops", "metres", "ends", "late")} == {
        name: before[name] for name in ("stops", "metres", "ends", "late")
    }
    page = browser.get(DAY)
    assert "居場所を守る世帯です" in page.text
    assert "コーポ架空9" not in page.text
    assert "35.57" not in page.response.text
    assert after["stops"][0]["metres"] > 0


def test_whoever_may_not_know_a_place_sees_no_such_visit(street, browser_of, make):
    street.household(9, protection=Protection.YES)
    colleague = make.user(Role.CONSULTANT, Role.FOLLOWUP, organisation=street.office)
    page = browser_of(colleague).get(DAY)
    assert "並べる訪問はありません" in page.text
    assert "順番に入れていない" not in page.text


def test_what_has_no_point_or_another_day_stands_apart_with_its_reason(street, browser_of):
    street.household(5, precision=Precision.MUNICIPALITY)
    other = street.household(6)
    browser = browser_of(street.staff)
    tomorrow = today() + timedelta(days=1)
    agreed(browser, other, on=str(tomorrow), opens="13:00", closes="14:00")
    page = browser.get(DAY)
    assert "住所の位置が分からない" in page.text
    assert "ほかの日に約束があります。" in page.text
    assert "13:00〜14:00の約束" in page.text
    page = browser.get(f"{DAY}&on={tomorrow}")
    assert "13:00から14:00までの約束" in page.text
    assert "住所の位置が分からない" not in page.text


def test_a_present_position_orders_the_day_and_is_written_nowhere(street, browser_of, in_database):
    street.household(5)
    street.household(9)
    browser = browser_of(street.staff)
    here, form = "/visits/day/from-here", {"latitude": "35.5800", "longitude": "139.4"}
    first = browser.get(DAY)
    page = browser.submit(first, form, action=here)
    assert page.text.index("コーポ架空9") < page.text.index("コーポ架空5")
    assert "35.58" not in page.response.text
    looks = in_database(lambda s: s.scalars(sa.select(AuditEntry)).all())
    assert "35.58" not in str([vars(one) for one in looks])
    for wrong in ({"latitude": "95"}, {"latitude": "x"}, {"on": "2020-01-01"}):
        browser.submit(first, form | wrong, action=here, status=422)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("on=2020-01-01", "きょうから2週間先まで"),
        ("leaves=25:00", "13:30 のように"),
        ("leaves=12:00&until=11:00", "出る時刻より後"),
        ("going=plane", "行き方"),
    ],
)
def test_a_day_that_cannot_be_meant_is_said_at_its_field(street, browser_of, query, said):
    page = browser_of(street.staff).get(f"/visits/day?{query}", status=422)
    assert said in page.text


def test_two_people_agreeing_at_once_see_both_times(street, browser_of, in_database):
    check_in = street.household(5)
    browser = browser_of(street.staff)
    agreed(browser, check_in, opens="10:00")
    page = agreed(browser, check_in, status=409, opens="11:00", version="0")
    assert "10:00" in page.text
    assert "11:00" in page.text
    agreed(browser, check_in, opens="", closes="12:00", minutes="45")
    kept = in_database(lambda s: s.scalar(sa.select(VisitTime)))
    assert (kept.opens, hour(kept.closes).hour, kept.minutes, kept.version) == (None, 12, 45, 2)
    page = browser.get(f"/visits/{check_in}/time")
    assert 'value="12:00"' in page.response.text
    for wrong in (
        {"opens": "12:00", "closes": "11:00"}, {"on": "2020-01-01"}, {"minutes": "3"},
        {"opens": "正午"},
    ):  # fmt: skip
        agreed(browser, check_in, status=422, **wrong)


def test_a_time_for_a_visit_that_is_done_is_refused(app, street, browser_of):
    check_in = street.household(5)
    browser = browser_of(street.staff)
    browser.submit(
        browser.get(f"/visits/{check_in}"),
        also={"result": "met"},
        action=f"/visits/{check_in}/attempts",
    )
    headers = {"Authorization": f"Bearer {street.staff.token}", "Idempotency-Key": "agree-00001"}
    answer = app.test_client().post(
        f"/api/v1/check-ins/{check_in}/time", json={"on": str(today())}, headers=headers
    )
    assert answer.status_code == 409


def test_a_time_is_agreed_in_the_api(app, street):
    check_in = street.household(5)
    headers = {"Authorization": f"Bearer {street.staff.token}", "Idempotency-Key": "agree-00002"}
    answer = app.test_client().post(
        f"/api/v1/check-ins/{check_in}/time",
        json={"on": str(today()), "opens": "10:30"},
        headers=headers,
    )
    assert (answer.status_code, answer.json["opens"], answer.json["version"]) == (200, "10:30", 1)


@pytest.mark.parametrize("names", [False, True])
def test_the_paper_names_nobody_unasked_and_nobody_in_hiding(
    street, browser_of, in_database, monkeypatch, names
):
    made = {}

    def kept(template, data):
        made.update(data)
        return b"%PDF-"

    monkeypatch.setattr(views, "render_pdf", kept)
    street.household(5, name="架空 見える子")
    street.household(9, name="架空 隠す子", protection=Protection.YES)
    page = f"/visits/day.pdf?whose=all&leaves=09:00{'&names=1' if names else ''}"
    browser_of(street.staff).raw.get(page)
    assert ("見える子" in str(made)) is names
    assert "隠す子" not in str(made)
    assert "コーポ架空9" not in str(made)
    assert "居場所" not in str(made)
    assert made["apart"][0]["home"] == "行き先は画面で確かめてください"
    printed = in_database(
        lambda s: s.scalars(sa.select(AuditEntry).where(AuditEntry.deed == Deed.PRINTED)).all()
    )
    assert len(printed) == 2
    assert browser_of(street.staff).raw.get("/visits/day.pdf?on=x").status_code == 422
