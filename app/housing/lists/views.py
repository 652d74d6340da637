"""Pages: hand in a council's list, look at what it would do, take it in, read the report."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import jobs
from app.answers import Answer
from app.db import db, today
from app.errors import DomainError, InvalidError, TooLargeError
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.lists import intake
from app.housing.lists import queries as import_queries
from app.housing.lists.models import ImportState
from app.housing.lists.schemas import ImportRowsSchema
from app.idempotency import committed, creates
from app.policy import Action, Role, requires
from app.security import acting_organisation, the_viewer
from app.uploads import uploaded_file


@bp.get("/homes/imports")
@requires(Action.HOME_IMPORT)
def import_page() -> Answer:
    return _upload_page()


def _upload_page(error: DomainError | None = None) -> str:
    return render_template(
        "housing/imports.html",
        imports=import_queries.imports_of(db.session, _organisations()),
        errors=[("file", error.message)] if error else [],
    )


@bp.post("/homes/imports")
@requires(Action.HOME_IMPORT)
@creates
def upload_list() -> Answer:
    viewer = the_viewer()
    try:
        content, name = uploaded_file()
        kept = intake.keep_list(
            db.session,
            content=content,
            file_name=name,
            organisation_id=acting_organisation(viewer, Action.HOME_IMPORT),
            user_id=viewer.user_id,
            today=today(),
        )
    except (InvalidError, TooLargeError) as error:
        db.session.rollback()
        return _upload_page(error), error.status
    return committed(redirect(url_for("housing.import_preview", import_id=kept.id), 303))


@bp.get("/homes/imports/<int:import_id>")
@requires(Action.HOME_IMPORT)
def import_preview(import_id: int) -> Answer:
    """What a list would do, how far it is, or what it did – by its state."""
    kept = intake.get_import(db.session, import_id, _organisations())
    form = Form(ImportRowsSchema(), typed=request.args)
    form.load()
    page = import_queries.rows_of(
        db.session, kept, show=form.data.get("show", ""), page=form.data.get("page", 1)
    )
    template = "report" if kept.state is ImportState.TAKEN_IN else "preview"
    return render_template(
        f"housing/import_{template}.html",
        kept=kept,
        page=page,
        gone=import_queries.gone_homes(db.session, kept),
        progress=_progress(kept.job_id),
        mapping=import_queries.mapping(kept),
    )


def _progress(job_id: int | None) -> dict[str, Any] | None:
    if job_id is None:
        return None
    job = db.session.get(jobs.Job, job_id)
    if job is None or job.state is jobs.JobState.DONE:
        return None
    done, total = jobs.live_progress.get(job_id, (0, 0))
    return {"done": done, "total": total, "problem": job.problem, "state": job.state.value}


@bp.post("/homes/imports/<int:import_id>/take-in")
@requires(Action.HOME_IMPORT)
@creates
def take_list_in(import_id: int) -> Answer:
    """At once for a short list, in the background for a long one; once in either case."""
    viewer = the_viewer()
    kept = intake.get_import(db.session, import_id, _organisations())
    if import_queries.home_rows(db.session, kept) <= current_app.config.get(
        "IMPORT_AT_ONCE", intake.AT_ONCE
    ):
        done = intake.take_in(db.session, import_id=kept.id, user_id=viewer.user_id)
    else:
        done = intake.start_taking_in(db.session, kept=kept, user_id=viewer.user_id)
    if not done:
        flash(_("この一覧は、もう取り込まれています。"), "info")
    return committed(redirect(url_for("housing.import_preview", import_id=import_id), 303))


@bp.post("/homes/imports/<int:import_id>/refuse")
@requires(Action.HOME_IMPORT)
def refuse_list(import_id: int) -> Answer:
    kept = intake.get_import(db.session, import_id, _organisations())
    intake.refuse_list(db.session, kept=kept, user_id=the_viewer().user_id)
    flash(_("この一覧は取り込みません。住戸は変わっていません。"))
    return committed(redirect(url_for("housing.import_page"), 303))


def _organisations() -> frozenset[int]:
    return the_viewer().organisations(Role.HOUSING)
