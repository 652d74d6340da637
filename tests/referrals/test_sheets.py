"""A sheet travels from counter to counter, and what came of it comes back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.cases.consents.models import Consent
from app.cases.models import Case
from app.db import today
from app.errors import ConflictError
from app.policy import OrganisationKind, Presented, Protection, Role
from app.referrals import services
from app.referrals.models import ReferralRecipient, ReferralSheet

PERSON = {"name": "架空 髙子", "told": "借金のことで眠れない", "asked": "家賃の相談をお願いします"}
ORAL = {"consent_method": "oral", "consent_record": "読み上げ、はいと答えた"}


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT, name="架空 窓子")


@pytest.fixture
def section(make):
    """Another office that signs in here."""
    office = make.organisation(OrganisationKind.CITY_SECTION, name="架空市 収納課")
    return make.user(Role.CONSULTANT, organisation=office, name="架空 収一")


def the_sheet(browser, section, *, url="/referrals/new", send="1", status=200, **values):
    page = browser.get(url)
    to = {"recipients-0-to": f"o{section.organisation_id}", "recipients-0-way": "walked"}
    typed = {**PERSON, **ORAL, **to, **values}
    return browser.submit(page, typed, also={"send": send}, status=status)


def test_a_sheet_made_at_one_counter_is_received_and_answered_by_another(
    make, browser_of, desk, section
):
    case = make.case(by=desk, name="架空 髙子", topics=["debt"])
    here, there = browser_of(desk), browser_of(section)
    sheet = the_sheet(here, section, url=f"/cases/{case.id}/referrals/new")
    assert "シートを送りました" in sheet.text
    assert "送った" in sheet.text
    assert "架空市 収納課" in sheet.text

    assert sheet.h1 in there.get("/").text
    theirs = there.get(sheet.url)
    assert "架空 髙子" in theirs.text
    assert "借金のことで眠れない" in theirs.text
    theirs = there.submit(theirs, action="/receipt")
    assert "受け取った" in theirs.text
    form = there.get(theirs.link("答えを返す"))
    assert form.link(theirs.h1) == theirs.url
    there.submit(form, {"result": "supported", "done": "分納を決めた", "next_step": "来月また"})

    story = here.get(f"/cases/{case.id}")
    assert "架空市 収納課から答え: 支援を始めた" in story.text
    assert "分納を決めた" in story.text
    assert "架空 収一" in story.text
    done = here.submit(here.get(sheet.url), action="/close")
    assert "終わり" in done.text


def test_the_recipient_reads_the_sheet_and_not_the_case(make, browser_of, desk, section):
    case = make.case(by=desk, name="架空 髙子", story="だれにも言わないで")
    sheet = the_sheet(browser_of(desk), section, url=f"/cases/{case.id}/referrals/new")
    there = browser_of(section)
    there.get(sheet.url)
    there.get(f"/cases/{case.id}", status=404)
    assert case.number not in there.get("/cases").text


def test_without_consent_nothing_is_sent_and_everything_typed_stays(browser_of, desk, section):
    here = browser_of(desk)
    none = {"consent_method": [], "consent_record": ""}
    refused = the_sheet(here, section, status=422, **none)
    assert "先に、伝えてよいかを本人に確かめて" in refused.errors
    assert refused.soup.find(id="f-name")["value"] == "架空 髙子"
    assert refused.soup.find("option", value=f"o{section.organisation_id}", selected=True)
    draft = the_sheet(here, section, send="", **none)
    assert "下書き" in draft.text
    assert browser_of(section).get(draft.url, status=404)
    url = f"{draft.url}/sheet.pdf"
    token = draft.soup.find("input", attrs={"name": "csrf_token"})["value"]
    assert here.raw.post(url, data={"csrf_token": token}).status_code == 403


def test_oral_consent_needs_its_words(browser_of, desk, section):
    refused = the_sheet(browser_of(desk), section, status=422, consent_record="")
    assert "口頭の同意は" in refused.errors


def test_a_consent_of_a_case_is_kept_among_the_cases_and_opens_nothing_else(
    make, browser_of, desk, section, in_database
):
    case = make.case(by=desk)
    here = browser_of(desk)
    sheet = the_sheet(here, section, url=f"/cases/{case.id}/referrals/new")
    page = here.get(f"/cases/{case.id}/consents")
    assert "つなぐシートの相手" in page.text
    here.submit(here.get(page.link("取りやめる")))
    browser_of(section).get(sheet.url, status=404)


def test_a_consent_taken_back_on_the_sheet_is_taken_back_among_the_cases_too(
    make, browser_of, desk, section, in_database
):
    case = make.case(by=desk)
    here = browser_of(desk)
    sheet = the_sheet(here, section, url=f"/cases/{case.id}/referrals/new")
    here.submit(here.get(here.get(sheet.url).link("取りやめる")))
    assert in_database(lambda s: s.query(Consent).one().withdrawn_at) is not None
    assert here.get(f"/cases/{case.id}/consents").soup.find("a", string="取りやめる") is None


def test_taking_the_consent_back_hides_the_sheet_from_the_next_request_on(
    browser_of, desk, section
):
    here, there = browser_of(desk), browser_of(section)
    sheet = the_sheet(here, section)
    assert sheet.h1 in there.get("/referrals").text
    asked = here.get(here.get(sheet.url).link("取りやめる"))
    after = here.submit(asked)
    assert "送り先は、もう読めません" in after.text
    there.get(sheet.url, status=404)
    assert sheet.h1 not in there.get("/referrals").text
    assert sheet.h1 not in there.get("/").text
    assert "架空支援機関" not in there.get("/referrals/figures").text
    here.submit(asked, status=409)


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.CONSULTANT, (True, True)),
        (Role.HOUSING, (True, False)),
        (Role.FOLLOWUP, (True, False)),
        (Role.FOODBANK, (False, False)),
    ],
)
def test_each_role_reads_as_deep_as_it_ever_looks(make, browser_of, section, role, seen):
    sheet = the_sheet(browser_of(make.user()), section)
    reader = make.user(role, organisation=make.the_organisation(section))
    page = browser_of(reader).get(sheet.url)
    assert ("架空 髙子" in page.text) is seen[0]
    assert ("借金" in page.text) is seen[1]
    assert "家賃の相談をお願いします" in page.text
    listed = browser_of(reader).get("/referrals").text
    assert ("架空 髙子" in listed) is seen[0]


def test_a_stranger_learns_nothing(make, browser_of, desk, section):
    sheet = the_sheet(browser_of(desk), section)
    stranger = browser_of(make.user(Role.CONSULTANT))
    stranger.get(sheet.url, status=404)
    assert sheet.h1 not in stranger.get("/referrals?side=in").text
    assert sheet.h1 not in stranger.get("/referrals?side=out").text


@pytest.mark.parametrize(("protection", "told"), [("no", True), ("unknown", False), ("yes", False)])
def test_the_place_goes_along_only_where_there_is_no_danger(
    browser_of, desk, section, protection, told
):
    place = {"protection": protection, "address": "架空町1-2-3", "phone": "046-000-0000"}
    sheet = the_sheet(browser_of(desk), section, **place)
    page = browser_of(section).get(sheet.url)
    assert ("架空町1-2-3" in page.text) is told
    assert ("046-000-0000" in page.text) is told


def test_the_place_on_a_sheet_is_hidden_once_its_household_is_protected(
    make, browser_of, desk, section, in_database
):
    case = make.case(by=desk, name="架空 髙子")
    here, there = browser_of(desk), browser_of(section)
    place = {"protection": "no", "address": "架空町1-2-3", "phone": "046-000-0000"}
    sheet = the_sheet(here, section, url=f"/cases/{case.id}/referrals/new", **place)
    colleague = browser_of(make.user(Role.CONSULTANT, organisation=make.the_organisation(desk)))
    assert "架空町1-2-3" in there.get(sheet.url).text
    assert "架空町1-2-3" in colleague.get(sheet.url).text

    def protect(session):
        session.get_one(Case, case.id).protection = Protection.YES

    in_database(protect)
    for browser in (there, colleague):
        page = browser.get(sheet.url)
        assert "借金のことで眠れない" in page.text
        assert "架空町1-2-3" not in page.text
        assert "046-000-0000" not in page.text
    taken = there.submit(there.get(sheet.url), action="/case")
    number = int(taken.url.rpartition("/")[2])
    theirs = in_database(lambda s: s.get_one(Case, number))
    assert (theirs.protection, theirs.address) == (Protection.UNKNOWN, None)


def test_several_counters_each_have_a_state_of_their_own(make, browser_of, desk, section):
    here = browser_of(desk)
    more = {"recipients-1-office": "架空病院 相談室", "recipients-1-way": "handed"}
    sheet = the_sheet(here, section, **more)
    heard = here.submit(sheet, {"received_by": "架空 看護師"}, action="/receipt")
    assert "架空 看護師" in heard.text
    there = browser_of(section)
    other = there.get(sheet.url)
    assert "送った" in other.text
    answer = there.submit(
        there.get(other.link("答えを返す")), {"result": "informed", "done": "案内"}
    )
    assert "案内・助言をした" in answer.text


def test_a_recipient_does_not_answer_for_another(make, browser_of, desk, section):
    here = browser_of(desk)
    sheet = the_sheet(here, section, **{"recipients-1-office": "架空病院 相談室"})
    there = browser_of(section)
    there.get(sheet.url)
    there.get(f"{sheet.url}/recipients/2/answer", status=403)
    here.get(f"{sheet.url}/recipients/1/answer", status=403)


def test_an_unreachable_way_and_the_same_counter_twice_are_refused(browser_of, desk, section):
    here = browser_of(desk)
    off = {
        "recipients-0-to": "",
        "recipients-0-office": "架空病院",
        "recipients-0-way": "electronic",
    }
    assert "このシステムでは届きません" in the_sheet(here, section, status=422, **off).errors
    twice = {"recipients-1-to": f"o{section.organisation_id}"}
    assert "二度あります" in the_sheet(here, section, status=422, **twice).text
    nobody = {"recipients-0-to": ""}
    assert "送り先を一つ以上" in the_sheet(here, section, status=422, **nobody).text
    nameless = {"name": "", "alias": ""}
    assert "どれか一つ" in the_sheet(here, section, status=422, **nameless).errors


def test_a_sheet_is_passed_on_and_the_chain_stays(make, browser_of, desk, section):
    sheet = the_sheet(browser_of(desk), section)
    third = make.user(
        Role.CONSULTANT,
        organisation=make.organisation(OrganisationKind.CITY_SECTION, name="架空課3"),
    )
    there = browser_of(section)
    url = there.get(sheet.url).link("つなぎ直す")
    onward = the_sheet(there, third, url=url, name="架空 髙子")
    assert sheet.h1 in onward.text
    assert "架空市 収納課 → 架空課3" in browser_of(desk).get(sheet.url).text
    assert browser_of(third).get(onward.url).h1 == onward.h1


def test_another_counter_does_not_learn_where_somebody_was_sent_on_to(
    make, browser_of, desk, section
):
    office = make.organisation(OrganisationKind.CITY_SECTION, name="架空市 健康課")
    other = make.user(Role.CONSULTANT, organisation=office)
    here, there = browser_of(desk), browser_of(section)
    more = {"recipients-1-to": f"o{office.id}", "recipients-1-way": "walked"}
    sheet = the_sheet(here, section, **more)
    beyond = {"recipients-0-to": "", "recipients-0-office": "架空相談所"}
    on = the_sheet(there, section, url=f"{sheet.url}/onward", **beyond)
    for browser in (here, there):
        assert "架空相談所" in browser.get(sheet.url).text
    page = browser_of(other).get(sheet.url)
    assert "架空相談所" not in page.text
    assert on.h1 not in page.text


def test_a_case_is_made_from_a_sheet_with_the_route_it_came_by(
    make, browser_of, desk, section, in_database
):
    office = make.the_organisation(desk).name
    make.session.rollback()
    sheet = the_sheet(browser_of(desk), section, alias="たかちゃん", topics=["debt"])
    there = browser_of(section)
    case = there.submit(there.get(sheet.url), action="/case")
    assert "架空 髙子" in case.text
    assert "借金のことで眠れない" in case.text
    assert office in case.text
    again = there.get(sheet.url)
    assert again.link("受け付けた相談を開く") == case.url


def test_of_two_who_receive_a_case_from_one_sheet_at_once_one_does(
    make, browser_of, desk, section, in_database
):
    sheet = the_sheet(browser_of(desk), section)
    pages = [(one := browser_of(section), one.get(sheet.url)) for _ in range(3)]

    def press(pair):
        browser, page = pair
        action = page.form_element("/case").get("action")
        return browser.raw.post(action, data=page.typed("/case")).status_code

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(press, pages)) == [303, 409, 409]
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Case.id)))) == 1


def test_a_helper_of_the_food_bank_makes_a_lead_and_reads_no_case(make, browser_of, section):
    helper = make.user(Role.FOODBANK)
    bank = browser_of(helper)
    lead = the_sheet(bank, section, kind="lead")
    assert "気になる人のつなぎ" in lead.text
    bank.get("/cases", status=403)
    bank.get(bank.get(lead.url).link("取りやめる"))
    other = make.user(Role.FOODBANK, organisation=make.the_organisation(helper))
    browser_of(other).get(lead.url, status=404)


def test_after_withdrawal_a_helper_keeps_no_name(make, browser_of, section):
    bank = browser_of(make.user(Role.FOODBANK))
    lead = the_sheet(bank, section, kind="lead")
    after = bank.submit(bank.get(bank.get(lead.url).link("取りやめる")))
    assert "架空 髙子" not in after.text
    assert "架空 髙子" not in bank.get("/referrals?side=out").text


def test_a_draft_is_corrected_and_the_second_of_two_sees_both(browser_of, desk, section):
    here = browser_of(desk)
    draft = the_sheet(here, section, send="")
    first, second = (here.get(draft.link("直す・送る")) for _ in range(2))
    here.submit(first, {"wish": "静かな所"})
    late = here.submit(second, {"wish": "にぎやかな所"}, status=409)
    assert "静かな所" in late.text
    assert "にぎやかな所" in late.text
    sent = here.submit(late, also={"send": "1"})
    assert "送った" in sent.text
    here.submit(first, {"wish": "遅い"}, status=409)


def test_pressing_twice_makes_one_sheet(browser_of, desk, section, in_database):
    here = browser_of(desk)
    page = here.get("/referrals/new")
    for _ in range(2):
        here.submit(page, {"alias": "たか"})
    assert in_database(lambda s: s.query(ReferralSheet).count()) == 1


def test_a_sheet_on_paper_is_typed_in_later(browser_of, desk):
    here = browser_of(desk)
    page = here.get("/referrals/paper/new")
    typed = {**PERSON, "consent_method": "signed", "from_office": "架空市 健康課",
             "on_paper": str(today()), "consent_on": str(today())}  # fmt: skip
    sheet = here.submit(page, typed)
    assert "紙で受け取った日" in sheet.text
    assert "架空市 健康課" in sheet.text
    assert "受け取った" in sheet.text
    page = here.get("/referrals/paper/new")
    late = here.submit(page, typed | {"on_paper": "2090-01-01"}, status=422)
    assert "まだ来ていない日" in late.errors
    page = here.get("/referrals/paper/new")
    assert "同意の欄" in here.submit(page, typed | {"consent_method": []}, status=422).errors


def test_papers_carry_no_name_in_their_file_and_nothing_of_a_hidden_place(
    make, browser_of, desk, section
):
    here = browser_of(desk)
    sheet = the_sheet(here, section)
    token = sheet.soup.find("input", attrs={"name": "csrf_token"})["value"]
    answer = here.raw.post(f"{sheet.url}/sheet.pdf", data={"csrf_token": token})
    assert answer.data.startswith(b"%PDF")
    assert sheet.h1 in answer.headers["Content-Disposition"]
    assert here.raw.get("/referrals/blank.pdf").data.startswith(b"%PDF")


def test_a_protected_households_sheet_is_printed_once_a_second_person_agreed(
    make, browser_of, desk, section
):
    case = make.case(by=desk, protection="yes")
    here = browser_of(desk)
    sheet = the_sheet(here, section, url=f"/cases/{case.id}/referrals/new")
    token = sheet.soup.find("input", attrs={"name": "csrf_token"})["value"]
    answer = here.raw.post(f"{sheet.url}/sheet.pdf", data={"csrf_token": token})
    assert answer.status_code == 403


def test_the_log_holds_names_of_fields_and_no_values(browser_of, desk, section, in_database):
    here = browser_of(desk)
    the_sheet(here, section)
    entries = in_database(
        lambda s: [f"{e.record_kind} {e.fields} {e.basis}" for e in s.query(AuditEntry)]
    )
    assert any("referral_sheet" in entry and "told" in entry for entry in entries)
    assert not any("架空" in entry or "借金" in entry for entry in entries)


def sent_three_weeks_ago(session):
    """Long enough ago for five working days, whatever holidays lie between."""
    session.query(ReferralSheet).one().sent_at -= timedelta(weeks=3)


def test_a_sheet_nobody_answered_is_asked_after(browser_of, desk, section, in_database):
    here = browser_of(desk)
    sheet = the_sheet(here, section)
    assert "答えがまだ" not in here.get("/").text
    in_database(sent_three_weeks_ago)
    assert "答えがまだ" in here.get("/").text
    assert sheet.h1 in here.get("/").text


def test_a_sheet_nobody_can_answer_any_more_is_not_asked_after(
    browser_of, desk, section, in_database
):
    here = browser_of(desk)
    sheet = the_sheet(here, section)
    in_database(sent_three_weeks_ago)
    here.submit(here.get(here.get(sheet.url).link("取りやめる")))
    assert "答えがまだ" not in here.get("/").text


def test_a_sheet_that_came_on_paper_waits_for_us_and_nobody_else_is_asked(
    browser_of, desk, in_database
):
    here = browser_of(desk)
    typed = {**PERSON, "consent_method": "signed", "from_office": "架空市 健康課",
             "on_paper": str(today()), "consent_on": str(today())}  # fmt: skip
    here.submit(here.get("/referrals/paper/new"), typed)
    in_database(sent_three_weeks_ago)
    first = here.get("/").text
    assert "届いたシート" in first
    assert "答えがまだ" not in first


def test_of_two_who_receive_the_person_at_once_one_is_refused(
    make, browser_of, desk, section, in_database
):
    sheet_id = int(the_sheet(browser_of(desk), section).url.rpartition("/")[2])
    case_id = make.case(by=section).id

    def come_second(session):
        sheet = session.get_one(ReferralSheet, sheet_id)
        [recipient] = sheet.recipients
        table = ReferralRecipient.__table__
        session.execute(sa.update(table).values(case_id=case_id))  # past the object in hand
        with pytest.raises(ConflictError, match="もう相談を受け付けています"):
            services.open_case(
                session,
                sheet=sheet,
                shown=Presented({"name": "架空 髙子"}),
                recipient=recipient,
                organisation_id=section.organisation_id,
                user_id=section.id,
                today=today(),
            )

    in_database(come_second)


def test_the_lists_take_as_many_statements_for_six_sheets_as_for_two(
    browser_of, desk, section, count_queries
):
    here, there = browser_of(desk), browser_of(section)
    counts = []
    for more in (2, 4):
        for _ in range(more):
            the_sheet(here, section)
        counts.append([])
        for browser, url in ((here, "/referrals?side=out"), (there, "/referrals"), (there, "/")):
            browser.get(url)
            count_queries()
            browser.get(url)
            counts[-1].append(count_queries())
    assert all(late <= early for early, late in zip(*counts, strict=True)), counts
