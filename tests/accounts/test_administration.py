"""Organisation admins look after their own users, and nobody else's."""

from app.accounts.models import User
from app.policy import Role
from tests.factories import PASSWORD


def test_an_admin_adds_a_user_who_can_then_sign_in(make, browser_of, visitor):
    admin = make.user(Role.ORG_ADMIN)
    browser = browser_of(admin)
    page = browser.get("/users/new")
    typed = {
        "login": "shinjin",
        "name": "架空 新",
        "organisation_id": str(admin.organisation_id),
        "roles": ["consultant", "followup"],
        "password": "momiji-no-kaerimichi-7",
    }
    listed = browser.submit(page, typed, action="/users")
    assert "架空 新" in listed.text
    signing_in = {"login": "shinjin", "password": typed["password"]}
    assert visitor.submit(visitor.get("/sign-in"), signing_in).h1 == "きょう"


def test_what_was_typed_stays_when_the_login_is_taken(make, browser_of):
    admin = make.user(Role.ORG_ADMIN)
    browser = browser_of(admin)
    typed = {
        "login": admin.login,
        "name": "架空 新",
        "organisation_id": str(admin.organisation_id),
        "roles": ["consultant"],
        "password": "momiji-no-kaerimichi-7",
    }
    refused = browser.submit(browser.get("/users/new"), typed, action="/users", status=422)
    assert "すでに使われています" in refused.errors
    assert refused.soup.find(id="f-name")["value"] == "架空 新"


def test_another_organisations_user_is_not_there_for_an_admin(make, browser_of):
    other = make.user(Role.CONSULTANT)
    browser = browser_of(make.user(Role.ORG_ADMIN))
    assert other.name not in browser.get("/users").text
    browser.get(f"/users/{other.id}", status=404)


def test_an_organisations_admin_cannot_make_a_system_manager(make, browser_of):
    admin = make.user(Role.ORG_ADMIN)
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(admin))
    browser = browser_of(admin)
    page = browser.get(f"/users/{colleague.id}")
    browser.submit(page, {"roles": ["sysadmin"]}, action="/roles", status=403)


def test_switching_a_user_off_ends_their_sessions_and_tokens(make, browser_of, app):
    admin = make.user(Role.ORG_ADMIN)
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(admin))
    theirs = browser_of(colleague)
    browser = browser_of(admin)
    browser.submit(browser.get(f"/users/{colleague.id}"), action="/off")
    assert theirs.raw.get("/").status_code == 303
    headers = {"Authorization": f"Bearer {colleague.token}"}
    assert app.test_client().get("/account", headers=headers).status_code == 303


def test_changing_roles_takes_effect_at_the_next_sign_in(make, browser_of, in_database):
    admin = make.user(Role.ORG_ADMIN)
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(admin))
    browser = browser_of(admin)
    page = browser.get(f"/users/{colleague.id}")
    browser.submit(page, {"roles": ["followup"]}, action="/roles")
    roles = in_database(lambda s: [m.role for m in s.get_one(User, colleague.id).memberships])
    assert roles == [Role.FOLLOWUP]


def test_auditors_read_the_log_and_find_no_value_in_it(make, browser_of, visitor):
    organisation = make.organisation()
    user = make.user(Role.CONSULTANT, organisation=organisation)
    visitor.submit(visitor.get("/sign-in"), {"login": user.login, "password": PASSWORD})
    page = browser_of(make.user(Role.AUDITOR, organisation=organisation)).get("/audit")
    assert "サインイン" in page.text
    assert user.login not in page.text


def test_the_log_speaks_in_words(make, browser_of):
    user = make.user(Role.CONSULTANT)
    case = make.case(user)
    browser_of(user).get(f"/cases/{case.id}")
    page = browser_of(make.user(Role.AUDITOR)).get("/audit?kind=case&deed=viewed")
    assert f"相談 {case.id}" in page.text
    assert "呼び名" in page.text
    assert "alias" not in page.text
