"""お金: rents against their ceiling, the fee beside the rent, and what was paid before the keys.

Rents are held against the ceiling as `housing` does (住宅扶助限度額 of the home's town for the
household's size), which the fee does not count in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.cases.models import Case
from app.cases.needs.models import HousingNeed
from app.housing.models import Home, Property
from app.placements.codes import PAYER_LABELS, Payer
from app.placements.models import Placement, PlacementCost
from app.reference.rent_ceilings import rent_ceiling, shipped_ceiling_rows, shipped_grades
from app.reports.figures.counting import Office, within
from app.reports.figures.simple import Split, quartiles, split_table
from app.reports.periods import Period
from app.reports.tables import Column, FigureTable, Picture, Row, Unit, share

RENT_DEFINITION = (
    "期間に入居した世帯（一時入居は除きます）の家賃を、住宅扶助限度額（目安）と比べます。限度額は、"
    "住戸のある市区町村と世帯の人数、1人世帯では床面積から、入居した日の表で決まります。"
    "共益費は含みません。家賃か人数か市区町村が分からないものは「比べられない」です。家賃・床面積・人数は、"
    "いま記録されているものです。同じ世帯が期間に2度入居すれば、2世帯と数えます。"
)
FEE_DEFINITION = (
    "期間に入居した世帯（一時入居は除きます）の共益費・管理費です。家賃に含むか0円なら「かからない」。"
    "「家賃と共益費」は、どちらも分かる世帯の合計の真ん中です。住宅扶助の限度額と比べるのは家賃だけで、"
    "共益費は含みません。どれも、いま記録されている額です。"
)
COST_DEFINITION = (
    "期間に入居した世帯（一時入居は除きます）のうち、初期費用を記録した世帯です。「初期費用の計」は、どの行の"
    "金額も分かる世帯の合計の真ん中の額。払った人ごとの行は、その人が1円以上払った世帯と、その世帯でその人"
    "が払った額の真ん中です。1つの世帯の費用を何人かで払うため、足しても計になりません。"
)
LET = "let"
"""The households that moved in, as more than one table counts them."""
NEAR = 5_000
"""Yen up to which a rent is called a little above its ceiling."""


@dataclass(frozen=True)
class Let:
    """A home somebody moved into: rent, ceiling and fee in yen a month; None is not known."""

    rent: int | None
    ceiling: int | None
    fee: int | None = None


def rent_table(period: str, lets: Sequence[Let]) -> FigureTable:
    """Rents against their ceiling, and the middle rent of those that can be compared."""
    known = [(one.rent, one.ceiling) for one in lets if one.rent is not None and one.ceiling]
    gaps = [rent - ceiling for rent, ceiling in known]
    groups = [
        ("within", "限度額まで", sum(gap <= 0 for gap in gaps)),
        ("near", f"限度額＋{NEAR:,}円まで", sum(0 < gap <= NEAR for gap in gaps)),
        ("above", f"限度額＋{NEAR:,}円より上", sum(gap > NEAR for gap in gaps)),
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
        shared={("total", "count"): LET},
    )


def fee_table(period: str, lets: Sequence[Let]) -> FigureTable:
    """What is paid beside the rent; a split of the same households as the rents."""
    apart = [one.fee for one in lets if one.fee]
    both = [one.rent + one.fee for one in lets if one.rent is not None and one.fee is not None]
    table = split_table(
        key="fees",
        title="共益費",
        definition=FEE_DEFINITION,
        head="共益費",
        label=period,
        unit=Unit.HOUSEHOLDS,
        whole="入居した世帯の計",
        parts=[
            Split("apart", "家賃のほかにかかる", len(apart)),
            Split("none", "かからない・家賃に含む", sum(one.fee == 0 for one in lets)),
            Split("unknown", "分からない", sum(one.fee is None for one in lets)),
        ],
    )
    middles = [
        ("fee", "共益費の真ん中（かかる世帯）", apart, ("apart",)),
        ("both", "家賃と共益費の真ん中", both, ("apart", "none")),
    ]
    rows = [
        Row(key, label, (quartiles(yen)[1], None), unit=Unit.YEN, from_=behind)
        for key, label, yen, behind in middles
    ]
    return replace(table, rows=(*table.rows, *rows), shared={("total", "count"): LET})


Costs = Mapping[int, Sequence[tuple[Payer, int | None]]]
"""Of each household the lines of its initial cost: who pays, and yen where they are known."""


def cost_table(costs: Costs) -> FigureTable:
    """The middle household's initial cost, and what each payer paid of it."""
    whole = [
        sum(yen or 0 for _payer, yen in lines)
        for lines in costs.values()
        if all(yen is not None for _payer, yen in lines)
    ]
    paid: dict[Payer, list[int]] = {payer: [] for payer in PAYER_LABELS}
    for lines in costs.values():
        for payer, amounts in paid.items():
            if yen := sum(amount or 0 for who, amount in lines if who is payer):
                amounts.append(yen)
    named = [(payer.value, f"うち{PAYER_LABELS[payer]}", yen) for payer, yen in paid.items() if yen]
    return FigureTable(
        key="initial_costs",
        title="初期費用",
        definition=COST_DEFINITION,
        head="だれが払ったか",
        columns=(
            Column("n", "世帯", Unit.HOUSEHOLDS),
            Column("low", "少ない4分の1", Unit.YEN, from_=("n",)),
            Column("middle", "真ん中（中央値）", Unit.YEN, from_=("n",)),
            Column("high", "多い4分の1", Unit.YEN, from_=("n",)),
        ),
        rows=tuple(
            Row(key, label, (len(yen), *quartiles(yen)), level=1)
            for key, label, yen in [("whole", "初期費用の計", whole), *named]
        ),
    )


def lets(session: Session, office: Office, period: Period) -> list[Let]:
    """What the homes moved into in the period cost, and their ceilings: one statement."""
    rows: Iterable[Any] = session.execute(
        sa.select(
            Home.rent,
            sa.case((Home.fee_included, 0), else_=Home.fee),
            Home.area,
            sa.func.coalesce(Property.prefecture, Organisation.prefecture),
            Property.municipality,
            sa.func.coalesce(HousingNeed.people, Case.household_size),
            Placement.moved_in_on,
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
    )
    return [
        Let(rent, _ceiling(prefecture, town, people, area if people == 1 else None, on), fee)
        for rent, fee, area, prefecture, town, people, on in rows
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


def paid(session: Session, office: Office, period: Period) -> Costs:
    """Initial costs of those who moved in in the period, line by line: one statement."""
    rows = session.execute(
        sa.select(Placement.id, PlacementCost.payer, PlacementCost.amount)
        .join(PlacementCost, PlacementCost.placement_id == Placement.id)
        .join(Case, Case.id == Placement.case_id)
        .where(
            Case.organisation_id == office.id,
            Placement.temporary.is_(False),
            within(Placement.moved_in_on, period),
        )
    )
    found: dict[int, list[tuple[Payer, int | None]]] = {}
    for placement_id, payer, amount in rows:
        found.setdefault(placement_id, []).append((payer, amount))
    return found
