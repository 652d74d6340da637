"""What was seen of a lot when it came in: read from a form, kept on the lot, put right later."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.versions import check_version, flushed
from app.foodbank.kits.following import stop_kits
from app.foodbank.models import Lot, LotState, Storage
from app.foodbank.stock import lock_lots, note
from app.foodbank.tracing.codes import WARMEST, Condition, IntakeCheck

FACTS = ("maker", "lot_code", "weight_kg", "temperature", "condition", "checks", "checked_by")


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """How a lot was when it came in. Nothing is a guess: what nobody looked at is None."""

    maker: str = ""
    lot_code: str = ""
    weight_kg: Decimal | None = None  # of all that came in
    temperature: Decimal | None = None  # °C
    condition: Condition | None = None
    checks: tuple[IntakeCheck, ...] = ()
    checked_by: str = ""

    def columns(self) -> dict[str, Any]:
        """The facts as a lot keeps them."""
        return {
            "maker": self.maker or None,
            "lot_code": self.lot_code or None,
            "weight_kg": self.weight_kg,
            "temperature": self.temperature,
            "condition": self.condition,
            "checks": [check.value for check in self.checks],
            "checked_by": self.checked_by or None,
        }


def read_receipt(typed: dict[str, Any]) -> Receipt:
    """The facts among what a form says; a form without them says nothing of them."""
    said = {name: typed[name] for name in FACTS if name in typed}
    return Receipt(**said | {"checks": tuple(said.get("checks") or ())})


def unfit_because(storage: Storage, receipt: Receipt) -> str | None:
    """Why a lot that came in like this must not go out, in a sentence; None when it may."""
    if receipt.condition is Condition.UNFIT:
        return "受け入れのときに、ふくらみ・もれ・においがありました。"
    limit = WARMEST.get(storage.value)
    if limit is not None and receipt.temperature is not None and receipt.temperature > limit:
        return f"受け入れのときに{float(receipt.temperature):g}℃でした（{limit}℃まで）。"
    return None


def put_right(
    session: Session, *, lot: Lot, version: int, typed: dict[str, Any], user_id: int
) -> Lot:
    """Write down what was seen of a lot after all. What makes it unfit takes it and
    the kits it is in off offer.

    Raises StaleError when somebody else changed the lot since the form was opened.
    """
    check_version(lot, version)
    lock_lots(session, [lot.id])
    receipt = read_receipt(typed)
    values = receipt.columns()
    changed = [name for name, value in values.items() if getattr(lot, name) != value]

    def write() -> None:
        for name in changed:
            setattr(lot, name, values[name])
        why = unfit_because(lot.storage, receipt)
        if why and lot.state in {LotState.OFFERABLE, LotState.QUESTION}:
            lot.state, lot.state_reason = LotState.HELD, why
            stop_kits(session, lot)

    flushed(session, write)
    note(session, Deed.CHANGED, "lot", lot.id, user_id, *changed)
    return lot
