"""What the secret link of someone who took part leads to: their own words, and how the plan goes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response

from domain.projects.reactions import reactions
from readmodel.letters import FollowerRole
from web.context import WebContext
from web.following import Followed
from web.pages.frame import page, speaking
from web.pages.resident.round_view import round_shown
from web.pages.resident.story import story
from web.participation import Round


@dataclass(frozen=True, slots=True)
class Own:
    """What the participant wrote, and whether everyone may read it."""

    text: str
    at: datetime
    state: str


def takes_part(seen: Followed) -> Round | None:
    """The round that this follower reacted in; None for those who reported something."""
    project = seen.detail.case.project
    if project is None or project.participation is None or seen.follower.role is not FollowerRole.PARTICIPANT:
        return None
    return Round(seen.detail, project, project.participation)


def participant_page(request: Request, context: WebContext, seen: Followed, found: Round) -> Response:
    """The story without its first line: that a report was received."""
    reader = speaking(request, context)
    return page(
        request,
        context,
        "take_part/followed.html",
        area="take_part",
        round=round_shown(context, reader, found),
        own=list(_own(context, seen, found)),
        story=story(context, reader, seen, ())[1:],
    )


def _own(context: WebContext, seen: Followed, found: Round) -> Iterator[Own]:
    for one in reactions(seen.detail.timeline):
        if one.by == seen.follower.id:
            yield Own(found.text(one.text) or "", context.local(one.at), one.state.value)
