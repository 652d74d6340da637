"""What the machine sees beside a task: food, goods, gas, the first check-in. A person ticks."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.queries import may_change
from app.followup.codes import CheckInState
from app.followup.models import CheckIn, WatchPlan
from app.foodbank.codes import Equipment
from app.foodbank.models import FoodRequest, RequestState
from app.foodbank.requests.queries import requests_of_case
from app.goods.codes import GoodsKind
from app.goods.needs.queries import standing
from app.keyday.codes import TaskState
from app.keyday.days import day_of
from app.keyday.models import KeyDayPlan, KeyDayTask
from app.keyday.queries import bases_of
from app.keyday.shipped import BEDDING, CURTAINS, FIRST_CHECK_IN, GAS, KITCHEN, PARCEL
from app.policy import Access, Action, Tier, Viewer, allows
from app.wording import weekday

NEAR = timedelta(days=7)  # food for another week is not the food of the first night
GOODS = {
    BEDDING: frozenset({GoodsKind.FUTON, GoodsKind.BEDDING, GoodsKind.BED}),
    CURTAINS: frozenset({GoodsKind.CURTAIN, GoodsKind.LIGHT}),
    KITCHEN: frozenset({GoodsKind.KITCHEN_SET, GoodsKind.TABLEWARE}),
}
FOOD_WORDS = {
    RequestState.OPEN: ("依頼済み", "info"),
    RequestState.PACKED: ("詰めた", "warn"),
    RequestState.HANDED_OUT: ("お渡し済み", "good"),
}


@dataclass(frozen=True)
class Seen:
    """One line beside a task; `tag` is (label, kind) as the component `tag` takes it."""

    text: str
    url: str | None = None
    tag: tuple[str, str] | None = None


def seen_beside(
    session: Session, plan: KeyDayPlan, access: Access, viewer: Viewer, *, today: date
) -> dict[int, Seen]:
    """By task: what other features know of it, as far as this viewer may be told."""
    return {
        task.id: told
        for task in plan.tasks
        if (told := _beside(session, task, access, viewer, today)) is not None
    }


def _beside(
    session: Session, task: KeyDayTask, access: Access, viewer: Viewer, today: date
) -> Seen | None:
    if task.code == PARCEL and access.sees(Tier.CODE) and allows(viewer, Action.FOOD_REQUEST):
        return _food(session, task, today)
    if task.code == GAS and task.state is TaskState.DONE and access.sees(Tier.CODE):
        return _gas(task.plan.placement.case, viewer)
    if task.code in GOODS and access.sees(Tier.CODE) and allows(viewer, Action.GOODS_READ):
        return _goods(session, task, GOODS[task.code])
    if task.code == FIRST_CHECK_IN and allows(viewer, Action.FOLLOWUP_READ):
        return _check_in(session, task.plan.placement_id)
    return None


def _food(session: Session, task: KeyDayTask, today: date) -> Seen | None:
    case_id = task.plan.placement.case_id
    on = day_of(task, bases_of(task.plan.placement))
    near = [
        one
        for one in requests_of_case(session, case_id)
        if one.state in FOOD_WORDS and (on is None or abs(one.needed_on - on) <= NEAR)
    ]
    if near:
        return _asked(min(near, key=lambda one: abs(one.needed_on - (on or today))))
    if task.state is not TaskState.OPEN:
        return None
    wanted = max(on, today).isoformat() if on else None
    return Seen(
        str(_("食料はまだ頼んでいません。この日に頼む")),
        url_for("foodbank.new_request_page", case_id=case_id, needed_on=wanted),
    )


def _asked(request: FoodRequest) -> Seen:
    return Seen(
        str(_("%(day)sに%(n)s日分（%(number)s）", day=weekday(request.needed_on), n=request.days,
              number=request.number)),
        url_for("foodbank.case_request_page", case_id=request.case_id, request_id=request.id),
        FOOD_WORDS[request.state],
    )  # fmt: skip


def _goods(session: Session, task: KeyDayTask, kinds: frozenset[GoodsKind]) -> Seen | None:
    """How far the things of a task are: kept, delivered, or nobody has asked for them."""
    case_id = task.plan.placement.case_id
    url = url_for("goods.need_list", case_id=case_id)
    told = standing(session, case_id, kinds)
    if not any(told.values()):
        if task.state is not TaskState.OPEN:
            return None
        return Seen(str(_("物資の必要に、まだ書かれていません。書く")), url)
    words = _("物資: そろった%(got)s点・取り置き中%(coming)s点・まだない%(missing)s点", **told)
    tag = ("まだない", "warn") if told["missing"] else ("そろった", "good")
    return Seen(str(words), url, tag if told["missing"] or not told["coming"] else None)


def _gas(case: Case, viewer: Viewer) -> Seen:
    profile = case.food_profile
    if profile is not None and Equipment.BURNER.value in (profile.equipment or []):
        return Seen(str(_("食料の必要では、コンロが使えることになっています。")))
    if allows(viewer, Action.CASE_EDIT) and may_change(case, viewer):
        return Seen(
            str(_("ガスが使えるようになりました。食料の必要の「使える設備」を直す")),
            url_for("cases.food_profile_page", case_id=case.id),
        )
    return Seen(str(_("ガスが使えるようになったことを、担当の相談員に伝えてください。")))


def _check_in(session: Session, placement_id: int) -> Seen | None:
    first = session.scalar(
        sa.select(sa.func.min(CheckIn.due_on))
        .join(WatchPlan, WatchPlan.id == CheckIn.plan_id)
        .where(WatchPlan.placement_id == placement_id, CheckIn.state != CheckInState.CANCELLED)
    )
    if first is None:
        return Seen(str(_("見守りの予定は、入居を記録すると作られます。")))
    return Seen(str(_("見守りの予定の最初の日: %(day)s", day=weekday(first))),
                url_for("followup.visit_list"))  # fmt: skip
