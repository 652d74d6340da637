"""The demonstration's plans: one decided in a meeting, one that waits for the next, all made up."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.plans import services as plan_services
from app.cases.plans.codes import Decision
from app.cases.plans.models import Plan
from app.cases.plans.schemas import SupportPlanSchema
from app.db import now
from app.meetings import services as meeting_services
from app.meetings.codes import ItemBasis
from app.meetings.models import Meeting
from app.meetings.schemas import MeetingSchema

# After examples the city of Zama has published; goals and providers are made up.
PLANS: tuple[Mapping[str, Any], ...] = (
    {
        "long_goal": "自分の部屋で、ゆっくり眠りたい。",
        "short_goal": "差押えをといてもらい、部屋を決める。",
        "issues": "税の滞納\n住まいがない\n食べる物がない",
        "services": [
            {"service": "seizure", "provider": "架空市収納課", "we_do": "窓口に同行する",
             "person_does": "収入の分かるものをそろえる"},
            {"service": "community-living", "provider": "NPO法人 架空すまいと食の会",
             "frequency": "月2回", "we_do": "内見と引っ越しのあとの訪問"},
            {"service": "food-bank", "provider": "NPO法人 架空すまいと食の会",
             "frequency": "週1回"},
        ],
    },
    {
        "long_goal": "アパートに移り、税を少しずつ納めたい。",
        "short_goal": "家計簿をつけ、分納の額を決める。",
        "issues": "家計の管理\n税の滞納",
        "services": [
            {"service": "budget", "provider": "架空市社会福祉協議会", "frequency": "月1回",
             "person_does": "家計簿をつける", "we_do": "分納の相談に付き添う"},
            {"service": "tax-instalments", "provider": "架空市収納課"},
        ],
    },
)  # fmt: skip


def add_plans(
    session: Session, cases: list[Case], *, organisation_id: int, user_id: int, today: date
) -> None:
    """Two plans applied for; today's meeting decided on the first, the next waits for Friday's."""
    for case, facts in zip(cases, PLANS, strict=False):
        _submitted(session, case, facts, user_id=user_id, today=today)
    held = _meeting(session, organisation_id, today, user_id=user_id)
    item = meeting_services.add_item(
        session,
        meeting=held,
        case=cases[0],
        basis=ItemBasis.COORDINATION,
        subject="部屋が決まるまでの食料と、差押えの解除",
        minutes=20,
        user_id=user_id,
        today=today,
    )
    meeting_services.decide(
        session,
        item=item,
        case=cases[0],
        version=item.version,
        decision=Decision.APPROVED,
        decision_note="食料は週1回、部屋が決まるまで続ける。",
        task="差押えの解除を収納課と相談する",
        responsible_id=user_id,
        by_when=today + timedelta(days=7),
        user_id=user_id,
        now=now(),
    )
    _meeting(session, organisation_id, today + timedelta(days=4), user_id=user_id)


def _submitted(
    session: Session, case: Case, facts: Mapping[str, Any], *, user_id: int, today: date
) -> Plan:
    values = SupportPlanSchema().load({
        **facts,
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=180)).isoformat(),
        "application": "signed",
        "applied_on": today.isoformat(),
    })  # fmt: skip
    plan = plan_services.make_plan(session, case=case, values=values, user_id=user_id, today=today)
    plan_services.submit_plan(
        session, plan=plan, version=plan.version, user_id=user_id, today=today
    )
    return plan


def _meeting(session: Session, organisation_id: int, day: date, *, user_id: int) -> Meeting:
    values = MeetingSchema().load({
        "kind": "ad_hoc",
        "legal_bases": ["coordination"],
        "held_on": day.isoformat(),
        "starts_at": "13:30",
        "minutes": 60,
        "place": "第2会議室",
    })  # fmt: skip
    return meeting_services.make_meeting(
        session, organisation_id=organisation_id, values=values, user_id=user_id
    )
