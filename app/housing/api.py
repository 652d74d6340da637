"""Homes, lists and matches in the API: the same schemas, services and policy as the pages."""

from typing import Any

from flask import jsonify, request
from marshmallow import EXCLUDE

from app.api import Blueprint, PageSchema
from app.audit.models import Deed
from app.cases.queries import get_case
from app.db import db, now, today
from app.forms import Form
from app.housing.candidates import page as candidate_page
from app.housing.candidates.queries import GROUPS, get_run
from app.housing.candidates.schemas import MatchAnswerSchema, WhatIfSchema
from app.housing.candidates.views import keep_run, words_for
from app.housing.homes import queries as home_queries
from app.housing.homes import services as home_services
from app.housing.homes import words as home_words
from app.housing.homes.schemas import (
    HomeAnswerSchema,
    HomeFilterSchema,
    HomePageAnswerSchema,
    HomePatchSchema,
    VacancySchema,
)
from app.housing.lists import intake, questions, taking, undo
from app.housing.lists import queries as import_queries
from app.housing.lists.models import CouncilListImport
from app.housing.lists.question_views import question_words
from app.housing.lists.schemas import (
    CouncilListAnswerSchema,
    DecisionSchema,
    QuestionAnswerSchema,
    SenderSchema,
    UndoAnswerSchema,
)
from app.housing.models import Home, MatchRun
from app.housing.proposals import stored
from app.idempotency import committed, creates
from app.policy import Access, Action, Role, requires, sees_contacts
from app.security import acting_organisation, saw, the_viewer
from app.uploads import uploaded_file

bp = Blueprint("api-housing", __name__, url_prefix="/api/v1", description="住まいと候補")


class HomeListSchema(HomeFilterSchema, PageSchema):
    """Narrowing and paging the list of homes."""


def _plain(home: Home) -> dict[str, Any]:
    """A home as the API tells it; telephone numbers in a landlord's words for who phones."""
    place, contacts = home.property, sees_contacts(the_viewer())
    answers = {
        row.group_code.value: {
            "answer": row.answer,
            "conditions": row.conditions,
            "as_typed": row.as_typed
            if contacts or not row.as_typed
            else home_words.without_numbers(row.as_typed),
        }
        for row in home.acceptances
    }
    return {
        **{name: getattr(home, name) for name in HomeAnswerSchema().fields if hasattr(home, name)},
        "acceptance": answers,
        "name": place.name,
        "municipality": place.municipality,
        "address": place.address,
        "station": place.station,
        "walk_minutes": place.walk_minutes,
    }


@bp.get("/homes")
@bp.arguments(HomeListSchema, location="query")
@bp.alt_response(200, schema=HomePageAnswerSchema, success=True)
@requires(Action.HOME_READ)
def homes(asked: dict[str, Any]) -> Any:
    """Homes with the page's filters; the total is in the body."""
    page = home_queries.search_homes(db.session, asked, today=today(), per_page=asked["per_page"])
    rows = HomeAnswerSchema(many=True).dump([_plain(home) for home in page.homes])
    return jsonify({"items": rows, "total": page.total, "page": page.page})


@bp.get("/homes/<int:home_id>")
@bp.response(200, HomeAnswerSchema)
@requires(Action.HOME_READ)
def home(home_id: int) -> Any:
    """One home."""
    return _plain(home_queries.get_home(db.session, home_id))


@bp.post("/homes")
@bp.arguments(VacancySchema)
@bp.alt_response(201, schema=HomeAnswerSchema, success=True)
@requires(Action.HOME_EDIT)
@creates
def add_vacancy(typed: dict[str, Any]) -> Any:
    """Register a vacancy of a known building, or of a new one with its address."""
    viewer = the_viewer()
    home = home_services.add_vacancy(
        db.session,
        **typed,
        organisation_id=acting_organisation(viewer, Action.HOME_EDIT),
        user_id=viewer.user_id,
        today=today(),
    )
    return committed(jsonify(HomeAnswerSchema().dump(_plain(home))), 201)


@bp.patch("/homes/<int:home_id>")
@bp.arguments(HomePatchSchema)
@bp.alt_response(200, schema=HomeAnswerSchema, success=True)
@requires(Action.HOME_EDIT)
def change_home(typed: dict[str, Any], home_id: int) -> Any:
    """Correct some fields of a home; `version` is the one that was read."""
    home = home_queries.get_home(db.session, home_id)
    home_services.change_home(
        db.session,
        home=home,
        version=typed["version"],
        values={name: value for name, value in typed.items() if name != "version"},
        user_id=the_viewer().user_id,
    )
    return committed(jsonify(HomeAnswerSchema().dump(_plain(home))))


@bp.post("/imports/council-lists")
@bp.alt_response(201, schema=CouncilListAnswerSchema, success=True)
@requires(Action.HOME_IMPORT)
@creates
def import_council_list() -> Any:
    """Take a list in (multipart, field `file`): counts, and every row with a question.

    `sender_id` or `sender_name` say who sent it; without them it is told from the list itself.
    """
    viewer = the_viewer()
    content, name = uploaded_file()
    sender = SenderSchema().load(Form(SenderSchema(), typed=request.form).plain(), unknown=EXCLUDE)
    kept = intake.keep_list(
        db.session,
        content=content,
        file_name=name,
        organisation_id=acting_organisation(viewer, Action.HOME_IMPORT),
        user_id=viewer.user_id,
        today=today(),
        **sender,
    )
    taking.take_in_now(db.session, kept=kept, user_id=viewer.user_id)
    return committed(jsonify(import_queries.summary(db.session, kept)), 201)


@bp.get("/imports/council-lists/<int:import_id>")
@bp.response(200, CouncilListAnswerSchema)
@requires(Action.HOME_IMPORT)
def council_list(import_id: int) -> Any:
    """What a list did, in figures, with every row a person has to look at."""
    return import_queries.summary(db.session, _my_list(import_id))


@bp.post("/imports/council-lists/<int:import_id>/undo")
@bp.alt_response(200, schema=UndoAnswerSchema, success=True)
@requires(Action.HOME_IMPORT)
@creates
def undo_council_list(import_id: int) -> Any:
    """Undo a list: homes nobody touched since are as before, the others are named."""
    kept = _my_list(import_id)
    undo.undo_import(db.session, import_id=kept.id, user_id=the_viewer().user_id)
    answer = {"id": kept.id, "state": kept.state.value, **kept.undone}
    return committed(jsonify(answer), 200)


def _my_list(import_id: int) -> CouncilListImport:
    return intake.get_import(db.session, import_id, the_viewer().organisations(Role.HOUSING))


@bp.get("/home-questions")
@bp.response(200, QuestionAnswerSchema(many=True))
@requires(Action.HOME_EDIT)
def home_questions() -> Any:
    """Where two sources disagree about a home and nobody has decided yet; the oldest first."""
    return [question_words(one) for one in questions.open_questions(db.session)]


@bp.post("/home-questions/<int:statement_id>/decision")
@bp.arguments(DecisionSchema)
@bp.response(200, HomeAnswerSchema)
@requires(Action.HOME_EDIT)
@creates
def decide_home_question(typed: dict[str, Any], statement_id: int) -> Any:
    """Use what is on record, or with `theirs` what the other source says, and why."""
    home = questions.decide(
        db.session, statement_id=statement_id, user_id=the_viewer().user_id, at=now(), **typed
    )
    answer = HomeAnswerSchema().dump(_plain(home))
    return committed(jsonify(answer), 200)


@bp.post("/cases/<int:case_id>/matches")
@bp.arguments(WhatIfSchema)
@bp.alt_response(201, schema=MatchAnswerSchema, success=True)
@requires(Action.MATCH_RUN)
@creates
def run_match(typed: dict[str, Any], case_id: int) -> Any:
    """Rank all vacant homes for a household and keep the run."""
    viewer = the_viewer()
    seen = get_case(db.session, case_id, viewer, today=today())
    saw(Deed.VIEWED, "case", case_id, fields=("housing_need",))
    run = keep_run(seen, candidate_page.changed(typed), viewer.user_id)
    return committed(jsonify(_run_answer(run, seen.access)), 201)


@bp.get("/matches/<int:run_id>")
@bp.alt_response(200, schema=MatchAnswerSchema, success=True)
@requires(Action.MATCH_RUN)
def match(run_id: int) -> Any:
    """A stored run in the words this viewer may read."""
    run, seen = get_run(db.session, run_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", run.case_id, fields=("housing_need",))
    return jsonify(_run_answer(run, seen.access))


def _run_answer(run: MatchRun, access: Access) -> dict[str, Any]:
    words = words_for(stored(run), access)
    return {
        "id": run.id,
        "case_id": run.case_id,
        "rule_version": run.rule_version,
        "run_on": run.run_on.isoformat(),
        "counts": words.counts(),
        **{group: words.told(group) for group in GROUPS},
        "questions": words.questions(20),
        "excluded": words.failures(),
        "what_ifs": words.what_ifs(),
    }
