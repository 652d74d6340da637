"""Reading lists: whom a viewer may know of, who is due first, and who is calling whom.

`visible_leads` says in SQL what `access_to_lead` says of one person; nothing reads past the two.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.cases.models import Case
from app.cases.queries import access_to, placed_to, visible_cases
from app.errors import NotFoundError
from app.japanese import age_on, kana_search_key, narrow
from app.leads.access import access_to_lead
from app.leads.codes import CallResult, ImportState, LeadState
from app.leads.models import Lead, LeadAttempt, LeadClaim, LeadImport, LeadList
from app.leads.numbers import call_key
from app.policy import Access, Presented, Role, Viewer, present

NOT_FOUND = "この名簿の記録は見つからないか、あなたの役割では開けません。"
LEAD_FIELDS = (
    "id", "version", "number", "name", "kana", "born_on", "postal_code", "address", "phone",
    "loan_kind", "amount", "repay_from", "status", "new_kana", "new_phone", "new_address",
    "secret", "voicemail", "best_time", "care_note", "call_digits", "state", "next_on",
    "last_result", "last_at", "calls", "misses", "reached", "agreed_on", "agreed_how",
    "agreed_words",
)  # fmt: skip
ATTEMPT_FIELDS = ("id", "at", "result", "note", "next_on", "user_id", "takes_back_id")
FEWEST_DIGITS = 4


@dataclass(frozen=True)
class SeenLead:
    """Somebody on a list with how much of them the viewer may see."""

    lead: Lead
    lead_list: LeadList
    access: Access
    case: Case | None = None  # only where the viewer may know of it


def _own_lists(viewer: Viewer) -> sa.ColumnElement[bool]:
    if viewer.second_factor_missing:
        return sa.false()
    return sa.and_(
        LeadList.organisation_id.in_(viewer.organisations(Role.CONSULTANT)),
        LeadList.deleted_at.is_(None),
    )


def visible_leads(viewer: Viewer) -> sa.Select[Lead]:
    """Everybody on the lists of the viewer's organisations, to filter and sort further."""
    return sa.select(Lead).join(LeadList, LeadList.id == Lead.list_id).where(_own_lists(viewer))


def get_lead(session: Session, lead_id: int, viewer: Viewer, *, today: date) -> SeenLead:
    """One person of a list. Raises NotFoundError, in the words for none at all."""
    found = session.execute(
        sa.select(Lead, LeadList)
        .join(LeadList, LeadList.id == Lead.list_id)
        .where(Lead.id == lead_id, _own_lists(viewer))
    ).first()
    if found is None:
        raise NotFoundError(NOT_FOUND)
    [seen] = _seen(session, [(found[0], found[1])], viewer, today)
    return seen


def _seen(
    session: Session, rows: Sequence[tuple[Lead, LeadList]], viewer: Viewer, today: date
) -> list[SeenLead]:
    """Each with the case they became, as far as the viewer may know of it."""
    cases = _cases(session, {lead.case_id for lead, _list in rows} - {None})
    seen = []
    for lead, lead_list in rows:
        case = cases.get(lead.case_id or 0)
        of_case = None if case is None else access_to(case, viewer, today=today)
        access = access_to_lead(viewer, lead_list.organisation_id, of_case)
        knows = case is not None and of_case is not None and of_case.tier is not None
        seen.append(SeenLead(lead, lead_list, access, case if knows else None))
    return seen


def _cases(session: Session, ids: Iterable[int | None]) -> dict[int, Case]:
    wanted = list(ids)
    if not wanted:
        return {}
    return {case.id: case for case in session.scalars(sa.select(Case).where(Case.id.in_(wanted)))}


def leads_by_id(
    session: Session, ids: set[int], viewer: Viewer, *, today: date
) -> dict[int, SeenLead]:
    """Several people by their numbers, those the viewer may know of."""
    if not ids:
        return {}
    rows = session.execute(visible_leads(viewer).add_columns(LeadList).where(Lead.id.in_(ids)))
    people = _seen(session, [(lead, one) for lead, one in rows], viewer, today)
    return {seen.lead.id: seen for seen in people}


def shown_lead(seen: SeenLead, *, today: date) -> Presented:
    """Somebody as this viewer may see them."""
    lead = seen.lead
    values: dict[str, Any] = {name: getattr(lead, name) for name in LEAD_FIELDS}
    values["age"] = age_on(lead.born_on, today) if lead.born_on else None
    values["as_given"] = lead.as_given
    return present("lead", values, seen.access)


def shown_attempt(attempt: LeadAttempt, access: Access) -> Presented:
    """One attempt as this viewer may see it."""
    values = {name: getattr(attempt, name) for name in ATTEMPT_FIELDS}
    return present("lead_attempt", values, access)


def attempts_of(session: Session, lead: Lead) -> Sequence[LeadAttempt]:
    """Every call and letter, the newest first."""
    return session.scalars(
        sa.select(LeadAttempt).where(LeadAttempt.lead_id == lead.id).order_by(LeadAttempt.id.desc())
    ).all()


# ---------------------------------------------------------------------------- the call list


def in_tab(tab: str, today: date) -> sa.ColumnElement[bool]:
    """The people of one tab; together the first four are everybody once."""
    open_ = Lead.state == LeadState.OPEN
    rings = sa.and_(open_, Lead.call_digits.is_not(None))
    return {
        "due": sa.and_(rings, Lead.next_on <= today),
        "coming": sa.and_(rings, sa.or_(Lead.next_on > today, Lead.next_on.is_(None))),
        "letter": sa.and_(open_, Lead.call_digits.is_(None)),
        "done": Lead.state != LeadState.OPEN,
    }.get(tab, sa.true())


def due_order() -> list[Any]:
    """Who is called first: whoever asked for the day, then the longest due, arrears before others,
    and the list's own order.
    """
    promised = sa.case((Lead.last_result == CallResult.LATER, 0), else_=1)
    return [promised, Lead.next_on.is_(None), Lead.next_on, Lead.urgency, Lead.number, Lead.id]


def narrowed(
    statement: sa.Select[Lead], viewer: Viewer, chosen: Mapping[str, Any], *, today: date
) -> sa.Select[Lead]:
    """The people a filter leaves; a number or street finds nobody whose case hides it."""
    if chosen.get("list_id"):
        statement = statement.where(Lead.list_id == chosen["list_id"])
    if chosen.get("status"):
        statement = statement.where(Lead.status == chosen["status"])
    if chosen.get("result"):
        statement = statement.where(Lead.last_result == chosen["result"])
    for word in (chosen.get("words") or "").split():
        statement = statement.where(sa.or_(*_matches(word, viewer, today)))
    return statement


def _matches(word: str, viewer: Viewer, today: date) -> list[sa.ColumnElement[bool]]:
    plain = narrow(word)
    digits = "".join(c for c in plain if c.isascii() and c.isdigit())
    kana = kana_search_key(word)
    ways: list[sa.ColumnElement[bool]] = [
        Lead.name.icontains(word, autoescape=True),
        Lead.number.icontains(plain, autoescape=True),
        Lead.kana_key.icontains(kana, autoescape=True),
        Lead.new_kana.icontains(word, autoescape=True),
    ]
    placed = _placed(viewer, today)
    ways.append(sa.and_(placed, Lead.address.icontains(word, autoescape=True)))
    if len(digits) >= FEWEST_DIGITS and digits == "".join(c for c in plain if c not in "-() "):
        found = sa.or_(Lead.phone_digits.contains(digits), Lead.new_digits.contains(digits))
        ways.append(sa.and_(placed, found))
    return ways


def _placed(viewer: Viewer, today: date) -> sa.ColumnElement[bool]:
    """People whose place the viewer may know."""
    cases = (
        visible_cases(viewer, today=today)
        .where(placed_to(viewer, today=today))
        .with_only_columns(Case.id)
    )
    return sa.or_(Lead.case_id.is_(None), Lead.case_id.in_(cases))


def tab_counts(session: Session, statement: sa.Select[Lead], *, today: date) -> dict[str, int]:
    """How many people each tab has, in one statement."""
    inner = statement.with_only_columns(
        *(
            sa.func.coalesce(sa.func.sum(sa.case((in_tab(tab, today), 1), else_=0)), 0).label(tab)
            for tab in ("due", "coming", "letter", "done")
        )
    ).order_by(None)
    counts = dict(session.execute(inner).mappings().one())
    return {name: int(value) for name, value in counts.items()}


def page_of(
    session: Session,
    statement: sa.Select[Lead],
    viewer: Viewer,
    *,
    today: date,
    offset: int,
    limit: int,
) -> list[SeenLead]:
    """A page of people in the order to call them."""
    rows = session.execute(
        statement.add_columns(LeadList).order_by(*due_order()).offset(offset).limit(limit)
    ).all()
    return _seen(session, [(lead, lead_list) for lead, lead_list in rows], viewer, today)


@dataclass(frozen=True)
class Held:
    """Who is calling a number, and until when."""

    user_id: int
    name: str
    until: datetime


def held_numbers(session: Session, seen: Sequence[SeenLead], *, at: datetime) -> dict[int, Held]:
    """Who is calling whom just now, by person."""
    keys = {call_key(one.lead) for one in seen}
    organisations = {one.lead_list.organisation_id for one in seen}
    if not keys:
        return {}
    rows = session.execute(
        sa.select(LeadClaim, User.name)
        .join(User, User.id == LeadClaim.user_id)
        .where(
            LeadClaim.call_key.in_(keys),
            LeadClaim.organisation_id.in_(organisations),
            LeadClaim.until > at,
        )
    ).all()
    by_key = {(c.organisation_id, c.call_key): Held(c.user_id, name, c.until) for c, name in rows}
    found = {}
    for one in seen:
        held = by_key.get((one.lead_list.organisation_id, call_key(one.lead)))
        if held is not None:
            found[one.lead.id] = held
    return found


def statuses(session: Session, viewer: Viewer) -> list[str]:
    """The words the lists use for how somebody stands, for the filter."""
    found = session.scalars(
        visible_leads(viewer)
        .with_only_columns(Lead.status)
        .where(Lead.status.is_not(None))
        .distinct()
        .order_by(Lead.status)
    )
    return [status for status in found if status]


# ------------------------------------------------------------------------------------ lists


def lists_of(session: Session, viewer: Viewer, *, deleted: bool = False) -> Sequence[LeadList]:
    """The lists of the viewer's organisations, the newest first."""
    if viewer.second_factor_missing:
        return []
    own = LeadList.organisation_id.in_(viewer.organisations(Role.CONSULTANT))
    statement = sa.select(LeadList).where(own)
    if not deleted:
        statement = statement.where(LeadList.deleted_at.is_(None))
    return session.scalars(statement.order_by(LeadList.id.desc())).all()


def get_list(session: Session, list_id: int, viewer: Viewer) -> LeadList:
    """One list, also one whose people were deleted. Raises NotFoundError."""
    found = session.get(LeadList, list_id)
    own = viewer.organisations(Role.CONSULTANT)
    if found is None or viewer.second_factor_missing or found.organisation_id not in own:
        raise NotFoundError(NOT_FOUND)
    return found


def imports_of(session: Session, lead_list: LeadList) -> Sequence[LeadImport]:
    """The files of a list, the newest first."""
    return session.scalars(
        sa.select(LeadImport)
        .where(LeadImport.list_id == lead_list.id)
        .order_by(LeadImport.id.desc())
    ).all()


def waiting_imports(session: Session, viewer: Viewer) -> Sequence[LeadImport]:
    """Files handed in and not taken in yet, the newest first."""
    own = viewer.organisations(Role.CONSULTANT)
    return session.scalars(
        sa.select(LeadImport)
        .where(LeadImport.organisation_id.in_(own), LeadImport.state == ImportState.PREVIEW)
        .order_by(LeadImport.id.desc())
    ).all()


def get_import(session: Session, import_id: int, viewer: Viewer) -> LeadImport:
    """A file that was handed in. Raises NotFoundError."""
    found = session.get(LeadImport, import_id)
    own = viewer.organisations(Role.CONSULTANT)
    if found is None or viewer.second_factor_missing or found.organisation_id not in own:
        raise NotFoundError(NOT_FOUND)
    return found
