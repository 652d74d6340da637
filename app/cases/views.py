"""The list of cases, the search box, and the page that tells a case's story."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.cases import (
    export,
    story,
)
from app.cases.frame import (
    NO_LONGER_LEAVING,
    bp,
    opened,
    page_of,
    render,
)
from app.cases.listing import (
    EXPORT_AT_MOST,
    PER_PAGE,
    CaseFilterSchema,
    CaseRow,
    listed,
    rows_of,
)
from app.cases.models import STAGE_LABELS, Case
from app.cases.queries import searched, visible_cases
from app.cases.records import case_title
from app.db import db, how_many, today
from app.forms import Form
from app.policy import Action, Tier, requires
from app.security import saw, the_viewer

LIST_FIELDS = ("number", "code_name", "name", "alias", "stage", "leave_by", "household_size")


@bp.get("/cases")
@requires(Action.CASE_LIST)
def case_list() -> Answer:
    form, chosen = _chosen()
    statement = listed(the_viewer(), chosen, today=today())
    total = how_many(db.session, statement)
    first = PER_PAGE * (chosen["page"] - 1)
    rows = _rows(statement, limit=PER_PAGE, offset=first)
    return render_template(
        "cases/list.html",
        filter_fields=[form["stage"], form["whose"], form["leave_by"], form["closed"]],
        rows=[_row(row) for row in rows],
        columns=_columns(chosen),
        total=total,
        first=first + 1 if rows else 0,
        last=first + len(rows),
        previous_url=_here(chosen, page=chosen["page"] - 1) if first else None,
        next_url=_here(chosen, page=chosen["page"] + 1) if first + PER_PAGE < total else None,
        csv_url=url_for("cases.case_export", **_query(chosen)),
        new_url=url_for("cases.new_case_page"),
        batch_url=page_of("housing.batch_list"),
    )


@bp.get("/cases.csv")
@requires(Action.CASE_LIST)
def case_export() -> Answer:
    """The filtered list as a file; only columns the viewer sees on screen have content."""
    _form, chosen = _chosen()
    statement = listed(the_viewer(), chosen, today=today())
    rows = rows_of(db.session, statement, the_viewer(), today=today(), limit=EXPORT_AT_MOST + 1)
    for row in rows[:EXPORT_AT_MOST]:
        saw(Deed.EXPORTED, "case", row.shown.id, fields=export.COLUMNS)
    cells = map(export.cells, rows)
    return csv_answer("cases", export.HEAD, cells, today=today(), most=EXPORT_AT_MOST)


@bp.get("/search")
@requires(Action.CASE_LIST)
def search() -> Answer:
    viewer = the_viewer()
    # A control sign is never part of a name, and PostgreSQL refuses to compare with NUL.
    words = "".join(c for c in request.args.get("q", "")[:100] if c.isprintable()).strip()
    day = today()
    statement = searched(visible_cases(viewer, today=day), viewer, words, today=day)
    rows = _rows(statement.order_by(Case.id.desc()), limit=PER_PAGE)
    saw(Deed.SEARCHED, "case", None, fields=["q"])
    return render_template(
        "cases/search.html",
        search_query=words,
        rows=[_row(row) for row in rows],
        more=len(rows) == PER_PAGE,
        list_url=url_for("cases.case_list"),
        new_url=url_for("cases.new_case_page"),
    )


def _chosen() -> tuple[Form, dict[str, Any]]:
    """What the address bar asks for; an unreadable part is left out rather than refused."""
    form = Form(CaseFilterSchema(), typed=request.args)
    if not form.load():
        kept = {n: v for n, v in request.args.items() if n not in form.errors}
        form = Form(CaseFilterSchema(), typed=type(request.args)(kept))
        form.load()
    return form, {"page": 1, **form.data}


def _rows(statement: Any, *, limit: int, offset: int = 0) -> list[CaseRow]:
    rows = rows_of(db.session, statement, the_viewer(), today=today(), limit=limit, offset=offset)
    for row in rows:
        if row.access.sees(Tier.CONTACT):
            saw(Deed.LISTED, "case", row.shown.id, fields=LIST_FIELDS)
    return rows


def _row(row: CaseRow) -> dict[str, Any]:
    return {
        "shown": row.shown,
        "title": case_title(row.shown),
        "stage": STAGE_LABELS[row.shown.stage],
        "leaving": row.shown.stage not in NO_LONGER_LEAVING,
        "late": row.shown.leave_by is not None and row.shown.leave_by < today(),
        "team": "、".join(row.team),
        "url": url_for("cases.case_page", case_id=row.shown.id),
    }


def _columns(chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """The heads of the list; those that may be sorted link to their other order."""
    heads = [
        (_("番号"), "number"), (_("だれ"), None), (_("段階"), "stage"),
        (_("退去の期限"), "leave_by"), (_("人数"), "household_size"), (_("担当"), None),
    ]  # fmt: skip
    columns = []
    for label, key in heads:
        column: dict[str, Any] = {"label": label, "number": key == "household_size"}
        if key is not None:
            down = chosen.get("sort") == key
            column["sort_url"] = _here(chosen, sort=f"-{key}" if down else key, page=1)
            column["sorted"] = {key: "ascending", f"-{key}": "descending"}.get(chosen["sort"])
        columns.append(column)
    return columns


def _query(chosen: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The filters as they stand in the address."""
    wanted = {**chosen, **changes}
    query = {n: getattr(v, "value", v) for n, v in wanted.items() if v not in (None, "", False)}
    return {n: 1 if v is True else v for n, v in query.items() if (n, v) != ("page", 1)}


def _here(chosen: dict[str, Any], **changes: Any) -> str:
    return url_for("cases.case_list", **_query(chosen, **changes))


# ------------------------------------------------------------------------------ the case page


@bp.get("/cases/<int:case_id>")
@requires(Action.CASE_READ)
def case_page(case_id: int) -> Answer:
    one = opened(case_id)
    return render(
        one,
        "cases/case.html",
        **story.told(db.session, one, today=today()),
        candidates_url=page_of("housing.candidates_page", case_id=case_id),
        food_url=page_of("foodbank.new_request_page", case_id=case_id),
        links=story.links(one),
    )
