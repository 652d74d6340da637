"""What an assessment, the confirmation of needs and the master of issues take and tell."""

from typing import Any

from marshmallow import fields, validate

from app.cases.assessments.codes import (
    AMOUNT_KIND_LABELS,
    ASSESSMENT_STATE_LABELS,
    DEBT_SETTLEMENT_LABELS,
    FACTOR_LABELS,
    HEALTH_LABELS,
    JOB_STAGE_LABELS,
    MARITAL_LABELS,
    OPEN_FACTORS,
    PUBLIC_ASSISTANCE_LABELS,
    SCREENING_LABELS,
    TEAM_FACTORS,
    AmountKind,
    AssessmentState,
    DebtSettlement,
    Factor,
    Health,
    JobStage,
    Marital,
    PublicAssistance,
    Screening,
)
from app.cases.assessments.derived import DERIVED_LABELS, Derived
from app.cases.needs.models import (
    RENT_BASIS_LABELS,
    YES_NO_UNKNOWN_LABELS,
    RentBasis,
    YesNoUnknown,
)
from app.cases.needs.schemas import Names
from app.cases.noticing.questions import QUESTION_LABELS, Question
from app.cases.schemas import VersionSchema
from app.forms import BaseSchema, Code, Codes, Day, Line, Prose, Whole

BLANK = "聞いていない"


class Numbers(fields.List[Any]):
    """Several records by their numbers, each once; the choices come with the form."""

    def __init__(self, *, most: int = 100, least: int = 0, few: str = "", **kwargs: Any) -> None:
        metadata = {"kind": "checkboxes"} | kwargs.pop("metadata", {})
        checks = [validate.Length(max=most, error=f"{most}件までにしてください。")]
        if least:
            checks.append(validate.Length(min=least, error=few))
        super().__init__(Whole(least=1), validate=checks, metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        return list(dict.fromkeys(super()._deserialize(value, attr, data, **kwargs)))


def _asked(label: str) -> Code:
    return Code(
        YesNoUnknown,
        YES_NO_UNKNOWN_LABELS,
        load_default=YesNoUnknown.UNKNOWN,
        metadata={"label": label, "kind": "radios", "initial": YesNoUnknown.UNKNOWN},
    )


def _code(codes: Any, labels: Any, label: str, **metadata: Any) -> Code:
    return Code(
        codes,
        labels,
        load_default=None,
        allow_none=True,
        metadata={"label": label, "blank": BLANK} | metadata,
    )


def _yen(label: str) -> Whole:
    return Whole(
        most=1_000_000_000,
        load_default=None,
        allow_none=True,
        metadata={"label": label, "unit": "円"},
    )


class AmountSchema(BaseSchema):
    """One line about money."""

    kind = Code(AmountKind, AMOUNT_KIND_LABELS, required=True, metadata={"label": "種類"})
    label = Line(load_default="", metadata={"label": "中身", "hint": "例 給料、A社の借入れ"})
    yen = _yen("金額")
    months = Whole(
        most=600,
        load_default=None,
        allow_none=True,
        metadata={"label": "滞納の月数", "unit": "か月"},
    )


class PastJobSchema(BaseSchema):
    """One place somebody worked at."""

    employer = Line(load_default="", metadata={"label": "勤め先"})
    work = Line(load_default="", metadata={"label": "仕事"})
    since = Line(
        load_default="", longest=40, metadata={"label": "いつから", "hint": "およそでよい"}
    )
    left_on = Day(
        load_default=None, allow_none=True, metadata={"label": "辞めた日", "kind": "text"}
    )
    reason = Line(load_default="", metadata={"label": "辞めたわけ"})


class AssessmentSchema(BaseSchema):
    """アセスメントシート. Nothing but the day is demanded; a draft may be unfinished."""

    version = Whole(
        least=0, load_default=0, metadata={"label": "版", "kind": "hidden", "initial": 0}
    )
    state = Code(
        AssessmentState,
        ASSESSMENT_STATE_LABELS,
        load_default=AssessmentState.DRAFT,
        metadata={"label": "状態", "kind": "hidden"},
    )
    assessed_on = Day(required=True, metadata={"label": "聞き取った日"})
    issues = Numbers(load_default=list, metadata={"label": "課題"})
    main_issues = Numbers(load_default=list, metadata={"label": "中心になる課題"})
    factors = Codes(
        Factor,
        {f: FACTOR_LABELS[f] for f in OPEN_FACTORS},
        load_default=list,
        validate=validate.ContainsOnly(OPEN_FACTORS, error="この要因は、別の欄で選んでください。"),
        metadata={"label": "重なっている要因"},
    )
    team_factors = Codes(
        Factor,
        {f: FACTOR_LABELS[f] for f in TEAM_FACTORS},
        load_default=list,
        validate=validate.ContainsOnly(TEAM_FACTORS, error="この要因は、別の欄で選んでください。"),
        metadata={"label": "担当者だけが見る要因"},
    )
    living_with = Whole(
        most=30,
        load_default=None,
        allow_none=True,
        metadata={"label": "いっしょに住む人", "unit": "人"},
    )
    marital = _code(Marital, MARITAL_LABELS, "婚姻")
    family = Prose(
        load_default="", metadata={"label": "家族のこと（別居の家族・子など）", "rows": 3}
    )
    community = Prose(load_default="", metadata={"label": "地域との関係", "rows": 2})
    rent = _yen("いまの家賃（月）")
    loan = _yen("住宅ローン（月）")
    guarantor = _asked("保証人になる人がいる")
    emergency_contact = _asked("緊急連絡先になる人がいる")
    health = _code(Health, HEALTH_LABELS, "体の調子")
    diagnosis = Line(load_default="", metadata={"label": "病名など（任意）"})
    visits_doctor = _asked("通院している")
    takes_medicine = _asked("薬を飲んでいる")
    stairs_hard = _asked("階段がつらい")
    wheelchair = _asked("車いすを使う")
    health_note = Prose(load_default="", metadata={"label": "健康・障害のこと", "rows": 3})
    public_assistance = _code(PublicAssistance, PUBLIC_ASSISTANCE_LABELS, "生活保護")
    debt_settlement = _code(DebtSettlement, DEBT_SETTLEMENT_LABELS, "債務整理")
    amounts = fields.List(
        fields.Nested(AmountSchema),
        load_default=list,
        validate=validate.Length(max=40, error="40件までです。"),
        metadata={"label": "お金"},
    )
    money_note = Prose(load_default="", metadata={"label": "家計のこと", "rows": 2})
    last_worked_on = Day(
        load_default=None,
        allow_none=True,
        metadata={"label": "最後に働いた日（離職日）", "kind": "text", "hint": "例 R7.9.30"},
    )
    job_stage = _code(JobStage, JOB_STAGE_LABELS, "就労の段階")
    driving = _asked("運転免許がある")
    licences = Line(load_default="", metadata={"label": "資格・技能"})
    education = Line(load_default="", metadata={"label": "学歴"})
    wish_for_work = Prose(load_default="", metadata={"label": "働くことへの希望", "rows": 2})
    jobs = fields.List(
        fields.Nested(PastJobSchema),
        load_default=list,
        validate=validate.Length(max=20, error="20件までです。"),
        metadata={"label": "職歴"},
    )
    wish = Prose(load_default="", metadata={"label": "本人の希望（本人の言葉で）", "rows": 3})
    summary = Prose(load_default="", metadata={"label": "見立てのまとめ", "rows": 4})
    screening = _code(Screening, SCREENING_LABELS, "対応方針", kind="radios", blank="まだ決めない")


class NewAssessmentSchema(AssessmentSchema):
    """The next assessment of a case: it has no version yet."""

    class Meta(AssessmentSchema.Meta):
        exclude = ("version",)


class DerivedNeedsSchema(BaseSchema):
    """The needs a consultant takes over, and what a first housing need cannot be without."""

    version = Whole(least=0, load_default=0, metadata={"label": "版", "kind": "hidden"})
    accepted = Codes(
        Derived,
        DERIVED_LABELS,
        required=True,
        validate=validate.Length(min=1, error="伝える希望を一つ以上選んでください。"),
        metadata={"label": "住まいの希望に入れること"},
    )
    rent_basis = Code(
        RentBasis,
        RENT_BASIS_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "家賃の考え方", "kind": "radios"},
    )
    agreed_rent = Whole(
        most=1_000_000,
        load_default=None,
        allow_none=True,
        metadata={"label": "話し合って決めた額（月）", "unit": "円"},
    )


class IssueSchema(BaseSchema):
    """One line of the master of issues."""

    name = Line(required=True, shortest=1, longest=100, metadata={"label": "課題の名前"})
    aliases = Names(
        load_default=list,
        metadata={"label": "別の言い方", "kind": "text", "hint": "「、」で区切って"},
    )
    national_code = Line(load_default="", longest=10, metadata={"label": "国の様式の番号"})
    services = Names(
        load_default=list,
        metadata={
            "label": "よくつなぐ事業",
            "kind": "text",
            "hint": "「、」で区切って。気づきのチャートとプランで示します。",
        },
    )
    questions = Codes(
        Question,
        QUESTION_LABELS,
        load_default=list,
        metadata={"label": "この課題を示す質問（気づきのチャート）"},
    )
    position = Whole(most=9999, load_default=500, metadata={"label": "並び順", "initial": 500})
    team_only = fields.Boolean(load_default=False, metadata={"label": "相談の担当者だけが見られる"})
    active = fields.Boolean(load_default=True, metadata={"label": "使う", "initial": True})


class IssueEditSchema(IssueSchema, VersionSchema):
    """A change of a line, by whoever opened version `version`."""


class IssueAnswerSchema(BaseSchema):
    """An issue as the API tells it."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()
    national_code = fields.String(allow_none=True)
    aliases = fields.List(fields.String())
    services = fields.List(fields.String())
    position = fields.Integer()


class AssessmentAnswerSchema(BaseSchema):
    """An assessment as the API tells it: what the viewer may not see is absent."""

    id = fields.Integer()
    version = fields.Integer()
    round = fields.Integer()
    state = fields.String()
    author_id = fields.Integer()
    assessed_on = fields.String()
    issues = fields.List(fields.Dict())
    team_issues = fields.List(fields.Dict())
    factors = fields.List(fields.String())
    team_factors = fields.List(fields.String())
    living_with = fields.Integer(allow_none=True)
    marital = fields.String(allow_none=True)
    family = fields.String(allow_none=True)
    community = fields.String(allow_none=True)
    rent = fields.Integer(allow_none=True)
    loan = fields.Integer(allow_none=True)
    guarantor = fields.String()
    emergency_contact = fields.String()
    health = fields.String(allow_none=True)
    diagnosis = fields.String(allow_none=True)
    visits_doctor = fields.String()
    takes_medicine = fields.String()
    stairs_hard = fields.String()
    wheelchair = fields.String()
    health_note = fields.String(allow_none=True)
    public_assistance = fields.String(allow_none=True)
    debt_settlement = fields.String(allow_none=True)
    money_note = fields.String(allow_none=True)
    amounts = fields.List(fields.Dict())
    last_worked_on = fields.String(allow_none=True)
    job_stage = fields.String(allow_none=True)
    driving = fields.String()
    licences = fields.String(allow_none=True)
    education = fields.String(allow_none=True)
    wish_for_work = fields.String(allow_none=True)
    jobs = fields.List(fields.Dict())
    wish = fields.String(allow_none=True)
    summary = fields.String(allow_none=True)
    screening = fields.String(allow_none=True)
