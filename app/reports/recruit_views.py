"""The page of what to look for next."""

from flask import render_template

from app.answers import Answer
from app.audit.models import Deed
from app.db import db
from app.policy import Action, requires
from app.reports import queries
from app.reports.asking import asked_office
from app.reports.blueprint import bp
from app.reports.reading import office_for
from app.reports.recruit import homes_wanted, things_wanted
from app.security import saw, the_viewer


@bp.get("/reports/recruit")
@requires(Action.REPORT_READ)
def recruit_page() -> Answer:
    """Homes and things to look for, each with what it would do."""
    office, _offices = office_for(db.session, the_viewer(), asked_office())
    exact = queries.reads_exact(the_viewer(), office)
    saw(Deed.VIEWED, "report", office.id, fields=("recruit",))
    return render_template(
        "reports/recruit.html",
        office=office,
        exact=exact,
        homes=homes_wanted(db.session, office, exact=exact),
        things=things_wanted(db.session),
    )
