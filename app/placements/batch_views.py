"""Pages: the approved pairs of a batch are held in one go, and each is told of for itself."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.db import db, now, today
from app.errors import InvalidError
from app.forms import Form
from app.housing.batches import page as batch_page
from app.housing.batches.queries import SeenBatch
from app.housing.batches.views import ready
from app.housing.batches.words import BatchWords
from app.idempotency import committed, creates
from app.placements.batch_holds import PairHeld, hold_pairs
from app.placements.blueprint import bp
from app.placements.schemas import BatchHoldsSchema
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer


@bp.post("/batches/<int:batch_id>/holds")
@requires(Action.HOLD_PLACE)
@creates
def hold_batch_pairs(batch_id: int) -> Answer:
    """Hold the pairs that are ticked; somebody who was first is named, the others stand."""
    viewer, seen = the_viewer(), ready(batch_id)
    form = Form(BatchHoldsSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("取り置く組に印をつけてください。"))
    done = hold_pairs(
        db.session,
        batch=seen.batch,
        **form.data,
        seen=seen.cases,
        user_id=viewer.user_id,
        organisation_id=acting_organisation(viewer, Action.HOLD_PLACE),
        at=now(),
    )
    _tell(batch_page.words_of(db.session, seen, today=today()), seen, done)
    return committed(redirect(url_for("housing.batch_page", batch_id=batch_id), 303))


def _tell(words: BatchWords, seen: SeenBatch, done: list[PairHeld]) -> None:
    """One message for those that stand, one for each that does not."""
    held = [one for one in done if one.hold is not None]
    if held:
        flash(_("%(n)d組を取り置きました。", n=len(held)))
    for one in done:
        if one.message is None:
            continue
        case_id, home_id = one.pair
        known = seen.sees(case_id) and home_id in words.homes
        which = f"{words.number(case_id)}と{words.say.home(home_id)}: " if known else ""
        flash(f"{which}{one.message}", "warning")
