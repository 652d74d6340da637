"""Partners as an HSDS 3.0 zip: what the viewer may see of them, nothing else."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.directory.hsds.columns import (
    FILES,
    TAXONOMY_NAMES,
    TERMS,
    UNKNOWN,
    Word,
    made_number,
    taxonomy_number,
    term_number,
)
from app.directory.models import EmergencyRule, Partner
from app.directory.records import shown_partner
from app.exports import guarded
from app.policy import Presented, Viewer

Table = dict[str, list[dict[str, str]]]
_PLACE = re.compile(
    r"(東京都|北海道|(?:京都|大阪)府|[^\s都道府県]{2,3}県)?\s*([^\s\d]{1,8}?[市区町村])?"
)
_SAME_DAY = (1980, 1, 1, 0, 0, 0)  # the same partners give the same bytes


def hsds_zip(partners: Iterable[Partner], viewer: Viewer) -> bytes:
    """The bytes of the zip, with a `datapackage.json` that says what the tables are."""
    tables: Table = {name: [] for name in FILES}
    _terms(tables)
    for partner in partners:
        _organisation(tables, shown_partner(partner, viewer), partner)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "datapackage.json", json.dumps(_package(), ensure_ascii=False, indent=1))
        for name, columns in FILES.items():
            _put(archive, f"{name}.csv", _csv(columns, tables[name]))
    return out.getvalue()


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, _SAME_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text.encode())


def _package() -> dict[str, Any]:
    """What programs for tabular data packages look for; HSDS 3.0 lays down the tables."""
    return {
        "name": "human_services_data",
        "title": "Human Services Data Specification 3.0",
        "resources": [{"name": name, "path": f"{name}.csv", "encoding": "utf-8"} for name in FILES],
    }


def _csv(columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> str:
    """One table. A cell a spreadsheet could run gets an apostrophe, taken off when it returns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(row.get(column, "")) for column in columns])
    return out.getvalue()


def _terms(tables: Table) -> None:
    for word, terms in TERMS.items():
        name = TAXONOMY_NAMES[word]
        number = taxonomy_number(word)
        tables["taxonomies"].append(
            {"id": number, "name": name, "description": name, "version": "1"}
        )
        tables["taxonomy_terms"] += [
            {
                "id": term_number(word, code), "code": code, "name": label, "description": label,
                "taxonomy": name, "language": "ja", "taxonomy_id": number,
            }
            for code, label in terms.items()
        ]  # fmt: skip


def _organisation(tables: Table, shown: Presented, partner: Partner) -> None:
    number = partner.uuid
    tables["organizations"].append({
        "id": number, "name": shown.name, "alternate_name": shown.kana or "",
        "description": shown.does or shown.name,  # HSDS demands one; the name says nothing new
        "email": shown.email or "", "website": shown.web or "",
        "parent_organization_id": partner.parent.uuid if partner.parent and shown.parent else "",
    })  # fmt: skip
    place = _location(tables, number, shown)
    for kind, telephone in (("voice", shown.phone), ("fax", shown.fax)):
        if telephone:
            tables["phones"].append({
                "id": made_number(number, kind), "organization_id": number,
                "number": telephone, "type": kind,
            })  # fmt: skip
    for row in shown.contacts or ():
        _contact(tables, number, row)
    for row in shown.services:
        _service(tables, number, row, place, active=shown.active)
    _say(tables, ("organization", number), Word.KIND, str(shown.kind))
    for system in shown.systems:
        _say(tables, ("organization", number), Word.SYSTEM, str(system))
    for step, on in (shown.steps or {}).items():
        _say(tables, ("organization", number), Word.STEP, step, on.isoformat())
    for name, value in _facts(shown).items():
        _say(tables, ("organization", number), Word.FACT, name, value)


def _location(tables: Table, number: str, shown: Presented) -> str | None:
    """Where the partner is and when it is open; None where nobody knows either."""
    if not (shown.office or shown.address or shown.contact_hours):
        return None
    place = made_number(number, "location")
    tables["locations"].append({
        "id": place, "location_type": "physical", "organization_id": number,
        "name": shown.office or "",
    })  # fmt: skip
    if shown.address:
        found = _PLACE.match(shown.address)
        prefecture, city = found.groups() if found else (None, None)
        tables["addresses"].append({
            "id": made_number(number, "address"), "location_id": place,
            "address_1": shown.address, "city": city or UNKNOWN,
            "state_province": prefecture or UNKNOWN, "postal_code": shown.postal_code or UNKNOWN,
            "country": "JP", "address_type": "physical",
        })  # fmt: skip
    if shown.contact_hours:
        tables["schedules"].append({
            "id": made_number(number, "schedule"), "location_id": place,
            "description": shown.contact_hours,
        })  # fmt: skip
    return place


def _contact(tables: Table, number: str, row: Mapping[str, Any]) -> None:
    own = str(row["uuid"])
    tables["contacts"].append({
        "id": own, "organization_id": number, "name": row["name"] or "",
        "title": row["role"] or "",
    })  # fmt: skip
    extension = row["extension"] or ""
    # HSDS takes an extension for a number, and only beside a telephone number.
    plain = bool(row["phone"]) and extension.isascii() and extension.isdigit()
    if row["phone"]:
        tables["phones"].append({
            "id": made_number(own, "voice"), "contact_id": own, "number": row["phone"],
            "extension": extension if plain else "", "type": "voice",
        })  # fmt: skip
    if extension and not plain:
        _say(tables, ("contact", own), Word.FACT, "extension", extension)
    if row["best_time"]:
        _say(tables, ("contact", own), Word.FACT, "best_time", row["best_time"])


def _service(
    tables: Table, number: str, row: Mapping[str, Any], place: str | None, *, active: bool
) -> None:
    own = str(row["uuid"])
    tables["services"].append({
        "id": own, "organization_id": number, "name": row["name"],
        "status": "active" if active else "inactive",
        "application_process": row["how_to_apply"] or "", "fees_description": row["fee"] or "",
        "eligibility_description": row["for_whom"] or "",
    })  # fmt: skip
    if place is not None:
        tables["service_at_location"].append(
            {"id": made_number(own, place), "service_id": own, "location_id": place}
        )
    if row["languages"]:
        tables["languages"].append(
            {"id": made_number(own, "language"), "service_id": own, "name": row["languages"]}
        )
    _say(tables, ("service", own), Word.OFFER, str(row["offer"]))


def _facts(shown: Presented) -> dict[str, str]:
    """What HSDS has no column for, as text; what is not known is left out."""
    facts: dict[str, str] = {}
    if shown.postal_code and not shown.address:
        facts["postal_code"] = shown.postal_code
    if not shown.active:
        facts["active"] = "no"
    if shown.emergency_rule is not EmergencyRule.UNKNOWN:
        facts["emergency_rule"] = str(shown.emergency_rule)
    for name in (
        "note", "troubles", "checked_on", "certified", "without_guarantor", "first_fee_percent",
        "monthly_fee",
    ):  # fmt: skip
        value = shown[name]
        if value is not None:
            facts[name] = _as_text(value)
    return facts


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _say(tables: Table, about: tuple[str, str], word: Word, code: str, value: str = "") -> None:
    """An attribute of `about`: an entity and its number."""
    entity, number = about
    tables["attributes"].append({
        "id": made_number(number, word, code), "link_id": number,
        "taxonomy_term_id": term_number(word, code), "link_type": TAXONOMY_NAMES[word],
        "link_entity": entity, "value": value,
    })  # fmt: skip
