"""Homes for a household, with reasons; what a viewer may not know is in no sentence or count."""

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.cases.models import (
    AgeBand,
    Case,
    Member,
)
from app.cases.needs.models import (
    Anchor,
    RentBasis,
    StayAwayZone,
)
from app.cases.work.models import PrintApproval
from app.db import now, today
from app.housing import proposals
from app.housing.codes import HomeState
from app.housing.commands import import_council_list, match
from app.housing.models import Home, MatchRun, RunMiss
from app.policy import ConsentItem, Protection, RecipientKind, Role
from tests.housing.makers import NOVEMBER, OCTOBER, a_case, a_home


@pytest.fixture
def clerk(make):
    return make.user(Role.CONSULTANT)


@pytest.fixture
def counter(clerk, browser_of):
    return browser_of(clerk)


def tabs(page):
    return page.soup.select(".tabs")[0].get_text(" ", strip=True)


def test_a_fitting_home_is_shown_with_its_reason_and_what_to_arrange(counter, make, clerk):
    a_home(make, clerk, name="コーポ相武", accepts=[("elderly", "conditional", "watching")])
    case = a_case(make, clerk, need={"groups": ["elderly"]})
    page = counter.get(f"/cases/{case.id}/candidates")
    assert "合う 1件" in tabs(page)
    assert (
        "上限より6,000円低い部屋です。貸主は高齢の方を見守り付きなら可としています。" in page.text
    )
    assert "見守り契約" in page.text
    assert "合い方" in page.text


def test_near_misses_and_open_questions_have_tabs_of_their_own(counter, make, clerk):
    a_home(make, clerk, name="高い荘", rent=47000)
    a_home(make, clerk, name="謎の荘", rent=None)
    a_home(make, clerk, name="遠い荘", rent=90000)
    case = a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates")
    assert "合う 0件 あと一歩 1件 まだ分からない 1件" in tabs(page)
    assert "すべての条件に合う住まいは、いまありません" in page.text
    assert "家賃で2件が合いません" in page.text
    near = counter.get(f"/cases/{case.id}/candidates?group=near")
    assert "家賃が2,000円だけ上限を超えます" in near.text
    unknown = counter.get(f"/cases/{case.id}/candidates?group=unknown")
    assert "家賃はいくらですか" in unknown.text


def test_conditions_are_tried_on_the_spot_and_not_kept(counter, make, clerk, in_database):
    a_home(make, clerk, rent=47000)
    case = a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates")
    tried = counter.get(page.link("家賃 ＋2,000円で 1件ふえる"))
    assert "合う 1件" in tabs(tried)
    assert "まだ残していません" in tried.text
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(MatchRun.id)))) == 0
    counter.get(f"/cases/{case.id}/candidates?rent=abc", status=422)


def test_a_run_is_kept_once_and_replays_to_the_same_answer(counter, make, clerk, in_database):
    for rent in (39000, 44000, 47000, None):
        a_home(make, clerk, rent=rent)
    case = a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates")
    counter.submit(page, action="/candidates")
    again = counter.submit(page, action="/candidates")
    assert "に探した結果" in again.text
    runs = in_database(lambda s: s.scalars(sa.select(MatchRun)).all())
    assert len(runs) == 1
    assert in_database(
        lambda s: proposals.replay(s, s.get_one(MatchRun, runs[0].id))
    ) == proposals.canonical(runs[0].result)
    misses = in_database(lambda s: s.scalars(sa.select(RunMiss)).all())
    assert [(m.run_id, m.condition, m.subject, m.homes) for m in misses] == [
        (runs[0].id, "rent", "", 1)
    ]


def test_a_home_held_since_then_has_no_hold_button(counter, make, clerk, in_database):
    home = a_home(make, clerk)
    case = a_case(make, clerk)
    page = counter.submit(counter.get(f"/cases/{case.id}/candidates"), action="/candidates")
    assert page.soup.find("form", action=f"/cases/{case.id}/holds")

    def hold(session):
        session.get(Home, home.id).state = HomeState.HELD

    in_database(hold)
    page = counter.get(f"/cases/{case.id}/candidates")
    assert page.soup.find("form", action=f"/cases/{case.id}/holds") is None
    assert "取り置き" in page.text


def test_a_home_is_held_from_its_row(counter, make, clerk, in_database):
    home = a_home(make, clerk)
    case = a_case(make, clerk)
    page = counter.submit(counter.get(f"/cases/{case.id}/candidates"), action="/candidates")
    form = page.typed("/holds")
    held = counter.raw.post(f"/cases/{case.id}/holds", data=form)
    assert held.status_code == 303
    assert in_database(lambda s: s.get(Home, home.id).state) is HomeState.HELD


def test_without_a_need_the_page_says_what_to_do(counter, make, clerk, in_database):
    case = a_case(make, clerk)
    in_database(lambda s: s.execute(sa.text("DELETE FROM housing_needs")))
    page = counter.get(f"/cases/{case.id}/candidates")
    assert "住まいの希望がまだありません" in page.text


# -------------------------------------------------------------------- what is not for everybody


SENSITIVE = ("避難してきた", "刑務所", "障害のある", "DV", "刑余", "生活保護の方")


def test_a_housing_worker_learns_no_group_of_the_household(make, clerk, browser_of):
    groups = ["dv", "ex_offender", "disabled", "public_assistance"]
    a_home(make, clerk, accepts=[(group, "yes") for group in groups])
    a_home(make, clerk, accepts=[("dv", "no")])
    a_home(make, clerk)
    case = a_case(make, clerk, need={"groups": groups})
    organisation = make.the_organisation(clerk)
    worker = make.user(Role.HOUSING, organisation=organisation)
    browser = browser_of(worker)
    for group in ("fits", "near", "unknown"):
        page = browser.get(f"/cases/{case.id}/candidates?group={group}")
        assert not [word for word in SENSITIVE if word in page.text], page.text
        assert "ふだんの決まりとして" not in page.text
    assert "入居者の条件" in browser.get(f"/cases/{case.id}/candidates").text
    browser.submit(browser.get(f"/cases/{case.id}/candidates"), action="/candidates")
    headers = {"Authorization": f"Bearer {worker.token}"}
    answer = browser.raw.get("/api/v1/matches/1", headers=headers).get_data(as_text=True)
    told = json.dumps(json.loads(answer), ensure_ascii=False)
    codes = [code for code in (*groups, *SENSITIVE) if code in told]
    assert codes == []


def test_the_clerk_reads_the_groups(counter, make, clerk):
    a_home(make, clerk, accepts=[("dv", "yes")])
    case = a_case(make, clerk, need={"groups": ["dv"]})
    assert "避難してきた方" in counter.get(f"/cases/{case.id}/candidates").text


def test_a_home_near_a_place_to_keep_away_from_is_nowhere(counter, make, clerk, in_database):
    a_home(make, clerk, name="近い荘", latitude=35.5, longitude=139.4)
    a_home(make, clerk, name="安い荘", latitude=35.4, longitude=139.3)
    case = a_case(make, clerk, protection=Protection.YES)
    make.save(StayAwayZone(case_id=case.id, latitude=35.5, longitude=139.4, radius_m=2000,
                           recorded_by=clerk.id))  # fmt: skip
    page = counter.submit(counter.get(f"/cases/{case.id}/candidates"), action="/candidates")
    assert "合う 1件 あと一歩 0件 まだ分からない 0件" in tabs(page)
    assert "近い荘" not in page.text
    run = in_database(lambda s: s.scalar(sa.select(MatchRun)))
    stored = json.dumps([run.inputs, run.result])
    assert "stay_away" not in stored
    assert run.result["considered"] == 1


def test_distances_are_only_for_those_who_may_know_the_place(make, clerk, browser_of, counter):
    a_home(make, clerk)
    case = a_case(make, clerk, protection=Protection.UNKNOWN)
    make.save(Anchor(need_id=case.housing_need.id, label="見本病院", address="x",
                     latitude=35.49, longitude=139.4))  # fmt: skip
    assert "見本病院" in counter.get(f"/cases/{case.id}/candidates").text
    other = browser_of(make.user(Role.CONSULTANT, organisation=make.the_organisation(clerk)))
    for group in ("fits", "map"):
        page = other.get(f"/cases/{case.id}/candidates?group={group}")
        assert "見本病院" not in str(page.soup)
    assert page.soup.find("form", action=f"/cases/{case.id}/holds") is None


@pytest.mark.parametrize(
    ("north", "words"), [(0.0, "見本病院と同じ町内"), (0.0117, "見本病院まで およそ1.3km")]
)
def test_a_distance_is_no_more_exact_than_the_homes_place(make, clerk, counter, north, words):
    home = a_home(make, clerk)
    case = a_case(make, clerk)
    make.save(Anchor(need_id=case.housing_need.id, label="見本病院", address="x",
                     latitude=home.property.latitude + north,
                     longitude=home.property.longitude))  # fmt: skip
    text = counter.get(f"/cases/{case.id}/candidates").text
    assert words in text
    assert "0.0km" not in text


def test_a_case_of_somebody_else_is_not_there(make, clerk, browser_of):
    case = a_case(make, clerk)
    stranger = browser_of(make.user(Role.HOUSING))
    stranger.get(f"/cases/{case.id}/candidates", status=404)
    browser_of(make.user(Role.FOODBANK)).get(f"/cases/{case.id}/candidates", status=403)


# ------------------------------------------------------------------------------------- paper


def press_print(browser, case):
    page = browser.get(f"/cases/{case.id}/candidates")
    token = page.form("/candidates.pdf").find("input", attrs={"name": "csrf_token"})["value"]
    return browser.raw.post(f"/cases/{case.id}/candidates.pdf", data={"csrf_token": token})


def test_the_paper_is_a_pdf(counter, make, clerk):
    a_home(make, clerk)
    case = a_case(make, clerk)
    counter.submit(counter.get(f"/cases/{case.id}/candidates"), action="/candidates")
    answer = press_print(counter, case)
    assert answer.status_code == 200
    assert answer.get_data().startswith(b"%PDF")


def test_a_protected_household_needs_a_second_yes_for_each_print(counter, make, clerk):
    a_home(make, clerk)
    case = a_case(make, clerk, protection=Protection.YES)
    counter.submit(counter.get(f"/cases/{case.id}/candidates"), action="/candidates")
    assert press_print(counter, case).status_code == 403
    second = make.user(Role.CONSULTANT)
    make.save(PrintApproval(case_id=case.id, paper="candidates", requested_by=clerk.id,
                            approved_by=second.id, approved_at=now()))  # fmt: skip
    assert press_print(counter, case).status_code == 200
    assert press_print(counter, case).status_code == 403


# ------------------------------------------------------------------------- the rent ceilings


BY_CEILING = {"rent_basis": RentBasis.CEILING, "agreed_rent": None}


def test_with_the_housing_allowance_the_towns_ceiling_for_the_household_is_the_limit(
    counter, make, clerk
):
    a_home(make, clerk, name="四万一千荘", rent=41000)
    a_home(make, clerk, name="四万三千荘", rent=43000)
    alone = a_case(make, clerk, need=BY_CEILING)
    assert "合う 1件 あと一歩 1件" in tabs(counter.get(f"/cases/{alone.id}/candidates"))
    pair = a_case(make, clerk, need={**BY_CEILING, "people": 2})
    assert "合う 2件" in tabs(counter.get(f"/cases/{pair.id}/candidates"))


def test_one_person_in_a_small_room_has_the_lower_ceiling(counter, make, clerk):
    a_home(make, clerk, rent=40000, area=14)
    case = a_case(make, clerk, need=BY_CEILING)
    assert "合う 0件" in tabs(counter.get(f"/cases/{case.id}/candidates"))
    tried = counter.get(f"/cases/{case.id}/candidates?rent=44000")
    assert "合う 1件" in tabs(tried)  # the small room's ceiling rises by as much: 37,000 + 3,000


def test_an_age_band_or_a_birth_date_counts_as_elderly(counter, make, clerk):
    a_home(make, clerk, accepts=[("elderly", "no")])
    old = [Member(position=0, born_on=date(1950, 1, 1))]
    for case in (
        a_case(make, clerk, age_band=AgeBand.OVER_75),
        a_case(make, clerk, members=old),
    ):
        assert "合う 0件" in tabs(counter.get(f"/cases/{case.id}/candidates"))
    young = [Member(position=0, age=30, age_on=today())]
    case = a_case(make, clerk, age_band=AgeBand.OVER_75, members=young)
    assert "合う 1件" in tabs(counter.get(f"/cases/{case.id}/candidates"))


def test_a_kept_run_says_which_conditions_were_tried(counter, make, clerk, in_database):
    a_home(make, clerk)
    case = a_case(make, clerk)
    tried = "rent=50000&funds=300000&floor=any&min_area=20&min_rooms=1&anywhere=1&supports=watching"
    page = counter.get(f"/cases/{case.id}/candidates?{tried}&move_by={today().isoformat()}")
    counter.submit(page, action="/candidates")
    note = in_database(lambda s: s.scalar(sa.select(MatchRun.note)))
    for words in ("家賃の上限 50,000円", "初期費用 300,000円", "20㎡以上", "1部屋以上", "見守り"):
        assert words in note


# --------------------------------------------------------------------------- API and commands


def test_the_api_keeps_a_run_once_per_key(app, make, clerk, in_database):
    a_home(make, clerk)
    case = a_case(make, clerk)
    headers = {"Authorization": f"Bearer {clerk.token}", "Idempotency-Key": "one-match"}
    client = app.test_client()

    def post():
        return client.post(f"/api/v1/cases/{case.id}/matches", json={}, headers=headers)

    first, second = post(), post()
    assert (first.status_code, first.json["counts"]["fits"]) == (201, 1)
    assert second.json == first.json
    shown = client.get(f"/api/v1/matches/{first.json['id']}", headers=headers)
    assert shown.json["fits"][0]["name"] == first.json["fits"][0]["name"]
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(MatchRun.id)))) == 1
    bad = client.post(f"/api/v1/cases/{case.id}/matches", json={"rent": "x"},
                      headers=headers | {"Idempotency-Key": "another-match"})  # fmt: skip
    assert bad.status_code == 422


def test_lists_and_matches_from_the_command_line(app, make, clerk):
    worker = make.user(Role.HOUSING, organisation=make.the_organisation(clerk))
    case = a_case(make, clerk, need={"move_by": today() + timedelta(days=60)})
    runner = app.test_cli_runner()
    taken = runner.invoke(import_council_list, [str(OCTOBER), "--user", worker.login])
    assert "新しい 100件" in taken.output, taken.output
    assert "107行目" in taken.output
    taken = runner.invoke(import_council_list, [str(NOVEMBER), "--user", worker.login, "--json"])
    counts = json.loads(taken.output)["counts"]
    assert (counts["new"], counts["repeat"], counts["gone"]) == (25, 2, 16)
    refused = runner.invoke(import_council_list, [str(OCTOBER), "--user", clerk.login])
    assert refused.exit_code == 1
    found = runner.invoke(match, [case.number, "--user", clerk.login, "--json"])
    answer = json.loads(found.output)
    assert sum(answer["counts"].values()) > 0
    replayed = runner.invoke(match, ["--replay", str(answer["run"])])
    assert "同じ答えになりました" in replayed.output
    told = runner.invoke(match, [case.number, "--user", clerk.login])
    assert "まだ分からない" in told.output
    assert runner.invoke(match, ["C-none", "--user", clerk.login]).exit_code == 1


def test_a_page_of_candidates_takes_few_statements(counter, make, clerk, count_queries):
    for _ in range(12):
        a_home(make, clerk, accepts=[("elderly", "yes")])
    case = a_case(make, clerk)
    counter.get(f"/cases/{case.id}/candidates")
    count_queries()
    counter.get(f"/cases/{case.id}/candidates")
    assert count_queries() <= 25


def _told_to_housing(make, case, browser_of):
    """A housing worker who knows of the case by consent, not where the household goes (T1)."""
    make.consent(case, RecipientKind.HOUSING_SUPPORT, ConsentItem.HOME_NEEDS)
    worker = make.user(Role.HOUSING)
    return worker, browser_of(worker)


def test_the_order_of_homes_does_not_tell_where_the_household_goes(
    make, clerk, counter, browser_of
):
    work = Anchor(label="勤務先", address="座間市", latitude=35.50, longitude=139.41)
    case = a_case(make, clerk, need={"anchors": [work]})
    far_first = [a_home(make, clerk, latitude=35.50 + n / 100, longitude=139.41).id
                 for n in (6, 5, 4, 3, 2, 1)]  # fmt: skip
    worker, browser = _told_to_housing(make, case, browser_of)
    headers = {"Authorization": f"Bearer {clerk.token}", "Idempotency-Key": "order-of-homes"}
    path = f"/api/v1/cases/{case.id}/matches"
    kept = counter.raw.post(path, json={}, headers=headers).json
    assert [home["home_id"] for home in kept["fits"]] == far_first[::-1]
    headers["Authorization"] = f"Bearer {worker.token}"
    seen = browser.raw.get(f"/api/v1/matches/{kept['id']}", headers=headers).json
    asked = browser.raw.post(path, json={}, headers=headers).json
    for answer in (seen, asked):
        assert [home["home_id"] for home in answer["fits"]] == far_first


def test_what_is_missing_for_a_home_does_not_tell_how_much_money_there_is(
    make, clerk, counter, browser_of
):
    case = a_case(make, clerk, need={"funds": 123_456})
    a_home(make, clerk, deposit=100_000)
    _worker, browser = _told_to_housing(make, case, browser_of)
    path = f"/cases/{case.id}/candidates?group=near"
    assert "544円" in counter.get(path).text
    for told in (browser.get(path), browser.get(f"{path}&min_area=10")):
        assert "担当の相談員に相談" in told.text
        assert "544円" not in told.text
        assert "15,5" not in told.text


def test_each_home_is_held_against_the_ceiling_of_its_own_town(make, in_database):
    staff = make.user(Role.CONSULTANT)
    towns = ["座間市", "横浜市"]
    case = a_case(make, staff, need={"rent_basis": RentBasis.CEILING, "municipalities": towns})
    rents = {}
    for town in (*towns, "厚木市"):
        rents[town] = a_home(make, staff, municipality=town, rent=50000).id

    def ask(session):
        found = proposals.ask(session, session.get_one(Case, case.id), today=today())
        return found.inputs["need"]["rent_limit"], found.result, found.rent_limit

    limit, result, highest = in_database(ask)
    assert [town["municipality"] for town in limit["towns"]] == ["横浜市"]
    assert (limit["bands"][-1]["amount"], highest) == (41000, 52000)
    near = {one["home_id"] for one in result["near"] if one["near"]["key"] == "rent"}
    assert rents["座間市"] in near
    assert rents["横浜市"] not in near


def test_a_limit_that_is_tried_moves_every_towns_ceiling_alike(make, in_database):
    staff = make.user(Role.CONSULTANT)
    case = a_case(make, staff, need={"rent_basis": RentBasis.CEILING,
                                     "municipalities": ["座間市"]})  # fmt: skip
    a_home(make, staff, municipality="横浜市")

    def ask(session):
        case_ = session.get_one(Case, case.id)
        tried = proposals.ask(session, case_, today=today(), tried={"rent": 54000})
        return tried.inputs["need"]["rent_limit"]

    limit = in_database(ask)
    assert limit["bands"][-1]["amount"] == 43000
    assert limit["towns"][0]["bands"][-1]["amount"] == 54000


def test_what_a_listing_says_of_fees_counts_in_the_initial_cost(make, in_database):
    staff = make.user(Role.CONSULTANT)
    a_home(make, staff, rent=40000, fee=0, deposit=0, key_money=40000, agent_fee=44000)

    def ask(session):
        return proposals.open_homes(session, today=today())

    homes = in_database(ask)
    assert (homes.initial_cost[0], homes.initial_covered[0]) == (124000, 84000)


def test_a_home_left_out_of_a_newer_list_ranks_below_the_same_home_that_is_on_it(
    counter, make, clerk
):
    gone = a_home(make, clerk, name="コーポ消えた", missing_since=today())
    there = a_home(make, clerk, name="コーポ載っている")
    case = a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates")
    names = [card.h3.get_text(strip=True) for card in page.soup.select("article.home")]
    assert names.index(there.property.name + " 101") < names.index(gone.property.name + " 101")
    assert "今月の一覧にない" in page.text
