"""The six items of the ledger for one household and business year, from the rows that hold them.

居住サポート住宅の帳簿 (住宅セーフティネット法): ① who, moved in and out; ② price and conditions;
③ anomalies, when, what and what was done; ④ looking in, when and what was seen; ⑤ linked in, when
and to what; ⑥ other help, when and what. Kept for five years after the business year's end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.records import case_title, shown_case
from app.db import JAPAN
from app.followup.codes import (
    ATTEMPT_LABELS,
    HELP_LABELS,
    RENT_LABELS,
    SEEN_LABELS,
    WATCHING,
    HelpKind,
)
from app.followup.ladder.codes import (
    CONCERN_LABELS,
    OUTCOME_LABELS,
    STEP_LABELS,
    STEP_RESULT_LABELS,
)
from app.followup.ladder.models import Concern
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.records import shown_attempt, shown_concern, shown_plan, shown_step
from app.followup.settling.codes import LINK_RESULT_LABELS
from app.followup.settling.models import LinkIn
from app.followup.settling.records import shown_link_in
from app.followup.signals.models import SafetyDay
from app.japanese import fiscal_year_days
from app.policy import Access

ITEMS = (
    "①入居者の氏名・入居の日・退居の日",
    "②対価・条件",
    "③異常を検知した年月日・状況・対応",
    "④見守りの年月日・把握した状況",
    "⑤福祉サービスにつないだ年月日・内容",
    "⑥その他の援助の年月日・内容",
)
KEPT_YEARS = 5


@dataclass
class Ledger:
    """One household's ledger for one business year: a line of text for each entry, by item."""

    plan_id: int
    title: str
    year: int
    items: tuple[list[str], ...] = field(default_factory=lambda: tuple([] for _ in ITEMS))
    safe_days: int = 0

    @property
    def kept_until(self) -> date:
        """The last day on which it has to be kept."""
        return date(self.year + 1 + KEPT_YEARS, 3, 31)


def ledger_of(session: Session, plan: WatchPlan, access: Access, year: int) -> Ledger:
    """The ledger of a household as this viewer may read it; `year` is that of its April."""
    first, last = fiscal_year_days(year)
    shown = shown_case(plan.placement.case, access)
    one = Ledger(plan.id, case_title(shown), year)
    one.items[0].extend(_who(plan, one.title))
    one.items[1].extend(_price(plan, access))
    one.items[2].extend(_anomalies(session, plan, access, first, last))
    tries = _attempts(session, plan, first, last)
    one.items[3].extend(_seen(tries, access))
    one.items[4].extend(_links(session, plan, access, first, last, tries))
    one.items[5].extend(_other(tries, access))
    one.safe_days = _safe_days(session, plan, first, last)
    if one.safe_days:
        one.items[3].append(f"安否確認（1日1回）: この年度に{one.safe_days}日")
    return one


def _day(day: date) -> str:
    return f"{day.year}-{day.month:02}-{day.day:02}"


def _who(plan: WatchPlan, title: str) -> Iterator[str]:
    placement = plan.placement
    home = placement.home
    yield title
    yield f"入居 {_day(plan.starts_on)}"
    yield f"退居 {_day(placement.ended_on)}" if placement.ended_on else "入居中"
    yield f"{home.property.name} {home.room}"


def _price(plan: WatchPlan, access: Access) -> Iterator[str]:
    home, shown = plan.placement.home, shown_plan(plan, access)
    if home.rent is not None:
        yield f"家賃 {home.rent:,}円／月"
    if home.fee:
        yield f"共益費 {home.fee:,}円／月"
    yield f"見守りの対価 {shown.fee:,}円／月" if shown.fee is not None else "見守りの対価 未記入"
    if shown.terms:
        yield f"条件 {shown.terms}"


def _anomalies(
    session: Session, plan: WatchPlan, access: Access, first: date, last: date
) -> Iterator[str]:
    found = session.scalars(
        sa.select(Concern).where(Concern.plan_id == plan.id).order_by(Concern.opened_at, Concern.id)
    )
    for concern in found:
        day = concern.opened_at.astimezone(JAPAN).date()
        if not first <= day <= last:
            continue
        shown = shown_concern(concern, access)
        parts = [f"{_day(day)} {CONCERN_LABELS[concern.kind]}"]
        for step in concern.steps:
            told = shown_step(step, access)
            if told.result:
                said = f"（{told.note}）" if told.note else ""
                parts.append(f"{STEP_LABELS[step.kind]}: {STEP_RESULT_LABELS[told.result]}{said}")
        if shown.outcome:
            parts.append(f"{OUTCOME_LABELS[shown.outcome]}。{shown.found}")
        elif concern.closed_at is None:
            parts.append("対応中")
        yield "　".join(parts)


def _attempts(session: Session, plan: WatchPlan, first: date, last: date) -> list[Attempt]:
    rows = session.scalars(
        sa.select(Attempt)
        .join(CheckIn, CheckIn.id == Attempt.check_in_id)
        .where(CheckIn.plan_id == plan.id)
        .order_by(Attempt.at, Attempt.id)
    ).all()
    corrected = {row.corrects_id for row in rows}
    return [
        row
        for row in rows
        if row.id not in corrected and first <= row.at.astimezone(JAPAN).date() <= last
    ]


def _seen(tries: list[Attempt], access: Access) -> Iterator[str]:
    for one in tries:
        shown = shown_attempt(one, access)
        words = [_day(one.at.astimezone(JAPAN).date())]
        if shown.result:
            words.append(ATTEMPT_LABELS[shown.result])
        if shown.rent:
            words.append(f"家賃 {RENT_LABELS[shown.rent]}")
        words += [SEEN_LABELS[code] for code in shown["items"] or []]
        if shown.note:
            words.append(shown.note)
        yield "　".join(words)


def _links(  # noqa: PLR0917 - the same five every item takes, and the attempts read already
    session: Session,
    plan: WatchPlan,
    access: Access,
    first: date,
    last: date,
    tries: list[Attempt],
) -> list[str]:
    rows = session.scalars(
        sa.select(LinkIn).where(LinkIn.plan_id == plan.id, LinkIn.day.between(first, last))
    )
    found = []
    for row in rows:
        shown = shown_link_in(row, access)
        if shown.partner:
            result = LINK_RESULT_LABELS[shown.result]
            found.append((row.day, f"{shown.partner}　{shown.what}　{result}"))
    for one in tries:
        told = shown_attempt(one, access)
        if told.linked_to:
            found.append(
                (one.at.astimezone(JAPAN).date(), f"{told.linked_to}　訪問のときにつないだ")
            )
    return [f"{_day(day)}　{words}" for day, words in sorted(found)]


def _other(tries: list[Attempt], access: Access) -> Iterator[str]:
    for one in tries:
        kinds = [HelpKind(code) for code in shown_attempt(one, access).kinds or []]
        other = [HELP_LABELS[kind] for kind in kinds if kind not in WATCHING]
        if other:
            yield f"{_day(one.at.astimezone(JAPAN).date())}　{'、'.join(other)}"


def _safe_days(session: Session, plan: WatchPlan, first: date, last: date) -> int:
    counted = sa.select(sa.func.count()).where(
        SafetyDay.plan_id == plan.id, SafetyDay.day.between(first, last)
    )
    return session.scalar(counted) or 0
