"""What stood in a record before a list was taken in, in plain values that can be put back."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.housing.codes import Acceptance, Group
from app.housing.lists.said import ACCEPTS, VACANCY, plain, stored
from app.housing.models import Home, HomeAcceptance, Property

_COLUMNS = {
    "agent": ("agent_id",),
    "landlord": ("landlord_id",),
    "layout": ("layout", "rooms"),
    VACANCY: ("state", "missing_since", "confirmed_on"),
}


def snapshot(home: Home, fields: Iterable[str]) -> dict[str, Any]:
    """What a home has in the columns behind these fields, and where it says it has it from."""
    names = [name for field in fields for name in _COLUMNS.get(field, (field,))]
    return now_in(home, dict.fromkeys([*names, "source"]))


def now_in(record: Home | Property, names: Iterable[str]) -> dict[str, Any]:
    """The present values under these names, columns or answers for a group."""
    return {name: _value(record, name) for name in names}


def _value(record: Home | Property, name: str) -> Any:
    if not name.startswith(ACCEPTS) or not isinstance(record, Home):
        return plain(getattr(record, name))
    row = _row(record, name)
    if row is None:
        return None
    return {
        "answer": row.answer.value,
        "conditions": list(row.conditions),
        "as_typed": row.as_typed,
    }


def put_back(record: Home | Property, values: Mapping[str, Any]) -> None:
    """Write former values into a record."""
    for name, value in values.items():
        if isinstance(record, Home) and name.startswith(ACCEPTS):
            _put_answer_back(record, name, value)
        elif isinstance(record, Home):
            setattr(record, name, stored(name, value))
        else:
            setattr(record, name, value)


def _put_answer_back(home: Home, name: str, value: Mapping[str, Any] | None) -> None:
    row = _row(home, name)
    if value is None:
        if row is not None:
            home.acceptances.remove(row)
        return
    if row is None:
        row = HomeAcceptance(group_code=Group(name.removeprefix(ACCEPTS)))
        home.acceptances.append(row)
    row.answer, row.conditions = Acceptance(value["answer"]), list(value["conditions"])
    row.as_typed = value["as_typed"]


def _row(home: Home, name: str) -> HomeAcceptance | None:
    code = name.removeprefix(ACCEPTS)
    return next((row for row in home.acceptances if row.group_code.value == code), None)
