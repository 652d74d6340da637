"""Pages: whom to call, one person with what became of each call, and what was heard of them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.cases.frame import FormPage, Section, attempt, conflict_of
from app.db import JAPAN, db, now, today
from app.forms import Form
from app.idempotency import committed, standings
from app.leads import queries, services
from app.leads.blueprint import bp
from app.leads.codes import LEAD_STATE_LABELS, RESULT_LABELS
from app.leads.page import lead_context, rows_of
from app.leads.queries import SeenLead, shown_lead
from app.leads.schemas import TABS, DetailsSchema, LeadFilterSchema, ResultSchema
from app.policy import Action, requires
from app.security import saw, the_viewer

PER_PAGE = 40
EXPORTED_AT_MOST = 20_000
CSV_HEAD = ("貸付番号", "氏名", "状況", "いま", "電話した回数", "最後の結果", "最後の日", "次の日")


def seen_lead(lead_id: int) -> SeenLead:
    """One person; answers 404 for whoever may not know of the list."""
    return queries.get_lead(db.session, lead_id, the_viewer(), today=today())


def _chosen() -> tuple[Form, dict[str, Any]]:
    """The filter of the address bar; what cannot be read is not applied, and said."""
    viewer = the_viewer()
    lists = queries.lists_of(db.session, viewer)
    form = Form(
        LeadFilterSchema(),
        typed=request.args,
        choices={
            "list_id": [(one.id, one.name) for one in lists],
            "status": [(word, word) for word in queries.statuses(db.session, viewer)],
        },
    )
    chosen = form.data if form.load() else LeadFilterSchema().load({})
    if chosen["tab"] not in dict(TABS):
        chosen["tab"] = "due"
    return form, chosen


def _asked(chosen: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The parts of an address that keep a filter."""
    kept = {name: chosen[name] for name in ("words", "list_id", "status", "result")}
    return {name: value or None for name, value in (kept | changes).items()}


@bp.get("/leads")
@requires(Action.LEAD_READ)
def call_list() -> Answer:
    """Whom to call, who is due first at the top."""
    viewer, (form, chosen) = the_viewer(), _chosen()
    found = queries.narrowed(queries.visible_leads(viewer), viewer, chosen, today=today())
    counts = queries.tab_counts(db.session, found, today=today())
    counts["all"] = sum(counts.values())
    first = PER_PAGE * (chosen["page"] - 1)
    total = counts[chosen["tab"]]
    people = queries.page_of(
        db.session,
        found.where(queries.in_tab(chosen["tab"], today())),
        viewer,
        today=today(),
        offset=first,
        limit=PER_PAGE,
    )
    return render_template(
        "leads/list.html",
        form=form,
        tab=chosen["tab"],
        tabs=[
            {
                "label": label,
                "url": url_for("leads.call_list", **_asked(chosen, tab=tab)),
                "count": counts[tab],
                "current": tab == chosen["tab"],
            }
            for tab, label in TABS
        ],
        rows=rows_of(db.session, people, viewer, today=today(), at=now()),
        total=total,
        first=first + 1,
        narrowed=any(_asked(chosen).values()),
        any_list=bool(form.choices["list_id"]),
        csv_url=url_for("leads.call_list_csv", **_asked(chosen, tab=chosen["tab"])),
        previous_url=_page_url(chosen, -1) if first else None,
        next_url=_page_url(chosen, 1) if first + PER_PAGE < total else None,
    )


def _page_url(chosen: dict[str, Any], step: int) -> str:
    page = chosen["page"] + step
    return url_for("leads.call_list", **_asked(chosen, tab=chosen["tab"], page=page))


@bp.get("/leads.csv")
@requires(Action.LEAD_READ)
def call_list_csv() -> Answer:
    """The list as narrowed, with results; no number and no address leave by it."""
    viewer, (_form, chosen) = the_viewer(), _chosen()
    found = queries.narrowed(queries.visible_leads(viewer), viewer, chosen, today=today())
    people = queries.page_of(
        db.session,
        found.where(queries.in_tab(chosen["tab"], today())),
        viewer,
        today=today(),
        offset=0,
        limit=EXPORTED_AT_MOST + 1,
    )
    for one in people:
        saw(Deed.EXPORTED, "lead", one.lead.id, fields=("number", "name", "status", "last_result"))
    return csv_answer("leads", CSV_HEAD, map(_line, people), today=today(), most=EXPORTED_AT_MOST)


def _line(one: SeenLead) -> list[Any]:
    shown = shown_lead(one, today=today())
    last = RESULT_LABELS[shown.last_result] if shown.last_result else ""
    on = shown.last_at.astimezone(JAPAN).date() if shown.last_at else None
    state = LEAD_STATE_LABELS[shown.state]
    return [shown.number, shown.name, shown.status, state, shown.calls, last, on, shown.next_on]


# --------------------------------------------------------------------------------- one person


@bp.get("/leads/<int:lead_id>")
@requires(Action.LEAD_READ)
def lead_page(lead_id: int) -> Answer:
    seen = seen_lead(lead_id)
    return drawn(seen, Form(ResultSchema(), initial={"version": seen.lead.version}))


def drawn(seen: SeenLead, form: Form, *, stale: bool = False) -> str:
    """One person's page with the results to press; `stale` after somebody else was first."""
    context = lead_context(db.session, seen, the_viewer(), today=today(), at=now())
    return render_template(
        "leads/lead.html", form=form, stale=stale, version=seen.lead.version, **context
    )


@bp.get("/leads/<int:lead_id>/details")
@requires(Action.LEAD_CALL)
def details_page(lead_id: int) -> Answer:
    seen = seen_lead(lead_id)
    return _details(seen, Form(DetailsSchema(), initial=_now(seen)))


def _now(seen: SeenLead) -> dict[str, Any]:
    return dict(shown_lead(seen, today=today()).values)


def _details(seen: SeenLead, form: Form, *, stale: bool = False) -> str:
    now_ = _now(seen)
    saw(Deed.VIEWED, "lead", seen.lead.id, fields=now_)
    where = url_for("leads.lead_page", lead_id=seen.lead.id)
    page = FormPage(
        title=_("聞いたこと"),
        form=form,
        sections=(
            Section(_("電話のしかた"), ("secret", "voicemail", "best_time", "care_note")),
            Section(
                _("名簿と違うこと"),
                ("new_kana", ("new_phone", "new_address")),
                hint=_("名簿の内容は残ります。新しい名簿を取り込んでも、ここは変わりません。"),
            ),
        ),
        action=url_for("leads.save_details", lead_id=seen.lead.id),
        submit=_("記録する"),
        cancel_url=where,
        lead=seen.lead.name,
        version=seen.lead.version if stale else None,
        conflict=(
            conflict_of(form, now_, record_kind="lead", record_id=seen.lead.id) if stale else None
        ),
    )
    crumbs = [(_("電話"), url_for("leads.call_list")), (seen.lead.name, where)]
    return render_template("leads/form.html", page=page, breadcrumbs=crumbs)


@bp.post("/leads/<int:lead_id>/details")
@requires(Action.LEAD_CALL)
def save_details(lead_id: int) -> Answer:
    seen = seen_lead(lead_id)
    form = Form(DetailsSchema(), typed=request.form)
    status = attempt(
        form,
        lambda values: services.save_details(
            db.session,
            lead=seen.lead,
            version=values["version"],
            values=values,
            user_id=the_viewer().user_id,
            today=today(),
        ),
    )
    if status != 200:
        return _details(seen_lead(lead_id), form, stale=status == 409), status
    flash(_("聞いたことを記録しました。"))
    return committed(redirect(url_for("leads.lead_page", lead_id=lead_id), 303))


def _standing(lead_id: int) -> str:
    """How much of somebody the viewer sees, for answers given again later."""
    access = seen_lead(lead_id).access
    return f"{access.tier}{access.place}"


standings["lead_id"] = _standing
