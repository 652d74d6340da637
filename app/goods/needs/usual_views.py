"""The list needs are proposed from: read, a line more, and lines corrected or retired."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import FormPage, Section, attempt, conflict_of
from app.db import db
from app.errors import NotFoundError
from app.forms import Form
from app.goods.blueprint import bp
from app.goods.codes import FOR_WHOM_LABELS, IMPORTANCE_LABELS, KIND_LABELS, ROOM_LABELS, Importance
from app.goods.models import UsualNeed
from app.goods.needs import services
from app.goods.needs.schemas import EditUsualSchema, UsualSchema
from app.goods.needs.usual import usual_lines
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer

_FIELDS = ("for_whom", "kind", ("room", "per_person"), "importance", "source", "certain", "active")


@bp.get("/goods/usual")
@requires(Action.MASTER_EDIT)
def usual_list() -> Answer:
    """Every line, those no longer used at the end."""
    lines = usual_lines(db.session, retired=True)
    return render_template(
        "goods/usual.html",
        rows=[
            {
                "id": line.id,
                "for_whom": FOR_WHOM_LABELS[line.for_whom],
                "kind": KIND_LABELS[line.kind],
                "room": ROOM_LABELS[line.room],
                "importance": IMPORTANCE_LABELS[line.importance],
                "must": line.importance is Importance.MUST,
                "per_person": line.per_person,
                "source": line.source,
                "certain": line.certain,
                "active": line.active,
            }
            for line in sorted(lines, key=lambda one: not one.active)
        ],
    )


def _get(line_id: int) -> UsualNeed:
    line = db.session.get(UsualNeed, line_id)
    if line is None:
        raise NotFoundError(_("この行は見つかりません。一覧から選び直してください。"))
    return line


def _page(form: Form, title: str, action: str, **more: Any) -> str:
    back = url_for("goods.usual_list")
    page = FormPage(title=title, form=form, sections=(Section("", _FIELDS),), action=action,
                    submit=_("記録する"), cancel_url=back, **more)  # fmt: skip
    return render_template(
        "cases/form.html", head=None, page=page, breadcrumbs=[(_("そろえるもの"), back)]
    )


@bp.get("/goods/usual/new")
@requires(Action.MASTER_EDIT)
def new_usual_page() -> Answer:
    return _page(Form(UsualSchema()), _("そろえるものを加える"), url_for("goods.add_usual"))


@bp.post("/goods/usual")
@requires(Action.MASTER_EDIT)
@creates
def add_usual() -> Answer:
    form, user_id = Form(UsualSchema(), typed=request.form), the_viewer().user_id
    status = attempt(
        form, lambda data: services.add_usual(db.session, values=data, user_id=user_id)
    )
    if status != 200:
        return _page(form, _("そろえるものを加える"), url_for("goods.add_usual")), status
    flash(_("加えました。"))
    return committed(redirect(url_for("goods.usual_list"), 303))


def _values(line: UsualNeed) -> dict[str, Any]:
    return {name: getattr(line, name) for name in EditUsualSchema().fields}


@bp.get("/goods/usual/<int:line_id>")
@requires(Action.MASTER_EDIT)
def usual_page(line_id: int) -> Answer:
    line = _get(line_id)
    form = Form(EditUsualSchema(), initial=_values(line))
    action = url_for("goods.change_usual", line_id=line_id)
    return _page(form, KIND_LABELS[line.kind], action, version=line.version)


@bp.post("/goods/usual/<int:line_id>")
@requires(Action.MASTER_EDIT)
def change_usual(line_id: int) -> Answer:
    user_id, form = the_viewer().user_id, Form(EditUsualSchema(), typed=request.form)

    def act(data: dict[str, Any]) -> None:
        values = dict(data)
        services.change_usual(db.session, line=_get(line_id), version=values.pop("version"),
                              values=values, user_id=user_id)  # fmt: skip

    status = attempt(form, act)
    if status != 200:
        line, conflict = _get(line_id), None
        if status == 409:
            conflict = conflict_of(
                form, _values(line), record_kind="goods_usual_need", record_id=line_id
            )
        action = url_for("goods.change_usual", line_id=line_id)
        return _page(form, KIND_LABELS[line.kind], action, version=line.version,
                     conflict=conflict), status  # fmt: skip
    flash(_("記録しました。"))
    return committed(redirect(url_for("goods.usual_list"), 303))
