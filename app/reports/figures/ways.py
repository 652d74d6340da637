"""住まい探し: days from the intake to the keys, ways by how they stand, refusals, holds and rents.

Temporary stays are counted apart: a household in a shelter is still looking. Rents are held
against the ceiling as `housing` does (住宅扶助限度額 of the home's town for the household's size).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Organisation
from app.cases.models import Case
from app.cases.needs.models import HousingNeed
from app.housing.models import Home, Property
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
from app.reference.rent_ceilings import rent_ceiling, shipped_ceiling_rows, shipped_grades
from app.reports.figures.counting import Office, cases_of, counts_by, during, within
from app.reports.figures.simple import Split, days_table, quartiles, split_table
from app.reports.periods import Period
from app.reports.tables import Column, FigureTable, Picture, Row, Unit, share

DAYS_DEFINITION = (
    "相談を受け付けた日から、それぞれの段階に初めて進んだ日までの日数です。その段階が期間に入る"
    "世帯を数えます（一時入居は除きます）。世帯を日数の順に並べ、真ん中の世帯の日数が中央値、"
    "早いほうから4分の1、4分の3のところの世帯の日数が「早い4分の1」「遅い4分の1」です。"
    "取り消した段階は数えません。"
)
STATES_DEFINITION = (
    "期間に始めた入居の手続きを、いまどうなっているかで分けます。1つの世帯が続けていくつも"
    "始めることがあるため、世帯の数より多くなります。一時入居（シェルターなど）は列を分けます。"
)
REFUSALS_DEFINITION = (
    "期間に不成立になった入居の手続きを、だれが・なぜで分けます。だれがは理由から決まります。"
    "「条件が合わなかった」は、合わなかった条件ごとの内訳があります。一時入居も含みます。"
)
HOLDS_DEFINITION = (
    "期間に終わった取り置きを、終わり方で分けます。「期限切れ」は、だれも外さないまま"
    "取り置きの期限が過ぎたものです。"
)
RENT_DEFINITION = (
    "期間に入居した世帯（一時入居は除きます）の家賃を、住宅扶助限度額（目安）と比べます。限度額は、"
    "住戸のある市区町村と世帯の人数、1人世帯では床面積から、入居した日の表で決まります。"
    "共益費は含みません。家賃か人数か市区町村が分からないものは「比べられない」です。"
)
UNTIL_KEYS = tuple(kind for kind in StepKind if kind is not StepKind.SHOWN)
NEAR = 5_000
"""Yen up to which a rent is called a little above its ceiling."""

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
        head="いま",
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


@dataclass(frozen=True)
class Let:
    """A home somebody moved into: rent and ceiling in yen a month; None is not known."""

    rent: int | None
    ceiling: int | None


def rent_table(period: str, lets: Sequence[Let]) -> FigureTable:
    """Rents against their ceiling, and the middle rent of those that can be compared."""
    known = [(one.rent, one.ceiling) for one in lets if one.rent is not None and one.ceiling]
    gaps = [rent - ceiling for rent, ceiling in known]
    groups = [
        ("within", "限度額まで", sum(gap <= 0 for gap in gaps)),
        ("near", f"限度額より{NEAR:,}円まで高い", sum(0 < gap <= NEAR for gap in gaps)),
        ("above", f"限度額より{NEAR:,}円をこえて高い", sum(gap > NEAR for gap in gaps)),
        ("unknown", "比べられない", len(lets) - len(known)),
    ]
    total = len(lets)
    rows = [
        Row(key, label, (count, share(count, total)), part_of="total", level=1)
        for key, label, count in groups
    ]
    middle = quartiles([rent for rent, _ceiling_of in known])[1]
    rows += [
        Row("total", "入居した世帯の計", (total, share(total, total))),
        Row(
            "middle",
            "家賃の真ん中（中央値）",
            (middle, None),
            unit=Unit.YEN,
            from_=("within", "near", "above"),
        ),
    ]
    return FigureTable(
        key="rents",
        title="家賃と限度額",
        definition=RENT_DEFINITION,
        head="家賃",
        columns=(
            Column("count", period, Unit.HOUSEHOLDS),
            Column("share", "割合", Unit.PERCENT, 1, from_=("count",)),
        ),
        rows=tuple(rows),
        notes=("限度額は目安です。適用できるかは福祉事務所に確かめてください。",),
        picture=Picture.BARS,
    )


def steps_reached(session: Session, office: Office, period: Period) -> dict[StepKind, list[int]]:
    """Days to each household's first step of a kind, of first steps in the period: one
    statement.
    """
    earlier, before = aliased(PlacementStep), aliased(Placement)
    first = sa.func.min(PlacementStep.done_on)
    rows = session.execute(
        sa.select(PlacementStep.kind, Case.received_on, sa.type_coerce(first, sa.Date()))
        .join(Placement, Placement.id == PlacementStep.placement_id)
        .join(Case, Case.id == Placement.case_id)
        .where(
            Case.organisation_id == office.id,
            *_gone(PlacementStep, Placement),
            within(PlacementStep.done_on, period),
            ~sa.exists()
            .where(
                before.case_id == Case.id,
                earlier.placement_id == before.id,
                earlier.kind == PlacementStep.kind,
                earlier.done_on < period.first,
                *_gone(earlier, before),
            )
            .correlate(Case, PlacementStep),
        )
        .group_by(PlacementStep.kind, Case.id, Case.received_on)
    )
    found: dict[StepKind, list[int]] = {}
    for kind, received, done in rows:
        found.setdefault(kind, []).append(max((done - received).days, 0))
    return found


def _gone(step: Any, way: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions of a step that was gone and not taken back, on a way to a lasting home."""
    return way.temporary.is_(False), step.returned_at.is_(None)


def begun(
    session: Session, office: Office, period: Period
) -> dict[tuple[PlacementState, bool], int]:
    """Ways begun in the period, by state and whether temporary: one statement."""
    rows = session.execute(
        sa.select(Placement.state, Placement.temporary, sa.func.count())
        .where(Placement.case_id.in_(cases_of(office)), during(Placement.created_at, period))
        .group_by(Placement.state, Placement.temporary)
    )
    return {(state, temporary): count for state, temporary, count in rows}


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


def lets(session: Session, office: Office, period: Period) -> list[Let]:
    """What the homes moved into in the period cost, and their ceilings: one statement."""
    rows: Iterable[Any] = session.execute(
        sa.select(
            Home.rent, Home.area, sa.func.coalesce(Property.prefecture, Organisation.prefecture),
            Property.municipality,
            sa.func.coalesce(HousingNeed.people, Case.household_size), Placement.moved_in_on,
        )
        .join(Home, Home.id == Placement.home_id)
        .join(Property, Property.id == Home.property_id)
        .join(Case, Case.id == Placement.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(HousingNeed, HousingNeed.case_id == Case.id)
        .where(
            Case.organisation_id == office.id,
            Placement.temporary.is_(False),
            within(Placement.moved_in_on, period),
        )
    )  # fmt: skip
    return [
        Let(rent, _ceiling(prefecture, town, people, area if people == 1 else None, on))
        for rent, area, prefecture, town, people, on in rows
    ]


@lru_cache(maxsize=4096)
def _ceiling(
    prefecture: str | None, town: str | None, people: int | None, area: Decimal | None, on: Any
) -> int | None:
    if not prefecture or not town or not people:
        return None
    found = rent_ceiling(
        shipped_ceiling_rows(),
        shipped_grades(),
        prefecture=prefecture,
        municipality=town,
        household_size=people,
        floor_area=area,
        on=on,
    )
    return found.amount if found else None
