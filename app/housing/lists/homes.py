"""Writing the homes of a list: buildings, homes, what landlords accept, and whom to phone."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import geocoding
from app.audit.models import Deed
from app.audit.services import record
from app.directory.models import PartnerKind
from app.directory.services import find_or_add_partner, name_key
from app.housing.codes import HomeKind, HomeState, Precision
from app.housing.homes.values import acceptance_values, home_values, property_values
from app.housing.lists.models import CouncilListImport
from app.housing.lists.plans import PlannedRow
from app.housing.lists.rows import ParsedHome
from app.housing.models import Home, HomeAcceptance, Landlord, Property

_PRECISIONS = {
    geocoding.Precision.TOWN: Precision.TOWN,
    geocoding.Precision.NEIGHBOURHOOD: Precision.POSTAL,
    geocoding.Precision.CITY: Precision.MUNICIPALITY,
}


class HomeWriter:
    """Writes the planned rows of one list, remembering buildings and names between rows."""

    def __init__(self, session: Session, *, kept: CouncilListImport, user_id: int) -> None:
        self._session = session
        self._kept = kept
        self._user_id = user_id
        self._agents: dict[str, int] = {}
        self._properties: dict[str, Property] = {}
        labels = kept.columns.get("labels", [])
        registered = any("登録" in str(label) for label in labels)
        self._kind = HomeKind.REGISTERED if registered else HomeKind.PRIVATE

    def write(self, row: PlannedRow) -> None:
        """Make or change the home of one row; other rows touch nothing."""
        if not row.taken_in or row.parsed is None:
            return
        parsed = row.parsed
        if row.home is None:
            row.home = self._new_home(parsed)
            fields: tuple[str, ...] = ("rent", "state")
            deed = Deed.CREATED
        else:
            fields, deed = tuple(change["field"] for change in row.changes), Deed.CHANGED
        self._fill(row.home, parsed)
        self._session.flush()  # the audit entry names the home's id
        record(
            self._session,
            deed=deed,
            record_kind="home",
            record_id=row.home.id,
            user_id=self._user_id,
            organisation_id=self._kept.organisation_id,
            fields=fields,
            basis=f"council_list_import:{self._kept.id}",
        )

    def _new_home(self, parsed: ParsedHome) -> Home:
        home = Home(
            property=self._property(parsed),
            organisation_id=self._kept.organisation_id,
            key=str(parsed.key),
            room=parsed.room,
            kind=self._kind,
            confirmed_on=self._kept.read_on,
        )
        self._session.add(home)
        return home

    def _fill(self, home: Home, parsed: ParsedHome) -> None:
        """Put in what the row says; what it leaves open stays as it is known."""
        values: dict[str, Any] = home_values(parsed)
        for name, value in values.items():
            setattr(home, name, value)
        if parsed.agent:
            home.agent_id = self._agent(parsed)
        if parsed.landlord and (
            home.landlord is None or home.landlord.name_key != name_key(parsed.landlord)
        ):
            home.landlord = self._landlord(parsed.landlord)
        known = {row.group_code: row for row in home.acceptances}
        for group, (answer, conditions, words) in acceptance_values(parsed).items():
            row = known.get(group) or HomeAcceptance(group_code=group)
            row.answer, row.conditions, row.as_typed = answer, conditions, words
            if group not in known:
                home.acceptances.append(row)
        home.state = HomeState.VACANT
        home.source = f"{self._kept.file_name} {parsed.row}行目"[-200:]

    def _agent(self, parsed: ParsedHome) -> int:
        key = name_key(parsed.agent)
        if key not in self._agents:
            partner = find_or_add_partner(
                self._session,
                kind=PartnerKind.REALTOR,
                name=parsed.agent[:200],
                phone=(parsed.phone.shown or "")[:40] or None,
            )
            self._agents[key] = partner.id
        return self._agents[key]

    def _landlord(self, name: str) -> Landlord:
        return find_or_add_landlord(self._session, name=name[:200])

    def _property(self, parsed: ParsedHome) -> Property:
        key = "|".join((parsed.key.municipality or "?", parsed.key.street, parsed.key.building))
        if key not in self._properties:
            found = self._session.scalar(sa.select(Property).where(Property.key == key))
            self._properties[key] = found or new_property(
                self._session,
                key=key,
                name=parsed.building,
                address=parsed.address,
                municipality=parsed.municipality or None,
            )
        building = self._properties[key]
        for name, value in property_values(parsed).items():
            if getattr(building, name) is None:
                setattr(building, name, value)
        return building


def find_or_add_landlord(session: Session, *, name: str, phone: str | None = None) -> Landlord:
    """The landlord with this name in any spelling; a new one when there is none."""
    key = name_key(name)
    found = session.scalar(sa.select(Landlord).where(Landlord.name_key == key).limit(1))
    if found is None:
        found = Landlord(name=name.strip(), name_key=key, phone=phone)
        session.add(found)
        session.flush()  # the next row may name the same person
    return found


def new_property(
    session: Session, *, key: str, name: str, address: str, municipality: str | None
) -> Property:
    """A building with its point on the map, as precisely as the tables on disk know it."""
    place = geocoding.locate(address, municipality=municipality)
    building = Property(key=key, name=name, address=address, municipality=municipality)
    if place is not None:
        building.prefecture = place.prefecture
        building.latitude, building.longitude = place.latitude, place.longitude
        building.precision = _PRECISIONS[place.precision]
    session.add(building)
    session.flush()  # homes refer to it
    return building
