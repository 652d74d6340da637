"""What the noticing chart takes: an answer to each question, and the issues somebody accepts."""

from app.cases.assessments.schemas import Numbers
from app.cases.noticing.questions import ANSWER_LABELS, QUESTION_LABELS, Answer, Question
from app.forms import BaseSchema, Code


def _question(question: Question) -> Code:
    return Code(
        Answer,
        ANSWER_LABELS,
        load_default=Answer.NO,
        metadata={"label": QUESTION_LABELS[question], "kind": "radios", "initial": Answer.NO},
    )


ChartSchema = BaseSchema.from_dict(
    {question.value: _question(question) for question in Question}, name="ChartSchema"
)
"""One answer a question; what was not talked about counts as "no" and is not kept."""


class AcceptSchema(BaseSchema):
    """Which suggestions the person agreed to have written down as issues."""

    issues = Numbers(
        required=True,
        least=1,
        few="書きとめる課題を一つ以上選んでください。",
        metadata={"label": "課題として書きとめる"},
    )
