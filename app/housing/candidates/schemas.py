"""What the pages and the API take and tell about candidates."""

from marshmallow import fields, validate

from app.forms import BaseSchema, Codes, Day, Whole
from app.housing.codes import SUPPORT_LABELS, Support
from app.housing.homes.inputs import SquareMetres
from app.housing.homes.schemas import yen_field

FLOORS = {
    "ground": "1階だけ",
    "ground_or_lift": "1階 または エレベーター",
    "second_or_lift": "2階まで または エレベーター",
    "any": "何階でもよい",
}


class WhatIfSchema(BaseSchema):
    """Conditions tried on the spot; what is left out stays as recorded."""

    rent = yen_field("家賃の上限", most=1_000_000)
    floor = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(list(FLOORS), error="階を選び直してください。"),
        metadata={"label": "階", "kind": "select", "choices": list(FLOORS.items())},
    )
    funds = yen_field("用意できる初期費用", most=100_000_000)
    move_by = Day(load_default=None, allow_none=True, metadata={"label": "入居の期限"})
    min_area = SquareMetres(
        load_default=None, allow_none=True, metadata={"label": "広さの下限", "unit": "㎡"}
    )
    min_rooms = Whole(
        most=20,
        load_default=None,
        allow_none=True,
        metadata={"label": "部屋数の下限", "unit": "部屋"},
    )
    anywhere = fields.Boolean(load_default=False, metadata={"label": "市区町村を問わない"})
    supports = Codes(
        Support, SUPPORT_LABELS, load_default=list, metadata={"label": "さらに用意できること"}
    )


class CandidatesPageSchema(BaseSchema):
    """Which group of the candidates is on the screen."""

    group = fields.String(
        load_default="fits", validate=validate.OneOf(["fits", "near", "unknown", "map"])
    )


class MatchAnswerSchema(BaseSchema):
    """A ranking in words: homes that fit, nearly fit, or are not known yet, and what would help."""

    id = fields.Integer()
    case_id = fields.Integer()
    rule_version = fields.String()
    run_on = fields.Date()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    fits = fields.List(fields.Dict())
    near = fields.List(fields.Dict())
    not_known = fields.List(fields.Dict(), data_key="unknown")
    questions = fields.List(fields.Dict())
    excluded = fields.List(fields.String())
    what_ifs = fields.List(fields.Dict())


class PauseAnswerSchema(BaseSchema):
    """A home, or every home of one guarantor company, kept out of a household's candidates."""

    id = fields.Integer()
    home_id = fields.Integer(allow_none=True)
    company_id = fields.Integer(allow_none=True)
    cause = fields.String()
    group = fields.String(allow_none=True)
    detail = fields.String(allow_none=True)
    until = fields.Date()
    ended_at = fields.DateTime(allow_none=True)
