"""What nobody has asked a household yet, as prompts before food is asked for; and what came of it.

「わからない」 is an answer: the request can be sent, and says what is taken for granted meanwhile.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.assessments.queries import latest
from app.cases.models import Case
from app.foodbank.codes import FOOD_GROUP_LABELS, FoodGroup
from app.foodbank.dwelling.queries import written_on
from app.foodbank.models import FoodRequest, Parcel
from app.foodbank.parcels import queries as parcel_queries
from app.foodbank.portions.queries import stayed_of
from app.wording import day


def open_questions(case: Case, facts: dict[str, Any]) -> list[str]:
    """Sentences with what is not known and what is done until it is. `facts` is the snapshot."""
    found = []
    if facts["allergies"] is None:
        found.append(_("アレルギーの有無 — 聞くまでは、表示義務の物が入っていない品だけにします"))
    if case.food_profile is None or not facts["equipment"]:
        found.append(
            _("使える設備（お湯・レンジなど）— 聞くまでは、そのまま食べられる品だけにします")
        )
    if case.food_profile is None:
        found.append(_("やわらかさと食べないもの — 聞くまでは、決まりがないものとして選びます"))
    if any(person["age"] == 0 and person["months"] is None for person in facts["people"]):
        found.append(_("0歳の子の月齢（生まれた日）— 聞くまでは、0か月からのミルクだけにします"))
    unknown = sum(person["age"] is None for person in facts["people"])
    if unknown:
        found.append(
            _(
                "%(n)s人の年齢 — 聞くまでは、大人の量にします（乳児の食事は入りません）",
                n=unknown,
            )
        )
    if facts["carry_kg"] is not None and not facts["carry_asked"]:
        found.append(_("一度に持てる重さ — 聞くまでは、%(n)gkgまでにします", n=facts["carry_kg"]))
    return [str(sentence) for sentence in found]


def sources_of(session: Session, case: Case) -> dict[str, str]:
    """Where each thing the request tells comes from, to be said beside it."""
    if case.living_together:
        people = _("世帯員の記録から")
        if (case.household_size or 0) > len(case.living_together):
            people = _("世帯員の記録と、受付の人数から")
    elif case.household_size is not None:
        people = _("受付の人数から")
    else:
        found = latest(session, case.id)
        people = _("人数を聞いていないので、1人分にしています")
        if found is not None and found.living_with is not None:
            people = _("%(day)sのアセスメントから", day=day(found.assessed_on))
    written = written_on(session, case)
    needs = _("「食料の必要」はまだ書かれていません")
    if written is not None:
        needs = _("%(day)sの「食料の必要」から", day=day(written))
    return {"people": str(people), "needs": str(needs)}


def _days(parcel: Parcel) -> list[dict[str, Any]]:
    return [
        {"label": FOOD_GROUP_LABELS[FoodGroup(code)], "value": days}
        for code, days in parcel.days_covered.items()
    ]


def least_covered(parcel: Parcel) -> dict[str, Any] | None:
    """The food group a box covers for the fewest days, with what is really in it."""
    return min(_days(parcel), key=lambda group: group["value"], default=None)


def received(session: Session, request: FoodRequest) -> dict[str, Any] | None:
    """A packed request's box beside what was asked for: days by food group, food, what stayed.

    None while nothing has been packed.
    """
    parcel = request.parcel
    if parcel is None:
        return None
    done = parcel_queries.hand_out_of(session, parcel)
    left = set(done.left_out) if done else set()
    return {
        "days": _days(parcel),
        "worst": least_covered(parcel),
        "handed_out": done is not None,
        "items": [(x.lot.item.name, x.quantity) for x in parcel.lines if x.id not in left],
        "left": [(x.name, x.quantity) for x in stayed_of(session, parcel, left)] if done else [],
    }
