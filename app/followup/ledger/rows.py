"""The six items of the ledger for one household and business year, from the rows that hold them.

居住サポート住宅の帳簿 (住宅セーフティネット法): ① who, moved in and out; ② price and conditions;
③ anomalies, when, what and what was done; ④ looking in, when and what was seen; ⑤ linked in, when
and to what; ⑥ other help, when and what. Kept for five years after the business year's end.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.cases.records import case_title, shown_case
from app.db import JAPAN, moment_on
from app.followup.codes import (
    ATTEMPT_LABELS,
    CHECK_IN_LABELS,
    HELP_LABELS,
    OWN_WORD,
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
from app.followup.queries import SeenPlan
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


@dataclass(frozen=True)
class _Year:
    """What a business year holds, by plan."""

    concerns: Mapping[int, list[Concern]]
    attempts: Mapping[int, list[Attempt]]
    links: Mapping[int, list[LinkIn]]
    safe_days: Mapping[int, int]
    covered: Mapping[int, list[tuple[CheckIn, CheckIn]]]


def ledgers_of(session: Session, seen: Sequence[SeenPlan], year: int) -> list[Ledger]:
    """The ledgers of these households as this viewer may read them; `year` is that of its April."""
    first, last = fiscal_year_days(year)
    held = _Year(*_read(session, [one.plan.id for one in seen], first, last))
    return [_ledger(one, held, year) for one in seen]


def _ledger(seen: SeenPlan, held: _Year, year: int) -> Ledger:
    plan, access = seen.plan, seen.access
    tries = held.attempts.get(plan.id, [])
    one = Ledger(plan.id, case_title(shown_case(seen.case, access)), year)
    one.items[0].extend(_who(plan, one.title))
    one.items[1].extend(_price(plan, access))
    one.items[2].extend(_anomaly(concern, access) for concern in held.concerns.get(plan.id, []))
    one.items[3].extend(_seen(tries, access))
    one.items[3].extend(_covered(held.covered.get(plan.id, [])))
    one.items[4].extend(_links(held.links.get(plan.id, []), tries, access))
    one.items[5].extend(_other(tries, access))
    one.safe_days = held.safe_days.get(plan.id, 0)
    if one.safe_days:
        one.items[3].append(f"安否確認（1日1回）: この年度に{one.safe_days}日")
    return one


def _read(session: Session, plan_ids: list[int], first: date, last: date) -> Iterator[Any]:
    """Concerns, standing attempts, link-ins, days known safe and check-ins a later contact
    answered, of a year, each by plan.
    """
    begin, end = moment_on(first), moment_on(last + timedelta(days=1))
    concerns: dict[int, list[Concern]] = defaultdict(list)
    for concern in session.scalars(
        sa.select(Concern)
        .where(Concern.plan_id.in_(plan_ids), Concern.opened_at >= begin, Concern.opened_at < end)
        .order_by(Concern.opened_at, Concern.id)
    ):
        concerns[concern.plan_id].append(concern)
    yield concerns
    rows = session.execute(
        sa.select(CheckIn.plan_id, Attempt)
        .join(Attempt, Attempt.check_in_id == CheckIn.id)
        .where(CheckIn.plan_id.in_(plan_ids), Attempt.at >= begin, Attempt.at < end)
        .order_by(Attempt.at, Attempt.id)
    ).all()
    corrected = {attempt.corrects_id for _plan, attempt in rows}
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    for plan_id, attempt in rows:
        if attempt.id not in corrected:
            attempts[plan_id].append(attempt)
    yield attempts
    links: dict[int, list[LinkIn]] = defaultdict(list)
    for link in session.scalars(
        sa.select(LinkIn).where(LinkIn.plan_id.in_(plan_ids), LinkIn.day.between(first, last))
    ):
        links[link.plan_id].append(link)
    yield links
    days = (
        sa.select(SafetyDay.plan_id, sa.func.count())
        .where(
            SafetyDay.plan_id.in_(plan_ids),
            SafetyDay.day.between(first, last),
            ~SafetyDay.only_clock,
        )
        .group_by(SafetyDay.plan_id)
    )
    yield {row[0]: row[1] for row in session.execute(days)}
    answer = aliased(CheckIn)
    covered: dict[int, list[tuple[CheckIn, CheckIn]]] = defaultdict(list)
    for missed, answered in session.execute(
        sa.select(CheckIn, answer)
        .join(answer, answer.id == CheckIn.answered_by)
        .where(CheckIn.plan_id.in_(plan_ids), CheckIn.due_on.between(first, last))
        .order_by(CheckIn.due_on, CheckIn.id)
    ):
        covered[missed.plan_id].append((missed, answered))
    yield covered


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


def _anomaly(concern: Concern, access: Access) -> str:
    shown = shown_concern(concern, access)
    parts = [f"{_on(concern.opened_at)} {CONCERN_LABELS[concern.kind]}"]
    for step in concern.steps:
        told = shown_step(step, access)
        if told.result:
            said = f"（{told.note}）" if told.note else ""
            parts.append(f"{STEP_LABELS[step.kind]}: {STEP_RESULT_LABELS[told.result]}{said}")
    if shown.outcome:
        parts.append(f"{OUTCOME_LABELS[shown.outcome]}。{shown.found}")
    elif concern.closed_at is None:
        parts.append("対応中")
    return "　".join(parts)


def _on(at: datetime) -> str:
    return _day(at.astimezone(JAPAN).date())


def _seen(tries: list[Attempt], access: Access) -> Iterator[str]:
    for one in tries:
        shown = shown_attempt(one, access)
        words = [_on(one.at)]
        if shown.result:
            words.append(ATTEMPT_LABELS[shown.result])
        if shown.rent:
            words.append(f"家賃 {RENT_LABELS[shown.rent]}")
        words += [SEEN_LABELS[code] for code in shown["items"] or []]
        if shown.note:
            words.append(shown.note)
        yield "　".join(words)


def _covered(covered: list[tuple[CheckIn, CheckIn]]) -> Iterator[str]:
    """What was not met on its day, apart from what was: the contact that answered has its own."""
    for missed, answer in covered:
        said = next((_on(a.at) for a in answer.standing if a.result in OWN_WORD), None)
        by = f"{CHECK_IN_LABELS[missed.state]}（{said or _day(answer.due_on)}）"
        yield f"{_day(missed.due_on)}　{missed.label}　その日は会えず、{by}"


def _links(links: list[LinkIn], tries: list[Attempt], access: Access) -> list[str]:
    found = []
    for row in links:
        shown = shown_link_in(row, access)
        if shown.partner:
            result = LINK_RESULT_LABELS[shown.result]
            found.append((_day(row.day), f"{shown.partner}　{shown.what}　{result}"))
    for one in tries:
        told = shown_attempt(one, access)
        if told.linked_to:
            found.append((_on(one.at), f"{told.linked_to}　訪問のときにつないだ"))
    return [f"{day}　{words}" for day, words in sorted(found)]


def _other(tries: list[Attempt], access: Access) -> Iterator[str]:
    for one in tries:
        kinds = [HelpKind(code) for code in shown_attempt(one, access).kinds or []]
        other = [HELP_LABELS[kind] for kind in kinds if kind not in WATCHING]
        if other:
            yield f"{_on(one.at)}　{'、'.join(other)}"
