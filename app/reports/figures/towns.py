"""住まいの足りないところ: households that look for a home by the town they wish, against homes.

Of a household whose place must not be known no town is counted, not even a wished one: it stands
in a row of its own, and in no list. Unknown counts as protected, as everywhere (`app/policy.py`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.cases.models import Case
from app.cases.needs.models import HousingNeed
from app.geocoding import ATTRIBUTION
from app.housing.codes import TEMPORARY_KINDS, HomeState
from app.housing.models import Home, Property
from app.policy import Protection
from app.reports.figures.counting import Office, counts_by, end_of
from app.reports.figures.housed import closed, has_keys
from app.reports.periods import Period
from app.reports.tables import Column, FigureTable, Picture, Row, Unit
from app.reports.town_map import town_key

DEFINITION = (
    "期間の最後の日（今年度は今日）に住まいを探していた世帯です。その日までに住まいの希望を書き、終結して"
    "おらず、鍵を受け取っていない世帯で、一時入居の世帯も入ります。希望の市区町村をいくつも挙げた世帯は、"
    "それぞれで1世帯と数えます（延べ）。希望は、いま記録されているものです。要配慮者は、住まいの希望に"
    "「貸主に確かめること」の記録がある世帯です。居場所を隠す世帯（まだ確かめていない世帯を含みます）は、"
    "希望の市区町村でも数えず、「市区町村を出さない」に入れます。空いている住戸は、数字を出した日に募集中の"
    "住戸で、過去の年度でも今のものです。一時入居の部屋は除きます。"
)


@dataclass(frozen=True)
class Looking:
    """A household that looks for a home. `towns` is None where none of them may be told."""

    case_id: int
    towns: frozenset[str] | None
    needs_care: bool


@dataclass(frozen=True)
class Supply:
    """Vacant homes by municipality (None where it is not known), and the prefecture in which towns
    of one name are meant.
    """

    prefecture: str
    homes: Mapping[str | None, int]


def town_table(looking: Sequence[Looking], supply: Supply) -> FigureTable:
    """Wished towns, the most households first; those without a town; the sum and the households."""
    wished = Counter(town for one in looking for town in one.towns or ())
    rows = [
        Row(
            town_key(supply.prefecture, town),
            town,
            (
                *_told([one for one in looking if town in (one.towns or ())]),
                supply.homes.get(town, 0),
            ),
            part_of="total",
            level=1,
            asks={"town": town},
            ranked=True,
        )
        for town in sorted(wished, key=lambda town: (-wished[town], town))
    ]
    anywhere = _told([one for one in looking if one.towns is not None and not one.towns])
    secret = _told([one for one in looking if one.towns is None])
    elsewhere = sum(count for town, count in supply.homes.items() if town not in wished)
    rows += [
        Row("elsewhere", "希望のない市区町村", (0, 0, 0, elsewhere), part_of="total", level=1),
        Row(
            "anywhere",
            "どこでもよい・まだ聞いていない",
            (*anywhere, None),
            part_of="total",
            level=1,
        ),
        Row("secret", "市区町村を出さない", (*secret, None), part_of="total", level=1),
    ]
    columns = list(zip(*(row.values for row in rows), strict=True))
    whole = tuple(sum(v for v in column if isinstance(v, int)) for column in columns)
    rows += [
        Row("total", "計（延べ）", whole),
        Row("real", "実世帯", (*_told(looking), None)),
    ]
    return FigureTable(
        key="towns",
        title="希望の市区町村と空いている住戸",
        definition=DEFINITION,
        head="希望の市区町村",
        columns=(
            Column("households", "探している世帯", Unit.HOUSEHOLDS),
            Column("care", "要配慮者の記録あり", Unit.HOUSEHOLDS, part_of="households"),
            Column("other", "記録なし", Unit.HOUSEHOLDS, part_of="households"),
            Column("free", "いま空いている住戸", Unit.HOMES, persons=False),
        ),
        rows=tuple(rows),
        notes=(ATTRIBUTION,) if wished else (),
        picture=Picture.TOWNS,
    )


def _told(households: Sequence[Looking]) -> tuple[int, int, int]:
    care = sum(one.needs_care for one in households)
    return len(households), care, len(households) - care


def looked(session: Session, period: Period, *conditions: sa.ColumnElement[bool]) -> list[Looking]:
    """Households with a housing need and without keys on the period's last day: one statement."""
    rows = session.execute(
        sa.select(Case.id, Case.protection, HousingNeed.municipalities, HousingNeed.groups)
        .join(HousingNeed, HousingNeed.case_id == Case.id)
        .where(
            *conditions,
            Case.received_on <= period.last,
            HousingNeed.created_at < end_of(period),
            ~closed(period.last),
            ~has_keys(period.last),
        )
    )
    return [
        Looking(
            case_id,
            frozenset(t.strip() for t in towns if t.strip()) if safe is Protection.NO else None,
            bool(groups),
        )
        for case_id, safe, towns, groups in rows
    ]


def looking_for(session: Session, office: Office, period: Period) -> list[Looking]:
    """The office's households that were looking."""
    return looked(session, period, Case.organisation_id == office.id)


def supply(session: Session, office: Office) -> Supply:
    """Homes to let now, wherever they came from: two statements."""
    homes = counts_by(
        session,
        sa.select(Property.municipality, sa.func.count())
        .join(Home, Home.property_id == Property.id)
        .where(Home.state == HomeState.VACANT, Home.kind.not_in(TEMPORARY_KINDS))
        .group_by(Property.municipality),
    )
    prefecture = session.scalar(
        sa.select(Organisation.prefecture).where(Organisation.id == office.id)
    )
    return Supply(prefecture or "", homes)
