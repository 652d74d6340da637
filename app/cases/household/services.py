"""Keeping the people of a household and their telephone numbers right."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.audit.models import Deed
from app.cases.household.models import Phone
from app.cases.models import Case, Member, Relation
from app.cases.services import note
from app.cases.versions import check_version, flushed
from app.errors import InvalidError
from app.japanese import kana_search_key, narrow, parse_phone

MEMBER_FIELDS = (
    "relation", "name", "kana", "sex", "born_on", "age", "nationality", "language",
    "handbook_physical", "handbook_intellectual", "handbook_mental", "care_level", "school",
    "note",
)  # fmt: skip
NAME_FIELDS = ("name", "kana")
PHONE_FIELDS = ("number", "whose", "best_time", "voicemail", "secret", "note")
MOST_MEMBERS = 30


def put_member(member: Member, row: Mapping[str, Any], today: date) -> list[str]:
    """Write the given values into a member; an age left as it was keeps the day it was told.

    Raises InvalidError for a birth to come.
    """
    values = {n: None if row[n] == "" else row[n] for n in MEMBER_FIELDS if n in row}
    born = values.get("born_on")
    if born is not None and born > today:
        sentence = "まだ来ていない日です。生年月日を確かめてください。"
        raise InvalidError(sentence, fields={"born_on": [sentence]})
    changed = [n for n, v in values.items() if getattr(member, n) != v]
    if "age" in changed:
        member.age_on = None if values["age"] is None else today
    for name in changed:
        setattr(member, name, values[name])
    return changed


def save_member(
    session: Session,
    *,
    case: Case,
    member: Member | None,
    version: int,
    values: Mapping[str, Any],
    user_id: int,
    today: date,
) -> Member:
    """Write one member, a new one when `member` is None (then `version` is 0).

    Raises StaleError when somebody was first, InvalidError for a birth to come or too many people.
    """
    check_version(member, version)
    if member is None and len(case.members) >= MOST_MEMBERS:
        sentence = f"{MOST_MEMBERS}人までです。"
        raise InvalidError(sentence, fields={"name": [sentence]})
    record = member or Member(case_id=case.id, position=_next_position(case))
    called: list[str] = []

    def act() -> list[str]:
        before = {name: getattr(record, name) for name in NAME_FIELDS}
        changed = put_member(record, values, today)
        if member is None:
            case.members.append(record)
        if changed:
            called.extend(put_own_name(case, record, before))
        return changed

    changed = flushed(session, act)
    if changed or member is None:
        deed = Deed.CHANGED if member else Deed.CREATED
        note(session, deed, "member", record.id, user_id=user_id, fields=changed)
    if called:
        note(session, Deed.CHANGED, "case", case.id, user_id=user_id, fields=called)
    return record


def put_own_name(case: Case, member: Member, before: Mapping[str, str | None]) -> list[str]:
    """Call the case by what the person's own row says, as the case alone is searched by name.

    Only where the case has no name yet or the one this row had `before`; returns what changed.
    """
    if member.relation is not Relation.SELF:
        return []
    changed = []
    for name in NAME_FIELDS:
        told, now = getattr(member, name), getattr(case, name)
        if told and told != now and now in {None, before[name]}:
            setattr(case, name, told)
            changed.append(name)
    put_kana_key(case)
    return changed


def put_kana_key(case: Case) -> None:
    """What the search box compares: a reading without width or kind of kana."""
    key = kana_search_key(case.kana or case.alias or case.name or "")[:200]
    if case.kana_key != (key or None):
        case.kana_key = key or None


def _next_position(case: Case) -> int:
    return max((member.position for member in case.members), default=-1) + 1


def remove_member(session: Session, *, case: Case, member: Member, user_id: int) -> None:
    """Take somebody out of the household who was never part of it."""
    member_id = member.id

    def act() -> None:
        case.members.remove(member)

    flushed(session, act)
    note(session, Deed.DELETED, "member", member_id, user_id=user_id, fields=())


# ----------------------------------------------------------------------------------- phones


def digits_of(number: str | None) -> str | None:
    """What the search box compares: the digits alone, whatever the spelling."""
    if not number:
        return None
    digits = parse_phone(number).digits
    if digits is None:
        digits = "".join(c for c in narrow(number) if c.isascii() and c.isdigit())
    return digits[:40] or None


def put_first_phone(case: Case) -> None:
    """Make the first number the one the intake names; the others stay behind it."""
    rows = case.phones
    if case.phone is None:
        if rows and case.phone_digits is not None:
            del rows[0]
            _take_first(case)
        return
    if not rows:
        rows.append(Phone(position=0, number=case.phone))
    first = rows[0]
    first.number, first.note = case.phone, case.phone_note
    first.digits = case.phone_digits = digits_of(case.phone)


def _take_first(case: Case) -> None:
    """The case's own number is the first of its rows."""
    first = case.phones[0] if case.phones else None
    case.phone = first.number if first else None
    case.phone_digits = first.digits if first else None
    case.phone_note = first.note if first else None


def save_phones(
    session: Session,
    *,
    case: Case,
    version: int,
    phones: Sequence[Mapping[str, Any]],
    user_id: int,
) -> None:
    """Make the household's numbers those of `phones`, the one to call first at the top.

    Raises StaleError when somebody changed the case since the form was opened.
    """
    check_version(case, version)
    wanted = [
        {name: None if row[name] == "" else row[name] for name in PHONE_FIELDS} for row in phones
    ]
    if wanted == [{name: getattr(p, name) for name in PHONE_FIELDS} for p in case.phones]:
        return

    def act() -> None:
        case.phones = [
            Phone(position=i, digits=digits_of(row["number"]), **row)
            for i, row in enumerate(wanted)
        ]
        _take_first(case)
        flag_modified(case, "code_name")  # the numbers have no version: the case's counts

    flushed(session, act)
    note(session, Deed.CHANGED, "case", case.id, user_id=user_id, fields=("phones",))
