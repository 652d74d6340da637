"""`flask truth`: what the database holds to be true, for checks from outside while it is in use."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.followup.models import CheckIn
from app.foodbank.models import Balance, HandOut, Lot, Movement, Parcel
from app.housing.models import Home
from app.placements.models import Hold, Placement


def truth(session: Session) -> dict[str, Any]:
    """Lots, movements with keys, balances, active holds, placements and the audit sequence.

    Ids, codes and quantities only: no name, no address, nothing anybody typed.
    """
    balances = _rows(session, Balance.lot_id, Balance.shelf_id, Balance.quantity)
    sums = {
        (row["lot_id"], row["shelf_id"]): row["quantity"]
        for row in _rows(
            session,
            Movement.lot_id,
            Movement.shelf_id,
            sa.func.sum(Movement.quantity).label("quantity"),
            group=(Movement.lot_id, Movement.shelf_id),
        )
    }
    held = {(row["lot_id"], row["shelf_id"]): row["quantity"] for row in balances}
    return {
        "lots": _rows(session, Lot.id, Lot.number, Lot.state, Lot.last_day, Lot.allergens_known),
        "balances": balances,
        "movements": _rows(
            session,
            Movement.id,
            Movement.key,
            Movement.lot_id,
            Movement.shelf_id,
            Movement.kind,
            Movement.quantity,
            Movement.parcel_id,
            Movement.reverses_id,
        ),
        "ledger_balanced": {k: v for k, v in sums.items() if v}
        == {k: v for k, v in held.items() if v},
        "parcels": _rows(session, Parcel.id, Parcel.number, Parcel.request_id, Parcel.state),
        "hand_outs": _rows(session, HandOut.id, HandOut.parcel_id, HandOut.at),
        "homes": _rows(session, Home.id, Home.state),
        "active_holds": _rows(
            session,
            Hold.id,
            Hold.home_id,
            Hold.case_id,
            Hold.ends_at,
            where=Hold.ended_at.is_(None),
        ),
        "placements": _rows(
            session, Placement.id, Placement.home_id, Placement.case_id, Placement.state
        ),
        "check_ins": _rows(session, CheckIn.id, CheckIn.plan_id, CheckIn.due_on, CheckIn.state),
        "audit": {
            "count": session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)),
            "last_id": session.scalar(sa.select(sa.func.max(AuditEntry.id))),
        },
    }


def _rows(
    session: Session,
    *columns: Any,
    where: sa.ColumnElement[bool] | None = None,
    group: tuple[Any, ...] = (),
) -> list[dict[str, Any]]:
    statement = sa.select(*columns).group_by(*group).order_by(*(group or columns[:1]))
    if where is not None:
        statement = statement.where(where)
    return [dict(row._mapping) for row in session.execute(statement)]  # noqa: SLF001 - its API
