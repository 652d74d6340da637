"""Pages for handing out: today's parcels, one parcel on a phone, its sheet on paper."""

from itertools import groupby
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.db import db, now, today
from app.errors import ConflictError, InvalidError
from app.foodbank import proposals, queries
from app.foodbank.models import PICKUP_LABELS, Parcel, ParcelLine, ParcelState
from app.foodbank.parcels import handing_out, packing
from app.foodbank.parcels import queries as parcel_queries
from app.foodbank.portions.queries import stayed_of
from app.foodbank.requests import queries as request_queries
from app.foodbank.rounds.asking import least_covered
from app.foodbank.schemas import HandOutSchema
from app.foodbank.views import bp, called, kg, people_words
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.printing import qr_svg, render_pdf
from app.security import saw, the_viewer
from app.wording import day, moment, weekday


@bp.get("/food/parcels")
@requires(Action.HANDOUT_RECORD)
def parcel_list() -> Answer:
    """What is to be handed out, and what was today."""
    parcels = parcel_queries.parcels_for(db.session, the_viewer(), since=today())
    hidden = request_queries.withheld(db.session, [p.request for p in parcels], today=today())
    rows = [_row(parcel) for parcel in parcels if parcel.request_id not in hidden]
    return render_template(
        "foodbank/parcels.html",
        waiting=[row for row in rows if row["parcel"].state is ParcelState.PACKED],
        done=[row for row in rows if row["parcel"].state is ParcelState.HANDED_OUT],
        to_unpack=[
            parcel
            for parcel in parcels
            if parcel.request_id in hidden and parcel.state is ParcelState.PACKED
        ],
    )


def _row(parcel: Parcel) -> dict[str, Any]:
    wanted = parcel.request
    return {
        "parcel": parcel,
        "who": called(wanted),
        "people": people_words(wanted.household),
        "where": wanted.place or PICKUP_LABELS[wanted.pickup],
        "when": weekday(wanted.needed_on),
        "late": wanted.needed_on < today(),
        "weight": kg(parcel.weight_kg),
    }


@bp.get("/food/parcels/<int:parcel_id>")
@requires(Action.HANDOUT_RECORD)
def hand_out_page(parcel_id: int) -> Answer:
    parcel = parcel_queries.get_parcel(db.session, parcel_id, the_viewer(), today=today())
    saw(Deed.VIEWED, "parcel", parcel.id, fields=("household",))
    return _page(parcel)


def _page(parcel: Parcel) -> str:
    done = parcel_queries.hand_out_of(db.session, parcel)
    waiting = parcel.state is ParcelState.PACKED
    blocked = packing.blocked_lines(parcel, today=today()) if waiting else {}
    left = set(done.left_out) if done else set()
    return render_template(
        "foodbank/hand_out.html",
        **_row(parcel),
        must_not=proposals.must_not(parcel.request),
        lines=[_line(line, blocked) for line in parcel.lines if line.id not in left],
        worst=least_covered(parcel),
        stayed=stayed_of(db.session, parcel, left) if done else [],
        blocked=blocked,
        hand_out=done,
        waiting=waiting,
        cancelled=parcel.state is ParcelState.CANCELLED,
    )


def _line(line: ParcelLine, blocked: dict[int, str]) -> dict[str, Any]:
    return {
        "id": line.id,
        "item": line.lot.item.name,
        "quantity": line.quantity,
        "shelf": line.shelf.code,
        "note": blocked.get(line.id) or line.reason,
    }


@bp.get("/food/parcels/<int:parcel_id>/left-out")
@requires(Action.HANDOUT_RECORD)
def left_out_page(parcel_id: int) -> Answer:
    """「渡せないものがある」: what stays here goes back to its shelf."""
    parcel = parcel_queries.get_parcel(db.session, parcel_id, the_viewer(), today=today())
    if parcel.state is not ParcelState.PACKED:
        url = url_for("foodbank.hand_out_page", parcel_id=parcel.id)
        return make_response(redirect(url, 303))
    return _left_out_page(parcel, Form(HandOutSchema()))


def _left_out_page(parcel: Parcel, form: Form) -> str:
    blocked = packing.blocked_lines(parcel, today=today())
    chosen = set(form["left_out"].values) if form.typed is not None else set(map(str, blocked))
    return render_template(
        "foodbank/left_out.html",
        **_row(parcel),
        lines=[_line(line, blocked) for line in parcel.lines],
        blocked=blocked,
        chosen=chosen,
        form=form,
    )


@bp.post("/food/parcels/<int:parcel_id>/hand-out")
@requires(Action.HANDOUT_RECORD)
@creates
def record_hand_out(parcel_id: int) -> Answer:
    viewer = the_viewer()
    parcel = parcel_queries.get_parcel(db.session, parcel_id, viewer, today=today())
    form = Form(HandOutSchema(), typed=request.form)
    if not form.load():
        return _left_out_page(parcel, form), 422
    try:
        result = handing_out.hand_out(
            db.session,
            parcel=parcel,
            left_out=form.data["left_out"],
            allergen_sheet=form.data["allergen_sheet"],
            condition_seen=form.data["condition_seen"],
            remark=form.data["note"],
            user_id=viewer.user_id,
            at=now(),
            today=today(),
        )
    except InvalidError as error:
        form.refuse(error.fields or {"_": [error.message]})
        return _left_out_page(parcel, form), 422
    if result.again:
        at = moment(result.hand_out.at)
        flash(_("すでにお渡し済みです（%(at)s）。もう一度は記録していません。", at=at), "info")
    else:
        flash(_("%(number)s のお渡しを記録しました。", number=parcel.number))
    return committed(redirect(url_for("foodbank.hand_out_page", parcel_id=parcel.id), 303))


@bp.get("/food/parcels/<int:parcel_id>/cancel")
@requires(Action.PARCEL_PACK)
def cancel_page(parcel_id: int) -> Answer:
    parcel = parcel_queries.get_parcel(
        db.session, parcel_id, the_viewer(), today=today(), consented=False
    )
    if parcel.state is not ParcelState.PACKED:
        raise ConflictError(_("この箱は、すでに渡されたか取り消されています。"))
    return render_template("foodbank/cancel.html", parcel=parcel)


@bp.post("/food/parcels/<int:parcel_id>/cancel")
@requires(Action.PARCEL_PACK)
@creates
def cancel_parcel(parcel_id: int) -> Answer:
    viewer = the_viewer()
    parcel = parcel_queries.get_parcel(
        db.session, parcel_id, viewer, today=today(), consented=False
    )
    packing.cancel_parcel(db.session, parcel=parcel, user_id=viewer.user_id)
    flash(_("%(number)s を取り消し、中身を棚に戻しました。", number=parcel.number))
    return committed(redirect(url_for("foodbank.request_list"), 303))


# ------------------------------------------------------------------------------------ paper


@bp.get("/food/parcels/<int:parcel_id>.pdf")
@requires(Action.HANDOUT_RECORD)
def hand_out_sheet(parcel_id: int) -> Answer:
    """食料引渡票, with a QR code of the parcel's number and what each food declares."""
    parcel = parcel_queries.get_parcel(db.session, parcel_id, the_viewer(), today=today())
    saw(Deed.PRINTED, "parcel", parcel.id, fields=("household", "allergens"))
    return pdf_answer(parcel.number, render_pdf("handout", sheet_data(parcel)))


def sheet_data(parcel: Parcel) -> dict[str, Any]:
    """A parcel in the shape the printed sheet asks for."""
    wanted = parcel.request
    bank = db.session.get_one(Organisation, wanted.organisation_id)
    lines = sorted(parcel.lines, key=lambda line: (line.shelf.code, line.position))
    return {
        "sheet": {
            "title": _("食料引渡票"),
            "organisation": bank.name,
            "made_on": day(today()),
            "number": parcel.number,
            "contact": f"{bank.name}　{bank.phone or ''}".strip(),
        },
        "parcel": {
            "number": parcel.number,
            "people": _("%(n)s人", n=len(wanted.household["people"])),
            "days": _("%(n)s日分", n=wanted.days),
            "weight": kg(parcel.weight_kg),
            "place": wanted.place or PICKUP_LABELS[wanted.pickup],
            "when": weekday(wanted.needed_on),
        },
        "qr_svg": qr_svg(parcel.number),
        "must_not": proposals.must_not(wanted),
        "shelves": [
            {"shelf": code, "lines": [_printed(line) for line in group]}
            for code, group in groupby(lines, key=lambda line: line.shelf.code)
        ],
        "notes": [
            *_eat_first(parcel),
            _("体に合わないと感じたら食べずに、上の番号を伝えて連絡してください。"),
        ],
    }


def _eat_first(parcel: Parcel) -> list[str]:
    """What to eat before the rest; what the parcel lacks is for the packer, not for the paper."""
    soon = parcel.request.needed_on + queries.SOON
    days = {
        line.lot.item.name: line.lot.last_day
        for line in parcel.lines
        if line.lot.last_day is not None and line.lot.last_day <= soon
    }
    return [
        _("%(item)sは、%(day)sまでに先に食べてください。", item=name, day=weekday(last_day))
        for name, last_day in sorted(days.items(), key=lambda pair: pair[1])
    ]


def _printed(line: ParcelLine) -> dict[str, Any]:
    lot = line.lot
    row: dict[str, Any] = {
        "item": lot.item.name,
        "quantity": line.quantity,
        "best_by": f"{lot.last_day.year}年{lot.last_day.month}月{lot.last_day.day}日"
        if lot.last_day
        else "",
        "note": line.reason.split("。", maxsplit=1)[0],
    }
    if lot.allergens_known:
        row["allergens"] = "・".join(lot.allergens) or _("なし（表示）")
        if lot.may_contain:
            row["allergens"] += _("（混入のおそれ: %(names)s）", names="・".join(lot.may_contain))
    return row
