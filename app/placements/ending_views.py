"""Pages: the way to the keys ended early, with who said no and what that means."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import DrawnField
from app.cases.listing import called
from app.db import db, today
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed
from app.placements import queries, refusals
from app.placements.blueprint import bp
from app.placements.codes import (
    REFUSAL_LABELS,
    REFUSAL_MEANINGS,
    REFUSED_BY,
    REFUSED_BY_LABELS,
    RefusalReason,
)
from app.placements.models import Placement
from app.placements.refusals import Refusal
from app.placements.schemas import RefusalSchema
from app.policy import Action, requires
from app.security import saw, the_viewer


@bp.get("/placements/<int:placement_id>/refusal")
@requires(Action.PLACEMENT_STEP)
def refusal_page(placement_id: int) -> Answer:
    placement = queries.get_placement(db.session, placement_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "case", placement.case_id, fields=("home", "name"))
    return _page(placement, Form(RefusalSchema()))


def _page(placement: Placement, form: Form) -> str:
    company = DrawnField(**vars(form["company"]), options=queries.guarantor_companies(db.session))
    return render_template(
        "placements/refusal.html",
        placement=placement,
        form=form,
        company=company,
        reasons=[
            (
                REFUSED_BY_LABELS[by],
                [
                    (reason.value, REFUSAL_LABELS[reason], REFUSAL_MEANINGS[reason])
                    for reason in RefusalReason
                    if REFUSED_BY[reason] is by
                ],
            )
            for by in REFUSED_BY_LABELS
        ],
        called=called(placement.case, the_viewer(), today=today()),
    )


@bp.post("/placements/<int:placement_id>/refusal")
@requires(Action.PLACEMENT_STEP)
def refuse_placement(placement_id: int) -> Answer:
    viewer = the_viewer()
    placement = queries.get_placement(db.session, placement_id, viewer, today=today())
    form = Form(RefusalSchema(), typed=request.form)
    if not form.load():
        return _page(placement, form), 422
    try:
        refusals.refuse_placement(
            db.session,
            placement=placement,
            refusal=refusal_of(form.data),
            user_id=viewer.user_id,
            today=today(),
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _page(placement, form), 422
    flash(_("記録しました。候補をもう一度探せます。"))
    url = url_for("placements.placement_page", placement_id=placement.id)
    return committed(redirect(url, 303))


def refusal_of(data: dict[str, object]) -> Refusal:
    """What `RefusalSchema` loaded, as the service takes it."""
    values = dict(data)
    values["note"] = values.pop("refusal_note") or None
    values["company"] = values["company"] or None
    return Refusal(**values)  # type: ignore[arg-type]
