"""What holding a home and each step to the keys take; pages and API load the same."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from app.forms import BaseSchema, Code, Day, Line, Prose, Whole
from app.housing.codes import (
    CONTRACT_KIND_LABELS,
    COST_LABELS,
    GROUP_LABELS,
    ContractKind,
    CostCode,
    Group,
)
from app.placements.codes import (
    CONDITION_LABELS,
    PAYER_LABELS,
    REFUSAL_LABELS,
    RESULT_LABELS,
    STEP_LABELS,
    FailedCondition,
    Payer,
    RefusalReason,
    StepKind,
    StepResult,
)

_PAIR = r"[1-9]\d{0,8}-[1-9]\d{0,8}$"
_OPTIONAL: dict[str, Any] = {"load_default": None, "allow_none": True}


SORTS = {"due": "期限・始めた順", "home": "住戸の名前", "case": "相談の番号"}


class PlacementFilterSchema(BaseSchema):
    """Narrowing and ordering what is on its way."""

    words = Line(load_default="", metadata={"label": "ことば", "hint": "住戸・町名・相談番号"})
    sort = fields.String(
        load_default="due",
        validate=validate.OneOf(SORTS, error="並べ方を選び直してください。"),
        metadata={"label": "並べ方", "kind": "select", "choices": list(SORTS.items())},
    )


class HoldSchema(BaseSchema):
    """Keep a home for a household."""

    home_id = Whole(required=True, least=1, metadata={"label": "住戸", "kind": "hidden"})
    match_run_id = Whole(least=1, **_OPTIONAL, metadata={"label": "候補", "kind": "hidden"})
    ends_on = Day(
        **_OPTIONAL,
        metadata={
            "label": "いつまで取り置くか",
            "hint": "決めなければ1週間です。その日の終わりに自動で外れます。",
        },
    )


class ExtendHoldSchema(BaseSchema):
    """Keep a home longer."""

    ends_on = Day(
        required=True,
        metadata={"label": "いつまで延ばすか", "hint": "きょうから31日以内。その日の終わりまで。"},
    )
    extended_why = Line(required=True, shortest=1, metadata={"label": "延ばす理由"})


class ReleaseSchema(BaseSchema):
    """Let a held home go."""

    reason = Line(load_default="", metadata={"label": "外す理由（任意）"})


class _CompanionSchema(BaseSchema):
    """Who goes along: one of our staff, a partner, or somebody named."""

    companion_id = Whole(
        least=1, **_OPTIONAL, metadata={"label": "同行する職員（任意）", "kind": "select"}
    )
    partner_id = Whole(
        least=1, **_OPTIONAL, metadata={"label": "同行する関係先（任意）", "kind": "select"}
    )
    companion = Line(load_default="", metadata={"label": "そのほかに同行する人（任意）"})


class AppointmentSchema(_CompanionSchema):
    """An appointment for a step ahead."""

    kind = Code(StepKind, STEP_LABELS, required=True, metadata={"label": "手順", "kind": "hidden"})
    planned_on = Day(required=True, metadata={"label": "予定の日"})
    planned_time = fields.Time(
        format="%H:%M",
        **_OPTIONAL,
        error_messages={"invalid": "10:30 のように入れてください。"},
        metadata={"label": "時刻（任意）", "hint": "例 10:30"},
    )
    meeting_place = Line(load_default="", metadata={"label": "待ち合わせ場所（任意）"})
    note = Prose(load_default="", longest=3000, metadata={"label": "メモ（任意）", "rows": 2})


class StepSchema(_CompanionSchema):
    """One step done."""

    kind = Code(StepKind, STEP_LABELS, required=True, metadata={"label": "手順", "kind": "hidden"})
    done_on = Day(required=True, metadata={"label": "行った日"})
    result = Code(
        StepResult,
        RESULT_LABELS[StepKind.SCREENING],
        **_OPTIONAL,
        metadata={"label": "結果", "kind": "radios"},
    )
    company = Line(
        load_default="",
        metadata={"label": "保証会社", "hint": "会社の名前。登録がなければ、ここで加わります。"},
    )
    answered_by = Line(load_default="", metadata={"label": "答えた人（任意）"})
    contract_kind = Code(
        ContractKind, CONTRACT_KIND_LABELS, **_OPTIONAL, metadata={"label": "契約の種類"}
    )
    contract_from = Day(**_OPTIONAL, metadata={"label": "契約の始まり"})
    contract_to = Day(**_OPTIONAL, metadata={"label": "契約の終わり"})
    explained_on = Day(**_OPTIONAL, metadata={"label": "重要事項説明の日"})
    witness = Line(load_default="", metadata={"label": "立ち会った人（任意）"})
    note = Prose(load_default="", longest=3000, metadata={"label": "メモ（任意）", "rows": 3})


class ReturnSchema(BaseSchema):
    """Take a step back."""

    why = Line(
        required=True,
        shortest=1,
        metadata={"label": "戻すわけ", "hint": "例 日付の入れ間違い、審査がやり直しになった"},
    )


class RefusalSchema(BaseSchema):
    """The way to the keys ends here."""

    reason = Code(RefusalReason, REFUSAL_LABELS, required=True, metadata={"label": "理由"})
    group = Code(
        Group,
        GROUP_LABELS,
        **_OPTIONAL,
        metadata={"label": "だれの受け入れを断られたか", "hint": "貸主が入居者の条件で断ったとき"},
    )
    set_no = fields.Boolean(
        load_default=False,
        metadata={"label": "この住戸の、この人たちの受け入れの答えを「不可」にする"},
    )
    company = Line(
        load_default="",
        metadata={"label": "断った保証会社", "hint": "空けておくと、保証審査に記録した会社です。"},
    )
    pause = fields.Boolean(
        load_default=False, metadata={"label": "この住戸を60日見合わせる（本人が望むとき）"}
    )
    condition = Code(
        FailedCondition,
        CONDITION_LABELS,
        **_OPTIONAL,
        metadata={"label": "合わなかった条件", "hint": "条件が合わなかったとき"},
    )
    refusal_note = Line(load_default="", metadata={"label": "メモ（任意）"})


class CostLineSchema(BaseSchema):
    """One line of the initial cost. Without its kind and amount it is no line any more."""

    code = Code(CostCode, COST_LABELS, **_OPTIONAL, metadata={"label": "費目"})
    amount = Whole(most=10_000_000, **_OPTIONAL, metadata={"label": "金額", "unit": "円"})
    payer = Code(
        Payer,
        PAYER_LABELS,
        load_default=Payer.SELF,
        metadata={"label": "だれが払うか"},
    )
    note = Line(load_default="", metadata={"label": "メモ"})

    @validates_schema
    def _named(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("code") is None and data.get("amount") is not None:
            raise ValidationError({"code": ["何の費用か選んでください。"]})


class CostsSchema(BaseSchema):
    """The initial cost of a placement, all lines at once."""

    version = Whole(required=True, metadata={"label": "版", "kind": "hidden"})
    lines = fields.List(
        fields.Nested(CostLineSchema),
        load_default=list,
        validate=validate.Length(max=30, error="30行までです。"),
        metadata={"label": "費目"},
    )

    @post_load
    def _kept(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return data | {"lines": [line for line in data["lines"] if line["code"] is not None]}


class StayExtensionSchema(BaseSchema):
    """Make a temporary stay longer."""

    until = Day(required=True, metadata={"label": "いつまで延ばすか"})
    stay_reason = Line(required=True, shortest=1, metadata={"label": "延ばす理由"})


class StayEndSchema(BaseSchema):
    """Leave a temporary stay."""

    left_on = Day(required=True, metadata={"label": "退去した日"})
    end_reason = Line(
        required=True,
        shortest=1,
        metadata={"label": "退去のわけ", "hint": "例 アパートへ入居、親族宅へ"},
    )


class BatchHoldsSchema(BaseSchema):
    """The approved pairs of a batch, each as case number of the table and home: "12-34"."""

    pairs = fields.List(
        Line(
            longest=24,
            validate=[
                validate.Regexp(r"[1-9]\d{0,9}-[1-9]\d{0,9}$", error="組を選び直してください。")
            ],
        ),
        required=True,
        validate=validate.Length(1, 500, error="取り置く組に印をつけてください。"),
        metadata={"label": "承認した組"},
    )
    ends_on = Day(**_OPTIONAL, metadata={"label": "いつまで取り置くか"})

    @post_load
    def split(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """The pairs as numbers, each once."""
        pairs = [tuple(map(int, pair.split("-"))) for pair in data["pairs"]]
        return {**data, "pairs": list(dict.fromkeys(pairs))}


class BatchHoldAnswerSchema(BaseSchema):
    """What became of one approved pair."""

    case_id = fields.Integer()
    home_id = fields.Integer()
    outcome = fields.String(metadata={"description": "held, taken, refused or not_proposed"})
    message = fields.String(allow_none=True)
    hold_id = fields.Integer(allow_none=True)


class HoldAnswerSchema(BaseSchema):
    """A hold as the API tells it."""

    id = fields.Integer()
    home_id = fields.Integer()
    case_id = fields.Integer()
    ends_at = fields.AwareDateTime(format="iso")
    ended_at = fields.AwareDateTime(format="iso", allow_none=True)


class StepAnswerSchema(BaseSchema):
    """One step: an appointment while `done_on` is null, taken back once `returned_at` is told."""

    id = fields.Integer()
    kind = fields.String()
    planned_on = fields.Date(allow_none=True)
    planned_time = fields.Time(format="%H:%M", allow_none=True)
    meeting_place = fields.String(allow_none=True)
    done_on = fields.Date(allow_none=True)
    companion = fields.String(allow_none=True)
    companion_id = fields.Integer(allow_none=True)
    partner_id = fields.Integer(allow_none=True)
    result = fields.String(allow_none=True)
    company_id = fields.Integer(allow_none=True)
    answered_by = fields.String(allow_none=True)
    contract_kind = fields.String(allow_none=True)
    contract_from = fields.Date(allow_none=True)
    contract_to = fields.Date(allow_none=True)
    explained_on = fields.Date(allow_none=True)
    witness = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    returned_at = fields.AwareDateTime(format="iso", allow_none=True)
    returned_why = fields.String(allow_none=True)


class PlacementAnswerSchema(BaseSchema):
    """A placement as the API tells it."""

    id = fields.Integer()
    home_id = fields.Integer()
    case_id = fields.Integer()
    state = fields.String()
    version = fields.Integer()
    temporary = fields.Boolean()
    stay_until = fields.Date(allow_none=True)
    moved_in_on = fields.Date(allow_none=True)
    ended_on = fields.Date(allow_none=True)
    refusal = fields.String(allow_none=True)
    steps = fields.List(fields.Nested(StepAnswerSchema))
    planned = fields.List(fields.Nested(StepAnswerSchema))
    returned = fields.List(fields.Nested(StepAnswerSchema))


class CostLineAnswerSchema(BaseSchema):
    """One line of the initial cost; an amount nobody knows is null."""

    code = fields.String()
    amount = fields.Integer(allow_none=True)
    payer = fields.String()
    note = fields.String(allow_none=True)
    covered = fields.Boolean(allow_none=True)
    usual = fields.List(fields.Integer(), allow_none=True)


class CostsAnswerSchema(BaseSchema):
    """The initial cost as an estimate: `recorded` tells whether somebody has written it down."""

    version = fields.Integer()
    recorded = fields.Boolean()
    lines = fields.List(fields.Nested(CostLineAnswerSchema))
    total = fields.Integer()
    by_payer = fields.Dict(keys=fields.String(), values=fields.Integer())
    not_known = fields.List(fields.String())
    covered = fields.Integer()
    cap = fields.Integer(allow_none=True)
    shortfall = fields.Integer(allow_none=True)
