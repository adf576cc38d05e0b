"""How a case begins."""

from domain.events import CaseOpened, DepartmentAssigned, PlacementNeeded
from domain.words import Stage
from tests.cases import A1, A2, GREEN, POLICE, ROADS, Story, clock, resident, warden


def test_a_report_goes_to_the_department_it_is_routed_to() -> None:
    story = Story().opened(ROADS, on="2026-03-02 09:00")
    assert story.case.stage is Stage.ASSIGNED
    assert story.departments == [ROADS]
    assert [h.rule for h in story.events] == [None, "routing"]
    assert story.events[0].by == resident


def test_the_terms_count_in_the_department_s_own_working_days() -> None:
    task = Story().opened(ROADS, on="2026-03-02 09:00").task()
    assert clock(task.respond_by) == "2026-03-04 09:00"
    assert clock(task.resolve_by) == "2026-03-23 09:00"


def test_a_closing_day_of_the_city_gives_no_time() -> None:
    before_easter = Story().opened(ROADS, on="2026-04-02 09:00").task()
    assert clock(before_easter.respond_by) == "2026-04-07 09:00"


def test_a_report_in_the_weekend_starts_its_terms_when_the_department_opens() -> None:
    task = Story().opened(ROADS, on="2026-03-07 22:00").task()
    assert clock(task.respond_by) == "2026-03-10 17:00"


def test_a_department_that_is_always_open_has_its_weekend_counted() -> None:
    task = Story().opened(POLICE, on="2026-03-07 22:00").task()
    assert clock(task.respond_by) == "2026-03-09 22:00"


def test_several_departments_get_a_task_each_and_the_latest_term_is_the_promise() -> None:
    story = Story().opened(ROADS, POLICE, on="2026-03-02 09:00")
    assert story.departments == [ROADS, POLICE]
    assert clock(story.task(A1).resolve_by) == "2026-03-23 09:00"
    assert clock(story.task(A2).resolve_by) == "2026-03-17 09:00"
    assert story.promised == "2026-03-23 09:00"


def test_an_urgent_report_is_under_the_urgent_policy_from_the_start() -> None:
    task = Story().opened(ROADS, on="2026-03-07 22:00", urgent=True).task()
    assert clock(task.respond_by) == "2026-03-08 02:00"
    assert clock(task.resolve_by) == "2026-03-08 22:00"


def test_a_report_that_no_department_owns_waits_for_the_manager_and_promises_nothing_yet() -> None:
    story = Story().opened(on="2026-03-02 09:00")
    assert story.case.stage is Stage.TRIAGE
    assert story.promised is None
    (need,) = story.told(PlacementNeeded)
    assert clock(need.place_by) == "2026-03-03 09:00"


def test_a_report_taken_in_by_a_machine_names_the_intake_as_its_rule() -> None:
    story = Story().opened(GREEN, on="2026-03-02 09:00", by=None)
    assert (story.events[0].by, story.events[0].rule) == (None, "intake")


def test_events_remember_who_reported_without_the_reach_of_their_mandate() -> None:
    (opened, assigned) = Story().opened(GREEN, on="2026-03-02 09:00", by=warden).events
    assert isinstance(opened.event, CaseOpened) and isinstance(assigned.event, DepartmentAssigned)
    assert opened.by is not None and (opened.by.id, opened.by.neighbourhoods) == ("wim", ())
    assert (opened.event.rules, opened.seq, assigned.seq) == ("v1", 1, 2)
