"""The pages that are timed, and who asks for which, about what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from domain.city import City
from domain.words import Role, Stage
from readmodel.accounts import Mandate
from readmodel.paging import Order

ROLES = (Role.LEADERSHIP, Role.NEIGHBOURHOOD_MANAGER, Role.DEPARTMENT_HEAD, Role.DEPARTMENT)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who asks for pages, and the headers by which they are known."""

    mandate: Mandate
    headers: dict[str, str]


@dataclass(frozen=True)
class Sample:
    """What pages are asked about, another thing each time."""

    rng: Random
    city: City
    now: datetime
    case_ids: dict[str, list[str]]
    """All, open and closed ones, and those of each neighbourhood or department."""
    words: Sequence[str]
    """From common to rare."""

    def department(self, who: Person) -> str:
        return self.rng.choice(list(self.city.departments))

    def neighbourhood(self, who: Person) -> str:
        return self.rng.choice(who.mandate.neighbourhoods or list(self.city.neighbourhoods))

    def service(self) -> str:
        return self.rng.choice(list(self.city.services))

    def theme(self) -> str:
        return self.rng.choice(list(self.city.services.values())).theme

    def case(self, who: Person) -> str:
        """One that this person may see."""
        mandate = who.mandate
        mine = mandate.department or (mandate.neighbourhoods[0] if mandate.neighbourhoods else "open")
        return self.rng.choice(self.case_ids.get(mine) or self.case_ids["open"])

    def word(self, first: int, last: int) -> str:
        """One of the invented words, by how common they are; the first is in one case of five."""
        return self.words[self.rng.randrange(first, last)]

    def cursor(self) -> str:
        """Somewhere in the cases of the past two years, the latest first."""
        at = self.now - self.rng.random() * timedelta(days=700)
        return Order("-opened_at", ()).cursor((at, "f"))


@dataclass(frozen=True, slots=True)
class Page:
    """An address, made anew for each request, and who asks for it."""

    name: str
    role: Role
    path: Callable[[Sample, Person], str]


def _api(name: str, role: Role, path: Callable[[Sample, Person], str]) -> Page:
    return Page(name, role, lambda s, who: f"/api/v1{path(s, who)}")


BOSS, MANAGER, HEAD, MEMBER = ROLES
PAGES = (
    _api("cases: all", BOSS, lambda s, who: "/cases"),
    _api("cases: all, further on", BOSS, lambda s, who: f"/cases?cursor={s.cursor()}"),
    _api("cases: open", BOSS, lambda s, who: "/cases?open=true"),
    _api("cases: open, promised first", BOSS, lambda s, who: "/cases?open=true&sort=promised_by"),
    _api("cases: overdue", BOSS, lambda s, who: "/cases?overdue=true&sort=promised_by"),
    _api("cases: escalated", BOSS, lambda s, who: "/cases?escalated=true"),
    _api("cases: of a neighbourhood", MANAGER, lambda s, who: f"/cases?neighbourhood={s.neighbourhood(who)}"),
    _api("cases: of a manager, overdue", MANAGER, lambda s, who: "/cases?overdue=true&sort=promised_by"),
    _api("cases: of a manager and a service", MANAGER, lambda s, who: f"/cases?service={s.service()}&open=false"),
    _api("cases: of a department", BOSS, lambda s, who: f"/cases?department={s.department(who)}"),
    _api("cases: of a department, overdue", BOSS, lambda s, who: f"/cases?department={s.department(who)}&overdue=true"),
    _api("cases: of a member", MEMBER, lambda s, who: "/cases"),
    _api("cases: of a member, open", MEMBER, lambda s, who: "/cases?open=true&sort=promised_by"),
    _api("cases: of a member, waiting", MEMBER, lambda s, who: f"/cases?stage={Stage.WAITING}"),
    _api("cases: by number", MEMBER, lambda s, who: f"/cases?q={s.now.year}-{s.rng.randrange(9000):06d}"),
    _api("search: a word in every case", MANAGER, lambda s, who: "/cases?q=verzonnen"),
    _api("search: the same, among all", HEAD, lambda s, who: "/cases?q=verzonnen"),
    _api("search: two letters", HEAD, lambda s, who: "/cases?q=" + s.rng.choice(("ve", "me", "st", "de"))),
    _api("search: a common word", HEAD, lambda s, who: f"/cases?q={s.word(0, 5)}"),
    _api("search: a word, further on", HEAD, lambda s, who: f"/cases?q={s.word(0, 50)}&cursor={s.cursor()}"),
    _api("search: a rare word", HEAD, lambda s, who: f"/cases?q={s.word(5_000, 20_000)}"),
    _api("search: two words", HEAD, lambda s, who: f"/cases?q=verzonnen+{s.word(10, 1_000)}"),
    _api("search: a common word, overdue", HEAD, lambda s, who: f"/cases?q={s.word(0, 5)}&overdue=true"),
    _api("search: a common word, a neighbourhood", HEAD,
         lambda s, who: f"/cases?q={s.word(0, 20)}&neighbourhood={s.neighbourhood(who)}"),
    _api("search: promised first", HEAD, lambda s, who: f"/cases?q={s.word(0, 100)}&sort=promised_by"),
    _api("escalations: open", BOSS, lambda s, who: "/escalations?open=true"),
    _api("escalations: all", BOSS, lambda s, who: "/escalations"),
    _api("escalations: of a manager", MANAGER, lambda s, who: "/escalations?open=true"),
    _api("escalations: of a head", HEAD, lambda s, who: "/escalations?open=true"),
    _api("escalations: a reason", BOSS, lambda s, who: "/escalations?reason=unassigned&level=1"),
    _api("case", MANAGER, lambda s, who: f"/cases/{s.case(who)}"),
    _api("case, for its department", MEMBER, lambda s, who: f"/cases/{s.case(who)}"),
    _api("throughput: departments by month", BOSS, lambda s, who: "/throughput?group_by=department"),
    _api("throughput: services by week", BOSS,
         lambda s, who: f"/throughput?group_by=service&bucket=week&from={s.now.date() - timedelta(days=90)}"),
    Page("page: work of a department", MEMBER, lambda s, who: "/inbox"),
    Page("page: work, overdue", HEAD, lambda s, who: "/inbox?due=overdue"),
    Page("page: escalations", MANAGER, lambda s, who: "/escalations"),
    Page("page: escalations of a head", HEAD, lambda s, who: "/escalations"),
    Page("page: cases of a manager", MANAGER, lambda s, who: "/cases"),
    Page("page: cases with a word", HEAD, lambda s, who: f"/cases?q={s.word(0, 1_000)}"),
    Page("page: case", MANAGER, lambda s, who: f"/cases/{s.case(who)}"),
    Page("page: figures", BOSS, lambda s, who: "/figures"),
    Page("page: figures of a manager", MANAGER, lambda s, who: "/figures"),
    Page("page: figures of a head", HEAD, lambda s, who: "/figures"),
    Page("page: figures by neighbourhood", BOSS, lambda s, who: "/figures/by/neighbourhood"),
    _api("throughput: of a manager", MANAGER, lambda s, who: "/throughput?group_by=service"),
    _api("throughput: of a head", HEAD, lambda s, who: "/throughput?group_by=neighbourhood"),
)  # fmt: skip
