"""What a consent, its withdrawal and a 支援会議 basis take."""

from marshmallow import fields, validate

from app.cases.consents.models import CONSENT_METHOD_LABELS, ConsentMethod
from app.forms import BaseSchema, Code, Codes, Day, Line, Prose, Whole
from app.policy import CONSENT_ITEM_LABELS, RECIPIENT_LABELS, ConsentItem, RecipientKind

NO_ITEM = "伝えてよい内容を一つ以上選んでください。"


class ConsentSchema(BaseSchema):
    """To whom, what, how, from when and until when."""

    recipient = Code(
        RecipientKind,
        RECIPIENT_LABELS,
        required=True,
        metadata={"label": "だれに伝えてよいか", "kind": "radios"},
    )
    organisation_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={
            "label": "団体を一つに限る（任意）",
            "kind": "select",
            "hint": "選ばなければ、上の種類の団体すべてに伝えられます。",
        },
    )
    items = Codes(
        ConsentItem,
        CONSENT_ITEM_LABELS,
        required=True,
        validate=validate.Length(min=1, error=NO_ITEM),
        metadata={"label": "何を伝えてよいか"},
    )
    method = Code(
        ConsentMethod,
        CONSENT_METHOD_LABELS,
        required=True,
        metadata={"label": "どのように同意したか", "kind": "radios"},
    )
    oral_record = Prose(
        load_default="",
        longest=3000,
        metadata={
            "label": "口頭のときの記録",
            "hint": "いつ、どこで、何を読み上げ、本人が何と答えたか",
            "rows": 3,
        },
    )
    given_on = Day(required=True, metadata={"label": "同意した日"})
    ends_on = Day(
        load_default=None,
        allow_none=True,
        metadata={"label": "いつまで", "hint": "空けておくと、取りやめるまで続きます。"},
    )


class ConsentPaperSchema(BaseSchema):
    """What is ticked on the paper before it is signed; everything may still be open."""

    recipient = Code(
        RecipientKind,
        RECIPIENT_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "だれに伝えてよいか", "kind": "radios"},
    )
    organisation_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"label": "団体を一つに限る（任意）", "kind": "select"},
    )
    items = Codes(
        ConsentItem, CONSENT_ITEM_LABELS, load_default=list, metadata={"label": "何を伝えてよいか"}
    )
    ends_on = Day(load_default=None, allow_none=True, metadata={"label": "いつまで"})


class DisclosureSchema(BaseSchema):
    """支援会議（法9条）: which organisation may see the case, on what basis, for how long."""

    organisation_id = Whole(
        required=True, least=1, metadata={"label": "参加する相談機関", "kind": "select"}
    )
    legal_basis = Line(
        required=True,
        shortest=1,
        metadata={
            "label": "根拠",
            "hint": "例 生活困窮者自立支援法第9条の支援会議（11月24日）",
        },
    )
    starts_on = Day(required=True, metadata={"label": "いつから"})
    ends_on = Day(required=True, metadata={"label": "いつまで"})


class ConsentAnswerSchema(BaseSchema):
    """A consent as the API tells it."""

    id = fields.Integer()
    recipient = fields.String()
    organisation_id = fields.Integer(allow_none=True)
    items = fields.List(fields.String())
    text_version = fields.String()
    method = fields.String()
    oral_record = fields.String(allow_none=True)
    given_on = fields.Date()
    ends_on = fields.Date(allow_none=True)
    withdrawn_on = fields.Date(allow_none=True)
    in_force = fields.Boolean()
