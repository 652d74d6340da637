"""From a notice to lots off offer, parcels pulled and people called, through the front door."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.cases.household.models import Phone
from app.cases.needs.models import YesNoUnknown
from app.cases.needs.services import save_food_profile
from app.db import now, separate_session
from app.errors import DomainError
from app.foodbank.models import (
    Balance,
    FoodRequest,
    Lot,
    LotState,
    Movement,
    Parcel,
    ParcelState,
    Pickup,
    RequestState,
)
from app.foodbank.parcels import packing
from app.foodbank.parcels.packing import Pick
from app.foodbank.recalls import services
from app.foodbank.recalls.models import Recall, RecallAttempt, RecallPerson, RecallPortion
from app.foodbank.requests import services as requests
from app.foodbank.requests.views import proposal_for
from app.policy import OrganisationKind, Protection, Role
from tests.foodbank.kit import TODAY, consultant_elsewhere, give_consent, make_case

NOTICE = "商品名：ツナ缶\n賞味期限：2027年6月9日\n金属片のおそれ"


class Town:
    """A bank with tuna and rice, and a desk whose households ask for both."""

    def __init__(self, bank, browser_of):
        self.bank, self.make, self.in_database = bank, bank.make, bank.in_database
        self.desk = consultant_elsewhere(bank.make)
        self.tuna = bank.lot("ツナ缶 3缶", 60, last_day=TODAY + timedelta(days=200))
        self.rice = bank.lot("アルファ米 白飯 100g", 60, allergens="なし")
        self.helper = browser_of(bank.user)
        self.at_desk = browser_of(self.desk)

    def case(self, **values):
        case = make_case(self.make, self.desk, **values)
        give_consent(self.make, case, self.desk)
        phone = {"number": "090-0000-1234", "digits": "09000001234", "secret": True,
                 "voicemail": YesNoUnknown.NO}  # fmt: skip
        self.make.save(Phone(case_id=case.id, **phone))
        return case

    def parcel(self, case=None, *, handed=False):
        """A parcel of two tins and a bag of rice; its id."""
        request_id = self._ask(case) if case else self.bank.request()
        lines = [
            {"lot_id": lot, "shelf_id": 1, "quantity": n}
            for lot, n in ((self.tuna, 2), (self.rice, 1))
        ]
        made = self.bank.api("POST", f"/food-requests/{request_id}/parcels", json={"lines": lines})
        assert made.status_code == 201, made.json
        if handed:
            url = f"/parcels/{made.json['id']}/hand-outs"
            assert self.bank.api("POST", url, json={}).status_code == 201
        return made.json["id"]

    def _ask(self, case):
        return self.in_database(
            lambda s: (
                requests.request_for_case(
                    s, case=s.get_one(type(case), case.id),
                    organisation_id=self.bank.user.organisation_id, days=1, needed_on=TODAY,
                    pickup=Pickup.COUNTER, place="", remark="", user_id=self.desk.id, today=TODAY,
                ).id
            )
        )  # fmt: skip

    def start(self, **typed):
        page = self.helper.get("/food/recalls/new")
        return self.helper.submit(page, {"notice": NOTICE} | typed, action="/food/recalls")

    def confirm(self, page, status=200, **typed):
        said = {"danger": "金属片が入ったおそれ"} | typed
        return self.helper.submit(page, said, action="/food/recalls/1/lots", status=status)

    def recall(self, **typed):
        return self.confirm(self.start(**typed))

    def one(self, model, record_id=1):
        return self.in_database(lambda s: s.get_one(model, record_id))

    def all(self, column):
        return self.in_database(lambda s: s.scalars(sa.select(column)).all())


@pytest.fixture
def town(bank, browser_of):
    return Town(bank, browser_of)


def test_a_pasted_notice_stops_the_lot_pulls_what_waits_and_lists_who_got_it(town):
    case = town.case()
    for handed in (True, True, False):
        town.parcel(case, handed=handed)
    town.parcel(handed=True)
    stronger = {"carry_kg": 8}
    town.in_database(
        lambda s: save_food_profile(
            s, case=s.get_one(type(case), case.id), version=1, profile=stronger, user_id=1
        )
    )
    choosing = town.start()
    assert [m.text for m in choosing.soup.find_all("mark")] == ["ツナ缶", "2027年6月9日"]
    assert "渡していない箱 1 渡した世帯 2" in choosing.text
    assert town.one(Lot).state is LotState.OFFERABLE, "nothing before a person confirms"

    page = town.confirm(choosing)
    assert town.one(Lot).state is LotState.RECALLED
    assert town.one(Lot, 2).state is LotState.OFFERABLE
    assert town.bank.left(town.tuna) == 60 - 6, "what was pulled lies on its shelf again"
    assert town.one(Parcel, 3).state is ParcelState.CANCELLED
    assert town.one(FoodRequest, 3).state is RequestState.OPEN
    assert town.one(FoodRequest, 3).household["carry_kg"] == 8, "as it is known now"
    assert len(town.all(RecallPerson.id)) == 2, "two parcels of a case are one household"
    assert "詰め直す" in page.text
    lines = {"lines": [{"lot_id": town.tuna, "shelf_id": 1, "quantity": 1}]}
    again = town.bank.api("POST", "/food-requests/3/parcels", json=lines)
    assert again.json["code"] == "unsafe"


def test_the_helper_sees_numbers_and_the_desk_the_desk_sees_phones_with_their_rules(town):
    case = town.case()
    town.parcel(case, handed=True)
    page = town.recall()
    assert "090-0000-1234" not in page.text
    assert "秘密 太郎" not in page.text
    assert "P-0001" in page.text
    assert town.desk.name in page.text

    told = town.at_desk.get("/food/recalls/1")
    for words in ("秘密 太郎", "090-0000-1234", "家族に知られないように", "留守電に残さない"):
        assert words in told.text
    assert "食料の回収" in town.at_desk.get(f"/cases/{case.id}").text
    assert "R-0001" in town.at_desk.get("/").text
    pdf = town.at_desk.raw.get("/food/recalls/1.pdf")
    assert pdf.data.startswith(b"%PDF")
    for user, named in ((town.bank.user, False), (town.desk, True)):
        headers = {"Authorization": f"Bearer {user.token}"}
        told = town.helper.raw.get("/api/v1/recalls/1/people", headers=headers).json[0]
        assert ("name" in told, "phones" in told) == (named, named)


def test_nobody_else_learns_of_it_and_an_ended_consent_leaves_the_number_and_the_desk(
    town, browser_of, make
):
    case = town.case(protection=Protection.YES)
    town.parcel(case, handed=True)
    town.recall()
    stranger = browser_of(make.user(Role.CONSULTANT))
    assert "R-0001" not in stranger.get("/food/recalls").text
    stranger.get("/food/recalls/1", status=404)
    stranger.get("/food/recalls/1/people/1", status=404)
    other = browser_of(make.user(Role.FOODBANK))
    other.get("/food/recalls/1", status=404)
    hidden = town.at_desk.get("/food/recalls/1")
    assert "090-0000-1234" not in hidden.text, "a hidden household's number is its team's"

    town.in_database(
        lambda s: s.execute(sa.text("UPDATE consents SET withdrawn_at = '2026-11-21 00:00:00'"))
    )
    page = town.helper.get("/food/recalls/1")
    assert case.code_name not in page.text
    assert "P-0001" in page.text
    assert town.desk.name in page.text


def test_results_stay_written_and_a_slip_is_taken_back_by_a_further_row(town):
    town.parcel(town.case(), handed=True)
    town.recall()
    at = "/food/recalls/1/people/1"
    first, second = (town.at_desk.get(at) for _ in range(2))
    said = {"food": "thrown_away", "unwell": "no", "note": "娘さんが具合を心配"}
    page = town.at_desk.submit(first, said, action="/attempts", button="電話で話せた")
    assert "伝えた世帯（1）" in page.text
    late = town.at_desk.submit(
        second, {"note": "x"}, action="/attempts", button="出なかった", status=409
    )
    assert "ほかの人が先に結果を記録しました" in late.text
    assert "娘さんが具合を心配" in late.text
    assert "娘さんが具合を心配" not in town.helper.get(at).text, "what was said is the desk's"
    undone = town.at_desk.submit(town.at_desk.get(at), {}, action="/undo")
    assert "取り消し済み" in undone.text
    assert [a.value for a in town.all(RecallAttempt.result)] == ["spoke", "taken_back"]
    assert town.one(RecallPerson).state == "waiting"
    with pytest.raises(sa.exc.DatabaseError):
        town.in_database(lambda s: s.execute(sa.text("UPDATE recall_attempts SET food = NULL")))


def test_who_got_more_of_it_after_all_is_not_told_by_taking_a_slip_back(town):
    case = town.case()
    town.parcel(case, handed=True)
    waiting = town.parcel(case)
    town.recall()
    at = "/food/recalls/1/people/1"
    town.at_desk.submit(town.at_desk.get(at), {}, action="/attempts", button="電話で話せた")
    report = {"handed_at": now().isoformat()}
    town.bank.api("POST", f"/parcels/{waiting}/late-hand-outs", json=report)
    assert town.one(RecallPerson).state == "waiting"
    town.at_desk.submit(town.at_desk.get(at), {}, action="/attempts", button="出なかった")
    assert town.one(RecallPerson).state == "trying"
    town.at_desk.submit(town.at_desk.get(at), {}, action="/undo")
    assert town.one(RecallPerson).state == "waiting"


def test_a_practice_touches_nothing_and_measures_the_time(town):
    parcel = town.parcel(town.case())
    town.parcel(town.case(), handed=True)
    page = town.recall(practice="1")
    assert "これは訓練です" in page.text
    assert "引くはずの箱" in page.text
    assert (town.one(Lot).state, town.one(Parcel, parcel).state) == ("offerable", "packed")
    assert len(town.all(RecallPortion.id)) == 2
    assert "090-0000-1234" not in town.at_desk.get("/food/recalls").text
    town.at_desk.get("/food/recalls/1", status=404)
    closing = town.helper.get("/food/recalls/1/close")
    done = town.helper.submit(closing, {"report": "速い"}, action="/close")
    assert "お知らせから名前まで" in done.text
    figures = town.one(Recall).figures
    assert (figures["households"], figures["pulled_parcels"]) == (1, 1)


def test_it_ends_with_a_report_a_reason_for_those_untold_and_lots_still_off_offer(town):
    town.parcel(town.case(), handed=True)
    page = town.recall()
    told = {"told_name": "例題生協", "how": "電話。引き取る"}
    page = town.helper.submit(page, told, action="/told")
    assert "例題生協" in page.text
    closing = town.helper.get("/food/recalls/1/close")
    refused = town.helper.submit(closing, {"report": "済み"}, action="/close", status=422)
    assert "まだ伝えていない世帯が1あります" in refused.text
    assert refused.soup.find(id="f-report").text.strip() == "済み"
    held = town.helper.submit(
        town.helper.get("/food/lots/1"), {"state": "offerable"}, action="/state", status=409
    )
    assert "R-0001" in held.text
    said = {"report": "済み", "why_untold": "転居先不明"}
    done = town.helper.submit(closing, said, action="/close")
    assert "転居先不明" in done.text
    assert town.one(Lot).state is LotState.RECALLED
    assert town.helper.raw.get("/food/recalls/1/report.pdf").data.startswith(b"%PDF")
    assert town.bank.api("POST", "/recalls/1/lots",
                         json={"lot_ids": [2], "danger": "x", "advice": "y"}
                         ).json["code"] == "recall_ended"  # fmt: skip


def test_what_cannot_be_meant_is_told_at_its_field_and_nothing_is_half_done(town, make):
    page = town.helper.get("/food/recalls/new")
    empty = town.helper.submit(page, {}, action="/food/recalls", status=422)
    assert empty.soup.find(id="error-notice")
    choosing = town.start()
    wrong = {"jans": "4974429249425", "dates": "2027年2月30日"}
    refused = town.helper.submit(choosing, wrong, action="/criteria", status=422)
    assert refused.soup.find(id="error-jans")
    assert refused.soup.find(id="error-dates")
    right = town.helper.submit(
        choosing, {"names": "白飯", "dates": "", "lot_codes": ""}, action="/criteria"
    )
    ticked = right.soup.find("input", {"name": "lot_ids", "checked": True})
    assert ticked["value"] == str(town.rice)
    nothing = town.confirm(right, lot_ids=[], status=422)
    assert "1つ以上選んでください" in nothing.text
    foreign = make.user(Role.FOODBANK, organisation=make.organisation(OrganisationKind.FOOD_BANK))
    stolen = town.in_database(
        lambda s: s.execute(
            sa.update(Lot).where(Lot.id == town.rice).values(
                organisation_id=foreign.organisation_id
            )
        ).rowcount
    )  # fmt: skip
    assert stolen == 1
    asked = {"lot_ids": [town.rice], "danger": "x", "advice": "y"}
    assert town.bank.api("POST", "/recalls/1/lots", json=asked).status_code == 422
    cancelled = town.helper.submit(town.helper.get("/food/recalls/1"), {}, action="/cancellation")
    assert "取りやめ" in cancelled.text
    assert town.one(Lot).state is LotState.OFFERABLE


def _pack(app, town, request_id, results):
    with app.test_request_context(), separate_session(write=True) as session:
        request = session.get_one(FoodRequest, request_id)
        try:
            packing.pack(
                session, request=request, picks=[Pick(town.tuna, 1, 2), Pick(town.rice, 1, 1)],
                proposal=town.proposal, user_id=town.bank.user.id, today=TODAY,
            )  # fmt: skip
            results.append("packed")
        except DomainError as error:
            results.append(error.code)
            session.rollback()


def _recall(app, town, results):
    with app.app_context(), separate_session(write=True) as session:
        recall = session.get_one(Recall, 1)
        services.confirm(session, recall=recall, lot_ids=[town.tuna], danger="x", advice="y",
                         user_id=town.bank.user.id, at=now())  # fmt: skip
        results.append("recalled")


@pytest.mark.parametrize("first", ["pack", "recall", "together"])
def test_a_lot_packed_at_the_very_moment_does_not_slip_through(app, town, first):
    """Whoever is first: never a packed parcel that holds a recalled lot and was not pulled."""
    request_id = town.bank.request()
    town.start()
    with app.test_request_context():
        from app.db import db

        town.proposal = proposal_for(db.session.get_one(FoodRequest, request_id))
    results = []
    pack = threading.Thread(target=_pack, args=(app, town, request_id, results))
    recall = threading.Thread(target=_recall, args=(app, town, results))
    order = [recall, pack] if first == "recall" else [pack, recall]
    for thread in order:
        thread.start()
        if first != "together":
            thread.join()
    for thread in order:
        thread.join()
    assert results.count("recalled") == 1
    live = town.in_database(
        lambda s: s.scalars(sa.select(Parcel.id).where(Parcel.state == ParcelState.PACKED)).all()
    )
    assert live == []
    assert town.one(FoodRequest, request_id).state is RequestState.OPEN
    assert town.one(Lot).state is LotState.RECALLED
    total = town.in_database(lambda s: s.scalar(sa.select(sa.func.sum(Movement.quantity))))
    assert total == 120
    assert town.bank.left(town.tuna) == 60


def test_a_program_does_the_same_and_what_was_made_of_a_lot_goes_with_it(town):
    api = town.bank.api
    town.parcel(handed=True)
    shelf = town.in_database(
        lambda s: s.scalar(sa.select(Balance.shelf_id).where(Balance.lot_id == town.tuna))
    )
    part = {"lot_id": town.tuna, "shelf_id": shelf, "per_kit": 1}
    kit = api(
        "POST", "/kits", json={"name": "初日セット", "kits": 2, "shelf": "K1", "parts": [part]}
    )
    assert kit.status_code == 201, kit.json
    assert api("POST", "/recalls", json={"notice": NOTICE}).json["state"] == "draft"
    found = api("GET", "/recalls/1/lots").json
    assert sorted((one["verdict"], one["households"]) for one in found) == [
        ("meant", 0),
        ("meant", 1),
    ]
    asked = {"lot_ids": [town.tuna], "danger": "金属片", "advice": "食べずに"}
    assert api("POST", "/recalls/1/lots", json=asked).json["state"] == "open"
    states = sorted(one.value for one in town.all(Lot.state))
    assert states == ["offerable", "recalled", "recalled"]  # the rice is in no kit
    person = api("GET", "/recalls/1/people").json[0]
    assert (person["name"], person["state"]) == ("みどり", "waiting")
    assert "次に来たときに伝えてください" in town.helper.get("/food/recalls/1").text
    said = {"version": person["version"], "result": "met", "food": "returned"}
    at = "/recalls/1/people/1/attempts"
    assert api("POST", at, json=said).json["state"] == "told"
    assert api("POST", at, json=said).json["code"] == "stale"
    assert api("POST", at, json=said | {"result": "taken_back"}).status_code == 422
    assert "すべての世帯に伝えました" in town.helper.get("/food/recalls/1").text
    assert "返ってきた" in town.helper.get("/food/recalls/1/people/1").text
    recall = api("GET", "/recalls/1").json
    ended = {"version": recall["version"], "report": "返ってきた"}
    assert api("POST", "/recalls/1/closing", json=ended | {"version": 1}).json["code"] == "stale"
    assert api("POST", "/recalls/1/closing", json=ended).json["figures"]["told"] == 1
    assert [one["number"] for one in api("GET", "/recalls").json] == ["R-0001"]
