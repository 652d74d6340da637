"""Counting what lies on the shelves, through the front door, while the work goes on."""

import threading

import pytest
import sqlalchemy as sa

from app.accounts.models import RoleMembership
from app.db import now, separate_session
from app.errors import ConflictError
from app.foodbank import stock
from app.foodbank.models import Lot, Movement, MovementKind, Shelf
from app.foodbank.stocktakes import services
from app.foodbank.stocktakes.models import Stocktake, StocktakeCount, StocktakeState
from app.policy import OrganisationKind, Role
from tests.foodbank.kit import Bank


@pytest.fixture
def helper(bank, browser_of):
    return browser_of(bank.user)


@pytest.fixture
def tuna(bank):
    return bank.lot("ツナ缶 3缶", 10, shelf="A1")


@pytest.fixture
def rice(bank):
    return bank.lot("無洗米 2kg", 4, shelf="B2")


def start(helper, **typed):
    return helper.submit(helper.get("/food/stocktakes"), typed, action="/food/stocktakes")


def shelf(helper, code, **query):
    page = helper.get("/food/stocktakes/1")
    url = page.link(f"棚 {code}")
    return helper.get(url, query_string=query)


def typed_counts(page, **counted):
    """Field values by the name of the food, as its label says it."""
    found = {}
    for name, number in counted.items():
        label = next(one for one in page.soup.find_all("label") if name in one.get_text())
        found[page.soup.find(id=label["for"])["name"]] = number
    return found


def count(helper, code, status=200, **counted):
    page = shelf(helper, code)
    return helper.submit(page, typed_counts(page, **counted), action="/shelves/", status=status)


def close(helper, status=200, **typed):
    return helper.submit(helper.get("/food/stocktakes/1"), typed, action="/close", status=status)


def movements(in_database, lot_id):
    return in_database(
        lambda s: s.execute(
            sa.select(Movement.kind, Movement.quantity)
            .where(Movement.lot_id == lot_id)
            .order_by(Movement.id)
        ).all()
    )


def test_shelf_by_shelf_without_knowing_what_the_books_say(helper, bank, tuna, rice, in_database):
    start(helper)
    page = shelf(helper, "A1")
    assert "ツナ缶 3缶" in page.text
    assert "10" not in page.soup.find("main").find("form").get_text()
    told = count(helper, "A1", ツナ缶="８")
    assert "帳簿と違うもの" not in told.text, "not before everything is counted"
    told = count(helper, "B2", 無洗米="4")
    assert "-2" in told.text
    assert bank.left(tuna) == 10, "nothing moves before it is closed"
    done = close(helper)
    assert "違いのあった1件" in done.text
    assert (bank.left(tuna), bank.left(rice)) == (8, 4)
    assert movements(in_database, tuna)[-1] == (MovementKind.CORRECTION, -2)


def test_what_moves_between_counting_and_closing_stays_true(helper, bank, tuna, in_database):
    start(helper)
    count(helper, "A1", ツナ缶="9")
    in_database(
        lambda s: stock.move(
            s, lot_id=tuna, shelf_id=1, quantity=-3, kind=MovementKind.PACKED, key="box",
            user_id=bank.user.id,
        ) and s.commit()
    )  # fmt: skip
    close(helper)
    assert bank.left(tuna) == 6  # nine were there, three went into a box


def test_what_the_books_think_is_gone_or_elsewhere_can_be_counted(helper, bank, tuna, rice):
    start(helper)
    page = shelf(helper, "B2", add="http://localhost/food/lots/1")
    helper.submit(page, typed_counts(page, ツナ缶="2", 無洗米="4"), action="/shelves/")
    count(helper, "A1", ツナ缶="8")
    close(helper)
    assert bank.left(tuna) == 10  # eight on one shelf, two on the other
    page = helper.get("/food/lots/1")
    assert "A1・B2" in page.text


def test_a_lot_nobody_knows_is_said_to_be_unknown(helper, tuna):
    start(helper)
    page = shelf(helper, "A1", add="4912345678904")
    assert "見つかりません" in page.text


def test_uncounted_lots_need_a_word_of_why_and_stay_as_they_are(helper, bank, tuna, rice):
    start(helper)
    count(helper, "A1", ツナ缶="10")
    refused = close(helper, status=422)
    assert "わけ" in refused.errors
    done = close(helper, why_uncounted="冷凍庫は来週に数える")
    assert "冷凍庫は来週" in done.text
    assert bank.left(rice) == 4


def test_only_the_chosen_shelves_are_counted(helper, bank, tuna, rice):
    page = start(helper, shelves=["B2"])
    assert "棚 B2" in page.text
    assert "棚 A1" not in page.text
    count(helper, "B2", 無洗米="3")
    close(helper)
    assert (bank.left(tuna), bank.left(rice)) == (10, 3)


def test_one_is_open_at_a_time_and_a_given_up_one_changes_nothing(helper, bank, tuna):
    form = helper.get("/food/stocktakes")
    helper.submit(form, action="/food/stocktakes")
    count(helper, "A1", ツナ缶="1")
    page = helper.submit(form, {}, action="/food/stocktakes")  # the same press again
    assert page.url == "/food/stocktakes/1"
    helper.submit(helper.get("/food/stocktakes/1"), action="/cancellation")
    assert bank.left(tuna) == 10
    assert start(helper).url.endswith("2")


def test_two_who_count_differently_are_told_of_each_other(helper, bank, browser_of, tuna):
    other = browser_of(
        bank.make.user(Role.FOODBANK, organisation=bank.make.the_organisation(bank.user))
    )
    start(helper)
    mine, theirs = shelf(helper, "A1"), shelf(other, "A1")
    other.submit(theirs, typed_counts(theirs, ツナ缶="7"), action="/shelves/")
    refused = helper.submit(mine, typed_counts(mine, ツナ缶="8"), action="/shelves/", status=409)
    assert "ほかの人が7" in refused.errors
    assert refused.soup.find("input", {"value": "8"}), "what was typed is still there"
    helper.submit(refused, action="/shelves/")
    close(helper)
    assert bank.left(tuna) == 8


@pytest.mark.parametrize(
    ("number", "sentence"),
    [("-1", "0以上"), ("1e9", "数字で"), ("十", "数字で"), ("1000000", "以下")],
)
def test_what_cannot_be_a_count_is_told_at_its_field(helper, tuna, number, sentence):
    start(helper)
    refused = count(helper, "A1", status=422, ツナ缶=number)
    assert sentence in refused.errors
    assert refused.soup.find("input", {"value": number})


def test_goods_that_went_out_after_they_were_counted_away_are_counted_again(
    helper, bank, tuna, in_database
):
    start(helper)
    count(helper, "A1", ツナ缶="0")
    in_database(
        lambda s: stock.move(
            s, lot_id=tuna, shelf_id=1, quantity=-1, kind=MovementKind.PACKED, key="box",
            user_id=bank.user.id,
        ) and s.commit()
    )  # fmt: skip
    refused = close(helper, status=409)
    assert "もう一度数えて" in refused.text
    assert bank.left(tuna) == 9, "all or nothing"
    assert in_database(lambda s: s.get_one(Stocktake, 1).state) is StocktakeState.OPEN


def test_a_correction_of_the_past_does_not_move_what_was_counted(helper, bank, tuna):
    start(helper)
    count(helper, "A1", ツナ缶="4")
    close(helper)
    page = helper.get("/food/lots/1")
    typed = {"what": "record", "right_quantity": "400", "correction_reason": "桁を間違えた"}
    helper.submit(page, typed, action="/correction")
    assert bank.left(tuna) == 4
    typed["right_quantity"] = "5"
    helper.submit(helper.get("/food/lots/1"), typed, action="/correction")
    assert bank.left(tuna) == 4


def test_another_food_bank_neither_sees_nor_counts(bank, browser_of, helper, tuna):
    start(helper)
    make, in_database, app = bank.make, bank.in_database, bank.app
    other = make.organisation(OrganisationKind.FOOD_BANK)
    stranger = Bank(make, in_database, app, make.user(Role.FOODBANK, organisation=other))
    browser = browser_of(stranger.user)
    assert "S-0001" not in browser.get("/food/stocktakes").text
    for url in ("/food/stocktakes/1", "/food/stocktakes/1/shelves/1"):
        browser.get(url, status=404)


def test_whoever_works_for_two_food_banks_counts_each_ones_lots_in_its_own(bank, tuna):
    make = bank.make
    other = make.organisation(OrganisationKind.FOOD_BANK)
    both = make.user(Role.FOODBANK, organisation=make.the_organisation(bank.user))
    make.save(RoleMembership(user_id=both.id, organisation_id=other.id, role=Role.FOODBANK))
    elsewhere = Bank(
        make, bank.in_database, bank.app, make.user(Role.FOODBANK, organisation=other)
    ).lot("ツナ缶 3缶", 10, shelf="Z1")
    bank.api("POST", "/stocktakes", json={})
    helper = Bank(make, bank.in_database, bank.app, both)
    path = "/stocktakes/1/shelves/1/counts"
    for lot, status in ((elsewhere, 404), (tuna, 201)):
        sent = {"counts": [{"lot_id": lot, "counted": 3}]}
        assert helper.api("POST", path, json=sent).status_code == status


def test_many_who_count_and_one_who_closes_lose_nothing(bank, tuna, in_database, app):
    """Every count either is in the closed stocktake or was refused because it had ended."""

    def begun(session):
        one = services.start(
            session, organisation_id=bank.user.organisation_id, shelves=[], user_id=bank.user.id
        )
        session.commit()
        return one.id

    number = in_database(begun)
    written, refused = [], []
    barrier = threading.Barrier(6)

    def work(counted):
        barrier.wait()
        with app.app_context(), separate_session(write=True) as session:
            stocktake = session.get_one(Stocktake, number)
            try:
                if counted is None:
                    services.close(
                        session, stocktake=stocktake, why_uncounted="試し",
                        user_id=bank.user.id, at=now(),
                    )  # fmt: skip
                else:
                    services.write_count(
                        session, stocktake=stocktake, shelf=session.get_one(Shelf, 1),
                        lot=session.get_one(Lot, tuna), counted=counted, seen_version=None,
                        user_id=bank.user.id, at=now(),
                    )  # fmt: skip
                session.commit()
                written.append(counted)
            except ConflictError as error:
                session.rollback()
                refused.append(error.code)

    workers = [threading.Thread(target=work, args=(n,)) for n in (None, 3, 3, 3, 3, 3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(written) + len(refused) == 6
    assert set(refused) <= {"stocktake_ended"}
    counted = in_database(lambda s: s.scalars(sa.select(StocktakeCount.counted)).all())
    assert bank.left(tuna) == (3 if counted else 10)


def test_a_program_counts_as_blindly_as_people_do(bank, tuna, rice, make):
    begun = bank.api("POST", "/stocktakes", json={}, key="stocktake-key-1")
    assert begun.status_code == 201, begun.json
    again = bank.api("POST", "/stocktakes", json={}, key="stocktake-key-1")
    assert again.json["id"] == begun.json["id"]
    assert bank.api("POST", "/stocktakes", json={}).json["code"] == "stocktake_open"
    assert bank.api("POST", "/stocktakes", json={"shelves": ["Z9"]}).status_code == 422
    path = f"/stocktakes/{begun.json['id']}"
    first, second = (f"{path}/shelves/{one['shelf_id']}" for one in begun.json["shelves"])
    [line] = bank.api("GET", first).json["lots"]
    assert line["lot_id"] == tuna
    assert not {"expected", "on_books", "quantity"} & line.keys()
    counts = {"counts": [{"lot_id": tuna, "counted": 7}]}
    half = bank.api("POST", f"{first}/counts", json=counts)
    assert (half.status_code, half.json["differences"], half.json["uncounted"]) == (201, None, 1)
    other = {"counts": [{"lot_id": tuna, "counted": 8}]}
    assert bank.api("POST", f"{first}/counts", json=other).json["code"] == "counted_already"
    refused = bank.api("POST", f"{path}/close", json={})
    assert "数えないまま締めるわけ" in refused.json["errors"]["why_uncounted"][0]
    bank.api("POST", f"{second}/counts", json={"counts": [{"lot_id": rice, "counted": None}]})
    bank.api("POST", f"{second}/counts", json={"counts": [{"lot_id": rice, "counted": 4}]})
    [found] = bank.api("GET", path).json["differences"]
    assert (found["lot_id"], found["counted"], found["expected"]) == (tuna, 7, 10)
    assert bank.left(tuna) == 10
    closed = bank.api("POST", f"{path}/close", json={})
    assert (closed.status_code, closed.json["state"], bank.left(tuna)) == (201, "closed", 7)
    stranger = make.user(Role.FOODBANK, organisation=make.organisation(OrganisationKind.FOOD_BANK))
    theirs = Bank(bank.make, bank.in_database, bank.app, stranger)
    assert theirs.api("GET", path).status_code == 404
