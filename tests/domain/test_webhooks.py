"""When a message that was not taken is tried again."""

from datetime import UTC, datetime, timedelta

from domain.webhooks import Patience, event_kinds, gives_up, pause

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_pauses_grow_from_seconds_to_an_hour_and_no_further() -> None:
    pauses = [pause(Patience(), failures).total_seconds() for failures in range(1, 200)]
    assert pauses[:4] == [5, 10, 20, 40]
    assert pauses == sorted(pauses)
    assert set(pauses[11:]) == {3600}


def test_it_is_given_up_after_three_days() -> None:
    assert not gives_up(Patience(), NOW, NOW + timedelta(days=3, seconds=-1))
    assert gives_up(Patience(), NOW, NOW + timedelta(days=3))


def test_every_kind_of_event_can_be_chosen() -> None:
    assert {"case_opened", "escalation_raised", "case_closed"} <= set(event_kinds())
