"""生活保護 on a case: how it stands, hand-overs either way, and their figures."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.answers import Answer
from app.cases.frame import FormPage, Opened, Section, attempt, bp, changing, opened, render
from app.cases.models import Case
from app.cases.panels import Panel, PanelLine, TimelineEvent, case_panels
from app.cases.queries import visible_cases
from app.cases.welfare import services
from app.cases.welfare.models import (
    DIRECTION_LABELS,
    HANDOVER_BASIS_LABELS,
    WELFARE_STATUS_LABELS,
    WelfareStatus,
)
from app.cases.welfare.schemas import CountSchema, HandoverSchema, StandingSchema
from app.db import db, moment_on, today
from app.forms import Form
from app.idempotency import committed, creates
from app.japanese import fiscal_year, fiscal_year_days
from app.policy import Access, Action, Role, Tier, Viewer, present, requires
from app.security import the_viewer
from app.wording import day

KINDS = {WelfareStatus.RECEIVING: "good", WelfareStatus.APPLYING: "warn"}


@bp.get("/cases/<int:case_id>/welfare")
@requires(Action.CASE_READ)
def welfare_page(case_id: int) -> Answer:
    one = opened(case_id, needs=Tier.CARE)
    standings = services.standings_of(db.session, case_id)
    handovers = services.handovers_of(db.session, case_id)
    return render(
        one,
        "cases/welfare/welfare.html",
        standings=[_standing(row, one.access) for row in standings],
        handovers=[_handover(row, one.access) for row in handovers],
        statuses=WELFARE_STATUS_LABELS,
        directions=DIRECTION_LABELS,
        bases=HANDOVER_BASIS_LABELS,
        may_change=one.may_change,
    )


def _standing(row: Any, access: Access) -> Any:
    names = ("status", "since", "office", "note")
    return present("welfare_status", {name: getattr(row, name) for name in names}, access)


def _handover(row: Any, access: Access) -> Any:
    names = ("id", "direction", "handed_on", "office", "handed", "basis", "basis_note")
    return present("welfare_handover", {name: getattr(row, name) for name in names}, access)


def _page(one: Opened, form: Form, title: str, action: str, items: tuple[Any, ...]) -> str:
    page = FormPage(
        title=title,
        form=form,
        sections=(Section("", items),),
        action=action,
        submit=_("記録する"),
        cancel_url=url_for("cases.welfare_page", case_id=one.case.id),
    )
    return render(one, "cases/form.html", page=page)


@bp.get("/cases/<int:case_id>/welfare/status")
@requires(Action.CASE_EDIT)
def standing_page(case_id: int) -> Answer:
    return _standing_form(changing(case_id), Form(StandingSchema(), initial={"since": today()}))


@bp.post("/cases/<int:case_id>/welfare/status")
@requires(Action.CASE_EDIT)
@creates
def record_standing(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(StandingSchema(), typed=request.form)
    user_id = one.viewer.user_id
    status = attempt(
        form,
        lambda data: services.record_standing(
            db.session, case=one.case, status=data["status"], since=data["since"],
            office=data["office"], note_=data["note"], user_id=user_id, today=today(),
        ),
    )  # fmt: skip
    if status != 200:
        return _standing_form(changing(case_id), form), status
    flash(_("生活保護の状況を記録しました。"))
    return committed(redirect(url_for("cases.welfare_page", case_id=case_id), 303))


def _standing_form(one: Opened, form: Form) -> str:
    action = url_for("cases.record_standing", case_id=one.case.id)
    items = ("status", "since", "office", "note")
    return _page(one, form, _("生活保護の状況"), action, items)


@bp.get("/cases/<int:case_id>/welfare/handover")
@requires(Action.CASE_EDIT)
def handover_page(case_id: int) -> Answer:
    return _handover_form(changing(case_id), Form(HandoverSchema(), initial={"handed_on": today()}))


@bp.post("/cases/<int:case_id>/welfare/handover")
@requires(Action.CASE_EDIT)
@creates
def record_handover(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(HandoverSchema(), typed=request.form)
    user_id = one.viewer.user_id
    status = attempt(
        form,
        lambda data: services.record_handover(
            db.session, case=one.case, user_id=user_id, today=today(), **data
        ),
    )
    if status != 200:
        return _handover_form(changing(case_id), form), status
    flash(_("引き継ぎを記録しました。"))
    return committed(redirect(url_for("cases.welfare_page", case_id=case_id), 303))


def _handover_form(one: Opened, form: Form) -> str:
    action = url_for("cases.record_handover", case_id=one.case.id)
    items = ("direction", ("handed_on", "office"), "handed", "basis", "basis_note")
    return _page(one, form, _("生活保護との引き継ぎ"), action, items)


@bp.get("/handovers")
@requires(Action.PLAN_READ)
def handover_counts() -> Answer:
    """Hand-overs either way in a period, of one's own agency; this fiscal year at first."""
    first, last = fiscal_year_days(fiscal_year(today()))
    typed = request.args or None
    form = Form(CountSchema(), typed=typed, initial={"since": first, "until": last})
    if typed is not None:
        form.load()
    since, until = form.data.get("since") or first, form.data.get("until") or last
    viewer = the_viewer()
    own = visible_cases(viewer, today=today()).where(
        Case.organisation_id.in_(viewer.organisations(Role.CONSULTANT))
    )
    found = services.counts(db.session, own, since=since, until=until)
    return render_template(
        "cases/welfare/counts.html",
        fields=[form["since"], form["until"]],
        rows=[(DIRECTION_LABELS[way], *numbers) for way, numbers in found.items()],
        period=f"{day(since)}〜{day(until)}",
    )


# -------------------------------------------------------------------------- the case page


def welfare_of_case(
    session: Session, case: Case, access: Access, _viewer: Viewer, _today: date
) -> Panel | None:
    """How it stands, and each hand-over in the story."""
    if not access.sees(Tier.CARE):
        return None
    standings, handovers = (
        services.standings_of(session, case.id), services.handovers_of(session, case.id)
    )  # fmt: skip
    if not standings and not handovers:
        return None
    url = url_for("cases.welfare_page", case_id=case.id)
    lines = [
        PanelLine(
            _("%(day)sから", day=day(row.since)),
            note=row.office,
            tag=(WELFARE_STATUS_LABELS[row.status], KINDS.get(row.status, "")),
        )
        for row in standings[:1]
    ]
    events = [
        TimelineEvent(
            moment_on(row.since),
            _("生活保護：%(words)s", words=WELFARE_STATUS_LABELS[row.status]),
            text=row.note,
            day_only=True,
        )
        for row in standings
    ]
    events += [
        TimelineEvent(
            moment_on(row.handed_on),
            _("引き継ぎ：%(way)s（%(office)s）", way=DIRECTION_LABELS[row.direction],
              office=row.office),
            text=row.handed,
            url=url,
            day_only=True,
        )
        for row in handovers
    ]  # fmt: skip
    return Panel(title=_("生活保護"), lines=lines, action=(_("くわしく"), url), events=events)


case_panels.append(welfare_of_case)
