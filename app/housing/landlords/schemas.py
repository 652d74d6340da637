"""What is typed about landlords and about what was said with them."""

from marshmallow import ValidationError, fields, validate, validates_schema

from app.forms import BaseSchema, Code, Codes, Day, Line, Prose, Whole
from app.housing.landlords.codes import (
    CONTACT_KIND_LABELS,
    CONTACT_WAY_LABELS,
    PREFERRED_WAY_LABELS,
    REASSURANCE_LABELS,
    WORRY_LABELS,
    ContactKind,
    ContactWay,
    PreferredWay,
    Reassurance,
    Worry,
)

SORTS = {"kana": "よみの順", "homes": "住戸の多い順"}


class LandlordFilterSchema(BaseSchema):
    """Narrowing the list of landlords."""

    words = Line(load_default="", metadata={"label": "ことば", "hint": "名前・よみ・電話"})
    sort = fields.String(
        load_default="kana",
        validate=validate.OneOf(SORTS, error="並べ方を選び直してください。"),
        metadata={"label": "並べ方", "kind": "select", "choices": list(SORTS.items())},
    )
    page = Whole(least=1, most=100_000, load_default=1)


class LandlordSchema(BaseSchema):
    """A landlord as told; what nobody said stays open."""

    version = Whole(
        least=0, load_default=0, metadata={"label": "版", "kind": "hidden", "initial": 0}
    )
    name = Line(required=True, shortest=1, metadata={"label": "名前"})
    kana = Line(load_default="", metadata={"label": "よみ", "hint": "聞いたとおりに"})
    phone = Line(load_default="", longest=40, metadata={"label": "電話", "kind": "tel"})
    email = Line(
        load_default="",
        validate=[
            validate.Regexp(
                r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$", error="メールアドレスの形を確かめてください。"
            )
        ],
        metadata={"label": "メール", "kind": "email"},
    )
    contact_hours = Line(
        load_default="", metadata={"label": "連絡できる時間", "hint": "例 夕方6時以後、土日は不可"}
    )
    preferred_way = Code(
        PreferredWay,
        PREFERRED_WAY_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "希望の連絡方法"},
    )
    do_not = Line(
        load_default="",
        longest=500,
        metadata={
            "label": "連絡するときにしてはいけないこと",
            "hint": "例 職場へかけない、家族に用件を話さない",
        },
    )
    worries = Codes(Worry, WORRY_LABELS, load_default=list, metadata={"label": "心配なこと"})
    worry_note = Line(
        load_default="", longest=500, metadata={"label": "心配なこと（貸主の言葉で）"}
    )
    reassured_by = Codes(
        Reassurance,
        REASSURANCE_LABELS,
        load_default=list,
        metadata={"label": "安心につながったこと"},
    )
    note = Prose(
        load_default="",
        longest=2000,
        metadata={
            "label": "メモ",
            "rows": 3,
            "hint": "入居した人・相談中の人のことは書かないでください。",
        },
    )


class LandlordContactSchema(BaseSchema):
    """One entry of a landlord's log."""

    kind = Code(
        ContactKind,
        CONTACT_KIND_LABELS,
        load_default=ContactKind.CONTACT,
        metadata={"label": "何の記録か", "kind": "radios", "initial": ContactKind.CONTACT},
    )
    way = Code(ContactWay, CONTACT_WAY_LABELS, required=True, metadata={"label": "方法"})
    on_day = Day(required=True, metadata={"label": "日付"})
    text = Prose(
        required=True,
        longest=2000,
        metadata={
            "label": "話したこと",
            "rows": 3,
            "hint": "相談者の名前や事情は書かず、紹介された人のことは「相談」に入れます。",
        },
    )
    next_step = Line(load_default="", longest=500, metadata={"label": "次にすること"})
    next_on = Day(
        load_default=None,
        allow_none=True,
        metadata={"label": "いつまでに", "hint": "その日の「きょう」に出ます。"},
    )

    @validates_schema
    def whole(self, data: dict[str, object], **_kwargs: object) -> None:
        """An entry says something, and a date needs something to do on it."""
        if not data.get("text"):
            raise ValidationError({"text": ["話したことを入力してください。"]})
        if data.get("next_on") and not data.get("next_step"):
            raise ValidationError({"next_step": ["その日にすることを入力してください。"]})


class LandlordAnswerSchema(BaseSchema):
    """A landlord as the API tells it, to the housing organisation alone."""

    id = fields.Integer()
    name = fields.String()
    kana = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    contact_hours = fields.String(allow_none=True)
    preferred_way = fields.String(allow_none=True)
    do_not = fields.String(allow_none=True)
    worries = fields.List(fields.String())
    worry_note = fields.String(allow_none=True)
    reassured_by = fields.List(fields.String())
    note = fields.String(allow_none=True)
    homes = fields.Integer(metadata={"description": "how many homes this landlord has"})
    version = fields.Integer()


class LandlordPageAnswerSchema(BaseSchema):
    """One page of landlords."""

    items = fields.List(fields.Nested(LandlordAnswerSchema))
    total = fields.Integer()
    page = fields.Integer()
