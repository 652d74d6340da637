"""The way to the keys ended early: who said no, why, and what that means for later matches."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.models import Stage
from app.cases.services import advance
from app.directory.models import PartnerKind
from app.directory.services import find_or_add_partner
from app.errors import ConflictError, InvalidError
from app.housing.codes import Acceptance, Group, HomeState, PauseCause
from app.housing.models import Home, HomeAcceptance
from app.housing.pauses import pause_home
from app.placements.codes import (
    CONDITION_LABELS,
    FailedCondition,
    PlacementState,
    RefusalReason,
    StepKind,
)
from app.placements.models import Placement
from app.placements.services import note, one_at_a_time, tell_over


@dataclass(frozen=True)
class Refusal:
    """What was said: the reason, and for some reasons what it is about.

    `set_no` makes the landlord's answer for the group 不可, `pause` keeps the home back for the
    household's own wish; both only when somebody ticked them.
    """

    reason: RefusalReason
    note: str | None = None
    group: Group | None = None
    set_no: bool = False
    company: str | None = None
    pause: bool = False
    condition: FailedCondition | None = None


def refuse_placement(
    session: Session, *, placement: Placement, refusal: Refusal, user_id: int, today: date
) -> None:
    """End the way to the keys; the home is vacant again, or stopped when others were first.

    Raises InvalidError where a reason lacks what it is about, ConflictError when it has ended.
    """
    one_at_a_time(session, placement)
    if placement.state is not PlacementState.OPEN:
        raise ConflictError("この手続きは、すでに終わっています。")
    _check(refusal)
    taken = refusal.reason is RefusalReason.TAKEN
    placement.state = PlacementState.REFUSED
    placement.refusal = refusal.reason
    placement.refusal_note = refusal.note
    placement.failed_condition = refusal.condition
    placement.ended_on = today
    placement.home.state = HomeState.STOPPED if taken else HomeState.VACANT
    session.flush()  # the version has the last word before anything is kept back
    _keep_back(session, placement, refusal, user_id, today)
    advance(session, placement.case, to=Stage.CANDIDATES, from_=(Stage.APPLICATION,))
    note(session, Deed.CHANGED, "placement", placement.id, user_id, "state", "refusal")
    tell_over(session, placement, user_id)


def _check(refusal: Refusal) -> None:
    if refusal.set_no and (
        refusal.reason is not RefusalReason.LANDLORD_GROUP or refusal.group is None
    ):
        sentence = (
            "「不可」にするときは、理由を「貸主が断った（入居者の条件）」にして、"
            "だれの受け入れかを選んでください。"
        )
        raise InvalidError(sentence, fields={"group": [sentence]})
    if refusal.reason is RefusalReason.CONDITION and refusal.condition is None:
        sentence = "どの条件が合わなかったか選んでください。"
        raise InvalidError(sentence, fields={"condition": [sentence]})


_HOME_PAUSES = {
    RefusalReason.LANDLORD_GROUP: PauseCause.LANDLORD_GROUP,
    RefusalReason.LANDLORD_OTHER: PauseCause.LANDLORD,
    RefusalReason.AGENT: PauseCause.AGENT,
    RefusalReason.CONDITION: PauseCause.CONDITION,
}


def _keep_back(
    session: Session, placement: Placement, refusal: Refusal, user_id: int, today: date
) -> None:
    """What `REFUSAL_MEANINGS` promises beside each reason."""
    case = placement.case
    if refusal.reason is RefusalReason.SCREENING:
        company_id = _company(session, placement, refusal, user_id)
        if company_id is not None:
            pause_home(
                session,
                case=case,
                cause=PauseCause.COMPANY,
                company_id=company_id,
                user_id=user_id,
                today=today,
            )
        return
    if refusal.set_no and refusal.group is not None:
        _set_no(session, placement.home, refusal.group, user_id)
    cause = _HOME_PAUSES.get(refusal.reason)
    if refusal.reason is RefusalReason.HOUSEHOLD and refusal.pause:
        cause = PauseCause.HOUSEHOLD
    if cause is not None:
        condition = refusal.condition
        pause_home(
            session,
            case=case,
            cause=cause,
            home_id=placement.home_id,
            group=refusal.group if cause is PauseCause.LANDLORD_GROUP else None,
            detail=CONDITION_LABELS[condition] if condition else None,
            user_id=user_id,
            today=today,
        )


def _company(session: Session, placement: Placement, refusal: Refusal, user_id: int) -> int | None:
    """Which company said no: as named, as the screening has it, or as the home demands it."""
    if refusal.company:
        named = find_or_add_partner(
            session, kind=PartnerKind.GUARANTOR_COMPANY, name=refusal.company, user_id=user_id
        )
        return named.id
    screened = [s.company_id for s in placement.steps if s.kind is StepKind.SCREENING]
    return next(iter(screened), None) or placement.home.guarantor_company_id


def _set_no(session: Session, home: Home, group: Group, user_id: int) -> None:
    """The landlord's answer for one group becomes 不可, the words of the list kept beside it."""
    answer = next((one for one in home.acceptances if one.group_code is group), None)
    if answer is None:
        answer = HomeAcceptance(home_id=home.id, group_code=group, conditions=[])
        home.acceptances.append(answer)
    answer.answer = Acceptance.NO
    answer.conditions = []
    session.flush()  # one statement for the answer, whatever follows
    note(session, Deed.CHANGED, "home", home.id, user_id, "acceptance")
