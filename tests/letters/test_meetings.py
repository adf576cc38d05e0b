"""Letters about meetings of a neighbourhood's team: what they say, to whom, and what they leave out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select

from domain.teams.course import MeetingState
from domain.words import CaseId, MeetingId
from readmodel import outbox
from readmodel.agendas import add_title
from readmodel.correspondence.gathering import gather
from readmodel.correspondence.overview import Wanted, list_letters, read_letter
from readmodel.correspondence.rendering import Text, render
from readmodel.database import connect, reading, writing
from readmodel.erasure import erase
from readmodel.meeting_course import advance, close_minutes
from readmodel.meetings import Meeting, keep_decision, meeting_by_id, plan
from readmodel.migrate import migrate
from readmodel.schema import LETTERS
from tests.letters.story import CITY, LINKS, PUBLIC_URL
from tests.readmodel.town import GREEN, HEIDE, MORNING, OTHER, ROADS, a_report, let_time_pass, open_case

DAY = timedelta(days=1)
STARTS = MORNING + 10 * DAY
TEAM = replace(
    CITY, neighbourhoods={**CITY.neighbourhoods, HEIDE: replace(CITY.neighbourhoods[HEIDE], team=(ROADS, GREEN))}
)
M1 = MeetingId(str(uuid4()))


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, CaseId]]:
    """A meeting from its plan to its minutes, about a lamp that nobody answers for and something else."""
    url = f"sqlite:///{tmp_path_factory.mktemp('meetings') / 'letters.db'}"
    migrate(url)
    engine = connect(url)
    silent = open_case(engine)
    open_case(engine, a_report(OTHER))
    let_time_pass(engine, silent, MORNING + 5 * DAY)
    with writing(engine) as session:
        plan(session, Meeting(M1, HEIDE, STARTS, "Town hall", MeetingState.PLANNED), None, MORNING)
        meeting = meeting_by_id(session, M1)
        assert meeting is not None
        add_title(session, meeting, "The street party", None, "user:director")
    for moment in (STARTS - 2 * DAY, STARTS - DAY, STARTS, STARTS + 2 * DAY, STARTS + 3 * DAY):
        with writing(engine) as session:
            advance(session, TEAM, M1, moment)
    with writing(engine) as session:
        meeting = meeting_by_id(session, M1)
        assert meeting is not None
        keep_decision(
            session,
            meeting,
            silent.case_id,
            silent.case_id,
            "d1",
            "Roads comes on Monday.",
            True,
            STARTS,
            "user:director",
        )
        close_minutes(session, TEAM, meeting, STARTS + 3 * DAY, "user:director")
    yield engine, silent.case_id
    engine.dispose()


def read(engine: Engine, kind: str, recipient: str, language: str = "en") -> Text:
    with reading(engine) as session:
        query = select(LETTERS.c.id).where(LETTERS.c.kind == kind, LETTERS.c.recipient == recipient)
        [letter] = outbox.by_ids(session, [session.scalars(query).one()])
        return render(gather(session, TEAM, LINKS, [replace(letter, language=language)]))


def test_everyone_of_the_team_gets_each_letter_once_and_the_manager_the_reminder(held: tuple[Engine, CaseId]) -> None:
    with reading(held[0]) as session:
        query = select(LETTERS.c.kind, LETTERS.c.recipient).where(LETTERS.c.meeting_id == M1)
        told = sorted((row.kind, row.recipient) for row in session.execute(query))
    everyone = (f"department:{GREEN}", f"department:{ROADS}", f"manager:{HEIDE}")
    assert told == [
        *(("agenda", who) for who in everyone),
        *(("minutes", who) for who in everyone),
        ("minutes_due", f"manager:{HEIDE}"),
    ]


def test_the_agenda_names_cases_and_reasons_and_nothing_that_was_reported(held: tuple[Engine, CaseId]) -> None:
    text = read(held[0], "agenda", f"department:{ROADS}")
    assert text.subject == "Agenda of the team of Heide, Thursday 12 March 2026"
    assert "2026-000001, Street light\n- escalated up to the neighbourhood manager since" in text.body
    assert "- waiting for a department since Monday 2 March 2026" in text.body
    assert "The street party\n- added by the neighbourhood manager" in text.body
    assert f"{PUBLIC_URL}/neighbourhoods/{HEIDE}/team/{M1}\n" in text.body
    for told in ("number 7", "Heidestraat", "Peeters"):
        assert told not in text.body


@pytest.mark.parametrize(
    ("language", "none"), [("nl", "Geen beslissing."), ("en", "No decision."), ("fr", "Pas de décision.")]
)
def test_the_minutes_have_every_item_with_what_was_decided(
    held: tuple[Engine, CaseId], language: str, none: str
) -> None:
    body = read(held[0], "minutes", f"department:{GREEN}", language).body
    assert "> Roads comes on Monday." in body
    assert f"The street party\n{none}" in body


def test_the_administrator_finds_them_among_the_letters(held: tuple[Engine, CaseId]) -> None:
    with reading(held[0]) as session:
        found, _ = list_letters(session, Wanted(recipient=f"department:{GREEN}"), 10)
        address = f"/neighbourhoods/{HEIDE}/team/{M1}"
        assert [(one.letter.kind, one.about, one.address) for one in found if one.letter.meeting_id] == [
            ("minutes", HEIDE, address),
            ("agenda", HEIDE, address),
        ]
        one = read_letter(session, TEAM, LINKS, found[0].letter.id)
    assert one is not None and one.to == f"{GREEN}@town.example" and not one.masked


def test_no_two_letters_have_the_same_cause(held: tuple[Engine, CaseId]) -> None:
    with reading(held[0]) as session:
        letters = outbox.by_ids(session, session.scalars(select(LETTERS.c.id)).all())
    assert len({letter.cause for letter in letters}) == len(letters)


def test_what_was_decided_about_an_erased_case_is_in_no_letter_any_more(held: tuple[Engine, CaseId]) -> None:
    engine, case_id = held
    with writing(engine) as session:
        erase(session, case_id)
    assert "Roads comes" not in read(engine, "minutes", f"department:{GREEN}").body
