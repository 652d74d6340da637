"""Stickers for lots, and the 管理簿 of a period on A4."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.foodbank.models import STORAGE_LABELS
from app.foodbank.sorting import queries
from app.foodbank.tracing.words import celsius, kilograms, lot_weight
from app.printing import render_pdf
from app.wording import day


def ledger_pdf(
    session: Session, organisation_id: int, *, first: date, last: date, today: date, donors: bool
) -> bytes:
    """管理簿. Without `donors` it names nobody, for those who sort."""
    return render_pdf(
        "food_ledger",
        ledger_data(session, organisation_id, first=first, last=last, today=today, donors=donors),
    )


def ledger_data(
    session: Session, organisation_id: int, *, first: date, last: date, today: date, donors: bool
) -> dict[str, Any]:
    """The ledger in the shape its template asks for."""
    bank = session.get_one(Organisation, organisation_id)
    rows = queries.ledger(session, organisation_id, first=first, last=last)
    return {
        "sheet": {
            "title": _("食料管理簿"),
            "organisation": bank.name,
            "made_on": day(today),
            "contact": f"{bank.name}　{bank.phone or ''}".strip(),
        },
        "period": f"{day(first)} ～ {day(last)}",
        "donors": donors,
        "rows": [_printed(row, donors=donors) for row in rows],
        "sums": [sum(values) for values in zip(*map(_numbers, rows), strict=True)] or [0] * 5,
    }


def _numbers(row: queries.LedgerRow) -> tuple[int, int, int, int, int]:
    return row.came, row.gone, row.thrown, row.changed, row.left


def _printed(row: queries.LedgerRow, *, donors: bool) -> dict[str, Any]:
    lot = row.lot
    weight, _weighed = lot_weight(lot, row.came)
    stored = [STORAGE_LABELS[lot.storage], celsius(lot.temperature)]
    return {
        "day": lot.received_on.strftime("%m/%d") if lot.received_on else "",
        "number": lot.number,
        "item": lot.item.name,
        "donor": (lot.donor.name if lot.donor else "") if donors else "",
        "printed": lot.date_printed,
        "kg": kilograms(weight) if weight is not None else "",
        "storage": " ".join(filter(None, stored)),
        "numbers": [str(number) if number else "" for number in _numbers(row)],
    }
