"""Made-up homes and food, written as lists a sender would send, with dates around the present."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

HOME_HEADS = (
    "物件名", "号室", "所在地", "間取り", "面積", "家賃", "共益費", "敷金", "礼金", "築年月", "階／階建",
    "EV", "最寄駅", "徒歩", "保証人", "高齢者", "障害者", "生活保護", "外国人", "ひとり親・子育て",
    "DV被害者", "刑余者", "ペット", "入居可能日", "取扱", "貸主", "連絡先", "備考",
)  # fmt: skip

_TOWNS = (
    "相武台1丁目", "相武台3丁目", "入谷東2丁目", "緑ケ丘2丁目", "栗原中央4丁目", "広野台1丁目",
    "ひばりが丘3丁目", "座間2丁目",
)  # fmt: skip
_BUILDINGS = ("架空荘", "メゾン例題", "コーポ見本", "ハイツ仮名", "雛形ビレッジ", "試験ハウス")
_STATIONS = ("小田急小田原線「相武台前」駅", "ＪＲ相模線「入谷」駅", "相鉄線「さがみ野」駅")
_ANSWERS = ("○", "可（見守り利用）", "応相談", "可（保証会社利用）", "", "可（代理納付）", "×")
_LAYOUTS = (("1K", 20.5, 37000), ("1R", 16.2, 32000), ("1DK", 27.4, 43000), ("2DK", 40.1, 52000))
HOMES = 24


LEFT_OUT = (7, 10, 15, 20)
"""Homes of the made-up list's landlords that its newest edition no longer names."""

REALTOR_HEADS = ("物件名", "号室", "所在地", "家賃", "共益費", "間取り", "面積", "取扱")


def homes_csv(today: date, *, left_out: Sequence[int] = ()) -> bytes:
    """A list of 24 homes in 座間市 by a made-up council, as CSV with a BOM."""
    rows = (_home_row(n, today) for n in range(HOMES) if n + 1 not in left_out)
    return _csv(HOME_HEADS, rows)


def realtor_csv(today: date) -> bytes:
    """The realtor's own list: two of the same homes, one of them dearer than the council says."""
    rows = []
    for n, dearer in ((4, 2_000), (5, 0)):
        row = dict(zip(HOME_HEADS, _home_row(n, today), strict=True))
        rent = int(row["家賃"].removesuffix("円").replace(",", "")) + dearer
        row["家賃"] = f"{rent:,}円"
        rows.append([row[head] for head in REALTOR_HEADS])
    return _csv(REALTOR_HEADS, rows)


def _home_row(n: int, today: date) -> list[str]:
    layout, area, rent = _LAYOUTS[n % len(_LAYOUTS)]
    floors = 2 + n % 3
    soon = today + timedelta(days=7 * (n % 4))
    answers = [_ANSWERS[(n * 3 + k) % len(_ANSWERS)] for k in range(7)]
    answers[0] = ("○", "可（見守り利用）", "応相談", "○")[n % 4]
    return [
        f"{_BUILDINGS[n % len(_BUILDINGS)]}{'ⅠⅡⅢⅣ'[n // len(_BUILDINGS) % 4]}",
        f"{1 + n % floors}0{1 + n % 6}",
        f"神奈川県座間市{_TOWNS[n % len(_TOWNS)]}{1 + n}番{2 + n % 9}号",
        layout,
        f"{area + n % 5}",
        f"{rent + 1000 * (n % 5):,}円",
        ("2,000円", "込", "なし", "3,000円")[n % 4],
        ("なし", "1ヶ月")[n % 2],
        ("なし", "なし", "1ヶ月")[n % 3],
        f"{1985 + n}年4月",
        f"{1 + n % floors}階/{floors}階建",
        "有" if n % 5 == 0 else "無",
        _STATIONS[n % len(_STATIONS)],
        f"徒歩{4 + n % 17}分",
        ("保証会社", "不要", "保証会社必須", "要")[n % 4],
        *answers,
        ("不可", "相談", "可")[n % 3],
        "即" if n % 2 else soon.isoformat(),
        "㈱お試し住宅",
        f"例題 貸主{n + 1}",
        f"046-000-{1000 + n}",
        "",
    ]


LEDGER_HEADS = (
    "受入日", "寄贈者", "品名", "JAN", "分類", "数量", "単位", "期限の種類", "期限（表示のまま）",
    "保管", "棚", "アレルゲン表示", "備考",
)  # fmt: skip

# name, category, quantity, unit, days until the printed date, shelf, allergens as on the label
_FOOD: Sequence[tuple[str, str, int, str, int, str, str]] = (
    ("アルファ米 白飯 100g", "米", 60, "袋", 400, "A1", "なし"),
    ("精米 5kg", "米", 12, "袋", 150, "A2", "なし"),
    ("おかゆ レトルト UDF区分3", "介護食", 30, "袋", 120, "A3", "なし"),
    ("乾パン 100g", "パン", 24, "缶", 500, "A4", "小麦・ごま"),
    ("カップ麺 しょうゆ", "麺", 36, "個", 60, "B1", "一部に小麦・卵・乳成分・大豆・豚肉・鶏肉・ごま・ゼラチンを含む"),
    ("パスタ 500g", "麺", 20, "袋", 300, "B2", "小麦"),
    ("さば水煮缶", "缶詰", 48, "缶", 700, "C1", "さば"),
    ("ツナ缶 3缶", "缶詰", 30, "個", 600, "C2", "一部に大豆を含む"),
    ("レトルトカレー 中辛 180g", "惣菜", 40, "袋", 45, "C3", "一部に小麦・乳成分・牛肉・大豆・鶏肉・りんごを含む"),
    ("豚汁の具 レトルト", "惣菜", 20, "袋", 20, "C4", "豚肉・大豆"),
    ("トマト缶", "野菜", 24, "缶", 480, "D1", "なし"),
    ("切り干し大根", "野菜", 15, "袋", 90, "D2", "なし"),
    ("缶詰 みかん", "果物", 36, "缶", 520, "D3", "なし"),
    ("水 2L×6", "飲料", 20, "箱", 800, "E1", "なし"),
    ("お茶 2L", "飲料", 24, "本", 200, "E2", "なし"),
    ("粉ミルク はじめて 800g", "乳児", 6, "缶", 250, "E3", "乳成分・大豆"),
    ("みそ 750g", "調味料", 10, "個", 9, "E4", "大豆"),
)  # fmt: skip


def ledger_csv(today: date) -> bytes:
    """A small stock with dates that lie ahead of today, as a food bank's ledger."""
    rows = (
        [
            (today - timedelta(days=n % 20)).isoformat(),
            ("お試し生協", "個人（匿名）", "フードドライブ（お試し）")[n % 3],
            name,
            "",
            category,
            str(quantity),
            unit,
            "賞味期限",
            (today + timedelta(days=days)).strftime("%Y.%m.%d"),
            "常温",
            shelf,
            allergens,
            "",
        ]
        for n, (name, category, quantity, unit, days, shelf, allergens) in enumerate(_FOOD)
    )
    return _csv(LEDGER_HEADS, rows)


def _csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
