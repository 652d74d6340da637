"""What the standing with 生活保護 and a hand-over take."""

from app.cases.welfare.models import (
    DIRECTION_LABELS,
    HANDOVER_BASIS_LABELS,
    WELFARE_STATUS_LABELS,
    Direction,
    HandoverBasis,
    WelfareStatus,
)
from app.forms import BaseSchema, Code, Day, Line, Prose


class StandingSchema(BaseSchema):
    """How it stands since when."""

    status = Code(WelfareStatus, WELFARE_STATUS_LABELS, required=True,
                  metadata={"label": "いまの状況", "kind": "radios"})  # fmt: skip
    since = Day(required=True, metadata={"label": "いつから"})
    office = Line(load_default="", metadata={"label": "福祉事務所・担当（任意）"})
    note = Line(load_default="", longest=1000, metadata={"label": "メモ（任意）"})


class HandoverSchema(BaseSchema):
    """引き継ぎ, either way."""

    direction = Code(Direction, DIRECTION_LABELS, required=True,
                     metadata={"label": "どちらへ", "kind": "radios"})  # fmt: skip
    handed_on = Day(required=True, metadata={"label": "引き継いだ日"})
    office = Line(
        required=True,
        shortest=1,
        metadata={"label": "相手の福祉事務所・担当", "hint": "例 生活援護課 面接相談員"},
    )
    handed = Prose(
        required=True,
        longest=3000,
        metadata={"label": "引き継いだこと", "hint": "渡した紙と、話した内容", "rows": 4},
    )
    basis = Code(HandoverBasis, HANDOVER_BASIS_LABELS, required=True,
                 metadata={"label": "根拠", "kind": "radios"})  # fmt: skip
    basis_note = Line(
        load_default="",
        longest=1000,
        metadata={"label": "根拠の条文や経緯", "hint": "法律によるときは、条文と理由"},
    )


class CountSchema(BaseSchema):
    """Which days to count hand-overs of."""

    since = Day(load_default=None, allow_none=True, metadata={"label": "いつから"})
    until = Day(load_default=None, allow_none=True, metadata={"label": "いつまで"})
