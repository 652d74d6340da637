"""Thanking a donor: the page to look at, and the letter to send."""

from typing import Any

from flask import render_template

from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.db import db, now, separate_session
from app.foodbank.donors import queries
from app.foodbank.donors.figure_views import asked_period
from app.foodbank.donors.thanks import letter_data, letter_words, thanks_for
from app.foodbank.donors.views import bank
from app.foodbank.donors.words import shown_donor
from app.foodbank.evidence.queries import Period
from app.foodbank.origins.queries import letters_to
from app.foodbank.origins.services import keep_letter
from app.foodbank.origins.words import letter_words as kept_words
from app.foodbank.views import bp
from app.policy import Action, requires
from app.printing import render_pdf
from app.security import saw, the_viewer
from app.wording import day


@bp.get("/food/donors/<int:partner_id>/thanks")
@requires(Action.FOOD_RECEIVE)
def thanks_page(partner_id: int) -> Answer:
    """What the letter of a period will say, word for word."""
    donor = queries.get_donor(db.session, partner_id)
    form, period = asked_period()
    words: dict[str, Any] | None = None
    chosen = {}
    if period is not None:
        words = letter_words(thanks_for(db.session, period, donor.id))
        words["period"] = f"{day(period.first)} ～ {day(period.last)}"
        chosen = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    return render_template(
        "foodbank/donors/thanks.html",
        donor=shown_donor(donor, the_viewer()),
        form=form,
        words=words,
        chosen=chosen,
        letters=[kept_words(one) for one in letters_to(db.session, bank(), donor.id)],
    ), 200 if words else 422


@bp.get("/food/donors/<int:partner_id>/thanks.pdf")
@requires(Action.FOOD_RECEIVE)
def thanks_letter(partner_id: int) -> Answer:
    """The letter on A4."""
    donor = queries.get_donor(db.session, partner_id)
    _form, period = asked_period()
    if period is None:
        return thanks_page(partner_id)
    words = letter_words(thanks_for(db.session, period, donor.id))
    name = str(shown_donor(donor, the_viewer()).name)
    saw(Deed.PRINTED, "partner", donor.id, fields=("letter",))
    pdf = render_pdf("donor_thanks", letter_data(db.session, period, name, words))
    _keep(period, donor.id)
    return pdf_answer(f"thanks-{donor.id}-{period.first}-{period.last}", pdf)


def _keep(period: Period, donor_id: int) -> None:
    """A letter is kept like a look: in a transaction of its own, once it is there to be sent."""
    with separate_session(write=True) as database:
        keep_letter(
            database,
            organisation_id=period.organisation_id,
            donor_id=donor_id,
            starts_on=period.first,
            ends_on=period.last,
            user_id=the_viewer().user_id,
            at=now(),
        )
