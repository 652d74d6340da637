"""Where a saved view leads on a day."""

from datetime import date

from app.reports.asking import Asked
from app.reports.models import ReportView
from app.reports.periods import named_period
from app.reports.saved.services import gone


def address_of(view: ReportView, on: date) -> str:
    """The page of the figures a view means on a day; one part by itself opens as such."""
    year, span = named_period(view.period, on)
    lost = gone(view.parts)
    parts = tuple(key for key in view.parts if key not in lost)
    asked = Asked(view.organisation_id, span.code if span else "", parts)
    if len(parts) == 1:
        return asked.with_(parts=()).url("reports.section_page", year=year, key=parts[0])
    return asked.url("reports.year_page", year=year)
