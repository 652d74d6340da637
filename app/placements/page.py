"""What the page of a placement shows: the way with its signs, forms for one step, costs, papers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.frame import DrawnField
from app.cases.listing import called, names_of
from app.cases.queries import access_to
from app.cases.work.services import approved_papers
from app.db import db, today
from app.forms import Form, FormField
from app.housing.codes import CONTRACT_KIND_LABELS
from app.placements import queries, stays, steps
from app.placements.codes import (
    PAYER_LABELS,
    REFUSAL_LABELS,
    RESULT_LABELS,
    PlacementState,
    StepKind,
    StepResult,
)
from app.placements.costs import costs_of
from app.placements.models import Placement, PlacementStep
from app.placements.papers import PAPER_LABELS, papers_of
from app.placements.schemas import AppointmentSchema, StepSchema
from app.policy import Protection, Tier, Viewer, sees_contacts
from app.security import the_viewer
from app.wording import day, moment, weekday, yen

RESULT_KINDS = {StepResult.GOOD: "good", StepResult.CONDITIONAL: "warn", StepResult.BAD: "bad"}
MEETING = frozenset({StepKind.VIEWING, StepKind.APPLICATION, StepKind.CONTRACT, StepKind.KEYS,
                     StepKind.MOVE_IN})  # fmt: skip


ROWS: tuple[tuple[str, ...], ...] = (
    ("company",), ("answered_by",), ("result",), ("contract_kind", "explained_on"),
    ("contract_from", "contract_to"), ("witness",), ("companion_id", "partner_id"),
    ("companion",), ("note",),
)  # fmt: skip


@dataclass(frozen=True)
class SidePart:
    """A card another feature adds to the side: what it says, and one button.

    `press`: the button makes something (POST) instead of leading somewhere.
    """

    title: str
    text: str
    label: str
    url: str
    press: bool = False
    tag: tuple[str, str] | None = None


# Features above this one add theirs; who sees this page knows the household's place.
SidePartOf = Callable[[Session, Placement, Viewer, date], SidePart | None]
side_parts: list[SidePartOf] = []


@dataclass(frozen=True)
class Open:
    """Which step the page has open, and with which form."""

    kind: StepKind | None
    planning: bool
    form: Form | None


def asked(placement: Placement) -> Open:
    """What the address asks for: the next step to record, unless it names another or a plan."""
    ahead = steps.next_steps(placement)
    wanted = request.args.get("step", "")
    planning = request.args.get("as") == "plan"
    plannable = [*ahead, StepKind.MOVE_IN] if ahead else []
    kind = next((k for k in (plannable if planning else ahead) if k.value == wanted), None)
    kind = kind or next(iter(ahead), None)
    if kind is None or steps.refused_step(placement) is not None:
        return Open(None, planning=False, form=None)
    return Open(kind, planning, _blank(placement, kind, planning=planning))


def _blank(placement: Placement, kind: StepKind, *, planning: bool) -> Form:
    """An empty form, with what the step's appointment already says."""
    planned = next((s for s in placement.planned if s.kind is kind), None)
    names = steps.APPOINTMENT if planning else ("companion", "companion_id", "partner_id")
    initial: dict[str, Any] = {"kind": kind}
    if planned is not None:
        initial |= {name: getattr(planned, name) for name in names}
        if planned.planned_time is not None:
            initial["planned_time"] = f"{planned.planned_time:%H:%M}"
    if planning:
        return Form(AppointmentSchema(), initial=initial)
    return Form(StepSchema(), initial=initial | {"done_on": today()})


def fields(placement: Placement, open_: Open) -> list[list[FormField]]:
    """The fields of the open step, in rows, with the people to choose from."""
    if open_.form is None or open_.kind is None:
        return []
    return [[_field(placement, open_, name) for name in row] for row in _rows(open_)]


def _rows(open_: Open) -> list[tuple[str, ...]]:
    assert open_.kind is not None  # noqa: S101 - asked by `fields` only
    if open_.planning:
        place = ("meeting_place",) if open_.kind in MEETING else ()
        return [("planned_on", "planned_time"), *([place] if place else []),
                ("companion_id", "partner_id"), ("companion",), ("note",)]  # fmt: skip
    told = steps.DETAILS[open_.kind]
    return [("done_on",), *(row for row in ROWS if all(name in told for name in row))]


def _field(placement: Placement, open_: Open, name: str) -> FormField:
    assert open_.form is not None  # noqa: S101 - asked by `fields` only
    drawn = open_.form[name]
    if name == "companion_id":
        people = queries.staff_to_go_along(db.session, placement)
        return replace(drawn, choices=tuple((str(one), label) for one, label in people))
    if name == "partner_id":
        partners = queries.partners_to_go_along(db.session)
        return replace(drawn, choices=tuple((str(one), label) for one, label in partners))
    if name == "result" and open_.kind in RESULT_LABELS:
        labels = RESULT_LABELS[open_.kind]
        return replace(drawn, choices=tuple((one.value, label) for one, label in labels.items()))
    if name == "company":
        return DrawnField(**vars(drawn), options=queries.guarantor_companies(db.session))
    return drawn


def placement_page(placement: Placement, open_: Open | None = None) -> str:
    """The whole page."""
    viewer = the_viewer()
    open_ = open_ or asked(placement)
    labels = steps.labels_of(placement)
    access = access_to(placement.case, viewer, today=today())
    need = placement.case.housing_need
    funds = need.funds if need and access.sees(Tier.CARE) else None
    costs = costs_of(db.session, placement, today=today(), funds=funds)
    ahead = steps.next_steps(placement)
    refused = steps.refused_step(placement)
    people = {
        one
        for step in placement.every_step
        for one in (step.user_id, step.returned_by, step.companion_id)
        if one is not None
    }
    names = names_of(db.session, people)
    return render_template(
        "placements/placement.html",
        placement=placement,
        called=called(placement.case, viewer, today=today()),
        marks=_marks(placement),
        current=_current(placement),
        open=open_,
        open_label=labels[open_.kind] if open_.kind else None,
        rows=fields(placement, open_),
        others=[] if refused else [_choice(placement, k, labels[k]) for k in ahead],
        plannable=[] if refused else _plannable(placement, labels),
        planned=[_entry(placement, step, names) for step in placement.planned],
        entries=_entries(placement, names),
        refused=None if refused is None else (refused, labels[refused.kind]),
        refusal_label=REFUSAL_LABELS.get(placement.refusal) if placement.refusal else None,
        costs=costs,
        payers=[(PAYER_LABELS[payer], yen(sum_)) for payer, sum_ in costs.by_payer.items()],
        papers=[(name, PAPER_LABELS[name]) for name in papers_of(placement)],
        free=placement.case.protection is Protection.NO,
        approved=approved_papers(db.session, placement.case_id, user_id=viewer.user_id),
        contacts=sees_contacts(viewer),
        stay=_stay(placement),
        side_parts=[
            part
            for told in side_parts
            if (part := told(db.session, placement, viewer, today())) is not None
        ],
        PlacementState=PlacementState,
    )


def _marks(placement: Placement) -> list[dict[str, Any]]:
    """The step line: each with the day it was done, or is planned for."""
    done = {step.kind: step.done_on for step in placement.steps}
    planned = {step.kind: step.planned_on for step in placement.planned}
    labels = steps.labels_of(placement)
    return [
        {
            "label": labels[kind],
            "note": weekday(done[kind])
            if kind in done
            else _("予定 %(day)s", day=weekday(planned[kind]))
            if kind in planned
            else None,
        }
        for kind in steps.way_of(placement)
    ]


def _current(placement: Placement) -> int:
    way = steps.way_of(placement)
    return max((way.index(step.kind) + 1 for step in placement.steps), default=0)


def _choice(placement: Placement, kind: StepKind, label: str) -> tuple[str, str]:
    url = url_for("placements.placement_page", placement_id=placement.id, step=kind.value)
    return label, f"{url}#step"


def _plannable(placement: Placement, labels: Any) -> list[tuple[str, str]]:
    ahead = steps.next_steps(placement)
    kinds = [*ahead] if StepKind.MOVE_IN in ahead or not ahead else [*ahead, StepKind.MOVE_IN]
    base = url_for("placements.placement_page", placement_id=placement.id)
    return [(labels[k], f"{base}?step={k.value}&as=plan#step") for k in kinds]


def _entries(placement: Placement, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """What was done and what was taken back, newest first."""
    happened = [step for step in placement.every_step if step.done_on or step.returned_at]
    shown = [_entry(placement, step, names) for step in happened]
    return sorted(shown, key=lambda one: one["order"], reverse=True)


def _entry(placement: Placement, step: PlacementStep, names: Mapping[int, str]) -> dict[str, Any]:
    """One step in words; `names` are those of the staff in it."""
    labels = steps.labels_of(placement)
    result = None
    if step.result is not None and step.kind in RESULT_LABELS:
        result = (RESULT_LABELS[step.kind][step.result], RESULT_KINDS[step.result])
    returned = None
    if step.returned_at is not None and step.returned_by is not None:
        returned = _(
            "%(when)s に %(who)sさんが戻しました: %(why)s",
            when=moment(step.returned_at),
            who=names.get(step.returned_by, ""),
            why=step.returned_why,
        )
    on = step.done_on or step.planned_on
    at = f" {step.planned_time:%H:%M}" if step.planned_time and not step.done_on else ""
    return {
        "id": step.id,
        "kind": step.kind.value,
        "label": labels[step.kind],
        "day": f"{day(on)}{at}",
        "iso": on.isoformat() if on else None,
        "by": names.get(step.user_id, ""),
        "result": result,
        "returned": returned,
        "late": step.done_on is None and on is not None and on < today(),
        "facts": _details(step, names),
        "note": step.note,
        "order": (step.done_on or date.min, step.id),
    }


def _details(step: PlacementStep, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """Whatever is told of a step, labelled."""
    period = [day(one) for one in (step.contract_from, step.contract_to) if one is not None]
    along = [names.get(step.companion_id or 0), step.partner.name if step.partner else None,
             step.companion]  # fmt: skip
    found = [
        (_("待ち合わせ"), step.meeting_place),
        (_("同行"), "、".join(one for one in along if one)),
        (_("保証会社"), step.company.name if step.company else None),
        (_("答えた人"), step.answered_by),
        (_("契約"), CONTRACT_KIND_LABELS[step.contract_kind] if step.contract_kind else None),
        (_("契約の期間"), " から ".join(period)),
        (_("重要事項説明"), day(step.explained_on)),
        (_("立ち会い"), step.witness),
    ]
    return [(label, value) for label, value in found if value]


def _stay(placement: Placement) -> dict[str, Any] | None:
    """Until when a temporary stay goes, how often it was made longer, and how far it may be."""
    if not placement.temporary or placement.stay_until is None:
        return None
    latest = stays.latest_end(placement)
    going = placement.state is PlacementState.MOVED_IN
    return {
        "until": placement.stay_until,
        "late": going and placement.stay_until < today(),
        "latest": latest,
        "may_extend": going and (latest is None or placement.stay_until < latest),
        "extensions": queries.extensions(db.session, placement.id),
    }
