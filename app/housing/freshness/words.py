"""Vacancies that are asked about, in words for the page, the paper and the mail."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db import JAPAN
from app.housing.freshness.models import (
    CHECK_ANSWER_LABELS,
    AnswerLink,
    AnswerLinkHome,
    CheckAnswer,
    VacancyCheck,
)
from app.housing.freshness.queries import Contact, ToAsk, works
from app.housing.freshness.services import ASKABLE, UNDO_WITHIN
from app.housing.homes import words as home_words
from app.housing.models import Home
from app.wording import day, weekday

ANSWER_KINDS = {CheckAnswer.VACANT: "good", CheckAnswer.GONE: "warn", CheckAnswer.NO_ANSWER: ""}


def contact_card(
    contact: Contact, asked: ToAsk, *, today: date, at: datetime, user_id: int
) -> dict[str, Any]:
    """One contact with the homes to ask about."""
    rows = [home_row(home, asked, today=today, at=at, user_id=user_id) for home in contact.homes]
    for row, home in zip(rows, contact.homes, strict=True):
        row["phone"] = None if home.contact_phone in contact.phones else home.contact_phone
    open_rows = [row for row in rows if not row["done"]]
    return {
        "key": contact.key,
        "name": contact.name or _("連絡先の名前が分かりません"),
        "phones": contact.phones,
        "homes": rows,
        "open": [row["id"] for row in open_rows],
        "tried": bool(open_rows) and all(row["tried_today"] for row in open_rows),
    }


def home_row(
    home: Home, asked: ToAsk, *, today: date, at: datetime, user_id: int
) -> dict[str, Any]:
    """A home to ask about: what is known, what came back last, and whether it can be taken back."""
    last = asked.last.get(home.id)
    mine = last is not None and last.user_id == user_id and at - last.created_at < UNDO_WITHIN
    linked = asked.linked.get(home.id)
    return {
        "id": home.id,
        "name": home_words.full_name(home),
        "url": url_for("housing.home_page", home_id=home.id),
        "facts": " ・ ".join(filter(None, (home_words.rent(home), home_words.size(home)))),
        "fresh": home_words.freshness(home.confirmed_on, today),
        "missing": _missing(home),
        "last": last_words(last) if last is not None and not mine else "",
        "linked": _("%(day)sにリンクを渡しました", day=day(linked.astimezone(JAPAN).date()))
        if linked
        else "",
        "tried_today": last is not None
        and last.asked_on == today
        and last.answer is CheckAnswer.NO_ANSWER,
        "done": mine and last is not None and last.answer is not CheckAnswer.NO_ANSWER,
        "mine": {"id": last.id, "answer": answer_tag(last)} if mine and last else None,
    }


def _missing(home: Home) -> str:
    if home.missing_since is None:
        return ""
    gone = home.missing_since
    return str(_("%(month)d月%(day)d日の一覧にない", month=gone.month, day=gone.day))


def answer_tag(check: VacancyCheck) -> tuple[str, str]:
    """Label and colour of an answer."""
    if check.link_id is not None and check.answer is CheckAnswer.NO_ANSWER:
        return _("ことばだけ"), "info"
    return CHECK_ANSWER_LABELS[check.answer], ANSWER_KINDS[check.answer]


def last_words(check: VacancyCheck) -> str:
    """「11月20日 出なかった（担当者は午後から）」"""
    label, _kind = answer_tag(check)
    note = f"（{check.note}）" if check.note else ""
    by = _("リンクで ") if check.link_id is not None else ""
    return f"{day(check.asked_on)} {by}{label}{note}"


def link_row(link: AnswerLink, homes: int, answered: int, at: datetime) -> dict[str, Any]:
    """A link in the list of those handed out."""
    return {
        "url": url_for("housing.link_page", link_id=link.id),
        "contact": link.contact,
        "made": link.created_at,
        "until": link.expires_at,
        "count": _("%(done)d／%(all)d件", done=answered, all=homes),
        "state": link_state(link, at, done=answered == homes),
    }


def link_state(link: AnswerLink, at: datetime, *, done: bool = False) -> tuple[str, str]:
    """Whether a link works, in a word and a colour."""
    if link.ended_at is not None:
        return _("止めた"), ""
    if done:
        return _("答え済み"), "good"
    return (_("答え待ち"), "info") if works(link, at) else (_("期限切れ"), "warn")


def asked_home(asked: AnswerLinkHome) -> dict[str, Any]:
    """A home on the page an agent answers by: what a listing says, nothing else."""
    home = asked.home
    return {
        "id": home.id,
        "name": home_words.full_name(home),
        "place": home_words.town(home.property),
        "facts": " ・ ".join(
            filter(None, (home_words.rent(home), home_words.fee(home), home_words.size(home)))
        ),
        "open": home.state in ASKABLE,
        "answer": CHECK_ANSWER_LABELS[asked.answer] if asked.answer else "",
        "answered_at": asked.answered_at,
        "note": asked.note,
    }


def mail_text(link: AnswerLink, address: str, organisation: str, names: Sequence[str]) -> str:
    """A letter to copy into a mail or to read out."""
    until = weekday(link.expires_at.astimezone(JAPAN).date())
    homes = "\n".join(f"・{name}" for name in names)
    return str(
        _(
            "%(contact)s 様\n\nお世話になっております。%(organisation)sです。\n"
            "次の住戸がまだ空いているか、教えてください。\n\n%(homes)s\n\n"
            "下のページで選ぶだけで答えられます（登録やパスワードは要りません）。\n%(address)s\n"
            "%(until)sまで使えます。お電話でもかまいません。\n\n%(organisation)s",
            contact=link.contact,
            organisation=organisation,
            homes=homes,
            address=address,
            until=until,
        )
    )


def paper(
    link: AnswerLink, *, address: str, qr_svg: str, organisation: str, today: date
) -> dict[str, Any]:
    """The data of print/vacancy_check.typ, to send by fax."""
    return {
        "sheet": {
            "title": "空き室の確認のお願い",
            "organisation": organisation,
            "made_on": f"{today.year}年{today.month}月{today.day}日",
            "contact": organisation,
        },
        "to": f"{link.contact} 御中",
        "until": weekday(link.expires_at.astimezone(JAPAN).date()),
        "homes": [
            {"name": one["name"], "place": one["place"], "facts": one["facts"]}
            for one in map(asked_home, link.homes)
        ],
        "address": address,
        "qr_svg": qr_svg,
    }
