"""Made-up landlords with what was said to them, realtors and guarantor companies."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.directory.models import Partner, PartnerKind
from app.directory.schemas import GuarantorCompanySchema
from app.directory.services import add_partner
from app.housing.homes.schemas import HomePatchSchema
from app.housing.homes.services import change_home
from app.housing.landlords import services
from app.housing.landlords.schemas import LandlordContactSchema, LandlordSchema
from app.housing.models import Home, Landlord

GUARANTORS: tuple[Mapping[str, Any], ...] = (
    {
        "name": "見本保証㈱", "kana": "みほんほしょう", "phone": "046-000-2001",
        "contacts": [{"name": "例題 守", "role": "審査の担当"}],
        "contact_hours": "平日9〜18時", "certified": "yes",
        "without_guarantor": "yes", "emergency_rule": "corporate", "first_fee_percent": "50",
        "monthly_fee": "0", "note": "居住支援法人を緊急連絡先にできる。",
    },
    {
        "name": "架空ギャランティ㈱", "kana": "かくうぎゃらんてぃ", "phone": "046-000-2002",
        "certified": "unknown", "without_guarantor": "no", "emergency_rule": "person",
        "first_fee_percent": "80", "monthly_fee": "800",
    },
)  # fmt: skip

# By the name the council's list brings; days are counted from today, negative ones back.
LANDLORDS: tuple[tuple[str, Mapping[str, Any], tuple[Mapping[str, Any], ...]], ...] = (
    (
        "例題 貸主1",
        {
            "kana": "れいだい かしぬしいち", "phone": "046-000-3001", "preferred_way": "phone",
            "contact_hours": "夕方6時以後", "do_not": "昼間の職場へかけない。",
            "worries": ["death", "rent"], "worry_note": "前に倒れた人がいて、気づくのが遅れた。",
            "reassured_by": ["watching", "guarantor_company", "insurance"],
        },
        (
            {"way": "visit", "on": -40, "text": "見守りの内容を紙で説明した。安心したとのこと。"},
            {
                "way": "phone", "on": -3, "text": "103号室が来月空くかもしれない。",
                "next_step": "103号室の空きを確かめる", "next_on": 0,
            },
        ),
    ),
    (
        "例題 貸主2",
        {
            "kana": "れいだい かしぬしに", "phone": "046-000-3002", "preferred_way": "letter",
            "worries": ["neighbours", "hours"], "reassured_by": ["council_desk"],
        },
        (
            {
                "way": "phone", "on": -10, "kind": "referral",
                "text": "家賃が遅れがちな入居者を心配して電話をくれた。相談の窓口を案内した。",
            },
        ),
    ),
    (
        "例題 貸主3",
        {
            "kana": "れいだい かしぬしさん", "phone": "046-000-3003", "preferred_way": "visit",
            "worries": ["use"], "reassured_by": ["proxy_payment", "leftover_contract"],
        },
        ({"way": "came", "on": -20, "text": "生活保護の人の家賃は代理納付なら受け入れたい。"},),
    ),
)  # fmt: skip


def add_supply(session: Session, user: User, organisation_id: int, *, today: date) -> None:
    """Whom the housing organisation works with, as its staff would have entered them."""
    companies = [_company(session, facts, user.id) for facts in GUARANTORS]
    for name, facts, contacts in LANDLORDS:
        landlord = session.scalars(sa.select(Landlord).where(Landlord.name == name)).one()
        values = LandlordSchema().load({"name": name, **facts})
        del values["version"]
        services.change_landlord(
            session, landlord=landlord, version=landlord.version, values=values, user_id=user.id
        )
        for entry in contacts:
            _contact(session, landlord, entry, user.id, organisation_id, today=today)
    for home in session.scalars(sa.select(Home).order_by(Home.id).limit(6)):
        _describe(session, home, companies[home.id % 2], user.id)


def _company(session: Session, facts: Mapping[str, Any], user_id: int) -> Partner:
    values = GuarantorCompanySchema().load(dict(facts))
    del values["version"]
    return add_partner(session, kind=PartnerKind.GUARANTOR_COMPANY, values=values, user_id=user_id)


def _contact(
    session: Session,
    landlord: Landlord,
    entry: Mapping[str, Any],
    user_id: int,
    organisation_id: int,
    *,
    today: date,
) -> None:
    facts = {**entry, "on_day": (today + timedelta(days=entry["on"])).isoformat()}
    del facts["on"]
    if "next_on" in facts:
        facts["next_on"] = (today + timedelta(days=entry["next_on"])).isoformat()
    services.write_contact(
        session,
        landlord=landlord,
        values=LandlordContactSchema().load(facts),
        user_id=user_id,
        organisation_id=organisation_id,
        today=today,
    )


def _describe(session: Session, home: Home, company: Partner, user_id: int) -> None:
    """The facts a council's list has no column for, as they are learnt on the phone."""
    facts = {
        "version": home.version,
        "gas": "lp" if home.id % 2 else "city",
        "fittings": ["separate_bath", "air_conditioner", "washer_inside"],
        "contact_rule": "corporate",
        "guarantor_company_id": company.id,
        "insurance": 18_000,
        "lock_change": 16_500,
        "contract_kind": "ordinary",
        "contract_months": 24,
        "wheelchair": "no",
    }
    values = HomePatchSchema().load(facts)
    change_home(session, home=home, version=values.pop("version"), values=values, user_id=user_id)
