"""What the pages and the API take and tell about lists."""

from marshmallow import fields, validate

from app.forms import BaseSchema, Whole
from app.housing.lists.models import RowOutcome


class ImportRowsSchema(BaseSchema):
    """Which rows of a list are looked at."""

    show = fields.String(
        load_default="",
        validate=validate.OneOf(["", "questions", *(o.value for o in RowOutcome)]),
    )
    page = Whole(least=1, most=100_000, load_default=1)


class CouncilListAnswerSchema(BaseSchema):
    """What a list did, and every row a person has to look at."""

    id = fields.Integer()
    state = fields.String()
    file_name = fields.String()
    sha256 = fields.String()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    problems = fields.List(fields.Dict())
