"""同意書 on A4, to be signed: the text of one version, to whom and what, place for the signature.

The household stands on it by its number alone; name and date are written by hand. So the paper
says nothing a stranger could read, and needs no second person even for a hidden household.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.cases.consents.texts import text_of
from app.policy import CONSENT_ITEM_LABELS, RECIPIENT_LABELS, ConsentItem, RecipientKind
from app.wording import day


def consent_paper(
    number: str,
    organisation: Organisation,
    chosen: Mapping[str, Any],
    *,
    version: str,
    named: str | None,
    today: date,
) -> dict[str, Any]:
    """The data of templates/print/consent.typ.

    `chosen` has what is ticked already: recipient, items, ends_on; the other boxes stay empty to be
    ticked by hand. `named` is the one organisation a consent is limited to.
    """
    heading, *lines = [line for line in text_of(version).splitlines() if line.strip()]
    return {
        "sheet": {
            "title": _("同意書"),
            "organisation": organisation.name,
            "made_on": day(today),
            "number": number,
            "contact": " ".join(filter(None, (organisation.name, organisation.phone))),
        },
        "heading": heading,
        "lines": lines,
        "version": version,
        "recipients": [
            {"label": RECIPIENT_LABELS[kind], "ticked": kind is chosen.get("recipient")}
            for kind in RecipientKind
        ],
        "named": named or "",
        "items": [
            {"label": CONSENT_ITEM_LABELS[item], "ticked": item in (chosen.get("items") or [])}
            for item in ConsentItem
        ],
        "until": day(chosen.get("ends_on")) or "",
    }
