"""What is done with a sheet that was sent: received, answered, closed, taken back, made a case."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import FormPage, Section, attempt
from app.db import db, now, today
from app.errors import ForbiddenError, NotFoundError
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, Tier, requires
from app.referrals import queries, services
from app.referrals.blueprint import bp
from app.referrals.models import ReferralRecipient
from app.referrals.queries import SeenSheet
from app.referrals.schemas import AnswerSchema, ReceiptSchema
from app.security import the_viewer


def found(sheet_id: int, recipient_id: int) -> tuple[SeenSheet, ReferralRecipient]:
    """A recipient the viewer may know of. Raises NotFoundError."""
    seen = queries.get_sheet(db.session, sheet_id, the_viewer(), today=today())
    for one in queries.shown_recipients(seen.sheet, seen.access):
        if one.id == recipient_id:
            return seen, one
    raise NotFoundError(queries.NOT_FOUND)


def answering(sheet_id: int, recipient_id: int) -> tuple[SeenSheet, ReferralRecipient]:
    """A recipient the viewer speaks for. Raises ForbiddenError for somebody else's."""
    seen, one = found(sheet_id, recipient_id)
    if not seen.access.answers_for(one):
        raise ForbiddenError(_("受け取りと答えは、送り先の人が記録します。"))
    return seen, one


def _back(sheet_id: int) -> str:
    return url_for("referrals.sheet_page", sheet_id=sheet_id)


@bp.post("/referrals/<int:sheet_id>/recipients/<int:recipient_id>/receipt")
@requires(Action.REFERRAL_READ)
def receive_sheet(sheet_id: int, recipient_id: int) -> Answer:
    seen, one = answering(sheet_id, recipient_id)
    form = Form(ReceiptSchema(), typed=request.form)
    form.load()
    viewer = the_viewer()
    # Who takes it here has a name already; of an office without account it is what was heard.
    by = viewer.name if one.id in seen.access.reached else form.data.get("received_by", "")
    services.receive(db.session, recipient=one, received_by=by, user_id=viewer.user_id, at=now())
    flash(_("受け取りを記録しました。"))
    return committed(redirect(_back(sheet_id), 303))


@bp.get("/referrals/<int:sheet_id>/recipients/<int:recipient_id>/answer")
@requires(Action.REFERRAL_READ)
def answer_page(sheet_id: int, recipient_id: int) -> Answer:
    seen, one = answering(sheet_id, recipient_id)
    return _answer(seen.sheet.number, one, Form(AnswerSchema()))


@bp.post("/referrals/<int:sheet_id>/recipients/<int:recipient_id>/answer")
@requires(Action.REFERRAL_READ)
def answer_sheet(sheet_id: int, recipient_id: int) -> Answer:
    seen, one = answering(sheet_id, recipient_id)
    form = Form(AnswerSchema(), typed=request.form)
    viewer = the_viewer()

    def act(data: dict[str, Any]) -> None:
        if one.id in seen.access.reached:
            data["answered_by"] = viewer.name
        services.answer(db.session, recipient=one, user_id=viewer.user_id, at=now(), **data)

    status = attempt(form, act)
    if status != 200:
        again, one = found(sheet_id, recipient_id)
        return _answer(again.sheet.number, one, form), status
    flash(_("答えを記録しました。送り元の窓口に届きます。"))
    return committed(redirect(_back(sheet_id), 303))


def _answer(number: str, one: ReferralRecipient, form: Form) -> str:
    heard = ("answered_by",) if one.organisation_id is None else ()
    page = FormPage(
        title=_("答えを返す"),
        form=form,
        sections=(Section("", ("result", "done", "next_step", *heard)),),
        action=url_for("referrals.answer_sheet", sheet_id=one.sheet_id, recipient_id=one.id),
        submit=_("答えを返す"),
        cancel_url=_back(one.sheet_id),
        lead=_("%(office)sとして答えます。最初の窓口の経過に載ります。", office=one.office),
    )
    crumbs = [(_("つなぐ"), url_for("referrals.sheet_list")), (number, page.cancel_url)]
    return render_template("cases/form.html", page=page, head=None, breadcrumbs=crumbs)


@bp.post("/referrals/<int:sheet_id>/recipients/<int:recipient_id>/close")
@requires(Action.REFERRAL_READ)
def close_recipient(sheet_id: int, recipient_id: int) -> Answer:
    seen, one = found(sheet_id, recipient_id)
    if not seen.access.makers_side:
        raise ForbiddenError(_("終わりにできるのは、送り元の窓口の人だけです。"))
    services.close(db.session, recipient=one, user_id=the_viewer().user_id)
    flash(_("終わりにしました。"))
    return committed(redirect(_back(sheet_id), 303))


@bp.post("/referrals/<int:sheet_id>/recipients/<int:recipient_id>/case")
@requires(Action.CASE_CREATE)
@creates
def open_case(sheet_id: int, recipient_id: int) -> Answer:
    seen, one = found(sheet_id, recipient_id)
    if one.id not in seen.access.reached or not seen.access.access.sees(Tier.CONTACT):
        raise ForbiddenError(_("相談として受け付けられるのは、送り先の相談員だけです。"))
    names = queries.names_for(db.session, [seen.sheet])
    case = services.open_case(
        db.session,
        sheet=seen.sheet,
        shown=queries.shown_sheet(seen.sheet, seen.access, names),
        recipient=one,
        organisation_id=one.organisation_id or 0,
        user_id=the_viewer().user_id,
        today=today(),
    )
    flash(_("シートの内容で相談を受け付けました。"))
    return committed(redirect(url_for("cases.case_page", case_id=case.id), 303))


# -------------------------------------------------------------------------------- taking back


def _to_withdraw(sheet_id: int) -> SeenSheet:
    seen = queries.get_sheet(db.session, sheet_id, the_viewer(), today=today())
    if not seen.access.makers_side:
        raise ForbiddenError(_("同意の取りやめは、シートを作った窓口で記録します。"))
    return seen


@bp.get("/referrals/<int:sheet_id>/withdraw")
@requires(Action.REFERRAL_MAKE)
def withdraw_page(sheet_id: int) -> Answer:
    seen = _to_withdraw(sheet_id)
    return render_template(
        "referrals/withdraw.html",
        number=seen.sheet.number,
        offices="・".join(one.office for one in seen.sheet.recipients),
        action=url_for("referrals.withdraw", sheet_id=sheet_id),
        cancel_url=_back(sheet_id),
    )


@bp.post("/referrals/<int:sheet_id>/withdraw")
@requires(Action.REFERRAL_MAKE)
def withdraw(sheet_id: int) -> Answer:
    seen = _to_withdraw(sheet_id)
    services.withdraw(db.session, sheet=seen.sheet, user_id=the_viewer().user_id, at=now())
    flash(_("同意を取りやめました。送り先は、いまから読めません。"))
    return committed(redirect(_back(sheet_id), 303))
