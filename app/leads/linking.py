"""From a list to a consultation: the person's yes first, then a case – theirs already or a new one.

Nobody becomes a case because they stand on a list. What was agreed is written down before anything
else, and stays with the case when the list is deleted.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.household.models import Phone
from app.cases.intake import services as receiving
from app.cases.intake.codes import Arrival, SourceKind
from app.cases.models import Case, Relation, Route
from app.cases.needs.models import YesNoUnknown
from app.cases.queries import SeenCase, access_to, named_to, placed_to, visible_cases
from app.cases.services import note
from app.cases.versions import check_version, flushed
from app.cases.work.models import LogMethod
from app.cases.work.services import write_log
from app.errors import ConflictError, InvalidError
from app.japanese import narrow
from app.japanese.text import PREFECTURES
from app.leads.claims import pass_through
from app.leads.codes import AGREED_HOW_LABELS, CallResult, LeadState
from app.leads.models import Lead, LeadAttempt, LeadList
from app.policy import Viewer

MOST_KNOWN = 10
NOT_AGREED = "先に、相談として受け付けてよいかを本人に確かめて、同意を記録してください。"
ALREADY = "この人は、もう相談につながっています。"


def record_agreement(
    session: Session,
    *,
    lead: Lead,
    version: int,
    values: Mapping[str, Any],
    user_id: int,
    today: date,
) -> None:
    """Write down that somebody agreed to be received. Raises StaleError, InvalidError for a day to
    come, ConflictError once they are a case.
    """
    check_version(lead, version)
    if lead.case_id is not None:
        raise ConflictError(ALREADY)
    if values["agreed_on"] > today:
        sentence = "まだ来ていない日です。きょうまでの日付を入れてください。"
        raise InvalidError(sentence, fields={"agreed_on": [sentence]})

    def act() -> None:
        lead.agreed_how, lead.agreed_on = values["agreed_how"], values["agreed_on"]
        lead.agreed_words, lead.agreed_by = values["agreed_words"] or None, user_id

    flushed(session, act)
    note(session, Deed.CHANGED, "lead", lead.id, user_id=user_id,
         fields=("agreed_how", "agreed_on", "agreed_words"))  # fmt: skip


def link(
    session: Session,
    *,
    lead: Lead,
    lead_list: LeadList,
    case: Case,
    user_id: int,
    at: datetime,
) -> None:
    """Tie somebody who agreed to a case the caller may write in; its log keeps what was agreed.

    Raises ConflictError without a recorded agreement, when they are a case already, or while
    somebody else is calling.
    """
    if lead.agreed_on is None:
        raise ConflictError(NOT_AGREED, code="not_agreed")
    if lead.case_id is not None:
        raise ConflictError(ALREADY)
    owner = lead_list.organisation_id
    pass_through(session, lead=lead, organisation_id=owner, user_id=user_id, at=at)

    def act() -> LeadAttempt:
        attempt = LeadAttempt(
            lead_id=lead.id, user_id=user_id, at=at, result=CallResult.LINKED, before={}
        )
        session.add(attempt)
        lead.case_id, lead.state, lead.next_on = case.id, LeadState.LINKED, None
        lead.last_result, lead.last_at = CallResult.LINKED, at
        lead.reached, lead.misses = True, 0
        return attempt

    attempt = flushed(session, act)
    note(session, Deed.CREATED, "lead_attempt", attempt.id, user_id=user_id, fields=("result",))
    write_log(
        session,
        case=case,
        at=at,
        now=at,
        method=LogMethod.PHONE,
        text=_log_words(lead, lead_list),
        user_id=user_id,
    )


def _log_words(lead: Lead, lead_list: LeadList) -> str:
    """What the case keeps of the call when the list is gone."""
    on, how = lead.agreed_on, lead.agreed_how
    if on is None or how is None:
        raise ConflictError(NOT_AGREED, code="not_agreed")
    said = f"本人の言葉: {lead.agreed_words}" if lead.agreed_words else ""
    lines = (
        f"電話の名簿「{lead_list.name}」から相談につないだ。",
        f"受け付ける同意: {AGREED_HOW_LABELS[how]}（{on.year}年{on.month}月{on.day}日）",
        said,
    )
    return "\n".join(line for line in lines if line)


def start_case(
    session: Session,
    *,
    lead: Lead,
    lead_list: LeadList,
    intake: Mapping[str, Any],
    user_id: int,
    today: date,
    at: datetime,
) -> Case:
    """Receive somebody who agreed, with the values of `IntakeSchema`, and tie them to the case."""
    if lead.agreed_on is None:
        raise ConflictError(NOT_AGREED, code="not_agreed")
    if lead.case_id is not None:
        raise ConflictError(ALREADY)
    case = receiving.register_case(
        session,
        intake=intake,
        organisation_id=lead_list.organisation_id,
        user_id=user_id,
        today=today,
    )
    link(session, lead=lead, lead_list=lead_list, case=case, user_id=user_id, at=at)
    return case


def intake_of(lead: Lead, lead_list: LeadList) -> dict[str, Any]:
    """What the intake may begin with: what was heard before what was listed, nothing guessed."""
    prefecture, municipality, rest = _split(lead.new_address or lead.address or "")
    values: dict[str, Any] = {
        "name": lead.name,
        "kana": lead.new_kana or narrow(lead.kana or ""),
        "phone": lead.new_phone or ("" if lead.wrong_digits else lead.phone or ""),
        "phone_note": "、".join(filter(None, (_secret_words(lead), lead.care_note)))[:200],
        "postal_code": "" if lead.new_address else lead.postal_code or "",
        "prefecture": prefecture,
        "municipality": municipality,
        "address": rest,
        "route": Route.OUTSIDE if lead_list.source else Route.OWN,
        "arrival": Arrival.OUTREACH,
        "source_kind": SourceKind.ORGANISATION if lead_list.source else None,
        "route_detail": lead_list.source or "",
        "topics": ["debt"],
    }
    if lead.born_on is not None:
        born = {"relation": "self", "name": lead.name, "born_on": lead.born_on}
        values["members"] = [born]
    return values


def _secret_words(lead: Lead) -> str:
    return "" if lead.secret is YesNoUnknown.NO else "家族に知られないようにかける"


def _split(address: str) -> tuple[str, str, str]:
    """Prefecture, municipality and the rest; what is not there is empty."""
    prefecture = next((one for one in PREFECTURES if address.startswith(one)), "")
    rest = address.removeprefix(prefecture)
    for ending in ("市", "区", "町", "村"):
        at = rest.find(ending, 1)
        if 0 < at < 8:
            return prefecture, rest[: at + 1], rest[at + 1 :]
    return prefecture, "", rest


# ----------------------------------------------------------------------- cases they may have


def known_cases(
    session: Session, viewer: Viewer, leads: Sequence[Lead], *, today: date
) -> dict[int, list[tuple[SeenCase, tuple[str, ...]]]]:
    """Cases that may be of these people, with why: the same name, number or birth date and name.

    Nothing reaches further than the search box, so neither a hint nor its absence tells of a case
    somebody may not see. Readings are not compared: those of a list are known to be wrong.
    """
    names = {_squeezed(lead.name) for lead in leads}
    digits = {d for lead in leads for d in (lead.phone_digits, lead.new_digits) if d}
    if not names:
        return {}
    by_name = sa.and_(named_to(viewer, today=today), _squeezed_column(Case.name).in_(names))
    rings = sa.exists().where(Phone.case_id == Case.id, Phone.digits.in_(digits))
    statement = visible_cases(viewer, today=today).where(
        sa.or_(by_name, sa.and_(placed_to(viewer, today=today), rings))
    )
    found: dict[int, list[tuple[SeenCase, tuple[str, ...]]]] = {}
    told = statement.where(placed_to(viewer, today=today)).with_only_columns(Case.id)
    placed = set(session.scalars(told))  # those that may be told by their number
    for case in session.scalars(statement.order_by(Case.id.desc()).limit(MOST_KNOWN * len(leads))):
        seen = SeenCase(case, access_to(case, viewer, today=today))
        for lead in leads:
            why = _why(lead, case, places=case.id in placed)
            if why and len(found.setdefault(lead.id, [])) < MOST_KNOWN:
                found[lead.id].append((seen, why))
    return {lead_id: cases for lead_id, cases in found.items() if cases}


def _why(lead: Lead, case: Case, *, places: bool) -> tuple[str, ...]:
    why = []
    born = {m.born_on for m in case.members if m.relation is Relation.SELF} - {None}
    another = lead.born_on is not None and born and lead.born_on not in born
    if case.name and _squeezed(case.name) == _squeezed(lead.name) and not another:
        why.append("氏名が同じ")
        if lead.born_on and any(member.born_on == lead.born_on for member in case.members):
            why.append("生年月日が同じ")
    rings = {phone.digits for phone in case.phones} & {lead.phone_digits, lead.new_digits}
    if places and rings - {None}:
        why.append("電話が同じ")
    return tuple(why)


def _squeezed(name: str) -> str:
    return name.replace(" ", "").replace("\u3000", "")


def _squeezed_column(column: Any) -> sa.ColumnElement[str]:
    return sa.func.replace(sa.func.replace(column, " ", ""), "\u3000", "")
