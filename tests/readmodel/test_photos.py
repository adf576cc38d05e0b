from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from domain.actor import Actor
from domain.words import CaseId, NoteId, Role
from readmodel.case_detail import case_detail
from readmodel.database import reading, writing
from readmodel.erasure import erase
from readmodel.intake import Accepted, Once
from readmodel.notes import Note, drop_notes, put_notes
from readmodel.photos import (
    MOST,
    MOST_OF_A_CASE,
    Photo,
    PhotoId,
    Picture,
    TooManyPhotos,
    photo,
    photo_bytes,
    photo_id,
    photos_of,
    put_photos,
)
from readmodel.schema import CASES, FOLLOWERS, PHOTOS
from tests.readmodel.town import DIRECTOR, MEMBER, MORNING, a_report, later, open_case, rows

LAMP = Picture(b"the lamp", b"small lamp", 1600, 1200)
POLE = Picture(b"the pole", b"small pole", 900, 1600)
NOTE = NoteId("n1")


def report_with(engine: Engine, *pictures: Picture) -> Accepted:
    return open_case(engine, replace(a_report(), photos=pictures))


def bring(engine: Engine, case_id: CaseId, pictures: Sequence[Picture], note: NoteId = NOTE, at: float = 1) -> None:
    with writing(engine) as session:
        put_notes(session, [Note(note, case_id, "Done", True, Role.DEPARTMENT, MEMBER.id, later(at))])
        put_photos(session, case_id, pictures, MEMBER, later(at), note)


def kept(engine: Engine, case_id: CaseId) -> tuple[Photo, ...]:
    with reading(engine) as session:
        return photos_of(session, case_id)


def test_a_report_is_kept_with_its_photos_in_their_order(engine: Engine) -> None:
    case_id = report_with(engine, LAMP, POLE).case_id
    [reporter] = rows(engine, FOLLOWERS)
    first, second = kept(engine, case_id)
    assert (first.width, first.height, first.at, first.note_id) == (1600, 1200, MORNING, None)
    assert (first.by_role, first.by_id) == (Role.RESIDENT, reporter["id"])
    with reading(engine) as session:
        assert photo_bytes(session, first.photo_id) == b"the lamp"
        assert photo_bytes(session, second.photo_id) == b"the pole"
        assert photo_bytes(session, second.photo_id, small=True) == b"small pole"
        assert photo(session, second.photo_id) == second
        detail = case_detail(session, case_id)
    assert detail is not None
    assert detail.photos == (first, second)


def test_the_photos_of_a_report_that_staff_took_down_are_theirs(engine: Engine) -> None:
    case_id = open_case(engine, replace(a_report(), photos=(LAMP,), by=DIRECTOR)).case_id
    [taken] = kept(engine, case_id)
    assert (taken.by_role, taken.by_id) == (DIRECTOR.role, DIRECTOR.id)


def test_a_report_that_is_brought_again_keeps_one_set_of_photos(engine: Engine) -> None:
    report = replace(a_report(), photos=(LAMP, POLE), once=Once("k1", "digest"))
    first, again = open_case(engine, report), open_case(engine, report, later(1))
    assert (first.fresh, again.fresh) == (True, False)
    assert len(rows(engine, PHOTOS)) == 2


def test_a_report_with_too_many_photos_is_not_kept(engine: Engine) -> None:
    with pytest.raises(TooManyPhotos):
        report_with(engine, *[LAMP] * (MOST + 1))
    assert rows(engine, CASES) == []


def test_photos_of_commands_come_after_those_of_the_report_in_the_order_of_time(engine: Engine) -> None:
    case_id = report_with(engine, LAMP).case_id
    bring(engine, case_id, [POLE], NoteId("n2"), at=2)
    bring(engine, case_id, [LAMP, POLE], NoteId("n3"), at=1)
    told = [(p.note_id, p.position) for p in kept(engine, case_id)]
    assert told == [(None, 0), ("n3", 0), ("n3", 1), ("n2", 0)]


def test_bringing_photos_again_changes_nothing(engine: Engine) -> None:
    case_id = open_case(engine).case_id
    bring(engine, case_id, [LAMP, POLE])
    before = rows(engine, PHOTOS)
    bring(engine, case_id, [POLE, POLE], at=5)
    assert rows(engine, PHOTOS) == before
    assert [p.photo_id for p in kept(engine, case_id)] == [photo_id(case_id, NOTE, 0), photo_id(case_id, NOTE, 1)]


def test_photos_go_with_the_note_of_a_refused_command_and_no_others(engine: Engine) -> None:
    case_id = report_with(engine, LAMP).case_id
    bring(engine, case_id, [POLE])
    bring(engine, case_id, [POLE], NoteId("n2"))
    with writing(engine) as session:
        drop_notes(session, [NOTE])
    assert [p.note_id for p in kept(engine, case_id)] == [None, "n2"]


def test_a_case_holds_so_many_photos_and_no_more(engine: Engine) -> None:
    case_id = open_case(engine).case_id
    commands = [NoteId(f"n{n}") for n in range(MOST_OF_A_CASE // MOST)]
    for note in commands:
        bring(engine, case_id, [LAMP] * MOST, note)
    with pytest.raises(TooManyPhotos):
        bring(engine, case_id, [LAMP], NoteId("one more"))
    bring(engine, case_id, [LAMP] * MOST, commands[0])
    assert len(kept(engine, case_id)) == MOST_OF_A_CASE


def test_nothing_of_a_photo_is_left_when_a_case_is_erased(engine: Engine) -> None:
    erased, other = report_with(engine, LAMP).case_id, report_with(engine, POLE).case_id
    bring(engine, erased, [POLE])
    with writing(engine) as session:
        erase(session, erased)
        erase(session, erased)
    assert kept(engine, erased) == ()
    assert [row["content"] for row in rows(engine, PHOTOS)] == [b"the pole"]
    assert len(kept(engine, other)) == 1


def test_photos_may_be_added_to_a_case_that_is_brought_in(engine: Engine) -> None:
    case_id = open_case(engine).case_id
    with writing(engine) as session:
        put_photos(session, case_id, [LAMP], Actor(Role.RESIDENT, "resident"), MORNING)
        put_photos(session, case_id, [], MEMBER, MORNING)
    assert [p.note_id for p in kept(engine, case_id)] == [None]


def test_there_is_no_photo_by_another_name(engine: Engine) -> None:
    with reading(engine) as session:
        assert photo(session, PhotoId("nowhere")) is None
        assert photo_bytes(session, PhotoId("nowhere")) is None
