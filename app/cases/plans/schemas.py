"""What a plan, its monitoring, its evaluation and the list of services take and tell."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from app.cases.plans.codes import (
    AFTER_LABELS,
    APPLICATION_LABELS,
    CHANGE_LABELS,
    PROGRESS_LABELS,
    REACHED_LABELS,
    SERVICE_KIND_LABELS,
    SURVEY_COLUMN_LABELS,
    After,
    Application,
    Change,
    Progress,
    Reached,
    ServiceKind,
    SurveyColumn,
)
from app.cases.schemas import VersionSchema
from app.forms import BaseSchema, Code, Codes, Day, Line, Prose, Whole

MOST_SERVICES = 20


class PlanServiceSchema(BaseSchema):
    """One row: a service, who, how often, from when until when, who does what."""

    service = Line(required=True, longest=40, shortest=1,
                   metadata={"label": "事業・サービス", "kind": "select"})  # fmt: skip
    provider = Line(load_default="", metadata={"label": "実施機関", "hint": ""})
    frequency = Line(load_default="", metadata={"label": "頻度", "hint": "例 月2回"})
    starts_on = Day(load_default=None, allow_none=True, metadata={"label": "いつから"})
    ends_on = Day(load_default=None, allow_none=True, metadata={"label": "いつまで"})
    person_does = Line(load_default="", longest=1000, metadata={"label": "本人がすること"})
    we_do = Line(load_default="", longest=1000, metadata={"label": "支援する側がすること"})


class SupportPlanSchema(BaseSchema):
    """プラン兼事業等利用申込書; `version` is 0 for a new plan."""

    version = Whole(least=0, load_default=0, metadata={"label": "版", "kind": "hidden"})
    long_goal = Prose(
        required=True,
        longest=2000,
        metadata={"label": "長い目で見た目標", "hint": "本人の言葉で", "rows": 2},
    )
    short_goal = Prose(
        required=True,
        longest=2000,
        metadata={"label": "まず目指すこと", "hint": "この計画の間に。本人の言葉で", "rows": 2},
    )
    issues = Prose(
        load_default="",
        longest=3000,
        metadata={"label": "課題・必要なこと（任意）", "hint": "一行に一つ", "rows": 3},
    )
    starts_on = Day(required=True, metadata={"label": "始まり"})
    ends_on = Day(required=True, metadata={"label": "終わり", "hint": "1年まで"})
    next_monitoring = Day(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "次のモニタリング",
            "hint": "空けておくと、およそ3か月後の開庁日になります。",
        },
    )
    services = fields.List(
        fields.Nested(PlanServiceSchema),
        load_default=list,
        validate=validate.Length(max=MOST_SERVICES, error="20までにしてください。"),
        metadata={"label": "使う事業・サービス"},
    )
    application = Code(
        Application,
        APPLICATION_LABELS,
        load_default=Application.NONE,
        metadata={
            "label": "本人の申込み",
            "kind": "radios",
            "initial": Application.NONE,
            "hint": "会議に出すまでに確かめます。",
        },
    )
    applied_on = Day(load_default=None, allow_none=True, metadata={"label": "申し込んだ日"})


class PlanChangeSchema(SupportPlanSchema):
    """A plan put right; `why` is demanded after a decision."""

    why = Line(
        load_default="",
        longest=1000,
        metadata={"label": "変えた理由（任意）", "hint": "前の内容といっしょに残ります。"},
    )


class PlanActSchema(VersionSchema):
    """A step of a plan as it was when its page was opened."""


class MonitoringSchema(VersionSchema):
    """モニタリング."""

    monitored_on = Day(required=True, metadata={"label": "見直した日"})
    progress = Code(
        Progress,
        PROGRESS_LABELS,
        required=True,
        metadata={"label": "進み具合", "kind": "radios"},
    )
    text = Prose(
        required=True,
        longest=3000,
        metadata={"label": "分かったこと・変えること", "rows": 4},
    )
    next_monitoring = Day(
        load_default=None, allow_none=True, metadata={"label": "次のモニタリング"}
    )


class EvaluationSchema(VersionSchema):
    """評価シート."""

    evaluated_on = Day(required=True, metadata={"label": "評価した日"})
    reached = Code(
        Reached, REACHED_LABELS, required=True, metadata={"label": "目標", "kind": "radios"}
    )
    text = Prose(load_default="", longest=3000,
                 metadata={"label": "目標について（任意）", "rows": 3})  # fmt: skip
    changes = Codes(
        Change,
        CHANGE_LABELS,
        load_default=list,
        metadata={"label": "見られた変化", "hint": "当てはまるものすべて"},
    )
    work_change = Line(load_default="", longest=1000, metadata={"label": "仕事の変化（任意）"})
    income_change = Line(load_default="", longest=1000, metadata={"label": "収入の変化（任意）"})
    left_over = Prose(
        load_default="",
        longest=3000,
        metadata={
            "label": "残っていること（任意）",
            "hint": "一行に一つ。次の計画の課題に移ります。",
            "rows": 3,
        },
    )
    after = Code(After, AFTER_LABELS, required=True,
                 metadata={"label": "これから", "kind": "radios"})  # fmt: skip


class ServiceSchema(BaseSchema):
    """A service of the list; `version` is 0 for one nobody changed yet."""

    version = Whole(least=0, load_default=0, metadata={"label": "版", "kind": "hidden"})
    name = Line(required=True, shortest=1, metadata={"label": "名前"})
    kind = Code(ServiceKind, SERVICE_KIND_LABELS, required=True,
                metadata={"label": "種類", "kind": "radios"})  # fmt: skip
    survey_column = Code(
        SurveyColumn,
        SURVEY_COLUMN_LABELS,
        load_default=SurveyColumn.NONE,
        metadata={"label": "国の調査で数える欄", "initial": SurveyColumn.NONE},
    )
    starts_on = Day(required=True, metadata={"label": "始まり"})
    ends_on = Day(load_default=None, allow_none=True, metadata={"label": "終わり（任意）"})
    provider = Line(load_default="", metadata={"label": "実施機関（任意）"})
    note = Line(load_default="", longest=1000, metadata={"label": "メモ（任意）"})


class ServiceAddSchema(ServiceSchema):
    """A service of this town, with a code of its own."""

    code = Line(
        required=True,
        longest=40,
        validate=[
            validate.Regexp(
                r"[a-z0-9][a-z0-9-]{1,39}\Z", error="半角の英小文字・数字・ハイフンで2文字以上。"
            )
        ],
        metadata={"label": "符号", "hint": "統計で使う半角の名前。例 moku-cafe"},
    )


# ------------------------------------------------------------------------------- answers


class PlanServiceAnswerSchema(BaseSchema):
    """A row of a plan."""

    service = fields.String()
    name = fields.String()
    provider = fields.String(allow_none=True)
    frequency = fields.String(allow_none=True)
    starts_on = fields.Date()
    ends_on = fields.Date()
    person_does = fields.String(allow_none=True)
    we_do = fields.String(allow_none=True)


class PlanDecisionAnswerSchema(BaseSchema):
    """What a meeting said."""

    decision = fields.String()
    decided_on = fields.Date()
    place = fields.String()
    note = fields.String(allow_none=True)


class PlanContentAnswerSchema(BaseSchema):
    """What a plan said before a change."""

    long_goal = fields.String()
    short_goal = fields.String()
    issues = fields.String(allow_none=True)
    starts_on = fields.Date()
    ends_on = fields.Date()
    next_monitoring = fields.Date(allow_none=True)
    application = fields.String()
    applied_on = fields.Date(allow_none=True)
    services = fields.List(fields.Nested(PlanServiceAnswerSchema))


class PlanFormerAnswerSchema(BaseSchema):
    """A former content of a plan, and the change that came after it."""

    number = fields.Integer()
    state = fields.String()
    after_decision = fields.Boolean()
    changed_at = fields.AwareDateTime(format="iso")
    changed_by = fields.Integer()
    why = fields.String(allow_none=True)
    changed = fields.List(fields.String())
    content = fields.Nested(PlanContentAnswerSchema)


class SupportPlanAnswerSchema(BaseSchema):
    """A plan as the API tells it."""

    id = fields.Integer()
    number = fields.Integer()
    state = fields.String()
    version = fields.Integer()
    long_goal = fields.String()
    short_goal = fields.String()
    issues = fields.String(allow_none=True)
    starts_on = fields.Date()
    ends_on = fields.Date()
    next_monitoring = fields.Date(allow_none=True)
    application = fields.String()
    applied_on = fields.Date(allow_none=True)
    submitted_on = fields.Date(allow_none=True)
    services = fields.List(fields.Nested(PlanServiceAnswerSchema))
    decisions = fields.List(fields.Nested(PlanDecisionAnswerSchema))


def without_version(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed apart from the version."""
    return {name: value for name, value in data.items() if name != "version"}
