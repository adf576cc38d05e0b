"""What a profile says in sentences: what it is held against, and what stands out."""

from collections.abc import Iterator
from dataclasses import dataclass

from babel.dates import format_date

from domain.profile import LEAST, MOST, Finding, Mood, Sort
from domain.words import DepartmentId
from readmodel.profile import solved_in_time
from web.context import WebContext
from web.pages.languages import Language
from web.pages.leadership.measured import Unit, written
from web.profiles import ProfileRead

AREA = "profile"
_UNITS = {Sort.THEME: Unit.NUMBER, Sort.OPEN: Unit.NUMBER, Sort.RATING: Unit.RATING}
"""Those of the others are shares."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that stands out."""

    headline: str
    beside: str
    mood: str = ""
    """`good` or `bad`, else blank."""


def told_first(context: WebContext, reader: Language, read: ProfileRead) -> list[Told]:
    """Three things: what stands out, and where that is less, how it is; none where there are no figures at all."""
    found = [_finding(context, reader, finding) for finding in read.findings]
    return [*found, *_plain(reader, read)][:MOST]


def _plain(reader: Language, read: ProfileRead) -> Iterator[Told]:
    """What was reported most, which promises were kept, and what is open longest."""
    figures, sorts = read.figures, {finding.sort for finding in read.findings}
    most = next((theme for theme in figures.themes if theme.now), None)
    if most is not None and not sorts & {Sort.THEME, Sort.MIX}:
        total = reader.number(figures.now.figures.opened)
        headline = reader.say("most_reported", "profile_plain", theme=reader.named(most.id, "themes"))
        yield Told(headline, reader.say("of_all", "profile_plain", number=reader.number(most.now), total=total))
    kept, others = solved_in_time(figures.now), solved_in_time(figures.peers)
    if kept.of and Sort.RESOLVED not in sorts:
        share = written(reader, Unit.SHARE, kept.value)
        beside = reader.say("as_elsewhere", "profile_plain", share=written(reader, Unit.SHARE, others.value))
        yield Told(reader.say("kept", "profile_plain", share=share), beside)
    longest = read.longest_open
    if longest is not None:
        headline = reader.say("longest", "profile_plain", days=reader.number((read.at - longest.opened_at).days))
        late = "late_one" if read.stands.overdue == 1 else "late"
        yield Told(headline, reader.say(late, "profile_plain", number=reader.number(read.stands.overdue)))


def _finding(context: WebContext, reader: Language, found: Finding) -> Told:
    unit = _UNITS.get(found.sort, Unit.SHARE)
    subject = named(context, reader, found.sort, found.subject)
    headline = reader.say(f"{found.sort}_{'more' if found.more else 'less'}", "profile_findings", subject=subject)
    beside = reader.say(
        found.sort,
        "profile_findings",
        here=written(reader, unit, found.here),
        there=written(reader, unit, found.there),
        against=reader.say(found.against, "profile_against"),
    )
    return Told(headline, beside, "" if found.mood is Mood.NEITHER else found.mood.value)


def named(context: WebContext, reader: Language, sort: Sort, subject: str | None) -> str:
    if subject is None:
        return ""
    if sort is Sort.DEPARTMENT:
        return department_named(context, reader, subject)
    return reader.named(subject, "themes")


def department_named(context: WebContext, reader: Language, id: str) -> str:
    department = context.city.departments.get(DepartmentId(id))
    return reader.of(department.name) if department is not None else id


def period_told(reader: Language, read: ProfileRead) -> str:
    return reader.say("period", AREA, start=_day(reader, read, 0), end=_day(reader, read, 1))


def compared_with(reader: Language, read: ProfileRead) -> str:
    """In a sentence: its own past, as far as there is one, and its peers."""
    figures = read.figures
    if figures.since is None:
        return reader.say("no_figures", AREA)
    kind = f"peers_{read.here.tier}" if read.peers.alike else "peers_all"
    peers = reader.say(kind, AREA, count=len(read.peers.ids))
    if figures.past_known:
        return reader.say("compared", AREA, peers=peers)
    since = format_date(figures.since, "d MMMM y", locale=reader.locale)
    return reader.say("compared_without_past", AREA, peers=peers, since=since)


def _day(reader: Language, read: ProfileRead, place: int) -> str:
    return str(format_date(read.figures.days[place], "d MMMM y", locale=reader.locale))


@dataclass(frozen=True, slots=True)
class ProjectTold:
    """A project, and what is to come of it."""

    title: str
    """Its number, where the reader does without texts."""
    href: str
    beside: str


def projects_told(context: WebContext, reader: Language, read: ProfileRead) -> list[ProjectTold]:
    return [
        ProjectTold(
            one.title or one.number,
            f"/cases/{one.case_id}",
            reader.say(
                "project",
                AREA,
                department=department_named(context, reader, one.referred_by),
                day=str(format_date(one.decided_on, "d MMMM y", locale=reader.locale)),
            ),
        )
        for one in read.projects
    ]


def money_told(reader: Language, read: ProfileRead) -> str:
    """How the budget of this year stands; blank where there is none and never was anything of it."""
    money = read.money
    if not (money.budget or money.reserved or money.spent):
        return ""
    return reader.say(
        "money",
        AREA,
        year=str(read.today.year),
        budget=reader.euro(money.budget),
        spent=reader.euro(money.spent),
        reserved=reader.euro(money.reserved),
        free=reader.euro(money.free),
    )


def reporters_told(reader: Language, read: ProfileRead) -> str:
    """How many people report, and how many do so again; blank where they are too few to say anything."""
    people = read.reporters
    if people.people < LEAST:
        return ""
    return reader.say(
        "reporters",
        AREA,
        people=reader.number(people.people),
        returning=reader.number(people.returning),
        share=written(reader, Unit.SHARE, people.share),
    )
