"""Pages of the templates: what is in force, every version, and writing the next one."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import FormPage, Section, attempt
from app.db import db, today
from app.followup.blueprint import bp
from app.followup.ladder.codes import STEP_LABELS, StepKind
from app.followup.tabs import tabs
from app.followup.templates import queries, services
from app.followup.templates.codes import (
    CERTAINTY_LABELS,
    HOLIDAY_LABELS,
    OPEN_ADD_ONS,
    TEMPLATE_KIND_LABELS,
    UNIT_LABELS,
    TemplateKind,
    Unit,
)
from app.followup.templates.models import WatchTemplate
from app.followup.templates.schemas import TemplateSchema, initial_of
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import ROLE_CEILING, Action, Tier, Viewer, allows, requires
from app.security import acting_organisation, the_viewer


@bp.get("/visits/templates")
@requires(Action.WATCH_TEMPLATE_READ)
def template_list() -> Answer:
    """Each template with the version in force, those to come and those before."""
    own = the_viewer().organisations()
    versions = queries.versions_for(db.session, own)
    counts = queries.plans_on(db.session, own)
    groups: dict[str, list[WatchTemplate]] = {}
    for one in versions:
        groups.setdefault(one.code, []).append(one)
    return render_template(
        "followup/templates.html",
        tabs=tabs("followup.template_list"),
        groups=[
            _group(versions, counts, today()) | {"open": number == 0}
            for number, versions in enumerate(groups.values())
        ],
    )


def _group(versions: list[WatchTemplate], counts: dict[int, int], day: date) -> dict[str, Any]:
    """A template's versions: the one in force – an office's own before the shipped – and others."""
    valid = [one for one in versions if one.valid_from <= day]
    own = [one for one in valid if one.organisation_id is not None]
    current = max(own or valid or versions, key=lambda one: one.valid_from)
    return {
        "current": described(current),
        "kind": TEMPLATE_KIND_LABELS[current.kind],
        "plans": counts.get(current.id, 0),
        "older_plans": sum(counts.get(one.id, 0) for one in versions) - counts.get(current.id, 0),
        "others": [described(one) for one in versions if one.id != current.id],
    }


def named_for(template: WatchTemplate, viewer: Viewer) -> str:
    """A template's name, which for some add-ons tells of illness or debt.

    Who never sees care has nobody's reasons told by a list either: those are 追加の見守り to them,
    as in the plans themselves. Whoever writes the versions has to know which they write.
    """
    told = template.kind is TemplateKind.BASE or template.code in OPEN_ADD_ONS
    if told or _knows_reasons(viewer):
        return template.name
    return TEMPLATE_KIND_LABELS[TemplateKind.ADD_ON]


def _knows_reasons(viewer: Viewer) -> bool:
    deepest = (ROLE_CEILING.get(role, Tier.CODE) for role in viewer.roles())
    return allows(viewer, Action.WATCH_TEMPLATE_EDIT) or any(t >= Tier.CARE for t in deepest)


def described(template: WatchTemplate) -> dict[str, Any]:
    """A version in words."""
    since = _("入居") if template.kind is TemplateKind.BASE else _("加えた日")
    rhythm = [_("%(days)s日目", days="・".join(map(str, template.first_days)))]
    rhythm = rhythm if template.first_days else []
    for phase in template.phases:
        unit = UNIT_LABELS[Unit(phase["unit"])]
        rhythm.append(
            _("%(until)sか月まで %(every)s%(unit)s",
              until=phase["until_months"], every=phase["every"], unit=unit)
        )  # fmt: skip
    order = list(StepKind)
    steps = sorted(template.ladder.items(), key=lambda s: (s[1], order.index(StepKind(s[0]))))
    name = named_for(template, the_viewer())
    return {
        "template": template,
        "name": name,
        "is_base": template.kind is TemplateKind.BASE,
        "source": template.source if name == template.name else "",
        "rhythm": _("%(since)sから ", since=since) + "、".join(map(str, rhythm)),
        "reviews": "・".join(_("%(n)sか月", n=n) for n in template.reviews) or _("なし"),
        "holiday": HOLIDAY_LABELS[template.holiday],
        "ladder": " → ".join(
            _("%(step)s %(n)s時間", step=STEP_LABELS[StepKind(code)], n=hours)
            for code, hours in steps
        ),
        "certainty": CERTAINTY_LABELS[template.certainty],
        "shipped": template.organisation_id is None,
    }


@bp.get("/visits/templates/<int:template_id>/next")
@requires(Action.WATCH_TEMPLATE_EDIT)
def new_version_page(template_id: int) -> Answer:
    template = _opened(template_id)
    initial = initial_of(template) | {"valid_from": today()}
    return _page(template, Form(TemplateSchema(), initial=initial))


def _opened(template_id: int) -> WatchTemplate:
    return queries.get_template(db.session, template_id, the_viewer().organisations())


def _page(template: WatchTemplate, form: Form) -> str:
    ladder = tuple(step.value for step in StepKind)
    page = FormPage(
        title=_("「%(name)s」の新しい版", name=template.name),
        form=form,
        sections=(
            Section(_("いつから"), ("name", "valid_from", "source")),
            Section(_("いつ会うか"), ("first_days",)),
            Section(
                _("そのあとの間隔"),
                rows="phases",
                columns=("every", "unit", "until_months"),
                blank=1,
            ),
            Section(_("振り返りと休みの日"), ("reviews", "holiday")),
            Section(
                _("会えないとき"),
                ("tolerance_days", *ladder),
                hint=_("「気になること」が始まってからの時間です。空けた順番は行いません。"),
            ),
            Section(_("毎日の安否"), ("daily_safety", "silent_hours")),
        ),
        action=url_for("followup.write_version", template_id=template.id),
        submit=_("この版を残す"),
        cancel_url=url_for("followup.template_list"),
        lead=_("いま動いている計画は、そのままです。計画の画面で「いまの型で組み直す」を押すと、"
               "これからの分だけが変わります。"),
    )  # fmt: skip
    crumbs = [(_("見守りの型"), url_for("followup.template_list"))]
    return render_template("cases/form.html", page=page, breadcrumbs=crumbs)


@bp.post("/visits/templates/<int:template_id>/next")
@requires(Action.WATCH_TEMPLATE_EDIT)
@creates
def write_version(template_id: int) -> Answer:
    viewer = the_viewer()
    template = _opened(template_id)
    form = Form(TemplateSchema(), typed=request.form)
    status = attempt(
        form,
        lambda data: services.write_version(
            db.session,
            after=template,
            organisation_id=acting_organisation(viewer, Action.WATCH_TEMPLATE_EDIT),
            values=data,
            user_id=viewer.user_id,
            today=today(),
        ),
    )
    if status != 200:
        return _page(_opened(template_id), form), status
    flash(_("新しい版を残しました。"))
    return committed(redirect(url_for("followup.template_list"), 303))
