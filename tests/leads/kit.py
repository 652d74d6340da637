"""Lists and people to call, as the tests of this folder need them."""

import io

from app.config import ROOT
from app.db import today
from app.japanese import months_later

SAMPLE = (ROOT / "app" / "demo" / "data" / "special_loan_leads_cp932.csv").read_bytes()
HEAD = "貸付番号,氏名,フリガナ,生年月日,郵便番号,住所,電話番号,貸付種別,貸付額,償還開始,状況"


def in_a_year():
    return months_later(today(), 12)


def csv(*rows, head=HEAD):
    return "\n".join((head, *rows)).encode("cp932")


def line(number, name="試験　太郎", phone="0462-55-1111", status="償還中", **more):
    cells = {
        "kana": "ｼｹﾝ ﾀﾛｳ", "born": "S59.3.14", "postal": "2520013", "address": "座間市栗原3-18",
        "kind": "緊急小口", "amount": "200000", "since": "R5.1",
    } | more  # fmt: skip
    return ",".join(
        (number, name, cells["kana"], cells["born"], cells["postal"], cells["address"], phone,
         cells["kind"], cells["amount"], cells["since"], status)
    )  # fmt: skip


def upload(browser, content, *, name="leads.csv", list_name="特例貸付", status=200, **values):
    """Hand a file in and come to what it would do."""
    page = browser.get("/leads/imports/new")
    form = {"name": list_name, "delete_on": str(in_a_year())} | values
    file = {"file": (io.BytesIO(content), name)}
    return browser.submit(page, form, action="/leads/imports", also=file, status=status)


def taken(browser, content, **values):
    """Hand a file in and take it in."""
    return browser.submit(upload(browser, content, **values), action="/take-in")


def press(browser, lead_id, result, *, status=200, **values):
    """Record a result on somebody's page, as one press does."""
    page = browser.get(f"/leads/{lead_id}")
    also = {"result": result}
    return browser.submit(page, values, action=f"/leads/{lead_id}/attempts", also=also,
                          status=status)  # fmt: skip
