"""What the pages and the API take and tell about a batch."""

from marshmallow import fields

from app.forms import BaseSchema, Code, Line, Whole
from app.housing.batches.models import BatchPolicy, LockKind
from app.housing.batches.words import LOCK_LABELS, POLICY_LABELS


class LockSchema(BaseSchema):
    """One pair that is fixed or ruled out, and why."""

    case_id = Whole(required=True, least=1, metadata={"label": "世帯", "kind": "hidden"})
    home_id = Whole(required=True, least=1, metadata={"label": "住戸", "kind": "hidden"})
    kind = Code(LockKind, LOCK_LABELS, required=True, metadata={"label": "固定・なし"})
    reason = Line(required=True, shortest=1, longest=200, metadata={"label": "理由"})


class PolicySchema(BaseSchema):
    """What counts first."""

    policy = Code(BatchPolicy, POLICY_LABELS, required=True, metadata={"label": "方針"})


class BatchPairAnswerSchema(BaseSchema):
    """One proposed pair, in the words its reader may have."""

    case_id = fields.Integer()
    home_id = fields.Integer()
    standing = fields.List(fields.String())
    home = fields.String()
    rent = fields.String()
    points = fields.Integer()
    reason = fields.String()
    question = fields.String(allow_none=True)
    arrange = fields.List(fields.String())
    instead = fields.String()
    scarce = fields.String(allow_none=True)
    fixed = fields.Boolean()
    outcome = fields.String(allow_none=True)


class BatchWithoutAnswerSchema(BaseSchema):
    """One household left without a home, why, and what to look for."""

    case_id = fields.Integer()
    standing = fields.List(fields.String())
    possible = fields.Integer()
    why = fields.String()
    recruits = fields.List(fields.String())


class BatchPolicyAnswerSchema(BaseSchema):
    """What one policy would bring, beside the chosen one."""

    code = fields.String()
    housed = fields.Integer()
    points = fields.Integer()
    chosen = fields.Boolean()
    gains = fields.String()
    loses = fields.String()


class BatchLockAnswerSchema(BaseSchema):
    """A lock in force."""

    id = fields.Integer()
    case_id = fields.Integer()
    home_id = fields.Integer()
    kind = fields.String()
    reason = fields.String()


class BatchAnswerSchema(BaseSchema):
    """A batch as its reader may see it; while it is worked on, without pairs."""

    id = fields.Integer()
    run_on = fields.Date()
    rule_version = fields.String()
    state = fields.String()
    policy = fields.String()
    pairs = fields.List(fields.Nested(BatchPairAnswerSchema))
    without = fields.List(fields.Nested(BatchWithoutAnswerSchema))
    policies = fields.List(fields.Nested(BatchPolicyAnswerSchema))
    moves = fields.List(fields.String())
    kept = fields.List(fields.Integer())
    locks = fields.List(fields.Nested(BatchLockAnswerSchema))
