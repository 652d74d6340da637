"""Pages of the ledger: a business year's households, figures, Excel and A4."""

from flask import Response, render_template
from flask_babel import gettext as _

from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.db import db, today
from app.errors import NotFoundError
from app.followup.blueprint import bp
from app.followup.ledger import papers, queries
from app.followup.ledger.rows import ITEMS, Ledger, ledgers_of
from app.followup.queries import SeenPlan
from app.followup.settling.queries import kept_of
from app.followup.tabs import tabs
from app.japanese import fiscal_year, fiscal_year_days, format_fiscal_year
from app.policy import Action, Protection, requires
from app.printing import render_pdf
from app.security import saw, the_viewer

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/visits/ledger")
@requires(Action.FOLLOWUP_READ)
def ledger_page() -> Answer:
    """The present business year."""
    return _year(fiscal_year(today()))


@bp.get("/visits/ledger/<int:year>")
@requires(Action.FOLLOWUP_READ)
def year_page(year: int) -> Answer:
    return _year(year)


def _year(year: int) -> str:
    """A year's households and figures; the page says how long the ledger is kept."""
    seen, ledgers = _read(year, Deed.VIEWED)
    first, last = fiscal_year_days(year)
    moved = [
        (one.plan.starts_on, one.plan.placement.ended_on)
        for one in seen
        if first <= one.plan.starts_on <= last
    ]
    return render_template(
        "followup/ledger.html",
        tabs=tabs("followup.ledger_page"),
        year=year,
        title=format_fiscal_year(year),
        years=[
            (y, format_fiscal_year(y))
            for y in queries.years(db.session, the_viewer(), today=today())
        ],
        items=ITEMS,
        ledgers=ledgers,
        figures=papers.figure_lines(figures_of(seen, year)),
        kept=kept_of(moved, today()),
        kept_until=ledgers[0].kept_until if ledgers else None,
    )


def _read(year: int, deed: Deed) -> tuple[list[SeenPlan], list[Ledger]]:
    """The households of a year; each look is written down."""
    if not 2000 <= year <= 2100:
        raise NotFoundError(_("この年度の帳簿はありません。"))
    seen = queries.plans_of_year(db.session, the_viewer(), year, today=today())
    for one in seen:
        saw(deed, "case", one.case.id, fields=("home", "name", "visits"))
    return seen, ledgers_of(db.session, seen, year)


def figures_of(seen: list[SeenPlan], year: int) -> queries.YearFigures:
    """The figures of a year's households."""
    return queries.year_figures(db.session, [one.plan.id for one in seen], year, today=today())


@bp.get("/visits/ledger/<int:year>/ledger.xlsx")
@requires(Action.FOLLOWUP_READ)
def year_excel(year: int) -> Answer:
    """Excel for the office's own drive; a household in hiding stands in no file."""
    _seen, ledgers = outgoing(year, Deed.EXPORTED)
    response = Response(papers.as_excel(ledgers), content_type=EXCEL)
    name = f"watch-ledger-{year}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/visits/ledger/<int:year>/ledger.pdf")
@requires(Action.FOLLOWUP_READ)
def year_paper(year: int) -> Answer:
    seen, ledgers = outgoing(year, Deed.PRINTED)
    viewer = the_viewer()
    office = viewer.memberships[0].organisation_name
    data = papers.paper(ledgers, figures_of(seen, year), year=year, office=office, today=today())
    return pdf_answer(f"watch-ledger-{year}", render_pdf("watch_ledger", data))


def outgoing(year: int, deed: Deed) -> tuple[list[SeenPlan], list[Ledger]]:
    """What leaves the screen: a file and a paper lie about, so households in hiding have a number
    in place of a name and no home.
    """
    seen, ledgers = _read(year, deed)
    for one, ledger in zip(seen, ledgers, strict=True):
        if one.case.protection is not Protection.NO:
            ledger.title = one.case.number
            ledger.items[0][0] = _("%(number)s（居場所を隠す世帯）", number=one.case.number)
            ledger.items[0].pop()
    return seen, ledgers
