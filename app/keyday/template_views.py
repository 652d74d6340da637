"""An organisation's template: its lines in the order of their days, and one line at a time."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import FormPage, Section, attempt, conflict_of
from app.db import db
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed, creates
from app.keyday import templates
from app.keyday.blueprint import bp
from app.keyday.codes import APPLIES_LABELS, DOER_LABELS, PHASE_LABELS, Doer, Phase, said_as
from app.keyday.days import counted_words, part_of
from app.keyday.models import KeyDayTemplateLine
from app.keyday.queries import template_of
from app.keyday.schemas import EditLineSchema, LineSchema, MoveLineSchema
from app.keyday.shipped import Line
from app.policy import Action, requires
from app.security import acting_organisation, the_viewer

SECTIONS = (
    Section("すること", ("title", "explanation")),
    Section("いつ", (("counted", "days"),)),
    Section("だれが、どの世帯に", (("doer", "partner_name"), "applies")),
    Section("根拠", ("basis", "certain")),
    Section("", ("active",)),
)


def _ours() -> int:
    """The organisation whose template this person looks after."""
    return acting_organisation(the_viewer(), Action.MASTER_EDIT)


def _row(line: Line | KeyDayTemplateLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "title": line.title,
        "explanation": line.explanation,
        "when": counted_words(line.counted_from, line.offset_days),
        "who": line.partner_name if line.doer is Doer.PARTNER else DOER_LABELS[line.doer],
        "applies": APPLIES_LABELS[line.applies],
        "basis": line.basis,
        "certain": line.certain,
        "active": getattr(line, "active", True),
        "phase": part_of(line.offset_days),
        "order": (line.counted_from, line.offset_days),
    }


def _moves(
    lines: Sequence[Line | KeyDayTemplateLine], line: Line | KeyDayTemplateLine
) -> dict[str, Any]:
    """Whether a line has a neighbour of its day to change places with."""
    day = [one.code for one in templates.movable(lines, line.code)]
    return {
        "version": getattr(line, "version", templates.FIRST_VERSION),
        "up": line.code in day[1:],
        "down": line.code in day[:-1],
    }


@bp.get("/key-days/template")
@requires(Action.MASTER_EDIT)
def template_page() -> Answer:
    """Every line, as a new plan would have it."""
    lines = templates.all_lines(db.session, _ours())
    rows = sorted((_row(line) | _moves(lines, line) for line in lines), key=lambda r: r["order"])
    return render_template(
        "keyday/template.html",
        parts=[
            (PHASE_LABELS[phase], [r for r in rows if r["active"] and r["phase"] is phase])
            for phase in Phase
        ],
        retired=[row for row in rows if not row["active"]],
        own=template_of(db.session, _ours()) is not None,
    )


def _values(line: Line | KeyDayTemplateLine) -> dict[str, Any]:
    counted, days = said_as(line.counted_from, line.offset_days)
    names = ("title", "explanation", "doer", "partner_name", "applies", "basis", "certain")
    return {name: getattr(line, name) for name in names} | {
        "counted": counted,
        "days": days,
        "active": getattr(line, "active", True),
    }


def _page(title: str, form: Form, action: str, **more: Any) -> str:
    back = url_for("keyday.template_page")
    return render_template(
        "cases/form.html",
        head=None,
        breadcrumbs=[(_("鍵の日のひな形"), back)],
        page=FormPage(
            title=title,
            form=form,
            sections=SECTIONS,
            action=action,
            submit=_("記録する"),
            cancel_url=back,
            lead=_("これから作る段取りに使います。もうある段取りは変わりません。"),
            **more,
        ),
    )


def _back(said: str) -> Answer:
    flash(said)
    return committed(redirect(url_for("keyday.template_page"), 303))


@bp.get("/key-days/template/new")
@requires(Action.MASTER_EDIT)
def new_line_page() -> Answer:
    form = Form(LineSchema(), initial={"days": 0, "doer": "household", "applies": "always"})
    return _page(_("行を加える"), form, url_for("keyday.add_line"))


@bp.post("/key-days/template")
@requires(Action.MASTER_EDIT)
@creates
def add_line() -> Answer:
    form, organisation, user = Form(LineSchema(), typed=request.form), _ours(), the_viewer().user_id
    status = attempt(
        form,
        lambda data: templates.add_line(
            db.session, organisation_id=organisation, values=data, user_id=user
        ),
    )
    if status != 200:
        return _page(_("行を加える"), form, url_for("keyday.add_line")), status
    return _back(_("加えました。"))


@bp.post("/key-days/template/<code>/place")
@requires(Action.MASTER_EDIT)
@creates
def move_line(code: str) -> Answer:
    """One place up or down among the lines of the same day."""
    form = Form(MoveLineSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("画面を開き直して、もう一度動かしてください。"), fields=form.errors)
    templates.move_line(
        db.session, organisation_id=_ours(), code=code, user_id=the_viewer().user_id, **form.data
    )
    return _back(_("順番を変えました。"))


@bp.get("/key-days/template/<code>")
@requires(Action.MASTER_EDIT)
def line_page(code: str) -> Answer:
    line = templates.get_line(db.session, _ours(), code)
    form = Form(EditLineSchema(), initial=_values(line))
    return _line_page(line, form)


def _line_page(line: Line | KeyDayTemplateLine, form: Form, conflict: Any = None) -> str:
    return _page(
        line.title,
        form,
        url_for("keyday.change_line", code=line.code),
        version=getattr(line, "version", templates.FIRST_VERSION),
        conflict=conflict,
    )


@bp.post("/key-days/template/<code>")
@requires(Action.MASTER_EDIT)
@creates
def change_line(code: str) -> Answer:
    organisation, user = _ours(), the_viewer().user_id
    line = templates.get_line(db.session, organisation, code)
    form = Form(EditLineSchema(), typed=request.form)

    def act(data: dict[str, Any]) -> None:
        values = dict(data)
        templates.change_line(
            db.session,
            organisation_id=organisation,
            code=code,
            version=values.pop("version"),
            values=values,
            user_id=user,
        )

    status = attempt(form, act)
    if status == 200:
        return _back(_("書きかえました。"))
    line = templates.get_line(db.session, organisation, code)
    conflict = None
    if status == 409:
        conflict = conflict_of(
            form,
            _values(line),
            record_kind="key_day_template_line",
            record_id=getattr(line, "id", 0),
        )
    return _line_page(line, form, conflict), status
