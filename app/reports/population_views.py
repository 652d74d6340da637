"""Populations on their day, with where each number is from."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.answers import Answer
from app.db import db, today
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.reports import queries, services
from app.reports.blueprint import bp
from app.reports.codes import CERTAINTY_LABELS
from app.reports.schemas import PopulationSchema


@bp.get("/reports/populations")
@requires(Action.REPORT_READ)
def population_list() -> Answer:
    """The numbers there are, and for whoever may, the form for another."""
    return _page(Form(PopulationSchema()))


def _page(form: Form) -> str:
    return render_template(
        "reports/populations.html",
        form=form,
        rows=[
            (population, CERTAINTY_LABELS[population.certainty], name or _("はじめから"))
            for population, name in queries.populations(db.session)
        ],
    )


@bp.post("/reports/populations")
@requires(Action.MASTER_EDIT)
@creates
def add_population() -> Answer:
    form = Form(PopulationSchema(), typed=request.form)
    if not form.load():
        return _page(form), 422
    try:
        services.add_population(db.session, user_id=current_user.id, today=today(), **form.data)
    except InvalidError as error:
        form.refuse(error.fields)
        return _page(form), 422
    flash(_("人口を登録しました。前の数も残っています。"))
    return committed(redirect(url_for("reports.population_list"), 303))
