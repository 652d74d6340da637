"""Whom to call at each step, as far as this viewer may know, and what to take care of.

For a household in hiding nobody outside its team opens this page at all; still the family and the
landlord may be whom it hides from, so those steps warn before anything is said.
"""

from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.access import access_to as access_to_partner
from app.directory.codes import PartnerSystem
from app.directory.models import Partner, PartnerKind
from app.directory.records import shown_partner
from app.followup.ladder.codes import StepKind
from app.followup.models import WatchPlan
from app.policy import Access, Protection, Tier, Viewer

KINDS = (PartnerKind.CITY_SECTION, PartnerKind.PROVIDER, PartnerKind.OTHER)
MOST = 3


@dataclass(frozen=True)
class ContactLine:
    """Somebody to call: a name, a number where one is known, and a note."""

    name: str
    phone: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Contacts:
    """All there is for one step, and a warning to read first."""

    lines: tuple[ContactLine, ...] = ()
    warning: str | None = None
    missing: str | None = field(default=None)


HIDDEN_FAMILY = (
    "居場所を隠している世帯です。家族に居場所や電話番号を伝えないでください。"
    "連絡してよい相手か、相談の担当に確かめてから電話してください。"
)
HIDDEN_LANDLORD = (
    "居場所を隠している世帯です。家主に事情を話さず、部屋に変わりがないかだけを聞いてください。"
)


def contacts_for(
    session: Session, plan: WatchPlan, viewer: Viewer, access: Access, *, today: date
) -> dict[StepKind, Contacts]:
    """The contacts of every step of a household's ladder."""
    if not access.sees(Tier.PLACE):
        return {}
    case = plan.placement.case
    hidden = case.protection is not Protection.NO
    own = [ContactLine("本人", case.phone, case.phone_note)] if case.phone else []
    return {
        StepKind.AGAIN: Contacts(tuple(own), missing="本人の電話番号は未確認です。"),
        StepKind.EMERGENCY_CONTACT: Contacts(
            _emergency(plan, hidden=hidden),
            warning=HIDDEN_FAMILY if hidden else None,
            missing="緊急連絡先が書かれていません。計画の「担当・緊急連絡先を直す」に書けます。",
        ),
        StepKind.LANDLORD: Contacts(
            _landlord(plan),
            warning=HIDDEN_LANDLORD if hidden else None,
            missing="家主の連絡先は登録されていません。居住支援法人に聞いてください。",
        ),
        StepKind.COMMUNITY_CENTRE: Contacts(
            _centres(session, viewer),
            missing="「つなぎ先」に地域包括支援センターが登録されていません。",
        ),
        StepKind.POLICE: Contacts(
            (ContactLine("警察", "110", "いま危ないとき。急がない相談は #9110。"),),
            warning="居場所を隠している世帯であることを、はじめに伝えてください。"
            if hidden
            else None,
        ),
    }


def _emergency(plan: WatchPlan, *, hidden: bool) -> tuple[ContactLine, ...]:
    """What the plan says; further numbers of the household only where nobody is hidden from."""
    lines = [ContactLine(plan.emergency_contact)] if plan.emergency_contact else []
    if not hidden:
        lines += [
            ContactLine(phone.whose, phone.number, phone.note)
            for phone in plan.placement.case.phones
            if phone.whose and not phone.secret and phone.whose != "本人"
        ]
    return tuple(lines)


def _landlord(plan: WatchPlan) -> tuple[ContactLine, ...]:
    """Who looks in may ring the landlord when somebody cannot be reached, and only then."""
    landlord = plan.placement.home.landlord
    if landlord is None:
        return ()
    note = "　".join(n for n in (landlord.contact_hours, landlord.do_not) if n)
    return (ContactLine(landlord.name, landlord.phone, note or None),)


def _centres(session: Session, viewer: Viewer) -> tuple[ContactLine, ...]:
    kinds = [k for k in KINDS if access_to_partner(viewer, k).sees(Tier.CONTACT)]
    cares = Partner.system_links.any(system=PartnerSystem.LONG_TERM_CARE)
    found = session.scalars(
        sa.select(Partner)
        .where(
            Partner.active,
            Partner.kind.in_(kinds),
            sa.or_(Partner.name.contains("地域包括"), cares),
        )
        .order_by(~Partner.name.contains("地域包括"), Partner.name, Partner.id)
        .limit(MOST)
    )
    shown = [shown_partner(partner, viewer) for partner in found]
    return tuple(ContactLine(one.name, one.phone, one.contact_hours) for one in shown)
