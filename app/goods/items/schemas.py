"""What a thing takes; pages and API load the same."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from app.forms import BaseSchema, Code, Day, Line, Whole, YesNo
from app.goods.codes import (
    CARRIER_LABELS,
    CONDITION_LABELS,
    GAS_LABELS,
    GROUPS,
    KIND_LABELS,
    OLDEST_YEAR,
    RECALL_LABELS,
    SAFETY_LABELS,
    STATE_LABELS,
    VOLTAGE_LABELS,
    Carrier,
    Check,
    Condition,
    GoodsGas,
    GoodsKind,
    ItemState,
    Voltage,
)
from app.goods.fields import Kilograms, cm

VERSION: dict[str, Any] = {"required": True, "least": 0, "metadata": {"kind": "hidden"}}
OPTIONAL: dict[str, Any] = {"load_default": None, "allow_none": True}


class ThingSchema(BaseSchema):
    """A thing as it is, who gives it, and how it comes to us."""

    kind = Code(GoodsKind, KIND_LABELS, required=True, metadata={"label": "種類"})
    label = Line(
        required=True,
        shortest=1,
        longest=100,
        metadata={"label": "どんなものか", "hint": "例 2ドア 白 140L、シングル 敷き掛け"},
    )
    width_cm = cm("幅")
    depth_cm = cm("奥行き")
    height_cm = cm("高さ")
    condition = Code(
        Condition,
        CONDITION_LABELS,
        load_default=Condition.UNKNOWN,
        metadata={"label": "状態", "initial": Condition.UNKNOWN},
    )
    donor = Line(
        load_default="",
        metadata={
            "label": "寄贈者",
            "hint": "社会福祉法人・会社・個人。つなぎ先にある名前なら結び付きます。",
        },
    )
    donor_address = Line(
        load_default="",
        metadata={"label": "引き取る住所", "hint": "空けると、つなぎ先の住所を使います。"},
    )
    window_from = Day(**OPTIONAL, metadata={"label": "引き取れる日 いつから"})
    window_until = Day(**OPTIONAL, metadata={"label": "いつまで（引取期限）"})
    carrier = Code(
        Carrier,
        CARRIER_LABELS,
        load_default=Carrier.UNKNOWN,
        metadata={"label": "だれが運ぶか", "initial": Carrier.UNKNOWN},
    )
    donor_floor = Whole(
        least=-3,
        most=60,
        **OPTIONAL,
        error_messages={"invalid": "階の数字だけで入力してください（例 3）。"},
        metadata={"label": "寄贈者の階", "unit": "階"},
    )
    donor_lift = YesNo(yes="ある", no="ない", metadata={"label": "エレベーター", "kind": "radios"})
    lift_width_cm = cm("エレベーターの中の幅")
    lift_depth_cm = cm("中の奥行き")
    lift_height_cm = cm("中の高さ")
    weight_kg = Kilograms(metadata={"label": "重さ", "unit": "kg"})
    dismantles = YesNo(yes="できる", no="できない", metadata={"label": "分解"})
    upright = YesNo(yes="立てたまま運ぶ", no="寝かせてよい", metadata={"label": "運び方"})
    gas = Code(
        GoodsGas, GAS_LABELS, load_default=GoodsGas.UNKNOWN, metadata={"label": "ガスの種類"}
    )
    voltage = Code(
        Voltage, VOLTAGE_LABELS, load_default=Voltage.UNKNOWN, metadata={"label": "電圧"}
    )
    maker = Line(load_default="", metadata={"label": "メーカー"})
    model = Line(
        load_default="", metadata={"label": "型番", "hint": "リコールを調べるのに使います。"}
    )
    made_year = Whole(
        least=OLDEST_YEAR, most=2200, **OPTIONAL,
        error_messages={"invalid": "西暦4けたの数字だけで入力してください（例 2019）。"},
        metadata={"label": "製造年", "unit": "年", "hint": "西暦4けた。本体の銘板にあります。"},
    )  # fmt: skip
    safety = Code(
        Check, SAFETY_LABELS, load_default=Check.UNCHECKED,
        metadata={"label": "動作・安全の確認", "initial": Check.UNCHECKED},
    )  # fmt: skip
    safety_on = Day(**OPTIONAL, metadata={"label": "確認した日", "hint": "空けると、きょう"})
    safety_by = Line(
        load_default="", metadata={"label": "確認した人", "hint": "空けると、あなたの名前"}
    )
    recall = Code(
        Check, RECALL_LABELS, load_default=Check.UNCHECKED,
        metadata={
            "label": "リコールの確認",
            "initial": Check.UNCHECKED,
            "hint": "消費者庁リコール情報サイトで、型番と製造番号を調べます。",
        },
    )  # fmt: skip
    recall_on = Day(**OPTIONAL, metadata={"label": "調べた日", "hint": "空けると、きょう"})
    recall_by = Line(
        load_default="", metadata={"label": "調べた人", "hint": "空けると、あなたの名前"}
    )
    note = Line(
        load_default="",
        longest=1000,
        metadata={
            "label": "品物のメモ",
            "hint": "付属品や傷のこと。人のことは書かないでください。",
        },
    )

    @validates_schema
    def in_order(self, data: dict[str, Any], **_: Any) -> None:
        """The last day to fetch is not before the first."""
        first: date | None = data.get("window_from")
        last: date | None = data.get("window_until")
        if first is not None and last is not None and last < first:
            raise ValidationError("「いつから」より後の日を入れてください。", "window_until")


class PledgeSchema(ThingSchema):
    """A thing somebody offers; `again` keeps a second one that looks the same."""

    shelf = Line(
        load_default="",
        longest=40,
        metadata={"label": "もう手元にあるときは、置いた棚", "hint": "例 倉庫A-3"},
    )
    again = fields.Boolean(
        load_default=False, metadata={"label": "同じものがもう一つある（別の品物として登録する）"}
    )


class EditItemSchema(ThingSchema):
    """The same for a thing that is there."""

    version = Whole(**VERSION)


class ItemFilterSchema(BaseSchema):
    """What narrows the list; anything unreadable is simply not applied."""

    q = Line(longest=60, load_default="", metadata={"label": "言葉", "kind": "search"})
    group = Line(
        longest=20, load_default="",
        metadata={"label": "分け方", "kind": "select", "choices": [g[:2] for g in GROUPS]},
    )  # fmt: skip
    kind = Code(GoodsKind, KIND_LABELS, load_default=None, metadata={"label": "種類"})
    state = Code(ItemState, STATE_LABELS, load_default=None, metadata={"label": "いま"})
    show = Line(
        longest=20,
        load_default="",
        metadata={
            "label": "しぼる",
            "kind": "select",
            "choices": [
                ("free", "まだ取り置きのないもの"),
                ("reserved", "取り置き中"),
                ("ending", "引取期限が7日以内・過ぎた"),
                ("unchecked", "安全かリコールを見ていない"),
                ("gone", "届けた・終わったもの"),
            ],
        },
    )
    page = Whole(least=1, most=100_000, load_default=1, metadata={"label": "ページ"})


class CaptionSchema(BaseSchema):
    """What is said of pictures handed in together."""

    caption = Line(
        load_default="",
        longest=100,
        metadata={"label": "何が写っているか（任意）", "hint": "例 正面、銘板、傷"},
    )
