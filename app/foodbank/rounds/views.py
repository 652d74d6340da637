"""詰める: the day's boxes on one page, packed one by one or all at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.db import db, today
from app.foodbank import proposals as one_by_one
from app.foodbank import queries as food
from app.foodbank.models import PICKUP_LABELS, FoodRequest
from app.foodbank.parcels import queries as parcel_queries
from app.foodbank.parcels.packing import Pick
from app.foodbank.proposals import Proposal
from app.foodbank.requests.views import read_pick
from app.foodbank.rounds import papers, queries, services
from app.foodbank.rounds.proposals import (
    KIND_NOTES,
    KINDS,
    RoundProposal,
    kind_of,
    propose_round,
)
from app.foodbank.rounds.schemas import MOST_LINES, MOST_PARCELS, RoundQuerySchema
from app.foodbank.views import bp, kg, people_words
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.printing import render_pdf
from app.security import acting_organisation, saw, the_viewer
from app.wording import weekday

MOST_TABS = 6


def _asked(values: Any) -> tuple[date, list[int]]:
    """Until which day, without which requests; whatever cannot be read is today and none."""
    form = Form(RoundQuerySchema(), typed=values)
    asked = form.data if form.load() else {"until": None, "aside": []}
    return max(asked["until"] or today(), today()), asked["aside"]


def _requests(until: date, aside: Sequence[int]) -> tuple[list[FoodRequest], list[FoodRequest]]:
    viewer = the_viewer()
    return queries.requests_of_round(
        db.session,
        viewer,
        acting_organisation(viewer, Action.PARCEL_PACK),
        until=until,
        aside=aside,
        today=today(),
    )


def proposed(found: Sequence[FoodRequest], *, swaps: bool = True) -> RoundProposal:
    """What the stock of this moment allows them all."""
    bank = acting_organisation(the_viewer(), Action.PARCEL_PACK)
    balances, lots = food.stock_for(db.session, bank)
    return propose_round(found, balances, lots, today=today(), swaps=swaps)


@bp.get("/food/rounds")
@requires(Action.PARCEL_PACK)
def round_page() -> Answer:
    """Every box of the day, what of it lies on which shelf, and why it is in."""
    until, aside = _asked(request.args)
    viewer = the_viewer()
    found, set_aside = _requests(until, aside)
    saw(Deed.LISTED, "food_request", None, fields=("household",))
    days = queries.days_asked_for(
        db.session, viewer, acting_organisation(viewer, Action.PARCEL_PACK), today=today()
    )
    made = proposed(found[:MOST_PARCELS])
    return render_template(
        "foodbank/rounds/round.html",
        until=until,
        aside=aside,
        set_aside=set_aside,
        more=max(len(found) - MOST_PARCELS, 0),
        made=made,
        boxes=[_box(one, proposal, until, aside) for one, proposal in made.parcels],
        weight=kg(made.weight_g / 1000),
        tabs=[_tab(day, count, until) for day, count in days[:MOST_TABS]],
        to_label=len(queries.boxes_until(db.session, viewer, until=until, today=today())),
    )


def _tab(day: date, count: int, until: date) -> dict[str, Any]:
    label = _("きょうまで") if day == today() else _("%(day)sまで", day=weekday(day))
    url = url_for("foodbank.round_page", until=day)
    return {"label": label, "url": url, "current": day == until, "count": count}


def _box(one: FoodRequest, proposal: Proposal, until: date, aside: Sequence[int]) -> dict[str, Any]:
    lines = sorted(proposal.lines, key=lambda line: line.choice.shelf)
    kind = kind_of(one)
    return {
        "request": one,
        "people": people_words(one.household),
        "where": one.place or PICKUP_LABELS[one.pickup],
        "kind": KINDS[kind],
        "kind_note": KIND_NOTES[kind],
        "must_not": one_by_one.must_not(one),
        "notes": [n for n in (one.household.get("note"), one.note) if n],
        "proposal": proposal,
        "lines": lines,
        "cover": one_by_one.Cover(proposal.cover, proposal.notes),
        "weight": kg(proposal.weight_g / 1000),
        "aside_url": url_for("foodbank.round_page", until=until, aside=[*aside, one.id]),
    }


@bp.post("/food/rounds/parcels")
@requires(Action.PARCEL_PACK)
@creates
def pack_round() -> Answer:
    """Pack what was on the page: one box, or all; what failed is proposed again, in words."""
    until, aside = _asked(request.form)
    found, _set_aside = _requests(until, aside)
    only = request.form.get("only", "")
    picks = {one.id: _picks(one.id) for one in found if not only or only == str(one.id)}
    made = proposed(found[:MOST_PARCELS])  # as the page was made, so that its words are kept
    packed, problems = services.pack_round(
        db.session,
        wanted=[(one, proposal) for one, proposal in made.parcels if picks.get(one.id)],
        picks=picks,
        user_id=the_viewer().user_id,
        today=today(),
    )
    if packed:
        numbers = "、".join(parcel.number for parcel in packed[:MOST_TABS])
        flash(_("%(n)s箱を詰めました（%(numbers)s）。", n=len(packed), numbers=numbers))
    elif not problems:
        flash(_("詰める箱がありません。すでに詰めたか、取り消された依頼です。"), "info")
    for problem in problems:
        words = {"number": problem.number, "why": problem.message}
        flash(_("%(number)s は詰めていません。%(why)s", **words), "warning")
    return committed(redirect(url_for("foodbank.round_page", until=until, aside=aside), 303))


def _picks(request_id: int) -> list[Pick]:
    values = request.form.getlist(f"line-{request_id}")[:MOST_LINES]
    return [pick for pick in map(read_pick, values) if pick is not None]


# ------------------------------------------------------------------------------------ paper


@bp.get("/food/rounds/pick-list.pdf")
@requires(Action.PARCEL_PACK)
def pick_list() -> Answer:
    """What to take from which shelf for all boxes of the day, then box by box."""
    until, aside = _asked(request.args)
    found, _set_aside = _requests(until, aside)
    saw(Deed.PRINTED, "food_request", None, fields=("household",))
    made = proposed(found[:MOST_PARCELS], swaps=False)
    bank = acting_organisation(the_viewer(), Action.PARCEL_PACK)
    data = papers.pick_list_data(db.session, made, organisation_id=bank, until=until)
    return pdf_answer(f"pick-list-{until}", render_pdf("pick_list", data))


@bp.get("/food/rounds/labels.pdf")
@requires(Action.PARCEL_PACK)
def parcel_labels() -> Answer:
    """Stickers for the boxes that wait: number, day and weight, no name."""
    until, _aside = _asked(request.args)
    boxes = queries.boxes_until(db.session, the_viewer(), until=until, today=today())
    saw(Deed.PRINTED, "parcel", None, fields=("number",))
    bank = acting_organisation(the_viewer(), Action.PARCEL_PACK)
    data = papers.labels_data(db.session, boxes, organisation_id=bank)
    return pdf_answer(f"labels-{until}", render_pdf("parcel_labels", data))


@bp.get("/food/parcels/<int:parcel_id>/allergens.pdf")
@requires(Action.HANDOUT_RECORD)
def allergen_sheet(parcel_id: int) -> Answer:
    """What each food of a box declares, as its label says it."""
    parcel = parcel_queries.get_parcel(db.session, parcel_id, the_viewer(), today=today())
    saw(Deed.PRINTED, "parcel", parcel.id, fields=("allergens",))
    data = papers.allergens_data(db.session, parcel)
    return pdf_answer(f"{parcel.number}-allergens", render_pdf("allergens", data))
