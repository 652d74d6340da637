"""Pages of a recall: the list, the notice and its lots, the recall itself, its end."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.frame import attempt
from app.db import db, now, today
from app.errors import InvalidError
from app.foodbank import queries as food
from app.foodbank.donors.words import recall_contacts
from app.foodbank.models import REQUEST_STATE_LABELS
from app.foodbank.queries import StockFilter
from app.foodbank.recalls import queries, services, words
from app.foodbank.recalls.models import Recall, RecallState
from app.foodbank.recalls.queries import FoundLot
from app.foodbank.recalls.reading import Criteria, Verdict, read_notice, segments
from app.foodbank.recalls.schemas import (
    CloseRecallSchema,
    ConfirmRecallSchema,
    CriteriaSchema,
    StartRecallSchema,
    ToldSchema,
)
from app.foodbank.views import bp
from app.forms import Form
from app.idempotency import committed, creates, standings
from app.policy import Action, Role, Tier, allows, requires
from app.security import acting_organisation, saw, the_viewer

MOST_OTHERS = 20
KINDS = {
    "jan": "JAN",
    "lot_code": "製造ロットの記号",
    "name": "品名",
    "maker": "製造者",
    "date": "期限",
}


def page_url(recall: Recall) -> str:
    """Where a recall is read."""
    return url_for("foodbank.recall_page", recall_id=recall.id)


@bp.get("/food/recalls")
@requires(Action.RECALL_READ)
def recall_list() -> Answer:
    viewer = the_viewer()
    found = queries.recalls(db.session, viewer, today=today())
    return render_template(
        "foodbank/recalls/list.html",
        rows=[(one, words.tags_of(one)) for one in found],
        may_start=allows(viewer, Action.RECALL_MANAGE),
    )


@bp.get("/food/recalls/new")
@requires(Action.RECALL_MANAGE)
def new_recall_page() -> Answer:
    lots = [food.own_lot(db.session, lot_id, the_viewer()).id for lot_id in _asked_lots()]
    initial = {"lot_ids": lots, "practice": request.args.get("practice") == "1"}
    return _new(Form(StartRecallSchema(), initial=initial))


def _asked_lots() -> list[int]:
    return [number for number in request.args.getlist("lot", type=int) if number < 2**31][:20]


def _new(form: Form) -> str:
    ids = _numbers(form["lot_ids"].values)
    bank = acting_organisation(the_viewer(), Action.RECALL_MANAGE)
    lots = queries.found_lots(db.session, bank, (), ids[:MOST_OTHERS])
    return render_template("foodbank/recalls/new.html", form=form, lots=[one.lot for one in lots])


@bp.post("/food/recalls")
@requires(Action.RECALL_MANAGE)
@creates
def start_recall() -> Answer:
    viewer = the_viewer()
    form = Form(StartRecallSchema(), typed=request.form)
    if not form.load():
        return _new(form), 422
    try:
        recall = services.start(
            db.session,
            organisation_id=acting_organisation(viewer, Action.RECALL_MANAGE),
            user_id=viewer.user_id,
            today=today(),
            **form.data,
        )
    except InvalidError as error:
        db.session.rollback()
        form.refuse(error.fields)
        return _new(form), 422
    return committed(redirect(page_url(recall), 303))


# --------------------------------------------------------------------------- which lots


@bp.get("/food/recalls/<int:recall_id>")
@requires(Action.RECALL_READ)
def recall_page(recall_id: int) -> Answer:
    recall = queries.get_recall(db.session, recall_id, the_viewer(), today=today())
    if recall.state is RecallState.DRAFT:
        return _choosing(recall)
    return _page(recall)


@bp.get("/food/recalls/<int:recall_id>/lots")
@requires(Action.RECALL_MANAGE)
def recall_lots_page(recall_id: int) -> Answer:
    """Looking once more while it runs: for lots that came in or were noticed later."""
    return _choosing(queries.own_recall(db.session, recall_id, the_viewer()))


@dataclass(frozen=True)
class Chosen:
    """The groups of lots to choose from, and those ticked."""

    groups: list[tuple[str, str, list[FoundLot]]]
    ticked: set[int]
    already: set[int]


def _choosing(recall: Recall, **forms: Form) -> str:
    criteria = Criteria.from_stored(recall.criteria)
    marks = read_notice(
        recall.notice,
        known_names=queries.item_names(db.session, recall.organisation_id),
        today=today(),
    ).marks
    values = words.criteria_values(criteria) | {"version": recall.version}
    shown = {
        "criteria": Form(CriteriaSchema(), initial=values),
        "confirm": Form(
            ConfirmRecallSchema(), initial={"danger": recall.danger or "", "advice": recall.advice}
        ),
    } | forms
    return render_template(
        "foodbank/recalls/choose.html",
        recall=recall,
        tags=words.tags_of(recall),
        notice=[(text, kind, KINDS.get(kind)) for text, kind in segments(recall.notice, marks)],
        forms=shown,
        errors=[error for form in shown.values() for error in form.summary],
        chosen=_lots_to_choose(recall, criteria, shown["confirm"]),
        searched=request.args.get("q", "").strip()[:100],
        words=words,
    )


def _lots_to_choose(recall: Recall, criteria: Criteria, form: Form) -> Chosen:
    picked = recall.criteria.get("picked", [])
    judged = queries.judged(db.session, recall.organisation_id, criteria)
    others = _searched(recall)
    found = queries.found_lots(
        db.session, recall.organisation_id, judged, (*picked, *_typed_ids(form), *others)
    )
    already = {one.lot_id for one in queries.lots_of(db.session, recall)}
    sure = {Verdict.MEANT, Verdict.PERHAPS}
    ticked = {f.lot.id for f in found if f.verdict in sure or f.lot.id in picked}
    groups = [
        (_("対象"), "", [f for f in found if f.verdict is Verdict.MEANT]),
        (
            _("対象かもしれない"),
            _("お知らせの条件の一部が、こちらの記録にありません。違うと分かったら外します。"),
            [f for f in found if f.verdict is Verdict.PERHAPS],
        ),
        (_("選んだロット"), "", [f for f in found if f.verdict is None]),
        (
            _("同じ品だが、条件が違う"),
            _("お知らせの対象ではありません。"),
            [f for f in found if f.verdict is Verdict.APART],
        ),
    ]
    return Chosen(
        groups=[group for group in groups if group[2]],
        ticked=set(_typed_ids(form)) if form.typed is not None else ticked,
        already=already,
    )


def _typed_ids(form: Form) -> list[int]:
    return [] if form.typed is None else _numbers(form.typed.getlist("lot_ids"))


def _numbers(texts: Iterable[str]) -> list[int]:
    return [int(text[:9]) for text in texts if text.isascii() and text.isdigit()]


def _searched(recall: Recall) -> list[int]:
    text = request.args.get("q", "").strip()[:100]
    if not text:
        return []
    viewer = the_viewer()
    listed = food.stock(viewer, StockFilter(words=text, empty=True), today=today())
    lots = food.page_of_lots(db.session, listed, page=1, size=MOST_OTHERS)
    return [lot.id for lot in lots if lot.organisation_id == recall.organisation_id]


@bp.post("/food/recalls/<int:recall_id>/criteria")
@requires(Action.RECALL_MANAGE)
@creates
def set_criteria(recall_id: int) -> Answer:
    viewer = the_viewer()
    recall = queries.own_recall(db.session, recall_id, viewer)
    form = Form(CriteriaSchema(), typed=request.form)

    def act(values: dict[str, Any]) -> None:
        services.set_criteria(
            db.session,
            recall=recall,
            version=values["version"],
            criteria=Criteria.from_stored(values),
            user_id=viewer.user_id,
        )

    status = attempt(form, act)
    if status != 200:
        if status == 409:
            form.refuse({"_": [_("ほかの人が先に条件を変えました。いまの条件を見てください。")]})
        return _choosing(queries.own_recall(db.session, recall_id, viewer), criteria=form), status
    return committed(redirect(url_for("foodbank.recall_lots_page", recall_id=recall_id), 303))


@bp.post("/food/recalls/<int:recall_id>/lots")
@requires(Action.RECALL_MANAGE)
@creates
def confirm_lots(recall_id: int) -> Answer:
    """Off offer, parcels pulled, people listed: in this one transaction."""
    viewer = the_viewer()
    recall = queries.own_recall(db.session, recall_id, viewer)
    form = Form(ConfirmRecallSchema(), typed=request.form)
    if not form.load():
        return _choosing(recall, confirm=form), 422
    fresh = services.confirm(
        db.session, recall=recall, user_id=viewer.user_id, at=now(), **form.data
    )
    if recall.practice:
        flash(_("訓練: %(n)sロットを対象にしました。在庫も箱も動かしていません。", n=fresh), "info")
    else:
        flash(_("%(n)sロットを止め、渡していない箱から戻しました。", n=fresh))
    return committed(redirect(page_url(recall), 303))


# ------------------------------------------------------------------------------ the recall


def _page(recall: Recall, form: Form | None = None) -> str:
    viewer = the_viewer()
    own = recall.organisation_id in viewer.organisations(Role.FOODBANK)
    seen = queries.people(db.session, recall, viewer, today=today())
    for one in (one for one in seen if one.access.sees(Tier.CONTACT)):
        saw(Deed.VIEWED, "recall_person", one.person.id, fields=words.shown_person(one).values)
    lots = queries.lots_of(db.session, recall)
    left = queries.left_on_shelf(db.session, [one.lot_id for one in lots])
    rows = [words.person_row(one, practice=recall.practice) for one in seen]
    return render_template(
        "foodbank/recalls/page.html",
        recall=recall,
        tags=words.tags_of(recall),
        own=own,
        is_open=recall.state is RecallState.OPEN,
        waiting=[row for row in rows if not row["settled"]],
        done=[row for row in rows if row["settled"]],
        lots=[(one, left.get(one.lot_id, 0)) for one in lots],
        pulled=words.pulled_rows(queries.pulled(db.session, recall)) if own else [],
        request_states=REQUEST_STATE_LABELS,
        told=queries.told(db.session, recall) if own else [],
        donors=_donors(lots) if own else [],
        contacts=_contacts(recall, lots) if own else [],
        told_form=form or Form(ToldSchema()),
        tiles=_tiles(recall, rows) if own else [],
        words=words,
    )


def _donors(lots: Any) -> list[tuple[int, str]]:
    donors = {one.lot.donor.id: one.lot.donor.name for one in lots if one.lot.donor}
    return sorted(donors.items())


def _contacts(recall: Recall, lots: Any) -> list[tuple[str, str]]:
    donors = [donor_id for donor_id, _name in _donors(lots)]
    return recall_contacts(db.session, recall.organisation_id, donors, the_viewer(), today())


def _tiles(recall: Recall, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    figures = recall.figures or services.figures_of(db.session, recall, at=now())
    return [
        {"label": _("対象のロット"), "value": figures["lots"], "unit": _("件"),
         "note": _("棚に%(n)sありました", n=figures["on_shelf"])},
        {"label": _("引いた箱") if not recall.practice else _("引くはずの箱"),
         "value": figures["pulled_parcels"], "unit": _("箱")},
        {"label": _("伝えた世帯"), "value": f"{figures['told']}／{figures['households']}",
         "kind": "good" if not figures["untold"] else "bad"},
        {"label": _("お知らせから名前まで"), "value": words.duration(figures["seconds_to_people"])},
    ]  # fmt: skip


@bp.post("/food/recalls/<int:recall_id>/told")
@requires(Action.RECALL_MANAGE)
@creates
def tell_upstream(recall_id: int) -> Answer:
    viewer = the_viewer()
    recall = queries.own_recall(db.session, recall_id, viewer)
    form = Form(ToldSchema(), typed=request.form)
    if not form.load():
        return _page(recall, form), 422
    services.tell(
        db.session,
        recall=recall,
        name=form.data["told_name"],
        partner_id=form.data["partner_id"],
        how=form.data["how"],
        user_id=viewer.user_id,
        at=now(),
    )
    flash(_("伝えたことを記録しました。"))
    return committed(redirect(page_url(recall), 303))


@bp.get("/food/recalls/<int:recall_id>/close")
@requires(Action.RECALL_MANAGE)
def close_recall_page(recall_id: int) -> Answer:
    recall = queries.own_recall(db.session, recall_id, the_viewer())
    return _close(recall, Form(CloseRecallSchema(), initial={"version": recall.version}))


def _close(recall: Recall, form: Form) -> str:
    lots = queries.lots_of(db.session, recall)
    left = queries.left_on_shelf(db.session, [one.lot_id for one in lots])
    return render_template(
        "foodbank/recalls/close.html",
        recall=recall,
        form=form,
        version=recall.version,
        figures=services.figures_of(db.session, recall, at=now()),
        left=[(one.lot, left[one.lot_id]) for one in lots if left.get(one.lot_id)],
        untold_donors=_untold(recall, lots),
    )


def _untold(recall: Recall, lots: Any) -> list[str]:
    told = {one.partner_id for one, _name in queries.told(db.session, recall)}
    return [name for donor_id, name in _donors(lots) if donor_id not in told]


@bp.post("/food/recalls/<int:recall_id>/close")
@requires(Action.RECALL_MANAGE)
@creates
def close_recall(recall_id: int) -> Answer:
    viewer = the_viewer()
    recall = queries.own_recall(db.session, recall_id, viewer)
    form = Form(CloseRecallSchema(), typed=request.form)
    status = attempt(
        form,
        lambda values: services.close(
            db.session, recall=recall, user_id=viewer.user_id, at=now(), **values
        ),
    )
    if status != 200:
        if status == 409:
            form.refuse(
                {"_": [_("ほかの人が先に記録しました。下を見て、もう一度送ってください。")]}
            )
        return _close(queries.own_recall(db.session, recall_id, viewer), form), status
    flash(_("回収を終えました。対象のロットは、止めたままです。"))
    return committed(redirect(page_url(recall), 303))


@bp.post("/food/recalls/<int:recall_id>/cancellation")
@requires(Action.RECALL_MANAGE)
@creates
def cancel_recall(recall_id: int) -> Answer:
    viewer = the_viewer()
    recall = queries.own_recall(db.session, recall_id, viewer)
    services.cancel(db.session, recall=recall, user_id=viewer.user_id)
    flash(_("取りやめました。在庫は変わっていません。"))
    return committed(redirect(url_for("foodbank.recall_list"), 303))


def _standing_of_recall(recall_id: int) -> str:
    recall = queries.get_recall(db.session, recall_id, the_viewer(), today=today())
    return str(recall.id)


standings["recall_id"] = _standing_of_recall
