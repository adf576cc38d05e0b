"""Reporters who come back: by what they are recognised, who is told, and what is counted."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete

from readmodel.database import reading, writing
from readmodel.erasure import erase
from readmodel.intake import Accepted, Reporter
from readmodel.recognising import Recogniser, plain_email, plain_phone
from readmodel.reporter_table import ReporterRow
from readmodel.reporters import Earlier, earlier_reports, note_all_reporters, note_earlier_reporters, renew_reporter
from readmodel.returning import Reporters, reporters_between, reporters_by_group
from readmodel.schema import REPORTERS
from readmodel.sight import EVERYTHING, Sight
from readmodel.tallies import GroupBy, Scope
from tests.readmodel.town import DORP, GREEN, HEIDE, LAMP, MORNING, ROADS, TREE, a_report, later, open_case, rows

RECOGNISER = Recogniser(b"the city's key")


def reported(engine: Engine, email: str | None, phone: str | None = None, days: float = 0, **where: str) -> Accepted:
    known = RECOGNISER.known(email, phone)
    report = replace(a_report(), reporter=Reporter(None, email, phone, "nl"), known=known, **where)  # type: ignore[arg-type]
    return open_case(engine, report, later(24 * days))


def earlier(engine: Engine, case: Accepted, sight: Sight = EVERYTHING) -> Earlier:
    with reading(engine) as session:
        return earlier_reports(session, case.case_id, sight)


@pytest.mark.parametrize(
    "phone", ["089 65 36 00", "089/65.36.00", "+32 89 65 36 00", "0032 89 653600", "+32 (0)89 65 36 00"]
)
def test_a_number_is_the_same_however_it_is_written(phone: str) -> None:
    assert plain_phone(phone) == "89653600"


def test_what_is_no_number_recognises_nobody() -> None:
    assert [plain_phone(phone) for phone in (None, "", "112", "- -")] == [None] * 4
    assert plain_email(" An.Peeters@Example.ORG ") == "an.peeters@example.org"
    assert RECOGNISER.known(None, "112") is None


def test_digests_say_nothing_without_the_key() -> None:
    one, other = RECOGNISER.known("an@example.org", "089 65 36 00"), Recogniser(b"x").known("an@example.org", None)
    assert one is not None and other is not None
    assert one.email != other.email
    assert "an" not in str(one.email) and len(str(one.email)) == 32


def test_whoever_reports_again_is_recognised_by_address_or_number(engine: Engine) -> None:
    first = reported(engine, "an@example.org", "089 65 36 00")
    by_email = reported(engine, "AN@example.org", days=1)
    by_phone = reported(engine, None, "+32 89 65 36 00", days=2, neighbourhood=DORP)
    reported(engine, "bo@example.org", days=3)
    assert earlier(engine, first) == Earlier()
    assert [one.case_id for one in earlier(engine, by_email).cases] == [first.case_id]
    assert earlier(engine, by_phone).count == 1
    seen = earlier(engine, by_phone, Sight(neighbourhoods=(DORP,)))
    assert (seen.count, seen.cases) == (1, ())
    assert len({row["person"] for row in rows(engine, REPORTERS)}) == 2


def test_different_people_and_those_who_come_back_are_counted(engine: Engine) -> None:
    for days, email in enumerate(("an@x.org", "bo@x.org", "an@x.org", "an@x.org", None)):
        reported(engine, email, days=days, service=TREE if days == 3 else LAMP)
    with reading(engine) as session:
        start, end = MORNING, MORNING + timedelta(days=30)
        everyone = reporters_between(session, start, end)
        assert everyone == Reporters(reports=4, people=2, returning=1, again=2)
        assert everyone.share == 0.5
        assert reporters_between(session, later(24 * 2), end) == Reporters(2, 1, 1, 2)
        assert reporters_between(session, start, end, work=(GroupBy.SERVICE, TREE)) == Reporters(1, 1, 1, 1)
        assert reporters_between(session, start, end, Scope(departments=[GREEN])) == Reporters(1, 1, 1, 1)
        assert reporters_between(session, start, end, Scope(neighbourhoods=[DORP])).share is None
        by_place = reporters_by_group(session, start, end, GroupBy.NEIGHBOURHOOD)
        assert by_place == {HEIDE: everyone}
        by_department = reporters_by_group(session, start, end, GroupBy.DEPARTMENT)
        assert by_department == {ROADS: everyone, GREEN: Reporters(1, 1, 1, 1)}
        assert reporters_by_group(session, start, end, GroupBy.SERVICE)[LAMP] == Reporters(3, 2, 1, 1)


def test_who_reported_before_an_upgrade_is_noted_by_it_once(engine: Engine) -> None:
    first, middle = reported(engine, "an@example.org"), reported(engine, "an@example.org", "089 65 36 00", days=1)
    reported(engine, None, days=1)
    last = reported(engine, None, "089 65 36 00", days=2)
    before = rows(engine, REPORTERS)
    for noted in (3, 1):
        with writing(engine) as session:
            session.execute(delete(ReporterRow).where(ReporterRow.case_id != last.case_id))
            note_earlier_reporters(session, RECOGNISER)
        assert len(rows(engine, REPORTERS)) == noted
    with writing(engine) as session:
        note_all_reporters(session, RECOGNISER)
    assert rows(engine, REPORTERS) == before
    assert [one.case_id for one in earlier(engine, last).cases] == [middle.case_id]
    assert [one.case_id for one in earlier(engine, middle).cases] == [first.case_id]


def test_an_address_that_is_left_later_counts_as_well(engine: Engine) -> None:
    reported(engine, "an@example.org")
    later_on = reported(engine, None, days=1)
    with writing(engine) as session:
        renew_reporter(session, later_on.case_id, RECOGNISER.known("an@example.org", None))
    assert earlier(engine, later_on).count == 1


def test_who_is_erased_is_recognised_no_more(engine: Engine) -> None:
    first, again = (reported(engine, "an@example.org", days=day) for day in (0, 1))
    with writing(engine) as session:
        erase(session, first.case_id)
    assert earlier(engine, again) == Earlier()
    assert [row["case_id"] for row in rows(engine, REPORTERS)] == [again.case_id]
