"""Who a list comes from, and how that sender's columns were read the last time.

A list is proposed a sender by what it looks like – the heads of an earlier list, its file's name,
the council named in its title – and the person importing may choose another one. The columns a
person set are remembered for the sender and that layout, by the words of the heads.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.models import Partner, PartnerKind
from app.directory.services import find_or_add_partner, name_key
from app.housing.lists.columns import (
    ListHead,
    head_key,
    heads_of,
    likely_head,
    propose_head,
    signature,
)
from app.housing.lists.models import CouncilListImport, ImportState, ListLayout, SenderFound
from app.japanese import narrow
from app.sheets import Sheet, Workbook, cell_text

SENDER_KINDS = (PartnerKind.COUNCIL, PartnerKind.REALTOR, PartnerKind.OTHER)
REGISTER = "セーフティネット住宅情報提供システム"
_REGISTER_HEADS = frozenset({"登録番号", "住宅の名称", "住宅の所在地"})
_COUNCIL = re.compile(r"[^\s　（(【「]{1,30}?居住支援(?:協議会|法人協議会)")
_ROWS_OF_TITLE = 12
_STEM_NOISE = re.compile(r"\.[A-Za-z]{2,4}$|\(\d+\)|[\d\s_\-年月日.]+")


@dataclass(frozen=True)
class Sender:
    """A sender as proposed or chosen; without an id it becomes a partner with the taking-in."""

    id: int | None
    name: str
    kind: PartnerKind
    found: SenderFound


@dataclass(frozen=True)
class LaidOut:
    """Which sheet of a book is read and with which head; ``layout`` when it was remembered."""

    index: int
    sheet: Sheet
    head: ListHead | None
    layout: ListLayout | None = None


def senders(session: Session) -> list[tuple[int, str]]:
    """The partners that may send lists, by name."""
    rows = session.execute(
        sa.select(Partner.id, Partner.name)
        .where(Partner.kind.in_(SENDER_KINDS))
        .order_by(Partner.kind != PartnerKind.COUNCIL, Partner.name)
    )
    return [(row.id, row.name) for row in rows]


def lay_out(
    session: Session, book: Workbook, *, organisation_id: int, sender_id: int | None
) -> LaidOut:
    """The sheet and the head to read: as the sender had them before, else as recognised."""
    known = {layout.signature: layout for layout in _layouts(session, organisation_id, sender_id)}
    shown = [(n, sheet) for n, sheet in enumerate(book.sheets) if not sheet.hidden]
    for index, sheet in shown if known else ():
        for head in heads_of(sheet):
            if (layout := known.get(signature(head))) is not None:
                return LaidOut(index, sheet, remembered(head, layout), layout)
    found = [(index, sheet, propose_head(sheet)) for index, sheet in shown]
    fitting = [LaidOut(*one) for one in found if one[2] is not None]
    if fitting:
        return max(fitting, key=lambda one: len(one.head.columns) if one.head else 0)
    return LaidOut(book.sheets.index(book.first), book.first, likely_head(book.first))


def _layouts(
    session: Session, organisation_id: int, sender_id: int | None
) -> sa.ScalarResult[ListLayout]:
    """Layouts of one sender, or of all of them with the one used last at the end."""
    wanted = sa.select(ListLayout).where(ListLayout.organisation_id == organisation_id)
    if sender_id is not None:
        wanted = wanted.where(ListLayout.sender_id == sender_id)
    return session.scalars(wanted.order_by(ListLayout.used_at, ListLayout.id))


def remembered(head: ListHead, layout: ListLayout) -> ListHead:
    """A head with its columns as they were read the last time."""
    fields = {head_key(label): field for label, field in layout.heads.items()}
    columns: dict[str, int] = {}
    for column, label in head.labels.items():
        field = fields.get(head_key(label), "")
        if field:
            columns.setdefault(field, column)
    return replace(head, columns=columns)


def remember_layout(
    session: Session, *, kept: CouncilListImport, head: ListHead, user_id: int, at: datetime
) -> None:
    """Keep how this list was read, for the sender's next one."""
    if kept.sender_id is None:
        return
    field_at = {column: field for field, column in head.columns.items()}
    heads = {label: field_at.get(column, "") for column, label in head.labels.items()}
    mine = (
        ListLayout.organisation_id == kept.organisation_id,
        ListLayout.sender_id == kept.sender_id,
        ListLayout.signature == signature(head),
    )
    layout = session.scalar(sa.select(ListLayout).where(*mine))
    if layout is None:
        layout = ListLayout(
            organisation_id=kept.organisation_id,
            sender_id=kept.sender_id,
            signature=signature(head),
        )
        session.add(layout)
    layout.heads, layout.user_id, layout.used_at = heads, user_id, at


# -- who sent it ---------------------------------------------------------------------------------


def guess_sender(
    session: Session, *, laid: LaidOut, file_name: str, organisation_id: int
) -> Sender:
    """The sender whose layout, file name or title fits; else a name to be put right by a person."""
    if laid.layout is not None:
        return _sender(session.get_one(Partner, laid.layout.sender_id), SenderFound.LAYOUT)
    stem = _stem(file_name)
    earlier = sa.select(CouncilListImport.file_name, CouncilListImport.sender_id).where(
        CouncilListImport.organisation_id == organisation_id,
        CouncilListImport.sender_id.is_not(None),
        CouncilListImport.state == ImportState.TAKEN_IN,
    )
    for name, sender_id in session.execute(earlier.order_by(CouncilListImport.id.desc()).limit(50)):
        if stem and _stem(name) == stem:
            return _sender(session.get_one(Partner, sender_id), SenderFound.FILE_NAME)
    name, kind = _named_in(laid)
    found = SenderFound.TITLE if name else SenderFound.NOTHING
    return sender_named(session, name or stem or file_name, kind, found)


def sender_named(session: Session, name: str, kind: PartnerKind, found: SenderFound) -> Sender:
    """The sender of this name, known or new."""
    same = sa.select(Partner).where(
        Partner.kind.in_(SENDER_KINDS), Partner.name_key == name_key(name)
    )
    partner = session.scalar(same.order_by(Partner.kind != kind, Partner.id).limit(1))
    return Sender(None, name[:200], kind, found) if partner is None else _sender(partner, found)


def _sender(partner: Partner, found: SenderFound) -> Sender:
    return Sender(partner.id, partner.name, partner.kind, found)


def settle_sender(session: Session, kept: CouncilListImport, *, user_id: int) -> int:
    """The partner this list comes from, made now if it was only a name."""
    if kept.sender_id is None:
        kept.sender_id = find_or_add_partner(
            session,
            kind=kept.sender_kind or PartnerKind.OTHER,
            name=kept.sender_name or kept.file_name,
            user_id=user_id,
        ).id
    return kept.sender_id


def _stem(file_name: str) -> str:
    """A file's name without dates and counters: "council_list" of "council_list_2026-10.xlsx"."""
    return _STEM_NOISE.sub(" ", narrow(file_name)).strip().casefold()


def _named_in(laid: LaidOut) -> tuple[str, PartnerKind]:
    """The sender a sheet names itself: the council in its title, or the register by its heads."""
    last = laid.head.first_row if laid.head else _ROWS_OF_TITLE
    for row in laid.sheet.rows[:_ROWS_OF_TITLE]:
        if row.number >= last:
            break
        for cell in row.cells:
            if found := _COUNCIL.search(cell_text(cell)):
                return found[0], PartnerKind.COUNCIL
    heads = set(laid.head.labels.values()) if laid.head else set()
    return (REGISTER if heads >= _REGISTER_HEADS else ""), PartnerKind.OTHER
