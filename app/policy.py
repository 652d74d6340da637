"""Who may do and see what. Deny by default; every page, print, export and count asks here.

Two questions, kept apart:

* May this person do this kind of thing at all? Roles grant actions (`ROLE_ACTIONS`), each route
  declares its action with `requires`, and a route without one is refused.
* How much of *this* case may they see? `access_to_case` answers with a tier, from the viewer's
  organisation, the case's team, a consent that names the recipient, or a 支援会議 basis.

Tiers: T0 stock · T1 code name, household size, allergies, utilities · T2 name,
contact, needs, visits · T3 health, debts, violence, notes · T4 hidden place. T4 is not "more than
T3": it is a property of the place of someone in danger, and only the case's own team has it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from typing import Any, TypeVar


class Role(StrEnum):
    CONSULTANT = "consultant"
    HOUSING = "housing"
    FOODBANK = "foodbank"
    FOLLOWUP = "followup"
    ORG_ADMIN = "org_admin"
    AUDITOR = "auditor"
    SYSADMIN = "sysadmin"


ROLE_LABELS: Mapping[Role, str] = {
    Role.CONSULTANT: "相談員",
    Role.HOUSING: "居住支援法人職員",
    Role.FOODBANK: "フードバンク",
    Role.FOLLOWUP: "見守り担当",
    Role.ORG_ADMIN: "組織管理者",
    Role.AUDITOR: "監査者",
    Role.SYSADMIN: "システム管理",
}


class OrganisationKind(StrEnum):
    CONSULTATION = "consultation"
    HOUSING_SUPPORT = "housing_support"
    FOOD_BANK = "food_bank"
    FOLLOW_UP = "follow_up"
    CITY_SECTION = "city_section"


class Tier(IntEnum):
    """How deep a look goes. PLACE and TEAM are granted apart from the others, see `Access`."""

    STOCK = 0
    CODE = 1
    CONTACT = 2
    CARE = 3
    PLACE = 4
    TEAM = 5


class Action(StrEnum):
    """Everything a route can be for. A route names exactly one."""

    PUBLIC = "public"
    BY_LINK = "by_link"  # the address itself is the permission: signed, for one purpose, ending
    SIGNED_IN = "signed_in"
    CASE_LIST = "case.list"
    CASE_READ = "case.read"
    CASE_CREATE = "case.create"
    CASE_EDIT = "case.edit"
    CONSENT_RECORD = "consent.record"
    PLAN_READ = "plan.read"
    PLAN_EDIT = "plan.edit"
    SERVICE_MANAGE = "service.manage"
    MEETING_READ = "meeting.read"
    MEETING_EDIT = "meeting.edit"
    MEETING_MANAGE = "meeting.manage"
    CASE_PRINT = "case.print"
    PRINT_APPROVE = "print.approve"
    BENEFIT_RULE_READ = "benefit_rule.read"
    BENEFIT_RULE_EDIT = "benefit_rule.edit"
    DIRECTORY_READ = "directory.read"
    DIRECTORY_EDIT = "directory.edit"
    HOME_READ = "home.read"
    HOME_EDIT = "home.edit"
    HOME_IMPORT = "home.import"
    MATCH_RUN = "match.run"
    HOLD_PLACE = "hold.place"
    PLACEMENT_READ = "placement.read"
    PLACEMENT_STEP = "placement.step"
    FOOD_READ = "food.read"
    FOOD_RECEIVE = "food.receive"
    FOOD_REQUEST = "food.request"
    PARCEL_PACK = "parcel.pack"
    HANDOUT_RECORD = "handout.record"
    FOLLOWUP_READ = "followup.read"
    VISIT_RECORD = "visit.record"
    REFERRAL_READ = "referral.read"
    REFERRAL_MAKE = "referral.make"
    LEAD_READ = "lead.read"
    LEAD_CALL = "lead.call"
    LEAD_IMPORT = "lead.import"
    REPORT_READ = "report.read"
    AUDIT_READ = "audit.read"
    USER_MANAGE = "user.manage"
    MASTER_EDIT = "master.edit"
    SYSTEM_OPERATE = "system.operate"


A = Action
ROLE_ACTIONS: Mapping[Role, frozenset[Action]] = {
    Role.CONSULTANT: frozenset({
        A.CASE_LIST, A.CASE_READ, A.CASE_CREATE, A.CASE_EDIT, A.CONSENT_RECORD, A.CASE_PRINT,
        A.PRINT_APPROVE, A.DIRECTORY_READ, A.DIRECTORY_EDIT, A.HOME_READ, A.MATCH_RUN,
        A.HOLD_PLACE,
        A.PLACEMENT_READ, A.PLACEMENT_STEP, A.FOOD_READ, A.FOOD_REQUEST, A.FOLLOWUP_READ,
        A.VISIT_RECORD, A.REPORT_READ, A.PLAN_READ, A.PLAN_EDIT, A.MEETING_READ, A.MEETING_EDIT,
        A.BENEFIT_RULE_READ, A.REFERRAL_READ, A.REFERRAL_MAKE, A.LEAD_READ, A.LEAD_CALL,
        A.LEAD_IMPORT,
    }),
    # Others meet a meeting only where they are put down for one of its items.
    Role.HOUSING: frozenset({
        A.CASE_LIST, A.CASE_READ, A.CASE_PRINT, A.PRINT_APPROVE, A.DIRECTORY_READ,
        A.DIRECTORY_EDIT, A.HOME_READ, A.HOME_EDIT, A.HOME_IMPORT, A.MATCH_RUN, A.HOLD_PLACE,
        A.PLACEMENT_READ, A.PLACEMENT_STEP, A.FOLLOWUP_READ, A.REPORT_READ, A.MEETING_READ,
        A.REFERRAL_READ, A.REFERRAL_MAKE,
    }),
    Role.FOODBANK: frozenset({
        A.FOOD_READ, A.FOOD_RECEIVE, A.PARCEL_PACK, A.HANDOUT_RECORD, A.MEETING_READ,
        A.REFERRAL_READ, A.REFERRAL_MAKE, A.DIRECTORY_READ, A.DIRECTORY_EDIT,
    }),
    Role.FOLLOWUP: frozenset({
        A.CASE_LIST, A.CASE_READ, A.PLACEMENT_READ, A.FOLLOWUP_READ, A.VISIT_RECORD,
        A.FOOD_REQUEST, A.DIRECTORY_READ, A.MEETING_READ,
        A.REFERRAL_READ, A.REFERRAL_MAKE,
    }),
    Role.ORG_ADMIN: frozenset({
        A.USER_MANAGE, A.MASTER_EDIT, A.REPORT_READ, A.DIRECTORY_READ, A.DIRECTORY_EDIT,
        A.SERVICE_MANAGE,
        A.MEETING_MANAGE, A.BENEFIT_RULE_READ, A.BENEFIT_RULE_EDIT,
    }),
    Role.AUDITOR: frozenset({A.AUDIT_READ}),
    Role.SYSADMIN: frozenset({A.SYSTEM_OPERATE, A.USER_MANAGE}),
}  # fmt: skip


@dataclass(frozen=True)
class Membership:
    """One role of a user in one organisation."""

    organisation_id: int
    organisation_name: str
    kinds: frozenset[OrganisationKind]
    role: Role


@dataclass(frozen=True)
class Viewer:
    """Who is asking. Plain values, so that policy needs no database and tests need no fixtures."""

    user_id: int
    name: str
    memberships: tuple[Membership, ...] = ()
    second_factor_missing: bool = False

    def roles(self) -> frozenset[Role]:
        return frozenset(m.role for m in self.memberships)

    def organisations(self, *roles: Role) -> frozenset[int]:
        """Organisations in which the viewer holds any of `roles` (any role when none is named)."""
        return frozenset(
            m.organisation_id for m in self.memberships if not roles or m.role in roles
        )


def allows(viewer: Viewer | None, action: Action) -> bool:
    """Whether the viewer's roles include the action, before any record is looked at."""
    if action in {Action.PUBLIC, Action.BY_LINK}:
        return True
    if viewer is None:
        return False
    if action is Action.SIGNED_IN:
        return True
    if viewer.second_factor_missing:
        return False
    return any(action in ROLE_ACTIONS[role] for role in viewer.roles())


def sees_contacts(viewer: Viewer) -> bool:
    """Whom to phone about a home is for the housing organisation alone."""
    return Role.HOUSING in viewer.roles()


# ------------------------------------------------------------------------------------- cases


class Protection(StrEnum):
    """Whether somebody must not learn where this household is. Unknown counts as protected."""

    UNKNOWN = "unknown"
    NO = "no"
    YES = "yes"


class RecipientKind(StrEnum):
    """Whom a consent names."""

    HOUSING_SUPPORT = "housing_support"
    FOOD_BANK = "food_bank"
    FOLLOW_UP = "follow_up"
    LANDLORD = "landlord"
    PARTNER = "partner"
    COUNCIL = "council"
    REFERRAL = "referral"  # those named on a つなぐシート; it opens the sheet, never the case


RECIPIENT_LABELS: Mapping[RecipientKind, str] = {
    RecipientKind.HOUSING_SUPPORT: "居住支援法人",
    RecipientKind.FOOD_BANK: "フードバンク",
    RecipientKind.FOLLOW_UP: "見守りをする団体",
    RecipientKind.LANDLORD: "貸主・不動産業者",
    RecipientKind.PARTNER: "ほかの相談機関・関係課",
    RecipientKind.COUNCIL: "居住支援協議会",
    RecipientKind.REFERRAL: "つなぐシートの相手",
}


class ConsentItem(StrEnum):
    """What a consent lets the recipient know."""

    HOME_NEEDS = "home_needs"
    FOOD_NEEDS = "food_needs"
    CONTACT = "contact"
    CARE = "care"


CONSENT_ITEM_LABELS: Mapping[ConsentItem, str] = {
    ConsentItem.HOME_NEEDS: "住まいの希望と条件",
    ConsentItem.FOOD_NEEDS: "人数・アレルギー・調理の設備",
    ConsentItem.CONTACT: "氏名・連絡先・訪問の記録",
    ConsentItem.CARE: "健康・家計などの相談内容",
}

ITEM_TIERS: Mapping[ConsentItem, Tier] = {
    ConsentItem.HOME_NEEDS: Tier.CODE,
    ConsentItem.FOOD_NEEDS: Tier.CODE,
    ConsentItem.CONTACT: Tier.CONTACT,
    ConsentItem.CARE: Tier.CARE,
}

KIND_ROLES: Mapping[RecipientKind, tuple[OrganisationKind, tuple[Role, ...]]] = {
    RecipientKind.HOUSING_SUPPORT: (OrganisationKind.HOUSING_SUPPORT, (Role.HOUSING,)),
    RecipientKind.FOOD_BANK: (OrganisationKind.FOOD_BANK, (Role.FOODBANK,)),
    RecipientKind.FOLLOW_UP: (OrganisationKind.FOLLOW_UP, (Role.FOLLOWUP,)),
    RecipientKind.PARTNER: (OrganisationKind.CONSULTATION, (Role.CONSULTANT,)),
}

# The deepest a role looks, whatever a consent or a team would allow it.
ROLE_CEILING: Mapping[Role, Tier] = {
    Role.CONSULTANT: Tier.CARE,
    Role.HOUSING: Tier.CONTACT,
    Role.FOODBANK: Tier.CODE,
    Role.FOLLOWUP: Tier.CONTACT,
}

OWN_ORGANISATION: Mapping[Role, Tier] = {
    Role.CONSULTANT: Tier.CARE,
    Role.HOUSING: Tier.CODE,
    Role.FOODBANK: Tier.CODE,
    Role.FOLLOWUP: Tier.CODE,
}

PLACE_ROLES = frozenset({Role.CONSULTANT, Role.HOUSING, Role.FOLLOWUP})


@dataclass(frozen=True)
class Grant:
    """A consent in force: to whom, for what, until when (inclusive; None = until withdrawn)."""

    recipient: RecipientKind
    items: frozenset[ConsentItem]
    starts_on: date
    ends_on: date | None = None
    organisation_id: int | None = None

    def holds(self, today: date) -> bool:
        return self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)


@dataclass(frozen=True)
class MeetingBasis:
    """A 支援会議 (法9条) in which an organisation takes part, for as long as the case is on it."""

    organisation_id: int
    starts_on: date
    ends_on: date

    def holds(self, today: date) -> bool:
        return self.starts_on <= today <= self.ends_on


@dataclass(frozen=True)
class CaseFacts:
    """What policy needs to know of a case."""

    organisation_id: int
    protection: Protection
    team: frozenset[int] = frozenset()
    grants: tuple[Grant, ...] = ()
    meetings: tuple[MeetingBasis, ...] = ()


@dataclass(frozen=True)
class Access:
    """How much of one case a viewer may see; `tier` None means not even that it exists."""

    tier: Tier | None
    place: bool = False
    team: bool = False

    def sees(self, needed: Tier) -> bool:
        if self.tier is None:
            return False
        if needed is Tier.TEAM:
            return self.team
        return self.place if needed is Tier.PLACE else self.tier >= needed


NO_ACCESS = Access(tier=None)


def access_to_case(viewer: Viewer | None, case: CaseFacts, today: date) -> Access:
    """The deepest look any of the viewer's roles gives, and whether the place is part of it."""
    if viewer is None or viewer.second_factor_missing:
        return NO_ACCESS
    tiers = [t for m in viewer.memberships for t in _tiers(viewer, m, case, today)]
    if not tiers:
        return NO_ACCESS
    return Access(
        tier=max(tiers),
        place=_sees_place(viewer, case, max(tiers)),
        team=viewer.user_id in case.team and Role.CONSULTANT in viewer.roles(),
    )


def _tiers(viewer: Viewer, member: Membership, case: CaseFacts, today: date) -> Iterable[Tier]:
    ceiling = ROLE_CEILING.get(member.role)
    if ceiling is None:
        return
    if member.organisation_id == case.organisation_id:
        yield OWN_ORGANISATION[member.role]
    if viewer.user_id in case.team:
        yield ceiling
    for grant in case.grants:
        if grant.holds(today) and _names(grant, member):
            yield min(ceiling, max(ITEM_TIERS[item] for item in grant.items))
    if member.role is Role.CONSULTANT:
        for meeting in case.meetings:
            if meeting.organisation_id == member.organisation_id and meeting.holds(today):
                yield Tier.CARE


def _names(grant: Grant, member: Membership) -> bool:
    """Whether a consent's recipient is this role of this organisation."""
    target = KIND_ROLES.get(grant.recipient)
    if target is None or not grant.items:
        return False
    kind, roles = target
    if grant.organisation_id is not None and grant.organisation_id != member.organisation_id:
        return False
    return kind in member.kinds and member.role in roles


def _sees_place(viewer: Viewer, case: CaseFacts, tier: Tier) -> bool:
    """A protected household's place is for its team alone; anybody else's comes with contact."""
    in_team = viewer.user_id in case.team and bool(viewer.roles() & PLACE_ROLES)
    if case.protection is not Protection.NO:
        return in_team
    return in_team or tier >= Tier.CONTACT


# ----------------------------------------------------------------------------- presenting

FIELD_TIERS: dict[str, Mapping[str, Tier]] = {
    "case": {
        "id": Tier.CODE, "number": Tier.CODE, "code_name": Tier.CODE, "stage": Tier.CODE,
        "household_size": Tier.CODE, "leave_by": Tier.CODE, "version": Tier.CODE,
        "allergies": Tier.CODE, "equipment": Tier.CODE, "created_at": Tier.CODE,
        "name": Tier.CONTACT, "kana": Tier.CONTACT, "alias": Tier.CONTACT,
        "age_band": Tier.CONTACT,
        # Which office sent somebody tells of illness, debt or violence.
        "route": Tier.CARE, "route_detail": Tier.CARE,
        "received_on": Tier.CONTACT, "protection": Tier.CONTACT, "closed_on": Tier.CODE,
        "topics": Tier.CARE, "main_topic": Tier.CARE, "story": Tier.CARE,
        "dwelling": Tier.CARE, "law8": Tier.CARE, "who_came": Tier.CARE, "outcome": Tier.CARE,
        "arrival": Tier.CARE, "source_kind": Tier.CARE, "route_partner_id": Tier.CARE,
        "caller_name": Tier.CARE, "caller_relation": Tier.CARE, "caller_phone": Tier.PLACE,
        "leave_reason": Tier.CARE, "work": Tier.CARE, "insurance": Tier.CARE,
        "pension": Tier.CARE,
        "prefecture": Tier.PLACE, "building": Tier.PLACE, "mail_blocked": Tier.PLACE,
        "address": Tier.PLACE, "postal_code": Tier.PLACE, "phone": Tier.PLACE,
        "phone_note": Tier.PLACE, "municipality": Tier.PLACE,
        "email": Tier.PLACE, "home": Tier.PLACE,
    },
    "member": {
        "relation": Tier.CODE, "age": Tier.CODE, "sex": Tier.CODE,
        "name": Tier.CONTACT, "kana": Tier.CONTACT, "born_on": Tier.CONTACT,
        "id": Tier.CONTACT, "version": Tier.CONTACT, "language": Tier.CONTACT,
        "nationality": Tier.CARE, "handbook_physical": Tier.CARE,
        "handbook_intellectual": Tier.CARE, "handbook_mental": Tier.CARE,
        "care_level": Tier.CARE, "school": Tier.CONTACT, "note": Tier.CARE,
    },
    "phone": dict.fromkeys(
        ("id", "number", "whose", "secret", "voicemail", "best_time", "note"), Tier.PLACE
    ),
    # All of an assessment is the consultants'; what lies under `team_factors` the team's alone.
    "assessment": dict.fromkeys(
        (
            "id", "version", "round", "assessed_on", "state", "author_id", "issues", "factors",
            "living_with", "marital", "family", "community", "rent", "loan", "guarantor",
            "emergency_contact", "health", "diagnosis", "visits_doctor", "takes_medicine",
            "stairs_hard", "wheelchair", "health_note", "public_assistance", "debt_settlement",
            "money_note", "last_worked_on", "licences", "driving", "education", "wish_for_work",
            "job_stage", "wish", "summary", "screening", "amounts", "jobs",
        ),
        Tier.CARE,
    ) | {"team_issues": Tier.TEAM, "team_factors": Tier.TEAM},
    "noticing_chart": dict.fromkeys(("id", "answers", "created_at", "user_id"), Tier.CARE),
    "team_member": {"user_id": Tier.CODE, "name": Tier.CODE, "since": Tier.CODE},
    "consent": {
        "id": Tier.CARE, "recipient": Tier.CARE, "organisation_id": Tier.CARE,
        "items": Tier.CARE, "text_version": Tier.CARE, "method": Tier.CARE,
        "oral_record": Tier.CARE, "given_on": Tier.CARE, "ends_on": Tier.CARE,
        "withdrawn_on": Tier.CARE, "in_force": Tier.CARE,
    },
    "disclosure": {
        "id": Tier.CARE, "organisation_id": Tier.CARE, "legal_basis": Tier.CARE,
        "starts_on": Tier.CARE, "ends_on": Tier.CARE,
    },
    # What a housing worker derives from: never the diagnosis, the debt or the free text.
    "housing_need": {
        "people": Tier.CODE, "rent_basis": Tier.CODE, "agreed_rent": Tier.CODE,
        "move_by": Tier.CODE, "municipalities": Tier.CODE, "floor_need": Tier.CODE,
        "wheelchair": Tier.CODE, "pet": Tier.CODE, "guarantor": Tier.CODE,
        "guarantor_company": Tier.CODE, "emergency_contact": Tier.CODE, "supports": Tier.CODE,
        "min_area": Tier.CODE, "min_rooms": Tier.CODE, "version": Tier.CODE,
        "funds": Tier.CARE, "groups": Tier.CARE, "wishes": Tier.CARE,
        "anchors": Tier.PLACE,
    },
    "food_profile": {
        "allergies": Tier.CODE, "allergies_asked": Tier.CODE, "equipment": Tier.CODE,
        "forbidden": Tier.CODE, "chewing_class": Tier.CODE, "carry_kg": Tier.CODE,
        "version": Tier.CODE, "note": Tier.CONTACT,
    },
    "log": {
        "id": Tier.CARE, "at": Tier.CARE, "method": Tier.CARE, "minutes": Tier.CARE,
        "partner": Tier.CARE, "text": Tier.CARE, "next_step": Tier.CARE, "author_id": Tier.CARE,
        "version": Tier.CARE, "next_on": Tier.CARE, "next_done_at": Tier.CARE,
        "partner_id": Tier.CARE, "attendees": Tier.CARE, "corrected": Tier.CARE,
    },
    # A plan tells of illness, debt and work: goals and services alike.
    "plan": {
        "id": Tier.CARE, "number": Tier.CARE, "state": Tier.CARE, "version": Tier.CARE,
        "long_goal": Tier.CARE, "short_goal": Tier.CARE, "issues": Tier.CARE,
        "starts_on": Tier.CARE, "ends_on": Tier.CARE, "next_monitoring": Tier.CARE,
        "application": Tier.CARE, "applied_on": Tier.CARE, "submitted_on": Tier.CARE,
        "services": Tier.CARE, "decisions": Tier.CARE, "monitorings": Tier.CARE,
    },
    "plan_revision": dict.fromkeys(
        (
            "number", "state", "after_decision", "changed_at", "changed_by", "why", "changed",
            "content",
        ),
        Tier.CARE,
    ),
    "plan_evaluation": {
        "evaluated_on": Tier.CARE, "reached": Tier.CARE, "changes": Tier.CARE, "text": Tier.CARE,
        "work_change": Tier.CARE, "income_change": Tier.CARE, "left_over": Tier.CARE,
        "after": Tier.CARE,
    },
    "welfare_status": {
        "status": Tier.CARE, "since": Tier.CARE, "office": Tier.CARE, "note": Tier.CARE,
    },
    "welfare_handover": {
        "id": Tier.CARE, "direction": Tier.CARE, "handed_on": Tier.CARE, "office": Tier.CARE,
        "handed": Tier.CARE, "basis": Tier.CARE, "basis_note": Tier.CARE,
    },
    "closing": {
        "closed_on": Tier.CODE, "outcome": Tier.CARE, "changes": Tier.CARE, "text": Tier.CARE,
        "open_things": Tier.CARE, "reopened_on": Tier.CODE, "reopen_reason": Tier.CARE,
    },
    # Whoever attends for a home or for food learns what was agreed to be done, not what was said.
    "meeting_item": {
        "id": Tier.CODE, "position": Tier.CODE, "minutes": Tier.CODE, "code_name": Tier.CODE,
        "decision": Tier.CODE, "task": Tier.CODE, "by_when": Tier.CODE, "version": Tier.CODE,
        "responsible_id": Tier.CODE, "plan_id": Tier.CARE, "basis": Tier.CARE,
        "without_consent": Tier.CARE, "subject": Tier.CARE, "notes": Tier.CARE,
        "decision_note": Tier.CARE, "number": Tier.CARE,
    },
    "referral": {
        "id": Tier.CODE, "number": Tier.CODE, "kind": Tier.CODE, "made_on": Tier.CODE,
        "office": Tier.CODE, "asked": Tier.CODE, "on_paper": Tier.CODE, "version": Tier.CODE,
        "name": Tier.CONTACT, "alias": Tier.CONTACT, "age_band": Tier.CONTACT,
        "family": Tier.CONTACT, "protection": Tier.CONTACT, "writer": Tier.CONTACT,
        "consent_method": Tier.CONTACT, "consent_on": Tier.CONTACT,
        "topics": Tier.CARE, "main_topic": Tier.CARE, "told": Tier.CARE, "wish": Tier.CARE,
        "consent_record": Tier.CARE, "recipients": Tier.CARE,
        "address": Tier.PLACE, "phone": Tier.PLACE,
    },
    # Somebody on a list to call: the list alone tells of a debt.
    "lead": {
        "id": Tier.CARE, "version": Tier.CARE, "number": Tier.CARE, "name": Tier.CARE,
        "kana": Tier.CARE, "new_kana": Tier.CARE, "born_on": Tier.CARE, "age": Tier.CARE,
        "loan_kind": Tier.CARE, "amount": Tier.CARE, "repay_from": Tier.CARE,
        "status": Tier.CARE, "state": Tier.CARE, "next_on": Tier.CARE, "calls": Tier.CARE,
        "misses": Tier.CARE, "reached": Tier.CARE, "last_result": Tier.CARE,
        "last_at": Tier.CARE, "agreed_on": Tier.CARE, "agreed_how": Tier.CARE,
        "agreed_words": Tier.CARE, "secret": Tier.CARE, "voicemail": Tier.CARE,
        "postal_code": Tier.PLACE, "address": Tier.PLACE, "new_address": Tier.PLACE,
        "phone": Tier.PLACE, "new_phone": Tier.PLACE, "call_digits": Tier.PLACE,
        "best_time": Tier.PLACE, "care_note": Tier.PLACE,
        # Other columns of a file may hold anybody's number or address.
        "as_given": Tier.PLACE, "others": Tier.PLACE,
    },
    "lead_attempt": {
        "id": Tier.CARE, "at": Tier.CARE, "result": Tier.CARE, "note": Tier.CARE,
        "next_on": Tier.CARE, "user_id": Tier.CARE, "takes_back_id": Tier.CARE,
    },
    # How far somebody looks depends on the kind of partner, see app/directory/access.py.
    "partner": dict.fromkeys(
        (
            "id", "uuid", "kind", "name", "kana", "parent", "parent_id", "systems", "does",
            "services", "active", "checked_on", "version", "certified", "without_guarantor",
            "emergency_rule", "first_fee_percent", "monthly_fee",
        ),
        Tier.CODE,
    ) | dict.fromkeys(
        (
            "phone", "fax", "email", "web", "office", "postal_code", "address", "contact_hours",
            "contacts",
        ),
        Tier.CONTACT,
    ) | dict.fromkeys(("note", "troubles", "steps"), Tier.CARE),
    "partner_service": dict.fromkeys(
        ("uuid", "offer", "name", "for_whom", "fee", "languages"), Tier.CODE
    ) | {"how_to_apply": Tier.CONTACT},  # it may be a telephone number
    # The point itself has no entry: nobody is ever shown it.
    "stay_away_zone": {"id": Tier.PLACE, "radius_m": Tier.PLACE, "created_at": Tier.PLACE},
}  # fmt: skip


@dataclass(frozen=True)
class Presented:
    """A record as one viewer may see it: the permitted values and the names of the others."""

    values: Mapping[str, Any]
    hidden: tuple[str, ...] = ()
    access: Access = field(default=NO_ACCESS)

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.values.get(name)

    def shows(self, name: str) -> bool:
        return name in self.values


def present(kind: str, record: Mapping[str, Any], access: Access) -> Presented:
    """The one gate every value of a record passes on its way to a page, file, print or API.

    A field without a declared tier is never shown: forgetting to declare hides, not leaks.
    """
    tiers = FIELD_TIERS[kind]
    shown = {n: v for n, v in record.items() if n in tiers and access.sees(tiers[n])}
    hidden = tuple(n for n in record if n not in shown)
    return Presented(values=shown, hidden=hidden, access=access)


# --------------------------------------------------------------------------------- routes

View = TypeVar("View", bound=Callable[..., Any])


def requires(action: Action) -> Callable[[View], View]:
    """Declare what a route is for. The guard refuses routes that declare nothing."""

    def mark(view: View) -> View:
        view.policy_action = action  # type: ignore[attr-defined]
        return view

    return mark


def declared(view: Callable[..., Any] | None) -> Action | None:
    """The action a view declared, or None."""
    action = getattr(view, "policy_action", None)
    return action if isinstance(action, Action) else None


def roles_with(action: Action) -> Collection[Role]:
    """The roles that include an action, for the printed table of routes."""
    if action in {Action.PUBLIC, Action.BY_LINK, Action.SIGNED_IN}:
        return tuple(Role)
    return tuple(role for role in Role if action in ROLE_ACTIONS[role])
