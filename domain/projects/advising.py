"""Giving advice before the decision: by those who are asked, and by residents."""

from domain.draft import Draft
from domain.escalation import clear
from domain.events import DepartmentAssigned
from domain.manager_rules import end
from domain.projects.commands import Advise, Moderate, React, Summarise
from domain.projects.events import (
    AdviceAsked,
    AdviceGiven,
    AdviceSent,
    ParticipationClosed,
    ParticipationSummarised,
    ReactionModerated,
    ReactionReceived,
)
from domain.projects.standing import gathering, next_request, of
from domain.projects.state import Participation
from domain.projects.terms import before
from domain.refusal import Refused
from domain.words import Outcome, ReactionId
from domain.working_time import end_of

MOST_REACTIONS = 5_000
"""In one round: more than any neighbourhood has households, and what a machine sends stops there."""


def advise(draft: Draft, command: Advise) -> None:
    """The advice is kept; with the last of it the whole is sent."""
    project = gathering(draft)
    request = project.request(command.request)
    if request is None:
        raise Refused(f'Nobody was asked under "{command.request}".', "invalid", "request", "no_such_request")
    if not request.open:
        raise Refused("This advice was given before.", rule="advised_before")
    if request.summary:
        raise Refused("Sum up what residents said instead.", rule="sum_it_up")
    if not command.points and command.note is None:
        raise Refused("Give at least one point, or say why there is none.", "invalid", "points", "nothing_advised")
    draft.add(AdviceGiven(request.id, command.points, command.note))
    clear(draft, request.id)
    send_when_complete(draft)


def react(draft: Draft, command: React) -> None:
    """A resident's reaction is kept; it is shown once a manager has read it."""
    participation = of(draft).participation
    if participation is None or not participation.open or draft.now >= participation.until:
        raise Refused("Nothing is asked of residents here now.", rule="no_round")
    if participation.reactions >= MOST_REACTIONS:
        raise Refused("So many have reacted that no more can be read.", rule="round_full")
    draft.add(ReactionReceived(ReactionId(f"r{participation.reactions + 1}"), command.text))


def moderate(draft: Draft, command: Moderate) -> None:
    """A reaction is shown or hidden; what was decided last holds."""
    participation = _round(draft)
    if command.reaction not in {f"r{number}" for number in range(1, participation.reactions + 1)}:
        raise Refused(f'There is no reaction "{command.reaction}".', "invalid", "reaction", "no_such_reaction")
    draft.add(ReactionModerated(command.reaction, command.shown, command.note))


def close_round(draft: Draft) -> None:
    """Reacting has ended, and a manager owes the sum of it; where nobody reacted, nothing has to be summed up."""
    rule = "participation_until"
    draft.add(ParticipationClosed(), rule)
    project = of(draft)
    if project.participation is not None and not project.participation.settled:
        due = before(draft, project.decided_at, None)
        first = project.neighbourhoods[0]
        draft.add(AdviceAsked(next_request(project), None, first, due, draft.reminder(due, None), True), rule)
    send_when_complete(draft)


def summarise(draft: Draft, command: Summarise) -> None:
    """What residents said becomes advice like any other."""
    participation = _round(draft)
    gathering(draft)
    if participation.open:
        until = participation.until.isoformat(timespec="seconds")
        raise Refused("Residents can still react.", rule="round_open", values={"until": until})
    if participation.summarised_at is not None:
        raise Refused("This was summed up before.", rule="summarised_before")
    owed = [r.id for r in of(draft).awaited if r.summary]
    draft.add(ParticipationSummarised(command.note, command.points))
    for id in owed:
        clear(draft, id)
    send_when_complete(draft)


def send_when_complete(draft: Draft) -> None:
    """Nobody has to wait for a decision to read what everyone has said."""
    project = gathering(draft)
    settled = project.participation is None or project.participation.settled
    if settled and not project.awaited:
        send(draft, "advice_complete")


def send(draft: Draft, rule: str) -> None:
    """The advice goes to the referring department, which answers every point within terms that the decision starts.

    Who did not advise by now is asked no longer. Where nobody advised anything the case ends.
    """
    project = of(draft)
    if project.participation is not None and project.participation.open:
        draft.add(ParticipationClosed(), rule)
    for request in project.awaited:
        clear(draft, request.id)
    if not project.points:
        draft.add(AdviceSent(None), rule)
        end(draft, Outcome.EXPLAINED, rule=rule)
        return
    assignment, department = draft.next_assignment(), project.referred_by
    calendar, since = draft.calendar(department), max(draft.now, project.decided_at)
    respond_by = end_of(calendar, since, draft.policy.respond_within)
    resolve_by = end_of(calendar, since, draft.policy.resolve_within)
    draft.add(AdviceSent(assignment), rule)
    draft.add(
        DepartmentAssigned(
            assignment=assignment,
            department=department,
            respond_by=respond_by,
            resolve_by=resolve_by,
            remind_respond_at=draft.reminder(respond_by, department),
            remind_resolve_at=draft.reminder(resolve_by, department),
            binding=True,
        ),
        rule,
    )


def _round(draft: Draft) -> Participation:
    participation = of(draft).participation
    if participation is None:
        raise Refused("Residents were not asked.", rule="no_round")
    return participation
