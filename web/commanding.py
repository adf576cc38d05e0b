"""Giving a command to a case: its texts are kept first, and forgotten again when the rules refuse it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from domain.actor import Actor
from domain.case import Case
from domain.commands import MergeInto, Submitted
from domain.decide import decide
from domain.initiatives.commands import OfferToResidents
from domain.joining.commands import BeAsked
from domain.projects.commands import Commit
from domain.refusal import Refused
from domain.rulebook import Rulebook
from domain.teams.commands import RecordDecision
from domain.words import CaseId, NoteId, Role
from readmodel.case_detail import case_state, in_sight
from readmodel.database import reading, writing
from readmodel.eventlog import answer_to
from readmodel.notes import Note, drop_notes, get_note, put_notes
from readmodel.photos import Picture, TooManyPhotos, put_photos
from readmodel.sight import Sight
from web.command_meaning import Meaning, Voice
from web.command_models import AnyCommand
from web.context import WebContext
from web.deciding import check_meeting
from web.engine import EngineUnavailable, NotRunning
from web.handing_over import hand_over
from web.offering import check_offer
from web.pictures import FIELD, Fault, at_fault
from web.problems import Problem, invalid, not_found, unavailable
from web.promising import open_promised
from web.sight import sight_of
from web.structural import check_bundle
from web.views import AnswerShown

log = logging.getLogger("aanjager.web")


@dataclass(frozen=True, slots=True)
class Standing:
    """The case as it stands, and what the same command made of it before, if anything."""

    case: Case
    rules: Rulebook
    answer: AnswerShown | None


async def give(
    context: WebContext,
    case_id: CaseId,
    actor: Actor,
    sight: Sight,
    body: AnyCommand,
    photos: Sequence[Picture] = (),
    voice: Voice = Voice(),  # noqa: B008 - it is frozen
) -> AnswerShown:
    """What the command led to, which can be read back by then; photos are shown with its first text.

    `voice` tells as whom a resident speaks. Raises Problem, or Refused in the words of the rule; a refused command
    leaves nothing behind.
    """
    command_id = body.command_id or uuid4()
    meaning = Meaning(context, case_id, command_id, illustrated=bool(photos), voice=voice)
    by = replace(actor, teams=(), withheld=())  # they widen what is read, never what may be done
    submitted = Submitted(str(command_id), by, meaning.of(body), body.expected_version)
    await run_in_threadpool(_look, context, case_id, sight)
    if isinstance(submitted.command, MergeInto):
        await run_in_threadpool(_check_target, context, sight_of(actor), submitted.command)
    if isinstance(submitted.command, RecordDecision) and submitted.command.meeting is not None:
        await run_in_threadpool(check_meeting, context, case_id, submitted.command.meeting)
    if isinstance(submitted.command, OfferToResidents):
        await run_in_threadpool(check_offer, context, case_id, submitted.command)
    await run_in_threadpool(check_bundle, context, case_id, submitted.command, actor)
    if photos and not meaning.notes:
        raise invalid(FIELD, f"{body.command} takes no photos")
    notes = [Note(n.id, case_id, n.text, n.public, actor.role, actor.id, context.now()) for n in meaning.notes]
    if notes:
        await run_in_threadpool(_put, context, notes, actor, photos)
    try:
        answer = await _submit(context, case_id, submitted)
    except Refused:
        note_ids = [note.note_id for note in notes]
        before = await run_in_threadpool(_answer_or_drop, context, case_id, submitted.command_id, note_ids)
        if before is None:
            raise
        answer = before
    if isinstance(submitted.command, Commit):
        await open_promised(context, case_id)
    return answer


async def be_asked(context: WebContext, case_id: CaseId, follower: str, wanted: bool) -> None:
    """From now on nobody waits in vain for what this supporter says, or somebody does; that much is no one's loss."""
    submitted = Submitted(str(uuid4()), Actor(Role.RESIDENT, follower), BeAsked(wanted))
    try:
        await _submit(context, case_id, submitted)
    except (Refused, Problem) as error:
        log.info("whether a supporter can be asked is not noted: %s", error)


async def _submit(context: WebContext, case_id: CaseId, submitted: Submitted) -> AnswerShown:
    """The workflow is asked first: what is recorded may be a step ahead of what it knows, never the other way round."""
    try:
        try:
            answer = await context.engine.submit(case_id, submitted)
        except NotRunning:
            now = await run_in_threadpool(_standing, context, case_id, submitted.command_id)
            if now.answer is not None:
                return now.answer
            if now.case.closed:
                _refuse(context, now, submitted)
            await hand_over(context, now.case, now.rules)
            answer = await context.engine.submit(case_id, submitted)
    except (EngineUnavailable, NotRunning) as error:
        log.warning("no answer to command %s: %s", submitted.command_id, error)
        raise unavailable(
            "The engine did not answer. What you asked may still happen; "
            f"repeat it with command_id {submitted.command_id} to make sure that it happens once."
        ) from error
    return AnswerShown(case_id=answer.case_id, version=answer.version, stage=answer.stage)


def _look(context: WebContext, case_id: CaseId, sight: Sight) -> None:
    with reading(context.database) as session:
        if not in_sight(session, case_id, sight):
            raise not_found("There is no such case.")


def _standing(context: WebContext, case_id: CaseId, command_id: str) -> Standing:
    with reading(context.database) as session:
        found = case_state(session, case_id)
        if found is None:
            raise not_found("There is no such case.")
        return Standing(*found, _answer_before(session, case_id, command_id))


def _answer_before(session: Session, case_id: CaseId, command_id: str) -> AnswerShown | None:
    """What the same command led to when it came before."""
    before = answer_to(session, case_id, command_id)
    return AnswerShown(case_id=case_id, version=before.version, stage=before.stage) if before is not None else None


def _refuse(context: WebContext, standing: Standing, submitted: Submitted) -> None:
    """What a closed case says to any command. Raises Refused; NotRunning where it joined another, and would part."""
    decide(standing.rules, standing.case, submitted, context.now())
    raise NotRunning(standing.case.case_id)


def _check_target(context: WebContext, sight: Sight, command: MergeInto) -> None:
    with reading(context.database) as session:
        found = case_state(session, command.case_id, sight)
    if found is None:
        raise Refused(f'There is no case "{command.case_id}".', "invalid", "case_id", "no_such_case")
    target, _ = found
    if target.structure is not None:
        raise Refused("A structural case bundles issues; none joins it.", "refused", "case_id", "joins_structural")
    if target.closed:
        raise Refused(
            f"Case {target.number} is closed: nothing can join it.",
            "refused",
            "case_id",
            "joins_closed",
            {"number": target.number},
        )


def _put(context: WebContext, notes: list[Note], by: Actor, photos: Sequence[Picture]) -> None:
    """A repeat adds nothing to what came first, neither texts nor photos."""
    first = notes[0]
    try:
        with writing(context.database) as session:
            fresh = get_note(session, first.note_id) is None
            put_notes(session, notes)
            if fresh:
                put_photos(session, first.case_id, photos, by, first.at, first.note_id)
    except TooManyPhotos:
        raise at_fault(Fault.TOO_MANY) from None


def _answer_or_drop(
    context: WebContext, case_id: CaseId, command_id: str, note_ids: list[NoteId]
) -> AnswerShown | None:
    """The answer, where the same command was followed before or meanwhile; else its notes are forgotten."""
    with (writing if note_ids else reading)(context.database) as session:
        before = _answer_before(session, case_id, command_id)
        if before is None:
            drop_notes(session, note_ids)
    return before
