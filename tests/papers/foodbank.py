"""Made-up data for the papers of food: shelves, parcels, hand-outs, donors."""

from typing import Any

from app.printing import qr_svg
from tests.papers.sheet import SHEET

PICK_LIST: dict[str, Any] = {
    "sheet": SHEET | {"title": "取り出し表", "organisation": "見本フードバンク", "number": ""},
    "until": "11月21日（土）",
    "boxes": 2,
    "units": 31,
    "weight": "8.4kg",
    "shelves": [
        {
            "shelf": "A1",
            "lines": [
                {
                    "item": "アルファ米 100g",
                    "quantity": 14,
                    "best_by": "2027年9月20日（月）",
                    "boxes": 2,
                },
                {
                    "item": "おかゆ レトルト",
                    "quantity": 6,
                    "best_by": "2028年1月31日（月）",
                    "boxes": 1,
                },
            ],
        },
        {
            "shelf": "B2",
            "lines": [
                {"item": "さば水煮缶", "quantity": 11, "best_by": "期限の表示なし", "boxes": 2},
            ],
        },
    ],
    "parcels": [
        {
            "number": "F-0012",
            "when": "11月21日（土）",
            "kind": "お湯・レンジの箱",
            "people": "2人",
            "days": "3日分",
            "weight": "4.6kg",
            "must_not": ["小麦 なし", "ガスなし・お湯だけ"],
            "lines": [
                {"item": "アルファ米 100g", "quantity": 8, "shelf": "A1"},
                {"item": "さば水煮缶", "quantity": 5, "shelf": "B2"},
            ],
        },
        {
            "number": "F-0013",
            "when": "11月21日（土）",
            "kind": "調理できる箱",
            "people": "4人",
            "days": "1日分",
            "weight": "3.8kg",
            "must_not": [],
            "lines": [],
        },
    ],
}

PARCEL_LABELS: dict[str, Any] = {
    "sheet": SHEET | {"title": "箱のラベル", "organisation": "見本フードバンク"},
    "labels": [
        {
            "number": f"P-{number:04d}",
            "qr_svg": qr_svg(f"P-{number:04d}"),
            "when": "11月21日（土）",
            "pickup": "窓口で受け取り",
            "kind": kind,
            "weight": "4.6kg",
            "eat_first": "2026年12月5日（土）",
        }
        for number, kind in enumerate(
            ("そのまま食べる箱", "お湯・レンジの箱", "調理できる箱") * 4, 21
        )
    ],
}

ALLERGENS: dict[str, Any] = {
    "sheet": SHEET
    | {"title": "アレルギーの表", "organisation": "見本フードバンク", "number": "P-0021"},
    "must_not": ["小麦 なし"],
    "allergens": ["えび", "小麦", "卵", "乳", "さば", "大豆"],
    "lines": [
        {
            "item": "さば水煮缶",
            "quantity": 5,
            "known": True,
            "contains": ["さば", "大豆"],
            "may_contain": ["えび"],
            "label": "さば・大豆（同じ工場で、えびを使う製品を作っています）",
            "best_by": "2028年1月31日（月）",
        },
        {
            "item": "いただき物の菓子 *箱*",
            "quantity": 1,
            "known": False,
            "contains": [],
            "may_contain": [],
            "label": "",
            "best_by": "2026年12月5日（土）",
        },
    ],
}

HANDOUT: dict[str, Any] = {
    "sheet": SHEET
    | {"organisation": "NPO架空フードバンク", "title": "食料引渡票", "number": "P-1187"},
    "parcel": {
        "number": "P-1187",
        "people": "2人",
        "days": "3日分",
        "weight": "4.6kg",
        "place": "相談窓口（1階）",
        "when": "11月21日 14:00",
    },
    "qr_svg": qr_svg("P-1187"),
    "must_not": ["小麦 なし", "ガスなし・お湯だけ"],
    "shelves": [
        {
            "shelf": "A3",
            "lines": [
                {
                    "item": "アルファ米 白飯",
                    "quantity": 6,
                    "best_by": "2027年9月20日",
                    "allergens": "なし（表示）",
                    "note": "お湯だけで食べられる",
                }
            ],
        },
        {
            "shelf": "B4",
            "lines": [
                {
                    "item": "おかゆ レトルト",
                    "quantity": 4,
                    "best_by": "2026年11月30日",
                    "allergens": "なし（表示）",
                    "note": "古い方から",
                },
                {
                    "item": "レトルトカレー 甘口",
                    "quantity": 2,
                    "best_by": "2027年3月1日",
                    "allergens": "乳・大豆",
                },
            ],
        },
        {
            "shelf": "C2",
            "lines": [
                {"item": "さば水煮缶", "quantity": 4, "best_by": "2028年5月", "allergens": "さば"}
            ],
        },
        {
            "shelf": "D1",
            "lines": [
                {
                    "item": "水 2L",
                    "quantity": 2,
                    "best_by": "2027年1月",
                    "allergens": "なし（表示）",
                }
            ],
        },
    ],
    "notes": [
        "おかゆは 11月30日までに先に食べてください。",
        "体に合わないと感じたら食べずに、上の番号を伝えて連絡してください。",
    ],
}

LABELS = {
    "shape": "shelf",
    "organisation": "見本市 架空の食の会",
    "skip": 1,
    "labels": [
        {"big": "冷蔵2", "tag": "冷蔵", "lines": ["倉庫1階"], "qr_svg": qr_svg("S-2")},
        {"big": "髙級ツナ缶", "date": "賞味期限 2027.9.20", "lines": ["常温　L-00012"],
         "qr_svg": qr_svg("L-12")},
    ],
}  # fmt: skip

RECALL_CALLS: dict[str, Any] = {
    "sheet": SHEET | {"title": "回収の電話の一覧　R-0001", "notice": "取扱注意"},
    "danger": "金属片が入ったおそれ",
    "advice": "食べずに、そのまま置いてください。",
    "people": [
        {
            "who": "見本 一郎",
            "parcels": ["P-1187　架空ツナ缶 ×2（L-00008）"],
            "call": ["090-0000-1234　夕方"],
            "cares": ["家族に知られないように", "留守電に残さない"],
            "state": "未連絡",
        }
    ],
}

RECALL_REPORT: dict[str, Any] = {
    "sheet": SHEET | {"title": "回収の報告　R-0001", "notice": "訓練"},
    "danger": "金属片が入ったおそれ",
    "facts": [["始めた日時", "2026年11月21日 10:00"], ["お知らせから名前まで", "1分20秒"]],
    "lots": [
        {
            "number": "L-00008",
            "name": "架空ツナ缶",
            "printed": "2028.03.01",
            "code": "A7-12",
            "on_shelf": 22,
        }
    ],
    "told": [["2026年11月21日 11:00", "例題生協", "電話。残り22個は引き取る"]],
    "outcomes": [["捨ててもらった", "2世帯"]],
    "report": "次は記号も受け入れのときに書く。",
}

FOOD_LEDGER: dict[str, Any] = {
    "sheet": SHEET | {"title": "食料管理簿"},
    "period": "2026年11月1日 ～ 2026年11月21日",
    "donors": True,
    "rows": [
        {
            "day": "11/04",
            "number": "L-00008",
            "item": "架空ツナ缶",
            "donor": "例題生協",
            "printed": "2028.03.01",
            "kg": "6.3kg",
            "storage": "常温",
            "numbers": ["30", "8", "", "", "22"],
        }
    ],
    "sums": [30, 8, 0, 0, 22],
}

DONOR_THANKS: dict[str, Any] = {
    "sheet": SHEET | {"title": "食品のご寄贈のお礼"},
    "donor": "㈱髙﨑まぼろし食品",
    "period": "2026年4月1日（水） ～ 2026年11月21日（土）",
    "items": [["レトルトごはん 200g", "1,200個", "264kg"], ["野菜ジュース 200ml", "480本", ""]],
    "more": 0,
    "kg": "264kg",
    "unweighed": 1,
    "reach": [
        ["届いた世帯（のべ）", "182世帯"],
        ["届いた世帯（実数）", "64世帯"],
        ["うち、その場でお渡しした方（のべ）", "31世帯"],
        ["お渡しした重さ", "231.4kg"],
    ],
    "disposed": "3.2kg",
    "fewest": 5,
}

WISHES: dict[str, Any] = {
    "sheet": SHEET | {"title": "いま、ほしいもの"},
    "wishes": [
        {
            "group": "主食",
            "words": "米、パックごはん、めん、シリアル",
            "people": "約240人の1日分",
            "kg": "約96kg",
            "examples": ["レトルトごはん 200g なら約820個", "スパゲッティ 500g なら約140個"],
            "terms": ["そのまま食べられる", "小麦なし"],
        },
        {
            "group": "果物",
            "words": "果物の缶詰、ドライフルーツ、果汁100%のジュース",
            "people": "約95人の1日分",
            "kg": None,
            "examples": [],
            "terms": [],
        },
    ],
    "low": ["粉ミルク 800g", "アルファ米 白飯 100g"],
}
