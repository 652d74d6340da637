"""Food, goods and referral sheets, against what was given and sent, counted by hand."""

from datetime import date

import pytest
import time_machine

from app.foodbank.models import (
    AllergenSource,
    FoodItem,
    FoodRequest,
    HandOut,
    Lot,
    LotState,
    Movement,
    MovementKind,
    Parcel,
    ParcelLine,
    ParcelState,
    Pickup,
    RequestState,
    Shelf,
    Storage,
)
from app.goods.codes import GoodsDeed, GoodsKind, ItemState, MetBy, NeedState
from app.goods.models import GoodsItem, GoodsMove, GoodsNeed
from app.policy import OrganisationKind, RecipientKind, Role
from app.referrals.codes import RecipientState, Way
from app.referrals.models import ReferralRecipient, ReferralSheet
from app.reports.figures.sheets import Sent, sheet_table
from tests.reports.kit import at, rows_of

MAY, LAST_YEAR = date(2026, 5, 1), date(2026, 3, 31)


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel("2026-06-15T10:00:00+09:00", tick=False):
        yield


@pytest.fixture
def worker(make):
    return make.user(Role.CONSULTANT)


class Bank:
    """A food bank with rice of half a kilogram a pack."""

    def __init__(self, make):
        self.make = make
        bank = make.organisation(OrganisationKind.FOOD_BANK)
        self.user, self.numbers = make.user(Role.FOODBANK, organisation=bank), 0
        rice = FoodItem(organisation_id=bank.id, name="米", name_key="米", category="主食",
                        food_group="staple", weight_kg=0.5)  # fmt: skip
        self.lot = make.save(Lot(
            organisation_id=bank.id, number="L1", item=rice, received_on=LAST_YEAR, unit="袋",
            received_by=self.user.id, date_printed="", storage=Storage.AMBIENT, allergen_text="",
            state=LotState.OFFERABLE, allergen_source=AllergenSource.LABEL,
        ))  # fmt: skip
        self.shelf = make.save(Shelf(organisation_id=bank.id, code="A1"))

    def asked(self, case, days, state, *, on=MAY, packs=0, covered=None, left=0, back=0):
        """A request; handed out where `packs` are given, enough for `covered` days. So many more
        were `left` at the table, and so many of the packs came `back`.
        """
        self.numbers += 1
        request = self.make.save(FoodRequest(
            number=f"R{self.numbers}", case_id=case.id, code_name="もも", days=days, state=state,
            organisation_id=self.user.organisation_id, requested_by=self.user.id, needed_on=on,
            pickup=Pickup.COUNTER, household={},
        ))  # fmt: skip
        if packs:
            lines = [
                ParcelLine(position=n, lot_id=self.lot.id, shelf_id=self.shelf.id,
                           quantity=quantity, reason="")
                for n, quantity in enumerate((packs, left)) if quantity
            ]  # fmt: skip
            parcel = self.make.save(Parcel(
                number=f"P{self.numbers}", request_id=request.id, packed_by=self.user.id,
                state=ParcelState.HANDED_OUT, rule_version="1", weight_kg=packs, lines=lines,
                days_covered={"staple": covered, "protein": 9},
            ))  # fmt: skip
            self.make.save(HandOut(
                parcel_id=parcel.id, at=at(on), user_id=self.user.id,
                left_out=[line.id for line in parcel.lines[1:]],
            ))  # fmt: skip
            if back:
                self.make.save(Movement(
                    key=f"back{self.numbers}", lot_id=self.lot.id, shelf_id=self.shelf.id,
                    kind=MovementKind.RETURNED, quantity=back, user_id=self.user.id,
                    parcel_id=parcel.id,
                ))  # fmt: skip


def test_food_for_the_offices_households(browser_of, make, worker):
    bank, done = Bank(make), RequestState.HANDED_OUT
    one, two = (make.case(worker, received_on=LAST_YEAR) for _n in range(2))
    bank.asked(one, 3, done, packs=4, covered=2, left=3)
    bank.asked(one, 2, done, packs=2, covered=5)  # the same day: one visit
    bank.asked(two, 5, done, packs=8, covered=5, on=date(2026, 5, 2), back=2)
    bank.asked(two, 4, RequestState.OPEN)
    bank.asked(two, 4, RequestState.CANCELLED)
    bank.asked(two, 4, done, packs=9, covered=4, on=LAST_YEAR)
    bank.asked(make.case(make.user(Role.CONSULTANT)), 7, done, packs=7, covered=7)

    page = browser_of(worker).get("/reports/2026/food")
    rows = rows_of(page, "food_handed")
    assert [rows[name] for name in ("渡した箱", "延べ世帯", "実世帯", "渡した重さ")] == [
        ["3"], ["2"], ["2"], ["6.0"],
    ]  # fmt: skip
    rows = rows_of(page, "food_requests")
    assert rows["渡した"] == ["3", "75.0%"]
    assert rows["渡せていない"] == rows["依頼のまま"] == ["1", "25.0%"]
    assert rows["頼まれた日数"] == ["14", "—"]
    assert rows["まかなえた日数"] == ["9", "—"]  # 2 of 3, 2 of 2, 5 of 5, 0 of 4
    assert rows["足りなかった日数"] == ["5", "—"]
    assert rows["まかなえた割合"] == ["64.3%", "—"]


def test_goods_needed_and_delivered(browser_of, make, worker):
    one, two = (make.case(worker, received_on=LAST_YEAR) for _n in range(2))
    met = {"state": NeedState.MET, "met_by": MetBy.DELIVERED}
    for case, kind, facts in (
        (one, GoodsKind.FRIDGE, met | {"closed_on": date(2026, 5, 11)}),
        (one, GoodsKind.FUTON, met | {"closed_on": date(2026, 5, 21)}),
        (two, GoodsKind.FUTON, met | {"closed_on": date(2026, 5, 7)}),
        (two, GoodsKind.FUTON, {"state": NeedState.OPEN}),
        (two, GoodsKind.FRIDGE, met | {"met_by": MetBy.OWN, "closed_on": date(2026, 6, 1)}),
    ):
        make.save(GoodsNeed(case_id=case.id, user_id=worker.id, kind=kind, created_at=at(MAY),
                            **facts))  # fmt: skip
    for state in (ItemState.STORED, ItemState.STORED, ItemState.DELIVERED):
        make.save(GoodsItem(organisation_id=worker.organisation_id, user_id=worker.id, label="白",
                            kind=GoodsKind.FRIDGE, state=state, created_at=at(MAY)))  # fmt: skip

    page = browser_of(worker).get("/reports/2026/goods")
    rows = rows_of(page, "goods_needs")
    assert rows["冷蔵庫"] == ["2", "2", "0", "0", "100.0%"]
    assert rows["布団"] == ["3", "2", "1", "0", "66.7%"]
    assert rows["必要な品物の計"] == ["5", "4", "1", "0", "80.0%"]
    assert rows_of(page, "goods_days")["届けるまで"] == ["2", "10", "13", "17"]  # 6 and 20 days
    assert rows_of(page, "goods_items")["保管中"] == ["2"]


def test_goods_of_a_past_year_stand_as_it_ended(browser_of, make, worker):
    case, met = make.case(worker, received_on=LAST_YEAR), {"state": NeedState.MET, "met_by": "own"}
    for closed in (LAST_YEAR, MAY):
        make.save(GoodsNeed(case_id=case.id, user_id=worker.id, kind=GoodsKind.FUTON,
                            created_at=at(LAST_YEAR), closed_on=closed, **met))  # fmt: skip
    moves = [
        GoodsMove(user_id=worker.id, deed=GoodsDeed.STORED, after=after, on_day=day)
        for after, day in ((ItemState.STORED, LAST_YEAR), (ItemState.DELIVERED, MAY))
    ]
    make.save(GoodsItem(organisation_id=worker.organisation_id, user_id=worker.id, label="白",
                        kind=GoodsKind.FRIDGE, state=ItemState.DELIVERED, created_at=at(LAST_YEAR),
                        moves=moves))  # fmt: skip
    page = browser_of(worker).get("/reports/2025/goods")
    assert rows_of(page, "goods_needs")["布団"] == ["2", "1", "1", "0", "50.0%"]
    rows = rows_of(page, "goods_items")
    assert (rows["保管中"], rows["申し出の計"]) == (["1"], ["1"])


def test_sheets_first_and_again(browser_of, make, worker):
    other = make.organisation(name="架空市 納税課")
    written = [
        (None, LAST_YEAR), (None, MAY), ("架空市 健康課", MAY), ("架空市 健康課", date(2026, 6, 1)),
    ]  # fmt: skip
    for number, (office, day) in enumerate(written):
        make.save(ReferralSheet(
            number=f"T{number}", organisation_id=other.id, made_by=worker.id, made_on=day,
            alias="みどり", from_office=office, on_paper=day if office else None, topics=[],
            consent_method="signed", consent_on=day, sent_at=at(day),
            recipients=[ReferralRecipient(organisation_id=worker.organisation_id, office="窓口",
                                          way=Way.WALKED, state=RecipientState.SENT)],
        ))  # fmt: skip
    taken_back = {"consent_withdrawn_at": at(MAY), "number": "T9", "from_office": "架空市 年金課"}
    make.save(ReferralSheet(
        organisation_id=other.id, made_by=worker.id, made_on=MAY, alias="あお", topics=[],
        consent_method="signed", consent_on=MAY, sent_at=at(MAY), **taken_back,
        recipients=[ReferralRecipient(organisation_id=worker.organisation_id, office="窓口",
                                      way=Way.WALKED, state=RecipientState.SENT)],
    ))  # fmt: skip
    rows = rows_of(browser_of(worker).get("/reports/2026/sheets"))
    assert rows == {
        "架空市 健康課": ["2", "1", "1"],
        "架空市 納税課": ["1", "0", "1"],  # it had sent one last year
        "計": ["3", "1", "2"],
    }


def test_a_sheet_still_counts_when_its_consent_has_run_out(browser_of, make, worker):
    case, section = make.case(worker), make.organisation(name="架空市 納税課")
    for number, withdrawn_at in enumerate((None, at(MAY))):
        consent = make.consent(case, RecipientKind.REFERRAL, given_on=LAST_YEAR, ends_on=MAY)
        consent.withdrawn_at = withdrawn_at
        make.save(consent)
        make.save(ReferralSheet(
            number=f"T{number}", organisation_id=section.id, topics=[],
            made_by=worker.id, made_on=MAY, alias="みどり", consent_method="signed",
            consent_on=MAY, consent_id=consent.id, sent_at=at(MAY),
            recipients=[ReferralRecipient(organisation_id=worker.organisation_id, office="窓口",
                                          way=Way.WALKED, state=RecipientState.SENT)],
        ))  # fmt: skip
    assert rows_of(browser_of(worker).get("/reports/2026/sheets"))["計"] == ["1", "1", "0"]


def test_two_sheets_of_one_day_are_a_first_and_a_second():
    table = sheet_table([Sent("課", here=2, before=0), Sent("係", here=0, before=3)])
    assert [row.values for row in table.rows] == [(2, 1, 1), (2, 1, 1)]
