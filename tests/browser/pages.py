"""Every page there is to look at, and who may."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter

from domain.words import Role
from tests.browser.finding import (
    answered_project,
    budget_in_use,
    case_with_a_story,
    hot_spots,
    letter,
    meeting,
    open_offer,
    open_round,
    partner_task,
    report_said_to_be_solved,
    report_under_way,
    structural_case,
    taken_on,
    team,
)
from tests.browser.serving import Served

DEPARTMENTS = (Role.DEPARTMENT, Role.PARTNER, Role.DEPARTMENT_HEAD)
WATCHING = (Role.NEIGHBOURHOOD_MANAGER, Role.DEPARTMENT_HEAD, Role.LEADERSHIP, Role.ADMINISTRATOR)
REVIEWING = (Role.LEADERSHIP, Role.NEIGHBOURHOOD_MANAGER, Role.DEPARTMENT_HEAD, Role.ADMINISTRATOR)
EVERYONE = (*WATCHING, Role.DEPARTMENT, Role.PARTNER, Role.WARDEN)
ADMINISTRATION = (Role.ADMINISTRATOR,)


WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
"""What axe looks for: WCAG 2.2 A and AA, and its own good practice."""
SMALLEST = {"width": 320, "height": 640}


@dataclass(frozen=True)
class Page:
    """A page by its address, in which names between braces are filled in, and the roles it is for.

    It is tested and pictured as the first of them sees it.
    """

    address: str
    roles: tuple[Role, ...] = ()
    """None: it is for everyone, signed in or not."""
    called: str = ""
    """The name of its picture, where the address does not tell it."""
    on_phone: bool = False
    """It is used on a phone too, so that a picture of that is worth having."""

    @property
    def name(self) -> str:
        """Of its picture."""
        if self.called:
            return self.called
        return self.address.strip("/").replace("/", "-") or "home"

    def at(self, city: Served) -> str:
        named = [name for _, name, _, _ in Formatter().parse(self.address) if name]
        return self.address.format_map({name: FOUND[name](city) for name in named})


FOUND: Mapping[str, Callable[[Served], str]] = {
    "case": Served.open_case,
    "story": case_with_a_story,
    "neighbourhood": Served.busiest_neighbourhood,
    "under_way": report_under_way,
    "solved": report_said_to_be_solved,
    "task": partner_task,
    "letter": letter,
    "offer": open_offer,
    "adopted": taken_on,
    "with_budget": budget_in_use,
    "team": team,
    "meeting": meeting,
    "hot_spots": hot_spots,
    "structural": structural_case,
    "round": open_round,
    "project": answered_project,
}
"""What names in addresses stand for."""


def role_for(page: Page) -> Role | None:
    """Whoever looks at it first; nobody for pages that are for all."""
    return page.roles[0] if page.roles else None


PAGES = (
    Page("/", on_phone=True),
    Page("/report", on_phone=True),
    Page("/report/details?service=street-light&neighbourhood={neighbourhood}", on_phone=True, called="report-details"),
    Page("/follow", on_phone=True),
    Page("{under_way}", on_phone=True, called="followed"),
    Page("{solved}", on_phone=True, called="followed-solved"),
    Page("{task}", on_phone=True, called="partner-task"),
    Page("{round}", on_phone=True, called="take-part"),
    Page("/offers", on_phone=True),
    Page("{offer}", on_phone=True, called="offer"),
    Page("{adopted}", on_phone=True, called="followed-adopted"),
    Page("/sign-in"),
    Page("/inbox", DEPARTMENTS, on_phone=True),
    Page("/inbox/print", DEPARTMENTS),
    Page("/inspections", (Role.WARDEN, Role.NEIGHBOURHOOD_MANAGER), on_phone=True),
    Page("/cases", EVERYONE),
    Page("/cases/{case}", (Role.DEPARTMENT, Role.DEPARTMENT_HEAD, Role.ADMINISTRATOR), on_phone=True, called="case"),
    Page("/cases/{story}", (Role.NEIGHBOURHOOD_MANAGER, Role.LEADERSHIP), called="case-story"),
    Page("/projects", (Role.NEIGHBOURHOOD_MANAGER, Role.DEPARTMENT, Role.LEADERSHIP)),
    Page("/projects/new", (Role.DEPARTMENT, Role.ADMINISTRATOR), called="projects-new"),
    Page("/cases/{project}", (Role.ADMINISTRATOR, Role.LEADERSHIP), called="project"),
    Page("/escalations", WATCHING, on_phone=True),
    Page("/figures", REVIEWING),
    Page("/figures/limits", REVIEWING),
    Page("/figures/by/department", REVIEWING),
    Page("/figures/by/neighbourhood", REVIEWING),
    Page("/figures/by/service", REVIEWING),
    Page("/neighbourhoods", EVERYONE),
    Page("/neighbourhoods/{neighbourhood}", (Role.LEADERSHIP,), on_phone=True, called="neighbourhood"),
    Page("{team}", (Role.NEIGHBOURHOOD_MANAGER,), called="team"),
    Page("{meeting}", (Role.NEIGHBOURHOOD_MANAGER,), on_phone=True, called="meeting"),
    Page(
        "/neighbourhoods/{with_budget}/budget",
        (Role.NEIGHBOURHOOD_MANAGER, Role.LEADERSHIP),
        called="neighbourhood-budget",
    ),
    Page("{hot_spots}", (Role.ADMINISTRATOR,), on_phone=True, called="hot-spots"),
    Page("/structural", (Role.LEADERSHIP,), called="structural-cases"),
    Page("/cases/{structural}", (Role.ADMINISTRATOR,), on_phone=True, called="structural"),
    Page("/account", EVERYONE),
    Page("/admin", ADMINISTRATION),
    Page("/admin/users", ADMINISTRATION),
    Page("/admin/tokens", ADMINISTRATION),
    Page("/admin/webhooks", ADMINISTRATION),
    Page("/admin/calendar", ADMINISTRATION),
    Page("/admin/city", ADMINISTRATION),
    Page("/admin/letters", ADMINISTRATION),
    Page("/admin/letters/examples", ADMINISTRATION),
    Page("/admin/letters/examples/resolved", ADMINISTRATION, called="letter-resolved"),
    Page("/admin/letters/examples/assigned_partner", ADMINISTRATION, called="letter-partner"),
    Page("/admin/letters/{letter}", ADMINISTRATION, called="admin-letter"),
    Page("/admin/users/new", ADMINISTRATION),
    Page("/inbox?tab=all", DEPARTMENTS, called="inbox-all"),
    Page("/escalations?tab=coming", WATCHING, called="escalations-ahead"),
)
