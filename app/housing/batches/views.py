"""Pages: making a batch, reading it, and taking it along to the meeting."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from app.answers import Answer, csv_answer, pdf_answer
from app.audit.models import Deed
from app.cases.listing import names_of
from app.db import db, now, today
from app.errors import ConflictError, ForbiddenError
from app.housing.batches import making, page, paper, queries
from app.housing.batches.models import BatchState
from app.housing.batches.queries import SeenBatch
from app.housing.blueprint import bp
from app.idempotency import committed, creates, standings
from app.policy import Action, requires
from app.printing import render_pdf
from app.security import acting_organisation, saw, the_viewer


@bp.get("/batches")
@requires(Action.MATCH_RUN)
def batch_list() -> str:
    """The batches made so far, and what a new one would take in."""
    viewer = the_viewer()
    rows = queries.batches(db.session, viewer, today=today())
    names = names_of(db.session, {batch.user_id for batch in rows})
    return render_template(
        "housing/batches.html",
        rows=page.listed(rows, names),
        looking=len(queries.who_looks(db.session, viewer, today=today()).seen),
        vacant=queries.vacant_count(db.session),
    )


@bp.post("/batches")
@requires(Action.MATCH_RUN)
@creates
def make_batch() -> Answer:
    """Match everybody at once; many households are a job whose progress the page shows."""
    viewer = the_viewer()
    batch = making.make_batch(
        db.session,
        viewer=viewer,
        organisation_id=acting_organisation(viewer, Action.MATCH_RUN),
        today=today(),
        at=now(),
    )
    return committed(redirect(url_for("housing.batch_page", batch_id=batch.id), 303))


@bp.get("/batches/<int:batch_id>")
@requires(Action.MATCH_RUN)
def batch_page(batch_id: int) -> str:
    """One batch, as much of it as the viewer may see."""
    viewer = the_viewer()
    seen = queries.get_batch(db.session, batch_id, viewer, today=today())
    note_looks(seen, Deed.VIEWED)
    return render_template(
        "housing/batch.html", **page.body(db.session, seen, viewer, today=today())
    )


def note_looks(seen: SeenBatch, deed: Deed) -> None:
    """Which home is proposed to a household tells where it may live: each look is written."""
    for case_id in seen.cases:
        saw(deed, "case", case_id, fields=("home", "housing_need"))


def ready(batch_id: int) -> SeenBatch:
    """A batch with an answer. Raises ConflictError while a job still works on it."""
    seen = queries.get_batch(db.session, batch_id, the_viewer(), today=today())
    if seen.batch.state is not BatchState.READY:
        raise ConflictError(_("まだ組み合わせています。終わってから、もう一度開いてください。"))
    return seen


def led(batch_id: int) -> SeenBatch:
    """A batch with an answer that the viewer's organisation made.

    What counts first, and which homes there are, is decided for all its households at once: a
    partner who knows of one of them decides about that one alone.
    """
    seen = ready(batch_id)
    if not seen.ours:
        raise ForbiddenError(
            _("方針を変えたり解き直したりできるのは、この組み合わせを作った組織の職員です。")
        )
    return seen


@bp.get("/batches/<int:batch_id>/pairs.csv")
@requires(Action.MATCH_RUN)
def batch_csv(batch_id: int) -> Answer:
    """The pairs as a file: households by their number alone."""
    seen = ready(batch_id)
    note_looks(seen, Deed.EXPORTED)
    words = page.words_of(db.session, seen, today=today())
    return csv_answer("batch", page.CSV_HEAD, page.csv_rows(words), today=today())


@bp.get("/batches/<int:batch_id>/meeting.pdf")
@requires(Action.CASE_PRINT)
def batch_paper(batch_id: int) -> Answer:
    """The paper of the meeting: numbers instead of names, and nobody whose place is hidden."""
    seen = paper.printable(ready(batch_id))
    note_looks(seen, Deed.PRINTED)
    words = page.words_of(db.session, seen, today=today(), paper=True)
    organisation = the_viewer().memberships[0].organisation_name
    data = paper.paper(words, organisation=organisation, today=today())
    return pdf_answer("batch", render_pdf("batch", data))


def _standing_of_batch(batch_id: int) -> str:
    """Whose place the asker may know, and how deep they look at each of them."""
    seen = queries.get_batch(db.session, batch_id, the_viewer(), today=today())
    depths = sorted((case_id, one.access.tier) for case_id, one in seen.cases.items())
    return ",".join(f"{case_id}:{tier}" for case_id, tier in depths)


standings["batch_id"] = _standing_of_batch
