"""Pages: the lists with how far they are, one list with its figures, files and end."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.cases.frame import attempt
from app.cases.listing import names_of
from app.db import db, now, today
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed, standings
from app.leads import figures, queries, retention
from app.leads.blueprint import bp
from app.leads.codes import IMPORT_STATE_LABELS
from app.leads.figures import ListFigures
from app.leads.models import LeadList
from app.leads.schemas import DeletionDaySchema, TakeBackSchema
from app.policy import Action, requires
from app.security import saw, the_viewer
from app.wording import day

CSV_HEAD = (
    "状況", "名簿の人", "番号なし", "電話した", "話せた", "相談につないだ", "望まない", "手紙",
    "番号違い",
)  # fmt: skip


def _list(lead_list_id: int) -> LeadList:
    return queries.get_list(db.session, lead_list_id, the_viewer())


def _page(lead_list_id: int) -> str:
    return url_for("leads.lead_list", lead_list_id=lead_list_id)


@bp.get("/leads/lists")
@requires(Action.LEAD_READ)
def lead_lists() -> Answer:
    viewer = the_viewer()
    lists = queries.lists_of(db.session, viewer, deleted=True)
    totals = figures.totals_by_list(db.session, [one.id for one in lists])
    return render_template(
        "leads/lists.html",
        rows=[(one, _kept(one) or totals.get(one.id) or figures.total([])) for one in lists],
        waiting=queries.waiting_imports(db.session, viewer),
    )


def _kept(lead_list: LeadList) -> ListFigures | None:
    """The figures that remain of a list whose people were deleted."""
    if lead_list.deleted_at is None:
        return None
    kept = lead_list.figures or {}
    return ListFigures("合計", *(int(kept.get(name, 0)) for name in figures.COUNTS))


def _lines(lead_list: LeadList) -> list[ListFigures]:
    kept = _kept(lead_list)
    if kept is not None:
        return [kept]
    lines = figures.figures_of(db.session, lead_list.id)
    return [*lines, figures.total(lines)]


@bp.get("/leads/lists/<int:lead_list_id>")
@requires(Action.LEAD_READ)
def lead_list(lead_list_id: int) -> Answer:
    """How far one list is, the files it came from, and when its people are forgotten."""
    one = _list(lead_list_id)
    initial = {"delete_on": one.delete_on, "version": one.version}
    return _drawn(one, Form(DeletionDaySchema(), initial=initial))


def _drawn(one: LeadList, form: Form, *, stale: bool = False) -> str:
    files = queries.imports_of(db.session, one)
    names = names_of(db.session, {f.user_id for f in files} | {one.made_by, one.approved_by or 0})
    return render_template(
        "leads/list_page.html",
        lead_list=one,
        lines=_lines(one),
        files=files,
        names=names,
        import_labels=IMPORT_STATE_LABELS,
        form=form,
        stale=stale,
        late=one.deleted_at is None and one.delete_on <= today(),
        csv_url=url_for("leads.list_figures_csv", lead_list_id=one.id),
    )


@bp.get("/leads/lists/<int:lead_list_id>/figures.csv")
@requires(Action.LEAD_READ)
def list_figures_csv(lead_list_id: int) -> Answer:
    lines = _lines(_list(lead_list_id))
    saw(Deed.EXPORTED, "lead_list", lead_list_id)
    rows = ([one.label, *(getattr(one, name) for name in figures.COUNTS)] for one in lines)
    return csv_answer("lead-figures", CSV_HEAD, rows, today=today())


# --------------------------------------------------------------------------------- its end


@bp.post("/leads/lists/<int:lead_list_id>/day")
@requires(Action.LEAD_IMPORT)
def change_day(lead_list_id: int) -> Answer:
    one = _list(lead_list_id)
    form = Form(DeletionDaySchema(), typed=request.form)
    status = attempt(
        form,
        lambda values: retention.change_day(
            db.session, lead_list=one, user_id=the_viewer().user_id, today=today(), **values
        ),
    )
    if status != 200:
        return _drawn(_list(lead_list_id), form, stale=status == 409), status
    flash(_("消す日を%(day)sにしました。", day=day(one.delete_on)))
    return committed(redirect(_page(lead_list_id), 303))


@bp.get("/leads/lists/<int:lead_list_id>/deletion")
@requires(Action.LEAD_IMPORT)
def deletion_page(lead_list_id: int) -> Answer:
    """What deleting would do, before a named person lets it happen."""
    one = _list(lead_list_id)
    totals = figures.totals_of(db.session, one.id)
    return render_template(
        "leads/deletion.html", lead_list=one, totals=totals, due=one.delete_on <= today()
    )


@bp.post("/leads/lists/<int:lead_list_id>/deletion")
@requires(Action.LEAD_IMPORT)
def approve_deletion(lead_list_id: int) -> Answer:
    one = _list(lead_list_id)
    _with_version(
        lambda version: retention.approve(
            db.session, lead_list=one, version=version, user_id=the_viewer().user_id, at=now()
        )
    )
    flash(_("名簿を消すことを認めました。%(day)sに消えます。", day=_when(one)))
    return committed(redirect(_page(lead_list_id), 303))


def _when(one: LeadList) -> str:
    return day(one.delete_on) if one.delete_on > today() else _("1時間ほどのうち")


@bp.post("/leads/lists/<int:lead_list_id>/deletion/withdraw")
@requires(Action.LEAD_IMPORT)
def withdraw_deletion(lead_list_id: int) -> Answer:
    one = _list(lead_list_id)
    _with_version(
        lambda version: retention.withdraw_approval(
            db.session, lead_list=one, version=version, user_id=the_viewer().user_id
        )
    )
    flash(_("認めたことを取りやめました。名簿は消えません。"))
    return committed(redirect(_page(lead_list_id), 303))


def _with_version(act: Any) -> None:
    """Act on the version the button carried."""
    form = Form(TakeBackSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("画面を開き直して、もう一度押してください。"))
    act(form.data["version"])


def _standing(lead_list_id: int) -> str:
    return str(_list(lead_list_id).id)


standings["lead_list_id"] = _standing
