"""The usual partners, and for some of them whom to phone: made-up people and numbers."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.models import Partner
from app.directory.schemas import PartnerSchema
from app.directory.services import change_partner
from app.directory.usual import add_usual_partners, number_of

CITY = "座間市役所"
HOURS = "平日8時30分〜17時15分"

# By organisation above and name; days are counted back from today.
CALLED: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    (
        CITY, "収納課",
        {
            "phone": "046-000-1101", "contact_hours": HOURS, "office": "市役所1階 7番窓口",
            "contacts": [
                {"name": "仮名 収子", "role": "納税相談の係", "extension": "1234",
                 "best_time": "午前中、月末は避ける"},
                {"role": "差押えの担当", "phone": "046-000-1102"},
            ],
            "steps": {"heads_told": 700, "desk_visited": 690, "troubles_heard": 690,
                      "one_shared": 430, "first_one": 400},
            "troubles": "分納の約束が続かない人が多い。家計の相談と合わせてほしい。",
            "checked_on": 20,
        },
    ),
    (
        CITY, "障がい福祉課",
        {
            "phone": "046-000-1103", "contact_hours": HOURS,
            "contacts": [{"name": "見本 福美", "role": "サービスの係", "extension": "2345"}],
            "steps": {"heads_told": 700, "desk_visited": 600}, "checked_on": 500,
        },
    ),
    (
        CITY, "建築住宅課",
        {"phone": "046-000-1104", "contact_hours": HOURS, "steps": {"heads_told": 700}},
    ),
    (
        "", "座間市社会福祉協議会",
        {
            "phone": "046-000-1201", "contact_hours": "平日9〜17時",
            "contacts": [{"name": "例題 計子", "role": "家計改善の担当"},
                         {"name": "例題 貸男", "role": "貸付の担当", "best_time": "午後"}],
            "checked_on": 40,
        },
    ),
    (
        "", "NPOワンエイド",
        {"phone": "046-000-1202", "contact_hours": "火〜土 10〜18時", "checked_on": 10},
    ),
)  # fmt: skip


def add_partners(session: Session, user_id: int, *, today: date) -> None:
    """Whom the desk works with, and what it learnt of some of them."""
    add_usual_partners(session, user_id=user_id)
    for parent, name, facts in CALLED:
        number = number_of(parent, name)
        partner = session.scalars(sa.select(Partner).where(Partner.uuid == number)).one()
        typed = {"name": name, **facts}
        typed["steps"] = {step: _ago(today, n) for step, n in facts.get("steps", {}).items()}
        if "checked_on" in facts:
            typed["checked_on"] = _ago(today, facts["checked_on"])
        values = PartnerSchema().load(typed)
        said = {key: value for key, value in values.items() if key in typed}
        change_partner(
            session, partner=partner, version=partner.version, values=said, user_id=user_id
        )


def _ago(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()
