"""What the pages and the API take and tell about lists and calls."""

from marshmallow import fields

from app.cases.household.schemas import VOICEMAIL_LABELS
from app.cases.needs.models import YesNoUnknown
from app.cases.schemas import VersionSchema
from app.forms import BaseSchema, Code, Day, Line, Prose, Whole
from app.leads.codes import (
    AGREED_HOW_LABELS,
    RESULT_LABELS,
    ROW_OUTCOME_LABELS,
    TAPPED,
    AgreedHow,
    CallResult,
    RowOutcome,
)

TABS = (
    ("due", "きょうかける"), ("coming", "これから"), ("letter", "番号がない"), ("done", "済んだ"),
    ("all", "すべて"),
)  # fmt: skip
SECRET_LABELS = {
    YesNoUnknown.YES: "はい（家族が出たら用件を言わない）",
    YesNoUnknown.NO: "いいえ（家族も知っている）",
}


class UploadSchema(BaseSchema):
    """Which list a file belongs to; a new one needs a name and a day to be deleted."""

    list_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={
            "label": "どの名簿ですか",
            "kind": "select",
            "blank": "新しい名簿にする",
            "hint": "前に取り込んだ名簿の新しい版なら、その名簿を選びます。",
        },
    )
    name = Line(
        longest=100,
        load_default="",
        metadata={"label": "新しい名簿の名前", "hint": "例 特例貸付の借受人 令和8年11月"},
    )
    source = Line(
        longest=100,
        load_default="",
        metadata={"label": "だれから受け取りましたか（任意）", "hint": "例 架空県社会福祉協議会"},
    )
    delete_on = Day(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "名簿を消す日",
            "hint": "この日が来て、だれかが認めたら、名簿の人と記録を消します。相談は残ります。",
        },
    )


class ImportFilterSchema(BaseSchema):
    """Which rows of a file."""

    show = Code(
        RowOutcome, ROW_OUTCOME_LABELS, load_default=None, allow_none=True,
        metadata={"label": "行"},
    )  # fmt: skip
    page = Whole(least=1, most=100_000, load_default=1, metadata={"label": "ページ"})


class LeadFilterSchema(BaseSchema):
    """What narrows the list to call, from the address bar."""

    tab = Line(longest=10, load_default="due", metadata={"label": "いつ"})
    words = Line(
        longest=100,
        load_default="",
        metadata={"label": "名前・番号・電話でさがす", "kind": "search"},
    )
    list_id = Whole(
        least=1, load_default=None, allow_none=True,
        metadata={"label": "名簿", "kind": "select", "blank": "すべて"},
    )  # fmt: skip
    status = Line(
        longest=200, load_default="",
        metadata={"label": "状況", "kind": "select", "blank": "すべて"},
    )  # fmt: skip
    result = Code(
        CallResult,
        {code: label for code, label in RESULT_LABELS.items() if code is not CallResult.TAKEN_BACK},
        load_default=None,
        allow_none=True,
        metadata={"label": "最後の結果", "blank": "すべて"},
    )
    page = Whole(least=1, most=100_000, load_default=1, metadata={"label": "ページ"})


class ResultSchema(VersionSchema):
    """What became of a call: one press, and a short note where there is something to say."""

    result = Code(
        CallResult,
        {code: RESULT_LABELS[code] for code in TAPPED},
        required=True,
        metadata={"label": "結果"},
    )
    note = Prose(load_default="", longest=1000, metadata={"label": "メモ（任意）", "rows": 2})
    next_on = Day(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "次にかける日（任意）",
            "hint": "空のときは、結果に合わせて決まります。",
        },
    )
    no_more = fields.Boolean(load_default=False, metadata={"label": "もうかけない（済みにする）"})


class TakeBackSchema(VersionSchema):
    """Undoing one's own last result."""


class DetailsSchema(VersionSchema):
    """What was heard of somebody; the list's own words stay beside it."""

    new_kana = Line(load_default="", metadata={"label": "本人に聞いた読み（任意）"})
    new_phone = Line(
        load_default="", longest=40,
        metadata={"label": "新しい電話番号（任意）", "kind": "tel", "inputmode": "tel"},
    )  # fmt: skip
    new_address = Line(load_default="", metadata={"label": "新しい住所（任意）"})
    secret = Code(
        YesNoUnknown,
        SECRET_LABELS,
        load_default=YesNoUnknown.UNKNOWN,
        metadata={
            "label": "家族に知られないようにかける",
            "blank": "まだ分からない（知られないようにかける）",
        },
    )
    voicemail = Code(
        YesNoUnknown, VOICEMAIL_LABELS, load_default=YesNoUnknown.UNKNOWN,
        metadata={"label": "留守電に残してよい", "blank": "まだ分からない（残さない）"},
    )  # fmt: skip
    best_time = Line(
        load_default="", metadata={"label": "つながりやすい時間（任意）", "hint": "例 夜7時から"}
    )
    care_note = Line(load_default="", longest=500, metadata={"label": "電話のときの注意（任意）"})


class AgreementSchema(VersionSchema):
    """That somebody agreed to be received, how, when and in what words."""

    agreed_how = Code(
        AgreedHow, AGREED_HOW_LABELS, required=True,
        metadata={"label": "どのように同意しましたか", "kind": "radios"},
    )  # fmt: skip
    agreed_on = Day(required=True, metadata={"label": "同意した日"})
    agreed_words = Prose(
        load_default="",
        longest=2000,
        metadata={"label": "本人の言葉（任意）", "rows": 2, "hint": "何を説明し、何と答えたか"},
    )
    case_number = Line(
        load_default="",
        longest=40,
        metadata={
            "label": "前からの相談があるとき、その番号",
            "hint": "例 C-2026-0001。空のときは、新しい相談の受付に進みます。",
        },
    )


class DeletionDaySchema(VersionSchema):
    """Another day for the end of a list."""

    delete_on = Day(required=True, metadata={"label": "名簿を消す日"})


# ---------------------------------------------------------------------------------- answers


class LeadAnswerSchema(BaseSchema):
    """Somebody on a list as the API tells it; what may not be seen is left out."""

    id = fields.Integer()
    version = fields.Integer()
    number = fields.String()
    name = fields.String()
    kana = fields.String(allow_none=True)
    born_on = fields.Date(allow_none=True)
    address = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    loan_kind = fields.String(allow_none=True)
    amount = fields.Integer(allow_none=True)
    status = fields.String(allow_none=True)
    state = fields.String()
    next_on = fields.Date(allow_none=True)
    last_result = fields.String(allow_none=True)
    calls = fields.Integer()
    reached = fields.Boolean()
    secret = fields.String()
    voicemail = fields.String()
    hidden = fields.List(fields.String())


class LeadPageAnswerSchema(BaseSchema):
    """A page of people in the order to call them."""

    items = fields.List(fields.Nested(LeadAnswerSchema))
    page = fields.Integer()
    per_page = fields.Integer()
    total = fields.Integer()


class LeadListAnswerSchema(BaseSchema):
    """A list and how far it is."""

    id = fields.Integer()
    name = fields.String()
    source = fields.String(allow_none=True)
    delete_on = fields.Date()
    deleted = fields.Boolean()
    people = fields.Integer()
    called = fields.Integer()
    reached = fields.Integer()
    linked = fields.Integer()


class LeadRowAnswerSchema(BaseSchema):
    """A row somebody should look at."""

    row = fields.Integer()
    outcome = fields.String()
    number = fields.String(allow_none=True)
    sentences = fields.List(fields.String())


class LeadImportAnswerSchema(BaseSchema):
    """What a file did."""

    id = fields.Integer()
    list_id = fields.Integer(allow_none=True)
    state = fields.String()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    remarks = fields.List(fields.String())
    rows = fields.List(fields.Nested(LeadRowAnswerSchema))


class LeadClaimAnswerSchema(BaseSchema):
    """A number that is held, and until when."""

    lead_id = fields.Integer()
    phone = fields.String(allow_none=True)
    until = fields.AwareDateTime(format="iso")


class LeadAttemptAnswerSchema(BaseSchema):
    """An attempt with the day of the next call."""

    id = fields.Integer()
    lead_id = fields.Integer()
    at = fields.AwareDateTime(format="iso")
    result = fields.String()
    next_on = fields.Date(allow_none=True)
    lead_version = fields.Integer()
