"""給付の目安 on A4: conditions, amounts and the town's rule; a number stands for the household."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.benefits import words
from app.benefits.codes import BENEFIT_KIND_LABELS
from app.benefits.models import BenefitEstimate
from app.cases.frame import Opened
from app.cases.work.paper import PAPER_LABELS
from app.wording import day

ESTIMATE_PAPER = "benefit"
PAPER_LABELS[ESTIMATE_PAPER] = "給付の目安"


def estimate_sheet(
    one: Opened, organisation: Organisation, estimate: BenefitEstimate, *, today: date
) -> dict[str, Any]:
    """The data of templates/print/benefit.typ."""
    unknown = _("未確認")
    return {
        "sheet": {
            "title": f"{BENEFIT_KIND_LABELS[estimate.kind]}の目安",
            "organisation": organisation.name,
            "made_on": day(today),
            "number": one.shown.number,
            "notice": _("目安・判定ではありません"),
            "contact": " ".join(filter(None, (organisation.name, organisation.phone))),
        },
        "overall": words.OVERALL[words.overall(estimate)],
        "amounts": [
            {"label": label, "value": value or unknown, "why": why or ""}
            for label, value, why in words.amounts(estimate)
        ],
        "conditions": words.conditions(estimate),
        "rule": [{"label": label, "value": value} for label, value in words.rule_facts(estimate)],
        "certain": estimate.rule["certain"],
    }
