"""A plan as a consultant types it, and brought as far as a test needs."""

from app.cases.plans import services
from app.cases.plans.codes import Application, Decision
from app.cases.plans.models import Plan
from app.db import today, writing

TYPED = {
    "long_goal": "自分の部屋で落ち着いて暮らしたい",
    "short_goal": "家賃を払える部屋に移る",
    "services-0-service": "community-living",
    "services-0-provider": "NPO法人 架空すまいの会",
    "services-0-frequency": "月2回",
    "services-0-person_does": "部屋を見に行く",
    "services-0-we_do": "いっしょに探す",
    "application": "signed",
    "applied_on": today().isoformat(),
}


def values(**more):
    """The same as a program gives it."""
    return {
        "long_goal": "長い目標",
        "short_goal": "まずの目標",
        "issues": "",
        "starts_on": today(),
        "ends_on": services.months_later(today(), 6),
        "next_monitoring": None,
        "services": [{"service": "community-living"}],
        "application": Application.SIGNED,
        "applied_on": today(),
        **more,
    }


def a_plan(make, case, user, *, submitted=False, decided=False, **more):
    """A committed plan of a case."""
    session = make.session
    with writing():
        plan = services.make_plan(
            session, case=case, values=values(**more), user_id=user.id, today=today()
        )
        if submitted or decided:
            services.submit_plan(
                session, plan=plan, version=plan.version, user_id=user.id, today=today()
            )
        if decided:
            services.decide_plan(
                session, plan=plan, decision=Decision.APPROVED, decided_on=today(),
                place="支援調整会議", text=None, user_id=user.id,
            )  # fmt: skip
        session.commit()
    return session.get_one(Plan, plan.id)


def as_typed(plan, **more):
    """What a program sends to change a plan: what it says now, but for `more`."""
    row = {"frequency", "provider", "starts_on", "ends_on", "person_does", "we_do", "service"}
    return {
        "version": plan["version"],
        **{n: plan[n] for n in ("long_goal", "short_goal", "starts_on", "ends_on", "application",
                                "applied_on", "next_monitoring")},
        "issues": plan["issues"] or "",
        "services": [{n: s[n] or "" for n in row} for s in plan["services"]],
        **more,
    }  # fmt: skip
