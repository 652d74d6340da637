"""What the page of candidates shows around the homes: conditions, tabs, what-ifs, the frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.models import (
    EMERGENCY_CONTACT_LABELS,
    FLOOR_NEED_LABELS,
    RENT_BASIS_LABELS,
    STAGE_LABELS,
    HousingNeed,
    RentBasis,
    Stage,
    YesNoUnknown,
)
from app.cases.queries import SeenCase
from app.cases.records import case_title
from app.db import today
from app.forms import Form
from app.housing.candidates.queries import GROUPS
from app.housing.candidates.schemas import FLOORS
from app.housing.candidates.words import Words, map_places
from app.housing.codes import GROUP_LABELS, PAUSE_LABELS, SUPPORT_LABELS, Group, Support
from app.housing.homes import words as home_words
from app.housing.models import HomePause, MatchRun
from app.housing.pauses import active_pauses
from app.policy import Action, Tier, Viewer, allows, present
from app.wording import day, days_left, moment, weekday, yen

SHOWN = 20
STEPS = (Stage.INTAKE, Stage.ASSESSMENT, Stage.NEEDS, Stage.CANDIDATES, Stage.APPLICATION,
         Stage.MOVED_IN, Stage.SETTLED)  # fmt: skip


def changed(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The conditions that were really tried; empty ones stay as recorded."""
    kept = {name: value for name, value in typed.items() if value not in (None, "", [], False)}
    if "supports" in kept:
        kept["supports"] = [str(code) for code in kept["supports"]]
    return kept


def note_of(tried: Mapping[str, Any]) -> str:
    """Which conditions a stored run tried, in words."""
    return "、".join(words for _name, words in _tried_words(tried))


def _tried_words(tried: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for name, value in tried.items():
        if name in {"rent", "funds"}:
            words = f"{_('家賃の上限') if name == 'rent' else _('初期費用')} {yen(value)}"
        elif name == "floor":
            words = FLOORS[value]
        elif name == "move_by":
            words = _("%(day)sまで", day=weekday(value))
        elif name == "min_area":
            words = _("%(n)s㎡以上", n=f"{float(value):g}")
        elif name == "min_rooms":
            words = _("%(n)s部屋以上", n=value)
        elif name == "supports":
            words = "・".join(SUPPORT_LABELS[Support(code)] for code in value)
        else:
            words = _("市区町村を問わない")
        found.append((name, str(words)))
    return found


def frame(seen: SeenCase) -> dict[str, Any]:
    """Whose candidates these are, as much of it as the viewer may see."""
    case = seen.case
    shown = present(
        "case",
        {"number": case.number, "code_name": case.code_name, "name": case.name,
         "alias": case.alias, "leave_by": case.leave_by},
        seen.access,
    )  # fmt: skip
    due = shown["leave_by"]
    at = STEPS.index(case.stage) if case.stage in STEPS else STEPS.index(Stage.SETTLED)
    return {
        "case_id": case.id,
        "case_name": f"{case.number} {case_title(shown)}",
        "case_url": url_for("cases.case_page", case_id=case.id),
        "cases_url": url_for("cases.case_list"),
        "due": _("退去期限 %(day)s %(left)s", day=weekday(due), left=days_left(due))
        if due
        else None,
        "steps": [{"label": STAGE_LABELS[stage]} for stage in STEPS],
        "step": max(at, STEPS.index(Stage.CANDIDATES)) if at < 3 else at,
        "need_url": url_for("cases.housing_need_page", case_id=case.id),
    }


def body(
    seen: SeenCase,
    words: Words,
    *,
    form: Form,
    tried: Mapping[str, Any],
    group: str,
    run: MatchRun | None,
) -> dict[str, Any]:
    """Everything between the head and the foot of the page."""
    shown = "fits" if group == "map" else group
    rows = words.rows(shown)
    mapped = {one: words.rows(one)[:SHOWN] for one in GROUPS} if group == "map" else {}
    counts = words.counts()
    places = seen.access.sees(Tier.PLACE)
    return {
        "group": group,
        "shown": shown,
        "counts": counts,
        "tabs": _tabs(counts, group),
        "rows": rows[:SHOWN],
        "more": max(counts[shown] - SHOWN, 0),
        "questions": words.questions(),
        "failures": words.failures(),
        "conditions": conditions(seen, words, tried),
        "form": form,
        "tried": _tried_words(tried),
        "run": None if run is None else _run(run, seen),
        "mapped": mapped,
        "places": map_places(mapped, words.homes, seen.case if places else None),
        "hidden_fields": [
            (name, one.isoformat() if isinstance(one, date) else one)
            for name, value in tried.items()
            for one in (value if isinstance(value, list) else [1 if value is True else value])
        ],
    }  # fmt: skip


def _run(run: MatchRun, seen: SeenCase) -> dict[str, Any]:
    """When the run was made; what it tried may be an amount of the household's own money."""
    note = run.note if seen.access.sees(Tier.CARE) else None
    return {"id": run.id, "at": moment(run.created_at), "note": note, "old": run.run_on < today()}


def _address(**changes: Any) -> str:
    """This page with the same conditions and some of them changed."""
    kept: dict[str, Any] = {name: request.args.getlist(name) for name in request.args}
    kept.update(changes)
    view = request.view_args or {}
    return url_for(request.endpoint or "housing.candidates_page", **view, **kept)


def _tabs(counts: Mapping[str, int], group: str) -> list[dict[str, Any]]:
    labels = {"fits": _("合う"), "near": _("あと一歩"), "unknown": _("まだ分からない")}
    tabs: list[dict[str, Any]] = [
        {"label": label, "count": counts[name], "url": _address(group=name),
         "current": group == name}
        for name, label in labels.items()
    ]  # fmt: skip
    return [*tabs, {"label": _("地図"), "url": _address(group="map"), "current": group == "map"}]


def conditions(seen: SeenCase, words: Words, tried: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The household's conditions with what each would bring if it gave way a little."""
    said = seen.case.housing_need
    if said is None:
        return []
    rent = yen(tried["rent"]) if tried.get("rent") else _rent_words(said, words)
    floor = FLOORS[tried["floor"]] if tried.get("floor") else FLOOR_NEED_LABELS[said.floor_need]
    by = tried.get("move_by") or said.move_by or seen.case.leave_by
    towns = "" if tried.get("anywhere") else "・".join(said.municipalities)
    area = tried.get("min_area") or said.min_area
    lines = [
        (_("家賃の上限（%(basis)s）", basis=_basis(said)), rent, ("rent",)),
        (_("階"), floor, ("floor",)),
        (_("場所"), towns or _("どこでもよい"), ("municipality",)),
        (_("入居の期限"), weekday(by) if by else _("決まっていない"), ("move_in",)),
        (_("広さ"), _("%(n)s㎡以上", n=area) if area else _("指定なし"), ("area", "rooms")),
    ]
    if seen.access.sees(Tier.CARE):
        funds = tried.get("funds") or said.funds
        lines += [
            (_("保証人・緊急連絡先"), _security(said), ("guarantor", "support", "contact")),
            (_("初期費用"), yen(funds) if funds is not None else _("まだ聞いていない"), ("funds",)),
            (_("貸主に確かめること"), _groups(said), ()),
        ]
    what_ifs = words.what_ifs()
    at = _Now(said, tried, tried.get("rent") or words.rent_limit, by)
    return [
        {"label": label, "value": value, "notes": _notes(keys, what_ifs, at)}
        for label, value, keys in lines
    ]


@dataclass(frozen=True)
class _Now:
    """What the conditions are at the moment, for addresses that change one of them."""

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
    changes: dict[str, dict[str, Any]] = {
        "wait": {"move_by": (max(at.by or today(), today()) + timedelta(days=amount)).isoformat()},
        "raise_funds": {"funds": (at.tried.get("funds") or at.said.funds or 0) + amount},
        "accept_municipality": {"anywhere": 1},
    }
    if at.rent:
        changes["raise_rent_limit"] = {"rent": at.rent + amount}
    if subject in FLOORS:
        changes["wider_floor"] = {"floor": subject}
    if subject in _FORM_SUPPORTS:
        more = [*at.tried.get("supports", []), _FORM_SUPPORTS[subject]]
        changes["arrange_support"] = {"supports": more}
    change = changes.get(what["kind"])
    return None if change is None else _address(**change)


_FORM_SUPPORTS = {
    "watching": Support.WATCHING.value,
    "guarantor_company": Support.GUARANTOR_COMPANY.value,
    "proxy_payment": Support.PROXY_PAYMENT.value,
    "corporate_contact": Support.EMERGENCY_CONTACT.value,
    "leftover_goods": Support.LEFTOVER_CONTRACT.value,
}


def _basis(said: HousingNeed) -> str:
    return str(_("住宅扶助の限度額") if said.rent_basis is RentBasis.CEILING else _("話し合った額"))


def _rent_words(said: HousingNeed, words: Words) -> str:
    if said.rent_basis is RentBasis.AGREED and said.agreed_rent is not None:
        return yen(said.agreed_rent)
    return yen(words.rent_limit) if words.rent_limit else RENT_BASIS_LABELS[said.rent_basis]


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


def pauses(session: Session, seen: SeenCase, run: MatchRun | None) -> dict[str, Any]:
    """「見合わせ中」: which homes are held back from this household, why and until when.

    That somebody refused or was refused is part of where they might live: whoever does not see
    the place reads the number alone, and a group is for consultants.
    """
    found = active_pauses(session, seen.case, today=today())
    places, deep = seen.access.sees(Tier.PLACE), seen.access.sees(Tier.CARE)
    newer = run is not None and any(one.created_at > run.created_at for one in found)
    return {
        "count": len(found),
        "newer": newer,
        "lines": [_pause(seen, one, deep=deep) for one in found] if places else [],
    }


def _pause(seen: SeenCase, one: HomePause, *, deep: bool) -> dict[str, Any]:
    if one.home is not None:
        what = home_words.full_name(one.home)
    else:
        company = one.company.name if one.company else ""
        what = _("%(company)s を使う住戸", company=company)
    about = GROUP_LABELS[one.group_code] if one.group_code is not None and deep else one.detail
    why = PAUSE_LABELS[one.cause]
    return {
        "what": what,
        "why": f"{why}: {about}" if about else why,
        "until": day(one.until),
        "url": url_for("housing.end_pause", case_id=seen.case.id, pause_id=one.id),
    }


def may_hold(seen: SeenCase, viewer: Viewer) -> bool:
    """Holding a home tells where the household may live: only for those who may know that."""
    return allows(viewer, Action.HOLD_PLACE) and seen.access.sees(Tier.PLACE)
