"""What letters lead to, and letters themselves, are for everyone too."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from sqlalchemy import insert, select

from domain.words import AssignmentState, CaseId, Role
from readmodel.action_links import LASTS, LINKS, link_id
from readmodel.correspondence.examples import EXAMPLES
from readmodel.database import reading, writing
from readmodel.schema import ASSIGNMENTS, CASES, FOLLOWERS, LETTERS
from tests.browser.serving import Served
from tests.browser.test_access import SMALLEST, WCAG
from web.links import links_of


@dataclass(frozen=True)
class Place:
    address: str
    role: Role | None = None


def task(genk: Served) -> str:
    """The link to a partner's task that is under way, so that most answers are possible."""
    with writing(genk.database) as session:
        partners = [d.id for d in genk.context.city.departments.values() if d.partner]
        query = (
            select(ASSIGNMENTS.c.case_id, ASSIGNMENTS.c.assignment, ASSIGNMENTS.c.department)
            .join(CASES, CASES.c.case_id == ASSIGNMENTS.c.case_id)
            .where(ASSIGNMENTS.c.department.in_(partners), CASES.c.closed_at.is_(None))
            .where(ASSIGNMENTS.c.state.in_([AssignmentState.IN_PROGRESS, AssignmentState.ASSIGNED]))
            .order_by(ASSIGNMENTS.c.state.desc(), ASSIGNMENTS.c.case_id)
        )
        found = session.execute(query).first()
        assert found is not None
        id = link_id(found.case_id, 10_000, "assigned", f"department:{found.department}")
        if session.scalar(select(LINKS.c.id).where(LINKS.c.id == id)) is None:
            now = genk.context.now()
            row = {
                **found._mapping,
                "id": id,
                "seq": 10_000,
                "kind": "assigned",
                "recipient": f"department:{found.department}",
                "made_at": now - timedelta(days=1),
                "expires_at": now + LASTS,
            }
            session.execute(insert(LINKS), [row])
    return links_of(genk.context).task(id)


def silence(genk: Served) -> str:
    with reading(genk.database) as session:
        follower = session.scalar(select(FOLLOWERS.c.id).order_by(FOLLOWERS.c.id).limit(1))
    assert follower is not None
    return links_of(genk.context).silence(follower)


def a_letter(genk: Served) -> str:
    with reading(genk.database) as session:
        return str(session.scalar(select(LETTERS.c.id).where(LETTERS.c.kind == "resolved").limit(1)))


def case_of_task(genk: Served) -> CaseId:
    with reading(genk.database) as session:
        return CaseId(session.scalar(select(LINKS.c.case_id).where(LINKS.c.seq == 10_000)) or "")


@pytest.fixture(scope="module")
def places(genk: Served) -> dict[str, Place]:
    return {
        "task": Place(task(genk)),
        "silence": Place(silence(genk)),
        "letters": Place("/admin/letters", Role.ADMINISTRATOR),
        "letter": Place(f"/admin/letters/{a_letter(genk)}", Role.ADMINISTRATOR),
        "examples": Place("/admin/letters/examples/resolved", Role.ADMINISTRATOR),
        "links": Place(f"/cases/{case_of_task(genk)}/links", Role.ADMINISTRATOR),
    }


NAMES = ("task", "silence", "letters", "letter", "examples", "links")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_axe_finds_nothing(browser: Browser, genk: Served, places: dict[str, Place], name: str, language: str) -> None:
    place = places[name]
    with genk.visitor(browser, place.role, color_scheme="dark" if language == "fr" else "light") as visitor:
        tab = visitor.new_page()
        answer = tab.goto(f"{place.address}?lang={language}")
        assert answer is not None and answer.status == 200
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(tab, options=WCAG)
    assert not found.response["violations"], found.generate_report()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_scrolls_sideways_on_the_smallest_phone(
    browser: Browser, genk: Served, places: dict[str, Place], name: str
) -> None:
    with genk.visitor(browser, places[name].role, viewport=SMALLEST) as visitor:
        tab = visitor.new_page()
        tab.goto(places[name].address)
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert tab.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("example", EXAMPLES)
def test_letters_are_readable_by_day_and_by_night_on_any_screen(
    browser: Browser, genk: Served, example: str, scheme: str
) -> None:
    with genk.visitor(browser, Role.ADMINISTRATOR, color_scheme=scheme, viewport=SMALLEST, bypass_csp=True) as visitor:
        tab = visitor.new_page()
        html = visitor.request.get(f"/admin/letters/examples/{example}/html?written=nl").text()
        tab.set_content(html)
        assert tab.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]
        found = Axe().run(tab, options=WCAG)
    assert not found.response["violations"], found.generate_report()


def test_a_partner_answers_with_the_keyboard_alone(browser: Browser, genk: Served) -> None:
    with genk.visitor(browser) as visitor:
        tab = visitor.new_page()
        tab.goto(f"{task(genk)}?lang=nl")
        summary = tab.locator("summary").filter(has_text="Zeggen dat het klaar is")
        summary.focus()
        tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")
        tab.keyboard.type("De lamp is vervangen")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**said=resolve*")
        assert tab.get_by_role("status").first.inner_text().startswith("Bedankt.")
