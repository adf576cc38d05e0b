"""All letters at a glance: counted, narrowed down, paged, and sent again where they failed."""

from datetime import timedelta

from sqlalchemy import Engine, update

from readmodel import outbox
from readmodel.correspondence.overview import Wanted, counts, failed_ids, list_letters, mask, read_letter
from readmodel.database import reading, writing
from readmodel.followers import followers_of
from readmodel.letters import LetterKind, LetterStatus
from readmodel.links import Links
from readmodel.schema import LETTERS
from readmodel.silence import is_silenced, silence, write_again
from tests.readmodel.town import CITY, MORNING, open_case, rows

LINKS = Links("https://town.example", b"key")


def test_letters_are_counted_listed_and_sent_again(engine: Engine) -> None:
    for _ in range(3):
        open_case(engine)
    first = rows(engine, LETTERS)[0]["id"]
    with writing(engine) as session:
        session.execute(
            update(LETTERS).where(LETTERS.c.id == first).values(status=LetterStatus.FAILED.value, batch="x")
        )
        assert counts(session)[LetterStatus.FAILED] == 1
        assert counts(session)[LetterStatus.WAITING] == 5
        found, more = list_letters(session, Wanted(), 4)
        rest, none = list_letters(session, Wanted(), 4, more)
        assert [len(found), len(rest), none] == [4, 2, None]
        ids = [one.letter.id for one in (*found, *rest)]
        assert ids == sorted(ids, reverse=True)
        failed, _ = list_letters(session, Wanted(status=LetterStatus.FAILED), 10)
        assert [one.letter.id for one in failed] == [first] == list(failed_ids(session))
        assert len(list_letters(session, Wanted(kind=LetterKind.RECEIPT, recipient="follower"), 10)[0]) == 3
        assert len(list_letters(session, Wanted(recipient="department:roads"), 10)[0]) == 3
        assert outbox.send_again(session, [first], MORNING + timedelta(days=1)) == 1
        [letter] = outbox.by_ids(session, [first])
    assert (letter.status, letter.batch, letter.not_before) == (LetterStatus.WAITING, None, MORNING + timedelta(days=1))


def test_a_residents_name_and_address_are_masked(engine: Engine) -> None:
    accepted = open_case(engine)
    with reading(engine) as session:
        letter = read_letter(session, CITY, LINKS, rows(engine, LETTERS)[0]["id"])
        assert read_letter(session, CITY, LINKS, 10**9) is None
    assert letter is not None
    assert (letter.to, letter.masked) == ("a…@e…", True)
    for secret in ("Peeters", "an@example.org", accepted.token):
        assert secret not in f"{letter.text.body}{letter.text.html}{letter.unsubscribe}"
    assert mask("An Peeters") == "A…"


def test_a_silence_is_kept_once_and_ends_when_asked(engine: Engine) -> None:
    accepted = open_case(engine)
    with writing(engine) as session:
        [follower] = followers_of(session, accepted.case_id)
        for _ in range(2):
            silence(session, follower.id, MORNING)
        assert is_silenced(session, follower.id)
        write_again(session, follower.id)
        assert not is_silenced(session, follower.id)
