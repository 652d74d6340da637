"""The sections and organisations a desk usually works with, shipped as a file and taken in once.

Source: the counters from which Zama's desk received people in fiscal 2018, its team of partners,
the notice on 17 neighbouring systems, and the desks of Fukaya and Iga. The sentences are our own;
no telephone numbers are shipped, as they change.
"""

import csv
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.models import Partner, PartnerKind
from app.directory.schemas import PartnerSchema
from app.directory.services import add_partner, name_key

FILE = Path(__file__).parent / "data" / "partners.csv"
SPACE = uuid.UUID("0f6c4a52-5a0e-4f0b-9c55-1d8f6a1f7a20")
"""The numbers of shipped partners are made from their names, so that every town has the same."""


def add_usual_partners(session: Session, *, user_id: int) -> int:
    """Register those that are not registered yet; gives how many were new.

    One that is there – under its number, whatever it is called now, or under its name in any
    spelling – stays as it is, whatever was corrected there.
    """
    there = session.execute(sa.select(Partner.id, Partner.uuid, Partner.kind, Partner.name_key))
    rows = there.all()
    numbers = {row.uuid: row.id for row in rows}
    names = {(row.kind, row.name_key): row.id for row in rows}
    added = 0
    for kind, parent, values in usual_partners():
        number = number_of(parent, values["name"])
        place = (kind, name_key(values["name"]))
        known = numbers.get(number, names.get(place))
        if known is None:
            values["parent_id"] = numbers.get(number_of("", parent)) if parent else None
            known = add_partner(session, kind=kind, values=values, user_id=user_id, uuid=number).id
            added += 1
        numbers[number] = known
    return added


def number_of(parent: str, name: str) -> str:
    """The lasting number of a shipped partner."""
    return str(uuid.uuid5(SPACE, f"{parent}/{name}"))


def usual_partners() -> Iterator[tuple[PartnerKind, str, dict[str, Any]]]:
    """The rows of the file: the kind, the name of the organisation above or "", and the values."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield PartnerKind(row["kind"]), row["parent"], PartnerSchema().load(_typed(row))


def _typed(row: Mapping[str, str]) -> dict[str, Any]:
    service = {
        "uuid": number_of(row["parent"], f"{row['name']}/service"),
        "offer": row["offer"],
        "name": row["service"],
        "for_whom": row["for_whom"],
        "how_to_apply": row["how_to_apply"],
    }
    return {
        "name": row["name"],
        "kana": row["kana"],
        "does": row["does"],
        "systems": [code for code in row["systems"].split(";") if code],
        "services": [service] if row["service"] else [],
    }
