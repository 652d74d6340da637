"""The page of one case: who, by when, what is agreed, what is next, and what happened.

Every value has passed `policy.present`; what is left out is left out here, not in the template.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.cases.assessments.codes import AssessmentState
from app.cases.assessments.models import Assessment
from app.cases.frame import Opened
from app.cases.intake.codes import (
    ARRIVAL_LABELS,
    INSURANCE_LABELS,
    LEAVE_REASON_LABELS,
    PENSION_LABELS,
    SOURCE_KIND_LABELS,
    WORK_LABELS,
)
from app.cases.listing import names_of
from app.cases.models import (
    DWELLING_LABELS,
    OUTCOME_LABELS,
    PROTECTION_LABELS,
    RELATION_LABELS,
    ROUTE_LABELS,
    SEX_LABELS,
    STAGE_LABELS,
    TOPIC_LABELS,
    WHO_CAME_LABELS,
    Case,
    Dwelling,
    Member,
    Outcome,
    Route,
    Sex,
    Stage,
    Topic,
)
from app.cases.needs.words import food_facts, need_facts
from app.cases.panels import (
    Panel,
    TimelineEvent,
    panels_of,
)
from app.cases.records import (
    in_force,
    shown_food,
    shown_log,
    shown_member,
    shown_need,
)
from app.cases.work.models import LOG_METHOD_LABELS, LogEntry
from app.db import JAPAN, moment_on
from app.policy import (
    CONSENT_ITEM_LABELS,
    RECIPIENT_LABELS,
    Access,
    ConsentItem,
    Presented,
    Protection,
    Tier,
)
from app.wording import day

LOG_SHOWN = 50
BEFORE_A_HOME = frozenset({Stage.INTAKE, Stage.ASSESSMENT, Stage.NEEDS, Stage.CANDIDATES})
STEPS = [stage for stage in Stage if stage is not Stage.CLOSED]


def told(session: Session, one: Opened, *, today: date) -> dict[str, Any]:
    """Everything the page shows."""
    panels = panels_of(session, one.case, one.access, one.viewer, today)
    need, food = one.case.housing_need, one.case.food_profile
    return {
        "steps": [{"label": STAGE_LABELS[stage]} for stage in STEPS],
        "step": STEPS.index(one.case.stage) if one.case.stage in STEPS else None,
        "closed": _closed(one),
        "facts": facts(one),
        "story": one.shown.story,
        "topics": topics(one),
        "next": next_things(session, one, panels, today=today) if one.may_change else [],
        "agreed": agreed(session, one.case, one.access, today=today),
        "people": people(one, today=today),
        "people_page": one.access.sees(Tier.CONTACT),
        "need": need_facts(shown_need(need, one.access)) if need else None,
        "food": food_facts(shown_food(food, one.access)) if food else None,
        "team": _team(session, one.case),
        "panels": panels,
        "timeline": timeline(session, one, panels),
        "may_change": one.may_change,
        "place_hidden": not one.access.sees(Tier.PLACE),
        "care_hidden": not one.access.sees(Tier.CARE),
    }


def facts(one: Opened) -> list[tuple[str, str | None]]:
    """The intake in a few lines; None reads 未確認, and what may not be seen has no line."""
    shown = one.shown
    lines: list[tuple[str, str | None]] = []
    if shown.shows("dwelling"):
        known = shown.dwelling is not Dwelling.UNKNOWN
        lines.append((_("いまの住まい"), DWELLING_LABELS[shown.dwelling] if known else None))
    lines.append((_("退去の期限"), day(shown.leave_by) or None))
    if shown.leave_reason:
        lines.append((_("出るわけ"), LEAVE_REASON_LABELS[shown.leave_reason]))
    if shown.shows("phone"):
        lines.append((_("電話"), "　".join(filter(None, (shown.phone, shown.phone_note))) or None))
        lines.append((_("住所"), _address(shown) or None))
    if shown.shows("route"):
        route = ROUTE_LABELS[shown.route] if shown.route is not Route.UNKNOWN else None
        source = SOURCE_KIND_LABELS.get(shown.source_kind)
        detail = f"{shown.route_detail or ''}（{source}）" if source else shown.route_detail
        words = " ".join(filter(None, (route, detail)))
        lines.append((_("経路"), (words + _("（法8条）") if shown.law8 else words) or None))
        if shown.arrival:
            lines.append((_("来かた"), ARRIVAL_LABELS[shown.arrival]))
    if shown.shows("who_came"):
        lines.append((_("来た人"), _caller(shown)))
    lines += _daily_life(shown)
    if shown.shows("received_on"):
        lines.append((_("受け付けた日"), day(shown.received_on)))
    if shown.shows("protection"):
        lines.append((_("居場所を隠す"), PROTECTION_LABELS[shown.protection]))
    return lines


def _address(shown: Presented) -> str:
    """The place as on an envelope; an address that says its town already is not given it twice."""
    address = shown.address or ""
    town = "" if address.startswith(shown.municipality or "\0") else shown.municipality
    parts = (shown.postal_code, f"{town or ''}{address}", shown.building)
    blocked = _("【郵便不可】") if shown.mail_blocked else None
    return " ".join(filter(None, (*parts, blocked)))


def _caller(shown: Presented) -> str:
    """「家族　見本 花子（長女）　090-…」"""
    relation = f"（{shown.caller_relation}）" if shown.caller_relation else ""
    words = (WHO_CAME_LABELS[shown.who_came], f"{shown.caller_name or ''}{relation}")
    return "　".join(filter(None, (*words, shown.caller_phone)))


def _daily_life(shown: Presented) -> list[tuple[str, str | None]]:
    words = {
        _("仕事"): WORK_LABELS.get(shown.work),
        _("健康保険"): INSURANCE_LABELS.get(shown.insurance),
        _("年金"): PENSION_LABELS.get(shown.pension),
    }
    return [(label, said) for label, said in words.items() if said]


def topics(one: Opened) -> list[tuple[str, str]]:
    """The topics as tags, the most pressing one first and marked."""
    chosen = [t for t in one.shown.topics or [] if t in set(Topic)]
    chosen.sort(key=lambda t: t != one.shown.main_topic)
    return [(TOPIC_LABELS[Topic(t)], "warn" if t == one.shown.main_topic else "") for t in chosen]


def _closed(one: Opened) -> str | None:
    if one.case.stage is not Stage.CLOSED:
        return None
    outcome = one.shown.outcome
    words = OUTCOME_LABELS[Outcome(outcome)] if outcome in set(Outcome) else ""
    on = day(one.shown.closed_on)
    return str(_("%(day)s に終結しました。%(words)s", day=on, words=words))


def next_things(
    session: Session, one: Opened, panels: list[Panel], *, today: date
) -> list[dict[str, Any]]:
    """What is to be done next: the last log's word, then what is still missing."""
    case, things = one.case, []
    if case.stage is Stage.CLOSED:
        return []
    written = session.scalar(
        sa.select(LogEntry.next_step)
        .where(
            LogEntry.case_id == case.id,
            LogEntry.next_step.is_not(None),
            LogEntry.next_done_at.is_(None),
        )
        .order_by(LogEntry.at.desc(), LogEntry.id.desc())
        .limit(1)
    )
    if written and one.access.sees(Tier.CARE):
        things.append({"when": _("記録から"), "title": written, "url": _at("log_list", case)})
    if case.protection is Protection.UNKNOWN:
        title = _("居場所を隠す必要があるか、本人に確かめる")
        things.append(_thing(_("安全"), title, _at("protection_page", case)))
    if not any(in_force(consent, today=today) for consent in case.consents):
        things.append(
            _thing(
                _("同意"), _("だれに何を伝えてよいか、同意をとる"), _at("new_consent_page", case)
            )
        )
    assessed = session.scalar(
        sa.select(Assessment.state)
        .where(Assessment.case_id == case.id)
        .order_by(Assessment.round.desc())
        .limit(1)
    )
    if assessed is None:
        title = _("アセスメントを書く")
        things.append(_thing(_("見立て"), title, _at("new_assessment_page", case)))
    elif assessed is AssessmentState.DRAFT:
        title = _("書きかけのアセスメントをまとめる")
        things.append(_thing(_("見立て"), title, _at("assessment_list", case)))
    if case.housing_need is None:
        things.append(_thing(_("住まい"), _("住まいの希望を聞く"), _at("housing_need_page", case)))
    things += _towards_a_home(case, panels)
    if case.food_profile is None or not case.food_profile.allergies_asked:
        title = _("アレルギーと、使える設備を聞く")
        things.append(_thing(_("食料"), title, _at("food_profile_page", case)))
    return things


def _towards_a_home(case: Case, panels: list[Panel]) -> list[dict[str, Any]]:
    """The next step of what is already on its way; the candidates while nothing is."""
    ahead = [
        _thing(line.note or "", line.text, line.url) | {"press": line.press}
        for panel in panels
        for line in panel.ahead
        if line.url
    ]
    if ahead or case.housing_need is None or case.stage not in BEFORE_A_HOME:
        return ahead
    if "housing.candidates_page" not in current_app.view_functions:
        return []
    url = url_for("housing.candidates_page", case_id=case.id)
    return [_thing(_("住まい"), _("候補の住まいを見て、取り置く"), url)]


def _thing(when: str, title: str, url: str) -> dict[str, Any]:
    return {"when": when, "title": title, "url": url}


def _at(endpoint: str, case: Case) -> str:
    return url_for(f"cases.{endpoint}", case_id=case.id)


def agreed(
    session: Session, case: Case, access: Access, *, today: date
) -> list[dict[str, Any]] | None:
    """The consents in force, in words; None when the viewer may not see them."""
    if not access.sees(Tier.CARE):
        return None
    current = [c for c in case.consents if in_force(c, today=today)]
    names = organisation_names(session, {c.organisation_id for c in current})
    return [
        {
            "to": names.get(c.organisation_id, RECIPIENT_LABELS[c.recipient]),
            "items": "、".join(CONSENT_ITEM_LABELS[ConsentItem(i)] for i in c.items),
            "until": c.ends_on,
        }
        for c in current
    ]


def organisation_names(session: Session, ids: set[int | None]) -> dict[int | None, str]:
    """Names of organisations by id."""
    wanted = ids - {None}
    if not wanted:
        return {}
    rows = session.execute(
        sa.select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted))
    )
    return {row.id: row.name for row in rows}


def people(one: Opened, *, today: date) -> list[str]:
    """One line for each person of the household."""
    return [_person(m, one.access, today) for m in one.case.members]


def _person(member: Member, access: Access, today: date) -> str:
    shown = shown_member(member, access, today=today)
    parts = [RELATION_LABELS[shown.relation], shown.name]
    if shown.age is not None:
        parts.append(_("%(n)s歳", n=shown.age))
    if shown.sex is not Sex.UNKNOWN:
        parts.append(SEX_LABELS[shown.sex])
    return "　".join(part for part in parts if part)


def _team(session: Session, case: Case) -> list[str]:
    names = names_of(session, {m.user_id for m in case.team})
    return [names[m.user_id] for m in case.team if m.user_id in names]


# -------------------------------------------------------------------------------- timeline


def timeline(session: Session, one: Opened, panels: list[Panel]) -> list[TimelineEvent]:
    """What happened, newest first: the log, the steps of the case, and other features' events."""
    events = [event for panel in panels for event in panel.events]
    if one.access.sees(Tier.CARE):
        events += _log_events(session, one)
        events += _consent_events(one.case)
    if one.shown.shows("received_on"):
        received = moment_on(one.case.received_on)
        at = max(received, one.case.created_at) if _same_day(one.case) else received
        events.append(TimelineEvent(at, _("相談を受け付けました")))
    return sorted(events, key=lambda event: event.at, reverse=True)


def _same_day(case: Case) -> bool:
    return case.created_at.astimezone(JAPAN).date() == case.received_on


def _log_events(session: Session, one: Opened) -> list[TimelineEvent]:
    entries = session.scalars(
        sa.select(LogEntry)
        .where(LogEntry.case_id == one.case.id)
        .order_by(LogEntry.at.desc(), LogEntry.id.desc())
        .limit(LOG_SHOWN)
    ).all()
    names = names_of(session, {entry.author_id for entry in entries})
    return [_log_event(entry, one.access, names) for entry in entries]


def _log_event(entry: LogEntry, access: Access, names: dict[int, str]) -> TimelineEvent:
    shown = shown_log(entry, access)
    method = LOG_METHOD_LABELS[shown.method]
    title = f"{method}（{shown.partner}）" if shown.partner else method
    text = shown.text
    if shown.next_step:
        text = f"{text}\n{_('次に')}：{shown.next_step}"
    return TimelineEvent(shown.at, title, by=names.get(shown.author_id), text=text)


def _consent_events(case: Case) -> list[TimelineEvent]:
    events = []
    for consent in case.consents:
        to = RECIPIENT_LABELS[consent.recipient]
        title = _("同意：%(to)s", to=to)
        events.append(TimelineEvent(consent.created_at, title, kind="good"))
        if consent.withdrawn_at is not None:
            title = _("同意を取りやめ：%(to)s", to=to)
            events.append(TimelineEvent(consent.withdrawn_at, title, kind="warn"))
    return events


def links(one: Opened) -> dict[str, str]:
    """The pages behind a case, for whoever may write in it."""
    names = (
        "log_page", "log_list", "welfare_page", "intake_page", "protection_page",
        "consents_page", "new_consent_page",
        "housing_need_page", "food_profile_page", "team_page", "close_page", "prints_page",
        "stay_away_page", "household_page",
    )  # fmt: skip
    return {name: _at(name, one.case) for name in names}
