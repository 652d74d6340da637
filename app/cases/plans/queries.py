"""Reading plans and the services they can name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.cases.models import Case
from app.cases.plans.catalogue import SHIPPED
from app.cases.plans.codes import PlanState, ServiceKind, SurveyColumn
from app.cases.plans.models import Plan, PlanService, Service
from app.directory.models import Partner, PartnerKind
from app.directory.queries import name_in_full
from app.errors import NotFoundError

NO_PROVIDERS = (PartnerKind.REALTOR, PartnerKind.GUARANTOR_COMPANY, PartnerKind.DONOR)
NO_PLAN = "このプランは見つかりません。相談の画面から開き直してください。"


@dataclass(frozen=True)
class KnownService:
    """One service, shipped or an installation's own. `version` 0: nobody changed it."""

    code: str
    name: str
    kind: ServiceKind
    column: SurveyColumn
    starts_on: date
    ends_on: date | None = None
    provider: str | None = None
    note: str | None = None
    unconfirmed: bool = False
    version: int = 0
    id: int | None = None

    def offered_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def list_services(session: Session) -> list[KnownService]:
    """Every service: the shipped ones in their order, changed where changed, then added ones."""
    changed = {row.code: row for row in session.scalars(sa.select(Service).order_by(Service.id))}
    found = [
        _known(changed.pop(one.code))
        if one.code in changed
        else KnownService(
            one.code, one.name, one.kind, one.column, one.starts_on, unconfirmed=one.unconfirmed
        )
        for one in SHIPPED
    ]
    return [*found, *map(_known, changed.values())]


def _known(row: Service) -> KnownService:
    return KnownService(
        row.code, row.name, row.kind, row.survey_column, row.starts_on, row.ends_on,
        row.provider, row.note, version=row.version, id=row.id,
    )  # fmt: skip


def services_on(session: Session, day: date, *, kept: Collection[str] = ()) -> list[KnownService]:
    """The services offered on a day, and those a plan already names."""
    return [one for one in list_services(session) if one.offered_on(day) or one.code in kept]


def provider_names(session: Session) -> list[str]:
    """Who may carry a service out, by name: organisations that sign in here, then partners.

    Realtors, guarantor companies and donors are none.
    """
    own = session.scalars(sa.select(Organisation.name).order_by(Organisation.name))
    partners = session.scalars(
        sa.select(name_in_full())
        .where(Partner.kind.not_in(NO_PROVIDERS), Partner.active)
        .order_by(Partner.kind, Partner.name)
    )
    return list(dict.fromkeys([*own, *partners]))


def plans_of(session: Session, case_id: int) -> Sequence[Plan]:
    """All plans of a case, the newest first."""
    return session.scalars(
        sa.select(Plan).where(Plan.case_id == case_id).order_by(Plan.number.desc())
    ).all()


def plan_of_case(session: Session, case_id: int, plan_id: int) -> Plan:
    """One plan of this case. Raises NotFoundError."""
    plan = session.get(Plan, plan_id)
    if plan is None or plan.case_id != case_id:
        raise NotFoundError(NO_PLAN)
    return plan


def current_plan(session: Session, case_id: int) -> Plan | None:
    """The plan that is not evaluated yet; the database allows one."""
    return session.scalar(
        sa.select(Plan).where(Plan.case_id == case_id, Plan.state != PlanState.EVALUATED)
    )


def waiting_plans(cases: sa.Select[Case]) -> sa.Select[Plan, Case]:
    """Plans submitted and not decided, of these cases, the longest waiting first."""
    return (
        sa.select(Plan, Case)
        .join(Case, Case.id == Plan.case_id)
        .where(Plan.state == PlanState.SUBMITTED, Case.id.in_(_ids(cases)))
        .order_by(Plan.submitted_on, Plan.id)
    )


def monitoring_due(cases: sa.Select[Case], *, until: date) -> sa.Select[Plan, Case]:
    """Plans decided or under way whose monitoring falls due by a day."""
    going = (PlanState.DECIDED, PlanState.UNDER_WAY)
    return (
        sa.select(Plan, Case)
        .join(Case, Case.id == Plan.case_id)
        .where(Plan.state.in_(going), Plan.next_monitoring <= until, Case.id.in_(_ids(cases)))
        .order_by(Plan.next_monitoring, Plan.id)
    )


def _ids(cases: sa.Select[Case]) -> sa.Select[int]:
    return cases.with_only_columns(Case.id).order_by(None)


def users_of_service(session: Session, code: str) -> int:
    """How many rows of plans name a service."""
    counted = sa.select(sa.func.count()).select_from(PlanService)
    return session.scalar(counted.where(PlanService.service == code)) or 0
