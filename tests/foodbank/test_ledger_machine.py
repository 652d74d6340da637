"""The ledger against a model of it: whatever is done in whatever order, the sums stay true.

`LEDGER_RUNS` and `LEDGER_STEPS` make the search longer than the checks have time for.
"""

import os
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from app.db import now, separate_session
from app.errors import ConflictError, InvalidError
from app.foodbank import proposals, stock
from app.foodbank.models import (
    AllergenSource,
    Balance,
    DateKind,
    Lot,
    LotState,
    Movement,
    Parcel,
    ParcelState,
    Pickup,
    Storage,
)
from app.foodbank.parcels import handing_out, packing
from app.foodbank.parcels.packing import Pick
from app.foodbank.printed.dates import PrintedDate
from app.foodbank.printed.labels import read_allergens
from app.foodbank.receiving import services as receiving
from app.foodbank.requests import services as requests
from app.foodbank.stocktakes import services as stocktakes
from tests.foodbank.kit import KETTLE, TODAY

RUNS = int(os.environ.get("LEDGER_RUNS", "8"))
STEPS = int(os.environ.get("LEDGER_STEPS", "14"))
LAST_DAY = TODAY + timedelta(days=200)
HOME = KETTLE | {"allergies": [], "carry_kg": None}
NOTHING = proposals.Proposal((), (), proposals.GroupCover("staple", "主食", 0), 0, (), (), 1)
units, delivered = st.integers(1, 4), st.integers(5, 30)


class Ledger(RuleBasedStateMachine):
    """Deeds of one food bank's helper; the test says whose."""

    app = user = None
    lots, parcels = Bundle("lots"), Bundle("parcels")

    def __init__(self):
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()
        self.opened = separate_session(write=True)
        self.session = self.opened.__enter__()
        self.left, self.received, self.counted = {}, {}, set()

    def teardown(self):
        self.session.rollback()
        self.opened.__exit__(None, None, None)
        self.context.pop()

    def attempt(self, act):
        """Do it in a savepoint; the refusal, or None."""
        try:
            with self.session.begin_nested():
                act()
        except (ConflictError, InvalidError) as error:
            return error
        return None

    def shelf_of(self, lot):
        return self.session.scalars(sa.select(Balance.shelf_id).where(Balance.lot_id == lot)).one()

    @initialize(target=lots)
    def begin(self):
        return self.take_in(30, "A1")

    @initialize(target=lots)
    def begin_with_more(self):
        return self.take_in(20, "B2")

    @rule(target=lots, quantity=delivered, shelf=st.sampled_from(["A1", "B2"]))
    def receive(self, quantity, shelf):
        return self.take_in(quantity, shelf)

    def take_in(self, quantity, shelf):
        arrival = receiving.Arrival(
            quantity=quantity,
            date_kind=DateKind.BEST_BEFORE,
            printed=PrintedDate(str(LAST_DAY), LAST_DAY),
            allergens=read_allergens("大豆", TODAY),
            allergen_source=AllergenSource.LABEL,
            storage=Storage.AMBIENT,
            shelf=shelf,
            unit="個",
            received_on=TODAY,
        )
        lot = receiving.new_lot(
            self.session,
            organisation_id=self.user.organisation_id,
            item_name="ツナ缶 3缶",
            category="",
            arrival=arrival,
            user_id=self.user.id,
            today=TODAY,
        )
        self.session.flush()
        self.left[lot.id] = self.received[lot.id] = quantity
        return lot.id

    @rule(target=parcels, first=lots, second=lots, some=units, more=units)
    def pack(self, first, second, some, more):
        wanted = {first: some}
        wanted[second] = wanted.get(second, 0) + more
        request = requests.request_at_table(
            self.session,
            alias="みどり",
            organisation_id=self.user.organisation_id,
            days=1,
            needed_on=TODAY,
            pickup=Pickup.COUNTER,
            place="",
            remark="",
            household=HOME,
            user_id=self.user.id,
            today=TODAY,
        )
        enough = all(self.left[lot] >= count for lot, count in wanted.items())
        safe = not any(self.session.get_one(Lot, lot).state is LotState.DISPOSED for lot in wanted)
        picks = [Pick(lot, self.shelf_of(lot), count) for lot, count in wanted.items()]
        made = []
        refused = self.attempt(
            lambda: made.append(
                packing.pack(
                    self.session,
                    request=request,
                    picks=picks,
                    proposal=NOTHING,
                    user_id=self.user.id,
                    today=TODAY,
                )
            )
        )
        if refused is not None:
            assert refused.code == ("stock_gone" if safe else "unsafe")
            assert not (enough and safe)
            return None
        assert enough
        assert safe
        for lot, count in wanted.items():
            self.left[lot] -= count
        return made[0].id

    @rule(parcel=parcels)
    def unpack(self, parcel):
        self.end(parcel, lambda found: packing.cancel_parcel(
            self.session, parcel=found, user_id=self.user.id), kept=())  # fmt: skip

    @rule(parcel=parcels, leave=st.booleans())
    def hand_out(self, parcel, leave):
        lines = self.session.get_one(Parcel, parcel).lines if parcel else []
        left = {lines[0].id} if leave and len(lines) > 1 else set()
        kept = [line.id for line in lines if line.id not in left]
        self.end(parcel, lambda found: handing_out.hand_out(
            self.session, parcel=found, left_out=left, allergen_sheet=False, remark="",
            user_id=self.user.id, at=now(), today=TODAY), kept=kept)  # fmt: skip

    def end(self, parcel, act, *, kept):
        """Unpack or hand over: what is not kept goes back, once."""
        if parcel is None:
            return
        found = self.session.get_one(Parcel, parcel)
        packed = found.state is ParcelState.PACKED
        lines = [(line.id, line.lot_id, line.quantity) for line in found.lines]
        refused = self.attempt(lambda: act(found))
        if refused is not None:
            assert not packed or refused.code == "unsafe"
        elif packed:
            for line, lot, quantity in lines:
                self.left[lot] += quantity if line not in kept else 0

    @rule(lot=lots, sure=st.sampled_from((True, False, False)))
    def dispose(self, lot, sure):
        if not sure:  # too much of it and nothing is left to pack
            return
        gone = []
        found = self.session.get_one(Lot, lot)
        refused = self.attempt(
            lambda: gone.append(
                stock.dispose(self.session, lot=found, reason="傷み", user_id=self.user.id)
            )
        )
        assert (refused is None and gone == [self.left[lot]]) or self.left[lot] == 0
        self.left[lot] = 0

    @rule(lot=lots, right=st.one_of(units, delivered))
    def correct(self, lot, right):
        more = 0 if lot in self.counted else right - self.received[lot]
        found = self.session.get_one(Lot, lot)
        refused = self.attempt(
            lambda: stock.correct_receipt(
                self.session, lot=found, quantity=right, reason="数え直し", user_id=self.user.id
            )
        )
        if refused is not None:
            assert right == self.received[lot] or self.left[lot] + more < 0
        else:
            self.left[lot] += more
            self.received[lot] = right

    @rule(lot=lots, number=st.integers(0, 12))
    def count(self, lot, number):
        stocktake = stocktakes.start(
            self.session,
            organisation_id=self.user.organisation_id,
            shelves=[],
            user_id=self.user.id,
        )
        found = self.session.get_one(Lot, lot)
        [balance] = found.balances
        stocktakes.write_count(
            self.session,
            stocktake=stocktake,
            shelf=balance.shelf,
            lot=found,
            counted=number,
            seen_version=None,
            user_id=self.user.id,
            at=now(),
        )
        stocktakes.close(
            self.session, stocktake=stocktake, why_uncounted="x", user_id=self.user.id, at=now()
        )
        self.left[lot] = number
        self.counted.add(lot)

    @invariant()
    def the_sum_of_movements_is_what_lies_there(self):
        for table, expected in ((Balance, self.left), (Movement, self.left)):
            sums = sa.select(table.lot_id, sa.func.sum(table.quantity)).group_by(table.lot_id)
            found = {row[0]: row[1] for row in self.session.execute(sums)}
            assert found == expected
        assert all(count >= 0 for count in self.left.values())


@pytest.mark.slow
def test_no_order_of_deeds_breaks_the_books(app, bank):
    run_state_machine_as_test(
        type("LedgerOfBank", (Ledger,), {"app": app, "user": bank.user}),
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
