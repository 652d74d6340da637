"""The papers as PDF: through policy, with a second yes where a place is hidden, audited."""

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.cases.listing import names_of
from app.cases.queries import access_to
from app.cases.work.services import use_print_approval
from app.db import db, now, today
from app.errors import NotFoundError
from app.idempotency import committed
from app.keyday import papers, queries
from app.keyday.blueprint import bp
from app.keyday.words import people_in
from app.policy import Action, requires
from app.printing import render_pdf
from app.security import acting_organisation, saw, the_viewer

MAKERS = {papers.STAFF: papers.staff_sheet, papers.HOUSEHOLD: papers.household_sheet}


@bp.post("/placements/<int:placement_id>/key-day/<paper>.pdf")
@requires(Action.CASE_PRINT)
def print_key_day(placement_id: int, paper: str) -> Answer:
    """One of the two papers."""
    viewer = the_viewer()
    plan = queries.get_plan(db.session, placement_id, viewer, today=today())
    if paper not in MAKERS:
        raise NotFoundError("この紙はありません。段取りのページから出してください。")
    case = plan.placement.case
    access = access_to(case, viewer, today=today())
    names = names_of(db.session, people_in(plan.tasks))
    office = db.session.get_one(Organisation, acting_organisation(viewer, Action.CASE_PRINT))
    data = MAKERS[paper](plan, access, names, office, today=today())
    use_print_approval(db.session, case=case, paper=paper, user_id=viewer.user_id, at=now())
    pdf = render_pdf(paper, data)
    saw(Deed.PRINTED, "case", case.id, fields=("home", "number"))
    return committed(pdf_answer(f"{paper}-{case.number}", pdf))
