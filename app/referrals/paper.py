"""つなぐシート on A4: never more than the page shows, and no place of somebody in danger."""

from datetime import date
from typing import Any

from app.accounts.models import Organisation
from app.cases.consents.models import CONSENT_METHOD_LABELS
from app.cases.models import AGE_BAND_LABELS, TOPIC_LABELS, AgeBand, Topic
from app.cases.work.paper import PAPER_LABELS as CASE_PAPERS
from app.policy import Presented, Protection
from app.printing import qr_svg
from app.referrals.codes import SHEET_KIND_LABELS, WAY_LABELS, Way
from app.referrals.models import ReferralRecipient
from app.wording import day

PAPER = "referral"
CASE_PAPERS[PAPER] = "つなぐシート"
BLANK_ROWS = 3


def _topics(chosen: Any, main: Any) -> list[dict[str, Any]]:
    return [
        {"label": label, "on": topic.value in (chosen or ()), "main": topic == main}
        for topic, label in TOPIC_LABELS.items()
        if topic is not Topic.OTHER or topic.value in (chosen or ())
    ]


def filled(
    shown: Presented,
    recipients: list[ReferralRecipient],
    office: Organisation,
    *,
    url: str,
    today: date,
) -> dict[str, Any]:
    """The data of print/referral.typ for one sheet as its reader may see it."""
    safe = shown.protection is Protection.NO
    band = shown.age_band
    return {
        "sheet": _head(office, today) | {
            "title": SHEET_KIND_LABELS[shown.kind], "number": shown.number, "notice": "取扱注意",
        },
        "blank": False,
        "qr_svg": qr_svg(url),
        "made_on": day(shown.made_on),
        "office": shown.office,
        "writer": shown.writer or "",
        "consent": f"{day(shown.consent_on)}　{CONSENT_METHOD_LABELS[shown.consent_method]}",
        "name": shown.name or shown.alias or "",
        "age": AGE_BAND_LABELS[band] if band is not AgeBand.UNKNOWN else "",
        "family": shown.family or "",
        "address": (shown.address or "") if safe else "（書きません。送り元へ連絡してください）",
        "phone": (shown.phone or "") if safe else "（書きません）",
        "topics": _topics(shown.topics, shown.main_topic),
        "told": shown.told or "",
        "wish": shown.wish or "",
        "asked": shown.asked or "",
        "recipients": [
            {"office": one.office, "way": WAY_LABELS[one.way]} for one in recipients
        ],
    }  # fmt: skip


def blank(office: Organisation, *, today: date) -> dict[str, Any]:
    """The same paper with nothing on it, for an office that has no account."""
    return {
        "sheet": _head(office, today) | {"title": "つなぐシート", "notice": "取扱注意"},
        "blank": True,
        "topics": _topics((), None),
        "recipients": [
            {"office": "", "way": "　".join(WAY_LABELS[w] for w in list(Way)[:3])}
            for _row in range(BLANK_ROWS)
        ],
    } | dict.fromkeys(
        ("qr_svg", "made_on", "office", "writer", "consent", "name", "age", "family", "address",
         "phone", "told", "wish", "asked"), "",
    )  # fmt: skip


def _head(office: Organisation, today: date) -> dict[str, Any]:
    return {
        "organisation": office.name,
        "made_on": day(today),
        "contact": " ".join(filter(None, ("答えの返し先", office.name, office.phone))),
    }
