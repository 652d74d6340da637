"""The page of what to look for next, and what donors could give this week on A4."""

from flask import render_template, url_for

from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.db import db, today
from app.policy import Action, requires
from app.printing import render_pdf
from app.reports import queries
from app.reports.asking import asked_office
from app.reports.blueprint import bp
from app.reports.giving import ThisWeek, food_wanted, things_soon, this_week
from app.reports.reading import office_for
from app.reports.recruit import homes_wanted, things_wanted
from app.security import saw, the_viewer
from app.wording import day


@bp.get("/reports/recruit")
@requires(Action.REPORT_READ)
def recruit_page() -> Answer:
    """Homes, things and food to look for, each with what it would do."""
    office, _offices = office_for(db.session, the_viewer(), asked_office())
    exact = queries.reads_exact(the_viewer(), office)
    food = food_wanted(db.session, the_viewer(), office, today=today())
    saw(Deed.VIEWED, "report", office.id, fields=("recruit",))
    return render_template(
        "reports/recruit.html",
        office=office,
        exact=exact,
        homes=homes_wanted(db.session, office, exact=exact),
        things=things_wanted(db.session),
        food=food,
        week=this_week(office, food, things_soon(db.session, today=today())),
        week_url=url_for("reports.week_pdf", office=asked_office()),
    )


@bp.get("/reports/recruit/week.pdf")
@requires(Action.REPORT_READ)
def week_pdf() -> Answer:
    """What donors could give this week, to hand out."""
    office, _offices = office_for(db.session, the_viewer(), asked_office())
    food = food_wanted(db.session, the_viewer(), office, today=today())
    week = this_week(office, food, things_soon(db.session, today=today()))
    saw(Deed.PRINTED, "report", office.id, fields=("recruit",))
    sheet = {
        "title": "今週いただけると助かるもの",
        "organisation": office.name,
        "made_on": day(today()),
    }
    told = week or ThisWeek(office.name, (), ())
    data = {"sheet": sheet, "food": list(told.food), "things": list(told.things)}
    return pdf_answer("this-week", render_pdf("week", data))
