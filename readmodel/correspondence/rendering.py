"""From what is told to subject, text and HTML: one letter, or a digest of several."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from readmodel.correspondence.hypertext import hypertext
from readmodel.correspondence.meetings import ToldMeeting
from readmodel.correspondence.of_webhooks import ToldWebhook
from readmodel.correspondence.told import Told
from readmodel.correspondence.wording import on_one_line, words

_GAPS = re.compile(r"\n{3,}")

AnyTold = Told | ToldMeeting | ToldWebhook


@dataclass(frozen=True, slots=True)
class Text:
    """A letter as it is read; the subject is one line, and the HTML says what the body says."""

    subject: str
    body: str
    html: str


@dataclass(frozen=True, slots=True)
class _Part:
    subject: str
    core: str
    action: str


def render(letters: Sequence[AnyTold]) -> Text:
    """One letter as it is; several to one reader as a digest, in their order."""
    first = letters[0]
    if len(letters) > 1:
        digest = words(first.language, "frame", "digest")(first.city, [_part(t) for t in letters])
        subject, _, body = digest.partition("\n")
        subject = on_one_line(subject)
    else:
        part = _part(first)
        to_resident = isinstance(first, Told) and first.to_resident
        frame = words(first.language, "frame", "for_resident" if to_resident else "for_staff")
        subject, body = part.subject, frame(first, part.core, part.action)
    body = _tidy(body)
    return Text(subject, body, hypertext(first.city, first.language, subject, body, digest=len(letters) > 1))


def _part(told: AnyTold) -> _Part:
    if isinstance(told, Told) and told.cause is not None:
        told = replace(told, cause=words(told.language, "frame", "cause")(told.cause).strip())
    text = words(told.language, _voice(told), told.kind.value)(told)
    subject, _, core = text.strip().partition("\n")
    subject = on_one_line(subject)
    action = words(told.language, "frame", _way(told))(told).strip()
    return _Part(subject[:1].upper() + subject[1:], _tidy(core).strip(), action)


def _way(told: AnyTold) -> str:
    """What leads to where the reader sees more."""
    match told:
        case ToldMeeting():
            return "to_meeting"
        case ToldWebhook():
            return "to_webhook"
        case _:
            return "action"


def _voice(told: AnyTold) -> str:
    if isinstance(told, ToldMeeting):
        return "team"
    if isinstance(told, ToldWebhook):
        return "systems"
    return "residents" if told.to_resident else "staff"


def _tidy(text: str) -> str:
    return _GAPS.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip() + "\n"
