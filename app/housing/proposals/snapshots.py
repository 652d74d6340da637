"""The homes of a run, kept once for all runs that saw the same.

A snapshot holds all vacant homes, or what differs from an earlier one that does; a run refers to
it, so that it can be replayed years later although the homes have long been let.
"""

import hashlib
import io
import json
import threading
import weakref
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.housing.models import HomeSnapshot
from matching.home_columns import NAMES, Bools, HomeColumns, Int64s, array_names

_LARGEST_PART = 0.05
"""A snapshot that differs in more than this share of its base is kept whole, as a new base."""

_REMEMBERED = 4
"""So many unpacked snapshots stay in memory: a base and what a few people page through."""


class OtherColumnsError(NotFoundError):
    """A snapshot of a version of the program that compared other facts of homes than this one."""

    def __init__(self) -> None:
        super().__init__(
            "この記録は以前の形の一覧から作られたので、いまは開き直せません。もう一度探してください。"
        )


@dataclass(frozen=True, eq=False)
class _Packed:
    """What was unpacked: homes, and the ids of those that are no longer there."""

    homes: HomeColumns
    gone: Int64s


@dataclass(frozen=True, eq=False)
class _Base:
    """A snapshot that holds all homes."""

    id: int
    digest: str
    homes: HomeColumns


@dataclass(frozen=True, eq=False)
class _Last:
    """What a process stored last, to be looked up before it is believed."""

    id: int
    digest: str
    base: _Base
    state: object


_last: "weakref.WeakKeyDictionary[Engine, _Last]" = weakref.WeakKeyDictionary()
_read: "weakref.WeakKeyDictionary[Engine, dict[str, HomeColumns]]" = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def store(
    session: Session,
    there: Callable[[], HomeColumns],
    *,
    state: object,
    mark: int,
    covered: Collection[str],
) -> int:
    """The id of a snapshot that holds exactly these homes, made in the caller's transaction.

    `state` stands for the homes: the same object means the same homes. They are those of `mark`
    and of the rules under which a benefit pays the lines `covered`.
    """
    engine = session.get_bind().engine
    with _guard:
        last = _last.get(engine)
    if last is not None and not _is_there(session, last):
        last = None
    if last is not None and last.state is state:
        return last.id
    base = _newest_base(session) if last is None else last.base
    homes = there()
    made = {"mark": mark, "covered": sorted(covered)}
    part = None if base is None else difference(base.homes, homes)
    if base is None or part is None:
        content = pack(homes, np.zeros(0, np.int64))
        row = _kept(session, content, len(homes), None, made)
        base = _Base(row.id, row.digest, homes)
    elif len(part.homes) or len(part.gone):
        row = _kept(session, pack(part.homes, part.gone), len(homes), base, made)
    else:
        row = session.get_one(HomeSnapshot, base.id)
    with _guard:
        _last[engine] = _Last(row.id, row.digest, base, state)
    return row.id


def _is_there(session: Session, last: _Last) -> bool:
    """Whether the row really was committed: its transaction may have been rolled back."""
    asked = sa.select(HomeSnapshot.id).where(
        HomeSnapshot.id == last.id, HomeSnapshot.digest == last.digest
    )
    return session.scalar(asked) is not None


def _newest_base(session: Session) -> _Base | None:
    asked = sa.select(HomeSnapshot).where(HomeSnapshot.base_id.is_(None))
    newest = session.scalar(asked.order_by(HomeSnapshot.id.desc()).limit(1))
    if newest is None:
        return None
    try:
        return _Base(newest.id, newest.digest, homes_of(session, newest.id))
    except OtherColumnsError:
        return None


def _kept(
    session: Session, content: bytes, homes: int, base: _Base | None, made: Mapping[str, Any]
) -> HomeSnapshot:
    """The row with this content; somebody else may have stored the same a moment ago."""
    above = "" if base is None else base.digest
    digest = hashlib.sha256(above.encode() + content).hexdigest()
    same = sa.select(HomeSnapshot).where(HomeSnapshot.digest == digest)
    if (found := session.scalar(same)) is not None:
        return found
    row = HomeSnapshot(
        base_id=None if base is None else base.id,
        homes=homes,
        digest=digest,
        content=zlib.compress(content, 1),
        **made,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except sa.exc.IntegrityError:
        return session.scalars(same).one()
    return row


def forget(engine: Engine) -> None:
    """Look everything up anew, as a process that starts does: for tests and measurements."""
    with _guard:
        _last.pop(engine, None)
        _read.pop(engine, None)


def homes_of(session: Session, snapshot_id: int) -> HomeColumns:
    """The homes of a stored snapshot.

    Raises NotFoundError where there is none, OtherColumnsError where it holds other facts of them.
    """
    row = session.get(HomeSnapshot, snapshot_id)
    if row is None:
        raise NotFoundError("この記録のもとになった住戸の一覧が見つかりません。")
    engine = session.get_bind().engine
    with _guard:
        read = _read.setdefault(engine, {})
        if row.digest in read:
            return read[row.digest]
    found = unpack(zlib.decompress(row.content))
    homes = found.homes
    if row.base_id is not None:
        homes = applied(homes_of(session, row.base_id), found)
    with _guard:
        read[row.digest] = homes
        while len(read) > _REMEMBERED:
            del read[next(iter(read))]
    return homes


def difference(base: HomeColumns, homes: HomeColumns) -> _Packed | None:
    """What to keep beside a base to have these homes again; None where it is not worth it."""
    if any(getattr(base, name) != getattr(homes, name) for name in NAMES):
        return None
    known = np.isin(homes.ids, base.ids, assume_unique=True)
    gone = base.ids[~np.isin(base.ids, homes.ids, assume_unique=True)]
    differs = ~known
    if known.any():
        before = np.searchsorted(base.ids, homes.ids[known])
        differs[known] = _differs(base, before, homes, known)
    if np.count_nonzero(differs) + len(gone) > _LARGEST_PART * len(base):
        return None
    return _Packed(homes.take(differs), gone)


def _differs(base: HomeColumns, before: Int64s, homes: HomeColumns, known: Bools) -> Bools:
    now = np.flatnonzero(known)
    found = np.zeros(len(now), bool)
    for name in array_names():
        was, is_ = getattr(base, name)[..., before], getattr(homes, name)[..., now]
        unlike = was != is_
        if was.dtype.kind == "f":  # a place that was and is not known is the same
            unlike &= ~(np.isnan(was) & np.isnan(is_))
        found |= unlike if unlike.ndim == 1 else unlike.any(axis=0)
    return found


def applied(base: HomeColumns, part: _Packed) -> HomeColumns:
    """A base with what differs put in, in order of id."""
    replaced = np.concatenate((part.homes.ids, part.gone))
    return base.take(~np.isin(base.ids, replaced)).joined(part.homes)


def pack(homes: HomeColumns, gone: Int64s) -> bytes:
    """Homes as bytes, the same for the same homes; last, which columns these are."""
    named: dict[str, Any] = {name: getattr(homes, name) for name in NAMES}
    named["columns"] = array_names()
    last = np.frombuffer(json.dumps(named, ensure_ascii=False).encode(), np.uint8)
    out = io.BytesIO()
    for array in (*(getattr(homes, name) for name in array_names()), gone, last):
        np.lib.format.write_array(out, np.ascontiguousarray(array), allow_pickle=False)
    return out.getvalue()


def unpack(content: bytes) -> _Packed:
    """What `pack` made bytes of. Raises OtherColumnsError for that of another version."""
    source, arrays = io.BytesIO(content), []
    while source.tell() < len(content):
        arrays.append(np.lib.format.read_array(source, allow_pickle=False))
    *arrays, gone, last = arrays
    named = {name: tuple(listed) for name, listed in json.loads(bytes(last)).items()}
    if named.pop("columns", array_names()) != array_names() or len(arrays) != len(array_names()):
        raise OtherColumnsError
    parts: dict[str, Any] = {**dict(zip(array_names(), arrays, strict=True)), **named}
    return _Packed(HomeColumns(**parts), gone)
