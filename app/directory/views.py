"""Pages: realtors and guarantor companies."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.db import db, today
from app.directory import queries, services
from app.directory.models import (
    EMERGENCY_RULE_LABELS,
    PARTNER_KIND_LABELS,
    EmergencyRule,
    Partner,
    PartnerKind,
)
from app.directory.panels import homes_of
from app.directory.schemas import (
    SHOWN_KINDS,
    GuarantorCompanySchema,
    PartnerFilterSchema,
    PartnerSchema,
)
from app.errors import ConflictError, InvalidError
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, Viewer, requires, sees_contacts
from app.security import saw, the_viewer
from app.wording import yen

bp = Blueprint("directory", __name__)
PER_PAGE = 50


def sees_phone(viewer: Viewer, kind: PartnerKind) -> bool:
    """Guarantor companies may be asked by anybody; realtors are phoned by the housing staff."""
    return kind is PartnerKind.GUARANTOR_COMPANY or sees_contacts(viewer)


@bp.get("/partners")
@requires(Action.DIRECTORY_READ)
def partner_list() -> Answer:
    form = Form(PartnerFilterSchema(), typed=MultiDict({"sort": "kana", **request.args}))
    asked = form.data if form.load() else PartnerFilterSchema().load({})
    kind, page = asked["kind"], asked["page"]
    inside = sees_contacts(the_viewer())
    found, homes = _found(asked, contacts=inside)
    page = max(1, min(page, -(-len(found) // PER_PAGE)))
    rows = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    more = {"kind": kind.value, "words": asked["words"] or None, "sort": asked["sort"]}
    return render_template(
        "directory/partner_list.html",
        form=form,
        kind=kind,
        rows=rows,
        homes=homes,
        phones=sees_phone(the_viewer(), kind),
        tabs=_tabs(kind),
        first=(page - 1) * PER_PAGE + 1 if rows else 0,
        total=len(found),
        csv_url=url_for("directory.partner_csv", **more),
        previous_url=url_for("directory.partner_list", **more, page=page - 1) if page > 1 else None,
        next_url=url_for("directory.partner_list", **more, page=page + 1)
        if page * PER_PAGE < len(found)
        else None,
    ), 200 if not form.errors else 422


def _found(asked: Mapping[str, Any], *, contacts: bool) -> tuple[list[Partner], dict[int, int]]:
    """The partners asked for in the order asked for, and how many homes each has."""
    found = queries.list_partners(db.session, asked["kind"], asked["words"], contacts=contacts)
    homes = homes_of(db.session, [one.id for one in found])
    if asked["sort"] == "homes":
        found.sort(key=lambda one: -homes.get(one.id, 0))
    return found, homes


def _tabs(kind: PartnerKind) -> list[dict[str, Any]]:
    return [
        {
            "label": PARTNER_KIND_LABELS[one],
            "url": url_for("directory.partner_list", kind=one.value),
            "current": one is kind,
        }
        for one in SHOWN_KINDS
    ]


CSV_HEAD = ("番号", "種類", "名前", "よみ", "電話", "担当", "連絡できる時間", "住戸の数")


@bp.get("/partners.csv")
@requires(Action.HOME_EDIT)
def partner_csv() -> Answer:
    form = Form(PartnerFilterSchema(), typed=request.args)
    asked = form.data if form.load() else PartnerFilterSchema().load({})
    found, homes = _found(asked, contacts=True)
    saw(Deed.EXPORTED, "partner", None)
    rows = (
        [one.id, PARTNER_KIND_LABELS[one.kind], one.name, one.kana, one.phone, one.contact_person,
         one.contact_hours, homes.get(one.id, 0)]
        for one in found
    )  # fmt: skip
    return csv_answer("partners", CSV_HEAD, rows, today=today())


@bp.get("/partners/<int:partner_id>")
@requires(Action.DIRECTORY_READ)
def partner_page(partner_id: int) -> Answer:
    partner = queries.get_partner(db.session, partner_id, SHOWN_KINDS)
    viewer = the_viewer()
    return render_template(
        "directory/partner.html",
        partner=partner,
        kind=PARTNER_KIND_LABELS[partner.kind],
        inside=sees_contacts(viewer),
        phone=sees_phone(viewer, partner.kind),
        facts=_guarantor_facts(partner),
        homes=homes_of(db.session, [partner.id]).get(partner.id, 0),
        list_url=url_for("directory.partner_list", kind=partner.kind.value),
    )


def _guarantor_facts(partner: Partner) -> list[tuple[str, str | None]]:
    """What a guarantor company asks and takes; None reads 「未確認」."""
    if partner.kind is not PartnerKind.GUARANTOR_COMPANY:
        return []
    rule, first = partner.emergency_rule, partner.first_fee_percent
    return [
        (_("認定家賃債務保証業者"), _answer(partner.certified, _("はい"), _("いいえ"))),
        (_("保証人なしで"), _answer(partner.without_guarantor, _("引き受ける"), _("引き受けない"))),
        (_("緊急連絡先"), None if rule is EmergencyRule.UNKNOWN else EMERGENCY_RULE_LABELS[rule]),
        (_("はじめの保証料（目安）"), None if first is None else _percent(first)),
        (
            _("毎月の保証料（目安）"),
            None if partner.monthly_fee is None else yen(partner.monthly_fee),
        ),
    ]


def _answer(value: bool | None, yes: str, no: str) -> str | None:
    return None if value is None else yes if value else no


def _percent(value: Any) -> str:
    return str(_("家賃の%(n)s％", n=f"{value.normalize():f}"))


# ------------------------------------------------------------------------------------ changing


@bp.get("/partners/known")
@requires(Action.HOME_EDIT)
def known_partners() -> Answer:
    """Partners like the one being typed: a piece of a page."""
    asked = Form(PartnerFilterSchema(), typed=request.args)
    kind = asked.data["kind"] if asked.load() else PartnerKind.REALTOR
    typed = (request.args.get("agent") or request.args.get("name") or "")[:200]
    phone = request.args.get("phone", "")[:40]
    own = request.args.get("own", type=int)
    found = queries.similar_partners(db.session, kind, name=typed, phone=phone)
    found = [one for one in found if one.id != own]
    return render_template(
        "directory/_known.html", found=found, homes=homes_of(db.session, [o.id for o in found])
    )


def _schema(kind: PartnerKind) -> PartnerSchema:
    return GuarantorCompanySchema() if kind is PartnerKind.GUARANTOR_COMPANY else PartnerSchema()


def _kind_asked() -> PartnerKind:
    asked = Form(PartnerFilterSchema(), typed=request.args)
    return asked.data["kind"] if asked.load() else PartnerKind.REALTOR


@bp.get("/partners/new")
@requires(Action.HOME_EDIT)
def new_partner_page() -> Answer:
    kind = _kind_asked()
    return _form_page(kind, Form(_schema(kind)))


@bp.post("/partners/new")
@requires(Action.HOME_EDIT)
@creates
def add_partner() -> Answer:
    kind = _kind_asked()
    form = Form(_schema(kind), typed=request.form)
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


def _values(form: Form) -> dict[str, Any]:
    return {name: value for name, value in form.data.items() if name != "version"}


@bp.get("/partners/<int:partner_id>/edit")
@requires(Action.HOME_EDIT)
def edit_partner_page(partner_id: int) -> Answer:
    partner = queries.get_partner(db.session, partner_id, SHOWN_KINDS)
    form = Form(_schema(partner.kind), initial=_initial(partner))
    return _form_page(partner.kind, form, partner=partner)


def _initial(partner: Partner) -> Mapping[str, Any]:
    values = {name: getattr(partner, name) for name in _schema(partner.kind).fields}
    if values.get("first_fee_percent") is not None:
        values["first_fee_percent"] = f"{values['first_fee_percent'].normalize():f}"
    return values


@bp.post("/partners/<int:partner_id>/edit")
@requires(Action.HOME_EDIT)
def change_partner(partner_id: int) -> Answer:
    partner = queries.get_partner(db.session, partner_id, SHOWN_KINDS)
    form = Form(_schema(partner.kind), typed=request.form)
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
        form.refuse(error.fields)
        same = error.details.get("partner_id")
        return _form_page(partner.kind, form, partner=partner, same=same), 422
    except ConflictError:
        both = form.beside(_initial(partner))
        return _form_page(partner.kind, form, partner=partner, conflict=both), 409
    flash(_("記録しました。"))
    return committed(redirect(url_for("directory.partner_page", partner_id=partner_id), 303))


def _form_page(
    kind: PartnerKind,
    form: Form,
    *,
    partner: Partner | None = None,
    conflict: list[dict[str, str]] | None = None,
    same: int | None = None,
) -> str:
    label = PARTNER_KIND_LABELS[kind]
    return render_template(
        "directory/partner_form.html",
        title=_("%(kind)sを登録する", kind=label)
        if partner is None
        else _("%(name)s を直す", name=partner.name),
        kind=kind,
        form=form,
        partner=partner,
        guarantor=kind is PartnerKind.GUARANTOR_COMPANY,
        version=partner.version if partner and conflict else form["version"].value,
        conflict=conflict,
        same=same,
        list_label=label,
        list_url=url_for("directory.partner_list", kind=kind.value),
    )
