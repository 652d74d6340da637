"""What the guides, a running grant, an activity and a town's own table take."""

from datetime import date
from itertools import pairwise
from typing import Any

from marshmallow import fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from app.benefits.codes import (
    ACTIVITY_LABELS,
    COMPARISON_LABELS,
    KNOWN_LABELS,
    MOVING_REASON_LABELS,
    REASON_LABELS,
    ActivityKind,
    Comparison,
    Known,
    Reason,
)
from app.forms import BaseSchema, Code, Day, Line, Whole
from app.reference.rent_benefit import SIZES

MOST_YEN = 100_000_000
ROUNDING_LABELS = {"up": "切り上げ", "down": "切り捨て", "half_up": "四捨五入"}


def _yen(label: str, hint: str = "", *, most: int = MOST_YEN) -> Whole:
    return Whole(
        most=most,
        load_default=None,
        allow_none=True,
        metadata={"label": label, "unit": "円", "hint": hint},
    )


def _known(label: str, hint: str = "") -> Code:
    return Code(
        Known,
        KNOWN_LABELS,
        load_default=Known.UNKNOWN,
        metadata={"label": label, "kind": "radios", "initial": Known.UNKNOWN, "hint": hint},
    )


class HouseholdMoneySchema(BaseSchema):
    """What both benefits look at. What is not known stays empty and becomes a question."""

    applies_on = Day(
        load_default=None, allow_none=True, metadata={"label": "申請する日（予定でよい）"}
    )
    people = Whole(least=1, most=30, required=True, metadata={"label": "世帯の人数", "unit": "人"})
    prefecture = Line(
        required=True, shortest=1, longest=20, metadata={"label": "都道府県", "hint": "例 神奈川県"}
    )
    municipality = Line(
        required=True, shortest=1, longest=40, metadata={"label": "市町村", "hint": "例 座間市"}
    )
    main_earner = _known("世帯の生計を主に支えていたか")
    income = _yen("世帯の月収（額面・申請の月）", "本人と同じ世帯の人の給料、年金などの合計")
    savings = _yen("世帯の預貯金の合計")
    rent = _yen("家賃（共益費・管理費を除く）", most=2_000_000)


class RentEstimateSchema(HouseholdMoneySchema):
    """家賃補助の目安."""

    reason = Code(
        Reason, REASON_LABELS, required=True, metadata={"label": "理由", "kind": "radios"}
    )
    left_on = Day(
        load_default=None, allow_none=True, metadata={"label": "離職・廃業した日（最後に働いた日）"}
    )
    blocked_days = Whole(
        most=1461,
        load_default=0,
        metadata={
            "label": "病気や介護などで仕事を探せなかった日数",
            "unit": "日",
            "hint": "30日以上なら、2年の期限がその分のびます（最長4年）。",
        },
    )
    months_had = Whole(
        most=9, load_default=0, metadata={"label": "これまでに受けた月数", "unit": "か月"}
    )


class MovingLineSchema(BaseSchema):
    """One cost of the move, by its code in the table of covered costs."""

    code = Line(required=True, longest=40, metadata={"label": "費目", "kind": "select"})
    amount = _yen("金額")


class MovingEstimateSchema(HouseholdMoneySchema):
    """転居費用補助の目安. The ceiling is that of the municipality moved to."""

    reason = Code(
        Reason,
        MOVING_REASON_LABELS,
        required=True,
        validate=validate.OneOf([Reason.REDUCED, Reason.OTHER], error="選択肢から選んでください。"),
        metadata={"label": "理由", "kind": "radios"},
    )
    fell_on = Day(
        load_default=None, allow_none=True, metadata={"label": "収入が減った日（離職の日など）"}
    )
    to_prefecture = Line(load_default="", longest=20, metadata={"label": "引っ越し先の都道府県"})
    to_municipality = Line(
        load_default="",
        longest=40,
        metadata={
            "label": "引っ越し先の市町村",
            "hint": "空けておくと、いまの市町村の上限で見ます。",
        },
    )
    budget_advised = _known(
        "家計改善支援で、転居が家計の改善に要ると認められたか",
        "家計全体で支出が減ることを、家計改善支援などで見てもらいます。",
    )
    lines = fields.List(
        fields.Nested(MovingLineSchema),
        load_default=list,
        validate=validate.Length(max=30, error="30件までです。"),
        metadata={"label": "引っ越しにかかる費用"},
    )


class GrantSchema(BaseSchema):
    """A grant as the town decided it; the first one or an extension without a gap."""

    extends = fields.Boolean(load_default=False, metadata={"label": "前の支給の延長・再延長"})
    reason = Code(
        Reason,
        {Reason.LEFT: REASON_LABELS[Reason.LEFT], Reason.REDUCED: REASON_LABELS[Reason.REDUCED]},
        required=True,
        metadata={"label": "理由", "kind": "radios"},
    )
    starts_on = Day(
        required=True, metadata={"label": "支給の始まり", "hint": "月の初めの日。例 R8.12.1"}
    )
    months = Whole(
        least=1, most=3, load_default=3, metadata={"label": "月数", "unit": "か月", "initial": 3}
    )
    amount = _yen("1か月の額", most=2_000_000)
    paid_to = Line(
        load_default="", metadata={"label": "支払先", "hint": "例 架空不動産（貸主の代理）"}
    )
    decided_by = Line(
        load_default="", metadata={"label": "決めた窓口", "hint": "例 座間市生活援護課"}
    )
    decided_on = Day(load_default=None, allow_none=True, metadata={"label": "決定の日"})


class StopSchema(BaseSchema):
    """A grant that ends before its time."""

    version = Whole(required=True, least=1, metadata={"label": "版", "kind": "hidden"})
    stopped_on = Day(required=True, metadata={"label": "最後の日"})
    stopped_why = Line(
        required=True,
        shortest=1,
        longest=500,
        metadata={"label": "わけ", "hint": "例 就職して収入が目安を超えた"},
    )


class ActivitySchema(BaseSchema):
    """One activity."""

    kind = Code(
        ActivityKind,
        ACTIVITY_LABELS,
        required=True,
        metadata={"label": "したこと", "kind": "radios"},
    )
    on = Day(required=True, metadata={"label": "日にち"})
    note = Line(load_default="", metadata={"label": "メモ（任意）", "hint": "例 応募先、窓口"})


class TownRuleSchema(BaseSchema):
    """A municipality's own table, from its ordinance or notice."""

    prefecture = Line(required=True, shortest=1, longest=20, metadata={"label": "都道府県"})
    municipality = Line(required=True, shortest=1, longest=40, metadata={"label": "市町村"})
    valid_from = Day(required=True, earliest=date(2013, 12, 1), metadata={"label": "いつから"})
    p1 = Whole(required=True, least=1, most=1_000_000, metadata={"label": "1人", "unit": "円"})
    p2 = Whole(required=True, least=1, most=1_000_000, metadata={"label": "2人", "unit": "円"})
    p3 = Whole(required=True, least=1, most=1_000_000, metadata={"label": "3人", "unit": "円"})
    p4 = Whole(required=True, least=1, most=1_000_000, metadata={"label": "4人", "unit": "円"})
    p5 = Whole(required=True, least=1, most=1_000_000, metadata={"label": "5人", "unit": "円"})
    p6 = Whole(required=True, least=1, most=1_000_000, metadata={"label": "6人", "unit": "円"})
    p7 = Whole(required=True, least=1, most=1_000_000, metadata={"label": "7人以上", "unit": "円"})
    assets_times = Whole(
        least=1,
        most=24,
        load_default=6,
        metadata={"label": "預貯金の上限は基準額の何倍", "unit": "倍", "initial": 6},
    )
    assets_cap = Whole(
        most=10_000_000,
        load_default=1_000_000,
        metadata={"label": "預貯金の上限の最高額", "unit": "円", "initial": 1_000_000},
    )
    comparison = Code(
        Comparison,
        COMPARISON_LABELS,
        load_default=Comparison.UP_TO,
        metadata={"label": "収入の目安は", "kind": "radios", "initial": Comparison.UP_TO},
    )
    round_to = Whole(
        load_default=100,
        validate=validate.OneOf([1, 10, 100, 1000], error="1・10・100・1000 から選んでください。"),
        metadata={
            "label": "支給額の端数",
            "kind": "select",
            "initial": 100,
            "choices": [(1, "1円"), (10, "10円"), (100, "100円"), (1000, "1,000円")],
        },
    )
    rounding = fields.String(
        load_default="up",
        validate=validate.OneOf(list(ROUNDING_LABELS), error="選択肢から選んでください。"),
        metadata={
            "label": "端数の扱い",
            "kind": "select",
            "initial": "up",
            "choices": list(ROUNDING_LABELS.items()),
        },
    )
    certain = fields.Boolean(load_default=False, metadata={"label": "条例・要綱の原文で確かめた"})
    source = Line(
        required=True,
        shortest=1,
        longest=1000,
        metadata={"label": "出典", "hint": "例 ○○市住居確保給付金支給要綱（2026年4月1日）第4条"},
    )

    @validates_schema
    def _more_people_more(self, data: dict[str, Any], **kwargs: Any) -> None:
        """A table that falls with more people is a slip of the keyboard."""
        amounts = [data[f"p{n}"] for n in range(1, SIZES + 1)]
        for n, (fewer, more) in enumerate(pairwise(amounts), 2):
            if more < fewer:
                sentence = f"{n}人の額が{n - 1}人より少なくなっています。確かめてください。"
                raise ValidationError(sentence, field_name=f"p{n}")


# ------------------------------------------------------------------------------- answers


class ConditionAnswerSchema(BaseSchema):
    """One condition of a guide."""

    name = fields.String()
    verdict = fields.String()
    why = fields.String()


class EstimateAnswerSchema(BaseSchema):
    """A guide (目安), never a decision."""

    id = fields.Integer()
    kind = fields.String()
    rule_version = fields.String()
    made_on = fields.Date()
    verdict = fields.String()
    notice = fields.String()
    amount = fields.Integer(allow_none=True)
    conditions = fields.List(fields.Nested(ConditionAnswerSchema))
