"""Reading recalls: what a notice finds, who got it, and whom a viewer may know of."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import Organisation, User
from app.cases.models import Case
from app.cases.queries import visible_cases
from app.errors import NotFoundError
from app.foodbank.models import (
    Balance,
    FoodItem,
    FoodRequest,
    HandOut,
    Lot,
    Parcel,
    ParcelLine,
    ParcelState,
)
from app.foodbank.queries import NOT_FOUND
from app.foodbank.recalls.access import access_to_person
from app.foodbank.recalls.models import (
    FoodOutcome,
    Recall,
    RecallAttempt,
    RecallLot,
    RecallPerson,
    RecallPortion,
    RecallResult,
    RecallState,
    RecallTold,
)
from app.foodbank.recalls.reading import Criteria, Judgement, LotFacts, Verdict, judge
from app.foodbank.tracing.queries import made_from
from app.policy import Access, Role, Tier, Viewer

_RUNNING = (RecallState.OPEN, RecallState.CLOSED)
# Who meets households; another food bank with the same consent learns nothing of it.
_REACHING = frozenset({Role.CONSULTANT, Role.FOLLOWUP})


def visible_recalls(viewer: Viewer, *, today: date) -> sa.Select[Recall]:
    """A food bank's own; for others those in which a household is theirs to know, no practice."""
    own = Recall.organisation_id.in_(viewer.organisations(Role.FOODBANK))
    if not viewer.roles() & _REACHING:
        return sa.select(Recall).where(own).order_by(Recall.id.desc())
    cases = visible_cases(viewer, today=today).with_only_columns(Case.id)
    theirs = sa.exists().where(RecallPerson.recall_id == Recall.id, RecallPerson.case_id.in_(cases))
    shared = sa.and_(Recall.practice.is_(False), Recall.state.in_(_RUNNING), theirs)
    return sa.select(Recall).where(sa.or_(own, shared)).order_by(Recall.id.desc())


def recalls(session: Session, viewer: Viewer, *, today: date, most: int = 200) -> Sequence[Recall]:
    """The newest first."""
    return session.scalars(visible_recalls(viewer, today=today).limit(most)).all()


def get_recall(session: Session, recall_id: int, viewer: Viewer, *, today: date) -> Recall:
    """A recall the viewer may know of."""
    found = session.scalar(visible_recalls(viewer, today=today).where(Recall.id == recall_id))
    if found is None:
        raise NotFoundError(NOT_FOUND)
    return found


def own_recall(session: Session, recall_id: int, viewer: Viewer) -> Recall:
    """A recall of the viewer's own food bank, to work on."""
    found = session.get(Recall, recall_id) if recall_id < 2**31 else None
    if found is None or found.organisation_id not in viewer.organisations(Role.FOODBANK):
        raise NotFoundError(NOT_FOUND)
    return found


# ----------------------------------------------------------------------------------- lots


@dataclass
class FoundLot:
    """A lot with its judgement (None when a person picked it) and where its units are."""

    lot: Lot
    judgement: Judgement | None = None
    on_shelf: int = 0
    in_parcels: int = 0
    parcels: set[int] = field(default_factory=set)
    households: set[tuple[str, int]] = field(default_factory=set)

    @property
    def verdict(self) -> Verdict | None:
        return self.judgement.verdict if self.judgement else None


def item_names(session: Session, organisation_id: int) -> Sequence[str]:
    """What the food bank calls its food."""
    return session.scalars(
        sa.select(FoodItem.name).where(FoodItem.organisation_id == organisation_id)
    ).all()


def judged(session: Session, organisation_id: int, criteria: Criteria) -> list[Judgement]:
    """Every lot that is meant, perhaps meant, or the same food apart; surest first.

    Lots that are all gone count too: people may still have them.
    """
    if not criteria.identifies:
        return []
    rows = session.execute(
        sa.select(Lot.id, FoodItem.name, Lot.jan, Lot.lot_code, Lot.last_day, Lot.maker)
        .join(Lot.item)
        .where(Lot.organisation_id == organisation_id)
        .order_by(Lot.id)
    )
    order = list(Verdict)
    found = [one for row in rows if (one := judge(LotFacts(*row), criteria)) is not None]
    meant = {one.lot_id for one in found if one.verdict is not Verdict.APART}
    made = made_from(session, meant) - meant
    found = [one for one in found if one.lot_id not in made]
    found += [Judgement(lot_id, Verdict.MEANT, ("対象の品を入れて作った物",)) for lot_id in made]
    return sorted(found, key=lambda one: (order.index(one.verdict), one.lot_id))


def found_lots(
    session: Session,
    organisation_id: int,
    judgements: Sequence[Judgement],
    picked: Collection[int] = (),
) -> list[FoundLot]:
    """The lots judged and those picked by hand, with where their units are now."""
    by_lot = {one.lot_id: one for one in judgements}
    ids = list(dict.fromkeys((*picked, *by_lot)))
    rows = session.scalars(
        sa.select(Lot)
        .where(Lot.id.in_(ids), Lot.organisation_id == organisation_id)
        .options(joinedload(Lot.donor))
    ).unique()
    lots = {lot.id: FoundLot(lot, by_lot.get(lot.id)) for lot in rows}
    for lot in lots.values():
        lot.on_shelf = sum(balance.quantity for balance in lot.lot.balances)
    for portion in portions(session, lots):
        one = lots[portion.lot_id]
        if portion.handed_out:
            one.households.add(portion.household)
        else:
            one.in_parcels += portion.quantity
            one.parcels.add(portion.parcel_id)
    return [lots[lot_id] for lot_id in ids if lot_id in lots]


@dataclass(frozen=True)
class Portion:
    """So much of a lot in a live parcel, and whose."""

    lot_id: int
    parcel_id: int
    quantity: int
    handed_out: bool
    request_id: int
    case_id: int | None

    @property
    def household(self) -> tuple[str, int]:
        """What makes two parcels one household's: the case, else the request at the table."""
        if self.case_id is not None:
            return "case", self.case_id
        return "request", self.request_id


def portions(session: Session, lot_ids: Collection[int]) -> list[Portion]:
    """What of these lots is packed or was handed out; lines left at the table do not count."""
    rows = session.execute(
        sa.select(
            ParcelLine.id, ParcelLine.lot_id, ParcelLine.parcel_id, ParcelLine.quantity,
            Parcel.state, HandOut.left_out, FoodRequest.id, FoodRequest.case_id,
        )
        .join(Parcel, Parcel.id == ParcelLine.parcel_id)
        .join(FoodRequest, FoodRequest.id == Parcel.request_id)
        .outerjoin(HandOut, HandOut.parcel_id == Parcel.id)
        .where(ParcelLine.lot_id.in_(lot_ids), Parcel.state != ParcelState.CANCELLED)
        .order_by(ParcelLine.parcel_id, ParcelLine.position)
    )  # fmt: skip
    sums: dict[tuple[Any, ...], int] = defaultdict(int)
    for line_id, lot_id, parcel_id, quantity, state, left_out, request_id, case_id in rows:
        if line_id not in (left_out or ()):
            handed = state is ParcelState.HANDED_OUT
            sums[lot_id, parcel_id, handed, request_id, case_id] += quantity
    return [
        Portion(lot_id, parcel_id, n, handed, request_id, case_id)
        for (lot_id, parcel_id, handed, request_id, case_id), n in sums.items()
    ]


def running(session: Session, lot_ids: Collection[int]) -> list[tuple[Recall, set[int]]]:
    """Open recalls, no practices, that hold some of these lots, each with which."""
    rows = session.execute(
        sa.select(Recall, RecallLot.lot_id)
        .join(RecallLot, RecallLot.recall_id == Recall.id)
        .where(
            RecallLot.lot_id.in_(lot_ids),
            Recall.state == RecallState.OPEN,
            Recall.practice.is_(False),
        )
        .order_by(Recall.id, RecallLot.lot_id)
    )
    found: dict[Recall, set[int]] = {}
    for recall, lot_id in rows:
        found.setdefault(recall, set()).add(lot_id)
    return list(found.items())


def beside(session: Session, lot_ids: Collection[int]) -> set[int]:
    """These lots, what was made from them, and all that lies with them in packed parcels."""
    affected = made_from(session, lot_ids)
    packed = (
        sa.select(ParcelLine.parcel_id)
        .join(Parcel, Parcel.id == ParcelLine.parcel_id)
        .where(ParcelLine.lot_id.in_(affected), Parcel.state == ParcelState.PACKED)
    )
    lines = sa.select(ParcelLine.lot_id).where(ParcelLine.parcel_id.in_(packed))
    return affected | set(session.scalars(lines))


def lots_of(session: Session, recall: Recall) -> Sequence[RecallLot]:
    """The lots in a recall."""
    return session.scalars(
        sa.select(RecallLot)
        .where(RecallLot.recall_id == recall.id)
        .options(joinedload(RecallLot.lot).joinedload(Lot.donor))
        .order_by(RecallLot.id)
    ).all()


def left_on_shelf(session: Session, lot_ids: Collection[int]) -> dict[int, int]:
    """How much of each lot lies here now."""
    rows = session.execute(
        sa.select(Balance.lot_id, sa.func.sum(Balance.quantity))
        .where(Balance.lot_id.in_(lot_ids))
        .group_by(Balance.lot_id)
    )
    return {lot_id: int(total) for lot_id, total in rows}


# --------------------------------------------------------------------------------- people


@dataclass
class SeenPerson:
    """Somebody who got it, as deep as the viewer may look."""

    person: RecallPerson
    access: Access
    portions: list[RecallPortion] = field(default_factory=list)
    desk: tuple[str, str, str | None] = ("", "", None)  # who asked, where, telephone
    attempts: list[tuple[RecallAttempt, str]] = field(default_factory=list)


def people(
    session: Session, recall: Recall, viewer: Viewer, *, today: date, only: int | None = None
) -> list[SeenPerson]:
    """Whom of a recall the viewer may know of; nobody else is counted."""
    find = (
        sa.select(RecallPerson)
        .where(RecallPerson.recall_id == recall.id)
        .options(
            joinedload(RecallPerson.request),
            joinedload(RecallPerson.case),
            selectinload(RecallPerson.case, Case.phones),
        )
        .order_by(RecallPerson.id)
        .execution_options(populate_existing=True)
    )
    if only is not None:
        find = find.where(RecallPerson.id == only)
    seen = []
    for person in session.scalars(find):
        access = access_to_person(person, recall, viewer, today)
        if access.tier is not None:
            seen.append(SeenPerson(person, access))
    _fill(session, recall, seen)
    return seen


def _fill(session: Session, recall: Recall, seen: list[SeenPerson]) -> None:
    by_id = {one.person.id: one for one in seen}
    for portion in session.scalars(
        sa.select(RecallPortion)
        .where(RecallPortion.person_id.in_(by_id))
        .options(joinedload(RecallPortion.parcel), joinedload(RecallPortion.lot))
        .order_by(RecallPortion.id)
    ).unique():
        by_id[portion.person_id or 0].portions.append(portion)
    for attempt, name in session.execute(
        sa.select(RecallAttempt, User.name)
        .join(User, User.id == RecallAttempt.user_id)
        .where(RecallAttempt.person_id.in_(by_id))
        .order_by(RecallAttempt.id.desc())
    ):
        by_id[attempt.person_id].attempts.append((attempt, name))
    askers = {one.person.request.requested_by for one in seen}
    users = session.execute(sa.select(User.id, User.name).where(User.id.in_(askers)))
    names = {row.id: row.name for row in users}
    desks = {one.person.case.organisation_id for one in seen if one.person.case}
    homes = {
        one.id: one
        for one in session.scalars(
            sa.select(Organisation).where(Organisation.id.in_(desks | {recall.organisation_id}))
        )
    }
    for one in seen:
        case = one.person.case
        desk = homes[case.organisation_id if case else recall.organisation_id]
        one.desk = (names.get(one.person.request.requested_by, ""), desk.name, desk.phone)


def get_person(
    session: Session, recall: Recall, person_id: int, viewer: Viewer, *, today: date
) -> SeenPerson:
    """One of them."""
    found = people(session, recall, viewer, today=today, only=person_id)
    if not found:
        raise NotFoundError(NOT_FOUND)
    return found[0]


def pulled(session: Session, recall: Recall) -> Sequence[RecallPortion]:
    """What was packed and not fetched when the lots were taken off offer."""
    return session.scalars(
        sa.select(RecallPortion)
        .where(RecallPortion.recall_id == recall.id, RecallPortion.person_id.is_(None))
        .options(
            joinedload(RecallPortion.lot),
            joinedload(RecallPortion.parcel).joinedload(Parcel.request),
        )
        .order_by(RecallPortion.parcel_id, RecallPortion.id)
    ).all()


def last_attempt(session: Session, person_id: int) -> RecallAttempt | None:
    """The newest attempt that stands."""
    undone = sa.select(RecallAttempt.takes_back_id).where(RecallAttempt.takes_back_id.is_not(None))
    return session.scalar(
        sa.select(RecallAttempt)
        .where(
            RecallAttempt.person_id == person_id,
            RecallAttempt.result != RecallResult.TAKEN_BACK,
            RecallAttempt.id.not_in(undone),
        )
        .order_by(RecallAttempt.id.desc())
        .limit(1)
    )


def told(session: Session, recall: Recall) -> Sequence[tuple[RecallTold, str]]:
    """Who upstream was told, and by whom."""
    rows = session.execute(
        sa.select(RecallTold, User.name)
        .join(User, User.id == RecallTold.user_id)
        .where(RecallTold.recall_id == recall.id)
        .order_by(RecallTold.id)
    )
    return [(row[0], row[1]) for row in rows]


def waiting_for(session: Session, viewer: Viewer, *, today: date) -> list[tuple[Recall, int]]:
    """Open recalls with how many households the viewer may know of are not told yet."""
    found = session.scalars(
        visible_recalls(viewer, today=today).where(
            Recall.state == RecallState.OPEN, Recall.practice.is_(False)
        )
    ).all()
    return [
        (
            recall,
            sum(
                not one.person.is_settled and one.access.sees(Tier.STOCK)
                for one in people(session, recall, viewer, today=today)
            ),
        )
        for recall in found[:5]
    ]


def outcomes(session: Session, recall: Recall) -> list[FoodOutcome | None]:
    """For each household what became of its food, as the last standing word on it says."""
    undone = sa.select(RecallAttempt.takes_back_id).where(RecallAttempt.takes_back_id.is_not(None))
    rows = session.execute(
        sa.select(RecallPerson.id, RecallAttempt.food)
        .outerjoin(
            RecallAttempt,
            sa.and_(
                RecallAttempt.person_id == RecallPerson.id,
                RecallAttempt.food.is_not(None),
                RecallAttempt.id.not_in(undone),
            ),
        )
        .where(RecallPerson.recall_id == recall.id)
        .order_by(RecallPerson.id, RecallAttempt.id)
    )
    return list({row.id: row.food for row in rows}.values())
