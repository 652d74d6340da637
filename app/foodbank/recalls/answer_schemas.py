"""Recalls as the API tells them."""

from marshmallow import fields

from app.forms import BaseSchema


class RecallAnswerSchema(BaseSchema):
    """A recall; figures only to its own food bank."""

    id = fields.Integer()
    number = fields.String()
    practice = fields.Boolean()
    state = fields.String()
    title = fields.String()
    danger = fields.String(allow_none=True)
    advice = fields.String(allow_none=True)
    version = fields.Integer()
    created_at = fields.AwareDateTime(format="iso")
    confirmed_at = fields.AwareDateTime(format="iso", allow_none=True)
    closed_at = fields.AwareDateTime(format="iso", allow_none=True)
    criteria = fields.Dict()
    figures = fields.Dict()


class FoundLotAnswerSchema(BaseSchema):
    """A lot a notice finds: `verdict` meant, perhaps, apart or null for one picked by hand."""

    lot_id = fields.Integer(attribute="lot.id")
    number = fields.String(attribute="lot.number")
    item_name = fields.String(attribute="lot.item.name")
    verdict = fields.String(allow_none=True)
    reasons = fields.List(fields.String(), attribute="judgement.reasons")
    on_shelf = fields.Integer()
    in_parcels = fields.Integer()
    households = fields.Function(lambda found: len(found.households))


class RecallPersonAnswerSchema(BaseSchema):
    """Somebody who got it, as deep as the asker may look; what may not be seen is not there."""

    id = fields.Integer()
    version = fields.Integer()
    state = fields.String()
    parcels = fields.List(fields.Dict())
    desk = fields.List(fields.String(allow_none=True))
    code_name = fields.String()
    request = fields.String()
    case_id = fields.Integer(allow_none=True)
    number = fields.String(allow_none=True)
    name = fields.String(allow_none=True)
    kana = fields.String(allow_none=True)
    phones = fields.List(fields.Dict())
