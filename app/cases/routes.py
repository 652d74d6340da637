"""This feature's pages, gathered: importing this attaches every view and its part of today."""

from app.cases import consent_views, intake_views, need_views, today, views, work_views
from app.cases.frame import bp
from app.pages import today_figures, today_sources
from app.policy import Action

__all__ = ["bp", "consent_views", "intake_views", "need_views", "views", "work_views"]

today_sources.append((Action.CASE_EDIT, today.due))
today_figures.append((Action.CASE_LIST, today.figures))
