"""What donors are asked for: from what is short, and nothing of a single household."""

from datetime import date

import pytest

from app.goods.codes import GoodsKind, NeedState
from app.goods.models import GoodsNeed
from app.goods.wishes import views
from tests.goods.kit import Goods
from tests.placements.households import a_case

ON = date(2027, 1, 20)


@pytest.fixture
def goods(make, in_database):
    return Goods(make, in_database)


def _needs(make, goods, households, kind, **values):
    for _ in range(households):
        make.save(
            GoodsNeed(case_id=a_case(make, goods.staff).id, user_id=goods.staff.id, kind=kind,
                      state=NeedState.OPEN, **values)
        )  # fmt: skip


def _told(page):
    return {
        row.find("th").text.split()[0]: row.text.replace("\n", "")
        for row in page.soup.select("tbody tr")
    }


def test_numbers_months_and_sizes_are_told_of_five_households_and_no_fewer(goods, make, browser_of):
    _needs(make, goods, 5, GoodsKind.FUTON, needed_on=ON, space_width_cm=105)
    _needs(make, goods, 1, GoodsKind.FUTON, needed_on=date(2026, 12, 1), space_width_cm=70)
    _needs(make, goods, 4, GoodsKind.BED, needed_on=ON, space_width_cm=105)
    for _ in range(6):
        goods.need(GoodsKind.TABLEWARE, needed_on=ON)  # six of one household
    told = _told(browser_of(goods.staff).get("/goods/wishes"))
    assert "約10点" in told["布団"]
    assert "2027年1月ごろ" in told["布団"]
    assert "12月" not in told["布団"]
    assert "幅105cm" in told["布団"]
    for kind in ("ベッド", "食器"):
        assert "数点" in told[kind]
        assert "2027年" not in told[kind]
        assert "幅" not in told[kind]


def test_what_is_at_hand_or_kept_is_not_asked_for(goods, make, browser_of, monkeypatch):
    said = {}
    monkeypatch.setattr(views, "render_pdf", lambda _paper, data: said.update(data) or b"%PDF-")
    browser = browser_of(goods.staff)
    goods.kept()
    assert "足りないものはありません" in browser.get("/goods/wishes").text
    for _ in range(2):
        goods.need()
    goods.item()
    assert "数点" in _told(browser.get("/goods/wishes"))["冷蔵庫"]
    browser.raw.get("/goods/wishes.pdf")
    assert [one["kind"] for one in said["musts"]] == ["冷蔵庫"]
    assert goods.case.number not in str(said)
    goods.item()
    assert "足りないものはありません" in browser.get("/goods/wishes").text
