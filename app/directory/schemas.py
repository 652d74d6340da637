"""What the pages, the API and files take and tell about partners."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, pre_load, validate, validates_schema

from app.directory.codes import (
    NETWORK_STEP_LABELS,
    OFFER_LABELS,
    PARTNER_SYSTEM_LABELS,
    Offer,
    PartnerSystem,
)
from app.directory.models import (
    EMERGENCY_RULE_LABELS,
    PARTNER_KIND_LABELS,
    EmergencyRule,
    PartnerKind,
)
from app.forms import BaseSchema, Code, Codes, Day, Line, Prose, Whole, YesNo
from app.japanese import PHONE_NUMBER, narrow, postal_code

MOST_ROWS = 60


def without_number(name: str) -> None:
    """A name everybody reads holds no telephone number: those are for who phones."""
    if PHONE_NUMBER.search(name):
        raise ValidationError("電話番号は電話の欄に入れ、ここには名前だけを入力してください。")


class Dial(Line):
    """A telephone number or extension as typed, in narrow digits; never computed with."""

    def __init__(self, *, longest: int = 40, **kwargs: Any) -> None:
        super().__init__(longest=longest, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return narrow(super()._deserialize(value, attr, data, **kwargs)).strip()


class Postal(Line):
    """A postal code, as 252-0021 whatever way it was typed; blank is allowed."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        code = postal_code(text) if text else ""
        if code is None:
            raise ValidationError("郵便番号を7けたの数字で入力してください（例 252-0021）。")
        return code


_EMAIL = validate.Regexp(
    r"(?:[^@\s]+@[^@\s]+\.[^@\s]+)?\Z", error="メールの形で入力してください（例 a@example.jp）。"
)
_WEB = validate.Regexp(
    r"(?:https?://[^\s<>\"]+)?\Z", error="http:// か https:// から始まる形で入力してください。"
)

SORTS = {"kana": "よみの順", "homes": "住戸の多い順", "checked": "確かめた日の古い順"}


class PartnerFilterSchema(BaseSchema):
    """Which partners to list."""

    kind = Code(
        PartnerKind,
        PARTNER_KIND_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "種類", "kind": "hidden"},
    )
    system = Code(
        PartnerSystem,
        PARTNER_SYSTEM_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "制度", "blank": "すべての制度"},
    )
    offer = Code(
        Offer,
        OFFER_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "してくれること", "blank": "すべて"},
    )
    words = Line(load_default="", metadata={"label": "ことば", "hint": "名前・すること・電話"})
    sort = fields.String(
        load_default="kana",
        validate=validate.OneOf(SORTS, error="並べ方を選び直してください。"),
        metadata={"label": "並べ方", "kind": "select", "choices": list(SORTS.items())},
    )
    ended = fields.Boolean(load_default=False, metadata={"label": "いまはない相手も"})
    page = Whole(least=1, most=100_000, load_default=1)


class RowSchema(BaseSchema):
    """A row of a form, with the number it travels with."""

    uuid = fields.UUID(
        load_default=None,
        allow_none=True,
        error_messages={"invalid_uuid": "この行の番号を読み取れません。"},
        metadata={"kind": "hidden"},
    )

    @pre_load
    def _drop_nulls(self, data: Any, **_kwargs: Any) -> Any:
        return _without_nulls(data)


class PartnerContactSchema(RowSchema):
    """Somebody to ask for, or a counter without a name."""

    name = Line(load_default="", metadata={"label": "名前"})
    role = Line(load_default="", metadata={"label": "役割"})
    phone = Dial(load_default="", metadata={"label": "電話", "kind": "tel"})
    extension = Dial(load_default="", metadata={"label": "内線"})
    best_time = Line(load_default="", metadata={"label": "つながりやすい時間"})

    @validates_schema
    def _somebody(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if not (data["name"] or data["role"] or data["phone"]):
            raise ValidationError("名前・役割・電話のどれかを入力してください。", "name")


class PartnerServiceSchema(RowSchema):
    """One thing a partner does for people."""

    offer = Code(
        Offer,
        OFFER_LABELS,
        required=True,
        metadata={"label": "何を", "blank": "選んでください"},
        error_messages={"required": "「何を」を選んでください。"},
    )
    name = Line(
        required=True, shortest=1, validate=[without_number], metadata={"label": "すること"}
    )
    for_whom = Line(
        load_default="", longest=1000, validate=[without_number], metadata={"label": "だれに"}
    )
    how_to_apply = Line(load_default="", longest=1000, metadata={"label": "申し込み方"})
    fee = Line(load_default="", validate=[without_number], metadata={"label": "費用"})
    languages = Line(load_default="", metadata={"label": "ことば（言語）"})


class PartnerStepsSchema(BaseSchema):
    """The day of each step by which working together was built up."""

    heads_told, desk_visited, troubles_heard, one_shared, first_one = (
        Day(load_default=None, allow_none=True, metadata={"label": label})
        for label in NETWORK_STEP_LABELS.values()
    )


def _rows(schema: type[BaseSchema], label: str) -> fields.List[Any]:
    return fields.List(
        fields.Nested(schema),
        load_default=list,
        validate=validate.Length(max=MOST_ROWS, error=f"{MOST_ROWS}行までにしてください。"),
        metadata={"label": label},
    )


class PartnerSchema(BaseSchema):
    """A partner as typed."""

    version = Whole(
        least=0, load_default=0, metadata={"label": "版", "kind": "hidden", "initial": 0}
    )
    name = Line(
        required=True,
        shortest=1,
        validate=[without_number],
        metadata={"label": "名前", "hint": "課や団体の名前をそのまま（例 収納課、㈱架空ホーム）"},
    )
    kana = Line(load_default="", metadata={"label": "よみ", "hint": "聞いたとおりに"})
    parent_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"label": "属する組織", "kind": "select", "blank": "なし", "choices": []},
    )
    does = Line(
        load_default="",
        longest=1000,
        validate=[without_number],
        metadata={
            "label": "ひとことで",
            "hint": "何のときに頼る相手か（例 税の分納と差押えの相談）",
        },
    )
    systems = Codes(
        PartnerSystem,
        PARTNER_SYSTEM_LABELS,
        load_default=list,
        metadata={"label": "関わる制度", "hint": "国の連携通知にある17の制度から"},
    )
    phone = Dial(load_default="", metadata={"label": "代表の電話", "kind": "tel"})
    contact_hours = Line(
        load_default="",
        metadata={"label": "開いている時間", "hint": "例 平日8時30分〜17時15分、水曜休み"},
    )
    fax = Dial(load_default="", metadata={"label": "ファクス", "kind": "tel"})
    email = Line(
        load_default="",
        validate=[_EMAIL],
        metadata={"label": "メール", "inputmode": "email"},
    )
    web = Line(
        load_default="",
        longest=1000,
        validate=[_WEB],
        metadata={"label": "ホームページ", "inputmode": "url"},
    )
    office = Line(load_default="", metadata={"label": "窓口", "hint": "例 市役所2階 5番窓口"})
    postal_code = Postal(load_default="", metadata={"label": "郵便番号", "inputmode": "numeric"})
    address = Line(load_default="", metadata={"label": "住所"})
    contacts = _rows(PartnerContactSchema, "担当")
    services = _rows(PartnerServiceSchema, "すること")
    steps = fields.Nested(PartnerStepsSchema, load_default=dict, metadata={"label": "歩み"})
    troubles = Prose(
        load_default="",
        longest=2000,
        metadata={
            "label": "相手が困っていること",
            "rows": 2,
            "hint": "例 滞納の相談が長引く、頼れる家族がいない人の手続き",
        },
    )
    note = Prose(load_default="", longest=2000, metadata={"label": "メモ", "rows": 3})
    checked_on = Day(
        load_default=None,
        allow_none=True,
        metadata={"label": "内容を確かめた日"},
    )
    active = fields.Boolean(
        load_default=True, metadata={"label": "いまもある相手", "initial": True}
    )

    @pre_load
    def _drop_blank_rows(self, data: Any, **_kwargs: Any) -> Any:
        """A row emptied by hand is a row taken away; its hidden number does not keep it."""
        if not isinstance(data, Mapping):
            return data
        kept = _without_nulls(data)
        for name in ("contacts", "services"):
            if isinstance(kept.get(name), list):
                kept[name] = [row for row in kept[name] if not _blank(row)]
        return kept

    @validates_schema
    def _rows_differ(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        for name in ("contacts", "services"):
            numbers = [row["uuid"] for row in data.get(name, ()) if row["uuid"] is not None]
            if len(numbers) != len(set(numbers)):
                raise ValidationError("同じ番号の行が二つあります。", name)


def _without_nulls(data: Any) -> Any:
    """What a program read as null it may send back: it says as little as leaving it out."""
    if not isinstance(data, Mapping):
        return data
    return {name: value for name, value in data.items() if value is not None}


def _blank(row: Any) -> bool:
    return isinstance(row, Mapping) and not any(
        value.strip() if isinstance(value, str) else value is not None
        for name, value in row.items()
        if name != "uuid"
    )


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


def schema_of(kind: PartnerKind) -> PartnerSchema:
    """The schema of a kind of partner, the same for pages, programs and files."""
    return GuarantorCompanySchema() if kind is PartnerKind.GUARANTOR_COMPANY else PartnerSchema()


# ----------------------------------------------------------------------------------- the API


class PartnerBodySchema(GuarantorCompanySchema):
    """A partner of any kind as a program sends it; a guarantor's terms are a guarantor's alone."""

    kind = Code(PartnerKind, PARTNER_KIND_LABELS, required=True)

    @validates_schema(skip_on_field_errors=True)
    def _terms(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if data["kind"] is PartnerKind.GUARANTOR_COMPANY:
            return
        said = (
            "certified",
            "without_guarantor",
            "first_fee_percent",
            "monthly_fee",
        )
        for name in said:
            if data.get(name) is not None:
                raise ValidationError("家賃債務保証会社だけの項目です。外してください。", name)


class PartnerContactAnswerSchema(BaseSchema):
    """Whom to ask for, as the API tells it."""

    uuid = fields.String()
    name = fields.String(allow_none=True)
    role = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    extension = fields.String(allow_none=True)
    best_time = fields.String(allow_none=True)


class PartnerServiceAnswerSchema(BaseSchema):
    """What a partner does, as the API tells it."""

    uuid = fields.String()
    offer = fields.String()
    name = fields.String()
    for_whom = fields.String(allow_none=True)
    how_to_apply = fields.String(allow_none=True)
    fee = fields.String(allow_none=True)
    languages = fields.String(allow_none=True)


class PartnerAnswerSchema(BaseSchema):
    """A partner as the API tells it; what the asker may not see is null."""

    id = fields.Integer()
    uuid = fields.String()
    kind = fields.String()
    name = fields.String()
    kana = fields.String(allow_none=True)
    parent_id = fields.Integer(allow_none=True)
    parent = fields.String(allow_none=True)
    systems = fields.List(fields.String())
    does = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    fax = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    web = fields.String(allow_none=True)
    office = fields.String(allow_none=True)
    postal_code = fields.String(allow_none=True)
    address = fields.String(allow_none=True)
    contact_hours = fields.String(allow_none=True)
    contacts = fields.List(fields.Nested(PartnerContactAnswerSchema), allow_none=True)
    services = fields.List(fields.Nested(PartnerServiceAnswerSchema))
    steps = fields.Dict(keys=fields.String(), values=fields.Date(), allow_none=True)
    troubles = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    active = fields.Boolean()
    checked_on = fields.Date(allow_none=True)
    certified = fields.Boolean(allow_none=True)
    without_guarantor = fields.Boolean(allow_none=True)
    emergency_rule = fields.String()
    first_fee_percent = fields.Decimal(places=1, as_string=True, allow_none=True)
    monthly_fee = fields.Integer(allow_none=True)
    homes = fields.Integer(allow_none=True)
    version = fields.Integer()


class PartnerPageAnswerSchema(BaseSchema):
    """One page of partners."""

    items = fields.List(fields.Nested(PartnerAnswerSchema))
    total = fields.Integer()
    page = fields.Integer()
