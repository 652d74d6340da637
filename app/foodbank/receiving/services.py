"""Taking food in: a lot with its date as printed, its allergens as declared, and its questions.

A date that is over comes in all the same – it is there – but never goes out. What nobody could
read is a question, and the lot waits until somebody has looked at the pack.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.directory.models import Partner, PartnerKind
from app.errors import ConflictError, InvalidError
from app.foodbank.donors.services import check_drive
from app.foodbank.items import item_for
from app.foodbank.kits.following import parts_of, refresh_kits
from app.foodbank.models import (
    AllergenSource,
    DateKind,
    FoodItem,
    Lot,
    LotState,
    MovementKind,
    Storage,
)
from app.foodbank.printed import dates as printed_dates
from app.foodbank.printed import labels
from app.foodbank.scanning.jan import read_jan
from app.foodbank.scanning.services import learn, learn_if_new
from app.foodbank.stock import move, note, refuse_too_warm, shelf_for
from app.foodbank.tracing.receipts import Receipt, read_receipt, unfit_because
from app.japanese import narrow

# The readers name the kinds as printed, the tables by code.
PRINTED_KINDS = {
    DateKind.BEST_BEFORE: printed_dates.DateKind.BEST_BEFORE,
    DateKind.USE_BY: printed_dates.DateKind.USE_BY,
}


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What is known of something that came in, typed or read from a ledger."""

    quantity: int | None
    date_kind: DateKind | None
    printed: printed_dates.PrintedDate
    allergens: labels.AllergenDraft
    allergen_source: AllergenSource
    storage: Storage | None
    shelf: str
    unit: str
    received_on: date | None
    questions: tuple[dict[str, Any], ...] = ()
    donor: str = ""
    drive_id: int | None = None
    jan: str | None = None
    remarks: str = ""
    receipt: Receipt = field(default_factory=Receipt)


def read_arrival(typed: dict[str, Any], *, today: date) -> Arrival:
    """What the receiving form says, with dates and labels read.

    Raises InvalidError with a sentence at the field when a date or a JAN cannot be meant; a date
    nobody can read on the pack is given as such and becomes a question.
    """
    kind: DateKind = typed["date_kind"]
    errors: dict[str, list[str]] = {}
    printed = read_printed_date(typed["date_printed"], kind, today=today)
    if typed["date_unreadable"]:
        printed = printed_dates.PrintedDate(typed["date_printed"], question=UNREADABLE)
    elif printed.question is not None:
        errors["date_printed"] = [printed.question]
    jan = None
    try:
        jan = read_jan(typed["jan"])
    except InvalidError as error:
        errors |= error.fields
    if errors:
        raise InvalidError("入力内容を確かめてください。", fields=errors)
    draft = labels.read_allergens(typed["allergens"], today)
    unknown = draft.declaration is labels.Declaration.UNKNOWN
    return Arrival(
        quantity=typed["quantity"],
        date_kind=kind,
        printed=printed,
        allergens=draft,
        allergen_source=AllergenSource.UNKNOWN if unknown else typed["allergen_source"],
        storage=typed["storage"],
        shelf=typed["shelf"],
        unit=typed["unit"],
        received_on=today,
        questions=tuple(_date_question(printed)),
        donor=typed["donor"],
        drive_id=typed.get("drive_id"),
        jan=jan,
        remarks=typed["remarks"],
        receipt=read_receipt(typed),
    )


UNREADABLE = "期限を読めません。現物の表示を見て入れてください。"


def read_printed_date(text: str, kind: DateKind, *, today: date) -> printed_dates.PrintedDate:
    """A date as printed, read the one way the ledger is read."""
    return printed_dates.parse_printed_date(text, kind=PRINTED_KINDS[kind], today=today)


def _date_question(printed: printed_dates.PrintedDate) -> Sequence[dict[str, Any]]:
    if printed.question is None:
        return []
    return [{"what": "printed", "sentence": printed.question, "blocking": True}]


def receive_lot(
    session: Session,
    *,
    organisation_id: int,
    item: FoodItem,
    arrival: Arrival,
    user_id: int,
    today: date,
    origin: dict[str, Any] | None = None,
) -> Lot:
    """Add a lot with its RECEIPT movement and balance. `origin` tells the ledger row it came from.

    Without a readable quantity the lot is there with nothing on the shelf, and asks.
    """
    lot = Lot(
        organisation_id=organisation_id,
        number=f"new-{secrets.token_hex(8)}",
        item=item,
        item_id=item.id,
        donor=donor_named(session, arrival.donor),
        drive_id=arrival.drive_id,
        received_on=arrival.received_on,
        received_by=user_id,
        jan=arrival.jan,
        unit=arrival.unit,
        date_kind=arrival.date_kind,
        date_printed=arrival.printed.as_printed[:200],
        last_day=arrival.printed.last_day,
        storage=arrival.storage or Storage.AMBIENT,
        state=state_for(arrival.printed.last_day, arrival.questions, today=today),
        questions=list(arrival.questions),
        remarks=arrival.remarks or None,
        balances=[],
        **allergen_columns(arrival.allergens, arrival.allergen_source),
        **arrival.receipt.columns(),
        **(origin or {}),
    )
    why = unfit_because(lot.storage, arrival.receipt)
    if why and lot.state is not LotState.PAST:
        lot.state, lot.state_reason = LotState.HELD, why
    session.add(lot)
    session.flush()  # its number is made of its id
    lot.number = f"L-{lot.id:05d}"
    if arrival.quantity is not None:
        book_receipt(session, lot=lot, quantity=arrival.quantity, shelf=arrival.shelf)
    if arrival.jan is not None:
        learn_if_new(session, item=item, jan=arrival.jan, user_id=user_id)
    note(session, Deed.CREATED, "lot", lot.id, user_id, "item_id", "quantity", "last_day")
    return lot


def more_of(session: Session, *, lot: Lot, quantity: int, user_id: int, today: date) -> Lot:
    """So many more of what has just come in, with everything that was read of it: a lot of its own,
    because each receipt is put right by itself.

    Raises ConflictError where that would bring back what was stopped, or make kits of nothing.
    """
    open_ = {LotState.OFFERABLE, LotState.QUESTION, LotState.PAST}
    if lot.received_on != today or lot.state not in open_ or parts_of(session, lot.id):
        raise ConflictError(
            "同じ物を加えられるのは、きょう受け入れて、止めていない物だけです。"
            "「受け入れる」から記録してください。"
        )
    more = Lot(
        **{name: getattr(lot, name) for name in _SAME},
        number=f"new-{secrets.token_hex(8)}",
        item=lot.item,
        received_on=today,
        received_by=user_id,
        state=state_for(lot.last_day, lot.questions, today=today),
        balances=[],
    )
    session.add(more)
    session.flush()  # its number is made of its id
    more.number = f"L-{more.id:05d}"
    shelf = next((b.shelf.code for b in lot.balances if b.quantity), "")
    book_receipt(session, lot=more, quantity=quantity, shelf=shelf)
    note(session, Deed.CREATED, "lot", more.id, user_id, "item_id", "quantity", "last_day")
    return more


_SAME = (
    "organisation_id", "donor_id", "drive_id", "maker", "lot_code", "jan", "unit", "date_kind",
    "date_printed", "last_day", "storage", "questions", "allergen_text", "allergens",
    "may_contain", "allergens_known", "allergen_source", "remarks",
)  # fmt: skip


def book_receipt(session: Session, *, lot: Lot, quantity: int, shelf: str) -> None:
    """The first RECEIPT of a lot, on a shelf."""
    place = shelf_for(session, organisation_id=lot.organisation_id, code=shelf)
    move(
        session,
        lot_id=lot.id,
        shelf_id=place.id,
        quantity=quantity,
        kind=MovementKind.RECEIPT,
        key=f"receipt:{lot.id}",
        user_id=lot.received_by,
    )


def allergen_columns(draft: labels.AllergenDraft, source: AllergenSource) -> dict[str, Any]:
    """A draft as a lot keeps it. Words that were not understood leave the allergens unknown."""
    known = draft.declaration is not labels.Declaration.UNKNOWN and not draft.to_check
    return {
        "allergen_text": draft.as_typed,
        "allergens": sorted(draft.contains),
        "may_contain": sorted(draft.may_contain),
        "allergens_known": known,
        "allergen_source": source,
    }


def state_for(
    last_day: date | None, questions: Sequence[dict[str, Any]], *, today: date
) -> LotState:
    """The state a lot comes in with: a date that is over comes before every question."""
    if last_day is not None and last_day < today:
        return LotState.PAST
    if any(question["blocking"] for question in questions):
        return LotState.QUESTION
    return LotState.OFFERABLE


def donor_named(session: Session, name: str) -> Partner | None:
    """The donor of this name, added to the directory when new."""
    key = "".join(narrow(name).split()).casefold()
    if not key:
        return None
    donor = session.scalar(
        sa.select(Partner).where(Partner.kind == PartnerKind.DONOR, Partner.name_key == key)
    )
    if donor is None:
        donor = Partner(kind=PartnerKind.DONOR, name=name.strip(), name_key=key)
        session.add(donor)
        session.flush()
    return donor


def new_lot(
    session: Session,
    *,
    organisation_id: int,
    item_name: str,
    category: str,
    arrival: Arrival,
    user_id: int,
    today: date,
) -> Lot:
    """Receive something by its name: the item is found or made.

    Raises InvalidError at `shelf` when that is known to be too warm, at `jan` when the barcode
    stands for another item, at `drive_id` when that food drive is not open today.
    """
    check_drive(session, arrival.drive_id, organisation_id=organisation_id, on=today)
    place = shelf_for(session, organisation_id=organisation_id, code=arrival.shelf)
    refuse_too_warm(place, arrival.storage or Storage.AMBIENT)
    item = item_for(
        session,
        organisation_id=organisation_id,
        name=item_name,
        category=category,
        user_id=user_id,
    )
    if arrival.jan is not None:
        learn(session, item=item, jan=arrival.jan, user_id=user_id)
    return receive_lot(
        session,
        organisation_id=organisation_id,
        item=item,
        arrival=arrival,
        user_id=user_id,
        today=today,
    )


def answer_questions(
    session: Session, *, lot: Lot, typed: dict[str, Any], user_id: int, today: date
) -> Lot:
    """What somebody saw on the pack: the date, and whatever else was asked. Nothing is guessed.

    Only what was asked is taken over. Raises InvalidError at the field when the answer is itself
    unreadable, ConflictError when nothing is open any more.
    """
    asked = {question["what"] for question in lot.questions}
    if not asked:
        raise ConflictError("このロットの問いは、すでに答えられています。")
    fresh = read_arrival(_as_arrival(typed, lot), today=today)
    if "quantity" in asked and fresh.quantity is None:
        raise InvalidError(
            "数えて入れてください。", fields={"quantity": ["数えて数字で入れてください。"]}
        )
    lot.date_kind = fresh.date_kind
    if asked & {"printed", "date_kind"}:
        lot.date_printed, lot.last_day = fresh.printed.as_printed, fresh.printed.last_day
    if "storage" in asked and fresh.storage is not None:
        lot.storage = fresh.storage
    if "jan" in asked:
        lot.jan = fresh.jan
        if fresh.jan is not None:
            learn_if_new(session, item=lot.item, jan=fresh.jan, user_id=user_id)
    if "quantity" in asked and fresh.quantity is not None:
        book_receipt(session, lot=lot, quantity=fresh.quantity, shelf=fresh.shelf)
    if "item" in asked and typed["item_name"]:
        lot.item = item_for(
            session,
            organisation_id=lot.organisation_id,
            name=typed["item_name"],
            category=lot.item.category,
            user_id=user_id,
        )
    lot.questions = list(fresh.questions)
    if lot.state in {LotState.QUESTION, LotState.OFFERABLE, LotState.PAST}:
        lot.state = state_for(lot.last_day, lot.questions, today=today)
    refresh_kits(session, lot)
    note(session, Deed.CHANGED, "lot", lot.id, user_id, "questions", "last_day", "state")
    return lot


def _as_arrival(typed: dict[str, Any], lot: Lot) -> dict[str, Any]:
    """An answer in the shape of a receipt: what was not asked stays as the lot has it."""
    return {
        "date_kind": typed["date_kind"],
        "date_printed": typed["date_printed"],
        "date_unreadable": False,
        "jan": typed["jan"],
        "allergens": lot.allergen_text,
        "allergen_source": lot.allergen_source,
        "quantity": typed["quantity"],
        "storage": typed["storage"] or lot.storage,
        "shelf": typed["shelf"],
        "unit": lot.unit,
        "donor": "",
        "remarks": "",
    }


def set_allergens(
    session: Session, *, lot: Lot, text: str, source: AllergenSource, user_id: int, today: date
) -> Lot:
    """The allergens as the label of this lot's packs states them; they override every draft."""
    if parts_of(session, lot.id):
        sentence = "セットの表示は中身から決まります。中身のロットの表示を直してください。"
        raise InvalidError(sentence, fields={"allergens": [sentence]})
    draft = labels.read_allergens(text, lot.received_on or today)
    if draft.to_check or draft.declaration is labels.Declaration.UNKNOWN:
        raise InvalidError(draft.sentence, fields={"allergens": [draft.sentence]})
    for name, value in allergen_columns(draft, source).items():
        setattr(lot, name, value)
    refresh_kits(session, lot)
    note(session, Deed.CHANGED, "lot", lot.id, user_id, "allergens")
    return lot
