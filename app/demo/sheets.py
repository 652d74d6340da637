"""The demonstration's つなぐシート: one open, one walked along, one answered; all made up."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.cases.models import Case
from app.db import now
from app.referrals import services
from app.referrals.codes import Result
from app.referrals.models import ReferralSheet
from app.referrals.schemas import SheetSchema

ORAL = {
    "consent_method": "oral",
    "consent_record": "書いた内容を読み上げ、「伝えてください」と答えた。",
}
# A family of a case, sent on by the desk; somebody met at the food table; a tenant's debts.
FROM_DESK: Mapping[str, Any] = {
    "consent_method": "signed", "name": "例題 四葉", "age_band": "30s", "protection": "no",
    "family": "夫（療養中）と子2人", "topics": ["rent_loan", "job_search"],
    "main_topic": "rent_loan", "told": "夫が休職し、住宅ローンが払えなくなりそう。",
    "wish": "子どもの学校を変えずに暮らしたい。",
    "asked": "貸付の相談と、家計の見直しをお願いします。",
}  # fmt: skip
FROM_TABLE: Mapping[str, Any] = {
    **ORAL, "kind": "lead", "alias": "青い帽子の人", "age_band": "50s", "topics": ["food"],
    "told": "三日ほど、あまり食べていないと話した。", "asked": "住まいの話を聞いてください。",
}  # fmt: skip
FROM_HOMES: Mapping[str, Any] = {
    **ORAL, "name": "試作 桜子", "age_band": "40s", "topics": ["debt"], "main_topic": "debt",
    "told": "更新料が払えず、家主に待ってもらっている。", "asked": "家計の相談をお願いします。",
}  # fmt: skip


def add_sheets(
    session: Session, users: Mapping[str, User], cases: Sequence[Case], *, today: date
) -> None:
    """Three sheets from three counters, as their people would have written them."""
    desk, council = users["soudan"], users["shakyo"]
    _sent(session, desk, council, FROM_DESK, today=today, case=cases[3])
    walked = _sent(session, users["shokuryo"], desk, FROM_TABLE, today=today)
    services.receive(
        session, recipient=walked.recipients[0], received_by=desk.name, user_id=desk.id, at=now()
    )
    answered = _sent(session, users["sumai"], council, FROM_HOMES, way="handed", today=today)
    services.answer(
        session,
        recipient=answered.recipients[0],
        result=Result.SUPPORTED,
        done="家計表をいっしょに作り、更新料を三回に分けた。",
        next_step="来月20日にもう一度会う",
        answered_by=council.name,
        user_id=council.id,
        at=now(),
    )


def _sent(
    session: Session,
    maker: User,
    to: User,
    facts: Mapping[str, Any],
    *,
    today: date,
    way: str = "walked",
    case: Case | None = None,
) -> ReferralSheet:
    rows = [{"to": f"o{to.memberships[0].organisation_id}", "way": way}]
    values = SheetSchema().load({**facts, "recipients": rows, "send": True})
    return services.make_sheet(
        session,
        values=values,
        organisation_id=maker.memberships[0].organisation_id,
        user_id=maker.id,
        today=today,
        now=now(),
        case=case,
    )
