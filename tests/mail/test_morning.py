"""The morning's mail: whose address it is, what it says, that it leaves once – and what never."""

import email
from datetime import UTC, datetime, time, timedelta
from email.policy import default

import pytest
import sqlalchemy as sa
import time_machine

from app import jobs
from app.accounts.models import User
from app.db import JAPAN, now, separate_session, today
from app.feeds import services as feeds
from app.feeds.sources import Dated
from app.mail import letters, sending, services
from app.mail.codes import MailKind, MailProblem, MailState
from app.mail.models import Mail, MailReminder
from app.mail.transports import RefusedError, UnreachableError
from app.policy import Action, Role

PAGE = "/account/mail"
TUESDAY = datetime(2026, 12, 1, 7, 31, tzinfo=JAPAN)
SATURDAY = datetime(2026, 12, 5, 7, 31, tzinfo=JAPAN)


class Post:
    """The mail's way out as the tests see it: what was sent, what goes wrong, and the clock."""

    def __init__(self, app, clock, dated):
        self.app, self.clock, self.dated = app, clock, dated
        self.waiting = [("取り置き", 2)]
        self.sent, self.fault = [], None

    def send(self, message, *, name):
        """What a mail server would take."""
        if self.fault:
            raise self.fault
        self.sent.append((name, message))

    def run(self, times=1):
        """What the two periodic jobs do."""
        with self.app.app_context():
            for _ in range(times):
                with separate_session(write=True) as session:
                    services.plan_mornings(session, at=now())
                sending.send_due()

    def switch_off(self, user_id):
        with self.app.app_context(), separate_session(write=True) as session:
            session.get_one(User, user_id).active = False

    def mails(self):
        with self.app.app_context(), separate_session(write=False) as session:
            return session.scalars(sa.select(Mail).order_by(Mail.id)).all()


@pytest.fixture
def post(app, monkeypatch):
    """Tuesday, 7:31; features plan two things for today and one for tomorrow."""
    day = TUESDAY.date()
    dated = [
        Dated("visit-1", day, "見守り　C-2026-0001", "/1", household="見本 太郎さん"),
        Dated("view-2", day, "内見　C-2026-0002", "/2", at=time(10, 30)),
        Dated("later", day + timedelta(1), "あしたのこと", "/3"),
    ]
    with time_machine.travel(TUESDAY, tick=False) as clock:
        post = Post(app, clock, dated)
        monkeypatch.setattr(feeds, "calendar_sources", [(Action.CASE_LIST, lambda *_: dated)])
        monkeypatch.setattr(letters, "waiting_today", lambda _viewer: post.waiting)
        monkeypatch.setattr(sending, "transport_of", lambda _url, folder: post)
        yield post


@pytest.fixture
def worker(make):
    return make.user(Role.CONSULTANT)


def ask(browser, address="hanako@example.jp", sends_at="07:30", *, status=200, **values):
    typed = {"address": address, "sends_at": sends_at, **values}
    return browser.submit(browser.get(PAGE), typed, action=PAGE, status=status)


def answer_with(browser, code, *, status=200):
    return browser.submit(
        browser.get(PAGE), {"code": code}, action=f"{PAGE}/confirm", status=status
    )


def number_in(message):
    return "".join(c for c in message.get_content().splitlines()[0] if c.isdigit())


def prove(browser, post):
    post.run()
    code = number_in(post.sent.pop()[1])
    return answer_with(browser, code)


@pytest.fixture
def reader(browser_of, worker, post):
    """Somebody whose address is proved, and who has had the mail of this morning."""
    browser = browser_of(worker)
    ask(browser)
    assert "アドレスを確かめました" in prove(browser, post).text
    post.run()
    return browser


def test_the_day_comes_once_without_names_or_places(reader, post):
    post.run(3)
    (_name, message) = post.sent[0]
    assert len(post.sent) == 1
    text = message.get_content()
    assert "きょう中　見守り　C-2026-0001" in text
    assert "10:30　内見　C-2026-0002" in text
    assert "・取り置き　2件" in text
    assert "見本" not in text
    assert "あした" not in text
    assert message["Subject"] == "つなぎ　12月1日（火）の予定2件"
    assert message["To"] == "hanako@example.jp"
    post.clock.move_to(TUESDAY + timedelta(days=1))
    post.run()
    assert len(post.sent) == 2


def test_weekends_and_empty_days_stay_quiet(reader, browser_of, worker, post):
    post.sent.clear()
    post.clock.move_to(SATURDAY)
    post.run()
    post.dated.clear()
    post.waiting = []
    post.clock.move_to(TUESDAY + timedelta(days=7))
    post.run()
    assert post.sent == []
    post.dated.append(Dated("x", SATURDAY.date() + timedelta(7), "内見", "/4"))
    ask(browser_of(worker), on_holidays="y")
    post.clock.move_to(SATURDAY + timedelta(days=7))
    post.run()
    assert len(post.sent) == 1


@pytest.mark.parametrize(("hour", "sent"), [(7, 0), (8, 1), (13, 1), (14, 0), (23, 0)])
def test_a_morning_list_neither_comes_early_nor_in_the_evening(hour, sent, reader, post):
    post.sent.clear()
    next_day = TUESDAY.replace(day=2, hour=hour, minute=29)
    reader.get(PAGE)
    post.clock.move_to(next_day)
    post.run()
    assert len(post.sent) == sent


def test_nothing_is_sent_to_an_address_nobody_proved(browser_of, worker, post):
    browser = browser_of(worker)
    ask(browser)
    post.run(2)
    assert [m.kind for m in post.mails()] == [MailKind.ADDRESS_CHECK]
    # Six wrong numbers, and not even the right one opens it any more.
    right = number_in(post.sent[0][1])
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(services.MOST_WRONG_CODES):
        assert "番号が違います" in answer_with(browser, wrong, status=422).text
    assert "間違いが続いた" in answer_with(browser, right, status=422).text
    page = browser.get(PAGE)
    for _press in range(2):  # a double tap sends one number
        browser.submit(page, {}, action=f"{PAGE}/number")
    assert len(post.mails()) == 2
    post.run()
    again = number_in(post.sent[-1][1])
    wide = again.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert "アドレスを確かめました" in answer_with(browser, wide).text


def test_a_new_address_has_to_prove_itself_and_numbers_are_few(reader, in_database):
    for n in range(services.MOST_CHECKS_A_DAY - 1):
        assert "番号を送ります" in ask(reader, f"other{n}@example.jp").text
    assert "1日5回まで" in ask(reader, "stranger@example.jp", status=422).text
    again = reader.submit(reader.get(PAGE), {}, action=f"{PAGE}/number")
    assert ("1日5回まで" in again.text, again.h1) == (True, "朝のメール")
    kept = in_database(lambda s: s.scalar(sa.select(MailReminder)))
    assert (kept.address, kept.confirmed_at) == ("other3@example.jp", None)


@pytest.mark.parametrize(
    "address",
    ["", "hanako", "a@b", "花子@example.jp", "x@example.jp\nBcc: y@example.jp", "a b@example.jp"],
)
def test_what_is_no_address_is_said(address, browser_of, worker, post):
    ask(browser_of(worker), address, status=422)
    assert post.mails() == []


def test_full_width_letters_are_put_right(browser_of, worker, post, in_database):
    ask(browser_of(worker), "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ")
    assert in_database(lambda s: s.scalar(sa.select(MailReminder.address))) == "hanako@example.jp"


def test_a_server_out_of_reach_loses_nothing(reader, browser_of, worker, post):
    post.sent.clear()
    post.fault = UnreachableError()
    post.clock.move_to(TUESDAY + timedelta(days=1))
    post.run()
    (waiting,) = [m for m in post.mails() if m.for_day == today() and m.attempts]
    assert (waiting.state, waiting.problem) == (MailState.WAITING, MailProblem.UNREACHABLE)
    assert "もう一度送ります" in browser_of(worker).get(PAGE).text
    post.run()
    assert post.mails()[-1].attempts == 1  # not before its time
    post.fault = None
    post.clock.shift(timedelta(minutes=3))
    post.run()
    assert [name for name, _ in post.sent] == [f"mail-{waiting.id}"]
    for _ in range(20):
        post.run()
    assert len(post.sent) == 1


def test_after_six_times_it_is_given_up_and_the_admin_told(reader, worker, post, make, browser_of):
    admin = make.user(Role.ORG_ADMIN)
    assert "送れなかったメール" not in browser_of(admin).get("/").text
    post.fault = UnreachableError()
    post.clock.move_to(TUESDAY + timedelta(days=1))
    for _ in range(sending.MOST_ATTEMPTS):
        post.run()
        post.clock.shift(timedelta(minutes=65))
    assert post.mails()[-1].state is MailState.FAILED
    assert "メールのサーバーの設定" in browser_of(admin).get("/").text
    assert "送れなかったメール" not in browser_of(worker).get("/").text


def test_a_refused_address_is_not_tried_again(reader, post):
    post.fault = RefusedError()
    post.clock.move_to(TUESDAY + timedelta(days=1))
    post.run(2)
    failed = post.mails()[-1]
    assert (failed.state, failed.problem, failed.attempts) == (
        MailState.FAILED,
        MailProblem.REFUSED,
        1,
    )


def test_a_fault_while_writing_stops_no_other_mail(reader, post, monkeypatch, make, browser_of):
    other = browser_of(make.user(Role.HOUSING))
    ask(other, "taro@example.jp")
    monkeypatch.setitem(letters.writers, MailKind.ADDRESS_CHECK, lambda *_: 1 / 0)
    post.sent.clear()
    post.clock.move_to(TUESDAY + timedelta(days=1))
    post.run()
    assert [message["To"] for _, message in post.sent] == ["hanako@example.jp"]
    broken = next(m for m in post.mails() if m.problem)
    assert (broken.state, broken.problem) == (MailState.WAITING, MailProblem.UNWRITTEN)


def test_a_runner_that_died_leaves_its_mail_to_the_next(reader, post):
    post.sent.clear()
    post.clock.move_to(TUESDAY + timedelta(days=1))
    post.fault = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        post.run()
    post.fault = None
    post.run()
    assert post.sent == []  # still somebody's, as far as the table knows
    post.clock.shift(sending.LEASE + timedelta(seconds=1))
    post.run()
    assert len(post.sent) == 1


@pytest.mark.parametrize("end", ["stopped", "switched off"])
def test_whoever_stops_or_leaves_gets_no_more(end, reader, browser_of, worker, post):
    post.sent.clear()
    post.clock.move_to(TUESDAY + timedelta(days=1))
    post.fault = UnreachableError()
    post.run()
    post.fault = None
    if end == "stopped":
        browser = browser_of(worker)
        stopped = browser.submit(browser.get(PAGE), {}, action=f"{PAGE}/stop")
        assert "朝のメールを止めました" in stopped.text
    else:
        post.switch_off(worker.id)
    post.clock.shift(timedelta(minutes=3))
    post.run()
    assert post.sent == []
    assert post.mails()[-1].state is MailState.NOTHING_TO_SAY


def test_the_jobs_send_by_themselves_into_the_folder(app, browser_of, worker):
    assert "装置の中の mails に置きます" in ask(browser_of(worker)).text
    with app.app_context():
        jobs.run_due(at=datetime.now(UTC))
    (file,) = (app.config["DATA_DIR"] / "mails").glob("*.eml")
    assert file.stat().st_mode & 0o077 == 0
    message = email.message_from_bytes(file.read_bytes(), policy=default)
    assert message["Subject"] == "つなぎ　アドレスの確認"
    assert message["Auto-Submitted"] == "auto-generated"
    assert len(number_in(message)) == 6
    file.unlink()


def test_real_pages_can_be_asked_without_a_browser(make, browser_of, post, monkeypatch):
    """Nothing registered for the first page needs more of a request than a mail can give."""
    monkeypatch.undo()
    monkeypatch.setattr(sending, "transport_of", lambda _url, folder: post)
    for role in (Role.CONSULTANT, Role.HOUSING, Role.FOODBANK, Role.FOLLOWUP, Role.ORG_ADMIN):
        browser = browser_of(make.user(role))
        ask(browser, f"{role.value}@example.jp")
        prove(browser, post)
    post.run()
    assert not [m for m in post.sent if "確認" in m[1]["Subject"]]
    assert [mail.problem for mail in post.mails() if mail.problem] == []
