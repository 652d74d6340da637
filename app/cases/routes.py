"""This feature's pages, gathered: importing this attaches every view and its part of today."""

from app.cases import today, views
from app.cases.assessments import master_views
from app.cases.assessments import paper_views as assessment_paper_views
from app.cases.assessments import views as assessment_views
from app.cases.assessments.panel import assessment_panel
from app.cases.closing import views as closing_views
from app.cases.consents import views as consent_views
from app.cases.frame import bp
from app.cases.household import views as household_views
from app.cases.intake import new_views
from app.cases.intake import views as intake_views
from app.cases.needs import views as need_views
from app.cases.noticing import views as noticing_views
from app.cases.panels import case_panels
from app.cases.plans import form_views as plan_form_views
from app.cases.plans import former_views as former_plan_views
from app.cases.plans import panels as plan_panels
from app.cases.plans import service_views
from app.cases.plans import views as plan_views
from app.cases.welfare import views as welfare_views
from app.cases.work import log_views
from app.cases.work import views as work_views
from app.pages import today_figures, today_sources
from app.policy import Action

__all__ = [
    "assessment_paper_views",
    "assessment_views",
    "bp",
    "closing_views",
    "consent_views",
    "former_plan_views",
    "household_views",
    "intake_views",
    "log_views",
    "master_views",
    "need_views",
    "new_views",
    "noticing_views",
    "plan_form_views",
    "plan_views",
    "service_views",
    "views",
    "welfare_views",
    "work_views",
]

case_panels.append(assessment_panel)
today_sources.append((Action.CASE_EDIT, today.due))
today_sources.append((Action.PLAN_EDIT, plan_panels.plans_today))
today_figures.append((Action.CASE_LIST, today.figures))
