"""A whole engine with a city of people: residents and staff, each in a browser of their own, and who works there."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect

from domain.words import DepartmentId, Role
from readmodel.accounts import Mandate
from tests import city_of_seconds
from tests.running_engine import Engine, eventually, running
from tests.web.images import jpeg

PASSWORD = "een wachtzin voor de proef"
ROADS = ("--role", "department", "--department", "roads")
STAFF = {
    "roads": ROADS,
    "head": ("--role", "department_head", "--department", "roads"),
    "manager": ("--role", "neighbourhood_manager", "--neighbourhood", "oost"),
    "leadership": ("--role", "leadership"),
    "administrator": ("--role", "administrator"),
}
BESIDES = {
    "departments.toml": """
[[department]]
id = "grid"
name = { nl = "Netbeheer", en = "Grid company", fr = "Gestionnaire du réseau" }
email = "net@haast.example"
head_email = "hoofd.net@haast.example"
hours = "always"
partner = true
""",
    "services.toml": """
[[service]]
code = "street-light"
name = { nl = "Straatverlichting", en = "Street light", fr = "Éclairage public" }
departments = ["roads"]
policy = "calm"
keywords = ["lamp", "dark"]
[[service]]
code = "cabinet"
name = { nl = "Elektriciteitskast", en = "Electricity cabinet", fr = "Armoire électrique" }
departments = ["grid"]
policy = "calm"
""",
    "policies.toml": """
[policy.calm]
respond_within = "2 hours"
resolve_within = "2 days"
remind_before = "10 minutes"
stalled_after = "1 day"
escalate_every = "1 hour"
ladder = ["department_head", "neighbourhood_manager", "city_leadership"]
acknowledged_for = "1 hour"
triage_within = "1 hour"
pause_at_most = "7 days"
feedback_within = "1 day"
max_transfers = 1
max_reopens = 2
""",
}
"""What the city of seconds lacks: a partner, and services that nobody is hurried by."""
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
PHOTO: FilePayload = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": jpeg(320, 240)}
PATIENCE = 30_000
"""Milliseconds until a page that does not come has failed; the machine may be busy."""


@dataclass
class Haast:
    """The running city. Accounts are made when someone first signs in."""

    engine: Engine
    members: set[str] = field(default_factory=set)
    roads: str = ""
    """A token of the department, for what a test needs to have happened."""

    def __post_init__(self) -> None:
        self.roads = self.engine.token(Mandate(Role.DEPARTMENT, DepartmentId("roads")))

    @property
    def address(self) -> str:
        return self.engine.address

    def email(self, who: str) -> str:
        """Of a member of the staff, who has an account from now on."""
        email = f"{who}@haast.example"
        if who not in self.members:
            named = (email, "--name", f"Kim {who}", *STAFF[who], "--password", PASSWORD)
            self.engine.command("user", "add", *named)
            self.members.add(who)
        return email

    def report(self, description: str, **fields: Any) -> dict[str, Any]:
        """A report that is with its department, if it has one."""
        taken = self.engine.report(**{"service": "street-light", "description": description, **fields})
        if fields.get("service", "street-light") in ("street-light", "pothole"):
            eventually(lambda: self.engine.case(taken["case_id"], self.roads)["assignments"])
        return taken

    def reported_done(self, description: str, note: str, **fields: Any) -> dict[str, Any]:
        taken = self.report(description, **fields)
        done = self.engine.act(taken["case_id"], self.roads, "resolve", assignment="a1", note=note)
        assert done.status_code == 200, done.text
        return taken

    def letter_link(self, number: str, link: str) -> str:
        """The path of the first link like this in the letters about the case, as whoever gets them would follow it."""

        def look() -> str | None:
            found = re.search(rf"https?://[^/\s]+({link})", self.engine.command("letters", number, "--links"))
            return found[1] if found else None

        return eventually(look)


@contextmanager
def haast(home: Path) -> Iterator[Haast]:
    """The city from ready to stopped."""
    city = city_of_seconds.build(home / "city")
    for name, text in BESIDES.items():
        with (city / name).open("a") as file:
            file.write(text)
    with running(city, home / "data", AANJAGER_PUBLIC_RATE="100000") as engine:
        yield Haast(engine)


@dataclass
class People:
    """Everyone in a test, their browsers with or without scripts."""

    city: Haast
    browser: Browser
    scripts: bool
    complaints: list[str] = field(default_factory=list)
    """What pages said in the browser's console."""
    _open: ExitStack = field(default_factory=ExitStack)

    def resident(self) -> Page:
        """Someone with a telephone who was never here before."""
        return self._tab(**PHONE)

    def signed_in(self, who: str) -> Page:
        """A member of the staff who came in by the sign-in page and is where they begin the day."""
        tab = self._tab()
        email = self.city.email(who)
        tab.goto("/sign-in")
        sign_in(tab, email, PASSWORD)
        return tab

    def stranger(self) -> Page:
        """A computer that nobody signed in on."""
        return self._tab()

    def comes(self, tab: Page, what: Locator) -> None:
        """Waits until it is there: with scripts it comes by itself, without them one looks again."""
        if self.scripts:
            expect(what).to_be_visible(timeout=PATIENCE)
            return

        def look() -> bool:
            tab.reload()
            return what.is_visible()

        eventually(look)

    def closes(self, tab: Page) -> None:
        """Nothing is left in that browser."""
        tab.context.close()

    def close(self) -> None:
        self._open.close()

    def _tab(self, **options: Any) -> Page:
        visitor: BrowserContext = self.browser.new_context(
            base_url=self.city.address,
            locale="en-GB",
            timezone_id="Europe/Brussels",
            java_script_enabled=self.scripts,
            **options,
        )
        self._open.callback(visitor.close)
        visitor.set_default_timeout(PATIENCE)
        tab = visitor.new_page()
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        return tab


def some(what: str) -> str:
    """A text that no other test writes."""
    return f"{what} ({uuid4().hex[:8]})"


def sign_in(tab: Page, email: str, password: str) -> None:
    tab.get_by_label("E-mail address").fill(email)
    tab.get_by_label("Password").fill(password)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(tab.get_by_role("button", name="Sign out")).to_be_visible()


def unfold(part: Locator, heading: str) -> Locator:
    """Opens what is under this heading, unless it is open."""
    headed = part.page.locator("summary", has_text=re.compile(rf"^\s*{heading}"))
    found = part.locator("details").filter(has=headed).last
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found


def row(tab: Page, number: str) -> Locator:
    """Of a list: the item about this case."""
    return tab.get_by_role("main").get_by_role("listitem").filter(has_text=number).first


def told(tab: Page, text: str) -> None:
    """The page says so where a screen reader says it too."""
    expect(tab.get_by_role("status").filter(has_text=text).first).to_be_visible(timeout=PATIENCE)


def press_to(tab: Page, wanted: Locator, most: int = 80) -> None:
    """Moves the focus there by Tab alone."""
    expect(wanted).to_be_visible()
    for _ in range(most):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}")
