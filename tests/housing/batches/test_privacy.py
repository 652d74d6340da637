"""What a batch tells whom: nobody in hiding is in a pair, count, order or file."""

from datetime import timedelta

from app.audit.models import AuditEntry, Deed
from app.cases.consents.models import Consent
from app.cases.models import Dwelling
from app.cases.needs.models import StayAwayZone
from app.cases.work.models import TeamMember
from app.db import today
from app.housing.batches import services
from app.housing.batches.models import MatchBatch
from app.policy import ConsentItem, Protection, RecipientKind, Role
from tests.housing.batches.kit import api, fix, lock, made, name_of, pairs_on
from tests.housing.makers import a_case, a_home
from tests.test_printing import text_of


def test_a_household_in_hiding_is_taken_in_by_its_team_alone(make, desk, browser_of):
    hidden = a_case(make, desk, team=False, protection=Protection.YES)
    plain = a_case(make, desk)
    a_home(make, desk)
    a_home(make, desk)
    page = made(browser_of(desk))
    assert list(pairs_on(page)) == [plain.number]
    assert hidden.number not in page.text
    assert "ほかに1世帯あります" in page.text


def test_a_colleague_reads_the_batch_without_the_household_in_hiding(make, desk, browser_of, app):
    hidden = a_case(make, desk, protection=Protection.YES)
    plain = a_case(make, desk, need={"agreed_rent": 38000})
    home = a_home(make, desk, rent=38000)
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(desk))
    mine = made(browser_of(desk))
    assert list(pairs_on(mine)) == [hidden.number]
    browser = browser_of(colleague)
    page = browser.get("/batches/1")
    assert not pairs_on(page)
    assert hidden.number not in page.text
    assert name_of(home) not in page.text
    for tile in page.soup.select(".batch-policies .tile-value"):
        assert tile.get_text(strip=True) == "0世帯が入れる"
    assert "承認を待っています" not in browser.get("/").text
    file = browser.raw.get("/batches/1/pairs.csv").get_data(as_text=True)
    assert plain.number in file
    assert hidden.number not in file
    assert name_of(home) not in file
    choices = browser.get(f"/batches/1/households/{plain.id}").text
    assert "ほかの世帯の行き先がなくなります" in choices
    browser.get(f"/batches/1/households/{hidden.id}", status=404)
    body = {"pairs": [f"{hidden.id}-{home.id}"]}
    answer = api(app, colleague, "POST", "/batches/1/holds", body)
    assert answer.json[0]["outcome"] == "not_proposed"
    refused = api(app, colleague, "POST", "/batches/1/locks", fix(hidden, home))
    assert refused.status_code == 404


def test_a_partner_who_knows_of_one_household_does_not_decide_for_all(make, desk, browser_of, app):
    shared, _other = a_case(make, desk), a_case(make, desk)
    homes = [a_home(make, desk), a_home(make, desk)]
    partner = make.user(Role.CONSULTANT)
    make.save(TeamMember(case_id=shared.id, user_id=partner.id, since=today()))
    made(browser_of(desk))
    page = browser_of(partner).get("/batches/1")
    assert list(pairs_on(page)) == [shared.number]
    assert "解き直す" not in page.text
    refused = api(app, partner, "POST", "/batches/1/policy", {"policy": "most"})
    assert refused.status_code == 403
    fixed = api(app, partner, "POST", "/batches/1/locks", fix(shared, homes[0]))
    assert fixed.status_code == 201


def test_another_organisation_does_not_learn_of_a_batch(town, desk, make, browser_of):
    made(browser_of(desk))
    stranger = browser_of(make.user(Role.CONSULTANT))
    stranger.get("/batches/1", status=404)
    assert "記録 1" not in stranger.get("/batches").text


def test_a_home_near_a_place_to_stay_away_from_is_in_no_pair_and_the_zone_is_stored_nowhere(
    make, desk, browser_of, in_database
):
    case = a_case(make, desk, protection=Protection.YES)
    near = a_home(make, desk)
    far = a_home(make, desk, latitude=35.60, longitude=139.60)
    make.save(
        StayAwayZone(case_id=case.id, latitude=35.4993, longitude=139.4085, radius_m=1234,
                     recorded_by=desk.id)
    )  # fmt: skip
    page = made(browser_of(desk))
    assert pairs_on(page) == {case.number: name_of(far)}
    assert name_of(near) not in browser_of(desk).get(f"/batches/1/households/{case.id}").text

    def everything(session):
        batch = session.get_one(MatchBatch, 1)
        return str((batch.inputs, batch.asked, batch.answer))

    assert "1234" not in in_database(everything)


def test_a_housing_worker_reads_no_groups_and_no_sleeping_place(make, desk, browser_of):
    worker = make.user(Role.HOUSING, organisation=make.the_organisation(desk))
    street = a_case(make, desk, dwelling=Dwelling.STREET, need={"groups": ["dv"]})
    soon = a_case(make, desk, leave_by=today() + timedelta(days=40))
    for case in (street, soon):
        make.save(TeamMember(case_id=case.id, user_id=worker.id, since=today()))
    a_home(make, desk, accepts=[("dv", "yes")])
    a_home(make, desk, accepts=[("dv", "yes")])
    mine = made(browser_of(desk))
    assert list(pairs_on(mine)) == [street.number, soon.number]
    page = browser_of(worker).get("/batches/1")
    assert list(pairs_on(page)) == [soon.number, street.number]
    assert "路上" not in page.text
    assert "避難" not in page.text


def test_looks_at_a_batch_are_written_down(town, desk, browser_of, in_database):
    browser = browser_of(desk)
    made(browser)
    browser.raw.get("/batches/1/pairs.csv")
    browser.raw.get("/batches/1/meeting.pdf")

    def deeds(session):
        rows = session.query(AuditEntry).filter(AuditEntry.record_kind == "case",
                                                AuditEntry.record_id == town.urgent.id)  # fmt: skip
        return {row.deed for row in rows}

    assert {Deed.VIEWED, Deed.EXPORTED, Deed.PRINTED} <= in_database(deeds)


def test_the_paper_names_no_household_in_hiding(make, desk, browser_of):
    hidden = a_case(make, desk, protection=Protection.YES, dwelling=Dwelling.STREET)
    plain = a_case(make, desk, name="架空 花子")
    for _ in range(2):
        a_home(make, desk)
    browser = browser_of(desk)
    made(browser)
    text = text_of(browser.raw.get("/batches/1/meeting.pdf").data)
    assert plain.number in text
    assert hidden.number not in text
    assert "花子" not in text


def test_a_partner_on_the_team_finds_the_batch_and_reads_that_household_alone(
    town, desk, make, browser_of
):
    partner = make.user(Role.HOUSING)
    made(browser_of(desk))
    assert "記録 1" not in browser_of(partner).get("/batches").text
    make.save(TeamMember(case_id=town.easy.id, user_id=partner.id, since=today()))
    browser = browser_of(partner)
    assert "記録 1" in browser.get("/batches").text
    page = browser.get("/batches/1")
    assert pairs_on(page) == {town.easy.number: name_of(town.dear)}
    assert town.urgent.number not in page.text
    assert town.late.number not in page.text


def test_what_changed_names_nobody_who_may_not_be_named(make, desk, browser_of):
    long_ago = {"received_on": today() - timedelta(days=100)}  # nobody like them is expected
    hidden = a_case(make, desk, protection=Protection.YES, need={"agreed_rent": 38000}, **long_ago)
    plain = a_case(make, desk, need={"agreed_rent": 50000}, **long_ago)
    cheap, dear = a_home(make, desk, rent=38000), a_home(make, desk, rent=45000)
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(desk))
    browser = browser_of(desk)
    page = made(browser)
    assert pairs_on(page)[plain.number] == name_of(dear)
    page = lock(browser, page, hidden, cheap)
    assert pairs_on(page) == {plain.number: name_of(cheap)}
    told = browser_of(colleague).get("/batches/1").soup.select_one("#moves").get_text()
    assert f"{plain.number}は、ほかの組が変わったため、{name_of(cheap)}に変わります" in told
    assert hidden.number not in told
    assert "ほかの世帯" not in told


def test_an_answer_stored_for_a_repeat_is_not_given_to_whoever_sees_less_by_now(
    make, desk, app, in_database
):
    case = a_case(make, desk, protection=Protection.YES)
    a_home(make, desk)
    headers = {"Authorization": f"Bearer {desk.token}", "Idempotency-Key": "the-same-key"}

    def ask():
        return app.test_client().post("/api/v1/batches", headers=headers)

    first = ask()
    assert first.json["pairs"][0]["case_id"] == case.id
    assert ask().json == first.json
    in_database(lambda session: session.query(TeamMember).delete())
    assert ask().status_code == 403
    assert api(app, desk, "GET", "/batches/1").json["pairs"] == []


def test_groups_are_named_as_homes_to_look_for_only_to_those_who_read_them(make, desk, browser_of):
    worker = make.user(Role.HOUSING, organisation=make.the_organisation(desk))
    case = a_case(make, desk, need={"groups": ["foreign"]})
    make.save(TeamMember(case_id=case.id, user_id=worker.id, since=today()))
    mine = made(browser_of(desk))
    assert "外国籍の方可" in mine.text
    theirs = browser_of(worker).get("/batches/1")
    assert case.number in theirs.text
    assert "外国籍" not in theirs.text


def test_a_place_to_stay_away_from_that_is_named_later_counts_from_the_next_solving_on(
    make, desk, browser_of, in_database
):
    case = a_case(make, desk, protection=Protection.YES)
    near = a_home(make, desk)
    browser = browser_of(desk)
    page = made(browser)
    assert pairs_on(page) == {case.number: name_of(near)}
    make.save(
        StayAwayZone(case_id=case.id, latitude=35.4993, longitude=139.4085, radius_m=1234,
                     recorded_by=desk.id)
    )  # fmt: skip
    page = browser.submit(page, action="/solving")
    assert not pairs_on(page)
    assert name_of(near) not in browser.get(f"/batches/1/households/{case.id}").text
    assert in_database(lambda s: services.replays(s.get_one(MatchBatch, 1)))
    assert "1234" not in in_database(lambda s: str(s.get_one(MatchBatch, 1).asked))


def test_an_answer_stored_for_a_repeat_is_as_deep_as_the_asker_looks_by_now(
    make, desk, app, in_database
):
    partner = make.user(Role.CONSULTANT)
    case = a_case(make, desk, protection=Protection.NO, dwelling=Dwelling.STREET)
    make.consent(case, RecipientKind.PARTNER, ConsentItem.CONTACT)
    deep = make.consent(case, RecipientKind.PARTNER, ConsentItem.CARE)
    a_home(make, desk)
    headers = {"Authorization": f"Bearer {partner.token}", "Idempotency-Key": "the-same-key"}

    def ask():
        return app.test_client().post("/api/v1/batches", headers=headers)

    assert "路上" in ask().text
    in_database(lambda session: session.delete(session.get_one(Consent, deep.id)))
    assert "路上" not in api(app, partner, "GET", "/batches/1").text
    assert ask().status_code == 403
