"""Receiving somebody new: one page, and a look at who it may be, which never holds anybody up."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import FormPage, Section, attempt, bp
from app.cases.intake import services as receiving
from app.cases.intake.schemas import IntakeSchema
from app.cases.intake.similar import similar_cases
from app.cases.intake.suggestions import route_suggestions
from app.cases.listing import names_of
from app.cases.models import STAGE_LABELS, Case
from app.cases.noticing.services import chart_of, give_to_case
from app.cases.queries import SeenCase
from app.cases.records import case_title, shown_case
from app.db import db, today
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, Tier, requires
from app.security import acting_organisation, saw, the_viewer

LARGEST_NUMBER = 2**31
INTAKE_SECTIONS = (
    Section("だれ", (("name", "kana"), ("alias", "age_band", "household_size"), "who_came")),
    Section(
        "来た人",
        (("caller_name", "caller_relation", "caller_phone"),),
        shape="only-for-caller",
    ),
    Section("困っていること", ("story",), picker=("topics", "main_topic")),
    Section("住まい", ("dwelling", ("leave_by", "leave_reason"))),
    Section("居場所の安全", ("protection",)),
    Section(
        "連絡先",
        (
            ("phone", "phone_note"),
            ("postal_code", "prefecture", "municipality"),
            ("address", "building"),
            "mail_blocked",
        ),
    ),
    Section(
        "経路",
        (("route", "arrival"), ("source_kind", "route_detail"), ("received_on", "law8")),
    ),
    Section("仕事・健康保険・年金", (("work", "insurance", "pension"),), folded=True),
    Section(
        "世帯の人",
        hint="本人も含めて、分かるところだけ。あとから足せます。",
        rows="members",
        each="人目",
        columns=("relation", "name", "kana", "sex", "born_on", "age"),
        folded=True,
    ),
)


@bp.get("/cases/new")
@requires(Action.CASE_CREATE)
def new_case_page() -> Answer:
    organisation = db.session.get_one(Organisation, _my_organisation())
    initial = {
        "received_on": today(),
        "prefecture": organisation.prefecture,
        "municipality": organisation.municipality,
    }
    return _new_case(Form(IntakeSchema(), initial=initial))


def _new_case(form: Form, similar: list[SeenCase] | None = None) -> str:
    page = FormPage(
        title=_("新しい相談"),
        form=form,
        sections=INTAKE_SECTIONS,
        action=url_for("cases.create_case", chart=_chart_number()),
        submit=_("受け付ける"),
        cancel_url=url_for("cases.case_list"),
        lead=_("名前が言えなくても受け付けます。呼び名か年代だけで始められます。"),
        changes={"route_detail": {"options": route_suggestions(db.session)}},
    )
    crumbs = [(_("相談"), url_for("cases.case_list"))]
    known = None if similar is None else _rows(similar)
    return render_template("cases/new.html", page=page, breadcrumbs=crumbs, similar=known)


def _rows(similar: list[SeenCase]) -> list[dict[str, Any]]:
    names = names_of(db.session, {m.user_id for seen in similar for m in seen.case.team})
    rows = []
    for seen in similar:
        shown = shown_case(seen.case, seen.access)
        if seen.access.sees(Tier.CONTACT):
            saw(Deed.LISTED, "case", seen.case.id, fields=("number", "name", "kana", "stage"))
        rows.append(
            {
                "shown": shown,
                "title": case_title(shown),
                "stage": STAGE_LABELS[shown.stage],
                "team": "、".join(names[m.user_id] for m in seen.case.team if m.user_id in names),
                "url": url_for("cases.case_page", case_id=seen.case.id),
            }
        )
    return rows


@bp.post("/cases/new")
@requires(Action.CASE_CREATE)
@creates
def create_case() -> Answer:
    form = Form(IntakeSchema(), typed=request.form)
    viewer, made = the_viewer(), []
    if form.load() and not request.form.get("somebody_new"):
        similar = similar_cases(db.session, viewer, form.data, today=today())
        if similar:
            return _new_case(form, similar)

    def act(intake: dict[str, Any]) -> None:
        case = receiving.register_case(
            db.session,
            intake=intake,
            organisation_id=_my_organisation(),
            user_id=viewer.user_id,
            today=today(),
        )
        made.append(case)

    status = attempt(form, act)
    if status != 200:
        return _new_case(form), status
    _keep_chart(made[0])
    flash(_("%(number)s として受け付けました。", number=made[0].number))
    return committed(redirect(url_for("cases.case_page", case_id=made[0].id), 303))


def _keep_chart(case: Case) -> None:
    """The chart that was filled in before there was a case belongs to it from now on."""
    number = _chart_number()
    chart = chart_of(db.session, number, user_id=the_viewer().user_id) if number else None
    if chart is not None:
        give_to_case(db.session, chart=chart, case=case, user_id=the_viewer().user_id)


def _chart_number() -> int | None:
    """The chart the address names; a number beyond every table names none."""
    number = request.args.get("chart", type=int)
    return number if number is not None and 0 < number < LARGEST_NUMBER else None


def _my_organisation() -> int:
    return acting_organisation(the_viewer(), Action.CASE_CREATE)
