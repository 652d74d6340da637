"""Receiving somebody, and keeping the intake right."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.audit.models import Deed
from app.cases.models import (
    AgeBand,
    Case,
    Member,
)
from app.cases.numbers import new_code_name, next_number
from app.cases.services import note
from app.cases.versions import check_version, flushed
from app.cases.work.models import TeamMember
from app.errors import InvalidError
from app.japanese import kana_search_key, narrow, parse_phone, postal_code
from app.policy import Protection

NOBODY = "氏名・呼び名・年代のどれか一つを入れてください。呼び名だけでも受け付けられます。"
INTAKE_FIELDS = (
    "name", "kana", "alias", "age_band", "received_on", "who_came", "topics", "main_topic",
    "route", "route_detail", "law8", "dwelling", "leave_by", "household_size", "phone",
    "phone_note", "postal_code", "address", "municipality", "story",
)  # fmt: skip


def register_case(
    session: Session,
    *,
    intake: Mapping[str, Any],
    organisation_id: int,
    user_id: int,
    today: date,
) -> Case:
    """Open a case from an intake (the values of `IntakeSchema`); who registers is on its team.

    Raises InvalidError when not even an alias or an age band is given, or for a date to come.
    """
    _check_somebody(intake.get("name"), intake.get("alias"), intake.get("age_band"))
    _check_received(intake.get("received_on"), today)
    case = Case(
        number=next_number(session, year=today.year),
        code_name=new_code_name(session),
        organisation_id=organisation_id,
        received_by=user_id,
        received_on=today,
        protection=intake.get("protection", Protection.UNKNOWN),
        team=[TeamMember(user_id=user_id, since=today)],
        consents=[],
        disclosures=[],
    )
    changed = _fill(case, intake, today)
    session.add(case)
    session.flush()  # the id is needed by the audit entry and the page to go to
    note(
        session,
        Deed.CREATED,
        "case",
        case.id,
        user_id=user_id,
        fields=(*changed, "protection", "team"),
    )
    return case


def edit_intake(
    session: Session,
    *,
    case: Case,
    version: int,
    intake: Mapping[str, Any],
    user_id: int,
    today: date,
) -> None:
    """Change what was taken down; fields that are not given stay as they are.

    Raises StaleError when somebody changed the case since the form was opened.
    """
    check_version(case, version)
    _check_somebody(*(intake.get(n, getattr(case, n)) for n in ("name", "alias", "age_band")))
    _check_received(intake.get("received_on"), today)

    def act() -> tuple[str, ...]:
        changed = _fill(case, intake, today)
        if "members" in changed:
            flag_modified(case, "code_name")  # members have no version: the case's counts
        return changed

    changed = flushed(session, act)
    if changed:
        note(session, Deed.CHANGED, "case", case.id, user_id=user_id, fields=changed)


def _check_somebody(name: str | None, alias: str | None, age_band: AgeBand | None) -> None:
    if not (name or alias) and age_band in {None, AgeBand.UNKNOWN}:
        raise InvalidError(NOBODY, fields={"name": [NOBODY]})


def _check_received(day: date | None, today: date) -> None:
    if day is not None and day > today:
        sentence = "まだ来ていない日です。きょうまでの日付を入れてください。"
        raise InvalidError(sentence, fields={"received_on": [sentence]})


def _fill(case: Case, intake: Mapping[str, Any], today: date) -> tuple[str, ...]:
    """Put the given values into the case; returns the names of the fields that changed."""
    given = {n: intake[n] for n in INTAKE_FIELDS if n in intake}
    values: dict[str, Any] = {n: None if v == "" else v for n, v in given.items()}
    if values.get("received_on", today) is None:
        del values["received_on"]
    if "topics" in values or "main_topic" in values:
        values |= _topics(case, values)
    if values.get("postal_code"):
        values["postal_code"] = postal_code(values["postal_code"]) or values["postal_code"]
    changed = [n for n, v in values.items() if getattr(case, n, None) != v]
    for name in changed:
        setattr(case, name, values[name])
    _set_keys(case)
    if "members" in intake and _set_members(case, intake["members"], today):
        changed.append("members")
    return tuple(changed)


def _topics(case: Case, values: Mapping[str, Any]) -> dict[str, Any]:
    """Topics as plain codes; the most pressing one is always among them."""
    topics = [str(t) for t in values.get("topics", case.topics or [])]
    main = values.get("main_topic", case.main_topic)
    if main is not None and str(main) not in topics:
        topics.append(str(main))
    return {"topics": topics, "main_topic": None if main is None else str(main)}


def _set_keys(case: Case) -> None:
    """What the search box compares: a reading without width or kind of kana, digits only."""
    key = kana_search_key(case.kana or case.alias or case.name or "")[:200]
    digits = parse_phone(case.phone).digits if case.phone else None
    if case.phone and digits is None:
        digits = "".join(c for c in narrow(case.phone) if c.isascii() and c.isdigit())[:40]
    if case.kana_key != (key or None):
        case.kana_key = key or None
    if case.phone_digits != (digits or None):
        case.phone_digits = digits or None


_MEMBER_FIELDS = ("relation", "name", "kana", "sex", "born_on", "age")


def _set_members(case: Case, rows: Sequence[Mapping[str, Any]], today: date) -> bool:
    """Make the household's people those of `rows`, in their order; True when that changed any."""
    wanted = [{n: row.get(n) if row.get(n) != "" else None for n in _MEMBER_FIELDS} for row in rows]
    before = [{n: getattr(m, n) for n in _MEMBER_FIELDS} for m in case.members]
    if wanted == before:
        return False
    told = {(m.position, m.age): m.age_on for m in case.members}
    case.members = [
        Member(position=i, age_on=_told_on(row, told.get((i, row["age"])), today), **row)
        for i, row in enumerate(wanted)
    ]
    return True


def _told_on(row: Mapping[str, Any], before: date | None, today: date) -> date | None:
    """The day an age was told; an age left as it was keeps its day."""
    return None if row["age"] is None else before or today
