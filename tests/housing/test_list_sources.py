"""Lists from several senders: each changes its own words, two that disagree are put to a person."""

import io
import re

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.directory.models import Partner, PartnerKind
from app.housing.codes import Group, HomeState
from app.housing.lists.models import (
    CouncilListImport,
    CouncilListRow,
    HomeStatement,
    QuestionState,
    RowOutcome,
)
from app.housing.models import Home
from app.policy import Role
from tests.housing.makers import (
    DATA,
    HEAD,
    NOVEMBER,
    OCTOBER,
    csv_list,
    from_sender,
    take_in,
    tiles,
    upload,
)

REGISTER = DATA / "safetynet_export_cp932.csv"
ROW = "コーポ相武,101,座間市相武台1-2-3,1K,22,{rent},{fee},,,,"


@pytest.fixture
def desk(make, browser_of):
    return browser_of(make.user(Role.HOUSING))


def count_homes(session):
    return session.scalar(sa.select(sa.func.count(Home.id)))


def only_home(session):
    return session.scalar(sa.select(Home))


def test_three_files_from_two_senders_give_each_home_once_on_the_pages(desk, in_database):
    october = tiles(take_in(desk, OCTOBER.read_bytes(), OCTOBER.name))
    assert (october["新しい"], october["読めない"]) == (100, 2)
    november = tiles(take_in(desk, NOVEMBER.read_bytes(), NOVEMBER.name))
    assert (november["新しい"], november["今月の一覧にない"], november["重複"]) == (25, 16, 2)
    register = take_in(desk, REGISTER.read_bytes(), REGISTER.name)
    found = tiles(register)
    assert (found["新しい"], found["今月の一覧にない"]) == (15, 0)
    assert found["変わった"] + found["同じ"] + found["確かめる"] == 12
    assert in_database(count_homes) == 140
    _check_register(in_database)


def test_three_files_from_two_senders_give_each_home_once_in_the_api(app, make, in_database):
    user = make.user(Role.HOUSING)

    def post(path):
        answer = app.test_client().post(
            "/api/v1/imports/council-lists",
            data={"file": (io.BytesIO(path.read_bytes()), path.name)},
            headers={"Authorization": f"Bearer {user.token}", "Idempotency-Key": path.name},
        )
        assert answer.status_code == 201, answer.json
        return answer.json

    assert post(OCTOBER)["counts"]["new"] == 100
    november = post(NOVEMBER)["counts"]
    assert (november["new"], november["gone"], november["repeat"]) == (25, 16, 2)
    register = post(REGISTER)
    counts = register["counts"]
    assert (counts["new"], counts["recognised"], counts["gone"]) == (15, 12, 0)
    assert counts["enriched"] > 0
    asked = [row for row in register["problems"] if row["outcome"] == "asked"]
    assert len(asked) == counts["asked"] > 0
    assert any("家賃が食い違います" in reason for row in asked for reason in row["reasons"])
    _check_register(in_database)


def _check_register(in_database):
    """What the register knows is taken in; what it says differently is kept beside and asked."""
    rows = in_database(lambda s: s.scalars(sa.select(CouncilListRow).join(CouncilListImport).where(
        CouncilListImport.file_name == REGISTER.name)).all())  # fmt: skip
    homes = [row.home_id for row in rows if row.outcome is not RowOutcome.SKIPPED]
    assert len(homes) == len(set(homes)) == 27
    asked = in_database(lambda s: s.scalars(sa.select(HomeStatement).where(
        HomeStatement.question == QuestionState.OPEN)).all())  # fmt: skip
    fields = {one.field for one in asked}
    assert {"rent", "vacancy"} <= fields
    for one in asked:
        assert one.home_id in homes
    rents = [one for one in asked if one.field == "rent"]
    for one in rents:
        home = in_database(lambda s, i=one.home_id: s.get_one(Home, i))
        assert home.rent != one.value
    gone = {home.id for home in in_database(lambda s: s.scalars(
        sa.select(Home).where(Home.missing_since.is_not(None))).all())}  # fmt: skip
    assert len(gone) == 16
    listed = {one.home_id for one in asked if one.field == "vacancy" and one.value == "listed"}
    assert listed <= gone
    kinds = in_database(lambda s: s.execute(sa.select(Partner.name, Partner.kind).join(
        CouncilListImport, CouncilListImport.sender_id == Partner.id)).all())  # fmt: skip
    assert {tuple(kind) for kind in kinds} == {
        ("神奈川県居住支援協議会", PartnerKind.COUNCIL),
        ("セーフティネット住宅情報提供システム", PartnerKind.OTHER),
    }


def test_a_home_gone_from_the_councils_list_but_in_the_register_is_asked_about(desk, in_database):
    first, second = (
        ROW.format(rent=40000, fee=0),
        ROW.format(rent=40000, fee=0).replace("101", "102"),
    )
    take_in(desk, csv_list(first, second), "協議会.csv")
    take_in(desk, csv_list(second), "協議会.csv")
    report = from_sender(desk, csv_list(ROW.format(rent=40000, fee=0)), "b.csv", "見本不動産")
    assert tiles(report)["確かめる"] == 1
    home = in_database(lambda s: s.scalar(sa.select(Home).filter_by(room="101")))
    assert home.missing_since is not None
    page = desk.get(f"/homes/{home.id}")
    assert "前の一覧にあり、新しい一覧にない" in page.text
    assert "募集中として載っている" in page.text
    desk.submit(page, {"reason": "電話で空きを確かめた"}, action="/questions/", button="Bを使う")
    home = in_database(lambda s: s.scalar(sa.select(Home).filter_by(room="101")))
    assert (home.missing_since, home.state) == (None, HomeState.VACANT)


def test_another_senders_rent_is_kept_beside_ours_until_a_person_decides(desk, in_database):
    from_sender(desk, csv_list(ROW.format(rent=40000, fee="")), "a.csv", "試験協議会")
    preview = desk.get("/homes/imports")
    file = {"file": (io.BytesIO(csv_list(ROW.format(rent=42000, fee=3000))), "b.csv"),
            "sender_name": "見本不動産"}  # fmt: skip
    preview = desk.submit(preview, file, action="/homes/imports")
    assert "試験協議会 40,000円 ／ この一覧 42,000円" in preview.text
    desk.submit(preview, action="/take-in")
    home = in_database(only_home)
    assert (home.rent, home.fee) == (40000, 3000)  # the fee nobody knew is taken in
    today = desk.get("/")
    assert "食い違いを決める（1件）" in today.text
    listed = desk.get("/homes/questions")
    assert re.search("40,000円.*試験協議会.*42,000円.*見本不動産", listed.text)
    page = desk.get(f"/homes/{home.id}")
    assert "食い違い（1件）" in page.text
    desk.submit(page, {"reason": ""}, action="/questions/", button="Bを使う", status=422)
    done = desk.submit(page, {"reason": "電話で確かめた"}, action="/questions/", button="Bを使う")
    assert "食い違い" not in done.text.replace("食い違いを決める", "")
    assert in_database(only_home).rent == 42000
    stale = desk.submit(page, {"reason": "もう一度"}, action="/questions/", button="Aを使う",
                        status=409)  # fmt: skip
    assert "先に書きかえ" in stale.text or "もう決まって" in stale.text
    entry = in_database(lambda s: s.scalars(
        sa.select(AuditEntry).where(AuditEntry.basis.like("home_statement:%"))).all())  # fmt: skip
    assert [one.fields for one in entry] == [["rent"]]


def test_what_was_decided_is_not_asked_again_until_the_sender_says_something_new(desk, in_database):
    from_sender(desk, csv_list(ROW.format(rent=40000, fee=0)), "a.csv", "試験協議会")
    from_sender(desk, csv_list(ROW.format(rent=42000, fee=0)), "b.csv", "見本不動産")
    page = desk.get(f"/homes/{in_database(only_home).id}")
    desk.submit(page, {"reason": "協議会が正しい"}, action="/questions/", button="Aを使う")
    again = from_sender(desk, csv_list(ROW.format(rent=42000, fee=0)), "b.csv", "見本不動産")
    assert tiles(again)["同じ"] == 1
    newer = from_sender(desk, csv_list(ROW.format(rent=43000, fee=0)), "b.csv", "見本不動産")
    assert tiles(newer)["確かめる"] == 1
    own = from_sender(desk, csv_list(ROW.format(rent=43000, fee=0)), "a.csv", "試験協議会")
    assert tiles(own)["変わった"] == 1
    waiting = in_database(lambda s: s.scalar(sa.select(sa.func.count()).where(
        HomeStatement.current, HomeStatement.question == QuestionState.OPEN)))  # fmt: skip
    assert waiting == 0  # both say 43,000 now


def test_a_home_is_gone_only_from_its_own_senders_list(desk, in_database):
    from_sender(desk, csv_list(ROW.format(rent=40000, fee=0)), "a.csv", "試験協議会")
    other = "メゾン架空,201,座間市座間1-1-1,1K,22,38000,,,,,"
    report = from_sender(desk, csv_list(other), "b.csv", "見本不動産")
    assert tiles(report)["今月の一覧にない"] == 0
    report = from_sender(desk, csv_list(other), "a.csv", "試験協議会")
    assert tiles(report)["今月の一覧にない"] == 1


def test_a_row_that_cannot_be_read_this_month_does_not_make_its_home_disappear(desk):
    from_sender(desk, csv_list(ROW.format(rent=40000, fee=0)), "a.csv", "試験協議会")
    report = from_sender(desk, csv_list(ROW.format(rent="応談", fee=0)), "a.csv", "試験協議会")
    assert tiles(report)["今月の一覧にない"] == 0
    assert tiles(report)["読めない"] == 1


def test_a_home_without_a_free_place_is_known_but_not_offered(desk, in_database):
    head = f"{HEAD},空室"
    take_in(desk, csv_list(ROW.format(rent=40000, fee=0) + ",0", head=head), "a.csv")
    assert in_database(only_home).state is HomeState.STOPPED


def test_the_registers_finer_groups_are_read(desk, in_database):
    head = "登録番号,住宅の名称,住宅の所在地,住戸番号,家賃(円),入居を拒まない属性,入居に関する条件"
    named = "低額所得者（生活保護受給者を除く）、身体障害者、被災者、子育て世帯"
    row = f"1,コーポ相武,座間市相武台1-2-3,101,40000,{named},身体障害者：可（見守り利用）"
    take_in(desk, csv_list(row, head=head), "a.csv")
    answers = in_database(
        lambda s: {one.group_code: one.answer.value for one in only_home(s).acceptances}
    )
    assert answers == {
        Group.LOW_INCOME: "yes",
        Group.PHYSICAL: "conditional",
        Group.DISASTER: "yes",
        Group.CHILD_REARING: "yes",
    }


def test_the_sender_is_told_from_the_title_and_can_be_changed_before_taking_in(desk, in_database):
    preview = upload(desk, OCTOBER.read_bytes(), OCTOBER.name)
    assert "神奈川県居住支援協議会" in preview.text
    changed = desk.submit(preview, {"sender_name": "試験協議会"}, action="/sender")
    assert "試験協議会" in changed.text
    desk.submit(changed, action="/take-in")
    sender = in_database(lambda s: s.scalar(sa.select(Partner.name).join(
        CouncilListImport, CouncilListImport.sender_id == Partner.id)))  # fmt: skip
    assert sender == "試験協議会"


@pytest.mark.parametrize("role", [Role.CONSULTANT, Role.FOODBANK, Role.FOLLOWUP])
def test_only_the_housing_organisation_decides_between_two_sources(
    desk, make, browser_of, role, in_database
):
    from_sender(desk, csv_list(ROW.format(rent=40000, fee=0)), "a.csv", "試験協議会")
    from_sender(desk, csv_list(ROW.format(rent=42000, fee=0)), "b.csv", "見本不動産")
    other = browser_of(make.user(role))
    other.get("/homes/questions", status=403)
    statement = in_database(lambda s: s.scalar(sa.select(HomeStatement.id).where(
        HomeStatement.question == QuestionState.OPEN)))  # fmt: skip
    user = make.user(role)
    answer = desk.raw.application.test_client().post(
        f"/api/v1/home-questions/{statement}/decision",
        json={"theirs": True, "reason": "試し", "version": 1},
        headers={"Authorization": f"Bearer {user.token}"},
    )
    assert answer.status_code == 403


def test_the_list_of_disagreements_takes_as_many_statements_for_six_homes_as_for_two(
    desk, count_queries
):
    counts = []
    for number in (2, 6):
        rows = [ROW.format(rent=40000, fee=0).replace("101", str(100 + n)) for n in range(number)]
        from_sender(desk, csv_list(*rows), "a.csv", "試験協議会")
        other = [row.replace("40000", "42000") for row in rows]
        from_sender(desk, csv_list(*other), "b.csv", "見本不動産")
        desk.get("/homes/questions")
        count_queries()
        page = desk.get("/homes/questions")
        counts.append(count_queries())
        assert f"{number}件のうち" in page.text
    assert counts[1] <= counts[0] <= 20, counts


def test_what_the_register_knows_of_a_building_is_taken_in(desk, in_database):
    from_sender(desk, csv_list(ROW.format(rent=40000, fee=0)), "a.csv", "試験協議会")
    head = f"{HEAD},エレベーター,構造,郵便番号"
    row = ROW.format(rent=40000, fee=0) + ",有,木造,252-0011"
    report = from_sender(desk, csv_list(row, head=head), "b.csv", "見本不動産")
    assert tiles(report)["変わった"] == 1
    place = in_database(only_home).property
    assert (place.lift, place.structure, place.postal_code) == (True, "木造", "252-0011")
    undone = desk.submit(desk.get(report.link("取り込みを取り消す")), action="/undo")
    assert "取り消しました" in undone.text
    place = in_database(only_home).property
    assert (place.lift, place.structure, place.postal_code) == (None, None, None)


def test_a_phone_number_in_the_remarks_is_for_who_phones(desk, make, browser_of, in_database):
    head = "物件名,号室,住所,家賃,備考"
    row = "コーポ架空,101,座間市相武台1-2-3,41000,大家さん直通 046-200-1234"
    take_in(desk, csv_list(row, head=head), "a.csv")
    home = in_database(only_home)
    assert home.contact_phone == "046-200-1234"
    assert "046-200-1234" in desk.get(f"/homes/{home.id}").text
    other = browser_of(make.user(Role.CONSULTANT)).get(f"/homes/{home.id}")
    assert "046-200-1234" not in other.text


def test_a_program_decides_between_two_sources_once(desk, app, make, in_database):
    from_sender(desk, csv_list(ROW.format(rent=40000, fee=0)), "a.csv", "試験協議会")
    from_sender(desk, csv_list(ROW.format(rent=42000, fee=0)), "b.csv", "見本不動産")
    user, client = make.user(Role.HOUSING), app.test_client()
    headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": "decide-the-rent"}
    (asked,) = client.get("/api/v1/home-questions", headers=headers).json
    assert (asked["ours"]["value"], asked["theirs"]["value"]) == ("40,000円", "42,000円")
    assert (asked["ours"]["sender"], asked["theirs"]["sender"]) == ("試験協議会", "見本不動産")
    typed = {"theirs": True, "reason": "電話で確かめた", "version": asked["version"]}
    path = f"/api/v1/home-questions/{asked['id']}/decision"
    first = client.post(path, json=typed, headers=headers)
    assert (first.status_code, first.json["rent"]) == (200, 42000)
    again = client.post(path, json=typed, headers=headers | {"Idempotency-Key": "another-key"})
    assert again.status_code == 409
    assert client.get("/api/v1/home-questions", headers=headers).json == []


def test_disagreements_and_lists_can_be_taken_as_files(desk):
    for rent, name in ((41000, "見本協議会"), (43000, "見本住宅")):
        from_sender(desk, csv_list(ROW.format(rent=rent, fee="")), f"{name}.csv", name)
    asked = desk.raw.get("/homes/questions.csv").get_data(as_text=True).splitlines()
    assert len(asked) == 2
    assert "41,000円" in asked[1]
    assert "43,000円" in asked[1]
    lists = desk.raw.get("/homes/imports.csv").get_data(as_text=True).splitlines()
    assert len(lists) == 3
    assert (
        len(desk.raw.get("/homes/imports.csv?words=住宅").get_data(as_text=True).splitlines()) == 2
    )
    narrowed = desk.get("/homes/imports?words=住宅").text
    assert "見本住宅.csv" in narrowed
    assert "見本協議会.csv" not in narrowed
