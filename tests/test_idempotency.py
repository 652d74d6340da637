"""A creating POST sent twice, at once or later, creates once and answers the same."""

import threading

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.cases.consents.models import Consent
from app.cases.work.models import TeamMember
from app.policy import ConsentItem, OrganisationKind, RecipientKind, Role
from tests.housing.makers import a_case

PASSWORD = "momiji-no-kaerimichi-7"


def _typed(admin, login="shinjin"):
    return {
        "login": login,
        "name": "架空 新",
        "organisation_id": str(admin.organisation_id),
        "roles": ["consultant"],
        "password": PASSWORD,
    }


def _post(app, admin, key, login="shinjin"):
    headers = {"Authorization": f"Bearer {admin.token}", "Idempotency-Key": key}
    return app.test_client().post("/users", data=_typed(admin, login), headers=headers)


@pytest.fixture
def admin(make):
    return make.user(Role.ORG_ADMIN)


def _users(in_database):
    return in_database(lambda s: s.scalar(sa.select(sa.func.count()).select_from(User)))


def test_the_second_press_gets_the_first_answer(app, admin, in_database):
    first, second = (_post(app, admin, "the-same-key") for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert second.headers["Idempotent-Replayed"] == "true"
    assert _users(in_database) == 2


def test_a_key_used_for_something_else_is_refused(app, admin, in_database):
    _post(app, admin, "the-same-key")
    other = _post(app, admin, "the-same-key", login="betsujin")
    assert other.status_code == 422
    assert "違う内容" in other.text
    assert _users(in_database) == 2


def test_a_key_is_needed(app, admin):
    answer = _post(app, admin, "")
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.text


def test_another_persons_key_is_another_key(app, admin, make, in_database):
    colleague = make.user(Role.ORG_ADMIN, organisation=make.the_organisation(admin))
    _post(app, admin, "the-same-key")
    assert _post(app, colleague, "the-same-key", login="betsujin").status_code == 303
    assert _users(in_database) == 4


def test_a_refused_attempt_leaves_the_key_free(app, admin, in_database):
    assert _post(app, admin, "the-same-key", login=admin.login).status_code == 422
    assert _post(app, admin, "the-same-key").status_code == 303
    assert _users(in_database) == 2


def test_ten_at_once_create_one(app, admin, in_database):
    answers = []

    def press():
        answers.append(_post(app, admin, "pressed-by-ten-fingers").status_code)

    threads = [threading.Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 10
    assert _users(in_database) == 2


def _ask(app, user, path, body, key="the-same-key"):
    headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": key}
    return app.test_client().post(f"/api/v1{path}", json=body, headers=headers)


def test_a_hidden_address_is_not_told_again_to_somebody_who_left_the_team(app, make, in_database):
    user = make.user(Role.CONSULTANT)
    intake = {"name": "見本 太郎", "protection": "yes", "address": "座間市相武台一丁目24番5号"}
    assert _ask(app, user, "/cases", intake).json["address"] == intake["address"]
    assert _ask(app, user, "/cases", intake).json["address"] == intake["address"]
    in_database(lambda s: s.execute(sa.delete(TeamMember)))
    again = _ask(app, user, "/cases", intake)
    assert (again.status_code, again.json["code"]) == (403, "replay_hidden")
    assert "相武台" not in again.text


def test_an_answer_is_not_given_again_after_the_consent_was_taken_back(app, make, in_database):
    owner, there = make.user(Role.CONSULTANT), make.organisation(OrganisationKind.HOUSING_SUPPORT)
    housing = make.user(Role.HOUSING, organisation=there)
    case = a_case(make, owner)
    consent = make.consent(case, RecipientKind.HOUSING_SUPPORT, ConsentItem.HOME_NEEDS)
    path = f"/cases/{case.id}/matches"
    assert _ask(app, housing, path, {}).status_code == 201
    assert _ask(app, housing, path, {}).headers["Idempotent-Replayed"] == "true"
    in_database(lambda s: s.execute(sa.delete(Consent).where(Consent.id == consent.id)))
    again = _ask(app, housing, path, {})
    assert again.status_code in {403, 404}
    assert case.code_name not in again.text
    assert "fits" not in again.text
