"""Changing what was taken down: the intake, the protection flag, the end of a consultation."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import (
    FormPage,
    Opened,
    Section,
    attempt,
    bp,
    changing,
    conflict_of,
    render,
)
from app.cases.intake import services as receiving
from app.cases.intake.new_views import INTAKE_SECTIONS
from app.cases.intake.schemas import (
    PLACE_FIELDS,
    IntakeEditSchema,
    ProtectionSchema,
)
from app.cases.intake.suggestions import route_suggestions
from app.cases.records import CASE_FIELDS
from app.cases.work import services as team_services
from app.db import db, today
from app.forms import Form
from app.idempotency import committed
from app.policy import Action, Tier, requires


@bp.get("/cases/<int:case_id>/intake")
@requires(Action.CASE_EDIT)
def intake_page(case_id: int) -> Answer:
    one = changing(case_id)
    return _intake(one, Form(_intake_schema(one), initial=_intake_now(one)))


@bp.post("/cases/<int:case_id>/intake")
@requires(Action.CASE_EDIT)
def save_intake(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(_intake_schema(one), typed=request.form)

    def act(intake: dict[str, Any]) -> None:
        receiving.edit_intake(
            db.session,
            case=one.case,
            version=intake["version"],
            intake=intake,
            user_id=one.viewer.user_id,
            today=today(),
        )

    status = attempt(form, act)
    if status != 200:
        return _intake(changing(case_id), form, stale=status == 409), status
    flash(_("受付の内容を書きかえました。"))
    return committed(redirect(one.url, 303))


def _intake_schema(one: Opened) -> IntakeEditSchema:
    """Without the people, who have pages of their own, and without the fields of the place for
    those who may not see it: they cannot blank them.
    """
    hidden = () if one.access.sees(Tier.PLACE) else PLACE_FIELDS
    return IntakeEditSchema(exclude=("members", *hidden))


def _intake_now(one: Opened) -> dict[str, Any]:
    return {n: one.shown[n] for n in CASE_FIELDS}


def _intake(one: Opened, form: Form, *, stale: bool = False) -> str:
    now_ = _intake_now(one)
    page = FormPage(
        title=_("受付の内容"),
        form=form,
        sections=[part for part in INTAKE_SECTIONS if part.rows is None],
        action=url_for("cases.save_intake", case_id=one.case.id),
        submit=_("書きかえる"),
        cancel_url=one.url,
        version=one.case.version if stale else None,
        conflict=(
            conflict_of(form, now_, record_kind="case", record_id=one.case.id) if stale else None
        ),
        changes={"route_detail": {"options": route_suggestions(db.session)}},
    )
    return render(one, "cases/form.html", page=page)


# ------------------------------------------------------------------------------ protection


@bp.get("/cases/<int:case_id>/protection")
@requires(Action.CASE_EDIT)
def protection_page(case_id: int) -> Answer:
    one = changing(case_id)
    return _protection(one, Form(ProtectionSchema(), initial=one.shown.values))


@bp.post("/cases/<int:case_id>/protection")
@requires(Action.CASE_EDIT)
def save_protection(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(ProtectionSchema(), typed=request.form)
    user_id = one.viewer.user_id
    status = attempt(
        form,
        lambda data: team_services.set_protection(
            db.session, case=one.case, user_id=user_id, **data
        ),
    )
    if status != 200:
        return _protection(changing(case_id), form, stale=status == 409), status
    flash(_("居場所の扱いを記録しました。次の操作から変わります。"))
    return committed(redirect(one.url, 303))


def _protection(one: Opened, form: Form, *, stale: bool = False) -> str:
    page = FormPage(
        title=_("居場所を隠す必要"),
        form=form,
        sections=(Section("", ("protection",)),),
        action=url_for("cases.save_protection", case_id=one.case.id),
        submit=_("記録する"),
        cancel_url=one.url,
        lead=_(
            "「必要ない」にすると、同意のある団体には住所と電話が見えるようになります。"
            "確かめていない間は、隠したままにしてください。"
        ),
        version=one.case.version if stale else None,
        conflict=_conflict(one, form) if stale else None,
    )
    return render(one, "cases/form.html", page=page)


def _conflict(one: Opened, form: Form) -> dict[str, Any]:
    return conflict_of(form, one.shown.values, record_kind="case", record_id=one.case.id)
