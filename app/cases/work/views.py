"""Working on a case: the team, and prints that need a second person."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.cases.frame import (
    FormPage,
    Opened,
    Section,
    attempt,
    bp,
    changing,
    opened,
    render,
)
from app.cases.listing import names_of
from app.cases.work import services
from app.cases.work.models import PrintApproval
from app.cases.work.paper import (
    CASE_SHEET,
    PAPER_LABELS,
    case_sheet,
)
from app.cases.work.schemas import (
    PrintRequestSchema,
    TeamSchema,
)
from app.db import db, now, today
from app.errors import InvalidError, NotFoundError
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, Protection, Tier, requires
from app.printing import render_pdf
from app.security import saw
from app.wording import moment

# ------------------------------------------------------------------------------------- team


@bp.get("/cases/<int:case_id>/team")
@requires(Action.CASE_EDIT)
def team_page(case_id: int) -> Answer:
    return _team(changing(case_id), Form(TeamSchema()))


@bp.post("/cases/<int:case_id>/team")
@requires(Action.CASE_EDIT)
@creates
def add_to_team(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(TeamSchema(), typed=request.form)
    by = one.viewer.user_id
    status = attempt(
        form,
        lambda data: services.add_to_team(
            db.session, case=one.case, user_id=data["user_id"], by=by, today=today()
        ),
    )
    if status != 200:
        return _team(changing(case_id), form), status
    flash(_("担当に加えました。"))
    return committed(redirect(url_for("cases.team_page", case_id=case_id), 303))


@bp.post("/cases/<int:case_id>/team/<int:user_id>/remove")
@requires(Action.CASE_EDIT)
def remove_from_team(case_id: int, user_id: int) -> Answer:
    one = changing(case_id)
    by = one.viewer.user_id
    services.remove_from_team(db.session, case=one.case, user_id=user_id, by=by)
    flash(_("担当から外しました。"))
    url = one.url if user_id == by else url_for("cases.team_page", case_id=case_id)
    return committed(redirect(url, 303))


def _team(one: Opened, form: Form) -> str:
    names = names_of(db.session, {m.user_id for m in one.case.team})
    candidates = services.team_candidates(db.session, one.case)
    choices = [
        (
            u.id,
            f"{u.name}（{'・'.join(dict.fromkeys(m.organisation.name for m in u.memberships))}）",
        )
        for u in candidates
    ]
    page = FormPage(
        title=_("担当"),
        form=form,
        sections=(Section(_("担当を加える"), ("user_id",)),),
        action=url_for("cases.add_to_team", case_id=one.case.id),
        submit=_("加える"),
        cancel_url=one.url,
        changes={"user_id": {"choices": choices}},
    )
    members = [
        {
            "name": names.get(m.user_id, ""),
            "since": m.since,
            "remove_url": url_for("cases.remove_from_team", case_id=one.case.id, user_id=m.user_id),
        }
        for m in one.case.team
    ]
    return render(one, "cases/team.html", page=page, members=members)


# ------------------------------------------------------------------------------------ prints


@bp.get("/cases/<int:case_id>/prints")
@requires(Action.CASE_PRINT)
def prints_page(case_id: int) -> Answer:
    one = opened(case_id, needs=Tier.CARE)
    rows = db.session.scalars(
        sa.select(PrintApproval)
        .where(PrintApproval.case_id == case_id, PrintApproval.used_at.is_(None))
        .order_by(PrintApproval.id.desc())
    ).all()
    names = names_of(db.session, {r.requested_by for r in rows})
    mine = {r.paper for r in rows if r.requested_by == one.viewer.user_id and r.approved_by}
    return render(
        one,
        "cases/prints.html",
        approvals=[_approval(one, row, names) for row in rows],
        free=one.case.protection is Protection.NO,
        ready=mine,
        paper=CASE_SHEET,
        papers=PAPER_LABELS,
        request_url=url_for("cases.request_print", case_id=case_id),
        print_url=url_for("cases.print_case", case_id=case_id),
    )


def _approval(one: Opened, row: PrintApproval, names: dict[int, str]) -> dict[str, Any]:
    return {
        "paper": PAPER_LABELS.get(row.paper, row.paper),
        "by": names.get(row.requested_by, ""),
        "asked": moment(row.created_at),
        "approved": row.approved_by is not None,
        "mine": row.requested_by == one.viewer.user_id,
        "approve_url": url_for("cases.approve_print", case_id=one.case.id, approval_id=row.id),
    }


@bp.post("/cases/<int:case_id>/prints")
@requires(Action.CASE_PRINT)
@creates
def request_print(case_id: int) -> Answer:
    one = opened(case_id, needs=Tier.CARE)
    form = Form(PrintRequestSchema(), typed=request.form)
    if not form.load() or form.data["paper"] not in PAPER_LABELS:
        raise InvalidError(_("どの紙を印刷するか選んでください。"))
    services.request_print(
        db.session, case=one.case, paper=form.data["paper"], user_id=one.viewer.user_id
    )
    flash(_("印刷を頼みました。別の人が認めると、一度だけ印刷できます。"))
    return committed(redirect(url_for("cases.prints_page", case_id=case_id), 303))


@bp.post("/cases/<int:case_id>/prints/<int:approval_id>/approve")
@requires(Action.PRINT_APPROVE)
def approve_print(case_id: int, approval_id: int) -> Answer:
    one = opened(case_id, needs=Tier.CARE)
    approval = db.session.get(PrintApproval, approval_id)
    if approval is None or approval.case_id != one.case.id:
        raise NotFoundError(_("この印刷の依頼は見つかりません。"))
    services.approve_print(db.session, approval=approval, user_id=one.viewer.user_id, at=now())
    flash(_("印刷を認めました。頼んだ人が一度だけ印刷できます。"))
    return committed(redirect(url_for("cases.prints_page", case_id=case_id), 303))


@bp.post("/cases/<int:case_id>/prints/case-sheet.pdf")
@requires(Action.CASE_PRINT)
def print_case(case_id: int) -> Answer:
    """The intake sheet as PDF: a POST, because one approval is used up by it."""
    one = opened(case_id, needs=Tier.CARE)
    services.use_print_approval(
        db.session, case=one.case, paper=CASE_SHEET, user_id=one.viewer.user_id, at=now()
    )
    organisation = db.session.get_one(Organisation, one.case.organisation_id)
    pdf = render_pdf(CASE_SHEET, case_sheet(one, organisation, today=today()))
    saw(Deed.PRINTED, "case", case_id, fields=one.shown.values)
    return committed(pdf_answer(one.case.number, pdf))
