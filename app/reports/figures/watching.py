"""見守り: what was due and done, whether somebody was reached, concerns, and tenancies kept.

Counts are of the plans of the office's households, whoever looks in on them. Attempts that a later
one corrected are not counted (`followup` never changes an attempt).
"""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.cases.models import Case
from app.followup.codes import ATTEMPT_LABELS, AttemptResult, CheckInState
from app.followup.ladder.codes import CONCERN_LABELS, ConcernKind, ConcernState
from app.followup.ladder.models import Concern, ConcernStep
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.followup.settling.codes import LEAVE_LABELS, DecisionKind, LeaveReason
from app.followup.settling.models import WatchDecision
from app.followup.settling.queries import MILESTONES, Kept, kept_of
from app.japanese import months_later
from app.placements.codes import PlacementState
from app.placements.models import Placement
from app.reports.figures.counting import Office, counts_by, during, end_of, within
from app.reports.figures.simple import Split, split_table
from app.reports.periods import Period
from app.reports.tables import Column, FigureTable, Picture, Row, Unit, share

DUE_DEFINITION = (
    "予定の日が期間に入る見守りを数えます（取りやめたものは除きます）。「会えた・話せた」は、"
    "その見守りで本人に会えたか電話で話せたもの。「あとの連絡で確かめた」は、その見守りでは会えず、"
    "あとの訪問や電話で無事と分かったもので、会えた数には入れません。期間のあとで確かめたものも"
    "入ります。"
)
TRIES_DEFINITION = (
    "期間の訪問・電話を1回ずつ数えます。あとから直した記録は、直したあとのものだけを数えます。"
    "「連絡がついた割合」は、会えた・電話で話せた・気になるの合計の割合です。"
)
CONCERNS_DEFINITION = (
    "期間に始まった「気になること」を種類ごとに数えます。それぞれの順番（もう一度の訪問、"
    "緊急連絡先、家主…）には期限があり、どの順番も期限までに済んだものが「期限のうち」、"
    "1つでも期限を過ぎてから済んだか、期限を過ぎても済んでいないものが「期限を過ぎた」です。"
    "どれも、期間の最後の日（今年度は今日）にどうだったかで分け、そのあとの対応は入りません。"
)
KEPT_DEFINITION = (
    "入居から3・6・12か月の日が期間に入る世帯のうち、その日にまだ住んでいた世帯です。"
    "一時入居は除きます。よりよい住まいに移った世帯も「退去した」に入ります。"
)
LEFT_DEFINITION = "退去した日が期間に入る世帯を、職員が記録した退去の理由で分けます。"
REACHED = (AttemptResult.MET, AttemptResult.SPOKE, AttemptResult.WORRYING)


def due_table(period: str, counts: Mapping[CheckInState, int]) -> FigureTable:
    """Check-ins due, by what became of them."""
    words = {
        CheckInState.MET: "会えた・話せた",
        CheckInState.COVERED: "あとの連絡で確かめた",
        CheckInState.DUE: "まだ会えていない",
    }
    return split_table(
        key="check_ins",
        title="予定した見守り",
        definition=DUE_DEFINITION,
        head="どうなったか",
        label=period,
        unit=Unit.TIMES,
        whole="予定の計",
        parts=[Split(state.value, words[state], counts.get(state, 0)) for state in words],
    )


def tries_table(period: str, counts: Mapping[AttemptResult, int]) -> FigureTable:
    """Visits and calls by whether somebody was reached; the first share is the contact rate."""

    def lines(results: Sequence[AttemptResult]) -> tuple[Split, ...]:
        return tuple(Split(one.value, ATTEMPT_LABELS[one], counts.get(one, 0)) for one in results)

    rest = [one for one in AttemptResult if one not in REACHED]
    return split_table(
        key="attempts",
        title="訪問と電話",
        definition=TRIES_DEFINITION,
        head="結果",
        label=period,
        unit=Unit.TIMES,
        whole="訪問と電話の計",
        parts=[
            Split("reached", "連絡がついた", below=lines(REACHED)),
            Split("not_reached", "連絡がつかなかった", below=lines(rest)),
        ],
    )


def concern_table(counts: Mapping[tuple[ConcernKind, ConcernState, bool], int]) -> FigureTable:
    """Concerns by kind: within their limits or past one of them, closed or still open."""
    rows = [
        Row(kind.value, CONCERN_LABELS[kind], _limits(counts, kind), part_of="total", level=1)
        for kind in ConcernKind
    ]
    whole = tuple(
        sum(value for value in column if isinstance(value, int))
        for column in zip(*(row.values for row in rows), strict=True)
    )
    rows.append(Row("total", "計", whole))
    columns = (
        Column("total", "計"),
        Column("closed_in", "期限のうち・解決", part_of="total"),
        Column("open_in", "期限のうち・対応中", part_of="total"),
        Column("closed_late", "期限を過ぎた・解決", part_of="total"),
        Column("open_late", "期限を過ぎた・対応中", part_of="total"),
    )
    return FigureTable(
        key="concerns",
        title="気になること",
        definition=CONCERNS_DEFINITION,
        head="種類",
        columns=columns,
        rows=tuple(rows),
        picture=Picture.BARS,
    )


def _limits(
    counts: Mapping[tuple[ConcernKind, ConcernState, bool], int], kind: ConcernKind
) -> tuple[int, ...]:
    shut, running = ConcernState.CLOSED, ConcernState.OPEN
    found = [
        counts.get((kind, state, late), 0) for late in (False, True) for state in (shut, running)
    ]
    return (sum(found), *found)


def kept_table(kept: Sequence[Kept]) -> FigureTable:
    """入居継続 at 3, 6 and 12 months; the rows are different households, and no sums."""
    return FigureTable(
        key="tenancies",
        title="入居の継続",
        definition=KEPT_DEFINITION,
        head="入居から",
        columns=(
            Column("reached", "その日を迎えた世帯", Unit.HOUSEHOLDS),
            Column("kept", "住んでいた", Unit.HOUSEHOLDS, part_of="reached"),
            Column("left", "退去した", Unit.HOUSEHOLDS, part_of="reached"),
            Column("share", "続いた割合", Unit.PERCENT, 1, from_=("reached", "kept")),
        ),
        rows=tuple(
            Row(
                f"m{one.months}",
                f"{one.months}か月",
                (one.reached, one.kept, one.reached - one.kept, share(one.kept, one.reached)),
                level=1,
            )
            for one in kept
        ),
    )


def left_table(period: str, counts: Mapping[LeaveReason, int]) -> FigureTable:
    """Why households left."""
    return split_table(
        key="leaving",
        title="退去の理由",
        definition=LEFT_DEFINITION,
        head="理由",
        label=period,
        unit=Unit.HOUSEHOLDS,
        whole="退去の計",
        parts=[Split(one.value, label, counts.get(one, 0)) for one, label in LEAVE_LABELS.items()],
    )


def watched(office: Office) -> sa.Select[int]:
    """The ids of the watch plans of the office's households."""
    return (
        sa.select(WatchPlan.id)
        .join(Placement, Placement.id == WatchPlan.placement_id)
        .join(Case, Case.id == Placement.case_id)
        .where(Case.organisation_id == office.id)
    )


def due(session: Session, office: Office, period: Period) -> dict[CheckInState, int]:
    """Check-ins whose day came in the period: one statement."""
    return counts_by(
        session,
        sa.select(CheckIn.state, sa.func.count())
        .where(CheckIn.plan_id.in_(watched(office)), within(CheckIn.due_on, period))
        .group_by(CheckIn.state),
    )


def tried(session: Session, office: Office, period: Period) -> dict[AttemptResult, int]:
    """Visits and calls of the period that no later record corrected: one statement."""
    later = aliased(Attempt)
    return counts_by(
        session,
        sa.select(Attempt.result, sa.func.count())
        .join(CheckIn, CheckIn.id == Attempt.check_in_id)
        .outerjoin(later, later.corrects_id == Attempt.id)
        .where(CheckIn.plan_id.in_(watched(office)), during(Attempt.at, period), later.id.is_(None))
        .group_by(Attempt.result),
    )


def concerned(
    session: Session, office: Office, period: Period
) -> dict[tuple[ConcernKind, ConcernState, bool], int]:
    """Concerns opened in the period, as they stood at its end, and whether a step was late by
    then: one statement.

    What was not done when a concern was closed had until then; what was open had until the end of
    the last day counted.
    """
    end = end_of(period)
    shut = Concern.closed_at < end
    until = sa.case(
        (ConcernStep.done_at < end, ConcernStep.done_at), (shut, Concern.closed_at), else_=end
    )
    late = (
        sa.exists()
        .where(ConcernStep.concern_id == Concern.id, until > ConcernStep.due_at)
        .correlate(Concern)
    )
    past = sa.case((late, 1), else_=0).label("late")
    found = (
        sa.select(Concern.kind, sa.case((shut, 1), else_=0).label("shut"), past)
        .where(Concern.plan_id.in_(watched(office)), during(Concern.opened_at, period))
        .subquery()
    )
    rows = session.execute(
        sa.select(found.c.kind, found.c.shut, found.c.late, sa.func.count()).group_by(
            found.c.kind, found.c.shut, found.c.late
        )
    )
    states = (ConcernState.OPEN, ConcernState.CLOSED)
    return {(kind, states[closed], bool(late)): count for kind, closed, late, count in rows}


def tenancies(session: Session, office: Office, period: Period) -> list[Kept]:
    """Of those whose 3, 6 or 12 months came round in the period, who still lived there: one
    statement.
    """
    earliest = months_later(period.first, -max(MILESTONES) - 1)
    rows = session.execute(
        sa.select(Placement.moved_in_on, Placement.ended_on)
        .join(Case, Case.id == Placement.case_id)
        .where(
            Case.organisation_id == office.id,
            Placement.temporary.is_(False),
            Placement.state.in_((PlacementState.MOVED_IN, PlacementState.ENDED)),
            Placement.moved_in_on.between(earliest, period.last),
        )
    )
    return kept_in([(moved, ended) for moved, ended in rows if moved], period)


def kept_in(stays: Sequence[tuple[date, date | None]], period: Period) -> list[Kept]:
    """`kept_of` for the stays whose mark falls in the period, mark by mark."""
    found = []
    for months in MILESTONES:
        marked = [
            (moved, ended)
            for moved, ended in stays
            if period.first <= months_later(moved, months) <= period.last
        ]
        found += [one for one in kept_of(marked, period.last) if one.months == months]
    return found


def left(session: Session, office: Office, period: Period) -> dict[LeaveReason, int]:
    """Households that left in the period, by reason: one statement."""
    return counts_by(
        session,
        sa.select(WatchDecision.leave_reason, sa.func.count())
        .where(
            WatchDecision.plan_id.in_(watched(office)),
            WatchDecision.kind == DecisionKind.LEFT,
            within(WatchDecision.day, period),
        )
        .group_by(WatchDecision.leave_reason),
    )
