"""Codes of インテーク・アセスメントシート (自立相談支援の標準様式)."""

from enum import StrEnum


class AssessmentState(StrEnum):
    DRAFT = "draft"
    DONE = "done"


ASSESSMENT_STATE_LABELS = {
    AssessmentState.DRAFT: "書きかけ",
    AssessmentState.DONE: "まとめた",
}


class Factor(StrEnum):
    """Factors lying over each other (座間市); `TEAM_FACTORS` are for the case's team alone."""

    SUICIDAL = "suicidal"
    HOARDING = "hoarding"
    ADDICTION = "addiction"
    MULTIPLE_DEBT = "multiple_debt"
    CARE_FATIGUE = "care_fatigue"
    TRUANCY = "truancy"
    ABUSED = "abused"
    VIOLENCE = "violence"
    WITHDRAWAL = "withdrawal"
    ILLNESS = "illness"
    JOB_LOSS = "job_loss"
    BEREAVEMENT = "bereavement"
    YOUNG_CARER = "young_carer"
    NO_KIN = "no_kin"


FACTOR_LABELS = {
    Factor.SUICIDAL: "希死念慮",
    Factor.HOARDING: "ごみ屋敷",
    Factor.ADDICTION: "依存",
    Factor.MULTIPLE_DEBT: "多重債務",
    Factor.CARE_FATIGUE: "介護疲れ",
    Factor.TRUANCY: "不登校",
    Factor.ABUSED: "虐待を受けた・受けている",
    Factor.VIOLENCE: "暴力",
    Factor.WITHDRAWAL: "ひきこもり",
    Factor.ILLNESS: "病気",
    Factor.JOB_LOSS: "失業",
    Factor.BEREAVEMENT: "死別",
    Factor.YOUNG_CARER: "ヤングケアラー",
    Factor.NO_KIN: "身寄りがない",
}

TEAM_FACTORS = (Factor.SUICIDAL, Factor.HOARDING)
OPEN_FACTORS = tuple(factor for factor in Factor if factor not in TEAM_FACTORS)


class Marital(StrEnum):
    SINGLE = "single"
    MARRIED = "married"
    DIVORCED = "divorced"
    WIDOWED = "widowed"
    SEPARATED = "separated"


MARITAL_LABELS = {
    Marital.SINGLE: "未婚",
    Marital.MARRIED: "既婚（事実婚を含む）",
    Marital.DIVORCED: "離別",
    Marital.WIDOWED: "死別",
    Marital.SEPARATED: "別居中",
}


class Health(StrEnum):
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


HEALTH_LABELS = {Health.GOOD: "良い", Health.FAIR: "ふつう", Health.POOR: "悪い"}


class PublicAssistance(StrEnum):
    """生活保護の状況."""

    NONE = "none"
    CONSULTING = "consulting"
    APPLYING = "applying"
    RECEIVING = "receiving"
    ENDED = "ended"


PUBLIC_ASSISTANCE_LABELS = {
    PublicAssistance.NONE: "なし",
    PublicAssistance.CONSULTING: "相談中",
    PublicAssistance.APPLYING: "申請中",
    PublicAssistance.RECEIVING: "受給中",
    PublicAssistance.ENDED: "廃止後",
}


class DebtSettlement(StrEnum):
    NONE = "none"
    CONSIDERING = "considering"
    GOING_ON = "going_on"
    DONE = "done"


DEBT_SETTLEMENT_LABELS = {
    DebtSettlement.NONE: "していない",
    DebtSettlement.CONSIDERING: "考えている",
    DebtSettlement.GOING_ON: "手続き中",
    DebtSettlement.DONE: "済んだ",
}


class JobStage(StrEnum):
    """就労の段階: six steps from not daring to leave the house to finding work alone."""

    CONNECT = "connect"
    PREPARE = "prepare"
    WISH = "wish"
    ADJUST = "adjust"
    SEARCH = "search"
    OWN = "own"


JOB_STAGE_LABELS = {
    JobStage.CONNECT: "1 社会とつながることに不安がある",
    JobStage.PREPARE: "2 働く前の準備がいる",
    JobStage.WISH: "3 働きたいが、いまは難しい",
    JobStage.ADJUST: "4 条件を整えれば働ける",
    JobStage.SEARCH: "5 仕事を探している",
    JobStage.OWN: "6 自分の力で進められる",
}


class Screening(StrEnum):
    """対応方針: what becomes of the consultation after the first assessment."""

    INFORM = "inform"
    REFER = "refer"
    PLAN = "plan"
    CONTINUE = "continue"
    STOPPED = "stopped"


SCREENING_LABELS = {
    Screening.INFORM: "情報提供・相談対応で終わる",
    Screening.REFER: "ほかの制度・機関につなぐ（同意あり）",
    Screening.PLAN: "継続して支援する（プランをつくる）",
    Screening.CONTINUE: "もう少し聞き取りを続ける",
    Screening.STOPPED: "中断（連絡がとれないなど）",
}


class AmountKind(StrEnum):
    """A line about money. Income is monthly; the others are what there is or what is owed."""

    INCOME = "income"
    BENEFIT = "benefit"
    ASSET = "asset"
    DEBT = "debt"
    ARREARS_RENT = "arrears_rent"
    ARREARS_TAX = "arrears_tax"
    ARREARS_OTHER = "arrears_other"


AMOUNT_KIND_LABELS = {
    AmountKind.INCOME: "収入（月）",
    AmountKind.BENEFIT: "年金・手当など（月）",
    AmountKind.ASSET: "預貯金・資産",
    AmountKind.DEBT: "借入れ・債務",
    AmountKind.ARREARS_RENT: "家賃の滞納",
    AmountKind.ARREARS_TAX: "税・保険料の滞納",
    AmountKind.ARREARS_OTHER: "公共料金などの滞納",
}

# Rows whose sums are told together: (words, kinds).
TOTALS = (
    ("収入（月）", (AmountKind.INCOME, AmountKind.BENEFIT)),
    ("預貯金・資産", (AmountKind.ASSET,)),
    ("債務", (AmountKind.DEBT,)),
    ("滞納", (AmountKind.ARREARS_RENT, AmountKind.ARREARS_TAX, AmountKind.ARREARS_OTHER)),
)
