"""今週いただけると助かるもの: what donors could give this week, as sentences they understand.

Food is what the boxes of the last four weeks lacked (`foodbank/donors/wishes`), of the food banks
that pack for the office's households; things are those open needs lack that fall due within two
weeks (`goods/wishes`). Both tell a number only where five households or more stand behind it, so
whoever reads this, donors too, finds nobody in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.foodbank.donors.wishes import wish_words, wishes_of
from app.foodbank.models import FoodRequest
from app.goods.wishes.queries import wishes_of as goods_wishes_of
from app.goods.wishes.words import wish_words as goods_words
from app.policy import Viewer
from app.reports.figures.counting import Office, cases_of

LOOKED_BACK = 28
"""Days whose boxes say what food is short, as the food bank's own page has it at first."""

SOON = timedelta(weeks=2)
"""Within this time a thing that is needed is asked for this week."""


@dataclass(frozen=True)
class FoodWanted:
    """What one food bank is short of, the largest gap first, in words."""

    bank: str
    wishes: Sequence[dict[str, Any]]


def food_wanted(
    session: Session, viewer: Viewer, office: Office, *, today: date
) -> list[FoodWanted]:
    """What the food banks that pack for the office's households are short of."""
    banks = session.execute(
        sa.select(Organisation.id, Organisation.name)
        .where(
            Organisation.id.in_(
                sa.select(FoodRequest.organisation_id).where(
                    FoodRequest.case_id.in_(cases_of(office)),
                    FoodRequest.needed_on >= today - timedelta(LOOKED_BACK),
                )
            )
        )
        .order_by(Organisation.id)
    ).all()
    found = [
        (name, wishes_of(session, viewer, bank, days=LOOKED_BACK, today=today).wishes)
        for bank, name in banks
    ]
    return [FoodWanted(name, [wish_words(one) for one in wishes]) for name, wishes in found]


def things_soon(session: Session, *, today: date) -> list[dict[str, Any]]:
    """Furniture and goods that are short for needs due within two weeks."""
    return [goods_words(one) for one in goods_wishes_of(session, until=today + SOON)]


def food_sentence(wish: dict[str, Any]) -> str:
    """「主食（米、めん）を約40kg。約120人の1日分です。缶切りがいらないものだと助かります。」"""
    much = f"を{wish['kg']}" if wish["kg"] else ""
    told = [f"{wish['group']}（{wish['words']}）{much}。{wish['people']}です。"]
    if wish["terms"]:
        told.append(f"{'、'.join(wish['terms'])}ものだと助かります。")
    return "".join(told)


def thing_sentence(thing: dict[str, Any]) -> str:
    """「冷蔵庫を約10点。幅60cmくらいまで。2ドアなど。」"""
    return "。".join(
        part for part in (f"{thing['kind']}を{thing['count']}", thing["size"], thing["words"])
        if part
    ) + "。"  # fmt: skip


@dataclass(frozen=True)
class ThisWeek:
    """The sentences of a week: food and things."""

    office: str
    food: Sequence[str]
    things: Sequence[str]

    @property
    def text(self) -> str:
        """All of it, to be copied into a mail."""
        lines = ["いつもありがとうございます。今週、次のものをいただけると助かります。", ""]
        for title, sentences in (("【食料】", self.food), ("【家具・家電・日用品】", self.things)):
            if sentences:
                lines += [title, *(f"・{one}" for one in sentences), ""]
        lines += ["お渡しの前に、一度ご連絡ください。", self.office]
        return "\n".join(lines)


def this_week(
    office: Office, food: Sequence[FoodWanted], things: Sequence[dict[str, Any]]
) -> ThisWeek | None:
    """The week's sentences; None where nothing is short."""
    asked = [food_sentence(wish) for bank in food for wish in bank.wishes]
    needed = [thing_sentence(thing) for thing in things]
    return ThisWeek(office.name, asked, needed) if asked or needed else None
