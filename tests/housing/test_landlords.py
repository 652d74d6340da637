"""Landlords: reached the way they like, found in any spelling, and never told to others."""

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import now, today
from app.housing.landlords.models import LandlordContact
from app.housing.models import Landlord
from app.placements.models import Placement, PlacementState, RefusalReason
from app.policy import Role
from tests.housing.makers import a_case, a_home


@pytest.fixture
def worker(make):
    return make.user(Role.HOUSING)


@pytest.fixture
def desk(worker, browser_of):
    return browser_of(worker)


@pytest.fixture
def owner(make):
    return make.save(
        Landlord(name="見本 髙子", name_key="見本髙子", kana="みほん たかこ", phone="046-251-0001",
                 phone_digits="0462510001")
    )  # fmt: skip


def known(desk, **typed):
    return desk.raw.get("/landlords/known", query_string=typed).get_data(as_text=True)


def test_a_landlord_is_registered_by_name_alone_and_filled_in_later(desk):
    page = desk.submit(desk.get("/landlords/new"), {"name": "架空 太郎"})
    assert page.h1 == "架空 太郎"
    typed = {
        "kana": "かくう たろう", "phone": "046-251-0001", "preferred_way": "letter",
        "contact_hours": "夕方6時以後", "do_not": "職場へかけない", "worries": ["death", "other"],
        "worry_note": "夜の音", "reassured_by": ["watching", "insurance"],
    }  # fmt: skip
    page = desk.submit(desk.get(page.link("内容を直す")), typed)
    for words in (
        "職場へかけない",
        "手紙",
        "夕方6時以後",
        "室内での死亡事故",
        "夜の音",
        "孤独死保険",
    ):
        assert words in page.text


@pytest.mark.parametrize(
    "typed", [{"name": "見本高子"}, {"name": "見本　髙子"}, {"phone": "０４６ー２５１ー０００１"}]
)
def test_a_landlord_is_found_while_typed_in_any_spelling(desk, owner, typed):
    assert owner.name in known(desk, **typed)
    assert owner.name not in known(desk, **typed, own=owner.id)


def test_another_name_finds_nobody(desk, owner):
    assert "これではありませんか" not in known(desk, name="別人 花子", phone="046-251-9999")


def test_namesakes_are_told_how_to_be_named_when_linked(desk, make, owner):
    twin = make.save(Landlord(name="見本 髙子", name_key="見本髙子"))
    assert f"見本 髙子（貸主{twin.id}）" in known(desk, landlord="見本高子")


def test_landlords_are_searched_and_paged_by_kana(desk, make, owner):
    for n in range(55):
        make.save(Landlord(name=f"架空 {n}", name_key=f"架空{n}", kana=f"かくう {n:02}"))
    page = desk.get("/landlords")
    assert len(page.soup.select("tbody tr")) == 50
    page = desk.get(page.link("次へ"))
    assert "見本 髙子" in page.text
    for words in ("ミホン", "高子", "251-0001"):
        assert len(desk.get(f"/landlords?words={words}").soup.select("tbody tr")) == 1, words


def test_the_list_takes_as_many_statements_for_many_as_for_few(desk, make, count_queries):
    counts = []
    for more in (2, 6):
        for n in range(more):
            make.save(Landlord(name=f"架空 {more}{n}", name_key=f"架空{more}{n}"))
        desk.get("/landlords")
        count_queries()
        desk.get("/landlords")
        counts.append(count_queries())
    assert counts[0] == counts[1] <= 12


def test_the_file_holds_the_landlords_of_the_search(desk, make, owner):
    make.save(Landlord(name="=SUM(A1)", name_key="=sum(a1)"))
    answer = desk.raw.get("/landlords.csv?words=sum")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row[1] for row in rows[1:]] == ["'=SUM(A1)"]


def test_two_who_correct_a_landlord_see_both_versions(desk, owner):
    url = f"/landlords/{owner.id}/edit"
    first, second = desk.get(url), desk.get(url)
    desk.submit(first, {"contact_hours": "朝"})
    conflict = desk.submit(second, {"contact_hours": "夜"}, status=409)
    assert "朝" in conflict.text
    assert conflict.soup.find("input", attrs={"name": "contact_hours"})["value"] == "夜"
    assert "夜" in desk.submit(conflict).text


# ---------------------------------------------------------------------------------- the log


@pytest.fixture
def write(desk, owner):
    def entry(status=200, **values):
        typed = {"way": "phone", "on_day": today().isoformat(), "text": "空きの話をした"}
        page = desk.get(f"/landlords/{owner.id}")
        return desk.submit(page, typed | values, action="/contacts", status=status)

    return entry


def test_a_next_step_appears_on_the_day_it_is_due_until_it_is_done(desk, write, in_database, owner):
    write(next_step="鍵の話をする", next_on=(today() + timedelta(days=1)).isoformat())
    assert "鍵の話をする" not in desk.get("/").text
    in_database(lambda s: s.execute(sa.update(LandlordContact).values(next_on=today())))
    assert "鍵の話をする" in desk.get("/").text
    desk.submit(desk.get(f"/landlords/{owner.id}"), action="/done")
    assert "鍵の話をする" not in desk.get("/").text


def test_only_the_organisation_that_promised_is_reminded(write, make, browser_of):
    write(next_step="鍵の話をする", next_on=today().isoformat())
    elsewhere = browser_of(make.user(Role.HOUSING))
    assert "鍵の話をする" not in elsewhere.get("/").text


def test_a_referral_from_a_landlord_is_counted(write):
    page = write(kind="referral", text="家賃が遅れている人を心配して電話をくれた")
    assert "貸主からの相談・紹介 1件" in page.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": " \n "}, "話したことを入力してください"),
        ({"text": ""}, "話したこと: 入力してください"),
        ({"on_day": "2099-01-01"}, "まだ来ていない日"),
        ({"next_on": "2099-01-01"}, "その日にすること"),
        ({"way": ""}, "方法: 入力してください"),
    ],
)
def test_an_entry_that_says_too_little_is_refused(write, in_database, typed, sentence):
    assert sentence in write(status=422, **typed).errors
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(LandlordContact.id)))) == 0


def test_what_became_of_the_homes_is_counted_without_a_name(desk, make, worker, owner):
    for state, refusal, moved in (
        (PlacementState.MOVED_IN, None, now().date()),
        (PlacementState.REFUSED, RefusalReason.LANDLORD_GROUP, None),
        (PlacementState.REFUSED, RefusalReason.HOUSEHOLD, None),
    ):
        case = a_case(make, worker, name="秘密 花代")
        home = a_home(make, worker, landlord_id=owner.id)
        make.save(
            Placement(home_id=home.id, case_id=case.id, organisation_id=worker.organisation_id,
                      state=state, refusal=refusal, moved_in_on=moved)
        )  # fmt: skip
    page = desk.get(f"/landlords/{owner.id}")
    for words in ("住戸 3室", "入居した世帯 1件", "断られた申込 1件"):
        assert words in page.text
    assert "秘密" not in page.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HOUSING])
def test_landlords_are_for_the_housing_organisation_alone(make, browser_of, owner, role):
    other = browser_of(make.user(role))
    for path in ("/landlords", f"/landlords/{owner.id}", "/landlords.csv", "/landlords/new"):
        assert other.raw.get(path).status_code == 403


def test_programs_of_the_housing_organisation_read_landlords(app, make, worker, owner):
    a_home(make, worker, landlord_id=owner.id)
    client, headers = app.test_client(), {"Authorization": f"Bearer {worker.token}"}
    listed = client.get("/api/v1/landlords?words=高子", headers=headers).json
    assert [one["id"] for one in listed["items"]] == [owner.id]
    one = client.get(f"/api/v1/landlords/{owner.id}", headers=headers).json
    assert (one["name"], one["phone"], one["homes"]) == (owner.name, owner.phone, 1)
    assert one == listed["items"][0]
    assert client.get("/api/v1/landlords?words=だれもいない", headers=headers).json["total"] == 0
    assert client.get("/api/v1/landlords/9999", headers=headers).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HOUSING])
def test_programs_of_others_read_no_landlord(app, make, owner, role):
    headers = {"Authorization": f"Bearer {make.user(role).token}"}
    for path in ("/api/v1/landlords", f"/api/v1/landlords/{owner.id}"):
        assert app.test_client().get(path, headers=headers).status_code == 403


def test_landlords_with_the_most_homes_can_come_first(desk, owner, make, worker):
    many = make.save(Landlord(name="わたし 二郎", name_key="わたし二郎", kana="わたし じろう"))
    a_home(make, worker, landlord_id=many.id)
    text = desk.get("/landlords").text
    assert text.index("見本 髙子") < text.index("わたし 二郎")
    text = desk.get("/landlords?sort=homes").text
    assert text.index("わたし 二郎") < text.index("見本 髙子")
    rows = desk.raw.get("/landlords.csv?sort=homes").get_data(as_text=True).splitlines()
    assert "わたし 二郎" in rows[1]
    assert desk.raw.get("/landlords?sort=age").status_code == 422
