"""The services a plan can name before anybody edits the list: statutory, optional, local ones.

The table `services` holds what an installation changed or added; a row of it stands in place of
the one shipped here with the same code. So an empty database has the whole list, and a newer
version of it reaches every installation. Local names are those two towns have published and serve
as examples; starts of validity are 生活困窮者自立支援法's and its amendments' where they are known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.cases.plans.codes import ServiceKind, SurveyColumn

LAW = date(2015, 4, 1)  # 生活困窮者自立支援法 in force
K, C = ServiceKind, SurveyColumn


@dataclass(frozen=True)
class Shipped:
    """One service as shipped; `unconfirmed` reads 要確認 on screen."""

    code: str
    name: str
    kind: ServiceKind
    column: SurveyColumn
    starts_on: date = LAW
    unconfirmed: bool = False


SHIPPED: tuple[Shipped, ...] = (
    Shipped("rent-benefit", "住居確保給付金（家賃補助）", K.STATUTORY, C.HOUSING_BENEFIT),
    Shipped(
        "moving-benefit", "住居確保給付金（転居費用補助）", K.STATUTORY, C.HOUSING_BENEFIT,
        date(2025, 4, 1),
    ),
    Shipped("shelter", "居住支援（シェルター）", K.OPTIONAL, C.TEMPORARY_LIVING),
    Shipped("community-living", "居住支援（地域居住支援）", K.OPTIONAL, C.TEMPORARY_LIVING),
    Shipped("budget", "家計改善支援", K.OPTIONAL, C.HOUSEHOLD_BUDGET),
    Shipped("budget-welfare", "被保護者家計改善支援", K.OPTIONAL, C.NONE, unconfirmed=True),
    Shipped("work-preparation", "就労準備支援", K.OPTIONAL, C.WORK_PREPARATION),
    Shipped("work-training", "認定就労訓練", K.STATUTORY, C.WORK_TRAINING),
    Shipped("work-support", "自立相談支援機関による就労支援", K.STATUTORY, C.WORK_SUPPORT),
    Shipped("work-promotion", "生保受給者等就労自立促進事業", K.OPTIONAL, C.WORK_PROMOTION),
    Shipped("children", "子どもの学習・生活支援", K.OPTIONAL, C.NONE),
    Shipped("loan", "生活福祉資金貸付", K.OPTIONAL, C.WELFARE_LOAN),
    Shipped("job-placement", "無料職業紹介", K.LOCAL, C.NONE, date(2015, 11, 1), True),
    Shipped("lawyer", "助言弁護士", K.LOCAL, C.NONE, unconfirmed=True),
    Shipped("psw-outreach", "PSWアウトリーチ", K.LOCAL, C.NONE, date(2020, 8, 1), True),
    Shipped("hatarakku", "はたらっく・ざま", K.LOCAL, C.WORK_PREPARATION, date(2017, 10, 1), True),
    Shipped("food-bank", "フードバンク", K.LOCAL, C.NONE, unconfirmed=True),
    Shipped("safe-place", "ひきこもりサポート・居場所", K.LOCAL, C.NONE, date(2021, 6, 1), True),
    Shipped("tax-instalments", "税の分納相談", K.LOCAL, C.NONE, unconfirmed=True),
    Shipped("seizure", "差押解除の調整", K.LOCAL, C.NONE, unconfirmed=True),
    Shipped("removal", "引越作業", K.LOCAL, C.NONE, unconfirmed=True),
    Shipped("sell-home", "不動産売却の相談", K.LOCAL, C.NONE, unconfirmed=True),
    Shipped("universal-work", "ユニバーサル就労", K.LOCAL, C.NONE, unconfirmed=True),
    Shipped("participation", "参加支援（重層的支援体制整備）", K.OPTIONAL, C.NONE,
            date(2021, 4, 1), True),
    Shipped("other", "その他", K.LOCAL, C.NONE),
)  # fmt: skip


def by_code(shipped: Iterable[Shipped] = SHIPPED) -> dict[str, Shipped]:
    """The shipped services by their code."""
    return {one.code: one for one in shipped}
