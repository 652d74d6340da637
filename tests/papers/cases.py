"""Made-up data for the papers of consultations: sheets of the case, meetings, referrals."""

from typing import Any

from app.printing import qr_svg
from tests.papers.sheet import SHEET

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

EVIDENCE: dict[str, Any] = {
    "sheet": SHEET | {"title": "フードバンクの記録"},
    "period": "2026年4月1日 ～ 2026年11月21日",
    "files": [["1_受け入れの確認.csv", "受け入れのときの確認", "160"]],
    "missing": ["製造ロットの記号が未記録: 12"],
}
