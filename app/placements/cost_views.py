"""Pages: the initial cost of a placement, line by line, and who pays what."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import attempt
from app.cases.listing import called
from app.cases.queries import access_to
from app.cases.versions import last_change
from app.db import db, today
from app.forms import Form
from app.housing.codes import COST_LABELS, CostCode
from app.idempotency import committed
from app.placements import queries
from app.placements.blueprint import bp
from app.placements.codes import PAYER_LABELS, Payer
from app.placements.costs import Costs, costs_of, save_costs
from app.placements.models import Placement
from app.placements.papers import COVERED, amount_words
from app.placements.schemas import CostsSchema
from app.policy import Action, Tier, requires
from app.reference.moving_cost import cover_rules
from app.security import saw, the_viewer
from app.wording import moment, yen

BLANK = 3


def shown_costs(placement: Placement) -> Costs:
    """The costs with the household's funds where this viewer may know them."""
    access = access_to(placement.case, the_viewer(), today=today())
    need = placement.case.housing_need
    funds = need.funds if need and access.sees(Tier.CARE) else None
    return costs_of(db.session, placement, today=today(), funds=funds)


@bp.get("/placements/<int:placement_id>/costs")
@requires(Action.PLACEMENT_READ)
def costs_page(placement_id: int) -> Answer:
    placement = queries.get_placement(db.session, placement_id, the_viewer(), today=today())
    costs = shown_costs(placement)
    return _page(placement, costs, Form(CostsSchema(), initial=_initial(placement, costs)))


def _initial(placement: Placement, costs: Costs) -> dict[str, Any]:
    lines = [
        {"code": one.code, "amount": one.amount, "payer": one.payer, "note": one.note}
        for one in costs.lines
    ]
    return {"version": placement.version, "lines": lines}


def _page(
    placement: Placement, costs: Costs, form: Form, conflict: dict[str, Any] | None = None
) -> str:
    funds = ("funds",) if costs.funds is not None else ()
    saw(Deed.VIEWED, "case", placement.case_id, fields=("home", "name", *funds))
    numbers = form.rows("lines", blank=BLANK)
    return render_template(
        "placements/costs.html",
        placement=placement,
        costs=costs,
        amount_words=amount_words,
        form=form,
        rows=[
            [form[f"lines-{n}-{name}"] for name in ("code", "amount", "payer", "note")]
            for n in numbers
        ],
        version=placement.version if conflict else form["version"].value,
        conflict=conflict,
        payers=[(PAYER_LABELS[payer], amount) for payer, amount in costs.by_payer.items()],
        about=_about(costs),
        PAYER_LABELS=PAYER_LABELS,
        called=called(placement.case, the_viewer(), today=today()),
    )


def _about(costs: Costs) -> dict[str, dict[str, str]]:
    """What is known of each kind of cost: whether a benefit covers it, and what is usual."""
    rules = cover_rules(today())
    usual = {line.code: amount_words(line) for line in costs.lines if line.usual}
    return {
        code.value: {
            "covered": COVERED[rules[code.value].covered if code.value in rules else None],
            "usual": usual.get(code, ""),
        }
        for code in CostCode
    }


@bp.post("/placements/<int:placement_id>/costs")
@requires(Action.PLACEMENT_STEP)
def save(placement_id: int) -> Answer:
    viewer = the_viewer()
    placement = queries.get_placement(db.session, placement_id, viewer, today=today())
    form = Form(CostsSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: save_costs(
            db.session,
            placement=placement,
            version=data["version"],
            lines=data["lines"],
            user_id=viewer.user_id,
        ),
    )
    if status != 200:
        placement = queries.get_placement(db.session, placement_id, viewer, today=today())
        costs = shown_costs(placement)
        conflict = _both(placement, costs, form.data) if status == 409 else None
        return _page(placement, costs, form, conflict), status
    flash(_("初期費用を記録しました。"))
    return committed(redirect(url_for("placements.costs_page", placement_id=placement_id), 303))


def _both(placement: Placement, costs: Costs, typed: dict[str, Any]) -> dict[str, Any]:
    """What is on record now beside what was typed, by kind of cost."""
    theirs = {one.code: _words(one.amount, one.payer) for one in costs.lines}
    mine = {line["code"]: _words(line["amount"], line["payer"]) for line in typed.get("lines", ())}
    changed = last_change(db.session, "placement", placement.id)
    who, when = changed or (_("ほかの人"), None)
    return {
        "rows": [
            {"label": label, "theirs": theirs.get(code), "mine": mine.get(code)}
            for code, label in COST_LABELS.items()
            if code in theirs or code in mine
        ],
        "who": who,
        "when": moment(when) if when else _("先ほど"),
    }


def _words(amount: int | None, payer: Payer) -> str:
    return f"{_('未確認') if amount is None else yen(amount)}・{PAYER_LABELS[payer]}"
