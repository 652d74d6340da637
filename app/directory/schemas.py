"""What the pages and the API take and tell about partners."""

from marshmallow import ValidationError, fields, validate

from app.directory.models import (
    EMERGENCY_RULE_LABELS,
    PARTNER_KIND_LABELS,
    EmergencyRule,
    PartnerKind,
)
from app.forms import BaseSchema, Code, Line, Prose, Whole, YesNo
from app.japanese import PHONE_NUMBER

SHOWN_KINDS = (PartnerKind.REALTOR, PartnerKind.GUARANTOR_COMPANY)
"""The kinds that have pages of their own."""

_SHOWN_LABELS = {kind: PARTNER_KIND_LABELS[kind] for kind in SHOWN_KINDS}


def without_number(name: str) -> None:
    """A name everybody reads holds no telephone number: those are for who phones."""
    if PHONE_NUMBER.search(name):
        raise ValidationError("電話番号は電話の欄に入れ、ここには名前だけを入力してください。")


SORTS = {"kana": "よみの順", "homes": "住戸の多い順"}


class PartnerFilterSchema(BaseSchema):
    """Which partners to list."""

    kind = Code(
        PartnerKind,
        _SHOWN_LABELS,
        load_default=PartnerKind.REALTOR,
        validate=validate.OneOf(SHOWN_KINDS, error="業者の種類を選び直してください。"),
        metadata={"label": "種類", "kind": "hidden"},
    )
    words = Line(load_default="", metadata={"label": "ことば", "hint": "名前・よみ・電話・担当"})
    sort = fields.String(
        load_default="kana",
        validate=validate.OneOf(SORTS, error="並べ方を選び直してください。"),
        metadata={"label": "並べ方", "kind": "select", "choices": list(SORTS.items())},
    )
    page = Whole(least=1, most=100_000, load_default=1)


class PartnerSchema(BaseSchema):
    """A realtor as typed."""

    version = Whole(
        least=0, load_default=0, metadata={"label": "版", "kind": "hidden", "initial": 0}
    )
    name = Line(
        required=True,
        shortest=1,
        validate=[without_number],
        metadata={"label": "名前", "hint": "例 ㈱架空ホーム"},
    )
    kana = Line(load_default="", metadata={"label": "よみ", "hint": "聞いたとおりに"})
    phone = Line(load_default="", longest=40, metadata={"label": "電話", "kind": "tel"})
    contact_person = Line(load_default="", metadata={"label": "担当の人"})
    contact_hours = Line(
        load_default="", metadata={"label": "連絡できる時間", "hint": "例 平日10〜17時、水曜休み"}
    )
    note = Prose(load_default="", longest=2000, metadata={"label": "メモ", "rows": 3})


class GuarantorCompanySchema(PartnerSchema):
    """A guarantor company: also what it asks and takes."""

    certified = YesNo(metadata={"label": "認定家賃債務保証業者"})
    without_guarantor = YesNo(
        yes="引き受ける", no="引き受けない", metadata={"label": "保証人なしで"}
    )
    emergency_rule = Code(
        EmergencyRule,
        EMERGENCY_RULE_LABELS,
        load_default=EmergencyRule.UNKNOWN,
        metadata={"label": "緊急連絡先", "initial": EmergencyRule.UNKNOWN},
    )
    first_fee_percent = fields.Decimal(
        places=1,
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 999, error="0以上999以下の数で入力してください。"),
        metadata={"label": "はじめの保証料の目安（家賃の）", "unit": "％", "inputmode": "decimal"},
    )
    monthly_fee = Whole(
        most=1_000_000,
        load_default=None,
        allow_none=True,
        metadata={"label": "毎月の保証料の目安", "unit": "円"},
    )


class PartnerAnswerSchema(BaseSchema):
    """A partner as the API tells it; the phone only to those who may call."""

    id = fields.Integer()
    kind = fields.String()
    name = fields.String()
    kana = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    homes = fields.Integer()
    version = fields.Integer()


class PartnerPageAnswerSchema(BaseSchema):
    """One page of partners."""

    items = fields.List(fields.Nested(PartnerAnswerSchema))
    total = fields.Integer()
    page = fields.Integer()
