"""What meetings, their items, decisions, attendees, pledges and settings take and tell."""

from marshmallow import fields, validate

from app.cases.plans.codes import DECISION_LABELS, Decision
from app.cases.schemas import VersionSchema
from app.forms import BaseSchema, Code, Codes, Day, Line, Prose, Whole
from app.meetings.codes import (
    ATTENDEE_ROLE_LABELS,
    ITEM_BASIS_LABELS,
    LEGAL_BASIS_LABELS,
    MEETING_KIND_LABELS,
    MOVE_HOLIDAY_LABELS,
    AttendeeRole,
    ItemBasis,
    LegalBasis,
    MeetingKind,
    MoveHoliday,
)

WEEKDAY_LABELS = ((0, "月"), (1, "火"), (2, "水"), (3, "木"), (4, "金"))
BASES_NEEDED = "会議の根拠を一つ以上選んでください。"


class Clock(fields.Time):
    """A time of day, 13:30."""

    def __init__(self, label: str) -> None:
        super().__init__(
            required=True,
            error_messages={"invalid": "時刻は 13:30 のように入力してください。"},
            metadata={"label": label, "kind": "text", "inputmode": "numeric"},
        )


class MeetingSchema(BaseSchema):
    """A meeting; `version` is 0 for a new one."""

    version = Whole(least=0, load_default=0, metadata={"label": "版", "kind": "hidden"})
    kind = Code(MeetingKind, MEETING_KIND_LABELS, required=True,
                metadata={"label": "会議", "kind": "radios"})  # fmt: skip
    legal_bases = Codes(
        LegalBasis,
        LEGAL_BASIS_LABELS,
        required=True,
        validate=validate.Length(min=1, error=BASES_NEEDED),
        metadata={
            "label": "会議の根拠",
            "hint": "要綱で一つの会議を兼ねるときは、両方を選びます。"
            "同意のない相談は、支援会議のときだけ話し合えます。",
        },
    )
    held_on = Day(required=True, metadata={"label": "日にち"})
    starts_at = Clock("始まり")
    minutes = Whole(required=True, least=5, most=600, metadata={"label": "長さ", "unit": "分"})
    place = Line(load_default="", metadata={"label": "場所（任意）"})


class ItemSchema(BaseSchema):
    """A case for the agenda; whether there is consent is looked up, not typed."""

    case_id = Whole(required=True, least=1, metadata={"label": "相談", "kind": "select"})
    basis = Code(
        ItemBasis,
        ITEM_BASIS_LABELS,
        load_default=ItemBasis.COORDINATION,
        metadata={"label": "どの会議として", "kind": "radios", "initial": ItemBasis.COORDINATION},
    )
    minutes = Whole(
        least=1, most=240, load_default=15, metadata={"label": "時間", "unit": "分", "initial": 15}
    )
    subject = Prose(
        load_default="",
        longest=2000,
        metadata={"label": "話し合うこと（任意）", "hint": "名前や住所は書きません。", "rows": 3},
    )


class OrderSchema(BaseSchema):
    """One place up or down the agenda."""

    direction = fields.String(
        required=True, validate=validate.OneOf(("up", "down"), error="上か下を選んでください。")
    )


class NotesSchema(VersionSchema):
    """What was said about an item."""

    notes = Prose(load_default="", longest=10_000, metadata={"label": "記録", "rows": 8})


class MeetingDecisionSchema(VersionSchema):
    """What was decided about an item, and who does what by when."""

    decision = Code(Decision, DECISION_LABELS, required=True,
                    metadata={"label": "決定", "kind": "radios"})  # fmt: skip
    decision_note = Prose(load_default="", longest=3000,
                          metadata={"label": "決定のメモ（任意）", "rows": 3})  # fmt: skip
    task = Line(
        load_default="", metadata={"label": "すること（任意）", "hint": "例 差押えの解除を相談する"}
    )
    responsible_id = Whole(
        least=1, load_default=None, allow_none=True, metadata={"label": "担当", "kind": "select"}
    )
    by_when = Day(load_default=None, allow_none=True, metadata={"label": "いつまで"})


class AttendeeSchema(BaseSchema):
    """Somebody at the meeting: one of the users, or a name from outside."""

    user_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"label": "利用者から選ぶ", "kind": "select"},
    )
    pledge_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"label": "外部の人（誓約の名簿から）", "kind": "select"},
    )
    name = Line(load_default="", metadata={"label": "外部の人（名簿にない人）の名前"})
    belongs_to = Line(load_default="", metadata={"label": "所属"})
    role = Code(
        AttendeeRole,
        ATTENDEE_ROLE_LABELS,
        load_default=AttendeeRole.CONSULTANT,
        metadata={"label": "立場", "initial": AttendeeRole.CONSULTANT},
    )


class SeatsSchema(BaseSchema):
    """Who is put down for an item."""

    attendees = fields.List(
        Whole(least=1),
        load_default=list,
        metadata={"label": "この議題の出席者", "kind": "checkboxes"},
    )


class ShareSchema(BaseSchema):
    """Until when the agencies attending may see the case."""

    ends_on = Day(required=True, metadata={"label": "いつまで見られるようにするか"})


class RemarksSchema(VersionSchema):
    """What concerns no single case."""

    remarks = Prose(
        load_default="",
        longest=5000,
        metadata={"label": "連絡事項", "hint": "相談の内容は書きません。", "rows": 4},
    )


class PledgeSchema(BaseSchema):
    """守秘の誓約: who signed when."""

    user_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"label": "利用者から選ぶ", "kind": "select"},
    )
    name = Line(load_default="", metadata={"label": "外部の人の名前"})
    belongs_to = Line(load_default="", metadata={"label": "所属"})
    signed_on = Day(required=True, metadata={"label": "誓約書に署名した日"})


class SettingsSchema(BaseSchema):
    """An agency's regular days."""

    version = Whole(least=0, load_default=0, metadata={"label": "版", "kind": "hidden"})
    weekdays = fields.List(
        Whole(least=0, most=4),
        load_default=list,
        metadata={"label": "随時の会議の曜日", "kind": "checkboxes", "choices": WEEKDAY_LABELS},
    )
    monthly_day = Whole(
        least=1,
        most=31,
        load_default=None,
        allow_none=True,
        metadata={
            "label": "定例の会議（毎月）",
            "unit": "日",
            "hint": "空けると定例はありません。",
        },
    )
    move_holiday = Code(
        MoveHoliday,
        MOVE_HOLIDAY_LABELS,
        required=True,
        metadata={"label": "休みの日に当たったら", "kind": "radios"},
    )
    starts_at = Clock("始まり")
    minutes = Whole(required=True, least=5, most=600, metadata={"label": "長さ", "unit": "分"})
    place = Line(load_default="", metadata={"label": "場所（任意）"})
    legal_bases = Codes(
        LegalBasis,
        LEGAL_BASIS_LABELS,
        required=True,
        validate=validate.Length(min=1, error=BASES_NEEDED),
        metadata={"label": "会議の根拠"},
    )


# ------------------------------------------------------------------------------- answers


class ItemAnswerSchema(BaseSchema):
    """An item as far as the asker may see it."""

    id = fields.Integer()
    position = fields.Integer()
    minutes = fields.Integer()
    code_name = fields.String()
    basis = fields.String()
    plan_id = fields.Integer(allow_none=True)
    subject = fields.String(allow_none=True)
    decision = fields.String(allow_none=True)
    decision_note = fields.String(allow_none=True)
    task = fields.String(allow_none=True)
    by_when = fields.Date(allow_none=True)
    version = fields.Integer()


class MeetingRowAnswerSchema(BaseSchema):
    """A meeting as it stands in a list."""

    id = fields.Integer()
    kind = fields.String()
    legal_bases = fields.List(fields.String())
    held_on = fields.Date()
    starts_at = fields.Time()
    minutes = fields.Integer()
    place = fields.String(allow_none=True)
    state = fields.String()
    version = fields.Integer()


class MeetingAnswerSchema(MeetingRowAnswerSchema):
    """A meeting with the items the asker may see."""

    items = fields.List(fields.Nested(ItemAnswerSchema))


class MeetingListAnswerSchema(BaseSchema):
    """One page of meetings; without their items."""

    items = fields.List(fields.Nested(MeetingRowAnswerSchema))
    page = fields.Integer()
    per_page = fields.Integer()
    total = fields.Integer()
