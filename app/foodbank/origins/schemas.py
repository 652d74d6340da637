"""Who gave a lot and in which drive, put right; and how programs are told of it."""

from marshmallow import fields, validate

from app.forms import BaseSchema, Line, Ref, Whole

MOST = 50
"""So many lots of one sitting beside the one that was opened."""


class OriginSchema(BaseSchema):
    """The right donor and drive, and why; `also` are lots, 「12.1」 with their version, of the
    same slip.
    """

    version = Whole(required=True, metadata={"label": "版", "kind": "hidden"})
    donor = Line(
        load_default="",
        metadata={
            "label": "寄贈者",
            "hint": "空けておくと「寄贈者なし」。名簿にない名前は、新しい寄贈者になります",
        },
    )
    drive_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"label": "フードドライブ", "kind": "select", "blank": "フードドライブではない"},
    )
    reason = Line(required=True, shortest=1, metadata={"label": "直すわけ"})
    also = fields.List(
        Ref(),
        load_default=list,
        validate=validate.Length(max=MOST, error=f"一度に直せるのは{MOST}件までです。"),
        metadata={"label": "同じまちがいのロットも一緒に直す", "kind": "checkboxes"},
    )


class OriginCorrectionAnswerSchema(BaseSchema):
    """One correction; `told` is what the former donor had been told by then, in sentences."""

    id = fields.Integer()
    lot_id = fields.Integer()
    from_donor_id = fields.Integer(allow_none=True)
    to_donor_id = fields.Integer(allow_none=True)
    from_drive_id = fields.Integer(allow_none=True)
    to_drive_id = fields.Integer(allow_none=True)
    reason = fields.String()
    user_id = fields.Integer()
    created_at = fields.AwareDateTime(format="iso")
    told = fields.List(fields.String())
