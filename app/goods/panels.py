"""What goods add to the page of a case: what it has got, is to get, and still needs."""

from collections import Counter
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.panels import Panel, PanelLine, case_panels
from app.goods.codes import KIND_LABELS, STATE_LABELS, Importance, NeedState
from app.goods.needs.queries import SeenNeed, placements_of, seen_needs
from app.goods.needs.words import progress_of
from app.policy import Access, Action, Tier, Viewer, allows
from app.wording import weekday

SHOWN = 6
AHEAD = 7  # days before the goods are needed from which they stand among what is next


def goods_of_case(
    session: Session, case: Case, access: Access, viewer: Viewer, today: date
) -> Panel | None:
    """The card of a case; once there is a way into a home, also that nobody has asked yet."""
    if not access.sees(Tier.CODE) or not allows(viewer, Action.GOODS_READ):
        return None
    url = url_for("goods.need_list", case_id=case.id)
    seen = [
        one
        for one in seen_needs(session, case, access, spaces=False)
        if one.need.state is not NeedState.WITHDRAWN
    ]
    if not seen:
        known = access.sees(Tier.PLACE) and allows(viewer, Action.GOODS_NEED)
        moving = known and placements_of(session, [case.id])
        return Panel(
            title=_("物資"),
            empty=_("必要なものは、まだ書かれていません。"),
            action=(_("書く"), url),
            ahead=[PanelLine(str(_("要る家具・日用品を書く")), url=url, note=str(_("物資")))]
            if moving
            else [],
        )
    return Panel(
        title=_("物資"),
        lines=[_summary(seen, url), *_lines(_missing_first(seen))[:SHOWN]],
        action=(_("一覧"), url),
        ahead=_ahead(seen, url, today),
    )


def _summary(seen: list[SeenNeed], url: str) -> PanelLine:
    told = progress_of(seen)
    left = told["missing"]
    return PanelLine(
        str(_("そろった %(got)s／%(total)s点", got=told["got"], total=len(seen))),
        url=url,
        note=str(_("取り置き中 %(n)s点", n=told["coming"])) if told["coming"] else None,
        tag=(str(_("まだない %(n)s点", n=left)), "warn") if left else None,
    )


def _missing_first(seen: list[SeenNeed]) -> list[SeenNeed]:
    open_ = [one for one in seen if one.need.state is NeedState.OPEN]
    return sorted(open_, key=lambda one: one.reservation is not None)


def _lines(seen: list[SeenNeed]) -> list[PanelLine]:
    """A line for each thing that is kept, one for all of a kind that nobody has yet."""
    alike = Counter(_name(one) for one in seen if one.reservation is None)
    found: dict[str, PanelLine] = {}
    for one in seen:
        key = _name(one) if one.reservation is None else one.need.number
        found.setdefault(key, _line(one, alike[key]))
    return list(found.values())


def _name(one: SeenNeed) -> str:
    return KIND_LABELS[one.need.kind] + (f"　{one.shown.detail}" if one.shown.detail else "")


def _line(one: SeenNeed, count: int) -> PanelLine:
    name = _name(one) + (f" ×{count}" if count > 1 else "")
    if one.reservation is None:
        must = one.need.importance is Importance.MUST
        return PanelLine(
            name,
            url=url_for("goods.need_page", need_id=one.need.id),
            tag=(str(_("まだない")), "warn" if must else ""),
        )
    item = one.reservation.item
    return PanelLine(
        name,
        url=url_for("goods.item_page", item_id=item.id),
        note=f"{item.number}　{STATE_LABELS[item.state]}",
        tag=(str(_("取り置き中")), "info"),
    )


def _ahead(seen: list[SeenNeed], url: str, today: date) -> list[PanelLine]:
    """What must be there within a week and is not."""
    near = [
        due
        for one in seen
        if one.need.state is NeedState.OPEN
        and one.need.importance is Importance.MUST
        and (due := one.shown.due_on or one.shown.needed_on) is not None
        and (due - today).days <= AHEAD
    ]
    if not near:
        return []
    words = _("なくてはならないものが%(n)s点、まだそろっていません", n=len(near))
    return [PanelLine(str(words), url=url, note=str(_("%(day)sまで", day=weekday(min(near)))))]


case_panels.append(goods_of_case)
