"""The papers on the way to the keys. A number stands for the household wherever anyone may read.

Only the landlord's sheet may carry a name, and only as far as a consent to the landlord covers
it; it never carries a diagnosis, debts, what public assistance pays or why somebody fled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Organisation, User
from app.cases.consents.models import Consent
from app.cases.models import Case
from app.cases.needs.models import FloorNeed, YesNoUnknown
from app.cases.records import in_force
from app.cases.work.paper import PAPER_LABELS as CASE_PAPERS
from app.errors import ForbiddenError
from app.housing.candidates.queries import latest_run, shown_with
from app.housing.candidates.words import Reveal, Words
from app.housing.homes import words as home_words
from app.housing.models import MatchRun
from app.housing.proposals import stored, without_ways
from app.placements import steps
from app.placements.codes import PAYER_LABELS, PlacementState, StepKind
from app.placements.costs import Costs, people_of
from app.placements.models import Hold, Placement, PlacementStep
from app.policy import ConsentItem, RecipientKind
from app.wording import day, weekday, yen

VIEWING, COSTS, LANDLORD, SCHEDULE = "viewing", "costs", "landlord", "placement"
PAPER_LABELS = {
    VIEWING: "内見同行票",
    COSTS: "初期費用見積",
    LANDLORD: "貸主への説明書",
    SCHEDULE: "入居までの予定",
}
# The page of prints names these too, when somebody asks for a second person's yes.
CASE_PAPERS.update(PAPER_LABELS)

NO_CONSENT = (
    "貸主・不動産業者に伝えることへの同意がないため、説明書は出せません。"
    "「同意」の画面で、「貸主・不動産業者」に「住まいの希望と条件」を伝える同意を記録してください。"
)
GUIDE = "目安・判定ではありません"


def papers_of(placement: Placement) -> tuple[str, ...]:
    """The papers that make sense now."""
    if placement.temporary:
        return (SCHEDULE,) if placement.state is PlacementState.OPEN else ()
    if placement.state is PlacementState.OPEN:
        return (VIEWING, COSTS, LANDLORD, SCHEDULE)
    return (COSTS,) if placement.state is PlacementState.MOVED_IN else ()


def _sheet(name: str, case: Case, office: Organisation, today: date) -> dict[str, Any]:
    return {
        "title": PAPER_LABELS[name],
        "organisation": office.name,
        "made_on": day(today),
        "number": case.number,
        "contact": " ".join(filter(None, (office.name, office.phone))),
    }


def _home(placement: Placement) -> dict[str, Any]:
    home = placement.home
    return {
        "name": home_words.full_name(home),
        "address": home.property.address,
        "rent": f"月 {yen(home.rent)}" if home.rent is not None else "家賃 未確認",
        "fee": home_words.fee(home) or "",
        "size": home_words.size(home) or "未確認",
        "floor": home_words.floor(home),
        "walk": home_words.walk(home.property) or "",
    }


def _when(step: PlacementStep) -> dict[str, str]:
    """The day and hour of a step, as they read on paper."""
    on = step.done_on or step.planned_on
    at = f"{step.planned_time:%H:%M}" if step.planned_time and not step.done_on else ""
    return {"on": weekday(on), "at": at}


def _along(session: Session, step: PlacementStep) -> str:
    staff = session.get(User, step.companion_id) if step.companion_id else None
    partner = step.partner.name if step.partner else None
    return "、".join(filter(None, (staff.name if staff else None, partner, step.companion)))


# ----------------------------------------------------------------------------------- viewing

LOOK_AT = (
    "日当たりと風通し、夜の音",
    "水・お湯・ガスが出るか、エアコンとコンロ",
    "洗濯機・冷蔵庫を置く場所と寸法",
    "かび・雨もり・虫のあと",
    "ごみを出す場所と曜日",
    "携帯電話の電波、コンセントの数",
)


def _look_at(case: Case) -> list[str]:
    """What to look at, fitted to what the household needs; it tells nobody why."""
    need, fitted = case.housing_need, []
    if need is not None:
        if need.floor_need in {FloorNeed.GROUND, FloorNeed.GROUND_OR_LIFT}:
            fitted += ["道から玄関までの段差の数", "トイレと風呂の手すり、出入り口の段差"]
        if need.wheelchair is YesNoUnknown.YES:
            fitted.append("玄関・廊下・トイレの幅（車いすが通るか、80cm）")
        if need.pet is YesNoUnknown.YES:
            fitted.append("ペットの決まり（種類・数・敷金の追加）")
        if need.anchors:
            fitted.append("通う場所まで、実際に歩くかバスで行けるか")
    people = people_of(case)
    if people is not None and people > 1:
        fitted.append(f"{people}人の寝る場所と、荷物の置き場所")
    return [*fitted, *LOOK_AT]


def viewing(
    session: Session, placement: Placement, office: Organisation, *, contacts: bool, today: date
) -> dict[str, Any]:
    """The data of print/viewing.typ; whom to phone only for those who phone."""
    step = next((s for s in placement.every_step if s.kind is StepKind.VIEWING
                 and s.returned_at is None), None)  # fmt: skip
    home = placement.home
    agent = [home.agent.name if home.agent else None, home.contact_phone] if contacts else []
    return {
        "sheet": _sheet(VIEWING, placement.case, office, today),
        "home": _home(placement),
        "meeting": {
            **(_when(step) if step else {}),
            "where": (step.meeting_place if step else None) or "",
            "who": _along(session, step) if step else "",
        },
        "agent": " ".join(filter(None, agent)),
        "look_at": _look_at(placement.case),
        "open": _open_questions(session, placement, today),
    }


def _open_questions(session: Session, placement: Placement, today: date) -> list[str]:
    """What the run behind the hold left open about this home; no group, no place."""
    hold = session.get(Hold, placement.hold_id) if placement.hold_id else None
    run = session.get(MatchRun, hold.match_run_id) if hold and hold.match_run_id else None
    run = run or latest_run(session, placement.case_id)
    if run is None:
        return []
    answered = without_ways(session, stored(run))
    reveal = Reveal(groups=False, places=False, stances=False)
    words = Words(answered.result, reveal, shown_with(session, answered, today=today))
    rows = words.rows("unknown")
    asked = [row["question"] for row in rows if row["home_id"] == placement.home_id]
    return [one for text in asked if text for one in text.split("　")]


# ------------------------------------------------------------------------------------- money


def amount_words(line: Any) -> str:
    """An amount, or what is usual where nobody knows it."""
    if line.amount is not None:
        return yen(line.amount)
    if line.usual is None:
        return "未確認"
    low, high = line.usual
    return f"未確認（目安 {low:,}〜{high:,}円）"


COVERED = {True: "対象", False: "対象外", None: "確かめる"}


def costs_sheet(
    placement: Placement, office: Organisation, costs: Costs, *, today: date
) -> dict[str, Any]:
    """The data of print/costs.typ; the household's own funds are not on it."""
    cap = costs.cap
    return {
        "sheet": _sheet(COSTS, placement.case, office, today) | {"notice": GUIDE},
        "home": _home(placement),
        "lines": [
            {
                "label": line.label,
                "amount": amount_words(line),
                "payer": PAYER_LABELS[line.payer],
                "covered": COVERED[line.covered],
                "note": line.note or "",
            }
            for line in costs.lines
        ],
        "total": yen(costs.total),
        "unknown": "、".join(costs.unknown),
        "payers": [
            {"label": PAYER_LABELS[payer], "amount": yen(amount)}
            for payer, amount in costs.by_payer.items()
        ],
        "covered": yen(costs.covered),
        "cap": "" if cap is None else f"{yen(cap.amount)}（{cap.certainty.value}）",
        "cap_source": "" if cap is None else cap.source,
    }


# ------------------------------------------------------------------------------ the landlord


@dataclass(frozen=True)
class Told:
    """What consents to the landlord cover together."""

    items: frozenset[ConsentItem]

    @property
    def name(self) -> bool:
        return ConsentItem.CONTACT in self.items

    @property
    def proxy_payment(self) -> bool:
        """Rent paid by the welfare office tells of public assistance."""
        return ConsentItem.CARE in self.items


def told_to_landlord(case: Case, *, today: date) -> Told:
    """What may be told. Raises ForbiddenError while no consent covers the support itself."""
    items = frozenset(
        ConsentItem(item)
        for consent in case.consents
        if _to_landlord(consent, today)
        for item in consent.items
    )
    if ConsentItem.HOME_NEEDS not in items:
        raise ForbiddenError(NO_CONSENT, code="consent_required")
    return Told(items)


def _to_landlord(consent: Consent, today: date) -> bool:
    return consent.recipient is RecipientKind.LANDLORD and in_force(consent, today=today)


def landlord(
    placement: Placement,
    office: Organisation,
    told: Told,
    values: Mapping[str, Any],
    *,
    today: date,
) -> dict[str, Any]:
    """The data of print/landlord.typ: the support, the guarantor and how the rent is paid."""
    case = placement.case
    people = people_of(case)
    name = (case.name or case.alias or "") if told.name else ""
    return {
        "sheet": _sheet(LANDLORD, case, office, today) | {"notice": "取扱注意"},
        "home": _home(placement),
        "name": name,
        "people": f"{people}人" if people else "確認中",
        "facts": [
            {"label": label, "value": values.get(key) or "確認中"}
            for key, label in (
                ("watcher", "見守る人"),
                ("how_often", "見守りの回数"),
                ("phone", "困ったときの電話"),
                ("guarantor", "保証人・保証会社"),
                ("payment", "家賃の払い方"),
            )
        ],
        "message": values.get("message") or "",
    }


# ---------------------------------------------------------------------------------- schedule

BRING: Mapping[StepKind, tuple[str, ...]] = {
    StepKind.APPLICATION: ("本人確認のもの", "収入の分かるもの"),
    StepKind.CONTRACT: ("印かん", "住民票", "契約のお金"),
    StepKind.KEYS: ("身分証",),
}


def schedule(
    session: Session, placement: Placement, office: Organisation, costs: Costs, *, today: date
) -> dict[str, Any]:
    """The data of print/placement.typ."""
    known = {step.kind: step for step in (*placement.planned, *placement.steps)}
    labels = steps.labels_of(placement)
    keys = known.get(StepKind.KEYS)
    lines = []
    for kind in steps.way_of(placement):
        step = known.get(kind)
        line: dict[str, Any] = {"label": labels[kind], "done": False}
        if step is not None:
            line |= {**_when(step), "done": step.done_on is not None,
                     "where": step.meeting_place or "", "who": _along(session, step)}  # fmt: skip
        if not line["done"]:
            line["bring"] = list(BRING.get(kind, ()))
        lines.append(line)
    home = _home(placement)
    return {
        "sheet": _sheet(SCHEDULE, placement.case, office, today),
        "home": home | ({"keys": weekday(keys.done_on or keys.planned_on)} if keys else {}),
        "steps": lines,
        "costs": [
            {"label": line.label, "amount": amount_words(line),
             "covered_by": PAYER_LABELS[line.payer]}
            for line in costs.lines
        ],
        "total": yen(costs.total),
        "reminders": [
            "電気・水道・ガスの申込み", "郵便局に転居届", "市役所に住所の届け（14日以内）",
        ],
        "contacts": [{"label": "担当", "name": office.name, "phone": office.phone or "—"}],
    }  # fmt: skip
