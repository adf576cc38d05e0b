"""The course of a project as a line of steps, from its referral to the answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.case import Case
from domain.projects.state import Project
from web.context import WebContext
from web.pages.languages import Language

Day = Callable[[datetime], str]
"""Writes the day of a moment."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `text` says when, or how far it is."""

    name: Literal["referred", "advice", "round", "bundled", "decision", "answer"]
    state: Literal["past", "here", "late", "ahead"]
    text: str


def course_of(context: WebContext, reader: Language, case: Case, project: Project, now: datetime) -> tuple[Step, ...]:
    def day(at: datetime) -> str:
        return reader.whole_day(context.local(at).date())

    return tuple(_steps(reader, case, project, now, day))


def _steps(reader: Language, case: Case, project: Project, now: datetime, day: Day) -> Iterator[Step]:
    yield Step("referred", "past", day(case.opened_at))
    yield _advice(reader, project, now, day)
    participation = project.participation
    if participation is not None:
        done = participation.settled or not project.gathering
        state: Literal["past", "here", "ahead"] = "past" if done else "here"
        text = _counted(reader, participation.reactions)
        if participation.open:
            text = f"{text}, {reader.say('step_by', 'project', when=day(participation.until))}"
        yield Step("round", state, text)
    bundled = project.bundled_at
    yield Step("bundled", "past" if bundled else "ahead", day(bundled) if bundled else "")
    decided = project.decided_at <= now
    yield Step("decision", "past" if decided else "here" if bundled else "ahead", reader.whole_day(project.decided_on))
    yield _answer(reader, case, project, day, decided=decided)


def _advice(reader: Language, project: Project, now: datetime, day: Day) -> Step:
    values = {"done": sum(not r.open for r in project.requests), "all": len(project.requests)}
    awaited = project.awaited
    if not awaited:
        return Step("advice", "past", reader.say("advised_count", "project", **values))
    due = max(r.advise_by for r in awaited)
    late = any(r.advise_by < now for r in awaited)
    return Step("advice", "late" if late else "here", reader.say("advice_count", "project", when=day(due), **values))


def _answer(reader: Language, case: Case, project: Project, day: Day, *, decided: bool) -> Step:
    if case.closed_at is not None:
        return Step("answer", "past", day(case.closed_at))
    if not project.points or project.gathering:
        return Step("answer", "ahead", "")
    done = sum(p.verdict is not None for p in project.points)
    text = reader.say("answered_count", "project", done=done, all=len(project.points))
    return Step("answer", "here" if decided or done else "ahead", text)


def _counted(reader: Language, reactions: int) -> str:
    return reader.say("reactions_one" if reactions == 1 else "reactions", "project", count=reactions)
