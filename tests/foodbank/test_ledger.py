"""Whatever is done to stock, in whatever order: movements and balances agree, none below zero."""

import contextlib

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.db import now
from app.errors import ConflictError, InvalidError
from app.foodbank import stock
from app.foodbank.kits import services as kits
from app.foodbank.kits.models import KitBuild
from app.foodbank.models import Balance, Lot, MovementKind
from app.foodbank.moving import services as moving
from app.foodbank.stocktakes import services as stocktakes
from app.truth import truth
from tests.foodbank.kit import TODAY

SHELVES = st.sampled_from([("A1", "B1"), ("B1", "A1")])


class Ledger(RuleBasedStateMachine):
    """One lot and the kits made of it; a deed that is refused changes nothing."""

    in_database = lot_id = who = None

    def _try(self, deed):
        with contextlib.suppress(ConflictError, InvalidError):
            self.in_database(lambda s: deed(s, s.get_one(Lot, self.lot_id)))

    @rule(quantity=st.integers(1, 12))
    def correct(self, quantity):
        self._try(
            lambda s, lot: stock.correct_receipt(
                s, lot=lot, quantity=quantity, reason="x", **self.who
            )
        )

    @rule(quantity=st.integers(-8, 8).filter(bool), key=st.integers(0, 10_000))
    def move(self, quantity, key):
        self._try(
            lambda s, lot: _moved(
                s, lot, lot.balances[0].shelf_id, quantity, key=f"{key}", who=self.who
            )
        )

    @rule(quantity=st.integers(1, 9), shelves=SHELVES)
    def carry(self, quantity, shelves):
        self._try(
            lambda s, lot: moving.transfer(
                s,
                lot=lot,
                from_shelf_id=_shelf(lot, shelves[0]),
                to_shelf=shelves[1],
                quantity=quantity,
                **self.who,
            )
        )

    @rule(found=st.integers(0, 9))
    def find(self, found):
        self._try(
            lambda s, lot: moving.correct_now(
                s,
                lot=lot,
                shelf_id=lot.balances[0].shelf_id,
                quantity=found,
                reason="x",
                **self.who,
            )
        )

    @rule(number=st.integers(1, 3))
    def build(self, number):
        self._try(
            lambda s, lot: kits.build(
                s,
                organisation_id=lot.organisation_id,
                name="セット",
                kits=number,
                shelf="A1",
                parts=[(lot.id, lot.balances[0].shelf_id, 2)],
                today=TODAY,
                **self.who,
            )
        )

    @rule(number=st.integers(1, 3))
    def take_apart(self, number):
        def apart(session, _lot):
            for made in session.scalars(sa.select(KitBuild).limit(1)):
                kits.take_apart(session, made=made, kits=number, shelf_id=1, **self.who)

        self._try(apart)

    @rule(counted=st.integers(0, 9), between=st.integers(-2, 2))
    def count(self, counted, between):
        self._try(lambda s, lot: _stocktake(s, lot, counted, between, self.who))

    @rule()
    def dispose(self):
        self._try(lambda s, lot: stock.dispose(s, lot=lot, reason="x", **self.who))

    @invariant()
    def books_agree(self):
        assert self.in_database(lambda s: truth(s)["ledger_balanced"])
        least = sa.select(sa.func.min(Balance.quantity))
        assert self.in_database(lambda s: s.scalar(least)) >= 0


def _shelf(lot, code):
    return next((b.shelf_id for b in lot.balances if b.shelf.code == code), 0)


def _moved(session, lot, shelf_id, quantity, *, key, who):
    kind = MovementKind.CORRECTION
    stock.move(
        session, lot_id=lot.id, shelf_id=shelf_id, quantity=quantity, kind=kind, key=key, **who
    )


def _stocktake(session, lot, counted, between, who):
    """A count with something moving before it is closed."""
    shelf = lot.balances[0].shelf
    taking = stocktakes.start(session, organisation_id=lot.organisation_id, shelves=[], **who)
    stocktakes.write_count(
        session,
        stocktake=taking,
        shelf=shelf,
        lot=lot,
        counted=counted,
        seen_version=None,
        at=now(),
        **who,
    )
    if between:
        _moved(session, lot, shelf.id, between, key=f"between {taking.id}", who=who)
    stocktakes.close(session, stocktake=taking, why_uncounted="x", at=now(), **who)


def test_whatever_is_done_movements_and_balances_agree(bank, in_database):
    lot_id = bank.lot(quantity=9)
    known = {
        "in_database": staticmethod(in_database),
        "lot_id": lot_id,
        "who": {"user_id": bank.user.id},
    }
    run_state_machine_as_test(
        type("LedgerOfBank", (Ledger,), known),
        settings=settings(
            max_examples=6,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
