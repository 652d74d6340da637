"""Pages: hand in a list, say who sent it and what its columns are, look at what it would do, take
it in, read the report, undo it.
"""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import jobs
from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.db import db, today
from app.errors import ConflictError, DomainError, InvalidError, TooLargeError
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.lists import intake, senders, taking, undo
from app.housing.lists import queries as import_queries
from app.housing.lists.columns import FIELD_NAMES, missing_fields
from app.housing.lists.models import IMPORT_STATE_LABELS, CouncilListImport, ImportState
from app.housing.lists.schemas import (
    ImportFilterSchema,
    ImportRowsSchema,
    ReadingSchema,
    SenderSchema,
)
from app.idempotency import committed, creates
from app.policy import Action, Role, requires
from app.security import acting_organisation, saw, the_viewer
from app.uploads import uploaded_file

BUSY = (ImportState.READING, ImportState.TAKING_IN)
REPORTED = (ImportState.TAKEN_IN, ImportState.UNDONE)


@bp.get("/homes/imports")
@requires(Action.HOME_IMPORT)
def import_page() -> Answer:
    return _upload_page(_sender_form())


def _sender_form(typed: Any = None, kept: CouncilListImport | None = None) -> Form:
    found = senders.senders(db.session)
    initial = {"sender_id": kept.sender_id} if kept is not None else {}
    return Form(SenderSchema(), typed=typed, initial=initial, choices={"sender_id": found})


def _upload_page(form: Form, error: DomainError | None = None) -> str:
    narrowed = Form(ImportFilterSchema(), typed=request.args)
    words = narrowed.data["words"] if narrowed.load() else ""
    return render_template(
        "housing/imports.html",
        imports=import_queries.imports_of(db.session, _organisations(), words=words),
        narrowed=narrowed,
        labels=IMPORT_STATE_LABELS,
        csv_url=url_for("housing.import_csv", words=words or None),
        form=form,
        errors=[("file", error.message)] if error else form.summary,
    )


CSV_HEAD = (
    "番号", "ファイル", "送り手", "状態", "新しい", "変わった", "同じ", "確かめる", "渡した人",
    "読んだ日",
)  # fmt: skip


@bp.get("/homes/imports.csv")
@requires(Action.HOME_IMPORT)
def import_csv() -> Answer:
    """The lists handed in so far, as a file."""
    form = Form(ImportFilterSchema(), typed=request.args)
    words = form.data["words"] if form.load() else ""
    found = import_queries.imports_of(db.session, _organisations(), words=words, most=20_000)
    saw(Deed.EXPORTED, "council_list", None)
    rows = (
        [kept.id, kept.file_name, kept.sender.name if kept.sender else kept.sender_name,
         IMPORT_STATE_LABELS[kept.state], kept.new_count, kept.changed_count, kept.same_count,
         kept.problem_count + kept.repeat_count + kept.asked_count, who, kept.read_on]
        for kept, who in found
    )  # fmt: skip
    return csv_answer("imports", CSV_HEAD, rows, today=today())


@bp.post("/homes/imports")
@requires(Action.HOME_IMPORT)
@creates
def upload_list() -> Answer:
    viewer = the_viewer()
    form = _sender_form(request.form)
    if not form.load():
        return _upload_page(form), 422
    try:
        content, name = uploaded_file()
        kept = intake.keep_list(
            db.session,
            content=content,
            file_name=name,
            organisation_id=acting_organisation(viewer, Action.HOME_IMPORT),
            user_id=viewer.user_id,
            today=today(),
            read_at_once=current_app.config.get("IMPORT_READ_AT_ONCE", intake.READ_AT_ONCE),
            **form.data,
        )
    except (InvalidError, TooLargeError) as error:
        db.session.rollback()
        return _upload_page(form, error), error.status
    return committed(redirect(_page_of(kept.id), 303))


@bp.get("/homes/imports/<int:import_id>")
@requires(Action.HOME_IMPORT)
def import_preview(import_id: int) -> Answer:
    """What a list would do, how far it is, or what it did – by its state."""
    kept = intake.get_import(db.session, import_id, _organisations())
    return _preview(kept)


def _preview(kept: CouncilListImport, errors: list[Any] | None = None) -> str:
    form = Form(ImportRowsSchema(), typed=request.args)
    form.load()
    page = import_queries.rows_of(
        db.session, kept, show=form.data.get("show", ""), page=form.data.get("page", 1)
    )
    if kept.state in REPORTED:
        template = "report"
    else:
        template = "mapping" if kept.state is ImportState.MAPPING else "preview"
    return render_template(
        f"housing/import_{template}.html",
        kept=kept,
        page=page,
        busy=kept.state in BUSY,
        errors=errors or [],
        gone=import_queries.gone_homes(db.session, kept),
        progress=_progress(kept.job_id),
        mapping=import_queries.mapping(kept),
        field_choices=import_queries.fields_to_choose(),
        missing=[FIELD_NAMES[name] for name in missing_fields(kept.columns.get("fields", {}))],
        sender_form=_sender_form(kept=kept),
        undoable=import_queries.undoable(db.session, kept),
    )


def _progress(job_id: int | None) -> dict[str, Any] | None:
    if job_id is None:
        return None
    job = db.session.get(jobs.Job, job_id)
    if job is None or job.state is jobs.JobState.DONE:
        return None
    done, total = jobs.live_progress.get(job_id, (0, 0))
    return {"done": done, "total": total, "problem": job.problem, "state": job.state.value}


@bp.post("/homes/imports/<int:import_id>/reading")
@requires(Action.HOME_IMPORT)
def reread_list(import_id: int) -> Answer:
    """Read the kept file as the person says; another sheet or head proposes its columns anew."""
    kept = intake.get_import(db.session, import_id, _organisations())
    form = Form(ReadingSchema(), typed=request.form)
    if not form.load():
        return _preview(kept, [(None, message) for _name, message in form.summary]), 422
    typed = form.data
    place = {name: typed[name] for name in ("sheet", "first_row", "last_row")}
    moved = any(place[name] != kept.columns.get(name) for name in place)
    chosen = {one["field"]: one["column"] for one in typed["columns"] if one["field"]}
    if place["sheet"] != kept.columns.get("sheet"):
        place |= {"first_row": 0, "last_row": 0}
    intake.reread(
        db.session,
        kept=kept,
        fields=None if moved else chosen,
        user_id=the_viewer().user_id,
        **place,
    )
    flash(_("選んだ読み方で読み直しました。住戸はまだ何も変わっていません。"))
    return committed(redirect(_page_of(import_id), 303))


@bp.post("/homes/imports/<int:import_id>/sender")
@requires(Action.HOME_IMPORT)
def change_sender(import_id: int) -> Answer:
    kept = intake.get_import(db.session, import_id, _organisations())
    form = _sender_form(request.form)
    if not form.load():
        return _preview(kept, form.summary), 422
    try:
        intake.change_sender(db.session, kept=kept, user_id=the_viewer().user_id, **form.data)
    except InvalidError as error:
        form.refuse(error.fields)
        db.session.rollback()
        return _preview(kept, form.summary), 422
    flash(_("送り手を変えて、比べ直しました。"))
    return committed(redirect(_page_of(import_id), 303))


@bp.post("/homes/imports/<int:import_id>/take-in")
@requires(Action.HOME_IMPORT)
@creates
def take_list_in(import_id: int) -> Answer:
    """At once for a short list, in the background for a long one; once in either case."""
    viewer = the_viewer()
    kept = intake.get_import(db.session, import_id, _organisations())
    taking.refuse_put_away(kept)
    at_once = current_app.config.get("IMPORT_AT_ONCE", taking.AT_ONCE)
    if import_queries.home_rows(db.session, kept) <= at_once:
        done = taking.take_in(db.session, import_id=kept.id, user_id=viewer.user_id)
    else:
        done = taking.start_taking_in(db.session, kept=kept, user_id=viewer.user_id)
    if not done:
        flash(_("この一覧は、もう取り込まれています。"), "info")
    return committed(redirect(_page_of(import_id), 303))


@bp.post("/homes/imports/<int:import_id>/refuse")
@requires(Action.HOME_IMPORT)
def refuse_list(import_id: int) -> Answer:
    kept = intake.get_import(db.session, import_id, _organisations())
    intake.refuse_list(db.session, kept=kept, user_id=the_viewer().user_id)
    flash(_("この一覧は取り込みません。住戸は変わっていません。"))
    return committed(redirect(url_for("housing.import_page"), 303))


@bp.get("/homes/imports/<int:import_id>/undo")
@requires(Action.HOME_IMPORT)
def undo_page(import_id: int) -> Answer:
    """What undoing a list would do, in figures, before anybody does it."""
    kept = intake.get_import(db.session, import_id, _organisations())
    if not import_queries.undoable(db.session, kept):
        sentence = "この一覧は取り消せません。同じ送り手の新しい一覧があるか、済んでいます。"
        raise ConflictError(sentence)
    plan = undo.plan_undo(db.session, kept)
    return render_template("housing/import_undo.html", kept=kept, plan=plan)


@bp.post("/homes/imports/<int:import_id>/undo")
@requires(Action.HOME_IMPORT)
def undo_list(import_id: int) -> Answer:
    kept = intake.get_import(db.session, import_id, _organisations())
    done = undo.undo_import(db.session, import_id=kept.id, user_id=the_viewer().user_id)
    if done is None:
        flash(_("この一覧は、もう取り消されています。"), "info")
    return committed(redirect(_page_of(import_id), 303))


def _page_of(import_id: int) -> str:
    return url_for("housing.import_preview", import_id=import_id)


def _organisations() -> frozenset[int]:
    return the_viewer().organisations(Role.HOUSING)
