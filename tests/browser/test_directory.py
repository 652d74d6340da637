"""The directory in a real browser: registering a section, its page, the file out and in again."""

import pytest

from app.db import separate_session
from app.directory.usual import add_usual_partners

pytestmark = pytest.mark.browser


def test_1_the_shipped_partners_are_listed_and_narrowed(site_app, person):
    soudan = person("soudan")
    with site_app.app_context(), separate_session(write=True) as session:
        add_usual_partners(session, user_id=1)
    page = soudan.go("/partners")
    soudan.look("80-partners")
    page.get_by_label("してくれること").select_option(label="法律・債務")
    soudan.press("しぼりこむ")
    assert page.locator("tbody tr").count() == 2


def test_2_a_section_is_registered_and_first_says_whom_to_phone(person):
    soudan = person("soudan")
    page = soudan.go("/partners/new")
    soudan.look("81-partner-kind")
    soudan.follow("市役所・課")
    soudan.look("82-partner-form")
    page.get_by_label("名前").first.fill("架空市 𠮷野課")
    page.get_by_label("代表の電話").fill("046-000-1111")
    page.get_by_label("ホームページ").fill("example.jp")
    page.locator("[name=services-0-name]").fill("分納の相談")
    soudan.press("記録する")
    soudan.look("83-partner-refused")
    page.get_by_label("ホームページ").fill("https://example.jp")
    page.locator("[name=services-0-offer]").select_option(label="家計・貸付・納付")
    soudan.press("記録する")
    assert page.get_by_role("link", name="046-000-1111").is_visible()
    soudan.look("84-partner")


def test_3_the_file_goes_out_and_comes_in_with_a_preview(person, tmp_path):
    soudan = person("soudan")
    page = soudan.go("/partners/exchange")
    soudan.look("85-exchange")
    with page.expect_download() as waited:
        page.get_by_role("link", name="HSDSのZIPを受け取る").click()
    path = tmp_path / "hsds.zip"
    waited.value.save_as(path)
    page.get_by_label("HSDSのZIP").set_input_files(path)
    soudan.press("読み取って確かめる")
    soudan.look("86-exchange-preview")
    soudan.press("変わりのないことを記録する")
    page.get_by_role("heading", name="取り込みの報告", level=1).wait_for()
    soudan.look("87-exchange-report")
