"""What pages, papers and the API say of a recall and of those who got the food."""

from collections import defaultdict
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.cases.household.words import phone_words
from app.cases.needs.models import YesNoUnknown
from app.cases.records import shown_phone
from app.foodbank.models import DATE_KIND_LABELS, Lot, ParcelState
from app.foodbank.recalls.models import (
    FOOD_OUTCOME_LABELS,
    PERSON_STATE_LABELS,
    RECALL_RESULT_LABELS,
    RECALL_STATE_LABELS,
    PersonState,
    Recall,
    RecallPortion,
    RecallResult,
    RecallState,
)
from app.foodbank.recalls.queries import FoundLot, SeenPerson
from app.foodbank.recalls.reading import Criteria
from app.foodbank.recalls.schemas import UNWELL_LABELS
from app.policy import Presented, present
from app.wording import day, moment

STATE_KINDS = {
    RecallState.DRAFT: "warn",
    RecallState.OPEN: "bad",
    RecallState.CLOSED: "good",
    RecallState.CANCELLED: "",
}
PERSON_KINDS = {
    PersonState.WAITING: "bad",
    PersonState.TRYING: "warn",
    PersonState.PASSED_ON: "info",
    PersonState.TOLD: "good",
}
BUTTONS = (
    (RecallResult.SPOKE, "good"),
    (RecallResult.MET, "good"),
    (RecallResult.ABSENT, ""),
    (RecallResult.MESSAGE, ""),
    (RecallResult.LETTER, ""),
    (RecallResult.WRONG_NUMBER, "warn"),
    (RecallResult.TO_DESK, ""),
)


def tags_of(recall: Recall) -> list[tuple[str, str]]:
    """The state, and that it is only a practice."""
    tags = [(RECALL_STATE_LABELS[recall.state], STATE_KINDS[recall.state])]
    return [(_("訓練"), "info"), *tags] if recall.practice else tags


def duration(seconds: int) -> str:
    """「1分20秒」, 「2時間5分」"""
    hours, rest = divmod(max(seconds, 0), 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return str(_("%(h)s時間%(m)s分", h=hours, m=minutes))
    if minutes:
        return str(_("%(m)s分%(s)s秒", m=minutes, s=left))
    return str(_("%(s)s秒", s=left))


def criteria_values(criteria: Criteria) -> dict[str, str]:
    """What is looked for, one thing a line, as the form shows it."""
    return {name: "\n".join(words) for name, words in criteria.stored().items()}


# ----------------------------------------------------------------------------------- lots


def lot_line(lot: Lot) -> str:
    """What tells a lot from others of its kind: date, maker's code, JAN."""
    kind = DATE_KIND_LABELS[lot.date_kind] if lot.date_kind else _("期限")
    parts = [
        f"{kind} {day(lot.last_day) if lot.last_day else lot.date_printed or _('不明')}",
        _("記号 %(code)s", code=lot.lot_code) if lot.lot_code else None,
        f"JAN {lot.jan}" if lot.jan else None,
    ]
    return "　".join(str(part) for part in parts if part)


def where_it_is(found: FoundLot) -> str:
    """「棚 12・詰めた箱 2・渡した世帯 3」"""
    return str(
        _(
            "棚に%(shelf)s%(unit)s　渡していない箱 %(parcels)s　渡した世帯 %(households)s",
            shelf=found.on_shelf,
            unit=found.lot.unit,
            parcels=len(found.parcels),
            households=len(found.households),
        )
    )


# --------------------------------------------------------------------------------- people


def shown_person(seen: SeenPerson) -> Presented:
    """Somebody who got it, as the viewer may see them."""
    person, case = seen.person, seen.person.case
    return present(
        "recall_person",
        {
            "id": person.id,
            "version": person.version,
            "state": person.state,
            "parcels": parcel_lines(seen.portions),
            "desk": seen.desk,
            "code_name": person.request.code_name,
            "request": person.request.number,
            "case_id": person.case_id,
            "number": case.number if case else None,
            "name": case.name or case.alias if case else person.request.code_name,
            "kana": case.kana if case else None,
            "phones": [phone_words(shown_phone(p, seen.access)) for p in case.phones]
            if case and seen.access.place
            else [],
        },
        seen.access,
    )


def parcel_lines(portions: list[RecallPortion]) -> list[dict[str, Any]]:
    """Each parcel once, with what of it is recalled."""
    lots: dict[int, list[str]] = defaultdict(list)
    numbers: dict[int, str] = {}
    for portion in portions:
        numbers[portion.parcel_id] = portion.parcel.number
        lots[portion.parcel_id].append(
            f"{portion.lot.item.name} ×{portion.quantity}（{portion.lot.number}）"
        )
    return [
        {"id": parcel_id, "number": number, "lots": lots[parcel_id]}
        for parcel_id, number in numbers.items()
    ]


def title_of(shown: Presented) -> str:
    """The name where it may be read, else the code name, else the parcel."""
    parcels = "・".join(parcel["number"] for parcel in shown.parcels or ())
    return str(shown.name or shown.code_name or parcels)


def person_row(seen: SeenPerson, *, practice: bool) -> dict[str, Any]:
    """Somebody on the call list."""
    shown = shown_person(seen)
    phones = [] if practice else shown.phones or []
    return {
        "shown": shown,
        "title": title_of(shown),
        "tag": (PERSON_STATE_LABELS[seen.person.state], PERSON_KINDS[seen.person.state]),
        "phones": phones,
        "cares": list(dict.fromkeys(words for phone in phones for words in phone["warnings"])),
        "how": None if phones or practice else _how_to_reach(seen),
        "last": attempt_words(seen, 0) if seen.attempts else None,
        "settled": seen.person.is_settled,
    }


def _how_to_reach(seen: SeenPerson) -> str:
    """Where no number is shown: whom to ask, or that there is none."""
    who, desk, phone = seen.desk
    if seen.person.case is None:
        return str(_("連絡先はありません。次に来たときに伝えてください（呼び名: %(alias)s）。",
                     alias=seen.person.request.code_name))  # fmt: skip
    if seen.access.place:
        return str(_("電話番号の記録がありません。訪ねるか、手紙を出してください。"))
    words = _("%(desk)sの%(who)sさんに、箱の番号を伝えて頼む", desk=desk, who=who)
    return f"{words}　{phone}" if phone else str(words)


def attempt_words(seen: SeenPerson, index: int) -> dict[str, Any]:
    """One attempt, with what of it the viewer may read."""
    attempt, name = seen.attempts[index]
    shown = present(
        "recall_attempt",
        {
            "id": attempt.id,
            "at": attempt.at,
            "result": attempt.result,
            "food": attempt.food,
            "user": name,
            "unwell": attempt.unwell,
            "note": attempt.note,
        },
        seen.access,
    )
    undone = {one.takes_back_id for one, _name in seen.attempts}
    food = FOOD_OUTCOME_LABELS[shown.food] if shown.food else None
    unwell = (
        _("体の具合の悪い人: %(words)s", words=UNWELL_LABELS[shown.unwell])
        if shown.unwell not in {None, YesNoUnknown.UNKNOWN}
        else None
    )
    return {
        "when": moment(shown.at),
        "iso": shown.at.isoformat(),
        "by": shown.user,
        "title": RECALL_RESULT_LABELS[shown.result],
        "kind": "good" if shown.result in {RecallResult.SPOKE, RecallResult.MET} else "",
        "undone": attempt.id in undone,
        "lines": [line for line in (food, unwell, shown.note) if line],
    }


def pulled_rows(portions: Any) -> list[dict[str, Any]]:
    """Parcels that were pulled, with where their request stands now."""
    rows: dict[int, dict[str, Any]] = {}
    for portion in portions:
        request = portion.parcel.request
        row = rows.setdefault(
            portion.parcel_id,
            {
                "number": portion.parcel.number,
                "pulled": portion.parcel.state is ParcelState.CANCELLED,
                "request": request,
                "lots": [],
            },
        )
        row["lots"].append(f"{portion.lot.item.name} ×{portion.quantity}")
    return list(rows.values())


def made_on(today: date) -> str:
    """The day a paper was made."""
    return day(today)
