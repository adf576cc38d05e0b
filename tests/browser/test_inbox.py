"""The inbox in a browser: choosing many, unfolding one, moving by keys; and the same without scripts."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from domain.words import Role
from tests.browser.serving import Served

ALL = "/inbox?tab=all"


@pytest.fixture
def tab(browser: Browser, genk: Served) -> Iterator[Page]:
    with genk.visitor(browser, Role.DEPARTMENT) as visitor:
        tab = visitor.new_page()
        tab.goto(ALL)
        yield tab


def picks(tab: Page) -> list[bool]:
    return [one.is_checked() for one in tab.locator("[data-pick]").all()]


def current(tab: Page) -> int:
    """The place of the row that the keys are at."""
    return int(tab.evaluate("[...document.querySelectorAll('.task')].findIndex(r => r.classList.contains('current'))"))


def test_a_stretch_of_tasks_is_chosen_with_shift_and_all_at_once(tab: Page) -> None:
    boxes = tab.locator("[data-pick]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    assert picks(tab)[:4] == [True, True, True, False]
    expect(tab.locator("#picked")).to_have_text("3 taken gekozen")
    tab.locator("#pick-all").click()
    assert all(picks(tab))
    tab.locator("#pick-all").click()
    assert not any(picks(tab))
    expect(tab.locator("#picked")).to_have_text("Niets gekozen")


def test_only_the_fields_of_the_chosen_command_are_shown(tab: Page) -> None:
    tab.locator("[data-pick]").first.click()
    tab.get_by_text("De gekozen taken samen behandelen").click()
    for command, shown in {"accept": "planned_for", "pause": "until", "transfer": "to", "resolve": "note"}.items():
        tab.select_option("#bulk-command", command)
        for name in ("planned_for", "until", "to"):
            assert tab.locator(f"#bulk-{name}").is_visible() == (name == shown), (command, name)


def test_a_task_unfolds_in_its_row_and_folds_again(tab: Page) -> None:
    more = tab.locator(".task").nth(1).get_by_role("link", name="Meer")
    more.click()
    forms = tab.locator(".task").nth(1).locator(".here")
    expect(forms).to_be_visible()
    assert tab.url.endswith(ALL) and more.get_attribute("aria-expanded") == "true"
    forms.locator("summary").first.click()
    assert not Axe().run(tab).response["violations"]
    more.click()
    expect(forms).to_have_count(0)


def test_keys_work_within_the_list_and_never_while_typing(tab: Page) -> None:
    tab.keyboard.press("j")
    assert current(tab) == -1
    tab.locator("a.to-case").first.focus()
    for key in ("j", "j", "k", "x"):
        tab.keyboard.press(key)
    assert current(tab) == 1 and picks(tab)[:3] == [False, True, False]
    tab.keyboard.press("/")
    expect(tab.locator("#q")).to_be_focused()
    tab.keyboard.type("jxa?")
    assert tab.input_value("#q") == "jxa?" and current(tab) == 1


def test_keys_work_everywhere_for_who_wants_so_and_that_is_remembered(tab: Page) -> None:
    tab.locator("#keys summary").click()
    tab.locator("#keys-on").check()
    tab.reload()
    tab.keyboard.press("j")
    assert current(tab) == 0
    tab.keyboard.press("?")
    expect(tab.locator("#keys dl")).to_be_visible()
    tab.locator("#keys-on").uncheck()
    tab.reload()
    tab.keyboard.press("j")
    assert current(tab) == -1


def test_news_appears_by_itself_and_what_was_chosen_stays_chosen(tab: Page, genk: Served) -> None:
    tab.locator("[data-pick]").first.click()
    count = tab.locator(".tabs .count").last
    before = int(count.inner_text())
    with genk.visitor(tab.context.browser, Role.DEPARTMENT) as other:  # type: ignore[arg-type]
        colleague = other.new_page()
        colleague.goto(ALL)
        colleague.locator(".task").nth(1).get_by_role("link", name="Meer").click()
        colleague.locator(".here summary", has_text="Gedaan melden").click()
        colleague.locator(".here details[open] textarea").fill("Het is in orde.")
        colleague.locator(".here details[open] button").click()
        expect(colleague.locator(".notice")).to_contain_text("Gemeld als gedaan.")
    expect(count).to_have_text(str(before - 1))
    assert picks(tab)[0]


def test_many_tasks_are_handled_without_scripts(browser: Browser, genk: Served) -> None:
    with genk.visitor(browser, Role.DEPARTMENT, java_script_enabled=False) as visitor:
        tab = visitor.new_page()
        tab.goto(ALL)
        tab.locator("[data-pick]").nth(0).check()
        tab.locator("[data-pick]").nth(1).check()
        tab.get_by_text("De gekozen taken samen behandelen").click()
        tab.select_option("#bulk-command", "comment")
        tab.fill("#bulk-note", "Samen bekeken")
        tab.get_by_role("button", name="Doen voor alle gekozen taken").click()
        expect(tab.locator(".notice")).to_contain_text("Gelukt voor 2 taken.")
        tab.get_by_role("link", name="Terug naar de taken").click()
        tab.locator(".task").first.get_by_role("link", name="Meer").click()
        expect(tab.locator("summary", has_text="Gedaan melden")).to_be_visible()
