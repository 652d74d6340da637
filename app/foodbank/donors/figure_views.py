"""The figures as a page and as a file, for the bank's own staff alone: numbers may be small."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.db import db, today
from app.foodbank.donors import queries
from app.foodbank.donors.figures import Figures, figures
from app.foodbank.donors.views import bank
from app.foodbank.donors.words import kilo, rate_words, worth
from app.foodbank.evidence.queries import Period
from app.foodbank.sorting.schemas import PeriodSchema
from app.foodbank.views import bp
from app.forms import Form
from app.japanese import fiscal_year, fiscal_year_days
from app.policy import Action, requires
from app.security import saw
from app.wording import day


def asked_period() -> tuple[Form, Period | None]:
    """The period in the address, this fiscal year so far when nobody named one."""
    first, _last = fiscal_year_days(fiscal_year(today()))
    if not {"first", "last"} & set(request.args):
        form = Form(PeriodSchema(), initial={"first": first, "last": today()})
        return form, Period(bank(), first, today())
    form = Form(PeriodSchema(), typed=request.args)
    if not form.load():
        return form, None
    return form, Period(bank(), form.data["first"], form.data["last"])


@bp.get("/food/figures")
@requires(Action.FOOD_RECEIVE)
def figure_page() -> Answer:
    """Tiles for the whole period, a table by month."""
    form, period = asked_period()
    if period is None:
        return render_template("foodbank/donors/figures.html", form=form, rows=[], whole=None), 422
    months, whole = figures(db.session, period, today=today())
    rate = queries.rate_of(db.session, period.organisation_id)
    return render_template(
        "foodbank/donors/figures.html",
        form=form,
        rows=[(f"{one.month:%Y年%-m月}", _words(one)) for one in months if one.month],
        whole=_words(whole),
        period=f"{day(period.first)} ～ {day(period.last)}",
        worth=worth(whole.received_kg, rate),
        rate=rate_words(rate),
        chosen={"first": period.first.isoformat(), "last": period.last.isoformat()},
    )


def _words(one: Figures) -> dict[str, Any]:
    return {
        "received": kilo(one.received_kg),
        "handed": kilo(one.handed_kg),
        "disposed": kilo(one.disposed_kg),
        "unweighed": one.unweighed,
        "reach": one.reach,
        "asked": one.asked_days,
        "covered": f"{one.covered_days:g}",
        "share": _("%(n)s%%", n=one.covered_share) if one.covered_share is not None else "",
    }


HEAD = (
    "月", "受け入れ（kg）", "重さの分からないロット", "お渡し（kg）", "廃棄（kg）", "お渡しした箱",
    "延べ世帯", "実世帯（相談のある世帯）", "その場の人（のべ）", "依頼", "頼まれた日数",
    "届いた日数（いちばん足りない群）",
)  # fmt: skip


@bp.get("/food/figures.csv")
@requires(Action.FOOD_RECEIVE)
def figures_csv() -> Answer:
    """The same as a file, the period's own line last: real households do not add up."""
    form, period = asked_period()
    if period is None:
        return render_template("foodbank/donors/figures.html", form=form, rows=[], whole=None), 422
    months, whole = figures(db.session, period, today=today())
    saw(Deed.EXPORTED, "hand_out", None, fields=("figures",))
    return csv_answer("food-figures", HEAD, map(_cells, [*months, whole]), today=today())


def _cells(one: Figures) -> list[Any]:
    kilograms = [float(round(n, 1)) for n in (one.received_kg, one.handed_kg, one.disposed_kg)]
    reach = one.reach
    return [
        f"{one.month:%Y-%m}" if one.month else "期間の計",
        kilograms[0], one.unweighed, *kilograms[1:], reach.parcels, reach.visits, reach.homes,
        reach.table, one.requests, one.asked_days, one.covered_days,
    ]  # fmt: skip
