"""The form for a new calendar address."""

from marshmallow import Schema, fields

from app.forms import Line


class FeedSchema(Schema):
    """What a new address is for."""

    label = Line(
        required=True,
        metadata={
            "label": "どこで見ますか",
            "hint": "例：仕事用の携帯。あとで止めるときの目印です。",
        },
    )
    with_names = fields.Boolean(
        load_default=False,
        metadata={
            "label": "世帯の呼び名も入れる",
            "hint": "カレンダーの会社にも渡り、画面をロックしていても見えることがあります。"
            "居場所を隠している世帯は、番号だけです。",
        },
    )
