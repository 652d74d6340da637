"""Pages and answers about the supply ask the database as often for many records as for few."""

from datetime import timedelta
from itertools import count

import pytest

from app.db import today
from app.directory.models import Partner, PartnerKind
from app.housing.codes import HomeKind, PauseCause
from app.housing.landlords.codes import ContactWay
from app.housing.landlords.models import LandlordContact
from app.housing.models import HomePause, Landlord
from app.placements.codes import PlacementState
from app.placements.models import Placement
from app.policy import Role
from tests.housing.makers import a_case, a_home, csv_list, from_sender

MOST = 38
FIRST_PAGE = 54  # it puts one or two questions to every feature that may have something due
LONG_AGO = timedelta(days=40)


class Supply:
    """A landlord and an agent with homes, a household with pauses, lists that disagree."""

    def __init__(self, make, browser_of):
        self.make = make
        self.user = make.user(Role.HOUSING, Role.CONSULTANT)
        self.browser = browser_of(self.user)
        self.owner = make.save(Landlord(name="見本 太郎", name_key="見本太郎"))
        self.agent = self.partner(PartnerKind.REALTOR, "架空ホーム")
        self.case = a_case(make, self.user)
        self.numbers = count(1)

    def partner(self, kind, name):
        return self.make.save(Partner(kind=kind, name=name, name_key=name))

    def home(self, **values):
        return a_home(self.make, self.user, confirmed_on=today() - LONG_AGO, **values)

    def grow(self):
        """One more of everything a list or a page can have several of."""
        number = next(self.numbers)
        company = self.partner(PartnerKind.GUARANTOR_COMPANY, f"試験保証{number}")
        other = self.partner(PartnerKind.REALTOR, f"試験住宅{number}")
        home = self.home(
            landlord_id=self.owner.id, agent_id=self.agent.id, guarantor_company_id=company.id
        )
        self.home(agent_id=other.id)
        colleague = self.make.user(Role.HOUSING, organisation=self.make.the_organisation(self.user))
        self.make.save(
            LandlordContact(
                landlord_id=self.owner.id, organisation_id=self.user.organisation_id,
                user_id=colleague.id, way=ContactWay.PHONE, on_day=today(), text="空きの話",
                next_step="鍵の話", next_on=today(),
            )
        )  # fmt: skip
        pause = {
            "case_id": self.case.id, "until": today() + LONG_AGO, "made_by": self.user.id,
            "need_version": self.case.housing_need.version,
        }  # fmt: skip
        self.make.save(HomePause(home_id=home.id, cause=PauseCause.LANDLORD, **pause))
        self.make.save(HomePause(company_id=company.id, cause=PauseCause.COMPANY, **pause))
        self.stay()
        row = f"コーポ相武{number},101,座間市相武台{number}-2-3,1K,22,{{}},,,,,"
        for rent, sender in ((40000, "試験協議会"), (42000, "見本不動産")):
            from_sender(self.browser, csv_list(row.format(rent)), "a.csv", f"{sender}{number}")

    def stay(self):
        home = self.home(state="occupied", kind=HomeKind.SHELTER, landlord_id=self.owner.id)
        self.make.save(
            Placement(
                home_id=home.id, case_id=a_case(self.make, self.user).id,
                organisation_id=self.user.organisation_id, state=PlacementState.MOVED_IN,
                temporary=True, moved_in_on=today(), stay_until=today() + timedelta(days=3),
            )
        )  # fmt: skip


@pytest.fixture
def supply(make, browser_of):
    return Supply(make, browser_of)


def test_no_page_or_answer_asks_more_often_for_seven_than_for_two(supply, app, count_queries):
    case = f"/cases/{supply.case.id}"
    urls = (
        "/", "/homes", "/homes.csv", "/homes/1", "/homes/check", "/homes/new",
        f"/landlords/{supply.owner.id}", "/landlords.csv", f"/partners/{supply.agent.id}",
        "/partners.csv", "/homes/imports", "/homes/imports.csv", "/homes/imports/1",
        "/homes/imports/1/undo", "/homes/questions.csv", "/placements", "/placements.csv",
        case, f"{case}/candidates", f"{case}/candidates?group=map",
        f"{case}/candidates?home=1&rent=50000", f"{case}/candidates/compare?home=1&home=2",
        "/api/v1/homes", "/api/v1/partners", "/api/v1/landlords",
        f"/api/v1{case}/pauses", "/api/v1/home-questions", "/api/v1/vacancies/to-ask",
    )  # fmt: skip
    token = {"Authorization": f"Bearer {supply.user.token}"}

    def statements(url):
        client, headers = supply.browser.raw, None
        if url.startswith("/api"):
            client, headers = app.test_client(), token
        count_queries()
        assert client.get(url, headers=headers).status_code == 200, url
        return count_queries()

    for _ in range(2):
        supply.grow()
    for url in urls:
        statements(url)  # what is read once only
    few = {url: statements(url) for url in urls}
    for _ in range(5):
        supply.grow()
    statements(f"{case}/candidates")  # the homes that changed are read once by a process
    many = {url: statements(url) for url in urls}
    assert {url: (few[url], many[url]) for url in urls if many[url] > few[url]} == {}
    assert many.pop("/") <= FIRST_PAGE
    assert {url: one for url, one in many.items() if one > MOST} == {}
