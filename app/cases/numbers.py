"""A case's number and code name: both made by us, both saying nothing about the person."""

import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.models import Case, CaseCounter
from app.db import insert_or_update

# Plain things nobody is called by, told apart on the telephone.
CODE_WORDS = (
    "みどり", "あおぞら", "こかげ", "わかば", "やまびこ", "なぎさ", "ひだまり", "つきよ",
    "あさつゆ", "そよかぜ", "いずみ", "たけのこ", "まつかぜ", "はなび", "ゆうやけ", "こみち",
    "しらなみ", "ほたる", "みかづき", "あまやどり", "どんぐり", "すずむし", "かざぐるま",
    "ともしび",
)  # fmt: skip


def next_number(session: Session, *, year: int) -> str:
    """The next free number of a year, C-2026-0001. Whoever comes second waits for the first."""
    counters = CaseCounter.__table__
    taken = session.scalar(
        insert_or_update(session, CaseCounter)
        .values(year=year, last=_highest(session, year) + 1)
        .on_conflict_do_update(index_elements=["year"], set_={"last": counters.c.last + 1})
        .returning(counters.c.last)
    )
    return f"C-{year:04d}-{taken:04d}"


def _highest(session: Session, year: int) -> int:
    """The highest number already used, for the first number taken through the counter."""
    used = session.scalars(
        sa.select(Case.number)
        .where(Case.number.like(f"C-{year:04d}-%"))
        .order_by(sa.func.length(Case.number).desc(), Case.number.desc())
        .limit(1)
    ).first()
    tail = used.rpartition("-")[2] if used else ""
    return int(tail) if tail.isdecimal() else 0


def new_code_name(session: Session) -> str:
    """A code name nobody has, 「みどり-12」; with three digits once two are used up."""
    for highest in (99, 99, 99, 99, 99, 99, 999, 999, 999, 99_999):
        tried = f"{secrets.choice(CODE_WORDS)}-{secrets.randbelow(highest) + 1}"
        if session.scalar(sa.select(Case.id).where(Case.code_name == tried).limit(1)) is None:
            return tried
    return f"{secrets.choice(CODE_WORDS)}-{secrets.randbelow(10**9)}"
