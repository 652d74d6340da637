"""The figures per office, as a page and as a file."""

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer, csv_answer
from app.db import db, today
from app.forms import BaseSchema, Day, Form
from app.policy import Action, requires
from app.referrals.blueprint import bp
from app.referrals.figures import OfficeFigures, figures_of
from app.security import the_viewer

HEAD = ("課・機関", "件数", "リピーター", "最初", "最後", "答えた件数", "月ごと")
FEW = "3件未満"


class FigureFilterSchema(BaseSchema):
    """From and to which day."""

    since = Day(load_default=None, allow_none=True, metadata={"label": "いつから"})
    until = Day(load_default=None, allow_none=True, metadata={"label": "いつまで"})


def _chosen() -> tuple[Form, list[OfficeFigures]]:
    form = Form(FigureFilterSchema(), typed=request.args)
    days = form.data if form.load() else {"since": None, "until": None}
    return form, figures_of(db.session, the_viewer(), today=today(), **days)


def _cells(line: OfficeFigures) -> list[Any]:
    repeats = "" if line.repeats is None else _("はい") if line.repeats else _("いいえ")
    months = "、".join(f"{month}: {count}" for month, count in line.months)
    count = FEW if line.count is None else line.count
    return [line.office, count, repeats, line.first, line.last, line.answered, months]


def _csv_url() -> str:
    asked = {name: request.args[name] for name in ("since", "until") if name in request.args}
    return url_for("referrals.figures_export", since=asked.get("since"), until=asked.get("until"))


@bp.get("/referrals/figures")
@requires(Action.REPORT_READ)
def figures_page() -> Answer:
    form, lines = _chosen()
    told = [line for line in lines if line.count is not None]
    return render_template(
        "referrals/figures.html",
        form=form,
        lines=lines,
        few=FEW,
        total=sum(line.count or 0 for line in told),
        repeaters=sum(bool(line.repeats) for line in told),
        answered=sum(line.answered or 0 for line in told),
        csv_url=_csv_url(),
    )


@bp.get("/referrals/figures.csv")
@requires(Action.REPORT_READ)
def figures_export() -> Answer:
    _form, lines = _chosen()
    return csv_answer("referrals", HEAD, map(_cells, lines), today=today())
