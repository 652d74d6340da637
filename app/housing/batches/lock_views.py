"""Pages: what counts first, pairs that are fixed or ruled out, and one household's other homes."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.db import db, now, today
from app.errors import InvalidError, NotFoundError
from app.forms import Form
from app.housing.batches import page, queries, services
from app.housing.batches.schemas import LockSchema, PolicySchema
from app.housing.batches.views import led, ready
from app.housing.blueprint import bp
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import saw, the_viewer

MOST = 8
NOT_IN_IT = "この世帯は、この一括の組み合わせに入っていません。"


@bp.post("/batches/<int:batch_id>/policy")
@requires(Action.MATCH_RUN)
def choose_policy(batch_id: int) -> Answer:
    """Let something else count first, and solve again."""
    seen = led(batch_id)
    form = Form(PolicySchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("方針を選び直してください。"), fields=form.errors)
    services.choose_policy(
        db.session,
        batch=seen.batch,
        policy=form.data["policy"],
        user_id=the_viewer().user_id,
        today=today(),
        at=now(),
    )
    flash(_("方針を変えて、解き直しました。"))
    return _back(batch_id)


@bp.post("/batches/<int:batch_id>/solving")
@requires(Action.MATCH_RUN)
def solve_again(batch_id: int) -> Answer:
    """Solve with the vacancies of now: what was taken meanwhile is out."""
    seen = led(batch_id)
    services.one_at_a_time(db.session, seen.batch)
    services.solve_again(
        db.session, batch=seen.batch, user_id=the_viewer().user_id, today=today(), at=now()
    )
    flash(_("いまの空きで解き直しました。"))
    return _back(batch_id)


@bp.post("/batches/<int:batch_id>/locks")
@requires(Action.MATCH_RUN)
@creates
def lock_pair(batch_id: int) -> Answer:
    """Fix a pair or rule it out, and solve again."""
    seen = ready(batch_id)
    form = Form(LockSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("理由を入れて、もう一度押してください。"), fields=form.errors)
    if not seen.sees(form.data["case_id"]):
        raise NotFoundError(NOT_IN_IT)
    services.lock_pair(
        db.session,
        batch=seen.batch,
        **form.data,
        user_id=the_viewer().user_id,
        today=today(),
        at=now(),
    )
    flash(_("決めたことを入れて、解き直しました。"))
    return _back(batch_id)


@bp.post("/batches/<int:batch_id>/locks/<int:lock_id>/undo")
@requires(Action.MATCH_RUN)
def undo_lock(batch_id: int, lock_id: int) -> Answer:
    """Take a lock back, and solve again."""
    seen = ready(batch_id)
    require_seen_lock(seen, lock_id)
    services.undo_lock(
        db.session,
        batch=seen.batch,
        lock_id=lock_id,
        user_id=the_viewer().user_id,
        today=today(),
        at=now(),
    )
    flash(_("取り消して、解き直しました。"))
    return _back(batch_id)


def require_seen_lock(seen: queries.SeenBatch, lock_id: int) -> None:
    """Raise NotFoundError for a lock about a household that may not be seen."""
    lock = next((one for one in seen.batch.locks if one.id == lock_id), None)
    if lock is None or not seen.sees(lock.case_id):
        raise NotFoundError(_("この「固定」か「なし」は見つかりません。開き直してください。"))


def _back(batch_id: int) -> Answer:
    return committed(redirect(url_for("housing.batch_page", batch_id=batch_id), 303))


@bp.get("/batches/<int:batch_id>/households/<int:case_id>")
@requires(Action.MATCH_RUN)
def batch_household(batch_id: int, case_id: int) -> str:
    """The homes one household could take, and what each would do to the others."""
    seen = ready(batch_id)
    if not seen.sees(case_id):
        raise NotFoundError(NOT_IN_IT)
    saw(Deed.VIEWED, "case", case_id, fields=("home", "housing_need"))
    found = services.alternatives(seen.batch, case_id, most=MOST)
    words = page.words_of(db.session, seen, today=today(), also=[one["home"] for one in found])
    return render_template(
        "housing/batch_household.html",
        batch=seen.batch,
        case_id=case_id,
        called=words.called(case_id),
        choices=page.choices(words, case_id, found),
    )
