"""What asking for food takes, from a case or at the table; pages and API load the same."""

import re
import unicodedata
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from app.foodbank.codes import EQUIPMENT_LABELS, USUAL_CARRY_KG, Equipment
from app.foodbank.dwelling.codes import DWELLING_LABELS, Dwelling
from app.foodbank.models import PICKUP_LABELS, Pickup
from app.foodbank.printed.labels import shipped_allergens
from app.forms import BaseSchema, Code, Codes, Day, Line, Whole

ALLERGEN_NAMES = list(dict.fromkeys(row.name for row in shipped_allergens()))


class _WantedSchema(BaseSchema):
    """What any request says: how many days, when, and how it reaches the household."""

    days = Whole(
        required=True, least=1, most=31, metadata={"label": "何日分", "unit": "日分", "initial": 3}
    )
    needed_on = Day(required=True, metadata={"label": "いつ要るか"})
    pickup = Code(
        Pickup,
        PICKUP_LABELS,
        load_default=Pickup.COUNTER,
        metadata={"label": "渡し方", "kind": "radios", "initial": Pickup.COUNTER},
    )
    place = Line(
        load_default="",
        metadata={
            "label": "渡す場所（任意）",
            "hint": "窓口や待ち合わせの場所。住所は書かないでください。",
        },
    )
    note = Line(
        load_default="",
        metadata={"label": "箱詰めの人へ（任意）", "hint": "名前や病名は書かないでください。"},
    )


def _stage() -> Code:
    return Code(
        Dwelling,
        DWELLING_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "その日の住まい", "kind": "select", "blank": "記録から決める"},
    )


class StageSchema(BaseSchema):
    """Where the household eats on the day, while a request is being written."""

    needed_on = Day(load_default=None, allow_none=True)
    dwelling = _stage()


class CaseRequestSchema(_WantedSchema):
    """A parcel for a case."""

    organisation_id = Whole(
        load_default=None,
        allow_none=True,
        least=1,
        metadata={"label": "頼む団体", "kind": "radios"},
    )
    dwelling = _stage()


_AGE = re.compile(r"(\d{1,3})(か月|ヶ月|カ月|ヵ月|歳|才)?")
_UNTOLD = {"不明", "?", "-", "大人", "子ども"}
MOST_PEOPLE = 30


class TableRequestSchema(_WantedSchema):
    """A parcel for somebody at the table: any word they want to be called by."""

    alias = Line(
        required=True,
        shortest=1,
        longest=60,
        metadata={"label": "呼び名", "hint": "本名でなくてかまいません。番号や色の名前など。"},
    )
    ages = Line(
        required=True,
        shortest=1,
        metadata={"label": "食べる人の年齢", "hint": "例 67、64、7か月。聞かない人は「不明」。"},
    )
    allergies_asked = fields.Boolean(
        load_default=False, metadata={"label": "アレルギーの有無を聞いた"}
    )
    allergies = fields.List(
        Line(longest=40, shortest=1),
        load_default=list,
        validate=validate.Length(max=60, error="60までです。"),
        metadata={
            "label": "アレルギー",
            "kind": "checkboxes",
            "choices": [(name, name) for name in ALLERGEN_NAMES],
        },
    )
    equipment = Codes(
        Equipment, EQUIPMENT_LABELS, load_default=list, metadata={"label": "使える設備"}
    )
    chewing = Whole(
        least=0,
        most=4,
        load_default=0,
        metadata={
            "label": "やわらかさ",
            "kind": "select",
            "choices": [(0, "ふつう"), (1, "区分1"), (2, "区分2"), (3, "区分3"), (4, "区分4")],
            "initial": 0,
        },
    )
    carry_kg = Whole(
        least=1,
        most=100,
        load_default=None,
        allow_none=True,
        metadata={
            "label": "持てる重さ",
            "unit": "kg",
            "hint": "空なら10kgまで。歩いて帰る高齢の方は5kgくらい",
        },
    )

    @post_load
    def as_snapshot(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The household as a request keeps it."""
        asked, allergies = data.pop("allergies_asked"), data.pop("allergies")
        told = data.pop("carry_kg")
        usual = None if data["pickup"] is Pickup.DELIVERY else int(USUAL_CARRY_KG)
        data["household"] = {
            "people": read_ages(data.pop("ages")),
            "allergies": allergies if asked or allergies else None,
            "equipment": [thing.value for thing in data.pop("equipment")],
            "forbidden": [],
            "chewing": data.pop("chewing"),
            "carry_kg": told or usual,
            "carry_asked": told is not None,
            "note": None,
        }
        return data


def read_ages(text: str) -> list[dict[str, int | None]]:
    """「67、64、7か月、不明」 as people; raises ValidationError at `ages` for anything else."""
    people: list[dict[str, int | None]] = []
    for word in re.split(r"[、,，・\s]+", unicodedata.normalize("NFKC", text).strip("、, ")):
        found = _AGE.fullmatch(word)
        if found and found[2] and "月" in found[2] and int(found[1]) < 36:
            people.append({"age": int(found[1]) // 12, "months": int(found[1])})
        elif found and "月" not in (found[2] or "") and int(found[1]) <= 120:
            people.append({"age": int(found[1]), "months": None})
        elif word in _UNTOLD:
            people.append({"age": None, "months": None})
        else:
            sentence = f"「{word}」を読めません。67、64、7か月、不明 のように入れてください。"
            raise ValidationError(sentence, "ages")
    if len(people) > MOST_PEOPLE:
        raise ValidationError(f"{MOST_PEOPLE}人までで入れてください。", "ages")
    return people
