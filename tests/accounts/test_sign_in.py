"""Signing in, staying signed in, and being signed out."""

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from argon2 import Type

from app.accounts import services
from app.accounts.models import RecoveryCode, User, WebSession
from app.audit.models import AuditEntry
from app.db import now
from app.errors import InvalidError
from app.policy import Role
from tests.factories import PASSWORD


def test_a_user_signs_in_and_sees_today(make, browser_of):
    browser = browser_of(make.user(Role.CONSULTANT))
    assert browser.get("/").h1 == "きょう"


def test_full_width_typing_reaches_the_same_account(make, visitor):
    make.user(login="soudan1")
    page = visitor.get("/sign-in")
    assert visitor.submit(page, {"login": "ＳＯＵＤＡＮ１", "password": PASSWORD}).h1 == "きょう"


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(make, visitor):
    user = make.user()
    page = visitor.get("/sign-in")
    wrong = visitor.submit(page, {"login": user.login, "password": "違うパスワード"}, status=422)
    unknown = visitor.submit(wrong, {"login": "dare", "password": "違うパスワード"}, status=422)
    assert wrong.errors == unknown.errors != ""


def test_after_eight_failures_the_account_waits(make, visitor):
    user = make.user()
    page = visitor.get("/sign-in")
    for _ in range(8):
        page = visitor.submit(page, {"login": user.login, "password": "x"}, status=422)
    stopped = visitor.submit(page, {"login": user.login, "password": PASSWORD}, status=429)
    assert "15分" in stopped.text


def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(make, browser_of, app):
    browser = browser_of(make.user())
    cookie = browser.raw.get_cookie("tsunagi").value
    page = browser.get("/")
    form = page.soup.select_one("[data-sign-out]")
    token = form.find("input", attrs={"name": "csrf_token"})["value"]
    browser.raw.post("/sign-out", data={"csrf_token": token})
    thief = app.test_client()
    thief.set_cookie("tsunagi", cookie)
    assert thief.get("/account").status_code == 303


def test_the_session_id_changes_at_sign_in_and_is_stored_only_as_a_hash(make, visitor, in_database):
    user = make.user()
    page = visitor.get("/sign-in")
    before = visitor.raw.get_cookie("tsunagi").value
    visitor.submit(page, {"login": user.login, "password": PASSWORD})
    after = visitor.raw.get_cookie("tsunagi").value
    stored = in_database(lambda s: s.scalars(sa.select(WebSession.id_hash)).all())
    assert before != after
    assert len(stored) == 1
    assert after not in stored


def test_an_unknown_session_id_is_never_adopted(visitor):
    visitor.raw.set_cookie("tsunagi", "chosen-by-an-attacker")
    visitor.get("/sign-in")
    assert visitor.raw.get_cookie("tsunagi").value != "chosen-by-an-attacker"


@pytest.mark.parametrize(("minutes", "still_in"), [(29, True), (31, False)])
def test_a_session_left_idle_ends_after_half_an_hour(make, browser_of, minutes, still_in):
    with time_machine.travel("2026-11-21 09:00+09:00", tick=False) as clock:
        browser = browser_of(make.user())
        clock.shift(minutes * 60)
        assert (browser.raw.get("/").status_code == 200) is still_in


def test_a_switched_off_user_is_out_at_once(make, browser_of, in_database):
    user = make.user()
    browser = browser_of(user)
    in_database(lambda s: services.switch_off(s, s.get_one(User, user.id)))
    assert browser.raw.get("/").status_code == 303


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil", "/a\nb"])
def test_after_signing_in_one_stays_on_this_site(make, visitor, target):
    user = make.user()
    page = visitor.get("/sign-in")
    form = {"login": user.login, "password": PASSWORD, "next": target}
    assert visitor.submit(page, form).url == "/"


def test_a_form_without_its_token_is_refused(make, browser_of):
    browser = browser_of(make.user())
    assert browser.raw.post("/sign-out").status_code == 400


def test_the_second_factor_is_asked_for_and_each_code_works_once(make, visitor, in_database):
    user = make.user()
    secret = pyotp.random_base32()
    in_database(lambda s: setattr(s.get_one(User, user.id), "totp_secret", secret))
    code = pyotp.TOTP(secret).now()
    page = visitor.get("/sign-in")
    asked = visitor.submit(page, {"login": user.login, "password": PASSWORD})
    assert asked.h1 == "確認コード"
    assert visitor.raw.get("/account").status_code == 303
    assert visitor.submit(asked, {"code": code}).h1 == "きょう"

    def again(session):
        return services.use_second_factor(
            session, user=session.get_one(User, user.id), code=code, at=now()
        )

    assert in_database(again) is False


def test_setting_up_a_second_factor_shows_recovery_codes_that_work_once(
    make, browser_of, in_database
):
    user = make.user()
    browser = browser_of(user)
    page = browser.submit(browser.get("/account"), action="second-factor/start")
    secret = page.soup.select_one("#second-factor code").get_text().replace(" ", "")
    assert browser.raw.get("/account/second-factor.svg").mimetype == "image/svg+xml"
    shown = browser.submit(
        page, {"code": pyotp.TOTP(secret).now()}, action="/account/second-factor"
    )
    codes = [c.get_text() for c in shown.soup.select("#second-factor code")]
    assert len(codes) == 10

    def use(session):
        return services.use_second_factor(
            session, user=session.get_one(User, user.id), code=codes[0], at=now()
        )

    assert [in_database(use), in_database(use)] == [True, False]
    stored = in_database(lambda s: s.scalars(sa.select(RecoveryCode.code_hash)).all())
    assert not set(codes) & set(stored)


def test_an_organisation_that_requires_it_lets_nobody_work_without(make, browser_of):
    organisation = make.organisation(requires_second_factor=True)
    browser = browser_of(make.user(Role.SYSADMIN, organisation=organisation))
    refused = browser.get("/metrics", status=403)
    assert "二段階" in refused.text
    assert browser.get("/account").status == 200


@pytest.mark.parametrize("password", ["short", "password1234", "sakurasakura", "sakura202611"])
def test_guessable_passwords_are_refused(password):
    with pytest.raises(InvalidError):
        services.check_password(password)


def test_changing_the_password_ends_the_other_sessions(make, browser_of):
    user = make.user()
    here, elsewhere = browser_of(user), browser_of(user)
    page = here.submit(
        here.get("/account"),
        {"current": PASSWORD, "password": "aoi-tombo-no-yuuhi-93"},
        action="/account/password",
    )
    assert "変えました" in page.text
    assert elsewhere.raw.get("/").status_code == 303


def test_signing_in_and_failing_to_are_written_down_without_names(make, visitor, in_database):
    user = make.user()
    page = visitor.get("/sign-in")
    page = visitor.submit(page, {"login": user.login, "password": "x"}, status=422)
    visitor.submit(page, {"login": user.login, "password": PASSWORD})
    deeds = in_database(lambda s: [e.deed.value for e in s.scalars(sa.select(AuditEntry))])
    assert deeds == ["sign_in_failed", "signed_in"]


def test_passwords_are_hashed_with_the_effort_the_rfc_asks_for(real_hasher):
    """RFC 9106, section 4, second choice: Argon2id, three passes over 64 MiB."""
    assert real_hasher.type is Type.ID
    assert real_hasher.time_cost >= 3
    assert real_hasher.memory_cost >= 64 * 1024
