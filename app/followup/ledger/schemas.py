"""The ledger as the API tells it."""

from marshmallow import fields

from app.forms import BaseSchema


class YearFiguresAnswerSchema(BaseSchema):
    """定期報告: a year in counts; `met`, `covered` and `silent` are check-ins whose day came."""

    households = fields.Integer()
    at_the_end = fields.Integer()
    attempts = fields.Integer()
    contacts = fields.Integer()
    visits = fields.Integer()
    met = fields.Integer()
    covered = fields.Integer()
    silent = fields.Integer()
    concerns = fields.Integer()
    link_ins = fields.Integer()


class HouseholdLedgerAnswerSchema(BaseSchema):
    """One household's six items, a line of text for each entry."""

    plan_id = fields.Integer()
    resident = fields.List(fields.String())
    price = fields.List(fields.String())
    anomalies = fields.List(fields.String())
    watching = fields.List(fields.String())
    link_ins = fields.List(fields.String())
    other_help = fields.List(fields.String())
    safe_days = fields.Integer()
    kept_until = fields.Date()


class LedgerAnswerSchema(BaseSchema):
    """A business year."""

    year = fields.Integer()
    figures = fields.Nested(YearFiguresAnswerSchema)
    households = fields.List(fields.Nested(HouseholdLedgerAnswerSchema))
