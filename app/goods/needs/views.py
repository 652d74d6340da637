"""Pages of a household's needs: the list with what is proposed, one need, and what closes it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import FormPage, Opened, Section, attempt, conflict_of, opened, render
from app.db import db, now, today
from app.errors import InvalidError
from app.forms import BaseSchema, Form
from app.goods.blueprint import bp
from app.goods.deeds import reserving
from app.goods.deeds.schemas import TakeSchema
from app.goods.items.queries import get_item
from app.goods.models import GoodsNeed
from app.goods.needs import queries, services
from app.goods.needs.queries import SPACES
from app.goods.needs.schemas import (
    EditNeedSchema,
    MetSchema,
    NeedSchema,
    NeedVersionSchema,
    TakeUsualSchema,
)
from app.goods.needs.usual import proposed_for
from app.goods.needs.words import gathered, need_row, progress_of, proposed_row, things_for
from app.idempotency import committed, creates
from app.policy import Access, Action, Tier, requires
from app.security import the_viewer

SECTIONS = (
    Section("何が要るか", ("kind", "detail", "importance")),
    Section("いつ・どこに", (("room", "needed_on"), SPACES)),
    Section("ガス・電気", (("gas", "voltage"),), folded=True),
    Section("メモ", ("note",), folded=True),
)


def back_to(case_id: int, need_id: int | None = None) -> Answer:
    """To the household's list, at the need just worked on."""
    anchor = f"need-{need_id}" if need_id else None
    return committed(redirect(url_for("goods.need_list", case_id=case_id, _anchor=anchor), 303))


@bp.get("/cases/<int:case_id>/goods")
@requires(Action.GOODS_READ)
def need_list(case_id: int) -> Answer:
    """What a household has got, is to get and still needs, and what is usually needed beside."""
    one = opened(case_id)
    seen = queries.seen_needs(db.session, one.case, one.access)
    needs = [row.need for row in seen]
    proposed = proposed_for(db.session, one.case, needs, today=today())
    fitting = things_for(db.session, seen, the_viewer())
    place = queries.placements_of(db.session, [case_id]).get(case_id)
    return render(
        one,
        "goods/needs.html",
        rows=gathered(need_row(row, fitting.get(row.need.kind, []), today=today()) for row in seen),
        progress=progress_of(seen),
        proposed=[proposed_row(line) for line in proposed],
        measures_url=url_for("goods.measures_page", placement_id=place.id)
        if place is not None and one.access.sees(Tier.PLACE)
        else None,
    )


@bp.post("/cases/<int:case_id>/goods/usual")
@requires(Action.GOODS_NEED)
@creates
def take_usual(case_id: int) -> Answer:
    """One tap: what is usually needed becomes this household's list."""
    one = opened(case_id)
    form = Form(TakeUsualSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("画面を読み込み直してから、もう一度押してください。"))
    if not form.data["lines"]:  # for the service none is all of them
        flash(_("何も加えていません。加えるものに印を付けてください。"), "warning")
        return back_to(case_id)
    made = services.take_usual(
        db.session, case=one.case, **form.data, user_id=the_viewer().user_id, today=today()
    )
    flash(
        _("%(n)s件を加えました。要らないものは外し、置き場の大きさを入れてください。", n=len(made))
    )
    return back_to(case_id)


# -------------------------------------------------------------------------------- one need


def need_form(schema: BaseSchema, access: Access, **values: Any) -> Form:
    """A need's form with the fields this viewer may know; the others keep what they hold."""
    hidden: tuple[str, ...] = () if access.sees(Tier.CARE) else ("note",)
    hidden += () if access.sees(Tier.PLACE) else SPACES
    for name in hidden:
        for part in ("fields", "load_fields", "dump_fields"):
            getattr(schema, part).pop(name)
    return Form(schema, **values)


def _new_page(one: Opened, form: Form) -> str:
    back = url_for("goods.need_list", case_id=one.case.id)
    page = FormPage(
        title=_("必要なものを加える"),
        form=form,
        sections=SECTIONS,
        action=url_for("goods.add_need", case_id=one.case.id),
        submit=_("加える"),
        cancel_url=back,
    )
    return render(one, "cases/form.html", page=page)


@bp.get("/cases/<int:case_id>/goods/needs/new")
@requires(Action.GOODS_NEED)
def new_need_page(case_id: int) -> Answer:
    one = opened(case_id)
    return _new_page(one, need_form(NeedSchema(), one.access))


@bp.post("/cases/<int:case_id>/goods/needs")
@requires(Action.GOODS_NEED)
@creates
def add_need(case_id: int) -> Answer:
    one = opened(case_id)
    form = need_form(NeedSchema(), one.access, typed=request.form)
    user_id = the_viewer().user_id
    status = attempt(
        form,
        lambda data: services.add_need(db.session, case=one.case, values=data, user_id=user_id),
    )
    if status != 200:
        return _new_page(opened(case_id), form), status
    flash(_("加えました。"))
    return back_to(case_id)


def _found(need_id: int) -> tuple[GoodsNeed, Opened]:
    need = queries.get_need(db.session, need_id, the_viewer(), today=today())
    return need, opened(need.case_id)


def _values(need: GoodsNeed) -> dict[str, Any]:
    return {name: getattr(need, name) for name in EditNeedSchema().fields}


def _need_page(
    need_id: int, forms: Mapping[str, Form], conflict: Mapping[str, Any] | None = None
) -> str:
    need, one = _found(need_id)
    seen = next(
        row for row in queries.seen_needs(db.session, one.case, one.access)
        if row.need.id == need_id
    )  # fmt: skip
    edit = forms.get("edit") or need_form(EditNeedSchema(), one.access, initial=_values(need))
    return render(
        one,
        "goods/need.html",
        row=need_row(seen, [], today=today()),
        met=forms.get("met") or Form(MetSchema()),
        refused=next(iter(forms.values()), None),
        editing="edit" in forms,
        conflict=conflict,
        page=FormPage(
            title=_("書きかえる"),
            form=edit,
            sections=SECTIONS,
            action=url_for("goods.change_need", need_id=need_id),
            submit=_("記録する"),
            cancel_url=url_for("goods.need_list", case_id=need.case_id),
            version=need.version,
        ),
    )


@bp.get("/goods/needs/<int:need_id>")
@requires(Action.GOODS_READ)
def need_page(need_id: int) -> Answer:
    return _need_page(need_id, {})


def _done(
    need_id: int, name: str, form: Form, act: Callable[[GoodsNeed, dict[str, Any]], object]
) -> Answer:
    """Do it and go back to the list; else the need's page with what was wrong."""
    need, _one = _found(need_id)
    status = attempt(form, lambda data: act(need, dict(data)))
    if status == 200:
        flash(_("記録しました。"))
        return back_to(need.case_id, need_id)
    need, _one = _found(need_id)
    conflict = None
    if status == 409:
        theirs = _values(need) | {"met_by": need.met_by}
        conflict = conflict_of(form, theirs, record_kind="goods_need", record_id=need_id)
    return _need_page(need_id, {name: form}, conflict), status


@bp.post("/goods/needs/<int:need_id>")
@requires(Action.GOODS_NEED)
def change_need(need_id: int) -> Answer:
    _need, one = _found(need_id)
    form = need_form(EditNeedSchema(), one.access, typed=request.form)

    def act(need: GoodsNeed, data: dict[str, Any]) -> None:
        services.change_need(
            db.session, need=need, version=data.pop("version"), values=data,
            user_id=the_viewer().user_id,
        )  # fmt: skip

    return _done(need_id, "edit", form, act)


@bp.post("/goods/needs/<int:need_id>/met")
@requires(Action.GOODS_NEED)
@creates
def meet_need(need_id: int) -> Answer:
    def act(need: GoodsNeed, data: dict[str, Any]) -> None:
        services.meet(db.session, need=need, **data, **_who())

    return _done(need_id, "met", Form(MetSchema(), typed=request.form), act)


def _who() -> dict[str, Any]:
    return {"user_id": the_viewer().user_id, "today": today(), "at": now()}


@bp.post("/goods/needs/<int:need_id>/withdrawn")
@requires(Action.GOODS_NEED)
@creates
def withdraw_need(need_id: int) -> Answer:
    def act(need: GoodsNeed, data: dict[str, Any]) -> None:
        services.withdraw(db.session, need=need, **data, **_who())

    return _done(need_id, "withdraw", Form(NeedVersionSchema(), typed=request.form), act)


@bp.post("/goods/needs/<int:need_id>/reopening")
@requires(Action.GOODS_NEED)
@creates
def reopen_need(need_id: int) -> Answer:
    def act(need: GoodsNeed, data: dict[str, Any]) -> None:
        services.reopen(db.session, need=need, **data, user_id=the_viewer().user_id)

    return _done(need_id, "reopen", Form(NeedVersionSchema(), typed=request.form), act)


@bp.post("/goods/needs/<int:need_id>/reservation")
@requires(Action.GOODS_NEED)
@creates
def take_item(need_id: int) -> Answer:
    """One tap from the household's side: this thing is for them."""
    need, _one = _found(need_id)
    form = Form(TakeSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("画面を読み込み直してから、もう一度押してください。"))
    reserving.reserve(
        db.session, item=get_item(db.session, form.data["item_id"]), need=need, until=None,
        user_id=the_viewer().user_id, today=today(),
    )  # fmt: skip
    flash(_("取り置きました。"))
    return back_to(need.case_id, need_id)
