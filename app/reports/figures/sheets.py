"""つなぐシート: what each section sent us, its first and its repeated ones.

As in `referrals/figures` a sheet belongs to the office that wrote it, on the day it was sent or, on
paper, handed to us; an office repeats from its second sheet on; sheets whose consent was taken back
are not counted at all. Where consent has only run out the sheet still counts: else the same April
would be told with fewer sheets by the year than by the month.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.db import JAPAN
from app.referrals.models import ReferralRecipient, ReferralSheet
from app.referrals.queries import not_taken_back
from app.reports.figures.counting import Office
from app.reports.periods import Period
from app.reports.tables import Column, FigureTable, Picture, Row

DEFINITION = (
    "期間にこの窓口へ届いたつなぐシートを、書いた課・機関ごとに数えます。届いた日は、送った日か、"
    "紙では受け取った日です。その課・機関からの1枚目が「初めて」、2枚目からが「2回目から」"
    "（リピーター）です。前の年度に送ったことがあれば、期間の1枚目も2回目からです。"
    "同意が取り消されたシートは数えません。同意の期限が過ぎただけのシートは数えます。"
)


@dataclass(frozen=True)
class Sheet:
    """One sheet to the office: who wrote it, and when it came."""

    office: str
    day: date


def sheet_table(sheets: Iterable[Sheet], *, first: date, last: date) -> FigureTable:
    """The sections by how many sheets they sent in the period; the whole comes last.

    `sheets` are all up to `last`: earlier ones decide which is an office's first.
    """
    offices: dict[str, list[Sheet]] = {}
    for sheet in sorted(sheets, key=lambda one: one.day):
        offices.setdefault(sheet.office, []).append(sheet)
    lines = {office: _line(found, first, last) for office, found in offices.items()}
    chosen = sorted(
        ((o, n) for o, n in lines.items() if n[0]), key=lambda one: (-one[1][0], one[0])
    )
    rows = [
        Row(f"office:{office}", office, line, part_of="total", level=1, ranked=True)
        for office, line in chosen
    ]
    whole = tuple(sum(line[at] for _office, line in chosen) for at in range(3))
    rows.append(Row("total", "計", whole))
    return FigureTable(
        key="sheets",
        title="課・機関からのつなぐシート",
        definition=DEFINITION,
        head="課・機関",
        columns=(
            Column("total", "届いた"),
            Column("first", "初めて", part_of="total"),
            Column("again", "2回目から", part_of="total"),
        ),
        rows=tuple(rows),
        picture=Picture.BARS,
    )


def _line(found: Sequence[Sheet], first: date, last: date) -> tuple[int, int, int]:
    """Sheets of the period, the office's first ever among them, its further ones."""
    here = [one for one in found if first <= one.day <= last]
    new = int(bool(here) and found[0].day >= first)
    return len(here), new, len(here) - new


def received(session: Session, office: Office, period: Period) -> list[Sheet]:
    """Every sheet that reached the office up to the period's last day: one statement."""
    rows = session.execute(
        sa.select(
            ReferralSheet.from_office, Organisation.name, ReferralSheet.on_paper,
            ReferralSheet.sent_at,
        )
        .join(ReferralRecipient, ReferralRecipient.sheet_id == ReferralSheet.id)
        .join(Organisation, Organisation.id == ReferralSheet.organisation_id)
        .where(
            ReferralRecipient.organisation_id == office.id,
            ReferralSheet.sent_at.is_not(None),
            not_taken_back(),
        )
    )  # fmt: skip
    sheets = [
        Sheet(written or name, paper or _day(sent)) for written, name, paper, sent in rows if sent
    ]
    return [one for one in sheets if one.day <= period.last]


def _day(at: datetime) -> date:
    return at.astimezone(JAPAN).date()
