"""What the pages and the API take and tell about candidates."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate, validates, validates_schema

from app.db import today
from app.forms import BaseSchema, Codes, Day, Line, Whole
from app.housing.codes import SUPPORT_LABELS, Support
from app.housing.homes.inputs import Amount, SquareMetres

FLOORS = {
    "ground": "1階だけ",
    "ground_or_lift": "1階 または エレベーター",
    "second_or_lift": "2階まで または エレベーター",
    "any": "何階でもよい",
}


USUAL = "balanced"
PRESETS = {
    USUAL: "標準",
    "near": "近さ",
    "cheap": "安さ",
    "roomy": "広さ",
    "fresh": "空きの確かさ",
}
MOST_TOWNS = 50


class WhatIfSchema(BaseSchema):
    """Conditions tried on the spot; what is left out stays as recorded."""

    rent = Amount("家賃の上限", most=1_000_000)
    floor = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(list(FLOORS), error="階を選び直してください。"),
        metadata={
            "label": "階",
            "kind": "select",
            "choices": list(FLOORS.items()),
            "blank": "いまのまま",
        },
    )
    funds = Amount("用意できる初期費用", most=100_000_000)
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
    towns = fields.List(
        Line(longest=40, shortest=1),
        load_default=list,
        validate=validate.Length(max=MOST_TOWNS, error="市区町村は50までで選んでください。"),
        metadata={"label": "さがす市区町村を選び直す", "kind": "checkboxes", "folded_after": 4},
    )
    supports = Codes(
        Support, SUPPORT_LABELS, load_default=list, metadata={"label": "さらに用意できること"}
    )
    preset = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(list(PRESETS), error="重んじることを選び直してください。"),
        metadata={
            "label": "重んじること",
            "kind": "select",
            "choices": [one for one in PRESETS.items() if one[0] != USUAL],
            "blank": PRESETS[USUAL],
        },
    )

    @validates("move_by")
    def _not_past(self, value: date | None, data_key: str) -> None:
        """A day to come: nobody moves in yesterday."""
        if value is not None and value < today():
            raise ValidationError("きょうより前の日です。きょうからあとの日を入力してください。")

    @validates_schema(skip_on_field_errors=True)
    def _one_way_to_name_towns(self, data: dict[str, Any], **_more: Any) -> None:
        """Every town and some towns exclude each other."""
        if data.get("anywhere") and data.get("towns"):
            sentence = "「市区町村を問わない」か、市区町村を選ぶか、どちらかにしてください。"
            raise ValidationError({"towns": [sentence]})


class CandidatesPageSchema(BaseSchema):
    """Which group of the candidates is on the screen, which page of it, and what is ticked."""

    group = fields.String(
        load_default="fits", validate=validate.OneOf(["fits", "near", "unknown", "map"])
    )
    page = Whole(least=1, most=10, load_default=1)


class ChosenSchema(BaseSchema):
    """Homes somebody ticked, and the stored run they were read from."""

    home = fields.List(
        Whole(least=1, most=2**31 - 1),
        load_default=list,
        validate=validate.Length(max=100, error="住戸を選びすぎています。"),
    )
    run = Whole(least=1, most=2**31 - 1, load_default=None, allow_none=True)


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
