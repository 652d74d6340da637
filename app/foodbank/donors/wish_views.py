"""The wishes: a page, and a paper to hang up."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.db import db, today
from app.foodbank.donors.schemas import WINDOWS, WindowSchema
from app.foodbank.donors.views import bank
from app.foodbank.donors.wishes import Wishes, wish_words, wishes_of
from app.foodbank.views import bp
from app.forms import Form
from app.policy import Action, requires
from app.printing import render_pdf
from app.security import saw, the_viewer
from app.wording import day


def _found() -> Wishes:
    form = Form(WindowSchema(), typed=request.args)
    days = form.data["days"] if form.load() else WINDOWS[0]
    return wishes_of(db.session, the_viewer(), bank(), days=days, today=today())


@bp.get("/food/wishes")
@requires(Action.FOOD_RECEIVE)
def wish_page() -> Answer:
    """What fell short, in a donor's words."""
    found = _found()
    return render_template(
        "foodbank/donors/wishes.html",
        wishes=[wish_words(one) for one in found.wishes],
        low=found.low,
        days=found.days,
        tabs=[
            {
                "label": _("この%(n)s日", n=days),
                "url": url_for("foodbank.wish_page", days=days),
                "current": days == found.days,
            }
            for days in WINDOWS
        ],
    )


@bp.get("/food/wishes.pdf")
@requires(Action.FOOD_RECEIVE)
def wish_paper() -> Answer:
    """The wishes on A4, to hang up."""
    found = _found()
    saw(Deed.PRINTED, "food_request", None, fields=("wanted",))
    organisation = db.session.get_one(Organisation, bank())
    return pdf_answer("wishes", render_pdf("wishes", _paper(found, organisation)))


def _paper(found: Wishes, organisation: Organisation) -> dict[str, Any]:
    return {
        "sheet": {
            "title": _("いま、ほしいもの"),
            "organisation": organisation.name,
            "made_on": day(today()),
            "contact": f"{organisation.name}　{organisation.phone or ''}".strip(),
        },
        "wishes": [wish_words(one) for one in found.wishes],
        "low": [one.item.name for one in found.low],
    }
