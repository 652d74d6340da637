"""The sheet as PDF, filled and blank."""

from flask import url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.cases.models import Case
from app.cases.queries import access_to
from app.cases.work.services import use_print_approval
from app.db import db, now, today
from app.errors import ForbiddenError
from app.idempotency import committed
from app.policy import Action, Tier, requires
from app.printing import render_pdf
from app.referrals import paper, queries, services
from app.referrals.blueprint import bp
from app.security import acting_organisation, saw, the_viewer


def _office() -> Organisation:
    """Who prints it: the head and the foot of the paper."""
    return db.session.get_one(Organisation, acting_organisation(the_viewer(), Action.REFERRAL_MAKE))


@bp.post("/referrals/<int:sheet_id>/sheet.pdf")
@requires(Action.REFERRAL_MAKE)
def print_sheet(sheet_id: int) -> Answer:
    viewer = the_viewer()
    seen = queries.get_sheet(db.session, sheet_id, viewer, today=today())
    if not seen.access.access.sees(Tier.CARE):
        raise ForbiddenError(_("このシートを印刷できるのは、全体を読める人だけです。"))
    services.demand_consent(seen.sheet, today=today())
    if seen.sheet.case_id is not None and seen.access.makers_side:
        case = db.session.get_one(Case, seen.sheet.case_id)
        if not access_to(case, viewer, today=today()).sees(Tier.CARE):
            # Whether a second person must agree would tell them of the danger.
            raise ForbiddenError(_("相談とつながるシートの紙は、担当の相談員に頼んでください。"))
        use_print_approval(
            db.session, case=case, paper=paper.PAPER, user_id=viewer.user_id, at=now()
        )
    shown = queries.shown_sheet(
        seen.sheet, seen.access, queries.names_for(db.session, [seen.sheet])
    )
    url = url_for("referrals.sheet_page", sheet_id=sheet_id, _external=True)
    recipients = queries.shown_recipients(seen.sheet, seen.access)
    data = paper.filled(shown, recipients, _office(), url=url, today=today())
    pdf = render_pdf(paper.PAPER, data)
    saw(Deed.PRINTED, "referral_sheet", sheet_id, fields=shown.values)
    return committed(pdf_answer(f"referral-{seen.sheet.number}", pdf))


@bp.get("/referrals/blank.pdf")
@requires(Action.REFERRAL_MAKE)
def blank_sheet() -> Answer:
    """An empty sheet for an office without an account; it speaks of nobody."""
    return pdf_answer(
        "referral-blank", render_pdf(paper.PAPER, paper.blank(_office(), today=today()))
    )
