"""The HTML of a letter, derived from its text: paragraphs, quotes of people's words, links with what they do, a footer.

Nothing is said here that the text does not say. In the text, a link stands on a line of its own, below the line that
says what it does; what people wrote is quoted line by line, so none of it is ever taken for a link or a heading.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

FOOTER = "--"
PREHEADER = 140
_URL = re.compile(r"https?://\S+")
_PART = re.compile(r"\d+\. \S.*")

Kind = Literal["prose", "quote", "heading", "actions"]


@dataclass(frozen=True, slots=True)
class Action:
    """A link, and what it does."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a letter; `main`: its links are what the letter is for."""

    kind: Kind
    lines: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    main: bool = False


def hypertext(city: str, language: str, subject: str, body: str, *, digest: bool) -> str:
    """A whole HTML document, for mail: styles inline, nothing loaded from elsewhere."""
    text, _, footer = body.partition(f"\n{FOOTER}\n")
    content = list(_blocks(text, digest))
    return _template().render(
        city=city,
        language=language,
        subject=subject,
        preheader=_preheader(content),
        content=_with_main(content, digest),
        footer=list(_blocks(footer, False)),
        digest=digest,
    )


def _blocks(text: str, digest: bool) -> Iterator[Block]:
    waiting: list[Action] = []
    for paragraph in re.split(r"\n{2,}", text.strip()):
        for quoted, run in groupby(paragraph.split("\n"), key=lambda line: line.startswith(">")):
            lines = tuple(run)
            action = None
            if not quoted and _URL.fullmatch(lines[-1]):
                label = lines[-2] if len(lines) > 1 else lines[-1]
                action = Action(re.sub(r"\s*:$", "", label), lines[-1])
                lines = lines[:-2]
            if waiting and (lines or action is None):
                yield Block("actions", actions=tuple(waiting))
                waiting = []
            if quoted:
                yield Block("quote", tuple(line[1:].removeprefix(" ") for line in lines))
            elif digest and len(lines) == 1 and _PART.fullmatch(lines[0]):
                yield Block("heading", lines)
            elif any(lines):
                yield Block("prose", lines)
            if action is not None:
                waiting.append(action)
    if waiting:
        yield Block("actions", actions=tuple(waiting))


def _with_main(content: list[Block], digest: bool) -> list[Block]:
    """The first links of a letter, and of each part of a digest, are what it is for."""
    found: list[Block] = []
    wanted = not digest
    for block in content:
        if block.kind == "heading":
            wanted = True
        if block.kind == "actions" and wanted:
            found.append(Block("actions", actions=block.actions, main=True))
            wanted = False
        else:
            found.append(block)
    return found


def _preheader(content: list[Block]) -> str:
    """What mailboxes show behind the subject: the first lines after the greeting, or the parts of a digest."""
    headings = [line for block in content if block.kind == "heading" for line in block.lines]
    prose = [" ".join(block.lines) for block in content if block.kind == "prose"]
    told = " · ".join(headings) or next(iter(prose[1:]), "")
    return told if len(told) <= PREHEADER else told[: PREHEADER - 1].rstrip() + "…"


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("readmodel.correspondence", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("letter.html")
