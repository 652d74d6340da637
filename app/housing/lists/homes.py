"""Writing the homes of a list: buildings, homes, what landlords accept, and whom to phone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry, Deed
from app.directory.models import Partner, PartnerKind
from app.directory.services import name_key
from app.housing.codes import HomeKind, HomeState
from app.housing.homes.values import property_values
from app.housing.lists.before import now_in, snapshot
from app.housing.lists.models import CouncilListImport, ImportWrite, WrittenKind
from app.housing.lists.plans import PlannedRow
from app.housing.lists.rows import ParsedHome
from app.housing.lists.said import PEOPLE, VACANCY, Vacancy, put
from app.housing.lists.verdicts import WRITTEN, Verdict
from app.housing.models import Home, Landlord, Property
from app.housing.properties.services import place_property

Progress = Callable[[int, int], None]
Made = TypeVar("Made", Partner, Landlord, Property)
Written = tuple[WrittenKind, int, Deed, tuple[str, ...]]
_MANY = 500


class HomeWriter:
    """Writes the planned rows of one list in few statements, and keeps what stood there before."""

    def __init__(self, session: Session, *, kept: CouncilListImport, user_id: int) -> None:
        self._session = session
        self._kept = kept
        self._user_id = user_id
        self._agents: dict[str, Partner] = {}
        self._landlords: dict[str, Landlord] = {}
        self._properties: dict[str, Property] = {}
        self._made: list[tuple[WrittenKind, Any]] = []
        self._filled: dict[int, tuple[Property, dict[str, Any]]] = {}
        self._before: dict[int, dict[str, Any]] = {}
        self._versions: dict[int, int] = {}
        labels = kept.columns.get("labels", [])
        registered = any("登録" in str(label) for label in labels)
        self._kind = HomeKind.REGISTERED if registered else HomeKind.PRIVATE

    def write(self, rows: Sequence[PlannedRow], progress: Progress | None) -> None:
        """Make and change the homes of all rows that are taken in."""
        rows = [row for row in rows if row.taken_in and row.parsed is not None]
        self._find_names(rows)
        changed = [row for row in rows if row.home is not None]
        for done, row in enumerate(rows, 1):
            if row.home is None:
                row.home = self._new_home(row)
            else:
                self._change(row.home, row)
            if progress is not None and done % 10 == 0:
                progress(done, len(rows))
        self._session.flush()  # records of what was written name the homes' ids
        known = {id(row) for row in changed}
        written: list[Written] = [
            (WrittenKind.HOME, row.home.id, Deed.CHANGED if id(row) in known else Deed.CREATED,
             _fields(row))
            for row in rows if row.home is not None
        ]  # fmt: skip
        written += [
            (kind, one.id, Deed.CREATED, ("name",))
            for kind, one in self._made
            if kind is not WrittenKind.HOME
        ]
        written += [
            (WrittenKind.PROPERTY, place.id, Deed.CHANGED, tuple(before))
            for place, before in self._filled.values()
        ]
        self._note(written)

    def remember(self, home: Home, *fields: str) -> None:
        """Keep what a home has before it is changed outside of a row."""
        self._remember(home, fields)

    def keep_before(self) -> None:
        """Write down what was made and what stood there before, for undoing all of it."""
        rows = [_written(kind, one, made=True) for kind, one in self._made]
        rows += [
            _written(WrittenKind.PROPERTY, place, before=before)
            for place, before in self._filled.values()
        ]
        homes = {row_id: self._session.get_one(Home, row_id) for row_id in self._before}
        rows += [
            _written(WrittenKind.HOME, homes[home_id], before=before)
            | {"version_before": self._versions[home_id]}
            for home_id, before in self._before.items()
        ]
        for row in rows:
            row["import_id"] = self._kept.id
        if rows:
            self._session.execute(sa.insert(ImportWrite), rows)

    def _note(self, written: Sequence[Written]) -> None:
        entries = [
            {
                "deed": deed,
                "record_kind": kind.value,
                "record_id": record_id,
                "user_id": self._user_id,
                "organisation_id": self._kept.organisation_id,
                "fields": sorted(set(fields)),
                "basis": f"council_list_import:{self._kept.id}",
            }
            for kind, record_id, deed, fields in written
        ]
        if entries:
            self._session.execute(sa.insert(AuditEntry), entries)

    def _new_home(self, row: PlannedRow) -> Home:
        parsed = row.parsed
        assert parsed is not None  # noqa: S101 - `write` has looked
        home = Home(
            property=self._property(parsed),
            organisation_id=self._kept.organisation_id,
            key=str(parsed.key),
            room=parsed.room,
            kind=self._kind,
            state=HomeState.VACANT,
            fittings=[],
            acceptances=[],
            confirmed_on=self._kept.read_on,
            source=self._source(row),
        )
        for field, said in row.said.items():
            if field in PEOPLE:
                self._name(home, field, said.value)
            elif field != VACANCY or said.value == Vacancy.NONE:
                put(home, field, said.value, as_typed=said.as_typed)
        self._session.add(home)
        self._made.append((WrittenKind.HOME, home))
        return home

    def _change(self, home: Home, row: PlannedRow) -> None:
        """Put in what the verdicts let through; the rest stays as it is known."""
        assert row.parsed is not None  # noqa: S101 - `write` has looked
        fields = [field for field, verdict in row.verdicts.items() if verdict in WRITTEN]
        if fields:
            self._remember(home, fields)
            home.source = self._source(row)
        for field in fields:
            said = row.said[field]
            if field in PEOPLE:
                self._name(home, field, said.value)
            else:
                put(home, field, said.value, as_typed=said.as_typed, day=self._kept.read_on)
        self._fill(home.property, row.parsed)

    def _remember(self, home: Home, fields: Iterable[str]) -> None:
        before = self._before.setdefault(home.id, {})
        self._versions.setdefault(home.id, home.version)
        for name, value in snapshot(home, fields).items():
            before.setdefault(name, value)

    def _source(self, row: PlannedRow) -> str:
        return f"{self._kept.file_name} {row.row}行目"[-200:]

    def _name(self, home: Home, field: str, name: str) -> None:
        if field == "agent":
            home.agent = self._agents[name_key(name)]
        else:
            home.landlord = self._landlords[name_key(name)]

    def _find_names(self, rows: Sequence[PlannedRow]) -> None:
        """Find or make every agent, landlord and building the rows name."""
        agents: dict[str, ParsedHome] = {}
        landlords: dict[str, str] = {}
        for row in rows:
            if row.parsed is not None and row.parsed.agent:
                agents.setdefault(name_key(row.parsed.agent), row.parsed)
            if row.parsed is not None and row.parsed.landlord:
                landlords.setdefault(name_key(row.parsed.landlord), row.parsed.landlord)
        realtors = sa.select(Partner).where(Partner.kind == PartnerKind.REALTOR)
        self._agents = _by_key(self._session, realtors, Partner.name_key, agents)
        self._landlords = _by_key(self._session, sa.select(Landlord), Landlord.name_key, landlords)
        for key, parsed in agents.items():
            if key not in self._agents:
                phone = (parsed.phone.shown or "")[:40] or None
                self._agents[key] = self._make(
                    WrittenKind.PARTNER,
                    Partner(kind=PartnerKind.REALTOR, name=parsed.agent.strip()[:200],
                            name_key=key, phone=phone),
                )  # fmt: skip
        for key, name in landlords.items():
            if key not in self._landlords:
                landlord = Landlord(name=name.strip()[:200], name_key=key)
                self._landlords[key] = self._make(WrittenKind.LANDLORD, landlord)
        new = [row.parsed for row in rows if row.home is None and row.parsed is not None]
        keys = {property_key(parsed): parsed for parsed in new}
        self._properties = _by_key(self._session, sa.select(Property), Property.key, keys)

    def _make(self, kind: WrittenKind, one: Made) -> Made:
        self._session.add(one)
        self._made.append((kind, one))
        return one

    def _property(self, parsed: ParsedHome) -> Property:
        key = property_key(parsed)
        if key in self._properties:
            self._fill(self._properties[key], parsed)
            return self._properties[key]
        building = place_property(
            key=key,
            name=parsed.building,
            address=parsed.address,
            municipality=parsed.municipality or None,
        )
        self._properties[key] = self._make(WrittenKind.PROPERTY, building)
        self._fill(building, parsed)
        return building

    def _fill(self, building: Property, parsed: ParsedHome) -> None:
        """Put in what was not known of the building."""
        for name, value in property_values(parsed).items():
            if getattr(building, name) is None:
                if building.id is not None:
                    self._filled.setdefault(building.id, (building, {}))[1].setdefault(name, None)
                setattr(building, name, value)


def property_key(parsed: ParsedHome) -> str:
    """Under which a row's building is stored."""
    return "|".join((parsed.key.municipality or "?", parsed.key.street, parsed.key.building))


def _by_key(
    session: Session, wanted: sa.Select[Any], column: Any, keys: Iterable[str]
) -> dict[str, Any]:
    """The records with these keys, the oldest of those that share one."""
    found: dict[str, Any] = {}
    these = sorted(keys)
    for start in range(0, len(these), _MANY):
        part = wanted.where(column.in_(these[start : start + _MANY]))
        for one in session.scalars(part):
            key = getattr(one, column.key)
            if key not in found or one.id < found[key].id:
                found[key] = one
    return found


def _fields(row: PlannedRow) -> tuple[str, ...]:
    if not row.changes:
        return ("rent", "state")
    return tuple(change["field"] for change in row.changes if change["kind"] != Verdict.ASK)


def _written(
    kind: WrittenKind, one: Any, *, made: bool = False, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    after = {} if before is None else now_in(one, before)
    return {
        "kind": kind,
        "record_id": one.id,
        "made": made,
        "before": dict(before or {}),
        "after": after,
        "version_before": None,
        "version": one.version,
    }
