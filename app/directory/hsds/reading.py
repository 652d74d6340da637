"""An HSDS 3.0 zip as somebody sent it, read into what it says of each organisation.

Nothing is guessed: a file or column that is missing says nothing, and what is not read is named.
"""

import csv
import io
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.directory.hsds.columns import (
    OUR_TERMS,
    READ_COLUMNS,
    UNKNOWN,
    Word,
    taxonomy_number,
)
from app.directory.models import EmergencyRule, PartnerKind
from app.errors import InvalidError, TooLargeError
from app.exports import unguarded
from app.sheets.archive import unpack_tables
from app.sheets.errors import SheetError, UnsafeArchiveError
from app.sheets.table import Limits

LIMITS = Limits(file_bytes=5_000_000, rows=20_000, archive_entries=100, unpacked_bytes=40_000_000)
MOST_ORGANISATIONS = 500
"""Each is written for the preview and again when taken in, while everybody else waits to write."""

Row = Mapping[str, str]


@dataclass(frozen=True)
class Said:
    """What a file says of one organisation; names it does not speak of are missing."""

    line: int
    number: str
    name: str
    kind: PartnerKind | None
    parent: str | None
    values: Mapping[str, Any]
    reasons: tuple[str, ...] = ()


@dataclass
class Tables:
    """The tables that were found, and what in them could not be used."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def by(self, name: str, column: str) -> dict[str, list[Row]]:
        """The rows of a table by the number in a column."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows.get(name, ()):
            if row.get(column):
                found[_number(row[column])].append(row)
        return found


def read_zip(content: bytes, name: str) -> tuple[list[Said], list[str]]:
    """What a zip says of each organisation in its order, and what of it was left unread.

    Raises TooLargeError (413) for one over the limits and InvalidError (422) for one that is no
    zip of tables or has no `organizations.csv`.
    """
    tables = _tables(content, name)
    organisations = tables.rows["organizations"]
    if len(organisations) > MOST_ORGANISATIONS:
        raise _too_large(name)
    reader = _Reader(tables)
    said = [
        reader.organisation(line, row)
        for line, row in enumerate(organisations, 2)
        if any(row.values())
    ]
    tables.notes += reader.strays()
    return said, tables.notes


def _too_large(name: str) -> TooLargeError:
    sentence = (
        f"「{name}」は大きすぎます（{LIMITS.file_bytes // 1_000_000}MB、1つの表に"
        f"{LIMITS.rows:,}行、組織は{MOST_ORGANISATIONS:,}件まで）。分けて送ってください。"
    )
    return TooLargeError(sentence, fields={"file": [sentence]}, code="hsds_too_large")


def _refused(sentence: str, code: str) -> InvalidError:
    return InvalidError(sentence, fields={"file": [sentence]}, code=code)


def _tables(content: bytes, name: str) -> Tables:
    if len(content) > LIMITS.file_bytes:
        raise _too_large(name)
    try:
        files = unpack_tables(content, name, LIMITS)
    except UnsafeArchiveError as error:
        raise _too_large(name) from error
    except SheetError as error:
        raise _refused(
            f"「{name}」はZIPとして開けません。HSDSの表をまとめたZIPを選んでください。",
            "hsds_no_zip",
        ) from error
    tables = Tables()
    for file_name in sorted(files):
        table = file_name.removesuffix(".csv")
        if table in READ_COLUMNS:
            _read_table(tables, table, files[file_name], name)
        else:
            tables.notes.append(f"{file_name} は読みません。")
    if not tables.rows.get("organizations"):
        raise _refused(
            f"「{name}」に organizations.csv がないか、空です。HSDSの表のZIPか確かめてください。",
            "hsds_no_organizations",
        )
    return tables


def _read_table(tables: Tables, table: str, content: bytes, name: str) -> None:
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refused(
            f"「{name}」の {table}.csv を読めません。UTF-8のCSVで保存し直してください。",
            "hsds_broken_table",
        ) from error
    if len(rows) > LIMITS.rows:
        raise _too_large(name)
    head = tuple(cell.strip() for cell in rows[0]) if rows else ()
    if len(set(head)) != len(head) or "\0" in text:
        raise _refused(
            f"「{name}」の {table}.csv の見出しを読めません。同じ見出しがないか確かめてください。",
            "hsds_broken_table",
        )
    unread = [column for column in head if column not in READ_COLUMNS[table]]
    if unread:
        tables.notes.append(f"{table}.csv の {'、'.join(unread)[:300]} は読みません。")
    tables.columns[table] = head
    tables.rows[table] = [
        {column: unguarded(cell) for column, cell in zip(head, row, strict=False)}
        for row in rows[1:]
    ]


def _number(text: str) -> str:
    """A number in its one spelling; what is none stays as it is and will match nothing."""
    try:
        return str(uuid.UUID(text.strip()))
    except ValueError:
        return text.strip()


class _Reader:
    """Follows the references between the tables from each organisation."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.services = tables.by("services", "organization_id")
        self.contacts = tables.by("contacts", "organization_id")
        self.locations = tables.by("locations", "organization_id")
        self.addresses = tables.by("addresses", "location_id")
        self.schedules = tables.by("schedules", "location_id")
        self.phones = tables.by("phones", "organization_id")
        self.contact_phones = tables.by("phones", "contact_id")
        self.languages = tables.by("languages", "service_id")
        self.seen: set[str] = set()
        ours = {taxonomy_number(word) for word in Word}
        taxonomies = {_number(row.get("id", "")) for row in tables.rows.get("taxonomies", ())}
        self.speaks_ours = "attributes" in tables.rows and ours <= taxonomies
        self.attributes: dict[str, list[tuple[Word, str, str]]] = defaultdict(list)
        for row in tables.rows.get("attributes", ()) if self.speaks_ours else ():
            term = OUR_TERMS.get(_number(row.get("taxonomy_term_id", "")))
            if term is not None:
                link = _number(row.get("link_id", ""))
                self.attributes[link].append((*term, row.get("value", "")))

    def organisation(self, line: int, row: Row) -> Said:
        number, name = _number(row.get("id", "")), row.get("name", "").strip()
        reasons = []
        if not _is_number(number):
            reasons.append("id がUUIDではありません。")
        elif number in self.seen:
            reasons.append("同じ id の行が前にあります。")
        self.seen.add(number)
        kinds = [code for word, code, _value in self.attributes[number] if word is Word.KIND]
        parent = _number(row.get("parent_organization_id", "")) or None
        return Said(
            line=line,
            number=number,
            name=name,
            kind=PartnerKind(kinds[0]) if kinds else None,
            parent=parent if "parent_organization_id" in row else "",
            values=self._values(number, row, name),
            reasons=tuple(reasons),
        )

    def _values(self, number: str, row: Row, name: str) -> dict[str, Any]:
        values: dict[str, Any] = {"name": name}
        for column, ours in (
            ("alternate_name", "kana"), ("description", "does"), ("email", "email"),
            ("website", "web"),
        ):  # fmt: skip
            if column in row:
                values[ours] = row[column]
        if "phones" in self.tables.rows:
            own = self.phones.get(number, [])
            faxes = [one for one in own if one.get("type", "").strip().lower() == "fax"]
            voices = [one for one in own if one not in faxes and not one.get("contact_id")]
            values["phone"] = voices[0].get("number", "") if voices else ""
            values["fax"] = faxes[0].get("number", "") if faxes else ""
        if "locations" in self.tables.rows:
            values |= self._whereabouts(number)
        if "contacts" in self.tables.rows:
            values["contacts"] = [self._contact(one) for one in self.contacts.get(number, ())]
        if "services" in self.tables.rows:
            values["services"] = [self._service(one) for one in self.services.get(number, ())]
        if self.speaks_ours:
            values |= self._own_words(number, values)
        return values

    def _whereabouts(self, number: str) -> dict[str, Any]:
        places = self.locations.get(number, [])
        place = places[0] if places else {}
        own = _number(place.get("id", ""))
        addresses = self.addresses.get(own) or [{}]
        schedules = self.schedules.get(own) or [{}]
        found = {"office": place.get("name", "")}
        if "addresses" in self.tables.rows:
            found["address"] = _address(addresses[0])
            found["postal_code"] = _known(addresses[0].get("postal_code", ""))
        if "schedules" in self.tables.rows:
            found["contact_hours"] = schedules[0].get("description", "")
        return found

    def _contact(self, row: Row) -> dict[str, Any]:
        own = _number(row.get("id", ""))
        phones = self.contact_phones.get(own) or [{}]
        facts = {code: value for word, code, value in self.attributes[own] if word is Word.FACT}
        return {
            "uuid": own,
            "name": row.get("name", ""),
            "role": row.get("title", ""),
            "phone": phones[0].get("number", ""),
            "extension": facts.get("extension") or phones[0].get("extension", ""),
            "best_time": facts.get("best_time", ""),
        }

    def _service(self, row: Row) -> dict[str, Any]:
        own = _number(row.get("id", ""))
        offers = [code for word, code, _value in self.attributes[own] if word is Word.OFFER]
        languages = [one.get("name", "") for one in self.languages.get(own, ())]
        return {
            "uuid": own,
            "offer": offers[0] if offers else "other",
            "name": row.get("name", ""),
            "for_whom": row.get("eligibility_description", ""),
            "how_to_apply": row.get("application_process", ""),
            "fee": row.get("fees_description", ""),
            "languages": "、".join(filter(None, languages)),
        }

    def _own_words(self, number: str, values: Mapping[str, Any]) -> dict[str, Any]:
        said = self.attributes[number]
        facts = {code: value for word, code, value in said if word is Word.FACT}
        return {
            "systems": [code for word, code, _value in said if word is Word.SYSTEM],
            "steps": {code: value for word, code, value in said if word is Word.STEP},
            "note": facts.get("note", ""),
            "troubles": facts.get("troubles", ""),
            "checked_on": facts.get("checked_on") or None,
            "active": facts.get("active") != "no",
            "postal_code": values.get("postal_code") or facts.get("postal_code", ""),
            "certified": facts.get("certified", "unknown"),
            "without_guarantor": facts.get("without_guarantor", "unknown"),
            "emergency_rule": facts.get("emergency_rule", EmergencyRule.UNKNOWN.value),
            "first_fee_percent": facts.get("first_fee_percent") or None,
            "monthly_fee": facts.get("monthly_fee") or None,
        }

    def strays(self) -> list[str]:
        """Rows that belong to no organisation of this file, by table."""
        notes = []
        for table in ("services", "contacts", "locations"):
            lost = sum(
                _number(row.get("organization_id", "")) not in self.seen
                for row in self.tables.rows.get(table, ())
                if any(row.values())
            )
            if lost:
                notes.append(f"{table}.csv の{lost}行は、どの組織のものか分からず、読みません。")
        return notes


def _is_number(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _known(text: str) -> str:
    return "" if text.strip() == UNKNOWN else text


def _address(row: Row) -> str:
    """An address in one line; ours holds the town already, others keep it in its own column."""
    street = row.get("address_1", "").strip()
    town = [_known(row.get(name, "")).strip() for name in ("state_province", "region", "city")]
    lead = "" if all(part in street for part in town) else "".join(town)
    return f"{lead}{street}{row.get('address_2', '').strip()}"
