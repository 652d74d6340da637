"""The ledger of a business year as JSON: it leaves the screen, so nobody in hiding is named."""

from typing import Any

from app.audit.models import Deed
from app.followup.api import bp
from app.followup.ledger.schemas import LedgerAnswerSchema
from app.followup.ledger.views import figures_of, outgoing
from app.policy import Action, requires


@bp.get("/watch-ledgers/<int:year>")
@bp.response(200, LedgerAnswerSchema)
@requires(Action.FOLLOWUP_READ)
def watch_ledger(year: int) -> Any:
    """The six items of each household and the year's figures; `year` is that of its April."""
    seen, ledgers = outgoing(year, Deed.EXPORTED)
    return {
        "year": year,
        "figures": vars(figures_of(seen, year)),
        "households": [
            {
                "plan_id": one.plan_id,
                "resident": one.items[0],
                "price": one.items[1],
                "anomalies": one.items[2],
                "watching": one.items[3],
                "link_ins": one.items[4],
                "other_help": one.items[5],
                "safe_days": one.safe_days,
                "kept_until": one.kept_until,
            }
            for one in ledgers
        ],
    }
