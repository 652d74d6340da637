"""住まい探し: days from the intake to the keys, ways by how they stood, refusals and holds.

Temporary stays are counted apart: a household in a shelter is still looking.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.placements.codes import (
    CONDITION_LABELS,
    REFUSAL_LABELS,
    REFUSED_BY,
    REFUSED_BY_LABELS,
    STEP_LABELS,
    FailedCondition,
    HoldEnd,
    PlacementState,
    RefusalBy,
    RefusalReason,
    StepKind,
)
from app.placements.models import Hold, Placement, PlacementStep
from app.reports.figures.counting import Office, cases_of, counts_by, during, within
from app.reports.figures.simple import Split, days_table, split_table
from app.reports.periods import Period
from app.reports.tables import Column, FigureTable, Picture, Row

DAYS_DEFINITION = (
    "相談を受け付けた日から、それぞれの段階に初めて進んだ日までの日数です。その段階が期間に入る"
    "世帯を数えます（一時入居は除きます）。世帯を日数の順に並べ、真ん中の世帯の日数が中央値、"
    "早いほうから4分の1、4分の3のところの世帯の日数が「早い4分の1」「遅い4分の1」です。"
    "取り消した段階は数えません。"
)
STATES_DEFINITION = (
    "期間に始めた入居の手続きを、期間の最後の日（今年度は今日）にどうなっていたかで分けます。そのあとの"
    "入居・不成立・退去は入りません。1つの世帯が続けていくつも始めることがあるため、世帯の数より多くなり"
    "ます。一時入居（シェルターなど）は列を分けます。"
)
REFUSALS_DEFINITION = (
    "期間に不成立になった入居の手続きを、だれが・なぜで分けます。だれがは理由から決まります。"
    "「条件が合わなかった」は、合わなかった条件ごとの内訳があります。一時入居も含みます。"
)
REFUSALS_NOTE = (
    "この期間に不成立になったものです。期間の前に始めた手続きもあるため、"
    "「入居の手続き」の不成立とは違うことがあります。"
)
HOLDS_DEFINITION = (
    "期間に終わった取り置きを、終わり方で分けます。「期限切れ」は、だれも外さないまま"
    "取り置きの期限が過ぎたものです。"
)
UNTIL_KEYS = tuple(kind for kind in StepKind if kind is not StepKind.SHOWN)
STATE_WORDS = {
    PlacementState.OPEN: "手続き中",
    PlacementState.MOVED_IN: "入居して住んでいる",
    PlacementState.REFUSED: "不成立",
    PlacementState.ENDED: "退去した",
}
HOLD_WORDS = {
    HoldEnd.PLACED: "入居の手続きに進んだ",
    HoldEnd.RELEASED: "職員が外した",
    HoldEnd.EXPIRED: "期限切れ",
}


def step_table(days: Mapping[StepKind, Sequence[int]]) -> FigureTable:
    """Days from the intake to each step, in the order of the way."""
    return days_table(
        key="days_to_keys",
        title="受付から鍵までの日数",
        definition=DAYS_DEFINITION,
        head="段階",
        lines=[(kind.value, STEP_LABELS[kind], days.get(kind, ())) for kind in UNTIL_KEYS],
    )


def state_table(counts: Mapping[tuple[PlacementState, bool], int]) -> FigureTable:
    """Ways begun, by state, lasting and temporary."""
    lines = [
        (state, counts.get((state, False), 0), counts.get((state, True), 0))
        for state in STATE_WORDS
    ]
    rows = [
        Row(
            state.value,
            STATE_WORDS[state],
            (lasting + temporary, lasting, temporary),
            part_of="total",
            level=1,
            asks={"way": state.value},
        )
        for state, lasting, temporary in lines
    ]
    lasting = sum(count for _state, count, _stay in lines)
    temporary = sum(count for _state, _lasting, count in lines)
    rows.append(Row("total", "始めた手続きの計", (lasting + temporary, lasting, temporary)))
    return FigureTable(
        key="ways",
        title="入居の手続き",
        definition=STATES_DEFINITION,
        head="期間の終わりに",
        columns=(
            Column("total", "計"),
            Column("lasting", "入居", part_of="total"),
            Column("temporary", "一時入居", part_of="total"),
        ),
        rows=tuple(rows),
        picture=Picture.BARS,
    )


Refusals = Mapping[tuple[RefusalReason, FailedCondition | None], int]


def refusal_table(period: str, counts: Refusals) -> FigureTable:
    """Who said no, why, and which condition did not fit."""
    return split_table(
        key="refusals",
        title="断られた・断ったわけ",
        definition=REFUSALS_DEFINITION,
        head="だれが・なぜ",
        label=period,
        whole="不成立の計",
        parts=[_refused_by(by, counts) for by in RefusalBy],
        notes=(REFUSALS_NOTE,),
    )


def _refused_by(by: RefusalBy, counts: Refusals) -> Split:
    reasons = [reason for reason in RefusalReason if REFUSED_BY[reason] is by]
    below = tuple(
        Split(
            f"{by.value}:{reason.value}",
            REFUSAL_LABELS[reason],
            sum(count for (one, _condition), count in counts.items() if one is reason),
            _conditions(counts) if reason is RefusalReason.CONDITION else (),
            {"refusal": reason.value},
        )
        for reason in reasons
    )
    return Split(by.value, REFUSED_BY_LABELS[by], below=below)


def _conditions(counts: Refusals) -> tuple[Split, ...]:
    found = Counter[FailedCondition | None]()
    for (reason, condition), count in counts.items():
        if reason is RefusalReason.CONDITION:
            found[condition] += count
    parts = [
        Split(f"condition:{one.value}", label, found[one])
        for one, label in CONDITION_LABELS.items()
    ]
    return (*parts, Split("condition:unknown", "記録なし", found[None]))


def hold_table(period: str, counts: Mapping[HoldEnd, int]) -> FigureTable:
    """Holds by their end."""
    return split_table(
        key="holds",
        title="取り置き",
        definition=HOLDS_DEFINITION,
        head="終わり方",
        label=period,
        whole="終わった取り置きの計",
        parts=[Split(end.value, HOLD_WORDS[end], counts.get(end, 0)) for end in HOLD_WORDS],
    )


def steps_reached(session: Session, office: Office, period: Period) -> dict[StepKind, list[int]]:
    """Days to each household's first step of a kind, of first steps in the period: one
    statement.

    Every step up to the period's end is looked at once and grouped: to ask for each step of the
    period whether there was an earlier one is quicker until a database misjudges it, and then
    takes minutes.
    """
    first = sa.func.min(PlacementStep.done_on)
    rows = session.execute(
        sa.select(PlacementStep.kind, Case.received_on, sa.type_coerce(first, sa.Date()))
        .join(Placement, Placement.id == PlacementStep.placement_id)
        .join(Case, Case.id == Placement.case_id)
        .where(
            Case.organisation_id == office.id,
            Placement.temporary.is_(False),
            PlacementStep.returned_at.is_(None),
            PlacementStep.done_on <= period.last,
        )
        .group_by(PlacementStep.kind, Case.id, Case.received_on)
        .having(first >= period.first)
    )
    found: dict[StepKind, list[int]] = {}
    for kind, received, done in rows:
        found.setdefault(kind, []).append(max((done - received).days, 0))
    return found


def begun(
    session: Session, office: Office, period: Period
) -> dict[tuple[PlacementState, bool], int]:
    """Ways begun in the period, by state at its end and whether temporary: one statement."""
    found = (
        sa.select(state_on(period.last).label("state"), Placement.temporary)
        .where(Placement.case_id.in_(cases_of(office)), during(Placement.created_at, period))
        .subquery()
    )
    rows = session.execute(
        sa.select(found.c.state, found.c.temporary, sa.func.count()).group_by(
            found.c.state, found.c.temporary
        )
    )
    return {(state, temporary): count for state, temporary, count in rows}


def state_on(day: date) -> Any:
    """How a way stood at the end of a day; what has no day of its own is as it is now."""
    over = Placement.state.in_((PlacementState.REFUSED, PlacementState.ENDED))
    lives_there = sa.and_(
        Placement.state == PlacementState.MOVED_IN, Placement.moved_in_on.is_(None)
    )

    def plain(state: PlacementState) -> Any:
        return sa.literal(state, Placement.state.type)

    return sa.case(
        (sa.and_(over, sa.func.coalesce(Placement.ended_on, day) <= day), Placement.state),
        (sa.or_(Placement.moved_in_on <= day, lives_there), plain(PlacementState.MOVED_IN)),
        else_=plain(PlacementState.OPEN),
    )


def refused(session: Session, office: Office, period: Period) -> Refusals:
    """Ways that came to nothing in the period: one statement."""
    rows = session.execute(
        sa.select(Placement.refusal, Placement.failed_condition, sa.func.count())
        .where(
            Placement.case_id.in_(cases_of(office)),
            Placement.state == PlacementState.REFUSED,
            Placement.refusal.is_not(None),
            within(Placement.ended_on, period),
        )
        .group_by(Placement.refusal, Placement.failed_condition)
    )
    return {(reason, condition): count for reason, condition, count in rows if reason}


def holds_ended(session: Session, office: Office, period: Period) -> dict[HoldEnd, int]:
    """Holds that ended in the period: one statement."""
    return counts_by(
        session,
        sa.select(Hold.ended_as, sa.func.count())
        .where(Hold.case_id.in_(cases_of(office)), during(Hold.ended_at, period))
        .group_by(Hold.ended_as),
    )
