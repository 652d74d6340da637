"""Stock through the front door: receiving, answering questions, correcting, disposing, holding."""

import threading

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.db import separate_session
from app.errors import ConflictError, InvalidError
from app.foodbank import stock
from app.foodbank.models import Balance, Lot, LotState, Movement, MovementKind
from app.policy import Role

GOOD = {
    "item_name": "ツナ缶 3缶",
    "date_kind": "best_before",
    "date_printed": "2027.9",
    "quantity": "１２",
    "shelf": "a3",
    "allergens": "大豆",
}


def test_three_taps_take_a_box_in(bank, browser_of, in_database):
    bank.lot("ツナ缶 3缶", shelf="B2")
    browser = browser_of(bank.user)
    pick = browser.get("/food/receive")
    form = browser.get(pick.link("ツナ缶"))
    assert form.form().find("input", {"name": "shelf"})["value"] == "B2"
    done = browser.submit(form, {"date_printed": "270920", "quantity": "6"})
    assert "受け入れました" in done.text
    assert "2027年9月20日" in done.text
    entries = sa.select(sa.func.count()).where(AuditEntry.record_kind == "lot")
    assert in_database(lambda s: s.scalar(entries)) == 2


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"quantity": "0"}, "quantity", "1以上"),
        ({"quantity": "-1"}, "quantity", "1以上"),
        ({"quantity": "1000000000"}, "quantity", "100,000以下"),
        ({"quantity": "十"}, "quantity", "数字で"),
        ({"quantity": ""}, "quantity", "入力して"),
        ({"date_printed": "2027年2月30日"}, "date_printed", "読めません"),
        ({"date_printed": "8.9.1"}, "date_printed", "2026年9月1日"),
        ({"date_printed": ""}, "date_printed", "期限を表示のとおりに"),
        ({"jan": "4901234567890"}, "jan", "検査数字"),
        ({"allergens": ""}, "allergens", "アレルゲン"),
    ],
)
def test_what_cannot_be_meant_is_told_at_the_field_and_nothing_typed_is_lost(
    wrong, field, sentence, bank, browser_of
):
    if wrong.get("date_printed") == "8.9.1":
        sentence = "分かりません"
    browser = browser_of(bank.user)
    page = browser.submit(browser.get("/food/receive/form"), GOOD | wrong, status=422)
    told = page.soup.find(id=f"error-{field}")
    assert told is not None, page.errors
    assert sentence in told.get_text()
    assert page.form().find("input", {"name": "item_name"})["value"] == "ツナ缶 3缶"
    assert bank.api("GET", "/lots").json["total"] == 0


def test_the_api_refuses_the_same_with_the_same_words(bank):
    answer = bank.api("POST", "/lots", json={"item_name": "ツナ缶", "quantity": 0})
    assert answer.status_code == 422
    assert {"quantity", "allergens", "date_kind"} <= set(answer.json["errors"])
    taken = bank.api("POST", "/lots", json=GOOD | {"quantity": 12}, key="lot-once-key")
    again = bank.api("POST", "/lots", json=GOOD | {"quantity": 12}, key="lot-once-key")
    assert taken.status_code == again.status_code == 201
    assert taken.json == again.json
    assert taken.json["quantity"] == 12
    assert bank.api("GET", "/lots").json["total"] == 1


def test_the_date_is_read_while_it_is_typed(bank, browser_of):
    read = browser_of(bank.user).raw.get(
        "/food/printed-date?date_kind=best_before&date_printed=R9.2"
    )
    assert "2027年2月28日" in read.get_data(as_text=True)


def test_food_past_its_date_comes_in_but_never_goes_out(bank):
    body = GOOD | {"quantity": 3, "date_printed": "2026.11.20"}
    lot = bank.api("POST", "/lots", json=body).json
    assert (lot["state"], lot["offerable"]) == ("past", False)
    today = bank.api("POST", "/lots", json=body | {"date_printed": "2026.11.21"}).json
    assert today["offerable"] is True


def test_a_question_is_answered_with_the_pack_in_hand(bank, browser_of):
    bank.import_sample()
    browser = browser_of(bank.user)
    questions = browser.get("/food/questions")
    assert len(questions.soup.select(".todo > li")) == 9
    page = browser.get(questions.link("切り干し大根"))
    wrong = browser.submit(page, {"date_printed": "たぶん春"}, action="/answer", status=422)
    assert wrong.soup.find(id="error-date_printed")
    done = browser.submit(
        wrong, {"date_printed": "2027.4", "date_kind": "best_before"}, action="/answer"
    )
    assert "2027年4月30日" in done.text
    assert "出せる" in done.text
    assert len(browser.get("/food/questions").soup.select(".todo > li")) == 8


def test_a_receipt_written_down_wrong_is_reversed_and_what_went_out_stays_out(bank, browser_of):
    lot_id = bank.lot(quantity=40)
    parcel = _pack(bank)
    out = 40 - bank.left(lot_id)
    assert out > 0
    browser = browser_of(bank.user)
    page = browser.get(f"/food/lots/{lot_id}")
    too_few = browser.submit(
        page,
        {"what": "record", "right_quantity": "0", "correction_reason": "数え違い"},
        action="/correction",
        status=422,
    )
    assert too_few.soup.find(id="error-right_quantity")
    done = browser.submit(
        page,
        {"what": "record", "right_quantity": "30", "correction_reason": "数え違い"},
        action="/correction",
    )
    assert "訂正" in done.text
    assert bank.left(lot_id) == 30 - out
    assert parcel["state"] == "packed"


def test_a_correction_below_what_went_out_changes_nothing(bank, in_database):
    lot_id = bank.lot(quantity=40)
    _pack(bank)
    before = bank.left(lot_id)
    with pytest.raises(InvalidError):
        in_database(
            lambda s: stock.correct_receipt(
                s,
                lot=s.get_one(Lot, lot_id),
                quantity=40 - before - 1,
                reason="x",
                user_id=bank.user.id,
            )
        )
    assert bank.left(lot_id) == before


def test_disposing_books_the_rest_out_and_the_lot_is_closed(bank, browser_of):
    lot_id = bank.lot(quantity=7)
    browser = browser_of(bank.user)
    page = browser.get(f"/food/lots/{lot_id}")
    done = browser.submit(page, {"disposal_reason": "缶のへこみ"}, action="/disposal")
    assert "廃棄済み" in done.text
    assert bank.left(lot_id) == 0


def test_movements_can_neither_be_changed_nor_deleted(bank, in_database):
    bank.lot()
    for change in (sa.update(Movement).values(quantity=1), sa.delete(Movement)):
        with pytest.raises(sa.exc.DBAPIError):
            in_database(lambda s, change=change: s.execute(change))


def test_one_event_is_booked_once(bank, in_database):
    lot_id = bank.lot()

    def twice(session):
        shelf_id = session.scalars(sa.select(Balance.shelf_id)).one()
        for _ in range(2):
            stock.move(
                session,
                lot_id=lot_id,
                shelf_id=shelf_id,
                quantity=1,
                kind=MovementKind.CORRECTION,
                key="one event",
                user_id=bank.user.id,
            )

    with pytest.raises(ConflictError):
        in_database(twice)
    assert bank.left(lot_id) == 10


def test_twenty_hands_reaching_for_the_last_units_never_go_below_zero(bank, app, in_database):
    lot_id = bank.lot(quantity=7)
    shelf_id = in_database(lambda s: s.scalars(sa.select(Balance.shelf_id)).one())
    taken, refused = [], []
    start = threading.Barrier(20)

    def reach(number):
        start.wait()
        try:
            with app.app_context(), separate_session(write=True) as session:
                stock.move(
                    session,
                    lot_id=lot_id,
                    shelf_id=shelf_id,
                    quantity=-1,
                    kind=MovementKind.PACKED,
                    key=f"hand {number}",
                    user_id=bank.user.id,
                )
            taken.append(number)
        except ConflictError:
            refused.append(number)

    hands = [threading.Thread(target=reach, args=(number,)) for number in range(20)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert (len(taken), len(refused)) == (7, 13)
    assert _books(in_database) == (0, 0)


def _books(in_database):
    return in_database(
        lambda s: (
            s.scalar(sa.select(sa.func.sum(Balance.quantity))),
            s.scalar(sa.select(sa.func.sum(Movement.quantity))),
        )
    )


def _pack(bank):
    answer = bank.api("POST", f"/food-requests/{bank.request()}/parcels", json={})
    assert answer.status_code == 201, answer.json
    return answer.json


def test_the_list_is_filtered_paged_and_exported(bank, browser_of):
    bank.import_sample()
    browser = browser_of(bank.user)
    assert "160件のうち 1–50件" in browser.get("/food/lots").text
    assert "15件のうち" in browser.get("/food/lots?state=past").text
    assert "139件のうち" in browser.get("/food/lots?state=offerable").text
    for query in ("shelf=A3", "group=protein", "expiring=1", "q=さば", "page=4"):
        assert browser.get(f"/food/lots?{query}").soup.select("tbody tr")
    file = browser.raw.get("/food/lots.csv?state=past").get_data(as_text=True)
    assert len(file.strip().splitlines()) == 16
    assert bank.api("GET", "/lots?state=past&per_page=5").json["total"] == 15


def test_the_list_asks_the_database_as_often_for_many_lots_as_for_few(
    bank, browser_of, count_queries
):
    bank.lot()
    browser = browser_of(bank.user)
    browser.get("/food/lots")  # the first page after signing in notes that somebody is here
    counts = []
    for _ in range(2):
        count_queries()
        browser.get("/food/lots")
        counts.append(count_queries())
        bank.import_sample()
    assert counts[0] == counts[1] < 25


def test_a_lot_of_another_food_bank_is_as_if_it_were_not_there(bank, make, browser_of):
    lot_id = bank.lot()
    other = browser_of(make.user(Role.FOODBANK))
    other.get(f"/food/lots/{lot_id}", status=404)
    consultant = browser_of(make.user(Role.CONSULTANT))
    page = consultant.get(f"/food/lots/{lot_id}")
    assert page.soup.find("main").find("form", {"method": "post"}) is None


def test_holding_and_letting_go_again(bank, browser_of, in_database):
    lot_id = bank.lot()
    browser = browser_of(bank.user)
    page = browser.get(f"/food/lots/{lot_id}")
    page = browser.submit(
        page, {"state": "recalled", "state_reason": "回収の知らせ"}, action="/state"
    )
    assert "回収" in page.text
    assert bank.api("GET", f"/lots/{lot_id}").json["offerable"] is False
    browser.submit(page, {"state": "offerable"}, action="/state")
    assert in_database(lambda s: s.get_one(Lot, lot_id).state) is LotState.OFFERABLE
