"""What the page of candidates shows around the homes: conditions, tabs, what-ifs, the frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.models import STAGE_LABELS, Stage
from app.cases.queries import SeenCase
from app.cases.records import case_title
from app.db import today
from app.forms import Form
from app.housing.candidates.conditions import address, conditions, is_trying
from app.housing.candidates.queries import GROUPS
from app.housing.candidates.schemas import (
    FLOORS,
    PRESETS,
    USUAL,
    CandidatesPageSchema,
    ChosenSchema,
)
from app.housing.candidates.words import Words, map_places
from app.housing.codes import GROUP_LABELS, PAUSE_LABELS, SUPPORT_LABELS, Support
from app.housing.homes import words as home_words
from app.housing.models import HomePause, MatchRun
from app.housing.pauses import active_pauses
from app.policy import Action, Tier, Viewer, allows, present
from app.wording import day, days_left, moment, weekday, yen

SHOWN, MOST_PAGES = 20, 10
STEPS = (Stage.INTAKE, Stage.ASSESSMENT, Stage.NEEDS, Stage.CANDIDATES, Stage.APPLICATION,
         Stage.MOVED_IN, Stage.SETTLED)  # fmt: skip


def changed(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The conditions that were really tried; empty ones stay as recorded."""
    kept = {name: value for name, value in typed.items() if value not in (None, "", [], False)}
    if kept.get("preset") == USUAL:
        del kept["preset"]
    if "supports" in kept:
        kept["supports"] = [str(code) for code in kept["supports"]]
    return kept


def note_of(tried: Mapping[str, Any]) -> str:
    """Which conditions a stored run tried, in words."""
    return "、".join(words for _name, words in _tried_words(tried))


def _tried_words(tried: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for name, value in tried.items():
        if name in {"rent", "funds"}:
            words = f"{_('家賃の上限') if name == 'rent' else _('初期費用')} {yen(value)}"
        elif name == "floor":
            words = FLOORS[value]
        elif name == "move_by":
            words = _("%(day)sまで", day=weekday(value))
        elif name == "min_area":
            words = _("%(n)s㎡以上", n=f"{float(value):g}")
        elif name == "min_rooms":
            words = _("%(n)s部屋以上", n=value)
        elif name == "supports":
            words = "・".join(SUPPORT_LABELS[Support(code)] for code in value)
        elif name == "towns":
            words = "・".join(value)
        elif name == "preset":
            words = _("重んじること %(what)s", what=PRESETS[value])
        else:
            words = _("市区町村を問わない")
        found.append((name, str(words)))
    return found


def frame(seen: SeenCase) -> dict[str, Any]:
    """Whose candidates these are, as much of it as the viewer may see."""
    case = seen.case
    shown = present(
        "case",
        {"number": case.number, "code_name": case.code_name, "name": case.name,
         "alias": case.alias, "leave_by": case.leave_by},
        seen.access,
    )  # fmt: skip
    due = shown["leave_by"]
    at = STEPS.index(case.stage) if case.stage in STEPS else STEPS.index(Stage.SETTLED)
    return {
        "case_id": case.id,
        "case_name": f"{case.number} {case_title(shown)}",
        "case_url": url_for("cases.case_page", case_id=case.id),
        "cases_url": url_for("cases.case_list"),
        "due": _("退去期限 %(day)s %(left)s", day=weekday(due), left=days_left(due))
        if due
        else None,
        "steps": [{"label": STAGE_LABELS[stage]} for stage in STEPS],
        "step": max(at, STEPS.index(Stage.CANDIDATES)) if at < 3 else at,
        "need_url": url_for("cases.housing_need_page", case_id=case.id),
    }


@dataclass(frozen=True)
class Look:
    """What of an answer is on the screen: group, page of it, and the homes that are ticked."""

    group: str = "fits"
    page: int = 1
    ticked: tuple[int, ...] = ()

    @property
    def shown(self) -> str:
        """The group whose rows are drawn; the map draws all."""
        return "fits" if self.group == "map" else self.group

    @property
    def last(self) -> int:
        """How many rows of a group must be described to draw this page."""
        return self.page * SHOWN


def look(typed: Any) -> Look:
    """What the address asks to see; what cannot be meant shows the first page of 合う."""
    chosen, ticks = Form(CandidatesPageSchema(), typed=typed), Form(ChosenSchema(), typed=typed)
    if not chosen.load():
        return Look()
    ticks.load()
    ticked = tuple(dict.fromkeys(ticks.data.get("home", ())))
    return Look(chosen.data["group"], chosen.data["page"], ticked)


def body(
    seen: SeenCase,
    words: Words,
    *,
    form: Form,
    tried: Mapping[str, Any],
    at: Look,
    run: MatchRun | None,
) -> dict[str, Any]:
    """Everything between the head and the foot of the page."""
    counts = words.counts()
    mapped = {one: words.rows(one, most=SHOWN) for one in GROUPS} if at.group == "map" else {}
    places = seen.access.sees(Tier.PLACE)
    lines = conditions(seen, words, form, tried, kept=run.note if run else None)
    most = [line["notes"][-1] for line in lines if line["notes"]]
    return {
        "group": at.group,
        "shown": at.shown,
        "counts": counts,
        "tabs": _tabs(counts, at.group),
        "group_urls": {one: address(group=one) for one in GROUPS},
        "clear_url": address(home=None, page=at.page if at.page > 1 else None),
        **_page(words, counts[at.shown], at),
        "questions": words.questions(),
        "failures": words.failures(),
        "conditions": lines,
        "changes": [(sentence, url) for sentence, url in most if url],
        "form": form,
        "trying": is_trying(),
        "tried": _tried_words(tried),
        "run": None if run is None else run_words(run, seen),
        "mapped": mapped,
        "places": map_places(mapped, words.homes, seen.case if places else None),
        "hidden_fields": asked_again(tried),
    }


def asked_again(tried: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The tried conditions as hidden fields, so that the next step is about the same answer."""
    return [
        (name, one.isoformat() if isinstance(one, date) else one)
        for name, value in tried.items()
        for one in (value if isinstance(value, list) else [1 if value is True else value])
    ]


def _page(words: Words, count: int, at: Look) -> dict[str, Any]:
    """One page of a group, the way to its neighbours, and how many no page shows."""
    pages = max(1, min(-(-count // SHOWN), MOST_PAGES))
    page = min(at.page, pages)
    first = (page - 1) * SHOWN
    shown = words.rows(at.shown, first, SHOWN)
    return {
        "rows": shown,
        "page": page,
        "first": first + 1,
        "last": first + len(shown),
        "previous_url": address(page=page - 1) if page > 1 else None,
        "next_url": address(page=page + 1) if page < pages else None,
        "beyond": max(count - MOST_PAGES * SHOWN, 0) if page == pages else 0,
    }


def run_words(run: MatchRun, seen: SeenCase) -> dict[str, Any]:
    """When the run was made; what it tried may be an amount of the household's own money."""
    note = run.note if seen.access.sees(Tier.CARE) else None
    return {"id": run.id, "at": moment(run.created_at), "note": note, "old": run.run_on < today()}


def _tabs(counts: Mapping[str, int], group: str) -> list[dict[str, Any]]:
    labels = {"fits": _("合う"), "near": _("あと一歩"), "unknown": _("まだ分からない")}
    tabs: list[dict[str, Any]] = [
        {"label": label, "count": counts[name], "url": address(group=name),
         "current": group == name}
        for name, label in labels.items()
    ]  # fmt: skip
    return [*tabs, {"label": _("地図"), "url": address(group="map"), "current": group == "map"}]


def pauses(session: Session, seen: SeenCase, run: MatchRun | None) -> dict[str, Any]:
    """「見合わせ中」: which homes are held back from this household, why and until when.

    That somebody refused or was refused is part of where they might live: whoever does not see
    the place is told of none – in their lists those homes are candidates – and a group is for
    consultants.
    """
    places, deep = seen.access.sees(Tier.PLACE), seen.access.sees(Tier.CARE)
    found = active_pauses(session, seen.case, today=today()) if places else []
    newer = run is not None and any(one.created_at > run.created_at for one in found)
    return {
        "count": len(found),
        "newer": newer,
        "lines": [_pause(seen, one, deep=deep) for one in found],
    }


def _pause(seen: SeenCase, one: HomePause, *, deep: bool) -> dict[str, Any]:
    if one.home is not None:
        what = home_words.full_name(one.home)
    else:
        company = one.company.name if one.company else ""
        what = _("%(company)s を使う住戸", company=company)
    about = GROUP_LABELS[one.group_code] if one.group_code is not None and deep else one.detail
    why = PAUSE_LABELS[one.cause]
    return {
        "what": what,
        "why": f"{why}: {about}" if about else why,
        "until": day(one.until),
        "url": url_for("housing.end_pause", case_id=seen.case.id, pause_id=one.id),
    }


def may_hold(seen: SeenCase, viewer: Viewer) -> bool:
    """Holding a home tells where the household may live: only for those who may know that."""
    return allows(viewer, Action.HOLD_PLACE) and seen.access.sees(Tier.PLACE)
