"""Who may do and see what. Deny by default; every page, print, export and count asks here.

Two questions, kept apart:

* May this person do this kind of thing at all? Roles grant actions (`ROLE_ACTIONS`), each route
  declares its action with `requires`, and a route without one is refused.
* How much of *this* case may they see? `access_to_case` answers with a tier, from the viewer's
  organisation, the case's team, a consent that names the recipient, or a 支援会議 basis. What lies
  in which tier is in `app/field_tiers.py`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from app.field_tiers import FIELD_TIERS
from app.field_tiers import Tier as Tier  # noqa: PLC0414 - every feature asks for it here


class Role(StrEnum):
    CONSULTANT = "consultant"
    HOUSING = "housing"
    FOODBANK = "foodbank"
    FOLLOWUP = "followup"
    SORTER = "sorter"
    DEVICE = "device"
    ORG_ADMIN = "org_admin"
    AUDITOR = "auditor"
    SYSADMIN = "sysadmin"


ROLE_LABELS: Mapping[Role, str] = {
    Role.CONSULTANT: "相談員",
    Role.HOUSING: "居住支援法人職員",
    Role.FOODBANK: "フードバンク",
    Role.FOLLOWUP: "見守り担当",
    Role.SORTER: "仕分け（就労の準備など）",
    Role.DEVICE: "見守りの機器（知らせを送るだけ）",
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
    KEY_DAY_TICK = "key_day.tick"
    GOODS_READ = "goods.read"
    GOODS_EDIT = "goods.edit"  # take in, fetch, shelve, deliver: with it comes the donor's address
    GOODS_NEED = "goods.need"
    FOOD_READ = "food.read"
    FOOD_RECEIVE = "food.receive"
    FOOD_REQUEST = "food.request"
    PARCEL_PACK = "parcel.pack"
    HANDOUT_RECORD = "handout.record"
    FOOD_SORT = "food.sort"
    RECALL_READ = "recall.read"
    RECALL_CALL = "recall.call"
    RECALL_MANAGE = "recall.manage"
    FOLLOWUP_READ = "followup.read"
    VISIT_RECORD = "visit.record"
    WATCH_PLAN = "watch.plan"
    WATCH_TEMPLATE_READ = "watch_template.read"
    WATCH_TEMPLATE_EDIT = "watch_template.edit"
    SIGNAL_SEND = "signal.send"
    REFERRAL_READ = "referral.read"
    REFERRAL_MAKE = "referral.make"
    LEAD_READ = "lead.read"
    LEAD_CALL = "lead.call"
    LEAD_IMPORT = "lead.import"
    REPORT_READ = "report.read"
    REPORT_KEEP = "report.keep"
    REPORT_VIEW_SAVE = "report_view.save"
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
        A.PLACEMENT_READ, A.PLACEMENT_STEP, A.KEY_DAY_TICK,
        A.FOOD_READ, A.FOOD_REQUEST, A.FOLLOWUP_READ,
        A.VISIT_RECORD, A.REPORT_READ, A.REPORT_KEEP, A.REPORT_VIEW_SAVE, A.PLAN_READ, A.PLAN_EDIT,
        A.MEETING_READ, A.MEETING_EDIT,
        A.BENEFIT_RULE_READ, A.REFERRAL_READ, A.REFERRAL_MAKE, A.LEAD_READ, A.LEAD_CALL,
        A.LEAD_IMPORT, A.RECALL_READ, A.RECALL_CALL, A.WATCH_PLAN, A.WATCH_TEMPLATE_READ,
        A.GOODS_READ, A.GOODS_NEED,
    }),
    # Others meet a meeting only where they are put down for one of its items.
    Role.HOUSING: frozenset({
        A.CASE_LIST, A.CASE_READ, A.CASE_PRINT, A.PRINT_APPROVE, A.DIRECTORY_READ,
        A.DIRECTORY_EDIT, A.HOME_READ, A.HOME_EDIT, A.HOME_IMPORT, A.MATCH_RUN, A.HOLD_PLACE,
        A.PLACEMENT_READ, A.PLACEMENT_STEP, A.KEY_DAY_TICK, A.FOLLOWUP_READ, A.REPORT_READ,
        A.REPORT_VIEW_SAVE,
        A.MEETING_READ, A.REFERRAL_READ, A.REFERRAL_MAKE, A.WATCH_PLAN, A.WATCH_TEMPLATE_READ,
        A.GOODS_READ, A.GOODS_EDIT, A.GOODS_NEED,
    }),
    Role.FOODBANK: frozenset({
        A.FOOD_READ, A.FOOD_RECEIVE, A.PARCEL_PACK, A.HANDOUT_RECORD, A.MEETING_READ,
        A.REFERRAL_READ, A.REFERRAL_MAKE, A.DIRECTORY_READ, A.DIRECTORY_EDIT,
        A.RECALL_READ, A.RECALL_CALL, A.RECALL_MANAGE, A.FOOD_SORT, A.GOODS_READ, A.GOODS_EDIT,
    }),
    # People on a work programme, or one device they share: stickers and shelves, nobody's name.
    Role.SORTER: frozenset({A.FOOD_SORT}),
    Role.FOLLOWUP: frozenset({
        A.CASE_LIST, A.CASE_READ, A.PLACEMENT_READ, A.KEY_DAY_TICK,
        A.FOLLOWUP_READ, A.VISIT_RECORD,
        A.FOOD_REQUEST, A.DIRECTORY_READ, A.MEETING_READ,
        A.REFERRAL_READ, A.REFERRAL_MAKE, A.RECALL_READ, A.RECALL_CALL, A.WATCH_PLAN,
        A.WATCH_TEMPLATE_READ, A.GOODS_READ, A.GOODS_NEED,
    }),
    # A maker's server that sends signals of devices: it may do nothing else, not even look.
    Role.DEVICE: frozenset({A.SIGNAL_SEND}),
    Role.ORG_ADMIN: frozenset({
        A.WATCH_TEMPLATE_READ, A.WATCH_TEMPLATE_EDIT,
        A.USER_MANAGE, A.MASTER_EDIT, A.REPORT_READ, A.REPORT_KEEP, A.REPORT_VIEW_SAVE,
        A.DIRECTORY_READ,
        A.DIRECTORY_EDIT, A.SERVICE_MANAGE,
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
        return viewer.roles() != {Role.DEVICE}
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
