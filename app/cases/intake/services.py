"""Receiving somebody, and keeping the intake right."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.audit.models import Deed
from app.cases.household.services import (
    NAME_FIELDS,
    put_first_phone,
    put_kana_key,
    put_member,
    put_own_name,
)
from app.cases.intake.codes import SourceKind
from app.cases.models import (
    AgeBand,
    Case,
    Member,
    Route,
)
from app.cases.numbers import new_code_name, next_number
from app.cases.services import note
from app.cases.versions import check_version, flushed
from app.cases.work.models import TeamMember
from app.directory.models import Partner, PartnerKind
from app.directory.services import name_key
from app.errors import InvalidError
from app.japanese import postal_code
from app.policy import Protection

NOBODY = "氏名・呼び名・年代のどれか一つを入れてください。呼び名だけでも受け付けられます。"
INTAKE_FIELDS = (
    "name", "kana", "alias", "age_band", "received_on", "who_came", "topics", "main_topic",
    "route", "route_detail", "arrival", "source_kind", "law8", "dwelling", "leave_by",
    "leave_reason", "work", "insurance", "pension", "household_size", "caller_name",
    "caller_relation", "caller_phone", "phone", "phone_note", "postal_code", "prefecture",
    "municipality", "address", "building", "mail_blocked", "story",
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
        phones=[],
        team=[TeamMember(user_id=user_id, since=today)],
        consents=[],
        disclosures=[],
    )
    changed = _fill(session, case, intake, today)
    for member in case.members:
        changed += tuple(put_own_name(case, member, dict.fromkeys(NAME_FIELDS)))
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
        changed = _fill(session, case, intake, today)
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


def _fill(session: Session, case: Case, intake: Mapping[str, Any], today: date) -> tuple[str, ...]:
    """Put the given values into the case; returns the names of the fields that changed."""
    given = {n: intake[n] for n in INTAKE_FIELDS if n in intake}
    values: dict[str, Any] = {n: None if v == "" else v for n, v in given.items()}
    if values.get("received_on", today) is None:
        del values["received_on"]
    if "topics" in values or "main_topic" in values:
        values |= _topics(case, values)
    if values.get("postal_code"):
        values["postal_code"] = postal_code(values["postal_code"]) or values["postal_code"]
    values |= _source(session, case, intake, values)
    values |= _first_level(case, values)
    changed = [n for n, v in values.items() if getattr(case, n, None) != v]
    for name in changed:
        setattr(case, name, values[name])
    put_kana_key(case)
    if {"phone", "phone_note"} & set(changed):
        put_first_phone(case)
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


# The kind of source a partner of the directory is; any other one is an outside organisation.
_PARTNER_SOURCES = {
    PartnerKind.CITY_SECTION: SourceKind.SECTION,
    PartnerKind.REALTOR: SourceKind.REALTOR,
    PartnerKind.GUARANTOR_COMPANY: SourceKind.GUARANTOR_COMPANY,
}


def _source(
    session: Session, case: Case, intake: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Who sent them: a partner named by number, or found by the very name that was typed.

    A name nobody registered stays text. Raises InvalidError for a partner that is not there.
    """
    if intake.get("route_partner_id") is not None:
        partner = session.get(Partner, intake["route_partner_id"])
        if partner is None:
            sentence = "この相手は登録されていません。名前を入れ直してください。"
            raise InvalidError(sentence, fields={"route_detail": [sentence]})
    elif "route_detail" in values and values["route_detail"] != case.route_detail:
        partner = _partner_named(session, values["route_detail"], values.get("source_kind"))
    else:
        return {}
    found: dict[str, Any] = {"route_partner_id": partner.id if partner else None}
    if partner is not None:
        found["route_detail"] = values.get("route_detail") or partner.name
        if values.get("source_kind", case.source_kind) is None:
            found["source_kind"] = _source_kind(partner)
    return found


def _first_level(case: Case, values: Mapping[str, Any]) -> dict[str, Any]:
    """Who sent them says from inside or outside the city hall, where nobody said otherwise."""
    kind = values.get("source_kind")
    if kind is None or values.get("route", case.route) not in {None, Route.UNKNOWN}:
        return {}
    return {"route": Route.INSIDE if kind is SourceKind.SECTION else Route.OUTSIDE}


def _source_kind(partner: Partner) -> SourceKind:
    return _PARTNER_SOURCES.get(partner.kind, SourceKind.ORGANISATION)


def _partner_named(session: Session, name: str | None, kind: SourceKind | None) -> Partner | None:
    """The one partner of this name; of several none, as nobody said which."""
    if not name:
        return None
    found = session.scalars(sa.select(Partner).where(Partner.name_key == name_key(name))).all()
    if kind is not None:
        found = [one for one in found if _source_kind(one) is kind]
    return found[0] if len(found) == 1 else None


def _set_members(case: Case, rows: Sequence[Mapping[str, Any]], today: date) -> bool:
    """Make the household's people those of `rows`, in their order; True when that changed any.

    A row with the `id` of somebody keeps what else is known of them; rows without any id stand
    for the people in their order.
    """
    before = list(case.members)
    by_id = {member.id: member for member in before}
    in_order = not any(row.get("id") for row in rows)
    kept, changed = [], False
    for position, row in enumerate(rows):
        known = (
            before[position : position + 1] if in_order else [by_id.pop(row.get("id") or 0, None)]
        )
        member = known[0] if known and known[0] is not None else Member(position=position)
        changed |= bool(_put_row(member, row, position, today)) or member not in before
        member.position = position
        kept.append(member)
    if kept != before:
        case.members = kept
        changed = True
    return changed


def _put_row(member: Member, row: Mapping[str, Any], position: int, today: date) -> list[str]:
    try:
        return put_member(member, row, today)
    except InvalidError as error:
        fields = {f"members-{position}-{name}": said for name, said in error.fields.items()}
        raise InvalidError(error.message, fields=fields) from error
