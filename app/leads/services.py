"""What is heard at the telephone: results, the next day to call, and what to mind when calling."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.services import note
from app.cases.versions import check_version, flushed
from app.errors import ConflictError, InvalidError
from app.japanese import workday_from
from app.leads.claims import pass_through
from app.leads.codes import BY_PHONE, REACHED, TAPPED, CallResult, LeadState
from app.leads.models import Lead, LeadAttempt
from app.leads.numbers import settle_number
from app.leads.reading import digits_to_call

IN_THE_CASE = "この人は相談につながっています。これからのことは、相談の経過に書いてください。"
TAKEN_BACK_WITHIN = timedelta(minutes=10)
MISSES_BEFORE_A_WEEK = 3
FURTHEST = timedelta(days=366)
DETAILS = (
    "new_kana", "new_phone", "new_address", "secret", "voicemail", "best_time", "care_note",
)  # fmt: skip
_KEPT_BEFORE = (
    "state", "next_on", "last_result", "last_at", "calls", "misses", "reached", "wrong_digits",
)  # fmt: skip

# Days until the next call when nobody says otherwise; the first workday from then on.
_DAYS_AFTER = {CallResult.SPOKE: 30, CallResult.LATER: 3, CallResult.LETTER: 14}


def next_call(result: CallResult, today: date, *, misses: int) -> date | None:
    """The day to call again when nobody names one; None where nobody is to call again.

    `misses` are the absences in a row including this one: after the third a week goes by, so that
    nobody is rung every day.
    """
    if result is CallResult.ABSENT:
        days = 1 if misses < MISSES_BEFORE_A_WEEK else 7
    elif result in _DAYS_AFTER:
        days = _DAYS_AFTER[result]
    else:
        return None
    return workday_from(today + timedelta(days=days))


def record_result(
    session: Session,
    *,
    lead: Lead,
    organisation_id: int,
    version: int,
    result: CallResult,
    words: str,
    next_on: date | None,
    no_more: bool,
    user_id: int,
    today: date,
    at: datetime,
) -> LeadAttempt:
    """Add one attempt, plan the next call, and let go of the number.

    Raises StaleError when somebody recorded something since the page was opened, ConflictError
    while somebody else is calling or once the person became a case, InvalidError for a day that
    makes no sense.
    """
    check_version(lead, version)
    if lead.case_id is not None:
        raise ConflictError(IN_THE_CASE)
    _check_next(result, next_on, no_more=no_more, today=today)
    pass_through(session, lead=lead, organisation_id=organisation_id, user_id=user_id, at=at)

    def act() -> LeadAttempt:
        attempt = _add(session, lead, result, words, user_id=user_id, at=at)
        _settle(lead, result, next_on, no_more=no_more, today=today)
        attempt.next_on = lead.next_on
        return attempt

    attempt = flushed(session, act)
    note(session, Deed.CREATED, "lead_attempt", attempt.id, user_id=user_id,
         fields=("result", "note", "next_on"))  # fmt: skip
    return attempt


def _check_next(result: CallResult, next_on: date | None, *, no_more: bool, today: date) -> None:
    if result not in TAPPED:
        sentence = "結果を選び直してください。"
        raise InvalidError(sentence, fields={"result": [sentence]})
    if next_on is None:
        return
    sentence = ""
    if no_more:
        sentence = "「もうかけない」と次の日は、どちらか一つにしてください。"
    elif result in {CallResult.REFUSED, CallResult.WRONG_NUMBER}:
        sentence = "拒否・番号違いのときは、次の日を空にしてください。"
    elif not today <= next_on <= today + FURTHEST:
        sentence = "きょうから1年以内の日を入れてください。"
    if sentence:
        raise InvalidError(sentence, fields={"next_on": [sentence]})


def _add(
    session: Session, lead: Lead, result: CallResult, words: str, *, user_id: int, at: datetime
) -> LeadAttempt:
    """The attempt with what the person's row said before it, and the row's own tallies."""
    attempt = LeadAttempt(
        lead_id=lead.id,
        user_id=user_id,
        at=at,
        result=result,
        note=words or None,
        before={name: _plain(getattr(lead, name)) for name in _KEPT_BEFORE},
    )
    session.add(attempt)
    lead.last_result, lead.last_at = result, at
    lead.calls += result in BY_PHONE
    lead.misses = lead.misses + 1 if result is CallResult.ABSENT else 0
    lead.reached = lead.reached or result in REACHED
    return attempt


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _settle(
    lead: Lead, result: CallResult, next_on: date | None, *, no_more: bool, today: date
) -> None:
    """Where the person stands after a result."""
    lead.state = LeadState.OPEN
    lead.next_on = next_on or next_call(result, today, misses=lead.misses)
    if result is CallResult.WRONG_NUMBER:
        lead.wrong_digits = lead.call_digits or lead.wrong_digits
        settle_number(lead)
    if result is CallResult.REFUSED:
        lead.state, lead.next_on = LeadState.DECLINED, None
    elif no_more:
        lead.state, lead.next_on = LeadState.DONE, None


# ----------------------------------------------------------------------------- taking back


def last_attempt(session: Session, lead: Lead) -> LeadAttempt | None:
    """The newest attempt that stands: neither taken back nor a taking back."""
    taken_back = sa.select(LeadAttempt.takes_back_id).where(LeadAttempt.takes_back_id.is_not(None))
    return session.scalar(
        sa.select(LeadAttempt)
        .where(
            LeadAttempt.lead_id == lead.id,
            LeadAttempt.result != CallResult.TAKEN_BACK,
            LeadAttempt.id.not_in(taken_back),
        )
        .order_by(LeadAttempt.id.desc())
        .limit(1)
    )


def may_take_back(attempt: LeadAttempt | None, *, user_id: int, at: datetime) -> bool:
    """A slip may be taken back by whoever made it, for ten minutes; a case that began stays."""
    return (
        attempt is not None
        and attempt.user_id == user_id
        and attempt.result is not CallResult.LINKED
        and at - attempt.at <= TAKEN_BACK_WITHIN
    )


def take_back(
    session: Session, *, lead: Lead, version: int, user_id: int, at: datetime
) -> LeadAttempt:
    """Undo one's own last result by a further row; the person stands as before it."""
    check_version(lead, version)
    last = last_attempt(session, lead)
    if last is None or not may_take_back(last, user_id=user_id, at=at):
        raise ConflictError("取り消せるのは、自分が10分以内に記録した最後の結果だけです。")

    def act() -> LeadAttempt:
        undone = LeadAttempt(
            lead_id=lead.id, user_id=user_id, at=at, result=CallResult.TAKEN_BACK,
            takes_back_id=last.id, before={},
        )  # fmt: skip
        session.add(undone)
        _put_back(lead, last.before)
        return undone

    undone = flushed(session, act)
    note(session, Deed.CREATED, "lead_attempt", undone.id, user_id=user_id, fields=("result",))
    return undone


def _put_back(lead: Lead, before: Mapping[str, Any]) -> None:
    for name in _KEPT_BEFORE:
        setattr(lead, name, before[name])
    lead.next_on = date.fromisoformat(before["next_on"]) if before["next_on"] else None
    lead.last_at = datetime.fromisoformat(before["last_at"]) if before["last_at"] else None
    settle_number(lead)


# --------------------------------------------------------------------------------- details


def save_details(
    session: Session,
    *,
    lead: Lead,
    version: int,
    values: Mapping[str, Any],
    user_id: int,
    today: date,
) -> None:
    """What was heard of a person beside the list; the list's own words stay under it.

    Raises StaleError when somebody was first, ConflictError once the person is a case,
    InvalidError for a number that cannot be rung.
    """
    check_version(lead, version)
    if lead.case_id is not None:
        raise ConflictError(IN_THE_CASE)
    digits = digits_to_call(values["new_phone"])
    if values["new_phone"] and digits is None:
        sentence = "電話番号として読めません。市外局番から入れてください。"
        raise InvalidError(sentence, fields={"new_phone": [sentence]})
    plain = {name: values[name] or None for name in DETAILS}
    changed = [name for name in DETAILS if getattr(lead, name) != plain[name]]

    def act() -> None:
        for name in changed:
            setattr(lead, name, plain[name])
        lead.new_digits = digits
        could_ring = lead.call_digits is not None
        settle_number(lead)
        if lead.state is LeadState.OPEN and not could_ring and lead.call_digits is not None:
            lead.next_on = today  # whom nobody could ring can be rung now

    flushed(session, act)
    if changed:
        note(session, Deed.CHANGED, "lead", lead.id, user_id=user_id, fields=changed)
