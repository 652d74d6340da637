"""A vacancy in under a minute, and what is there already found while it is typed."""

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from app.housing.codes import Acceptance, Precision
from app.housing.models import Home
from app.policy import Role
from tests.housing.makers import OCTOBER, a_home, take_in


@pytest.fixture
def worker(make):
    return make.user(Role.HOUSING)


@pytest.fixture
def desk(worker, browser_of):
    return browser_of(worker)


class KnownPlace:
    """A building with a home in it: where to register another, and what came of it."""

    def __init__(self, property_id, in_database):
        self.url = f"/homes/new?property_id={property_id}"
        self._ask = in_database

    def home_in(self, room):
        return self._ask(lambda s: s.scalar(sa.select(Home).filter_by(room=room)))


@pytest.fixture
def known_place(make, worker, in_database):
    return KnownPlace(a_home(make, worker).property_id, in_database)


def known(desk, **typed):
    answer = desk.raw.get("/homes/new/known", query_string=typed)
    assert answer.status_code == 200
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


@pytest.mark.parametrize(
    "typed",
    [
        "サンライズ髙橋",
        "ｻﾝﾗｲｽﾞ高橋",
        "さんらいず高橋",
        "サンライズ",
        "サンライズ高橋Ａ棟",
        "サンライズ・高橋",
    ],
)
def test_a_building_is_found_however_its_name_is_written(desk, make, worker, typed):
    home = a_home(make, worker, name="サンライズ高橋")
    link = known(desk, building=typed).find("a")
    assert link["href"] == f"/homes/new?property_id={home.property_id}"


@pytest.mark.parametrize(
    "typed", ["相武台４丁目１９番２１号", "相武台4-19-21", "座間市相武台４ー１９ー２１"]
)
def test_a_building_is_found_by_its_address(desk, make, typed):
    page = desk.get("/homes/new")
    new = {"building": "架空荘", "municipality": "座間市", "address": "相武台4-19-21", "room": "1",
           "rent": "4万円"}  # fmt: skip
    desk.submit(page, new)
    assert "架空荘" in known(desk, building="", municipality="座間市", address=typed).get_text()


def test_nothing_is_offered_for_a_single_letter_or_another_name(desk, make, worker):
    a_home(make, worker, name="サンライズ栗原")
    assert known(desk, building="サ").find("a") is None
    assert known(desk, building="みどり荘").find("a") is None


def test_the_home_that_is_there_is_shown_while_the_room_is_typed(desk, make, worker):
    home = a_home(make, worker, name="サンライズ栗原")
    soup = known(desk, property_id=home.property_id, room="１０１号室")
    assert soup.find("a")["href"] == f"/homes/{home.id}"
    assert known(desk, property_id=home.property_id, room="102").find("a") is None


def test_it_works_without_a_script_by_the_search_button(desk, make, worker):
    a_home(make, worker, name="サンライズ髙橋")
    page = desk.get("/homes/new?words=さんらいず高橋")
    assert desk.get(page.link("サンライズ髙橋")).soup.find("input", attrs={"name": "room"})


def test_another_rooms_conditions_are_offered_and_copied(desk, make, worker, in_database):
    other = a_home(make, worker, room="103", deposit=39000, key_money=0, guarantor_rule="company",
                   contact_rule="corporate", accepts=[("elderly", "conditional", "watching")],
                   remarks="この部屋だけ畳")  # fmt: skip
    page = desk.get(f"/homes/new?property_id={other.property_id}")
    assert "同じ建物の103と同じ条件にする" in page.text
    desk.submit(page, {"room": "204", "rent": "41000", "conditions_of": str(other.id)})
    home = in_database(lambda s: s.scalar(sa.select(Home).filter_by(room="204")))
    assert (home.deposit, home.guarantor_rule, home.contact_rule) == (39000, "company", "corporate")
    assert [(a.answer, a.conditions) for a in home.acceptances] == [
        (Acceptance.CONDITIONAL, ["watching"])
    ]
    assert (home.rent, home.remarks) == (41000, None)


def test_conditions_are_not_copied_from_another_building(desk, make, worker):
    here, there = a_home(make, worker), a_home(make, worker)
    page = desk.get(f"/homes/new?property_id={here.property_id}")
    typed = {"room": "204", "rent": "41000", "conditions_of": str(there.id)}
    desk.submit(page, typed, status=422)


@pytest.mark.parametrize(
    ("typed", "rent", "words"),
    [("4.1万円", 41000, "41,000円"), ("41,000", 41000, "41,000円"), ("応談", None, "家賃は応相談")],
)
def test_a_rent_is_understood_as_people_write_it(desk, known_place, typed, rent, words):
    page = desk.submit(desk.get(known_place.url), {"room": "9", "rent": typed})
    assert words in page.text
    home = known_place.home_in("9")
    assert (home.rent, home.rent_negotiable) == (rent, rent is None)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "「応談」と入れてください"), ("41", "1,000円以上"), ("0", "1,000円以上")],
)
def test_a_vacancy_without_a_rent_is_asked_about(desk, make, worker, typed, sentence):
    place = a_home(make, worker).property_id
    page = desk.get(f"/homes/new?property_id={place}")
    assert sentence in desk.submit(page, {"room": "9", "rent": typed}, status=422).errors


def test_an_address_of_no_town_is_kept_and_said_to_be_nowhere(desk, in_database):
    typed = {"municipality": "架空市", "address": "まぼろし町9-9"}
    assert "町は見つかりません" in known(desk, **typed).get_text()
    page = desk.submit(
        desk.get("/homes/new"), typed | {"building": "霧荘", "room": "1", "rent": "4万"}
    )
    assert "所在地の場所は分かりません" in page.text
    home = in_database(lambda s: s.scalar(sa.select(Home).filter_by(room="1")))
    assert (home.property.address, home.property.precision) == ("まぼろし町9-9", Precision.NONE)
    assert home.property.latitude is None


def test_looking_while_typing_takes_few_statements(desk, count_queries):
    take_in(desk, OCTOBER.read_bytes(), OCTOBER.name)
    known(desk, building="コーポ")
    count_queries()
    known(desk, building="コーポ")
    assert count_queries() <= 8


def test_only_the_housing_organisation_looks_while_typing(make, browser_of):
    other = browser_of(make.user(Role.CONSULTANT))
    for path in ("/homes/new/known", "/landlords/known", "/partners/known"):
        assert other.raw.get(path).status_code == 403


def test_a_rent_a_list_names_later_takes_the_place_of_the_talk(desk, make, worker):
    home = a_home(make, worker, rent=41000, rent_negotiable=True)
    assert "41,000円" in desk.get(f"/homes/{home.id}").text
    page = desk.get(f"/homes/{home.id}/edit")
    assert page.soup.find("input", attrs={"name": "rent"})["value"] == "41000"
