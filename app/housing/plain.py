"""Frozen values as JSON and back, so that a run of the machine can be kept and replayed.

Fields at their default are left out; dates are ISO text, codes their values, infinity null.
"""

import dataclasses
import json
import math
import types
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints


def to_plain(value: Any) -> Any:
    """A value as JSON can carry it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: to_plain(got)
            for field in dataclasses.fields(value)
            if (got := getattr(value, field.name)) != _default(field)
        }
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [to_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, float) and math.isinf(value) else value


def from_plain(kind: Any, value: Any) -> Any:
    """The value of type `kind` that `to_plain` made this of."""
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _one_of(get_args(kind), value)
    if origin is tuple:
        inner = get_args(kind)
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(from_plain(k, v) for k, v in zip(kinds, value, strict=True))
    if _is_record(kind):
        hints = _hints(kind)
        known = {name: v for name, v in value.items() if name in hints}  # older rules said more
        return kind(**{name: from_plain(hints[name], v) for name, v in known.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is float:
        return math.inf if value is None else float(value)
    return value


def canonical(value: Any) -> str:
    """One spelling of a plain value, to compare byte for byte whatever database it came from."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _one_of(kinds: tuple[Any, ...], value: Any) -> Any:
    """The alternative that fits: none, the record with these fields, else the first."""
    if value is None:
        return None
    kept = [kind for kind in kinds if kind is not types.NoneType]
    if isinstance(value, Mapping):
        for kind in kept:
            if _is_record(kind) and set(value) <= set(_hints(kind)):
                return from_plain(kind, value)
    return from_plain(kept[0], value)


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and dataclasses.is_dataclass(kind)


def _default(field: dataclasses.Field[Any]) -> Any:
    """A field's default; something equal to nothing where it has none."""
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return object()


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
