"""食料の依頼: a case's or a guest's need, as a snapshot of what packing has to know – no names."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Organisation, OrganisationKindRow
from app.audit.models import Deed
from app.cases.assessments.queries import latest
from app.cases.models import (
    Case,
    Member,
    Stage,
)
from app.cases.needs.models import FoodProfile
from app.cases.queries import facts_of
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.foodbank.codes import USUAL_CARRY_KG
from app.foodbank.dwelling.codes import Dwelling, SaidBy
from app.foodbank.dwelling.queries import Said, runs_on, said_of
from app.foodbank.models import FoodRequest, Pickup, RequestState
from app.foodbank.requests.queries import consent_covers
from app.foodbank.stock import note
from app.japanese import address_key
from app.policy import OrganisationKind, Protection

NO_CONSENT = (
    "この食料支援の団体に「人数・アレルギー・調理の設備」を伝える同意がありません。"
    "同意を記録してから頼んでください。"
)
MOST_AHEAD = 60
_TELLING = 8  # so much of an address is enough to find it

# Where a household lives or is to live beside what its case says: placements lie above and tell.
LivingAt = Callable[[Session, int], Iterable[str]]
living_at: list[LivingAt] = []


def food_banks(session: Session) -> list[Organisation]:
    """Every organisation that is a food bank."""
    rows = session.scalars(
        sa.select(Organisation)
        .join(OrganisationKindRow)
        .where(OrganisationKindRow.kind == OrganisationKind.FOOD_BANK)
        .order_by(Organisation.id)
    )
    return list(rows.unique())


def request_for_case(
    session: Session,
    *,
    case: Case,
    organisation_id: int | None,
    days: int,
    needed_on: date,
    pickup: Pickup,
    place: str,
    remark: str,
    user_id: int,
    today: date,
    dwelling: Dwelling | None = None,
    knows_place: bool = False,
) -> FoodRequest:
    """Ask a food bank for a parcel. What it learns is T1: ages, allergies, equipment, weight.

    `dwelling` is the stage a person chose; without one the placement's dates decide, for whoever
    knows of the placement (`knows_place`).
    Where there is only one food bank it need not be named. Raises ForbiddenError (code
    `consent_missing`) without a consent that covers it, InvalidError for a delivery that would
    tell where a protected household lives.
    """
    if case.stage is Stage.CLOSED:
        raise InvalidError("終結した相談からは頼めません。")
    banks = [bank.id for bank in food_banks(session)]
    if organisation_id is None and len(banks) == 1:
        organisation_id = banks[0]
    if organisation_id is None or organisation_id not in banks:
        message = "食料を頼む団体を選んでください。"
        raise InvalidError(message, fields={"organisation_id": [message]})
    if not consent_covers(facts_of(case), organisation_id, today=today):
        raise ForbiddenError(NO_CONSENT, code="consent_missing", case_id=case.id)
    _check_place(session, case, pickup, place=place, remark=remark)
    said = stage_of(session, case, needed_on, chosen=dwelling, knows_place=knows_place)
    return _add(
        session,
        case_id=case.id,
        code_name=case.code_name,
        organisation_id=organisation_id,
        days=days,
        needed_on=needed_on,
        pickup=pickup,
        place=place,
        remark=remark,
        household=snapshot(session, case, needed_on=needed_on, pickup=pickup, said=said),
        user_id=user_id,
        today=today,
    )


def request_at_table(
    session: Session,
    *,
    alias: str,
    organisation_id: int,
    days: int,
    needed_on: date,
    pickup: Pickup,
    place: str,
    remark: str,
    household: Mapping[str, Any],
    user_id: int,
    today: date,
) -> FoodRequest:
    """A parcel for somebody at the table who has no case, or does not want to say: any alias."""
    return _add(
        session,
        case_id=None,
        code_name=alias,
        organisation_id=organisation_id,
        days=days,
        needed_on=needed_on,
        pickup=pickup,
        place=place,
        remark=remark,
        household=dict(household),
        user_id=user_id,
        today=today,
    )


def _add(
    session: Session,
    *,
    place: str,
    remark: str,
    user_id: int,
    today: date,
    needed_on: date,
    **values: Any,
) -> FoodRequest:
    if not 0 <= (needed_on - today).days <= MOST_AHEAD:
        raise InvalidError(
            "入力内容を確かめてください。",
            fields={"needed_on": [f"きょうから{MOST_AHEAD}日以内の日を入れてください。"]},
        )
    request = FoodRequest(
        number=f"new-{secrets.token_hex(8)}",
        requested_by=user_id,
        needed_on=needed_on,
        place=place or None,
        note=remark or None,
        **values,
    )
    session.add(request)
    session.flush()  # its number is made of its id
    request.number = f"F-{request.id:04d}"
    note(session, Deed.CREATED, "food_request", request.id, user_id, "days", "household")
    return request


def twin_of(session: Session, request: FoodRequest) -> FoodRequest:
    """The same request once more, for a parcel that reached somebody beside another one."""
    twin = FoodRequest(
        number=f"new-{secrets.token_hex(8)}",
        case_id=request.case_id,
        code_name=request.code_name,
        organisation_id=request.organisation_id,
        requested_by=request.requested_by,
        days=request.days,
        needed_on=request.needed_on,
        pickup=request.pickup,
        place=request.place,
        household=request.household,
        note=request.note,
    )
    session.add(twin)
    session.flush()  # its number is made of its id
    twin.number = f"F-{twin.id:04d}"
    return twin


def _check_place(session: Session, case: Case, pickup: Pickup, *, place: str, remark: str) -> None:
    """Packers and drivers learn a hand-over point; a protected address goes to nobody, whichever
    way the parcel goes and whichever line it is written in.
    """
    if case.protection is Protection.NO:
        return
    if pickup is Pickup.DELIVERY and not place:
        sentence = "居場所を隠す世帯です。住所ではなく、待ち合わせて渡す場所を入れてください。"
        raise InvalidError(sentence, fields={"place": [sentence]})
    if tells_where(session, case, place):
        sentence = "居場所を隠す世帯の住所は書けません。待ち合わせて渡す場所を入れてください。"
        raise InvalidError(sentence, fields={"place": [sentence]})
    if tells_where(session, case, remark):
        sentence = "居場所を隠す世帯の住所は書けません。"
        raise InvalidError(sentence, fields={"note": [sentence]})


def tells_where(session: Session, case: Case, words: str) -> bool:
    """Whether words name where a household lives, was taken in from or is on its way to."""
    homes = [case.address or "", *(at for told in living_at for at in told(session, case.id))]
    return any(_tells_home(home, words) for home in homes)


def _tells_home(address: str, words: str) -> bool:
    home, key = address_key(address), address_key(words)
    return bool(home and key) and (home in key or (len(key) >= _TELLING and key in home))


def stage_of(
    session: Session, case: Case, day: date, *, chosen: Dwelling | None, knows_place: bool
) -> Said | None:
    """Where a household eats on a day: as a person chose, else by its way into a home."""
    if chosen is not None:
        return Said(chosen, SaidBy.PERSON)
    return said_of(session, case, day) if knows_place else None


def people_asked(session: Session, case: Case) -> int | None:
    """How many eat: as taken in, else as the newest assessment says; None where nobody asked."""
    if case.household_size is not None:
        return case.household_size
    found = latest(session, case.id)
    return None if found is None or found.living_with is None else found.living_with + 1


def snapshot(
    session: Session, case: Case, *, needed_on: date, pickup: Pickup, said: Said | None = None
) -> dict[str, Any]:
    """What packing has to know of a household on the day: T1, no name, no address."""
    people = [_person(member, needed_on) for member in case.living_together]
    missing = (people_asked(session, case) or 1) - len(people)
    people += [{"age": None, "months": None}] * max(missing, 0)
    profile = case.food_profile or FoodProfile(
        allergies=[], allergies_asked=False, equipment=[], forbidden=[]
    )
    carry = None if pickup is Pickup.DELIVERY else profile.carry_kg or USUAL_CARRY_KG
    stage = {"dwelling": {"stage": said.stage.value, "by": said.by.value}} if said else {}
    return stage | {
        "people": people,
        "allergies": (
            list(profile.allergies) if profile.allergies_asked or profile.allergies else None
        ),
        "equipment": runs_on(said, profile.equipment),
        "forbidden": list(profile.forbidden),
        "chewing": profile.chewing_class or 0,
        "carry_kg": None if carry is None else float(carry),
        "carry_asked": profile.carry_kg is not None,
        "note": profile.note,
    }


def _person(member: Member, day: date) -> dict[str, int | None]:
    """Age on the day; in months under three years, where food is chosen by the month."""
    born, months = member.born_on, None
    if born is not None and born <= day:
        lived = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
        months = lived if lived < 36 else None
    return {"age": member.age_at(day), "months": months}


def cancel_request(session: Session, *, request: FoodRequest, user_id: int) -> None:
    """Take back a request nothing was packed for."""
    if request.state is not RequestState.OPEN:
        raise ConflictError("箱詰めが済んでいるか、終わった依頼です。先に箱を取り消してください。")
    request.state = RequestState.CANCELLED
    session.flush()  # a stale version is noticed here
    note(session, Deed.CHANGED, "food_request", request.id, user_id, "state")
