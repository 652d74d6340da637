"""What a recall takes: the notice, what to look for, the lots, each call, who was told, the end."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from app.cases.needs.models import YesNoUnknown
from app.db import today
from app.foodbank.recalls.models import (
    FOOD_OUTCOME_LABELS,
    RECALL_RESULT_LABELS,
    FoodOutcome,
    RecallResult,
)
from app.foodbank.recalls.reading import date_range
from app.foodbank.scanning.jan import is_jan
from app.forms import BaseSchema, Code, Line, Prose, Whole
from app.japanese import narrow

MOST_LOTS = 500
MOST_WORDS = 50
UNWELL_LABELS = {
    YesNoUnknown.NO: "ない",
    YesNoUnknown.YES: "ある",
    YesNoUnknown.UNKNOWN: "聞いていない",
}
ADVICE = "食べずに、そのまま置いてください。こちらから受け取りに行くか、持ってきていただきます。"


class StartRecallSchema(BaseSchema):
    """A notice as pasted, or nothing yet; the lots are chosen on the next page."""

    notice = Prose(
        load_default="",
        longest=20_000,
        metadata={
            "label": "回収のお知らせ（貼り付け）",
            "hint": "メールやホームページの文を、そのまま貼り付けます。"
            "品名・JAN・記号・期限を拾い出します",
            "rows": 8,
        },
    )
    title = Line(
        load_default="",
        longest=100,
        metadata={"label": "見出し（任意）", "hint": "空なら、お知らせの品名を使います"},
    )
    source = Line(
        load_default="",
        metadata={"label": "知らせてきた人・ところ（任意）", "hint": "例 製造者、寄贈者"},
    )
    practice = fields.Boolean(
        load_default=False,
        metadata={"label": "訓練（在庫も箱も動かさず、時間だけをはかります）"},
    )
    lot_ids = fields.List(
        Whole(least=1),
        load_default=list,
        validate=validate.Length(max=MOST_LOTS, error=f"{MOST_LOTS}件までにしてください。"),
        metadata={"label": "対象のロット"},
    )


class Listed(Prose):
    """Words one a line, or with 、 between; sent as a list by programs."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            value = "\n".join(value)
        text = super()._deserialize(value, attr, data, **kwargs)
        words = list(dict.fromkeys(filter(None, (line.strip() for line in text.split("\n")))))
        if len(words) > MOST_WORDS:
            raise ValidationError(f"{MOST_WORDS}行までにしてください。")
        if any(len(word) > 200 for word in words):
            raise ValidationError("1行は200文字までにしてください。")
        return words


class CriteriaSchema(BaseSchema):
    """What to look for, as a person confirmed it."""

    version = Whole(required=True, metadata={"label": "版", "kind": "hidden"})
    names = Listed(load_default=list, metadata={"label": "品名", "hint": "1行に1つ", "rows": 2})
    jans = Listed(load_default=list, metadata={"label": "JAN", "hint": "1行に1つ", "rows": 2})
    lot_codes = Listed(
        load_default=list,
        metadata={"label": "製造ロットの記号", "hint": "1行に1つ。空なら全部の記号", "rows": 2},
    )
    dates = Listed(
        load_default=list,
        metadata={
            "label": "期限",
            "hint": "1行に1つ。範囲は ～ でつなぐ。空なら全部の期限",
            "rows": 2,
        },
    )
    makers = Listed(
        load_default=list,
        metadata={"label": "製造者", "hint": "空なら、どの製造者でも", "rows": 2},
    )

    @post_load
    def as_stored(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Codes without spaces, days read; what cannot be one is told at its field."""
        wrong: dict[str, list[str]] = {}
        jans = [narrow(jan).replace(" ", "").replace("-", "") for jan in data["jans"]]
        for jan in jans:
            if not is_jan(jan):
                words = f"JAN「{jan}」の検査数字が合いません。お知らせを見直してください。"
                wrong["jans"] = [words]
        ranges = [(text, date_range(text, today=today())) for text in data["dates"]]
        for text, found in ranges:
            if found is None:
                wrong["dates"] = [
                    f"「{text}」を期限として読めません。2028年3月31日、"
                    "2028.3.1～2028.3.31 のように入れてください。"
                ]
        if wrong:
            raise ValidationError(wrong)
        return data | {"jans": jans, "dates": [str(found) for _text, found in ranges]}


class ConfirmRecallSchema(BaseSchema):
    """These lots, for this reason, with these words to people."""

    lot_ids = fields.List(
        Whole(least=1),
        load_default=list,
        validate=validate.Length(
            min=1, max=MOST_LOTS, error="回収するロットを、1つ以上選んでください。"
        ),
        metadata={"label": "回収するロット", "kind": "checkboxes"},
    )
    danger = Line(
        required=True,
        shortest=1,
        longest=300,
        metadata={"label": "回収のわけ", "hint": "電話で伝える言葉で。例 金属片が入ったおそれ"},
    )
    advice = Line(
        required=True,
        shortest=1,
        longest=300,
        metadata={"label": "食べずにどうしてもらうか", "initial": ADVICE},
    )


class RecallResultSchema(BaseSchema):
    """One call, visit or letter."""

    version = Whole(required=True, metadata={"label": "版", "kind": "hidden"})
    result = Code(
        RecallResult,
        {c: words for c, words in RECALL_RESULT_LABELS.items() if c != RecallResult.TAKEN_BACK},
        required=True,
        validate=validate.NoneOf([RecallResult.TAKEN_BACK], error="結果を選び直してください。"),
        metadata={"label": "結果"},
    )
    food = Code(
        FoodOutcome,
        FOOD_OUTCOME_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "食べ物はどうなったか", "blank": "まだ聞いていない"},
    )
    unwell = Code(
        YesNoUnknown,
        UNWELL_LABELS,
        load_default=YesNoUnknown.UNKNOWN,
        metadata={
            "label": "体の具合の悪い人",
            "kind": "radios",
            "initial": YesNoUnknown.UNKNOWN,
        },
    )
    note = Prose(load_default="", longest=1000, metadata={"label": "メモ（任意）", "rows": 2})


class UndoSchema(BaseSchema):
    """One's own last result within ten minutes."""

    version = Whole(required=True, metadata={"label": "版", "kind": "hidden"})


class ToldSchema(BaseSchema):
    """A donor, maker or office was told."""

    told_name = Line(required=True, shortest=1, metadata={"label": "伝えた相手"})
    partner_id = Whole(
        least=1, load_default=None, allow_none=True, metadata={"label": "寄贈者", "kind": "hidden"}
    )
    how = Line(
        required=True,
        shortest=1,
        longest=300,
        metadata={"label": "どう伝え、何と言われたか", "hint": "例 電話。残り12個は引き取る"},
    )


class CloseRecallSchema(BaseSchema):
    """The end, with what is to be learned from it."""

    version = Whole(required=True, metadata={"label": "版", "kind": "hidden"})
    report = Prose(
        required=True,
        longest=5000,
        metadata={
            "label": "報告",
            "hint": "残った物をどうしたか、気づいたこと、次に変えること",
            "rows": 5,
        },
    )
    why_untold = Line(
        load_default="",
        longest=300,
        metadata={"label": "伝えられなかった世帯があるまま終えるわけ"},
    )
