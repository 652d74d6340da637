"""Pages: hand in a list, look at what each row would do, take it in, read the report."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.db import db, now, today
from app.errors import DomainError, InvalidError, TooLargeError
from app.forms import Form
from app.idempotency import committed, creates, standings
from app.japanese import months_later
from app.leads import importing, queries
from app.leads.blueprint import bp
from app.leads.codes import ImportState
from app.leads.models import LeadImport
from app.leads.rows import (
    PER_PAGE,
    bad_rows,
    list_with_the_same,
    page_of_rows,
    people_left_out,
)
from app.leads.schemas import ImportFilterSchema, UploadSchema
from app.policy import Action, requires
from app.security import acting_organisation, saw, the_viewer
from app.uploads import refusing_sheets, uploaded_file

KEPT_FOR_MONTHS = 12
CSV_HEAD = ("行", "結果", "貸付番号", "氏名", "わけ")


@bp.get("/leads/imports/new")
@requires(Action.LEAD_IMPORT)
def upload_page() -> Answer:
    in_a_year = months_later(today(), KEPT_FOR_MONTHS)
    chosen = request.args.get("list", type=int)
    return _upload(_form(initial={"delete_on": in_a_year, "list_id": chosen}))


def _form(**more: Any) -> Form:
    own = acting_organisation(the_viewer(), Action.LEAD_IMPORT)
    lists = queries.lists_of(db.session, the_viewer())
    choices = [(one.id, one.name) for one in lists if one.organisation_id == own]
    return Form(UploadSchema(), choices={"list_id": choices}, **more)


def _upload(form: Form, error: DomainError | None = None) -> str:
    wrong = form.summary + ([("file", error.message)] if error and not form.errors else [])
    return render_template(
        "leads/upload.html",
        form=form,
        errors=wrong,
        file_errors=[message for name, message in wrong if name == "file"],
    )


@bp.post("/leads/imports")
@requires(Action.LEAD_IMPORT)
@creates
def upload_list() -> Answer:
    form = _form(typed=request.form)
    if not form.load():
        return _upload(form), 422
    try:
        kept = keep(form.data)
    except (InvalidError, TooLargeError) as error:
        db.session.rollback()
        form.refuse({name: said for name, said in error.fields.items() if name != "file"})
        return _upload(form, error), error.status
    return committed(redirect(_page_of(kept.id), 303))


def keep(values: dict[str, Any]) -> LeadImport:
    """Keep the request's file with the values of `UploadSchema`, for pages and programs alike."""
    viewer = the_viewer()
    content, name = uploaded_file()
    with refusing_sheets():
        return importing.keep_file(
            db.session,
            content=content,
            file_name=name,
            values=values,
            organisation_id=acting_organisation(viewer, Action.LEAD_IMPORT),
            user_id=viewer.user_id,
            today=today(),
        )


@bp.get("/leads/imports/<int:lead_import_id>")
@requires(Action.LEAD_IMPORT)
def import_page(lead_import_id: int) -> Answer:
    """What a file would do, or what it did."""
    viewer = the_viewer()
    kept = queries.get_import(db.session, lead_import_id, viewer)
    form = Form(ImportFilterSchema(), typed=request.args)
    chosen: dict[str, Any] = form.data if form.load() else {"show": None, "page": 1}
    rows, total = page_of_rows(db.session, kept, viewer, today=today(), **chosen)
    first = (chosen["page"] - 1) * PER_PAGE
    template = "preview" if kept.state is ImportState.PREVIEW else "report"
    return render_template(
        f"leads/{template}.html",
        kept=kept,
        lead_list=queries.get_list(db.session, kept.list_id, viewer) if kept.list_id else None,
        rows=rows,
        total=total,
        show=chosen["show"].value if chosen["show"] else "",
        first=first + 1,
        elsewhere=list_with_the_same(db.session, kept, viewer),
        left_out=people_left_out(db.session, kept, viewer, today=today()),
        previous_url=_page_of(kept.id, **_turned(chosen, -1)) if first else None,
        next_url=_page_of(kept.id, **_turned(chosen, 1)) if first + PER_PAGE < total else None,
    )


def _turned(chosen: dict[str, Any], step: int) -> dict[str, Any]:
    show = chosen["show"].value if chosen["show"] else None
    return {"show": show, "page": chosen["page"] + step}


@bp.get("/leads/imports/<int:lead_import_id>/bad-rows.csv")
@requires(Action.LEAD_IMPORT)
def bad_rows_csv(lead_import_id: int) -> Answer:
    """The rows that were not taken, to be mended by whoever sent the list."""
    kept = queries.get_import(db.session, lead_import_id, the_viewer())
    saw(Deed.EXPORTED, "lead_import", kept.id, fields=("number", "name"))
    return csv_answer("lead-rows", CSV_HEAD, bad_rows(db.session, kept), today=today())


@bp.post("/leads/imports/<int:lead_import_id>/take-in")
@requires(Action.LEAD_IMPORT)
@creates
def take_list_in(lead_import_id: int) -> Answer:
    viewer = the_viewer()
    kept = queries.get_import(db.session, lead_import_id, viewer)
    done = importing.take_in(db.session, kept=kept, user_id=viewer.user_id, today=today(), at=now())
    if not done:
        flash(_("このファイルは、もう取り込まれたか、片づけられています。"), "info")
    return committed(redirect(_page_of(lead_import_id), 303))


@bp.post("/leads/imports/<int:lead_import_id>/refuse")
@requires(Action.LEAD_IMPORT)
def refuse_list(lead_import_id: int) -> Answer:
    viewer = the_viewer()
    kept = queries.get_import(db.session, lead_import_id, viewer)
    importing.refuse(db.session, kept=kept, user_id=viewer.user_id)
    flash(_("取り込まないことにして、読み取った行を消しました。"))
    return committed(redirect(url_for("leads.lead_lists"), 303))


def _page_of(lead_import_id: int, **asked: Any) -> str:
    return url_for("leads.import_page", lead_import_id=lead_import_id, **asked)


def _standing(lead_import_id: int) -> str:
    return str(queries.get_import(db.session, lead_import_id, the_viewer()).id)


standings["lead_import_id"] = _standing
