"""Pages of devices: fitting one, taking it out, and the accounts their makers send with."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import FormPage, Section, attempt
from app.cases.listing import called
from app.db import db, today
from app.errors import NotFoundError
from app.followup.blueprint import bp, opened_plan
from app.followup.queries import SeenPlan
from app.followup.signals import queries, services
from app.followup.signals.schemas import DeviceSchema, SenderSchema
from app.followup.tabs import tabs
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import acting_organisation, saw, the_viewer


@bp.get("/visits/plans/<int:plan_id>/devices/new")
@requires(Action.WATCH_PLAN)
def device_page(plan_id: int) -> Answer:
    return _device(opened_plan(plan_id), Form(DeviceSchema(), initial={"fitted_on": today()}))


def _device(seen: SeenPlan, form: Form) -> str:
    saw(Deed.VIEWED, "case", seen.case.id, fields=("home", "name"))
    back = url_for("followup.plan_page", plan_id=seen.plan.id)
    page = FormPage(
        title=_("安否の機器を登録する"),
        form=form,
        sections=(Section("", ("serial", ("kind", "fitted_on"))),),
        action=url_for("followup.fit_device", plan_id=seen.plan.id),
        submit=_("登録する"),
        cancel_url=back,
        lead=_("動きの知らせが毎日の安否確認になり、途切れると順番が始まります。"),
    )
    name = called(seen.case, the_viewer(), today=today())
    return render_template(
        "cases/form.html",
        page=page,
        breadcrumbs=[(_("見守り"), url_for("followup.visit_list")), (name, back)],
    )


@bp.post("/visits/plans/<int:plan_id>/devices")
@requires(Action.WATCH_PLAN)
@creates
def fit_device(plan_id: int) -> Answer:
    seen = opened_plan(plan_id)
    form = Form(DeviceSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.fit_device(
            db.session, plan=seen.plan, user_id=the_viewer().user_id, today=today(), **data
        ),
    )
    if status != 200:
        return _device(opened_plan(plan_id), form), status
    flash(_("登録しました。知らせが届くと、ここに出ます。"))
    return committed(redirect(url_for("followup.plan_page", plan_id=plan_id), 303))


@bp.post("/visits/plans/<int:plan_id>/devices/<int:device_id>/removal")
@requires(Action.WATCH_PLAN)
@creates
def remove_device(plan_id: int, device_id: int) -> Answer:
    opened_plan(plan_id)
    device = queries.get_device(db.session, device_id, plan_id)
    services.remove_device(db.session, device=device, user_id=the_viewer().user_id, today=today())
    flash(_("外しました。届いた知らせは残っています。"))
    return committed(redirect(url_for("followup.plan_page", plan_id=plan_id), 303))


@bp.get("/visits/senders")
@requires(Action.WATCH_TEMPLATE_EDIT)
def sender_list() -> Answer:
    """Whose servers may send signals."""
    return _senders(Form(SenderSchema()))


def _office() -> int:
    return acting_organisation(the_viewer(), Action.WATCH_TEMPLATE_EDIT)


def _senders(form: Form, token: str | None = None) -> str:
    return render_template(
        "followup/senders.html",
        tabs=tabs("followup.sender_list"),
        form=form,
        token=token,
        rows=services.senders(db.session, _office()),
    )


@bp.post("/visits/senders")
@requires(Action.WATCH_TEMPLATE_EDIT)
@creates
def add_sender() -> Answer:
    """The token stands on the answer itself and nowhere else: it is told once."""
    form = Form(SenderSchema(), typed=request.form)
    if not form.load():
        return _senders(form), 422
    token = services.make_sender(
        db.session,
        organisation=db.session.get_one(Organisation, _office()),
        name=form.data["name"],
        user_id=the_viewer().user_id,
    )
    return committed(_senders(Form(SenderSchema()), token=token), 201)


@bp.post("/visits/senders/<int:user_id>/stop")
@requires(Action.WATCH_TEMPLATE_EDIT)
def stop_sender(user_id: int) -> Answer:
    sender = next((s for s in services.senders(db.session, _office()) if s.id == user_id), None)
    if sender is None:
        raise NotFoundError(_("この送り手は見つかりません。"))
    services.stop_sender(db.session, sender=sender, user_id=the_viewer().user_id)
    flash(_("止めました。この送り手の知らせは、もう受け付けません。"))
    return committed(redirect(url_for("followup.sender_list"), 303))
