"""The list of one's views, opening one, and the forms to make, change and put one away."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import attempt, conflict_of
from app.db import db, now, today
from app.errors import DomainError
from app.forms import Form
from app.idempotency import committed, creates
from app.japanese import fiscal_year
from app.policy import Action, requires
from app.reports import queries
from app.reports.asking import Asked, asked
from app.reports.blueprint import bp
from app.reports.codes import PERIOD_LABELS, SENDS_LABELS, Sends
from app.reports.models import ReportView
from app.reports.periods import name_of, period_of, span_named
from app.reports.reading import ONLY_YEARS
from app.reports.saved import services
from app.reports.saved.addresses import address_of
from app.reports.saved.schemas import ReportViewActSchema, ReportViewSchema
from app.reports.sections import SECTIONS
from app.security import the_viewer

NOT_YOURS = "この見方の組織の数字は、いまは読めません。組織を選び直すか、見方を消してください。"
MOVED_ON = "この見方は、先に書きかえられました。内容を確かめてから消してください。"


@bp.get("/reports/views")
@requires(Action.REPORT_VIEW_SAVE)
def view_list() -> Answer:
    """One's views with what they show and when word of them is sent."""
    viewer = the_viewer()
    names = {office.id: office.name for office in queries.offices_of(db.session, viewer)}
    views = services.views_of(db.session, viewer.user_id)
    return render_template(
        "reports/views.html",
        rows=[_row(view, names) for view in views],
        room=len(views) < services.MOST_VIEWS,
        most=services.MOST_VIEWS,
        unsent=any(view.sends is not Sends.NEVER for view in views)
        and not services.proved(db.session, viewer.user_id),
        gone=_just_deleted(),
    )


def _row(view: ReportView, names: dict[int, str]) -> dict[str, Any]:
    titles = [section.title for section in SECTIONS if section.key in view.parts]
    mail = SENDS_LABELS[view.sends]
    return {
        "view": view,
        "url": url_for("reports.open_view", view_id=view.id),
        "edit_url": url_for("reports.edit_view", view_id=view.id),
        "office": names.get(view.organisation_id),
        "period": PERIOD_LABELS[view.period],
        "parts": "、".join(titles) or _("全部"),
        "mail": _("毎月%(n)s日", n=view.day_of_month) if view.day_of_month else mail,
    }


def _just_deleted() -> ReportView | None:
    """The view put away by the last press, while it can be brought back."""
    number = request.args.get("gone", type=int)
    view = db.session.get(ReportView, number) if number and 0 < number < 2**31 else None
    if view is None or view.user_id != the_viewer().user_id or view.deleted_at is None:
        return None
    return view if now() - view.deleted_at <= services.UNDO_WITHIN else None


@bp.get("/reports/views/<int:view_id>")
@requires(Action.REPORT_VIEW_SAVE)
def open_view(view_id: int) -> Answer:
    """The figures as they were wanted; where they cannot be had, the form with the reason."""
    viewer = the_viewer()
    view = services.get_view(db.session, view_id, user_id=viewer.user_id)
    if reason := _unreadable(view):
        flash(reason, "warning")
        return make_response(redirect(url_for("reports.edit_view", view_id=view_id)))
    if lost := services.gone(view.parts):
        flash(
            _("この見方の部分のうち%(n)sつは、もうありません。ほかを開きました。", n=len(lost)),
            "warning",
        )
    return make_response(redirect(address_of(view, today())))


def _unreadable(view: ReportView) -> str | None:
    """Why a view cannot be opened by its owner as they are now."""
    viewer = the_viewer()
    offices = queries.offices_of(db.session, viewer)
    office = next((one for one in offices if one.id == view.organisation_id), None)
    if office is None:
        return NOT_YOURS
    if view.period not in services.YEARS and not queries.reads_exact(viewer, office):
        return ONLY_YEARS
    return None


@bp.get("/reports/views/new")
@requires(Action.REPORT_VIEW_SAVE)
def new_view() -> Answer:
    """The form, filled with what was looked at before."""
    address = asked()
    offices = queries.offices_of(db.session, the_viewer())
    initial = {
        "organisation_id": address.office or (offices[0].id if offices else None),
        "parts": list(address.parts),
        "period": _named(address),
        "sends": Sends.NEVER,
    }
    return _page(_form(initial=initial))


def _named(address: Asked) -> Any:
    """The name of the period looked at; none for an address that names no period there is."""
    try:
        span = span_named(address.of, today=today()) if address.of else None
        year = span.year if span else request.args.get("year", fiscal_year(today()), type=int)
        return name_of(period_of(year, today=today(), of=address.of), today())
    except DomainError:
        return None


def _form(**given: Any) -> Form:
    offices = queries.offices_of(db.session, the_viewer())
    choices: dict[str, Any] = {
        "organisation_id": [(office.id, office.name) for office in offices],
        "parts": [(section.key, section.title) for section in SECTIONS],
    }
    return Form(ReportViewSchema(), choices=choices, **given)


def _page(form: Form, view: ReportView | None = None, *, stale: bool = False) -> str:
    """The form of a new view or of one there is; after a 409 with both versions."""
    return render_template(
        "reports/view_form.html",
        form=form,
        view=view,
        conflict=conflict_of(form, _values(view), record_kind="report_view", record_id=view.id)
        if view and stale
        else None,
        proved=services.proved(db.session, the_viewer().user_id),
    )


def _values(view: ReportView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in services.FIELDS}


@bp.post("/reports/views")
@requires(Action.REPORT_VIEW_SAVE)
@creates
def make_view() -> Answer:
    form = _form(typed=request.form)
    status = attempt(
        form,
        lambda data: services.make_view(
            db.session, viewer=the_viewer(), values=dict(data), today=today()
        ),
    )
    if status != 200:
        return _page(form), status
    flash(_("「%(name)s」を残しました。次からはひと押しで開けます。", name=form.data["name"]))
    return committed(redirect(url_for("reports.view_list"), 303))


@bp.get("/reports/views/<int:view_id>/edit")
@requires(Action.REPORT_VIEW_SAVE)
def edit_view(view_id: int) -> Answer:
    view = services.get_view(db.session, view_id, user_id=the_viewer().user_id)
    return _page(_form(initial=_values(view)), view)


@bp.post("/reports/views/<int:view_id>/edit")
@requires(Action.REPORT_VIEW_SAVE)
def change_view(view_id: int) -> Answer:
    viewer = the_viewer()
    view = services.get_view(db.session, view_id, user_id=viewer.user_id)
    form = _form(typed=request.form)
    status = attempt(
        form,
        lambda data: services.change_view(
            db.session,
            viewer=viewer,
            view=view,
            version=data["version"],
            values=dict(data),
            today=today(),
        ),
    )
    if status != 200:
        view = services.get_view(db.session, view_id, user_id=viewer.user_id)
        return _page(form, view, stale=status == 409), status
    flash(_("「%(name)s」を書きかえました。", name=view.name))
    return committed(redirect(url_for("reports.view_list"), 303))


@bp.post("/reports/views/<int:view_id>/delete")
@requires(Action.REPORT_VIEW_SAVE)
def delete_view(view_id: int) -> Answer:
    view = services.get_view(db.session, view_id, user_id=the_viewer().user_id)
    form = Form(ReportViewActSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.delete_view(db.session, view=view, version=data["version"], at=now()),
    )
    if status != 200:
        view = services.get_view(db.session, view_id, user_id=the_viewer().user_id)
        flash(MOVED_ON, "warning")
        return _page(_form(initial=_values(view)), view), status
    return committed(redirect(url_for("reports.view_list", gone=view_id), 303))


@bp.post("/reports/views/<int:view_id>/restore")
@requires(Action.REPORT_VIEW_SAVE)
def restore_view(view_id: int) -> Answer:
    view = services.get_view(db.session, view_id, user_id=the_viewer().user_id, deleted=True)
    services.restore_view(db.session, view=view, at=now())
    flash(_("「%(name)s」を元に戻しました。", name=view.name))
    return committed(redirect(url_for("reports.view_list"), 303))
