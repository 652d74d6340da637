"""What the pages and the API take and tell about homes."""

from decimal import Decimal

from marshmallow import ValidationError, fields, validate, validates_schema

from app.forms import BaseSchema, Code, Codes, Day, Line, Prose, Whole
from app.housing.codes import (
    ACCEPTANCE_LABELS,
    AVAILABLE_LABELS,
    GROUP_LABELS,
    GUARANTOR_RULE_LABELS,
    HOME_KIND_LABELS,
    HOME_STATE_LABELS,
    PET_RULE_LABELS,
    SUPPORT_LABELS,
    Acceptance,
    AvailableKind,
    GuarantorRule,
    HomeKind,
    HomeState,
    PetRule,
    Support,
)

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


class SquareMetres(fields.Decimal):
    """A floor area to two places."""

    def __init__(self, *, longest: int = 9_999, **kwargs: object) -> None:
        check = validate.Range(
            min=Decimal("0.01"), max=longest, error="0より大きい広さを入れてください（例 22.4）。"
        )
        super().__init__(places=2, allow_nan=False, validate=check, **kwargs)  # type: ignore[arg-type]


class VacancySchema(BaseSchema):
    """A new vacancy: four fields for a known building, three more for a new one."""

    property_id = Whole(
        least=1, load_default=None, allow_none=True, metadata={"label": "物件", "kind": "hidden"}
    )
    building = Line(load_default="", metadata={"label": "物件名"})
    municipality = Line(load_default="", metadata={"label": "市区町村", "hint": "例 座間市"})
    address = Line(load_default="", metadata={"label": "所在地", "hint": "町名と番地"})
    room = Line(required=True, shortest=1, longest=40, metadata={"label": "号室"})
    layout = Line(load_default="", longest=20, metadata={"label": "間取り", "hint": "1K、2DK など"})
    rent = Whole(
        required=True, least=1000, most=10_000_000, metadata={"label": "家賃", "unit": "円"}
    )
    available_from = Day(
        load_default=None,
        allow_none=True,
        metadata={"label": "入居できる日", "hint": "空欄は「すぐ入居できる」です"},
    )

    @validates_schema
    def building_known(self, data: dict[str, object], **_kwargs: object) -> None:
        """A building that is not chosen has to be described."""
        if data.get("property_id") is not None:
            return
        missing = [n for n in ("building", "municipality", "address") if not data.get(n)]
        if missing:
            raise ValidationError({name: ["入力してください。"] for name in missing})


class AcceptanceSchema(BaseSchema):
    """What a landlord says about one group."""

    answer = Code(
        Acceptance,
        ACCEPTANCE_LABELS,
        load_default=Acceptance.UNKNOWN,
        metadata={"label": "受け入れ", "initial": Acceptance.UNKNOWN},
    )
    conditions = Codes(
        Support, SUPPORT_LABELS, load_default=list, metadata={"label": "条件付きのときの条件"}
    )


AcceptancesSchema = BaseSchema.from_dict(
    {code.value: fields.Nested(AcceptanceSchema, load_default=dict) for code in GROUP_LABELS},
    name="AcceptancesSchema",
)


class HomeEditSchema(BaseSchema):
    """The main fields of a home, with the version that was on the screen."""

    version = Whole(required=True, least=1, metadata={"label": "版", "kind": "hidden"})
    kind = Code(HomeKind, HOME_KIND_LABELS, required=True, metadata={"label": "種類"})
    rent = Whole(required=True, least=0, most=10_000_000, metadata={"label": "家賃", "unit": "円"})
    fee = yen_field("共益費", most=1_000_000)
    deposit = yen_field("敷金", most=100_000_000)
    key_money = yen_field("礼金", most=100_000_000)
    layout = Line(load_default="", longest=20, metadata={"label": "間取り"})
    area = SquareMetres(
        load_default=None, allow_none=True, metadata={"label": "面積", "unit": "㎡"}
    )
    floor = Whole(
        least=-5,
        most=100,
        load_default=None,
        allow_none=True,
        metadata={"label": "階", "unit": "階"},
    )
    wheelchair = fields.Boolean(load_default=False, metadata={"label": "車いすで使える"})
    guarantor_rule = Code(
        GuarantorRule, GUARANTOR_RULE_LABELS, required=True, metadata={"label": "保証人"}
    )
    pet_rule = Code(PetRule, PET_RULE_LABELS, required=True, metadata={"label": "ペット"})
    available = Code(
        AvailableKind, AVAILABLE_LABELS, required=True, metadata={"label": "入居できる時期"}
    )
    available_from = Day(load_default=None, allow_none=True, metadata={"label": "入居できる日"})
    contact_phone = Line(load_default="", longest=40, metadata={"label": "連絡先", "kind": "tel"})
    remarks = Prose(load_default="", longest=2000, metadata={"label": "備考", "rows": 3})
    acceptance = fields.Nested(AcceptancesSchema, load_default=dict)

    @validates_schema
    def day_given(self, data: dict[str, object], **_kwargs: object) -> None:
        """A home free from a date needs the date."""
        if data.get("available") is AvailableKind.ON_DATE and data.get("available_from") is None:
            raise ValidationError({"available_from": ["日付を入れてください。"]})


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
    fee = fields.Integer(allow_none=True)
    deposit = fields.Integer(allow_none=True)
    key_money = fields.Integer(allow_none=True)
    layout = fields.String(allow_none=True)
    area = fields.Float(allow_none=True)
    floor = fields.Integer(allow_none=True)
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
