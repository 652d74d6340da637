"""Every model in one place, so that migrations and tests see the whole database."""

from app.accounts import models as accounts
from app.audit import models as audit
from app.benefits import models as benefits
from app.cases import models as cases
from app.cases.assessments import models as assessments
from app.cases.closing import models as closing
from app.cases.noticing import models as noticing
from app.cases.plans import models as plans
from app.cases.welfare import models as welfare
from app.db import Base
from app.directory import models as directory
from app.feeds import models as feeds
from app.followup import models as followup
from app.followup.dayplan import models as dayplan
from app.followup.ladder import models as ladder
from app.followup.late import models as late_visits
from app.followup.moves import models as visit_moves
from app.followup.plans import models as watch_plans
from app.followup.settling import models as settling
from app.followup.signals import models as signals
from app.followup.templates import models as watch_templates
from app.foodbank import models as foodbank
from app.foodbank.donors import models as donors
from app.foodbank.evidence import models as evidence
from app.foodbank.kits import models as kits
from app.foodbank.late import models as late_hand_outs
from app.foodbank.origins import models as origins
from app.foodbank.recalls import models as recalls
from app.foodbank.stocktakes import models as stocktakes
from app.goods import models as goods
from app.housing import models as housing
from app.housing.batches import models as batches
from app.housing.freshness import models as freshness
from app.housing.landlords import models as landlords
from app.housing.lists import models as council_lists
from app.idempotency import IdempotentRequest
from app.jobs import Job
from app.keyday import models as keyday
from app.leads import models as leads
from app.mail import models as mail
from app.meetings import models as meetings
from app.placements import models as placements
from app.referrals import models as referrals
from app.reports import models as reports

__all__ = [
    "Base",
    "IdempotentRequest",
    "Job",
    "accounts",
    "assessments",
    "audit",
    "batches",
    "benefits",
    "cases",
    "closing",
    "council_lists",
    "dayplan",
    "directory",
    "donors",
    "evidence",
    "feeds",
    "followup",
    "foodbank",
    "freshness",
    "goods",
    "housing",
    "keyday",
    "kits",
    "ladder",
    "landlords",
    "late_hand_outs",
    "late_visits",
    "leads",
    "mail",
    "meetings",
    "noticing",
    "origins",
    "placements",
    "plans",
    "recalls",
    "referrals",
    "reports",
    "settling",
    "signals",
    "stocktakes",
    "visit_moves",
    "watch_plans",
    "watch_templates",
    "welfare",
]
