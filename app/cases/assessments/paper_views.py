"""The assessment as PDF."""

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.cases.assessments.paper import ASSESSMENT_PAPER, assessment_sheet
from app.cases.assessments.queries import get_assessment, list_issues, shown_assessment
from app.cases.assessments.views import round_words
from app.cases.frame import Opened, bp, opened
from app.cases.listing import names_of
from app.cases.noticing.services import charts_of_case
from app.cases.work.services import use_print_approval
from app.db import db, now, today
from app.idempotency import committed
from app.policy import Action, Presented, Tier, present, requires
from app.printing import render_pdf
from app.security import saw


@bp.post("/cases/<int:case_id>/assessments/<int:number>/assessment.pdf")
@requires(Action.CASE_PRINT)
def print_assessment(case_id: int, number: int) -> Answer:
    """A POST, because of a protected household one approval is used up by it."""
    one = opened(case_id, needs=Tier.CARE)
    assessment = get_assessment(db.session, case_id, number)
    use_print_approval(
        db.session, case=one.case, paper=ASSESSMENT_PAPER, user_id=one.viewer.user_id, at=now()
    )
    shown = shown_assessment(db.session, assessment, one.access)
    data = assessment_sheet(
        one,
        shown,
        db.session.get_one(Organisation, one.case.organisation_id),
        master=list_issues(db.session, team=False),
        round_=round_words(number),
        by=names_of(db.session, {assessment.author_id}).get(assessment.author_id, ""),
        chart=_newest_chart(one),
        today=today(),
    )
    pdf = render_pdf(ASSESSMENT_PAPER, data)
    saw(Deed.PRINTED, "assessment", assessment.id, fields=shown.values)
    return committed(pdf_answer(f"{one.case.number}-assessment-{number}", pdf))


def _newest_chart(one: Opened) -> Presented | None:
    charts = charts_of_case(db.session, one.case.id)
    if not charts:
        return None
    values = {"answers": charts[0].answers, "created_at": charts[0].created_at}
    return present("noticing_chart", values, one.access)
