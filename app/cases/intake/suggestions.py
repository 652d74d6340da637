"""Words offered while typing where somebody came from; anything else may be typed."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.directory.models import Partner, PartnerKind
from app.directory.queries import name_in_full

# The sections and outside bodies of the source municipality's own table of routes (H30).
USUAL_ROUTES = (
    "生活保護担当", "市民税課", "収納課", "戸籍住民課", "広聴人権課", "消費生活センター",
    "商工観光課",
    "健康づくり課", "医療課", "国保年金課", "介護保険課", "障がい福祉課", "子ども政策課",
    "建築住宅課",
    "教育研究所", "市社会福祉協議会", "地域包括支援センター", "民生委員", "ハローワーク", "病院",
    "介護施設", "高等学校", "不動産事業者", "弁護士など", "市議会議員", "保証会社",
)  # fmt: skip


def route_suggestions(session: Session) -> list[str]:
    """Partners of the directory first, then the usual sections."""
    partners = session.scalars(
        sa.select(name_in_full())
        .where(Partner.kind != PartnerKind.DONOR, Partner.active)
        .order_by(Partner.name)
        .limit(100)
    )
    return list(dict.fromkeys([*partners, *USUAL_ROUTES]))
