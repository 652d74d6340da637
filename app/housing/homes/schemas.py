"""What the pages and the API take and tell about homes."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate, validates_schema

from app.directory.schemas import without_number
from app.forms import BaseSchema, Code, Codes, Day, Line, Prose, Whole, YesNo
from app.housing.codes import (
    ACCEPTANCE_LABELS,
    AVAILABLE_LABELS,
    CONTACT_RULE_LABELS,
    CONTRACT_KIND_LABELS,
    FITTING_LABELS,
    GAS_KIND_LABELS,
    GROUP_LABELS,
    GUARANTOR_RULE_LABELS,
    HOME_KIND_LABELS,
    HOME_STATE_LABELS,
    PET_RULE_LABELS,
    SUPPORT_LABELS,
    TRADE_KIND_LABELS,
    Acceptance,
    AvailableKind,
    ContactRule,
    ContractKind,
    Fitting,
    GasKind,
    GuarantorRule,
    HomeKind,
    HomeState,
    PetRule,
    Support,
    TradeKind,
)
from app.housing.homes.inputs import Amount, SquareMetres, is_negotiable, months_in_yen

SORTS = {
    "fresh": "空きの確認が新しい順",
    "rent": "家賃の安い順",
    "area": "広い順",
    "walk": "駅に近い順",
    "name": "物件名の順",
}


def yen_field(label: str, *, most: int) -> Whole:
    """An amount that may be left open."""
    return Whole(
        most=most, load_default=None, allow_none=True, metadata={"label": label, "unit": "円"}
    )


class HomeFilterSchema(BaseSchema):
    """Narrowing the list of homes."""

    state = Code(
        HomeState,
        HOME_STATE_LABELS,
        load_default=None,
        metadata={"label": "状態", "kind": "hidden"},
    )
    words = Line(load_default="", metadata={"label": "ことば", "hint": "物件名・町名・駅"})
    municipality = Line(load_default="", metadata={"label": "市区町村"})
    max_rent = Whole(
        most=10_000_000, load_default=None, metadata={"label": "家賃の上限", "unit": "円"}
    )
    layout = Line(load_default="", longest=20, metadata={"label": "間取り", "hint": "1K、2DK など"})
    to_confirm = fields.Boolean(load_default=False, metadata={"label": "確かめる住戸だけ"})
    sort = fields.String(
        load_default="fresh",
        validate=validate.OneOf(list(SORTS), error="並べ方を選び直してください。"),
        metadata={"label": "並べ方", "kind": "select", "choices": list(SORTS.items())},
    )
    page = Whole(least=1, most=100_000, load_default=1)


class RentSchema(BaseSchema):
    """A rent, or 「応談」 in its place: the landlord will talk about it, which is no amount."""

    rent = Amount("家賃", most=10_000_000, metadata={"hint": "41000、4.1万円、応談"})
    rent_negotiable = fields.Boolean(
        load_default=False, metadata={"label": "家賃は応相談", "kind": "hidden"}
    )

    @pre_load
    def rent_in_words(self, data: Any, **_kwargs: object) -> Any:
        """Take 「応談」 apart from an amount, whichever of the two was typed."""
        if not isinstance(data, dict) or "rent" not in data:
            return data
        if is_negotiable(data["rent"]):
            return {**data, "rent": None, "rent_negotiable": True}
        if data["rent"] not in (None, ""):
            return {**data, "rent_negotiable": False}
        return data


class VacancySchema(RentSchema):
    """A new vacancy: four fields for a known building, three more for a new one."""

    property_id = Whole(
        least=1, load_default=None, allow_none=True, metadata={"label": "物件", "kind": "hidden"}
    )
    building = Line(load_default="", metadata={"label": "物件名"})
    municipality = Line(load_default="", metadata={"label": "市区町村", "hint": "例 座間市"})
    address = Line(load_default="", metadata={"label": "所在地", "hint": "町名と番地"})
    room = Line(required=True, shortest=1, longest=40, metadata={"label": "号室"})
    layout = Line(load_default="", longest=20, metadata={"label": "間取り", "hint": "1K、2DK など"})
    available_from = Day(
        load_default=None,
        allow_none=True,
        metadata={"label": "入居できる日", "hint": "空欄は「すぐ入居できる」です"},
    )
    conditions_of = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"label": "同じ条件にする部屋", "kind": "hidden"},
    )

    @validates_schema
    def building_known(self, data: dict[str, Any], **_kwargs: object) -> None:
        """A building that is not chosen has to be described."""
        if data.get("property_id") is not None:
            return
        missing = [n for n in ("building", "municipality", "address") if not data.get(n)]
        if missing:
            raise ValidationError({name: ["入力してください。"] for name in missing})

    @validates_schema
    def rent_named(self, data: dict[str, Any], **_kwargs: object) -> None:
        """A vacancy has a rent, or is open to talk about one; 400 yen is a slip."""
        if data.get("rent_negotiable"):
            return
        if data.get("rent") is None:
            raise ValidationError(
                {"rent": ["家賃を入力してください。決まっていなければ「応談」と入れてください。"]}
            )
        if data["rent"] < LOWEST_RENT:
            raise ValidationError({"rent": [f"{LOWEST_RENT:,}円以上の月額を入力してください。"]})


class AcceptanceSchema(BaseSchema):
    """What a landlord says about one group; `as_typed` keeps the landlord's own words."""

    answer = Code(
        Acceptance,
        ACCEPTANCE_LABELS,
        load_default=Acceptance.UNKNOWN,
        metadata={"label": "受け入れ", "initial": Acceptance.UNKNOWN},
    )
    conditions = Codes(
        Support, SUPPORT_LABELS, load_default=list, metadata={"label": "条件付きのときの条件"}
    )
    as_typed = Line(load_default="", metadata={"label": "貸主の言葉のまま"})


AcceptancesSchema = BaseSchema.from_dict(
    {code.value: fields.Nested(AcceptanceSchema) for code in GROUP_LABELS},
    name="AcceptancesSchema",
)

LOWEST_RENT = 1_000
IN_MONTHS = ("deposit", "key_money", "deposit_kept", "renewal_fee", "agent_fee", "guarantee_fee")


def optional_code(codes: Any, labels: Any, label: str) -> Code:
    """A code that may be left open altogether."""
    return Code(codes, labels, load_default=None, allow_none=True, metadata={"label": label})


def optional_whole(label: str, unit: str, *, least: int = 0, most: int) -> Whole:
    """A count that may be left open."""
    return Whole(
        least=least,
        most=most,
        load_default=None,
        allow_none=True,
        metadata={"label": label, "unit": unit},
    )


class HomeEditSchema(RentSchema):
    """A home with all its fields, and the version that was on the screen."""

    version = Whole(required=True, least=1, metadata={"label": "版", "kind": "hidden"})
    kind = Code(HomeKind, HOME_KIND_LABELS, required=True, metadata={"label": "種類"})
    layout = Line(load_default="", longest=20, metadata={"label": "間取り"})
    area = SquareMetres(
        load_default=None, allow_none=True, metadata={"label": "面積", "unit": "㎡"}
    )
    floor = optional_whole("階", "階", least=-5, most=100)
    living_mats = fields.Decimal(
        places=1,
        load_default=None,
        allow_none=True,
        validate=validate.Range(
            0, 200, min_inclusive=False, error="0より大きい畳数を入れてください。"
        ),
        metadata={"label": "居室の広さ", "unit": "畳"},
    )
    facing = Line(load_default="", longest=20, metadata={"label": "向き", "hint": "南、南東 など"})
    wheelchair = YesNo(yes="使える", no="使えない", metadata={"label": "車いすで"})
    steps = optional_whole("道から玄関までの段差", "段", most=200)
    most_people = optional_whole("入居できる人数", "人まで", least=1, most=30)
    school_district = Line(load_default="", longest=80, metadata={"label": "小学校の学区"})

    fee = Amount("共益費・管理費", most=1_000_000)
    fee_included = fields.Boolean(load_default=False, metadata={"label": "共益費込み"})
    deposit = Amount("敷金", most=100_000_000, months=True, metadata={"hint": "なし、1か月 も可"})
    key_money = Amount("礼金", most=100_000_000, months=True, metadata={"hint": "なし、1か月 も可"})
    deposit_kept = Amount("償却・敷引", most=100_000_000, months=True)
    renewal_fee = Amount("更新料", most=10_000_000, months=True)
    renewal_office_fee = Amount("更新事務手数料", most=1_000_000)
    agent_fee = Amount("仲介手数料", most=10_000_000, months=True)
    insurance = Amount("火災保険", most=1_000_000)
    lock_change = Amount("鍵の交換", most=1_000_000)
    cleaning = Amount("退去時の清掃", most=10_000_000)
    prepaid_months = optional_whole("前家賃", "か月", most=12)
    free_months = optional_whole("フリーレント", "か月", most=12)

    available = Code(
        AvailableKind, AVAILABLE_LABELS, required=True, metadata={"label": "入居できる時期"}
    )
    available_from = Day(load_default=None, allow_none=True, metadata={"label": "入居できる日"})
    guarantor_rule = Code(
        GuarantorRule, GUARANTOR_RULE_LABELS, required=True, metadata={"label": "保証人"}
    )
    contact_rule = Code(
        ContactRule,
        CONTACT_RULE_LABELS,
        load_default=ContactRule.UNKNOWN,
        metadata={"label": "緊急連絡先"},
    )
    guarantor_company_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"label": "保証会社", "kind": "select"},
    )
    guarantee_fee = Amount("保証料（はじめ）", most=10_000_000, months=True)
    guarantee_monthly = Amount("保証料（毎月）", most=1_000_000)
    contract_kind = Code(
        ContractKind,
        CONTRACT_KIND_LABELS,
        load_default=ContractKind.UNKNOWN,
        metadata={"label": "契約の形"},
    )
    contract_months = optional_whole("契約の期間", "か月", least=1, most=600)
    trade = optional_code(TradeKind, TRADE_KIND_LABELS, "取引態様")

    pet_rule = Code(PetRule, PET_RULE_LABELS, required=True, metadata={"label": "ペット"})
    gas = Code(GasKind, GAS_KIND_LABELS, load_default=GasKind.UNKNOWN, metadata={"label": "ガス"})
    fittings = Codes(Fitting, FITTING_LABELS, load_default=list, metadata={"label": "設備"})

    agent = Line(
        load_default="",
        validate=[without_number],
        metadata={"label": "不動産業者", "hint": "登録がなければ、この名前で新しく登録します。"},
    )
    landlord = Line(
        load_default="",
        metadata={"label": "貸主", "hint": "登録がなければ、この名前で新しく登録します。"},
    )
    contact_phone = Line(load_default="", longest=40, metadata={"label": "連絡先", "kind": "tel"})
    remarks = Prose(load_default="", longest=2000, metadata={"label": "備考", "rows": 3})
    acceptance = fields.Nested(AcceptancesSchema, load_default=dict)

    @validates_schema
    def day_given(self, data: dict[str, object], **_kwargs: object) -> None:
        """A home free from a date needs the date."""
        if data.get("available") is AvailableKind.ON_DATE and data.get("available_from") is None:
            raise ValidationError({"available_from": ["日付を入れてください。"]})

    @post_load
    def in_yen(self, data: dict[str, Any], **_kwargs: object) -> dict[str, Any]:
        """Deposits and fees told in months of rent become yen."""
        return months_in_yen(data, IN_MONTHS)


class HomePatchSchema(HomeEditSchema):
    """Some fields of a home for the API; those left out stay as they are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "partial": True})

    @validates_schema
    def version_given(self, data: dict[str, object], **_kwargs: object) -> None:
        """Even a single field is changed on a version somebody has seen."""
        if data.get("version") is None:
            raise ValidationError({"version": ["いまの版の番号を送ってください。"]})


class AcceptanceAnswerSchema(BaseSchema):
    """One group's answer as the API tells it."""

    answer = fields.String()
    conditions = fields.List(fields.String())
    as_typed = fields.String(allow_none=True)


class HomeAnswerSchema(BaseSchema):
    """A home as the API tells it; never who stands behind a held or occupied one."""

    id = fields.Integer()
    name = fields.String()
    room = fields.String()
    state = fields.String()
    kind = fields.String()
    municipality = fields.String(allow_none=True)
    address = fields.String()
    rent = fields.Integer(allow_none=True)
    rent_negotiable = fields.Boolean()
    fee = fields.Integer(allow_none=True)
    deposit = fields.Integer(allow_none=True)
    key_money = fields.Integer(allow_none=True)
    layout = fields.String(allow_none=True)
    area = fields.Float(allow_none=True)
    floor = fields.Integer(allow_none=True)
    living_mats = fields.Float(allow_none=True)
    facing = fields.String(allow_none=True)
    wheelchair = YesNo(metadata={"description": "yes, no or unknown"})
    steps = fields.Integer(allow_none=True)
    most_people = fields.Integer(allow_none=True)
    school_district = fields.String(allow_none=True)
    gas = fields.String()
    fittings = fields.List(fields.String())
    fee_included = fields.Boolean()
    deposit_kept = fields.Integer(allow_none=True)
    renewal_fee = fields.Integer(allow_none=True)
    renewal_office_fee = fields.Integer(allow_none=True)
    agent_fee = fields.Integer(allow_none=True)
    guarantee_fee = fields.Integer(allow_none=True)
    guarantee_monthly = fields.Integer(allow_none=True)
    insurance = fields.Integer(allow_none=True)
    lock_change = fields.Integer(allow_none=True)
    cleaning = fields.Integer(allow_none=True)
    prepaid_months = fields.Integer(allow_none=True)
    free_months = fields.Integer(allow_none=True)
    contract_kind = fields.String()
    contract_months = fields.Integer(allow_none=True)
    trade = fields.String(allow_none=True)
    guarantor_rule = fields.String()
    guarantor_company_id = fields.Integer(allow_none=True)
    contact_rule = fields.String()
    pet_rule = fields.String()
    available = fields.String()
    available_from = fields.Date(allow_none=True)
    acceptance = fields.Dict(keys=fields.String(), values=fields.Nested(AcceptanceAnswerSchema))
    station = fields.String(allow_none=True)
    walk_minutes = fields.Integer(allow_none=True)
    confirmed_on = fields.Date(allow_none=True)
    missing_since = fields.Date(allow_none=True)
    version = fields.Integer()


class HomePageAnswerSchema(BaseSchema):
    """One page of homes."""

    items = fields.List(fields.Nested(HomeAnswerSchema))
    total = fields.Integer()
    page = fields.Integer()
