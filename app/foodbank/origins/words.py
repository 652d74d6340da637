"""A lot's origin, what it was before and what was told meanwhile, as pages and programs say it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.listing import names_of
from app.foodbank.donors.words import period_words
from app.foodbank.models import Lot
from app.foodbank.origins.models import DonorLetter, OriginCorrection
from app.foodbank.origins.queries import Corrected, Told, corrections_of, given_away
from app.wording import day, moment


def origin_words(donor: str | None, drive: str | None) -> str:
    """「架空スーパー・冬のフードドライブ」, 「寄贈者なし」 without both."""
    return "・".join(filter(None, (donor, drive))) or str(_("寄贈者なし"))


def told_words(told: Told, unit: str) -> list[str]:
    """What a donor was told while the lot was theirs, a sentence each."""
    said = [letter_words(one) for one in told.letters]
    said += [
        _(
            "%(day)sに作った証拠の一式（%(period)s）に、この寄贈者の物として載っています。",
            day=moment(one.made_at),
            period=period_words(one.starts_on, one.ends_on),
        )
        for one in told.packs
    ]
    said += [
        _("%(at)sに、回収 %(number)s をこの寄贈者に伝えています。", at=moment(at), number=number)
        for number, at in told.recalls
    ]
    if told.given_back:
        said.append(
            _("%(n)s%(unit)sをこの寄贈者に返したと記録しています。", n=told.given_back, unit=unit)
        )
    return [str(one) for one in said]


def letter_words(letter: DonorLetter) -> str:
    """「2026年11月28日 10:00にお礼の手紙を印刷しています（…の分）。」"""
    at = moment(letter.created_at)
    if letter.starts_on is None:
        return str(_("%(at)sにお礼の手紙を印刷しています（期間の記録はありません）。", at=at))
    period = period_words(letter.starts_on, letter.ends_on)
    return str(_("%(at)sにお礼の手紙を印刷しています（%(period)sの分）。", at=at, period=period))


def correction_rows(session: Session, lot: Lot) -> list[dict[str, Any]]:
    """The corrections of a lot's origin for its page, the newest first."""
    found = corrections_of(session, lot)
    names = names_of(session, {one.correction.user_id for one in found})
    return [_row(one, names, lot.unit) for one in found]


def _row(one: Corrected, names: dict[int, str], unit: str) -> dict[str, Any]:
    made = one.correction
    return {
        "at": moment(made.created_at),
        "iso": made.created_at.isoformat(),
        "by": names.get(made.user_id, ""),
        "way": way_words(made),
        "reason": made.reason,
        "former": made.from_donor.name if made.from_donor else "",
        "told": told_words(one.told, unit),
    }


def way_words(made: OriginCorrection) -> str:
    """「架空スーパー → まぼろし農園」"""
    before = origin_words(
        made.from_donor.name if made.from_donor else None,
        made.from_drive.name if made.from_drive else None,
    )
    after = origin_words(
        made.to_donor.name if made.to_donor else None,
        made.to_drive.name if made.to_drive else None,
    )
    return f"{before} → {after}"


def away_rows(session: Session, organisation_id: int, **whose: int) -> list[dict[str, Any]]:
    """Lots that were a donor's or a drive's before somebody put them right."""
    return [
        {
            "lot": lot,
            "day": day(lot.received_on) if lot.received_on else _("記録なし"),
            "now": origin_words(
                lot.donor.name if lot.donor else None, lot.drive.name if lot.drive else None
            ),
            "why": made.reason,
            "at": moment(made.created_at),
        }
        for made, lot in given_away(session, organisation_id, **whose)
    ]


def told_rows(found: Sequence[Corrected], unit: str) -> list[dict[str, Any]]:
    """The corrections for programs."""
    own = (
        "id", "lot_id", "from_donor_id", "to_donor_id", "from_drive_id", "to_drive_id", "reason",
        "user_id", "created_at",
    )  # fmt: skip
    return [
        {name: getattr(one.correction, name) for name in own} | {"told": told_words(one.told, unit)}
        for one in found
    ]
