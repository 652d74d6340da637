"""Pages of linking in and of the decisions at the end."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import FormPage, Section, attempt
from app.cases.listing import called
from app.db import db, today
from app.directory.access import kinds_seen
from app.directory.models import PartnerKind
from app.directory.queries import partner_choices
from app.errors import InvalidError, NotFoundError
from app.followup.blueprint import bp, opened_plan
from app.followup.queries import SeenPlan
from app.followup.settling import queries, services
from app.followup.settling.codes import LinkResult
from app.followup.settling.schemas import (
    ExtendSchema,
    LinkInSchema,
    LinkResultSchema,
    MoveOutSchema,
    SettleSchema,
)
from app.forms import Form
from app.idempotency import committed, creates
from app.japanese import months_later
from app.policy import Action, requires
from app.security import saw, the_viewer

LINKED_TO = (
    PartnerKind.PROVIDER, PartnerKind.CITY_SECTION, PartnerKind.OTHER, PartnerKind.COUNCIL,
)  # fmt: skip


def _render(seen: SeenPlan, page: FormPage) -> str:
    saw(Deed.VIEWED, "case", seen.case.id, fields=("home", "name"))
    name = called(seen.case, the_viewer(), today=today())
    crumbs = [(_("見守り"), url_for("followup.visit_list")), (name, _url(seen.plan.id))]
    return render_template("cases/form.html", page=page, breadcrumbs=crumbs)


def _url(plan_id: int) -> str:
    return url_for("followup.plan_page", plan_id=plan_id)


def _done(plan_id: int, words: str) -> Answer:
    flash(words)
    return committed(redirect(_url(plan_id), 303))


# ------------------------------------------------------------------------------- linking in


def _partners() -> list[tuple[int, str]]:
    """Whom this viewer may choose from."""
    seen = kinds_seen(the_viewer())
    kinds = [kind for kind in LINKED_TO if kind in seen]
    return [choice for kind in kinds for choice in partner_choices(db.session, kind)]


def partners_offered(partner_id: int | None) -> None:
    """Refuse a number nobody offered: it must not bring anybody's name onto a page."""
    if partner_id is not None and partner_id not in dict(_partners()):
        sentence = _("いまは選べない相手です。選び直してください。")
        raise InvalidError(sentence, fields={"partner_id": [sentence]})


def _link_form(**typed: Any) -> Form:
    return Form(LinkInSchema(), choices={"partner_id": _partners()}, **typed)


@bp.get("/visits/plans/<int:plan_id>/link-ins/new")
@requires(Action.VISIT_RECORD)
def link_in_page(plan_id: int) -> Answer:
    initial = {"day": today(), "result": LinkResult.WAITING}
    return _link_in(opened_plan(plan_id), _link_form(initial=initial))


def _link_in(seen: SeenPlan, form: Form) -> str:
    return _render(
        seen,
        FormPage(
            title=_("地域や支援につなぐ"),
            form=form,
            sections=(Section("", (("day", "result"), "partner_id", "partner_name", "what")),),
            action=url_for("followup.add_link_in", plan_id=seen.plan.id),
            submit=_("記録する"),
            cancel_url=_url(seen.plan.id),
        ),
    )


@bp.post("/visits/plans/<int:plan_id>/link-ins")
@requires(Action.VISIT_RECORD)
@creates
def add_link_in(plan_id: int) -> Answer:
    seen = opened_plan(plan_id)
    form = _link_form(typed=request.form)

    def act(data: dict[str, Any]) -> None:
        partners_offered(data["partner_id"])
        services.link_in(
            db.session, plan=seen.plan, values=data, user_id=the_viewer().user_id, today=today()
        )

    status = attempt(form, act)
    if status != 200:
        return _link_in(opened_plan(plan_id), form), status
    return _done(plan_id, _("つないだことを記録しました。"))


@bp.post("/visits/plans/<int:plan_id>/link-ins/<int:link_id>/result")
@requires(Action.VISIT_RECORD)
def change_link_result(plan_id: int, link_id: int) -> Answer:
    opened_plan(plan_id)
    one = queries.get_link_in(db.session, link_id, plan_id)
    form = Form(LinkResultSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("結果を選んでください。"), fields={"result": [_("選んでください。")]})
    services.change_result(db.session, one=one, user_id=the_viewer().user_id, **form.data)
    return _done(plan_id, _("結果を記録しました。"))


# --------------------------------------------------------------------------------- the end

ENDS: dict[str, tuple[Any, Callable[..., Any], str, tuple[str, ...], str]] = {
    "settle": (
        SettleSchema, services.settle, "地域に定着した", ("day", "reason"),
        "これからの見守りの予定は取りやめになります。記録はすべて残ります。",
    ),
    "extend": (
        ExtendSchema, services.extend, "見守りを延ばす", ("until_on", "reason"),
        "いまの間隔で、新しい終わりの日まで予定を入れます。",
    ),
    "leave": (
        MoveOutSchema, services.leave, "退去した", ("day", "leave_reason", "reason"),
        "入居と見守りが終わり、住戸は空きになります。記録はすべて残ります。",
    ),
}  # fmt: skip


@bp.get("/visits/plans/<int:plan_id>/ends/<what>")
@requires(Action.WATCH_PLAN)
def end_page(plan_id: int, what: str) -> Answer:
    seen = _ending(plan_id, what)
    initial = {"day": today(), "until_on": months_later(max(seen.plan.ends_on, today()), 12)}
    return _end(seen, what, Form(ENDS[what][0](), initial=initial))


def _ending(plan_id: int, what: str) -> SeenPlan:
    if what not in ENDS:
        raise NotFoundError(_("このページはありません。"))
    return opened_plan(plan_id)


def _end(seen: SeenPlan, what: str, form: Form) -> str:
    _schema, _service, title, fields, lead = ENDS[what]
    return _render(
        seen,
        FormPage(
            title=title,
            form=form,
            sections=(Section("", fields),),
            action=url_for("followup.decide_end", plan_id=seen.plan.id, what=what),
            submit=_("この決定を残す"),
            cancel_url=_url(seen.plan.id),
            lead=lead,
        ),
    )


@bp.post("/visits/plans/<int:plan_id>/ends/<what>")
@requires(Action.WATCH_PLAN)
@creates
def decide_end(plan_id: int, what: str) -> Answer:
    seen = _ending(plan_id, what)
    schema, service, *_rest = ENDS[what]
    form = Form(schema(), typed=request.form)
    status = attempt(
        form,
        lambda data: service(
            db.session, plan=seen.plan, user_id=the_viewer().user_id, today=today(), **data
        ),
    )
    if status != 200:
        return _end(opened_plan(plan_id), what, form), status
    return _done(plan_id, _("決定を残しました。"))
