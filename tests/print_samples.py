"""Made-up data for every printed document, in the shapes the templates ask for."""

from typing import Any

from app.printing import qr_svg
from tests.reports.samples import COUNCIL, REPORT, WEEK

SHEET = {
    "organisation": "見本市 自立相談支援",
    "made_on": "2026年11月21日",
    "contact": "見本市 自立相談支援　046-000-0000（平日 8:30–17:15）",
}

CANDIDATES: dict[str, Any] = {
    "sheet": SHEET | {"title": "住まいの候補", "notice": "目安"},
    "greeting": "あなたの希望に合いそうな部屋です。"
    "気になる部屋に ✓ をつけて、つぎに会うときに教えてください。",
    "deadline": "12月30日までに引っ越す予定です。見学は 11月中がおすすめです。",
    "homes": [
        {
            "number": 1,
            "name": "コーポ相武 101",
            "rent": "月 41,000円",
            "upfront": "98,000円（このうち 57,000円は給付を使える見こみ）",
            "place": "見本市相武台 1丁目",
            "walk": "相武台前駅から 歩いて9分",
            "rooms": "1K（22.4㎡）",
            "floor": "1階（2階建て）",
            "reason": "払える家賃の中で、病院にいちばん近い部屋です。"
            "大家さんは「見守りがあれば大丈夫」と言っています。",
            "arrange": ["見守りの契約", "保証会社", "残った物の契約"],
            "viewing": "11月25日（水）10:00　相武台前駅の改札",
        },
        {
            "number": 2,
            "name": "ハイツ広野 A棟 102",
            "rent": "月 41,000円",
            "place": "見本市広野台",
            "walk": "座間駅から 歩いて14分",
            "rooms": "1DK（28.0㎡）",
            "floor": "1階",
            "reason": "広めの部屋です。家賃を役所から直接払う方法が使えます。",
            "arrange": ["代理納付の届"],
        },
        {
            "number": 3,
            "name": "㈱架空ホーム 𠮷﨑荘 ①",
            "rent": "月 40,000円",
            "place": "見本市栗原",
            "rooms": "1K（20.1㎡）",
            "floor": "1階",
            "reason": "家賃は合っています。",
            "arrange": [],
            "ask": ["高齢の方の一人暮らしを受け入れるか（11月24日に電話で聞きます）"],
        },
    ],
    "questions": [
        "日当たりと、夜の音",
        "ごみを出す場所と曜日",
        "エアコン・コンロはついているか",
        "病院やスーパーまで歩けるか",
    ],
}

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

PLACEMENT: dict[str, Any] = {
    "sheet": SHEET | {"title": "入居までの予定", "number": "C-2026-0214"},
    "home": {
        "name": "コーポ相武 101",
        "address": "見本市相武台 1丁目",
        "rent": "月 41,000円（共益費こみ）",
        "keys": "12月18日（金）13:00",
    },
    "steps": [
        {"label": "取り置き", "on": "11月21日", "done": True},
        {
            "label": "見学",
            "on": "11月25日（水）",
            "at": "10:00",
            "where": "相武台前駅の改札",
            "who": "例題 花子",
            "bring": ["メモ", "メジャー"],
            "done": False,
        },
        {
            "label": "入居の申し込み",
            "on": "11月26日",
            "who": "例題 花子",
            "bring": ["本人確認の書類", "はんこ"],
            "done": False,
        },
        {"label": "保証会社の審査", "where": "3日から7日かかります", "done": False},
        {
            "label": "契約・鍵の受け取り",
            "on": "12月18日（金）",
            "at": "13:00",
            "where": "㈱架空ホーム 相武台店",
            "who": "試験 次郎",
            "bring": ["契約書", "はんこ", "初期費用"],
            "done": False,
        },
        {
            "label": "ガスの開栓・電気・水道",
            "on": "12月18日（金）",
            "at": "15:00",
            "where": "ガスは立ち会いがいります",
            "who": "試験 次郎",
            "done": False,
        },
        {
            "label": "布団・台所セット・3日分の食料がとどく",
            "on": "12月18日（金）",
            "at": "16:00",
            "who": "NPO架空",
            "done": False,
        },
        {
            "label": "住所を変える手続き",
            "where": "市役所 1階 市民課",
            "bring": ["マイナンバーカード"],
            "done": False,
        },
        {
            "label": "はじめての見守り訪問",
            "on": "12月21日（月）",
            "who": "見本 三郎",
            "done": False,
        },
    ],
    "costs": [
        {"label": "敷金・礼金", "amount": "41,000円", "covered_by": "給付の対象"},
        {"label": "保証料", "amount": "20,500円", "covered_by": "給付の対象"},
        {"label": "火災保険", "amount": "15,000円", "covered_by": "自分で払う"},
        {"label": "前家賃", "amount": "21,500円", "covered_by": "自分で払う"},
    ],
    "total": "98,000円",
    "reminders": ["12月30日までに寮の鍵を返す", "郵便の転送届を出す", "病院に新しい住所を伝える"],
    "contacts": [
        {
            "label": "相談",
            "name": "見本市 自立相談支援",
            "phone": "046-000-0000",
            "hours": "平日 8:30–17:15",
        },
        {
            "label": "住まいのこと",
            "name": "NPO架空",
            "phone": "046-000-0001",
            "hours": "毎日 9:00–20:00",
        },
    ],
}

INTAKE: dict[str, Any] = {
    "sheet": SHEET | {"title": "相談受付票", "number": "C-2026-0214", "notice": "取扱注意"},
    "name": "髙﨑 𠮷之助",
    "kana": "たかさき よしのすけ",
    "who": "単身・60〜64歳",
    "facts": [{"label": "いまの住まい", "value": "社員寮"}, {"label": "電話", "value": "未確認"}],
    "topics": [{"label": "住まいについて", "main": True}, {"label": "債務について", "main": False}],
    "story": "月末までに出なければならない。\n*太字* #ではない",
    "people": ["本人　髙﨑 𠮷之助　62歳"],
    "needs": [{"label": "階", "value": "1階だけ"}],
}

HOME = {
    "name": "コーポ相武 101",
    "address": "見本市相武台1丁目2-3",
    "rent": "月 41,000円",
    "fee": "共益費 2,000円",
    "size": "1K（22.4㎡）",
    "floor": "1階（2階建て）",
    "walk": "相武台前駅 歩いて9分",
}

VIEWING: dict[str, Any] = {
    "sheet": SHEET | {"title": "内見同行票", "number": "C-2026-0012"},
    "home": HOME,
    "meeting": {
        "on": "11月25日（水）",
        "at": "10:30",
        "where": "相武台前駅の改札",
        "who": "見本 花子",
    },
    "agent": "㈱架空ホーム 046-000-0000",
    "look_at": ["道から玄関までの段差の数", "日当たりと風通し、夜の音", "ごみを出す場所と曜日"],
    "open": ["エレベーターはありますか", "ペットを飼えますか"],
}

COSTS: dict[str, Any] = {
    "sheet": SHEET | {"title": "初期費用見積", "number": "C-2026-0012",
                      "notice": "目安・判定ではありません"},
    "home": HOME,
    "lines": [
        {"label": "敷金", "amount": "41,000円", "payer": "本人", "covered": "対象外", "note": ""},
        {"label": "住宅保険料", "amount": "未確認（目安 15,000〜25,000円）", "payer": "本人",
         "covered": "対象", "note": "㈱架空保険に聞く"},
    ],
    "total": "41,000円",
    "unknown": "住宅保険料",
    "payers": [{"label": "本人", "amount": "41,000円"}],
    "covered": "0円",
    "cap": "123,000円（確認済み）",
    "cap_source": "住宅扶助限度額（神奈川県1級地、1人世帯）月41,000円。その3倍まで。",
}  # fmt: skip

LANDLORD: dict[str, Any] = {
    "sheet": SHEET | {"title": "貸主への説明書", "number": "C-2026-0012", "notice": "取扱注意"},
    "home": HOME,
    "name": "髙﨑 𠮷之助",
    "people": "1人",
    "facts": [
        {"label": "見守る人", "value": "NPO架空住まい"},
        {"label": "見守りの回数", "value": "入居の翌日・1週間後、その後は月1回"},
        {"label": "困ったときの電話", "value": "046-000-0000"},
        {"label": "保証人・保証会社", "value": "架空保証"},
        {"label": "家賃の払い方", "value": "口座振替"},
    ],
    "message": "ご心配なことがあれば、\nいつでもお電話ください。",
}

VACANCY_CHECK: dict[str, Any] = {
    "sheet": SHEET | {"title": "空き室の確認のお願い"},
    "to": "㈱架空ホーム 髙﨑支店 御中",
    "until": "12月5日（土）",
    "homes": [
        {
            "name": "コーポ𠮷野 101",
            "place": "見本市相武台 1丁目",
            "facts": "41,000円 ・ 共益費なし ・ 1K 22.4㎡",
        },
        {"name": "*架空荘* #2 202", "place": "見本市広野台", "facts": "38,000円 ・ 1R 18㎡"},
    ],
    "address": "https://example.jp/answer/WzEsImtha3VrdSJd.c2lnbmF0dXJl",
    "qr_svg": qr_svg("https://example.jp/answer/WzEsImtha3VrdSJd.c2lnbmF0dXJl"),
}


COMPARE: dict[str, Any] = {
    "sheet": SHEET | {"title": "住まいの見くらべ", "notice": "目安"},
    "greeting": "気になる部屋をならべました。「◎」は、その行でいちばんよいところです。",
    "homes": [
        {"number": 1, "name": "コーポ相武 101", "state": "合う"},
        {"number": 2, "name": "㈱架空ホーム 𠮷﨑荘 ①", "state": "あと一歩"},
        {"number": 3, "name": "*ハイツ* #2 102", "state": "まだ分からない"},
    ],
    "lines": [
        {
            "label": "家賃と共益費",
            "same": False,
            "cells": [
                {"text": "39,000円＋共益費 2,000円", "more": ["あわせて月 41,000円"]},
                {"text": "40,000円＋共益費なし", "more": [], "best": "いちばん安い"},
                {"text": "家賃は未確認", "more": []},
            ],
        },
        {
            "label": "まだ分からないこと",
            "same": False,
            "cells": [
                {"text": "なし", "more": []},
                {"text": "なし", "more": []},
                {
                    "text": "",
                    "more": ["家賃はいくらですか（見本不動産）", "何階ですか（見本不動産）"],
                },
            ],
        },
        {"label": "階", "same": True, "cells": [{"text": "1階", "more": []}] * 3},
    ],
    "questions": ["日当たりと、夜の音", "ごみを出す場所と曜日"],
}


BATCH: dict[str, Any] = {
    "sheet": SHEET
    | {"title": "住まいの組み合わせ（調整会議）", "notice": "取扱注意", "number": "B-12"},
    "policy": "方針: 優先順位（期限・緊急度・待った日数の順に、入れる方を決めます）。"
    "機械の提案です。決めるのは会議です。",
    "pairs": [
        {
            "number": 1,
            "case": "C-2026-0214",
            "standing": "期限まで9日・待ち32日",
            "home": "コーポ相武 101",
            "rent": "41,000円",
            "town": "見本市相武台1丁目",
            "points": 82,
            "reason": "上限より2,000円低く、1階の部屋です。",
            "arrange": ["見守り契約", "保証会社"],
            "ask": "",
            "instead": "C-2026-0220",
            "scarce": "この部屋は1階でなければ入れない方が2名います。取り置きをお勧めします。",
            "state": "",
        },
        {
            "number": 2,
            "case": "C-2026-0218",
            "standing": "期限なし・待ち61日・長く待ったため1段くり上げ",
            "home": "㈱架空ホーム 𠮷﨑荘 ①",
            "rent": "39,000円",
            "town": "見本市広野台",
            "points": 74,
            "reason": "家賃は上限ちょうどの部屋です。",
            "arrange": [],
            "ask": "保証会社を使う決まりはどうなっていますか",
            "instead": "",
            "scarce": "",
            "state": "取り置き済み",
        },
    ],
    "without": [
        {
            "case": "C-2026-0220",
            "standing": "期限まで40日・待ち12日",
            "why": "入れる住戸は1室ありますが、ほかの世帯との組み合わせで使われています。",
            "recruits": ["1階、家賃40,000円以下の部屋が1件あれば、あと1世帯の行き先ができます。"],
        }
    ],
    "kept": ["ハイツ広野 A棟 102"],
}

BENEFIT: dict[str, Any] = {
    "sheet": SHEET
    | {"title": "家賃補助の目安", "number": "C-2026-0001", "notice": "目安・判定ではありません"},
    "overall": "まだ分からないことがあります。聞くと、目安がはっきりします。",
    "amounts": [
        {
            "label": "1か月の額の目安",
            "value": "33,000円",
            "why": "基準額92,000円＋家賃39,000円−月収98,000円＝33,000円（限度額41,000円まで）。",
        },
        {"label": "期間", "value": "3か月ごと、最長であと9か月", "why": ""},
    ],
    "conditions": [
        {
            "name": "世帯の預貯金",
            "label": "まだ分からない",
            "why": "預貯金を聞いてください（目安は552,000円まで）。",
        }
    ],
    "rule": [{"label": "基準額", "value": "92,000円"}],
    "certain": False,
}

CONSENT = {
    "sheet": {
        "title": "同意書",
        "organisation": "座間見本市民相談窓口",
        "made_on": "2026年11月21日",
        "number": "C-2026-0218",
        "contact": "座間見本市民相談窓口 046-000-0000",
    },
    "heading": "個人情報の取り扱いについての同意",
    "lines": [
        "わたしは、下に示した相手に、下に示した内容を伝えることに同意します。",
        "・同意はいつでも、口頭でも、全部でも一部でも取りやめられます。",
    ],
    "version": "2026-04",
    "recipients": [
        {"label": "居住支援法人", "ticked": True},
        {"label": "フードバンク", "ticked": False},
        {"label": "見守りをする団体", "ticked": False},
        {"label": "貸主・不動産業者", "ticked": False},
    ],
    "named": "NPO法人 架空すまいと食の会",
    "items": [
        {"label": "住まいの希望と条件", "ticked": True},
        {"label": "氏名・連絡先・訪問の記録", "ticked": True},
        {"label": "健康・家計などの相談内容", "ticked": False},
    ],
    "until": "2027年11月21日",
}

MEETING = {
    "kind": "支援調整会議（随時）",
    "bases": ["支援調整会議", "生活困窮者自立支援法第9条の支援会議"],
    "on": "2026年11月27日（金）",
    "at": "13:30から60分",
    "place": "第2会議室",
}
PEOPLE = [
    {"name": "例題 花子", "belongs_to": "見本市 自立相談支援", "role": "進行"},
    {"name": "外部 次郎", "belongs_to": "見本市 生活援護課", "role": "査察指導員"},
]
PLAN_SERVICES = [
    {
        "name": "居住支援（地域居住支援）",
        "provider": "NPO法人 架空すまいの会",
        "frequency": "月2回",
        "period": "2026/12/1〜2027/5/31",
        "person_does": "週に一度、部屋の候補を見る",
        "we_do": "内見に同行し、入居のあと月2回訪ねる",
    },
    {
        "name": "家計改善支援",
        "provider": "例題社会福祉協議会",
        "frequency": "月1回",
        "period": "2026/12/1〜2027/5/31",
        "person_does": "家計簿をつける",
        "we_do": "税の分納の相談に付き添う",
    },
]

PLAN: dict[str, Any] = {
    "sheet": SHEET | {"title": "プラン兼事業等利用申込書", "number": "C-2026-0214"},
    "ordinal": "初回",
    "name": "髙﨑 𠮷男",
    "kana": "たかさき よしお",
    "period": "2026年12月1日（火）〜2027年5月31日（月）",
    "monitoring": "2027年3月1日（月）",
    "long_goal": "自分の部屋で、だれにも気がねなく暮らしたい。",
    "short_goal": "家賃を払える部屋に移る。",
    "issues": ["税の滞納", "保証人がいない"],
    "services": PLAN_SERVICES,
    "applied": "署名をもらった（紙を保管）　2026年11月24日（火）",
    "decision": {
        "words": "支援決定",
        "on": "2026年11月27日（金）",
        "place": "支援調整会議（随時）",
        "note": "保証会社は居住支援法人が探す。",
    },
    "changed": [{"on": "2026年12月5日（土）", "why": "担当の団体が変わった"}],
}

LOG: dict[str, Any] = {
    "sheet": SHEET | {"title": "支援経過記録", "number": "C-2026-0214", "notice": "取扱注意"},
    "name": "髙﨑 𠮷男",
    "entries": [
        {
            "at": "2026年11月20日 10:05",
            "how": "面談　50分　本人",
            "by": "例題 花子",
            "text": "窓口で話を聞いた。\n急ぐことを一緒に確かめた。",
            "next": "収納課に電話（2026年11月24日（火）まで）",
            "corrected": True,
        },
        {
            "at": "2026年11月24日 9:00",
            "how": "電話　収納課",
            "by": "例題 花子、見本 次郎",
            "text": "分納の相談をした。",
            "next": "",
            "corrected": False,
        },
    ],
}

AGENDA: dict[str, Any] = {
    "sheet": SHEET | {"title": "会議次第", "notice": "取扱注意・回収"},
    "meeting": MEETING,
    "people": PEOPLE,
    "items": [
        {"number": "1", "code_name": "なぎさ-12", "about": "プランの確認", "minutes": "15分"},
        {"number": "2", "code_name": "わかば-7", "about": "支援会議（非公開）", "minutes": "20分"},
    ],
}

MINUTES: dict[str, Any] = {
    "sheet": SHEET | {"title": "会議の記録", "notice": "取扱注意"},
    "meeting": MEETING,
    "people": PEOPLE,
    "remarks": "次の定例は12月21日。",
    "items": [
        {
            "number": "1",
            "code_name": "なぎさ-12",
            "subject": "部屋が決まるまでの泊まる所",
            "notes": "シェルターは12月末まで。\n内見を急ぐ。",
            "decision": "支援決定",
            "decision_note": "保証会社は居住支援法人が探す。",
            "task": "収納課に分納を相談する",
            "responsible": "例題 花子",
            "by_when": "2026年12月4日（金）",
        }
    ],
}

MEETING_SHEET: dict[str, Any] = {
    "sheet": SHEET | {"title": "会議の資料", "notice": "会議のあと回収"},
    "meeting": MEETING,
    "code_name": "なぎさ-12",
    "household": "1人世帯",
    "subject": "部屋が決まるまでの泊まる所",
    "plan": {
        "ordinal": "初回",
        "period": "2026年12月1日（火）〜2027年5月31日（月）",
        "long_goal": "自分の部屋で暮らしたい。",
        "short_goal": "家賃を払える部屋に移る。",
        "services": PLAN_SERVICES,
    },
    "numbers": ["1", "2"],
}

ASSESSMENT: dict[str, Any] = {
    "sheet": SHEET | {"title": "アセスメントシート", "number": "C-2026-0012", "notice": "取扱注意"},
    "name": "架空 髙子",
    "kana": "かくう たかこ",
    "who": "3人世帯・40代",
    "round": "初回",
    "assessed_on": "2026年11月20日（金）",
    "by": "架空 窓子",
    "draft": "",
    "issues": [
        {"label": name, "on": number in {5, 6, 8}, "main": number == 8}
        for number, name in enumerate((
            "病気", "けが", "障害（手帳有）", "障害（疑い）",
            "その他メンタルヘルスの課題（うつ・不眠・不安・依存症・適応障害など）", "住まい不安定",
            "ホームレス", "経済的困窮", "（多重・過重）債務", "家計管理の課題", "就職活動困難",
            "就職定着困難", "生活習慣の乱れ", "社会的孤立（ニート・ひきこもりなどを含む）",
            "家族関係・家族の問題", "介護", "子育て", "不登校", "ひとり親", "DV・虐待", "外国籍",
        ), 1)
    ],
    "factors": ["雇い止め", "税の滞納"],
    "wish": "子どもの学校を変えずに、家賃を払える部屋に移りたい。",
    "summary": "収入が減り、家賃が重くなっている。\n家計を見直し、住まいを先に決める。",
    "screening": "継続支援（プラン）",
    "people": ["本人　架空 髙子　42歳", "子　架空 﨑太　9歳"],
    "amounts": [
        {"kind": "収入（月）", "label": "パート", "yen": "82,000円", "months": ""},
        {"kind": "家賃の滞納", "label": "㈱架空ホーム", "yen": "90,000円", "months": "2か月分"},
        {"kind": "税の滞納", "label": "住民税", "yen": "未確認", "months": ""},
    ],
    "totals": [
        {"label": "収入（月）", "words": "82,000円"},
        {"label": "滞納", "words": "90,000円以上（金額が未確認の行 1件）・家賃 2か月分"},
    ],
    "parts": [
        {"title": "健康・障害", "facts": [
            {"label": "体の調子", "value": "よくない"},
            {"label": "くわしく", "value": "夜に眠れない。"}]},
        {"title": "仕事", "facts": [{"label": "最後に働いた日", "value": "2026年10月31日（土）"}]},
    ],
    "chart": {
        "at": "2026年11月20日 10:15",
        "said": [{"question": "家賃やローンの支払いが遅れていますか", "answer": "はい"}],
    },
}  # fmt: skip

REFERRAL = {
    "sheet": {
        "title": "つなぐシート",
        "organisation": "座間見本市民相談窓口",
        "made_on": "2026年11月21日（土）",
        "number": "T-2026-0001",
        "notice": "取扱注意",
        "contact": "答えの返し先 座間見本市民相談窓口 046-000-0000",
    },
    "blank": False,
    "qr_svg": qr_svg("https://tsunagi.example.jp/referrals/1"),
    "made_on": "2026年11月28日（土）",
    "office": "架空市 収納課",
    "writer": "架空 窓子",
    "consent": "2026年11月28日（土）　口頭（聞き取った内容を記録）",
    "name": "架空 髙子",
    "age": "40代",
    "family": "妻と子2人（小3・保育園）",
    "address": "架空町1-2-3",
    "phone": "046-000-1111",
    "topics": [
        {"label": "病気や健康、障害のこと", "on": True, "main": False},
        {"label": "債務について", "on": True, "main": True},
        {"label": "住まいについて", "on": False, "main": False},
    ],
    "told": "家賃を2か月払えていない。\n督促が毎日来て眠れない。",
    "wish": "子どもの学校を変えたくない",
    "asked": "家計の相談をお願いします",
    "recipients": [{"office": "架空社会福祉協議会", "way": "一緒に行く（同行）"}],
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

EVIDENCE: dict[str, Any] = {
    "sheet": SHEET | {"title": "フードバンクの記録"},
    "period": "2026年4月1日 ～ 2026年11月21日",
    "files": [["1_受け入れの確認.csv", "受け入れのときの確認", "160"]],
    "missing": ["製造ロットの記号が未記録: 12"],
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

SAMPLES = {
    "agenda": AGENDA,
    "assessment": ASSESSMENT,
    "batch": BATCH,
    "benefit": BENEFIT,
    "candidates": CANDIDATES,
    "compare": COMPARE,
    "consent": CONSENT,
    "costs": COSTS,
    "council": COUNCIL,
    "donor_thanks": DONOR_THANKS,
    "evidence": EVIDENCE,
    "food_ledger": FOOD_LEDGER,
    "handout": HANDOUT,
    "pick_list": PICK_LIST,
    "parcel_labels": PARCEL_LABELS,
    "allergens": ALLERGENS,
    "intake": INTAKE,
    "day_plan": DAY_PLAN,
    "van_day": VAN_DAY,
    "key_day": KEY_DAY,
    "key_day_household": KEY_DAY_HOUSEHOLD,
    "labels": LABELS,
    "landlord": LANDLORD,
    "log": LOG,
    "meeting_sheet": MEETING_SHEET,
    "minutes": MINUTES,
    "plan": PLAN,
    "placement": PLACEMENT,
    "recall_calls": RECALL_CALLS,
    "recall_report": RECALL_REPORT,
    "referral": REFERRAL,
    "report": REPORT,
    "vacancy_check": VACANCY_CHECK,
    "viewing": VIEWING,
    "goods_wishes": GOODS_WISHES,
    "week": WEEK,
    "wishes": WISHES,
    "watch_ledger": WATCH_LEDGER,
}
