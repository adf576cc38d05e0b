"""Requests as everyone may read them, on both databases."""

from datetime import timedelta

from sqlalchemy import Engine

from domain.commands import Resolve
from domain.words import NoteId, Role
from readmodel.database import reading, writing
from readmodel.notes import Note, put_notes
from readmodel.open311 import PublicRequest, Wanted, public_requests
from readmodel.photos import Picture, photo_id, put_photos
from tests.readmodel.town import LAMP, MEMBER, MORNING, OTHER, TREE, a_report, do, later, open_case

WRITTEN = NoteId("written")


def found(engine: Engine, **wanted: object) -> list[PublicRequest]:
    with reading(engine) as session:
        return public_requests(session, Wanted(**wanted), (OTHER,))  # type: ignore[arg-type]


def test_what_was_last_told_to_residents_is_told_to_everyone_with_its_photo(engine: Engine) -> None:
    accepted = open_case(engine)
    with writing(engine) as session:
        note = Note(WRITTEN, accepted.case_id, "We replaced the lamp.", True, Role.DEPARTMENT, MEMBER.id, MORNING)
        put_notes(session, [note])
        put_photos(session, accepted.case_id, [Picture(b"large", b"small", 1, 1)], MEMBER, MORNING, WRITTEN)
    [before] = found(engine)
    assert (before.note, before.photo) == (None, None), "what was refused, or is not decided yet, is not told"
    do(engine, accepted, Resolve(accepted.case.assignments[0].id, WRITTEN), MEMBER, later(2))
    [after] = found(engine)
    assert (after.note, after.photo) == ("We replaced the lamp.", photo_id(accepted.case_id, WRITTEN, 0))
    assert after.updated_at == later(2)


def test_requests_are_found_by_number_by_case_and_by_when_they_came(engine: Engine) -> None:
    lamp = open_case(engine, a_report(LAMP))
    tree = open_case(engine, a_report(TREE), later(1))
    about_people = open_case(engine, a_report(OTHER), later(2))
    assert [one.number for one in found(engine)] == [tree.number, lamp.number]
    names = (lamp.number, tree.case_id, lamp.case_id, about_people.number, "nothing")
    assert [one.case_id for one in found(engine, ids=names)] == [tree.case_id, lamp.case_id]
    assert [one.number for one in found(engine, ids=names, page=2, page_size=1)] == [lamp.number]
    assert [one.number for one in found(engine, services=(LAMP,), open=True)] == [lamp.number]
    assert [one.number for one in found(engine, since=later(1), until=later(1))] == [tree.number]
    assert found(engine, until=MORNING - timedelta(seconds=1)) == found(engine, open=False) == []
