"""What intake takes: who came, with what, from where; nothing of it is demanded."""

from marshmallow import fields, validate

from app.cases.intake.codes import (
    ARRIVAL_LABELS,
    INSURANCE_LABELS,
    LEAVE_REASON_LABELS,
    PENSION_LABELS,
    SOURCE_KIND_LABELS,
    WORK_LABELS,
    Arrival,
    Insurance,
    LeaveReason,
    Pension,
    SourceKind,
    Work,
)
from app.cases.models import (
    AGE_BAND_LABELS,
    DWELLING_LABELS,
    PROTECTION_LABELS,
    RELATION_LABELS,
    ROUTE_LABELS,
    SEX_LABELS,
    TOPIC_LABELS,
    WHO_CAME_LABELS,
    AgeBand,
    Dwelling,
    Relation,
    Route,
    Sex,
    Topic,
    WhoCame,
)
from app.cases.schemas import VersionSchema
from app.forms import BaseSchema, Code, Codes, Day, Line, Prose, Whole
from app.policy import Protection


class MemberSchema(BaseSchema):
    """One person of the household; every part is optional. `id` names one already there."""

    id = Whole(
        least=1, load_default=None, allow_none=True, metadata={"label": "番号", "kind": "hidden"}
    )
    relation = Code(
        Relation, RELATION_LABELS, load_default=Relation.OTHER, metadata={"label": "続柄"}
    )
    name = Line(load_default="", metadata={"label": "氏名"})
    kana = Line(load_default="", metadata={"label": "ふりがな"})
    sex = Code(Sex, SEX_LABELS, load_default=Sex.UNKNOWN, metadata={"label": "性別"})
    born_on = Day(
        load_default=None,
        allow_none=True,
        metadata={"label": "生年月日", "kind": "text", "hint": "例 S40.5.3"},
    )
    age = Whole(
        load_default=None,
        allow_none=True,
        most=120,
        metadata={"label": "年齢（およそでよい）", "unit": "歳"},
    )


class IntakeDetailsSchema(BaseSchema):
    """相談受付. A name, an alias or an age band is enough; nothing else is ever demanded."""

    name = Line(load_default="", metadata={"label": "氏名"})
    kana = Line(load_default="", metadata={"label": "ふりがな"})
    alias = Line(
        load_default="",
        metadata={
            "label": "呼び名",
            "hint": "名前を言いたくない人は、呼び名か年代だけで受け付けます。",
        },
    )
    age_band = Code(
        AgeBand,
        AGE_BAND_LABELS,
        load_default=AgeBand.UNKNOWN,
        metadata={"label": "年代", "initial": AgeBand.UNKNOWN},
    )
    received_on = Day(
        load_default=None, allow_none=True, metadata={"label": "受け付けた日", "hint": ""}
    )
    who_came = Code(
        WhoCame,
        WHO_CAME_LABELS,
        load_default=WhoCame.SELF,
        metadata={"label": "来た人", "kind": "radios", "initial": WhoCame.SELF},
    )
    caller_name = Line(load_default="", metadata={"label": "来た人の氏名"})
    caller_relation = Line(
        load_default="", metadata={"label": "本人との関係", "hint": "例 長女、民生委員"}
    )
    caller_phone = Line(
        longest=40,
        load_default="",
        metadata={"label": "来た人の電話", "kind": "tel", "inputmode": "tel"},
    )
    topics = Codes(Topic, TOPIC_LABELS, load_default=list, metadata={"label": "相談したいこと"})
    main_topic = Code(
        Topic,
        TOPIC_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "いちばん困っていること"},
    )
    route = Code(
        Route,
        ROUTE_LABELS,
        load_default=Route.UNKNOWN,
        metadata={"label": "どこから来たか", "initial": Route.UNKNOWN},
    )
    arrival = Code(
        Arrival,
        ARRIVAL_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "どのように来たか（国の区分）", "blank": "まだ聞いていない"},
    )
    source_kind = Code(
        SourceKind,
        SOURCE_KIND_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "つないでくれた相手", "blank": "いない・聞いていない"},
    )
    route_detail = Line(
        load_default="",
        metadata={
            "label": "その名前",
            "hint": "例 収納課、ハローワーク、架空ホーム。登録のある相手は名前から結びつきます。",
        },
    )
    route_partner_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"label": "登録のある相手の番号", "kind": "hidden"},
    )
    law8 = fields.Boolean(load_default=False, metadata={"label": "法8条の利用勧奨を受けて来た"})
    dwelling = Code(
        Dwelling,
        DWELLING_LABELS,
        load_default=Dwelling.UNKNOWN,
        metadata={"label": "いま寝泊まりしている所", "initial": Dwelling.UNKNOWN},
    )
    leave_by = Day(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "いつまでに出なければならないか",
        },
    )
    leave_reason = Code(
        LeaveReason,
        LEAVE_REASON_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "出なければならないわけ", "blank": "ない・聞いていない"},
    )
    work = Code(
        Work,
        WORK_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "仕事", "blank": "聞いていない"},
    )
    insurance = Code(
        Insurance,
        INSURANCE_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "健康保険", "blank": "聞いていない"},
    )
    pension = Code(
        Pension,
        PENSION_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "年金", "blank": "聞いていない"},
    )
    household_size = Whole(
        least=1,
        most=30,
        load_default=None,
        allow_none=True,
        metadata={"label": "世帯の人数", "unit": "人"},
    )
    phone = Line(
        longest=40,
        load_default="",
        metadata={"label": "電話", "kind": "tel", "inputmode": "tel"},
    )
    phone_note = Line(
        load_default="",
        metadata={"label": "電話のときの注意", "hint": "例 留守電に残さない、家族に知られない"},
    )
    postal_code = Line(
        longest=20, load_default="", metadata={"label": "郵便番号", "inputmode": "numeric"}
    )
    prefecture = Line(load_default="", metadata={"label": "都道府県"})
    municipality = Line(load_default="", metadata={"label": "市町村"})
    address = Line(load_default="", metadata={"label": "町名・番地（いまいる所）"})
    building = Line(load_default="", metadata={"label": "建物・部屋"})
    mail_blocked = fields.Boolean(
        load_default=False, metadata={"label": "郵便を送らない（郵便不可）"}
    )
    story = Prose(
        load_default="",
        metadata={"label": "話の内容", "hint": "本人の言葉で。あとから足せます。", "rows": 6},
    )
    members = fields.List(
        fields.Nested(MemberSchema),
        load_default=list,
        validate=validate.Length(max=30, error="30人までです。"),
        metadata={"label": "世帯の人"},
    )


PLACE_FIELDS = (
    "phone", "phone_note", "postal_code", "prefecture", "municipality", "address", "building",
    "mail_blocked", "caller_phone",
)  # fmt: skip
"""Fields only those who see the place may read or write."""


class IntakeSchema(IntakeDetailsSchema):
    """A first intake, with the question whether the whereabouts must stay hidden."""

    protection = Code(
        Protection,
        PROTECTION_LABELS,
        load_default=Protection.UNKNOWN,
        metadata={
            "label": "居場所を知られると危険がありますか",
            "kind": "radios",
            "initial": Protection.UNKNOWN,
            "hint": "確かめるまでは「必要」と同じように隠します。",
        },
    )


class IntakeEditSchema(IntakeDetailsSchema, VersionSchema):
    """A change of the intake, by whoever opened version `version`.

    The protection flag is changed by an act of its own, so that nobody lifts it in passing.
    """


class ProtectionSchema(VersionSchema):
    """Whether this household's whereabouts are hidden."""

    protection = Code(
        Protection,
        PROTECTION_LABELS,
        required=True,
        metadata={"label": "居場所を隠す必要", "kind": "radios"},
    )
