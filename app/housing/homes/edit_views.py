"""Pages: correcting a home, its parts folded so that only the essentials are open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.versions import StaleError, last_change
from app.db import db
from app.directory.models import PartnerKind
from app.directory.queries import partner_choices
from app.errors import InvalidError
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.codes import COUNCIL_GROUPS, GROUP_LABELS
from app.housing.homes import queries as home_queries
from app.housing.homes import services as home_services
from app.housing.homes import words as home_words
from app.housing.homes.schemas import HomeEditSchema
from app.housing.models import Home
from app.idempotency import committed
from app.policy import Action, requires
from app.security import the_viewer
from app.wording import moment


@dataclass(frozen=True)
class Part:
    """A part of the page: fields that are open, and further ones that are folded away."""

    title: str
    open: Sequence[str]
    more: Sequence[str] = ()


ROOM = Part(
    "建物と部屋",
    ("layout", "area", "floor", "kind"),
    ("living_mats", "facing", "wheelchair", "steps", "most_people", "school_district"),
)
PARTS = (
    Part(
        "お金",
        ("rent", "fee", "deposit", "key_money"),
        ("fee_included", "deposit_kept", "renewal_fee", "renewal_office_fee", "agent_fee",
         "insurance", "lock_change", "cleaning", "prepaid_months", "free_months"),
    ),
    Part(
        "契約と保証",
        ("available", "available_from", "guarantor_rule", "contact_rule"),
        ("guarantor_company_id", "guarantee_fee", "guarantee_monthly", "contract_kind",
         "contract_months", "trade"),
    ),
    Part("設備", ("pet_rule", "gas"), ("fittings",)),
)  # fmt: skip
CONTACT = ("agent", "landlord", "contact_phone", "remarks")


@bp.get("/homes/<int:home_id>/edit")
@requires(Action.HOME_EDIT)
def edit_page(home_id: int) -> Answer:
    home = home_queries.get_home(db.session, home_id)
    return _edit(home, _form(initial=_initial(home)))


def _form(**given: Any) -> Form:
    companies = partner_choices(db.session, PartnerKind.GUARANTOR_COMPANY)
    return Form(HomeEditSchema(), choices={"guarantor_company_id": companies}, **given)


def _edit(home: Home, form: Form, conflict: dict[str, Any] | None = None) -> str:
    return render_template(
        "housing/home_edit.html",
        home=home,
        name=home_words.full_name(home),
        form=form,
        room=_drawn(form, ROOM),
        parts=[_drawn(form, part) for part in PARTS],
        groups=[_group(form, code.value, GROUP_LABELS[code]) for code in COUNCIL_GROUPS],
        more_groups=[
            _group(form, code.value, label)
            for code, label in GROUP_LABELS.items()
            if code not in COUNCIL_GROUPS
        ],
        contact={name: form[name] for name in CONTACT},
        version=home.version if conflict else form["version"].value,
        conflict=conflict,
    )


def _drawn(form: Form, part: Part) -> dict[str, Any]:
    more = [form[name] for name in part.more]
    return {
        "title": part.title,
        "open": [form[name] for name in part.open],
        "more": more,
        "wrong": any(one.errors for one in more),
    }


def _group(form: Form, code: str, label: str) -> dict[str, Any]:
    answer, conditions, words = (
        form[f"acceptance-{code}-{part}"] for part in ("answer", "conditions", "as_typed")
    )
    return {
        "label": label,
        "answer": answer,
        "details": (conditions, words),
        "said": "、".join(filter(None, (form.said(conditions.name), words.value))),
        "wrong": bool(conditions.errors or words.errors),
        "answered": answer.value not in {"", "unknown"},
    }


def _initial(home: Home) -> dict[str, Any]:
    values = {name: getattr(home, name) for name in HomeEditSchema().fields if hasattr(home, name)}
    for name in ("area", "living_mats"):
        if values[name] is not None:
            values[name] = f"{values[name].normalize():f}"
    answers = {
        row.group_code.value: {
            "answer": row.answer,
            "conditions": row.conditions,
            "as_typed": row.as_typed,
        }
        for row in home.acceptances
    }
    return values | {
        "rent": _("応談") if home.rent is None and home.rent_negotiable else home.rent,
        "agent": home.agent.name if home.agent else None,
        "landlord": home.landlord.name if home.landlord else None,
        "acceptance": answers,
    }


@bp.post("/homes/<int:home_id>/edit")
@requires(Action.HOME_EDIT)
def change_home(home_id: int) -> Answer:
    home = home_queries.get_home(db.session, home_id)
    form = _form(typed=request.form)
    if not form.load():
        return _edit(home, form), 422
    values = dict(form.data)
    try:
        home_services.change_home(
            db.session,
            home=home,
            version=values.pop("version"),
            values=values,
            user_id=the_viewer().user_id,
        )
    except StaleError:
        db.session.rollback()
        home = home_queries.get_home(db.session, home_id)
        return _edit(home, form, _both(home, form)), 409
    except InvalidError as error:
        db.session.rollback()
        form.refuse(error.fields)
        return _edit(home_queries.get_home(db.session, home_id), form), 422
    flash(_("記録しました。"))
    return committed(redirect(url_for("housing.home_page", home_id=home_id), 303))


def _both(home: Home, form: Form) -> dict[str, Any]:
    """What is on record now beside what was typed, and who was first."""
    now_ = _initial(home)
    rows = form.beside(now_)
    typed = form.data.get("acceptance", {})
    for code, label in GROUP_LABELS.items():
        theirs = Form(form.schema, initial=now_).said(f"acceptance-{code.value}-answer")
        mine = Form(form.schema, initial={"acceptance": typed}).said(
            f"acceptance-{code.value}-answer"
        )
        if theirs != mine:
            rows.append({"label": label, "theirs": theirs, "mine": mine})
    who, when = last_change(db.session, "home", home.id) or (_("ほかの人"), None)
    return {"rows": rows, "who": who, "when": moment(when) if when else _("先ほど")}
