"""The wishes in a donor's words."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.goods.codes import APPLIANCES, KIND_LABELS, GoodsKind
from app.goods.wishes.queries import GoodsWish

K = GoodsKind
# What to think of when looking at one's own thing; nothing of anybody's need.
EXAMPLES = {
    K.FRIDGE: "2ドアなど。中を空にして、電源を切ってから",
    K.WASHER: "全自動。ホースと説明書があれば一緒に",
    K.MICROWAVE: "温めができれば十分です",
    K.RICE_COOKER: "内釜とふたがそろったもの",
    K.GAS_STOVE: "都市ガス用・プロパン用のどちらかが分かるもの",
    K.HEATER: "電気ストーブ、こたつ、電気毛布など",
    K.LIGHT: "天井のシーリングライト。リモコンも一緒に",
    K.FUTON: "洗ってあるもの、または新品",
    K.BEDDING: "シーツ、毛布、まくらカバー",
    K.CURTAIN: "長さ（丈）が分かるもの。フックも一緒に",
    K.KITCHEN_SET: "鍋、フライパン、包丁、まな板、やかん",
    K.TABLEWARE: "皿、茶わん、はし、コップ。欠けのないもの",
    K.TABLE: "折りたたみの座卓、こたつなど",
    K.CHEST: "衣装ケース、カラーボックスなど、運びやすいもの",
}


def wish_words(wish: GoodsWish) -> dict[str, Any]:
    """A wish as page and paper say it."""
    return {
        "kind": KIND_LABELS[wish.kind],
        "group": wish.group,
        "count": _("数点") if wish.count is None else _("約%(n)s点", n=wish.count),
        "must": wish.must,
        "by": _by(wish.by),
        "size": _("幅%(n)scmくらいまで", n=wish.most_width_cm) if wish.most_width_cm else "",
        "words": EXAMPLES.get(wish.kind, ""),
        "appliance": wish.kind in APPLIANCES,
    }


def _by(month: date | None) -> str:
    return str(_("%(y)s年%(m)s月ごろまでに", y=month.year, m=month.month)) if month else ""
