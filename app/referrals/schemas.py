"""What the pages and the API take and tell about sheets."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from app.cases.consents.models import CONSENT_METHOD_LABELS, ConsentMethod
from app.cases.models import AGE_BAND_LABELS, TOPIC_LABELS, AgeBand, Topic
from app.forms import BaseSchema, Code, Codes, Day, Line, Prose, Whole
from app.policy import Protection
from app.referrals.codes import (
    RESULT_LABELS,
    SHEET_KIND_LABELS,
    WAY_LABELS,
    Result,
    SheetKind,
    Way,
)

MOST_RECIPIENTS = 8
PROTECTION_LABELS = {
    Protection.UNKNOWN: "まだ確かめていない（住所と電話は相手に伝えません）",
    Protection.NO: "ない（住所と電話も伝えます）",
    Protection.YES: "ある（住所と電話は相手に伝えません）",
}


class RecipientSchema(BaseSchema):
    """One counter: one of those known here, or any other by its name."""

    to = Line(
        load_default="",
        longest=20,
        validate=[validate.Regexp(r"^([op]\d{1,9})?$", error="窓口を選び直してください。")],
        metadata={
            "label": "送り先",
            "kind": "select",
            "blank": "（一覧にない窓口・選ばない）",
            "description": "o and the number of an organisation, p and that of a partner, or empty",
        },
    )
    office = Line(load_default="", longest=100, metadata={"label": "一覧にないとき、窓口の名前"})
    way = Code(
        Way,
        WAY_LABELS,
        load_default=Way.WALKED,
        metadata={"label": "渡し方", "kind": "select", "initial": Way.WALKED},
    )


class Recipients(fields.List[Any]):
    """Rows in which nobody is named are left out: a form always has some to spare."""

    def __init__(self) -> None:
        super().__init__(
            fields.Nested(RecipientSchema),
            load_default=list,
            validate=validate.Length(max=MOST_RECIPIENTS, error="8か所までです。"),
            metadata={"label": "送り先"},
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        rows: list[Any] = super()._deserialize(value, attr, data, **kwargs) or []
        named = [row | {"row": n} for n, row in enumerate(rows) if row["to"] or row["office"]]
        seen: set[str] = set()
        for row in named:
            place = row["to"] or row["office"]
            if place in seen:
                sentence = "同じ送り先が二度あります。一つにしてください。"
                raise ValidationError({row["row"]: {"to": [sentence]}})
            seen.add(place)
        return named


class PersonSchema(BaseSchema):
    """What every sheet says, in the order of the paper: consent, the person, the matter."""

    consent_method = Code(
        ConsentMethod,
        CONSENT_METHOD_LABELS,
        load_default=None,
        allow_none=True,
        metadata={
            "label": "伝えてよいと、本人が言いましたか",
            "kind": "radios",
            "hint": "まだのときは選ばずに下書きにします。送るのと印刷は、同意のあとです。",
        },
    )
    consent_record = Prose(
        load_default="",
        longest=3000,
        metadata={
            "label": "口頭のときの記録",
            "hint": "何を読み上げ、本人が何と答えたか",
            "rows": 2,
        },
    )
    name = Line(load_default="", metadata={"label": "氏名（任意）"})
    alias = Line(load_default="", metadata={"label": "呼び名（任意）"})
    age_band = Code(
        AgeBand,
        AGE_BAND_LABELS,
        load_default=AgeBand.UNKNOWN,
        metadata={"label": "年代", "kind": "select", "initial": AgeBand.UNKNOWN},
    )
    family = Line(
        load_default="", metadata={"label": "家族（任意）", "hint": "例 妻と子2人（小3・保育園）"}
    )
    protection = Code(
        Protection,
        PROTECTION_LABELS,
        load_default=Protection.UNKNOWN,
        metadata={
            "label": "居場所を知られると危険がありますか",
            "kind": "radios",
            "initial": Protection.UNKNOWN,
        },
    )
    address = Line(load_default="", metadata={"label": "住所（任意）"})
    phone = Line(load_default="", longest=40, metadata={"label": "電話（任意）", "kind": "tel"})
    topics = Codes(
        Topic, TOPIC_LABELS, load_default=list, metadata={"label": "相談の内容（いくつでも）"}
    )
    main_topic = Code(
        Topic,
        TOPIC_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "いちばん困っていること", "kind": "select"},
    )
    told = Prose(load_default="", metadata={"label": "聞いたこと", "rows": 4})
    wish = Prose(load_default="", longest=1000, metadata={"label": "本人の望み", "rows": 2})
    asked = Prose(
        load_default="",
        longest=1000,
        metadata={
            "label": "送り先に頼みたいこと",
            "rows": 2,
            "hint": "送り先のだれもが読みます。病名・借金・暴力は「聞いたこと」に。",
        },
    )
    version = Whole(
        least=0, load_default=0, metadata={"label": "版", "kind": "hidden", "initial": 0}
    )


class SheetSchema(PersonSchema):
    """A sheet we make ourselves."""

    kind = Code(
        SheetKind,
        SHEET_KIND_LABELS,
        load_default=SheetKind.REFERRAL,
        metadata={"label": "種類", "kind": "radios", "initial": SheetKind.REFERRAL},
    )
    recipients = Recipients()
    send = fields.Boolean(load_default=False, metadata={"label": "送る", "kind": "hidden"})


class PaperSheetSchema(PersonSchema):
    """A sheet that came on paper, typed in afterwards."""

    on_paper = Day(required=True, metadata={"label": "紙で受け取った日"})
    from_office = Line(required=True, shortest=1, longest=100, metadata={"label": "書いた課・機関"})
    consent_on = Day(required=True, metadata={"label": "同意した日（紙の日付）"})


class ReceiptSchema(BaseSchema):
    """Who took it at a counter that has no account here."""

    received_by = Line(load_default="", longest=100, metadata={"label": "受け取った人（名前や係）"})


class AnswerSchema(BaseSchema):
    """What the recipient did; it goes back to the first counter."""

    result = Code(
        Result, RESULT_LABELS, required=True, metadata={"label": "結果", "kind": "radios"}
    )
    done = Prose(
        required=True,
        longest=3000,
        metadata={"label": "したこと", "rows": 3},
    )
    next_step = Line(load_default="", metadata={"label": "次にすること（任意）"})
    answered_by = Line(
        load_default="",
        longest=100,
        metadata={"label": "答えた人（聞き取ったとき）"},
    )


# ------------------------------------------------------------------------------- answers


class RecipientAnswerSchema(BaseSchema):
    """One counter a sheet went to, and what came back."""

    id = fields.Integer()
    office = fields.String()
    way = fields.String()
    state = fields.String()
    received_at = fields.AwareDateTime(format="iso", allow_none=True)
    received_by = fields.String(allow_none=True)
    result = fields.String(allow_none=True)
    done = fields.String(allow_none=True)
    next_step = fields.String(allow_none=True)
    answered_at = fields.AwareDateTime(format="iso", allow_none=True)
    answered_by = fields.String(allow_none=True)


class SheetAnswerSchema(BaseSchema):
    """A sheet as the API tells it: fields the viewer may not read are absent."""

    id = fields.Integer()
    number = fields.String()
    version = fields.Integer()
    kind = fields.String()
    made_on = fields.Date()
    on_paper = fields.Date(allow_none=True)
    office = fields.String()
    writer = fields.String(allow_none=True)
    sent = fields.Boolean()
    consent_in_force = fields.Boolean()
    consent_method = fields.String(allow_none=True)
    consent_on = fields.Date(allow_none=True)
    consent_record = fields.String(allow_none=True)
    name = fields.String(allow_none=True)
    alias = fields.String(allow_none=True)
    age_band = fields.String()
    family = fields.String(allow_none=True)
    protection = fields.String()
    address = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    topics = fields.List(fields.String())
    main_topic = fields.String(allow_none=True)
    told = fields.String(allow_none=True)
    wish = fields.String(allow_none=True)
    asked = fields.String(allow_none=True)
    recipients = fields.List(fields.Nested(RecipientAnswerSchema))


class SheetListAnswerSchema(BaseSchema):
    """One page of sheets."""

    items = fields.List(fields.Nested(SheetAnswerSchema))
    page = fields.Integer()
    per_page = fields.Integer()
    total = fields.Integer()
