"""Pages: what each town's ordinance says, and entering a newer table."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer
from app.benefits import queries, services
from app.benefits.blueprint import bp
from app.benefits.codes import COMPARISON_LABELS
from app.benefits.schemas import ROUNDING_LABELS, TownRuleSchema
from app.cases.frame import FormPage, Section, attempt
from app.db import db, today
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, allows, requires
from app.reference.rent_benefit import activity_rules, shipped_standards
from app.security import acting_organisation, the_viewer

SECTIONS = (
    Section(
        "どこの、いつからの表か",
        (("prefecture", "municipality", "valid_from"), "source", "certain"),
    ),
    Section("基準額（月額）", (("p1", "p2", "p3", "p4"), ("p5", "p6", "p7"))),
    Section("収入と預貯金", ("comparison", ("assets_times", "assets_cap"))),
    Section("支給額の端数", (("round_to", "rounding"),)),
)


@bp.get("/benefits/rules")
@requires(Action.BENEFIT_RULE_READ)
def rule_list() -> Answer:
    """Every table ever entered, and the computed ones a town without its own falls back to."""
    return render_template(
        "benefits/rules.html",
        rows=queries.town_rows(db.session),
        standards=shipped_standards(),
        activities=activity_rules(today()),
        comparisons=COMPARISON_LABELS,
        roundings=ROUNDING_LABELS,
        new_url=url_for("benefits.new_rule_page")
        if allows(the_viewer(), Action.BENEFIT_RULE_EDIT)
        else None,
    )


@bp.get("/benefits/rules/new")
@requires(Action.BENEFIT_RULE_EDIT)
def new_rule_page() -> Answer:
    mine = acting_organisation(the_viewer(), Action.BENEFIT_RULE_EDIT)
    organisation = db.session.get_one(Organisation, mine)
    initial = {"prefecture": organisation.prefecture, "municipality": organisation.municipality}
    return _new(Form(TownRuleSchema(), initial=initial))


@bp.post("/benefits/rules")
@requires(Action.BENEFIT_RULE_EDIT)
@creates
def add_rule() -> Answer:
    form = Form(TownRuleSchema(), typed=request.form)
    user_id = the_viewer().user_id
    status = attempt(
        form, lambda data: services.add_town_rule(db.session, rule=data, user_id=user_id)
    )
    if status != 200:
        return _new(form), status
    flash(_("表を登録しました。始まりの日から、目安はこの表で計算します。"))
    return committed(redirect(url_for("benefits.rule_list"), 303))


def _new(form: Form) -> str:
    page = FormPage(
        title=_("市町村の表を登録する"),
        form=form,
        sections=SECTIONS,
        action=url_for("benefits.add_rule"),
        submit=_("登録する"),
        cancel_url=url_for("benefits.rule_list"),
        lead=_("条例や要綱の額を写します。前の表は消えず、過去の目安もそのまま残ります。"),
    )
    crumbs = [(_("給付の表"), url_for("benefits.rule_list"))]
    return render_template("cases/form.html", page=page, breadcrumbs=crumbs)
