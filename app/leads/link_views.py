"""Pages from a list to a consultation: the person's yes, then a case of theirs or a new one."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import FormPage, attempt, conflict_of
from app.cases.intake.new_views import INTAKE_SECTIONS
from app.cases.intake.schemas import IntakeSchema
from app.cases.models import Case
from app.cases.queries import get_case_to_change, visible_cases
from app.db import db, now, today
from app.errors import ConflictError, InvalidError
from app.forms import Form
from app.idempotency import committed, creates
from app.japanese import narrow
from app.leads import linking
from app.leads.blueprint import bp
from app.leads.page import lead_context
from app.leads.queries import SeenLead
from app.leads.schemas import AgreementSchema
from app.leads.views import seen_lead
from app.policy import Action, requires
from app.security import saw, the_viewer

NO_SUCH_CASE = "この番号の相談は見つからないか、書き込めません。番号を確かめてください。"


def _crumbs(seen: SeenLead) -> list[tuple[str, str]]:
    where = url_for("leads.lead_page", lead_id=seen.lead.id)
    return [(_("電話"), url_for("leads.call_list")), (seen.lead.name, where)]


@bp.get("/leads/<int:lead_id>/link")
@requires(Action.CASE_CREATE)
def link_page(lead_id: int) -> Answer:
    seen = seen_lead(lead_id)
    return _link(seen, Form(AgreementSchema(), initial=_now(seen) | {"agreed_on": today()}))


def _now(seen: SeenLead) -> dict[str, Any]:
    names = ("version", "agreed_how", "agreed_words")
    return {name: getattr(seen.lead, name) for name in names}


def _link(seen: SeenLead, form: Form, *, stale: bool = False) -> str:
    """The agreement, with the cases that may be this person's to choose from."""
    context = lead_context(db.session, seen, the_viewer(), today=today(), at=now())
    now_ = _now(seen) | {"agreed_on": seen.lead.agreed_on}
    return render_template(
        "leads/link.html",
        form=form,
        version=seen.lead.version,
        breadcrumbs=_crumbs(seen),
        conflict=(
            conflict_of(form, now_, record_kind="lead", record_id=seen.lead.id) if stale else None
        ),
        **context,
    )


@bp.post("/leads/<int:lead_id>/link")
@requires(Action.CASE_CREATE)
@creates
def record_agreement(lead_id: int) -> Answer:
    """Write the agreement down; with a case's number tie it, else go on to the intake."""
    seen = seen_lead(lead_id)
    form = Form(AgreementSchema(), typed=request.form)
    linked: list[Case] = []
    status = attempt(form, lambda values: linked.extend(_agree(seen, values)))
    if status != 200:
        return _link(seen_lead(lead_id), form, stale=status == 409), status
    if linked:
        flash(_("%(number)s につなぎました。", number=linked[0].number))
        return committed(redirect(url_for("cases.case_page", case_id=linked[0].id), 303))
    flash(_("同意を記録しました。続けて、相談を受け付けてください。"))
    return committed(redirect(url_for("leads.new_case_page", lead_id=lead_id), 303))


def _agree(seen: SeenLead, values: dict[str, Any]) -> list[Case]:
    """The case that was named, tied; none when a new one is to be received."""
    viewer = the_viewer()
    case = _case_named(values["case_number"])
    linking.record_agreement(
        db.session,
        lead=seen.lead,
        version=values["version"],
        values=values,
        user_id=viewer.user_id,
        today=today(),
    )
    if case is None:
        return []
    linking.link(
        db.session,
        lead=seen.lead,
        lead_list=seen.lead_list,
        case=case,
        user_id=viewer.user_id,
        at=now(),
    )
    return [case]


def _case_named(number: str) -> Case | None:
    """A case the viewer may write in, by its number; the same words for one they may not know."""
    code = narrow(number).upper()
    if not code:
        return None
    viewer = the_viewer()
    known = visible_cases(viewer, today=today()).where(sa.func.upper(Case.number) == code)
    case_id = db.session.scalar(known.with_only_columns(Case.id))
    if case_id is None:
        raise InvalidError(NO_SUCH_CASE, fields={"case_number": [_(NO_SUCH_CASE)]})
    return get_case_to_change(db.session, case_id, viewer, today=today()).case


@bp.get("/leads/<int:lead_id>/case/new")
@requires(Action.CASE_CREATE)
def new_case_page(lead_id: int) -> Answer:
    seen = seen_lead(lead_id)
    refuse_without_agreement(seen)
    initial = linking.intake_of(seen.lead, seen.lead_list) | {"received_on": today()}
    return _new_case(seen, Form(IntakeSchema(), initial=initial))


def refuse_without_agreement(seen: SeenLead) -> None:
    """Nobody is received who has not agreed, or twice."""
    if seen.lead.case_id is not None:
        raise ConflictError(linking.ALREADY)
    if seen.lead.agreed_on is None:
        raise ConflictError(linking.NOT_AGREED, code="not_agreed")


def _new_case(seen: SeenLead, form: Form) -> str:
    saw(Deed.VIEWED, "lead", seen.lead.id, fields=("name", "phone", "address", "born_on"))
    page = FormPage(
        title=_("相談を受け付ける"),
        form=form,
        sections=INTAKE_SECTIONS,
        action=url_for("leads.create_case", lead_id=seen.lead.id),
        submit=_("受け付ける"),
        cancel_url=url_for("leads.lead_page", lead_id=seen.lead.id),
        lead=_("名簿と、電話で聞いたことを入れてあります。本人に確かめて直してください。"),
    )
    return render_template("cases/new.html", page=page, breadcrumbs=_crumbs(seen), similar=None)


@bp.post("/leads/<int:lead_id>/case/new")
@requires(Action.CASE_CREATE)
@creates
def create_case(lead_id: int) -> Answer:
    seen = seen_lead(lead_id)
    refuse_without_agreement(seen)
    form = Form(IntakeSchema(), typed=request.form)
    made: list[Case] = []
    status = attempt(
        form,
        lambda intake: made.append(
            linking.start_case(
                db.session,
                lead=seen.lead,
                lead_list=seen.lead_list,
                intake=intake,
                user_id=the_viewer().user_id,
                today=today(),
                at=now(),
            )
        ),
    )
    if status != 200:
        return _new_case(seen_lead(lead_id), form), status
    flash(_("%(number)s として受け付けました。", number=made[0].number))
    return committed(redirect(url_for("cases.case_page", case_id=made[0].id), 303))
