"""What the pages of a batch show: the whole of it for one viewer, and one household's choices."""

from collections.abc import Collection
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import jobs
from app.cases.listing import names_of
from app.housing.batches import queries
from app.housing.batches.models import BatchState, MatchBatch
from app.housing.batches.queries import SeenBatch
from app.housing.batches.words import POLICY_LABELS, BatchWords, group_of, home_ids, points
from app.housing.panels import held_until
from app.policy import Role, Viewer
from app.wording import moment

CSV_HEAD = ("順", "相談番号", "順のわけ", "住戸", "所在", "家賃", "合い方（点）", "わけ",
            "用意すること", "だれの代わりに", "状態")  # fmt: skip


def words_of(
    session: Session,
    seen: SeenBatch,
    *,
    today: date,
    also: Collection[int] = (),
    paper: bool = False,
) -> BatchWords:
    """A batch in this viewer's words, with its homes as they are now."""
    ids = home_ids(seen.batch.answer, seen.batch) | set(also)
    homes = queries.homes_by_id(session, ids)
    return BatchWords(seen, homes, held_until(session, list(homes)), today, paper)


def body(session: Session, seen: SeenBatch, viewer: Viewer, *, today: date) -> dict[str, Any]:
    """Everything the page of a batch shows."""
    batch = seen.batch
    if batch.state is BatchState.WORKING:
        return {
            "batch": batch,
            "progress": progress(session, batch),
            "at": moment(batch.created_at),
        }
    words = words_of(session, seen, today=today)
    locks = words.locks()
    names = names_of(session, {batch.user_id, *(lock["made_by"] for lock in locks)})
    pairs, without = words.pairs(), words.without()
    ours = batch.organisation_id in viewer.organisations(Role.CONSULTANT)
    return {
        "batch": batch,
        "at": moment(batch.created_at),
        "solved_at": moment(batch.solved_at),
        "maker": names.get(batch.user_id, ""),
        "old": batch.run_on < today,
        "pairs": pairs,
        "open_pairs": [pair for pair in pairs if pair["open"]],
        "any_held": any(pair["held"] for pair in pairs),
        "without": without,
        "doubtful": words.doubtful(),
        "recruits": words.recruits(),
        "policies": words.policies(),
        "moves": words.moves(),
        "kept": words.kept(),
        "locks": [
            {**lock, "by": names.get(lock["made_by"], ""), "when": moment(lock["at"])}
            for lock in locks
        ],
        "ours": seen.ours,
        "left_out": batch.left_out if ours else 0,
    }


def progress(session: Session, batch: MatchBatch) -> dict[str, Any]:
    """How far the job is in hundredths, or what stopped it; how many there are would tell of those
    in hiding.
    """
    job = session.get(jobs.Job, batch.job_id) if batch.job_id is not None else None
    done, total = jobs.live_progress.get(batch.job_id or 0, (0, 1))
    hundredths = 100 * done // max(total, 1)
    return {"done": hundredths, "total": 100, "problem": job.problem if job else None}


def choices(words: BatchWords, case_id: int, found: list[Any]) -> list[dict[str, Any]]:
    """The homes one household could take, and what each would do to the others."""
    proposed = queries.pair_of(words.answer, case_id)
    return [
        {
            "home": words.card(case_id, one["why"]),
            "home_id": one["home"],
            "value": f"{case_id}-{one['home']}",
            "points": points(one["benefit"]),
            "group": group_of(one["why"]),
            "proposed": bool(proposed and proposed["home"] == one["home"]),
            "taken": words.taken(case_id, one["loss"]) if one["loss"] else None,
        }
        for one in found
        if one["home"] in words.homes
    ]


def listed(batches: Collection[MatchBatch], names: dict[int, str]) -> list[dict[str, Any]]:
    """The rows of the list of batches."""
    return [
        {
            "id": batch.id,
            "url": url_for("housing.batch_page", batch_id=batch.id),
            "at": moment(batch.created_at),
            "maker": names.get(batch.user_id, ""),
            "policy": POLICY_LABELS[batch.policy],
            "state": _("組み合わせ中") if batch.state is BatchState.WORKING else "",
            "solved_at": moment(batch.solved_at),
        }
        for batch in batches
    ]


def csv_rows(words: BatchWords) -> list[list[Any]]:
    """The list as a file: households by their number alone."""
    rows = [
        [
            pair["number"],
            pair["case_number"],
            "・".join(pair["standing"]),
            pair["home"]["name"],
            pair["town"],
            pair["home"]["rent"],
            pair["points"],
            pair["home"]["reason"],
            "・".join(pair["home"]["arrange"]),
            pair["instead"],
            pair["outcome"][0] if pair["outcome"] else "",
        ]
        for pair in words.pairs()
    ]
    rest = ["", "", "", "", "", "", ""]
    return rows + [
        ["", one["case_number"], "・".join(one["standing"]), _("行き先なし"), *rest]
        for one in words.without()
    ]
