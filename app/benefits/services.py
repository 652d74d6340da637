"""Working out a guide and keeping it; noting grants the town decided, and what was done since."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.benefits import queries
from app.benefits.codes import ActivityKind, BenefitKind, Reason
from app.benefits.models import BenefitEstimate, RentGrant, SearchActivity, TownRuleRow
from app.benefits.rules import (
    FIRST_MONTHS,
    MOST_MONTHS,
    RULE_VERSION,
    MovingCase,
    MovingLine,
    RentCase,
    TownRule,
    month_end,
    moving_estimate,
    rent_estimate,
)
from app.cases.models import Case
from app.cases.services import note
from app.cases.versions import check_version, flushed
from app.db import rows_changed
from app.errors import ConflictError, InvalidError
from app.reference.moving_cost import MOVING_COSTS, cover_rules, moving_cost_cap
from app.reference.rent_benefit import SIZES

NO_TABLE = (
    "この市町村の限度額の表がありません。都道府県と市町村の名前を確かめるか、"
    "管理者に市町村の表を登録してもらってください。"
)


def estimate_rent(
    session: Session, *, case: Case, asked: Mapping[str, Any], user_id: int, today: date
) -> BenefitEstimate:
    """Work out the rent benefit (values of `RentEstimateSchema`) and keep it with its rule.

    Raises InvalidError where no table covers the municipality.
    """
    on = asked["applies_on"] or today
    town = _town(session, asked, on)
    found = rent_estimate(
        RentCase(
            applies_on=on,
            reason=asked["reason"],
            left_on=asked["left_on"],
            blocked_days=asked["blocked_days"],
            main_earner=asked["main_earner"],
            income=asked["income"],
            savings=asked["savings"],
            rent=asked["rent"],
            months_had=asked["months_had"],
        ),
        town,
    )
    result = {**asdict(found), "verdict": found.verdict}
    return _keep(
        session,
        case,
        kind=BenefitKind.RENT,
        asked=asked,
        town=town,
        result=result,
        user_id=user_id,
        today=today,
    )


def estimate_moving(
    session: Session,
    *,
    case: Case,
    asked: Mapping[str, Any],
    user_id: int,
    today: date,
) -> BenefitEstimate:
    """Work out the moving-cost benefit (values of `MovingEstimateSchema`) and keep it.

    Raises InvalidError where no table covers the municipality, or for a cost that is none.
    """
    on = asked["applies_on"] or today
    town = _town(session, asked, on)
    to = {
        "prefecture": asked["to_prefecture"] or asked["prefecture"],
        "municipality": asked["to_municipality"] or asked["municipality"],
    }
    cap = moving_cost_cap(people=asked["people"], on=on, **to)
    if cap is None:
        raise InvalidError(NO_TABLE, fields={"to_municipality": [NO_TABLE]})
    covers = cover_rules(on)
    for number, line in enumerate(asked["lines"]):
        if line["code"] not in MOVING_COSTS:
            sentence = "費目を選んでください。"
            raise InvalidError(sentence, fields={f"lines-{number}-code": [sentence]})
    found = moving_estimate(
        MovingCase(
            applies_on=on,
            reason=asked["reason"],
            fell_on=asked["fell_on"],
            main_earner=asked["main_earner"],
            income=asked["income"],
            savings=asked["savings"],
            rent=asked["rent"],
            budget_advised=asked["budget_advised"],
            lines=[
                MovingLine(
                    MOVING_COSTS[line["code"]],
                    line["amount"],
                    covers[line["code"]].covered if line["code"] in covers else None,
                )
                for line in asked["lines"]
            ],
        ),
        town,
        cap=cap.amount,
    )
    result = {**asdict(found), "verdict": found.verdict, "cap_source": cap.source}
    return _keep(
        session,
        case,
        kind=BenefitKind.MOVING,
        asked=asked,
        town=town,
        result=result,
        user_id=user_id,
        today=today,
    )


def _town(session: Session, asked: Mapping[str, Any], on: date) -> TownRule:
    found = queries.town_rule(
        session,
        prefecture=asked["prefecture"],
        municipality=asked["municipality"],
        people=asked["people"],
        on=on,
    )
    if found is None:
        raise InvalidError(NO_TABLE, fields={"municipality": [NO_TABLE]})
    return found


def _keep(
    session: Session,
    case: Case,
    *,
    kind: BenefitKind,
    asked: Mapping[str, Any],
    town: TownRule,
    result: Mapping[str, Any],
    user_id: int,
    today: date,
) -> BenefitEstimate:
    estimate = BenefitEstimate(
        case_id=case.id,
        kind=kind,
        rule_version=RULE_VERSION,
        inputs=_plain(asked),
        rule=_plain(asdict(town)),
        result=_plain(result),
        made_on=today,
        made_by=user_id,
    )
    session.add(estimate)
    session.flush()  # the id is needed by the audit entry and the page to go to
    note(
        session,
        Deed.CREATED,
        "benefit_estimate",
        estimate.id,
        user_id=user_id,
        fields=sorted(asked),
    )
    return estimate


def _plain(value: Any) -> Any:
    """Dates as ISO text and codes as their values, for a JSON column."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return getattr(value, "value", value)


# ---------------------------------------------------------------------------------- grants


def record_grant(
    session: Session,
    *,
    case: Case,
    extends: bool,
    reason: Reason,
    starts_on: date,
    months: int,
    user_id: int,
    amount: int | None = None,
    paid_to: str = "",
    decided_by: str = "",
    decided_on: date | None = None,
) -> RentGrant:
    """Note a grant the town decided. An extension begins the day after the former one ends.

    Raises InvalidError for a start that is no month's first day, a gap, an overlap, or more than
    nine months; ConflictError when somebody noted the same one first.
    """
    grants = queries.grants_of(session, case.id)
    last = grants[-1] if grants else None
    _check_start(starts_on, last, extends=extends)
    series, number = (last.series, last.number + 1) if extends and last else _next_series(last)
    had = queries.months_had(grants, series)
    if number > MOST_MONTHS // FIRST_MONTHS or had + months > MOST_MONTHS:
        sentence = f"支給は最長{MOST_MONTHS}か月です。これまでに{had}か月の記録があります。"
        raise InvalidError(sentence, fields={"months": [sentence]})
    grant = RentGrant(
        case_id=case.id,
        series=series,
        number=number,
        reason=reason,
        starts_on=starts_on,
        months=months,
        ends_on=month_end(starts_on, months),
        amount=amount,
        paid_to=paid_to or None,
        decided_by=decided_by or None,
        decided_on=decided_on,
        recorded_by=user_id,
    )

    def act() -> None:
        session.add(grant)

    try:
        flushed(session, act)  # series and number are unique: two who note it at once
    except ConflictError as error:
        raise ConflictError("同じ支給が、いま記録されました。一覧を確かめてください。") from error
    fields = ("starts_on", "months", "reason", "amount", "paid_to", "decided_by", "decided_on")
    note(session, Deed.CREATED, "rent_grant", grant.id, user_id=user_id, fields=fields)
    return grant


def _check_start(starts_on: date, last: RentGrant | None, *, extends: bool) -> None:
    sentence = None
    if starts_on.day != 1:
        sentence = "支給は月の初めから始まります。1日の日付にしてください。"
    elif extends and last is None:
        sentence = "延長する前の支給がありません。「延長」の印を外してください。"
    elif last is not None:
        follows = queries.day_after(last)
        if extends and last.stopped_on is not None:
            sentence = (
                "前の支給は途中で終わっています。延長ではなく、新しい支給として記録してください。"
            )
        elif extends and starts_on != follows:
            sentence = f"延長は、前の支給の翌日（{follows:%Y-%m-%d}）から始まります。"
        elif starts_on < follows:
            sentence = f"前の支給が{queries.last_day(last)}まで続いています。"
    if sentence:
        raise InvalidError(sentence, fields={"starts_on": [sentence]})


def _next_series(last: RentGrant | None) -> tuple[int, int]:
    return (last.series + 1 if last else 1), 1


def stop_grant(
    session: Session,
    *,
    grant: RentGrant,
    version: int,
    stopped_on: date,
    stopped_why: str,
    user_id: int,
) -> None:
    """Note that a grant ended early. Raises StaleError when somebody was first."""
    check_version(grant, version)
    if not grant.starts_on <= stopped_on <= grant.ends_on:
        sentence = "支給の期間の中の日付にしてください。"
        raise InvalidError(sentence, fields={"stopped_on": [sentence]})

    def act() -> None:
        grant.stopped_on, grant.stopped_why = stopped_on, stopped_why

    flushed(session, act)
    fields = ("stopped_on", "stopped_why")
    note(session, Deed.CHANGED, "rent_grant", grant.id, user_id=user_id, fields=fields)


# ------------------------------------------------------------------------------ activities


def record_activity(
    session: Session,
    *,
    case: Case,
    kind: ActivityKind,
    on: date,
    user_id: int,
    today: date,
    remark: str = "",
) -> SearchActivity:
    """Note what somebody did to find work. Raises InvalidError for a day to come."""
    if on > today:
        sentence = "まだ来ていない日です。した日を入れてください。"
        raise InvalidError(sentence, fields={"on": [sentence]})
    activity = SearchActivity(
        case_id=case.id, kind=kind, on=on, note=remark or None, recorded_by=user_id
    )
    session.add(activity)
    session.flush()  # the id is needed by the audit entry
    fields = ("kind", "on", "note")
    note(session, Deed.CREATED, "benefit_activity", activity.id, user_id=user_id, fields=fields)
    return activity


def take_back_activity(
    session: Session, *, case_id: int, activity_id: int, user_id: int, at: datetime
) -> None:
    """Take back an activity noted by mistake; it stays written, and counts no more."""
    taken = session.execute(
        sa.update(SearchActivity)
        .where(
            SearchActivity.id == activity_id,
            SearchActivity.case_id == case_id,
            SearchActivity.taken_back_at.is_(None),
        )
        .values(taken_back_at=at)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(taken) != 1:
        raise ConflictError("この活動は、すでに取り消されているか、見つかりません。")
    fields = ("taken_back_at",)
    note(session, Deed.CHANGED, "benefit_activity", activity_id, user_id=user_id, fields=fields)


# ----------------------------------------------------------------------------------- tables


def add_town_rule(session: Session, *, rule: Mapping[str, Any], user_id: int) -> TownRuleRow:
    """Enter a municipality's own table (values of `TownRuleSchema`); a newer one goes before it."""
    values = {n: v for n, v in rule.items() if n not in {f"p{k}" for k in range(1, SIZES + 1)}}
    row = TownRuleRow(
        standards=[rule[f"p{n}"] for n in range(1, SIZES + 1)], recorded_by=user_id, **values
    )
    session.add(row)
    session.flush()  # the id is needed by the audit entry
    note(session, Deed.CREATED, "benefit_town_rule", row.id, user_id=user_id, fields=sorted(values))
    return row
