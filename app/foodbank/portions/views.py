"""品ごとに渡す: all, fewer or none of each line, on a phone at the table."""

from dataclasses import replace
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.db import db, now, today
from app.errors import ConflictError, InvalidError
from app.foodbank.models import Parcel, ParcelState
from app.foodbank.parcels import packing
from app.foodbank.parcels import queries as parcel_queries
from app.foodbank.portions import services
from app.foodbank.portions.schemas import PortionsSchema
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import saw, the_viewer


@bp.get("/food/parcels/<int:parcel_id>/portions")
@requires(Action.HANDOUT_RECORD)
def portions_page(parcel_id: int) -> Answer:
    """Every line with how many are handed over; all of it to begin with."""
    parcel = parcel_queries.get_parcel(db.session, parcel_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "parcel", parcel.id, fields=("household",))
    if parcel.state is not ParcelState.PACKED:
        url = url_for("foodbank.hand_out_page", parcel_id=parcel.id)
        return make_response(redirect(url, 303))
    blocked = packing.blocked_lines(parcel, today=today())
    initial = [
        {"line_id": line.id, "given": 0 if line.id in blocked else line.quantity}
        for line in parcel.lines
    ]
    return _page(parcel, Form(PortionsSchema(), initial={"lines": initial}), blocked)


def _page(parcel: Parcel, form: Form, blocked: dict[int, str]) -> str:
    return render_template(
        "foodbank/portions/page.html",
        parcel=parcel,
        form=form,
        rows=[_row(form, number, parcel, blocked) for number in range(len(parcel.lines))],
    )


def _row(form: Form, number: int, parcel: Parcel, blocked: dict[int, str]) -> dict[str, Any]:
    line = parcel.lines[number]
    at = f"lines-{number}"
    given = form[f"{at}-given"]
    packed = _("詰めたのは%(n)s%(unit)s（棚 %(shelf)s）", n=line.quantity, unit=line.lot.unit,
               shelf=line.shelf.code)  # fmt: skip
    return {
        "number": form[f"{at}-line_id"],
        "given": replace(given, label=line.lot.item.name, hint=packed, unit=line.lot.unit),
        "rest": [form[f"{at}-why"], form[f"{at}-condition"]],
        "blocked": blocked.get(line.id),
    }


@bp.post("/food/parcels/<int:parcel_id>/portions")
@requires(Action.HANDOUT_RECORD)
@creates
def record_portions(parcel_id: int) -> Answer:
    viewer = the_viewer()
    parcel = parcel_queries.get_parcel(db.session, parcel_id, viewer, today=today())
    form = Form(PortionsSchema(), typed=request.form)
    blocked = packing.blocked_lines(parcel, today=today())
    if not form.load():
        return _page(parcel, form, blocked), 422
    typed = dict(form.data)
    try:
        services.hand_out_portions(
            db.session,
            parcel=parcel,
            portions=[services.Portion(**one) for one in typed.pop("lines")],
            remark=typed.pop("note"),
            user_id=viewer.user_id,
            at=now(),
            today=today(),
            **typed,
        )
    except InvalidError as error:
        form.refuse(error.fields or {"_": [error.message]})
        return _page(parcel, form, blocked), 422
    except ConflictError as error:
        if error.code != "unsafe":
            raise
        form.refuse({"_": [error.message]})
        return _page(parcel, form, packing.blocked_lines(parcel, today=today())), 409
    flash(_("%(number)s のお渡しを記録しました。", number=parcel.number))
    return committed(redirect(url_for("foodbank.hand_out_page", parcel_id=parcel.id), 303))
