"""Made-up data for the papers of moving in: key day, van, visits, ledger, wishes for goods."""

from typing import Any

from tests.papers.sheet import SHEET

GOODS_WISHES: dict[str, Any] = {
    "sheet": SHEET | {"title": "家具・家電・日用品のお願い"},
    "musts": [
        {
            "kind": "冷蔵庫",
            "count": "約10点",
            "by": "2026年12月ごろまでに",
            "size": "幅60cmくらいまで",
            "words": "2ドアなど。中を空にして、電源を切ってから",
            "appliance": True,
        },
        {
            "kind": "布団",
            "count": "数点",
            "by": "",
            "size": "",
            "words": "洗ってあるもの、または新品",
            "appliance": False,
        },
    ],
    "others": [
        {"kind": "学習机", "count": "数点", "by": "", "size": "", "words": "", "appliance": False}
    ],
}

WATCH_LEDGER: dict[str, Any] = {
    "sheet": {k: v for k, v in SHEET.items() if k != "contact"}
    | {"title": "見守り帳簿（令和8年度）"},
    "kept": "この帳簿は、年度の終わりから5年間（2032年3月31日まで）保存します。",
    "items": ["①入居者", "②対価・条件", "③異常", "④見守り", "⑤つなぎ", "⑥その他の援助"],
    "households": [
        {
            "items": [
                ["髙﨑 見本さん", "入居 2026-05-01", "入居中", "コーポ相武 101"],
                ["家賃 41,000円／月", "見守りの対価 2,000円／月"],
                [
                    "2026-06-03 連絡がつかない　緊急連絡先: 無事が分かった",
                    "本人に会えた。#1 *転んでいた*",
                ],
                ["2026-05-02　会えた", "安否確認（1日1回）: この年度に210日"],
                ["2026-07-01　架空サロン　お茶の会　つながった"],
                ["2026-06-10　生活支援（家事・買い物）"],
            ]
        }
    ],
    "figures": [["見守った世帯", "1世帯"], ["訪問・連絡の試み", "12回"]],
}

_KEY_HOME = {
    "name": "コーポ架空 101",
    "address": "神奈川県座間市相武台一丁目",
    "keys": "12月4日（金）",
    "move_in": "まだ決まっていません",
}

KEY_DAY: dict[str, Any] = {
    "sheet": SHEET | {"title": "鍵の日の段取り"},
    "home": _KEY_HOME,
    "parts": [
        {
            "title": "鍵の前",
            "tasks": [
                {
                    "done": number == 0,
                    "dropped": number == 1,
                    "on": "11月29日（日）" if number else "済み 11月28日",
                    "counted": "鍵の5日前",
                    "late": number == 2,
                    "title": title,
                    "ask": number == 3,
                    "basis": "生活保護法37条の2（要確認）" if number == 3 else "",
                    "who": "居住支援法人",
                }
                for number, title in enumerate(
                    ["水道を申し込む", "布団を用意する", "電気を申し込む", "代理納付を頼む"]
                )
            ],
        }
    ],
}

VAN_DAY: dict[str, Any] = {
    "sheet": SHEET | {"title": "車の日　2026年11月21日（土）", "notice": "取扱注意"},
    "warnings": ["モノ-0007　本棚は荷台に入りません（あと12cm）。"],
    "things": [
        {"item": "モノ-0004　布団 一組", "shelf": "倉庫A-3", "kg": "8kg"},
        {"item": "モノ-0002　冷蔵庫 2ドア 白", "shelf": "倉庫A-1", "kg": "35kg"},
    ],
    "stops": [
        {
            "arrives": "9:12", "what": "引き取り",
            "where": "社会福祉法人 見本の里　見本市相武台1-2　046-000-0001　2階",
            "things": [
                {"item": "モノ-0007　本棚", "size": "幅80×奥行30×高さ182cm", "kg": "",
                 "for_whom": "C-2026-0012"},
            ],
        },
        {
            "arrives": "10:05", "what": "お届け",
            "where": "C-2026-0012　見本市広野台2-3 ハイツ広野 A棟 102",
            "things": [
                {"item": "モノ-0007　本棚", "size": "幅80×奥行30×高さ182cm", "kg": "",
                 "for_whom": "C-2026-0012"},
                {"item": "モノ-0002　冷蔵庫 2ドア 白", "size": "幅48×奥行55×高さ120cm",
                 "kg": "35kg", "for_whom": "C-2026-0012"},
            ],
        },
    ],
    "apart": [
        {"item": "モノ-0009　炊飯器", "for_whom": "C-2026-0015", "where": "市役所1階",
         "why": "渡す場所で渡します。順番には入れていません。"},
    ],
    "ends": "11:20",
}  # fmt: skip

DAY_PLAN: dict[str, Any] = {
    "sheet": SHEET | {"title": "11月21日の回り方", "notice": "取扱注意"},
    "who": "見本 回子",
    "sum": "3世帯・およそ4.2km・11:40ごろ終わり",
    "stops": [
        {
            "arrives": "9:10", "who": "C-2026-0012", "label": "3日目の訪問",
            "home": "コーポ相武 101　見本市相武台1-2", "phone": "046-000-0012", "note": "",
        },
        {
            "arrives": "10:00", "who": "C-2026-0007　𠮷﨑さん", "label": "月1回の訪問",
            "home": "ハイツ広野 A棟 102　見本市広野台2-3", "phone": "",
            "note": "10:00から11:00までの約束なので、12分待ちます",
        },
    ],
    "apart": [
        {
            "who": "C-2026-0015", "label": "週1回の訪問", "agreed": "13:00〜14:00の約束",
            "home": "行き先は画面で確かめてください",
            "why": "順番に入れていません",
        }
    ],
}  # fmt: skip

KEY_DAY_HOUSEHOLD: dict[str, Any] = {
    "sheet": SHEET | {"title": "引っ越しですること"},
    "home": _KEY_HOME,
    "parts": [
        {
            "title": "鍵の日・入居の日",
            "tasks": [
                {
                    "on": "12月4日（金）",
                    "title": "鍵を受け取る",
                    "explanation": "身分証を持って行きます。鍵の本数を数えます。",
                    "who": "あなた",
                    "ask": False,
                },
                {
                    "on": "日が決まったら",
                    "title": "学校を移る手続きをする",
                    "explanation": "",
                    "who": "見本 相談員",
                    "ask": True,
                },
            ],
        }
    ],
    "contact": {"name": "架空相談窓口", "phone": "046-000-0000"},
}
