"""Made-up data for the papers of homes: candidates, viewings, costs, landlords, placements."""

from typing import Any

from app.printing import qr_svg
from tests.papers.sheet import SHEET

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
