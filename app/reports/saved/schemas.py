"""The form of a view somebody comes back to; the API takes and gives the same."""

from marshmallow import fields, validate

from app.forms import BaseSchema, Code, Line, Whole
from app.reports.codes import PERIOD_LABELS, SENDS_LABELS, RelativePeriod, Sends

LONGEST_NAME = 40
MOST_PARTS = 40


class ReportViewSchema(BaseSchema):
    """What is kept under a name."""

    name = Line(
        required=True,
        shortest=1,
        longest=LONGEST_NAME,
        metadata={
            "label": "名前",
            "hint": "例：市長への月の報告。世帯の名前は書かないでください。",
        },
    )
    organisation_id = Whole(
        required=True,
        least=1,
        metadata={"label": "組織", "kind": "select", "blank": "選んでください"},
    )
    period = Code(RelativePeriod, PERIOD_LABELS, required=True, metadata={"label": "期間"})
    parts = fields.List(  # which there are is looked up by the service
        Line(longest=40),
        load_default=list,
        validate=validate.Length(max=MOST_PARTS, error="選択が多すぎます。"),
        metadata={
            "label": "見る部分",
            "kind": "checkboxes",
            "hint": "何も選ばないと、全部を開きます。",
        },
    )
    sends = Code(
        Sends,
        SENDS_LABELS,
        load_default=Sends.NEVER,
        metadata={
            "label": "メールで知らせる",
            "kind": "radios",
            "hint": "数字そのものは送らず、見られるようになったことと、開くリンクだけを送ります。",
        },
    )
    day_of_month = Whole(
        least=1,
        most=28,
        load_default=None,
        allow_none=True,
        metadata={
            "label": "毎月の何日か",
            "unit": "日",
            "hint": "毎月のときだけ。1〜28日。土日・祝日のときは、次の平日に送ります。",
        },
    )
    version = Whole(least=0, load_default=0, metadata={"label": "版", "kind": "hidden"})


class ReportViewActSchema(BaseSchema):
    """The version somebody saw before deleting or bringing back."""

    version = Whole(least=1, required=True, metadata={"label": "版", "kind": "hidden"})


class ReportViewAnswerSchema(BaseSchema):
    """A view as programs are told of it; `opens` is the page it means today."""

    id = fields.Integer()
    version = fields.Integer()
    name = fields.String()
    organisation_id = fields.Integer()
    period = fields.String()
    parts = fields.List(fields.String())
    sends = fields.String()
    day_of_month = fields.Integer(allow_none=True)
    opens = fields.String()
