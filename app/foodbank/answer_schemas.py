"""Stock, requests, parcels and hand-outs as the API tells them."""

from marshmallow import fields

from app.forms import BaseSchema


class BalanceAnswerSchema(BaseSchema):
    """How much lies where."""

    shelf_id = fields.Integer()
    shelf = fields.String(attribute="shelf.code")
    quantity = fields.Integer()


class LotAnswerSchema(BaseSchema):
    """A lot; `state` is its standing today, `offerable` whether it may be proposed at all."""

    id = fields.Integer()
    number = fields.String()
    item_id = fields.Integer()
    item_name = fields.String()
    food_group = fields.String()
    state = fields.String()
    offerable = fields.Boolean()
    quantity = fields.Integer()
    unit = fields.String()
    balances = fields.List(fields.Nested(BalanceAnswerSchema))
    date_kind = fields.String(allow_none=True)
    date_printed = fields.String()
    last_day = fields.Date(allow_none=True)
    storage = fields.String()
    jan = fields.String(allow_none=True)
    allergens = fields.List(fields.String())
    may_contain = fields.List(fields.String())
    allergens_known = fields.Boolean()
    allergen_source = fields.String()
    questions = fields.List(fields.Dict())
    received_on = fields.Date(allow_none=True)
    donor_id = fields.Integer(allow_none=True)
    drive_id = fields.Integer(allow_none=True)
    version = fields.Integer()
    maker = fields.String(allow_none=True)
    lot_code = fields.String(allow_none=True)
    weight_kg = fields.Float(allow_none=True)
    temperature = fields.Float(allow_none=True)
    condition = fields.String(allow_none=True)
    checks = fields.List(fields.String())
    checked_by = fields.String(allow_none=True)
    as_typed = fields.Dict()


class LotPageSchema(BaseSchema):
    """One page of lots."""

    total = fields.Integer()
    page = fields.Integer()
    items = fields.List(fields.Nested(LotAnswerSchema))


class ImportAnswerSchema(BaseSchema):
    """What an import did; `again` when this content had been taken in before."""

    id = fields.Integer()
    again = fields.Boolean()
    lots = fields.Integer()
    questions = fields.Integer()
    past = fields.Integer()
    skipped = fields.Integer()
    problems = fields.List(fields.String())


class RequestAnswerSchema(BaseSchema):
    """A request with its T1 snapshot; never a name."""

    id = fields.Integer()
    number = fields.String()
    code_name = fields.String()
    organisation_id = fields.Integer()
    days = fields.Integer()
    needed_on = fields.Date()
    pickup = fields.String()
    place = fields.String(allow_none=True)
    household = fields.Dict()
    state = fields.String()


class ProposedLineSchema(BaseSchema):
    """A line of a proposal and its safe equivalents."""

    lot_id = fields.Integer()
    shelf_id = fields.Integer()
    quantity = fields.Integer()
    name = fields.String()
    shelf = fields.String()
    weight_g = fields.Integer()
    reason = fields.String(attribute="sentence")
    last_day = fields.Date(allow_none=True)


class ProposalLineAnswerSchema(ProposedLineSchema):
    """The proposed choice with what could go in its place."""

    group = fields.String()
    swaps = fields.List(fields.Nested(ProposedLineSchema))


class CoverSchema(BaseSchema):
    """For how many days a food group lasts."""

    code = fields.String()
    label = fields.String()
    days = fields.Float()


class ProposalAnswerSchema(BaseSchema):
    """What the stock allows now."""

    lines = fields.List(fields.Nested(ProposalLineAnswerSchema))
    cover = fields.List(fields.Nested(CoverSchema))
    worst = fields.Nested(CoverSchema)
    weight_g = fields.Integer()
    notes = fields.List(fields.String())
    refused = fields.List(fields.Dict())
    rule_version = fields.String()


class ParcelLineAnswerSchema(BaseSchema):
    """A packed line."""

    id = fields.Integer()
    lot_id = fields.Integer()
    shelf_id = fields.Integer()
    quantity = fields.Integer()
    reason = fields.String()
    condition_seen = fields.String(allow_none=True)


class ParcelAnswerSchema(BaseSchema):
    """A parcel as packed."""

    id = fields.Integer()
    number = fields.String()
    request_id = fields.Integer()
    state = fields.String()
    weight_kg = fields.Float()
    days_covered = fields.Dict()
    notes = fields.List(fields.String())
    rule_version = fields.String()
    lines = fields.List(fields.Nested(ParcelLineAnswerSchema))


class HandOutAnswerSchema(BaseSchema):
    """The one hand-out of a parcel; `again` when it had been recorded before."""

    id = fields.Integer()
    parcel_id = fields.Integer()
    at = fields.AwareDateTime(format="iso")
    left_out = fields.List(fields.Integer())
    allergen_sheet = fields.Boolean()
    again = fields.Boolean()
