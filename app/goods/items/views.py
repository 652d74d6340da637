"""Pages of things: the list, one thing, taking one in and correcting it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.cases.frame import FormPage, Section, attempt, conflict_of
from app.db import db, how_many, now, today
from app.forms import Form
from app.goods.blueprint import bp
from app.goods.codes import GROUPS
from app.goods.items import photos, queries, services
from app.goods.items.photo_views import files_sent
from app.goods.items.records import shown_item, shown_reservation
from app.goods.items.schemas import EditItemSchema, ItemFilterSchema, PledgeSchema
from app.goods.models import GoodsItem
from app.goods.words import item_row
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import acting_organisation, saw, the_viewer

SECTIONS = (
    Section(
        "どんなもの",
        ("kind", "label", ("width_cm", "depth_cm", "height_cm"), "condition"),
    ),
    Section(
        "だれから、どう運ぶ",
        ("donor", "donor_address", ("window_from", "window_until"), "carrier", "shelf", "again"),
    ),
    Section(
        "家電・ガス器具",
        (
            ("maker", "model", "made_year"),
            ("gas", "voltage"),
            ("safety", "safety_on", "safety_by"),
            ("recall", "recall_on", "recall_by"),
        ),
        hint="確かめていないことは空けたままに",
        folded=True,
    ),
    Section(
        "運び出し・重さ・メモ",
        (
            ("weight_kg", "donor_floor"),
            "dismantles",
            "upright",
            "donor_lift",
            ("lift_width_cm", "lift_depth_cm", "lift_height_cm"),
            "note",
        ),
        folded=True,
    ),
)


def _chosen() -> dict[str, Any]:
    """The filter; what is unreadable in the address is simply not applied."""
    schema = ItemFilterSchema()
    form = Form(schema, typed=request.args)
    if form.load():
        return form.data
    return schema.load({})  # type: ignore[no-any-return]


def rows_for(items: Sequence[GoodsItem]) -> list[dict[str, Any]]:
    """Things as rows for this viewer; a fixed number of statements."""
    viewer, ids = the_viewer(), [item.id for item in items]
    kept, pictures = queries.running(db.session, ids), queries.photos_of(db.session, ids)
    return [
        item_row(
            shown_item(item, viewer, kept.get(item.id)),
            shown_reservation(kept[item.id], viewer, today=today()) if item.id in kept else None,
            today=today(),
            photo=pictures[item.id][0].id if item.id in pictures else None,
        )
        for item in items
    ]


@bp.get("/goods")
@requires(Action.GOODS_READ)
def item_list() -> Answer:
    """Things at hand, what runs out of time first."""
    chosen = _chosen()
    statement = queries.listed(chosen, today=today())
    total, page = how_many(db.session, statement), chosen["page"]
    offset = (page - 1) * queries.PER_PAGE
    items = queries.page_of(db.session, statement, limit=queries.PER_PAGE, offset=offset)
    if items:
        saw(Deed.LISTED, "goods_item", None, fields=("label", "donor"))
    kept: dict[str, Any] = {k: v for k, v in request.args.items() if k != "page"}
    return render_template(
        "goods/list.html",
        rows=rows_for(items),
        counts=queries.counts(db.session, today=today()),
        form=Form(ItemFilterSchema(), typed=request.args),
        chosen=chosen,
        tabs=[
            {
                "label": label,
                "url": url_for("goods.item_list", group=code),
                "current": chosen["group"] == code,
            }
            for code, label, _kinds in GROUPS
        ],
        narrowed=bool(chosen["q"] or chosen["kind"] or chosen["state"]),
        csv_url=url_for("goods.items_csv", **kept),
        pager={
            "first": offset + 1,
            "last": offset + len(items),
            "total": total,
            "previous_url": url_for("goods.item_list", page=page - 1, **kept) if page > 1 else None,
            "next_url": url_for("goods.item_list", page=page + 1, **kept)
            if offset + len(items) < total
            else None,
        },
    )


@bp.get("/goods.csv")
@requires(Action.GOODS_READ)
def items_csv() -> Answer:
    """The same list as a file, with the donor for whoever may know donors."""
    statement = queries.listed(_chosen(), today=today())
    items = queries.page_of(db.session, statement, limit=queries.EXPORT_AT_MOST)
    saw(Deed.EXPORTED, "goods_item", None, fields=("label", "donor"))
    head = (
        "番号", "種類", "品物", "大きさ", "状態", "寄贈者", "いま", "引き取れる日", "置き場所",
        "取り置き", "取り置きの期限",
    )  # fmt: skip
    cells = (
        [row["number"], row["kind"], row["label"], row["size"], row["condition"], row["donor"],
         "・".join(label for label, _kind in row["tags"]), row["window"], row["where"],
         row["for_whom"], row["until"]]
        for row in rows_for(items)
    )  # fmt: skip
    return csv_answer("goods", head, cells, today=today())


# ------------------------------------------------------------------------------ taking in


def _form_page(form: Form, title: str, action: str, cancel: str, **more: Any) -> Mapping[str, Any]:
    names = queries.donor_names(db.session)
    page = FormPage(
        title=title,
        form=form,
        sections=SECTIONS,
        action=action,
        submit=_("登録する") if "version" not in form.schema.fields else _("記録する"),
        cancel_url=cancel,
        changes={"donor": {"options": names}},
        **more,
    )
    return {"page": page}


def _new_page(form: Form) -> str:
    if not form.errors.get("again"):
        for part in ("fields", "load_fields", "dump_fields"):
            getattr(form.schema, part).pop("again", None)
    return render_template(
        "goods/form.html",
        **_form_page(
            form, _("品物を登録する"), url_for("goods.pledge_item"), url_for("goods.item_list")
        ),
        files=form.errors.get("files", []),
        with_files=True,
        breadcrumbs=[(_("物資"), url_for("goods.item_list"))],
    )


@bp.get("/goods/items/new")
@requires(Action.GOODS_EDIT)
def new_item_page() -> Answer:
    """One screen: what, how large, from whom, until when, and a picture."""
    return _new_page(Form(PledgeSchema(), initial=request.args.to_dict()))


@bp.post("/goods/items")
@requires(Action.GOODS_EDIT)
@creates
def pledge_item() -> Answer:
    viewer = the_viewer()
    form = Form(PledgeSchema(), typed=request.form)
    files = files_sent()

    def act(data: dict[str, Any]) -> None:
        values = dict(data)
        item = services.pledge(
            db.session,
            shelf=values.pop("shelf"),
            again=values.pop("again"),
            values=values,
            user_id=viewer.user_id,
            organisation_id=acting_organisation(viewer, Action.GOODS_EDIT),
            today=today(),
        )
        if files:
            photos.add_photos(db.session, item=item, files=files, caption="",
                              user_id=viewer.user_id, at=now())  # fmt: skip
        form.data["item_id"] = item.id

    status = attempt(form, act)
    if status != 200:
        return _new_page(form), status
    flash(_("登録しました。"))
    return committed(redirect(url_for("goods.item_page", item_id=form.data["item_id"]), 303))


# ------------------------------------------------------------------------------- correcting


def item_values(item: GoodsItem) -> dict[str, Any]:
    """A thing as its form has it."""
    names = [name for name in EditItemSchema().fields if name != "donor"]
    donor = item.donor.name if item.donor else ""
    return {name: getattr(item, name) for name in names} | {"donor": donor}


def _edit_page(item: GoodsItem, form: Form, conflict: Mapping[str, Any] | None = None) -> str:
    here = url_for("goods.item_page", item_id=item.id)
    saw(Deed.VIEWED, "goods_item", item.id, fields=("donor", "donor_address"))
    return render_template(
        "goods/form.html",
        **_form_page(
            form,
            _("%(number)s を直す", number=item.number),
            url_for("goods.change_item", item_id=item.id),
            here,
            lead=services.said(item),
            version=item.version,
            conflict=conflict,
        ),
        files=[],
        with_files=False,
        breadcrumbs=[(_("物資"), url_for("goods.item_list")), (item.number, here)],
    )


@bp.get("/goods/items/<int:item_id>/edit")
@requires(Action.GOODS_EDIT)
def edit_item_page(item_id: int) -> Answer:
    item = queries.get_item(db.session, item_id)
    return _edit_page(item, Form(EditItemSchema(), initial=item_values(item)))


@bp.post("/goods/items/<int:item_id>/edit")
@requires(Action.GOODS_EDIT)
def change_item(item_id: int) -> Answer:
    user_id = the_viewer().user_id
    item = queries.get_item(db.session, item_id)
    form = Form(EditItemSchema(), typed=request.form)
    freed: list[bool] = []

    def act(data: dict[str, Any]) -> None:
        values = dict(data)
        freed.append(
            services.change_item(
                db.session, item=item, version=values.pop("version"), values=values,
                user_id=user_id, today=today(), at=now(),
            )
        )  # fmt: skip

    status = attempt(form, act)
    if status != 200:
        item = queries.get_item(db.session, item_id)
        conflict = None
        if status == 409:
            conflict = conflict_of(
                form, item_values(item), record_kind="goods_item", record_id=item_id
            )
        return _edit_page(item, form, conflict), status
    flash(
        _(
            "直しました。使えないと分かったため、取り置きを外しました。世帯の担当に知らせてください。"
        )
        if freed[0]
        else _("直しました。")
    )
    return committed(redirect(url_for("goods.item_page", item_id=item_id), 303))
