"""Pages: noting a grant the town decided, its early end, and what was done to find work."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.benefits import queries, services
from app.benefits.blueprint import bp
from app.benefits.schemas import ActivitySchema, GrantSchema, StopSchema
from app.benefits.views import benefits
from app.cases.frame import FormPage, Opened, Section, attempt, changing, render
from app.db import db, now, today
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires

GRANT_SECTIONS = (
    Section("支給", ("extends", "reason", ("starts_on", "months", "amount"))),
    Section("決定", ("paid_to", ("decided_by", "decided_on"))),
)


def _back(case_id: int) -> str:
    return url_for("benefits.benefits_page", case_id=case_id)


@bp.get("/cases/<int:case_id>/benefits/grants/new")
@requires(Action.CASE_EDIT)
def grant_page(case_id: int) -> Answer:
    one = changing(case_id)
    grants = queries.grants_of(db.session, case_id)
    last = grants[-1] if grants else None
    initial: dict[str, Any] = {"months": 3}
    if last is not None and queries.months_left(grants, last):
        initial |= {
            "extends": True,
            "reason": last.reason,
            "starts_on": queries.day_after(last),
            "amount": last.amount,
            "paid_to": last.paid_to,
            "decided_by": last.decided_by,
        }
    return _grant(one, Form(GrantSchema(), initial=initial))


@bp.post("/cases/<int:case_id>/benefits/grants")
@requires(Action.CASE_EDIT)
@creates
def record_grant(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(GrantSchema(), typed=request.form)
    user_id = one.viewer.user_id
    status = attempt(
        form,
        lambda data: services.record_grant(db.session, case=one.case, user_id=user_id, **data),
    )
    if status != 200:
        return _grant(changing(case_id), form), status
    flash(_("支給を記録しました。終わりが近づくと「きょう」に出ます。"))
    return committed(redirect(_back(case_id), 303))


def _grant(one: Opened, form: Form) -> str:
    page = FormPage(
        title=_("住居確保給付金の支給を記録する"),
        form=form,
        sections=GRANT_SECTIONS,
        action=url_for("benefits.record_grant", case_id=one.case.id),
        submit=_("記録する"),
        cancel_url=_back(one.case.id),
        lead=_("市が決めた内容を写します。ここで記録しても、申請や決定にはなりません。"),
    )
    return render(one, "cases/form.html", page=page)


@bp.get("/cases/<int:case_id>/benefits/grants/<int:grant_id>/stop")
@requires(Action.CASE_EDIT)
def stop_page(case_id: int, grant_id: int) -> Answer:
    one = changing(case_id)
    grant = queries.get_grant(db.session, case_id, grant_id)
    return _stop(one, grant_id, Form(StopSchema(), initial={"version": grant.version}))


@bp.post("/cases/<int:case_id>/benefits/grants/<int:grant_id>/stop")
@requires(Action.CASE_EDIT)
def stop_grant(case_id: int, grant_id: int) -> Answer:
    one = changing(case_id)
    grant = queries.get_grant(db.session, case_id, grant_id)
    form = Form(StopSchema(), typed=request.form)
    user_id = one.viewer.user_id
    status = attempt(
        form, lambda data: services.stop_grant(db.session, grant=grant, user_id=user_id, **data)
    )
    if status == 409:
        raise InvalidError(_("ほかの人が先に書きかえました。一覧から開き直してください。"))
    if status != 200:
        return _stop(changing(case_id), grant_id, form), status
    flash(_("途中で終わったことを記録しました。"))
    return committed(redirect(_back(case_id), 303))


def _stop(one: Opened, grant_id: int, form: Form) -> str:
    page = FormPage(
        title=_("支給が途中で終わった"),
        form=form,
        sections=(Section("", ("stopped_on", "stopped_why")),),
        action=url_for("benefits.stop_grant", case_id=one.case.id, grant_id=grant_id),
        submit=_("記録する"),
        cancel_url=_back(one.case.id),
    )
    return render(one, "cases/form.html", page=page)


@bp.post("/cases/<int:case_id>/benefits/activities")
@requires(Action.CASE_EDIT)
@creates
def record_activity(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(ActivitySchema(), typed=request.form)
    user_id = one.viewer.user_id
    status = attempt(
        form,
        lambda data: services.record_activity(
            db.session,
            case=one.case,
            kind=data["kind"],
            on=data["on"],
            remark=data["note"],
            user_id=user_id,
            today=today(),
        ),
    )
    if status != 200:
        return benefits(changing(case_id), form), status
    flash(_("活動を記録しました。"))
    return committed(redirect(f"{_back(case_id)}#activities", 303))


@bp.post("/cases/<int:case_id>/benefits/activities/<int:activity_id>/take-back")
@requires(Action.CASE_EDIT)
def take_back(case_id: int, activity_id: int) -> Answer:
    one = changing(case_id)
    services.take_back_activity(
        db.session,
        case_id=one.case.id,
        activity_id=activity_id,
        user_id=one.viewer.user_id,
        at=now(),
    )
    flash(_("活動を取り消しました。"))
    return committed(redirect(f"{_back(case_id)}#activities", 303))
