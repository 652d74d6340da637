"""Papers as PDF: each passes policy, uses up an approval where one is needed, and is audited."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from marshmallow import fields, validate

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.cases.listing import called
from app.cases.queries import get_case
from app.cases.work.services import use_print_approval
from app.db import db, now, today
from app.errors import NotFoundError
from app.forms import BaseSchema, Form, Line, Prose
from app.idempotency import committed
from app.placements import papers, queries
from app.placements.blueprint import bp
from app.placements.codes import StepKind
from app.placements.costs import costs_of
from app.placements.models import Placement
from app.policy import Action, Tier, requires, sees_contacts
from app.printing import render_pdf
from app.security import acting_organisation, saw, the_viewer

PROXY = "代理納付（福祉事務所から貸主へ直接）"
PAYMENTS = ("口座振替", "銀行振込", "集金", PROXY)


class LandlordSheetSchema(BaseSchema):
    """What the landlord's sheet says about the support."""

    watcher = Line(required=True, shortest=1, metadata={"label": "見守る人・団体"})
    how_often = Line(
        required=True, shortest=1, metadata={"label": "見守りの回数", "hint": "例 月1回の訪問"}
    )
    phone = Line(required=True, shortest=1, metadata={"label": "困ったときの電話"})
    guarantor = Line(load_default="", metadata={"label": "保証人・保証会社"})
    payment = fields.String(
        required=True,
        validate=validate.OneOf(PAYMENTS, error="選択肢から選んでください。"),
        metadata={"label": "家賃の払い方", "kind": "radios", "choices": ()},
    )
    message = Prose(
        load_default="",
        longest=400,
        metadata={
            "label": "貸主へのひとこと（任意）",
            "rows": 3,
            "hint": "病名・借金・保護の内容・避難のわけは書かないでください。",
        },
    )


@bp.post("/placements/<int:placement_id>/<paper>.pdf")
@requires(Action.CASE_PRINT)
def print_paper(placement_id: int, paper: str) -> Answer:
    """The viewing sheet, the estimate or the schedule; the landlord's sheet has its own page."""
    placement = queries.get_placement(db.session, placement_id, the_viewer(), today=today())
    if paper not in papers.papers_of(placement) or paper == papers.LANDLORD:
        raise NotFoundError(_("この紙は、いまの手続きでは出せません。"))
    office = _office()
    contacts = sees_contacts(the_viewer())
    if paper == papers.VIEWING:
        data = papers.viewing(db.session, placement, office, contacts=contacts, today=today())
    else:
        costs = costs_of(db.session, placement, today=today())
        data = (
            papers.costs_sheet(placement, office, costs, today=today())
            if paper == papers.COSTS
            else papers.schedule(db.session, placement, office, costs, today=today())
        )
    return _printed(placement, paper, data, ("home", "number"))


def _office() -> Organisation:
    """Who prints it: the head and the foot of the paper."""
    return db.session.get_one(Organisation, acting_organisation(the_viewer(), Action.CASE_PRINT))


def _printed(
    placement: Placement, paper: str, data: dict[str, Any], told: tuple[str, ...]
) -> Answer:
    """The PDF, an approval used up for a hidden place, and the print in the log."""
    user_id = the_viewer().user_id
    use_print_approval(db.session, case=placement.case, paper=paper, user_id=user_id, at=now())
    pdf = render_pdf(paper, data)
    saw(Deed.PRINTED, "case", placement.case_id, fields=told)
    return committed(pdf_answer(f"{paper}-{placement.case.number}", pdf))


@bp.get("/placements/<int:placement_id>/landlord")
@requires(Action.CASE_PRINT)
def landlord_page(placement_id: int) -> Answer:
    placement = _for_landlord(placement_id)
    screening = [s for s in placement.steps if s.kind is StepKind.SCREENING and s.company]
    office = _office()
    initial = {
        "watcher": office.name,
        "how_often": _("入居の翌日・1週間後・1か月後、その後は月1回"),
        "phone": office.phone or "",
        "guarantor": screening[0].company.name if screening and screening[0].company else "",
    }
    return _page(placement, Form(_schema(), initial=initial, choices=_payments(placement)))


def _schema() -> LandlordSheetSchema:
    return LandlordSheetSchema()


def _for_landlord(placement_id: int) -> Placement:
    """A placement whose household may be spoken of to the landlord; refused without consent."""
    viewer = the_viewer()
    placement = queries.get_placement(db.session, placement_id, viewer, today=today())
    get_case(db.session, placement.case_id, viewer, today=today(), needs=Tier.CONTACT)
    if papers.LANDLORD not in papers.papers_of(placement):
        raise NotFoundError(_("この紙は、いまの手続きでは出せません。"))
    papers.told_to_landlord(placement.case, today=today())
    saw(Deed.VIEWED, "case", placement.case_id, fields=("home", "name"))
    return placement


def _payments(placement: Placement) -> dict[str, list[tuple[str, str]]]:
    told = papers.told_to_landlord(placement.case, today=today())
    return {"payment": [(one, one) for one in PAYMENTS if one != PROXY or told.proxy_payment]}


def _page(placement: Placement, form: Form) -> str:
    told = papers.told_to_landlord(placement.case, today=today())
    return render_template(
        "placements/landlord.html",
        placement=placement,
        form=form,
        named=told.name,
        called=called(placement.case, the_viewer(), today=today()),
    )


@bp.post("/placements/<int:placement_id>/landlord")
@requires(Action.CASE_PRINT)
def print_landlord(placement_id: int) -> Answer:
    placement = _for_landlord(placement_id)
    form = Form(_schema(), typed=request.form, choices=_payments(placement))
    told = papers.told_to_landlord(placement.case, today=today())
    if not form.load():
        return _page(placement, form), 422
    if form.data["payment"] == PROXY and not told.proxy_payment:
        form.refuse({"payment": [_("代理納付を伝えることへの同意がありません。")]})
        return _page(placement, form), 422
    data = papers.landlord(placement, _office(), told, form.data, today=today())
    name = ("name",) if told.name else ()
    return _printed(placement, papers.LANDLORD, data, ("home", "supports", *name))
