"""Pages: a new partner, corrections, and who is registered already like the one being typed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.db import db
from app.directory import queries, services
from app.directory.access import kinds_kept, kinds_seen
from app.directory.blueprint import bp, kept, list_crumb, opened_to_change
from app.directory.codes import NETWORK_STEP_LABELS
from app.directory.models import PARTNER_KIND_LABELS, Partner, PartnerKind
from app.directory.panels import homes_of
from app.directory.records import CONTACT_COLUMNS, SERVICE_COLUMNS, row_of
from app.directory.schemas import PartnerFilterSchema, schema_of
from app.errors import ConflictError, InvalidError
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import the_viewer

BLANK_ROWS = 3  # one open, the others folded away


@bp.get("/partners/known")
@requires(Action.DIRECTORY_EDIT)
def known_partners() -> Answer:
    """Partners like the one being typed: a piece of a page."""
    kind = kept(_kind_asked() or PartnerKind.REALTOR)
    typed = (request.args.get("agent") or request.args.get("name") or "")[:200]
    phone = request.args.get("phone", "")[:40]
    own = request.args.get("own", type=int)
    found = queries.similar_partners(db.session, kind, name=typed, phone=phone)
    found = [one for one in found if one.id != own]
    return render_template(
        "directory/_known.html", found=found, homes=homes_of(db.session, [o.id for o in found])
    )


def _kind_asked() -> PartnerKind | None:
    asked = Form(PartnerFilterSchema(), typed=request.args)
    kind: PartnerKind | None = asked.data["kind"] if asked.load() else None
    return kind


@bp.get("/partners/new")
@requires(Action.DIRECTORY_EDIT)
def new_partner_page() -> Answer:
    kinds = kinds_kept(the_viewer())
    kind = _kind_asked() or (kinds[0] if len(kinds) == 1 else None)
    if kind is None:
        return render_template(
            "directory/partner_kind.html",
            breadcrumbs=list_crumb(),
            kinds=[
                (PARTNER_KIND_LABELS[one], url_for("directory.new_partner_page", kind=one.value))
                for one in kinds
            ],
        )
    return _form_page(kept(kind), _form(kind))


@bp.post("/partners/new")
@requires(Action.DIRECTORY_EDIT)
@creates
def add_partner() -> Answer:
    kind = kept(_kind_asked() or abort(404))
    form = _form(kind, typed=request.form)
    if not form.load():
        return _form_page(kind, form), 422
    try:
        partner = services.add_partner(
            db.session, kind=kind, values=_values(form), user_id=the_viewer().user_id
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _form_page(kind, form, same=error.details.get("partner_id")), 422
    flash(_("登録しました。"))
    return committed(redirect(url_for("directory.partner_page", partner_id=partner.id), 303))


def _form(kind: PartnerKind, *, own: int | None = None, **state: Any) -> Form:
    parents = queries.parent_choices(db.session, kinds_seen(the_viewer()), own)
    return Form(schema_of(kind), choices={"parent_id": parents}, **state)


def _values(form: Form) -> dict[str, Any]:
    return {name: value for name, value in form.data.items() if name != "version"}


@bp.get("/partners/<int:partner_id>/edit")
@requires(Action.DIRECTORY_EDIT)
def edit_partner_page(partner_id: int) -> Answer:
    partner = opened_to_change(partner_id)
    form = _form(partner.kind, own=partner.id, initial=initial(partner))
    return _form_page(partner.kind, form, partner=partner)


def initial(partner: Partner) -> dict[str, Any]:
    """A partner as its form begins."""
    values = {name: getattr(partner, name) for name in schema_of(partner.kind).fields}
    values["contacts"] = [row_of(one, CONTACT_COLUMNS) for one in partner.contacts]
    values["services"] = [row_of(one, SERVICE_COLUMNS) for one in partner.services]
    if values.get("first_fee_percent") is not None:
        values["first_fee_percent"] = f"{values['first_fee_percent'].normalize():f}"
    return values


@bp.post("/partners/<int:partner_id>/edit")
@requires(Action.DIRECTORY_EDIT)
def change_partner(partner_id: int) -> Answer:
    partner = opened_to_change(partner_id)
    form = _form(partner.kind, own=partner.id, typed=request.form)
    if not form.load():
        return _form_page(partner.kind, form, partner=partner), 422
    try:
        services.change_partner(
            db.session,
            partner=partner,
            version=form.data["version"],
            values=_values(form),
            user_id=the_viewer().user_id,
        )
    except InvalidError as error:
        db.session.rollback()
        form.refuse(error.fields)
        same = error.details.get("partner_id")
        return _form_page(partner.kind, form, partner=partner, same=same), 422
    except ConflictError:
        db.session.rollback()
        return _form_page(partner.kind, form, partner=partner, conflict=_both(partner, form)), 409
    flash(_("記録しました。"))
    return committed(redirect(url_for("directory.partner_page", partner_id=partner_id), 303))


def _both(partner: Partner, form: Form) -> list[dict[str, str]]:
    """What is on record now beside what was typed, rows and steps among it, where they differ."""
    now_, typed = initial(partner), dict(form.data)
    single = Form(form.schema, initial=now_, choices=form.choices)
    mine = Form(form.schema, initial=typed, choices=form.choices)
    pairs = []
    for name, definition in form.schema.fields.items():
        label = str(definition.metadata.get("label", name))
        if name in {"contacts", "services"}:
            pairs.append((label, _rows_said(single, name), _rows_said(mine, name)))
        elif name == "steps":
            pairs.append((label, _steps_said(now_[name]), _steps_said(typed[name])))
        elif definition.metadata.get("kind") != "hidden":
            pairs.append((label, single.said(name), mine.said(name)))
    return [
        {"label": label, "theirs": before, "mine": after}
        for label, before, after in pairs
        if before != after
    ]


def _rows_said(form: Form, name: str) -> str:
    columns = CONTACT_COLUMNS if name == "contacts" else SERVICE_COLUMNS
    return "／".join(
        "・".join(filter(None, (form.said(f"{name}-{i}-{c}") for c in columns if c != "uuid")))
        for i in form.rows(name)
    )


def _steps_said(days: Mapping[str, Any]) -> str:
    return "、".join(
        f"{label} {days[step.value].isoformat()}"
        for step, label in NETWORK_STEP_LABELS.items()
        if days.get(step.value)
    )


def _form_page(
    kind: PartnerKind,
    form: Form,
    *,
    partner: Partner | None = None,
    conflict: list[dict[str, str]] | None = None,
    same: int | None = None,
) -> str:
    crumbs = list_crumb(kind)
    return render_template(
        "directory/partner_form.html",
        title=_("%(kind)sを登録する", kind=PARTNER_KIND_LABELS[kind])
        if partner is None
        else _("%(name)s を直す", name=partner.name),
        kind=kind,
        form=form,
        partner=partner,
        contacts=_drawn(form, "contacts", CONTACT_COLUMNS),
        services=_drawn(form, "services", SERVICE_COLUMNS),
        steps=[form[f"steps-{step.value}"] for step in NETWORK_STEP_LABELS],
        guarantor=kind is PartnerKind.GUARANTOR_COMPANY,
        version=partner.version if partner and conflict else form["version"].value,
        conflict=conflict,
        same=same,
        breadcrumbs=crumbs,
        back=crumbs[-1][1]
        if partner is None
        else url_for("directory.partner_page", partner_id=partner.id),
    )


def _drawn(
    form: Form, name: str, columns: tuple[str, ...]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of a list as fields by column: with one blank row, and further blank ones."""
    told = [i for i in form.rows(name) if _says(form, [f"{name}-{i}-{c}" for c in columns[1:]])]
    end = max(told, default=-1) + 1
    numbers = [*told, *range(end, end + BLANK_ROWS)]
    # A row may be left blank, so nothing in it is marked as demanded.
    rows = [
        {column: replace(form[f"{name}-{i}-{column}"], required=False) for column in columns}
        for i in numbers
    ]
    return rows[: 1 - BLANK_ROWS], rows[1 - BLANK_ROWS :]


def _says(form: Form, names: list[str]) -> bool:
    """Whether a row has anything in it beside its number."""
    return any(value.strip() for name in names for value in form[name].values)
