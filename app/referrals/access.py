"""How much of a sheet somebody may read. The sheet is judged by itself, never by the case.

The maker and the consultants of the maker's organisation keep what they wrote. A recipient reads
from the sending on, as deep as their role ever looks, and nothing any more from the request after
the consent was taken back or ran out. Where the person is stays with the maker's side, and goes
along only when it was asked and there is no danger, then and now.
"""

from dataclasses import dataclass
from datetime import date

from app.cases.records import in_force
from app.policy import NO_ACCESS, ROLE_CEILING, Access, Protection, Role, Tier, Viewer
from app.referrals.codes import RecipientState
from app.referrals.models import ReferralRecipient, ReferralSheet

READERS = (Role.CONSULTANT, Role.HOUSING, Role.FOLLOWUP, Role.FOODBANK)


@dataclass(frozen=True)
class SheetAccess:
    """What a viewer may read of a sheet, and on which side of it they stand."""

    access: Access
    makers_side: bool = False
    reached: frozenset[int] = frozenset()

    @property
    def known(self) -> bool:
        return self.access.tier is not None

    def answers_for(self, recipient: ReferralRecipient) -> bool:
        """Whether they may receive and answer: for themselves, or for an office without account."""
        if recipient.organisation_id is None:
            return self.makers_side
        return recipient.id in self.reached


def consent_holds(sheet: ReferralSheet, *, today: date) -> bool:
    """Whether the person's consent to this sheet is in force."""
    if sheet.consent_on is None or sheet.consent_withdrawn_at is not None:
        return False
    return sheet.consent is None or in_force(sheet.consent, today=today)


def protection_of(sheet: ReferralSheet) -> Protection:
    """What the sheet says of danger, unless its case has learnt of some since: then nothing is
    ruled out any more, and nothing more is told.
    """
    if sheet.protection is Protection.NO and sheet.case_protection not in {None, Protection.NO}:
        return Protection.UNKNOWN
    return sheet.protection


def access_to_sheet(sheet: ReferralSheet, viewer: Viewer, *, today: date) -> SheetAccess:
    """How much of this sheet the viewer may read today."""
    if viewer.second_factor_missing:
        return SheetAccess(NO_ACCESS)
    holds = consent_holds(sheet, today=today)
    makers = _makers_side(sheet, viewer, holds)
    reached, deepest = _reached(sheet, viewer) if holds else (frozenset(), None)
    tiers = [t for t in (makers, deepest) if t is not None]
    if not tiers:
        return SheetAccess(NO_ACCESS)
    tier = max(tiers)
    open_place = protection_of(sheet) is Protection.NO and tier >= Tier.CONTACT
    typed_it = sheet.made_by == viewer.user_id and makers is Tier.CARE
    return SheetAccess(Access(tier=tier, place=open_place or typed_it), makers is not None, reached)


def _makers_side(sheet: ReferralSheet, viewer: Viewer, holds: bool) -> Tier | None:
    if sheet.organisation_id in viewer.organisations(Role.CONSULTANT):
        return Tier.CARE
    if sheet.made_by == viewer.user_id and sheet.organisation_id in viewer.organisations(*READERS):
        # A helper who wrote a sheet keeps no file of people: without consent only its number.
        return Tier.CARE if holds or sheet.sent_at is None else Tier.CODE
    return None


def _reached(sheet: ReferralSheet, viewer: Viewer) -> tuple[frozenset[int], Tier | None]:
    reached, tiers = set(), []
    for recipient in sheet.recipients:
        if recipient.state is RecipientState.DRAFT or recipient.organisation_id is None:
            continue
        for member in viewer.memberships:
            if member.role in READERS and member.organisation_id == recipient.organisation_id:
                reached.add(recipient.id)
                tiers.append(ROLE_CEILING[member.role])
    return frozenset(reached), max(tiers, default=None)
