"""Partners of every kind: whom to phone, what they do, how working together came about."""

import re

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.directory.codes import Offer, PartnerSystem
from app.directory.models import (
    Partner,
    PartnerContact,
    PartnerKind,
    PartnerService,
    PartnerSystemLink,
)
from app.directory.usual import add_usual_partners, usual_partners
from app.policy import Role
from tests.referrals.test_sheets import ORAL, PERSON


def section(make, name, **more):
    return make.save(Partner(kind=PartnerKind.CITY_SECTION, name=name, name_key=name, **more))


@pytest.fixture
def desk(make, browser_of):
    return browser_of(make.user(Role.CONSULTANT))


def registered(desk, kind="city_section", **typed):
    return desk.submit(desk.get(f"/partners/new?kind={kind}"), typed)


def names(page):
    return [tag.get_text() for tag in page.soup.select("tbody th a b")]


TYPED = {
    "name": "𠮷野﨑課", "kana": "よしのさきか", "phone": "０４６－000－1111",
    "contact_hours": "平日", "does": "税の分納の相談", "office": "1階", "postal_code": "2520021",
    "contacts-0-name": "髙橋 例子", "contacts-0-role": "係", "contacts-0-extension": "１２３",
    "services-0-offer": "money", "services-0-name": "分納の相談", "services-0-for_whom": "滞納の人",
    "services-0-languages": "やさしい日本語", "systems": ["local_tax", "pension"],
    "steps-heads_told": "R8.4.1", "troubles": "約束が続かない", "web": "https://example.jp/a",
}  # fmt: skip


def test_a_section_tells_whom_to_phone_first_and_keeps_every_character(desk):
    page = registered(desk, **TYPED)
    text = page.text
    for words in (
        "𠮷野﨑課", "046-000-1111", "髙橋 例子", "内線 123", "分納の相談", "滞納の人", "地方税",
        "年金",        "2026年4月1日", "約束が続かない", "やさしい日本語",
    ):  # fmt: skip
        assert words in text, words
    assert text.index("046-000-1111") < text.index("分納の相談") < text.index("約束が続かない")
    assert page.soup.find("a", href="tel:046-000-1111")
    assert page.soup.find("a", href="https://example.jp/a")


def test_a_row_keeps_its_number_while_it_is_corrected_and_goes_when_emptied(desk, in_database):
    page = registered(desk, **TYPED, **{"contacts-1-role": "窓口"})
    ask = lambda s: s.execute(  # noqa: E731 - one question asked three times
        sa.select(PartnerContact.uuid, PartnerContact.name, PartnerContact.role)
        .order_by(PartnerContact.position)
    ).all()  # fmt: skip
    first = in_database(ask)
    page = desk.submit(desk.get(page.link("内容を直す")), {"contacts-0-name": "髙橋 改子"})
    second = in_database(ask)
    assert [row.uuid for row in second] == [row.uuid for row in first]
    assert second[0].name == "髙橋 改子"
    emptied = {f"contacts-0-{name}": "" for name in ("name", "role", "extension")}
    desk.submit(desk.get(page.link("内容を直す")), emptied)
    assert [row.role for row in in_database(ask)] == ["窓口"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"web": "javascript:alert(1)"}, "ホームページ: http:// か https://"),
        ({"email": "だれか"}, "メールの形で"),
        ({"postal_code": "12"}, "郵便番号を7けた"),
        ({"contacts-0-best_time": "午後"}, "名前・役割・電話のどれか"),
        ({"services-0-name": "相談"}, "「何を」を選んでください"),
        (
            {"services-0-offer": "money", "services-0-name": "046-251-0001へ"},
            "電話番号は電話の欄に",
        ),
        ({"steps-first_one": "いつか"}, "日付として読めません"),
        ({"does": "困ったら 046-251-0001"}, "電話番号は電話の欄に"),
    ],
)
def test_what_cannot_be_taken_is_said_at_the_field_and_nothing_is_lost(
    desk, in_database, typed, words
):
    page = desk.get("/partners/new?kind=other")
    page = desk.submit(page, {"name": "架空の会", "note": "残る", **typed}, status=422)
    assert words in page.errors
    linked = {a["href"][1:] for a in page.soup.select("[data-error-summary] a")}
    assert all(page.soup.find(id=one) for one in linked), linked
    assert page.soup.find("textarea", attrs={"name": "note"}).get_text().strip() == "残る"
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Partner.id)))) == 0


def test_both_versions_are_shown_with_their_rows(desk):
    url = registered(desk, **TYPED).link("内容を直す")
    first, second = desk.get(url), desk.get(url)
    desk.submit(first, {"contacts-0-name": "先の人", "steps-first_one": "2026-05-01"})
    conflict = desk.submit(second, {"contacts-0-name": "後の人"}, status=409)
    for words in ("先の人", "後の人", "「はじめの1人」が来た 2026-05-01"):
        assert words in conflict.text
    assert "後の人" in desk.submit(conflict).text


def test_a_section_lies_below_one_organisation_and_names_are_unique_within(desk, make):
    towns = [section(make, name) for name in ("甲市役所", "乙市役所")]
    for town in towns:
        page = registered(desk, name="収納課", parent_id=str(town.id))
        assert town.name in page.text
    page = desk.get("/partners/new?kind=city_section")
    again = {"name": "収納課", "parent_id": str(towns[0].id)}
    assert "もう登録されています" in desk.submit(page, again, status=422).errors
    top = desk.get(f"/partners/{towns[0].id}")
    assert "収納課" in top.text
    below = desk.get(f"/partners/{towns[0].id}/edit")
    assert (
        "属する課があるため"
        in desk.submit(below, {"parent_id": str(towns[1].id)}, status=422).errors
    )


@pytest.fixture
def listed(make):
    section(
        make,
        "収納課",
        does="税の相談",
        services=[
            PartnerService(position=0, offer=Offer.MONEY, name="分納の相談", for_whom="滞納の人"),
        ],
        system_links=[PartnerSystemLink(system=PartnerSystem.LOCAL_TAX)],
    )
    section(make, "医療課", active=False)
    make.save(Partner(kind=PartnerKind.PROVIDER, name="架空ｻﾎﾟｰﾄ", name_key="架空サポート"))
    make.save(Partner(kind=PartnerKind.DONOR, name="個人の寄贈者", name_key="個人の寄贈者"))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["架空ｻﾎﾟｰﾄ", "収納課"]),
        ("?ended=1&kind=city_section", ["医療課", "収納課"]),
        ("?system=local_tax", ["収納課"]),
        ("?offer=money", ["収納課"]),
        ("?offer=work", []),
        ("?words=ﾌﾞﾝﾉｳ", []),
        ("?words=分納", ["収納課"]),
        ("?words=サポート", ["架空ｻﾎﾟｰﾄ"]),
        ("?words=地方税", ["収納課"]),
        ("?words=家計", ["収納課"]),
        ("?kind=provider", ["架空ｻﾎﾟｰﾄ"]),
    ],
)
def test_the_list_is_narrowed(make, browser_of, listed, asked, found):
    page = browser_of(make.user(Role.HOUSING)).get(f"/partners{asked}")
    assert sorted(names(page)) == sorted(found)


def test_a_filter_nobody_knows_is_refused(desk):
    assert desk.get("/partners?system=magic", status=422)


def test_donors_are_there_for_the_food_bank_and_for_nobody_else(make, browser_of, listed):
    donor = "個人の寄贈者"
    seen = {}
    for role in (Role.FOODBANK, Role.CONSULTANT, Role.HOUSING, Role.FOLLOWUP, Role.ORG_ADMIN):
        browser = browser_of(make.user(role))
        page = browser.get("/partners")
        file = browser.raw.get("/partners.csv").get_data(as_text=True)
        assert (donor in page.text) is (donor in file)
        assert ("寄贈者" in [a.get_text(strip=True) for a in page.soup.select(".tabs a")]) is (
            donor in page.text
        )
        seen[role] = donor in page.text
        status = browser.raw.get("/partners/new?kind=donor").status_code
        assert (status == 200) is (role is Role.FOODBANK), role
        found = browser.raw.get("/partners?kind=donor").get_data(as_text=True)
        assert (donor in found) is seen[role]
    assert [role for role, there in seen.items() if there] == [Role.FOODBANK, Role.CONSULTANT]


def test_notes_and_troubles_are_for_who_keeps_the_partner(make, browser_of):
    one = section(make, "収納課", note="内緒のメモ", troubles="内緒の困りごと", phone="046-000-1")
    for role, whole in ((Role.CONSULTANT, True), (Role.FOLLOWUP, False), (Role.FOODBANK, False)):
        browser = browser_of(make.user(role))
        text = browser.get(f"/partners/{one.id}").text
        assert "046-000-1" in text
        assert ("内緒" in text) is whole
        assert ("つながりの歩み" in text) is whole
        assert browser.raw.get(f"/partners/{one.id}/edit").status_code == (200 if whole else 403)


def test_how_to_apply_at_a_realtor_is_for_who_phones(make, browser_of):
    realtor = make.save(
        Partner(kind=PartnerKind.REALTOR, name="架空ホーム", name_key="架空ホーム",
                address="架空町9", services=[PartnerService(
                    position=0, offer=Offer.HOUSING, name="空室の紹介",
                    how_to_apply="046-251-0001へ")])
    )  # fmt: skip
    for role, told in ((Role.HOUSING, True), (Role.CONSULTANT, False)):
        text = browser_of(make.user(role)).get(f"/partners/{realtor.id}").text
        assert "空室の紹介" in text
        assert ("046-251-0001" in text) is told
        assert ("架空町9" in text) is told


def test_looking_at_people_is_written_down(desk, make, in_database):
    one = section(make, "収納課", contacts=[PartnerContact(position=0, name="髙橋 例子")])
    desk.get(f"/partners/{one.id}")
    seen = sa.select(AuditEntry.record_id).where(AuditEntry.record_kind == "partner")
    assert in_database(lambda s: s.scalars(seen).all()) == [one.id]


def test_registering_asks_for_the_kind_and_offers_those_one_keeps(make, browser_of, desk):
    page = desk.get("/partners/new")
    labels = [a.get_text(strip=True) for a in page.soup.select("main li a") if "kind=" in a["href"]]
    assert labels == ["市役所・課", "支援事業者", "居住支援協議会", "ほかの機関"]
    bank = browser_of(make.user(Role.FOODBANK))
    assert bank.get("/partners/new").h1 == "寄贈者を登録する"


# ------------------------------------------------------------------------------- shipped partners


def test_the_shipped_partners_speak_of_all_17_systems_and_of_no_number():
    rows = [values for _kind, _parent, values in usual_partners()]
    assert {system for row in rows for system in row["systems"]} == set(PartnerSystem)
    assert len(rows) >= 45
    assert not any(row["phone"] or row["contacts"] for row in rows)
    assert not any(re.search(r"\d{3,}", row["does"]) for row in rows)


@pytest.mark.parametrize("words", ["家賃の滞納", "家賃 家計", "立ち退き"])
def test_whom_to_phone_about_rent_arrears_is_found_among_the_shipped(app, make, browser_of, words):
    user = make.user(Role.CONSULTANT)
    app.test_cli_runner().invoke(args=["import", "partners", "--user", user.login])
    assert names(browser_of(user).get(f"/partners?words={words}"))


def test_taking_the_shipped_partners_in_again_leaves_corrections(app, make, in_database):
    user = make.user(Role.CONSULTANT)
    known = section(make, "座間市役所", note="前からある")
    run = app.test_cli_runner().invoke
    first = run(args=["import", "partners", "--user", user.login])
    added = len(list(usual_partners())) - 1
    assert f'{{"added": {added}}}' in first.output

    def rename(session):
        one = session.scalars(sa.select(Partner).where(Partner.name == "収納課")).one()
        assert one.parent_id == known.id
        one.name, one.name_key = "納税課", "納税課"

    in_database(rename)
    assert '{"added": 0}' in run(args=["import", "partners", "--user", user.login]).output
    assert in_database(lambda s: add_usual_partners(s, user_id=user.id)) == 0
    there = in_database(lambda s: s.scalars(sa.select(Partner.name)).all())
    assert "納税課" in there
    assert "収納課" not in there
    for role in (Role.FOLLOWUP, Role.FOODBANK):
        args = ["import", "partners", "--user", make.user(role).login]
        assert run(args=args).exit_code != 0


# --------------------------------------------------------------------------------- to and fro


def test_sheets_are_counted_both_ways_and_small_figures_are_told_to_readers_alone(
    make, browser_of, in_database
):
    user = make.user(Role.CONSULTANT)
    desk = browser_of(user)
    manager = browser_of(make.user(Role.ORG_ADMIN, organisation=make.the_organisation(user)))
    stranger = browser_of(make.user(Role.FOLLOWUP))
    tax, health = section(make, "収納課"), section(make, "健康課")
    days = {"収納課": ("2026-09-10", "2026-09-20", "2026-10-01"), "健康課": ("2026-09-10",)}
    for office, dates in days.items():
        for day in dates:
            page = desk.get("/referrals/paper/new")
            typed = {**PERSON, **ORAL, "from_office": office, "on_paper": day, "consent_on": day}
            desk.submit(page, typed)
    cards = {
        (who, one.name): _traffic(browser.get(f"/partners/{one.id}"))
        for who, browser in (("desk", desk), ("manager", manager), ("stranger", stranger))
        for one in (tax, health)
    }
    assert cards["desk", "収納課"].startswith("相手から 3件 リピーター 2026年9月10日")
    assert "こちらから 0件" in cards["desk", "収納課"]
    assert cards["desk", "健康課"].startswith("相手から 1件 2026年9月10日")
    assert cards["manager", "収納課"].startswith("相手から 3件 リピーター こちらから 3件未満")
    assert cards["manager", "健康課"].startswith("相手から 3件未満 こちらから 3件未満")
    assert "2026年" not in cards["manager", "健康課"] + cards["manager", "収納課"]
    assert cards["stranger", "収納課"] is None


def test_a_donor_is_no_counter_a_sheet_can_go_to(make, browser_of, listed):
    writer = browser_of(make.user(Role.HOUSING))
    page = writer.get("/referrals/new")
    choices = page.soup.find("select", attrs={"name": "recipients-0-to"}).get_text()
    assert "収納課" in choices
    assert "個人の寄贈者" not in page.text
    donor = "p4"  # the fourth that was registered
    sent = {**PERSON, **ORAL, "recipients-0-to": donor, "recipients-0-way": "posted"}
    refused = writer.submit(page, sent, status=422)
    assert refused.soup.find("a", href="#f-recipients-0-to")
    assert "個人の寄贈者" not in refused.text


def _traffic(page):
    card = next((c for c in page.soup.select(".card") if "行き来" in c.get_text()), None)
    return None if card is None else re.sub(r"\s+", " ", card.dl.get_text(" ")).strip()


def test_lists_pages_and_files_take_as_many_statements_for_six_as_for_two(
    make, browser_of, count_queries
):
    user = make.user(Role.CONSULTANT)
    desk = browser_of(user)
    above = section(make, "座間市役所")
    urls = ("/partners", "/partners.csv", "/partners/hsds.zip", "/partners/exchange",
            f"/partners/{above.id}", "/partners?words=相談&sort=checked")  # fmt: skip
    counts = {url: [] for url in urls}
    for more in (2, 4):
        for number in range(more):
            section(
                make, f"課{more}の{number}", parent_id=above.id,
                contacts=[PartnerContact(position=0, name="a")],
                services=[PartnerService(position=0, offer=Offer.MONEY, name="相談")],
                system_links=[PartnerSystemLink(system=PartnerSystem.PENSION)],
            )  # fmt: skip
        for url in urls:
            desk.raw.get(url)
            count_queries()
            desk.raw.get(url)
            counts[url].append(count_queries())
    assert all(after <= before <= 20 for before, after in counts.values()), counts
