"""Reading sheets: which ones a viewer may know of, and how much of each.

`visible_sheets` says in SQL what `access_to_sheet` says of one sheet; nothing reads past the two.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Organisation, User
from app.cases.consents.models import Consent
from app.directory.models import PARTNER_KIND_LABELS, Partner, PartnerKind
from app.directory.queries import name_in_full
from app.errors import NotFoundError
from app.field_tiers import FIELD_TIERS
from app.policy import Presented, Role, Viewer, present
from app.referrals.access import READERS, SheetAccess, access_to_sheet, protection_of
from app.referrals.codes import RecipientState
from app.referrals.models import ReferralRecipient, ReferralSheet

NOT_FOUND = "このシートは見つからないか、いまは開けません。番号を確かめてください。"
FIELDS = (
    "id", "number", "kind", "made_on", "asked", "on_paper", "version", "name", "alias", "age_band",
    "family", "protection", "consent_method", "consent_on", "topics", "main_topic", "told", "wish",
    "consent_record", "address", "phone",
)  # fmt: skip


@dataclass(frozen=True)
class SeenSheet:
    """A sheet with how much of it the viewer may read."""

    sheet: ReferralSheet
    access: SheetAccess


def get_sheet(session: Session, sheet_id: int, viewer: Viewer, *, today: date) -> SeenSheet:
    """A sheet the viewer may know of. Raises NotFoundError, in the words for none at all."""
    sheet = session.get(ReferralSheet, sheet_id)
    if sheet is None:
        raise NotFoundError(NOT_FOUND)
    return seen_sheet(sheet, viewer, today=today)


def seen_sheet(sheet: ReferralSheet, viewer: Viewer, *, today: date) -> SeenSheet:
    """A sheet at hand with how much of it the viewer may read. Raises NotFoundError."""
    access = access_to_sheet(sheet, viewer, today=today)
    if not access.known:
        raise NotFoundError(NOT_FOUND)
    return SeenSheet(sheet, access)


def in_force(today: date) -> sa.ColumnElement[bool]:
    """Sheets whose consent holds today."""
    of_case = sa.exists().where(
        Consent.id == ReferralSheet.consent_id,
        Consent.withdrawn_at.is_(None),
        Consent.given_on <= today,
        sa.or_(Consent.ends_on.is_(None), Consent.ends_on >= today),
    )
    return sa.and_(
        ReferralSheet.consent_on.is_not(None),
        ReferralSheet.consent_withdrawn_at.is_(None),
        sa.or_(ReferralSheet.consent_id.is_(None), of_case),
    )


def not_taken_back() -> sa.ColumnElement[bool]:
    """Sheets whose consent nobody took back; it may have run out since."""
    taken_back = sa.exists().where(
        Consent.id == ReferralSheet.consent_id, Consent.withdrawn_at.is_not(None)
    )
    return sa.and_(
        ReferralSheet.consent_on.is_not(None),
        ReferralSheet.consent_withdrawn_at.is_(None),
        ~taken_back,
    )


def sent_to(organisations: Iterable[int]) -> sa.ColumnElement[bool]:
    """Sheets that went to one of these organisations."""
    return sa.exists().where(
        ReferralRecipient.sheet_id == ReferralSheet.id,
        ReferralRecipient.organisation_id.in_(organisations),
        ReferralRecipient.state != RecipientState.DRAFT,
    )


def made_here(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Sheets of the viewer's side."""
    return sa.or_(
        ReferralSheet.organisation_id.in_(viewer.organisations(Role.CONSULTANT)),
        sa.and_(
            ReferralSheet.made_by == viewer.user_id,
            ReferralSheet.organisation_id.in_(viewer.organisations(*READERS)),
        ),
    )


def came_in(viewer: Viewer, *, today: date) -> sa.ColumnElement[bool]:
    """Sheets sent to the viewer's organisations whose consent holds."""
    return sa.and_(sent_to(viewer.organisations(*READERS)), in_force(today))


def visible_sheets(viewer: Viewer, side: str, *, today: date) -> sa.Select[ReferralSheet]:
    """The sheets a viewer may know of: `in` those received, `out` those sent, else both."""
    if viewer.second_factor_missing:
        return sa.select(ReferralSheet).where(sa.false())
    ways = {"in": [came_in(viewer, today=today)], "out": [made_here(viewer)]}
    chosen = ways.get(side, [*ways["in"], *ways["out"]])
    return sa.select(ReferralSheet).where(sa.or_(*chosen))


def shown_sheet(sheet: ReferralSheet, access: SheetAccess, names: "Names") -> Presented:
    """A sheet as this viewer may read it."""
    values: dict[str, Any] = {name: getattr(sheet, name) for name in FIELDS}
    values["protection"] = protection_of(sheet)
    values["office"] = sheet.from_office or names.organisations.get(sheet.organisation_id, "")
    values["writer"] = None if sheet.from_office else names.people.get(sheet.made_by, "")
    values["recipients"] = list(sheet.recipients)
    return present("referral", values, access.access)


def shown_recipients(sheet: ReferralSheet, access: SheetAccess) -> list[ReferralRecipient]:
    """All recipients to whoever reads the matter; to others only their own line.

    Which office somebody is sent to tells of illness, debt or violence.
    """
    if access.makers_side or access.access.sees(FIELD_TIERS["referral"]["recipients"]):
        return list(sheet.recipients)
    return [one for one in sheet.recipients if one.id in access.reached]


@dataclass(frozen=True)
class Names:
    """The names sheets refer to, read once for many."""

    organisations: Mapping[int, str]
    people: Mapping[int, str]


def names_for(session: Session, sheets: Iterable[ReferralSheet]) -> Names:
    """Organisations and writers of these sheets."""
    listed = list(sheets)
    organisations = session.execute(
        sa.select(Organisation.id, Organisation.name).where(
            Organisation.id.in_({s.organisation_id for s in listed})
        )
    )
    people = session.execute(
        sa.select(User.id, User.name).where(User.id.in_({s.made_by for s in listed}))
    )
    return Names({row.id: row.name for row in organisations}, {row.id: row.name for row in people})


def counters(session: Session, *, but: int) -> list[tuple[str, str]]:
    """Counters to choose from: organisations that sign in here first, then partners.

    Donors are no counters, and may be private people whom most writers may not know of.
    """
    organisations = session.execute(
        sa.select(Organisation.id, Organisation.name)
        .where(Organisation.id != but)
        .order_by(Organisation.name)
    )
    partners = session.execute(
        sa.select(Partner.id, name_in_full().label("name"), Partner.kind)
        .where(Partner.kind != PartnerKind.DONOR, Partner.active)
        .order_by(Partner.kind, Partner.name)
    )
    return [
        *((f"o{number}", f"{name}（このシステムで届く）") for number, name in organisations),
        *((f"p{one.id}", f"{one.name}（{PARTNER_KIND_LABELS[one.kind]}）") for one in partners),
    ]


def chain_of(session: Session, sheet: ReferralSheet) -> list[ReferralSheet]:
    """The sheets before this one, first to last, this one, and those made from it."""
    before: list[ReferralSheet] = []
    one: ReferralSheet | None = sheet
    while one is not None and one.previous_id is not None and len(before) < 20:
        one = session.get(ReferralSheet, one.previous_id)
        if one is not None:
            before.insert(0, one)
    after = session.scalars(
        sa.select(ReferralSheet)
        .where(ReferralSheet.previous_id == sheet.id, ReferralSheet.sent_at.is_not(None))
        .order_by(ReferralSheet.id)
    )
    return [*before, sheet, *after]


def page_of(
    session: Session, statement: sa.Select[ReferralSheet], *, offset: int, limit: int
) -> list[ReferralSheet]:
    """A page of sheets, the newest first."""
    newest = statement.order_by(ReferralSheet.id.desc()).offset(offset).limit(limit)
    return list(session.scalars(newest))
