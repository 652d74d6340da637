"""Cases as plain values, the shape `policy.present` lets through or holds back field by field.

Pages, lists, files and the API all start from these; nothing else turns a case into output.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.cases.consents.models import Consent, Disclosure
from app.cases.household.models import Phone
from app.cases.models import Case, Member
from app.cases.needs.models import FoodProfile, HousingNeed
from app.cases.work.models import LogEntry
from app.db import JAPAN
from app.policy import Access, Presented, present

CASE_FIELDS = (
    "id", "number", "code_name", "stage", "protection", "version", "leave_by", "household_size",
    "received_on", "closed_on", "outcome", "name", "kana", "alias", "age_band", "who_came",
    "route", "route_detail", "arrival", "source_kind", "route_partner_id", "law8",
    "caller_name", "caller_relation", "caller_phone", "dwelling", "leave_reason", "work",
    "insurance", "pension", "topics", "main_topic", "story", "phone", "phone_note",
    "postal_code", "prefecture", "municipality", "address", "building", "mail_blocked",
)  # fmt: skip
NEED_FIELDS = (
    "version", "people", "rent_basis", "agreed_rent", "funds", "move_by", "municipalities",
    "floor_need", "wheelchair", "pet", "guarantor", "guarantor_company", "emergency_contact",
    "groups", "supports", "min_area", "min_rooms", "wishes",
)  # fmt: skip
FOOD_FIELDS = (
    "version", "allergies", "allergies_asked", "equipment", "forbidden", "chewing_class",
    "carry_kg", "note",
)  # fmt: skip
MEMBER_FIELDS = (
    "id", "version", "relation", "sex", "name", "kana", "born_on", "nationality", "language",
    "handbook_physical", "handbook_intellectual", "handbook_mental", "care_level", "school",
    "note",
)  # fmt: skip
PHONE_FIELDS = ("number", "whose", "best_time", "voicemail", "secret", "note")
LOG_FIELDS = (
    "id", "at", "method", "minutes", "partner", "text", "next_step", "author_id", "version",
    "next_on", "next_done_at", "partner_id", "attendees",
)  # fmt: skip


def _taken(record: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}


def shown_case(case: Case, access: Access) -> Presented:
    """A case as this viewer may see it."""
    return present("case", _taken(case, CASE_FIELDS), access)


def shown_member(member: Member, access: Access, *, today: date) -> Presented:
    """One household member; the age is worked out from what was asked."""
    values = _taken(member, MEMBER_FIELDS)
    return present("member", values | {"age": member.age_at(today)}, access)


def shown_phone(phone: Phone, access: Access) -> Presented:
    """One telephone number."""
    return present("phone", _taken(phone, PHONE_FIELDS), access)


def shown_need(need: HousingNeed, access: Access) -> Presented:
    """A housing need; without the tier only what was derived from it."""
    values = _taken(need, NEED_FIELDS)
    values["anchors"] = [
        _taken(a, ("label", "address", "latitude", "longitude", "weight")) for a in need.anchors
    ]
    return present("housing_need", values, access)


def shown_food(profile: FoodProfile, access: Access) -> Presented:
    """A food profile."""
    return present("food_profile", _taken(profile, FOOD_FIELDS), access)


def shown_log(entry: LogEntry, access: Access) -> Presented:
    """One log entry."""
    return present("log", _taken(entry, LOG_FIELDS), access)


def shown_consent(consent: Consent, access: Access, *, today: date) -> Presented:
    """One consent, with whether it is in force today."""
    values = _taken(
        consent,
        ("id", "recipient", "organisation_id", "items", "text_version", "method", "oral_record",
         "given_on", "ends_on"),
    )  # fmt: skip
    withdrawn = consent.withdrawn_at
    values["withdrawn_on"] = withdrawn.astimezone(JAPAN).date() if withdrawn else None
    values["in_force"] = in_force(consent, today=today)
    return present("consent", values, access)


def in_force(consent: Consent, *, today: date) -> bool:
    """Whether a consent counts today."""
    return (
        consent.withdrawn_at is None
        and consent.given_on <= today
        and (consent.ends_on is None or today <= consent.ends_on)
    )


def shown_disclosure(disclosure: Disclosure, access: Access) -> Presented:
    """A 支援会議 basis."""
    names = ("id", "organisation_id", "legal_basis", "starts_on", "ends_on")
    return present("disclosure", _taken(disclosure, names), access)


def case_title(shown: Presented | Mapping[str, Any]) -> str:
    """How the household is called on this viewer's screen: the name only where it may be shown."""
    called = shown["name"] or shown["alias"] or shown["code_name"]
    nameless = not (shown["name"] or shown["alias"])
    if nameless or str(called).endswith(("さん", "様", "くん", "ちゃん")):
        return str(called)
    return f"{called}さん"
