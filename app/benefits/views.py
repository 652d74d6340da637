"""Pages: what a household has of 住居確保給付金, and a new guide for rent or for moving."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.benefits import queries, services, words
from app.benefits.beginning import beginning
from app.benefits.blueprint import bp
from app.benefits.codes import ACTIVITY_LABELS, REASON_LABELS, VERDICT_LABELS, BenefitKind
from app.benefits.models import BenefitEstimate, RentGrant
from app.benefits.paper import ESTIMATE_PAPER, estimate_sheet
from app.benefits.schemas import ActivitySchema, MovingEstimateSchema, RentEstimateSchema
from app.cases.frame import FormPage, Opened, Section, attempt, changing, opened, render
from app.cases.work.services import use_print_approval
from app.db import db, now, today
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, Tier, requires
from app.printing import render_pdf
from app.reference.moving_cost import MOVING_COSTS
from app.security import saw
from app.wording import day, yen

SHOWN_ACTIVITIES = 30
MONEY = (
    Section("世帯", (("people", "prefecture", "municipality"), "main_earner")),
    Section(
        "お金",
        (("income", "savings", "rent"),),
        hint="分からないところは空けておきます。聞くことの一覧になります。",
    ),
)
RENT_SECTIONS = (
    Section("わけ", ("reason", ("left_on", "blocked_days"))),
    *MONEY,
    Section("申請", (("applies_on", "months_had"),)),
)
MOVING_SECTIONS = (
    Section("わけ", ("reason", "fell_on")),
    *MONEY,
    Section("引っ越し", (("to_prefecture", "to_municipality"), "budget_advised", "applies_on")),
    Section("費用", rows="lines", columns=("code", "amount"), blank=4),
)


@bp.get("/cases/<int:case_id>/benefits")
@requires(Action.CASE_READ)
def benefits_page(case_id: int) -> Answer:
    """Running grants, what is due of activities, and the guides worked out so far."""
    one = opened(case_id, needs=Tier.CARE)
    return benefits(one, Form(ActivitySchema(), initial={"on": today()}))


def benefits(one: Opened, activity_form: Form) -> str:
    """The page, with an activity as it was typed."""
    case_id = one.case.id
    grants = queries.grants_of(db.session, case_id)
    current = queries.running(grants, today())
    since = current.starts_on if current else today().replace(day=1)
    done = queries.activities_of(db.session, case_id, since) if grants else []
    return render(
        one,
        "benefits/case.html",
        case_id=case_id,
        may_change=one.may_change,
        grants=[_grant(one, grant, grants) for grant in reversed(grants)],
        current=current,
        dues=queries.dues(done, current, today()) if current else [],
        activities=[
            {
                "id": activity.id,
                "on": activity.on,
                "what": ACTIVITY_LABELS[activity.kind],
                "note": activity.note,
            }
            for activity in done[:SHOWN_ACTIVITIES]
        ],
        activity_form=activity_form,
        estimates=[
            {
                "title": words.estimate_title(estimate),
                "url": _estimate_url(estimate),
                "tag": (
                    VERDICT_LABELS[words.overall(estimate)],
                    words.TAGS[words.overall(estimate)],
                ),
                "amount": words.amounts(estimate)[0][1],
            }
            for estimate in queries.estimates_of(db.session, case_id)
        ],
        notice=words.NOTICE,
    )


def _grant(one: Opened, grant: RentGrant, grants: Any) -> dict[str, Any]:
    last = grant is grants[-1]
    return {
        "grant": grant,
        "title": words.grant_title(grant),
        "reason": REASON_LABELS[grant.reason],
        "amount": None if grant.amount is None else yen(grant.amount),
        "decided": " ".join(filter(None, (grant.decided_by, day(grant.decided_on)))),
        "running": grant.starts_on <= today() <= queries.last_day(grant),
        "months_left": queries.months_left(grants, grant) if last else None,
        "stop_url": url_for("benefits.stop_page", case_id=one.case.id, grant_id=grant.id)
        if last and grant.stopped_on is None
        else None,
    }


def _estimate_url(estimate: BenefitEstimate) -> str:
    return url_for("benefits.estimate_page", case_id=estimate.case_id, estimate_id=estimate.id)


# --------------------------------------------------------------------------------- guides


@bp.get("/cases/<int:case_id>/benefits/rent")
@requires(Action.CASE_EDIT)
def rent_page(case_id: int) -> Answer:
    one = changing(case_id)
    return _rent(one, Form(RentEstimateSchema(), initial=beginning(one, BenefitKind.RENT)))


@bp.post("/cases/<int:case_id>/benefits/rent")
@requires(Action.CASE_EDIT)
@creates
def estimate_rent(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(RentEstimateSchema(), typed=request.form)
    made: list[BenefitEstimate] = []

    def act(asked: dict[str, Any]) -> None:
        made.append(
            services.estimate_rent(
                db.session, case=one.case, asked=asked, user_id=one.viewer.user_id, today=today()
            )
        )

    status = attempt(form, act)
    if status != 200:
        return _rent(changing(case_id), form), status
    return committed(redirect(_estimate_url(made[0]), 303))


def _rent(one: Opened, form: Form) -> str:
    return _form(
        one,
        form,
        title=_("家賃補助の目安"),
        sections=RENT_SECTIONS,
        endpoint="benefits.estimate_rent",
        changes={},
    )


@bp.get("/cases/<int:case_id>/benefits/moving")
@requires(Action.CASE_EDIT)
def moving_page(case_id: int) -> Answer:
    one = changing(case_id)
    return _moving(one, Form(MovingEstimateSchema(), initial=beginning(one, BenefitKind.MOVING)))


@bp.post("/cases/<int:case_id>/benefits/moving")
@requires(Action.CASE_EDIT)
@creates
def estimate_moving(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(MovingEstimateSchema(), typed=request.form)
    made: list[BenefitEstimate] = []

    def act(asked: dict[str, Any]) -> None:
        made.append(
            services.estimate_moving(
                db.session, case=one.case, asked=asked, user_id=one.viewer.user_id, today=today()
            )
        )

    status = attempt(form, act)
    if status != 200:
        return _moving(changing(case_id), form), status
    return committed(redirect(_estimate_url(made[0]), 303))


def _moving(one: Opened, form: Form) -> str:
    numbers = form.rows("lines", blank=4) or range(4)
    options = list(MOVING_COSTS.items())
    changes = {f"lines-{n}-code": {"choices": options, "kind": "select"} for n in numbers}
    return _form(
        one,
        form,
        title=_("転居費用補助の目安"),
        sections=MOVING_SECTIONS,
        endpoint="benefits.estimate_moving",
        changes=changes,
    )


def _form(
    one: Opened,
    form: Form,
    *,
    title: str,
    sections: tuple[Section, ...],
    endpoint: str,
    changes: Mapping[str, Mapping[str, Any]],
) -> str:
    page = FormPage(
        title=title,
        form=form,
        sections=sections,
        action=url_for(endpoint, case_id=one.case.id),
        submit=_("目安を出す"),
        cancel_url=url_for("benefits.benefits_page", case_id=one.case.id),
        lead=words.NOTICE,
        changes=changes,
    )
    return render(one, "cases/form.html", page=page)


@bp.get("/cases/<int:case_id>/benefits/estimates/<int:estimate_id>")
@requires(Action.CASE_READ)
def estimate_page(case_id: int, estimate_id: int) -> Answer:
    one = opened(case_id, needs=Tier.CARE)
    estimate = queries.get_estimate(db.session, case_id, estimate_id)
    again = "rent_page" if estimate.kind is BenefitKind.RENT else "moving_page"
    return render(
        one,
        "benefits/estimate.html",
        title=words.estimate_title(estimate),
        notice=words.NOTICE,
        overall=words.OVERALL[words.overall(estimate)],
        overall_kind=words.TAGS[words.overall(estimate)],
        conditions=words.conditions(estimate),
        amounts=words.amounts(estimate),
        rule=words.rule_facts(estimate),
        certain=estimate.rule["certain"],
        again_url=url_for(f"benefits.{again}", case_id=case_id) if one.may_change else None,
        print_url=url_for("benefits.print_estimate", case_id=case_id, estimate_id=estimate_id),
        back_url=url_for("benefits.benefits_page", case_id=case_id),
    )


@bp.post("/cases/<int:case_id>/benefits/estimates/<int:estimate_id>.pdf")
@requires(Action.CASE_PRINT)
def print_estimate(case_id: int, estimate_id: int) -> Answer:
    """The guide on A4; a POST, because a protected household's paper uses up an approval."""
    one = opened(case_id, needs=Tier.CARE)
    estimate = queries.get_estimate(db.session, case_id, estimate_id)
    use_print_approval(
        db.session, case=one.case, paper=ESTIMATE_PAPER, user_id=one.viewer.user_id, at=now()
    )
    organisation = db.session.get_one(Organisation, one.case.organisation_id)
    pdf = render_pdf(ESTIMATE_PAPER, estimate_sheet(one, organisation, estimate, today=today()))
    saw(Deed.PRINTED, "case", case_id, fields=("number", "benefit_estimate"))
    return committed(pdf_answer(f"benefit-{one.case.number}", pdf))
