"""A food ledger into lots, in one transaction: nothing of a row lost, nothing taken in twice.

What makes two rows the same is what they say, not the file they are in: a ledger saved again, or
next month's with the same rows still in it, adds only what is new.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.foodbank.codes import MOST_UNITS
from app.foodbank.items import item_for
from app.foodbank.ledgers import reading as ledger_file
from app.foodbank.models import (
    AllergenSource,
    FoodItem,
    LedgerImport,
    Lot,
    LotState,
    Storage,
)
from app.foodbank.printed.labels import Declaration
from app.foodbank.receiving.services import PRINTED_KINDS, Arrival, receive_lot
from app.foodbank.stock import note
from app.foodbank.tracing.receipts import Receipt, read_receipt
from app.foodbank.tracing.schemas import ReceiptFactsSchema
from app.sheets import open_sheets
from app.uploads import refusing_sheets

NAMELESS = "（品名なし）"
DATE_KINDS = {printed: kind for kind, printed in PRINTED_KINDS.items()}
STORAGES = {
    ledger_file.Storage.ROOM: Storage.AMBIENT,
    ledger_file.Storage.CHILLED: Storage.CHILLED,
    ledger_file.Storage.FROZEN: Storage.FROZEN,
}


@dataclass(frozen=True)
class ImportResult:
    """What an import did; `again` when this very content had been taken in before."""

    ledger: LedgerImport
    again: bool


def import_ledger(
    session: Session,
    *,
    content: bytes,
    file_name: str,
    organisation_id: int,
    user_id: int,
    today: date,
) -> ImportResult:
    """Take in every row of a ledger that is not there yet.

    Raises DomainError with the reader's sentence, status and code for a file that cannot be read;
    then nothing of it is taken in.
    """
    reading = _read(content, file_name, today)
    keys = list(_row_keys(reading.lots))
    digest = hashlib.sha256("\n".join(keys).encode()).hexdigest()
    before = session.scalar(
        sa.select(LedgerImport).where(
            LedgerImport.organisation_id == organisation_id, LedgerImport.sha256 == digest
        )
    )
    if before is not None:
        return ImportResult(before, again=True)
    ledger = LedgerImport(
        organisation_id=organisation_id,
        user_id=user_id,
        file_name=file_name[:200],
        sha256=digest,
        content=content,
        problems=[problem.sentence for problem in reading.problems],
    )
    session.add(ledger)
    session.flush()  # lots name it
    known = _known_rows(session, organisation_id)
    fresh = [pair for pair in zip(reading.lots, keys, strict=True) if pair[1] not in known]
    lots = _take_in(session, ledger, fresh, today)
    ledger.lot_count = len(lots)
    ledger.skipped_count = len(keys) - len(lots)
    ledger.question_count = sum(bool(lot.questions) for lot in lots)
    ledger.past_count = sum(lot.state is LotState.PAST for lot in lots)
    note(session, Deed.CREATED, "ledger_import", ledger.id, user_id, "lots")
    return ImportResult(ledger, again=False)


def _read(content: bytes, file_name: str, today: date) -> ledger_file.LedgerReading:
    with refusing_sheets():
        return ledger_file.read_ledger(open_sheets(content, file_name).first, today=today)


def _row_keys(lots: tuple[ledger_file.ParsedLot, ...]) -> Iterator[str]:
    """One key for each row; of rows that say the same the second is another lot than the first."""
    seen: Counter[str] = Counter()
    for lot in lots:
        said = json.dumps(lot.as_typed, ensure_ascii=False, sort_keys=True)
        seen[said] += 1
        yield hashlib.sha256(f"{seen[said]}\n{said}".encode()).hexdigest()


def _known_rows(session: Session, organisation_id: int) -> set[str]:
    keys = session.scalars(sa.select(Lot.row_key).where(Lot.organisation_id == organisation_id))
    return {key for key in keys if key is not None}


def _take_in(
    session: Session,
    ledger: LedgerImport,
    rows: list[tuple[ledger_file.ParsedLot, str]],
    today: date,
) -> list[Lot]:
    items: dict[str, FoodItem] = {}
    lots = []
    for parsed, key in rows:
        name = parsed.item[:200] or NAMELESS
        if name not in items:
            items[name] = item_for(
                session,
                organisation_id=ledger.organisation_id,
                name=name,
                category=parsed.category,
                user_id=ledger.user_id,
            )
        lot = receive_lot(
            session,
            organisation_id=ledger.organisation_id,
            item=items[name],
            arrival=_arrival(parsed),
            user_id=ledger.user_id,
            today=today,
            origin={
                "import_id": ledger.id,
                "row_number": parsed.row,
                "row_key": key,
                "as_typed": parsed.as_typed,
            },
        )
        lots.append(lot)
    return lots


def _arrival(parsed: ledger_file.ParsedLot) -> Arrival:
    unknown = parsed.allergens.declaration is Declaration.UNKNOWN
    too_many = parsed.quantity is not None and parsed.quantity > MOST_UNITS
    return Arrival(
        quantity=None if too_many else parsed.quantity,
        date_kind=DATE_KINDS[parsed.date_kind] if parsed.date_kind else None,
        printed=parsed.printed,
        allergens=parsed.allergens,
        allergen_source=AllergenSource.UNKNOWN if unknown else AllergenSource.LABEL,
        storage=STORAGES[parsed.storage] if parsed.storage else None,
        shelf=parsed.shelf[:40],
        unit=parsed.unit[:40],
        received_on=parsed.received.value,
        questions=(
            *_questions(parsed),
            *([_TOO_MANY] if too_many else []),
        ),
        donor=parsed.donor[:200],
        jan=parsed.jan,
        remarks=parsed.remarks,
        receipt=_receipt(parsed.receipt),
    )


def _receipt(said: dict[str, str]) -> Receipt:
    """What a ledger says of the receipt; what cannot be read stays in the row as typed."""
    named = {"weight_kg" if name == "weight" else name: text for name, text in said.items()}
    schema = ReceiptFactsSchema()
    wrong = schema.validate(named)
    return read_receipt(schema.load({n: t for n, t in named.items() if n not in wrong}))


_TOO_MANY: dict[str, Any] = {
    "what": "quantity",
    "sentence": f"数量が{MOST_UNITS:,}を超えています。数えて入れてください。",
    "blocking": True,
}


def _questions(parsed: ledger_file.ParsedLot) -> Iterator[dict[str, Any]]:
    for question in parsed.questions:
        yield {
            "what": question.what,
            "sentence": question.sentence,
            "blocking": question.blocking,
        }
