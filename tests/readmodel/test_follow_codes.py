"""Numbers and short codes, as people type them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from readmodel.database import reading, writing
from readmodel.follow_codes import CROCKFORD, by_code, code_of, read_code, read_number
from readmodel.followers import by_id, join, reach_by
from readmodel.origin import new_supporter
from tests.readmodel.town import MORNING, later, open_case


def test_a_code_is_two_groups_of_four_without_letters_that_look_like_others() -> None:
    first, _, second = code_of("a token").partition("-")
    assert len(first) == len(second) == 4
    assert set(first + second) <= set(CROCKFORD)
    assert code_of("a token") == code_of("a token") != code_of("another token")


@given(st.text(min_size=1), st.booleans(), st.sampled_from(["", " ", "-", " - ", "."]))
@settings(max_examples=100)
def test_a_code_is_read_however_it_is_typed(token: str, small: bool, between: str) -> None:
    code = code_of(token)
    typed = between.join(code.split("-")).replace("0", "O").replace("1", "l" if small else "I")
    assert read_code(typed.lower() if small else typed) == code


@pytest.mark.parametrize(
    "typed",
    ["2026-000123", " 2026-000123 ", "2026-123", "2026 123", "2026/123", "2026000123", "nr. 2026-123", "#2026-123"],
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert read_number(typed) == "2026-000123"


@pytest.mark.parametrize("typed", ["", "2026", "twenty", "2026-", "2026-12x", "1" * 40, "２０２６-x"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_number(typed) is None


def test_number_and_code_lead_to_whoever_holds_them(engine: Engine) -> None:
    one, other = open_case(engine), open_case(engine)
    with writing(engine) as session:
        supporter = join(session, one.case_id, new_supporter("s1", "nl"), MORNING)
    with reading(engine) as session:
        reporter = by_code(session, one.number, code_of(one.token))
        assert reporter is not None
        assert reporter.token == one.token
        assert by_code(session, one.number, code_of(supporter.token)) == supporter
        assert by_code(session, one.number, code_of(other.token)) is None
        assert by_code(session, "2026-999999", code_of(one.token)) is None
        assert by_code(session, "", "") is None
        assert by_code(session, one.number, "é‎\x00") is None


def test_whoever_joins_twice_keeps_the_first_link(engine: Engine) -> None:
    case = open_case(engine)
    with writing(engine) as session:
        first = join(session, case.case_id, new_supporter("s1", "nl"), MORNING)
    with writing(engine) as session:
        assert join(session, case.case_id, new_supporter("s1", "fr"), later(1)) == first


def test_an_address_that_is_known_is_not_written_over(engine: Engine) -> None:
    case = open_case(engine)
    with writing(engine) as session:
        join(session, case.case_id, new_supporter("s1", "nl"), MORNING)
        assert reach_by(session, "s1", "bo@example.org", "fr")
        assert not reach_by(session, "s1", "eve@example.org", "en")
        joined = by_id(session, "s1")
    assert joined is not None
    assert (joined.email, joined.language) == ("bo@example.org", "fr")
