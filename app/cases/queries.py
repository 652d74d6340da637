"""Reading cases: which ones a viewer may know of, and how much of each.

`visible_cases` decides in SQL what `policy.access_to_case` decides for one record; a test holds
the two against each other over random viewers and cases. Nothing reads cases past these two.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from app.accounts.models import OrganisationKindRow
from app.cases.consents.models import Consent, Disclosure
from app.cases.household.models import Phone
from app.cases.models import Case, Stage
from app.cases.work.models import TeamMember
from app.errors import ForbiddenError, NotFoundError
from app.japanese import kana_search_key, narrow
from app.policy import (
    ITEM_TIERS,
    KIND_ROLES,
    OWN_ORGANISATION,
    PLACE_ROLES,
    ROLE_CEILING,
    Access,
    CaseFacts,
    ConsentItem,
    Grant,
    MeetingBasis,
    OrganisationKind,
    Protection,
    RecipientKind,
    Role,
    Tier,
    Viewer,
    access_to_case,
)

NOT_FOUND = "この相談は見つからないか、あなたの役割では開けません。番号を確かめてください。"


@dataclass(frozen=True)
class SeenCase:
    """A case with how much of it the viewer may see; the only way views get at a case."""

    case: Case
    access: Access


def facts_of(case: Case) -> CaseFacts:
    """What policy needs to know of a case."""
    return CaseFacts(
        organisation_id=case.organisation_id,
        protection=case.protection,
        team=frozenset(member.user_id for member in case.team),
        grants=tuple(
            Grant(
                recipient=consent.recipient,
                items=frozenset(ConsentItem(item) for item in consent.items),
                starts_on=consent.given_on,
                ends_on=consent.ends_on,
                organisation_id=consent.organisation_id,
            )
            for consent in case.consents
            if consent.withdrawn_at is None
        ),
        meetings=tuple(
            MeetingBasis(d.organisation_id, d.starts_on, d.ends_on) for d in case.disclosures
        ),
    )


def access_to(case: Case, viewer: Viewer, *, today: date) -> Access:
    """How much of this case the viewer may see."""
    return access_to_case(viewer, facts_of(case), today)


def get_case(
    session: Session, case_id: int, viewer: Viewer, *, today: date, needs: Tier = Tier.CODE
) -> SeenCase:
    """A case the viewer may see at least to tier `needs`.

    Raises NotFoundError when they may not know of it (the same words as for a number that does
    not exist), ForbiddenError when they know of it but not that deeply.
    """
    case = session.get(
        Case,
        case_id,
        options=[selectinload(Case.housing_need), selectinload(Case.food_profile)],
    )
    access = access_to(case, viewer, today=today) if case is not None else None
    if case is None or access is None or not access.sees(Tier.CODE):
        raise NotFoundError(NOT_FOUND)
    if not access.sees(needs):
        raise ForbiddenError(
            "この内容は、担当の相談員だけが見られます。必要なときは担当者に連絡してください。"
        )
    return SeenCase(case, access)


def may_change(case: Case, viewer: Viewer) -> bool:
    """Whether the viewer may write in this case: a consultant of its organisation or on its team.

    Somebody let in by a consent or a 支援会議 reads, but what they note stays with them.
    """
    if Role.CONSULTANT not in viewer.roles():
        return False
    own = case.organisation_id in viewer.organisations(Role.CONSULTANT)
    return own or any(member.user_id == viewer.user_id for member in case.team)


def get_case_to_change(
    session: Session, case_id: int, viewer: Viewer, *, today: date, needs: Tier = Tier.CARE
) -> SeenCase:
    """A case the viewer may write in. Raises as `get_case`, ForbiddenError for mere readers."""
    seen = get_case(session, case_id, viewer, today=today)
    if not seen.access.sees(needs) or not may_change(seen.case, viewer):
        raise ForbiddenError(
            "この相談に書き込めるのは、担当の相談員だけです。必要なときは担当者に連絡してください。"
        )
    return seen


def visible_cases(viewer: Viewer, *, today: date) -> sa.Select[Case]:
    """The cases a viewer may know of, as a statement to filter, sort and page further."""
    return sa.select(Case).where(seen_to(viewer, Tier.CODE, today=today))


def seen_to(viewer: Viewer, tier: Tier, *, today: date) -> sa.ColumnElement[bool]:
    """Cases of which policy lets the viewer see at least this tier (up to CARE), way by way."""
    if viewer.second_factor_missing:
        return sa.false()
    own = {role for role, deepest in OWN_ORGANISATION.items() if deepest >= tier}
    deep = {role for role, ceiling in ROLE_CEILING.items() if ceiling >= tier}
    ways = [Case.organisation_id.in_(_holding(viewer, own)), _team_of(viewer, deep)]
    ways += [
        _by_consent(recipient, kind, _holding(viewer, deep & set(roles)), tier, today)
        for recipient, (kind, roles) in KIND_ROLES.items()
    ]
    ways.append(
        sa.exists().where(
            Disclosure.case_id == Case.id,
            Disclosure.organisation_id.in_(_holding(viewer, {Role.CONSULTANT})),
            Disclosure.starts_on <= today,
            Disclosure.ends_on >= today,
        )
    )
    return sa.or_(*ways)


def _holding(viewer: Viewer, roles: Collection[Role]) -> frozenset[int]:
    """Organisations in which the viewer holds one of these roles; for no roles there is none."""
    return viewer.organisations(*roles) if roles else frozenset()


def _by_consent(
    recipient: RecipientKind,
    kind: OrganisationKind,
    organisations: frozenset[int],
    tier: Tier,
    today: date,
) -> sa.ColumnElement[bool]:
    """A consent in force that names this kind of recipient, or one of these organisations, and
    lets them know a fact of this tier: one without any item opens nothing.
    """
    if not organisations:
        return sa.false()
    reached = sa.select(OrganisationKindRow.organisation_id).where(
        OrganisationKindRow.kind == kind,
        OrganisationKindRow.organisation_id.in_(organisations),
    )
    written = sa.cast(Consent.items, sa.String)  # '["contact", "care"]' on both databases
    opening = [written.like(f'%"{item.value}"%') for item, of in ITEM_TIERS.items() if of >= tier]
    return sa.exists().where(
        Consent.case_id == Case.id,
        Consent.recipient == recipient,
        Consent.withdrawn_at.is_(None),
        Consent.given_on <= today,
        sa.or_(Consent.ends_on.is_(None), Consent.ends_on >= today),
        sa.or_(
            sa.and_(Consent.organisation_id.is_(None), reached.exists()),
            Consent.organisation_id.in_(reached),
        ),
        sa.or_(*opening),
    )


def named_to(viewer: Viewer, *, today: date) -> sa.ColumnElement[bool]:
    """Cases this viewer may find by name: those whose name they may read."""
    return seen_to(viewer, Tier.CONTACT, today=today)


def placed_to(viewer: Viewer, *, today: date) -> sa.ColumnElement[bool]:
    """Cases this viewer may find by address or telephone number: those whose place they know."""
    open_ = sa.and_(named_to(viewer, today=today), Case.protection == Protection.NO)
    return sa.or_(_team_of(viewer, PLACE_ROLES), open_)


def _team_of(viewer: Viewer, roles: Collection[Role]) -> sa.ColumnElement[bool]:
    """Cases on whose team the viewer is, if they hold one of these roles."""
    if viewer.second_factor_missing or not viewer.roles() & set(roles):
        return sa.false()
    return sa.exists().where(TeamMember.case_id == Case.id, TeamMember.user_id == viewer.user_id)


def searched(
    statement: sa.Select[Case], viewer: Viewer, words: str, *, today: date
) -> sa.Select[Case]:
    """Narrow a statement of visible cases to those matching what was typed in the search box.

    Number and code name match for everybody. A name or its reading matches only where the viewer
    may read the name, a phone or address only where they know the place: a hidden address must not
    be found by trying streets.
    """
    text = narrow(words).strip()
    digits = "".join(c for c in text if c.isdigit())
    named, placed = named_to(viewer, today=today), placed_to(viewer, today=today)
    pattern = f"%{_escaped(words.strip())}%"
    ways = [
        Case.number.ilike(f"%{_escaped(text)}%", escape="\\"),
        Case.code_name.ilike(pattern, escape="\\"),
        sa.and_(
            named,
            sa.or_(
                Case.name.ilike(pattern, escape="\\"),
                Case.alias.ilike(pattern, escape="\\"),
                Case.kana_key.ilike(f"%{_escaped(kana_search_key(words))}%", escape="\\"),
            ),
        ),
        sa.and_(placed, Case.address.ilike(pattern, escape="\\")),
    ]
    if len(digits) >= 4:
        numbers = sa.exists().where(Phone.case_id == Case.id, Phone.digits.like(f"%{digits}%"))
        ways.append(sa.and_(placed, numbers))
    return statement.where(sa.or_(*ways)) if text else statement.where(sa.false())


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def open_cases(statement: sa.Select[Case]) -> sa.Select[Case]:
    """Only cases that are not closed."""
    return statement.where(Case.stage != Stage.CLOSED)
