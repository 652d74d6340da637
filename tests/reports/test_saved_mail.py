"""Word of a saved view by mail: on its day, once, without a figure – and to whom it is for."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts.models import RoleMembership, User
from app.db import JAPAN, now, separate_session
from app.mail import sending
from app.mail.codes import MailState
from app.mail.models import Mail, MailReminder
from app.mail.transports import UnreachableError
from app.policy import Role
from app.reports.codes import RelativePeriod, Sends
from app.reports.models import ReportView
from app.reports.saved.mailing import last_named, plan_report_mails
from tests.reports.test_saved import save

PLACE = "https://tsunagi.example.jp"


class Post:
    """The mail's way out: what was sent, what goes wrong, and the clock."""

    def __init__(self, app, clock):
        self.app, self.clock, self.sent, self.fault = app, clock, [], None

    def send(self, message, *, name):
        """What a mail server would take."""
        if self.fault:
            raise self.fault
        self.sent.append(message)

    def at(self, day, clock="07:31"):
        """The subjects sent when both periodic jobs run twice at this time."""
        hour, minute = map(int, clock.split(":"))
        self.clock.move_to(datetime(*map(int, day.split("-")), hour, minute, tzinfo=JAPAN))
        before = len(self.sent)
        with self.app.app_context():
            for _ in range(2):
                with separate_session(write=True) as session:
                    plan_report_mails(session, at=now())
                sending.send_due()
        return [message["Subject"] for message in self.sent[before:]]


@pytest.fixture
def post(app, monkeypatch):
    monkeypatch.setitem(app.config, "PUBLIC_URL", PLACE)
    with time_machine.travel("2026-09-25T10:00:00+09:00", tick=False) as clock:
        post = Post(app, clock)
        monkeypatch.setattr(sending, "transport_of", lambda _url, folder: post)
        yield post


@pytest.fixture
def worker(make, in_database, post):
    """Somebody whose address is proved."""
    user = make.user(Role.CONSULTANT)
    in_database(lambda session: session.add(MailReminder(
        user_id=user.id, address="hanako@example.jp", sends_at="07:30", nonce="x",
        confirmed_at=now(),
    )))  # fmt: skip
    return user


@pytest.fixture
def monthly(make, worker, in_database):
    """先月 with two parts, on the first of each month."""
    return make.save(
        ReportView(
            user_id=worker.id,
            name="架空さんの件",
            organisation_id=worker.organisation_id,
            period=RelativePeriod.LAST_MONTH,
            parts=["intakes", "homes"],
            sends=Sends.MONTHLY,
            day_of_month=1,
            sends_since=date(2026, 9, 25),
        )
    )


def test_the_mail_says_what_is_ready_and_where_and_no_figure(
    browser_of, make, worker, monthly, post
):
    make.case(worker, received_on=date(2026, 9, 3))
    assert post.at("2026-10-01", "07:29") == []
    assert post.at("2026-10-01") == ["つなぎ　令和8年9月の数字"]
    text = post.sent[0].get_content()
    assert post.sent[0]["To"] == "hanako@example.jp"
    assert "2026年9月30日（水）までの数です。" in text
    assert "見る部分：新規相談、住まい探し" in text
    assert "架空さんの件" not in text  # names of views are written freely
    (link,) = [line for line in text.splitlines() if line.startswith(PLACE)]
    page = browser_of(worker).get(link.removeprefix(PLACE))
    assert page.h1 == "令和8年9月の数字"
    assert post.at("2026-10-02") == post.at("2026-10-07") == []  # once
    # 1 November is a Sunday; Tuesday the third is a holiday.
    assert post.at("2026-11-01") == []
    assert post.at("2026-11-02") == ["つなぎ　令和8年10月の数字"]


@pytest.mark.parametrize(
    ("day", "sent"),
    [
        ("2026-12-31", []),
        ("2027-01-01", []),
        ("2027-01-03", []),
        ("2027-01-04", ["つなぎ　令和8年12月の数字"]),  # offices open again
        ("2027-01-08", ["つなぎ　令和8年12月の数字"]),  # the server had been off
        ("2027-01-12", []),  # too late
    ],
)
def test_holidays_and_outages(day, sent, monthly, post, in_database):
    in_database(lambda s: s.execute(sa.update(ReportView).values(sends_since=date(2026, 12, 2))))
    assert post.at(day) == sent


@pytest.mark.parametrize(
    ("period", "day", "subject"),
    [
        (RelativePeriod.THIS_MONTH, "2026-12-01", "令和8年12月"),
        (RelativePeriod.THIS_QUARTER, "2027-04-01", "令和9年度第1四半期"),
        (RelativePeriod.LAST_QUARTER, "2027-04-01", "令和8年度第4四半期"),
        (RelativePeriod.LAST_YEAR, "2027-04-01", "令和8年度"),
    ],
)
@pytest.mark.usefixtures("monthly")
def test_month_ends_and_year_ends(period, day, subject, post, in_database):
    in_database(lambda s: s.execute(sa.update(ReportView).values(period=period)))
    assert post.at(day) == [f"つなぎ　{subject}の数字"]


def test_every_monday_or_the_day_after_a_holiday(browser_of, worker, post):
    browser = browser_of(worker)
    page = save(browser, "毎週", period="this_year", sends="weekly", day_of_month="5")
    assert "毎週月曜日に" in page.text
    assert post.at("2026-09-25") == []  # asked for on a Friday: from Monday on
    assert post.at("2026-09-28") == ["つなぎ　令和8年度の数字"]
    assert post.at("2026-10-12") == []  # スポーツの日
    assert post.at("2026-10-13") == ["つなぎ　令和8年度の数字"]


@pytest.mark.parametrize(
    "end", ["stopped", "unproved", "left", "switched off", "deleted", "never", "no role"]
)
def test_who_may_or_wants_to_no_longer_gets_none(end, worker, monthly, post, in_database):
    """Also where the mail was planned before and could not leave at once."""
    post.fault = UnreachableError()
    post.at("2026-10-01")
    post.fault = None
    ends = {
        "stopped": sa.delete(MailReminder),
        "unproved": sa.update(MailReminder).values(confirmed_at=None),
        "left": sa.update(RoleMembership).values(role=Role.FOODBANK),
        "switched off": sa.update(User).values(active=False),
        "deleted": sa.update(ReportView).values(deleted_at=now()),
        "never": sa.update(ReportView).values(sends="never", day_of_month=None, sends_since=None),
        "no role": sa.delete(RoleMembership),
    }
    in_database(lambda s: s.execute(ends[end]))
    assert post.at("2026-10-01", "08:30") == []
    assert post.at("2026-11-02") == []
    states = in_database(lambda s: s.scalars(sa.select(Mail.state)).all())
    assert set(states) == {MailState.NOTHING_TO_SAY}


def test_a_server_out_of_reach_loses_and_doubles_nothing(monthly, post):
    post.fault = UnreachableError()
    assert post.at("2026-10-01") == []
    post.fault = None
    assert post.at("2026-10-01", "07:45") == ["つなぎ　令和8年9月の数字"]
    assert post.at("2026-10-01", "09:45") == []


def test_whoever_reads_kept_reports_is_told_of_the_kept_one(
    browser_of, make, worker, post, in_database
):
    manager = make.user(Role.ORG_ADMIN, organisation=make.the_organisation(worker))
    in_database(lambda s: s.execute(sa.update(MailReminder).values(user_id=manager.id)))
    save(browser_of(manager), "年", period="this_year", sends="weekly")
    assert post.at("2026-09-28") == []  # nothing is kept yet
    browser = browser_of(worker)
    browser.submit(
        browser.get("/reports"), {"kind": "preliminary", "as_of": "2026-09-28"},
        action="/reports/kept",
    )  # fmt: skip
    post.at("2026-10-05")
    assert "残した数字（速報　2026年9月28日（月）まで）です。" in post.sent[0].get_content()
    in_database(lambda s: s.execute(sa.update(ReportView).values(period="last_month")))
    assert post.at("2026-10-13") == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("sends", "day", "on", "named"),
    [
        (Sends.MONTHLY, 28, "2027-02-28", "2027-02-28"),
        (Sends.MONTHLY, 28, "2027-03-27", "2027-02-28"),
        (Sends.MONTHLY, 5, "2027-01-04", "2026-12-05"),
        (Sends.WEEKLY, None, "2026-11-30", "2026-11-30"),
        (Sends.WEEKLY, None, "2026-12-06", "2026-11-30"),
    ],
)
def test_the_day_a_rhythm_names(sends, day, on, named):
    found = last_named(sends, day, date.fromisoformat(on))
    assert found == date.fromisoformat(named)
    assert found > date.fromisoformat(on) - timedelta(days=31)
