"""The plan's codes and their words, after the standard forms of 自立相談支援."""

from enum import StrEnum


class ServiceKind(StrEnum):
    STATUTORY = "statutory"
    OPTIONAL = "optional"
    LOCAL = "local"


SERVICE_KIND_LABELS = {
    ServiceKind.STATUTORY: "法に定めのある事業",
    ServiceKind.OPTIONAL: "任意の事業",
    ServiceKind.LOCAL: "この町の取り組み",
}


class SurveyColumn(StrEnum):
    """The column of the national survey (支援状況調査) a service counts in."""

    HOUSING_BENEFIT = "housing_benefit"
    TEMPORARY_LIVING = "temporary_living"
    HOUSEHOLD_BUDGET = "household_budget"
    WORK_PREPARATION = "work_preparation"
    WORK_TRAINING = "work_training"
    WORK_SUPPORT = "work_support"
    WELFARE_LOAN = "welfare_loan"
    WORK_PROMOTION = "work_promotion"
    NONE = "none"


SURVEY_COLUMN_LABELS = {
    SurveyColumn.HOUSING_BENEFIT: "住居確保給付金",
    SurveyColumn.TEMPORARY_LIVING: "一時生活支援（居住支援）",
    SurveyColumn.HOUSEHOLD_BUDGET: "家計改善支援",
    SurveyColumn.WORK_PREPARATION: "就労準備支援",
    SurveyColumn.WORK_TRAINING: "就労訓練事業",
    SurveyColumn.WORK_SUPPORT: "自立相談支援機関による就労支援",
    SurveyColumn.WELFARE_LOAN: "生活福祉資金貸付",
    SurveyColumn.WORK_PROMOTION: "生保受給者等就労自立促進",
    SurveyColumn.NONE: "数えない",
}


class PlanState(StrEnum):
    """Draft, before the meeting, decided, under way, evaluated."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DECIDED = "decided"
    UNDER_WAY = "under_way"
    EVALUATED = "evaluated"


PLAN_STATE_LABELS = {
    PlanState.DRAFT: "作成中",
    PlanState.SUBMITTED: "会議待ち",
    PlanState.DECIDED: "支援決定",
    PlanState.UNDER_WAY: "支援中",
    PlanState.EVALUATED: "評価済み",
}
PLAN_STATE_KINDS = {
    PlanState.DRAFT: "",
    PlanState.SUBMITTED: "warn",
    PlanState.DECIDED: "info",
    PlanState.UNDER_WAY: "good",
    PlanState.EVALUATED: "",
}


class Application(StrEnum):
    """How the person applied for the services: the plan is their application too."""

    NONE = "none"
    SIGNED = "signed"
    ORAL = "oral"


APPLICATION_LABELS = {
    Application.NONE: "まだ",
    Application.SIGNED: "署名をもらった（紙を保管）",
    Application.ORAL: "口頭で確かめた",
}


class Decision(StrEnum):
    """What a meeting says to a plan or a case."""

    APPROVED = "approved"
    CONFIRMED = "confirmed"
    CHANGE = "change"
    POSTPONED = "postponed"


DECISION_LABELS = {
    Decision.APPROVED: "支援決定",
    Decision.CONFIRMED: "確認",
    Decision.CHANGE: "修正して出し直す",
    Decision.POSTPONED: "見送り（次の会議へ）",
}
AFTER_DECISION = {
    Decision.APPROVED: PlanState.DECIDED,
    Decision.CONFIRMED: PlanState.DECIDED,
    Decision.CHANGE: PlanState.DRAFT,
    Decision.POSTPONED: PlanState.SUBMITTED,
}


class Progress(StrEnum):
    ON_TRACK = "on_track"
    PARTLY = "partly"
    STUCK = "stuck"


PROGRESS_LABELS = {
    Progress.ON_TRACK: "計画のとおり進んでいる",
    Progress.PARTLY: "一部おくれている",
    Progress.STUCK: "進んでいない・見直しが要る",
}


class Reached(StrEnum):
    REACHED = "reached"
    PARTLY = "partly"
    NOT_YET = "not_yet"


REACHED_LABELS = {
    Reached.REACHED: "達成した",
    Reached.PARTLY: "一部達成した",
    Reached.NOT_YET: "まだ達成していない",
}


class Change(StrEnum):
    """見られた変化: the 14 codes of the national follow-up survey of 自立相談支援."""

    HOUSING = "housing"
    HEALTH = "health"
    RELATIONS = "relations"
    BUDGET = "budget"
    DAILY_LIFE = "daily_life"
    SOS = "sos"
    DISABILITY_CARD = "disability_card"
    SELF_ESTEEM = "self_esteem"
    RELIEF = "relief"
    WORK_INCOME = "work_income"
    OTHER_INCOME = "other_income"
    WILL = "will"
    AIM = "aim"
    WELFARE = "welfare"


CHANGE_LABELS = {
    Change.HOUSING: "住まいの確保・安定化",
    Change.HEALTH: "健康状態の改善",
    Change.RELATIONS: "対人関係・家族関係の改善",
    Change.BUDGET: "家計の改善（債務の整理等）",
    Change.DAILY_LIFE: "生活習慣の改善",
    Change.SOS: "SOSを出せるようになった",
    Change.DISABILITY_CARD: "障害手帳取得",
    Change.SELF_ESTEEM: "自分のことを肯定的に受け止められるようになった",
    Change.RELIEF: "安心感が高まった",
    Change.WORK_INCOME: "就労収入が増加",
    Change.OTHER_INCOME: "その他収入が増加",
    Change.WILL: "自立意欲の向上",
    Change.AIM: "目標ができた",
    Change.WELFARE: "生活保護適用",
}


class After(StrEnum):
    """今後の方針 of the evaluation."""

    CLOSE = "close"
    REPLAN = "replan"
    STOP = "stop"
    FOLLOW = "follow"


AFTER_LABELS = {
    After.CLOSE: "終結",
    After.REPLAN: "再プラン",
    After.STOP: "中断",
    After.FOLLOW: "フォロー（見守る）",
}
