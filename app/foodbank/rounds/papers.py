"""Papers of a round in the shapes the templates ask for: numbers, never a name."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.db import today
from app.foodbank import proposals as one_by_one
from app.foodbank.models import PICKUP_LABELS, FoodRequest, Parcel, ParcelLine
from app.foodbank.printed.labels import allergens_on
from app.foodbank.proposals import Proposal
from app.foodbank.rounds.proposals import KINDS, RoundProposal, kind_of
from app.foodbank.views import kg
from app.printing import qr_svg
from app.wording import day, weekday


def _sheet(session: Session, organisation_id: int, title: str, number: str = "") -> dict[str, Any]:
    bank = session.get_one(Organisation, organisation_id)
    return {
        "title": title,
        "organisation": bank.name,
        "made_on": day(today()),
        "number": number,
        "contact": f"{bank.name}　{bank.phone or ''}".strip(),
    }


def _until(last_day: date | None) -> str:
    return day(last_day) if last_day else str(_("期限の表示なし"))


def pick_list_data(
    session: Session, made: RoundProposal, *, organisation_id: int, until: date
) -> dict[str, Any]:
    """The day's totals by shelf, and each box's lines by shelf."""
    return {
        "sheet": _sheet(session, organisation_id, _("取り出し表")),
        "until": weekday(until),
        "boxes": len(made.parcels),
        "units": made.units,
        "weight": kg(made.weight_g / 1000),
        "shelves": [
            {
                "shelf": shelf,
                "lines": [
                    {
                        "item": line.name,
                        "quantity": line.quantity,
                        "best_by": _until(line.last_day),
                        "boxes": line.parcels,
                    }
                    for line in lines
                ],
            }
            for shelf, lines in made.shelves
        ],
        "parcels": [_one_box(request, proposal) for request, proposal in made.parcels],
    }


def _one_box(request: FoodRequest, proposal: Proposal) -> dict[str, Any]:
    return {
        "number": request.number,
        "when": weekday(request.needed_on),
        "kind": KINDS[kind_of(request)],
        "people": _("%(n)s人", n=len(request.household["people"])),
        "days": _("%(n)s日分", n=request.days),
        "weight": kg(proposal.weight_g / 1000),
        "must_not": one_by_one.must_not(request),
        "lines": [
            {"item": choice.name, "quantity": choice.quantity, "shelf": choice.shelf}
            for choice in sorted((line.choice for line in proposal.lines), key=lambda c: c.shelf)
        ],
    }


def labels_data(
    session: Session, boxes: Sequence[Parcel], *, organisation_id: int
) -> dict[str, Any]:
    """A sticker a box: number, QR code, day, way, weight, what must not be missed."""
    return {
        "sheet": _sheet(session, organisation_id, _("箱のラベル")),
        "labels": [
            {
                "number": parcel.number,
                "qr_svg": qr_svg(parcel.number),
                "when": weekday(parcel.request.needed_on),
                "pickup": PICKUP_LABELS[parcel.request.pickup],
                "kind": KINDS[kind_of(parcel.request)],
                "weight": kg(parcel.weight_kg),
                "eat_first": _until(min(_dates(parcel), default=None)),
            }
            for parcel in boxes
        ],
    }


def _dates(parcel: Parcel) -> list[date]:
    return [line.lot.last_day for line in parcel.lines if line.lot.last_day is not None]


def allergens_data(session: Session, parcel: Parcel) -> dict[str, Any]:
    """Each food with what its label says it contains; nothing confirmed reads 未確認."""
    wanted = parcel.request
    named = {name for line in parcel.lines for name in line.lot.allergens}
    known = [name for name in allergens_on(wanted.needed_on) if name in named]
    return {
        "sheet": _sheet(session, wanted.organisation_id, _("アレルギーの表"), parcel.number),
        "must_not": one_by_one.must_not(wanted),
        "allergens": [*known, *sorted(named - set(known))],
        "lines": [_declared(line) for line in parcel.lines],
    }


def _declared(line: ParcelLine) -> dict[str, Any]:
    lot = line.lot
    return {
        "item": lot.item.name,
        "quantity": line.quantity,
        "known": lot.allergens_known,
        "contains": list(lot.allergens),
        "may_contain": list(lot.may_contain),
        "label": lot.allergen_text or "",
        "best_by": _until(lot.last_day),
    }
