"""Pages of the evidence: one button for a period, progress, and the file."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import jobs
from app.answers import Answer
from app.audit.models import Deed
from app.db import db, today
from app.errors import NotFoundError
from app.foodbank import queries as food
from app.foodbank.evidence import queries, services
from app.foodbank.evidence.models import EvidencePack
from app.foodbank.sorting.schemas import PeriodSchema
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.japanese import fiscal_year as fiscal_year_of
from app.japanese import fiscal_year_days
from app.policy import Action, requires
from app.security import acting_organisation, saw, the_viewer


@bp.get("/food/evidence")
@requires(Action.FOOD_RECEIVE)
def evidence_page() -> Answer:
    """The form with this fiscal year's days in it, and the packs made before."""
    first, _last = fiscal_year_days(fiscal_year_of(today()))
    return _page(Form(PeriodSchema(), initial={"first": first, "last": today()}))


def _page(form: Form) -> str:
    rows = [(one, _progress(one)) for one in queries.packs(db.session, the_viewer())]
    return render_template(
        "foodbank/evidence/page.html",
        form=form,
        rows=rows,
        working=any(not one.made_at and not state["problem"] for one, state in rows),
    )


def _progress(pack: EvidencePack) -> dict[str, Any]:
    if pack.made_at is not None or pack.job_id is None:
        return {"problem": None, "done": 1, "total": 1}
    job = db.session.get(jobs.Job, pack.job_id)
    done, total = jobs.live_progress.get(pack.job_id, (0, 1))
    return {"problem": job.problem if job else None, "done": done, "total": total}


@bp.post("/food/evidence")
@requires(Action.FOOD_RECEIVE)
@creates
def order_evidence() -> Answer:
    viewer = the_viewer()
    form = Form(PeriodSchema(), typed=request.form)
    if not form.load():
        return _page(form), 422
    services.order(
        db.session,
        organisation_id=acting_organisation(viewer, Action.FOOD_RECEIVE),
        user_id=viewer.user_id,
        **form.data,
    )
    flash(_("作り始めました。ほかの画面に移っても続きます。"), "info")
    return committed(redirect(url_for("foodbank.evidence_page"), 303))


@bp.get("/food/evidence/<int:pack_id>.zip")
@requires(Action.FOOD_RECEIVE)
def evidence_file(pack_id: int) -> Answer:
    pack = queries.get_pack(db.session, pack_id, the_viewer())
    if pack.content is None:
        raise NotFoundError(food.NOT_FOUND)
    saw(Deed.EXPORTED, "evidence_pack", pack.id, fields=("starts_on", "ends_on"))
    response = Response(pack.content, content_type="application/zip")
    name = f"evidence-{pack.starts_on}-{pack.ends_on}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
