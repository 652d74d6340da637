"""An organisation's template: the shipped lines until it changes one, then a copy of its own.

A changed line holds for plans made from then on; plans already made keep the lines they were made
with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.audit.services import record
from app.cases.versions import StaleError, check_version, flushed
from app.errors import InvalidError, NotFoundError
from app.keyday.codes import MOST_TASKS, Counted, Doer, counted_as
from app.keyday.models import KeyDayTemplate, KeyDayTemplateLine
from app.keyday.queries import template_of
from app.keyday.shipped import SHIPPED, Line

FIRST_VERSION = 1  # of a line just copied, so that a form opened on the shipped one fits its copy


def all_lines(session: Session, organisation_id: int) -> Sequence[Line | KeyDayTemplateLine]:
    """Every line of an organisation, retired ones too."""
    own = template_of(session, organisation_id)
    return SHIPPED if own is None else own.lines


def lines_of(session: Session, organisation_id: int) -> list[Line | KeyDayTemplateLine]:
    """The lines a new plan is made from."""
    return [line for line in all_lines(session, organisation_id) if getattr(line, "active", True)]


def get_line(session: Session, organisation_id: int, code: str) -> Line | KeyDayTemplateLine:
    """One line by its code; raises NotFoundError."""
    lines = all_lines(session, organisation_id)
    found = next((line for line in lines if line.code == code), None)
    if found is None:
        raise NotFoundError("この行は見つかりません。ひな形の一覧から開き直してください。")
    return found


def add_line(
    session: Session, *, organisation_id: int, values: Mapping[str, Any], user_id: int
) -> KeyDayTemplateLine:
    """One more line at the end. Raises InvalidError when there are too many."""
    template = _own(session, organisation_id, user_id)
    if len(template.lines) >= MOST_TASKS:
        sentence = f"ひな形に入れられるのは{MOST_TASKS}行までです。使わない行を書きかえてください。"
        raise InvalidError(sentence, fields={"title": [sentence]})
    number = max((line.position for line in template.lines), default=-1) + 1
    line = KeyDayTemplateLine(
        template_id=template.id, code=f"own-{number}", position=number, active=True
    )
    _write(line, values)
    template.lines.append(line)

    flushed(session, lambda: None)  # two people adding at once take the same number
    _note(session, Deed.CREATED, line, user_id, *values)
    return line


def change_line(
    session: Session,
    *,
    organisation_id: int,
    code: str,
    version: int,
    values: Mapping[str, Any],
    user_id: int,
) -> KeyDayTemplateLine:
    """Put a line right, retire it or use it again. Raises StaleError when somebody was first."""
    get_line(session, organisation_id, code)
    template = _own(session, organisation_id, user_id)
    line = next(one for one in template.lines if one.code == code)
    check_version(line, version)
    flushed(session, lambda: _write(line, values))
    _note(session, Deed.CHANGED, line, user_id, *values)
    return line


def movable(
    lines: Sequence[Line | KeyDayTemplateLine], code: str
) -> list[Line | KeyDayTemplateLine]:
    """The lines in use that fall on the same day as this one, in their order.

    The days decide the order; only lines of one day have one that a person chooses.
    """
    asked = next(line for line in lines if line.code == code)
    day = (asked.counted_from, asked.offset_days)
    return [
        line
        for line in lines
        if getattr(line, "active", True) and (line.counted_from, line.offset_days) == day
    ]


def move_line(
    session: Session, *, organisation_id: int, code: str, version: int, up: bool, user_id: int
) -> KeyDayTemplateLine:
    """Put a line before or after its neighbour of the same day; plans made from then on follow.

    Raises StaleError when somebody was first, InvalidError where there is no neighbour.
    """
    get_line(session, organisation_id, code)
    template = _own(session, organisation_id, user_id)
    line = next(one for one in template.lines if one.code == code)
    check_version(line, version)
    day = movable(template.lines, code)
    place = next((n for n, one in enumerate(day) if one.code == code), None)
    beside = None if place is None else place + (-1 if up else 1)
    if beside is None or not 0 <= beside < len(day):
        raise InvalidError("同じ日の行がほかにないため、動かせません。")
    other = next(one for one in template.lines if one.code == day[beside].code)

    def swap() -> None:
        line.position, other.position = other.position, line.position

    flushed(session, swap)
    session.expire(template, ["lines"])  # they are kept in the order of their positions
    _note(session, Deed.CHANGED, line, user_id, "position")
    return line


def _write(line: KeyDayTemplateLine, values: Mapping[str, Any]) -> None:
    if values["doer"] is Doer.PARTNER and not values["partner_name"]:
        sentence = "だれがするか、名前を入力してください。"
        raise InvalidError(sentence, fields={"partner_name": [sentence]})
    line.title, line.explanation = values["title"], values["explanation"] or None
    line.counted_from, line.offset_days = counted_as(Counted(values["counted"]), values["days"])
    line.doer, line.applies = values["doer"], values["applies"]
    line.partner_name = values["partner_name"] if values["doer"] is Doer.PARTNER else None
    line.basis, line.certain = values["basis"] or None, values["certain"]
    line.active = values.get("active", True)


def _own(session: Session, organisation_id: int, user_id: int) -> KeyDayTemplate:
    """The organisation's template, copied from the shipped one at its first change."""
    own = template_of(session, organisation_id)
    if own is not None:
        return own
    names = [one.name for one in fields(Line)]
    own = KeyDayTemplate(
        organisation_id=organisation_id,
        made_by=user_id,
        lines=[
            KeyDayTemplateLine(
                position=number, active=True, **{name: getattr(line, name) for name in names}
            )
            for number, line in enumerate(SHIPPED)
        ],
    )
    session.add(own)
    try:
        session.flush()  # its lines get their first version
    except IntegrityError as error:
        raise StaleError from error
    return own


def _note(
    session: Session, deed: Deed, line: KeyDayTemplateLine, user_id: int, *changed: str
) -> None:
    record(
        session,
        deed=deed,
        record_kind="key_day_template_line",
        record_id=line.id,
        user_id=user_id,
        fields=changed,
    )
