"""What the papers of the reports take, from the source documents' own tables."""

from app.reports.papers import drawn
from app.reports.sources import SOURCE, source_tables
from app.reports.suppression import NOTE

SHEET = {
    "title": "相談の数字（令和2年度）",
    "organisation": "架空市民相談窓口",
    "made_on": "2026年11月21日",
}

REPORT = {
    "sheet": SHEET,
    "marks": [SOURCE, "照合番号 0123456789ab"],
    "parts": [
        {"title": "新規相談", "lead": "何件の相談を受け付けたか", "tables": drawn(source_tables())}
    ],
}

WEEK = {
    "sheet": SHEET | {"title": "今週いただけると助かるもの"},
    "food": [
        "主食（米、パックごはん、めん、シリアル）を約40kg。約120人の1日分です。"
        "缶切りがいらないものだと助かります。"
    ],
    "things": ["冷蔵庫を約10点。幅60cmくらいまで。2ドアなど。中を空にして、電源を切ってから。"],
}

BRIEF = {
    "sheet": SHEET | {"title": "月の報告（令和2年10月）"},
    "marks": ["いまの数　2020年10月31日まで"],
    "headlines": [{"name": "新規相談", "value": "65", "unit": "件", "before": "9月 88"}],
    "first": REPORT["parts"][0] | {"tables": drawn(source_tables()[:2])},
    "parts": [REPORT["parts"][0] | {"tables": drawn(source_tables()[2:])}],
}

COUNCIL = {
    "sheet": SHEET | {"title": "居住支援協議会の資料（令和2年度）"},
    "state": "確定　2021年3月31日まで",
    "tables": drawn(source_tables()[:1]),
    "notes": [NOTE],
    "questions": [
        "「高齢を理由に断られた」ため、住まいが決まらなかったことが7件ありました。"
        "どんな備え（見守り・代理納付・緊急の連絡先など）があれば、受け入れられますか。"
    ],
    "homes": ["1階、家賃50,000円以下の部屋が2件あれば、あと2世帯の行き先ができます。"],
    "things": ["冷蔵庫　約10点　2027年1月ごろまでに", "布団　数点"],
}
