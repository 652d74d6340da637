"""Agreements, gifts and their value as pages, papers and files say them."""

from collections.abc import Collection
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.directory.access import access_to
from app.directory.models import Partner, PartnerKind
from app.field_tiers import FIELD_TIERS
from app.foodbank.donors import queries
from app.foodbank.donors.models import DonorAgreement, GiftRate
from app.foodbank.models import Lot
from app.policy import Presented, Viewer, present
from app.wording import day, yen

FEWEST = 5
"""Fewer households than this are told as that: of so few somebody could recognise one."""


def kilo(weight: Decimal) -> str:
    """「1,204.5kg」, to the next 100 g."""
    return f"{float(round(weight, 1)):,g}kg"


def told_households(count: int) -> str:
    """A number of households for those outside; 0 to 4 all look the same."""
    if count < FEWEST:
        return str(_("%(n)s世帯未満", n=FEWEST))
    return str(_("%(n)s世帯", n=f"{count:,}"))


def worth(kg: Decimal, rate: GiftRate | None) -> str | None:
    """What gifts are reckoned at; None where no amount per kilogram was entered."""
    if rate is None or rate.yen_per_kg is None:
        return None
    amount = (kg * rate.yen_per_kg).quantize(Decimal(1), ROUND_HALF_UP)
    return yen(int(amount))


def rate_words(rate: GiftRate | None) -> str | None:
    """The amount with its day and source, to stand under every value."""
    if rate is None or rate.yen_per_kg is None:
        return None
    said = {"yen": yen(rate.yen_per_kg), "day": day(rate.as_of), "source": rate.source}
    return str(_("1kgあたり%(yen)s（%(day)s、%(source)s）で計算した目安です。", **said))


def shown_donor(partner: Partner, viewer: Viewer) -> Presented:
    """So much of a donor as a list has of it."""
    columns = {name: getattr(partner, name) for name in ("id", "name", "kana", "phone", "active")}
    return present("partner", columns, access_to(viewer, PartnerKind.DONOR))


def period_words(starts_on: date, ends_on: date | None) -> str:
    """「2026年4月1日（水）から」 or with its end."""
    if ends_on is None:
        return str(_("%(day)sから", day=day(starts_on)))
    return f"{day(starts_on)} ～ {day(ends_on)}"


def pass_on_words(answer: bool | None) -> str:
    """Unknown is no yes."""
    if answer is None:
        return str(_("未確認（渡す前に、寄贈者に聞いてください）"))
    return str(_("渡してよい") if answer else _("渡さない"))


def agreement_words(agreement: DonorAgreement, viewer: Viewer) -> dict[str, Any]:
    """An agreement as this viewer may read it."""
    whole = {name: getattr(agreement, name) for name in FIELD_TIERS["donor_agreement"]}
    shown = present("donor_agreement", whole, access_to(viewer, PartnerKind.DONOR))
    least = shown.least_days
    return {
        "id": shown.id,
        "donor_id": shown.donor_id,
        "period": period_words(agreement.starts_on, agreement.ends_on),
        "least": _("%(n)s日以上", n=least) if least is not None else _("決めていません"),
        "pass_on": pass_on_words(shown.pass_on),
        "asks": shown.pass_on is None,
        "recall_contact": shown.recall_contact,
        "conditions": shown.conditions,
        "document": shown.document,
    }


def recall_contacts(
    session: Session, organisation_id: int, donor_ids: Collection[int], viewer: Viewer, on: date
) -> list[tuple[str, str]]:
    """Donors' names with whom at each to tell of a recall, where that was agreed."""
    begun = queries.last_begun(session, organisation_id, donor_ids, on)
    contacts = [(one.donor.name, agreement_words(one, viewer)["recall_contact"]) for one in begun]
    return [(name, contact) for name, contact in contacts if contact]


def too_short(agreement: DonorAgreement | None, lot: Lot) -> str | None:
    """A sentence when a lot kept fewer days, on the day it came in, than was agreed."""
    if agreement is None or agreement.least_days is None:
        return None
    if lot.last_day is None or lot.received_on is None:
        return None
    left = (lot.last_day - lot.received_on).days
    if left >= agreement.least_days:
        return None
    said = {"least": agreement.least_days, "left": max(left, 0), "donor": agreement.donor.name}
    return str(
        _(
            "%(donor)sとの協定では、受け入れの日に期限まで%(least)s日以上です。"
            "この物は%(left)s日でした。受け入れてよいか、寄贈者に確かめてください。",
            **said,
        )
    )


def lot_terms(session: Session, lot: Lot, viewer: Viewer) -> dict[str, Any] | None:
    """What was agreed about a lot when it came in, for its page."""
    agreement = queries.agreement_for(session, lot)
    if agreement is None:
        return None
    return agreement_words(agreement, viewer) | {"too_short": too_short(agreement, lot)}
