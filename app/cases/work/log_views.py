"""The log's pages: writing, the whole of it with filters, correcting, ticking, paper and file."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import Organisation, RoleMembership, User
from app.answers import Answer, csv_answer, pdf_answer
from app.audit.models import Deed
from app.cases.frame import (
    FormPage,
    Opened,
    Section,
    attempt,
    bp,
    changing,
    conflict_of,
    opened,
    render,
)
from app.cases.listing import names_of
from app.cases.models import Case
from app.cases.queries import access_to, open_cases, visible_cases
from app.cases.records import shown_log
from app.cases.work import log, services
from app.cases.work.models import LOG_METHOD_LABELS, LogEntry
from app.cases.work.paper import LOG_PAPER, log_sheet
from app.cases.work.schemas import LogCorrectionSchema, LogFilterSchema, LogSchema
from app.db import JAPAN, db, how_many, moment_on, now, today
from app.directory.models import PARTNER_KIND_LABELS, Partner
from app.directory.queries import name_in_full
from app.errors import InvalidError
from app.forms import Form
from app.idempotency import committed, creates
from app.pages import today_sources
from app.policy import Action, Role, Tier, Viewer, requires
from app.printing import render_pdf
from app.security import saw
from app.wording import moment, weekday

MINUTES = ("10", "15", "30", "45", "60", "90", "120")
EXPORT_AT_MOST = 5000
WRITING = Section(
    "",
    (
        "method", ("on", "time", "minutes"), ("partner", "partner_id"), "text",
        ("next_step", "next_on"), "attendees",
    ),
)  # fmt: skip


@bp.get("/cases/<int:case_id>/log/new")
@requires(Action.CASE_EDIT)
def log_page(case_id: int) -> Answer:
    local = now().astimezone(JAPAN)
    initial = {"on": local.date(), "time": f"{local:%H:%M}"}
    return _new(changing(case_id), Form(LogSchema(), initial=initial))


@bp.post("/cases/<int:case_id>/log")
@requires(Action.CASE_EDIT)
@creates
def write_log(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(LogSchema(), typed=request.form)
    user_id = one.viewer.user_id
    status = attempt(
        form,
        lambda data: services.write_log(
            db.session, case=one.case, user_id=user_id, now=now(), **log_values(one, data)
        ),
    )
    if status != 200:
        return _new(changing(case_id), form), status
    flash(_("経過を記録しました。"))
    return committed(redirect(one.url, 303))


def log_values(one: Opened, data: Mapping[str, Any]) -> dict[str, Any]:
    """Day and time of day as one moment; without a time the day's beginning stands for it.

    Raises InvalidError for a partner or a colleague that is not among those to choose from.
    """
    values = dict(data)
    at = moment_on(values.pop("on"), values.pop("time", None) or time())
    colleagues = {number for number, _name in _colleagues(db.session, one.case)}
    if not set(values.get("attendees") or []) <= colleagues:
        raise _not_there("attendees")
    partner_id = values.get("partner_id")
    if partner_id is not None and db.session.get(Partner, partner_id) is None:
        raise _not_there("partner_id")
    return values | {"at": at}


def _not_there(name: str) -> InvalidError:
    sentence = str(_("選択肢から選び直してください。"))
    return InvalidError(sentence, fields={name: [sentence]})


def _colleagues(session: Session, case: Case) -> list[tuple[int, str]]:
    """Those of the case's agency and of its team, who may have been there too."""
    team = [member.user_id for member in case.team]
    rows = session.execute(
        sa.select(User.id, User.name)
        .where(
            User.active,
            sa.or_(
                User.id.in_(team),
                User.memberships.any(
                    sa.and_(
                        RoleMembership.organisation_id == case.organisation_id,
                        RoleMembership.role == Role.CONSULTANT,
                    )
                ),
            ),
        )
        .order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in rows]


def _partners(session: Session) -> list[tuple[int, str]]:
    rows = session.execute(
        sa.select(Partner.id, name_in_full().label("name"), Partner.kind).order_by(
            Partner.kind, Partner.name_key
        )
    )
    return [(row.id, f"{PARTNER_KIND_LABELS[row.kind]}　{row.name}") for row in rows]


def _changes(one: Opened) -> dict[str, Mapping[str, Any]]:
    mine = one.viewer.user_id
    others = [row for row in _colleagues(db.session, one.case) if row[0] != mine]
    return {
        "minutes": {"options": MINUTES},
        "partner_id": {"choices": _partners(db.session)},
        "attendees": {"choices": others},
    }


def _new(one: Opened, form: Form) -> str:
    page = FormPage(
        title=_("経過を書く"),
        form=form,
        sections=(WRITING,),
        action=url_for("cases.write_log", case_id=one.case.id),
        submit=_("記録する"),
        cancel_url=one.url,
        changes=_changes(one),
    )
    return render(one, "cases/form.html", page=page)


# --------------------------------------------------------------------------- the whole log


@bp.get("/cases/<int:case_id>/log")
@requires(Action.CASE_READ)
def log_list(case_id: int) -> Answer:
    one = opened(case_id, needs=Tier.CARE)
    form, chosen = _chosen()
    found = log.entries_of(case_id, chosen)
    total = how_many(db.session, found)
    first = log.PER_PAGE * (chosen["page"] - 1)
    entries = db.session.scalars(found.limit(log.PER_PAGE).offset(first)).all()
    saw(Deed.VIEWED, "case", case_id, fields=("text", "next_step"))
    query = {name: request.args[name] for name in request.args if name in chosen}
    here: dict[str, Any] = {"case_id": case_id, **{n: v for n, v in query.items() if n != "page"}}
    return render(
        one,
        "cases/work/log.html",
        fields=[form["method"], form["since"], form["until"], form["open_only"]],
        rows=_rows(one, entries),
        total=total,
        first=first + 1 if entries else 0,
        last=first + len(entries),
        previous_url=url_for("cases.log_list", **here, page=chosen["page"] - 1) if first else None,
        next_url=url_for("cases.log_list", **here, page=chosen["page"] + 1)
        if first + log.PER_PAGE < total
        else None,
        csv_url=url_for("cases.log_file", **here),
        print_url=url_for("cases.print_log", **here),
        may_change=one.may_change,
    )


def _chosen() -> tuple[Form, dict[str, Any]]:
    """What the address asks for; an unreadable part is left out rather than refused."""
    form = Form(LogFilterSchema(), typed=request.args)
    if not form.load():
        kept = {n: v for n, v in request.args.items() if n not in form.errors}
        form = Form(LogFilterSchema(), typed=type(request.args)(kept))
        form.load()
    return form, {"page": 1, **form.data}


def _rows(one: Opened, entries: Sequence[LogEntry]) -> list[dict[str, Any]]:
    """Entries with the names they need, and what corrected ones said before."""
    before = log.revisions_of(db.session, [entry.id for entry in entries])
    ids = {entry.author_id for entry in entries} | {n for e in entries for n in e.attendees}
    names = names_of(db.session, ids)
    partners = _partner_names(entries)
    return [
        {
            "shown": (shown := shown_log(entry, one.access)),
            "method": LOG_METHOD_LABELS[shown.method],
            "partner": "・".join(filter(None, (shown.partner, partners.get(shown.partner_id)))),
            "by": "、".join(names.get(n, "") for n in (shown.author_id, *shown.attendees)),
            "mine": entry.author_id == one.viewer.user_id,
            "revisions": before.get(entry.id, []),
            "correct_url": url_for("cases.correct_page", case_id=one.case.id, entry_id=entry.id),
            "tick_url": url_for("cases.tick_step", case_id=one.case.id, entry_id=entry.id),
        }
        for entry in entries
    ]


def _partner_names(entries: Sequence[LogEntry]) -> dict[int | None, str]:
    ids = {entry.partner_id for entry in entries} - {None}
    if not ids:
        return {}
    rows = db.session.execute(
        sa.select(Partner.id, name_in_full().label("name")).where(Partner.id.in_(ids))
    )
    return {row.id: row.name for row in rows}


@bp.get("/cases/<int:case_id>/log/<int:entry_id>/correct")
@requires(Action.CASE_EDIT)
def correct_page(case_id: int, entry_id: int) -> Answer:
    one = changing(case_id)
    entry = log.entry_of(db.session, one.case, entry_id)
    return _correct(one, entry, Form(LogCorrectionSchema(), initial=_values(entry)))


def _values(entry: LogEntry) -> dict[str, Any]:
    local = entry.at.astimezone(JAPAN)
    names = ("version", "method", "minutes", "partner", "partner_id", "text", "next_step",
             "next_on", "attendees")  # fmt: skip
    values = {name: getattr(entry, name) for name in names}
    return values | {"on": local.date(), "time": f"{local:%H:%M}"}


@bp.post("/cases/<int:case_id>/log/<int:entry_id>/correct")
@requires(Action.CASE_EDIT)
def correct_log(case_id: int, entry_id: int) -> Answer:
    one = changing(case_id)
    entry = log.entry_of(db.session, one.case, entry_id)
    form = Form(LogCorrectionSchema(), typed=request.form)
    user_id = one.viewer.user_id

    def act(data: dict[str, Any]) -> None:
        values = log_values(one, {n: v for n, v in data.items() if n not in {"version", "why"}})
        log.correct_entry(
            db.session, entry=entry, version=data["version"], values=values, why=data["why"],
            user_id=user_id, now=now(),
        )  # fmt: skip

    status = attempt(form, act)
    if status != 200:
        one = changing(case_id)
        entry = log.entry_of(db.session, one.case, entry_id)
        return _correct(one, entry, form, stale=status == 409), status
    flash(_("経過を直しました。前の内容も読めます。"))
    return committed(redirect(url_for("cases.log_list", case_id=case_id), 303))


def _correct(one: Opened, entry: LogEntry, form: Form, *, stale: bool = False) -> str:
    page = FormPage(
        title=_("経過を直す"),
        form=form,
        sections=(WRITING, Section("", ("why",))),
        action=url_for("cases.correct_log", case_id=one.case.id, entry_id=entry.id),
        submit=_("直す"),
        cancel_url=url_for("cases.log_list", case_id=one.case.id),
        lead=_("前の内容は消えません。一覧で「前の内容」として読めます。"),
        version=entry.version if stale else None,
        conflict=conflict_of(form, _values(entry), record_kind="case_log", record_id=entry.id)
        if stale
        else None,
        changes=_changes(one),
    )
    return render(one, "cases/form.html", page=page)


@bp.post("/cases/<int:case_id>/log/<int:entry_id>/done")
@requires(Action.CASE_EDIT)
def tick_step(case_id: int, entry_id: int) -> Answer:
    one = changing(case_id)
    entry = log.entry_of(db.session, one.case, entry_id)
    log.tick_step(db.session, entry=entry, user_id=one.viewer.user_id, now=now())
    flash(_("済みにしました：%(step)s", step=entry.next_step))
    return committed(redirect(url_for("cases.log_list", case_id=case_id), 303))


# ------------------------------------------------------------------------- file and paper

HEAD = ("日時", "方法", "時間（分）", "相手", "対応者", "内容", "次にすること", "いつまで", "済み")


def _cells(row: Mapping[str, Any]) -> list[Any]:
    shown = row["shown"]
    return [
        moment(shown.at), row["method"], shown.minutes, row["partner"], row["by"], shown.text,
        shown.next_step, shown.next_on, moment(shown.next_done_at),
    ]  # fmt: skip


def _all_rows(one: Opened) -> list[dict[str, Any]]:
    _form, chosen = _chosen()
    found = log.entries_of(one.case.id, chosen).limit(EXPORT_AT_MOST + 1)
    return _rows(one, db.session.scalars(found).all())


@bp.get("/cases/<int:case_id>/log.csv")
@requires(Action.CASE_READ)
def log_file(case_id: int) -> Answer:
    one = opened(case_id, needs=Tier.CARE)
    saw(Deed.EXPORTED, "case", case_id, fields=("text", "next_step"))
    cells = map(_cells, _all_rows(one))
    return csv_answer("log", HEAD, cells, today=today(), most=EXPORT_AT_MOST)


@bp.post("/cases/<int:case_id>/log.pdf")
@requires(Action.CASE_PRINT)
def print_log(case_id: int) -> Answer:
    """支援経過記録 on A4: a POST, because of a protected household one approval is used up."""
    one = opened(case_id, needs=Tier.CARE)
    services.use_print_approval(
        db.session, case=one.case, paper=LOG_PAPER, user_id=one.viewer.user_id, at=now()
    )
    organisation = db.session.get_one(Organisation, one.case.organisation_id)
    rows = _all_rows(one)[:EXPORT_AT_MOST]
    pdf = render_pdf("log", log_sheet(one, rows, organisation, today=today()))
    saw(Deed.PRINTED, "case", case_id, fields=("text", "next_step"))
    return committed(pdf_answer(f"{one.case.number}-log", pdf))


# ---------------------------------------------------------------------------------- today

AT_MOST = 20


def steps_today(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """What was promised in the log for today or before and is not ticked yet."""
    mine = viewer.organisations(Role.CONSULTANT)
    own = open_cases(visible_cases(viewer, today=today)).where(Case.organisation_id.in_(mine))
    rows = session.execute(log.steps_due(own, until=today).limit(AT_MOST)).all()
    items = [
        {
            "when": weekday(entry.next_on),
            "late": entry.next_on is not None and entry.next_on < today,
            "title": f"{case.number}　{entry.next_step}",
            "url": url_for("cases.log_list", case_id=case.id, open_only=1),
        }
        for entry, case in rows
        if access_to(case, viewer, today=today).sees(Tier.CARE)
    ]
    return [{"title": _("経過に書いた、することの期限"), "items": items}] if items else []


today_sources.append((Action.CASE_EDIT, steps_today))
