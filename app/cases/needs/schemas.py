"""What the household needs from a home and from a parcel, and where it must not be brought."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from app.cases.needs.codes import (
    CHEWING_LABELS,
    EQUIPMENT_LABELS,
    FIRST_GROUPS,
    FORBIDDEN_FOOD_LABELS,
    HOUSEHOLD_GROUP_LABELS,
    SUPPORT_OFFER_LABELS,
    Equipment,
    ForbiddenFood,
    HouseholdGroup,
    SupportOffer,
)
from app.cases.needs.models import (
    EMERGENCY_CONTACT_LABELS,
    FLOOR_NEED_LABELS,
    RENT_BASIS_LABELS,
    YES_NO_UNKNOWN_LABELS,
    EmergencyContact,
    FloorNeed,
    RentBasis,
    YesNoUnknown,
)
from app.forms import BaseSchema, Code, Codes, Line, Prose, Whole
from app.forms import Day as DayField
from app.japanese import narrow


class Decimals(fields.Decimal):
    """A positive number with a few decimals, full-width digits understood; never NaN."""

    def __init__(self, *, places: int, most: int, **kwargs: Any) -> None:
        message = f"0より大きく{most:,}までの数で入力してください。"
        super().__init__(
            places=places,
            validate=validate.Range(0, most, min_inclusive=False, error=message),
            **kwargs,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        if isinstance(value, str):
            value = narrow(value).replace(",", "").removesuffix("kg").removesuffix("m2").strip()
            if len(value) > 20:
                raise self.make_error("too_large", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Names(fields.List[Any]):
    """A few names of places, typed in one line with 、 between them, or sent as a list."""

    def __init__(self, *, most: int = 20, **kwargs: Any) -> None:
        super().__init__(Line(longest=40, shortest=1), **kwargs)
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            joined = "、".join(value).replace(",", "、").replace("，", "、")
            value = [part.strip() for part in joined.split("、") if part.strip()]
        names = list(dict.fromkeys(super()._deserialize(value, attr, data, **kwargs)))
        if len(names) > self.most:
            raise ValidationError(f"{self.most}か所までにしてください。")
        return names


class AnchorSchema(BaseSchema):
    """A place the household goes to."""

    label = Line(
        required=True, shortest=1, metadata={"label": "何の場所か", "hint": "例 職場、病院、学校"}
    )
    address = Line(required=True, shortest=1, metadata={"label": "住所か駅・町の名前"})
    weight = Whole(least=1, most=5, load_default=1, metadata={"label": "大事さ（1〜5）"})


class HousingNeedSchema(BaseSchema):
    """住まいの希望. What is not known yet stays "not known" and excludes no home."""

    version = Whole(
        least=0, load_default=0, metadata={"label": "版", "kind": "hidden", "initial": 0}
    )
    people = Whole(
        least=1,
        most=30,
        load_default=None,
        allow_none=True,
        metadata={"label": "住む人数", "unit": "人"},
    )
    rent_basis = Code(
        RentBasis,
        RENT_BASIS_LABELS,
        required=True,
        metadata={"label": "家賃の考え方", "kind": "radios"},
    )
    agreed_rent = Whole(
        most=1_000_000,
        load_default=None,
        allow_none=True,
        metadata={"label": "話し合って決めた額（月）", "unit": "円"},
    )
    funds = Whole(
        most=100_000_000,
        load_default=None,
        allow_none=True,
        metadata={"label": "はじめの費用に出せる額", "unit": "円"},
    )
    move_by = DayField(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "いつまでに移りたいか",
        },
    )
    municipalities = Names(
        load_default=list,
        metadata={
            "label": "市町村",
            "kind": "text",
            "hint": "「、」で区切って。空けておくと、どこでもよいとして探します。",
        },
    )
    floor_need = Code(
        FloorNeed,
        FLOOR_NEED_LABELS,
        load_default=FloorNeed.UNKNOWN,
        metadata={"label": "階", "kind": "radios", "initial": FloorNeed.UNKNOWN},
    )
    wheelchair = Code(
        YesNoUnknown,
        YES_NO_UNKNOWN_LABELS,
        load_default=YesNoUnknown.NO,
        metadata={"label": "車いすを使う", "kind": "radios", "initial": YesNoUnknown.NO},
    )
    pet = Code(
        YesNoUnknown,
        YES_NO_UNKNOWN_LABELS,
        load_default=YesNoUnknown.NO,
        metadata={"label": "ペットがいる", "kind": "radios", "initial": YesNoUnknown.NO},
    )
    guarantor = Code(
        YesNoUnknown,
        YES_NO_UNKNOWN_LABELS,
        load_default=YesNoUnknown.UNKNOWN,
        metadata={"label": "保証人がいる", "kind": "radios", "initial": YesNoUnknown.UNKNOWN},
    )
    guarantor_company = fields.Boolean(
        load_default=True,
        metadata={"label": "保証会社を使ってもよい", "initial": True},
    )
    emergency_contact = Code(
        EmergencyContact,
        EMERGENCY_CONTACT_LABELS,
        load_default=EmergencyContact.UNKNOWN,
        metadata={
            "label": "緊急連絡先",
            "kind": "radios",
            "initial": EmergencyContact.UNKNOWN,
        },
    )
    groups = Codes(
        HouseholdGroup,
        HOUSEHOLD_GROUP_LABELS,
        load_default=list,
        metadata={
            "label": "貸主に受け入れを確かめること",
            "hint": "相談員だけが見ます。貸主には、同意の範囲でだけ伝えます。",
            "folded_after": len(FIRST_GROUPS),
        },
    )
    supports = Codes(
        SupportOffer,
        SUPPORT_OFFER_LABELS,
        load_default=list,
        metadata={"label": "こちらで用意できること"},
    )
    min_area = Decimals(
        places=2,
        most=1000,
        load_default=None,
        allow_none=True,
        metadata={"label": "広さの下限", "unit": "㎡"},
    )
    min_rooms = Whole(
        least=1,
        most=20,
        load_default=None,
        allow_none=True,
        metadata={"label": "部屋数の下限", "unit": "部屋"},
    )
    wishes = Prose(
        load_default="",
        metadata={
            "label": "そのほかの希望（本人の言葉で）",
            "hint": "相談員だけが見ます。",
            "rows": 4,
        },
    )
    anchors = fields.List(
        fields.Nested(AnchorSchema),
        load_default=list,
        validate=validate.Length(max=10, error="10か所までです。"),
        metadata={"label": "近いと助かる場所"},
    )


class StayAwaySchema(BaseSchema):
    """近づけない場所: the words are used once to find the point and are not kept."""

    address = Line(
        required=True,
        shortest=1,
        metadata={
            "label": "避ける場所の住所",
            "hint": "市町村から町名まで。この言葉は保存せず、どの画面にも紙にも出しません。",
        },
    )
    radius_m = Whole(
        required=True,
        least=100,
        most=100_000,
        metadata={"label": "どれだけ離れればよいか", "unit": "m", "initial": 2000},
    )


class FoodProfileSchema(BaseSchema):
    """食料の必要. An empty list of allergies counts only when somebody has asked."""

    version = Whole(
        least=0, load_default=0, metadata={"label": "版", "kind": "hidden", "initial": 0}
    )
    allergies_asked = fields.Boolean(
        load_default=False,
        metadata={
            "label": "アレルギーの有無を本人に確かめた",
            "hint": "確かめるまでは、アレルギーがあるものとして食品を選びます。",
        },
    )
    allergies = fields.List(
        Line(longest=40, shortest=1),
        load_default=list,
        validate=validate.Length(max=60, error="60までです。"),
        metadata={"label": "アレルギー", "kind": "checkboxes"},
    )
    equipment = Codes(
        Equipment,
        EQUIPMENT_LABELS,
        load_default=list,
        metadata={
            "label": "いま使える設備",
            "hint": "選ばないものは、使えないものとして食品を選びます。",
        },
    )
    forbidden = Codes(
        ForbiddenFood,
        FORBIDDEN_FOOD_LABELS,
        load_default=list,
        metadata={"label": "食べないもの（理由は聞きません）"},
    )
    chewing_class = Whole(
        least=1,
        most=4,
        load_default=None,
        allow_none=True,
        metadata={
            "label": "やわらかさ",
            "kind": "select",
            "choices": list(CHEWING_LABELS.items()),
            "hint": "ふつうの食事なら選びません。",
        },
    )
    carry_kg = Decimals(
        places=1,
        most=200,
        load_default=None,
        allow_none=True,
        metadata={
            "label": "一度に持てる重さ",
            "unit": "kg",
            "hint": "歩いて帰る高齢の方は5kgくらい",
        },
    )
    note = Line(load_default="", metadata={"label": "箱詰めの人への注意（任意）"})


class AnchorAnswerSchema(BaseSchema):
    """An anchor; without coordinates the words stand, and a person looks again."""

    label = fields.String()
    address = fields.String()
    latitude = fields.Float(allow_none=True)
    longitude = fields.Float(allow_none=True)
    weight = fields.Float()


class HousingNeedAnswerSchema(BaseSchema):
    """A housing need as far as the viewer may see."""

    version = fields.Integer()
    people = fields.Integer(allow_none=True)
    rent_basis = fields.String()
    agreed_rent = fields.Integer(allow_none=True)
    funds = fields.Integer(allow_none=True)
    move_by = fields.Date(allow_none=True)
    municipalities = fields.List(fields.String())
    floor_need = fields.String()
    wheelchair = fields.String()
    pet = fields.String()
    guarantor = fields.String()
    guarantor_company = fields.Boolean()
    emergency_contact = fields.String()
    groups = fields.List(fields.String())
    supports = fields.List(fields.String())
    min_area = fields.Decimal(as_string=True, allow_none=True)
    min_rooms = fields.Integer(allow_none=True)
    wishes = fields.String(allow_none=True)
    anchors = fields.List(fields.Nested(AnchorAnswerSchema))


class FoodProfileAnswerSchema(BaseSchema):
    """A food profile as far as the viewer may see."""

    version = fields.Integer()
    allergies = fields.List(fields.String())
    allergies_asked = fields.Boolean()
    equipment = fields.List(fields.String())
    forbidden = fields.List(fields.String())
    chewing_class = fields.Integer(allow_none=True)
    carry_kg = fields.Decimal(as_string=True, allow_none=True)
    note = fields.String(allow_none=True)
