"""Pages: up to four homes of a household's candidates side by side, and the same on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.cases.queries import SeenCase, get_case
from app.db import db, today
from app.forms import Form
from app.housing import proposals
from app.housing.blueprint import bp
from app.housing.candidates import compare, compare_print
from app.housing.candidates import page as candidate_page
from app.housing.candidates.conditions import address
from app.housing.candidates.print import organisation_of
from app.housing.candidates.queries import compared_homes, run_of
from app.housing.candidates.schemas import ChosenSchema, WhatIfSchema
from app.housing.candidates.views import hold_url, printed, run_to_print, words_for
from app.housing.candidates.words import Reveal
from app.housing.models import MatchRun
from app.housing.panels import held_until
from app.housing.photos.services import first_photos
from app.policy import Action, Tier, requires
from app.printing import render_pdf
from app.security import saw, the_viewer


@dataclass(frozen=True)
class Asked:
    """Which homes of which answer; `wrong` says what of it cannot be, in sentences."""

    home_ids: tuple[int, ...]
    run: MatchRun | None
    tried: Mapping[str, Any]
    notes: tuple[str, ...]
    wrong: tuple[str, ...]


@bp.get("/cases/<int:case_id>/candidates/compare")
@requires(Action.MATCH_RUN)
def compare_page(case_id: int) -> Answer:
    """The chosen homes as columns; conditions tried or the stored run go along in the address."""
    seen = get_case(db.session, case_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", case_id, fields=("housing_need",))
    if seen.case.housing_need is None:
        return render_template("housing/no_need.html", **candidate_page.frame(seen))
    asked = _asked(seen)
    answered = (
        proposals.stored(asked.run)
        if asked.run
        else proposals.ask(db.session, seen.case, today=today(), tried=asked.tried)
    )
    shown, body = _side_by_side(seen, answered, asked.home_ids)
    missing = len(asked.home_ids) - len(shown)
    wrong = [*asked.wrong, *([_gone(missing)] if missing and not shown else [])]
    page = render_template(
        "housing/compare.html",
        **candidate_page.frame(seen),
        **body,
        wrong=wrong,
        notes=[*asked.notes, *([_gone(missing)] if missing and shown else [])],
        tried=candidate_page.note_of(asked.tried),
        run=candidate_page.run_words(asked.run, seen) if asked.run else None,
        only="only" in request.args,
        only_url=address(only=None if "only" in request.args else 1),
        back_url=address("housing.candidates_page", {"case_id": case_id}, run=None, only=None),
        hold_url=hold_url(seen),
    )
    return (page, 422) if wrong else page


def _gone(count: int) -> str:
    return str(
        _("選んだ住戸のうち%(n)s件は、この世帯の候補の一覧にありません。"
          "募集が終わったか、番号がちがいます。", n=count)
    )  # fmt: skip


def _asked(seen: SeenCase) -> Asked:
    """What the address asks for; the first four of too many are shown with the sentence."""
    chosen = Form(ChosenSchema(), typed=request.args)
    what_if = Form(WhatIfSchema(), typed=request.args)
    wrong: list[str] = []
    if not chosen.load():
        wrong.append(_("住戸の番号を読み取れません。候補の一覧から選び直してください。"))
    if not what_if.load():
        wrong += [message for _name, message in what_if.summary]
    typed = chosen.data.get("home", [])
    ids = tuple(dict.fromkeys(typed))
    notes = []
    if len(ids) < len(typed):
        notes.append(_("同じ住戸が重ねて選ばれていたので、1回だけ並べています。"))
    if len(ids) > compare.MOST:
        wrong.append(
            _("くらべられるのは%(most)s件までです（選ばれたのは%(n)s件）。はじめの%(most)s件を並べています。",
              most=compare.MOST, n=len(ids))
        )  # fmt: skip
    if not ids and not wrong:
        wrong.append(_("くらべる住戸が選ばれていません。候補の一覧で2件から4件を選んでください。"))
    if len(ids) == 1:
        notes.append(_("もう1件選ぶと、くらべられます。"))
    tried = candidate_page.changed(what_if.data)
    run = None if tried else run_of(db.session, seen.case.id, chosen.data.get("run"))
    return Asked(ids[: compare.MOST], run, tried, tuple(notes), tuple(wrong))


def _side_by_side(
    seen: SeenCase, answered: proposals.Answered, home_ids: Sequence[int]
) -> tuple[list[compare.Compared], dict[str, Any]]:
    """The homes with their lines, in the words this viewer may read."""
    if not seen.access.sees(Tier.PLACE):
        answered = proposals.without_places(db.session, answered)
    words = words_for(answered, seen.access)
    there = proposals.among(db.session, answered, home_ids)
    if any(words.candidate(one) is None for one in there):  # from a later page
        most = candidate_page.SHOWN * candidate_page.MOST_PAGES
        answered = proposals.deeper(db.session, answered, most)
        words = words_for(answered, seen.access)
    homes = compared_homes(db.session, home_ids)
    failing = proposals.in_the_way(db.session, answered, home_ids)
    shown = compare.compared(homes, words, failing, Reveal.of(seen.access))
    ids = [one.home.id for one in shown]
    heads = compare.columns(shown, held_until(db.session, ids))
    return shown, {
        "homes": heads,
        "photos": first_photos(db.session, ids),
        "lines": compare.lines(shown, words),
    }


@bp.post("/cases/<int:case_id>/candidates/compare.pdf")
@requires(Action.CASE_PRINT)
def print_comparison(case_id: int) -> Answer:
    """The comparison on paper: homes of a stored run only, nothing of the household."""
    viewer = the_viewer()
    seen = get_case(db.session, case_id, viewer, today=today())
    run, home_ids = run_to_print(case_id)
    data = compare_print.paper(
        db.session,
        seen,
        run,
        home_ids=home_ids,
        organisation=organisation_of(viewer),
        today=today(),
    )
    return printed(seen, run, pdf_answer("comparison", render_pdf("compare", data)))
