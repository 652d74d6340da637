"""The files of HSDS 3.0 we write and read, their columns, and our own terms among its taxonomies.

What HSDS has no column for – the kind, the systems, what is offered, the steps, notes, a guarantor
company's terms – travels as attributes whose terms belong to a taxonomy of our own. Numbers of rows
that have none here (a location, a phone) are made from the number of the row they belong to, so
that the same partner gives the same file again.
"""

import uuid
from collections.abc import Mapping
from enum import StrEnum

from app.directory.codes import (
    NETWORK_STEP_LABELS,
    OFFER_LABELS,
    PARTNER_SYSTEM_LABELS,
)
from app.directory.models import PARTNER_KIND_LABELS

SPACE = uuid.UUID("6b6cd0b5-8f4e-4a41-9f86-3a1f5f6d9a10")

FILES: Mapping[str, tuple[str, ...]] = {
    "organizations": (
        "id", "name", "alternate_name", "description", "email", "website",
        "parent_organization_id",
    ),
    "services": (
        "id", "organization_id", "name", "status", "application_process", "fees_description",
        "eligibility_description",
    ),
    "locations": ("id", "location_type", "organization_id", "name"),
    "addresses": (
        "id", "location_id", "address_1", "city", "state_province", "postal_code", "country",
        "address_type",
    ),
    "service_at_location": ("id", "service_id", "location_id"),
    "phones": ("id", "organization_id", "contact_id", "number", "extension", "type"),
    "contacts": ("id", "organization_id", "name", "title"),
    "schedules": ("id", "location_id", "description"),
    "languages": ("id", "service_id", "name"),
    "taxonomies": ("id", "name", "description", "version"),
    "taxonomy_terms": ("id", "code", "name", "description", "taxonomy", "language", "taxonomy_id"),
    "attributes": ("id", "link_id", "taxonomy_term_id", "link_type", "link_entity", "value"),
}  # fmt: skip

READ_COLUMNS = {
    **FILES,
    "addresses": (*FILES["addresses"], "address_2", "region"),
    "phones": (*FILES["phones"], "service_id", "location_id"),
    "schedules": (*FILES["schedules"], "service_id"),
}
"""What is looked at when a file comes in; other columns are named in the preview and left."""

UNKNOWN = "不明"
"""HSDS demands a city, a prefecture and a postal code of every address; ours may lack them."""


class Word(StrEnum):
    """The taxonomies of our own."""

    KIND = "kind"
    SYSTEM = "system"
    OFFER = "offer"
    STEP = "step"
    FACT = "fact"


FACTS = {
    "note": "メモ", "troubles": "相手が困っていること", "checked_on": "内容を確かめた日",
    "active": "いまもある相手", "postal_code": "郵便番号", "certified": "認定家賃債務保証業者",
    "without_guarantor": "保証人なしで", "emergency_rule": "緊急連絡先",
    "first_fee_percent": "はじめの保証料（％）", "monthly_fee": "毎月の保証料（円）",
    "best_time": "つながりやすい時間", "extension": "内線",
}  # fmt: skip

TERMS: Mapping[Word, Mapping[str, str]] = {
    Word.KIND: {str(code): label for code, label in PARTNER_KIND_LABELS.items()},
    Word.SYSTEM: {str(code): label for code, label in PARTNER_SYSTEM_LABELS.items()},
    Word.OFFER: {str(code): label for code, label in OFFER_LABELS.items()},
    Word.STEP: {str(code): label for code, label in NETWORK_STEP_LABELS.items()},
    Word.FACT: FACTS,
}

TAXONOMY_NAMES = {
    Word.KIND: "つなぎ先の種類", Word.SYSTEM: "連携通知の17の制度", Word.OFFER: "してくれること",
    Word.STEP: "つながりの歩み", Word.FACT: "そのほかの項目",
}  # fmt: skip


def made_number(*parts: str) -> str:
    """The lasting number of a row that has none of its own."""
    return str(uuid.uuid5(SPACE, "/".join(parts)))


def taxonomy_number(word: Word) -> str:
    """The number of one of our taxonomies."""
    return made_number("taxonomy", word)


def term_number(word: Word, code: str) -> str:
    """The number of one of our terms."""
    return made_number("term", word, code)


OUR_TERMS = {term_number(word, code): (word, code) for word in TERMS for code in TERMS[word]}
