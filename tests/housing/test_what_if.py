"""Conditions tried on the spot, and what is said to values nobody can mean."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.cases.models import Member
from app.cases.needs.models import HousingNeed, RentBasis
from app.db import today
from app.housing.candidates import page as candidate_page
from app.housing.models import MatchRun
from app.policy import Role
from tests.housing.makers import a_case, a_home


@pytest.fixture
def clerk(make):
    return make.user(Role.CONSULTANT)


@pytest.fixture
def counter(clerk, browser_of):
    return browser_of(clerk)


def tabs(page):
    return page.soup.select(".tabs")[0].get_text(" ", strip=True)


def names(page):
    return [card.h3.get_text(strip=True) for card in page.soup.select("article.home")]


def counts(page):
    return page.soup.select_one("#live-counts").get_text(" ", strip=True)


def a_household_of_forty(make, clerk):
    """Written down one by one; the fields for their number take thirty at most."""
    members = [Member(position=n) for n in range(40)]
    return a_case(make, clerk, need={"people": None}, household_size=None, members=members)


# ------------------------------------------------------------------------- what is tried


def test_the_counts_stand_beside_the_fields_in_a_region_that_is_read_out(counter, make, clerk):
    a_home(make, clerk, rent=47000)
    case = a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates")
    assert page.soup.select_one("#live-counts")["role"] == "status"
    assert "合う 0 件 あと一歩 1 件 まだ分からない 0 件" in counts(page)
    tried = counter.get(f"/cases/{case.id}/candidates?rent=47000")
    assert "合う 1 件 あと一歩 0 件" in counts(tried)


def test_the_form_asks_by_itself_and_works_by_its_button_alone(counter, make, clerk):
    case = a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates?group=near")
    form = page.soup.select_one("#what-if")
    assert form["hx-get"] == form["action"] == f"/cases/{case.id}/candidates"
    assert (form["method"], form["hx-select"]) == ("get", "#main")
    assert form.select_one('button[type="submit"]').get_text(strip=True) == "試す"
    assert form.find("input", attrs={"name": "group"})["value"] == "near"


def test_what_is_recorded_stays_beside_what_is_tried(counter, make, clerk):
    case = a_case(make, clerk, need={"min_area": 20, "move_by": today() + timedelta(days=40)})
    page = counter.get(f"/cases/{case.id}/candidates?rent=50000&floor=ground")
    form = page.soup.select_one("#what-if").get_text(" ", strip=True)
    assert "いま 45,000円" in form
    assert "20㎡以上" in form
    assert page.soup.find("input", id="f-rent")["value"] == "50000"
    assert page.soup.select_one("#f-floor option[selected]")["value"] == "ground"


def test_a_rent_that_was_tried_and_kept_is_not_called_the_benefits_limit(counter, make, clerk):
    case = a_case(make, clerk, need={"rent_basis": RentBasis.CEILING})
    page = counter.get(f"/cases/{case.id}/candidates?rent=50000")
    assert "家賃の上限（住宅扶助の限度額）" in page.text
    kept = counter.submit(page, action="/candidates")
    assert "家賃の上限（試して残した額）" in kept.text
    assert "いま 50,000円" in kept.soup.select_one("#what-if").get_text(" ", strip=True)


def test_where_nothing_fits_the_one_change_that_helps_is_a_link(counter, make, clerk):
    a_home(make, clerk, rent=47000)
    case = a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates")
    empty = page.soup.select_one(".empty")
    assert "条件を一つ変えると" in empty.get_text()
    link = next(one for one in empty.find_all("a") if "1件ふえる" in one.get_text())
    assert "合う 1件" in tabs(counter.get(link["href"]))
    assert not page.soup.select_one("#compare")


def test_a_home_kept_for_this_household_leads_to_its_hold(counter, make, clerk):
    mine = a_home(make, clerk, rent=30000)
    other = a_home(make, clerk, rent=31000)
    case, neighbour = a_case(make, clerk), a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates")
    page = counter.submit(page, action="/candidates")
    counter.submit(page, {"home_id": str(mine.id)}, action=f"/cases/{case.id}/holds")
    theirs = counter.get(f"/cases/{neighbour.id}/candidates")
    theirs = counter.submit(theirs, action="/candidates")
    page = counter.get(f"/cases/{case.id}/candidates")
    cards = {card["id"]: card.get_text() for card in page.soup.select("article.home")}
    assert "この世帯の取り置き" in cards[f"home-{mine.id}"]
    assert "この世帯の取り置き" not in cards[f"home-{other.id}"]
    assert "この世帯の取り置き" not in theirs.text


def test_what_somebody_reaches_for_changes_the_order(counter, make, clerk):
    big = a_home(make, clerk, name="広い荘", area=25, rent=44000)
    cheap = a_home(make, clerk, name="安い荘", area=10, rent=20000)
    case = a_case(make, clerk)
    address = f"/cases/{case.id}/candidates"
    assert names(counter.get(f"{address}?preset=roomy"))[0].startswith(big.property.name)
    tried = counter.get(f"{address}?preset=cheap")
    assert names(tried)[0].startswith(cheap.property.name)
    assert "重んじること 安さ" in tried.text


def test_the_usual_weights_are_no_trial(counter, make, clerk):
    a_home(make, clerk)
    case = a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates?preset=balanced")
    assert "まだ残していません" not in page.text


def test_a_kept_run_keeps_the_weights_and_towns_that_were_tried(counter, make, clerk, in_database):
    a_home(make, clerk, municipality="厚木市")
    case = a_case(make, clerk, need={"municipalities": ["座間市"]})
    page = counter.get(f"/cases/{case.id}/candidates?preset=near&towns=厚木市&towns=座間市")
    assert "合う 1件" in tabs(page)
    counter.submit(page, action="/candidates")
    run = in_database(lambda s: s.scalar(sa.select(MatchRun)))
    assert "厚木市・座間市" in run.note
    assert "重んじること 近さ" in run.note
    assert run.inputs["need"]["municipalities"] == ["厚木市", "座間市"]
    assert run.inputs["need"]["weights"]["distance"] == 8.0


def test_another_town_is_tried_by_its_own_name(counter, make, clerk):
    a_home(make, clerk, municipality="厚木市")
    a_home(make, clerk, municipality="海老名市")
    case = a_case(make, clerk, need={"municipalities": ["座間市"]})
    page = counter.get(f"/cases/{case.id}/candidates")
    ticks = {box["value"] for box in page.soup.select('input[name="towns"]')}
    assert ticks == {"座間市", "厚木市", "海老名市"}
    tried = counter.get(page.link("厚木市も可で 1件ふえる"))
    assert "合う 1件 あと一歩 1件" in tabs(tried)
    on = [box["value"] for box in tried.soup.select('input[name="towns"][checked]')]
    assert sorted(on) == ["厚木市", "座間市"]


def test_a_page_asked_for_by_the_page_itself_has_no_summary_to_take_the_focus(counter, make, clerk):
    case = a_case(make, clerk)
    address = f"/cases/{case.id}/candidates?rent=abc"
    whole = counter.get(address, status=422)
    assert "家賃の上限" in whole.errors
    live = counter.get(address, status=422, headers={"HX-Request": "true"})
    assert live.errors == ""
    assert "金額として読めません" in live.soup.select_one("#error-rent").text
    assert "件数は、もとの条件のもの" in counts(live)


# ----------------------------------------------------------------- what nobody can mean


WRONG = [
    ("rent=-1", "金額として読めません"),
    ("rent=1e309", "金額として読めません"),
    ("rent=99999999999999", "金額として読めません"),
    ("rent=1000001", "1,000,000以下"),
    ("rent=四万円", "41000 か 4.1万円 のように"),
    ("rent=2か月", "月数ではなく"),
    ("rent=たくさん", "金額として読めません"),
    ("funds=-5", "金額として読めません"),
    ("min_area=1e309", "数字で入力"),
    ("min_area=NaN", "数字で入力"),
    ("min_area=-3", "0より大きい"),
    ("min_rooms=４.５", "数字だけ"),
    ("min_rooms=21", "20以下"),
    ("floor=roof", "階を選び直して"),
    ("move_by=2020-01-01", "きょうより前の日です"),
    ("move_by=来週", "日"),
    ("preset=infinity", "重んじることを選び直して"),
    ("preset=1e309", "重んじることを選び直して"),
    ("supports=magic", "選択肢から"),
    ("anywhere=1&towns=座間市", "どちらかにしてください"),
]


@pytest.mark.parametrize(("query", "words"), WRONG)
def test_what_cannot_be_meant_is_said_at_the_field_and_on_top(counter, make, clerk, query, words):
    a_home(make, clerk)
    case = a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates?{query}", status=422)
    assert words in page.errors
    assert words in "".join(one.get_text() for one in page.soup.select(".field-error"))
    assert "合う 1件" in tabs(page)  # by what is recorded: the page stays of use


UNDERSTOOD = [
    ("rent=４７０００", 1), ("rent=４.７万円", 1), ("rent=4.7万円", 1), ("rent=47,000円", 1),
    ("rent=0", 0), ("rent=1000000", 1),
]  # fmt: skip


@pytest.mark.parametrize(("query", "fits"), UNDERSTOOD)
def test_amounts_are_read_as_people_write_them(counter, make, clerk, query, fits):
    a_home(make, clerk, rent=47000)
    case = a_case(make, clerk)
    assert f"合う {fits}件" in tabs(counter.get(f"/cases/{case.id}/candidates?{query}"))


@pytest.mark.parametrize(
    ("query", "words"),
    [("min_area=500", "広さで1件が合いません"), ("towns=どこにもない町", "市町村で1件が合いません"),
     ("min_rooms=20", "部屋数で1件が合いません")],
)  # fmt: skip
def test_an_empty_list_says_which_condition_emptied_it(counter, make, clerk, query, words):
    a_home(make, clerk)
    case = a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates?{query}")
    assert "合う 0件" in tabs(page)
    assert words in page.text


def test_no_vacancy_at_all_is_an_honest_empty_list(counter, make, clerk):
    case = a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates")
    assert "すべての条件に合う住まいは、いまありません" in page.text
    assert "あと一歩 0件 まだ分からない 0件" in tabs(page)


def test_a_day_that_has_passed_is_named_as_such(counter, make, clerk):
    a_home(make, clerk)
    case = a_case(make, clerk, need={"move_by": today() - timedelta(days=3)})
    page = counter.get(f"/cases/{case.id}/candidates")
    assert "過ぎています" in page.text


def test_a_household_no_home_could_answer_sends_to_its_needs(counter, make, clerk):
    a_home(make, clerk)
    case = a_household_of_forty(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates", status=422)
    assert "40人になっています" in page.text
    assert page.link("住まいの希望を直す") == f"/cases/{case.id}/housing-need"


@pytest.mark.parametrize("people", [0, -1, 31, 40])
def test_no_database_takes_a_household_of_nobody_or_of_forty(make, clerk, in_database, people):
    a_case(make, clerk)

    def write(session):
        with pytest.raises(sa.exc.IntegrityError):
            session.execute(sa.update(HousingNeed).values(people=people))
        session.rollback()

    in_database(write)


BODIES = [
    ('{"rent": -1}', "rent"), ('{"rent": 1e309}', "rent"), ('{"rent": true}', "rent"),
    ('{"rent": {}}', "rent"), ('{"rent": "四万まん"}', "rent"), ('{"funds": 1e20}', "funds"),
    ('{"min_area": 1e309}', "min_area"), ('{"min_area": NaN}', "min_area"),
    ('{"min_rooms": 1.5}', "min_rooms"), ('{"move_by": "2020-01-01"}', "move_by"),
    ('{"preset": "infinity"}', "preset"), ('{"preset": 1e309}', "preset"),
    ('{"weights": {"rent": 1e309}}', "weights"), ('{"towns": [""]}', "towns"),
    ('{"towns": "座間市"}', "towns"), ('{"anywhere": true, "towns": ["座間市"]}', "towns"),
    ('{"supports": ["magic"]}', "supports"), ('{"floor": "roof"}', "floor"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "field"), BODIES)
def test_the_api_refuses_the_same_and_keeps_nothing(counter, make, clerk, body, field):
    case = a_case(make, clerk)
    headers = {"Authorization": f"Bearer {clerk.token}", "Idempotency-Key": "bad-input-1",
               "Content-Type": "application/json"}  # fmt: skip
    answer = counter.raw.post(f"/api/v1/cases/{case.id}/matches", data=body, headers=headers)
    assert answer.status_code == 422, answer.json
    assert field in str(answer.json["errors"])
    assert "探した結果" not in counter.get(f"/cases/{case.id}/candidates").text


def test_the_api_refuses_a_household_no_home_could_answer(app, make, clerk, in_database):
    case = a_household_of_forty(make, clerk)
    headers = {"Authorization": f"Bearer {clerk.token}", "Idempotency-Key": "bad-household"}
    answer = app.test_client().post(f"/api/v1/cases/{case.id}/matches", json={}, headers=headers)
    assert answer.status_code == 422
    assert "40人になっています" in answer.json["message"]
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(MatchRun.id)))) == 0


def test_the_api_takes_weights_by_name_and_towns(app, make, clerk):
    a_home(make, clerk, municipality="厚木市")
    case = a_case(make, clerk, need={"rent_basis": RentBasis.AGREED, "municipalities": ["座間市"]})
    headers = {"Authorization": f"Bearer {clerk.token}", "Idempotency-Key": "by-name-1"}
    body = {"preset": "cheap", "towns": ["厚木市"], "rent": "4.5万円"}
    answer = app.test_client().post(f"/api/v1/cases/{case.id}/matches", json=body, headers=headers)
    assert answer.status_code == 201, answer.json
    assert answer.json["counts"]["fits"] == 1


# ------------------------------------------------------------------------------- paging


def test_every_home_of_a_group_can_be_reached(counter, make, clerk):
    for number in range(65):
        a_home(make, clerk, name=f"荘{number:02}", rent=30000 + number)
    case = a_case(make, clerk)
    address, seen = f"/cases/{case.id}/candidates", []
    while address:
        page = counter.get(address)
        assert len(page.response.get_data()) < 150_000
        seen += names(page)
        forward = page.soup.select_one('.pager a[rel="next"]')
        address = forward["href"] if forward else None
    assert len(seen) == len(set(seen)) == 65
    assert "65件のうち 61–65件" in page.text
    back = page.soup.select_one('.pager a[rel="prev"]')["href"]
    assert names(counter.get(back)) == seen[40:60]


@pytest.mark.parametrize("page", ["0", "-1", "11", "x", "9"])
def test_a_page_that_is_not_there_shows_one_that_is(counter, make, clerk, page):
    a_home(make, clerk)
    case = a_case(make, clerk)
    assert len(names(counter.get(f"/cases/{case.id}/candidates?page={page}"))) == 1


def test_beyond_the_last_page_the_way_is_to_narrow(counter, make, clerk, monkeypatch):
    monkeypatch.setattr(candidate_page, "MOST_PAGES", 1)
    for _ in range(22):
        a_home(make, clerk)
    case = a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates")
    assert page.soup.select_one(".pager") is None
    assert "ほかに2件あります" in page.text
    assert "残りも見られます" in page.text
