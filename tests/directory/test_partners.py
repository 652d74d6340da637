"""Realtors and guarantor companies: one record each, and their phones for those who call."""

import pytest

from app.directory.models import Partner, PartnerContact, PartnerKind
from app.policy import Role
from tests.housing.makers import a_home


@pytest.fixture
def worker(make):
    return make.user(Role.HOUSING)


@pytest.fixture
def desk(worker, browser_of):
    return browser_of(worker)


@pytest.fixture
def realtor(make):
    return make.save(
        Partner(kind=PartnerKind.REALTOR, name="㈱架空ホーム", name_key="架空ホーム",
                phone="046-251-0001", contacts=[PartnerContact(position=0, name="見本 花子")])
    )  # fmt: skip


@pytest.fixture
def guarantor(make):
    return make.save(
        Partner(kind=PartnerKind.GUARANTOR_COMPANY, name="見本保証株式会社", name_key="見本保証",
                phone="046-251-0002")
    )  # fmt: skip


def test_a_guarantor_company_tells_what_it_asks_and_takes(desk):
    page = desk.get("/partners/new?kind=guarantor_company")
    typed = {
        "name": "試験保証㈱", "phone": "046-251-0003", "certified": "yes",
        "without_guarantor": "yes", "emergency_rule": "corporate", "first_fee_percent": "50",
        "monthly_fee": "800",
    }  # fmt: skip
    page = desk.submit(page, typed)
    for words in ("認定家賃債務保証業者 はい", "引き受ける", "法人でもよい", "家賃の50％", "800円"):
        assert words in page.text


def test_what_nobody_asked_stays_open(desk, guarantor):
    page = desk.get(f"/partners/{guarantor.id}")
    assert "認定家賃債務保証業者 未確認" in page.text
    page = desk.submit(desk.get(page.link("内容を直す")), {"certified": "no"})
    assert "認定家賃債務保証業者 いいえ" in page.text


@pytest.mark.parametrize("typed", ["株式会社架空ホーム", "架空ホーム", "（株）架空ホーム", "ｶｸｳ"])
def test_a_realtor_is_found_while_typed_in_any_spelling(desk, realtor, typed):
    found = desk.raw.get("/partners/known", query_string={"name": typed}).get_data(as_text=True)
    assert ("㈱架空ホーム" in found) is (typed != "ｶｸｳ")


def test_the_same_name_is_not_registered_twice(desk, realtor):
    page = desk.submit(
        desk.get("/partners/new?kind=realtor"), {"name": "架空ホーム株式会社"}, status=422
    )
    assert "もう登録されています" in page.errors
    assert page.link("登録済みの相手を開く") == f"/partners/{realtor.id}"


def test_two_who_correct_a_partner_see_both_versions(desk, realtor):
    url = f"/partners/{realtor.id}/edit"
    first, second = desk.get(url), desk.get(url)
    desk.submit(first, {"contact_hours": "朝"})
    conflict = desk.submit(second, {"contact_hours": "夜"}, status=409)
    assert "朝" in conflict.text
    assert "夜" in desk.submit(conflict).text


def test_homes_are_counted_in_the_same_number_of_statements(
    desk, make, worker, realtor, count_queries
):
    counts = []
    for _ in range(2):
        a_home(make, worker, agent_id=realtor.id)
        number = len(counts)
        make.save(Partner(kind=PartnerKind.REALTOR, name=f"試験{number}", name_key=f"試験{number}"))
        desk.get("/partners")
        count_queries()
        page = desk.get("/partners")
        counts.append(count_queries())
    assert "2室" in page.text
    assert counts[0] == counts[1]


def test_a_consultant_calls_guarantor_companies_and_not_realtors(
    make, browser_of, realtor, guarantor
):
    other = browser_of(make.user(Role.CONSULTANT))
    assert guarantor.phone in other.get("/partners?kind=guarantor_company").text
    assert guarantor.phone in other.get(f"/partners/{guarantor.id}").text
    for path in ("/partners", f"/partners/{realtor.id}"):
        text = other.get(path).text
        assert realtor.name in text
        assert realtor.phone not in text
        assert "見本 花子" not in text
    assert realtor.name not in other.get("/partners?words=251-0001").text
    assert realtor.name not in other.get("/partners?words=花子").text
    assert realtor.phone not in other.raw.get("/partners.csv").get_data(as_text=True)
    for path in ("/partners/new?kind=realtor", f"/partners/{realtor.id}/edit"):
        assert other.raw.get(path).status_code == 403


def test_the_api_tells_phones_only_to_who_may_call(app, make, worker, realtor):
    client = app.test_client()
    phones = []
    for user in (worker, make.user(Role.CONSULTANT)):
        headers = {"Authorization": f"Bearer {user.token}"}
        listed = client.get("/api/v1/partners?words=架空", headers=headers).json
        phones.append([one["phone"] for one in listed["items"]])
    assert phones == [[realtor.phone], [None]]


def test_the_housing_staff_finds_a_realtor_by_phone_and_person(desk, realtor):
    for words in ("251-0001", "花子"):
        assert realtor.name in desk.get(f"/partners?words={words}").text


def test_a_donor_has_no_page_here(desk, make):
    donor = make.save(Partner(kind=PartnerKind.DONOR, name="架空生協", name_key="架空生協"))
    desk.get(f"/partners/{donor.id}", status=404)


def test_the_file_holds_the_partners_of_the_search_with_their_homes(desk, make, worker, realtor):
    a_home(make, worker, agent_id=realtor.id)
    rows = desk.raw.get("/partners.csv?words=花子").get_data(as_text=True).splitlines()
    assert len(rows) == 2
    assert realtor.phone in rows[1]
    assert rows[1].endswith(",1")


def test_the_list_of_partners_takes_as_many_statements_for_six_as_for_two(
    desk, make, worker, count_queries
):
    counts = []
    for more in (2, 4):
        for number in range(more):
            name = f"試験住宅{more}の{number}"
            one = make.save(Partner(kind=PartnerKind.REALTOR, name=name, name_key=name))
            a_home(make, worker, agent_id=one.id)
        desk.get("/partners")
        count_queries()
        desk.get("/partners")
        counts.append(count_queries())
    assert counts[1] <= counts[0] <= 20, counts
