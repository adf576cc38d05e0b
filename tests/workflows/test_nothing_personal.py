"""Temporal never learns who reported what, in words or by accident."""

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from domain.commands import Accept, AskResident, Comment, GiveFeedback, MergeInto, Resolve
from domain.commands import Answer as AnswerQuestion
from domain.words import AssignmentId, NoteId, Role, Solved
from readmodel.database import writing
from readmodel.intake import Reporter
from readmodel.notes import Note, put_notes
from tests.readmodel.town import DIRECTOR, MEMBER, MORNING, RESIDENT, a_report
from tests.workflows.living import Referral, Town
from tests.workflows.replaying import as_bytes, histories_of
from tests.workflows.server import Server

TASK = AssignmentId("a1")
SECRETS = ("Xantippe", "Zebedeus", "xz@geheim.example", "+32470999888", "flapdrol", "Kwakzalverstraat", "kwispelstaart")
REPORT = replace(
    a_report(description="De flapdrol van hiernaast"),
    address="Kwakzalverstraat 7",
    reporter=Reporter("Xantippe Zebedeus", "xz@geheim.example", "+32470999888", "nl"),
)


def note(town: Town, referral: Referral) -> NoteId:
    id = NoteId("n1")
    with writing(town.database) as session:
        put_notes(session, [Note(id, referral.id, "Een kwispelstaart", True, Role.DEPARTMENT, "user:member", MORNING)])
    return id


def in_the_file(database: Path, word: str) -> bool:
    """Whether the word is anywhere in the server's database, its journal included."""
    files = [database, database.with_name(f"{database.name}-wal")]
    return any(word.encode() in file.read_bytes() for file in files if file.exists())


async def assert_nothing_leaked(server: Server, town: Town, known: str) -> None:
    histories = [run for referral in town.referrals for run in await histories_of(town.client, referral.id)]
    assert any(known.encode() in as_bytes(run) for run in histories), "what is no secret is found in histories"
    assert in_the_file(server.database, known), "and in the file"
    for secret in (*SECRETS, *(referral.accepted.token for referral in town.referrals)):
        assert not any(secret.encode() in as_bytes(run) for run in histories), secret
        assert not in_the_file(server.database, secret), secret


async def test_a_whole_life_tells_temporal_nothing_about_anyone(server: Server, town: Town) -> None:
    referral, again = await town.begin(REPORT), await town.begin(REPORT)
    id = note(town, referral)
    await again.does(MergeInto(referral.id), DIRECTOR)
    await again.passes_until_it_ends()
    await referral.does(Accept(TASK, note=id), MEMBER)
    await referral.does(AskResident(TASK, id), MEMBER)
    await referral.does(AnswerQuestion(id), RESIDENT)
    await referral.does(Comment(id, public=True), DIRECTOR)
    await referral.does(Resolve(TASK, id), MEMBER)
    await referral.does(GiveFeedback(Solved.PARTLY, 3, id), RESIDENT)
    await referral.passes_until_it_ends()
    await assert_nothing_leaked(server, town, referral.accepted.number)


async def test_a_failure_of_the_database_tells_temporal_nothing_about_anyone(server: Server, town: Town) -> None:
    referral, again = await town.begin(REPORT), await town.begin(REPORT)
    with writing(town.database) as session:
        session.execute(
            text("CREATE TRIGGER refuse BEFORE INSERT ON followers BEGIN SELECT RAISE(ABORT, 'no room'); END")
        )
    await again.does(MergeInto(referral.id), DIRECTOR)
    async with asyncio.timeout(30):
        while not any(
            pending.last_failure.message
            for pending in (await again.handle.describe()).raw_description.pending_activities
        ):
            await asyncio.sleep(0.02)
    [joining] = (await again.handle.describe()).raw_description.pending_activities
    assert joining.last_failure.application_failure_info.type == "DatabaseFailed"
    await assert_nothing_leaked(server, town, referral.accepted.number)
    with writing(town.database) as session:
        session.execute(text("DROP TRIGGER refuse"))
    await again.passes_until_it_ends()
    assert referral.case.supporters == 1
    await assert_nothing_leaked(server, town, referral.accepted.number)


def test_the_search_looks_into_a_database(tmp_path: Path) -> None:
    file = tmp_path / "some.db"
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE t (x)")
        database.execute("INSERT INTO t VALUES (?)", ("flapdrol",))
    database.close()
    assert in_the_file(file, "flapdrol")
    assert not in_the_file(file, "kwispelstaart")
