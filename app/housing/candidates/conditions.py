"""The household's conditions on the page of candidates: what is recorded, what a step would bring,
and the field that tries another value on the spot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.cases.needs.models import (
    EMERGENCY_CONTACT_LABELS,
    FLOOR_NEED_LABELS,
    RENT_BASIS_LABELS,
    HousingNeed,
    RentBasis,
    YesNoUnknown,
)
from app.cases.queries import SeenCase
from app.db import today
from app.forms import Form, FormField
from app.housing.candidates.schemas import FLOORS, MOST_TOWNS, WhatIfSchema
from app.housing.candidates.words import Words
from app.housing.codes import GROUP_LABELS, Group, Support
from app.policy import Tier
from app.wording import weekday, yen


def what_if_form(typed: Any, towns: Sequence[str], said: HousingNeed | None) -> Form:
    """The fields to try conditions with; towns are those with vacancies and those named."""
    named = [*(said.municipalities if said else ()), *typed.getlist("towns")]
    known = dict.fromkeys((*towns, *(town for town in named if town)))
    choices = [(town, town) for town in list(known)[:MOST_TOWNS]]
    return Form(WhatIfSchema(), typed=typed, choices={"towns": choices})


def is_trying() -> bool:
    """Whether somebody has touched the fields, so that they stay open on a phone."""
    return any(value for name in WhatIfSchema().fields for value in request.args.getlist(name))


def address(endpoint: str | None = None, view: Mapping[str, Any] | None = None, **to: Any) -> str:
    """This page – or another of the same household – with what was asked, some of it changed."""
    kept: dict[str, Any] = {
        name: request.args.getlist(name) for name in request.args if name != "page"
    }
    kept = {name: [one for one in values if one] for name, values in kept.items()}
    args = request.view_args or {} if view is None else view
    return url_for(endpoint or request.endpoint or "", **{**kept, **to, **args})


def conditions(
    seen: SeenCase, words: Words, form: Form, tried: Mapping[str, Any], kept: str | None = None
) -> list[dict[str, Any]]:
    """Each condition: what is recorded, what it would bring to give way a little, its fields.

    `kept` says what the stored run had tried: a tried rent is then no benefit's limit.
    """
    said = seen.case.housing_need
    if said is None:
        return []
    care = seen.access.sees(Tier.CARE)
    by = said.move_by or seen.case.leave_by
    funds = yen(said.funds) if said.funds is not None else _("まだ聞いていない")
    lines: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = [
        (_("家賃の上限（%(basis)s）", basis=_basis(said, kept)),
         _rent(said, words, tried), ("rent",), ("rent",)),
        (_("階"), FLOOR_NEED_LABELS[said.floor_need], ("floor",), ("floor",)),
        (_("場所"), "・".join(said.municipalities) or _("どこでもよい"), ("municipality",),
         ("towns", "anywhere")),
        (_("入居の期限"), _by(by), ("move_in",), ("move_by",)),
        (_("広さ・部屋数"), _size(said), ("area", "rooms"), ("min_area", "min_rooms")),
        (_("初期費用"), funds if care else "", ("funds",), ("funds",)),
        (_("保証人・緊急連絡先"), _security(said) if care else "",
         ("guarantor", "support", "contact"), ("supports",)),
    ]  # fmt: skip
    if care:
        lines.append((_("貸主に確かめること"), _groups(said), (), ()))
    lines.append((_("重んじること"), "", (), ("preset",)))
    what_ifs = words.what_ifs()
    at = _Now(seen.case.id, said, tried, tried.get("rent") or words.rent_limit,
              tried.get("move_by") or by)  # fmt: skip
    return [
        {
            "label": label,
            "value": value,
            "notes": _notes(keys, what_ifs, at),
            "fields": _drawn(form, names, label, value),
        }
        for label, value, keys, names in lines
    ]


def _drawn(form: Form, names: tuple[str, ...], label: str, value: str) -> list[FormField]:
    """The fields of one condition; an only one carries the condition's own name and value."""
    drawn = [form[name] for name in names]
    drawn = [one for one in drawn if one.name != "towns" or len(one.choices) > 1 or one.errors]
    if "anywhere" in names:
        return drawn
    if len(drawn) != 1 or drawn[0].kind == "checkboxes":
        return drawn
    hint = _("いま %(value)s", value=value) if value else ""
    return [replace(drawn[0], label=label, hint=hint)]


@dataclass(frozen=True)
class _Now:
    """What the conditions are at the moment, for addresses that change one of them."""

    case_id: int
    said: HousingNeed
    tried: Mapping[str, Any]
    rent: int | None
    by: date | None


def _notes(
    keys: tuple[str, ...], what_ifs: list[dict[str, Any]], at: _Now
) -> list[tuple[str, str | None]]:
    """At most two what-ifs of a condition: the first that adds and the one that adds most."""
    mine = [what for what in what_ifs if what["key"] in keys]
    best = sorted(mine, key=lambda what: -what["more"])[:1]
    chosen = [what for n, what in enumerate(mine) if n == 0 or what in best][:2]
    return [(what["sentence"], _try(what, at)) for what in chosen]


def _try(what: Mapping[str, Any], at: _Now) -> str | None:
    """The address that tries this what-if; none for changes the form does not offer."""
    amount, subject = what["amount"], what["subject"]
    towns = at.tried.get("towns") or at.said.municipalities
    changes: dict[str, dict[str, Any]] = {
        "wait": {"move_by": (max(at.by or today(), today()) + timedelta(days=amount)).isoformat()},
        "raise_funds": {"funds": (at.tried.get("funds") or at.said.funds or 0) + amount},
        "accept_municipality": {"towns": [*dict.fromkeys((*towns, subject))], "anywhere": None},
    }
    if at.rent:
        changes["raise_rent_limit"] = {"rent": at.rent + amount}
    if subject in FLOORS:
        changes["wider_floor"] = {"floor": subject}
    if subject in _FORM_SUPPORTS:
        more = [*at.tried.get("supports", []), _FORM_SUPPORTS[subject]]
        changes["arrange_support"] = {"supports": more}
    change = changes.get(what["kind"])
    if change is None:
        return None
    return address("housing.candidates_page", {"case_id": at.case_id}, **change)


_FORM_SUPPORTS = {
    "watching": Support.WATCHING.value,
    "guarantor_company": Support.GUARANTOR_COMPANY.value,
    "proxy_payment": Support.PROXY_PAYMENT.value,
    "corporate_contact": Support.EMERGENCY_CONTACT.value,
    "leftover_goods": Support.LEFTOVER_CONTRACT.value,
}


def _by(by: date | None) -> str:
    """The day to move in by, and that it has passed: then no home can be in time."""
    if by is None:
        return str(_("決まっていない"))
    passed = _("（過ぎています。新しい日を決めてください）") if by < today() else ""
    return f"{weekday(by)}{passed}"


def _size(said: HousingNeed) -> str:
    parts = []
    if said.min_area:
        parts.append(_("%(n)s㎡以上", n=f"{float(said.min_area):g}"))
    if said.min_rooms:
        parts.append(_("%(n)s部屋以上", n=said.min_rooms))
    return "・".join(parts) or str(_("指定なし"))


def _basis(said: HousingNeed, kept: str | None) -> str:
    agreed = said.rent_basis is RentBasis.AGREED
    if kept and not agreed and str(_("家賃の上限")) in kept:
        return str(_("試して残した額"))
    return str(_("住宅扶助の限度額") if said.rent_basis is RentBasis.CEILING else _("話し合った額"))


def _rent(said: HousingNeed, words: Words, tried: Mapping[str, Any]) -> str:
    """The recorded limit; a ceiling is only known from an answer it was not changed for."""
    if said.rent_basis is RentBasis.AGREED and said.agreed_rent is not None:
        return yen(said.agreed_rent)
    if words.rent_limit and not tried.get("rent"):
        return yen(words.rent_limit)
    return str(_("限度額まで")) if tried.get("rent") else RENT_BASIS_LABELS[said.rent_basis]


_PERSONS = {
    YesNoUnknown.YES: "いる",
    YesNoUnknown.NO: "いない",
    YesNoUnknown.UNKNOWN: "まだ分からない",
}


def _security(said: HousingNeed) -> str:
    person = _PERSONS[said.guarantor]
    contact = EMERGENCY_CONTACT_LABELS[said.emergency_contact]
    return str(_("保証人 %(person)s／連絡先 %(contact)s", person=person, contact=contact))


def _groups(said: HousingNeed) -> str:
    known = {group.value for group in Group}
    labels = [GROUP_LABELS[Group(code)] for code in said.groups if code in known]
    return "・".join(labels) or str(_("なし"))
