"""What waits for the housing organisation today: vacancies to phone about, lists to take in."""

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.directory.panels import home_counts
from app.housing.codes import HomeState
from app.housing.freshness import queries as freshness
from app.housing.freshness.words import answer_tag
from app.housing.homes import queries as home_queries
from app.housing.homes import words as home_words
from app.housing.landlords.queries import due_contacts
from app.housing.lists.models import CouncilListImport, ImportState
from app.housing.lists.questions import count_open, open_questions
from app.housing.models import Home
from app.pages import today_figures, today_sources
from app.policy import Action, Role, Viewer, allows
from app.wording import weekday

SHOWN = 8
WAITING = (
    ImportState.READING,
    ImportState.MAPPING,
    ImportState.PREVIEW,
    ImportState.TAKING_IN,
)


def homes_today(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """Answers by link, vacancies to ask about, disagreements, lists, landlords to call."""
    sections = [
        _answers(session, viewer),
        _to_phone(session, today),
        _questions(session),
        _lists(session, viewer, today),
        _landlords(session, viewer, today),
    ]
    return [section for section in sections if section["items"]]


def figures(session: Session, viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """How many homes are vacant; for those who phone landlords also how many to ask about."""
    vacant, asked = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count(sa.case((home_queries.to_confirm(today), Home.id))),
        ).where(Home.state == HomeState.VACANT)
    ).one()
    homes = {
        "label": _("募集中の住戸"),
        "value": vacant,
        "unit": _("室"),
        "url": url_for("housing.home_list", state=HomeState.VACANT.value),
    }
    to_ask = {
        "label": _("空きを確かめる"),
        "value": asked,
        "unit": _("室"),
        "url": url_for("housing.check_page"),
        "kind": "warn" if asked else "",
    }
    return [homes, to_ask] if allows(viewer, Action.HOME_EDIT) else [homes]


def _answers(session: Session, viewer: Viewer) -> dict[str, Any]:
    found = freshness.unread_answers(session, viewer.organisations(Role.HOUSING))
    return {
        "title": _("業者・貸主から届いた答え（%(n)d件）", n=len(found)),
        "action": (_("答えを読む"), url_for("housing.check_page", show="answers")),
        "items": [
            {
                "when": answer_tag(check)[0],
                "title": home_words.full_name(check.home),
                "url": url_for("housing.home_page", home_id=check.home_id),
                "note": check.note or link.contact,
            }
            for check, link in found[:SHOWN]
        ],
    }


def _to_phone(session: Session, today: date) -> dict[str, Any]:
    asked = home_queries.to_confirm(today)
    count = session.scalar(sa.select(sa.func.count()).select_from(Home).where(asked)) or 0
    homes = session.scalars(
        sa.select(Home)
        .where(asked)
        .order_by(Home.missing_since.is_(None), Home.confirmed_on.asc().nulls_first(), Home.id)
        .limit(SHOWN)
    ).all()
    return {
        "title": _("まだ空いていますか（%(n)d件）", n=count),
        "action": (_("電話する一覧"), url_for("housing.check_page")),
        "items": [
            {
                "when": _("新しい一覧にない")
                if home.missing_since
                else home_words.freshness(home.confirmed_on, today)[0],
                "title": home_words.full_name(home),
                "url": url_for("housing.home_page", home_id=home.id),
                "note": home_words.freshness(home.confirmed_on, today)[0]
                if home.missing_since
                else None,
                "late": home.missing_since is not None,
            }
            for home in homes
        ],
    }


def _questions(session: Session) -> dict[str, Any]:
    asked = open_questions(session, per_page=SHOWN)
    return {
        "title": _("食い違いを決める（%(n)d件）", n=count_open(session) if asked else 0),
        "action": (_("すべて見る"), url_for("housing.question_page")),
        "items": [
            {
                "when": one.label,
                "title": home_words.full_name(one.home),
                "url": url_for("housing.home_page", home_id=one.home.id, _anchor="questions"),
                "note": _("%(ours)s ／ %(theirs)s", ours=one.ours.words, theirs=one.theirs.words),
            }
            for one in asked
        ],
    }


def _lists(session: Session, viewer: Viewer, today: date) -> dict[str, Any]:
    waiting = session.scalars(
        sa.select(CouncilListImport)
        .where(
            CouncilListImport.organisation_id.in_(viewer.organisations(Role.HOUSING)),
            sa.or_(
                CouncilListImport.state.in_(WAITING),
                sa.and_(
                    CouncilListImport.state == ImportState.TAKEN_IN,
                    CouncilListImport.problem_count > 0,
                    CouncilListImport.read_on > today - home_queries.ASK_AFTER,
                ),
            ),
        )
        .order_by(CouncilListImport.id.desc())
        .limit(SHOWN)
    ).all()
    return {
        "title": _("協議会の一覧"),
        "action": (_("一覧を渡す"), url_for("housing.import_page")),
        "items": [_list_entry(kept) for kept in waiting],
    }


def _landlords(session: Session, viewer: Viewer, today: date) -> dict[str, Any]:
    """Next steps with landlords; they come with the landlord's name, so only to who may phone."""
    due = due_contacts(session, viewer.organisations(Role.HOUSING), today=today, most=SHOWN)
    return {
        "title": _("貸主への連絡"),
        "action": (_("貸主の一覧"), url_for("housing.landlord_list")),
        "items": [
            {
                "when": weekday(contact.next_on),
                "title": name,
                "url": url_for("housing.landlord_page", landlord_id=contact.landlord_id),
                "note": contact.next_step,
                "late": contact.next_on is not None and contact.next_on < today,
            }
            for contact, name in due
        ],
    }


def _list_entry(kept: CouncilListImport) -> dict[str, Any]:
    done = kept.state is ImportState.TAKEN_IN
    words = _("確かめる行が%(n)d行", n=kept.problem_count) if done else _("取り込み待ち")
    return {
        "when": words,
        "title": kept.file_name,
        "url": url_for(
            "housing.import_preview",
            import_id=kept.id,
            show="questions" if done else None,
        ),
    }


def _homes_of_agents(session: Session, partner_ids: Collection[int]) -> dict[int, int]:
    """How many homes each agent lets, and each guarantor company stands for."""
    counts: dict[int, int] = {}
    for column in (Home.agent_id, Home.guarantor_company_id):
        rows = session.execute(
            sa.select(column, sa.func.count()).where(column.in_(partner_ids)).group_by(column)
        )
        for partner_id, count in rows:
            if partner_id is None:
                continue
            counts[partner_id] = counts.get(partner_id, 0) + count
    return counts


home_counts.append(_homes_of_agents)
today_sources.append((Action.HOME_IMPORT, homes_today))
today_figures.append((Action.HOME_READ, figures))
