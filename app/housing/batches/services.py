"""Making a batch, locking pairs and solving again; each solving keeps what it was asked.

Whoever changes a batch waits for its row first: of two people who lock at once, the second one's
answer is made from both locks.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.cases.models import Case
from app.cases.queries import SeenCase
from app.errors import ConflictError, InvalidError, NotFoundError
from app.housing.batches import queries
from app.housing.batches.models import (
    BatchApproval,
    BatchCase,
    BatchLock,
    BatchPolicy,
    BatchState,
    LockKind,
    MatchBatch,
    Outcome,
)
from app.housing.panels import have_a_home
from app.housing.proposals import batch as machine
from app.housing.proposals import batch_inputs
from app.policy import Tier

AT_ONCE = 100
"""Up to so many households are judged while somebody waits; more are a job."""

Progress = Callable[[int, int], None]


def no_progress(_done: int, _total: int) -> None:
    """For whoever waits for the answer itself."""


def open_batch(
    session: Session,
    *,
    case_ids: Collection[int],
    left_out: int,
    organisation_id: int,
    user_id: int,
    today: date,
) -> MatchBatch:
    """Begin a batch; it has no answer yet."""
    batch = MatchBatch(
        organisation_id=organisation_id,
        user_id=user_id,
        run_on=today,
        rule_version=machine.RULE_VERSION,
        left_out=left_out,
        cases=[BatchCase(case_id=case_id) for case_id in case_ids],
    )
    session.add(batch)
    session.flush()  # the job, the page and the audit entry refer to it
    _note(session, Deed.CREATED, batch, user_id)
    return batch


def judge(
    session: Session,
    *,
    looking: Sequence[SeenCase],
    recent: Sequence[Case],
    expected: int,
    today: date,
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Judge every home for everybody: the inputs of a batch. Nothing is written."""
    return batch_inputs.gather(
        session,
        [batch_inputs.Looking(one.case, one.access.sees(Tier.CARE)) for one in looking],
        recent,
        expected=expected,
        today=today,
        progress=progress,
    )


def fill(session: Session, *, batch: MatchBatch, inputs: dict[str, Any], at: datetime) -> None:
    """Solve for the first time; whatever changed since the homes were judged is looked up."""
    batch.inputs = inputs
    batch.asked = _asked(session, batch, today=batch.run_on, before=None)
    _solve(batch, user_id=batch.user_id, at=at)
    batch.state = BatchState.READY
    session.flush()  # locks and approvals of the same transaction may follow


def one_at_a_time(session: Session, batch: MatchBatch) -> None:
    """Wait for whoever is changing this batch, and read it again as they left it.

    Raises ConflictError while a job still works on it.
    """
    session.execute(sa.select(MatchBatch.id).where(MatchBatch.id == batch.id).with_for_update())
    session.refresh(batch)
    if batch.state is not BatchState.READY:
        raise ConflictError("まだ組み合わせています。終わってから、もう一度押してください。")


def active_locks(batch: MatchBatch) -> list[BatchLock]:
    """The locks in force, in the order in which they were made."""
    return [lock for lock in batch.locks if lock.undone_at is None]


def held_pairs(session: Session, batch: MatchBatch) -> list[tuple[int, int]]:
    """Approved pairs that still stand: the household has a home, and this one is not to be had."""
    held = [one for one in batch.approvals if one.outcome is Outcome.HELD]
    if not held:
        return []
    gone = set(queries.not_vacant(session, [one.home_id for one in held]))
    there = have_a_home(session)
    stand = ((one.case_id, one.home_id) for one in held
             if one.home_id in gone and one.case_id in there)  # fmt: skip
    return list(dict.fromkeys(stand))


def _asked(
    session: Session, batch: MatchBatch, *, today: date, before: list[list[int]] | None
) -> dict[str, Any]:
    """What this solving adds to the inputs: policy, locks, and what has changed since."""
    held = held_pairs(session, batch)
    locks = active_locks(batch)
    fixed = [(one.case_id, one.home_id) for one in locks if one.kind is LockKind.FIXED]
    fixed = [pair for pair in fixed if not _shares(pair, held)] + held
    ids = [one["id"] for one in batch.inputs["households"]]
    looking = queries.still_looking(session, ids)
    away = batch_inputs.closed_since(session, batch.inputs, looking, today=today)
    stay = {case_id for case_id, _home in held}
    kept = {home_id for _case, home_id in fixed}
    gone = set(queries.not_vacant(session, batch.inputs["homes"]["ids"])) - kept
    return {
        "policy": batch.policy.value,
        "fixed": sorted([case, home] for case, home in fixed),
        "never": sorted([one.case_id, one.home_id] for one in locks if one.kind is LockKind.NEVER),
        "gone": sorted(gone),
        "out": [one for one in ids if one not in looking and one not in stay],
        "away": sorted([case_id, home_id] for case_id, home_id in away),
        "before": before,
    }


def _shares(pair: tuple[int, int], pairs: Collection[tuple[int, int]]) -> bool:
    return any(pair[0] == case or pair[1] == home for case, home in pairs)


def _solve(batch: MatchBatch, *, user_id: int, at: datetime) -> None:
    try:
        batch.answer = machine.solve(batch.inputs, batch.asked)
    except machine.MatchingInputError as error:
        raise InvalidError(error.message) from error
    batch.solved_at, batch.solved_by = at, user_id


def solve_again(
    session: Session, *, batch: MatchBatch, user_id: int, today: date, at: datetime
) -> None:
    """Solve with the locks and vacancies of now, changing as few pairs as can be."""
    before = [[pair["case"], pair["home"]] for pair in batch.answer["pairs"]]
    session.flush()  # a new lock is read from the table like every other
    session.expire(batch, ["locks", "approvals"])
    batch.asked = _asked(session, batch, today=today, before=before)
    _solve(batch, user_id=user_id, at=at)
    _note(session, Deed.CHANGED, batch, user_id)


def choose_policy(
    session: Session,
    *,
    batch: MatchBatch,
    policy: BatchPolicy,
    user_id: int,
    today: date,
    at: datetime,
) -> None:
    """Let something else count first, and solve again."""
    one_at_a_time(session, batch)
    batch.policy = policy
    solve_again(session, batch=batch, user_id=user_id, today=today, at=at)


def lock_pair(
    session: Session,
    *,
    batch: MatchBatch,
    case_id: int,
    home_id: int,
    kind: LockKind,
    reason: str,
    user_id: int,
    today: date,
    at: datetime,
) -> BatchLock:
    """Fix one pair, or rule it out, and solve again.

    Raises NotFoundError for a household that is not in the batch, InvalidError for a home that is
    none of its possible ones, ConflictError where another lock, a hold or somebody else's choice
    stands against it.
    """
    one_at_a_time(session, batch)
    _require_possible(batch, case_id, home_id)
    _require_free(session, batch, case_id=case_id, home_id=home_id, kind=kind)
    lock = BatchLock(
        batch_id=batch.id,
        case_id=case_id,
        home_id=home_id,
        kind=kind,
        reason=reason,
        made_by=user_id,
    )
    session.add(lock)
    try:
        session.flush()  # the unique indexes have the last word
    except IntegrityError as error:
        raise ConflictError("ほかの人が先に決めました。開き直してください。") from error
    _note(session, Deed.CREATED, lock, user_id)
    solve_again(session, batch=batch, user_id=user_id, today=today, at=at)
    return lock


def _require_possible(batch: MatchBatch, case_id: int, home_id: int) -> None:
    """The same words whatever the reason is: some reasons must not be told."""
    household = next((one for one in batch.inputs["households"] if one["id"] == case_id), None)
    if household is None:
        raise NotFoundError("この世帯は、この一括の組み合わせに入っていません。")
    if home_id not in household["homes"]:
        raise InvalidError(
            "この世帯に提案できる住戸から選んでください。",
            fields={"home_id": ["この世帯に提案できる住戸から選んでください。"]},
        )


def _require_free(
    session: Session, batch: MatchBatch, *, case_id: int, home_id: int, kind: LockKind
) -> None:
    if _shares((case_id, home_id), held_pairs(session, batch)):
        raise ConflictError("この世帯か住戸は、もう取り置きになっています。")
    if any((lock.case_id, lock.home_id) == (case_id, home_id) for lock in active_locks(batch)):
        raise ConflictError(
            "この組は、もう「固定」か「なし」になっています。先にそれを取り消してください。"
        )
    if kind is LockKind.NEVER:
        return
    fixed = [lock for lock in active_locks(batch) if lock.kind is LockKind.FIXED]
    if any(lock.case_id == case_id for lock in fixed):
        raise ConflictError(
            "この世帯は、もうほかの住戸に固定されています。先にその固定を取り消してください。"
        )
    if any(lock.home_id == home_id for lock in fixed):
        raise ConflictError(
            "この住戸は、もうほかの世帯に固定されています。先にその固定を取り消してください。"
        )
    if queries.not_vacant(session, [home_id]):
        raise ConflictError("この住戸は、もう募集していません。ほかの住戸を選んでください。")


def undo_lock(
    session: Session, *, batch: MatchBatch, lock_id: int, user_id: int, today: date, at: datetime
) -> None:
    """Take a lock back, and solve again. Raises ConflictError when somebody did so before."""
    one_at_a_time(session, batch)
    lock = next((one for one in active_locks(batch) if one.id == lock_id), None)
    if lock is None:
        raise ConflictError("この「固定」か「なし」は、もう取り消されています。")
    lock.undone_at, lock.undone_by = at, user_id
    _note(session, Deed.CHANGED, lock, user_id, "undone_at")
    solve_again(session, batch=batch, user_id=user_id, today=today, at=at)


def approve(
    session: Session,
    *,
    batch: MatchBatch,
    case_id: int,
    home_id: int,
    user_id: int,
    outcome: Outcome,
    note: str | None = None,
) -> BatchApproval:
    """Keep that a person approved a pair, and what became of it."""
    approval = BatchApproval(
        batch_id=batch.id,
        case_id=case_id,
        home_id=home_id,
        user_id=user_id,
        outcome=outcome,
        note=note,
    )
    batch.approvals.append(approval)
    session.flush()  # of several approvals each is numbered in the order they were given in
    return approval


def _note(
    session: Session, deed: Deed, what: MatchBatch | BatchLock, user_id: int, *fields: str
) -> None:
    kind = "match_batch" if isinstance(what, MatchBatch) else "match_batch_lock"
    record(session, deed=deed, record_kind=kind, record_id=what.id, user_id=user_id, fields=fields)


def replays(batch: MatchBatch) -> bool:
    """Whether the stored inputs give the stored answer again."""
    return machine.replay(batch.inputs, batch.asked) == machine.canonical(batch.answer)


def alternatives(batch: MatchBatch, case_id: int, *, most: int) -> list[Mapping[str, Any]]:
    """The homes a household could take, and what each would do to the others."""
    return list(machine.alternatives(batch.inputs, batch.asked, case_id, most=most))
