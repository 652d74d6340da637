"""Where food went, as the API tells it."""

from marshmallow import fields

from app.forms import BaseSchema


class WentAnswerSchema(BaseSchema):
    """So much of a lot in a parcel; `left_out` went back to its shelf at the table."""

    parcel_id = fields.Integer()
    parcel = fields.String()
    code_name = fields.String(allow_none=True)
    quantity = fields.Integer()
    left_out = fields.Boolean()
    handed_out_at = fields.AwareDateTime(format="iso", allow_none=True)
    condition_seen = fields.String(allow_none=True)
    allergen_sheet = fields.Boolean(allow_none=True)
