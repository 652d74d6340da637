"""Keeping, changing, deleting and bringing back the views of one person."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.audit.models import Deed
from app.audit.services import record
from app.cases.versions import check_version
from app.errors import ConflictError, InvalidError, NotFoundError
from app.mail.services import reminder_of
from app.policy import Viewer
from app.reports.codes import RelativePeriod, Sends
from app.reports.models import ReportView
from app.reports.queries import offices_of, reads_exact
from app.reports.reading import ONLY_YEARS
from app.reports.sections import SECTIONS, section_named

MOST_VIEWS = 12
UNDO_WITHIN = timedelta(minutes=10)
YEARS = (RelativePeriod.THIS_YEAR, RelativePeriod.LAST_YEAR)
FIELDS = ("name", "organisation_id", "period", "parts", "sends", "day_of_month")


def views_of(session: Session, user_id: int) -> Sequence[ReportView]:
    """A person's views by name."""
    return session.scalars(
        sa.select(ReportView)
        .where(ReportView.user_id == user_id, ReportView.deleted_at.is_(None))
        .order_by(ReportView.name, ReportView.id)
    ).all()


def get_view(session: Session, view_id: int, *, user_id: int, deleted: bool = False) -> ReportView:
    """One of the person's own. Raises NotFoundError for another's as for none."""
    view = session.get(ReportView, view_id)
    if view is None or view.user_id != user_id or (view.deleted_at is not None) is not deleted:
        raise NotFoundError("この見方は見つかりません。「いつもの見方」から選び直してください。")
    return view


def make_view(
    session: Session,
    *,
    viewer: Viewer,
    values: dict[str, Any],
    today: date,
) -> ReportView:
    """A new view. Raises InvalidError for a name there is, an office or part there is not, a month
    of an office whose kept reports alone are read, a mail without a proved address, or too many.
    """
    _one_at_a_time(session, viewer.user_id)
    if len(views_of(session, viewer.user_id)) >= MOST_VIEWS:
        raise _too_many()
    view = ReportView(user_id=viewer.user_id, **_checked(session, viewer, values, None, today))
    session.add(view)
    session.flush()  # the audit entry names it
    _note(session, view, Deed.CREATED, FIELDS)
    return view


def change_view(
    session: Session,
    *,
    viewer: Viewer,
    view: ReportView,
    version: int,
    values: dict[str, Any],
    today: date,
) -> ReportView:
    """Another name, office, period, parts or mail. Raises as `make_view` does, and StaleError."""
    _one_at_a_time(session, viewer.user_id)
    session.refresh(view)
    check_version(view, version)
    wanted = _checked(session, viewer, values, view, today)
    changed = [name for name in FIELDS if getattr(view, name) != wanted[name]]
    for name, value in wanted.items():
        setattr(view, name, value)
    session.flush()  # the new version is part of the answer
    if changed:
        _note(session, view, Deed.CHANGED, changed)
    return view


def delete_view(session: Session, *, view: ReportView, version: int, at: datetime) -> None:
    """Put a view away; it can be brought back for ten minutes. Raises StaleError."""
    _one_at_a_time(session, view.user_id)
    session.refresh(view)
    check_version(view, version)
    view.deleted_at = at
    session.flush()  # the new version is part of the answer
    _note(session, view, Deed.DELETED, ())


def restore_view(session: Session, *, view: ReportView, at: datetime) -> None:
    """Bring a view back. Raises ConflictError after ten minutes, or where its name was taken."""
    _one_at_a_time(session, view.user_id)
    session.refresh(view)
    if view.deleted_at is None or at - view.deleted_at > UNDO_WITHIN:
        raise ConflictError("元に戻せるのは10分のあいだです。もう一度作ってください。")
    there = views_of(session, view.user_id)
    if len(there) >= MOST_VIEWS:
        raise _too_many()
    if any(one.name == view.name for one in there):
        raise ConflictError("同じ名前の見方を新しく作ったため、元に戻せません。")
    view.deleted_at = None
    session.flush()  # as above
    _note(session, view, Deed.CHANGED, ("deleted_at",))


def _one_at_a_time(session: Session, user_id: int) -> None:
    """Two presses at once would both find the name free and one view too few."""
    session.execute(sa.select(User.id).where(User.id == user_id).with_for_update())


def _too_many() -> InvalidError:
    sentence = f"いつもの見方は{MOST_VIEWS}個までです。使っていないものを消してから作ってください。"
    return InvalidError(sentence, fields={"name": [sentence]})


def _checked(
    session: Session,
    viewer: Viewer,
    values: dict[str, Any],
    view: ReportView | None,
    today: date,
) -> dict[str, Any]:
    """The columns of what was asked for, or every reason why not beside its field."""
    wrong: dict[str, list[str]] = {}
    taken = {one.name for one in views_of(session, viewer.user_id) if one is not view}
    if values["name"] in taken:
        wrong["name"] = ["同じ名前の見方があります。別の名前にしてください。"]
    offices = {office.id: office for office in offices_of(session, viewer)}
    office = offices.get(values["organisation_id"])
    if office is None:
        wrong["organisation_id"] = ["この組織の数字は読めません。一覧から選んでください。"]
    elif values["period"] not in YEARS and not reads_exact(viewer, office):
        wrong["period"] = [ONLY_YEARS]
    if unknown := gone(values["parts"]):
        wrong["parts"] = [f"「{unknown[0]}」という部分はありません。選び直してください。"]
    sends = values["sends"]
    if sends is Sends.MONTHLY and values["day_of_month"] is None:
        wrong["day_of_month"] = ["毎月の何日に送るかを、1〜28で入れてください。"]
    if sends is not Sends.NEVER and not proved(session, viewer.user_id):
        wrong["sends"] = [
            "送り先が確かめられていません。先に「自分の設定」→「朝のメール」でアドレスを登録してください。"
        ]
    if wrong:
        raise InvalidError("入力を確かめてください。", fields=wrong)
    day = values["day_of_month"] if sends is Sends.MONTHLY else None
    return {
        **{name: values[name] for name in FIELDS},
        "parts": [section.key for section in SECTIONS if section.key in values["parts"]],
        "day_of_month": day,
        "sends_since": _since(view, sends, day, today),
    }


def _since(view: ReportView | None, sends: Sends, day: int | None, today: date) -> date | None:
    """From which day on mail is due: an earlier day must not be sent about now."""
    if sends is Sends.NEVER:
        return None
    same = view is not None and (view.sends, view.day_of_month) == (sends, day)
    return view.sends_since if view is not None and same else today


def gone(parts: Collection[str]) -> list[str]:
    """Keys of parts that there are no longer."""
    return [key for key in parts if section_named(key) is None]


def proved(session: Session, user_id: int) -> bool:
    """Whether the person's mail address has proved to be theirs."""
    reminder = reminder_of(session, user_id)
    return reminder is not None and reminder.confirmed_at is not None


def _note(session: Session, view: ReportView, deed: Deed, fields: Sequence[str]) -> None:
    record(
        session,
        deed=deed,
        record_kind="report_view",
        record_id=view.id,
        user_id=view.user_id,
        organisation_id=view.organisation_id,
        fields=tuple(fields),
    )
