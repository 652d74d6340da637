"""Four households after the source documents' cases, from the first word to a meeting's decision.

A: an older man on the street after a seizure of his account. B: a net café. C: a company dormitory
to be left by a date. D: a family whose earner is ill and whose mortgage cannot be paid.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from app.db import today
from app.demo.people import SHAKYO

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True)
class Household:
    """What one of the four says at the counter, and what is planned with them."""

    called: str
    section: str
    dwelling: str
    topic: str
    issues: tuple[str, ...]
    goal: str
    services: tuple[str, ...]
    task: str
    leaves_in: int | None = None
    reason: str | None = None


HOUSEHOLDS = {
    "A": Household(
        "見本 一郎", "収納課", "street", "税金や公共料金等の支払いについて",
        ("ホームレス", "経済的困窮"), "自分の部屋で、ゆっくり眠りたい。",
        ("seizure", "community-living", "food-bank"), "差押えの解除を収納課と相談する",
    ),
    "B": Household(
        "びーさん", "収納課", "net_cafe", "住まいについて", ("住まい不安定", "家計管理の課題"),
        "アパートに移り、税を少しずつ納めたい。", ("budget", "tax-instalments"),
        "分納の相談に同行する",
    ),
    "C": Household(
        "仮名 三郎", "建築住宅課", "company_leaving", "仕事探し、就職について",
        ("就職活動困難", "住まい不安定"), "仕事を見つけ、寮を出る日までに部屋を決めたい。",
        ("job-placement", "removal"), "引越の手伝いを頼む", 30, "dormitory",
    ),
    "D": Household(
        "例題 四葉", "障がい福祉課", "owned_loan", "家賃やローンの支払いのこと",
        ("（多重・過重）債務", "病気"), "家を売って、家族で暮らせる部屋に移りたい。",
        ("sell-home", "work-support", "budget"), "売却の相談先を紹介する",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(person):
    """The consultant at the counter."""
    return person("soudan")


@pytest.fixture(scope="module")
def received():
    """The numbers of the cases received so far, by letter."""
    return {}


@pytest.mark.parametrize("letter", HOUSEHOLDS)
def test_somebody_is_received_with_where_they_come_from(desk, received, letter):
    said = HOUSEHOLDS[letter]
    page = desk.go("/cases/new")
    page.locator("#f-name" if " " in said.called else "#f-alias").fill(said.called)
    page.get_by_label(said.topic, exact=True).check()
    page.get_by_label(f"いちばん困っていること：{said.topic}").check()
    page.locator("#f-dwelling").select_option(said.dwelling)
    if said.leaves_in is not None:
        page.locator("#f-leave_by").fill((today() + timedelta(said.leaves_in)).isoformat())
        page.locator("#f-leave_reason").select_option(said.reason)
    page.locator("[name=protection][value=no]").check()
    page.locator("#f-route").select_option("inside")
    page.locator("#f-source_kind").select_option("section")
    page.locator("#f-route_detail").fill(said.section)
    desk.press("受け付ける")
    received[letter] = desk.number_in_url()
    assert page.get_by_text(said.section).first.is_visible()
    assert page.get_by_role("heading", level=1).inner_text().startswith(said.called)


@pytest.mark.parametrize("letter", HOUSEHOLDS)
def test_they_agree_and_are_listened_to(desk, received, letter):
    said, case = HOUSEHOLDS[letter], received[letter]
    page = desk.go(f"/cases/{case}/consents/new")
    page.get_by_label("ほかの相談機関・関係課").check()
    page.get_by_label("健康・家計などの相談内容").check()
    page.get_by_label("署名（紙を保管）").check()
    desk.press("同意を記録する")
    page = desk.go(f"/cases/{case}/assessments/new")
    for issue in said.issues:
        page.get_by_role("group", name="課題", exact=True).get_by_label(issue, exact=True).check()
    page.get_by_label(f"中心になる課題：{said.issues[0]}").check()
    page.get_by_label("本人の希望（本人の言葉で）").fill(said.goal)
    desk.press("まとめたとして記録する")
    assert page.get_by_text(said.issues[0]).first.is_visible()


@pytest.mark.parametrize("letter", HOUSEHOLDS)
def test_a_plan_is_made_with_them_and_brought_before_the_meeting(desk, received, letter):
    said, case = HOUSEHOLDS[letter], received[letter]
    page = desk.go(f"/cases/{case}/plans/new")
    page.get_by_label("長い目で見た目標").fill(said.goal)
    page.get_by_label("まず目指すこと").fill("泊まる所を決める。")
    if letter == "C":
        desk.press("無料職業紹介を加える")
        assert page.locator("#f-services-0-service").input_value() == "job-placement"
        assert page.get_by_label("まず目指すこと").input_value() == "泊まる所を決める。"
        desk.look("cases-plan-suggested")
    if len(said.services) > 1:
        page.get_by_text("もっと書く").click()
    for number, service in enumerate(said.services):
        page.locator(f"#f-services-{number}-service").select_option(service)
    page.get_by_label("署名をもらった（紙を保管）").check()
    page.locator("#f-applied_on").fill(today().isoformat())
    if letter == "A":
        desk.look("cases-plan-form")
    desk.press("記録する")
    if letter == "A":
        desk.look("cases-plan")
        _change(desk)
    desk.press("会議に出す")
    assert page.get_by_text("会議待ち").first.is_visible()


def _change(desk):
    """The plan is put right, and what it said before is read; back on its page."""
    desk.follow("書きかえる")
    desk.page.get_by_label("まず目指すこと").fill("年内に泊まる所を決める。")
    desk.page.get_by_label("変えた理由（任意）").fill("本人が急いでいる")
    desk.press("記録する")
    here = desk.page.url
    desk.page.locator("a[href*='/former/']").click()
    desk.page.get_by_text("このとき変えたところ").wait_for()
    assert "本人が急いでいる" in desk.page.inner_text("main")
    desk.look("cases-plan-former")
    desk.page.goto(here)


def test_the_meeting_decides_each_and_the_case_tells_it(desk, received):
    page = desk.go("/meetings/new")
    page.get_by_label("支援調整会議（随時）").check()
    page.locator("#f-held_on").fill(today().isoformat())
    desk.look("cases-meeting-new")
    desk.press("記録する")
    meeting = desk.number_in_url()
    for letter, case in received.items():
        said = HOUSEHOLDS[letter]
        page = desk.go(f"/meetings/{meeting}/items/new?case_id={case}")
        desk.press("加える")
        page.get_by_label("支援決定").check()
        page.get_by_label("すること（任意）").fill(said.task)
        page.get_by_label("いつまで").fill((today() + timedelta(7)).isoformat())
        if letter == "D":
            desk.look("cases-item")
        desk.press("決定を記録する")
        assert page.get_by_text("支援決定").first.is_visible()
        page = desk.go(f"/cases/{case}")
        assert page.get_by_text("支援決定").first.is_visible()
        assert page.get_by_text(said.task).first.is_visible()
    desk.go(f"/meetings/{meeting}")
    desk.look("cases-meeting")
    desk.go(f"/cases/{received['A']}")
    desk.look("cases-decided")


def test_the_guide_for_the_rent_says_what_it_is(desk, received):
    page = desk.go(f"/cases/{received['C']}/benefits/rent")
    page.get_by_label("離職・廃業した", exact=True).check()
    page.get_by_label("世帯の人数").fill("1")
    page.get_by_label("世帯の月収（額面・申請の月）").fill("６０，０００円")
    desk.look("cases-benefit-form")
    desk.press("目安を出す")
    assert page.get_by_text("判定ではありません").first.is_visible()
    desk.look("cases-benefit")
    desk.go(f"/cases/{received['C']}/benefits")
    desk.look("cases-benefits")


def test_the_familys_sheet_is_answered_by_another_section(desk, person, received):
    """Walked to the next counter, received and answered there; the first counter reads of it."""
    there = person("shakyo")
    page = desk.go(f"/cases/{received['D']}")
    desk.follow("つなぐ")
    page.get_by_label("署名（紙を保管）").check()
    page.locator("#f-recipients-0-to").select_option(label=f"{SHAKYO}（このシステムで届く）")
    page.get_by_label("聞いたこと").fill("夫が休職し、住宅ローンが払えない")
    page.get_by_label("送り先に頼みたいこと").fill("貸付と家計の相談をお願いします")
    desk.press("送る")
    number = page.locator("h1").inner_text()

    theirs = there.go("/")
    there.follow(number)
    assert "夫が休職し" in theirs.inner_text("main")
    there.press("受け取った")
    there.follow("答えを返す")
    theirs.get_by_label("支援を始めた").check()
    theirs.get_by_label("したこと").fill("貸付の申込みを手伝った")
    there.press("答えを返す")

    page = desk.go(f"/cases/{received['D']}")
    story = page.inner_text("main")
    assert f"{SHAKYO}から答え: 支援を始めた" in story
    assert "貸付の申込みを手伝った" in story
    desk.look("cases-answered")
