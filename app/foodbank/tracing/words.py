"""What was seen of a lot when it came in, as pages, papers and files say it."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.foodbank.models import HandOut, Lot, Parcel, Storage
from app.foodbank.tracing import queries
from app.foodbank.tracing.codes import (
    CONDITION_LABELS,
    INTAKE_CHECK_LABELS,
    Condition,
    IntakeCheck,
)
from app.foodbank.tracing.queries import Went
from app.wording import moment, weekday


def receipt_words(session: Session, lot: Lot) -> dict[str, Any]:
    """The receipt of one lot, for its page."""
    weight, weighed = lot_weight(lot, queries.came_in(session, [lot.id]).get(lot.id, 0))
    receiver = session.get(User, lot.received_by)
    who = lot.checked_by or (receiver.name if receiver and lot.checks else None)
    return {
        "weight": None if weight is None else kilograms(weight),
        "weight_note": None if weighed or weight is None else _("品目の重さ×受け入れ数から"),
        "cold": lot.storage is not Storage.AMBIENT,
        "temperature": celsius(lot.temperature),
        "condition": condition_words(lot.condition),
        "checks": checks_words(lot),
        "who": _("確かめた人: %(name)s", name=who) if who else None,
    }


def lot_weight(lot: Lot, came_in: int) -> tuple[Decimal | None, bool]:
    """What all of a lot weighed when it came in, in kg, and whether somebody weighed it."""
    if lot.weight_kg is not None:
        return lot.weight_kg, True
    unit = lot.item.weight_kg
    return (None if unit is None or not came_in else unit * came_in), False


def kilograms(weight: Decimal) -> str:
    """「12.5kg」"""
    return f"{float(round(weight, 2)):,g}kg"


def celsius(temperature: Decimal | None) -> str | None:
    """「4.5℃」"""
    return None if temperature is None else f"{float(temperature):g}℃"


def condition_words(condition: Condition | None) -> str | None:
    """How the packs looked."""
    return None if condition is None else CONDITION_LABELS[condition]


def checks_words(lot: Lot) -> str:
    """What was looked at at intake, in the order of the form."""
    return "・".join(INTAKE_CHECK_LABELS[c] for c in IntakeCheck if c.value in lot.checks)


def went_words(went: Went, *, hidden: bool) -> dict[str, Any]:
    """A parcel with some of a lot; of one whose consent has ended only the number."""
    out = went.hand_out
    state = _("渡していない箱") if out is None else _("残して棚へ") if went.left else _("渡した")
    return {
        "parcel": went.parcel,
        "who": None if hidden else went.parcel.request.code_name,
        "when": moment(out.at) if out else "",
        "quantity": went.quantity,
        "state": state,
        "condition": condition_words(went.condition),
        "sheet": None if out is None else _("渡した") if out.allergen_sheet else _("記録なし"),
    }


def parcel_words(parcel: Parcel, hand_out: HandOut | None, *, hidden: bool) -> dict[str, Any]:
    """A parcel with where each of its lines came from."""
    left = set(hand_out.left_out) if hand_out else set()
    return {
        "number": parcel.number,
        "request": parcel.request.number,
        "who": None if hidden else parcel.request.code_name,
        "when": moment(hand_out.at) if hand_out else None,
        "lines": [
            {
                "lot": line.lot,
                "quantity": line.quantity,
                "left": line.id in left,
                "donor": line.lot.donor.name if line.lot.donor else None,
                "received": weekday(line.lot.received_on),
                "maker": line.lot.maker,
            }
            for line in parcel.lines
        ],
    }
