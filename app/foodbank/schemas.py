"""What receiving, asking, packing and handing out take; pages and API load the same."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate, validates_schema

from app.foodbank.codes import (
    EQUIPMENT_LABELS,
    FOOD_GROUP_LABELS,
    INGREDIENT_LABELS,
    MOST_UNITS,
    WAY_LABELS,
    Equipment,
    FoodGroup,
    Ingredient,
    Way,
)
from app.foodbank.labels import shipped_allergens
from app.foodbank.models import (
    DATE_KIND_LABELS,
    PICKUP_LABELS,
    STORAGE_LABELS,
    AllergenSource,
    DateKind,
    LotState,
    Pickup,
    Storage,
)
from app.forms import REQUIRED, BaseSchema, Code, Codes, Day, Line, Whole

ALLERGEN_SOURCE_LABELS = {
    AllergenSource.LABEL: "表示を見た",
    AllergenSource.DONOR: "寄贈者の書類",
}
ALLERGEN_NAMES = list(dict.fromkeys(row.name for row in shipped_allergens()))
STATE_LABELS = {
    LotState.HELD: "止める",
    LotState.RECALLED: "回収の対象にする",
    LotState.OFFERABLE: "止めるのをやめる",
}
_COUNTED = {"invalid": "数量は数字で入れてください（例 12）。", "required": REQUIRED}


class ReceiveSchema(BaseSchema):
    """Something came in."""

    item_name = Line(required=True, shortest=1, metadata={"label": "品名"})
    category = Line(load_default="", metadata={"label": "分類（任意）"})
    date_kind = Code(
        DateKind,
        DATE_KIND_LABELS,
        required=True,
        metadata={"label": "期限の種類", "kind": "radios", "initial": DateKind.BEST_BEFORE},
    )
    date_printed = Line(
        load_default="",
        metadata={
            "label": "期限（表示のまま）",
            "hint": "例 2027.9.20、270920、令和9年9月、R9.9.20",
        },
    )
    date_unreadable = fields.Boolean(
        load_default=False, metadata={"label": "期限が読めない・ない（「確かめる」に入ります）"}
    )
    quantity = Whole(
        required=True,
        least=1,
        most=MOST_UNITS,
        error_messages=_COUNTED,
        metadata={"label": "数量"},
    )
    unit = Line(load_default="個", longest=20, metadata={"label": "単位", "initial": "個"})
    shelf = Line(load_default="", longest=20, metadata={"label": "棚", "hint": "例 A3"})
    storage = Code(
        Storage,
        STORAGE_LABELS,
        load_default=Storage.AMBIENT,
        metadata={"label": "保管", "kind": "radios", "initial": Storage.AMBIENT},
    )
    allergens = Line(
        required=True,
        shortest=1,
        longest=1000,
        error_messages={
            "required": "アレルゲンを入れてください。なければ「なし」、読めなければ「不明」。"
        },
        metadata={
            "label": "アレルギー表示",
            "hint": "表示のとおりに。なければ「なし」。"
            "読めなければ「不明」（アレルギーのある人には出しません）",
        },
    )
    allergen_source = Code(
        AllergenSource,
        ALLERGEN_SOURCE_LABELS,
        load_default=AllergenSource.LABEL,
        metadata={"label": "何で確かめたか", "kind": "radios", "initial": AllergenSource.LABEL},
    )
    donor = Line(load_default="", metadata={"label": "寄贈者（任意）"})
    jan = Line(
        load_default="",
        longest=20,
        metadata={"label": "JAN（任意）", "inputmode": "numeric", "hint": "バーコードの数字"},
    )
    remarks = Line(load_default="", longest=500, metadata={"label": "備考（任意）"})

    @pre_load
    def say_what_is_missing(self, data: Any, **_: Any) -> Any:
        """An untouched allergen box is told like a missing one, in the same sentence."""
        if isinstance(data, dict) and data.get("allergens") == "":
            return {name: value for name, value in data.items() if name != "allergens"}
        return data

    @validates_schema
    def need_a_date(self, data: dict[str, Any], **_: Any) -> None:
        """A date, or the word that there is none to read."""
        if not data.get("date_printed") and not data.get("date_unreadable"):
            sentence = "期限を表示のとおりに入れるか、「期限が読めない・ない」を選んでください。"
            raise ValidationError(sentence, "date_printed")


class AnswerSchema(BaseSchema):
    """What somebody saw on the pack."""

    version = Whole(required=True, metadata={"label": "版", "kind": "hidden"})
    item_name = Line(load_default="", metadata={"label": "品名"})
    date_kind = Code(
        DateKind,
        DATE_KIND_LABELS,
        required=True,
        metadata={"label": "期限の種類", "kind": "radios"},
    )
    date_printed = Line(
        required=True,
        shortest=1,
        metadata={"label": "期限（現物の表示のまま）", "hint": "例 2027.9.20、令和9年9月"},
    )
    quantity = Whole(
        least=1,
        most=MOST_UNITS,
        load_default=None,
        allow_none=True,
        error_messages=_COUNTED,
        metadata={"label": "数えた数"},
    )
    shelf = Line(load_default="", longest=20, metadata={"label": "棚"})
    storage = Code(
        Storage,
        STORAGE_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "保管"},
    )
    jan = Line(load_default="", longest=20, metadata={"label": "JAN", "inputmode": "numeric"})


class DisposeSchema(BaseSchema):
    """Throw the rest of a lot away."""

    disposal_reason = Line(required=True, shortest=1, metadata={"label": "廃棄の理由"})


class StateSchema(BaseSchema):
    """Hold, recall, or let go again."""

    state = Code(
        LotState,
        STATE_LABELS,
        required=True,
        validate=validate.OneOf(list(STATE_LABELS), error="選択肢から選んでください。"),
        metadata={"label": "どうするか", "kind": "radios"},
    )
    state_reason = Line(load_default="", metadata={"label": "理由"})


class CorrectionSchema(BaseSchema):
    """The number that came in was written down wrong."""

    right_quantity = Whole(
        required=True,
        least=1,
        most=MOST_UNITS,
        error_messages=_COUNTED,
        metadata={"label": "正しい受け入れ数"},
    )
    correction_reason = Line(required=True, shortest=1, metadata={"label": "訂正の理由"})


class AllergenSchema(BaseSchema):
    """A lot's allergens, from the label in hand."""

    allergens = Line(
        required=True,
        shortest=1,
        longest=1000,
        metadata={"label": "アレルギー表示（現物のとおり）"},
    )
    allergen_source = Code(
        AllergenSource,
        ALLERGEN_SOURCE_LABELS,
        load_default=AllergenSource.LABEL,
        metadata={"label": "何で確かめたか", "kind": "radios", "initial": AllergenSource.LABEL},
    )


class ItemSchema(BaseSchema):
    """An item's facts, of one unit."""

    version = Whole(required=True, metadata={"label": "版", "kind": "hidden"})
    food_group = Code(FoodGroup, FOOD_GROUP_LABELS, required=True, metadata={"label": "食品の群"})
    kcal = Whole(
        least=0,
        most=100_000,
        load_default=None,
        allow_none=True,
        metadata={"label": "エネルギー（1つあたり）", "unit": "kcal"},
    )
    weight_g = Whole(
        least=1,
        most=100_000,
        load_default=None,
        allow_none=True,
        metadata={"label": "重さ（1つあたり）", "unit": "g"},
    )
    ways = Codes(
        Way,
        WAY_LABELS,
        load_default=list,
        metadata={
            "label": "食べるのに要るもの",
            "hint": "どれか1つあれば食べられるもの。分からなければ選びません。",
        },
    )
    chewing_class = Whole(
        least=0,
        most=4,
        load_default=None,
        allow_none=True,
        metadata={
            "label": "やわらかさ",
            "kind": "select",
            "choices": [
                (0, "ふつうの食品"),
                (1, "区分1 容易にかめる"),
                (2, "区分2 歯ぐきでつぶせる"),
                (3, "区分3 舌でつぶせる"),
                (4, "区分4 かまなくてよい"),
            ],
        },
    )
    infant_from_month = Whole(
        least=0, most=36, load_default=None, allow_none=True, metadata={"label": "乳児 何か月から"}
    )
    infant_to_month = Whole(
        least=0, most=36, load_default=None, allow_none=True, metadata={"label": "何か月まで"}
    )
    formula = fields.Boolean(load_default=False, metadata={"label": "育児用ミルク"})
    special_formula = fields.Boolean(load_default=False, metadata={"label": "特殊ミルク"})
    ingredients = Codes(
        Ingredient,
        INGREDIENT_LABELS,
        load_default=list,
        metadata={"label": "入っているもの（宗教・信条・乳児・かむ力のため）"},
    )
    ingredients_checked = fields.Boolean(
        load_default=False, metadata={"label": "原材料をすべて確かめた"}
    )
    note = Line(load_default="", metadata={"label": "注意（任意）"})

    @post_load
    def as_columns(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The form's words as the table keeps them."""
        grams = data.pop("weight_g")
        ways = [way.value for way in data.pop("ways")]
        listed = [one.value for one in data["ingredients"]]
        checked = data.pop("ingredients_checked")
        data["weight_kg"] = None if grams is None else Decimal(grams) / 1000
        data["equipment"] = [w.split("+") if w != Way.AS_IT_IS else [] for w in ways] or None
        data["ingredients"] = listed if checked or listed else None
        data["food_group"] = data["food_group"].value
        data["note"] = data["note"] or None
        return data


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


class CaseRequestSchema(_WantedSchema):
    """A parcel for a case."""

    organisation_id = Whole(
        required=True, least=1, metadata={"label": "頼む団体", "kind": "radios"}
    )


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
        metadata={"label": "持てる重さ", "unit": "kg", "hint": "歩いて帰る高齢の方は5kgくらい"},
    )

    @post_load
    def as_snapshot(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The household as a request keeps it."""
        asked, allergies = data.pop("allergies_asked"), data.pop("allergies")
        data["household"] = {
            "people": read_ages(data.pop("ages")),
            "allergies": allergies if asked or allergies else None,
            "equipment": [thing.value for thing in data.pop("equipment")],
            "forbidden": [],
            "chewing": data.pop("chewing"),
            "carry_kg": data.pop("carry_kg"),
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


class PickSchema(BaseSchema):
    """So many of a lot from a shelf."""

    lot_id = Whole(required=True, least=1)
    shelf_id = Whole(required=True, least=1)
    quantity = Whole(required=True, least=1, most=MOST_UNITS)


class PackSchema(BaseSchema):
    """What goes into the box; without lines, what the service proposes now."""

    lines = fields.List(
        fields.Nested(PickSchema),
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=100, error="1行から100行までで送ってください。"),
    )


class HandOutSchema(BaseSchema):
    """The parcel reached somebody, all of it but the lines left out."""

    left_out = fields.List(
        Whole(least=1), load_default=list, metadata={"label": "渡せなかったもの"}
    )
    allergen_sheet = fields.Boolean(
        load_default=False, metadata={"label": "アレルギーの表（引渡票）も渡した"}
    )
    note = Line(load_default="", metadata={"label": "メモ（任意）"})
