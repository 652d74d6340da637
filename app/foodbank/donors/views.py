"""Pages of the donors: who gives, one donor with what was agreed, and what a kilogram is worth."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.cases.frame import attempt, conflict_of
from app.db import db, today
from app.directory.access import access_to
from app.directory.models import PartnerKind
from app.directory.records import shown_partner
from app.foodbank.donors import queries, services
from app.foodbank.donors.models import DonorAgreement
from app.foodbank.donors.queries import Giving
from app.foodbank.donors.schemas import AgreementSchema, EditAgreementSchema, GiftRateSchema
from app.foodbank.donors.words import agreement_words, kilo, rate_words, shown_donor, worth
from app.foodbank.models import Lot
from app.foodbank.origins.words import away_rows
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.japanese import fiscal_year, fiscal_year_days
from app.policy import Action, Tier, requires
from app.security import acting_organisation, saw, the_viewer


def bank() -> int:
    """The food bank the viewer looks after donors for."""
    return acting_organisation(the_viewer(), Action.FOOD_RECEIVE)


def _rows() -> list[dict[str, Any]]:
    """Every donor: those who gave by the day of their last gift, then the others by name."""
    viewer, organisation = the_viewer(), bank()
    since, _last = fiscal_year_days(fiscal_year(today()))
    given = queries.given(db.session, organisation, since=since)
    agreed = queries.donors_with_agreement(db.session, organisation, today())
    rate = queries.rate_of(db.session, organisation)
    rows = []
    for partner in queries.all_donors(db.session):
        giving = given.get(partner.id)
        rows.append(
            {
                "shown": shown_donor(partner, viewer),
                "giving": giving,
                "kg": kilo(giving.kg) if giving else "",
                "kg_since": kilo(giving.kg_since) if giving else "",
                "worth": worth(giving.kg, rate) if giving else None,
                "agreed": partner.id in agreed,
            }
        )
    return sorted(rows, key=_last_first)


def _last_first(row: dict[str, Any]) -> tuple[bool, int]:
    giving: Giving | None = row["giving"]
    return giving is None, -giving.last.toordinal() if giving and giving.last else 0


@bp.get("/food/donors")
@requires(Action.FOOD_RECEIVE)
def donor_list() -> Answer:
    """Who gave how much and when last; donors of the directory who have not given yet."""
    rows = _rows()
    return render_template(
        "foodbank/donors/list.html",
        rows=[row for row in rows if row["giving"]],
        others=[row for row in rows if not row["giving"]],
        rate=rate_words(queries.rate_of(db.session, bank())),
    )


@bp.get("/food/donors.csv")
@requires(Action.FOOD_RECEIVE)
def donors_csv() -> Answer:
    """The same as a file."""
    saw(Deed.EXPORTED, "partner", None, fields=("figures",))
    head = (
        "寄贈者", "電話", "ロット", "重さ（kg）", "今年度の重さ（kg）", "重さの分からないロット",
        "目安の額", "最後の受け入れ", "協定",
    )  # fmt: skip
    cells = (
        [
            row["shown"].name, row["shown"].phone, giving.lots, float(giving.kg),
            float(giving.kg_since), giving.unweighed, row["worth"], giving.last,
            "あり" if row["agreed"] else "",
        ]
        for row in _rows()
        if (giving := row["giving"])
    )  # fmt: skip
    return csv_answer("donors", head, cells, today=today())


@bp.get("/food/donors/<int:partner_id>")
@requires(Action.FOOD_RECEIVE)
def donor_page(partner_id: int) -> Answer:
    """One donor: whom to phone, what was agreed, what came in."""
    return draw_donor(partner_id, Form(AgreementSchema(), initial={"starts_on": today()}))


def draw_donor(partner_id: int, form: Form) -> str:
    """The page of a donor, with the form of a new agreement."""
    viewer, organisation = the_viewer(), bank()
    partner = queries.get_donor(db.session, partner_id)
    shown = shown_partner(partner, viewer)
    if shown.contacts:
        saw(Deed.VIEWED, "partner", partner.id, fields=("contacts",))
    since, _last = fiscal_year_days(fiscal_year(today()))
    giving = queries.given(db.session, organisation, since=since).get(partner.id, Giving())
    agreements = queries.agreements_of(db.session, organisation, partner.id)
    holds = queries.in_force(agreements, today())
    rate = queries.rate_of(db.session, organisation)
    lots = queries.lots_given(db.session, organisation, Lot.donor_id == partner.id)
    return render_template(
        "foodbank/donors/donor.html",
        shown=shown,
        may_call=access_to(viewer, PartnerKind.DONOR).sees(Tier.CONTACT),
        giving=giving,
        kg=kilo(giving.kg),
        kg_since=kilo(giving.kg_since),
        worth=worth(giving.kg, rate),
        rate=rate_words(rate),
        holds=agreement_words(holds, viewer) if holds else None,
        others=[agreement_words(one, viewer) for one in agreements if one is not holds],
        lots=[(lot, kilo(kg) if kg is not None else None) for lot, kg in lots],
        away=away_rows(db.session, organisation, donor_id=partner.id),
        form=form,
    )


# ----------------------------------------------------------------------------- agreements


@bp.post("/food/donors/<int:partner_id>/agreements")
@requires(Action.FOOD_RECEIVE)
@creates
def agree_with_donor(partner_id: int) -> Answer:
    viewer, organisation = the_viewer(), bank()
    donor = queries.get_donor(db.session, partner_id)
    form = Form(AgreementSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.agree(
            db.session,
            organisation_id=organisation,
            donor=donor,
            user_id=viewer.user_id,
            **data,
        ),
    )
    if status != 200:
        return draw_donor(partner_id, form), status
    flash(_("協定を記録しました。"))
    return committed(redirect(url_for("foodbank.donor_page", partner_id=partner_id), 303))


def _values(agreement: DonorAgreement) -> dict[str, Any]:
    return {name: getattr(agreement, name) for name in EditAgreementSchema().fields}


@bp.get("/food/agreements/<int:agreement_id>")
@requires(Action.FOOD_RECEIVE)
def agreement_page(agreement_id: int) -> Answer:
    agreement = queries.get_agreement(db.session, agreement_id, the_viewer())
    return _agreement(agreement, Form(EditAgreementSchema(), initial=_values(agreement)))


def _agreement(
    agreement: DonorAgreement, form: Form, conflict: dict[str, Any] | None = None
) -> str:
    return render_template(
        "foodbank/donors/agreement.html",
        agreement=agreement,
        donor=shown_donor(agreement.donor, the_viewer()),
        form=form,
        conflict=conflict,
    )


@bp.post("/food/agreements/<int:agreement_id>")
@requires(Action.FOOD_RECEIVE)
def change_agreement(agreement_id: int) -> Answer:
    viewer = the_viewer()
    agreement = queries.get_agreement(db.session, agreement_id, viewer)
    form = Form(EditAgreementSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.change_agreement(
            db.session, agreement=agreement, user_id=viewer.user_id, **data
        ),
    )
    if status != 200:
        now_ = queries.get_agreement(db.session, agreement_id, viewer)
        conflict = None
        if status == 409:
            conflict = conflict_of(
                form, _values(now_), record_kind="donor_agreement", record_id=agreement_id
            )
        return _agreement(now_, form, conflict), status
    flash(_("協定を直しました。"))
    return committed(redirect(url_for("foodbank.donor_page", partner_id=agreement.donor_id), 303))


# ------------------------------------------------------------------------ the amount per kg


def _rate_values() -> dict[str, Any]:
    rate = queries.rate_of(db.session, bank())
    if rate is None:
        return {"version": 0}
    return {name: getattr(rate, name) for name in GiftRateSchema().fields}


@bp.get("/food/donors/rate")
@requires(Action.FOOD_RECEIVE)
def gift_rate_page() -> Answer:
    return _rate(Form(GiftRateSchema(), initial=_rate_values()))


def _rate(form: Form, conflict: dict[str, Any] | None = None) -> str:
    version = _rate_values()["version"]
    return render_template(
        "foodbank/donors/rate.html", form=form, conflict=conflict, version=version
    )


@bp.post("/food/donors/rate")
@requires(Action.FOOD_RECEIVE)
def set_gift_rate() -> Answer:
    user_id, organisation = the_viewer().user_id, bank()
    form = Form(GiftRateSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.set_rate(
            db.session, organisation_id=organisation, user_id=user_id, **data
        ),
    )
    if status == 409:
        now_ = _rate_values()
        told = conflict_of(form, now_, record_kind="gift_rate", record_id=organisation)
        return _rate(form, told), 409
    if status != 200:
        return _rate(form), status
    flash(_("記録しました。"))
    return committed(redirect(url_for("foodbank.donor_list"), 303))
