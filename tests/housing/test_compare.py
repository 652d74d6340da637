"""Up to four homes side by side, chosen across the groups, and what goes onto paper."""

import io

import pypdf
import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.cases.needs.models import Anchor, StayAwayZone
from app.cases.work.models import PrintApproval
from app.db import now, today
from app.housing.candidates import print as candidate_print
from app.housing.codes import HomeState
from app.housing.models import Home
from app.policy import ConsentItem, Protection, RecipientKind, Role
from tests.housing.makers import a_case, a_home


@pytest.fixture
def clerk(make):
    return make.user(Role.CONSULTANT)


@pytest.fixture
def counter(clerk, browser_of):
    return browser_of(clerk)


def address(case, homes, more=""):
    chosen = "&".join(f"home={home.id if isinstance(home, Home) else home}" for home in homes)
    return f"/cases/{case.id}/candidates/compare?{chosen}{more}"


def line(page, label):
    """The cells of one line, as one reads them."""
    for row in page.soup.select(".compare tbody tr"):
        if row.th.get_text(" ", strip=True).startswith(label):
            return [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
    raise AssertionError(f"no line {label}: {page.text}")


def labels(page):
    return [row.th.get_text(" ", strip=True) for row in page.soup.select(".compare tbody tr")]


def heads(page):
    return [head.get_text(strip=True) for head in page.soup.select(".compare thead h2")]


def keep(browser, case, query=""):
    page = browser.get(f"/cases/{case.id}/candidates{query}")
    return browser.submit(page, action="/candidates")


# ------------------------------------------------------------------------- choosing homes


def test_ticks_from_several_groups_travel_with_tabs_conditions_and_paper(counter, make, clerk):
    fits, near = a_home(make, clerk, name="合う荘"), a_home(make, clerk, name="高い荘", rent=47000)
    case = a_case(make, clerk)
    keep(counter, case)
    page = counter.get(f"/cases/{case.id}/candidates?home={fits.id}")
    assert page.soup.find("input", id=f"tick-{fits.id}").has_attr("checked")
    page = counter.get(page.link("あと一歩"))
    assert "選んだ住戸 1件" in page.text
    assert page.soup.select_one(f'#compare input[type="hidden"][value="{fits.id}"][name="home"]')
    both = counter.get(f"{page.url}?group=near&home={fits.id}&home={near.id}")
    assert "2件をくらべる" in both.text
    assert "選んだ2件を紙で渡す（A4）" in both.text
    hidden = both.soup.select('#what-if input[name="home"]')
    assert [one["value"] for one in hidden] == [str(fits.id), str(near.id)]
    assert "選んだ住戸 0件" in counter.get(both.link("選び直す")).text


def test_a_number_that_is_no_candidate_is_not_among_the_ticked(counter, make, clerk):
    a_home(make, clerk)
    case = a_case(make, clerk)
    for wrong in ("999999", "x", "-1", "99999999999999"):
        page = counter.get(f"/cases/{case.id}/candidates?home={wrong}")
        assert "選んだ住戸 0件" in page.text


# ------------------------------------------------------------------------- side by side


def test_homes_stand_side_by_side_with_what_differs_and_what_is_best(counter, make, clerk):
    cheap = a_home(make, clerk, name="安い荘", rent=36000, fee=1000, area=20, lift=False)
    big = a_home(make, clerk, name="広い荘", rent=44000, area=30, lift=True, deposit=44000)
    case = a_case(make, clerk)
    page = counter.get(address(case, [cheap, big]))
    assert heads(page) == ["安い荘 101", "広い荘 101"]
    assert len(page.response.get_data()) < 150_000
    assert line(page, "家賃と共益費") == [
        "36,000円＋共益費 1,000円 あわせて月 37,000円 ◎ いちばん安い", "44,000円＋共益費なし"
    ]  # fmt: skip
    assert line(page, "上限とくらべて") == ["上限より8,000円低い", "上限より1,000円低い"]
    assert line(page, "間取り・広さ")[1] == "1K 30㎡ ◎ いちばん広い"
    assert line(page, "階・エレベーター") == ["1階 エレベーターなし", "1階 エレベーターあり"]
    assert "いちばん少ない" in line(page, "はじめに払うお金")[0]
    assert "は未確認" in line(page, "はじめに払うお金")[1]
    assert line(page, "空きの確かさ （同じ）") == ["きょう空きを確認"] * 2
    same = [row.th.get_text(" ", strip=True) for row in page.soup.select("tr.compare-same")]
    assert "空きの確かさ （同じ）" in same
    assert "間取り・広さ" not in same


def test_only_what_differs_can_be_asked_for(counter, make, clerk):
    homes = [a_home(make, clerk, rent=rent) for rent in (30000, 40000)]
    case = a_case(make, clerk)
    page = counter.get(counter.get(address(case, homes)).link("ちがうところだけ見る"))
    assert not [label for label in labels(page) if "同じ" in label]
    assert len(line(page, "家賃と共益費")) == 2
    assert "空きの確かさ" not in page.soup.select_one(".compare").get_text()
    assert labels(counter.get(page.link("すべての行を見る"))) == labels(
        counter.get(address(case, homes))
    )


def test_one_known_amount_alone_is_not_the_lowest(counter, make, clerk):
    homes = [a_home(make, clerk, rent=rent) for rent in (30000, None)]
    case = a_case(make, clerk)
    assert "いちばん安い" not in counter.get(address(case, homes)).text
    homes.append(a_home(make, clerk, rent=31000))
    page = counter.get(address(case, homes))
    assert "◎ いちばん安い（分かっている中で）" in line(page, "家賃と共益費")[0]


def test_an_older_run_is_printed_as_it_was(counter, make, clerk):
    homes = [a_home(make, clerk, name=name, rent=47000) for name in ("梅荘", "桜荘")]
    case = a_case(make, clerk)
    keep(counter, case, "?rent=50000")
    keep(counter, case)
    page = counter.get("/matches/1")
    text = words_of(
        counter.raw.post(f"/cases/{case.id}/candidates.pdf", data=page.typed("/candidates.pdf"))
    )
    assert homes[0].property.name in text
    assert "梅荘" not in words_of(press(counter, case, "candidates.pdf", []))


def test_nothing_is_best_where_all_are_alike(counter, make, clerk):
    homes = [a_home(make, clerk), a_home(make, clerk)]
    case = a_case(make, clerk)
    assert "いちばん安い" not in counter.get(address(case, homes)).text


def test_a_home_that_does_not_fit_says_by_name_what_is_in_the_way(counter, make, clerk):
    far_off = a_home(make, clerk, rent=90000, area=8, accepts=[("elderly", "no")])
    near = a_home(make, clerk, rent=47000)
    open_ = a_home(make, clerk, rent=None)
    case = a_case(make, clerk, need={"min_area": 20, "groups": ["elderly"]})
    page = counter.get(address(case, [far_off, near, open_]))
    why = line(page, "この世帯に")
    assert "家賃が上限を超えています。" in why[0]
    assert "希望の広さに足りません。" in why[0]
    assert "高齢の方について、貸主の受け入れに合いません。" in why[0]
    assert "2,000円だけ上限を超えます" in why[1]
    assert "家賃はいくらですか（貸主）" in line(page, "まだ分からないこと")[2]
    tags = [head.select_one(".tag").get_text() for head in page.soup.select(".compare-head")]
    assert tags == ["合わない", "あと一歩", "まだ分からない"]
    assert line(page, "取り置き")[0] == "条件が合ってから取り置けます。"


def test_a_home_is_held_from_its_column_and_then_says_so(counter, make, clerk, in_database):
    homes = [a_home(make, clerk), a_home(make, clerk)]
    case = a_case(make, clerk)
    keep(counter, case)
    page = counter.get(address(case, homes))
    answer = counter.raw.post(f"/cases/{case.id}/holds", data=page.typed("/holds"))
    assert answer.status_code == 303
    assert in_database(lambda s: s.get(Home, homes[0].id).state) is HomeState.HELD
    page = counter.get(address(case, homes))
    assert "まで取り置き" in line(page, "取り置き")[0]
    assert len([f for f in page.soup.find_all("form") if "/holds" in f["action"]]) == 1


def test_a_stored_run_keeps_its_conditions_in_the_comparison(counter, make, clerk):
    homes = [a_home(make, clerk, rent=47000), a_home(make, clerk, rent=48000)]
    case = a_case(make, clerk)
    keep(counter, case, "?rent=50000")
    page = counter.get(address(case, homes, "&run=1"))
    assert line(page, "上限とくらべて") == ["上限より3,000円低い", "上限より2,000円低い"]
    assert "家賃の上限 50,000円" in page.text
    tried = counter.get(address(case, homes, "&rent=47000"))
    assert line(tried, "上限とくらべて") == ["上限ちょうど", "上限を1,000円こえる"]
    assert "まだ残していません" in tried.text
    with_tried = tried.link("選び直す")
    assert "rent=47000" in with_tried
    assert f"home={homes[1].id}" in with_tried


def test_a_run_of_another_household_is_not_there(counter, make, clerk):
    home = a_home(make, clerk)
    mine, other = a_case(make, clerk), a_case(make, clerk)
    keep(counter, other)
    counter.get(address(mine, [home], "&run=1"), status=404)
    counter.get(address(mine, [home], "&run=99"), status=404)


def test_a_home_of_a_later_page_is_compared_like_the_first(counter, make, clerk):
    homes = [a_home(make, clerk, rent=30000 + n * 100) for n in range(63)]
    case = a_case(make, clerk)
    keep(counter, case)
    page = counter.get(address(case, [homes[0], homes[62]]))
    assert "上限より" in line(page, "上限とくらべて")[1]
    assert "点" in line(page, "合い方")[1]


WRONG = [
    ([], "くらべる住戸が選ばれていません"),
    (["x"], "住戸の番号を読み取れません"),
    (["-1"], "住戸の番号を読み取れません"),
    (["1e309"], "住戸の番号を読み取れません"),
    ([424242], "この世帯の候補の一覧にありません"),
]


@pytest.mark.parametrize(("chosen", "words"), WRONG)
def test_what_cannot_be_compared_is_said_and_the_way_back_is_there(
    counter, make, clerk, chosen, words
):
    a_home(make, clerk)
    case = a_case(make, clerk)
    page = counter.get(address(case, chosen), status=422)
    assert words in page.text
    assert page.link("候補の一覧へ").startswith(f"/cases/{case.id}/candidates")


def test_more_than_four_are_the_first_four_and_a_sentence(counter, make, clerk):
    homes = [a_home(make, clerk) for _ in range(6)]
    case = a_case(make, clerk)
    page = counter.get(address(case, homes), status=422)
    assert "くらべられるのは4件までです（選ばれたのは6件）" in page.text
    assert len(heads(page)) == 4


def test_a_home_chosen_twice_stands_once_and_one_alone_asks_for_another(counter, make, clerk):
    home = a_home(make, clerk)
    case = a_case(make, clerk)
    page = counter.get(address(case, [home, home]))
    assert "1回だけ並べています" in page.text
    assert "もう1件選ぶと" in page.text
    assert len(heads(page)) == 1


def test_a_vanished_home_is_told_of_beside_those_that_are_there(counter, make, clerk):
    home = a_home(make, clerk)
    case = a_case(make, clerk)
    page = counter.get(address(case, [home, 424242]))
    assert "選んだ住戸のうち1件は、この世帯の候補の一覧にありません" in page.text
    assert len(heads(page)) == 1


def test_without_a_need_the_comparison_says_what_to_do(counter, make, clerk, in_database):
    home, case = a_home(make, clerk), a_case(make, clerk)
    in_database(lambda s: s.execute(sa.text("DELETE FROM housing_needs")))
    assert "住まいの希望がまだありません" in counter.get(address(case, [home])).text


def test_a_wrong_condition_in_the_address_is_said(counter, make, clerk):
    home, case = a_home(make, clerk), a_case(make, clerk)
    page = counter.get(address(case, [home], "&rent=abc"), status=422)
    assert "金額として読めません" in page.text
    assert len(heads(page)) == 1


# -------------------------------------------------------------------- what is not for everybody


def test_a_home_near_a_place_to_keep_away_from_is_like_no_home(counter, make, clerk):
    close = a_home(make, clerk, name="近い荘", latitude=35.5, longitude=139.4)
    there = a_home(make, clerk, latitude=35.4, longitude=139.3)
    case = a_case(make, clerk, protection=Protection.YES)
    make.save(StayAwayZone(case_id=case.id, latitude=35.5, longitude=139.4, radius_m=2000,
                           recorded_by=clerk.id))  # fmt: skip
    hidden = counter.get(address(case, [there, close]))
    nothing = counter.get(address(case, [there, 424242]))
    assert "近い荘" not in hidden.text
    assert hidden.soup.main.get_text() == nothing.soup.main.get_text()


def test_ways_are_only_for_those_who_may_know_the_place(counter, make, clerk, browser_of):
    homes = [a_home(make, clerk, latitude=35.5 + n / 100, longitude=139.4) for n in range(2)]
    work = Anchor(label="見本病院", address="x", latitude=35.5, longitude=139.4)
    case = a_case(make, clerk, protection=Protection.UNKNOWN, need={"anchors": [work]})
    page = counter.get(address(case, homes))
    assert line(page, "見本病院まで") == ["同じ町内 ◎ いちばん近い", "およそ1.1km"]
    other = browser_of(make.user(Role.CONSULTANT, organisation=make.the_organisation(clerk)))
    page = other.get(address(case, homes))
    assert "見本病院" not in str(page.soup)
    assert "いちばん近い" not in page.text
    assert "取り置き" not in labels(page)


def test_a_housing_worker_learns_no_group_and_no_amount(make, clerk, browser_of):
    groups = ["dv", "ex_offender", "public_assistance"]
    homes = [
        a_home(make, clerk, accepts=[("dv", "no"), ("public_assistance", "no")], rent=90000),
        a_home(make, clerk, accepts=[("ex_offender", "no")]),
        a_home(make, clerk, accepts=[(group, "yes") for group in groups], deposit=100_000),
        a_home(make, clerk),
    ]
    case = a_case(make, clerk, need={"groups": groups, "funds": 123_456})
    make.consent(case, RecipientKind.HOUSING_SUPPORT, ConsentItem.HOME_NEEDS)
    page = browser_of(make.user(Role.HOUSING)).get(address(case, homes))
    without = [row for row in page.soup.select(".compare tbody tr")
               if not row.th.get_text(strip=True).startswith("貸主の受け入れ")]  # fmt: skip
    told = " ".join(row.get_text(" ", strip=True) for row in without)
    for word in ("避難", "刑務所", "生活保護", "DV", "刑余", "544円", "123,456"):
        assert word not in told, told
    assert "入居者の条件" in told


def test_a_stranger_does_not_find_the_comparison(counter, make, clerk, browser_of):
    home, case = a_home(make, clerk), a_case(make, clerk)
    browser_of(make.user(Role.HOUSING)).get(address(case, [home]), status=404)
    browser_of(make.user(Role.FOODBANK)).get(address(case, [home]), status=403)
    assert counter.get(address(case, [home])).status == 200


# ------------------------------------------------------------------------------- paper


def words_of(answer):
    pages = pypdf.PdfReader(io.BytesIO(answer.get_data())).pages
    return " ".join(page.extract_text() for page in pages).replace("\n", "")


def press(browser, case, paper, homes):
    page = browser.get(f"/cases/{case.id}/candidates")
    token = page.soup.find("input", attrs={"name": "csrf_token"})["value"]
    ids = [home.id if isinstance(home, Home) else home for home in homes]
    data = {"csrf_token": token, "home": ids}
    return browser.raw.post(f"/cases/{case.id}/{paper}", data=data)


def test_the_comparison_is_one_paper_that_names_nobody(counter, make, clerk, in_database):
    homes = [
        a_home(make, clerk, name="梅荘", rent=30000, accepts=[("dv", "yes")]),
        a_home(make, clerk, name="桜荘", rent=47000, accepts=[("dv", "yes")]),
    ]
    case = a_case(make, clerk, need={"groups": ["dv"]})
    keep(counter, case)
    page = counter.get(address(case, homes))
    answer = counter.raw.post(
        f"/cases/{case.id}/candidates/compare.pdf",
        data=page.typed("/compare.pdf"),
    )
    assert answer.status_code == 200
    text = words_of(answer)
    for word in ("住まいの見くらべ", "梅荘", "桜荘", "いちばん安い"):
        assert word in text
    for word in (case.number, case.code_name, case.name, "避難", "DV"):
        assert word not in text
    printed = in_database(
        lambda s: s.scalars(sa.select(AuditEntry.record_kind).where(AuditEntry.deed == "printed"))
        .all()
    )  # fmt: skip
    assert printed == ["match_run"]


@pytest.mark.parametrize("paper", ["candidates/compare.pdf", "candidates.pdf"])
def test_chosen_homes_of_a_hidden_household_need_a_second_yes(counter, make, clerk, paper):
    homes = [a_home(make, clerk), a_home(make, clerk)]
    work = Anchor(label="見本病院", address="x", latitude=35.5, longitude=139.4)
    case = a_case(make, clerk, protection=Protection.YES, need={"anchors": [work]})
    keep(counter, case)
    assert press(counter, case, paper, homes).status_code == 403
    second = make.user(Role.CONSULTANT)
    make.save(PrintApproval(case_id=case.id, paper=candidate_print.PAPER, requested_by=clerk.id,
                            approved_by=second.id, approved_at=now()))  # fmt: skip
    assert press(counter, case, paper, homes[:1] * 9 + [424242]).status_code == 422
    answer = press(counter, case, paper, homes)
    assert answer.status_code == 200
    assert "見本病院" not in words_of(answer)
    assert press(counter, case, paper, homes).status_code == 403


def test_the_list_on_paper_has_the_chosen_homes_and_no_others(counter, make, clerk):
    homes = [a_home(make, clerk, name=name) for name in ("梅荘", "桜荘", "松荘")]
    near = a_home(make, clerk, name="竹荘", rent=47000)
    case = a_case(make, clerk)
    keep(counter, case)
    page = counter.get(f"/cases/{case.id}/candidates?home={homes[1].id}&home={near.id}")
    answer = counter.raw.post(
        f"/cases/{case.id}/candidates.pdf", data=page.typed("/candidates.pdf")
    )
    text = words_of(answer)
    assert "桜荘" in text
    assert "竹荘" in text
    assert "変わると合う点" in text
    assert "梅荘" not in text
    assert "松荘" not in text
    assert "梅荘" in words_of(press(counter, case, "candidates.pdf", []))


@pytest.mark.parametrize(
    ("paper", "count"),
    [("candidates.pdf", 7), ("candidates/compare.pdf", 5), ("candidates/compare.pdf", 1),
     ("candidates/compare.pdf", 0)],
)  # fmt: skip
def test_a_paper_with_too_many_or_too_few_homes_is_refused(counter, make, clerk, paper, count):
    homes = [a_home(make, clerk) for _ in range(7)]
    case = a_case(make, clerk)
    keep(counter, case)
    answer = press(counter, case, paper, homes[:count])
    assert answer.status_code == 422
    assert f"選ばれたのは{count}件" in answer.get_data(as_text=True)


@pytest.mark.parametrize("paper", ["candidates/compare.pdf", "candidates.pdf"])
def test_a_home_let_since_then_is_not_printed(counter, make, clerk, in_database, paper):
    homes = [a_home(make, clerk), a_home(make, clerk), a_home(make, clerk)]
    case = a_case(make, clerk)
    keep(counter, case)

    def let(session):
        session.get(Home, homes[0].id).state = HomeState.OCCUPIED

    in_database(let)
    answer = press(counter, case, paper, homes)
    assert answer.status_code == 422
    assert "うち1件は、いまは紙に載せられません" in answer.get_data(as_text=True)
    assert press(counter, case, paper, ["x"]).status_code == 422


@pytest.mark.parametrize("paper", ["candidates/compare.pdf", "candidates.pdf"])
def test_only_a_kept_run_is_printed(counter, make, clerk, paper):
    homes = [a_home(make, clerk), a_home(make, clerk)]
    case = a_case(make, clerk)
    answer = press(counter, case, paper, homes)
    assert answer.status_code == 422
    assert "探して結果を残す" in answer.get_data(as_text=True)


# ------------------------------------------------------------------------------- the map


def test_the_map_lists_every_group_beside_it_and_says_who_is_kept(counter, make, clerk):
    a_home(make, clerk, name="合う荘")
    a_home(make, clerk, name="高い荘", rent=47000)
    a_home(make, clerk, name="謎の荘", rent=None)
    case = a_case(make, clerk)
    page = counter.get(f"/cases/{case.id}/candidates?group=map")
    listed = page.soup.select_one(".map-list").get_text(" ", strip=True)
    for words in ("合う 1件", "合う荘", "あと一歩 1件", "高い荘", "まだ分からない 1件", "謎の荘"):
        assert words in listed
    assert page.soup.select_one("#places-places").string.count('"group"') == 3
    assert len(page.response.get_data()) < 150_000


def test_an_empty_map_says_so(counter, make, clerk):
    case = a_case(make, clerk, need={"move_by": today()})
    assert "地図に出す候補は、いまありません" in counter.get(
        f"/cases/{case.id}/candidates?group=map"
    ).text  # fmt: skip
