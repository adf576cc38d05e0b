"""From what is told to subject and text: one letter, or a digest of several."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from readmodel.correspondence.told import Told
from readmodel.correspondence.wording import on_one_line, words

_GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Text:
    """A letter as it is read; the subject is one line."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class _Part:
    subject: str
    core: str
    link: str


def render(letters: Sequence[Told]) -> Text:
    """One letter as it is; several to one reader as a digest, in their order."""
    if len(letters) > 1:
        return _digest(letters)
    [told] = letters
    part = _part(told)
    frame = words(told.language, "frame", "for_resident" if told.to_resident else "for_staff")
    return Text(part.subject, _tidy(frame(told, part.core)))


def _digest(letters: Sequence[Told]) -> Text:
    first = letters[0]
    subject, _, body = words(first.language, "frame", "digest")(first.city, [_part(t) for t in letters]).partition("\n")
    return Text(on_one_line(subject), _tidy(body))


def _part(told: Told) -> _Part:
    if told.cause is not None:
        told = replace(told, cause=words(told.language, "frame", "cause")(told.cause).strip())
    text = words(told.language, "residents" if told.to_resident else "staff", told.kind.value)(told)
    subject, _, core = text.strip().partition("\n")
    subject = on_one_line(subject)
    return _Part(subject[:1].upper() + subject[1:], _tidy(core).strip(), told.link)


def _tidy(text: str) -> str:
    return _GAPS.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip() + "\n"
