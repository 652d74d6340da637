"""How days, results and homes of the watch read on pages."""

from datetime import date

from flask_babel import gettext as _

from app.followup.codes import CONTACTS, AttemptResult
from app.followup.models import CheckIn
from app.placements.models import Placement


def due_label(due_on: date, today: date) -> str:
    """How a due day reads on the list."""
    days = (today - due_on).days
    if days == 0:
        return "きょう"
    return f"{days}日過ぎ" if days > 0 else f"{due_on.month}月{due_on.day}日"


def result_kind(result: AttemptResult) -> str:
    """The colour of a result."""
    if result is AttemptResult.WORRYING:
        return "bad"
    return "good" if result in CONTACTS else "warn"


def home_line(placement: Placement) -> str:
    """Where the household lives, in one line."""
    home = placement.home
    return f"{home.property.name} {home.room}　{home.property.address}"


def moved_words(check_in: CheckIn) -> str:
    """「　11月30日から移した」 behind a line; nothing where the day is the plan's own."""
    if check_in.visit_on is None:
        return ""
    day = check_in.due_on
    return str(_("　%(day)sから移した", day=f"{day.month}月{day.day}日"))
