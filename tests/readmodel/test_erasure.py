from sqlalchemy import Engine

from domain.commands import Comment, Resolve
from domain.words import AssignmentId, CaseId, NoteId, Role
from readmodel.database import reading, writing
from readmodel.erasure import erase
from readmodel.followers import by_token
from readmodel.notes import Note, drop_notes, get_note, notes_of, put_notes
from readmodel.schema import EVENT_LOG, FIGURES, METADATA
from tests.readmodel.town import MEMBER, MORNING, do, later, open_case, rows

NOTE = NoteId("n1")


def a_note(case_id: CaseId, text: str = "An Peeters of number 7 called") -> Note:
    return Note(NOTE, case_id, text, False, Role.DEPARTMENT, "user:member", MORNING)


def everything(engine: Engine) -> str:
    return str([rows(engine, table) for table in METADATA.sorted_tables])


def test_nothing_of_a_person_is_left_and_what_the_city_did_stays(engine: Engine) -> None:
    accepted = open_case(engine)
    with writing(engine) as session:
        put_notes(session, [a_note(accepted.case_id)])
    do(engine, accepted, Comment(NOTE, public=True), MEMBER, later(1), id="c1")
    do(engine, accepted, Resolve(AssignmentId("a1"), NOTE), MEMBER, later(2), id="c2")
    events, figures = rows(engine, EVENT_LOG), rows(engine, FIGURES)
    for personal in ("Peeters", "an@example.org", "number 7", "Heidestraat", "50.96"):
        assert personal in everything(engine)
    with writing(engine) as session:
        assert erase(session, accepted.case_id)
        assert erase(session, accepted.case_id)
    for personal in ("Peeters", "an@example.org", "number 7", "Heidestraat", "50.96"):
        assert personal not in everything(engine)
    assert (rows(engine, EVENT_LOG), rows(engine, FIGURES)) == (events, figures)


def test_erasing_leaves_other_cases_alone(engine: Engine) -> None:
    erased, other = open_case(engine), open_case(engine)
    with writing(engine) as session:
        erase(session, erased.case_id)
        assert not erase(session, CaseId("nowhere"))
        contact = by_token(session, other.token)
    assert contact is not None
    assert contact.email == "an@example.org"


def test_a_note_is_kept_once_and_as_it_was(engine: Engine) -> None:
    case_id = open_case(engine).case_id
    with writing(engine) as session:
        put_notes(session, [a_note(case_id)])
        put_notes(session, [a_note(case_id, "Another text"), a_note(case_id)])
    with reading(engine) as session:
        assert get_note(session, NOTE) == a_note(case_id)
        assert notes_of(session, case_id) == {NOTE: a_note(case_id)}


def test_the_note_of_a_refused_command_is_dropped(engine: Engine) -> None:
    case_id = open_case(engine).case_id
    with writing(engine) as session:
        put_notes(session, [a_note(case_id)])
        drop_notes(session, [NOTE])
        drop_notes(session, [])
        assert get_note(session, NOTE) is None
