"""つなぐシート: what each section sent us, its first and its repeated ones.

As in `referrals/figures` a sheet belongs to the office that wrote it, on the day it was sent or, on
paper, handed to us; an office repeats from its second sheet on; sheets whose consent was taken back
are not counted at all. Where consent has only run out the sheet still counts: else the same April
would be told with fewer sheets by the year than by the month.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.db import moment_on
from app.referrals.models import ReferralRecipient, ReferralSheet
from app.referrals.queries import not_taken_back
from app.reports.figures.counting import Office, during, within
from app.reports.periods import Period
from app.reports.tables import Column, FigureTable, Picture, Row

DEFINITION = (
    "期間にこの窓口へ届いたつなぐシートを、書いた課・機関ごとに数えます。届いた日は、送った日か、"
    "紙では受け取った日です。その課・機関からの1枚目が「初めて」、2枚目からが「2回目から」"
    "（リピーター）です。前の年度に送ったことがあれば、期間の1枚目も2回目からです。"
    "同意が取り消されたシートは数えません。同意の期限が過ぎただけのシートは数えます。"
)


@dataclass(frozen=True)
class Sent:
    """How many sheets a section's office sent us in the period, and how many before it."""

    office: str
    here: int
    before: int

    @property
    def line(self) -> tuple[int, int, int]:
        """Sheets of the period, the office's first ever among them, its further ones."""
        new = int(self.here > 0 and not self.before)
        return self.here, new, self.here - new


def sheet_table(sent: Iterable[Sent]) -> FigureTable:
    """The sections by how many sheets they sent in the period; the whole comes last."""
    chosen = sorted(
        ((one.office, one.line) for one in sent if one.here),
        key=lambda one: (-one[1][0], one[0]),
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


def received(session: Session, office: Office, period: Period) -> list[Sent]:
    """The sheets that reached the office up to the period's last day, by who wrote them: one
    statement.
    """
    written = sa.func.coalesce(ReferralSheet.from_office, Organisation.name)
    paper, sent = ReferralSheet.on_paper, ReferralSheet.sent_at
    came = sa.or_(within(paper, period), sa.and_(paper.is_(None), during(sent, period)))
    before = sa.or_(paper < period.first, sa.and_(paper.is_(None), sent < moment_on(period.first)))
    rows = session.execute(
        sa.select(
            written, sa.func.sum(sa.case((came, 1), else_=0)),
            sa.func.sum(sa.case((before, 1), else_=0)),
        )
        .join(ReferralRecipient, ReferralRecipient.sheet_id == ReferralSheet.id)
        .join(Organisation, Organisation.id == ReferralSheet.organisation_id)
        .where(
            ReferralRecipient.organisation_id == office.id,
            ReferralSheet.sent_at.is_not(None),
            not_taken_back(),
        )
        .group_by(written)
    )  # fmt: skip
    return [Sent(*row) for row in rows]
