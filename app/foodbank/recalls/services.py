"""From a notice to lots off offer, parcels pulled and people to call – in one transaction.

The lots' rows are locked first. Whoever packs or hands out locks the same rows, so a lot packed
at this very moment either is found packed and pulled, or cannot be packed any more.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.versions import check_version, flushed
from app.errors import ConflictError, InvalidError
from app.foodbank.models import FoodRequest, Lot, LotState, Parcel, ParcelState, RequestState
from app.foodbank.parcels.packing import leave_packed, put_back
from app.foodbank.recalls import queries
from app.foodbank.recalls.models import (
    PersonState,
    Recall,
    RecallLot,
    RecallPerson,
    RecallPortion,
    RecallState,
    RecallTold,
)
from app.foodbank.recalls.queries import Portion
from app.foodbank.recalls.reading import Criteria, read_notice
from app.foodbank.rounds.renewing import renew_unpacked
from app.foodbank.stock import lock_lots, note
from app.foodbank.tracing.queries import made_from

ENDED = "この回収は、すでに終わっています。画面を開き直してください。"


def start(
    session: Session,
    *,
    organisation_id: int,
    notice: str,
    title: str,
    source: str,
    practice: bool,
    lot_ids: Sequence[int],
    user_id: int,
    today: date,
) -> Recall:
    """A draft from a pasted notice, or from lots somebody picked. Nothing is taken off offer yet.

    Raises InvalidError when there is neither, or a lot is another food bank's.
    """
    if not notice.strip() and not lot_ids:
        sentence = "お知らせの文を貼り付けてください。"
        raise InvalidError(sentence, fields={"notice": [sentence]})
    picked = _own_lots(session, organisation_id, lot_ids)
    names = queries.item_names(session, organisation_id)
    criteria = read_notice(notice, known_names=names, today=today).criteria
    first = next(iter(criteria.names), None) or next((lot.item.name for lot in picked), None)
    recall = Recall(
        number=f"new-{secrets.token_hex(8)}",
        organisation_id=organisation_id,
        practice=practice,
        title=(title or first or "回収")[:200],
        notice=notice,
        source=source or None,
        criteria=criteria.stored() | {"picked": [lot.id for lot in picked]},
        started_by=user_id,
    )
    session.add(recall)
    session.flush()  # its number is made of its id
    recall.number = f"R-{recall.id:04d}"
    note(session, Deed.CREATED, "recall", recall.id, user_id, "notice")
    return recall


def _own_lots(session: Session, organisation_id: int, lot_ids: Collection[int]) -> list[Lot]:
    wanted = set(lot_ids)
    lots = session.scalars(
        sa.select(Lot).where(Lot.id.in_(wanted), Lot.organisation_id == organisation_id)
    ).unique()
    found = list(lots)
    if len(found) != len(wanted):
        sentence = "この団体の在庫にないロットが入っています。選び直してください。"
        raise InvalidError(sentence, fields={"lot_ids": [sentence]})
    return found


def set_criteria(
    session: Session, *, recall: Recall, version: int, criteria: Criteria, user_id: int
) -> None:
    """What to look for, as a person corrected it."""
    check_version(recall, version)
    _still(recall, RecallState.DRAFT, RecallState.OPEN)

    def act() -> None:
        recall.criteria = criteria.stored() | {"picked": recall.criteria.get("picked", [])}

    flushed(session, act)
    note(session, Deed.CHANGED, "recall", recall.id, user_id, "criteria")


def _still(recall: Recall, *states: RecallState) -> None:
    if recall.state not in states:
        raise ConflictError(ENDED, code="recall_ended")


def confirm(
    session: Session,
    *,
    recall: Recall,
    lot_ids: Collection[int],
    danger: str,
    advice: str,
    user_id: int,
    at: datetime,
) -> int:
    """Take these lots off offer, pull what was packed, list who got some; how many lots are new.

    What was made from a lot goes with it. May be done again for lots found later. A practice only
    writes down what would have happened. Raises ConflictError (code `recall_ended`) once it is
    closed, InvalidError for a lot of another food bank.
    """
    _hold(session, recall)
    _still(recall, RecallState.DRAFT, RecallState.OPEN)
    affected = made_from(session, lot_ids)
    _own_lots(session, recall.organisation_id, affected)
    before = {one.lot_id for one in queries.lots_of(session, recall)}
    fresh = affected - before
    lots = _lock(session, fresh) if fresh else {}
    recall.danger, recall.advice = danger, advice
    if recall.confirmed_at is None:
        recall.confirmed_at, recall.confirmed_by = at, user_id
    recall.state = RecallState.OPEN
    for lot_id in sorted(fresh):
        _take_off(session, recall, lots[lot_id], user_id)
    _follow(session, recall, queries.portions(session, fresh), user_id)
    session.flush()  # the audit entry tells of what stands
    note(session, Deed.CHANGED, "recall", recall.id, user_id, "state", "lots")
    return len(fresh)


def _hold(session: Session, recall: Recall) -> None:
    """The recall as it is now, kept from changing until the transaction ends."""
    session.refresh(recall, with_for_update=True)


def _lock(session: Session, lot_ids: Collection[int]) -> dict[int, Lot]:
    """The lots, and all that lies with them in packed parcels, locked in the order of their ids.

    Pulling a parcel moves its other lots as well. They are locked together, because whoever
    waits for one lot while holding a later one may wait for ever; a parcel packed in between is
    noticed, the locks are given back and taken again with its lots.
    """
    wanted = set(lot_ids)
    while True:
        with session.begin_nested() as tried:
            lots = lock_lots(session, wanted)
            beside = queries.beside(session, lot_ids) | wanted
            if beside == wanted:
                return lots
            tried.rollback()
        wanted = beside


def _take_off(session: Session, recall: Recall, lot: Lot, user_id: int) -> None:
    session.add(
        RecallLot(
            recall_id=recall.id,
            lot_id=lot.id,
            state_before=lot.state,
            on_shelf=sum(balance.quantity for balance in lot.balances),
        )
    )
    if recall.practice or lot.state is LotState.DISPOSED:
        return
    lot.state = LotState.RECALLED
    lot.state_reason = f"回収 {recall.number}: {recall.danger}"[:200]
    note(session, Deed.CHANGED, "lot", lot.id, user_id, "state")


def _follow(session: Session, recall: Recall, portions: Iterable[Portion], user_id: int) -> None:
    """Pull what waits, write down who has what."""
    people: dict[tuple[str, int], RecallPerson] = {}
    pulled: set[int] = set()
    for portion in portions:
        person = None
        if portion.handed_out:
            person = people.get(portion.household) or _person(session, recall, portion)
            people[portion.household] = person
        elif portion.parcel_id not in pulled and not recall.practice:
            _pull(session, recall, portion.parcel_id, user_id)
        pulled.add(portion.parcel_id)
        session.add(
            RecallPortion(
                recall_id=recall.id,
                parcel_id=portion.parcel_id,
                lot_id=portion.lot_id,
                quantity=portion.quantity,
                person_id=person.id if person else None,
            )
        )


def follow_late(session: Session, parcel: Parcel, user_id: int) -> None:
    """A parcel turns out to have been handed over: whoever got it joins the recalls that run.

    The caller holds the parcel's lots, so a recall of them is either visible here or still to come
    and then finds the hand-out by itself.
    """
    lot_ids = {line.lot_id for line in parcel.lines}
    for recall, lots in queries.running(session, lot_ids):
        for portion in queries.portions(session, lots):
            if portion.parcel_id != parcel.id or not portion.handed_out:
                continue
            person = _person(session, recall, portion)
            row = session.scalar(
                sa.select(RecallPortion).where(
                    RecallPortion.recall_id == recall.id,
                    RecallPortion.parcel_id == parcel.id,
                    RecallPortion.lot_id == portion.lot_id,
                )
            )
            if row is None:
                row = RecallPortion(recall_id=recall.id, parcel_id=parcel.id, lot_id=portion.lot_id)
                session.add(row)
            row.quantity, row.person_id = portion.quantity, person.id
            note(session, Deed.CHANGED, "recall", recall.id, user_id, "people")


def _person(session: Session, recall: Recall, portion: Portion) -> RecallPerson:
    """The household's row; whoever got more of it after all has to be told again."""
    same = (
        RecallPerson.case_id == portion.case_id
        if portion.case_id is not None
        else RecallPerson.request_id == portion.request_id
    )
    person = session.scalar(
        sa.select(RecallPerson).where(RecallPerson.recall_id == recall.id, same)
    )
    if person is None:
        person = RecallPerson(
            recall_id=recall.id, case_id=portion.case_id, request_id=portion.request_id
        )
        session.add(person)
    else:
        person.state = PersonState.WAITING
    session.flush()  # portions name it
    return person


def _pull(session: Session, recall: Recall, parcel_id: int, user_id: int) -> None:
    """A packed parcel back to the shelves; its request waits to be packed anew."""
    parcel = session.get_one(Parcel, parcel_id, populate_existing=True)
    if not leave_packed(session, parcel, ParcelState.CANCELLED):
        return  # somebody has unpacked it a moment ago
    reason = f"回収 {recall.number} のため箱から戻し"
    put_back(session, parcel=parcel, lines=parcel.lines, user_id=user_id, reason=reason)
    session.execute(
        sa.update(FoodRequest)
        .where(FoodRequest.id == parcel.request_id, FoodRequest.state == RequestState.PACKED)
        .values(state=RequestState.OPEN, version=FoodRequest.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    renew_unpacked(session, parcel.request, user_id)
    note(session, Deed.CHANGED, "parcel", parcel.id, user_id, "state")


def tell(
    session: Session,
    *,
    recall: Recall,
    name: str,
    partner_id: int | None,
    how: str,
    user_id: int,
    at: datetime,
) -> RecallTold:
    """Write down that a donor, maker or office was told."""
    _hold(session, recall)
    _still(recall, RecallState.OPEN)
    donors = {one.lot.donor_id for one in queries.lots_of(session, recall)}
    made = RecallTold(
        recall_id=recall.id,
        partner_id=partner_id if partner_id in donors else None,
        name=name,
        how=how,
        at=at,
        user_id=user_id,
    )
    session.add(made)
    session.flush()  # the audit entry names it
    note(session, Deed.CREATED, "recall_told", made.id, user_id, "name", "how")
    return made


def close(
    session: Session,
    *,
    recall: Recall,
    version: int,
    report: str,
    why_untold: str,
    user_id: int,
    at: datetime,
) -> None:
    """End a recall with its figures, which hold no name. Its lots stay off offer.

    Raises InvalidError at the field when somebody was not told and no reason is given.
    """
    _hold(session, recall)
    check_version(recall, version)
    _still(recall, RecallState.OPEN)
    figures = figures_of(session, recall, at=at)
    if figures["untold"] and not why_untold and not recall.practice:
        sentence = (
            f"まだ伝えていない世帯が{figures['untold']}あります。終えるなら、わけを書いてください。"
        )
        raise InvalidError(sentence, fields={"why_untold": [sentence]})

    def act() -> None:
        recall.state = RecallState.CLOSED
        recall.closed_at, recall.closed_by = at, user_id
        recall.report = report
        recall.figures = figures | {"why_untold": why_untold}

    flushed(session, act)
    note(session, Deed.CHANGED, "recall", recall.id, user_id, "state", "report")


def cancel(session: Session, *, recall: Recall, user_id: int) -> None:
    """Give up a draft; nothing had been taken off offer."""
    _hold(session, recall)
    _still(recall, RecallState.DRAFT)
    recall.state = RecallState.CANCELLED
    session.flush()  # a stale version is noticed here
    note(session, Deed.CHANGED, "recall", recall.id, user_id, "state")


def figures_of(session: Session, recall: Recall, *, at: datetime) -> dict[str, Any]:
    """What a recall came to so far: counts, and seconds from its start."""
    lots = queries.lots_of(session, recall)
    states = session.scalars(
        sa.select(RecallPerson.state).where(RecallPerson.recall_id == recall.id)
    ).all()
    rows = session.execute(
        sa.select(RecallPortion.person_id, RecallPortion.parcel_id, RecallPortion.quantity).where(
            RecallPortion.recall_id == recall.id
        )
    ).all()
    confirmed = recall.confirmed_at or at
    return {
        "lots": len(lots),
        "on_shelf": sum(one.on_shelf for one in lots),
        "pulled_parcels": len({row.parcel_id for row in rows if row.person_id is None}),
        "pulled_units": sum(row.quantity for row in rows if row.person_id is None),
        "households": len(states),
        "handed_units": sum(row.quantity for row in rows if row.person_id is not None),
        "told": sum(state is PersonState.TOLD for state in states),
        "untold": sum(state is not PersonState.TOLD for state in states),
        "seconds_to_people": round((confirmed - recall.created_at).total_seconds()),
        "seconds_in_all": round(((recall.closed_at or at) - recall.created_at).total_seconds()),
    }
