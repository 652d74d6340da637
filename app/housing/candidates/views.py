"""Pages: homes for a household with their reasons, conditions tried on the spot, and the paper."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.audit.services import record
from app.cases.queries import SeenCase, get_case
from app.cases.work.services import use_print_approval
from app.db import db, now, today
from app.errors import InvalidError
from app.forms import Form
from app.housing import pauses, proposals
from app.housing.blueprint import bp
from app.housing.candidates import page as candidate_page
from app.housing.candidates import print as candidate_print
from app.housing.candidates.conditions import what_if_form
from app.housing.candidates.queries import (
    get_run,
    home_names,
    latest_run,
    run_of,
    shown_with,
)
from app.housing.candidates.schemas import ChosenSchema, WhatIfSchema
from app.housing.candidates.words import Reveal, Words
from app.housing.models import MatchRun
from app.housing.panels import own_holds
from app.idempotency import committed, creates
from app.policy import Access, Action, Tier, requires
from app.printing import render_pdf
from app.security import saw, the_viewer


@bp.get("/cases/<int:case_id>/candidates")
@requires(Action.MATCH_RUN)
def candidates_page(case_id: int) -> Answer:
    """The newest stored run; with conditions in the address, what they would give, unstored."""
    seen = get_case(db.session, case_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", case_id, fields=("housing_need",))
    said = seen.case.housing_need
    if said is None:
        return render_template("housing/no_need.html", **candidate_page.frame(seen))
    form = what_if_form(request.args, _towns(), said)
    loaded = form.load()
    tried = candidate_page.changed(form.data)
    run = None if tried else latest_run(db.session, case_id)
    at = candidate_page.look(request.args)
    try:
        answered = proposals.stored(run) if run else _ask(seen, tried, at=at)
    except InvalidError as error:  # what is recorded cannot be meant
        frame = candidate_page.frame(seen)
        return render_template("housing/no_need.html", **frame, refused=error.message), 422
    page = _page(seen, answered, form=form, tried=tried, at=at, run=run)
    return page, 200 if loaded else 422


def _towns() -> list[str]:
    return proposals.towns_with_homes(db.session, today=today())


def _ask(
    seen: SeenCase, tried: Mapping[str, Any], *, at: candidate_page.Look
) -> proposals.Answered:
    """Ask the machine; funds and supports are the household's own matters (tier CARE)."""
    return proposals.ask(db.session, seen.case, today=today(), tried=tried, top=at.last)


def _page(
    seen: SeenCase,
    answered: proposals.Answered,
    *,
    form: Form,
    tried: Mapping[str, Any],
    at: candidate_page.Look,
    run: MatchRun | None,
) -> str:
    if not seen.access.sees(Tier.PLACE):
        answered = proposals.without_places(db.session, answered)
    words = words_for(proposals.deeper(db.session, answered, at.last), seen.access)
    ticked = proposals.among(db.session, answered, at.ticked) if at.ticked else ()
    return render_template(
        "housing/candidates.html",
        **candidate_page.frame(seen),
        **candidate_page.body(seen, words, form=form, tried=tried, at=at, run=run),
        ticked=ticked,
        ticked_names=home_names(db.session, ticked),
        live="HX-Request" in request.headers,
        pauses=candidate_page.pauses(db.session, seen, run),
        hold_url=hold_url(seen),
        own_holds=own_holds(db.session, seen.case.id) if seen.access.sees(Tier.PLACE) else {},
    )


def words_for(answered: proposals.Answered, access: Access) -> Words:
    """An answer in the words, and in the order, that this viewer may read."""
    if not access.sees(Tier.PLACE):
        answered = proposals.without_places(db.session, answered)
    shown = shown_with(db.session, answered, today=today())
    return Words(answered.result, Reveal.of(access), shown)


def hold_url(seen: SeenCase) -> str | None:
    """Where a hold is placed, when that feature is there and the viewer may know the place."""
    there = "placements.place_hold" in current_app.view_functions
    if not there or not candidate_page.may_hold(seen, the_viewer()):
        return None
    return url_for("placements.place_hold", case_id=seen.case.id)


@bp.post("/cases/<int:case_id>/candidates")
@requires(Action.MATCH_RUN)
@creates
def run_match(case_id: int) -> Answer:
    """Ask the machine and keep what it was asked and answered."""
    viewer = the_viewer()
    seen = get_case(db.session, case_id, viewer, today=today())
    form = Form(WhatIfSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("条件を確かめてください。"), fields=form.errors)
    keep_run(seen, candidate_page.changed(form.data), viewer.user_id)
    flash(_("探し直して、結果を残しました。"))
    return committed(redirect(url_for("housing.candidates_page", case_id=case_id), 303))


def keep_run(seen: SeenCase, tried: Mapping[str, Any], user_id: int) -> MatchRun:
    """Run and store in the request's transaction."""
    return proposals.ask_and_keep(
        db.session,
        seen.case,
        user_id=user_id,
        today=today(),
        tried=tried,
        note=candidate_page.note_of(tried),
    )


@bp.post("/cases/<int:case_id>/pauses/<int:pause_id>/end")
@requires(Action.MATCH_RUN)
def end_pause(case_id: int, pause_id: int) -> Answer:
    """Propose a home again before its time."""
    viewer = the_viewer()
    seen = get_case(db.session, case_id, viewer, today=today(), needs=Tier.PLACE)
    pauses.end_pause(
        db.session, case=seen.case, pause_id=pause_id, user_id=viewer.user_id, at=now()
    )
    flash(_("見合わせを終えました。探し直すと、また候補に出ます。"))
    return committed(redirect(url_for("housing.candidates_page", case_id=case_id), 303))


@bp.post("/cases/<int:case_id>/candidates.pdf")
@requires(Action.CASE_PRINT)
def print_candidates(case_id: int) -> Answer:
    """The homes on paper: nothing of the household, and for a hidden place only with approval."""
    viewer = the_viewer()
    seen = get_case(db.session, case_id, viewer, today=today())
    run, home_ids = run_to_print(case_id)
    data = candidate_print.paper(
        db.session,
        seen,
        run,
        home_ids=home_ids,
        organisation=candidate_print.organisation_of(viewer),
        today=today(),
    )
    return printed(seen, run, pdf_answer("candidates", render_pdf("candidates", data)))


def run_to_print(case_id: int) -> tuple[MatchRun, tuple[int, ...]]:
    """The stored run a paper is to be made of, and which of its homes.

    Raises InvalidError where none was stored.
    """
    chosen = Form(ChosenSchema(), typed=request.form)
    if not chosen.load():
        raise InvalidError(_("住戸の番号を読み取れません。候補の一覧から選び直してください。"))
    run = run_of(db.session, case_id, chosen.data["run"])
    if run is None:
        raise InvalidError(_("先に「探して結果を残す」を押してください。"))
    return run, tuple(dict.fromkeys(chosen.data["home"]))


def printed(seen: SeenCase, run: MatchRun, paper: Answer) -> Answer:
    """Hand a run's paper out: its approval is used up, and that it was printed is written."""
    user_id = the_viewer().user_id
    use_print_approval(
        db.session, case=seen.case, paper=candidate_print.PAPER, user_id=user_id, at=now()
    )
    record(
        db.session,
        deed=Deed.PRINTED,
        record_kind="match_run",
        record_id=run.id,
        user_id=user_id,
        organisation_id=seen.case.organisation_id,
    )
    return committed(paper)


@bp.get("/matches/<int:run_id>")
@requires(Action.MATCH_RUN)
def run_page(run_id: int) -> Answer:
    """One stored run as it was, whatever has been asked since."""
    run, seen = get_run(db.session, run_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", run.case_id, fields=("housing_need",))
    form = what_if_form(
        request.args, proposals.towns_with_homes(db.session, today=today()), seen.case.housing_need
    )
    at = candidate_page.look(request.args)
    return _page(seen, proposals.stored(run), form=form, tried={}, at=at, run=run)
