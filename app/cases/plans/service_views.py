"""The list of services a plan can name, for whoever keeps it."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import FormPage, Section, attempt, bp, conflict_of
from app.cases.plans import service_list
from app.cases.plans.codes import SERVICE_KIND_LABELS, SURVEY_COLUMN_LABELS, ServiceKind
from app.cases.plans.queries import KnownService, list_services
from app.cases.plans.schemas import ServiceAddSchema, ServiceSchema, without_version
from app.db import db, today
from app.errors import NotFoundError
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer

FIELDS = ("name", "kind", "survey_column", ("starts_on", "ends_on"), "provider", "note")


@bp.get("/services")
@requires(Action.SERVICE_MANAGE)
def service_page() -> Answer:
    found = list_services(db.session)
    return render_template(
        "cases/plans/services.html",
        groups=[
            (SERVICE_KIND_LABELS[kind], [one for one in found if one.kind is kind])
            for kind in ServiceKind
        ],
        columns=SURVEY_COLUMN_LABELS,
        on=today(),
    )


@bp.get("/services/new")
@requires(Action.SERVICE_MANAGE)
def new_service_page() -> Answer:
    initial = {"kind": ServiceKind.LOCAL, "starts_on": today()}
    return _form(Form(ServiceAddSchema(), initial=initial), None)


@bp.post("/services/new")
@requires(Action.SERVICE_MANAGE)
@creates
def add_service() -> Answer:
    form = Form(ServiceAddSchema(), typed=request.form)
    who = the_viewer().user_id
    status = attempt(
        form,
        lambda data: service_list.add_service(
            db.session, values=without_version(data), user_id=who
        ),
    )
    if status != 200:
        return _form(form, None), status
    flash(_("事業を加えました。プランで選べます。"))
    return committed(redirect(url_for("cases.service_page"), 303))


@bp.get("/services/<code>")
@requires(Action.SERVICE_MANAGE)
def edit_service_page(code: str) -> Answer:
    known = _find(code)
    return _form(Form(ServiceSchema(), initial=_values(known)), known)


@bp.post("/services/<code>")
@requires(Action.SERVICE_MANAGE)
def change_service(code: str) -> Answer:
    _find(code)
    form = Form(ServiceSchema(), typed=request.form)
    who = the_viewer().user_id
    status = attempt(
        form,
        lambda data: service_list.change_service(
            db.session, code=code, version=data["version"], values=without_version(data),
            user_id=who,
        ),
    )  # fmt: skip
    if status != 200:
        return _form(form, _find(code), stale=status == 409), status
    flash(_("事業を書きかえました。すでにあるプランの名前は変わりません。"))
    return committed(redirect(url_for("cases.service_page"), 303))


def _find(code: str) -> KnownService:
    known = next((one for one in list_services(db.session) if one.code == code), None)
    if known is None:
        raise NotFoundError(_("この事業は見つかりません。一覧から選び直してください。"))
    return known


def _values(known: KnownService) -> Mapping[str, Any]:
    return vars(known) | {"survey_column": known.column}


def _form(form: Form, known: KnownService | None, *, stale: bool = False) -> str:
    page = FormPage(
        title=known.name if known else _("事業を加える"),
        form=form,
        sections=(Section("", FIELDS if known else ("code", *FIELDS)),),
        action=url_for("cases.change_service", code=known.code)
        if known
        else url_for("cases.add_service"),
        submit=_("記録する"),
        cancel_url=url_for("cases.service_page"),
        version=known.version if known and stale else None,
        conflict=conflict_of(form, _values(known), record_kind="service", record_id=known.id or 0)
        if known and stale
        else None,
    )
    crumbs = [(_("事業・サービス"), url_for("cases.service_page"))]
    return render_template("cases/form.html", page=page, breadcrumbs=crumbs)
