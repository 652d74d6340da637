"""Pages for asking for food, from a case or at the table, and for packing what was asked for."""

import re
from collections import Counter
from datetime import date
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.models import Case
from app.cases.queries import SeenCase, get_case
from app.db import db, today
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.foodbank import proposals, queries
from app.foodbank.dwelling.codes import Dwelling
from app.foodbank.dwelling.words import why
from app.foodbank.models import (
    PICKUP_LABELS,
    REQUEST_STATE_LABELS,
    FoodRequest,
    Pickup,
    RequestState,
)
from app.foodbank.parcels import packing
from app.foodbank.parcels.packing import Pick
from app.foodbank.requests import queries as request_queries
from app.foodbank.requests import services as requests
from app.foodbank.requests.schemas import CaseRequestSchema, StageSchema, TableRequestSchema
from app.foodbank.rounds import older
from app.foodbank.rounds.asking import open_questions, received, sources_of
from app.foodbank.rounds.proposals import KINDS, kind_of
from app.foodbank.rounds.schemas import MOST_LINES
from app.foodbank.views import bp, kg, people_words
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, Protection, Tier, requires
from app.security import acting_organisation, saw, the_viewer


def _case_form(case: Case, **values: Any) -> Form:
    """The form with the food banks to choose from, one's own first."""
    banks = requests.food_banks(db.session)
    banks.sort(key=lambda bank: bank.id != case.organisation_id)
    schema = CaseRequestSchema()
    schema.fields["organisation_id"].metadata = {
        **schema.fields["organisation_id"].metadata,
        "choices": [(bank.id, bank.name) for bank in banks],
        "initial": banks[0].id if banks else None,
    }
    return Form(schema, initial={"needed_on": _as_asked()[0]}, **values)


@bp.get("/cases/<int:case_id>/food-requests/new")
@requires(Action.FOOD_REQUEST)
def new_request_page(case_id: int) -> Answer:
    """What will be told to the food bank, and one button."""
    seen = get_case(db.session, case_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", seen.case.id, fields=("allergies", "equipment", "household_size"))
    return _case_page(seen, _case_form(seen.case))


def _as_asked() -> tuple[date, Dwelling | None]:
    """The day and stage that were sent, or stand in the address while they are being chosen."""
    asked = Form(StageSchema(), typed=request.values)
    if not asked.load():
        return today(), None
    return max(asked.data["needed_on"] or today(), today()), asked.data["dwelling"]


def _case_page(seen: SeenCase, form: Form, *, consent_missing: bool = False) -> str:
    case = seen.case
    needed_on, chosen = _as_asked()
    said = requests.stage_of(
        db.session, case, needed_on, chosen=chosen, knows_place=seen.access.sees(Tier.PLACE)
    )
    facts = requests.snapshot(
        db.session, case, needed_on=needed_on, pickup=Pickup.COUNTER, said=said
    )
    draft = FoodRequest(household=facts, needed_on=needed_on, days=1)
    return render_template(
        "foodbank/new_request.html",
        case=case,
        case_url=url_for("cases.case_page", case_id=case.id),
        consent_url=url_for("cases.new_consent_page", case_id=case.id),
        form=form,
        people=people_words(facts),
        must_not=proposals.must_not(draft),
        kind=KINDS[kind_of(draft)],
        why=why(said),
        sources=sources_of(db.session, case),
        questions=open_questions(case, facts),
        profile_url=url_for("cases.food_profile_page", case_id=case.id),
        carry=facts["carry_kg"],
        carry_asked=facts["carry_asked"],
        hidden_place=case.protection is not Protection.NO,
        consent_missing=consent_missing,
        earlier=[
            (r, REQUEST_STATE_LABELS[r.state])
            for r in request_queries.requests_of_case(db.session, case.id)
        ],
    )


@bp.post("/cases/<int:case_id>/food-requests")
@requires(Action.FOOD_REQUEST)
@creates
def request_food(case_id: int) -> Answer:
    viewer = the_viewer()
    seen = get_case(db.session, case_id, viewer, today=today())
    case = seen.case
    form = _case_form(case, typed=request.form)
    if not form.load():
        return _case_page(seen, form), 422
    values = dict(form.data)
    try:
        made = requests.request_for_case(
            db.session,
            case=case,
            remark=values.pop("note"),
            user_id=viewer.user_id,
            today=today(),
            knows_place=seen.access.sees(Tier.PLACE),
            **values,
        )
    except ForbiddenError as error:
        form.refuse({"organisation_id": [error.message]})
        return _case_page(seen, form, consent_missing=True), 403
    except InvalidError as error:
        form.refuse(error.fields or {"_": [error.message]})
        return _case_page(seen, form), 422
    flash(_("食料を頼みました（%(number)s）。", number=made.number))
    url = url_for("foodbank.case_request_page", case_id=case.id, request_id=made.id)
    return committed(redirect(url, 303))


@bp.get("/cases/<int:case_id>/food-requests/<int:request_id>")
@requires(Action.FOOD_REQUEST)
def case_request_page(case_id: int, request_id: int) -> Answer:
    """How far a case's request has come."""
    viewer = the_viewer()
    case = get_case(db.session, case_id, viewer, today=today()).case
    found = request_queries.request_of_case(db.session, case_id, request_id, viewer, today=today())
    saw(Deed.VIEWED, "food_request", found.id, fields=("household",))
    states = [RequestState.OPEN, RequestState.PACKED, RequestState.HANDED_OUT]
    return render_template(
        "foodbank/case_request.html",
        food_request=found,
        case=case,
        case_url=url_for("cases.case_page", case_id=case.id),
        steps=[{"label": REQUEST_STATE_LABELS[state]} for state in states],
        at=states.index(found.state) if found.state in states else None,
        state=REQUEST_STATE_LABELS[found.state],
        people=people_words(found.household),
        pickup=PICKUP_LABELS[found.pickup],
        received=received(db.session, found),
    )


# ------------------------------------------------------------------------------ at the table


@bp.get("/food/requests/new")
@requires(Action.PARCEL_PACK)
def table_request_page() -> Answer:
    return _table_page(Form(TableRequestSchema(), initial={"needed_on": today()}))


def _table_page(form: Form) -> str:
    return render_template("foodbank/table_request.html", form=form)


@bp.post("/food/requests")
@requires(Action.PARCEL_PACK)
@creates
def request_at_table() -> Answer:
    viewer = the_viewer()
    form = Form(TableRequestSchema(), typed=request.form)
    if not form.load():
        return _table_page(form), 422
    values = dict(form.data)
    try:
        made = requests.request_at_table(
            db.session,
            organisation_id=acting_organisation(viewer, Action.PARCEL_PACK),
            remark=values.pop("note"),
            user_id=viewer.user_id,
            today=today(),
            **values,
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _table_page(form), 422
    return committed(redirect(url_for("foodbank.proposal_page", request_id=made.id), 303))


@bp.get("/food/requests")
@requires(Action.PARCEL_PACK)
def request_list() -> Answer:
    """What waits to be packed, soonest first."""
    found = request_queries.open_requests(db.session, the_viewer(), today=today())
    return render_template(
        "foodbank/requests.html",
        rows=[(r, people_words(r.household), PICKUP_LABELS[r.pickup]) for r in found],
    )


@bp.post("/food/requests/<int:request_id>/cancel")
@requires(Action.PARCEL_PACK)
def cancel_request(request_id: int) -> Answer:
    viewer = the_viewer()
    found = request_queries.get_request(
        db.session, request_id, viewer, today=today(), consented=False
    )
    requests.cancel_request(db.session, request=found, user_id=viewer.user_id)
    flash(_("%(number)s を取り消しました。", number=found.number))
    return committed(redirect(url_for("foodbank.request_list"), 303))


# ---------------------------------------------------------------------------------- packing


@bp.get("/food/requests/<int:request_id>/proposal")
@requires(Action.PARCEL_PACK)
def proposal_page(request_id: int) -> Answer:
    """What the stock allows now, line by line with its reason."""
    found = request_queries.get_request(db.session, request_id, the_viewer(), today=today())
    if found.state is not RequestState.OPEN:
        return _already(found)
    saw(Deed.VIEWED, "food_request", found.id, fields=("household",))
    return _proposal_page(found)


def _already(found: FoodRequest) -> Answer:
    if found.parcel is not None:
        url = url_for("foodbank.hand_out_page", parcel_id=found.parcel.id)
        return make_response(redirect(url, 303))
    return make_response(redirect(url_for("foodbank.request_list"), 303))


def proposal_for(found: FoodRequest) -> proposals.Proposal:
    """The proposal of this moment."""
    balances, lots = queries.stock_for(db.session, found.organisation_id)
    return proposals.propose(found, balances, lots, today=today())


def _proposal_page(found: FoodRequest, *, refused: str | None = None) -> str:
    proposal = proposal_for(found)
    limit = proposals.carry_limit_g(found)
    return render_template(
        "foodbank/proposal.html",
        food_request=found,
        people=people_words(found.household),
        pickup=found.place or PICKUP_LABELS[found.pickup],
        must_not=proposals.must_not(found),
        proposal=proposal,
        cover=proposals.Cover(proposal.cover, proposal.notes),
        weight=kg(proposal.weight_g / 1000),
        limit=None if limit is None else kg(limit / 1000),
        refused=refused,
    )


@bp.get("/food/requests/<int:request_id>/cover")
@requires(Action.PARCEL_PACK)
def cover_of_choice(request_id: int) -> Answer:
    """How far a box reaches with the lines as they are chosen now, while they are being chosen."""
    found = request_queries.get_request(db.session, request_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "food_request", found.id, fields=("household",))
    chosen = request.args.getlist("line") + request.args.getlist(f"line-{found.id}")
    wanted: Counter[int] = Counter()
    for pick in filter(None, map(read_pick, chosen[:MOST_LINES])):
        wanted[pick.lot_id] += pick.quantity
    given = queries.there_of(db.session, found.organisation_id, wanted)
    limit = proposals.carry_limit_g(found)
    weight = proposals.weight_g(given)
    code = request.args.get("code", "").strip()[:300]
    return render_template(
        "foodbank/_cover_short.html" if "short" in request.args else "foodbank/_cover.html",
        food_request=found,
        cover=proposals.covered(found, given, today=today()),
        weight=kg(weight / 1000),
        too_heavy=limit is not None and weight > limit,
        older=older.older_beside(db.session, found, given, today=today()),
        code=code,
        scanned=older.scanned(db.session, found, the_viewer(), code, given, today=today())
        if code
        else None,
        limit=None if limit is None else kg(limit / 1000),
    )


_PICK = re.compile(r"(\d{1,9})-(\d{1,9})-(\d{1,6})", re.ASCII)  # what a column can hold


@bp.post("/food/requests/<int:request_id>/parcels")
@requires(Action.PARCEL_PACK)
@creates
def pack_parcel(request_id: int) -> Answer:
    """Pack what was picked; when stock went meanwhile, 409 with a proposal of the stock now."""
    viewer = the_viewer()
    found = request_queries.get_request(db.session, request_id, viewer, today=today())
    try:
        parcel = packing.pack(
            db.session,
            request=found,
            picks=_picks(),
            proposal=proposal_for(found),
            user_id=viewer.user_id,
            today=today(),
        )
    except (ConflictError, InvalidError) as error:
        if error.code == "already_packed":
            raise
        db.session.rollback()
        fresh = request_queries.get_request(db.session, request_id, viewer, today=today())
        return _proposal_page(fresh, refused=error.message), error.status
    flash(_("%(number)s を箱詰めしました。在庫から引きました。", number=parcel.number))
    return committed(redirect(url_for("foodbank.hand_out_page", parcel_id=parcel.id), 303))


def _picks() -> list[Pick]:
    return [pick for pick in map(read_pick, request.form.getlist("line")) if pick is not None]


def read_pick(value: str) -> Pick | None:
    """A choice as a form sends it back (`Choice.value`); none for a line left out."""
    found = _PICK.fullmatch(value)
    if found is None or not int(found[3]):
        return None
    return Pick(int(found[1]), int(found[2]), int(found[3]))
