"""Every page there is to look at, and who may."""

from dataclasses import dataclass

from domain.words import Role
from tests.browser.serving import Served

EVERYONE = tuple(role for role in Role if role is not Role.RESIDENT)
DEPARTMENTS = (Role.DEPARTMENT, Role.PARTNER, Role.DEPARTMENT_HEAD)
WATCHING = (Role.DEPARTMENT_HEAD, Role.NEIGHBOURHOOD_MANAGER, Role.LEADERSHIP, Role.ADMINISTRATOR)
ADMINISTRATION = (Role.ADMINISTRATOR,)


@dataclass(frozen=True)
class Page:
    """A page by its address, in which names between braces are filled in, and the roles it is for."""

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
        plain = "case" if "{case}" in self.address else self.address.strip("/").replace("/", "-")
        return plain or "home"

    def at(self, city: Served) -> str:
        return self.address.format(
            case=city.open_case() if "{case}" in self.address else "",
            neighbourhood=city.busiest_neighbourhood() if "{neighbourhood}" in self.address else "",
            department=city.busiest_department() if "{department}" in self.address else "",
        )


PAGES = (
    Page("/", on_phone=True),
    Page("/report", on_phone=True),
    Page("/report/details?service=street-light&neighbourhood={neighbourhood}", on_phone=True, called="report-details"),
    Page("/follow", on_phone=True),
    Page("/sign-in"),
    Page("/work", DEPARTMENTS, on_phone=True),
    Page("/work/print", DEPARTMENTS),
    Page("/cases", EVERYONE),
    Page("/cases/{case}", (Role.DEPARTMENT, Role.DEPARTMENT_HEAD, Role.LEADERSHIP, Role.ADMINISTRATOR), on_phone=True),
    Page("/escalations", WATCHING, on_phone=True),
    Page("/figures", WATCHING),
    Page("/figures/by/department", WATCHING),
    Page("/figures/by/neighbourhood", WATCHING),
    Page("/figures/by/service", WATCHING),
    Page("/account", EVERYONE),
    Page("/admin", ADMINISTRATION),
    Page("/admin/users", ADMINISTRATION),
    Page("/admin/tokens", ADMINISTRATION),
    Page("/admin/calendar", ADMINISTRATION),
    Page("/admin/city", ADMINISTRATION),
    Page("/admin/letters", ADMINISTRATION),
    Page("/admin/letters/examples", ADMINISTRATION),
    Page("/admin/users/new", ADMINISTRATION),
    Page("/work?tab=all", DEPARTMENTS, called="work-all"),
    Page("/escalations?tab=coming", WATCHING, called="escalations-ahead"),
)
