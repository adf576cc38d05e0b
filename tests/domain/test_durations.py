"""Durations are read and written as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.durations import Duration, Elapsed, WorkingDays, WorkingHours, parse, say

TEN_YEARS = 3_653 * 86_400


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("2 seconds", Elapsed(2)),
        ("30 minutes", Elapsed(1_800)),
        ("24 hours", Elapsed(86_400)),
        ("14 days", Elapsed(14 * 86_400)),
        ("1 week", Elapsed(7 * 86_400)),
        ("10 working seconds", WorkingHours(10)),
        ("30 working minutes", WorkingHours(1_800)),
        ("4 working hours", WorkingHours(14_400)),
        ("2 working days", WorkingDays(2)),
        ("1 working days", WorkingDays(1)),
        ("1 working day", WorkingDays(1)),
        ("  15\tWorking   DAYS ", WorkingDays(15)),
        ("007 days", Elapsed(7 * 86_400)),
    ],
)
def test_a_duration_is_read_as_it_is_said(text: str, duration: Duration) -> None:
    assert parse(text) == duration


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not a duration"),
        ("soon", "is not a duration"),
        ("two days", "whole number"),
        ("1.5 hours", "whole number"),
        ("-1 days", "whole number"),
        ("٣ days", "whole number"),
        ("2 working", "a unit that is not known: use weeks, days, hours, minutes, seconds"),
        ("2 months", "a unit that is not known"),
        ("2 dayss", "a unit that is not known"),
        ("2 working weeks", "a unit that is not known for working time: use hours, minutes, seconds, days"),
        ("0 hours", "no time at all"),
        ("0 working days", "no time at all"),
        ("522 weeks", "more than ten years"),
        ("3654 working days", "more than ten years"),
        ("9" * 5_000 + " days", "more than ten years"),
    ],
)
def test_a_text_that_is_no_duration_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refusal:
        parse(text)
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (Elapsed(14 * 86_400), "2 weeks"),
        (Elapsed(86_400), "1 day"),
        (Elapsed(90), "90 seconds"),
        (Elapsed(0), "0 seconds"),
        (WorkingHours(3_600), "1 working hour"),
        (WorkingHours(5_400), "90 working minutes"),
        (WorkingDays(1), "1 working day"),
        (WorkingDays(10), "10 working days"),
    ],
)
def test_a_duration_is_said_in_the_largest_unit_that_divides_it(duration: Duration, text: str) -> None:
    assert say(duration) == text


@given(
    st.builds(Elapsed, st.integers(1, TEN_YEARS))
    | st.builds(WorkingHours, st.integers(1, TEN_YEARS))
    | st.builds(WorkingDays, st.integers(1, 3_653))
)
def test_what_is_said_is_read_back_as_the_same(duration: Duration) -> None:
    assert parse(say(duration)) == duration


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        duration = parse(text)
    except ValueError:
        return
    assert parse(say(duration)) == duration
