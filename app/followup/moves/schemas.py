"""Which visits go to whom or to which day, and what became of them."""

from marshmallow import fields, validate

from app.forms import BaseSchema, Day, Line, Ref, Whole

MOST = 100
"""So many visits in one act; a town's day has fewer."""
NONE_CHOSEN = "動かす訪問を選んでください。"


class OfferedSchema(BaseSchema):
    """Which visits to choose from: of a day, and of whoever goes to them (0: nobody yet)."""

    day = Day(load_default=None, allow_none=True, metadata={"label": "いつの訪問"})
    whose = Whole(
        load_default=None,
        allow_none=True,
        metadata={"label": "だれの訪問", "kind": "select", "blank": "みんな"},
    )


class MoveSchema(BaseSchema):
    """Visits, each by its `ref`, to somebody else, to another day, or both."""

    visits = fields.List(
        Ref(),
        required=True,
        validate=[
            validate.Length(min=1, error=NONE_CHOSEN),
            validate.Length(max=MOST, error=f"一度に動かせるのは{MOST}件までです。"),
        ],
        error_messages={"required": NONE_CHOSEN},
        metadata={"label": ""},
    )
    visitor_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"label": "だれが行く", "kind": "select", "blank": "人は変えない"},
    )
    on = Day(
        load_default=None,
        allow_none=True,
        metadata={"label": "いつ行く", "hint": "空けておくと、日は変えません。2週間先まで。"},
    )
    why = Line(load_default="", metadata={"label": "わけ（任意）", "hint": "例 担当が病気"})


class MoveLineAnswerSchema(BaseSchema):
    """One visit: who was to go on which day, who goes now, and why it stayed where it did."""

    check_in_id = fields.Integer()
    outcome = fields.String()
    from_visitor_id = fields.Integer(allow_none=True)
    from_on = fields.Date()
    to_visitor_id = fields.Integer(allow_none=True)
    to_on = fields.Date()


class MoveAnswerSchema(BaseSchema):
    """One act; `unseen` of the visits asked for are not there or not for the caller."""

    id = fields.Integer()
    visitor_id = fields.Integer(allow_none=True)
    on = fields.Date(allow_none=True)
    why = fields.String(allow_none=True)
    undoes_id = fields.Integer(allow_none=True)
    unseen = fields.Integer()
    lines = fields.List(fields.Nested(MoveLineAnswerSchema))
