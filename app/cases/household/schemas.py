"""What the page of one member and the list of telephone numbers take."""

from marshmallow import fields, validate

from app.cases.household.codes import (
    CARE_LEVEL_LABELS,
    MENTAL_GRADE_LABELS,
    PHYSICAL_GRADE_LABELS,
    SCHOOL_LABELS,
    CareLevel,
    MentalGrade,
    PhysicalGrade,
    School,
)
from app.cases.intake.schemas import MemberSchema
from app.cases.needs.models import YES_NO_UNKNOWN_LABELS, YesNoUnknown
from app.cases.schemas import VersionSchema
from app.forms import BaseSchema, Code, Line, Whole


class MemberDetailsSchema(MemberSchema):
    """One member in full; every part is optional."""

    version = Whole(
        least=0, load_default=0, metadata={"label": "版", "kind": "hidden", "initial": 0}
    )
    nationality = Line(load_default="", metadata={"label": "国籍（任意）"})
    language = Line(
        load_default="", metadata={"label": "話しやすい言葉", "hint": "例 ポルトガル語、手話"}
    )
    handbook_physical = Code(
        PhysicalGrade,
        PHYSICAL_GRADE_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "身体障害者手帳", "blank": "なし・聞いていない"},
    )
    handbook_intellectual = Line(
        load_default="",
        longest=40,
        metadata={"label": "療育手帳の程度", "hint": "例 B1。なければ空けておきます。"},
    )
    handbook_mental = Code(
        MentalGrade,
        MENTAL_GRADE_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "精神障害者保健福祉手帳", "blank": "なし・聞いていない"},
    )
    care_level = Code(
        CareLevel,
        CARE_LEVEL_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "介護の区分", "blank": "なし・聞いていない"},
    )
    school = Code(
        School,
        SCHOOL_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "学校（子ども）", "blank": "（当てはまらない）"},
    )
    note = Line(load_default="", metadata={"label": "メモ"})


class NewMemberSchema(MemberDetailsSchema):
    """Somebody who is added: no number and no version yet."""

    class Meta(MemberDetailsSchema.Meta):
        exclude = ("id", "version")


# A row nobody filled in must stay blank, so "not known" is what is not chosen.
VOICEMAIL_LABELS = {
    code: YES_NO_UNKNOWN_LABELS[code] for code in (YesNoUnknown.YES, YesNoUnknown.NO)
}


class PhoneSchema(BaseSchema):
    """One telephone number, in any spelling."""

    number = Line(
        longest=40,
        shortest=1,
        required=True,
        metadata={"label": "電話番号", "kind": "tel", "inputmode": "tel"},
    )
    whose = Line(load_default="", metadata={"label": "だれの電話", "hint": "例 本人、母、勤め先"})
    best_time = Line(
        load_default="", metadata={"label": "かけてよい時間", "hint": "例 平日18時から"}
    )
    voicemail = Code(
        YesNoUnknown,
        VOICEMAIL_LABELS,
        load_default=YesNoUnknown.UNKNOWN,
        metadata={"label": "留守電に残してよい", "blank": "まだ分からない"},
    )
    secret = fields.Boolean(load_default=False, metadata={"label": "家族に知られないようにかける"})
    note = Line(load_default="", metadata={"label": "そのほかの注意"})


class PhonesSchema(VersionSchema):
    """All numbers of a household, the one to call first at the top."""

    phones = fields.List(
        fields.Nested(PhoneSchema),
        load_default=list,
        validate=validate.Length(max=10, error="10件までです。"),
        metadata={"label": "電話"},
    )


class PhoneAnswerSchema(BaseSchema):
    """One number as the API tells it."""

    number = fields.String()
    whose = fields.String(allow_none=True)
    best_time = fields.String(allow_none=True)
    voicemail = fields.String()
    secret = fields.Boolean()
    note = fields.String(allow_none=True)
