"""Amounts, days and moments as pages, prints and messages word them in Japanese."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from app.db import JAPAN, today


def yen(value: int | None) -> str:
    """41,000円; nothing for an amount nobody knows."""
    return "" if value is None else f"{value:,}円"


YEAR_IS_PLAIN = timedelta(days=180)
WEEKDAYS = "月火水木金土日"


def day(value: date | None) -> str:
    """2026年12月30日（水）"""
    if value is None:
        return ""
    return f"{value.year}年{value.month}月{value.day}日（{WEEKDAYS[value.weekday()]}）"


def weekday(value: date | None) -> str:
    """12月30日（水）, for lists; with its year where the day alone could be taken for another."""
    if value is None:
        return ""
    if abs(value - today()) > YEAR_IS_PLAIN:
        return day(value)
    return f"{value.month}月{value.day}日（{WEEKDAYS[value.weekday()]}）"


def moment(value: datetime | None) -> str:
    """A moment in Japan's time: 2026年12月30日 14:05"""
    if value is None:
        return ""
    local = value.astimezone(JAPAN)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def days_left(value: date | None) -> str:
    """How long until a date, in words."""
    if value is None:
        return ""
    days = (value - today()).days
    if days == 0:
        words = _("きょう")
    elif days > 0:
        words = _("あと%(n)d日", n=days)
    else:
        words = _("%(n)d日過ぎています", n=-days)
    return str(words)
