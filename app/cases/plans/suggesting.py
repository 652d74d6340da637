"""Which services the issues of the newest assessment point to, by the rules the master keeps.

The rule is the one the noticing chart shows: a line of the master names what usually helps with
the issue. Nothing is added by itself; whoever writes the plan taps what fits.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from app.cases.assessments.models import Assessment, Issue
from app.cases.assessments.queries import issues_by_id, latest, shown_assessment
from app.cases.plans.codes import SURVEY_COLUMN_LABELS, SurveyColumn
from app.cases.plans.queries import KnownService, services_on
from app.japanese import narrow
from app.policy import Access


@dataclass(frozen=True)
class SuggestedService:
    """A service, and the issues whose rules name it."""

    service: KnownService
    issues: tuple[Issue, ...]

    @property
    def sayable(self) -> list[str]:
        """Names of issues a plan may carry: what is the team's alone stays out of it."""
        return [issue.name for issue in self.issues if not issue.team_only]


@dataclass(frozen=True)
class Suggested:
    """What an assessment points to; `unlisted` are words of the rules no service answers to."""

    assessment: Assessment | None = None
    services: list[SuggestedService] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)

    def find(self, code: str) -> SuggestedService | None:
        """The suggestion of one service."""
        return next((one for one in self.services if one.service.code == code), None)


def suggested_services(session: Session, case_id: int, access: Access, *, day: date) -> Suggested:
    """Services offered on a day for the issues of the newest assessment, main issues first.

    Issues the viewer may not see suggest nothing to them.
    """
    newest = latest(session, case_id)
    if newest is None:
        return Suggested()
    shown = shown_assessment(session, newest, access)
    ticked = [*(shown.issues or []), *(shown.team_issues or [])]
    main = {one["id"] for one in ticked if one["main"]}
    issues = issues_by_id(session, [one["id"] for one in ticked])
    issues.sort(key=lambda issue: issue.id not in main)  # stable: else in the master's order
    offered = services_on(session, day)
    found: dict[str, list[Issue]] = {}
    unlisted: dict[str, None] = {}
    for issue in issues:
        for word in issue.services:
            answering = services_called(word, offered)
            for service in answering:
                found.setdefault(service.code, []).append(issue)
            if not answering:
                unlisted[word] = None
    known = {service.code: service for service in offered}
    return Suggested(
        newest,
        [SuggestedService(known[code], tuple(dict.fromkeys(why))) for code, why in found.items()],
        list(unlisted),
    )


def services_called(word: str, services: Iterable[KnownService]) -> list[KnownService]:
    """The services a word of a rule means: by code or name, or all it is the broader name of.

    「住居確保給付金」 is that of the rent and that of the move; 「一時生活支援」 is what the
    national survey still calls 居住支援.
    """
    wanted, listed = narrow(word), list(services)
    exact = [one for one in listed if wanted in {narrow(one.name), one.code}]
    return exact or [one for one in listed if _broader(wanted, one)]


def _broader(wanted: str, service: KnownService) -> bool:
    names = [service.name]
    if service.column is not SurveyColumn.NONE:
        names.append(SURVEY_COLUMN_LABELS[service.column])
    return any(narrow(name).partition("(")[0] == wanted for name in names)
