"""Proposals as the API tells them."""

from marshmallow import fields

from app.forms import BaseSchema


class GoodsFitSchema(BaseSchema):
    """A thing for a need and the sentences about it."""

    item_id = fields.Integer()
    item = fields.String()
    said = fields.List(fields.String())


class GoodsProposalSchema(BaseSchema):
    """A need with the thing proposed, further ones, what to ask and what nearly fits."""

    need_id = fields.Integer()
    case_id = fields.Integer()
    kind = fields.String()
    importance = fields.String()
    due_on = fields.Date(allow_none=True)
    proposed = fields.Nested(GoodsFitSchema, allow_none=True)
    others = fields.List(fields.Nested(GoodsFitSchema))
    to_ask = fields.List(fields.Nested(GoodsFitSchema))
    near_misses = fields.List(fields.Nested(GoodsFitSchema))


class GoodsProposalsSchema(BaseSchema):
    """All open needs judged together; `not_judged` lie with whoever knows the household's place."""

    proposals = fields.List(fields.Nested(GoodsProposalSchema))
    not_judged = fields.List(fields.Integer())
