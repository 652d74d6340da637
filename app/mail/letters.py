"""What a mail says. Features add kinds of their own to `writers`.

A writer is called when the mail leaves, inside a page of its reader's (so that addresses can be
made and `policy` asked), and answers None when there is nothing to say.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, g, url_for

from app.audit.models import Deed
from app.db import db, today
from app.feeds.services import planned
from app.feeds.sources import Dated
from app.mail.codes import MailKind
from app.mail.models import Mail
from app.mail.services import code_of, reminder_of
from app.pages import waiting_today
from app.policy import Viewer
from app.security import saw
from app.wording import weekday


@dataclass(frozen=True)
class Letter:
    """Plain text: it can be read everywhere, and hides nothing that a picture would fetch."""

    address: str
    subject: str
    text: str


Writer = Callable[[Mail, Viewer], Letter | None]

CLOSING = (
    "世帯の名前と場所は、メールには書きません。",
    "止めるときは「自分の設定」→「朝のメール」から。",
)


def address_check(mail: Mail, _viewer: Viewer) -> Letter | None:
    """The number that proves the address, for as long as one is asked for."""
    reminder = reminder_of(db.session, mail.user_id)
    if reminder is None or reminder.confirmed_at is not None:
        return None
    code = code_of(reminder, current_app.config["SECRET_KEY"])
    lines = (
        f"つなぎの「朝のメール」の番号は {code} です。",
        "",
        "「自分の設定」→「朝のメール」の画面に入れてください。",
        "心当たりがないときは、何もせずこのメールを消してください。",
    )
    return Letter(reminder.address, "つなぎ　アドレスの確認", "\n".join(lines))


def morning(mail: Mail, viewer: Viewer) -> Letter | None:
    """The day on one screen: what has a time, then how much waits. No name, no address of a home.

    One list a day instead of one mail a matter; nothing when the day is empty, when it has passed,
    or when the person has stopped it meanwhile.
    """
    reminder = reminder_of(db.session, mail.user_id)
    if reminder is None or reminder.confirmed_at is None or mail.for_day != today():
        return None
    dated = [one for one in planned(db.session, viewer, mail.for_day) if one.on == mail.for_day]
    waiting = waiting_today(viewer)
    if not dated and not waiting:
        return None
    g.pop("looks", None)  # of households shown on the page; the mail shows those named below
    for case_id in {one.case_id for one in dated if one.case_id is not None}:
        saw(Deed.EXPORTED, "case", case_id, fields=("mail",))
    day = weekday(mail.for_day)
    lines = [f"{day}の予定です。", ""]
    lines += [_said(one) for one in dated] or ["時刻の決まった予定はありません。"]
    if waiting:
        lines += ["", "「きょう」の画面で待っているもの"]
        lines += [f"・{title}　{count}件" for title, count in waiting]
    if current_app.config["PUBLIC_URL"]:
        lines += ["", current_app.config["PUBLIC_URL"] + url_for("pages.today_page")]
    lines += ["", *CLOSING]
    subject = f"つなぎ　{day}の予定{len(dated)}件"
    return Letter(reminder.address, subject, "\n".join(lines))


def _said(one: Dated) -> str:
    clock = one.at.strftime("%H:%M") if one.at else "きょう中"
    return f"{clock}　{one.title}"


writers: dict[MailKind, Writer] = {MailKind.ADDRESS_CHECK: address_check, MailKind.MORNING: morning}
