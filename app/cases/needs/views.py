"""Asking what the household needs: a home, food, and the places it must be kept from."""

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer
from app.cases.frame import (
    FormPage,
    Opened,
    Section,
    attempt,
    bp,
    changing,
    conflict_of,
    render,
)
from app.cases.needs import services
from app.cases.needs.models import StayAwayZone
from app.cases.needs.schemas import (
    FoodProfileSchema,
    HousingNeedSchema,
    StayAwaySchema,
)
from app.cases.records import FOOD_FIELDS, NEED_FIELDS
from app.cases.work.services import TEAM_ONLY
from app.db import db, today
from app.errors import ForbiddenError, NotFoundError
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, Tier, present, requires
from app.reference.allergens import allergen_names

NEED_SECTIONS = (
    Section("家賃とお金", ("rent_basis", ("agreed_rent", "funds"))),
    Section("だれが・いつまでに・どこで", (("people", "move_by"), "municipalities")),
    Section(
        "近いと助かる場所",
        hint="職場、病院、学校、家族など。位置が見つからなくても、言葉はそのまま残ります。",
        rows="anchors",
        columns=("label", "address", "weight"),
        blank=2,
    ),
    Section("部屋", ("floor_need", ("wheelchair", "pet"), ("min_area", "min_rooms"))),
    Section(
        "借りるときの支え", ("guarantor", "guarantor_company", "emergency_contact", "supports")
    ),
    Section("貸主に確かめること・そのほか", ("groups", "wishes")),
)
FOOD_SECTIONS = (
    Section("アレルギー", ("allergies_asked", "allergies")),
    Section("いまいる所の設備", ("equipment",)),
    Section("食べ方", ("forbidden", ("chewing_class", "carry_kg"), "note")),
)


@bp.get("/cases/<int:case_id>/housing-need")
@requires(Action.CASE_EDIT)
def housing_need_page(case_id: int) -> Answer:
    one = changing(case_id)
    return _housing_need(one, Form(_need_schema(one), initial=_need_now(one)))


@bp.post("/cases/<int:case_id>/housing-need")
@requires(Action.CASE_EDIT)
def save_housing_need(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(_need_schema(one), typed=request.form)

    def act(need: dict[str, Any]) -> None:
        services.save_housing_need(
            db.session,
            case=one.case,
            version=need["version"],
            need=need,
            user_id=one.viewer.user_id,
            prefecture=prefecture_of(one),
        )

    status = attempt(form, act)
    if status != 200:
        return _housing_need(changing(case_id), form, stale=status == 409), status
    flash(_("住まいの希望を記録しました。"))
    return committed(redirect(one.url, 303))


def _need_schema(one: Opened) -> HousingNeedSchema:
    """Anchors tell where a household goes: of a hidden one only its team reads and writes them."""
    return HousingNeedSchema(exclude=() if one.access.sees(Tier.PLACE) else ("anchors",))


def _need_now(one: Opened) -> dict[str, Any]:
    need = one.case.housing_need
    if need is None:
        return {
            "version": 0,
            "people": one.shown.household_size,
            "move_by": one.shown.leave_by,
            "municipalities": one.shown.municipality or "",
        }
    values = {name: getattr(need, name) for name in NEED_FIELDS}
    values["municipalities"] = "、".join(need.municipalities)
    if need.min_area is not None:
        values["min_area"] = f"{need.min_area.normalize():f}"
    values["anchors"] = [
        {"label": a.label, "address": a.address, "weight": int(a.weight)} for a in need.anchors
    ]
    return values


def _housing_need(one: Opened, form: Form, *, stale: bool = False) -> str:
    need = one.case.housing_need
    conflict = None
    if stale and need is not None:
        conflict = conflict_of(form, _need_now(one), record_kind="housing_need", record_id=need.id)
    page = FormPage(
        title=_("住まいの希望"),
        form=form,
        sections=NEED_SECTIONS,
        action=url_for("cases.save_housing_need", case_id=one.case.id),
        submit=_("記録する"),
        cancel_url=one.url,
        lead=_("分からないことは「まだ分からない」のままで探せます。外される住まいはありません。"),
        version=(need.version if need else 0) if stale else None,
        conflict=conflict,
    )
    return render(one, "cases/form.html", page=page)


def prefecture_of(one: Opened) -> str:
    """The prefecture of the case's own organisation, to tell towns of one name apart."""
    return db.session.get_one(Organisation, one.case.organisation_id).prefecture


# ------------------------------------------------------------------------------------- food


@bp.get("/cases/<int:case_id>/food-profile")
@requires(Action.CASE_EDIT)
def food_profile_page(case_id: int) -> Answer:
    one = changing(case_id)
    return _food_profile(one, Form(FoodProfileSchema(), initial=_food_now(one)))


@bp.post("/cases/<int:case_id>/food-profile")
@requires(Action.CASE_EDIT)
def save_food_profile(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(FoodProfileSchema(), typed=request.form)

    def act(profile: dict[str, Any]) -> None:
        services.save_food_profile(
            db.session,
            case=one.case,
            version=profile["version"],
            profile=profile,
            user_id=one.viewer.user_id,
        )

    status = attempt(form, act)
    if status != 200:
        return _food_profile(changing(case_id), form, stale=status == 409), status
    flash(_("食料の必要を記録しました。"))
    return committed(redirect(one.url, 303))


def _food_now(one: Opened) -> dict[str, Any]:
    profile = one.case.food_profile
    if profile is None:
        return {"version": 0}
    values = {name: getattr(profile, name) for name in FOOD_FIELDS}
    if profile.carry_kg is not None:
        values["carry_kg"] = f"{profile.carry_kg.normalize():f}"
    return values


def _food_profile(one: Opened, form: Form, *, stale: bool = False) -> str:
    profile = one.case.food_profile
    conflict = None
    if stale and profile is not None:
        conflict = conflict_of(
            form, _food_now(one), record_kind="food_profile", record_id=profile.id
        )
    kept = profile.allergies if profile else []  # a name that left the lists stays tickable
    names = list(dict.fromkeys([*allergen_names(today()), *kept]))
    page = FormPage(
        title=_("食料の必要"),
        form=form,
        sections=FOOD_SECTIONS,
        action=url_for("cases.save_food_profile", case_id=one.case.id),
        submit=_("記録する"),
        cancel_url=one.url,
        lead=_("フードバンクには、名前を出さずにこの内容だけが伝わります。"),
        version=(profile.version if profile else 0) if stale else None,
        conflict=conflict,
        changes={"allergies": {"choices": [(n, n) for n in names]}},
    )
    return render(one, "cases/form.html", page=page)


# -------------------------------------------------------------------------- places to avoid


@bp.get("/cases/<int:case_id>/stay-away")
@requires(Action.CASE_EDIT)
def stay_away_page(case_id: int) -> Answer:
    return _stay_away(changing(case_id, needs=Tier.PLACE), Form(StayAwaySchema()))


@bp.post("/cases/<int:case_id>/stay-away")
@requires(Action.CASE_EDIT)
@creates
def save_stay_away(case_id: int) -> Answer:
    one = _in_team(changing(case_id, needs=Tier.PLACE))
    form = Form(StayAwaySchema(), typed=request.form)
    user_id = one.viewer.user_id
    prefecture = prefecture_of(one)
    status = attempt(
        form,
        lambda data: services.save_stay_away_zone(
            db.session, case=one.case, user_id=user_id, prefecture=prefecture, **data
        ),
    )
    if status != 200:
        return _stay_away(changing(case_id, needs=Tier.PLACE), form), status
    flash(_("避ける場所を記録しました。この世帯の居場所は隠されます。"))
    return committed(redirect(url_for("cases.stay_away_page", case_id=case_id), 303))


@bp.post("/cases/<int:case_id>/stay-away/<int:zone_id>/remove")
@requires(Action.CASE_EDIT)
def remove_stay_away(case_id: int, zone_id: int) -> Answer:
    one = _in_team(changing(case_id, needs=Tier.PLACE))
    zone = db.session.get(StayAwayZone, zone_id)
    if zone is None or zone.case_id != one.case.id:
        raise NotFoundError(_("この場所は、すでに消されています。"))
    services.remove_stay_away_zone(db.session, zone=zone, user_id=one.viewer.user_id)
    flash(_("避ける場所を一つ消しました。"))
    return committed(redirect(url_for("cases.stay_away_page", case_id=case_id), 303))


def _in_team(one: Opened) -> Opened:
    """Only the case's own team knows of these places, whether or not the household is hidden."""
    if all(member.user_id != one.viewer.user_id for member in one.case.team):
        raise ForbiddenError(TEAM_ONLY)
    return one


def _stay_away(one: Opened, form: Form) -> str:
    _in_team(one)
    zones = db.session.scalars(
        sa.select(StayAwayZone).where(StayAwayZone.case_id == one.case.id).order_by(StayAwayZone.id)
    )
    page = FormPage(
        title=_("避ける場所"),
        form=form,
        sections=(Section(_("場所を加える"), ("address", "radius_m")),),
        action=url_for("cases.save_stay_away", case_id=one.case.id),
        submit=_("加える"),
        cancel_url=one.url,
    )
    return render(
        one,
        "cases/stay_away.html",
        page=page,
        zones=[_zone(one, zone) for zone in zones],
    )


def _zone(one: Opened, zone: StayAwayZone) -> dict[str, Any]:
    values = {"id": zone.id, "radius_m": zone.radius_m, "created_at": zone.created_at}
    return {
        "shown": present("stay_away_zone", values, one.access),
        "remove_url": url_for("cases.remove_stay_away", case_id=one.case.id, zone_id=zone.id),
    }
