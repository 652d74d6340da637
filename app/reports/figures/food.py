"""食料: what the office's households asked for and what reached them, whichever food bank gave it.

Boxes, households (延べ and 実) and days of the worst food group are those of the food bank's own
figures (`foodbank/donors`); only whose households are counted differs.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.foodbank.donors.figures import Asked, worst_days
from app.foodbank.donors.flows import NONE, Reach, added_up, reach_of, unit_weights
from app.foodbank.evidence.queries import Period as BankPeriod
from app.foodbank.models import FoodRequest, Parcel, ParcelState, RequestState
from app.reports.figures.counting import Office, cases_of, within
from app.reports.figures.simple import Split, split_table, totals_table
from app.reports.periods import Period
from app.reports.tables import FigureTable, Row, Unit, Value, rounded, share

HANDED_DEFINITION = (
    "期間に、この窓口の世帯に渡した食料です。渡した箱は箱の数、延べ世帯は世帯が受け取った日の数"
    "（同じ日に2箱受け取っても1）、実世帯は1箱でも受け取った世帯の数（何度受け取っても1）。"
    "重さには、渡さずに残したものと戻ってきたものを入れません。重さの分からない品は0kgです。"
)
ASKED_DEFINITION = (
    "必要な日が期間に入る依頼（取り消したものは除きます）を、渡せたかどうかで分けます。"
    "期間のあとに渡したものも「渡した」です。"
    "日数は、頼まれた日数の合計と、渡した箱でまかなえた日数の合計です。まかなえた日数は、箱の中で"
    "いちばん少ない食品の種類（主食・主菜など）が何日分あるかで、依頼の日数までを数えます。"
    "渡していない依頼は0日です。足りなかった日数は、その差です。"
)


LIVE = sa.text("parcels.state <> 'cancelled'")
"""As the index of live parcels has it: SQLite takes the index only for the very same words."""


@dataclass(frozen=True)
class Handed:
    """Whom boxes reached, and their weight in kg."""

    reach: Reach
    kg: Decimal


@dataclass(frozen=True)
class Request:
    """One request: days asked and covered, and where it stands."""

    asked: Asked
    state: RequestState


def handed_table(period: str, handed: Handed) -> FigureTable:
    """Boxes, households and kilograms."""
    reach = handed.reach
    return totals_table(
        key="food_handed",
        title="渡した食料",
        definition=HANDED_DEFINITION,
        label=period,
        lines=[
            ("parcels", "渡した箱", reach.parcels, Unit.BOXES),
            ("visits", "延べ世帯", reach.visits, Unit.HOUSEHOLDS),
            ("homes", "実世帯", reach.homes, Unit.HOUSEHOLDS),
            ("kg", "渡した重さ", rounded(handed.kg, 1), Unit.KILOGRAMS),
        ],
        made_of={"kg": ("homes", "visits", "parcels")},
    )


def asked_table(period: str, requests: Sequence[Request]) -> FigureTable:
    """Requests by whether they were met, then days asked against days covered.

    The days stand in the same table, as they are hidden with the number of requests behind them:
    one day covered by boxes is one box.
    """
    counts = Counter(one.state for one in requests)
    table = split_table(
        key="food_requests",
        title="食料の依頼と日数",
        definition=ASKED_DEFINITION,
        head="項目",
        label=period,
        whole="依頼の計",
        parts=[
            Split("handed_out", "渡した", counts[RequestState.HANDED_OUT], asks={"food": "met"}),
            Split(
                "unmet",
                "渡せていない",
                below=(
                    Split("packed", "箱詰めまで", counts[RequestState.PACKED]),
                    Split("open", "依頼のまま", counts[RequestState.OPEN]),
                ),
                asks={"food": "unmet"},
            ),
        ],
    )
    return replace(table, rows=(*table.rows, *_day_rows(requests)))


def _day_rows(requests: Sequence[Request]) -> list[Row]:
    asked = sum(one.asked.asked for one in requests)
    covered = int(rounded(sum(one.asked.covered for one in requests), 0))
    met = ("total", "handed_out")
    lines: list[tuple[str, str, Value, Unit, tuple[str, ...]]] = [
        ("asked", "頼まれた日数", asked, Unit.DAYS, ("total",)),
        ("covered", "まかなえた日数", covered, Unit.DAYS, met),
        ("short", "足りなかった日数", asked - covered, Unit.DAYS, met),
        ("share", "まかなえた割合", share(covered, asked), Unit.PERCENT, met),
    ]
    return [
        Row(
            key,
            label,
            (value, None),
            unit=unit,
            digits=1 if unit is Unit.PERCENT else 0,
            from_=behind,
        )
        for key, label, value, unit, behind in lines
    ]


def handed_out(session: Session, office: Office, period: Period) -> Handed:
    """What reached the office's households: four statements for each food bank that packed."""
    own = FoodRequest.case_id.in_(cases_of(office))
    found, kg = [], NONE
    for bank in session.scalars(sa.select(FoodRequest.organisation_id).where(own).distinct()):
        days = BankPeriod(bank, period.first, period.last)
        handed, units = added_up(session, days, own)
        weights = unit_weights(session, bank) if handed else {}
        kg += sum((count * weights.get(lot, NONE) for lot, count in units.items()), NONE)
        found += handed
    return Handed(reach_of(found), kg)


def requested(session: Session, office: Office, period: Period) -> list[Request]:
    """Requests of the office's households due in the period: one statement."""
    rows = session.execute(
        sa.select(FoodRequest.needed_on, FoodRequest.days, FoodRequest.state, Parcel.days_covered)
        .outerjoin(
            Parcel,
            sa.and_(
                Parcel.request_id == FoodRequest.id, Parcel.state == ParcelState.HANDED_OUT, LIVE
            ),
        )
        .where(
            FoodRequest.case_id.in_(cases_of(office)),
            within(FoodRequest.needed_on, period),
            FoodRequest.state != RequestState.CANCELLED,
        )
    )
    return [
        Request(Asked(on, days, worst_days(covered, days)), state)
        for on, days, state, covered in rows
    ]
