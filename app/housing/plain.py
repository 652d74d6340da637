"""Frozen values as JSON and back, so that a run of the machine can be kept and replayed.

Fields at their default are left out; dates are ISO text, codes their values, infinity null.
"""

import dataclasses
import json
import math
import types
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

Convert = Callable[[Any], Any]


def to_plain(value: Any) -> Any:
    """A value as JSON can carry it."""
    return _write_one(value)


def from_plain(kind: Any, value: Any) -> Any:
    """The value of type `kind` that `to_plain` made this of."""
    return _reader(kind)(value)


def canonical(value: Any) -> str:
    """One spelling of a plain value, to compare byte for byte whatever database it came from."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# A run holds some ten thousand values: what has to be done for a type is found out once.


@cache
def _writer(kind: Any) -> Convert:
    if dataclasses.is_dataclass(kind):
        return _record_writer(kind)
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, tuple | list):
        return lambda value: [_write_one(one) for one in value]
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    if issubclass(kind, float):
        return lambda value: None if math.isinf(value) else value
    return _as_it_is


_ATOMS = frozenset({int, str, bool, types.NoneType})  # most values: looked at, not converted


def _write_one(value: Any) -> Any:
    kind: Any = type(value)
    return value if kind in _ATOMS else _writer(kind)(value)


def _record_writer(kind: Any) -> Convert:
    defaults = [(field.name, _default(field)) for field in dataclasses.fields(kind)]

    def write(value: Any) -> dict[str, Any]:
        found = {}
        for name, default in defaults:
            got = getattr(value, name)
            if got != default:
                found[name] = _write_one(got)
        return found

    return write


def _as_it_is(value: Any) -> Any:
    return value


@cache
def _reader(kind: Any) -> Convert:
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _union_reader(get_args(kind))
    if origin is tuple:
        return _tuple_reader(get_args(kind))
    if _is_record(kind):
        return _record_reader(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind is date:
        return date.fromisoformat
    if kind is float:
        return lambda value: math.inf if value is None else float(value)
    return _as_it_is


def _tuple_reader(inner: tuple[Any, ...]) -> Convert:
    if inner[-1] is Ellipsis:
        read = _reader(inner[0])
        return lambda value: tuple([read(one) for one in value])
    readers = [_reader(kind) for kind in inner]
    return lambda value: tuple([read(one) for read, one in zip(readers, value, strict=True)])


def _record_reader(kind: Any) -> Convert:
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}

    def read(value: Mapping[str, Any]) -> Any:
        known = {}
        for name, one in value.items():
            reader = readers.get(name)  # older rules said more
            if reader is not None:
                known[name] = one if reader is _as_it_is else reader(one)
        return kind(**known)

    return read


def _union_reader(kinds: tuple[Any, ...]) -> Convert:
    """The alternative that fits: none, the record with these fields, else the first."""
    kept = [kind for kind in kinds if kind is not types.NoneType]
    records = [(_reader(k), set(get_type_hints(k))) for k in kept if _is_record(k)]
    first = _reader(kept[0])

    def read(value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, Mapping):
            for reader, names in records:
                if value.keys() <= names:
                    return reader(value)
        return first(value)

    return read


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and dataclasses.is_dataclass(kind)


def _default(field: dataclasses.Field[Any]) -> Any:
    """A field's default; something equal to nothing where it has none."""
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return object()
