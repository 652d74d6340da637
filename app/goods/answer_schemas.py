"""Things, deeds and measures as the API tells them; null is not known or not for this caller."""

from marshmallow import fields

from app.api import PageSchema
from app.forms import BaseSchema, Whole
from app.goods.items.schemas import ItemFilterSchema
from app.goods.measures.schemas import MeasuresSchema


class GoodsItemAnswerSchema(BaseSchema):
    """A thing; sizes in cm, weight in kg."""

    id = fields.Integer()
    number = fields.String()
    kind = fields.String()
    label = fields.String()
    maker = fields.String(allow_none=True)
    model = fields.String(allow_none=True)
    width_cm = fields.Integer(allow_none=True)
    depth_cm = fields.Integer(allow_none=True)
    height_cm = fields.Integer(allow_none=True)
    weight_kg = fields.Integer(allow_none=True)
    dismantles = fields.Boolean(allow_none=True)
    upright = fields.Boolean(allow_none=True)
    gas = fields.String()
    voltage = fields.String()
    made_year = fields.Integer(allow_none=True)
    safety = fields.String()
    safety_on = fields.Date(allow_none=True)
    recall = fields.String()
    recall_on = fields.Date(allow_none=True)
    condition = fields.String()
    note = fields.String(allow_none=True)
    window_from = fields.Date(allow_none=True)
    window_until = fields.Date(allow_none=True)
    carrier = fields.String()
    state = fields.String()
    shelf = fields.String(allow_none=True)
    donor = fields.String(allow_none=True)
    donor_address = fields.String(allow_none=True)
    reserved = fields.Boolean()
    reserved_until = fields.Date(allow_none=True)
    reserved_need = fields.String(allow_none=True)
    case_number = fields.String(allow_none=True)
    hand_over_at = fields.String(allow_none=True)
    version = fields.Integer()


class GoodsPageSchema(ItemFilterSchema, PageSchema):
    """Which things, and which page of them."""


class GoodsListSchema(BaseSchema):
    """One page of things."""

    items = fields.List(fields.Nested(GoodsItemAnswerSchema))
    total = fields.Integer()
    page = fields.Integer()


class HomeMeasuresAnswerSchema(MeasuresSchema):
    """The measures of the home a placement is for, in cm; version 0 before anybody measured."""

    home_id = Whole(least=1)
    measured_on = fields.Date(allow_none=True)
