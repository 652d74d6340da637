"""What receiving, packing and handing out take; pages and API load the same."""

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate, validates_schema

from app.foodbank.codes import (
    FOOD_GROUP_LABELS,
    INGREDIENT_LABELS,
    MOST_UNITS,
    WAY_LABELS,
    FoodGroup,
    Ingredient,
    Way,
)
from app.foodbank.models import (
    DATE_KIND_LABELS,
    STORAGE_LABELS,
    AllergenSource,
    DateKind,
    LotState,
    Storage,
)
from app.foodbank.tracing.schemas import ReceiptFactsSchema
from app.forms import REQUIRED, BaseSchema, Code, Codes, Line, Whole

ALLERGEN_SOURCE_LABELS = {
    AllergenSource.LABEL: "表示を見た",
    AllergenSource.DONOR: "寄贈者の書類",
}
STATE_LABELS = {
    LotState.HELD: "止める",
    LotState.RECALLED: "回収の対象にする",
    LotState.OFFERABLE: "止めるのをやめる",
}
COUNTED = {"invalid": "数量は数字で入れてください（例 12）。", "required": REQUIRED}


class ReceiveSchema(ReceiptFactsSchema):
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
        error_messages=COUNTED,
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
    drive_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"label": "フードドライブ", "kind": "select", "blank": "フードドライブではない"},
    )
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


class MoreSchema(BaseSchema):
    """So many more of what has just come in."""

    more = Whole(
        required=True,
        least=1,
        most=MOST_UNITS,
        error_messages=COUNTED,
        metadata={"label": "同じものをもう", "initial": 20},
    )


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
        error_messages=COUNTED,
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
    low_at = Whole(
        least=1,
        most=MOST_UNITS,
        load_default=None,
        allow_none=True,
        metadata={
            "label": "これより少なくなったら知らせる数（任意）",
            "hint": "出せる数で数えます。「足りないもの」に出ます",
        },
    )

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
    condition_seen = fields.Boolean(
        load_default=False, metadata={"label": "中身を見た（破れ・ふくらみ・もれなし）"}
    )
    note = Line(load_default="", metadata={"label": "メモ（任意）"})
